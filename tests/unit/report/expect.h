/*
 * expect.h - a report against the file that says what it must be.
 */
#ifndef SG_TEST_REPORT_EXPECT_H
#define SG_TEST_REPORT_EXPECT_H

#include "sg/buf.h"

/* `got` is the content of tests/unit/report/expected/NAME; UPDATE_GOLDEN=1 rewrites it.
 */
void expect_file(const char *name, const struct sg_buf *got);

#endif
