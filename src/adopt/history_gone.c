/* history_gone.c - which commit took a line out of a file, or deleted the file. */
#include <string.h>

#include "history.h"

/* A line as an extended regular expression, whatever blanks are around it. */
static void add_pattern(const char *line, struct sg_buf *out) {
    sg_buf_adds(out, "-G^[[:space:]]*");
    for (; *line != '\0'; line++) {
        if (strchr(".+*?()[]{}|^$\\", *line) != NULL) {
            sg_buf_addc(out, '\\');
        }
        sg_buf_addc(out, *line);
    }
    sg_buf_adds(out, "[[:space:]]*$");
}

/* One walk for all searches. */
static int list_candidates(struct history *h, struct sg_err *err) {
    static const char *const how[] = {NULL};
    SG_VEC(const struct past_file *) files = {0};
    for (size_t i = 0; i < h->files.len; i++) {
        if (h->files.items[i]->searched) {
            sg_vec_push(&files, h->files.items[i]);
        }
    }
    int status = history_touching(h, how, files.items, files.len, &h->candidates, err);
    sg_vec_release(&files);
    h->has_candidates = true;
    return status;
}

/* No file has the line any more, so the last commit that wrote or removed one removed
 * it. -c: a merge counts where it did so itself. */
static int search(struct history *h, const struct past_file *file,
                  const struct past_file *old, const char *gone,
                  const struct commit **out, struct sg_err *err) {
    sg_auto_buf pattern = SG_BUF_INIT, id = SG_BUF_INIT;
    if (!h->has_candidates && list_candidates(h, err) != 0) {
        return -1;
    }
    if (h->candidates.len == 0) {
        return 0; /* without any git would take the newest commit */
    }
    add_pattern(gone, &pattern);
    const char *const args[] = {"log",
                                "--no-walk=unsorted",
                                "--stdin",
                                "-1",
                                "-c",
                                "-s",
                                "--format=%H",
                                "--no-color",
                                "--no-textconv",
                                "--no-ext-diff",
                                "--no-renames",
                                sg_buf_cstr(&pattern),
                                "--",
                                file->path,
                                old != NULL ? old->path : NULL,
                                NULL};
    if (history_git(h, args, &h->candidates, &id, NULL, err) != 0) {
        return -1;
    }
    *out = history_commit(h, sg_buf_cstr(&id), strcspn(sg_buf_cstr(&id), "\n"));
    return 0;
}

int history_search(struct history *h, const struct past_file *file,
                   const struct past_file *old, const char *gone,
                   const struct commit **out, struct sg_err *err) {
    /* what was found, by file and line: a list's elements may all be gone by one */
    static const struct commit none;
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s\n%s", file->full, gone);
    const struct commit *found = sg_strmap_get(&h->searches, key.ptr, key.len);
    *out = NULL;
    if (found == NULL && h->searches.len < SG_ADOPT_MAX_SEARCHES) {
        if (search(h, file, old, gone, &found, err) != 0) {
            return -1;
        }
        (void)sg_strmap_put(&h->searches, key.ptr, key.len,
                            (void *)(uintptr_t)(found != NULL ? found : &none));
    }
    *out = found == &none ? NULL : found;
    return 0;
}

/* --- files ------------------------------------------------------------------------ */

/* "R100" is followed by two names, "D" and what merges say ("DD") by one. */
static bool is_rename(const char *status) {
    return status[0] == 'R' && status[1] >= '0' && status[1] <= '9';
}

/* Ids, and behind each "STATUS", "NAME" pairs, all ended by NUL. */
static void take_departures(struct history *h, const struct sg_buf *out,
                            struct departures *to) {
    const char *commit = NULL;
    for (size_t at = 0; at < out->len;) {
        const char *word = out->ptr + at;
        at += strlen(word) + 1;
        word += word[0] == '\n';
        if (word[0] < 'A' || word[0] > 'Z') {
            commit = word[0] != '\0' ? sg_arena_strdup(&h->arena, word) : commit;
            continue;
        }
        struct departure departure = {.commit = commit};
        const char **const names[] = {&departure.from, &departure.to};
        for (size_t i = 0; i < (is_rename(word) ? 2 : 1) && at < out->len; i++) {
            *names[i] = sg_arena_strdup(&h->arena, out->ptr + at);
            at += strlen(out->ptr + at) + 1;
        }
        if (departure.from != NULL && commit != NULL) {
            sg_vec_push(&to->items, departure);
        }
    }
}

int history_departures(struct history *h, struct departures *to, struct sg_err *err) {
    const char *const args[] = {"log",
                                "-z",
                                "-c",
                                "-M",
                                "-l200", /* more in one commit: by equal bytes only */
                                "--diff-filter=DR",
                                "--name-status",
                                "--no-relative",
                                "--format=%H",
                                "--no-color",
                                "--no-textconv",
                                "--no-ext-diff",
                                h->head,
                                "--",
                                h->folder[0] != '\0' ? h->folder : ".",
                                NULL};
    sg_auto_buf out = SG_BUF_INIT;
    out.max = (size_t)256 << 20;
    if (history_git(h, args, NULL, &out, NULL, err) != 0) {
        return -1;
    }
    take_departures(h, &out, to);
    return 0;
}

const struct commit *history_deleted(struct history *h,
                                     const struct departures *departures,
                                     const char *full) {
    /* from the file's last departure on, forward under its new names */
    size_t end = departures->items.len;
    for (size_t i = 0; i < end; i++) {
        const struct departure *departure = &departures->items.items[i];
        if (strcmp(departure->from, full) != 0) {
            continue;
        }
        if (departure->to == NULL) {
            return history_commit(h, departure->commit, strlen(departure->commit));
        }
        full = departure->to;
        end = i; /* what is newer than this */
        i = (size_t)-1;
    }
    return NULL;
}
