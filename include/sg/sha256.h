/* sha256.h - SHA-256 by nettle: a small library, because every command pays for its start
 * (libcrypto's costs more than a small render). sha256.c and sha1.c alone see <nettle/…>.
 */
#ifndef SG_SHA256_H
#define SG_SHA256_H

#include "sg/base.h"

#define SG_SHA256_HEX 64
/* Lower-case hex digest of `len` bytes, NUL-terminated. */
void sg_sha256_hex(const void *bytes, size_t len, char hex[SG_SHA256_HEX + 1]);

#endif
