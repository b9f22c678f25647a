/*
 * validate.c - an object against the union set: unknown fields, wrong types, missing
 * fields. What the schemas leave open is accepted.
 */
#include "tables.h"

#include <string.h>

#include "sg/quantity.h"
#include "sg/suggest.h"

/* From the object's root down to the node that is looked at; paths are made of it only
 * where a fault is told. */
struct place {
    const struct place *up; /* NULL: the root */
    const struct sg_field *field;
    const struct sg_entry *entry; /* in a map; else an item of `list` */
    const struct sg_node *list;
    uint32_t index;
};

struct run {
    struct sg_fieldpaths *paths;
    struct sg_atoms *atoms;
    void (*each)(void *ctx, const struct sg_fault *fault);
    void *ctx;
    size_t faults;
};

/* --- paths ------------------------------------------------------------------------ */

/* How many items before `index` have the same key. */
static uint32_t repeats(const struct sg_field *field, const struct sg_node *list,
                        uint32_t index, const struct sg_buf *key) {
    uint32_t count = 0;
    sg_auto_buf other = SG_BUF_INIT;
    for (uint32_t i = 0; i < index; i++) {
        sg_buf_clear(&other);
        count += sg_schema_element_key(field, list->items[i], &other) &&
                 other.len == key->len && memcmp(other.ptr, key->ptr, key->len) == 0;
    }
    return count;
}

const struct sg_fieldpath *
sg_schema_item_path(struct sg_fieldpaths *paths, struct sg_atoms *atoms,
                    const struct sg_fieldpath *parent, const struct sg_field *field,
                    const struct sg_node *list, uint32_t index) {
    sg_auto_buf key = SG_BUF_INIT;
    struct sg_err full = {0};
    sg_atom atom = sg_schema_element_key(field, list->items[index], &key)
                       ? sg_atom_intern(atoms, sg_buf_cstr(&key), key.len, &full)
                       : NULL;
    if (atom == NULL) {
        return sg_fieldpath_index(paths, parent, index);
    }
    return sg_fieldpath_element(paths, parent, atom, repeats(field, list, index, &key));
}

static const struct sg_fieldpath *path_of(struct run *run, const struct place *place) {
    if (place->up == NULL) {
        return NULL;
    }
    const struct sg_fieldpath *parent = path_of(run, place->up);
    if (place->entry != NULL) {
        return sg_fieldpath_key(run->paths, parent, place->entry->key);
    }
    return sg_schema_item_path(run->paths, run->atoms, parent, place->up->field,
                               place->list, place->index);
}

/* --- faults ----------------------------------------------------------------------- */

static uint32_t loc_of(const struct place *place, const struct sg_node *node) {
    return place->entry != NULL && place->entry->key_loc != 0 ? place->entry->key_loc
                                                              : node->loc;
}

/* Counts a fault; false where it is one too many to be told. */
static bool counted(struct run *run) {
    return ++run->faults <= SG_FAULTS_MAX;
}

static void tell_type(struct run *run, const struct place *place,
                      const struct sg_node *node, const char *expected) {
    if (!counted(run)) {
        return;
    }
    struct sg_fault fault = {SG_FAULT_TYPE, path_of(run, place), loc_of(place, node),
                             node, expected};
    run->each(run->ctx, &fault);
}

/* The field that an unknown name is most like, or "". */
static const char *nearest(const struct sg_schema_type_row *type, const char *name) {
    struct sg_suggest near;
    sg_suggest_init(&near, name);
    for (size_t i = 0; i < type->len; i++) {
        sg_suggest_offer(
            &near, sg_schema_strings
                       [sg_schema_sets[SG_SCHEMA_UNION].fields[type->first + i].name]);
    }
    const char *best = sg_suggest_best(&near);
    return best != NULL ? best : "";
}

static void tell_unknown(struct run *run, const struct place *place,
                         const struct sg_schema_type_row *type) {
    if (!counted(run)) {
        return;
    }
    const struct sg_node *node = place->entry->value;
    struct sg_fault fault = {SG_FAULT_UNKNOWN, path_of(run, place), loc_of(place, node),
                             node, nearest(type, place->entry->key->text)};
    run->each(run->ctx, &fault);
}

static void tell_missing(struct run *run, const struct place *place,
                         const struct sg_node *map, const char *name,
                         const char *expected) {
    if (!counted(run)) {
        return;
    }
    struct sg_fault fault = {
        .kind = SG_FAULT_MISSING,
        .path = sg_fieldpath_key(run->paths, path_of(run, place),
                                 sg_atom_of(run->atoms, name)),
        .loc = loc_of(place, map),
        .expected = expected,
    };
    run->each(run->ctx, &fault);
}

/* --- scalars ---------------------------------------------------------------------- */

static const char *const type_words[] = {
    [SG_FIELD_ANY] = "any value",
    [SG_FIELD_OBJECT] = "a map",
    [SG_FIELD_MAP] = "a map",
    [SG_FIELD_LIST] = "a list",
    [SG_FIELD_STRING] = "a string",
    [SG_FIELD_INTEGER] = "an integer",
    [SG_FIELD_NUMBER] = "a number",
    [SG_FIELD_BOOLEAN] = "true or false",
    [SG_FIELD_INT_OR_STRING] = "an integer or a string",
    [SG_FIELD_QUANTITY] = "a quantity such as 500m or 2Gi",
};

/* 1.0 and 1e3 arrive as integers: that is how YAML becomes JSON on its way. */
static bool is_integral(const struct sg_node *node) {
    struct sg_quantity value;
    return sg_quantity_parse(node->text, node->len, &value) &&
           value.nano % 1000000000 == 0;
}

