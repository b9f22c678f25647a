/*
 * report.h - what the tool has to say, in the formats people and programs read: text for
 * a terminal, JSON with a versioned schema. A report is data; a format turns it into
 * bytes. Nothing in here prints.
 */
#ifndef SG_REPORT_H
#define SG_REPORT_H

#include "sg/adopt.h"
#include "sg/chain.h"

/* --- text for people -------------------------------------------------------------- */

/* Terminal escapes by what they say; each "" where colour is off. */
struct sg_palette {
    const char *bold, *dim, *added, *removed, *changed, *warning, *error, *good, *link,
        *reset;
};
/* The palette with or without colour; static. */
const struct sg_palette *sg_palette_get(bool color);

/*
 * Appends text that came from a file or from upstream so that it cannot act on a
 * terminal: control characters, bytes that are no UTF-8 and the marks that reorder text
 * become visible escapes (\x1b, \u202e); a line feed becomes \n. Valid UTF-8 stays.
 */
void sg_text_safe(const char *text, size_t len, struct sg_buf *out);
/* Appends text of unknown making with each byte that is no UTF-8 as U+FFFD: a commit's
 * subject or a file's name may be in any encoding, JSON may not. */
void sg_text_utf8(const char *text, size_t len, struct sg_buf *out);
/* Columns the text takes, one a code point. */
size_t sg_text_width(const char *text, size_t len);
/* Adds the words of text[0..len) from column `at` on, wrapped at 80 columns, later lines
 * indented; ends the line. */
void sg_text_wrap(struct sg_buf *out, const char *text, size_t len, size_t at,
                  size_t indent);

/* --- reports ---------------------------------------------------------------------- */

enum sg_report_kind {
    SG_REPORT_VERSION, /* of this program */
    SG_REPORT_PLAN,    /* diff, apply, check */
    SG_REPORT_STATUS,
    SG_REPORT_RELEASES, /* the command `versions` */
    SG_REPORT_LOG,
    SG_REPORT_DONE,  /* what init, fetch and rollback did */
    SG_REPORT_CODES, /* what findings mean: the command `explain` */
    SG_REPORT_CHAIN, /* where a value comes from: the command `explain` */
    SG_REPORT_MANY,  /* the plans, or the status, of several projects: --all */
    SG_REPORT_ADOPT, /* what a fork is of, and the overlay that says the same */
};
#define SG_REPORT_KINDS 10

struct sg_report_version {
    const char *tool, *renderer;
};

/* A plan as `diff`, `apply` and `check` show it. */
struct sg_report_plan {
    const struct sg_plan *plan;
    enum sg_plan_use use;
    const char *target; /* V as the user typed it, for the next command; NULL: none */
    const char *saved;  /* the file that the plan was saved in, or came from; else NULL */
    const char *since;  /* check --since: the revision; else NULL */
    bool dry_run, applied; /* apply: nothing was to be written; it was written */
    bool held;    /* apply --all: nothing was written here, for another project stops */
    bool nothing; /* already at the newest release asked for */
    bool all;     /* of several projects, merged into one: --all */
    const char *const *commits, *const *deploy; /* apply: a hop each */
    size_t commits_len, deploy_len;
    const char *const *files; /* apply: project paths written */
    size_t files_len;
    enum sg_severity fail_on; /* check */
    /* For the formats of CI systems, NULL for none: the project's folder in its git
     * repository ("" is the root), and what findings mean, ended by a NULL code. */
    const char *folder;
    const struct sg_report_code *pages;
};

struct sg_report_overlay {
    const char *name;
    size_t objects, errors, warnings, infos;
    const char *problem; /* NULL: none */
    struct sg_place at;
};
struct sg_report_status {
    const char *upstream, *current, *commit;
    const char *next, *latest; /* NULL: nothing newer */
    const char *contacted;     /* NULL: upstream was asked; else why it was not */
    size_t newer, hops;
    bool blocked, dirty;
    const struct sg_report_overlay *overlays;
    size_t overlays_len;
    const struct sg_plan *plan; /* findings of the present state */
};

struct sg_report_release {
    const char *version, *tag, *commit, *date; /* date "": unknown */
    bool current, skipped, prerelease;
    uint32_t hop; /* 1-based place on the way from here to latest; 0: not on it */
};
struct sg_report_releases {
    const struct sg_report_release *items; /* oldest first */
    size_t len;
    const char *contacted; /* NULL: upstream was asked; else why it was not */
};

struct sg_report_entry {
    const char *version, *tag, *commit, *date;
    const char *const *files; /* of the customer's, edited by this step */
    size_t files_len;
    bool current;
};
struct sg_report_log {
    const struct sg_report_entry *items; /* newest first */
    size_t len;
};

struct sg_report_done {
    const char *verb;      /* "init", "fetch", "rollback" */
    const char *headline;  /* one line: what was done */
    const char *from, *to; /* versions; "" for none */
    const char *const *files;
    size_t files_len;
    const char *const *undecided; /* rollback: edited since, not decided */
    size_t undecided_len;
    const char *const *next; /* commands to run next */
    size_t next_len;
    bool dry_run, nothing;
};

