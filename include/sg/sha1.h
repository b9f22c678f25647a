/*
 * sha1.h - SHA-1 by nettle, for git's object ids and nothing else: apart from
 * SHA-256, so that nobody takes it for anything but a name.
 */
#ifndef SG_SHA1_H
#define SG_SHA1_H

#include "sg/base.h"

#define SG_SHA1_BYTES 20
/* Digest of `head` followed by `body`. */
void sg_sha1_digest(struct sg_str head, struct sg_str body,
                    unsigned char out[SG_SHA1_BYTES]);

#endif
