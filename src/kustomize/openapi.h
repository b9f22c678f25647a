/* openapi.h - openapi: a schema of the user's instead of the built-in one. */
#ifndef SG_KUSTOMIZE_OPENAPI_H
#define SG_KUSTOMIZE_OPENAPI_H

#include "load.h"

/* Takes the kustomization's `openapi` for the whole render, unless one was taken before.
 */
SG_MUST_USE int sg_openapi_use(struct sg_kustomize *k, const struct sg_loader *loader,
                               const struct sg_kustomization *kz, struct sg_err *err);
void sg_openapi_free(struct sg_openapi *api);
/* What was taken, for the patches; NULL: the built-in schema alone. */
const struct sg_schemas *sg_openapi_schemas(const struct sg_kustomize *k);
/* What the paths of the schema say of a kind. */
enum sg_scope sg_openapi_scope(const struct sg_kustomize *k, const char *api_version,
                               const char *kind);
/* Reads the comments of the set from index `first` on as schemas (comment_schema.c). */
void sg_comment_schemas(struct sg_kustomize *k, size_t first);

#endif
