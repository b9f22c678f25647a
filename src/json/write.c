/*
 * Nodes to JSON text. Written here and not by jansson, whose numbers are int64 and double
 * and whose escapes differ from Go's: the name hash is over Go's bytes.
 */
#include "sg/json.h"
#include "sg/number.h"
#include "sg/sort.h"

#include <string.h>

struct writer {
    unsigned style;
    struct sg_buf *out;
    struct sg_err *err;
    SG_VEC(const struct sg_entry *) sorted; /* a stack: the entries of the open maps */
};

/* The escape of byte `c` as a JSON string needs it, or NULL. */
static const char *escape_of(unsigned char c, bool go_html) {
    static const char *const short_forms[128] = {
        ['"'] = "\\\"", ['\\'] = "\\\\", ['\b'] = "\\b", ['\f'] = "\\f",
        ['\n'] = "\\n", ['\r'] = "\\r",  ['\t'] = "\\t",
    };
    static const char *const html[128] = {
        ['<'] = "\\u003c", ['>'] = "\\u003e", ['&'] = "\\u0026"};
    if (c >= 128) {
        return NULL;
    }
    return short_forms[c] ? short_forms[c] : go_html ? html[c] : NULL;
}

static bool is_separator(const char *at, size_t left) {
    return left >= 3 && at[0] == '\xE2' && at[1] == '\x80' &&
           ((unsigned char)at[2] & 0xFE) == 0xA8; /* U+2028, U+2029 */
}

static void quote(const char *text, size_t len, bool go_html, struct sg_buf *out) {
    size_t done = 0;
    sg_buf_addc(out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        const char *escape = escape_of(c, go_html);
        bool separator = go_html && is_separator(text + i, len - i);
        if (!escape && c >= 0x20 && !separator) {
            continue;
        }
        sg_buf_add(out, text + done, i - done);
        if (escape) {
            sg_buf_adds(out, escape);
        } else if (separator) {
            sg_buf_addf(out, "\\u202%c", text[i + 2] == '\xA8' ? '8' : '9');
        } else {
            sg_buf_addf(out, "\\u%04x", c);
        }
        i += separator ? 2 : 0;
        done = i + 1;
    }
    sg_buf_add(out, text + done, len - done);
    sg_buf_addc(out, '"');
}

void sg_json_quote(const char *text, size_t len, struct sg_buf *out) {
    quote(text, len, false, out);
}

static void line(struct writer *w, unsigned depth) {
    if (!(w->style & SG_JSON_INDENT)) {
        return;
    }
    sg_buf_addc(w->out, '\n');
    for (unsigned i = 0; i < depth; i++) {
        sg_buf_adds(w->out, "  ");
    }
}

static int write_scalar(struct writer *w, const struct sg_node *scalar) {
    switch (sg_scalar_type(scalar)) {
    case SG_TAG_NULL:
        sg_buf_adds(w->out, "null");
        return 0;
    case SG_TAG_BOOL: {
        char first = (char)(scalar->text[0] | 0x20);
        bool on = first == 'o' && (scalar->text[1] | 0x20) == 'n';
        sg_buf_adds(w->out, first == 't' || first == 'y' || on ? "true" : "false");
        return 0;
    }
    case SG_TAG_INT:
    case SG_TAG_FLOAT:
        if (sg_number_write(scalar->text, scalar->len, SG_NUMBER_JSON, w->out)) {
            return 0;
        }
        return sg_fail(w->err, SG_E_INPUT,
                       "found '%.60s', expected a finite number: JSON has no other",
                       scalar->text);
    case SG_TAG_TIMESTAMP: {
        sg_auto_buf stamp = SG_BUF_INIT;
        if (sg_timestamp_write(scalar->text, scalar->len, &stamp)) {
            sg_buf_addf(w->out, "\"%s\"", sg_buf_cstr(&stamp));
            return 0;
        }
        break;
    }
    case SG_TAG_NONE:
    case SG_TAG_STR:
    case SG_TAG_BINARY:
    case SG_TAG_MERGE:
    case SG_TAG_OTHER:
        break;
    }
    quote(scalar->text, scalar->len, w->style & SG_JSON_GO_HTML, w->out);
    return 0;
}

static bool key_less(const void *a, const void *b, void *ctx) {
    const struct sg_entry *const *x = a, *const *y = b;
    (void)ctx;
    return sg_bytes_cmp((*x)->key->text, (*x)->key->len, (*y)->key->text,
                        (*y)->key->len) < 0;
}

static int write_node(struct writer *w, const struct sg_node *node, unsigned depth);

static int write_map(struct writer *w, const struct sg_node *map, unsigned depth) {
    size_t first = w->sorted.len;
    for (uint32_t i = 0; i < map->len; i++) {
        sg_vec_push(&w->sorted, &map->entries[i]);
    }
    if (w->style & SG_JSON_SORTED) {
        sg_sort(w->sorted.items + first, map->len, sizeof(*w->sorted.items), key_less,
                NULL);
    }
    sg_buf_addc(w->out, '{');
    for (uint32_t i = 0; i < map->len; i++) {
        const struct sg_entry *entry = w->sorted.items[first + i];
        if (i > 0) {
            sg_buf_addc(w->out, ',');
        }
        line(w, depth + 1);
        quote(entry->key->text, entry->key->len, w->style & SG_JSON_GO_HTML, w->out);
        sg_buf_adds(w->out, w->style & SG_JSON_INDENT ? ": " : ":");
        if (write_node(w, entry->value, depth + 1)) {
            return -1;
        }
    }
    w->sorted.len = first;
    if (map->len > 0) {
        line(w, depth);
    }
    sg_buf_addc(w->out, '}');
    return 0;
}

static int write_seq(struct writer *w, const struct sg_node *seq, unsigned depth) {
    sg_buf_addc(w->out, '[');
    for (uint32_t i = 0; i < seq->len; i++) {
        if (i > 0) {
            sg_buf_addc(w->out, ',');
        }
        line(w, depth + 1);
        if (write_node(w, seq->items[i], depth + 1)) {
            return -1;
        }
    }
    if (seq->len > 0) {
        line(w, depth);
    }
    sg_buf_addc(w->out, ']');
    return 0;
}

static int write_node(struct writer *w, const struct sg_node *node, unsigned depth) {
    if (sg_is_map(node)) {
        return write_map(w, node, depth);
    }
    return sg_is_seq(node) ? write_seq(w, node, depth) : write_scalar(w, node);
}

int sg_json_write(const struct sg_node *node, unsigned style, struct sg_buf *out,
                  struct sg_err *err) {
    struct writer w = {.style = style, .out = out, .err = err};
    sg_vec_reserve(&w.sorted, 64); /* never NULL, so that slices of none are fine */
    int rc = write_node(&w, node, 0);
    sg_vec_release(&w.sorted);
    return rc;
}
