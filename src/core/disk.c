/*
 * disk.c - the real disk: every path is walked one part at a time with O_NOFOLLOW from
 * the root's descriptor, so that no link can lead a write out of the project.
 */
#include "sg/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct real {
    struct sg_disk base;
    int root;
    int lock;       /* -1: none */
    char *dir_path; /* the folder that was walked last … */
    int dir;        /* … and its descriptor, -1: none */
};

/* Returns the descriptor (kept by the disk until the next walk) of folder `path`, or -1
 * with errno. Neighbouring calls mostly want the same one. */
static int walk_to(struct real *disk, const char *path) {
    if (disk->dir >= 0 && strcmp(disk->dir_path, path) == 0) {
        return disk->dir;
    }
    int at = disk->root;
    for (const char *part = path; *part;) {
        char name[NAME_MAX + 1];
        size_t len = strcspn(part, "/");
        int next = -1;
        errno = ENAMETOOLONG;
        if (len <= NAME_MAX) {
            memcpy(name, part, len);
            name[len] = '\0';
            next = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        }
        int errnum = errno;
        struct stat st;
        if (next < 0 && errnum == ENOTDIR &&
            fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode)) {
            errnum = ELOOP;
        }
        if (at != disk->root) {
            close(at);
        }
        if (next < 0) {
            errno = errnum;
            return -1;
        }
        at = next;
        part += len + (part[len] == '/');
    }
    if (at == disk->root) {
        return at;
    }
    if (disk->dir >= 0) {
        close(disk->dir);
    }
    free(disk->dir_path);
    disk->dir = at;
    disk->dir_path = sg_xstrdup(path);
    return at;
}

/* The folder that holds `path`, and the last part in `*name` ("." for the root). */
static int parent_of(struct sg_disk *base, const char *path, const char **name) {
    struct real *disk = (struct real *)base;
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : *path ? path : ".";
    if (!slash) {
        return disk->root;
    }
    sg_auto_cstr dir = sg_xstrndup(path, (size_t)(slash - path));
    return walk_to(disk, dir);
}

/* A descriptor may outlive its folder: forget it before a folder goes. */
static void forget_dir(struct sg_disk *base) {
    struct real *disk = (struct real *)base;
    if (disk->dir >= 0) {
        close(disk->dir);
        disk->dir = -1;
    }
}

static enum sg_disk_type type_of(mode_t mode) {
    return S_ISREG(mode)   ? SG_DISK_FILE
           : S_ISDIR(mode) ? SG_DISK_DIR
           : S_ISLNK(mode) ? SG_DISK_LINK
                           : SG_DISK_OTHER;
}

static int real_lstat(struct sg_disk *disk, const char *path, struct sg_disk_stat *out) {
    const char *name;
    struct stat st;
    *out = (struct sg_disk_stat){0};
    int dir = parent_of(disk, path, &name);
    if (dir < 0 || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT || errno == ENOTDIR ? 0 : errno;
    }
    *out = (struct sg_disk_stat){
        .type = type_of(st.st_mode),
        .mode = st.st_mode & 07777,
        .device = st.st_dev,
        .size = (uint64_t)st.st_size,
    };
    return 0;
}

static int read_all(int fd, struct sg_buf *out) {
    char chunk[65536];
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof(chunk));
        if (n > 0) {
            sg_buf_add(out, chunk, (size_t)n);
        } else if (n == 0) {
            return out->over ? EFBIG : 0;
        } else if (errno != EINTR) {
            return errno;
        }
    }
}

