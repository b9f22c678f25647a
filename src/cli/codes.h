/*
 * codes.h - what each finding means: the pages of `explain SGnnn` and docs/ERRORS.md.
 */
#ifndef SG_CLI_CODES_H
#define SG_CLI_CODES_H

#include "sg/report.h"

/* Ends with a NULL code; by code. */
extern const struct sg_report_code sg_code_pages[];

#endif
