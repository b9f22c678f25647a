/*
 * nearest.c - the release that a fork is of.
 *
 * A fork may have an edit in every file (a namespace, a mirror registry), so equal files
 * tell too little. Its words still are the release's: they are counted as multisets, and
 * the releases compared by the words that tell them apart. A blob that several releases
 * share, or the fork has too, is read and split once.
 */
#include <string.h>

#include "names.h"
#include "nearest.h"

static void side_release(struct side *side) {
    sg_git_files_release(&side->files);
    sg_vec_release(&side->texts.items);
}

static void ranking_release(struct ranking *r) {
    for (size_t i = 0; i < r->releases.len; i++) {
        side_release(&r->releases.items[i]);
    }
    for (size_t i = 0; i < r->counts.len; i++) {
        sg_vec_release(&r->counts.items[i]->items);
        free(r->counts.items[i]);
    }
    side_release(&r->fork);
    sg_vec_release(&r->releases);
    sg_vec_release(&r->counts);
    sg_releases_release(&r->tags);
    vocabulary_release(&r->vocabulary);
    sg_strmap_release(&r->blobs);
}
#define auto_ranking SG_CLEANUP(ranking_release) struct ranking

/* --- reading ---------------------------------------------------------------------- */

/* The words of a blob's text. */
static const struct word_counts *count_words(struct ranking *r, const char *id,
                                             const struct sg_buf *text) {
    struct word_counts *counts = sg_xcalloc(1, sizeof(*counts));
    sg_vec_push(&r->counts, counts);
    vocabulary_count(&r->vocabulary, sg_buf_cstr(text), text->len, counts);
    (void)sg_strmap_put(&r->blobs, id, SG_GIT_HEX, counts);
    return counts;
}

bool has_text(const struct sg_git_file *file) {
    return is_manifest_name(file->path) && file->mode != 0120000;
}

static int read_texts(struct ranking *r, struct side *side, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    for (size_t i = 0; i < side->files.items.len; i++) {
        const struct sg_git_file *file = &side->files.items.items[i];
        if (!has_text(file)) {
            continue;
        }
        const struct word_counts *counts = sg_strmap_get(&r->blobs, file->id, SG_GIT_HEX);
        if (counts == NULL) {
            sg_buf_clear(&text);
            if (sg_upstream_blob(r->up, file->id, &text, err)) {
                return -1;
            }
            counts = count_words(r, file->id, &text);
        }
        sg_vec_push(&side->texts.items, counts);
    }
    return 0;
}

/* A release without the folder, or that nobody could vendor, is no candidate. */
static bool is_left_out(const struct sg_err *err) {
    return err->code == SG_E_NOTFOUND || err->code == SG_E_INPUT ||
           err->code == SG_E_LIMIT;
}

static int read_release(struct ranking *r, const struct sg_release *tag,
                        struct sg_err *err) {
    struct side side = {.tag = tag};
    struct sg_err why = {0};
    if (sg_upstream_files(r->up, tag->commit, r->from, &side.files, &why)) {
        side_release(&side);
        if (!is_left_out(&why)) {
            return sg_err_pass(err, &why);
        }
        r->refused = why;
        return 0;
    }
    int rc = read_texts(r, &side, err);
    sg_vec_push(&r->releases, side);
    return rc;
}

static int read_releases(struct ranking *r, struct sg_err *err) {
    if (sg_upstream_releases(r->up, &r->tags, err)) {
        return -1;
    }
    if (r->tags.items.len == 0) {
        return sg_fail(err, SG_E_NOTFOUND, "%s has no release", sg_upstream_shown(r->up));
    }
    for (size_t i = 0; i < r->tags.items.len; i++) {
        if (read_release(r, &r->tags.items.items[i], err)) {
            return -1;
        }
    }
    return r->releases.len > 0 ? 0 : sg_err_pass(err, &r->refused);
}

static void read_fork_text(struct ranking *r, const char *path,
                           const struct sg_buf *text) {
    struct sg_git_file file = {.path = sg_xstrdup(path), .size = text->len};
    sg_git_blob_id(sg_buf_cstr(text), text->len, file.id);
    sg_vec_push(&r->fork.files.items, file);
    if (is_manifest_name(path)) {
        const struct word_counts *counts = sg_strmap_get(&r->blobs, file.id, SG_GIT_HEX);
        counts = counts != NULL ? counts : count_words(r, file.id, text);
        sg_vec_push(&r->fork.texts.items, counts);
    }
}

static int read_fork(struct ranking *r, const struct sg_fs *fs, const char *dir,
                     struct sg_err *err) {
    sg_auto_fs_list list = {0};
    sg_auto_buf path = SG_BUF_INIT, text = SG_BUF_INIT;
    if (sg_fs_walk(fs, dir, &list, err)) {
        return -1;
    }
    for (size_t i = 0; i < list.entries.len; i++) {
        struct sg_err why = {0};
        if (list.entries.items[i].type != SG_FS_FILE) {
            continue;
        }
        sg_buf_clear(&path);
        sg_buf_clear(&text);
        sg_buf_addf(&path, "%s%s%s", dir, *dir != '\0' ? "/" : "",
                    list.entries.items[i].name);
        if (sg_fs_read(fs, path.ptr, &text, &why) == 0) {
            read_fork_text(r, list.entries.items[i].name, &text);
        } else if (!is_left_out(&why)) {
            return sg_err_pass(err, &why);
        }
    }
    return 0;
}

/* --- all -------------------------------------------------------------------------- */

void sg_adopt_ranking_release(struct sg_adopt_ranking *ranking) {
    sg_vec_release(&ranking->items);
    sg_arena_release(&ranking->arena);
}

static int fail_foreign(const struct ranking *r, double kinship, const char *dir,
                        const struct sg_adopt_ranking *out, struct sg_err *err) {
    const struct sg_adopt_candidate *nearest = &out->items.items[0];
    sg_fail(err, SG_E_NOTFOUND,
            "\"%.100s\" is no fork of %s's %s: the nearest release, %s, has %.0f %% in "
            "common with it",
            *dir != '\0' ? dir : ".", sg_upstream_shown(r->up),
            *r->from != '\0' ? r->from : ".", nearest->tag, kinship * 100);
    return sg_err_hint(err,
                       "name the folder that was copied from upstream's %.100s, or "
                       "another upstream",
                       *r->from != '\0' ? r->from : "root");
}

int sg_adopt_rank(struct sg_upstream *up, const char *from, const struct sg_fs *fork,
                  const char *fork_dir, struct sg_adopt_ranking *out,
                  struct sg_err *err) {
    static const double enough = 0.2;
    auto_ranking r = {.up = up, .from = from};
    *out = (struct sg_adopt_ranking){0};
    sg_arena_init(&out->arena);
    if (read_releases(&r, err) || read_fork(&r, fork, fork_dir, err)) {
        return -1;
    }
    double kinship = measure_releases(&r, out);
    return kinship < enough ? fail_foreign(&r, kinship, fork_dir, out, err) : 0;
}
