/*
 * history_lines.c - which line of a file on disk is which of the commit's. Git could
 * compare the two, but would run the repository's filters over the file.
 */
#include <string.h>

#include "history.h"

enum { TABLE_MAX = 1 << 22 };

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts the next line off; false at the end. */
static bool next_line(struct sg_str *text, struct sg_str *line) {
    if (text->len == 0) {
        return false;
    }
    const char *end = memchr(text->ptr, '\n', text->len);
    size_t len = end != NULL ? (size_t)(end - text->ptr) : text->len;
    *line = (struct sg_str){text->ptr, len};
    text->ptr += len + (end != NULL);
    text->len -= len + (end != NULL);
    return true;
}

bool has_line(struct sg_str text, const char *line) {
    const struct sg_str wanted = sg_str_from(line);
    for (struct sg_str at; next_line(&text, &at);) {
        while (at.len > 0 && is_blank(at.ptr[0])) {
            at.ptr++;
            at.len--;
        }
        while (at.len > 0 && is_blank(at.ptr[at.len - 1])) {
            at.len--;
        }
        if (sg_str_eq(at, wanted)) {
            return true;
        }
    }
    return false;
}

/* --- aligning --------------------------------------------------------------------- */

/* The lines of a text by a digest of what is not blank in them. */
struct digests {
    SG_VEC(uint64_t) items;
};

static void digest_lines(struct sg_str text, struct digests *out) {
    sg_auto_buf dense = SG_BUF_INIT;
    for (struct sg_str line; next_line(&text, &line);) {
        sg_buf_clear(&dense);
        for (size_t i = 0; i < line.len; i++) {
            if (!is_blank(line.ptr[i])) {
                sg_buf_addc(&dense, line.ptr[i]);
            }
        }
        sg_vec_push(&out->items, sg_hash(sg_buf_cstr(&dense), dense.len));
    }
}

/* What is left of both once their ends that are alike are off. */
struct middle {
    const uint64_t *then, *now;
    uint32_t then_len, now_len, skipped;
};

/* A longest common subsequence. */
static void align_all(const struct middle *m, uint32_t *lines) {
    uint32_t width = m->now_len + 1;
    uint32_t *table = sg_xcalloc((size_t)(m->then_len + 1) * width, sizeof(*table));
    for (uint32_t i = m->then_len; i-- > 0;) {
        for (uint32_t k = m->now_len; k-- > 0;) {
            uint32_t down = table[(i + 1) * width + k], right = table[i * width + k + 1];
            table[i * width + k] = m->then[i] == m->now[k]
                                       ? table[(i + 1) * width + k + 1] + 1
                                   : down > right ? down
                                                  : right;
        }
    }
    for (uint32_t i = 0, k = 0; i < m->then_len && k < m->now_len;) {
        uint32_t here = table[i * width + k];
        if (m->then[i] == m->now[k]) {
            lines[k++] = m->skipped + ++i;
        } else if (here == table[(i + 1) * width + k]) {
            i++;
        } else {
            k++;
        }
    }
    free(table);
}

/* Where the table would be too large: lines that the commit has once, in their order. */
static void align_unique(const struct middle *m, uint32_t *lines) {
    sg_auto_strmap places = {0};
    static const char twice;
    for (uint32_t i = 0; i < m->then_len; i++) {
        const char *key = (const char *)&m->then[i];
        bool seen = sg_strmap_has(&places, key, sizeof(*m->then));
        (void)sg_strmap_put(&places, key, sizeof(*m->then),
                            seen ? (void *)(uintptr_t)&twice
                                 : (void *)(uintptr_t)(i + 1));
    }
    for (uint32_t k = 0, last = 0; k < m->now_len; k++) {
        const char *key = (const char *)&m->now[k];
        const void *place = sg_strmap_get(&places, key, sizeof(*m->now));
        uint32_t line = place == NULL || place == &twice ? 0 : (uint32_t)(uintptr_t)place;
        if (line > last) {
            last = line;
            lines[k] = m->skipped + line;
        }
    }
}

void past_file_align(struct past_file *file) {
    struct digests then = {0}, now = {0};
    digest_lines(file->then, &then);
    digest_lines(file->now, &now);
    size_t from = 0, then_to = then.items.len, now_to = now.items.len;
    file->lines_len = (uint32_t)now_to;
    file->lines = sg_xcalloc(now_to + 1, sizeof(*file->lines));
    for (; from < then_to && from < now_to &&
           then.items.items[from] == now.items.items[from];
         from++) {
        file->lines[from] = (uint32_t)from + 1;
    }
    for (; then_to > from && now_to > from &&
           then.items.items[then_to - 1] == now.items.items[now_to - 1];
         then_to--, now_to--) {
        file->lines[now_to - 1] = (uint32_t)then_to;
    }
    if (then_to > from && now_to > from) {
        const struct middle middle = {
            .then = then.items.items + from,
            .now = now.items.items + from,
            .then_len = (uint32_t)(then_to - from),
            .now_len = (uint32_t)(now_to - from),
            .skipped = (uint32_t)from,
        };
        bool fits = (uint64_t)(middle.then_len + 1) * (middle.now_len + 1) <= TABLE_MAX;
        (fits ? align_all : align_unique)(&middle, file->lines + from);
    }
    sg_vec_release(&then.items);
    sg_vec_release(&now.items);
}

uint32_t past_file_line(const struct past_file *file, uint32_t line) {
    return line == 0 || line > file->lines_len ? 0 : file->lines[line - 1];
}
