/* history_blame.c - what last wrote some lines of a file: git blame, of these alone. */
#include <string.h>

#include "history.h"
#include "sg/sort.h"

enum { RANGES_MAX = 1000 }; /* on a command line; with more all lines are asked for */

static bool by_line(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return ((const struct wanted *)a)->line < ((const struct wanted *)b)->line;
}

static void sort_wanted(struct past_file *file) {
    sg_sort(file->wanted.items, file->wanted.len, sizeof(*file->wanted.items), by_line,
            NULL);
    size_t kept = 0;
    for (size_t i = 0; i < file->wanted.len; i++) {
        if (kept == 0 ||
            file->wanted.items[kept - 1].line != file->wanted.items[i].line) {
            file->wanted.items[kept++] = file->wanted.items[i];
        }
    }
    file->wanted.len = kept;
}

static struct wanted *find(const struct past_file *file, uint32_t line) {
    size_t low = 0, high = file->wanted.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->wanted.items[middle].line < line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < file->wanted.len && file->wanted.items[low].line == line
               ? &file->wanted.items[low]
               : NULL;
}

const struct commit *history_blamed(const struct past_file *file, uint32_t line) {
    const struct wanted *wanted = find(file, line);
    return wanted != NULL ? wanted->commit : NULL;
}

/* "ID THEN NOW …", the head of a line's record. */
static void take_head(struct history *h, struct past_file *file, const char *line) {
    size_t id = strcspn(line, " \n");
    char *end = NULL;
    (void)strtoul(line + id, &end, 10); /* its number in that commit */
    struct wanted *wanted = find(file, (uint32_t)strtoul(end, NULL, 10));
    if (wanted != NULL) {
        wanted->commit = history_commit(h, line, id);
    }
}

/* A record is its head, lines about the commit, and the line itself behind a tab, which
 * may be any text; so may be an author's name, but not the first line of a record. */
static void take_blame(struct history *h, struct past_file *file,
                       const struct sg_buf *out) {
    bool head = true;
    for (size_t at = 0; at < out->len;) {
        const char *line = out->ptr + at, *end = memchr(line, '\n', out->len - at);
        if (head) {
            take_head(h, file, line);
        }
        head = line[0] == '\t';
        at = end == NULL ? out->len : (size_t)(end + 1 - out->ptr);
    }
}

struct words {
    SG_VEC(char *) owned;
    SG_VEC(const char *) items;
};

static void words_release(struct words *words) {
    for (size_t i = 0; i < words->owned.len; i++) {
        free(words->owned.items[i]);
    }
    sg_vec_release(&words->owned);
    sg_vec_release(&words->items);
}

static void add_ranges(const struct past_file *file, struct words *words) {
    for (size_t i = 0; i < file->wanted.len;) {
        uint32_t from = file->wanted.items[i].line, to = from;
        for (i++; i < file->wanted.len && file->wanted.items[i].line == to + 1; i++) {
            to++;
        }
        char *range = sg_xasprintf("-L%u,%u", from, to);
        sg_vec_push(&words->owned, range);
        sg_vec_push(&words->items, range);
    }
}

int history_blame(struct history *h, struct past_file *file, struct sg_err *err) {
    static const char *const first[] = {"blame", "--porcelain", "-w", "--no-textconv"};
    if (file->wanted.len == 0) {
        return 0;
    }
    sort_wanted(file);
    struct words words SG_CLEANUP(words_release) = {0};
    for (size_t i = 0; i < SG_ARRAY_LEN(first); i++) {
        sg_vec_push(&words.items, first[i]);
    }
    if (file->wanted.len <= RANGES_MAX) {
        add_ranges(file, &words);
    }
    const char *const last[] = {h->head, "--", file->path, NULL};
    for (size_t i = 0; i < SG_ARRAY_LEN(last); i++) {
        sg_vec_push(&words.items, last[i]);
    }
    sg_auto_buf out = SG_BUF_INIT;
    out.max = (size_t)256 << 20;
    if (history_git(h, words.items.items, NULL, &out, NULL, err) != 0) {
        return -1;
    }
    take_blame(h, file, &out);
    return 0;
}
