/* json_value.c - a document's way through JSON, which a JSON patch takes in kustomize. */
#include "json.h"

#include <strings.h>

static int normalise_map(const struct sg_docs *set, struct sg_node *map, bool from_patch,
                         struct sg_err *err) {
    for (uint32_t i = 0; i < map->len; i++) {
        const struct sg_entry *entry = &map->entries[i];
        const struct sg_entry *first = sg_map_find(map, entry->key);
        if (first != entry) {
            return sg_fail_at(
                err, SG_E_INPUT, sg_docs_pos(set, entry->key_loc),
                "found the key \"%s\" a second time, the first is at line %u; "
                "a JSON patch needs each key once",
                entry->key->text, sg_docs_pos(set, first->key_loc).line);
        }
        if (json_normalise(set, entry->value, from_patch, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Whether a string can stand without quotes: it is none of the other types, nor syntax.
 */
static bool is_plain(const struct sg_node *scalar) {
    const char *text = scalar->text;
    size_t len = scalar->len;
    if (len == 0 || text[0] == ' ' || text[len - 1] == ' ' || text[len - 1] == ':' ||
        strchr("-?:,[]{}#&*!|>'\"%@`", text[0]) != NULL) {
        bool dash = len > 1 && strchr("-?:", text[0]) != NULL && text[1] != ' ';
        if (!dash || text[len - 1] == ' ' || text[len - 1] == ':') {
            return false;
        }
    }
    for (size_t i = 0; i < len; i++) {
        bool mark = (text[i] == ':' && i + 1 < len && text[i + 1] == ' ') ||
                    (text[i] == '#' && i > 0 && text[i - 1] == ' ');
        if (mark || (unsigned char)text[i] < ' ') {
            return false;
        }
    }
    return sg_resolve_yaml11(text, len) == SG_TAG_STR &&
           sg_resolve_read(text, len) == SG_TAG_STR;
}

/* Spellings of true; every other boolean is false. */
static bool is_true(const struct sg_node *scalar) {
    static const char *const spellings[] = {"true", "yes", "on", "y"};
    for (size_t i = 0; i < SG_ARRAY_LEN(spellings); i++) {
        if (strcasecmp(scalar->text, spellings[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void set_text(struct sg_node *scalar, struct sg_str text) {
    scalar->text = text.ptr;
    scalar->len = (uint32_t)text.len;
}

static void normalise_scalar(struct sg_node *scalar, bool from_patch) {
    enum sg_tag tag = sg_scalar_type(scalar);
    if (tag == SG_TAG_TIMESTAMP && from_patch) {
        tag = SG_TAG_STR;
    }
    scalar->tag = (uint8_t)tag;
    switch (tag) {
    case SG_TAG_STR:
        scalar->style =
            (uint8_t)(memchr(scalar->text, '\n', scalar->len) != NULL ? SG_LITERAL
                      : is_plain(scalar)                              ? SG_PLAIN
                                                                      : SG_DOUBLE);
        break;
    case SG_TAG_NULL:
        set_text(scalar, SG_STR("null"));
        scalar->style = SG_PLAIN;
        break;
    case SG_TAG_BOOL:
        set_text(scalar, is_true(scalar) ? SG_STR("true") : SG_STR("false"));
        scalar->style = SG_PLAIN;
        break;
    case SG_TAG_INT:
    case SG_TAG_FLOAT:
        scalar->style = SG_PLAIN;
        break;
    case SG_TAG_NONE:
    case SG_TAG_TIMESTAMP:
    case SG_TAG_BINARY:
    case SG_TAG_MERGE:
    case SG_TAG_OTHER:
        break;
    }
}

int json_normalise(const struct sg_docs *set, struct sg_node *node, bool from_patch,
                   struct sg_err *err) {
    if (sg_is_map(node)) {
        return normalise_map(set, node, from_patch, err);
    }
    if (sg_is_seq(node)) {
        for (uint32_t i = 0; i < node->len; i++) {
            if (json_normalise(set, node->items[i], from_patch, err) != 0) {
                return -1;
            }
        }
        return 0;
    }
    normalise_scalar(node, from_patch);
    return 0;
}

static bool is_number(enum sg_tag tag) {
    return tag == SG_TAG_INT || tag == SG_TAG_FLOAT;
}

/* The number a YAML 1.1 integer or float stands for: 0x1f, 0o17, 010, 1_000, 1e3. */
static long double number_of(const struct sg_node *scalar) {
    char text[64];
    size_t n = 0;
    for (size_t i = 0; i < scalar->len && n < sizeof(text) - 1; i++) {
        if (scalar->text[i] != '_') {
            text[n++] = scalar->text[i];
        }
    }
    text[n] = '\0';
    size_t sign = text[0] == '-' || text[0] == '+';
    const char *digits = text + sign;
    if (sg_scalar_type(scalar) == SG_TAG_INT && digits[0] == '0' && digits[1] != '\0' &&
        digits[1] != 'x' && digits[1] != 'X') {
        bool binary = digits[1] == 'b';
        bool marked = binary || digits[1] == 'o';
        long long value = strtoll(digits + (marked ? 2 : 1), NULL, binary ? 2 : 8);
        return text[0] == '-' ? -(long double)value : (long double)value;
    }
    return strtold(text, NULL);
}

static bool scalars_equal(const struct sg_node *a, const struct sg_node *b) {
    enum sg_tag left = sg_scalar_type(a);
    enum sg_tag right = sg_scalar_type(b);
    if (is_number(left) && is_number(right)) {
        bool same_text = a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
        return same_text || number_of(a) == number_of(b);
    }
    if (left != right) {
        return false;
    }
    return left == SG_TAG_NULL ||
           (a->len == b->len && memcmp(a->text, b->text, a->len) == 0);
}

bool json_equal(const struct sg_node *a, const struct sg_node *b) {
    if (a->kind != b->kind || (!sg_is_scalar(a) && a->len != b->len)) {
        return false;
    }
    if (sg_is_scalar(a)) {
        return scalars_equal(a, b);
    }
    for (uint32_t i = 0; i < a->len; i++) {
        const struct sg_node *left = sg_is_map(a) ? a->entries[i].value : a->items[i];
        const struct sg_node *right =
            sg_is_map(a) ? sg_map_get(b, a->entries[i].key) : b->items[i];
        if (right == NULL || !json_equal(left, right)) {
            return false;
        }
    }
    return true;
}
