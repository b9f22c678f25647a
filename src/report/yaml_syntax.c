/*
 * yaml_syntax.c - the tree of a report as YAML that readers of 1.1 and of 1.2 take for
 * the same values as the JSON. An entry stands two columns in from its parent, list
 * items under a key as well, so that the column follows from the depth alone.
 */
#include "jwriter.h"
#include "utf8.h"

#include <string.h>

#include "sg/json.h"

#define MAX_SIMPLE_KEY 1000 /* bytes; YAML's readers give up at 1024 characters */

/* Begins an entry or item: on a line of its own, but behind "- ". */
static void start_entry(struct sg_jwriter *w) {
    if (!w->on_line) {
        sg_buf_addf(w->out, "\n%*s", (int)(2 * (w->depth - 1)), "");
    }
    w->on_line = w->empty = false;
}

/* Before a value that stands on the line of its key or dash. */
static void place_value(struct sg_jwriter *w) {
    if (w->pending) {
        w->pending = false;
        sg_buf_addc(w->out, ' ');
    } else if (w->depth > 0) {
        start_entry(w);
        sg_buf_adds(w->out, "- ");
    }
}

void sg_yw_begin(struct sg_jwriter *w) {
    w->keyed = w->pending;
    if (!w->pending && w->depth > 0) {
        start_entry(w);
        sg_buf_adds(w->out, "- ");
    }
    w->on_line = !w->keyed;
    w->pending = false;
    w->depth++;
    w->empty = true;
}

void sg_yw_end(struct sg_jwriter *w, char bracket) {
    w->depth--;
    if (w->empty) {
        sg_buf_addf(w->out, "%s%s", w->keyed ? " " : "", bracket == '}' ? "{}" : "[]");
    }
    w->on_line = w->empty = false;
}

/* --- strings ---------------------------------------------------------------------- */

/* Characters that mean nothing inside a plain scalar of block style. */
static bool is_plain_at(const char *text, size_t len, size_t i) {
    unsigned char c = (unsigned char)text[i];
    if (c < 0x20 || c >= 0x7F) {
        return false;
    }
    bool ends = i + 1 == len || text[i + 1] == ' ';
    return !(c == ':' && ends) && !(c == '#' && text[i - 1] == ' ');
}

/* Starts with a letter, '/' or '_', and is no word that stands for a value. What starts
 * with a digit is quoted: readers differ about 1_000, 1:30, 0o17 and dates. */
static bool is_plain(const char *text, size_t len) {
    bool letter = len && ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z');
    if (!letter && !(len && (text[0] == '/' || text[0] == '_'))) {
        return false;
    }
    for (size_t i = 1; i < len; i++) {
        if (!is_plain_at(text, len, i)) {
            return false;
        }
    }
    return text[len - 1] != ' ' && (len > 1 || text[0] != ':') &&
           sg_resolve_read(text, len) == SG_TAG_STR &&
           sg_resolve_yaml11(text, len) == SG_TAG_STR &&
           !(len == 1 && strchr("yYnN", text[0])); /* booleans of YAML 1.1 */
}

/* What YAML does not count as printable, and what its readers take for a line end. */
static bool is_special(uint32_t code) {
    return sg_utf8_acts(code) || code == 0xFFFE || code == 0xFFFF;
}

static void quote(const char *text, size_t len, struct sg_buf *out) {
    sg_buf_addc(out, '"');
    for (size_t i = 0; i < len;) {
        uint32_t code = 0xFFFD;
        size_t n = sg_utf8_next(text + i, len - i, &code);
        if (code == '"' || code == '\\') {
            sg_buf_addf(out, "\\%c", (char)code);
        } else if (code == '\n' || code == '\t') {
            sg_buf_adds(out, code == '\n' ? "\\n" : "\\t");
        } else if (is_special(code)) {
            sg_buf_addf(out, code < 0x100 ? "\\x%02X" : "\\u%04X", code);
        } else {
            sg_buf_add(out, text + i, n);
        }
        i += n ? n : 1;
    }
    sg_buf_addc(out, '"');
}

static void write_short(const char *text, size_t len, struct sg_buf *out) {
    if (is_plain(text, len)) {
        sg_buf_add(out, text, len);
    } else {
        quote(text, len, out);
    }
}

