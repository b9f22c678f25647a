/*
 * crashdisk.h - a disk in memory that can fail at any call and lose its power at any
 * call, for the tests of the transaction.
 *
 * It keeps two images. The volatile one is what a running program sees. The durable one
 * is what is certain to be there after a power cut: a file's contents from its last sync,
 * a folder's entries from the folder's last sync. At a cut every change that was not
 * synced survives or not on its own: each entry of a folder is at any of the values it
 * has had since the sync, each file's contents are the synced ones, the newest ones, or a
 * torn half. A rename is two changes (the new name, the old name), as on the weakest disk
 * there could be.
 */
#ifndef CRASHDISK_H
#define CRASHDISK_H

#include "sg/disk.h"

enum crash_sync {
    CRASH_CONTENT = 1, /* contents of files */
    CRASH_STAGE = 2,   /* entries of .sgupgrade, of what is below it, and of the root */
    CRASH_PARENTS = 4, /* entries of the project's folders */
};

struct crashdisk;
struct crashdisk *crashdisk_new(void);
void crashdisk_free(struct crashdisk *crash);
/* Its vtable; borrowed. */
struct sg_disk *crashdisk_disk(struct crashdisk *crash);

/* Preparing: a durable file with its folders, and reading the volatile image. */
void crashdisk_add(struct crashdisk *crash, const char *path, const char *text,
                   uint32_t mode);
/* All files and folders outside of .sgupgrade, one line each: the state that is either
 * old or new. */
void crashdisk_state(const struct crashdisk *crash, struct sg_buf *out);

/* Calls so far, of those that change something. */
size_t crashdisk_calls(const struct crashdisk *crash);
void crashdisk_reset_calls(struct crashdisk *crash);
/* The n-th changing call (0-based) from now fails with `errnum`; with `from` all later
 * ones too. */
void crashdisk_fail_at(struct crashdisk *crash, size_t n, int errnum, bool on);
/* From the n-th changing call on nothing happens any more: every call is EIO. */
void crashdisk_cut_at(struct crashdisk *crash, size_t n);
bool crashdisk_is_cut(const struct crashdisk *crash);
/* These classes of sync (enum crash_sync) report success and do nothing. */
void crashdisk_lie(struct crashdisk *crash, unsigned classes);
/* link always fails with this; 0: it works. */
void crashdisk_no_links(struct crashdisk *crash, int errnum);

/* How many independent choices a power cut has now, each with its number of values. */
size_t crashdisk_choices(const struct crashdisk *crash);
size_t crashdisk_values(const struct crashdisk *crash, size_t choice);
/* The disk after a power cut with these values (value 0 is the durable one); a new one
 * that is all durable, without failures, cuts, lies. */
struct crashdisk *crashdisk_after_cut(const struct crashdisk *crash,
                                      const size_t *values);

#endif
