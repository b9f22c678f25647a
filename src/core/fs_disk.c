/*
 * fs_disk.c - a folder of the disk, never left: paths are walked one part at a time from
 * the root's descriptor, and symbolic links are followed by hand, so that neither a link
 * nor a rename while we look can lead outside.
 */
#include "fs_table.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_LINKS = 40 }; /* as the kernel */

struct disk {
    struct sg_fs base;
    int root;
    char *where; /* the root's canonical absolute path, "" for "/" */
};

/* Where a path led: the folder that holds it, its name there and its type. */
struct place {
    int dir; /* descriptor of the folder; the root's own is not closed */
    bool owned;
    char name[NAME_MAX + 1]; /* "." for the root */
    mode_t mode;             /* 0: nothing is there */
    struct sg_buf real;      /* canonical path; for nothing, where it would be */
};

static void place_release(struct place *place) {
    if (place->owned) {
        close(place->dir);
    }
    sg_buf_release(&place->real);
}
#define AUTO_PLACE SG_CLEANUP(place_release) struct place

static void place_enter(struct place *place, int dir, bool owned) {
    if (place->owned) {
        close(place->dir);
    }
    place->dir = dir;
    place->owned = owned;
}

static int fail_disk(const struct sg_fs *fs, int errnum, const char *path,
                     struct sg_err *err) {
    return sg_fail_sys(err, errnum, "cannot read %s%s", fs->shown ? fs->shown : "",
                       *path ? path : ".");
}

/* One walk: what is still to be walked, and how many links were followed. */
struct walk {
    const struct disk *disk;
    const char *path; /* as asked, for messages */
    struct sg_buf rest;
    size_t at;
    int links;
    bool missing; /* nothing is there, and nothing can be below it */
};

static int fail_leaves(const struct walk *w, const char *target, struct sg_err *err) {
    const struct sg_fs *fs = &w->disk->base;
    sg_fail(err, SG_E_INPUT,
            "%s%s leads through a symbolic link to %s, which is outside %s",
            fs->shown ? fs->shown : "", w->path, target,
            *w->disk->where ? w->disk->where : "/");
    return sg_err_hint(err, "replace the link by a file, or keep its target inside");
}

/* Starts again from the root with `head`, then `middle`, then what was left. */
static void restart(struct walk *w, struct place *place, const char *head,
                    const char *middle) {
    sg_auto_buf rest = SG_BUF_INIT;
    sg_buf_addf(&rest, "%s/%s/", head, middle);
    sg_buf_adds(&rest, sg_buf_cstr(&w->rest) + w->at);
    sg_buf_release(&w->rest);
    w->rest = rest;
    rest = (struct sg_buf)SG_BUF_INIT;
    w->at = 0;
    place_enter(place, w->disk->root, false);
    sg_buf_clear(&place->real);
}

/* Follows the link `name` in the place's folder. */
static int follow(struct walk *w, struct place *place, const char *name,
                  struct sg_err *err) {
    char target[PATH_MAX];
    ssize_t n = readlinkat(place->dir, name, target, sizeof(target) - 1);
    if (n < 0) {
        return fail_disk(&w->disk->base, errno, w->path, err);
    }
    target[n] = '\0';
    if (++w->links > MAX_LINKS) {
        return fail_disk(&w->disk->base, ELOOP, w->path, err);
    }
    if (target[0] != '/') {
        sg_auto_cstr dir = sg_xstrdup(sg_buf_cstr(&place->real));
        restart(w, place, dir, target);
        return 0;
    }
    size_t len = strlen(w->disk->where);
    if (strncmp(target, w->disk->where, len) != 0 ||
        (target[len] != '/' && target[len] != '\0')) {
        return fail_leaves(w, target, err);
    }
    restart(w, place, "", target + len);
    return 0;
}

/* "..": back to the parent of where we are, by its canonical path. */
static int go_up(struct walk *w, struct place *place, struct sg_err *err) {
    if (place->real.len == 0) {
        return fail_leaves(w, "..", err);
    }
    sg_auto_cstr dir = sg_xstrdup(place->real.ptr);
    char *slash = strrchr(dir, '/');
    *(slash ? slash : dir) = '\0';
    restart(w, place, dir, "");
    return 0;
}

static void real_add(struct place *place, const char *name) {
    if (place->real.len) {
        sg_buf_addc(&place->real, '/');
    }
    sg_buf_adds(&place->real, name);
}