static bool is_quantity(const struct sg_node *node, enum sg_tag tag) {
    struct sg_quantity ignored;
    bool plain = tag == SG_TAG_STR || tag == SG_TAG_INT || tag == SG_TAG_FLOAT;
    return plain && sg_quantity_parse(node->text, node->len, &ignored);
}

/* A date without quotes is a string to Kubernetes; what a tag of its own means is not
 * known. */
static bool is_text(enum sg_tag tag) {
    return tag == SG_TAG_STR || tag == SG_TAG_TIMESTAMP || tag == SG_TAG_BINARY ||
           tag == SG_TAG_OTHER;
}

static bool scalar_fits(enum sg_field_type type, const struct sg_node *node) {
    enum sg_tag tag = sg_scalar_type(node);
    switch (type) {
    case SG_FIELD_STRING:
        return is_text(tag);
    case SG_FIELD_INTEGER:
        return tag == SG_TAG_INT || (tag == SG_TAG_FLOAT && is_integral(node));
    case SG_FIELD_NUMBER:
        return tag == SG_TAG_INT || tag == SG_TAG_FLOAT;
    case SG_FIELD_BOOLEAN:
        return tag == SG_TAG_BOOL;
    case SG_FIELD_INT_OR_STRING:
        return tag == SG_TAG_INT || is_text(tag);
    case SG_FIELD_QUANTITY:
        return is_quantity(node, tag);
    case SG_FIELD_ANY:
        return true;
    case SG_FIELD_OBJECT:
    case SG_FIELD_MAP:
    case SG_FIELD_LIST:
        return false;
    }
    return false;
}

/* --- the walk --------------------------------------------------------------------- */

static void check(struct run *run, const struct place *place, const struct sg_node *node);

/* The required fields that the map lacks. */
static void check_required(struct run *run, const struct place *place,
                           const struct sg_schema_type_row *type,
                           const struct sg_node *map) {
    const struct sg_schema_field_row *fields =
        sg_schema_sets[SG_SCHEMA_UNION].fields + type->first;
    for (size_t i = 0; i < type->len; i++) {
        if ((fields[i].flags & SG_SCHEMA_FLAG_REQUIRED) == 0) {
            continue;
        }
        const char *name = sg_schema_strings[fields[i].name];
        if (sg_is_null(sg_map_gets(map, name))) {
            tell_missing(run, place, map, name, type_words[fields[i].type]);
        }
    }
}

static void check_object(struct run *run, const struct place *place,
                         const struct sg_node *map) {
    sg_type def = place->field->def;
    const struct sg_schema_type_row *type =
        def == 0 ? NULL : &sg_schema_sets[SG_SCHEMA_UNION].types[def - 1];
    if (type == NULL || type->len == 0) {
        return; /* what is in it the schema leaves open */
    }
    for (uint32_t i = 0; i < map->len; i++) {
        const struct sg_entry *entry = &map->entries[i];
        struct sg_field field;
        struct place below = {.up = place, .field = &field, .entry = entry};
        if (place->up == NULL && strcmp(entry->key->text, "status") == 0) {
            continue;
        }
        if (!sg_schema_field(SG_SCHEMA_UNION, def, entry->key->text, &field)) {
            tell_unknown(run, &below, type);
        } else {
            check(run, &below, entry->value);
        }
    }
    check_required(run, place, type, map);
}

static void check_items(struct run *run, const struct place *place,
                        const struct sg_node *node) {
    const struct sg_field *of = place->field;
    struct sg_field item = {.type = of->item, .def = of->def};
    if (item.type == SG_FIELD_ANY) {
        return;
    }
    for (uint32_t i = 0; i < node->len; i++) {
        struct place below = {.up = place, .field = &item, .index = i};
        if (sg_is_map(node)) {
            below.entry = &node->entries[i];
            check(run, &below, node->entries[i].value);
        } else {
            below.list = node;
            check(run, &below, node->items[i]);
        }
    }
}

static void check(struct run *run, const struct place *place,
                  const struct sg_node *node) {
    enum sg_field_type type = place->field->type;
    if (sg_is_null(node)) {
        return;
    }
    bool map = type == SG_FIELD_OBJECT || type == SG_FIELD_MAP;
    bool fits = type == SG_FIELD_ANY || (map && sg_is_map(node)) ||
                (type == SG_FIELD_LIST && sg_is_seq(node)) ||
                (sg_is_scalar(node) && scalar_fits(type, node));
    if (!fits) {
        tell_type(run, place, node, type_words[type]);
    } else if (type == SG_FIELD_OBJECT) {
        check_object(run, place, node);
    } else if (type == SG_FIELD_MAP || type == SG_FIELD_LIST) {
        check_items(run, place, node);
    }
}

size_t sg_schema_validate(struct sg_fieldpaths *paths, struct sg_atoms *atoms,
                          const struct sg_node *object,
                          void (*each)(void *ctx, const struct sg_fault *fault),
                          void *ctx) {
    const char *version = sg_text(sg_map_get(object, SG_ATOM(apiVersion)));
    const char *kind = sg_text(sg_map_get(object, SG_ATOM(kind)));
    if (version == NULL || kind == NULL) {
        return 0;
    }
    struct sg_field field = {.type = SG_FIELD_OBJECT,
                             .def = sg_schema_kind(SG_SCHEMA_UNION, version, kind)};
    if (field.def == 0) {
        return 0;
    }
    struct run run = {paths, atoms, each, ctx, 0};
    struct place root = {.field = &field};
    check(&run, &root, object);
    return run.faults;
}
