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

/* A text on its way. */
struct writing {
    const struct comments *comments; /* NULL: none */
    struct sg_buf *out;
};

static void add_above(const struct writing *w, uint32_t loc, int by) {
    if (w->comments != NULL) {
        comments_above(w->comments, loc, by, w->out);
    }
}

static void add_beside(const struct writing *w, uint32_t loc) {
    if (w->comments != NULL) {
        comments_beside(w->comments, loc, w->out);
    }
}

static void write_value(const struct writing *w, const struct sg_node *node, int by,
                        bool in_list);

enum { KEY_MAX = 256 }; /* bytes; YAML takes 1,024 characters before the colon */

/* A long key stands on a line of its own, behind a question mark. */
static void write_key(sg_atom key, int by, struct sg_buf *out) {
    const struct sg_node node = {
        .kind = SG_SCALAR, .tag = SG_TAG_STR, .text = key->text, .len = key->len};
    bool is_long = key->len > KEY_MAX;
    sg_buf_adds(out, is_long ? "? " : "");
    sg_yaml_inline(&node, out);
    if (is_long) {
        sg_buf_addc(out, '\n');
        indent(out, by);
    }
    sg_buf_addc(out, ':');
}

/* What stands after "key:" or "-"; `key` is the key's place, 0 for none. */
static void write_after(const struct writing *w, uint32_t key, const struct sg_node *node,
                        int by) {
    if (sg_is_scalar(node) && fits_block(node)) {
        sg_buf_addc(w->out, ' ');
        write_block(node, by + STEP, w->out);
    } else if (sg_is_scalar(node) || node->len == 0) {
        sg_buf_addc(w->out, ' ');
        sg_yaml_inline(node, w->out);
        add_beside(w, node->loc);
        sg_buf_addc(w->out, '\n');
    } else {
        add_beside(w, key);
        sg_buf_addc(w->out, '\n');
        write_value(w, node, sg_is_map(node) ? by + STEP : by, false);
    }
}

static void write_map(const struct writing *w, const struct sg_node *map, int by,
                      bool in_list) {
    for (uint32_t i = 0; i < map->len; i++) {
        const struct sg_entry *entry = &map->entries[i];
        if (i > 0 || !in_list) {
            add_above(w, entry->key_loc, by);
            indent(w->out, by);
        }
        write_key(entry->key, by, w->out);
        write_after(w, entry->key_loc, entry->value, by);
    }
}

static void write_list(const struct writing *w, const struct sg_node *list, int by,
                       bool in_list) {
    for (uint32_t i = 0; i < list->len; i++) {
        const struct sg_node *item = list->items[i];
        if (i > 0 || !in_list) {
            add_above(w, place_of_item(item), by);
            indent(w->out, by);
        }
        sg_buf_addc(w->out, '-');
        if (sg_is_scalar(item) || item->len == 0) {
            write_after(w, 0, item, by);
        } else {
            sg_buf_addc(w->out, ' ');
            write_value(w, item, by + STEP, true);
        }
    }
}

/* `in_list`: the first line has its indent and dash already. */
static void write_value(const struct writing *w, const struct sg_node *node, int by,
                        bool in_list) {
    if (sg_is_map(node)) {
        write_map(w, node, by, in_list);
    } else {
        write_list(w, node, by, in_list);
    }
}

/* A comment in the place of what was removed stands above the next value, too. */
static void reserve(const struct comments *comments, const struct sg_node *node) {
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        const struct sg_entry *entry = &node->entries[i];
        if (sg_is_null(entry->value)) {
            comments_reserve(comments, entry->key_loc);
        }
        reserve(comments, entry->value);
    }
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        comments_reserve(comments, node->items[i]->loc);
        reserve(comments, node->items[i]);
    }
}

void text_write(const struct sg_node *node, const struct comments *comments,
                struct sg_buf *out) {
    sg_auto_strmap owners = {0};
    struct comments once = {0};
    if (comments != NULL) {
        once = *comments;
        once.owners = &owners;
        reserve(&once, node);
    }
    const struct writing w = {comments != NULL ? &once : NULL, out};
    write_value(&w, node, 0, false);
}
