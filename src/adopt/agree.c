/* agree.c - whether several environments write the same, comments and all. */
#include "share.h"

/* --- what is written -------------------------------------------------------------- */

void say_value(const struct spot *at, const struct sg_entry *said,
               const struct comments *comments, struct sg_buf *out) {
    (void)at;
    struct sg_entry entry = *said;
    struct sg_node *item = said->value;
    const struct sg_node map = {.kind = SG_MAP, .len = 1, .entries = &entry};
    const struct sg_node list = {.kind = SG_SEQ, .len = 1, .items = &item};
    text_write(said->key != NULL ? &map : &list, comments, out);
}

static void say_keys(const struct spot *at, const struct sg_node *element,
                     const struct comments *comments, struct sg_buf *out) {
    struct sg_entry keys[SG_MERGE_KEYS_MAX];
    struct sg_node map = {.kind = SG_MAP, .loc = element->loc, .entries = keys};
    for (uint32_t i = 0; i < element->len && map.len < SG_MERGE_KEYS_MAX; i++) {
        if (is_merge_key(at, element->entries[i].key)) {
            keys[map.len++] = element->entries[i];
        }
    }
    say_value(at, &(struct sg_entry){.value = &map}, comments, out);
}

void say_line(const struct spot *at, const struct sg_entry *said,
              const struct comments *comments, struct sg_buf *out) {
    if (said->key == NULL) {
        say_keys(at, said->value, comments, out);
    } else if (comments != NULL) {
        comments_above(comments, said->key_loc, 0, out);
        comments_beside(comments, said->key_loc, out);
    }
}

/* --- who speaks for all ------------------------------------------------------------- */

static bool same_text(const struct sg_buf *a, const struct sg_buf *b) {
    return a->len == b->len && (a->len == 0 || memcmp(a->ptr, b->ptr, a->len) == 0);
}

size_t agreed(const struct voices *voices, const struct spot *at,
              const struct sg_entry *said, say_fn *say) {
    sg_auto_buf plain = SG_BUF_INIT, noted = SG_BUF_INIT;
    size_t from = 0, len = voices->items.len;
    say(at, &said[0], NULL, &plain);
    for (size_t i = 0; i < len; i++) {
        sg_auto_buf bare = SG_BUF_INIT, full = SG_BUF_INIT;
        say(at, &said[i], NULL, &bare);
        say(at, &said[i], &voices->items.items[i].comments, &full);
        bool has_comment = !same_text(&full, &bare);
        if (!same_text(&bare, &plain) ||
            (has_comment && noted.len > 0 && !same_text(&full, &noted))) {
            return len;
        }
        if (has_comment && noted.len == 0) {
            from = i;
            sg_buf_add(&noted, full.ptr, full.len);
        }
    }
    return from;
}
