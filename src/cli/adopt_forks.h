/*
 * adopt_forks.h - the forks that `adopt` is given: what a word of the command line names,
 * a folder or a revision of a repository, and which folder of it was upstream's.
 */
#ifndef SG_CLI_ADOPT_FORKS_H
#define SG_CLI_ADOPT_FORKS_H

#include "cli.h"

struct sg_fork {
    char *overlay; /* that it becomes: the NAME of "NAME=FORK" */
    char *shown;   /* the rest of the word, without credentials */
    char *path; /* on this machine: what is read, or a revision's repository; NULL: that
                   is a URL's */
    char *revision;     /* the id of its commit; NULL: files of the disk are read */
    char *below;        /* folder of the revision that `fs` is, "" its root; else NULL */
    struct sg_fs *disk; /* what `fs` lies over; NULL: nothing */
    struct sg_fs *fs;   /* what the word names, without git's own files */
    char *folder;       /* in it, that was upstream's; NULL until sg_fork_find */
};
void sg_fork_release(struct sg_fork *fork);

/*
 * Opens what `word` names: [NAME=]FOLDER, or [NAME=]REPOSITORY@REVISION[:FOLDER]. A
 * folder that is there comes first. `overlay` is the name of the command line, NULL for
 * none; without either it is "default". Release `out` after a failure, too. Errors:
 * SG_E_USAGE for a name that is none, a name given twice, and a URL without a revision;
 * SG_E_NOTFOUND and SG_E_IO for what cannot be read. Nothing is checked out.
 */
SG_MUST_USE int sg_fork_open(const struct sg_cli *cli, const char *word,
                             const char *overlay, struct sg_fork *out,
                             struct sg_err *err);

/* Finds the folder that was upstream's `from`. Not there: SG_E_NOTFOUND, and the hint has
 * the word that names what looks like it. */
SG_MUST_USE int sg_fork_find(struct sg_fork *fork, struct sg_upstream *up,
                             const char *from, struct sg_err *err);

/* Who made each change; after sg_fork_find. A fork behind a URL is SG_E_USAGE: its
 * history is not on this machine. */
SG_MUST_USE int sg_fork_history(const struct sg_fork *fork, struct sg_adopted *adopted,
                                struct sg_err *err);

#endif
