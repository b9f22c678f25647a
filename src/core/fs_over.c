/* fs_over.c - changes laid over another file system: puts, removals, mounted folders. */
#include "fs_table.h"
#include "sg/path.h"

#include <string.h>

struct mount {
    char *at;
    const struct sg_fs *from;
    char *sub;
};

struct over {
    struct sg_fs base;
    const struct sg_fs *under;
    struct sg_fs_table files; /* puts, and hidden paths */
    SG_VEC(struct mount) mounts;
};

static const struct over *over_of(const struct sg_fs *fs) {
    return (const struct over *)fs;
}

/* The innermost mount that holds `path`, or NULL. */
static const struct mount *mount_of(const struct over *over, const char *path) {
    const struct mount *best = NULL;
    for (size_t i = 0; i < over->mounts.len; i++) {
        const struct mount *mount = &over->mounts.items[i];
        if (sg_path_within(path, mount->at) &&
            (!best || strlen(mount->at) >= strlen(best->at))) {
            best = mount;
        }
    }
    return best;
}

static bool mount_below(const struct over *over, const char *path) {
    for (size_t i = 0; i < over->mounts.len; i++) {
        if (sg_path_within(over->mounts.items[i].at, path)) {
            return true;
        }
    }
    return false;
}

static void join_clean(const char *dir, const char *rest, struct sg_buf *out) {
    sg_buf_clear(out);
    sg_buf_adds(out, dir);
    if (*dir && *rest) {
        sg_buf_addc(out, '/');
    }
    sg_buf_adds(out, rest);
}

/* The file system below the changes that holds `path`, and the path there. */
static const struct sg_fs *source_of(const struct over *over, const char *path,
                                     struct sg_buf *there) {
    const struct mount *mount = mount_of(over, path);
    if (!mount) {
        sg_buf_clear(there);
        sg_buf_adds(there, path);
        return over->under;
    }
    const char *rest = path + strlen(mount->at);
    join_clean(mount->sub, *rest == '/' ? rest + 1 : rest, there);
    return mount->from;
}

/* Asks below the changes; `real` comes back in our own paths. */
static int stat_source(const struct over *over, const char *path, enum sg_fs_type *type,
                       struct sg_buf *real, struct sg_err *err) {
    sg_auto_buf there = SG_BUF_INIT;
    const struct sg_fs *source = source_of(over, path, &there);
    sg_buf_clear(real);
    if (sg_fs_stat(source, sg_buf_cstr(&there), type, real, err)) {
        return -1;
    }
    const struct mount *mount = mount_of(over, path);
    if (*type == SG_FS_NONE || !mount) {
        return 0;
    }
    if (!sg_path_within(sg_buf_cstr(real), mount->sub)) {
        return sg_fail(err, SG_E_INPUT,
                       "%s leads through a symbolic link to %s, which is outside %s",
                       path, sg_buf_cstr(real), mount->sub);
    }
    sg_auto_cstr rest = sg_xstrdup(sg_buf_cstr(real) + strlen(mount->sub));
    join_clean(mount->at, rest[0] == '/' && *mount->sub ? rest + 1 : rest, real);
    return 0;
}

/* What the changes alone say of `path`; false where they say nothing. */
static bool stat_changes(const struct over *over, const char *path,
                         enum sg_fs_type *type) {
    const struct sg_fs_file *file = sg_fs_table_find(&over->files, path);
    if (file && file->bytes) {
        *type = SG_FS_FILE;
        return true;
    }
    if (sg_fs_table_has_below(&over->files, path)) {
        *type = SG_FS_DIR;
        return true;
    }
    *type = file ? SG_FS_NONE : *type;
    return file != NULL;
}

/* Replaces the folder of `path` by its canonical path, where a link leads elsewhere. */
static int real_parent(const struct over *over, const char *path, struct sg_buf *real,
                       struct sg_err *err) {
    sg_auto_buf dir = SG_BUF_INIT, real_dir = SG_BUF_INIT;
    enum sg_fs_type type;
    sg_path_dir(path, &dir);
    sg_buf_clear(real);
    sg_buf_adds(real, path);
    if (dir.len == 0) {
        return 0;
    }
    if (stat_source(over, sg_buf_cstr(&dir), &type, &real_dir, err)) {
        return -1;
    }
    if (type == SG_FS_DIR) {
        join_clean(sg_buf_cstr(&real_dir), sg_path_base(path), real);
    }
    return 0;
}

/*
 * The changes are kept by canonical path, so a path through a link is looked up twice:
 * as it is, then where the link leads.
 */
static int over_stat(const struct sg_fs *fs, const char *path, enum sg_fs_type *type,
                     struct sg_buf *real, struct sg_err *err) {
    const struct over *over = over_of(fs);
    sg_auto_buf own = SG_BUF_INIT;
    real = real ? real : &own;
    *type = SG_FS_NONE;
    if (stat_changes(over, path, type)) {
        sg_buf_clear(real);
        sg_buf_adds(real, path);
        return 0;
    }
    if (stat_source(over, path, type, real, err)) {
        return -1;
    }
    if (*type == SG_FS_NONE) {
        if (mount_below(over, path)) {
            *type = SG_FS_DIR;
        }
        if (real_parent(over, path, real, err)) {
            return -1;
        }
    }
    if (strcmp(sg_buf_cstr(real), path) != 0) {
        stat_changes(over, sg_buf_cstr(real), type);
    }
    return 0;
}

