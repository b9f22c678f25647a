#include "place.h"

#include <string.h>

#include "sg/sort.h"

/* --- paths ------------------------------------------------------------------------ */

const char *place_path(const struct sg_descent *at, struct sg_fieldpaths *paths,
                       struct sg_arena *arena) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_fieldpath_text(sg_descent_path(paths, at), &text);
    return sg_arena_strdup(arena, sg_buf_cstr(&text));
}

/* --- objects ---------------------------------------------------------------------- */

const char *fork_object_id(const struct sg_adopt_object *object, struct sg_arena *arena) {
    bool namespaced = object->namespace[0] != '\0';
    return sg_arena_printf(arena, "%s/%s/%s%s%s", object->api_version, object->kind,
                           object->namespace, namespaced ? "/" : "", object->name);
}

struct sg_str api_group(const char *api_version) {
    const char *slash = strchr(api_version, '/');
    return (struct sg_str){api_version,
                           slash != NULL ? (size_t)(slash - api_version) : 0};
}

const char *field_text(const struct sg_node *map, sg_atom key) {
    const struct sg_node *value = sg_map_get(map, key);
    const char *text = sg_is_null(value) ? NULL : sg_text(value);
    return text == NULL ? "" : text;
}

const struct sg_entry *find_entry(const struct sg_node *map, const char *key) {
    for (uint32_t i = 0; sg_is_map(map) && i < map->len; i++) {
        if (strcmp(map->entries[i].key->text, key) == 0) {
            return &map->entries[i];
        }
    }
    return NULL;
}

/* --- oddities --------------------------------------------------------------------- */

bool oddity_of_reading(enum sg_adopt_oddity_kind kind) {
    static const enum sg_adopt_oddity_kind kinds[] = {
        SG_ODD_REPEATED_KEY, SG_ODD_TWICE,    SG_ODD_UNREADABLE,
        SG_ODD_NO_OBJECT,    SG_ODD_CONFLICT, SG_ODD_OLD_BOOLEAN};
    bool found = false;
    for (size_t i = 0; i < SG_ARRAY_LEN(kinds); i++) {
        found = found || kinds[i] == kind;
    }
    return found;
}

void add_oddity(struct sg_adopt_fork *fork, enum sg_adopt_oddity_kind kind,
                const struct sg_adopt_object *object, const char *path, uint32_t loc,
                const char *message) {
    struct sg_pos at = sg_docs_pos(&fork->docs, loc);
    if (at.file == NULL) { /* the fork's own kustomization made it */
        at.file = object != NULL ? object->file : "";
    }
    struct sg_adopt_oddity oddity = {
        .kind = kind,
        .object = object != NULL ? fork_object_id(object, &fork->arena) : NULL,
        .path = path,
        .file = at.file,
        .line = at.line,
        .column = at.column,
        .message = message,
    };
    sg_vec_push(&fork->oddities, oddity);
}

static bool comes_before(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_adopt_oddity *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    if (order != 0) {
        return order < 0;
    }
    return x->line != y->line ? x->line < y->line : x->column < y->column;
}

void sort_oddities(struct sg_adopt_fork *fork) {
    sg_sort(fork->oddities.items, fork->oddities.len, sizeof(*fork->oddities.items),
            comes_before, NULL);
}
