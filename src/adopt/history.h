/*
 * history.h - a fork's git history, asked through the git program: what wrote a line,
 * what took one out, what deleted a file.
 */
#ifndef SG_ADOPT_HISTORY_H
#define SG_ADOPT_HISTORY_H

#include "sg/adopt.h"
#include "sg/strmap.h"

#define HISTORY_ID 64 /* hex digits of an id at most: SHA-256 has so many, SHA-1 40 */

struct commit {
    char id[HISTORY_ID + 1];
    const char *author, *date, *subject; /* NULL: unknown */
    int64_t time;
    bool merge;
    bool unknown; /* the clone is shallow, and what is older looks like this one's */
};
/* A line of a file as the commit has it, and what wrote it. */
struct wanted {
    uint32_t line;
    size_t change;               /* that asks */
    const struct commit *commit; /* NULL: unknown */
    /* history_blame.c's: where the whole history can be asked, and whether it is to be */
    const char *from, *from_path;
    uint32_t from_line;
    bool open;
};
/* A file of the fork, or one that is not there any more. */
struct past_file {
    const char *path; /* from the fork's folder, for git */
    const char *full; /* from the top of the repository */
    bool odd;         /* its name has a line end, and cannot be asked for in a list */
    bool committed;   /* the commit has it … */
    bool searched;    /* for lines that it has no more */
    bool there;       /* … and so has what was read */
    struct sg_str then, now;
    struct sg_buf disk;           /* what `now` is of, where that is not the commit's */
    uint32_t *lines;              /* of each line now, which it is then; 0: none */
    uint32_t lines_len;           /* both are 1-based: lines[0] is the first */
    SG_VEC(struct wanted) wanted; /* in the order of asking */
};

struct history {
    struct sg_adopted *adopted;
    const char *root;          /* the fork's folder on the disk */
    const char *folder;        /* the base's in it, "" for the same */
    struct sg_buf prefix;      /* the fork's folder in the repository: "" or "forks/a/" */
    char head[HISTORY_ID + 1]; /* the commit; "": there is none yet */
    bool on_disk;              /* what was read is not the commit, but what is on disk */
    bool shallow;
    bool hurry;          /* see history_find */
    bool has_candidates; /* see candidates */
    struct sg_arena arena;
    struct sg_strmap files_by_path, commits_by_id, searches;
    SG_VEC(struct past_file *) files;
    SG_VEC(struct commit *) commits;
    struct sg_buf blobs;       /* what each `then` is of */
    struct commit uncommitted; /* stands for what is in no commit */
    /* history_blame.c's: the commits that touch the files of `listed`, "ID PARENT…" a
     * line; none while whole walks are fast enough */
    struct sg_buf list;
    struct sg_strmap listed;
    char list_tip[HISTORY_ID + 1];
    /* history_gone.c's: the commits that touch the files which are searched */
    struct sg_buf candidates;
};

/* --- asking git (history_git.c) ------------------------------------------------------
 */

/* Runs git in the fork's folder; `args` is NULL-terminated and without "git". The exit
 * code goes to `*status`; with `status` NULL a failure is SG_E_IO with git's own words.
 */
SG_MUST_USE int history_git(const struct history *h, const char *const *args,
                            const struct sg_buf *in, struct sg_buf *out, int *status,
                            struct sg_err *err);
/* Finds the repository and the commit. */
SG_MUST_USE int history_open(struct history *h, const char *revision, struct sg_err *err);
/* Reads `then` of all files. */
SG_MUST_USE int history_read_then(struct history *h, struct sg_err *err);
/* Reads what is said about all commits. */
SG_MUST_USE int history_read_commits(struct history *h, struct sg_err *err);
/* The commits that touch a file of these, newest first, an id a line, or what `how`
 * (NULL-terminated options) makes of them. */
SG_MUST_USE int history_touching(const struct history *h, const char *const *how,
                                 const struct past_file *const *files, size_t len,
                                 struct sg_buf *out, struct sg_err *err);
/* The commit of an id of `len` digits, the same for the same id; NULL where it is none.
 */
struct commit *history_commit(struct history *h, const char *id, size_t len);
/* The file of a path in the base's folder, the same for the same path. */
struct past_file *history_file(struct history *h, const char *path);

/* --- lines (history_lines.c) ---------------------------------------------------------
 */

/* Fills `lines` from `then` and `now`; blanks do not count. */
void past_file_align(struct past_file *file);
/* Which line it was then; 0 where it was none. */
uint32_t past_file_line(const struct past_file *file, uint32_t line);
/* Some line of the text is `line`, but for blanks around it. */
bool has_line(struct sg_str text, const char *line);

/* --- what wrote a line (history_blame.c) ---------------------------------------------
 */

/* Answers all that is wanted of all files. */
SG_MUST_USE int history_blame(struct history *h, struct sg_err *err);

/* --- what took it out (history_gone.c) -----------------------------------------------
 */

/* The commit that took the last line `gone` out of the file, or out of that of the name
 * which it had before (NULL: the same); NULL where unknown. Both are `searched`. */
SG_MUST_USE int history_search(struct history *h, const struct past_file *file,
                               const struct past_file *old, const char *gone,
                               const struct commit **out, struct sg_err *err);

/* A file that was deleted or renamed. */
struct departure {
    const char *from, *to; /* from the top; `to` NULL: it was deleted */
    const char *commit;
};
struct departures {
    SG_VEC(struct departure) items; /* newest first */
    bool read;
};
/* Of all files in the base's folder. */
SG_MUST_USE int history_departures(struct history *h, struct departures *out,
                                   struct sg_err *err);
/* The commit that deleted the file, under whatever name it had then; NULL where it is
 * there still, or unknown. */
const struct commit *
history_deleted(struct history *h, const struct departures *departures, const char *full);

/* sg_adopt_history; with `hurry` it takes the short way from the start, for tests. */
SG_MUST_USE int history_find(const char *repo_dir, const char *revision, const char *dir,
                             bool hurry, struct sg_adopted *adopted, struct sg_err *err);

#endif
