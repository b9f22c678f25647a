/*
 * gitid.c - the ids git would give to files that are in no repository.
 *
 * A blob id is the SHA-1 of "blob <length>\0" and the bytes; a tree id that of
 * "tree <length>\0" and, an entry, "<mode in octal> <name>\0<20 bytes of id>", ordered by
 * name with a folder's taken as if it ended in '/' (gitformat: Documentation of git's
 * object model). libgit2 is not started for it: `check` runs on every pull request.
 */
#include "sg/sha1.h"
#include "sg/sort.h"
#include "sg/upstream.h"

#include <stdio.h>
#include <string.h>

static void object_id(const char *type, struct sg_str body,
                      unsigned char out[SG_SHA1_BYTES]) {
    char head[32];
    int len = snprintf(head, sizeof(head), "%s %zu", type, body.len);
    sg_sha1_digest((struct sg_str){head, (size_t)len + 1}, body, out);
}

static void to_hex(const unsigned char id[SG_SHA1_BYTES], char out[SG_GIT_HEX + 1]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SG_SHA1_BYTES; i++) {
        out[2 * i] = digits[id[i] >> 4];
        out[2 * i + 1] = digits[id[i] & 15];
    }
    out[SG_GIT_HEX] = '\0';
}

static unsigned char from_hex(char c) {
    return (unsigned char)(c <= '9' ? c - '0' : c - 'a' + 10);
}

void sg_git_blob_id(const void *bytes, size_t len, char out[SG_GIT_HEX + 1]) {
    unsigned char id[SG_SHA1_BYTES];
    object_id("blob", (struct sg_str){bytes, len}, id);
    to_hex(id, out);
}

/* --- trees ------------------------------------------------------------------------ */

struct tree_entry {
    const char *name;
    size_t name_len;
    uint32_t mode;
    unsigned char id[SG_SHA1_BYTES];
};

struct tree_entries {
    SG_VEC(struct tree_entry) items;
};

static bool tree_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct tree_entry *left = a, *right = b;
    size_t common = left->name_len < right->name_len ? left->name_len : right->name_len;
    int order = memcmp(left->name, right->name, common);
    if (order) {
        return order < 0;
    }
    /* what follows the shorter name: '/' for a folder, its end for a file */
    int l = left->name_len > common ? (unsigned char)left->name[common]
            : left->mode == 040000  ? '/'
                                    : 0;
    int r = right->name_len > common ? (unsigned char)right->name[common]
            : right->mode == 040000  ? '/'
                                     : 0;
    return l < r;
}

static void hash_tree(struct tree_entries *entries, unsigned char out[SG_SHA1_BYTES]) {
    sg_sort(entries->items.items, entries->items.len, sizeof(*entries->items.items),
            tree_less, NULL);
    sg_auto_buf body = SG_BUF_INIT;
    for (size_t i = 0; i < entries->items.len; i++) {
        const struct tree_entry *entry = &entries->items.items[i];
        sg_buf_addf(&body, "%o ", (unsigned)entry->mode);
        sg_buf_add(&body, entry->name, entry->name_len);
        sg_buf_addc(&body, '\0');
        sg_buf_add(&body, entry->id, SG_SHA1_BYTES);
    }
    object_id("tree", (struct sg_str){sg_buf_cstr(&body), body.len}, out);
}

/* Files [*at, …) that are below the folder of `depth` bytes at the start of their paths;
 * `*at` moves past them. Sorted paths keep a folder's files together. */
static void build_tree(const struct sg_git_files *files, size_t *at, size_t depth,
                       unsigned char out[SG_SHA1_BYTES]) {
    struct tree_entries entries = {0};
    const char *folder = *at < files->items.len ? files->items.items[*at].path : "";
    while (*at < files->items.len &&
           strncmp(files->items.items[*at].path, folder, depth) == 0) {
        const struct sg_git_file *file = &files->items.items[*at];
        struct tree_entry entry = {.name = file->path + depth, .mode = 040000};
        entry.name_len = strcspn(entry.name, "/");
        if (entry.name[entry.name_len]) {
            build_tree(files, at, depth + entry.name_len + 1, entry.id);
        } else {
            entry.mode = file->mode;
            for (size_t i = 0; i < SG_SHA1_BYTES; i++) {
                entry.id[i] = (unsigned char)(from_hex(file->id[2 * i]) << 4 |
                                              from_hex(file->id[2 * i + 1]));
            }
            ++*at;
        }
        sg_vec_push(&entries.items, entry);
    }
    hash_tree(&entries, out);
    sg_vec_release(&entries.items);
}

