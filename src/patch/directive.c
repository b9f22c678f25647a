/* directive.c - `$patch` in a patch: of a map, or of a whole list by an element of its
 * own. */
#include "merge.h"

static enum directive directive_of(struct sg_str text) {
    static const struct {
        const char *text;
        enum directive directive;
    } known[] = {{"delete", DIRECTIVE_DELETE},
                 {"replace", DIRECTIVE_REPLACE},
                 {"merge", DIRECTIVE_MERGE}};
    for (size_t i = 0; i < SG_ARRAY_LEN(known); i++) {
        if (sg_str_eq(text, sg_str_from(known[i].text))) {
            return known[i].directive;
        }
    }
    return DIRECTIVE_UNKNOWN;
}

static enum directive map_directive(struct sg_node *map, struct sg_str *text) {
    const struct sg_node *value = sg_map_get(map, SG_ATOM(patch_directive));
    if (value == NULL) {
        return DIRECTIVE_MERGE;
    }
    *text = value_text(value);
    enum directive directive = directive_of(*text);
    if (directive != DIRECTIVE_UNKNOWN) {
        sg_map_remove(map, SG_ATOM(patch_directive));
    }
    return directive;
}

/* Takes out each element that is marked with `text`, and nulls and empty maps with them.
 */
static void list_take_markers(struct sg_node *list, struct sg_str text) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->len; i++) {
        struct sg_node *item = list->items[i];
        const struct sg_node *value = sg_map_get(item, SG_ATOM(patch_directive));
        bool marker = value != NULL && sg_str_eq(value_text(value), text);
        if (!marker && !tagged_null(item) && !empty_map(item)) {
            list->items[kept++] = item;
        }
    }
    list->len = kept;
}

/* Only the first element that has a directive counts, and only when it says nothing else.
 */
static enum directive list_directive(struct sg_node *list, struct sg_str *text) {
    for (uint32_t i = 0; i < list->len; i++) {
        const struct sg_node *value =
            sg_map_get(list->items[i], SG_ATOM(patch_directive));
        if (value == NULL) {
            continue;
        }
        if (list->items[i]->len > 1) {
            return DIRECTIVE_MERGE;
        }
        *text = value_text(value);
        enum directive directive = directive_of(*text);
        if (directive != DIRECTIVE_UNKNOWN) {
            list_take_markers(list, *text);
        }
        return directive;
    }
    return DIRECTIVE_MERGE;
}

enum directive directive_take(struct sg_node *patch, struct sg_str *text) {
    *text = SG_STR("");
    if (sg_is_map(patch)) {
        return map_directive(patch, text);
    }
    return sg_is_seq(patch) ? list_directive(patch, text) : DIRECTIVE_MERGE;
}

enum directive directive_peek(const struct sg_node *patch) {
    const struct sg_node *value = sg_map_get(patch, SG_ATOM(patch_directive));
    return value != NULL ? directive_of(value_text(value)) : DIRECTIVE_UNKNOWN;
}

int directive_refuse(struct merger *m, const struct sg_node *patch, struct sg_str text) {
    sg_fail_at(m->err, SG_E_INPUT, sg_docs_pos(m->ctx->set, patch->loc),
               "unknown patch strategy '%.*s' in $patch", (int)text.len, text.ptr);
    return sg_err_hint(m->err, "use delete, replace or merge");
}
