/*
 * codes.h - what each finding means: the pages of `explain SGnnn` and docs/ERRORS.md.
 */
#ifndef SG_CLI_CODES_H
#define SG_CLI_CODES_H

struct sg_code_page {
    const char *code, *rule;
    const char *title;    /* one line */
    const char *severity; /* "warning", and when it is something else */
    const char *when;     /* what holds exactly when it is reported */
    const char *means;    /* what it means for the user */
    const char *apply;    /* what `apply` does about it */
    const char *fix;      /* what to do */
};

/* Ends with a NULL code; by code. */
extern const struct sg_code_page sg_code_pages[];

#endif
