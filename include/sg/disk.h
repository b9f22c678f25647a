/*
 * disk.h - changing files, one system call a function, so that a test can stand in for
 * the disk and fail or cut the power at every call. The transaction (txn.h) is its only
 * user; everything that only reads goes through fs.h.
 *
 * Paths are as in fs.h: relative to the root, clean, "" for the root. No call follows a
 * symbolic link, in no part of a path: one on the way is ELOOP. Calls return 0 or an
 * errno.
 */
#ifndef SG_DISK_H
#define SG_DISK_H

#include "sg/buf.h"
#include "sg/err.h"

enum sg_disk_type {
    SG_DISK_NONE, /* nothing there, or a part of the way is no folder */
    SG_DISK_FILE,
    SG_DISK_DIR,
    SG_DISK_LINK,
    SG_DISK_OTHER, /* device, pipe, socket */
};

struct sg_disk_stat {
    enum sg_disk_type type;
    uint32_t mode;   /* permission bits */
    uint64_t device; /* two paths of one device can be linked and renamed */
    uint64_t size;
};

struct sg_disk_names {
    SG_VEC(char *) items; /* owned; without "." and "..", in no order */
};
void sg_disk_names_release(struct sg_disk_names *names);
#define sg_auto_disk_names SG_CLEANUP(sg_disk_names_release) struct sg_disk_names

struct sg_disk;
struct sg_disk_ops {
    int (*lstat)(struct sg_disk *disk, const char *path, struct sg_disk_stat *out);
    /* A regular file's bytes, appended. */
    int (*read)(struct sg_disk *disk, const char *path, struct sg_buf *out);
    /* A link's text, appended. */
    int (*readlink)(struct sg_disk *disk, const char *path, struct sg_buf *out);
    int (*list)(struct sg_disk *disk, const char *path, struct sg_disk_names *out);

    /* A new file (EEXIST where there is one) with exactly this mode, the umask aside. Not
     * synced. A failure may leave a part of it. */
    int (*write)(struct sg_disk *disk, const char *path, const void *bytes, size_t len,
                 uint32_t mode);
    int (*mkdir)(struct sg_disk *disk, const char *path); /* mode 0777 less the umask */
    int (*rmdir)(struct sg_disk *disk, const char *path);
    int (*rename)(struct sg_disk *disk, const char *from, const char *to);
    int (*link)(struct sg_disk *disk, const char *from, const char *to);
    int (*unlink)(struct sg_disk *disk, const char *path);

    int (*sync_file)(struct sg_disk *disk, const char *path); /* fsync: contents */
    int (*sync_dir)(struct sg_disk *disk, const char *path);  /* fsync: entries */
    int (*sync_all)(struct sg_disk *disk); /* syncfs: the contents of every file */

    /*
     * Takes an advisory lock on file `path`, made when it is missing, and holds it until
     * unlock or free; EWOULDBLOCK where another process holds it. An exclusive lock
     * replaces the file's text by `holder`. A shared lock never writes: ENOENT where the
     * file is missing. Taking another kind of a lock that is held gives it up first.
     */
    int (*lock)(struct sg_disk *disk, const char *path, bool exclusive,
                const char *holder);
    void (*unlock)(struct sg_disk *disk);
    void (*free)(struct sg_disk *disk);
};

/* Embed as first member. */
struct sg_disk {
    const struct sg_disk_ops *ops;
    char *where; /* the root as shown in messages, no '/' at its end */
};

/* The folder `root` of the real disk, opened without following a link at its end. */
SG_MUST_USE struct sg_disk *sg_disk_open(const char *root, struct sg_err *err);
/* NULL is ignored. Gives the lock up. */
void sg_disk_free(struct sg_disk *disk);
void sg_disk_freep(struct sg_disk **disk);
#define sg_auto_disk SG_CLEANUP(sg_disk_freep) struct sg_disk *

#endif
