/*
 * configs.c - the large texts of ConfigMaps that a fork changes: files of their own,
 * which an editor knows by their names, and a generator that merges them into upstream's
 * object.
 *
 * Generators run before everything else, so what is left to say of the object begins with
 * them done. kustomize makes such an object anew of its data, labels and annotations: one
 * that has more keeps its texts in the patch, as one does that does not come out right.
 */
#include "adopting.h"
#include "place.h"

enum { LARGE = 20 }; /* lines */

/* --- which ------------------------------------------------------------------------ */

static size_t lines_of(const struct sg_node *text) {
    size_t lines = 0;
    for (uint32_t i = 0; i < text->len; i++) {
        lines += text->text[i] == '\n' || i + 1 == text->len;
    }
    return lines;
}

static bool is_large(const struct sg_node *value) {
    return sg_is_scalar(value) && sg_scalar_type(value) == SG_TAG_STR &&
           memchr(value->text, '\0', value->len) == NULL && lines_of(value) >= LARGE;
}

/* A key that names a file wherever it is checked out. */
static bool names_file(sg_atom key) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789._-";
    return strspn(key->text, plain) == key->len &&
           key->text[0] != '.'; /* no folder, and nothing that git reads */
}

/* Of its fields the generator keeps what is named here. */
static bool has_only(const struct sg_node *map, const sg_atom *fields, size_t len) {
    for (uint32_t i = 0; sg_is_map(map) && i < map->len; i++) {
        bool known = false;
        for (size_t k = 0; k < len; k++) {
            known = known || map->entries[i].key == fields[k];
        }
        if (!known) {
            return false;
        }
    }
    return true;
}

static bool is_merged_whole(const struct sg_node *object) {
    static const sg_atom top[] = {SG_ATOM(apiVersion), SG_ATOM(kind), SG_ATOM(metadata),
                                  SG_ATOM(data), SG_ATOM(binaryData)};
    static const sg_atom metadata[] = {SG_ATOM(name), SG_ATOM(namespace), SG_ATOM(labels),
                                       SG_ATOM(annotations)};
    return has_only(object, top, SG_ARRAY_LEN(top)) &&
           has_only(sg_map_get(object, SG_ATOM(metadata)), metadata,
                    SG_ARRAY_LEN(metadata));
}

static bool is_config(const struct sg_node *object) {
    return strcmp(field_text(object, SG_ATOM(apiVersion)), "v1") == 0 &&
           strcmp(field_text(object, SG_ATOM(kind)), "ConfigMap") == 0;
}

static bool is_file_of(const struct pair *pair, const struct sg_entry *entry) {
    const struct sg_node *was =
        field_of(field_of(pair->start, SG_ATOM(data)), entry->key);
    return is_large(entry->value) && names_file(entry->key) &&
           (was == NULL || !scalars_equal(was, entry->value));
}

bool has_texts(const struct pair *pair) {
    if (pair->no_files || !is_config(pair->fork->node) || !is_config(pair->start) ||
        !is_merged_whole(pair->start) || !names_file(pair->id.name)) {
        return false;
    }
    const struct sg_node *data = field_of(pair->fork->node, SG_ATOM(data));
    for (uint32_t i = 0; sg_is_map(data) && i < data->len; i++) {
        if (is_file_of(pair, &data->entries[i])) {
            return true;
        }
    }
    return false;
}

/* --- taking them ------------------------------------------------------------------ */

static const char *path_of(struct adopting *a, const struct pair *pair, sg_atom key) {
    struct spot root = spot_root(pair->start);
    struct spot data = spot_key(&root, a->paths, SG_ATOM(data));
    sg_auto_buf text = SG_BUF_INIT;
    sg_fieldpath_text(spot_key(&data, a->paths, key).path, &text);
    return sg_arena_strndup(&a->out->arena, sg_buf_cstr(&text), text.len);
}

static void add_text(struct adopting *a, const struct pair *pair,
                     const struct sg_resid *id, const struct sg_entry *entry,
                     const char *folder) {
    sg_auto_buf comment = SG_BUF_INIT;
    struct sg_arena *arena = &a->out->arena;
    comments_above(&a->comments, entry->key_loc, 2, &comment);
    struct sg_adopt_text text = {
        .object = object_text(a, pair->base->node),
        .changed = object_text(a, pair->fork->node),
        .name = id->name->text,
        .namespace = id->namespace->text,
        .path = path_of(a, pair, entry->key),
        .comment = sg_arena_strdup(arena, sg_buf_cstr(&comment)),
        .file = sg_arena_printf(arena, "%s/%s", folder, entry->key->text),
        .text = entry->value->text,
        .len = entry->value->len,
    };
    sg_vec_push(&a->out->texts, text);
}