void sg_git_files_tree(const struct sg_git_files *files, char out[SG_GIT_HEX + 1]) {
    unsigned char id[SG_SHA1_BYTES];
    size_t at = 0;
    build_tree(files, &at, 0, id);
    to_hex(id, out);
}

/* --- scanning a folder ------------------------------------------------------------ */

static const struct sg_git_scan plain_scan = {0};

struct folder_scan {
    const struct sg_fs *fs;
    const char *root;
    const struct sg_git_scan *opts;
    SG_VEC(char *) folders; /* below root, still to be listed: heap, not stack */
    struct sg_git_files *out;
};

static bool skipped(const struct folder_scan *scan, const char *path) {
    for (const char *const *skip = scan->opts->skip; skip && *skip; skip++) {
        if (strcmp(*skip, path) == 0) {
            return true;
        }
    }
    return false;
}

static char *join(const char *dir, const char *name) {
    return sg_xasprintf("%s%s%s", dir, *dir && *name ? "/" : "", name);
}

static void to_unix(struct sg_buf *bytes) {
    size_t kept = 0;
    for (size_t i = 0; i < bytes->len; i++) {
        if (bytes->ptr[i] == '\r' && i + 1 < bytes->len && bytes->ptr[i + 1] == '\n') {
            continue;
        }
        bytes->ptr[kept++] = bytes->ptr[i];
    }
    bytes->len = kept;
}

static int scan_file(struct folder_scan *scan, const char *path,
                     const struct sg_fs_entry *entry, struct sg_err *err) {
    struct sg_git_file file = {.mode = entry->exec ? 0100755 : 0100644};
    sg_auto_buf bytes = SG_BUF_INIT;
    if (entry->link) {
        file.mode = 0120000;
        sg_buf_adds(&bytes, entry->target ? entry->target : "");
    } else {
        sg_auto_cstr full = join(scan->root, path);
        if (sg_fs_read(scan->fs, full, &bytes, err)) {
            return -1;
        }
        if (scan->opts->unix_line_ends) {
            to_unix(&bytes);
        }
    }
    file.size = bytes.len;
    sg_git_blob_id(bytes.ptr, bytes.len, file.id);
    file.path = sg_xstrdup(path);
    sg_vec_push(&scan->out->items, file);
    return 0;
}

static int scan_folder(struct folder_scan *scan, const char *dir, struct sg_err *err) {
    sg_auto_cstr full = join(scan->root, dir);
    sg_auto_fs_list list = {0};
    if (sg_fs_readdir(scan->fs, full, &list, err)) {
        return -1;
    }
    for (size_t i = 0; i < list.entries.len; i++) {
        const struct sg_fs_entry *entry = &list.entries.items[i];
        char *path = join(dir, entry->name);
        if (!skipped(scan, path)) {
            if (entry->type == SG_FS_DIR && !entry->link) {
                sg_vec_push(&scan->folders, path);
                continue;
            }
            if (scan_file(scan, path, entry, err)) {
                free(path);
                return -1;
            }
        }
        free(path);
    }
    return 0;
}

static bool path_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_git_file *left = a, *right = b;
    return strcmp(left->path, right->path) < 0;
}

int sg_git_files_scan(const struct sg_fs *fs, const char *path,
                      const struct sg_git_scan *scan, struct sg_git_files *out,
                      struct sg_err *err) {
    enum sg_fs_type type;
    if (sg_fs_stat(fs, path, &type, NULL, err)) {
        return -1;
    }
    if (type == SG_FS_NONE) {
        return 0;
    }
    struct folder_scan state = {
        .fs = fs, .root = path, .opts = scan ? scan : &plain_scan, .out = out};
    sg_vec_push(&state.folders, sg_xstrdup(""));
    int rc = 0;
    while (state.folders.len > 0) {
        sg_auto_cstr dir = state.folders.items[--state.folders.len];
        rc = rc ? rc : scan_folder(&state, dir, err);
    }
    sg_vec_release(&state.folders);
    sg_sort(out->items.items, out->items.len, sizeof(*out->items.items), path_less, NULL);
    return rc;
}

int sg_git_tree_id(const struct sg_fs *fs, const char *path,
                   const struct sg_git_scan *scan, char out[SG_GIT_HEX + 1],
                   struct sg_err *err) {
    sg_auto_git_files files = {0};
    if (sg_git_files_scan(fs, path, scan, &files, err)) {
        return -1;
    }
    sg_git_files_tree(&files, out);
    return 0;
}
