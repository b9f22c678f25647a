/*
 * descent.c - the field path of a place that a walk came to.
 */
#include "consequence.h"

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
                                   const struct descent *at) {
    struct sg_field field = {0};
    if (at->key != NULL && parent->type == SG_FIELD_OBJECT) {
        (void)sg_schema_field(SG_SCHEMA_UNION, parent->def, at->key->text, &field);
    } else if (parent->type == SG_FIELD_MAP || parent->type == SG_FIELD_LIST) {
        field = (struct sg_field){.type = parent->item, .def = parent->def};
    }
    return field;
}

static const struct sg_fieldpath *
path_of(struct overlay_plan *op, const struct descent *at, struct sg_field *field) {
    if (at->up == NULL) {
        *field = root_field(at->node);
        return NULL;
    }
    struct sg_field parent;
    const struct sg_fieldpath *above = path_of(op, at->up, &parent);
    *field = field_below(&parent, at);
    if (at->key != NULL) {
        return sg_fieldpath_key(op->paths, above, at->key);
    }
    return sg_schema_item_path(op->paths, op->atoms, above, &parent, at->up->node,
                               at->index);
}

const struct sg_fieldpath *descent_path(struct overlay_plan *op,
                                        const struct descent *at) {
    struct sg_field ignored;
    return path_of(op, at, &ignored);
}
