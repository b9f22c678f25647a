#include "cuts.h"

/* A text as pieces: bytes of the text before, or new ones. */
struct piece {
    bool kept;
    uint32_t from;    /* kept: offset in the text before */
    const char *text; /* new */
    uint32_t len;
    const char *tag; /* new: also of a piece of no bytes, which tells of a deletion */
};
struct pieces {
    SG_VEC(struct piece) items;
};

void cuts_release(struct cuts *cuts) {
    sg_vec_release(&cuts->items);
}

void cuts_apply(const struct cuts *cuts, struct sg_str in, struct sg_buf *out) {
    uint32_t at = 0;
    for (size_t i = 0; i < cuts->items.len; i++) {
        const struct cut *cut = &cuts->items.items[i];
        sg_buf_add(out, in.ptr + at, cut->start - at);
        sg_buf_add(out, cut->text, cut->len);
        at = cut->end;
    }
    sg_buf_add(out, in.ptr + at, in.len - at);
}

/* --- composing -------------------------------------------------------------------- */

static void keep(struct pieces *pieces, uint32_t from, uint32_t len) {
    if (len > 0) {
        sg_vec_push(&pieces->items,
                    (struct piece){.kept = true, .from = from, .len = len});
    }
}

static void put(struct pieces *pieces, const struct cut *cut) {
    sg_vec_push(&pieces->items,
                (struct piece){.text = cut->text, .len = cut->len, .tag = cut->tag});
}

static void pieces_of(const struct cuts *cuts, uint32_t len, struct pieces *out) {
    uint32_t at = 0;
    for (size_t i = 0; i < cuts->items.len; i++) {
        const struct cut *cut = &cuts->items.items[i];
        keep(out, at, cut->start - at);
        put(out, cut);
        at = cut->end;
    }
    keep(out, at, len - at);
}

/* Where a walk over pieces is: `skip` bytes into the piece `at`. */
struct walk {
    size_t at;
    uint32_t skip;
};

/* Copies the next `len` bytes; with `out` NULL only the marks of deletions stay. */
static void advance(const struct pieces *in, struct walk *walk, uint32_t len,
                    struct pieces *out) {
    while (walk->at < in->items.len) {
        struct piece piece = in->items.items[walk->at];
        uint32_t left = piece.len - walk->skip;
        if (len == 0 && left > 0) {
            return;
        }
        uint32_t take = left < len ? left : len;
        if (out != NULL && piece.kept) {
            keep(out, piece.from + walk->skip, take);
        } else if (out != NULL) {
            piece.text += walk->skip;
            piece.len = take;
            sg_vec_push(&out->items, piece);
        }
        len -= take;
        walk->skip += take;
        if (walk->skip == piece.len) {
            walk->at++;
            walk->skip = 0;
        }
    }
}

/* Adds the cut that is open: new pieces and cut bytes between two kept pieces. */
static void close_cut(struct cuts *out, struct cut *cut, struct sg_buf *text,
                      uint32_t end) {
    if (cut->tag == NULL && cut->start == end && text->len == 0) {
        return;
    }
    cut->end = end;
    cut->len = (uint32_t)text->len;
    if (cut->start < cut->end || cut->len > 0) {
        sg_vec_push(&out->items, *cut);
    }
}

/* Pieces of one run are adjacent in memory only where they come from one cut, so the
 * texts of a run are joined: what `cuts_compose` keeps is borrowed from `arena`. */
static void cuts_of(const struct pieces *pieces, uint32_t len, struct sg_arena *arena,
                    struct cuts *out) {
    sg_auto_buf text = SG_BUF_INIT;
    struct cut cut = {0};
    for (size_t i = 0; i <= pieces->items.len; i++) {
        const struct piece *piece =
            i < pieces->items.len ? &pieces->items.items[i] : NULL;
        if (piece != NULL && !piece->kept) {
            sg_buf_add(&text, piece->text, piece->len);
            cut.tag = cut.tag != NULL ? cut.tag : piece->tag;
            continue;
        }
        uint32_t end = piece != NULL ? piece->from : len;
        cut.text = sg_arena_strndup(arena, sg_buf_cstr(&text), text.len);
        close_cut(out, &cut, &text, end);
        sg_buf_clear(&text);
        cut = (struct cut){.start = piece != NULL ? end + piece->len : len};
    }
}

void cuts_compose(struct cuts *cuts, const struct cuts *then, size_t len,
                  struct sg_arena *arena) {
    struct pieces before = {0}, after = {0};
    pieces_of(cuts, (uint32_t)len, &before);
    struct walk walk = {0};
    uint32_t at = 0;
    for (size_t i = 0; i < then->items.len; i++) {
        const struct cut *cut = &then->items.items[i];
        advance(&before, &walk, cut->start - at, &after);
        advance(&before, &walk, cut->end - cut->start, NULL);
        put(&after, cut);
        at = cut->end;
    }
    advance(&before, &walk, UINT32_MAX, &after);
    cuts->items.len = 0;
    cuts_of(&after, (uint32_t)len, arena, cuts);
    sg_vec_release(&before.items);
    sg_vec_release(&after.items);
}

/* --- offsets ---------------------------------------------------------------------- */

uint32_t cuts_back(const struct cuts *cuts, uint32_t after) {
    uint32_t grown = 0,
             shrunk = 0; /* by the cuts before: after = before + grown - shrunk */
    for (size_t i = 0; i < cuts->items.len; i++) {
        const struct cut *cut = &cuts->items.items[i];
        uint32_t start = cut->start + grown - shrunk;
        if (after < start) {
            break;
        }
        if (after < start + cut->len) {
            return cut->start;
        }
        grown += cut->len;
        shrunk += cut->end - cut->start;
    }
    return after - grown + shrunk;
}

uint32_t cuts_forward(const struct cuts *cuts, uint32_t before) {
    uint32_t grown = 0, shrunk = 0;
    for (size_t i = 0; i < cuts->items.len; i++) {
        const struct cut *cut = &cuts->items.items[i];
        if (before < cut->start) {
            break;
        }
        if (before < cut->end) {
            return cut->start + grown - shrunk;
        }
        grown += cut->len;
        shrunk += cut->end - cut->start;
    }
    return before + grown - shrunk;
}