/* A part that more parts follow: it must be a folder, or a link to one. */
static int step_into(struct walk *w, struct place *place, const char *name,
                     struct sg_err *err) {
    int dir = openat(place->dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir >= 0) {
        place_enter(place, dir, true);
        real_add(place, name);
        return 0;
    }
    if (errno == ENOTDIR || errno == ELOOP) {
        struct stat st;
        if (fstatat(place->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISLNK(st.st_mode)) {
            return follow(w, place, name, err);
        }
        errno = ENOTDIR;
    }
    if (errno != ENOENT && errno != ENOTDIR) {
        return fail_disk(&w->disk->base, errno, w->path, err);
    }
    real_add(place, name);
    w->missing = true;
    return 0;
}

/* The last part: anything. */
static int step_last(struct walk *w, struct place *place, const char *name,
                     struct sg_err *err) {
    struct stat st;
    if (fstatat(place->dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT) {
            return fail_disk(&w->disk->base, errno, w->path, err);
        }
        w->missing = true;
    } else if (S_ISLNK(st.st_mode)) {
        return follow(w, place, name, err);
    } else {
        place->mode = st.st_mode;
    }
    memcpy(place->name, name, strlen(name) + 1);
    real_add(place, name);
    return 0;
}

/* Takes the next part into `name`; false at the end. `*last`: nothing follows it. */
static bool next_part(struct walk *w, char name[NAME_MAX + 1], bool *last,
                      bool *too_long) {
    const char *at = sg_buf_cstr(&w->rest) + w->at;
    at += strspn(at, "/");
    size_t len = strcspn(at, "/");
    const char *after = at + len + strspn(at + len, "/");
    *last = *after == '\0';
    *too_long = len > NAME_MAX;
    w->at = (size_t)(after - sg_buf_cstr(&w->rest));
    if (len == 0 || *too_long) {
        return false;
    }
    memcpy(name, at, len);
    name[len] = '\0';
    return true;
}

static int walk_parts(struct walk *w, struct place *place, struct sg_err *err) {
    char name[NAME_MAX + 1];
    bool last, too_long;
    while (!w->missing && !place->mode && next_part(w, name, &last, &too_long)) {
        int rc = 0;
        if (strcmp(name, "..") == 0) {
            rc = go_up(w, place, err);
        } else if (strcmp(name, ".") != 0) {
            rc = last ? step_last(w, place, name, err) : step_into(w, place, name, err);
        }
        if (rc) {
            return -1;
        }
    }
    if (!w->missing && !place->mode) {
        if (too_long) {
            w->missing = true; /* no file can have such a name */
            return 0;
        }
        /* the path ended on a folder we stand in */
        place->mode = S_IFDIR;
        memcpy(place->name, ".", 2);
    }
    return 0;
}

/* The folder `path[0..len)` below the root, or -1: there is a link on the way, it is not
 * there, or the kernel is too old to say (before 5.6). */
static int open_folder(const struct disk *disk, const char *path, size_t len) {
    sg_auto_buf folder = SG_BUF_INIT;
    sg_buf_add(&folder, path, len);
    struct open_how how = {
        .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
    };
    return (int)syscall(SYS_openat2, disk->root, sg_buf_cstr(&folder), &how, sizeof(how));
}

/*
 * Most paths are clean, hold no link and lead to something: one call finds the folder. A
 * build reads a file twice for every path it names, so walking each part of each path was
 * a third of its time. False: nothing was decided, walk the parts.
 */
static bool find_directly(const struct disk *disk, const char *path,
                          struct place *place) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (*path == '/' || *path == '.' || *name == '\0' || strlen(name) > NAME_MAX ||
        strstr(path, "//") || strstr(path, "/.")) {
        return false;
    }
    int dir = slash ? open_folder(disk, path, (size_t)(slash - path)) : disk->root;
    if (dir < 0) {
        return false;
    }
    place_enter(place, dir, slash != NULL);
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISLNK(st.st_mode)) {
        place_enter(place, disk->root, false);
        return false;
    }
    place->mode = st.st_mode;
    memcpy(place->name, name, strlen(name) + 1);
    sg_buf_adds(&place->real, path);
    return true;
}

static int find_place(const struct sg_fs *fs, const char *path, struct place *place,
                      struct sg_err *err) {
    const struct disk *disk = (const struct disk *)fs;
    struct walk w = {.disk = disk, .path = path};
    *place = (struct place){.dir = disk->root};
    if (find_directly(disk, path, place)) {
        return 0;
    }
    sg_buf_adds(&w.rest, path);
    int rc = walk_parts(&w, place, err);
    sg_buf_release(&w.rest);
    return rc;
}

static enum sg_fs_type type_of(mode_t mode) {
    return mode == 0 ? SG_FS_NONE : S_ISDIR(mode) ? SG_FS_DIR : SG_FS_FILE;
}

static int disk_stat(const struct sg_fs *fs, const char *path, enum sg_fs_type *type,
                     struct sg_buf *real, struct sg_err *err) {
    AUTO_PLACE place;
    if (find_place(fs, path, &place, err)) {
        return -1;
    }
    *type = type_of(place.mode);
    if (real) {
        sg_buf_clear(real);
        sg_buf_adds(real, sg_buf_cstr(&place.real));
    }
    return 0;
}

