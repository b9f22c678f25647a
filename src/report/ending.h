/*
 * ending.h - how a report of a plan ends: what holds now, and the command to run next.
 */
#ifndef SG_REPORT_ENDING_H
#define SG_REPORT_ENDING_H

#include "sg/report.h"

enum sg_tone { SG_TONE_PLAIN, SG_TONE_GOOD, SG_TONE_BAD };

struct sg_ending {
    enum sg_tone tone;
    const char *mark;     /* "A decision is needed"; "" where there is nothing to say */
    struct sg_buf rest;   /* of the sentence: " before apply." */
    struct sg_buf deploy; /* "3.1.0, 3.2.0": each to be deployed before the next */
    const char *next_why; /* "Next" */
    struct sg_buf next;   /* a command; empty for none */
};
/* Zero-initialised before; release with sg_ending_release. */
void sg_ending_of(const struct sg_report_plan *report, struct sg_ending *out);
void sg_ending_release(struct sg_ending *ending);
#define sg_auto_ending SG_CLEANUP(sg_ending_release) struct sg_ending

#endif
