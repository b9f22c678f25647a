/*
 * version.h - release versions: "3.20.1", the re-release "3.20.1-2", the pre-release
 * "3.20.1-rc.1", and what a user asks for: "3.20", "3.x", "next", "latest".
 */
#ifndef SG_VERSION_H
#define SG_VERSION_H

#include "sg/err.h"

struct sg_version {
    uint32_t major, minor, patch;
    uint32_t rerelease; /* K of N.N.N-K, 0 when none */
    char pre[48];       /* any other suffix, without its '-'; "" when none */
};

/* Exactly N.N.N[-suffix]. Anything else, or a number over 999,999, is SG_E_INPUT. */
SG_MUST_USE int sg_version_parse(const char *text, struct sg_version *out,
                                 struct sg_err *err);
/* <0, 0, >0; a pre-release sorts before its release, a re-release after it. */
int sg_version_cmp(const struct sg_version *a, const struct sg_version *b);
/* "3.20.1-2"; `out` holds at least SG_VERSION_TEXT bytes. */
#define SG_VERSION_TEXT 96
void sg_version_text(const struct sg_version *v, char out[SG_VERSION_TEXT]);
/* The major.minor.patch numbers alone are equal. */
bool sg_version_same_release(const struct sg_version *a, const struct sg_version *b);

#endif
