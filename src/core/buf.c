/* buf.c - a growing run of bytes with a mandatory maximum. */
#include "sg/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sg_buf_release(struct sg_buf *buf) {
    free(buf->ptr);
    *buf = (struct sg_buf){.max = buf->max};
}

void sg_buf_clear(struct sg_buf *buf) {
    buf->len = 0;
    buf->over = false;
    if (buf->ptr) {
        buf->ptr[0] = '\0';
    }
}

void sg_buf_truncate(struct sg_buf *buf, size_t len) {
    if (len < buf->len) {
        buf->len = len;
        buf->ptr[len] = '\0';
    }
}

/* Makes room for `more` bytes and the NUL; returns how many of them fit under the
 * maximum. */
static size_t reserve(struct sg_buf *buf, size_t more) {
    size_t max = buf->max ? buf->max : SG_BUF_MAX;
    size_t left = max > buf->len ? max - buf->len : 0;
    if (more > left) {
        buf->over = true;
        more = left;
    }
    size_t need = buf->len + more + 1;
    if (need > buf->cap) {
        size_t room = buf->cap < 64 ? 64 : buf->cap * 2;
        buf->cap = room < need ? need : room;
        buf->ptr = sg_xrealloc(buf->ptr, buf->cap, 1);
    }
    return more;
}

void sg_buf_add(struct sg_buf *buf, const void *bytes, size_t len) {
    len = reserve(buf, len);
    if (len) {
        memcpy(buf->ptr + buf->len, bytes, len);
    }
    buf->len += len;
    buf->ptr[buf->len] = '\0';
}

void sg_buf_addc(struct sg_buf *buf, char c) {
    if (buf->len + 1 < buf->cap && (!buf->max || buf->len < buf->max)) {
        buf->ptr[buf->len++] = c;
        buf->ptr[buf->len] = '\0';
        return;
    }
    sg_buf_add(buf, &c, 1);
}

void sg_buf_adds(struct sg_buf *buf, const char *cstr) {
    sg_buf_add(buf, cstr, strlen(cstr));
}

void sg_buf_addf(struct sg_buf *buf, const char *fmt, ...) {
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0) {
        SG_BUG("format cannot be printed");
    }
    size_t fits = reserve(buf, (size_t)len);
    /* writes a NUL after what fits: reserve made room for it */
    vsnprintf(buf->ptr + buf->len, fits + 1, fmt, again);
    va_end(again);
    buf->len += fits;
}

const char *sg_buf_cstr(const struct sg_buf *buf) {
    return buf->ptr ? buf->ptr : "";
}

char *sg_buf_take(struct sg_buf *buf) {
    char *bytes = buf->ptr ? buf->ptr : sg_xcalloc(1, 1);
    *buf = (struct sg_buf){.max = buf->max};
    return bytes;
}
