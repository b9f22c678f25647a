/* sha256.c - SHA-256 by nettle. */
#include "sg/sha256.h"

#include <nettle/sha2.h>

void sg_sha256_hex(const void *bytes, size_t len, char hex[SG_SHA256_HEX + 1]) {
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    sha256_update(&ctx, len, bytes);
    sha256_digest(&ctx, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[SG_SHA256_HEX] = '\0';
}
