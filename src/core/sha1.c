/* sha1.c - SHA-1 by nettle. */
#include "sg/sha1.h"

#include <nettle/sha1.h>

_Static_assert(SG_SHA1_BYTES == SHA1_DIGEST_SIZE, "a git object id");

void sg_sha1_digest(struct sg_str head, struct sg_str body,
                    unsigned char out[SG_SHA1_BYTES]) {
    struct sha1_ctx ctx;
    sha1_init(&ctx);
    sha1_update(&ctx, head.len, (const uint8_t *)head.ptr);
    sha1_update(&ctx, body.len, (const uint8_t *)body.ptr);
    sha1_digest(&ctx, SG_SHA1_BYTES, out);
}
