/* kv.h - the small formats of generators: env files, base64 as kustomize breaks it,
 * UTF-8. */
#ifndef SG_KUSTOMIZE_KV_H
#define SG_KUSTOMIZE_KV_H

#include "sg/buf.h"

struct sg_kv {
    struct sg_str key, value;
};
struct sg_kv_lines {
    const char *text;
    size_t len, at;
    uint32_t line; /* of the pair that was returned last */
};
/* The next KEY=VALUE of an env file (blank lines and # comments skipped; a line without
 * '=' is a key with an empty value). 1, 0 at the end, -1 for a line that is not UTF-8. */
int sg_kv_next(struct sg_kv_lines *lines, struct sg_kv *out);

/* Appends base64; from 70 characters on in lines of 70, each ended, as kustomize writes
 * it. */
void sg_base64_encode(const char *bytes, size_t len, struct sg_buf *out);
bool sg_utf8_valid(const char *text, size_t len);

#endif
