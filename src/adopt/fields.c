/* fields.c - the schema of a value, and how the items of a list are told apart. */
#include "derive.h"
#include "sg/number.h"

struct spot spot_root(const struct sg_node *object) {
    const char *version = sg_text(sg_map_get(object, SG_ATOM(apiVersion)));
    const char *kind = sg_text(sg_map_get(object, SG_ATOM(kind)));
    struct spot root = {.name = "", .field = {.type = SG_FIELD_OBJECT}};
    if (version != NULL && kind != NULL) {
        root.field.def = sg_schema_kind(SG_SCHEMA_MERGE, version, kind);
    }
    return root;
}

/* What a key of a map or an item of a list is. */
static struct sg_field inner(const struct sg_field *field) {
    return (struct sg_field){.type = field->item, .def = field->def};
}

struct spot spot_key(const struct spot *at, struct sg_fieldpaths *paths, sg_atom key) {
    struct spot below = {.name = key->text};
    below.path = paths == NULL ? NULL : sg_fieldpath_key(paths, at->path, key);
    if (at->field.type == SG_FIELD_MAP) {
        below.field = inner(&at->field);
    } else if (at->field.type != SG_FIELD_OBJECT ||
               !sg_schema_field(SG_SCHEMA_MERGE, at->field.def, key->text,
                                &below.field)) {
        below.field = (struct sg_field){.type = SG_FIELD_ANY};
    }
    return below;
}

struct spot spot_item(const struct spot *at, struct sg_fieldpaths *paths,
                      const struct sg_node *list, uint32_t index) {
    struct spot below = {.name = "", .field = inner(&at->field)};
    if (paths != NULL) {
        below.path = sg_schema_item_path(paths, sg_fieldpaths_atoms(paths), at->path,
                                         &at->field, list, index);
    }
    return below;
}

/* --- lists with keys ------------------------------------------------------------- */

void keyed_init(struct keyed *keyed, const struct spot *at, const struct sg_node *list) {
    *keyed = (struct keyed){.valid = at->field.merge && at->field.keys_len > 0 &&
                                     sg_is_seq(list)};
    for (uint32_t i = 0; keyed->valid && i < list->len; i++) {
        sg_auto_buf key = SG_BUF_INIT;
        keyed->valid = sg_is_map(list->items[i]) &&
                       sg_schema_element_key(&at->field, list->items[i], &key) &&
                       !sg_strmap_has(&keyed->by_key, sg_buf_cstr(&key), key.len);
        if (keyed->valid) {
            sg_strmap_put(&keyed->by_key, sg_buf_cstr(&key), key.len, list->items[i]);
        }
    }
}

void keyed_release(struct keyed *keyed) {
    sg_strmap_release(&keyed->by_key);
}

struct sg_node *keyed_find(const struct keyed *keyed, const struct spot *at,
                           const struct sg_node *element) {
    sg_auto_buf key = SG_BUF_INIT;
    return sg_schema_element_key(&at->field, element, &key)
               ? sg_strmap_get(&keyed->by_key, sg_buf_cstr(&key), key.len)
               : NULL;
}

bool is_merge_key(const struct spot *at, sg_atom key) {
    for (uint8_t i = 0; i < at->field.keys_len; i++) {
        if (strcmp(at->field.keys[i], key->text) == 0) {
            return true;
        }
    }
    return false;
}

bool same_key(const struct spot *at, const struct sg_node *a, const struct sg_node *b) {
    sg_auto_buf x = SG_BUF_INIT, y = SG_BUF_INIT;
    return sg_schema_element_key(&at->field, a, &x) &&
           sg_schema_element_key(&at->field, b, &y) &&
           strcmp(sg_buf_cstr(&x), sg_buf_cstr(&y)) == 0;
}

bool lists_keyed(const struct spot *at, const struct sg_node *a,
                 const struct sg_node *b) {
    auto_keyed first = {0}, second = {0};
    keyed_init(&first, at, a);
    keyed_init(&second, at, b);
    return first.valid && second.valid;
}

bool same_order(const struct spot *at, const struct sg_node *a, const struct sg_node *b) {
    for (uint32_t i = 0; i < a->len && a->len == b->len; i++) {
        if (!same_key(at, a->items[i], b->items[i])) {
            return false;
        }
    }
    return true;
}

static bool uses_variables(const struct sg_node *env) {
    for (uint32_t i = 0; sg_is_seq(env) && i < env->len; i++) {
        const char *value = sg_text(sg_map_get(env->items[i], SG_ATOM(value)));
        if (value != NULL && strstr(value, "$(") != NULL) {
            return true;
        }
    }
    return false;
}

bool list_ordered(const struct spot *at, const struct sg_node *a,
                  const struct sg_node *b) {
    return strcmp(at->name, "initContainers") == 0 ||
           (strcmp(at->name, "env") == 0 && (uses_variables(a) || uses_variables(b)));
}

/* --- values ---------------------------------------------------------------------- */

void append_entry(struct sg_docs *docs, struct sg_node *map, const struct sg_entry *entry,
                  struct sg_node *value) {
    sg_map_append(docs, map, entry->key, value)->key_loc = entry->key_loc;
}

const struct sg_node *field_of(const struct sg_node *map, sg_atom key) {
    const struct sg_node *value = sg_map_get(map, key);
    return sg_is_null(value) ? NULL : value;
}

static bool is_number(enum sg_tag tag) {
    return tag == SG_TAG_INT || tag == SG_TAG_FLOAT;
}

/* 0644 and 420 are one number, as are 1.50 and 1.5. */
static bool numbers_equal(const struct sg_node *a, const struct sg_node *b) {
    sg_auto_buf x = SG_BUF_INIT, y = SG_BUF_INIT;
    return sg_number_write(a->text, a->len, SG_NUMBER_JSON, &x) &&
           sg_number_write(b->text, b->len, SG_NUMBER_JSON, &y) &&
           strcmp(sg_buf_cstr(&x), sg_buf_cstr(&y)) == 0;
}

/* The value `<<` is a text; only as a key it means something. So is one with a tag that
 * nobody knows. */
static enum sg_tag type_of_value(const struct sg_node *node) {
    enum sg_tag type = sg_scalar_type(node);
    return type == SG_TAG_MERGE || type == SG_TAG_OTHER ? SG_TAG_STR : type;
}

bool scalars_equal(const struct sg_node *a, const struct sg_node *b) {
    enum sg_tag x = type_of_value(a), y = type_of_value(b);
    if (is_number(x) && is_number(y)) {
        return numbers_equal(a, b);
    }
    return x == SG_TAG_STR && y == SG_TAG_STR
               ? a->len == b->len && memcmp(a->text, b->text, a->len) == 0
               : sg_node_equal(a, b);
}

size_t leaves_of(const struct sg_node *node) {
    if (node == NULL) {
        return 0;
    }
    size_t leaves = sg_is_scalar(node) || node->len == 0;
    for (uint32_t i = 0; !sg_is_scalar(node) && i < node->len; i++) {
        leaves += leaves_of(sg_is_map(node) ? node->entries[i].value : node->items[i]);
    }
    return leaves;
}

static void unplace(struct sg_node *node) {
    node->loc = 0;
    node->comment = false;
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        unplace(node->items[i]);
    }
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        node->entries[i].key_loc = 0;
        node->entries[i].comment = false;
        unplace(node->entries[i].value);
    }
}

struct sg_node *copy_unplaced(struct sg_docs *docs, const struct sg_node *node) {
    struct sg_node *copy = sg_node_clone(docs, node);
    unplace(copy);
    return copy;
}
