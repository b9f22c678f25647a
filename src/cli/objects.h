/*
 * objects.h - a render written as one file an object, for `build -o DIR/`.
 */
#ifndef SG_CLI_OBJECTS_H
#define SG_CLI_OBJECTS_H

#include "sg/kustomize.h"

/*
 * The file name of an object: "apps_v1_deployment_frontend.yaml" in lower case, the
 * namespace before the kind where two objects differ by it only. All but [a-z0-9.-] is
 * percent-encoded, so that no name of an object can leave the folder.
 */
void sg_object_file(struct sg_resid id, bool with_namespace, struct sg_buf *out);

/* Writes every object into `folder`, made where it is missing; other files in it stay. */
SG_MUST_USE int sg_objects_write(const struct sg_render *render, const char *folder,
                                 struct sg_err *err);

#endif
