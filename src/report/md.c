#include "md.h"

#include <string.h>

#include "sg/report.h"

#define BREAK "&#8203;" /* a zero-width space */

static bool is_alnum(char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* A sign that with a name or number behind it refers to something: a person, an issue, a
 * merge request, a snippet, a milestone, an epic, a label, an alert. */
static bool refers(const char *text, size_t len, size_t i) {
    bool sign = strchr("@#!$%&~^", text[i]) != NULL;
    return sign && i + 1 < len && (is_alnum(text[i + 1]) || text[i + 1] == '"');
}

static bool is_word_at(const char *text, size_t len, size_t i, const char *word) {
    size_t n = strlen(word);
    return len - i > n && strncasecmp(text + i, word, n) == 0;
}

/* Between the colon at `i` and the next one stands what may name an emoji. */
static bool is_emoji(const char *text, size_t len, size_t i) {
    size_t at = i + 1;
    while (at < len && (is_alnum(text[at]) || strchr("_+-", text[at]))) {
        at++;
    }
    return at > i + 1 && at < len && text[at] == ':';
}

/* Behind text[i] something would begin that sites make a link or a picture of. */
static bool wants_break(const char *text, size_t len, size_t i) {
    switch (text[i]) {
    case ':':
        return is_word_at(text, len, i, "://") || is_emoji(text, len, i);
    case '.':
        return i >= 3 && strncasecmp(text + i - 3, "www", 3) == 0;
    case '-':
        return i >= 2 && strncasecmp(text + i - 2, "gh", 2) == 0;
    default:
        return refers(text, len, i);
    }
}

static void add_entity(unsigned char c, struct sg_buf *out) {
    sg_buf_addf(out, "&#%u;", c);
}

void sg_md_text(const char *text, size_t len, struct sg_buf *out) {
    sg_auto_buf safe = SG_BUF_INIT;
    sg_text_safe(text, len, &safe);
    const char *at = sg_buf_cstr(&safe);
    for (size_t i = 0; i < safe.len; i++) {
        if (at[i] && strchr("\\`*_{}[]<>|~^$&#@!", at[i])) {
            add_entity((unsigned char)at[i], out);
        } else {
            sg_buf_addc(out, at[i]);
        }
        sg_buf_adds(out, wants_break(at, safe.len, i) ? BREAK : "");
    }
}

/* All signs that may mean something as entities: no reader of Markdown looks into them.
 */
static void add_entities(const char *text, size_t len, struct sg_buf *out) {
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80 || is_alnum(text[i]) || strchr(" /-", text[i])) {
            sg_buf_addc(out, text[i]);
        } else {
            add_entity(c, out);
        }
    }
}

void sg_md_html_code(const char *text, size_t len, struct sg_buf *out) {
    sg_auto_buf safe = SG_BUF_INIT;
    sg_text_safe(text, len, &safe);
    if (safe.len == 0) {
        return;
    }
    sg_buf_adds(out, "<code>");
    add_entities(safe.ptr, safe.len, out);
    sg_buf_adds(out, "</code>");
}

void sg_md_code(const char *text, size_t len, struct sg_buf *out) {
    sg_auto_buf safe = SG_BUF_INIT;
    sg_text_safe(text, len, &safe);
    const char *at = sg_buf_cstr(&safe);
    bool plain = safe.len > 0 && at[0] != ' ' && at[safe.len - 1] != ' ' &&
                 strcspn(at, "`|\\") == safe.len;
    if (plain) {
        sg_buf_addf(out, "`%s`", at);
    } else {
        sg_md_html_code(text, len, out);
    }
}

/* The longest run of backticks. */
static size_t longest_run(const char *text, size_t len) {
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < len; i++) {
        run = text[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

void sg_md_block(const char *text, size_t len, const char *language, struct sg_buf *out) {
    size_t run = longest_run(text, len);
    sg_auto_buf fence = SG_BUF_INIT;
    for (size_t i = 0; i < 3 || i <= run; i++) {
        sg_buf_addc(&fence, '`');
    }
    sg_buf_addf(out, "%s%s\n", sg_buf_cstr(&fence), language);
    sg_buf_add(out, text, len);
    sg_buf_adds(out, len && text[len - 1] != '\n' ? "\n" : "");
    sg_buf_addf(out, "%s\n", sg_buf_cstr(&fence));
}
