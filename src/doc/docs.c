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
    return (struct sg_pos){
        .file = source->name,
        .line = low + 1,
        .column = code_points(source->text + start, at - start) + 1,
    };
}
