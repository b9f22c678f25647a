/*
 * releases.h - a git repository of releases for these tests, in a folder of its own.
 */
#ifndef ADOPT_RELEASES_H
#define ADOPT_RELEASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/adopt.h"

struct releases {
    char dir[256];
    struct sg_buf script; /* for git fast-import */
    struct sg_upstream *up;
};
void releases_start(struct releases *releases);
void releases_drop(struct releases *releases);
/* A release begins; files of the one before are still there. NULL text removes one. */
void releases_commit(struct releases *releases, const char *subject);
void releases_file(struct releases *releases, const char *path, const char *text);
void releases_tag(struct releases *releases, const char *tag);
/* All files of a folder on the disk, below `base`, in place of what is there. */
void releases_folder(struct releases *releases, const struct sg_fs *fs);
/* Makes the repository and opens it. */
void releases_make(struct releases *releases);

/* kubernetes/base of a real release; NULL, with a line that says so, where there are
 * none. */
struct sg_fs *real_base(const char *version);
extern const char *const real_versions[11];

#endif
