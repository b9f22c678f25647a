/*
 * path.h - file paths as text: '/'-separated, no access to a disk.
 */
#ifndef SG_PATH_H
#define SG_PATH_H

#include "sg/buf.h"
#include "sg/err.h"

/*
 * `path` seen from folder `dir` (both relative to one root), cleaned: "" and "." parts
 * dropped, ".." resolved as text. Fails with SG_E_INPUT where ".." leaves the root or
 * `path` is absolute.
 */
SG_MUST_USE int sg_path_join(const char *dir, const char *path, struct sg_buf *out,
                             struct sg_err *err);
/* `path` without its last part; "" for a path of one part. */
void sg_path_dir(const char *path, struct sg_buf *out);
/* The last part; borrowed from `path`. */
const char *sg_path_base(const char *path);
/* True where `path` is `dir` or below it; ".." parts in front of either lead above the
 * root (fs.h, sg_fs_below), so "" contains all that has none. */
bool sg_path_within(const char *path, const char *dir);
/* The relative path that leads from folder `dir` to `path`, with ".." parts where needed.
 */
void sg_path_relative(const char *dir, const char *path, struct sg_buf *out);
/* fnmatch-like match of a whole path: '*' and '?' stop at '/', "**" does not, [a-z]
 * classes. */
bool sg_path_glob(const char *pattern, const char *path);

#endif
