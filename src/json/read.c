/*
 * JSON text to nodes. jansson checks the text and decodes the strings; it keeps neither
 * the spelling of numbers nor where a value stands, so its tree is walked side by side
 * with the text, which is known to be well formed then.
 */
#include "sg/json.h"

#include <jansson.h>
#include <string.h>

struct reader {
    struct sg_docs *set;
    struct sg_err *err;
    const char *text;
    size_t at;
    uint32_t base;
};

static void skip_blanks(struct reader *r) {
    r->at += strspn(r->text + r->at, " \t\r\n");
}

/* Past one of the characters { } [ ] , : and the blanks on both sides. */
static void skip_mark(struct reader *r) {
    skip_blanks(r);
    r->at++;
    skip_blanks(r);
}

static void skip_string(struct reader *r) {
    for (r->at++; r->text[r->at] != '"'; r->at++) {
        if (r->text[r->at] == '\\') {
            r->at++;
        }
    }
    r->at++;
}

static struct sg_node *read_value(struct reader *r, json_t *value);

static int read_entries(struct reader *r, json_t *object, struct sg_node *map) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        skip_mark(r); /* '{' or ',' */
        uint32_t loc = r->base + (uint32_t)r->at;
        sg_atom atom = sg_atom_intern(r->set->atoms, key, strlen(key), r->err);
        if (!atom) {
            return -1;
        }
        skip_string(r);
        skip_mark(r); /* ':' */
        struct sg_node *child = read_value(r, value);
        if (!child) {
            return -1;
        }
        struct sg_entry *entry = sg_map_append(r->set, map, atom, child);
        entry->key_loc = loc;
        entry->key_tag = SG_TAG_STR;
        entry->key_style = SG_DOUBLE;
    }
    if (map->len == 0) {
        skip_mark(r);
    }
    skip_mark(r);
    return 0;
}

static int read_items(struct reader *r, json_t *array, struct sg_node *seq) {
    size_t index;
    json_t *value;
    json_array_foreach(array, index, value) {
        skip_mark(r); /* '[' or ',' */
        struct sg_node *child = read_value(r, value);
        if (!child) {
            return -1;
        }
        sg_seq_push(r->set, seq, child);
    }
    if (seq->len == 0) {
        skip_mark(r);
    }
    skip_mark(r);
    return 0;
}

static struct sg_node *read_scalar(struct reader *r, const json_t *value) {
    if (json_is_string(value)) {
        skip_string(r);
        return sg_scalar_new(r->set, json_string_value(value), json_string_length(value),
                             SG_TAG_STR, SG_DOUBLE);
    }
    const char *word = r->text + r->at;
    size_t len = strcspn(word, " \t\r\n,]}");
    enum sg_tag tag = SG_TAG_INT;
    if (json_is_null(value)) {
        tag = SG_TAG_NULL;
    } else if (json_is_boolean(value)) {
        tag = SG_TAG_BOOL;
    } else if (strcspn(word, ".eE") < len) {
        tag = SG_TAG_FLOAT;
    }
    r->at += len;
    return sg_scalar_new(r->set, word, len, tag, SG_PLAIN);
}

static struct sg_node *read_value(struct reader *r, json_t *value) {
    uint32_t loc = r->base + (uint32_t)r->at;
    struct sg_node *node;
    if (json_is_object(value)) {
        node = sg_map_new(r->set);
        node->flow = true;
        if (read_entries(r, value, node)) {
            return NULL;
        }
    } else if (json_is_array(value)) {
        node = sg_seq_new(r->set);
        node->flow = true;
        if (read_items(r, value, node)) {
            return NULL;
        }
    } else {
        node = read_scalar(r, value);
    }
    node->loc = loc;
    return node;
}

/* jansson's errors are one line already; the column counts code points from 1. */
static void fault(struct sg_err *err, const char *name, const json_error_t *error) {
    struct sg_pos at = {.file = name,
                        .line = error->line > 0 ? (uint32_t)error->line : 0,
                        .column = error->column > 0 ? (uint32_t)error->column : 0};
    enum sg_code code =
        json_error_code(error) == json_error_stack_overflow ? SG_E_LIMIT : SG_E_INPUT;
    sg_fail_at(err, code, at, "this is no valid JSON: %s", error->text);
}

struct sg_node *sg_json_read(struct sg_docs *set, const char *name, const char *text,
                             size_t len, struct sg_err *err) {
    json_error_t error;
    /* integers of any size: their text is taken from the source */
    size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL |
                   JSON_ALLOW_NUL;
    int index = sg_docs_add_source(set, name, text, len, err);
    if (index < 0) {
        return NULL;
    }
    json_t *root = json_loadb(text, len, flags, &error);
    if (!root) {
        fault(err, name, &error);
        return NULL;
    }
    const struct sg_source *source = &set->sources.items[index];
    struct reader r = {
        .set = set, .err = err, .text = source->text, .base = source->base};
    skip_blanks(&r);
    struct sg_node *node = read_value(&r, root);
    json_decref(root);
    return node;
}
