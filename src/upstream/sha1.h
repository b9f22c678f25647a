/* sha1.h - SHA-1 through libcrypto, for git's object ids and nothing else. */
#ifndef SG_UPSTREAM_SHA1_H
#define SG_UPSTREAM_SHA1_H

#include "sg/base.h"

#define SHA1_BYTES 20
/* Digest of `head` followed by `body`. */
void sha1_digest(struct sg_str head, struct sg_str body, unsigned char out[SHA1_BYTES]);

#endif
