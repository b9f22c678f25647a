/* sha1.c - SHA-1 by libcrypto. */
#include "sg/sha1.h"

#include <openssl/evp.h>

void sg_sha1_digest(struct sg_str head, struct sg_str body,
                    unsigned char out[SG_SHA1_BYTES]) {
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned len = 0;
    if (!ctx || EVP_DigestInit_ex(ctx, EVP_sha1(), NULL) != 1 ||
        EVP_DigestUpdate(ctx, head.ptr, head.len) != 1 ||
        (body.len && EVP_DigestUpdate(ctx, body.ptr, body.len) != 1) ||
        EVP_DigestFinal_ex(ctx, out, &len) != 1 || len != SG_SHA1_BYTES) {
        SG_BUG("libcrypto has no SHA-1");
    }
    EVP_MD_CTX_free(ctx);
}
