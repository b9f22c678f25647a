/* sha256.c - SHA-256 through libcrypto. */
#include "sg/sha256.h"

#include <openssl/evp.h>

void sg_sha256_hex(const void *bytes, size_t len, char hex[SG_SHA256_HEX + 1]) {
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(len ? bytes : "", len, digest, &size, EVP_sha256(), NULL) != 1 ||
        size * 2 != SG_SHA256_HEX) {
        SG_BUG("libcrypto offers no SHA-256");
    }
    for (size_t i = 0; i < size; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[SG_SHA256_HEX] = '\0';
}
