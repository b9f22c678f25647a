#include "escape.h"

#include "order.h"

#include <string.h>

/* U+E000 and U+F8FF, the ends of the private use area. */
#define STAND_IN       "\xEE\x80\x80\xEF\xA3\xBF"
#define STAND_IN_LEN   (sizeof(STAND_IN) - 1)
#define STAND_IN_CHARS 2
/* A longer key, or one with line breaks, stands after "? ". */
#define SIMPLE_KEY_MAX 128

void sg_escapes_release(struct sg_escapes *escapes) {
    sg_buf_release(&escapes->texts);
    sg_vec_release(&escapes->items);
}

bool sg_escape_wanted(struct sg_str text) {
    return text.len >= 3 && memcmp(text.ptr, "\xEF\xBB\xBF", 3) == 0;
}

static void add_escape(struct sg_buf *out, uint32_t point) {
    static const struct {
        uint32_t point;
        char letter;
    } named[] = {
        {0x00, '0'},  {0x07, 'a'}, {0x08, 'b'}, {0x09, 't'},   {0x0A, 'n'},
        {0x0B, 'v'},  {0x0C, 'f'}, {0x0D, 'r'}, {0x1B, 'e'},   {0x22, '"'},
        {0x5C, '\\'}, {0x85, 'N'}, {0xA0, '_'}, {0x2028, 'L'}, {0x2029, 'P'},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(named); i++) {
        if (named[i].point == point) {
            sg_buf_addf(out, "\\%c", named[i].letter);
            return;
        }
    }
    if (point <= 0xFF) {
        sg_buf_addf(out, "\\x%02X", (unsigned)point);
    } else if (point <= 0xFFFF) {
        sg_buf_addf(out, "\\u%04X", (unsigned)point);
    } else {
        sg_buf_addf(out, "\\U%08X", (unsigned)point);
    }
}

/* Adds the text's escapes; true where one is a line break. */
static bool add_escapes(struct sg_buf *out, struct sg_str text) {
    bool breaks = false;
    sg_buf_addc(out, '"');
    for (size_t i = 0, len; i < text.len; i += len) {
        uint32_t point = sg_order_point(text.ptr, text.len, i, &len);
        breaks |= point == '\n' || point == '\r' || point == 0x2028 || point == 0x2029;
        add_escape(out, point);
    }
    sg_buf_addc(out, '"');
    return breaks;
}

struct sg_str sg_escape_text(struct sg_escapes *escapes, struct sg_str text, bool key,
                             struct sg_buf *scratch) {
    struct sg_escape item = {.at = escapes->texts.len};
    bool breaks = add_escapes(&escapes->texts, text);
    item.len = escapes->texts.len - item.at;
    /* as many columns, and for a key as simple: one of 128 bytes fills a line anyway */
    size_t width = item.len - STAND_IN_CHARS + STAND_IN_LEN;
    if (key && (breaks || text.len > SIMPLE_KEY_MAX)) {
        width = SIMPLE_KEY_MAX + 1;
    } else if (key && width > SIMPLE_KEY_MAX) {
        width = SIMPLE_KEY_MAX;
    }
    sg_buf_clear(scratch);
    sg_buf_add(scratch, STAND_IN, STAND_IN_LEN);
    while (scratch->len < width) {
        sg_buf_addc(scratch, 'x');
    }
    item.stand_in = scratch->len;
    sg_vec_push(&escapes->items, item);
    return (struct sg_str){sg_buf_cstr(scratch), scratch->len};
}

static bool is_separator(const char *at) {
    return memcmp(at, "\xE2\x80\xA8", 3) == 0 || memcmp(at, "\xE2\x80\xA9", 3) == 0;
}

void sg_escape_see(struct sg_escapes *escapes, struct sg_str text) {
    escapes->breaks |= text.len >= 3 && is_separator(text.ptr + text.len - 3);
}

/* Copies `in` without the blanks between a separator and the closing quote. */
static void join_breaks(struct sg_str in, struct sg_buf *out) {
    for (size_t i = 0; i < in.len;) {
        if (in.len - i < 3 || !is_separator(in.ptr + i)) {
            sg_buf_addc(out, in.ptr[i++]);
            continue;
        }
        sg_buf_add(out, in.ptr + i, 3);
        i += 3;
        size_t next = i;
        while (next < in.len && in.ptr[next] == ' ') {
            next++;
        }
        bool quote = next < in.len && in.ptr[next] == '\'';
        bool escaped = next + 1 < in.len && in.ptr[next + 1] == '\'';
        i = quote && !escaped ? next : i;
    }
}

static size_t count_stand_ins(struct sg_str in) {
    size_t count = 0;
    const char *at = in.ptr, *end = in.ptr + in.len;
    while ((at = memmem(at, (size_t)(end - at), STAND_IN, STAND_IN_LEN)) != NULL) {
        count++;
        at += STAND_IN_LEN;
    }
    return count;
}

/* Copies `in` with the stand-ins replaced; false where there are more or fewer than were
 * made, so that one of them is somebody's text. */
static bool replace(const struct sg_escapes *escapes, struct sg_str in,
                    struct sg_buf *out) {
    size_t at = 0;
    if (count_stand_ins(in) != escapes->items.len) {
        return false;
    }
    for (size_t i = 0; i < escapes->items.len; i++) {
        const struct sg_escape *item = &escapes->items.items[i];
        const char *found = memmem(in.ptr + at, in.len - at, STAND_IN, STAND_IN_LEN);
        if (!found || in.len - (size_t)(found - in.ptr) < item->stand_in) {
            return false;
        }
        size_t start = (size_t)(found - in.ptr);
        sg_buf_add(out, in.ptr + at, start - at);
        sg_buf_add(out, escapes->texts.ptr + item->at, item->len);
        at = start + item->stand_in;
    }
    sg_buf_add(out, in.ptr + at, in.len - at);
    return true;
}

bool sg_escapes_apply(const struct sg_escapes *escapes, struct sg_buf *out,
                      size_t start) {
    if (escapes->items.len == 0 && !escapes->breaks) {
        return true;
    }
    sg_auto_buf joined = SG_BUF_INIT, replaced = SG_BUF_INIT;
    struct sg_str written = {sg_buf_cstr(out) + start, out->len - start};
    if (escapes->breaks) {
        join_breaks(written, &joined);
        written = (struct sg_str){sg_buf_cstr(&joined), joined.len};
    }
    if (escapes->items.len > 0) {
        if (!replace(escapes, written, &replaced)) {
            return false;
        }
        written = (struct sg_str){sg_buf_cstr(&replaced), replaced.len};
    }
    out->len = start;
    sg_buf_add(out, written.ptr, written.len);
    return true;
}
