/*
 * buf.h - a growing run of bytes, always NUL-terminated once written to.
 *
 * Appending never fails: past `max` bytes (0 means SG_BUF_MAX) it drops the rest and sets
 * `over`, which the owner checks once at the end.
 */
#ifndef SG_BUF_H
#define SG_BUF_H

#include "sg/base.h"

#define SG_BUF_MAX ((size_t)1 << 30)

struct sg_buf {
    char *ptr; /* NULL while empty */
    size_t len, cap, max;
    bool over;
};
#define SG_BUF_INIT                                                                      \
    { 0 }

void sg_buf_release(struct sg_buf *buf);
#define sg_auto_buf SG_CLEANUP(sg_buf_release) struct sg_buf
/* Empty it and keep the storage. */
void sg_buf_clear(struct sg_buf *buf);
/* Cuts it back to `len` bytes, no more than it has. */
void sg_buf_truncate(struct sg_buf *buf, size_t len);
void sg_buf_add(struct sg_buf *buf, const void *bytes, size_t len);
void sg_buf_addc(struct sg_buf *buf, char c);
void sg_buf_adds(struct sg_buf *buf, const char *cstr);
SG_PRINTF(2, 3) void sg_buf_addf(struct sg_buf *buf, const char *fmt, ...);
/* The text, "" while empty; borrowed. */
const char *sg_buf_cstr(const struct sg_buf *buf);
/* Hand the bytes over (to be freed with free()); the buffer is empty after. Never NULL.
 */
char *sg_buf_take(struct sg_buf *buf);

#endif