static int over_read(const struct sg_fs *fs, const char *path, struct sg_buf *out,
                     struct sg_err *err) {
    const struct over *over = over_of(fs);
    sg_auto_buf real = SG_BUF_INIT;
    enum sg_fs_type type = SG_FS_NONE;
    if (over_stat(fs, path, &type, &real, err)) {
        return -1;
    }
    if (type != SG_FS_FILE) {
        return type == SG_FS_DIR ? sg_fs_fail_not_file(fs, path, err)
                                 : sg_fs_fail_missing(fs, path, err);
    }
    const struct sg_fs_file *file = sg_fs_table_find(&over->files, sg_buf_cstr(&real));
    if (file) {
        sg_buf_add(out, file->bytes, file->len);
        return 0;
    }
    sg_auto_buf there = SG_BUF_INIT;
    const struct sg_fs *source = source_of(over, sg_buf_cstr(&real), &there);
    return sg_fs_read(source, sg_buf_cstr(&there), out, err);
}

/* The direct children of `path` that lead to a mount. */
static void list_mounts(const struct over *over, const char *path,
                        struct sg_fs_list *out) {
    size_t skip = *path ? strlen(path) + 1 : 0;
    for (size_t i = 0; i < over->mounts.len; i++) {
        const char *at = over->mounts.items[i].at;
        if (sg_path_within(at, path) && strlen(at) > skip) {
            sg_fs_list_add(out, at + skip, strcspn(at + skip, "/"), SG_FS_DIR);
        }
    }
}

/* Sorts, keeps the first of each name (what was listed first wins), drops hidden ones. */
static void merge_names(struct sg_fs_list *list) {
    size_t kept = 0;
    sg_fs_list_sort(list);
    struct sg_fs_entry *items = list->entries.items;
    for (size_t i = 0; i < list->entries.len;) {
        size_t next = i + 1;
        for (; next < list->entries.len && strcmp(items[next].name, items[i].name) == 0;
             next++) {
            free(items[next].name);
            free(items[next].target);
        }
        if (items[i].type == SG_FS_NONE && !items[i].link) {
            free(items[i].name);
            free(items[i].target);
        } else {
            items[kept++] = items[i];
        }
        i = next;
    }
    list->entries.len = kept;
}

static int list_source(const struct over *over, const char *path, struct sg_fs_list *out,
                       struct sg_err *err) {
    sg_auto_buf there = SG_BUF_INIT;
    const struct sg_fs *source = source_of(over, path, &there);
    enum sg_fs_type type;
    if (sg_fs_stat(source, sg_buf_cstr(&there), &type, NULL, err)) {
        return -1;
    }
    return type == SG_FS_DIR ? sg_fs_readdir(source, sg_buf_cstr(&there), out, err) : 0;
}

static int over_list(const struct sg_fs *fs, const char *path, struct sg_fs_list *out,
                     struct sg_err *err) {
    const struct over *over = over_of(fs);
    sg_auto_buf real = SG_BUF_INIT;
    enum sg_fs_type type = SG_FS_NONE;
    if (over_stat(fs, path, &type, &real, err)) {
        return -1;
    }
    if (type != SG_FS_DIR) {
        return type == SG_FS_FILE ? sg_fs_fail_not_dir(fs, path, err)
                                  : sg_fs_fail_missing(fs, path, err);
    }
    sg_auto_fs_list found = {0};
    sg_fs_table_list(&over->files, sg_buf_cstr(&real), &found);
    list_mounts(over, sg_buf_cstr(&real), &found);
    if (list_source(over, sg_buf_cstr(&real), &found, err)) {
        return -1;
    }
    merge_names(&found);
    for (size_t i = 0; i < found.entries.len; i++) {
        const struct sg_fs_entry *entry = &found.entries.items[i];
        sg_fs_list_copy(out, entry->name, strlen(entry->name), entry);
    }
    return 0;
}

static void mount_release(struct mount *mount) {
    free(mount->at);
    free(mount->sub);
}

static void over_free(struct sg_fs *fs) {
    struct over *over = (struct over *)fs;
    for (size_t i = 0; i < over->mounts.len; i++) {
        mount_release(&over->mounts.items[i]);
    }
    sg_vec_release(&over->mounts);
    sg_fs_table_release(&over->files);
    free(over);
}

struct sg_fs *sg_fs_over(const struct sg_fs *under) {
    static const struct sg_fs_ops ops = {over_stat, over_read, over_list, over_free};
    struct over *over = sg_xcalloc(1, sizeof(*over));
    over->base.ops = &ops;
    over->under = under;
    sg_fs_inherit(&over->base, under);
    return &over->base;
}

void sg_fs_over_put(struct sg_fs *fs, const char *path, const void *bytes, size_t len) {
    sg_fs_table_put(&((struct over *)fs)->files, path, bytes ? bytes : "", len);
}

void sg_fs_over_remove(struct sg_fs *fs, const char *path) {
    sg_fs_table_put(&((struct over *)fs)->files, path, NULL, 0);
}

void sg_fs_over_mount(struct sg_fs *fs, const char *at, const struct sg_fs *from,
                      const char *sub) {
    struct over *over = (struct over *)fs;
    sg_fs_table_remove(&over->files, at, true);
    size_t kept = 0;
    for (size_t i = 0; i < over->mounts.len; i++) {
        struct mount *mount = &over->mounts.items[i];
        if (sg_path_within(mount->at, at)) {
            mount_release(mount);
        } else {
            over->mounts.items[kept++] = *mount;
        }
    }
    over->mounts.len = kept;
    sg_vec_push(&over->mounts, (struct mount){sg_xstrdup(at), from, sg_xstrdup(sub)});
}
