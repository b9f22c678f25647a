/*
 * history_blame.c - what last wrote some lines of a file: git blame, of these alone.
 *
 * Every blame walks the history from its start, which in a repository of many others'
 * commits takes long. Where it does, the commits that touch the files are listed once,
 * and the walks go from one of them to the next. What such a walk says is what a whole
 * one says, as long as it stays in these files and away from merges: a line that came
 * with a file, from one of another name, or by a merge that made it, is asked for again
 * in the whole history from there on.
 */
#include <string.h>
#include <time.h>

#include "history.h"
#include "sg/sort.h"

enum {
    RANGES_MAX = 1000, /* on a command line; with more all lines are asked for */
    /* a list is worth it in milliseconds: */
    SPENT = 200,    /* on whole walks so far, … */
    EXPECTED = 500, /* … for those that are left, … */
    EACH = 25,      /* … and for each, else most of it is git's start */
};

/* Lines of a file at a commit. */
struct target {
    uint32_t line;
    struct wanted *wanted;
};
struct job {
    const char *commit, *path;
    bool listed; /* walk the listed commits alone */
    SG_VEC(struct target) targets;
};

static void job_release(struct job *job) {
    sg_vec_release(&job->targets);
}
#define auto_job SG_CLEANUP(job_release) struct job

static bool by_line(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return ((const struct target *)a)->line < ((const struct target *)b)->line;
}

/* --- what git says ---------------------------------------------------------------- */

/* Of one line: the commit, its number there, and the file's names there and before. */
struct record {
    struct sg_str id, file, before; /* names from the top; `before` of no bytes: none */
    uint32_t then, line;
};

static void read_head(struct sg_str text, struct record *out) {
    char *end = NULL;
    *out = (struct record){.id = {text.ptr, strcspn(text.ptr, " \n")}};
    out->then = (uint32_t)strtoul(text.ptr + out->id.len, &end, 10);
    out->line = (uint32_t)strtoul(end, NULL, 10);
}

static void read_line(struct sg_str text, struct record *out) {
    static const char file[] = "filename ", before[] = "previous ";
    size_t skip = sizeof(file) - 1; /* the two are as long */
    if (text.len > skip && memcmp(text.ptr, file, skip) == 0) {
        out->file = (struct sg_str){text.ptr + skip, text.len - skip};
    } else if (text.len > skip && memcmp(text.ptr, before, skip) == 0) {
        const char *blank = memchr(text.ptr + skip, ' ', text.len - skip);
        const char *from = blank != NULL ? blank + 1 : text.ptr + text.len;
        out->before = (struct sg_str){from, (size_t)(text.ptr + text.len - from)};
    }
}

static bool is_listed(const struct history *h, struct sg_str name) {
    return sg_strmap_has(&h->listed, name.ptr, name.len);
}

/* The line is the commit's, and not for want of what is not listed. */
static bool is_settled(const struct history *h, const struct record *record) {
    return record->before.len > 0 && is_listed(h, record->before) &&
           is_listed(h, record->file);
}

static void take_record(struct history *h, const struct job *job,
                        const struct record *record, struct wanted *wanted) {
    struct commit *commit = history_commit(h, record->id.ptr, record->id.len);
    const struct past_file *file =
        sg_strmap_get(&h->listed, record->file.ptr, record->file.len);
    wanted->commit = commit;
    wanted->open = false;
    if (!job->listed || commit == NULL) {
        return;
    }
    bool right = file != NULL && (record->before.len == 0 || is_settled(h, record));
    wanted->open = !is_settled(h, record);
    wanted->from = right ? commit->id : h->head;
    wanted->from_path = right ? file->path : job->path;
    wanted->from_line = right ? record->then : record->line;
}

/* A record is its head, lines about the commit, and the line itself behind a tab, which
 * may be any text; so may be an author's name, but not the first line of a record. */
static void take_records(struct history *h, struct job *job, const struct sg_buf *out) {
    struct record record;
    bool head = true;
    size_t next = 0; /* target: both are by line */
    for (size_t at = 0; at < out->len;) {
        const char *line = out->ptr + at, *end = memchr(line, '\n', out->len - at);
        size_t len = end == NULL ? out->len - at : (size_t)(end - line);
        at += len + 1;
        if (head) {
            read_head((struct sg_str){line, len}, &record);
        } else {
            read_line((struct sg_str){line, len}, &record);
        }
        head = line[0] == '\t';
        for (; head && next < job->targets.len &&
               job->targets.items[next].line <= record.line;
             next++) {
            if (job->targets.items[next].line == record.line) {
                take_record(h, job, &record, job->targets.items[next].wanted);
            }
        }
    }
}

/* --- asking ----------------------------------------------------------------------- */

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

static void add_ranges(const struct job *job, struct words *words) {
    for (size_t i = 0; i < job->targets.len;) {
        uint32_t from = job->targets.items[i].line, to = from;
        for (i++; i < job->targets.len && job->targets.items[i].line <= to + 1; i++) {
            to = job->targets.items[i].line;
        }
        char *range = sg_xasprintf("-L%u,%u", from, to);
        sg_vec_push(&words->owned, range);
        sg_vec_push(&words->items, range);
    }
}

