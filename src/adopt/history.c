/*
 * history.c - who made each change of a fork, and when.
 *
 * The files with changes are read as the commit has them, all at once; a line on disk is
 * then one of the commit's, or in no commit yet. Git is asked for what wrote those lines,
 * once a file, and for what took lines and files out; last, for what each commit says.
 */
#include "history.h"

#include <string.h>

#include "sg/fs.h"

static void release(struct history *h) {
    for (size_t i = 0; i < h->files.len; i++) {
        struct past_file *file = h->files.items[i];
        sg_buf_release(&file->disk);
        free(file->lines);
        sg_vec_release(&file->wanted);
    }
    sg_vec_release(&h->files);
    sg_vec_release(&h->commits);
    sg_strmap_release(&h->files_by_path);
    sg_strmap_release(&h->commits_by_id);
    sg_strmap_release(&h->searches);
    sg_strmap_release(&h->listed);
    sg_buf_release(&h->list);
    sg_buf_release(&h->candidates);
    sg_buf_release(&h->prefix);
    sg_buf_release(&h->blobs);
    sg_arena_release(&h->arena);
}

/* --- what a change asks for ------------------------------------------------------- */

enum question {
    NOTHING,
    LINE,   /* what wrote it */
    GONE,   /* what took it out of a file */
    OBJECT, /* what deleted it, or its file */
};

static enum question question_of(const struct sg_adopt_change *change) {
    if (change->way == SG_WAY_DELETION) {
        return change->base_file != NULL ? OBJECT : NOTHING;
    }
    if (change->file == NULL || change->line == 0) {
        return NOTHING;
    }
    return change->after != NULL ? LINE : GONE;
}

static struct past_file *file_of(struct history *h,
                                 const struct sg_adopt_change *change) {
    return history_file(h,
                        question_of(change) == OBJECT ? change->base_file : change->file);
}

static void list_files(struct history *h) {
    for (size_t i = 0; i < h->adopted->changes.len; i++) {
        const struct sg_adopt_change *change = &h->adopted->changes.items[i];
        enum question question = question_of(change);
        if (question != NOTHING) {
            file_of(h, change)->searched |= question != LINE;
        }
        if (question == GONE && change->base_file != NULL) {
            history_file(h, change->base_file)->searched = true;
        }
    }
}

/* --- what was read ---------------------------------------------------------------- */

static int read_disk(const struct sg_fs *fs, struct past_file *file, struct sg_err *err) {
    enum sg_fs_type type;
    if (sg_fs_stat(fs, file->path, &type, NULL, err) != 0) {
        return -1;
    }
    file->there = type == SG_FS_FILE;
    if (file->there && sg_fs_read(fs, file->path, &file->disk, err) != 0) {
        return -1;
    }
    file->now = (struct sg_str){sg_buf_cstr(&file->disk), file->disk.len};
    return 0;
}

static int read_now(struct history *h, struct sg_err *err) {
    sg_auto_fs fs = h->on_disk ? sg_fs_disk(h->root, err) : NULL;
    if (h->on_disk && fs == NULL) {
        return -1;
    }
    for (size_t i = 0; i < h->files.len; i++) {
        struct past_file *file = h->files.items[i];
        file->there = file->committed;
        file->now = file->then;
        if (h->on_disk && read_disk(fs, file, err) != 0) {
            return -1;
        }
        past_file_align(file);
    }
    return 0;
}