struct sg_report_code {
    const char *code, *rule;
    const char *title;    /* one line */
    const char *severity; /* "warning", and when it is something else */
    const char *when;     /* what holds exactly when it is reported */
    const char *means;    /* what it means for the user */
    const char *apply;    /* what `apply` does about it */
    const char *fix;      /* what to do */
};
struct sg_report_codes {
    const struct sg_report_code *items;
    size_t len;
    bool pages; /* as text: all of each, not a line */
};

struct sg_report_chain {
    const struct sg_chains *chains;
};

/* A fork made into base and overlay. */
struct sg_report_adopt {
    const char *fork;               /* as the user named it */
    const char *folder;             /* in it, that was adopted; "": the fork itself */
    const char *upstream, *version; /* version: the release it is of */
    const char *dir;                /* the new project, as the user named it */
    const char *overlay;            /* "default" */
    const struct sg_adopt_ranking *ranking; /* of the fork; NULL: unknown */
    bool said;                              /* the user said the release, or … */
    bool remote;  /* … the URL of the fork's base: its overlay is there as it was */
    bool follows; /* … another fork of several, which is told first */
    const struct sg_adopt_fork *source; /* its oddities and other files */
    const struct sg_adopted *adopted;
    const struct sg_adopt_outside *outside; /* that nobody looked at; NULL: none */
    const char *const *files;               /* project paths written */
    size_t files_len;
    const char *by_hand;     /* what is to be done before `next`; NULL: nothing */
    const char *const *next; /* commands to run next */
    size_t next_len;
};
/* 0 where the overlay renders all that the fork holds; 4 for a difference, and for a
 * document that could not be read: what that one says is in no overlay. */
int sg_report_adopt_exit(const struct sg_report_adopt *report);

/* Reports of several projects, all PLAN or all STATUS, or of the overlays of one that is
 * made of several forks, all ADOPT. */
struct sg_report_part;
struct sg_report_many {
    const struct sg_report_part *items; /* by folder */
    size_t len;
    enum sg_report_kind each;
};

/* The report of one run; the member that `kind` names counts. Everything is borrowed. */
struct sg_report {
    enum sg_report_kind kind;
    union {
        struct sg_report_version version;
        struct sg_report_plan plan;
        struct sg_report_status status;
        struct sg_report_releases releases;
        struct sg_report_log log;
        struct sg_report_done done;
        struct sg_report_codes codes;
        struct sg_report_chain chain;
        struct sg_report_many many;
        struct sg_report_adopt adopt;
    };
};

struct sg_report_part {
    const char *dir;         /* the project's folder, "." for the top; or the overlay's */
    const char *error;       /* why there is no report; else NULL */
    struct sg_report report; /* of kind PLAN, STATUS or ADOPT */
};

/* The schema of a plan as JSON. */
#define SG_PLAN_SCHEMA "sgupgrade.plan/v1"

/* --- a part of a plan ------------------------------------------------------------- */

/* What `--only` leaves. */
enum sg_report_only {
    SG_ONLY_ALL,
    SG_ONLY_ATTENTION, /* findings over info that nobody accepted, and their fields */
    SG_ONLY_UPSTREAM,  /* upstream's rows, and those of both */
    SG_ONLY_OVERLAY,   /* the customer's rows, and those of both */
};
/* "", "attention", "upstream", "overlay"; back again, with ALL for NULL or another word.
 */
const char *sg_only_word(enum sg_report_only only);
enum sg_report_only sg_only_of(const char *word);
/* The plan with a part of its rows and objects, and with ATTENTION of its findings; the
 * rest (hops, edits, counts, exit) stays. It borrows from `plan`; release it with
 * sg_plan_narrow_release, never with sg_plan_release. Linear in the plan. */
void sg_plan_narrow(const struct sg_plan *plan, enum sg_report_only only,
                    struct sg_plan *out);
void sg_plan_narrow_release(struct sg_plan *part);

/* --- formats ---------------------------------------------------------------------- */

struct sg_report_opts {
    const struct sg_palette *paint;
    const char *tool; /* version of this program */
    bool quiet;       /* only what must be known */
    bool full;        /* upstream-only changes are opened, long values are not cut */
    bool stat;        /* objects and counts, no fields */
    bool part;        /* one project of several: the next command is not its own */
    enum sg_report_only only; /* the plan was narrowed to this */
};

typedef int sg_report_fn(const struct sg_report *report,
                         const struct sg_report_opts *opts, struct sg_buf *out,
                         struct sg_err *err);

/* A format by name, with its writer a kind; NULL where the kind has no such form. */
struct sg_report_format {
    const char *name;
    sg_report_fn *write[SG_REPORT_KINDS];
};
/*
 * Writes a report in a format. A format without a form for several projects gets their
 * plans as one: overlays are named "project/overlay", files are seen from the top
 * (merge.c). SG_E_USAGE where it has no form of them either.
 */
SG_MUST_USE int sg_report_write(const struct sg_report_format *format,
                                const struct sg_report *report,
                                const struct sg_report_opts *opts, struct sg_buf *out,
                                struct sg_err *err);
/* NULL where there is none. */
const struct sg_report_format *sg_report_format_find(const char *name);
/* The format at `index` of the registry; NULL past its end. */
const struct sg_report_format *sg_report_format_at(size_t index);

#endif