static int run(struct history *h, struct job *job, struct sg_err *err) {
    /* a list would not be seen where git has the parents from its own */
    static const char *const first[] = {"-c",    "core.commitGraph=false",
                                        "blame", "--line-porcelain",
                                        "-w",    "--no-textconv"};
    struct words words SG_CLEANUP(words_release) = {0};
    sg_sort(job->targets.items, job->targets.len, sizeof(*job->targets.items), by_line,
            NULL);
    for (size_t i = job->listed ? 0 : 2; i < SG_ARRAY_LEN(first); i++) {
        sg_vec_push(&words.items, first[i]);
    }
    if (job->targets.len <= RANGES_MAX) {
        add_ranges(job, &words);
    }
    if (job->listed) {
        sg_vec_push(&words.items, "-S");
        sg_vec_push(&words.items, "/dev/stdin");
    }
    const char *const last[] = {job->commit, "--", job->path, NULL};
    for (size_t i = 0; i < SG_ARRAY_LEN(last); i++) {
        sg_vec_push(&words.items, last[i]);
    }
    sg_auto_buf out = SG_BUF_INIT;
    out.max = (size_t)512 << 20;
    if (history_git(h, words.items.items, job->listed ? &h->list : NULL, &out, NULL,
                    err) != 0) {
        return -1;
    }
    take_records(h, job, &out);
    return 0;
}

static bool from_one_place(const struct wanted *a, const struct wanted *b) {
    return a->open && b->open && a->from != NULL && b->from != NULL &&
           strcmp(a->from, b->from) == 0 && strcmp(a->from_path, b->from_path) == 0;
}

/* The lines that the list could not tell, those of one commit and file at once. */
static int run_open(struct history *h, struct past_file *file, struct sg_err *err) {
    for (size_t i = 0; i < file->wanted.len; i++) {
        const struct wanted *first = &file->wanted.items[i];
        auto_job job = {.commit = first->from, .path = first->from_path};
        for (size_t k = i; k < file->wanted.len; k++) {
            struct wanted *wanted = &file->wanted.items[k];
            if (from_one_place(first, wanted)) {
                sg_vec_push(&job.targets, (struct target){wanted->from_line, wanted});
            }
        }
        if (job.targets.len > 0 && run(h, &job, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int blame(struct history *h, struct past_file *file, struct sg_err *err) {
    auto_job job = {.commit = h->head, .path = file->path, .listed = h->list.len > 0};
    for (size_t i = 0; i < file->wanted.len; i++) {
        struct wanted *wanted = &file->wanted.items[i];
        sg_vec_push(&job.targets, (struct target){wanted->line, wanted});
    }
    if (job.listed) {
        struct sg_err ignored = {0};
        job.commit = h->list_tip;
        if (run(h, &job, &ignored) == 0) {
            return 0;
        }
        job.listed = false; /* where there is no /dev/stdin */
        job.commit = h->head;
    }
    return run(h, &job, err);
}

/* --- all files -------------------------------------------------------------------- */

static int make_list(struct history *h, struct sg_err *err) {
    static const char *const how[] = {"--full-history", "--parents", NULL};
    SG_VEC(const struct past_file *) files = {0};
    for (size_t i = 0; i < h->files.len; i++) {
        struct past_file *file = h->files.items[i];
        if (file->wanted.len > 0) {
            sg_vec_push(&files, file);
            sg_strmap_put(&h->listed, file->full, strlen(file->full), file);
        }
    }
    int status = history_touching(h, how, files.items, files.len, &h->list, err);
    sg_vec_release(&files);
    size_t id = strcspn(sg_buf_cstr(&h->list), " \n");
    if (status == 0 && id <= HISTORY_ID) {
        memcpy(h->list_tip, sg_buf_cstr(&h->list), id);
    }
    return status;
}

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_worth_it(const struct history *h, int64_t spent, size_t done,
                        size_t left) {
    int64_t each = done > 0 ? spent / (int64_t)done : 0;
    return h->hurry || (spent > SPENT && each > EACH && each * (int64_t)left > EXPECTED);
}

/* After walks of the list. */
static int settle(struct history *h, struct sg_err *err) {
    if (history_read_commits(h, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < h->files.len; i++) {
        struct past_file *file = h->files.items[i];
        for (size_t k = 0; k < file->wanted.len; k++) {
            struct wanted *wanted = &file->wanted.items[k];
            wanted->open |=
                wanted->from != NULL && wanted->commit != NULL && wanted->commit->merge;
        }
        if (run_open(h, file, err) != 0) {
            return -1;
        }
    }
    return 0;
}

int history_blame(struct history *h, struct sg_err *err) {
    size_t done = 0, left = 0;
    for (size_t i = 0; i < h->files.len; i++) {
        left += h->files.items[i]->wanted.len > 0;
    }
    int64_t start = milliseconds();
    for (size_t i = 0; i < h->files.len; i++) {
        if (h->files.items[i]->wanted.len == 0) {
            continue;
        }
        if (h->list.len == 0 && is_worth_it(h, milliseconds() - start, done, left) &&
            make_list(h, err) != 0) {
            return -1;
        }
        if (blame(h, h->files.items[i], err) != 0) {
            return -1;
        }
        done++;
        left--;
    }
    return h->list.len > 0 ? settle(h, err) : 0;
}
