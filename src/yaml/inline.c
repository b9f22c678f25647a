#include "inline.h"

#include "value.h"

#include "sg/yaml.h"

#include <string.h>

bool sg_inline_plain_ok(const char *text, size_t len) {
    if (len == 0 || text[len - 1] == ' ' || text[len - 1] == ':') {
        return false;
    }
    if (strchr(" -?:,[]{}#&*!|>'\"%@`=", text[0]) &&
        !(text[0] == '-' && len > 1 && text[1] != ' ' && text[1] != '-')) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c >= 0x7F || strchr(",[]{}", c)) {
            return false;
        }
        if ((c == ':' && text[i + 1] == ' ') ||
            (c == '#' && i > 0 && text[i - 1] == ' ')) {
            return false;
        }
    }
    return !(len == 3 && memcmp(text, "...", 3) == 0);
}

bool sg_inline_string_ok(const char *text, size_t len) {
    return sg_inline_plain_ok(text, len) && sg_resolve_yaml11(text, len) == SG_TAG_STR &&
           sg_resolve_read(text, len) == SG_TAG_STR &&
           !((text[0] == '-' || text[0] == '+' || (text[0] >= '0' && text[0] <= '9')) &&
             memchr(text, ':', len));
}

/* The escape of a line end beyond ASCII, which a quoted text would fold; NULL: none. */
static const char *break_escape(const char *text, size_t len, size_t *bytes) {
    static const struct {
        const char *text, *escape;
    } breaks[] = {{"\xC2\x85", "\\N"}, {"\xE2\x80\xA8", "\\L"}, {"\xE2\x80\xA9", "\\P"}};
    for (size_t i = 0; i < SG_ARRAY_LEN(breaks); i++) {
        *bytes = strlen(breaks[i].text);
        if (len >= *bytes && memcmp(text, breaks[i].text, *bytes) == 0) {
            return breaks[i].escape;
        }
    }
    return NULL;
}

void sg_inline_quote(const char *text, size_t len, struct sg_buf *out) {
    static const char *const escapes[128] = {
        ['"'] = "\\\"", ['\\'] = "\\\\", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t"};
    sg_buf_addc(out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        size_t bytes;
        const char *escape =
            c < 128 ? escapes[c] : break_escape(text + i, len - i, &bytes);
        if (escape != NULL) {
            sg_buf_adds(out, escape);
            i += c < 128 ? 0 : bytes - 1;
        } else if (c < 0x20 || c == 0x7F) {
            sg_buf_addf(out, "\\x%02X", c);
        } else {
            sg_buf_addc(out, (char)c);
        }
    }
    sg_buf_addc(out, '"');
}

static void inline_string(const char *text, size_t len, struct sg_buf *out) {
    if (sg_inline_string_ok(text, len)) {
        sg_buf_add(out, text, len);
    } else {
        sg_inline_quote(text, len, out);
    }
}

/* What cannot be written as a value (.nan, a tag that does not fit) is shown as it is. */
static void inline_scalar(const struct sg_node *scalar, struct sg_buf *out) {
    static const struct sg_docs nowhere = {0};
    sg_auto_buf scratch = SG_BUF_INIT;
    struct sg_err unused = {0};
    struct sg_value value;
    if (sg_value_of(&nowhere, scalar, false, &scratch, &value, &unused)) {
        sg_buf_add(out, scalar->text, scalar->len);
    } else if (value.string) {
        inline_string(value.text.ptr, value.text.len, out);
    } else {
        sg_buf_add(out, value.text.ptr, value.text.len);
    }
}

void sg_yaml_inline(const struct sg_node *node, struct sg_buf *out) {
    if (!node) {
        sg_buf_adds(out, "null");
        return;
    }
    if (sg_is_scalar(node)) {
        inline_scalar(node, out);
        return;
    }
    sg_buf_addc(out, sg_is_map(node) ? '{' : '[');
    for (uint32_t i = 0; i < node->len; i++) {
        if (i > 0) {
            sg_buf_adds(out, ", ");
        }
        if (sg_is_map(node)) {
            inline_string(node->entries[i].key->text, node->entries[i].key->len, out);
            sg_buf_adds(out, ": ");
        }
        sg_yaml_inline(sg_is_map(node) ? node->entries[i].value : node->items[i], out);
    }
    sg_buf_addc(out, sg_is_map(node) ? '}' : ']');
}