static int read_all(int fd, struct sg_buf *out) {
    char chunk[65536];
    size_t total = 0;
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof(chunk));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return -1;
        }
        if (n == 0) {
            return 0;
        }
        total += (size_t)n;
        if (total > SG_FS_MAX_FILE) {
            errno = EFBIG;
            return -1;
        }
        sg_buf_add(out, chunk, (size_t)n);
    }
}

static int disk_read(const struct sg_fs *fs, const char *path, struct sg_buf *out,
                     struct sg_err *err) {
    AUTO_PLACE place;
    if (find_place(fs, path, &place, err)) {
        return -1;
    }
    if (!place.mode) {
        return sg_fs_fail_missing(fs, path, err);
    }
    if (S_ISDIR(place.mode)) {
        return sg_fs_fail_not_file(fs, path, err);
    }
    if (!S_ISREG(place.mode)) {
        return sg_fail(err, SG_E_INPUT,
                       "%s%s is a device, pipe or socket, expected a "
                       "file",
                       fs->shown ? fs->shown : "", path);
    }
    /* O_NONBLOCK: should a pipe have taken the file's place, do not wait for its writer
     */
    int fd = openat(place.dir, place.name,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int rc = fd < 0 ? -1 : read_all(fd, out);
    int errnum = errno;
    if (fd >= 0) {
        close(fd);
    }
    if (rc && errnum == EFBIG) {
        return sg_fail(err, SG_E_LIMIT, "%s%s is larger than %zu MiB, the most we read",
                       fs->shown ? fs->shown : "", path, SG_FS_MAX_FILE >> 20);
    }
    return rc ? fail_disk(fs, errnum, path, err) : 0;
}

/* What the link says, or NULL where it went away; to be freed. */
static char *link_text(int dir, const char *name) {
    char text[PATH_MAX];
    ssize_t n = readlinkat(dir, name, text, sizeof(text));
    return n < 0 ? NULL : sg_xstrndup(text, (size_t)n);
}

/* Adds one entry of the folder `dir`, open as `fd`. A link's type is what it leads to,
 * NONE where it is broken or leaves. */
static void list_entry(const struct sg_fs *fs, const char *dir, int fd, const char *name,
                       struct sg_fs_list *out) {
    struct stat st;
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return; /* gone since it was listed */
    }
    struct sg_fs_entry *entry =
        sg_fs_list_add(out, name, strlen(name), type_of(st.st_mode));
    entry->exec = S_ISREG(st.st_mode) && (st.st_mode & S_IXUSR);
    if (S_ISLNK(st.st_mode)) {
        AUTO_PLACE target;
        sg_auto_buf path = SG_BUF_INIT;
        struct sg_err ignored = {0};
        sg_buf_addf(&path, "%s/%s", dir, name);
        entry->link = true;
        entry->target = link_text(fd, name);
        entry->type = find_place(fs, path.ptr, &target, &ignored) ? SG_FS_NONE
                                                                  : type_of(target.mode);
        entry->exec = S_ISREG(target.mode) && (target.mode & S_IXUSR);
    }
}

static int disk_list(const struct sg_fs *fs, const char *path, struct sg_fs_list *out,
                     struct sg_err *err) {
    AUTO_PLACE place;
    if (find_place(fs, path, &place, err)) {
        return -1;
    }
    if (!S_ISDIR(place.mode)) {
        return place.mode ? sg_fs_fail_not_dir(fs, path, err)
                          : sg_fs_fail_missing(fs, path, err);
    }
    int fd =
        openat(place.dir, place.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        int errnum = errno;
        if (fd >= 0) {
            close(fd);
        }
        return fail_disk(fs, errnum, path, err);
    }
    const struct dirent *entry;
    while (errno = 0, (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            list_entry(fs, sg_buf_cstr(&place.real), fd, entry->d_name, out);
        }
    }
    int errnum = errno;
    closedir(dir);
    sg_fs_list_sort(out);
    return errnum ? fail_disk(fs, errnum, path, err) : 0;
}

static void disk_free(struct sg_fs *fs) {
    struct disk *disk = (struct disk *)fs;
    close(disk->root);
    free(disk->where);
    free(disk);
}

struct sg_fs *sg_fs_disk(const char *root, struct sg_err *err) {
    static const struct sg_fs_ops ops = {disk_stat, disk_read, disk_list, disk_free};
    int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    sg_auto_cstr where = fd < 0 ? NULL : realpath(root, NULL);
    if (!where) {
        int errnum = errno;
        if (fd >= 0) {
            close(fd);
        }
        sg_fail_sys(err, errnum, "cannot open the folder %s", root);
        return NULL;
    }
    struct disk *disk = sg_xcalloc(1, sizeof(*disk));
    disk->base.ops = &ops;
    disk->root = fd;
    disk->where = sg_xstrdup(strcmp(where, "/") == 0 ? "" : where);
    return &disk->base;
}
