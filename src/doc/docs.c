/* docs.c - a document set: its arena, its sources, and from an offset to a line. */
#include "sg/doc.h"

#include <string.h>

void sg_docs_init(struct sg_docs *set, struct sg_atoms *atoms) {
    *set = (struct sg_docs){.atoms = atoms, .next_base = 1};
    sg_arena_init(&set->arena);
}

void sg_docs_release(struct sg_docs *set) {
    for (size_t i = 0; i < set->sources.len; i++) {
        free(set->sources.items[i].line_starts);
    }
    sg_vec_release(&set->sources);
    sg_vec_release(&set->comments);
    sg_strmap_release(&set->commented);
    sg_arena_release(&set->arena);
    *set = (struct sg_docs){0};
}

int sg_docs_add_source(struct sg_docs *set, const char *name, const char *text,
                       size_t len, struct sg_err *err) {
    /* one more than the text, so that its end has an offset of its own */
    uint32_t next;
    if (len >= UINT32_MAX ||
        __builtin_add_overflow(set->next_base, (uint32_t)len + 1, &next)) {
        return sg_fail(err, SG_E_LIMIT, "%s: more than 4 GiB of files are open at once",
                       name);
    }
    sg_vec_push(&set->sources, (struct sg_source){
                                   .name = sg_arena_strdup(&set->arena, name),
                                   .text = sg_arena_strndup(&set->arena, text, len),
                                   .base = set->next_base,
                                   .len = (uint32_t)len,
                               });
    set->next_base = next;
    return (int)(set->sources.len - 1);
}

static struct sg_source *find_source(const struct sg_docs *set, uint32_t loc) {
    size_t low = 0, high = set->sources.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct sg_source *source = &set->sources.items[middle];
        if (loc < source->base) {
            high = middle;
        } else if (loc - source->base > source->len) {
            low = middle + 1;
        } else {
            return source;
        }
    }
    return NULL;
}

const struct sg_source *sg_docs_source(const struct sg_docs *set, uint32_t loc) {
    return find_source(set, loc);
}

static void index_lines(struct sg_source *source) {
    SG_VEC(uint32_t) starts = {0};
    sg_vec_push(&starts, 0);
    for (uint32_t i = 0; i < source->len; i++) {
        const char *end = memchr(source->text + i, '\n', source->len - i);
        if (!end) {
            break;
        }
        i = (uint32_t)(end - source->text);
        sg_vec_push(&starts, i + 1);
    }
    source->line_starts = starts.items;
    source->lines = (uint32_t)starts.len;
}

/* Code points before `bytes`: every byte but the continuations starts one. */
static uint32_t code_points(const char *text, uint32_t bytes) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return count;
}

void sg_docs_embed(struct sg_docs *set, size_t first, uint32_t outer, uint32_t skipped) {
    for (size_t i = first; i < set->sources.len; i++) {
        set->sources.items[i].outer = outer;
        set->sources.items[i].skipped = skipped;
    }
}

/* Blanks before the first line that holds anything, from `text` to `end`. */
static uint32_t first_indent(const char *text, const char *end) {
    uint32_t blanks = 0;
    for (; text < end && (*text == ' ' || *text == '\n' || *text == '\r'); text++) {
        blanks = *text == ' ' ? blanks + 1 : 0;
    }
    return blanks;
}

/* The place of line and column of a scalar's decoded text in the file it stands in. */
static struct sg_pos outer_pos(const struct sg_docs *set, const struct sg_source *inner,
                               struct sg_pos at) {
    struct sg_pos scalar = sg_docs_pos(set, inner->outer);
    const struct sg_source *file = sg_docs_source(set, inner->outer);
    if (!file || file->text[inner->outer - file->base] != '|') {
        return scalar;
    }
    const char *header = file->text + (inner->outer - file->base);
    const char *end = file->text + file->len;
    const char *body = memchr(header, '\n', (size_t)(end - header));
    if (!body) {
        return scalar;
    }
    uint32_t raw = first_indent(body + 1, end);
    uint32_t decoded = first_indent(inner->text, inner->text + inner->len);
    scalar.line += inner->skipped + at.line;
    scalar.column = at.column + (raw > decoded ? raw - decoded : 0);
    return scalar;
}

struct sg_pos sg_docs_pos(const struct sg_docs *set, uint32_t loc) {
    struct sg_source *source = loc ? find_source(set, loc) : NULL;
    if (!source) {
        return (struct sg_pos){0};
    }
    if (!source->line_starts) {
        index_lines(source);
    }
    uint32_t at = loc - source->base;
    uint32_t low = 0, high = source->lines;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    uint32_t start = source->line_starts[low];
    struct sg_pos pos = {
        .file = source->name,
        .line = low + 1,
        .column = code_points(source->text + start, at - start) + 1,
    };
    return source->outer ? outer_pos(set, source, pos) : pos;
}

/* --- comments */

static uint64_t place_of(uint32_t loc, bool key) {
    return (uint64_t)loc << 1 | key;
}

void sg_docs_add_comment(struct sg_docs *set, uint32_t loc, bool key,
                         struct sg_str text) {
    uint64_t place = place_of(loc, key);
    struct sg_comment comment = {
        .text = {sg_arena_strndup(&set->arena, text.ptr, text.len), text.len}};
    sg_vec_push(&set->comments, comment);
    (void)sg_strmap_put(&set->commented, (const char *)&place, sizeof(place),
                        (void *)set->comments.len);
}

const struct sg_comment *sg_docs_comment(const struct sg_docs *set, uint32_t loc,
                                         bool key) {
    uint64_t place = place_of(loc, key);
    size_t found =
        (size_t)sg_strmap_get(&set->commented, (const char *)&place, sizeof(place));
    return found > 0 ? &set->comments.items[found - 1] : NULL;
}
