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
    bool cut;      /* ended at a line that is too long */
};
/* kustomize's scanner stops at a line that, with its end, is longer; it says nothing. */
#define SG_KV_MAX_LINE 65536
/* The next KEY=VALUE of an env file (blank lines and # comments skipped; a line without
 * '=' is a key with an empty value). 1, 0 at the end, -1 for a line that is not UTF-8.
 * Ends before a line over SG_KV_MAX_LINE, with `lines->cut` set. */
int sg_kv_next(struct sg_kv_lines *lines, struct sg_kv *out);

/* `text` (borrowed) without the white space around it, as Go's strings.TrimSpace. */
struct sg_str sg_trim_space(struct sg_str text);

/* Appends base64; from 70 characters on in lines of 70, each ended, as kustomize writes
 * it. */
void sg_base64_encode(const char *bytes, size_t len, struct sg_buf *out);
bool sg_utf8_valid(const char *text, size_t len);

#endif