struct sg_node *take_texts(struct adopting *a, const struct pair *pair,
                           const struct sg_resid *id, const char *folder) {
    struct sg_node *out = sg_node_clone(a->docs, pair->start);
    struct sg_node *merged = sg_map_ensure(a->docs, out, SG_ATOM(data));
    const struct sg_node *data = field_of(pair->fork->node, SG_ATOM(data));
    for (uint32_t i = 0; merged != NULL && i < data->len; i++) {
        const struct sg_entry *entry = &data->entries[i];
        if (is_file_of(pair, entry)) {
            add_text(a, pair, id, entry, folder);
            (void)sg_map_put(a->docs, merged, entry->key, entry->value);
        }
    }
    return out;
}

const struct sg_adopt_text *text_of(const struct sg_adopted *adopted,
                                    const struct sg_adopt_text *wanted) {
    for (size_t i = 0; i < adopted->texts.len; i++) {
        const struct sg_adopt_text *text = &adopted->texts.items[i];
        if (strcmp(text->object, wanted->object) == 0 &&
            strcmp(text->file, wanted->file) == 0) {
            return text;
        }
    }
    return NULL;
}

bool said_by_text(const struct sg_adopted *adopted, const char *object,
                  const char *path) {
    for (size_t i = 0; i < adopted->texts.len; i++) {
        const struct sg_adopt_text *text = &adopted->texts.items[i];
        if (strcmp(text->changed, object) == 0 && strcmp(text->path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* --- where they do not hold ------------------------------------------------------- */

static bool differs(const struct sg_adopted *adopted, const char *object) {
    for (size_t i = 0; i < adopted->differences.len; i++) {
        if (strcmp(adopted->differences.items[i].object, object) == 0) {
            return true;
        }
    }
    return false;
}

bool texts_back(struct adopting *a, bool rendered) {
    sg_auto_strmap back = {0};
    for (size_t i = 0; i < a->out->texts.len; i++) {
        const char *object = a->out->texts.items[i].changed;
        if (!rendered || differs(a->out, object)) {
            sg_strmap_put(&back, object, strlen(object), a);
        }
    }
    for (size_t i = 0; back.len > 0 && i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        if (pair->base != NULL && pair->fork != NULL) {
            const char *object = object_text(a, pair->fork->node);
            pair->went_back =
                !pair->no_files && sg_strmap_has(&back, object, strlen(object));
            pair->no_files = pair->no_files || pair->went_back;
        }
    }
    return back.len > 0;
}

void texts_forth(struct adopting *a) {
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        pair->no_files = pair->no_files && !pair->went_back;
    }
}

/* --- files and entries ------------------------------------------------------------ */

/* The first that is of another object than the one at `first`. */
static size_t end_of_object(const struct sg_adopted *adopted, size_t first) {
    size_t end = first;
    while (end < adopted->texts.len && strcmp(adopted->texts.items[end].object,
                                              adopted->texts.items[first].object) == 0) {
        end++;
    }
    return end;
}

/* The generator of one object's; returns where those of the next begin. */
static size_t put_generator(struct sg_adopted *adopted, size_t first) {
    const struct sg_adopt_text *texts = adopted->texts.items;
    size_t end = end_of_object(adopted, first);
    sg_auto_buf entry = SG_BUF_INIT;
    put_field("- name:", texts[first].name, &entry);
    put_field("  namespace:", texts[first].namespace, &entry);
    sg_buf_adds(&entry, "  behavior: merge\n  files:\n");
    for (size_t i = first; i < end; i++) {
        sg_buf_adds(&entry, texts[i].comment);
        put_field(TEXT_ITEM, texts[i].file, &entry);
    }
    put_entry(adopted, "configMapGenerator", sg_buf_cstr(&entry), NULL);
    return end;
}

void put_texts(struct sg_adopted *adopted, const char *folder) {
    static const char attributes[] = "# what ConfigMaps hold, to the byte\n* -text\n";
    for (size_t i = 0; i < adopted->texts.len; i++) {
        const struct sg_adopt_text *text = &adopted->texts.items[i];
        put_file(adopted, folder, text->file, text->text, text->len);
    }
    for (size_t i = 0; i < adopted->texts.len;) {
        i = put_generator(adopted, i);
    }
    if (adopted->texts.len > 0) {
        put_file(adopted, folder, "files/.gitattributes", attributes,
                 sizeof(attributes) - 1);
    }
}
