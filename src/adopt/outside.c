/*
 * outside.c - kustomizations that a fork has beside the folder that was adopted: they may
 * hold the half of what is deployed, and nobody has looked at them.
 */
#include <string.h>

#include "names.h"
#include "sg/adopt.h"
#include "sg/path.h"

/* Two levels hold what a person keeps by hand (overlays/prod), not a tree of modules. */
#define MOST_LEVELS 2

struct outside {
    const struct sg_fs *fork;
    const char *dir;        /* that was adopted */
    struct sg_fs *upstream; /* its release */
    struct sg_adopt_outside *out;
    size_t folders; /* that were looked into */
};

void sg_adopt_outside_release(struct sg_adopt_outside *outside) {
    sg_vec_release(&outside->items);
    sg_arena_release(&outside->arena);
}

/* The same file in both. A root is compared by it alone: all else is in the root. */
static bool is_same_file(const struct outside *o, const char *file) {
    sg_auto_buf ours = SG_BUF_INIT, theirs = SG_BUF_INIT;
    struct sg_err ignored = {0};
    return sg_fs_read(o->fork, file, &ours, &ignored) == 0 &&
           sg_fs_read(o->upstream, file, &theirs, &ignored) == 0 &&
           ours.len == theirs.len &&
           memcmp(sg_buf_cstr(&ours), sg_buf_cstr(&theirs), ours.len) == 0;
}

/* Upstream's own, which came along and was not edited. */
static bool is_upstreams(const struct outside *o, const char *folder, const char *file) {
    static const struct sg_git_scan scan = {.unix_line_ends = true};
    char ours[SG_GIT_HEX + 1], theirs[SG_GIT_HEX + 1];
    struct sg_err ignored = {0};
    if (folder[0] == '\0') {
        return is_same_file(o, file);
    }
    return sg_git_tree_id(o->fork, folder, &scan, ours, &ignored) == 0 &&
           sg_git_tree_id(o->upstream, folder, &scan, theirs, &ignored) == 0 &&
           strcmp(ours, theirs) == 0;
}

/* `folder` and those below it, `levels` deep. */
static int look_into(struct outside *o, const char *folder, int levels,
                     struct sg_err *err) {
    sg_auto_buf file = SG_BUF_INIT;
    if (strcmp(folder, o->dir) == 0) {
        return 0;
    }
    if (o->folders >= SG_ADOPT_MAX_LOOKED_INTO ||
        o->out->items.len == SG_ADOPT_MAX_OUTSIDE) {
        o->out->more = true;
        return 0;
    }
    o->folders++;
    if (find_kustomization(o->fork, folder, &file) &&
        !is_upstreams(o, folder, sg_buf_cstr(&file))) {
        const char *shown = folder[0] != '\0' ? folder : ".";
        sg_vec_push(&o->out->items, sg_arena_strdup(&o->out->arena, shown));
    }
    sg_auto_fs_list list = {0};
    if (levels == 0) {
        return 0;
    }
    if (sg_fs_readdir(o->fork, folder, &list, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < list.entries.len; i++) {
        const struct sg_fs_entry *entry = &list.entries.items[i];
        sg_auto_cstr path =
            sg_xasprintf("%s%s%s", folder, folder[0] != '\0' ? "/" : "", entry->name);
        if (entry->type == SG_FS_DIR && entry->name[0] != '.' && !entry->link &&
            look_into(o, path, levels - 1, err) != 0) {
            return -1;
        }
    }
    return 0;
}

int sg_adopt_outside(struct sg_upstream *up, const struct sg_version *version,
                     const struct sg_fs *fork, const char *dir,
                     struct sg_adopt_outside *out, struct sg_err *err) {
    struct sg_commit release;
    *out = (struct sg_adopt_outside){0};
    sg_arena_init(&out->arena);
    if (dir[0] == '\0') {
        return 0; /* nothing is outside of the root */
    }
    if (sg_upstream_release(up, version, &release, err) != 0) {
        return -1;
    }
    sg_auto_fs tree = sg_upstream_tree(up, release.id, "", NULL, err);
    struct outside o = {.fork = fork, .dir = dir, .upstream = tree, .out = out};
    return tree == NULL ? -1 : look_into(&o, "", MOST_LEVELS, err);
}
