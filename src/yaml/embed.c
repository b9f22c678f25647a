/* YAML inside a scalar: offsets and splices of the decoded text, in bytes of the file. */
#include "spans.h"

#include <string.h>

void sg_yaml_embed_release(struct sg_yaml_embed *embed) {
    sg_vec_release(&embed->lines);
}

static uint32_t length_of_line(const struct sg_source *source, uint32_t line) {
    uint32_t end = sg_line_end(source, line);
    while (end > line && strchr("\r\n", source->text[end - 1])) {
        end--;
    }
    return end - line;
}

/* One line of a literal block; false where the file says something else. */
static bool add_line(struct sg_yaml_embed *embed, const struct sg_source *source,
                     uint32_t decoded, uint32_t len, uint32_t line) {
    uint32_t file_len = length_of_line(source, line);
    uint32_t indent = file_len < embed->indent ? file_len : embed->indent;
    if (file_len - indent != len ||
        memcmp(source->text + line + indent, embed->text.ptr + decoded, len) != 0) {
        return false;
    }
    sg_vec_push(&embed->lines, (struct sg_embed_line){decoded, line + indent, line});
    return true;
}

/* The indent is what the file has more than the first line that is not empty. */
static bool find_indent(struct sg_yaml_embed *embed, const struct sg_source *source,
                        uint32_t line) {
    size_t empty = 0;
    while (empty < embed->text.len && embed->text.ptr[empty] == '\n') {
        empty++;
        line = sg_line_end(source, line);
    }
    const char *end = memchr(embed->text.ptr + empty, '\n', embed->text.len - empty);
    size_t len = end ? (size_t)(end - embed->text.ptr) - empty : embed->text.len - empty;
    uint32_t file_len = length_of_line(source, line);
    if (len == 0 || file_len <= len) {
        return false;
    }
    embed->indent = file_len - (uint32_t)len;
    return true;
}

static bool init_literal(struct sg_yaml_embed *embed, const struct sg_source *source,
                         struct sg_span span) {
    uint32_t line = sg_line_end(source, span.start), decoded = 0;
    embed->block = true;
    if (!find_indent(embed, source, line)) {
        return false;
    }
    while (decoded < embed->text.len) {
        const char *start = embed->text.ptr + decoded;
        const char *end = memchr(start, '\n', embed->text.len - decoded);
        uint32_t len =
            (uint32_t)(end ? (size_t)(end - start) : embed->text.len - decoded);
        if (!add_line(embed, source, decoded, len, line)) {
            return false;
        }
        decoded += len + (end ? 1 : 0);
        line = sg_line_end(source, line);
        if (end && decoded == embed->text.len) {
            sg_vec_push(&embed->lines, (struct sg_embed_line){decoded, line, line});
        }
    }
    return true;
}

bool sg_yaml_embed_init(const struct sg_docs *set, const struct sg_node *scalar,
                        struct sg_yaml_embed *out) {
    struct sg_span span;
    *out = (struct sg_yaml_embed){.text = {scalar->text, scalar->len}};
    const struct sg_source *source = sg_docs_source(set, scalar->loc);
    if (!sg_is_scalar(scalar) || !source || !sg_yaml_span(set, scalar, &span)) {
        return false;
    }
    char first = source->text[span.start];
    if (first == '&' || first == '!' || first == '*' || scalar->style == SG_FOLDED) {
        return false;
    }
    if (scalar->style == SG_LITERAL) {
        return init_literal(out, source, span);
    }
    uint32_t quotes = scalar->style == SG_PLAIN ? 0 : 1;
    uint32_t start = span.start + quotes;
    if (span.end - span.start != scalar->len + 2 * quotes ||
        memcmp(source->text + start, scalar->text, scalar->len) != 0) {
        return false;
    }
    sg_vec_push(&out->lines, (struct sg_embed_line){0, start, start});
    return true;
}

