/* json_value.c - a document's way through JSON, which a JSON patch takes in kustomize. */
#include "json.h"

#include "sg/number.h"

#include <strings.h>

#define EXACT_MAX 9007199254740992.0    /* 2^53 */
#define WHOLE_MAX 9223372036854775808.0 /* 2^63 */

/* What is known of the values on the way down. */
struct values {
    bool from_patch;
    bool below; /* not the object itself */
    /* in a [flow] collection: an empty null becomes an empty string there */
    bool in_flow;
};

static int normalise(struct sg_docs *set, struct sg_node *node, struct values values,
                     struct sg_err *err);

/* As the writer refuses it, which kustomize asks before it runs the operations: a key
 * that is no string, of the object itself only null. */
static int refuse_key(const struct sg_docs *set, const struct sg_entry *entry, bool root,
                      struct sg_err *err) {
    bool other = entry->key_tag == SG_TAG_OTHER;
    if (sg_key_fits(entry, root)) {
        return 0;
    }
    return sg_fail_at(err, SG_E_INPUT, sg_docs_pos(set, entry->key_loc),
                      other
                          ? "found a key that is no string, expected a string%s"
                          : "found the key %.60s, which is no string, expected a string "
                            "(quote it)",
                      other ? "" : entry->key->text);
}

static int normalise_map(struct sg_docs *set, struct sg_node *map, struct values values,
                         struct sg_err *err) {
    if (values.from_patch && json_key_texts(set, map, err) != 0) {
        return -1;
    }
    bool root = !values.below;
    values.below = true;
    for (uint32_t i = 0; i < map->len; i++) {
        struct sg_entry *entry = &map->entries[i];
        if (refuse_key(set, entry, root, err) != 0) {
            return -1;
        }
        const struct sg_entry *first = sg_map_find(map, entry->key);
        if (first != entry) {
            return sg_fail_at(
                err, SG_E_INPUT, sg_docs_pos(set, entry->key_loc),
                "found the key \"%s\" a second time, the first is at line %u; "
                "a JSON patch needs each key once",
                entry->key->text, sg_docs_pos(set, first->key_loc).line);
        }
        entry->comment = false;
        if (normalise(set, entry->value, values, err) != 0) {
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
bool json_is_true(const char *text) {
    static const char *const spellings[] = {"true", "yes", "on", "y"};
    for (size_t i = 0; i < SG_ARRAY_LEN(spellings); i++) {
        if (strcasecmp(text, spellings[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void set_text(struct sg_node *scalar, struct sg_str text) {
    scalar->text = text.ptr;
    scalar->len = (uint32_t)text.len;
}

/*
 * A number as Go's JSON reads it: a float64, printed without a point where it is whole.
 * Whole numbers beyond 2^53 lose their last digits, as they do in kustomize.
 */
static void normalise_number(struct sg_docs *set, struct sg_node *scalar) {
    sg_auto_buf text = SG_BUF_INIT;
    if (!sg_number_write(scalar->text, scalar->len, SG_NUMBER_JSON, &text)) {
        return;
    }
    double value = strtod(text.ptr, NULL);
    if (value > EXACT_MAX || value < -EXACT_MAX) {
        bool whole = value < WHOLE_MAX && value > -WHOLE_MAX;
        sg_buf_clear(&text);
        if (whole) {
            sg_buf_addf(&text, "%.0f", value);
        } else {
            sg_buf_addf(&text, "%.17g", value);
        }
    }
    set_text(scalar, (struct sg_str){sg_arena_strndup(&set->arena, text.ptr, text.len),
                                     text.len});
    scalar->tag =
        (uint8_t)(strpbrk(scalar->text, ".e") == NULL ? SG_TAG_INT : SG_TAG_FLOAT);
}

/* A resource's time is a string of the JSON form that it prints in; a patch's stays as it
 * was written, and so does a colon inside {} or []. One that is no time is refused by the
 * writer. */
static enum sg_tag normalise_timestamp(struct sg_docs *set, struct sg_node *scalar,
                                       struct values values) {
    bool as_is = values.from_patch || (values.in_flow && scalar->style == SG_PLAIN &&
                                       strchr(scalar->text, ':') != NULL);
    sg_auto_buf text = SG_BUF_INIT;
    if (as_is) {
        return SG_TAG_STR;
    }
    if (!sg_timestamp_write(scalar->text, scalar->len, &text)) {
        return SG_TAG_TIMESTAMP;
    }
    set_text(scalar, (struct sg_str){sg_arena_strndup(&set->arena, text.ptr, text.len),
                                     text.len});
    return SG_TAG_STR;
}

static void normalise_scalar(struct sg_docs *set, struct sg_node *scalar,
                             struct values values) {
    enum sg_tag tag = sg_scalar_type(scalar);
    bool emptied = tag == SG_TAG_NULL && scalar->len == 0 && values.in_flow;
    if (tag == SG_TAG_TIMESTAMP) {
        tag = normalise_timestamp(set, scalar, values);
    } else if (emptied && !values.from_patch) {
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
        set_text(scalar, json_is_true(scalar->text) ? SG_STR("true") : SG_STR("false"));
        scalar->style = SG_PLAIN;
        break;
    case SG_TAG_INT:
    case SG_TAG_FLOAT:
        normalise_number(set, scalar);
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

static int normalise(struct sg_docs *set, struct sg_node *node, struct values values,
                     struct sg_err *err) {
    node->comment = false; /* JSON has none */
    if (sg_is_scalar(node)) {
        normalise_scalar(set, node, values);
        return 0;
    }
    values.in_flow = values.in_flow || node->flow;
    node->flow = false; /* what comes back is written in blocks */
    if (sg_is_map(node)) {
        return normalise_map(set, node, values, err);
    }
    for (uint32_t i = 0; i < node->len; i++) {
        if (normalise(set, node->items[i], values, err) != 0) {
            return -1;
        }
    }
    return 0;
}

int json_normalise(struct sg_docs *set, struct sg_node *node, bool from_patch,
                   struct sg_err *err) {
    return normalise(set, node, (struct values){.from_patch = from_patch}, err);
}

static bool scalars_equal(const struct sg_node *a, const struct sg_node *b) {
    enum sg_tag left = sg_scalar_type(a);
    enum sg_tag right = sg_scalar_type(b);
    bool numbers = (left == SG_TAG_INT || left == SG_TAG_FLOAT) &&
                   (right == SG_TAG_INT || right == SG_TAG_FLOAT);
    if (left != right && !numbers) {
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
