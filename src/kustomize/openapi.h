/* openapi.h - openapi: a schema of the user's instead of the built-in one. */
#ifndef SG_KUSTOMIZE_OPENAPI_H
#define SG_KUSTOMIZE_OPENAPI_H

#include "load.h"

/* Takes the kustomization's `openapi` for the whole render, unless one was taken before.
 */
SG_MUST_USE int sg_openapi_use(struct sg_kustomize *k, const struct sg_loader *loader,
                               const struct sg_kustomization *kz, struct sg_err *err);
void sg_openapi_free(struct sg_openapi *api);
/* The merge keys of the custom schema, as sg_patch_ctx asks for them; `ctx` is the
 * render's context. */
bool sg_openapi_keys(void *ctx, const char *api_version, const char *kind,
                     const struct sg_fieldpath *path, struct sg_field *out);

#endif