/* Index of the line that holds an offset of the decoded text. */
static size_t line_of(const struct sg_yaml_embed *embed, uint32_t decoded) {
    size_t low = 0, high = embed->lines.len;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (embed->lines.items[middle].decoded <= decoded) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t sg_yaml_embed_offset(const struct sg_yaml_embed *embed, uint32_t decoded) {
    const struct sg_embed_line *line = &embed->lines.items[line_of(embed, decoded)];
    return line->file + (decoded - line->decoded);
}

/* The line after the last line end of a block: it has no indent in the file. */
static bool is_virtual(const struct sg_yaml_embed *embed, uint32_t decoded) {
    return embed->block && decoded == embed->text.len && decoded > 0 &&
           embed->text.ptr[decoded - 1] == '\n';
}

static bool at_line_start(const struct sg_yaml_embed *embed, uint32_t decoded) {
    return decoded == 0 || embed->text.ptr[decoded - 1] == '\n';
}

static void add_spaces(struct sg_buf *out, uint32_t count) {
    while (count-- > 0) {
        sg_buf_addc(out, ' ');
    }
}

/* `text` with the block's indent at the start of each line that is not empty. */
static void indent_lines(const struct sg_yaml_embed *embed, const char *text, size_t len,
                         bool line_starts, bool more_follows, struct sg_buf *out) {
    for (size_t i = 0; i < len; i++) {
        if (line_starts && text[i] != '\n') {
            add_spaces(out, embed->indent);
        }
        sg_buf_addc(out, text[i]);
        line_starts = text[i] == '\n';
    }
    if (line_starts && len > 0 && more_follows) {
        add_spaces(out, embed->indent);
    }
}

static bool map_splice(const struct sg_yaml_embed *embed, const struct sg_splice *in,
                       struct sg_splices *out) {
    bool to_end = is_virtual(embed, in->end), whole = at_line_start(embed, in->start);
    uint32_t start = sg_yaml_embed_offset(embed, in->start);
    uint32_t end = sg_yaml_embed_offset(embed, in->end);
    bool ends_line = in->len > 0 && in->text[in->len - 1] == '\n';
    if (!embed->block && memchr(in->text, '\n', in->len)) {
        return false;
    }
    /* the last line end must stay: without it the next line of the file would join */
    if (to_end && in->end > in->start && !ends_line && !(whole && in->len == 0)) {
        return false;
    }
    if (to_end && in->end == in->start && in->len > 0 && !ends_line) {
        return false;
    }
    const struct sg_embed_line *line = &embed->lines.items[line_of(embed, in->start)];
    sg_auto_buf text = SG_BUF_INIT;
    if (to_end && whole) {
        start = line->line; /* the line goes with its indent */
    } else if (embed->block && whole && in->len > 0 && in->text[0] != '\n') {
        /* an empty line may have less than the indent */
        add_spaces(&text, embed->indent - (line->file - line->line));
    }
    if (embed->block) {
        indent_lines(embed, in->text, in->len, to_end && whole, !to_end, &text);
    } else {
        sg_buf_add(&text, in->text, in->len);
    }
    sg_splices_add(out, start, end, sg_buf_cstr(&text), text.len);
    return true;
}

/* Takes whole lines to the text's end. Such a splice begins before its first line's
 * indent, where one that ends there ends after it. */
static bool takes_end(const struct sg_yaml_embed *embed, const struct sg_splice *splice) {
    return splice->end > splice->start && is_virtual(embed, splice->end) &&
           at_line_start(embed, splice->start);
}

/* Joins two splices that touch; the second is gone. */
static void join(struct sg_splices *splices, size_t first) {
    struct sg_splice *a = &splices->items.items[first], *b = a + 1;
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_add(&text, a->text, a->len);
    sg_buf_add(&text, b->text, b->len);
    free(a->text);
    free(b->text);
    a->end = b->end;
    a->len = text.len;
    a->text = sg_buf_take(&text);
    memmove(b, b + 1, (splices->items.len - first - 2) * sizeof(*b));
    splices->items.len--;
}

/* Joins the splice that takes the end with those that touch it from before. */
static void join_end(const struct sg_yaml_embed *embed, struct sg_splices *sorted) {
    size_t at = sorted->items.len;
    while (at > 0 && !takes_end(embed, &sorted->items.items[at - 1])) {
        at--;
    }
    for (; at > 1; at--) {
        const struct sg_splice *last = &sorted->items.items[at - 1];
        if (!takes_end(embed, last) || last[-1].end != last->start) {
            return;
        }
        join(sorted, at - 2);
    }
}

bool sg_yaml_embed_splices(const struct sg_yaml_embed *embed,
                           const struct sg_splices *inner, struct sg_splices *out) {
    size_t before = out->items.len;
    struct sg_splices sorted = {0};
    bool ok = true;
    for (size_t i = 0; i < inner->items.len; i++) {
        const struct sg_splice *one = &inner->items.items[i];
        sg_splices_add(&sorted, one->start, one->end, one->text, one->len);
    }
    sg_splices_sort(&sorted);
    join_end(embed, &sorted);
    for (size_t i = 0; ok && i < sorted.items.len; i++) {
        ok = map_splice(embed, &sorted.items.items[i], out);
    }
    sg_splices_release(&sorted);
    while (!ok && out->items.len > before) {
        free(out->items.items[--out->items.len].text);
    }
    return ok;
}