static int blame_files(struct history *h, const struct commit **found,
                       struct sg_err *err) {
    for (size_t i = 0; i < h->adopted->changes.len; i++) {
        const struct sg_adopt_change *change = &h->adopted->changes.items[i];
        if (question_of(change) == LINE) {
            struct past_file *file = file_of(h, change);
            uint32_t line = past_file_line(file, change->line);
            if (line != 0) {
                sg_vec_push(&file->wanted, (struct wanted){.line = line, .change = i});
            }
        }
    }
    if (history_blame(h, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < h->files.len; i++) {
        for (size_t k = 0; k < h->files.items[i]->wanted.len; k++) {
            const struct wanted *wanted = &h->files.items[i]->wanted.items[k];
            found[wanted->change] = wanted->commit;
        }
    }
    return 0;
}

/* --- answers ---------------------------------------------------------------------- */

/* The line stands on disk, and not in the commit. */
static bool is_uncommitted(const struct history *h, const struct past_file *file,
                           uint32_t line) {
    return h->on_disk && line <= file->lines_len && past_file_line(file, line) == 0;
}

static int remover_of(struct history *h, const struct sg_adopt_change *change,
                      const struct commit **out, struct sg_err *err) {
    const struct past_file *file = file_of(h, change), *old = NULL;
    const char *gone = change->gone;
    if (h->on_disk && !file->committed) {
        *out = &h->uncommitted; /* the whole file is new */
        return 0;
    }
    if (gone == NULL || gone[0] == '\0' || has_line(file->now, gone)) {
        return 0; /* one of several alike: nobody knows which */
    }
    if (has_line(file->then, gone)) {
        *out = &h->uncommitted;
        return 0;
    }
    if (change->base_file != NULL) {
        old = history_file(h, change->base_file);
    }
    return history_search(h, file, old != file ? old : NULL, gone, out, err);
}

static int deleter_of(struct history *h, const struct sg_adopt_change *change,
                      struct departures *departures, const struct commit **out,
                      struct sg_err *err) {
    const struct past_file *file = file_of(h, change);
    if (file->there) {
        return remover_of(h, change, out, err);
    }
    if (file->committed || h->head[0] == '\0') {
        *out = &h->uncommitted;
        return 0;
    }
    if (!departures->read && history_departures(h, departures, err) != 0) {
        return -1;
    }
    departures->read = true;
    *out = history_deleted(h, departures, file->full);
    return 0;
}

static int answer(struct history *h, const struct commit **found, struct sg_err *err) {
    struct departures departures = {0};
    int status = 0;
    for (size_t i = 0; i < h->adopted->changes.len && status == 0; i++) {
        const struct sg_adopt_change *change = &h->adopted->changes.items[i];
        enum question question = question_of(change);
        if (question != NOTHING && file_of(h, change)->odd) {
            continue;
        }
        switch (question) {
        case NOTHING:
            break;
        case LINE:
            if (is_uncommitted(h, file_of(h, change), change->line)) {
                found[i] = &h->uncommitted;
            }
            break;
        case GONE:
            status = remover_of(h, change, &found[i], err);
            break;
        case OBJECT:
            status = deleter_of(h, change, &departures, &found[i], err);
            break;
        }
    }
    sg_vec_release(&departures.items);
    return status;
}

static void fill(struct history *h, const struct commit *const *found) {
    h->adopted->without_commit = 0;
    for (size_t i = 0; i < h->adopted->changes.len; i++) {
        const struct commit *commit = found[i];
        struct sg_adopt_change *change = &h->adopted->changes.items[i];
        change->commit = change->author = change->date = change->subject = NULL;
        change->time = 0;
        if (commit == &h->uncommitted) {
            change->author = SG_ADOPT_UNCOMMITTED;
        } else if (commit != NULL && !commit->unknown) {
            change->commit = sg_arena_strdup(&h->adopted->arena, commit->id);
            change->author = commit->author;
            change->date = commit->date;
            change->subject = commit->subject;
            change->time = commit->time;
        } else if (h->shallow && question_of(change) != NOTHING) {
            h->adopted->without_commit++;
        }
    }
}

int history_find(const char *repo_dir, const char *revision, const char *dir, bool hurry,
                 struct sg_adopted *adopted, struct sg_err *err) {
    struct history h SG_CLEANUP(release) = {
        .root = repo_dir,
        .folder = strcmp(dir, ".") == 0 ? "" : dir,
        .on_disk = revision == NULL,
        .hurry = hurry,
        .adopted = adopted,
    };
    if (history_open(&h, revision, err) != 0) {
        return -1;
    }
    list_files(&h);
    if (history_read_then(&h, err) != 0 || read_now(&h, err) != 0) {
        return -1;
    }
    const struct commit **found = sg_xcalloc(adopted->changes.len + 1, sizeof(*found));
    int status = blame_files(&h, found, err);
    if (status == 0) {
        status = answer(&h, found, err);
    }
    if (status == 0) {
        status = history_read_commits(&h, err);
    }
    if (status == 0) {
        fill(&h, found);
    }
    free(found);
    return status;
}

int sg_adopt_history(const char *repo_dir, const char *revision, const char *dir,
                     struct sg_adopted *adopted, struct sg_err *err) {
    return history_find(repo_dir, revision, dir, false, adopted, err);
}
