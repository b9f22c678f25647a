/* vars.h - $(NAME) in fields, replaced by the value of a field of some object. */
#ifndef SG_KUSTOMIZE_VARS_H
#define SG_KUSTOMIZE_VARS_H

#include "context.h"

struct sg_vars {
    SG_VEC(const struct sg_var *) items; /* sorted by name at the end */
    struct sg_strmap names;
};
void sg_vars_release(struct sg_vars *vars);

/* Adds the kustomization's vars, and marks the objects they take their values from.
 * SG_E_INPUT for a name that is there already or a reference that means several objects.
 */
SG_MUST_USE int sg_vars_add(struct sg_kustomize *k, struct sg_vars *vars,
                            const struct sg_kustomization *kz, struct sg_resmap *map,
                            struct sg_err *err);
/* Adds those of a base; an equal one may be there. */
SG_MUST_USE int sg_vars_merge(struct sg_kustomize *k, struct sg_vars *vars,
                              const struct sg_vars *from, struct sg_err *err);
/* Replaces all of them in the fields of `tables`. */
SG_MUST_USE int sg_vars_resolve(struct sg_kustomize *k, struct sg_vars *vars,
                                struct sg_resmap *map, struct sg_fieldspecs fields,
                                struct sg_err *err);

#endif
