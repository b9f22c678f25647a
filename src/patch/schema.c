/* schema.c - the schema of a place: of its kind, of the place above, or in a comment. */
#include "merge.h"

static void take(struct place *place, bool known, const struct sg_schema_place *found) {
    place->known = known;
    if (known) {
        place->schema = found->doc;
        place->field = found->field;
    }
}

void place_child(const struct merger *m, const struct place *at, const char *name,
                 struct place *child) {
    if (!at->known) {
        return;
    }
    if (at->schema == NULL && name != NULL && at->field.type == SG_FIELD_OBJECT) {
        child->known =
            sg_schema_field(SG_SCHEMA_MERGE, at->field.def, name, &child->field);
        return;
    }
    struct sg_schema_place from = {.doc = at->schema, .field = at->field}, found;
    bool known = sg_schema_place_child(m->ctx->schemas, &from, name, &found);
    take(child, known, &found);
}

void place_comment(const struct merger *m, struct place *child,
                   const struct sg_node *schema) {
    struct sg_schema_place found;
    bool known = sg_schema_place_comment(m->ctx->schemas, schema, &found);
    take(child, known, &found);
}

/* The schema of the kind that `node` names. */
static bool own_kind(const struct merger *m, const struct sg_node *node,
                     struct place *here) {
    if (!sg_is_map(node)) {
        return false;
    }
    const struct sg_node *api_version = sg_map_get(node, SG_ATOM(apiVersion));
    const struct sg_node *kind = sg_map_get(node, SG_ATOM(kind));
    if (missing(api_version) || missing(kind) || value_text(api_version).len == 0 ||
        value_text(kind).len == 0) {
        return false;
    }
    struct sg_schema_place found;
    bool known =
        sg_schema_place_kind(m->ctx->schemas, api_version->text, kind->text, &found);
    take(here, known, &found);
    return known;
}

static const struct sg_node *own_comment(const struct merger *m,
                                         const struct sg_node *node) {
    if (missing(node) || !node->comment) {
        return NULL;
    }
    const struct sg_comment *comment = sg_docs_comment(m->ctx->set, node->loc, false);
    return comment != NULL ? comment->schema : NULL;
}

struct place place_with_schema(const struct merger *m, const struct place *at,
                               const struct sg_node *base, const struct sg_node *patch) {
    struct place here = *at;
    const struct sg_node *comment = own_comment(m, base);
    if (comment == NULL) {
        comment = own_comment(m, patch);
    }
    if (comment != NULL) {
        place_comment(m, &here, comment);
    } else if (!here.known) {
        (void)(own_kind(m, base, &here) || own_kind(m, patch, &here));
    }
    return here;
}
