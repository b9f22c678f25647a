/*
 * text.c - YAML as a person writes it: keys in the order they have, short words plain,
 * long text in a block.
 */
#include "adopting.h"

enum { STEP = 2 };

static void indent(struct sg_buf *out, int by) {
    for (int i = 0; i < by; i++) {
        sg_buf_addc(out, ' ');
    }
}

/* A literal block holds the text as it is: lines of printable bytes. */
static bool fits_block(const struct sg_node *node) {
    bool lines = false;
    for (uint32_t i = 0; i < node->len; i++) {
        unsigned char c = (unsigned char)node->text[i];
        if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f || c >= 0x80) {
            return false; /* what is not ASCII may not be printable */
        }
        lines = lines || c == '\n';
    }
    return lines && sg_scalar_type(node) == SG_TAG_STR && node->text[0] != '\n';
}

static size_t line_ends(const struct sg_node *node) {
    size_t ends = 0;
    while (ends < node->len && node->text[node->len - 1 - ends] == '\n') {
        ends++;
    }
    return ends;
}

static void write_block(const struct sg_node *node, int by, struct sg_buf *out) {
    size_t ends = line_ends(node);
    sg_buf_addc(out, '|');
    if (node->text[0] == ' ' || node->text[0] == '\t') {
        sg_buf_addf(out, "%d", STEP);
    }
    sg_buf_adds(out, ends == 0 ? "-\n" : ends == 1 ? "\n" : "+\n");
    const char *at = node->text, *end = node->text + node->len;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop != NULL ? stop : end) - at);
        if (len > 0) {
            indent(out, by);
            sg_buf_add(out, at, len);
        }
        sg_buf_addc(out, '\n');
        at += len + 1;
    }
}

void text_scalar(const struct sg_node *node, struct sg_buf *out) {
    sg_yaml_inline(node, out);
}

static void write_value(const struct sg_node *node, int by, bool in_list,
                        struct sg_buf *out);

static void write_key(sg_atom key, struct sg_buf *out) {
    const struct sg_node node = {
        .kind = SG_SCALAR, .tag = SG_TAG_STR, .text = key->text, .len = key->len};
    sg_yaml_inline(&node, out);
    sg_buf_addc(out, ':');
}

/* What stands after "key:" or "-". */
static void write_after(const struct sg_node *node, int by, struct sg_buf *out) {
    if (sg_is_scalar(node) && fits_block(node)) {
        sg_buf_addc(out, ' ');
        write_block(node, by + STEP, out);
    } else if (sg_is_scalar(node) || node->len == 0) {
        sg_buf_addc(out, ' ');
        sg_yaml_inline(node, out);
        sg_buf_addc(out, '\n');
    } else {
        sg_buf_addc(out, '\n');
        write_value(node, sg_is_map(node) ? by + STEP : by, false, out);
    }
}

static void write_map(const struct sg_node *map, int by, bool in_list,
                      struct sg_buf *out) {
    for (uint32_t i = 0; i < map->len; i++) {
        if (i > 0 || !in_list) {
            indent(out, by);
        }
        write_key(map->entries[i].key, out);
        write_after(map->entries[i].value, by, out);
    }
}

static void write_list(const struct sg_node *list, int by, bool in_list,
                       struct sg_buf *out) {
    for (uint32_t i = 0; i < list->len; i++) {
        const struct sg_node *item = list->items[i];
        if (i > 0 || !in_list) {
            indent(out, by);
        }
        sg_buf_addc(out, '-');
        if (sg_is_scalar(item) || item->len == 0) {
            write_after(item, by, out);
        } else {
            sg_buf_addc(out, ' ');
            write_value(item, by + STEP, true, out);
        }
    }
}

/* `in_list`: the first line has its indent and dash already. */
static void write_value(const struct sg_node *node, int by, bool in_list,
                        struct sg_buf *out) {
    if (sg_is_map(node)) {
        write_map(node, by, in_list, out);
    } else {
        write_list(node, by, in_list, out);
    }
}

void text_write(const struct sg_node *node, struct sg_buf *out) {
    write_value(node, 0, false, out);
}
