#include "text.h"

#include <string.h>

#include "sg/yaml.h"

#define LINE_WIDTH 80 /* of wrapped text */

void sg_text_count(struct sg_buf *out, size_t n, const char *one, const char *many) {
    if (n == 1) {
        sg_buf_addf(out, "1 %s", one);
    } else if (many) {
        sg_buf_addf(out, "%zu %s", n, many);
    } else {
        sg_buf_addf(out, "%zu %ss", n, one);
    }
}

void sg_text_adds(struct sg_buf *out, const char *text) {
    sg_text_safe(text, strlen(text), out);
}

void sg_text_place(const struct sg_text *t, struct sg_place at) {
    if (!at.file || at.file[0] == '\0') {
        return;
    }
    sg_buf_adds(t->out, t->paint->link);
    sg_text_adds(t->out, at.file);
    if (at.line) {
        sg_buf_addf(t->out, ":%u", at.line);
    }
    if (at.line && at.column) {
        sg_buf_addf(t->out, ":%u", at.column);
    }
    sg_buf_adds(t->out, t->paint->reset);
}

void sg_text_commit(struct sg_buf *out, const char *commit) {
    sg_text_safe(commit, strnlen(commit, 10), out);
}

void sg_text_object(struct sg_buf *out, const struct sg_plan_object *object) {
    sg_text_adds(out, object->kind);
    sg_buf_addc(out, ' ');
    if (object->namespace && object->namespace[0]) {
        sg_text_adds(out, object->namespace);
        sg_buf_addc(out, '/');
    }
    sg_text_adds(out, object->name);
}

/* Moves `at` back to the start of the character it points into. */
static size_t char_start(const char *text, size_t at) {
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80) {
        at--;
    }
    return at;
}

/* A digest says nothing to a reader past its first digits. */
static void cut_digest(struct sg_buf *text) {
    static const char mark[] = "@sha256:";
    char *digest = strstr(text->ptr, mark);
    if (!digest) {
        return;
    }
    char *first = digest + sizeof mark - 1;
    size_t len = strspn(first, "0123456789abcdef");
    if (len != 64) {
        return;
    }
    memmove(first + 8, first + len, strlen(first + len) + 1);
    text->len -= len - 8;
}

static void add_cut(const struct sg_text *t, const struct sg_buf *text) {
    if (t->opts->full || t->whole || text->len <= SG_TEXT_VALUE) {
        sg_buf_add(t->out, text->ptr, text->len);
        return;
    }
    size_t head = char_start(text->ptr, SG_TEXT_VALUE / 2);
    size_t tail = char_start(text->ptr, text->len - SG_TEXT_VALUE / 3);
    sg_buf_add(t->out, text->ptr, head);
    sg_buf_adds(t->out, "...");
    sg_buf_add(t->out, text->ptr + tail, text->len - tail);
}

void sg_text_inlined(const struct sg_text *t, const char *text, size_t len) {
    sg_auto_buf safe = SG_BUF_INIT;
    sg_text_safe(text, len, &safe);
    if (safe.len == 0) {
        return;
    }
    if (!t->opts->full) {
        cut_digest(&safe);
    }
    add_cut(t, &safe);
}

void sg_text_value(const struct sg_text *t, const struct sg_plan_value *value) {
    if (value->kind == SG_VALUE_ABSENT) {
        sg_buf_adds(t->out, "(none)");
        return;
    }
    if (value->kind == SG_VALUE_MASKED) {
        sg_buf_adds(t->out, "(secret)");
        return;
    }
    sg_auto_buf inlined = SG_BUF_INIT;
    sg_yaml_inline(value->node, &inlined);
    sg_text_inlined(t, sg_buf_cstr(&inlined), inlined.len);
}

bool sg_value_same(const struct sg_plan_value *a, const struct sg_plan_value *b) {
    if (a->kind != b->kind) {
        return false;
    }
    if (a->kind == SG_VALUE_MASKED) {
        return !a->changed && !b->changed;
    }
    return a->kind == SG_VALUE_ABSENT || sg_node_equal(a->node, b->node);
}

bool sg_value_is_block(const struct sg_plan_value *value) {
    if (value->kind != SG_VALUE_NODE || !sg_is_scalar(value->node)) {
        return false;
    }
    const char *newline = memchr(value->node->text, '\n', value->node->len);
    return newline && newline + 1 < value->node->text + value->node->len;
}

void sg_text_next(const struct sg_text *t, const char *why, const char *command) {
    if (t->opts->quiet || t->opts->part) {
        return;
    }
    bool follows = strcmp(why, "Then") == 0;
    sg_buf_addf(t->out, "%s%s: %s", follows ? "" : "\n", why, t->paint->bold);
    sg_text_adds(t->out, command);
    sg_buf_addf(t->out, "%s\n", t->paint->reset);
}

void sg_text_wrap(struct sg_buf *out, const char *text, size_t len, size_t at,
                  size_t indent) {
    bool first = true;
    for (size_t i = 0; i < len;) {
        while (i < len && (text[i] == ' ' || text[i] == '\n')) {
            i++;
        }
        size_t start = i;
        while (i < len && text[i] != ' ' && text[i] != '\n') {
            i++;
        }
        size_t width = sg_text_width(text + start, i - start);
        if (width == 0) {
            break;
        }
        if (!first && at + 1 + width > LINE_WIDTH) {
            sg_buf_addf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (!first) {
            sg_buf_addc(out, ' ');
            at++;
        }
        sg_buf_add(out, text + start, i - start);
        at += width;
        first = false;
    }
    sg_buf_addc(out, '\n');
}
