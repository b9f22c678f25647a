/*
 * midway.c - the commit that a fork is nearest to, where that is nearer than a release:
 * it merged upstream's main. Told by its files that are upstream's to the byte, and only
 * of fewer than COMMITS_MAX commits, for the nearest of some of them is none.
 */
#include "adopting.h"

enum { COMMITS_MAX = 1000 };

static void add_ids(const struct adopting *a, struct sg_strmap *out) {
    sg_auto_fs_list list = {0};
    struct sg_err ignored = {0};
    if (sg_fs_walk(a->opts->fork, a->opts->dir, &list, &ignored) != 0) {
        return;
    }
    for (size_t i = 0; i < list.entries.len; i++) {
        sg_auto_buf path = SG_BUF_INIT, text = SG_BUF_INIT;
        const struct sg_fs_entry *entry = &list.entries.items[i];
        sg_buf_addf(&path, "%s%s%s", a->opts->dir, a->opts->dir[0] != '\0' ? "/" : "",
                    entry->name);
        if (entry->type == SG_FS_FILE &&
            sg_fs_read(a->opts->fork, sg_buf_cstr(&path), &text, &ignored) == 0) {
            char id[SG_GIT_HEX + 1];
            sg_git_blob_id(sg_buf_cstr(&text), text.len, id);
            sg_strmap_put(out, id, SG_GIT_HEX, out);
        }
    }
}

static size_t count_same(const struct sg_git_files *files, const struct sg_strmap *ids) {
    size_t same = 0;
    for (size_t i = 0; i < files->items.len; i++) {
        same += sg_strmap_has(ids, files->items.items[i].id, SG_GIT_HEX);
    }
    return same;
}

/* Nearer than what was found before. */
static void try_commit(struct adopting *a, const char *commit,
                       const struct sg_strmap *ids, struct sg_adopt_midway *best) {
    sg_auto_git_files files = {0};
    struct sg_err ignored = {0};
    struct sg_commit about;
    if (sg_upstream_files(a->opts->up, commit, a->opts->from, &files, &ignored) != 0) {
        return;
    }
    size_t same = count_same(&files, ids);
    if (same > best->same &&
        sg_upstream_commit(a->opts->up, commit, &about, &ignored) == 0) {
        best->commit = sg_arena_strdup(&a->docs->arena, commit);
        best->date = sg_arena_strndup(&a->docs->arena, about.date, strlen("2020-10-01"));
        best->subject = sg_arena_strdup(&a->docs->arena, about.subject);
        best->same = same;
        best->files = files.items.len;
    }
}

void find_midway(struct adopting *a, struct sg_adopt_midway *out) {
    if (a->opts->up == NULL || a->picked.len == 0 || a->later.items.len == 0) {
        return;
    }
    const struct later *next = &a->later.items.items[0];
    sg_auto_strmap ids = {0};
    add_ids(a, &ids);
    size_t now = count_same(&a->later.now, &ids), then = count_same(&next->files, &ids);
    struct sg_adopt_midway best = {.next = next->version,
                                   .same = now > then ? now : then};
    struct sg_commit_ids commits = {0};
    char last[SG_GIT_HEX + 1] = "", tree[SG_GIT_HEX + 1];
    sg_upstream_between(a->opts->up, a->later.commit, next->commit, COMMITS_MAX,
                        &commits);
    size_t len = commits.items.len < COMMITS_MAX ? commits.items.len : 0; /* not all */
    for (size_t i = 0; i < len; i++) {
        struct sg_err ignored = {0};
        const char *commit = commits.items.items[i].hex;
        if (sg_upstream_tree_id(a->opts->up, commit, a->opts->from, tree, &ignored) ==
                0 &&
            strcmp(tree, last) != 0) {
            try_commit(a, commit, &ids, &best);
            memcpy(last, tree, sizeof(last));
        }
    }
    sg_vec_release(&commits.items);
    if (best.commit != NULL) {
        *out = best;
    }
}
