/*
 * secret.c - which lines of a YAML file may hold the value of a Secret, told from its
 * text: it may be broken, or half of it.
 */
#include "sg/secret.h"

#include <string.h>

/* The line that begins at `at`, without its line end. */
static struct sg_str line_at(struct sg_str text, size_t at) {
    const char *line = text.ptr + at;
    const char *end = memchr(line, '\n', text.len - at);
    size_t len = end ? (size_t)(end - line) : text.len - at;
    return (struct sg_str){line, len};
}

static size_t next_line(struct sg_str text, size_t at) {
    return at + line_at(text, at).len + 1;
}

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* What stands before `at` is "kind:", in quotes or not. */
static bool follows_kind(const char *text, const char *at) {
    while (at > text && strchr(" \"'", at[-1])) {
        at--;
    }
    if (at == text || at[-1] != ':') {
        return false;
    }
    at--;
    while (at > text && strchr(" \"'", at[-1])) {
        at--;
    }
    return at - text >= 4 && memcmp(at - 4, "kind", 4) == 0;
}

/* The text says "kind: Secret". */
static bool is_of_secret(const char *text, size_t len) {
    static const char kind[] = "Secret";
    const char *end = text + len, *hit = text;
    while ((hit = memmem(hit, (size_t)(end - hit), kind, sizeof kind - 1))) {
        const char *after = hit + sizeof kind - 1;
        if ((after == end || !is_name(*after)) && follows_kind(text, hit)) {
            return true;
        }
        hit = after;
    }
    return false;
}

/* It says so, or it makes Secrets. */
static bool names_secret(const char *text, size_t len) {
    static const char generator[] = "secretGenerator";
    return memmem(text, len, generator, sizeof generator - 1) || is_of_secret(text, len);
}

static bool parts_documents(struct sg_str line) {
    return line.len >= 3 && memcmp(line.ptr, "---", 3) == 0;
}

static bool is_top_key(struct sg_str line) {
    return line.len > 0 && !strchr(" \t-#\r", line.ptr[0]);
}

/* From `from` up to `to` in the text; a block is a key without indentation with all below
 * it. */
struct around {
    size_t document, document_end, block, block_end;
};

static struct around around_of(struct sg_str text, size_t target) {
    struct around a = {.document_end = text.len, .block_end = text.len};
    for (size_t at = 0; at < text.len; at = next_line(text, at)) {
        struct sg_str line = line_at(text, at);
        if (at <= target && parts_documents(line)) {
            a.document = a.block = at;
        } else if (at <= target && is_top_key(line)) {
            a.block = at;
        } else if (at > target && parts_documents(line)) {
            a.document_end = at;
            break;
        } else if (at > target && is_top_key(line) && a.block_end == text.len) {
            a.block_end = at;
        }
    }
    if (a.block_end > a.document_end) {
        a.block_end = a.document_end;
    }
    return a;
}

bool sg_line_may_be_secret(struct sg_str text, size_t target) {
    struct around a = around_of(text, target);
    if (names_secret(text.ptr + a.block, a.block_end - a.block)) {
        return true;
    }
    for (size_t at = a.document; at < a.document_end; at = next_line(text, at)) {
        struct sg_str line = line_at(text, at);
        if (line.len > 0 && strchr("{[", line.ptr[0])) {
            /* JSON: its indentation does not tell what is inside what */
            return names_secret(line.ptr, a.document_end - at);
        }
        if (is_top_key(line) && is_of_secret(line.ptr, line.len)) {
            return true;
        }
    }
    return false;
}

bool sg_names_secret(struct sg_str text) {
    return names_secret(text.ptr, text.len);
}
