#include "jwriter.h"

#include <stdio.h>
#include <string.h>

#include "sg/json.h"
#include "sg/report.h"

static void new_line(struct sg_jwriter *w) {
    sg_buf_addf(w->out, "\n%*s", (int)(2 * w->depth), "");
}

/* Before anything that stands in an array, or a key in an object. */
static void separate(struct sg_jwriter *w) {
    if (w->pending) {
        w->pending = false;
        return;
    }
    if (w->depth == 0) {
        return;
    }
    if (!w->empty) {
        sg_buf_addc(w->out, ',');
    }
    w->empty = false;
    new_line(w);
}

void sg_jw_begin(struct sg_jwriter *w, char bracket) {
    if (w->yaml) {
        sg_yw_begin(w);
        return;
    }
    separate(w);
    sg_buf_addc(w->out, bracket);
    w->depth++;
    w->empty = true;
}

void sg_jw_end(struct sg_jwriter *w, char bracket) {
    if (w->yaml) {
        sg_yw_end(w, bracket);
        return;
    }
    w->depth--;
    if (!w->empty) {
        new_line(w);
    }
    sg_buf_addc(w->out, bracket);
    w->empty = false;
}

void sg_jw_key(struct sg_jwriter *w, const char *key) {
    if (w->yaml) {
        sg_yw_key(w, key, strlen(key));
        return;
    }
    separate(w);
    sg_json_quote(key, strlen(key), w->out);
    sg_buf_adds(w->out, ": ");
    w->pending = true;
}

void sg_jw_string(struct sg_jwriter *w, const char *text, size_t len) {
    sg_auto_buf valid = SG_BUF_INIT;
    sg_text_utf8(text, len, &valid);
    if (w->yaml) {
        sg_yw_string(w, sg_buf_cstr(&valid), valid.len);
        return;
    }
    separate(w);
    sg_json_quote(sg_buf_cstr(&valid), valid.len, w->out);
}

/* What JSON writes without quotes. */
static void put_word(struct sg_jwriter *w, const char *word) {
    if (w->yaml) {
        sg_yw_word(w, word, strlen(word));
        return;
    }
    separate(w);
    sg_buf_adds(w->out, word);
}

void sg_jw_number(struct sg_jwriter *w, uint64_t number) {
    char word[24];
    snprintf(word, sizeof word, "%llu", (unsigned long long)number);
    put_word(w, word);
}

void sg_jw_real(struct sg_jwriter *w, double number) {
    char word[32];
    snprintf(word, sizeof word, "%.4g", number);
    put_word(w, word);
}

void sg_jw_bool(struct sg_jwriter *w, bool value) {
    put_word(w, value ? "true" : "false");
}

void sg_jw_null(struct sg_jwriter *w) {
    put_word(w, "null");
}

int sg_jw_node(struct sg_jwriter *w, const struct sg_node *node, struct sg_err *err) {
    if (w->yaml) {
        return sg_yw_node(w, node, err);
    }
    separate(w);
    return sg_json_write(node, SG_JSON_COMPACT, w->out, err);
}

void sg_jw_put(struct sg_jwriter *w, const char *key, const char *text) {
    if (!text) {
        return;
    }
    sg_jw_key(w, key);
    sg_jw_string(w, text, strlen(text));
}

void sg_jw_put_number(struct sg_jwriter *w, const char *key, uint64_t number) {
    sg_jw_key(w, key);
    sg_jw_number(w, number);
}

void sg_jw_put_bool(struct sg_jwriter *w, const char *key, bool value) {
    sg_jw_key(w, key);
    sg_jw_bool(w, value);
}

void sg_jw_put_list(struct sg_jwriter *w, const char *key, const char *const *items,
                    size_t n) {
    sg_jw_key(w, key);
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < n; i++) {
        sg_jw_string(w, items[i], strlen(items[i]));
    }
    sg_jw_end(w, ']');
}

void sg_jw_put_place(struct sg_jwriter *w, const char *key, struct sg_place at) {
    if (!at.file) {
        return;
    }
    sg_jw_key(w, key);
    sg_jw_begin(w, '{');
    sg_jw_put(w, "file", at.file);
    if (at.line) {
        sg_jw_put_number(w, "line", at.line);
    }
    if (at.column) {
        sg_jw_put_number(w, "column", at.column);
    }
    sg_jw_end(w, '}');
}
