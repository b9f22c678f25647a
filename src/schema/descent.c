/*
 * descent.c - the field path of a place that a walk came to.
 */
#include "sg/schema.h"

static struct sg_field root_field(const struct sg_node *object) {
    const char *version = sg_text(sg_map_get(object, SG_ATOM(apiVersion)));
    const char *kind = sg_text(sg_map_get(object, SG_ATOM(kind)));
    struct sg_field field = {.type = SG_FIELD_OBJECT};
    if (version != NULL && kind != NULL) {
        field.def = sg_schema_kind(SG_SCHEMA_UNION, version, kind);
    }
    return field;
}

/* The schema of a step below `parent`; nothing where the schema does not know it. */
static struct sg_field field_below(const struct sg_field *parent,
                                   const struct sg_descent *at) {
    struct sg_field field = {0};
    if (at->key != NULL && parent->type == SG_FIELD_OBJECT) {
        (void)sg_schema_field(SG_SCHEMA_UNION, parent->def, at->key->text, &field);
    } else if (parent->type == SG_FIELD_MAP || parent->type == SG_FIELD_LIST) {
        field = (struct sg_field){.type = parent->item, .def = parent->def};
    }
    return field;
}

static const struct sg_fieldpath *path_of(struct sg_fieldpaths *paths,
                                          const struct sg_descent *at,
                                          struct sg_field *field) {
    if (at->up == NULL) {
        *field = root_field(at->node);
        return NULL;
    }
    struct sg_field parent;
    const struct sg_fieldpath *above = path_of(paths, at->up, &parent);
    *field = field_below(&parent, at);
    if (at->key != NULL) {
        return sg_fieldpath_key(paths, above, at->key);
    }
    return sg_schema_item_path(paths, sg_fieldpaths_atoms(paths), above, &parent,
                               at->up->node, at->index);
}

const struct sg_fieldpath *sg_descent_path(struct sg_fieldpaths *paths,
                                           const struct sg_descent *at) {
    struct sg_field ignored;
    return path_of(paths, at, &ignored);
}
