/*
 * fs_table.h - what the file systems of this layer share: filling lists, their common
 * errors, and a table of files by path (the contents of fs_memory, the changes of
 * fs_over).
 */
#ifndef SG_FS_TABLE_H
#define SG_FS_TABLE_H

#include "sg/fs.h"

/* What a file system over another one shows as that one does. */
void sg_fs_inherit(struct sg_fs *fs, const struct sg_fs *under);

/* Appends an entry with a copy of `name`, no link and not executable; the pointer holds
 * until the next one. */
struct sg_fs_entry *sg_fs_list_add(struct sg_fs_list *list, const char *name, size_t len,
                                   enum sg_fs_type type);
/* As sg_fs_list_add with all else that `like` says, its link target copied. */
void sg_fs_list_copy(struct sg_fs_list *list, const char *name, size_t len,
                     const struct sg_fs_entry *like);
/* Bytewise by name. */
void sg_fs_list_sort(struct sg_fs_list *list);

/* SG_E_NOTFOUND, and SG_E_INPUT for the wrong type; `path` is shown with the file
 * system's prefix. Return -1. */
int sg_fs_fail_missing(const struct sg_fs *fs, const char *path, struct sg_err *err);
int sg_fs_fail_not_file(const struct sg_fs *fs, const char *path, struct sg_err *err);
int sg_fs_fail_not_dir(const struct sg_fs *fs, const char *path, struct sg_err *err);

struct sg_fs_file {
    char *path;
    char *bytes; /* NULL: the path is hidden (fs_over) */
    size_t len;
    bool exec;
};

/* Files sorted bytewise by path, so that everything below a folder is one run. Looking
 * one up costs log n; adding one out of order moves the pointers behind it. */
struct sg_fs_table {
    SG_VEC(struct sg_fs_file *) files;
};
void sg_fs_table_release(struct sg_fs_table *table);
struct sg_fs_file *sg_fs_table_find(const struct sg_fs_table *table, const char *path);
/* Copies `bytes`; NULL hides the path. */
void sg_fs_table_put(struct sg_fs_table *table, const char *path, const void *bytes,
                     size_t len);
/* Forgets the path, and everything below it where `below` is set. */
void sg_fs_table_remove(struct sg_fs_table *table, const char *path, bool below);
/* A file that is not hidden lies below the folder `path`. */
bool sg_fs_table_has_below(const struct sg_fs_table *table, const char *path);
/* Appends the direct children of folder `path`, each once, hidden files with type NONE;
 * unsorted. */
void sg_fs_table_list(const struct sg_fs_table *table, const char *path,
                      struct sg_fs_list *out);

#endif