static int open_file(struct sg_disk *disk, const char *path, int flags) {
    const char *name;
    int dir = parent_of(disk, path, &name);
    return dir < 0 ? -1
                   : openat(dir, name,
                            flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static int real_read(struct sg_disk *disk, const char *path, struct sg_buf *out) {
    struct stat st;
    int fd = open_file(disk, path, O_RDONLY);
    if (fd < 0) {
        return errno;
    }
    int rc = fstat(fd, &st) != 0 ? errno : S_ISREG(st.st_mode) ? 0 : EINVAL;
    rc = rc ? rc : read_all(fd, out);
    close(fd);
    return rc;
}

static int real_readlink(struct sg_disk *disk, const char *path, struct sg_buf *out) {
    const char *name;
    char text[PATH_MAX];
    int dir = parent_of(disk, path, &name);
    ssize_t n = dir < 0 ? -1 : readlinkat(dir, name, text, sizeof(text));
    if (n < 0) {
        return errno;
    }
    sg_buf_add(out, text, (size_t)n);
    return 0;
}

static int real_list(struct sg_disk *disk, const char *path, struct sg_disk_names *out) {
    int fd = open_file(disk, path, O_RDONLY | O_DIRECTORY);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        int errnum = errno;
        if (fd >= 0) {
            close(fd);
        }
        return errnum;
    }
    const struct dirent *entry;
    while (errno = 0, (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            sg_vec_push(&out->items, sg_xstrdup(entry->d_name));
        }
    }
    int errnum = errno;
    closedir(dir);
    return errnum;
}

static int write_all(int fd, const char *bytes, size_t len) {
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno != EINTR) {
            return errno;
        }
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

static int real_write(struct sg_disk *disk, const char *path, const void *bytes,
                      size_t len, uint32_t mode) {
    const char *name;
    int dir = parent_of(disk, path, &name);
    int fd = dir < 0 ? -1
                     : openat(dir, name,
                              O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno;
    }
    int rc = write_all(fd, bytes, len);
    rc = rc ? rc : fchmod(fd, (mode_t)(mode & 07777)) != 0 ? errno : 0;
    if (close(fd) != 0 && rc == 0) {
        rc = errno;
    }
    return rc;
}

static int real_mkdir(struct sg_disk *disk, const char *path) {
    const char *name;
    int dir = parent_of(disk, path, &name);
    return dir < 0 || mkdirat(dir, name, 0777) != 0 ? errno : 0;
}

static int real_rmdir(struct sg_disk *disk, const char *path) {
    const char *name;
    forget_dir(disk);
    int dir = parent_of(disk, path, &name);
    return dir < 0 || unlinkat(dir, name, AT_REMOVEDIR) != 0 ? errno : 0;
}

static int real_unlink(struct sg_disk *disk, const char *path) {
    const char *name;
    int dir = parent_of(disk, path, &name);
    return dir < 0 || unlinkat(dir, name, 0) != 0 ? errno : 0;
}

/* Opens both folders: the first one's descriptor must survive the second walk. */
static int two_paths(struct sg_disk *disk, const char *from, const char *to,
                     int (*call)(int, const char *, int, const char *)) {
    const char *from_name, *to_name;
    int kept = parent_of(disk, from, &from_name);
    int from_dir = kept < 0 ? -1 : fcntl(kept, F_DUPFD_CLOEXEC, 0);
    if (from_dir < 0) {
        return errno;
    }
    int to_dir = parent_of(disk, to, &to_name);
    int rc = to_dir < 0 || call(from_dir, from_name, to_dir, to_name) != 0 ? errno : 0;
    close(from_dir);
    return rc;
}

static int call_link(int from_dir, const char *from, int to_dir, const char *to) {
    return linkat(from_dir, from, to_dir, to, 0); /* of a link: the link itself */
}

static int real_rename(struct sg_disk *disk, const char *from, const char *to) {
    return two_paths(disk, from, to, renameat);
}

static int real_link(struct sg_disk *disk, const char *from, const char *to) {
    return two_paths(disk, from, to, call_link);
}

static int sync_fd(int fd) {
    if (fd < 0) {
        return errno;
    }
    int rc = fsync(fd) != 0 ? errno : 0;
    close(fd);
    return rc;
}

static int real_sync_file(struct sg_disk *disk, const char *path) {
    return sync_fd(open_file(disk, path, O_RDONLY));
}

static int real_sync_dir(struct sg_disk *disk, const char *path) {
    return sync_fd(open_file(disk, path, O_RDONLY | O_DIRECTORY));
}

static int real_sync_all(struct sg_disk *disk) {
    return syncfs(((struct real *)disk)->root) != 0 ? errno : 0;
}

static void real_unlock(struct sg_disk *base) {
    struct real *disk = (struct real *)base;
    if (disk->lock >= 0) {
        close(disk->lock); /* the only descriptor of it: the lock goes with it */
        disk->lock = -1;
    }
}

static int real_lock(struct sg_disk *base, const char *path, bool exclusive,
                     const char *holder) {
    struct real *disk = (struct real *)base;
    const char *name;
    real_unlock(base);
    int dir = parent_of(base, path, &name);
    int flags = exclusive ? O_RDWR | O_CREAT : O_RDONLY;
    int fd = dir < 0
                 ? -1
                 : openat(dir, name,
                          flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
    if (fd < 0) {
        return errno;
    }
    int rc = 0;
    while (flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
        if (errno != EINTR) {
            rc = errno;
            break;
        }
    }
    if (rc == 0 && exclusive && ftruncate(fd, 0) == 0) {
        /* a full disk must not keep recovery from its lock: the text is a courtesy */
        (void)write_all(fd, holder, strlen(holder));
    }
    if (rc) {
        close(fd);
        return rc;
    }
    disk->lock = fd;
    return 0;
}

static void real_free(struct sg_disk *base) {
    struct real *disk = (struct real *)base;
    real_unlock(base);
    forget_dir(base);
    free(disk->dir_path);
    close(disk->root);
    free(disk);
}

struct sg_disk *sg_disk_open(const char *root, struct sg_err *err) {
    static const struct sg_disk_ops ops = {
        .lstat = real_lstat,
        .read = real_read,
        .readlink = real_readlink,
        .list = real_list,
        .write = real_write,
        .mkdir = real_mkdir,
        .rmdir = real_rmdir,
        .rename = real_rename,
        .link = real_link,
        .unlink = real_unlink,
        .sync_file = real_sync_file,
        .sync_dir = real_sync_dir,
        .sync_all = real_sync_all,
        .lock = real_lock,
        .unlock = real_unlock,
        .free = real_free,
    };
    int fd = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        sg_fail_sys(err, errno, "cannot open the folder %s", root);
        return NULL;
    }
    struct real *disk = sg_xcalloc(1, sizeof(*disk));
    disk->base.ops = &ops;
    disk->base.where = sg_xstrdup(root);
    size_t len = strlen(root);
    while (len > 1 && root[len - 1] == '/') {
        disk->base.where[--len] = '\0';
    }
    disk->root = fd;
    disk->lock = disk->dir = -1;
    return &disk->base;
}

void sg_disk_names_release(struct sg_disk_names *names) {
    for (size_t i = 0; i < names->items.len; i++) {
        free(names->items.items[i]);
    }
    sg_vec_release(&names->items);
}

void sg_disk_free(struct sg_disk *disk) {
    if (disk) {
        char *where = disk->where; /* of the struct that free() is about to free */
        disk->ops->free(disk);
        free(where);
    }
}

void sg_disk_freep(struct sg_disk **disk) {
    sg_disk_free(*disk);
    *disk = NULL;
}
