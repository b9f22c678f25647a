#include "place.h"

#include <string.h>

#include "sg/schema.h"
#include "sg/sort.h"

/* --- paths ------------------------------------------------------------------------ */

static struct sg_field root_field(const struct sg_node *object) {
    struct sg_field field = {.type = SG_FIELD_OBJECT};
    field.def = sg_schema_kind(SG_SCHEMA_UNION, field_text(object, SG_ATOM(apiVersion)),
                               field_text(object, SG_ATOM(kind)));
    return field;
}

/* The schema of a step below `parent`; nothing where the schema does not know it. */
static struct sg_field field_below(const struct sg_field *parent,
                                   const struct place *at) {
    struct sg_field field = {0};
    if (at->key != NULL && parent->type == SG_FIELD_OBJECT) {
        (void)sg_schema_field(SG_SCHEMA_UNION, parent->def, at->key->text, &field);
    } else if (parent->type == SG_FIELD_MAP || parent->type == SG_FIELD_LIST) {
        field = (struct sg_field){.type = parent->item, .def = parent->def};
    }
    return field;
}

static const struct sg_fieldpath *
path_of(struct sg_fieldpaths *paths, const struct place *at, struct sg_field *field) {
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

const char *place_path(const struct place *at, struct sg_fieldpaths *paths,
                       struct sg_arena *arena) {
    struct sg_field ignored;
    sg_auto_buf text = SG_BUF_INIT;
    sg_fieldpath_text(path_of(paths, at, &ignored), &text);
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