/* Lines that a literal block holds as they are. */
static bool fits_literal(const char *text, size_t len) {
    if (!memchr(text, '\n', len) || text[0] == ' ' || text[0] == '\n') {
        return false;
    }
    for (size_t i = 0; i < len;) {
        uint32_t code = 0;
        size_t n = sg_utf8_next(text + i, len - i, &code);
        bool tab = code == '\t' && i > 0 && text[i - 1] != '\n';
        if (n == 0 || (is_special(code) && code != '\n' && !tab)) {
            return false;
        }
        i += n;
    }
    return true;
}

static void write_literal(struct sg_jwriter *w, const char *text, size_t len) {
    size_t end = len;
    while (text[end - 1] == '\n') {
        end--;
    }
    sg_buf_adds(w->out, len == end ? "|-" : len == end + 1 ? "|" : "|+");
    for (size_t at = 0; at < end;) {
        const char *newline = memchr(text + at, '\n', end - at);
        size_t line = newline ? (size_t)(newline - text) - at : end - at;
        sg_buf_addf(w->out, "\n%*s", line ? (int)(2 * w->depth) : 0, "");
        sg_buf_add(w->out, text + at, line);
        at += line + 1;
    }
    for (size_t i = end + 1; i < len; i++) {
        sg_buf_addc(w->out, '\n');
    }
}

void sg_yw_string(struct sg_jwriter *w, const char *text, size_t len) {
    place_value(w);
    if (len && w->depth > 0 && fits_literal(text, len)) {
        write_literal(w, text, len);
    } else {
        write_short(text, len, w->out);
    }
}

void sg_yw_key(struct sg_jwriter *w, const char *key, size_t len) {
    start_entry(w);
    sg_buf_adds(w->out, len > MAX_SIMPLE_KEY ? "? " : "");
    write_short(key, len, w->out);
    if (len > MAX_SIMPLE_KEY) {
        sg_buf_addf(w->out, "\n%*s", (int)(2 * (w->depth - 1)), "");
    }
    sg_buf_addc(w->out, ':');
    w->pending = true;
}

/* --- other values ----------------------------------------------------------------- */

/* YAML 1.1 has no 1e21: a float has its point, and its exponent a sign. */
void sg_yw_word(struct sg_jwriter *w, const char *json, size_t len) {
    place_value(w);
    bool number = len && (json[0] == '-' || (json[0] >= '0' && json[0] <= '9'));
    const char *e = number ? memchr(json, 'e', len) : NULL;
    e = e || !number ? e : memchr(json, 'E', len);
    size_t head = e ? (size_t)(e - json) : len;
    sg_buf_add(w->out, json, head);
    if (!e) {
        return;
    }
    bool sign = e[1] == '+' || e[1] == '-';
    sg_buf_addf(w->out, "%se%s", memchr(json, '.', head) ? "" : ".0", sign ? "" : "+");
    sg_buf_add(w->out, e + 1, len - head - 1);
}

static int write_scalar(struct sg_jwriter *w, const struct sg_node *scalar,
                        struct sg_err *err) {
    sg_auto_buf json = SG_BUF_INIT;
    if (sg_json_write(scalar, SG_JSON_COMPACT, &json, err) < 0) {
        return -1;
    }
    if (sg_buf_cstr(&json)[0] != '"') {
        sg_yw_word(w, sg_buf_cstr(&json), json.len);
    } else if (sg_scalar_type(scalar) == SG_TAG_TIMESTAMP) {
        sg_yw_string(w, json.ptr + 1, json.len - 2); /* in JSON's form, without escapes */
    } else {
        sg_yw_string(w, scalar->text, scalar->len);
    }
    return 0;
}

int sg_yw_node(struct sg_jwriter *w, const struct sg_node *node, struct sg_err *err) {
    if (sg_is_scalar(node)) {
        return write_scalar(w, node, err);
    }
    bool map = sg_is_map(node);
    sg_yw_begin(w);
    for (uint32_t i = 0; i < node->len; i++) {
        if (map) {
            sg_atom key = node->entries[i].key;
            sg_yw_key(w, key->text, key->len);
        }
        if (sg_yw_node(w, map ? node->entries[i].value : node->items[i], err) < 0) {
            return -1;
        }
    }
    sg_yw_end(w, map ? '}' : ']');
    return 0;
}
