/*
 * adopt_next.h - what comes after an adoption: by hand first where something of the fork
 * is not in the project.
 */
#ifndef SG_CLI_ADOPT_NEXT_H
#define SG_CLI_ADOPT_NEXT_H

#include "sg/report.h"

struct adopt_next {
    char *by_hand; /* NULL: nothing */
    char *commit;  /* the command; NULL: not before the fork is mended */
    const char *commands[2];
    size_t len;
};
/* Of all environments, whose reports have ADOPT's folder and release. */
void adopt_next_of(const struct sg_report_part *parts, size_t len,
                   struct adopt_next *out);
void adopt_next_release(struct adopt_next *next);

#endif
