/* reader.c - what reading the config and the lock have in common. */
#include "reader.h"

#include "sg/config.h"
#include "sg/path.h"
#include "sg/suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct sg_pos config_at(const struct reader *r, const struct sg_node *node) {
    struct sg_pos at = sg_docs_pos(r->set, node ? node->loc : 0);
    at.file = r->name;
    return at;
}

int config_fail(const struct reader *r, const struct sg_node *node, const char *fmt,
                ...) {
    char text[384];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return sg_fail_at(r->err, SG_E_INPUT, config_at(r, node), "%s", text);
}

/* --- the file --------------------------------------------------------------------- */

/* A merge that git could not finish reads as odd YAML; say what it is. */
static int check_markers(const char *name, const char *text, size_t len,
                         struct sg_err *err) {
    static const char marker[] = "<<<<<<< ";
    uint32_t line = 1;
    for (size_t at = 0; at < len; line++) {
        if (len - at >= sizeof(marker) - 1 &&
            memcmp(text + at, marker, sizeof(marker) - 1) == 0) {
            struct sg_pos pos = {.file = name, .line = line, .column = 1};
            sg_fail_at(err, SG_E_INPUT, pos,
                       "found a merge conflict marker, expected a resolved file");
            return sg_err_hint(err,
                               "keep the whole file of one side (git checkout --ours "
                               "or --theirs), then run `sgupgrade check`");
        }
        const char *end = memchr(text + at, '\n', len - at);
        at = end ? (size_t)(end - text) + 1 : len;
    }
    return 0;
}

static int check_kind(const struct reader *r, const struct sg_node *root,
                      const char *kind) {
    const struct sg_node *version = config_get(root, "apiVersion");
    const struct sg_node *found = config_get(root, "kind");
    if (strcmp(sg_text(version), SG_CONFIG_VERSION) != 0) {
        config_fail(r, version, "found apiVersion \"%.60s\", expected \"%s\"",
                    sg_text(version), SG_CONFIG_VERSION);
        return sg_err_hint(r->err,
                           strncmp(sg_text(version), "sgupgrade/", 10) == 0
                               ? "another sgupgrade wrote this file: use that one, "
                                 "or a newer one"
                               : "write apiVersion: " SG_CONFIG_VERSION);
    }
    if (strcmp(sg_text(found), kind) != 0) {
        config_fail(r, found, "found kind \"%.60s\", expected \"%s\"", sg_text(found),
                    kind);
        return sg_err_hint(r->err, "write kind: %s", kind);
    }
    return 0;
}

struct sg_node *config_parse(struct sg_docs *set, const char *name, const char *text,
                             size_t len, const struct sg_strict_field *fields,
                             const char *kind, const char *empty_hint,
                             struct sg_err *err) {
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_ERROR};
    sg_auto_yaml_docs docs = {0};
    struct reader r = {.set = set, .name = name, .err = err};
    if (check_markers(name, text, len, err) ||
        sg_yaml_read(set, name, text, len, &opts, &docs, err)) {
        return NULL;
    }
    if (docs.roots.len == 0) {
        struct sg_pos at = {.file = name, .line = 1, .column = 1};
        sg_fail_at(err, SG_E_INPUT, at, "the file is empty");
        sg_err_hint(err, "%s", empty_hint);
        return NULL;
    }
    if (docs.roots.len > 1) {
        config_fail(&r, docs.roots.items[1], "found a second document, expected one");
        sg_err_hint(err, "remove everything from its \"---\" on");
        return NULL;
    }
    struct sg_node *root = docs.roots.items[0];
    if (sg_strict_check(set, root, fields, NULL, err) || check_kind(&r, root, kind)) {
        return NULL;
    }
    return root;
}

/* --- values ----------------------------------------------------------------------- */

struct sg_node *config_get(const struct sg_node *map, const char *name) {
    return sg_strict_get(map, name, false);
}

const char *config_text(const struct reader *r, const struct sg_node *node) {
    const char *text = sg_text(node);
    if (!text || !node->len || sg_is_null(node)) {
        config_fail(r, node, "found an empty value, expected text");
        sg_err_hint(r->err, "give it a value, or remove the field");
        return NULL;
    }
    if (memchr(text, '\0', node->len)) {
        config_fail(r, node, "found a NUL byte in a value");
        sg_err_hint(r->err, "remove the \\0 escape");
        return NULL;
    }
    return sg_arena_strndup(r->arena, text, node->len);
}

int config_field(const struct reader *r, const struct sg_node *map, const char *name,
                 const char **out) {
    const struct sg_node *node = config_get(map, name);
    if (!node) {
        return 0;
    }
    const char *text = config_text(r, node);
    if (!text) {
        return -1;
    }
    *out = text;
    return 0;
}

static bool is_private(const char *path) {
    for (const char *part = path; *part;) {
        size_t len = strcspn(part, "/");
        if ((len == 4 && strncasecmp(part, ".git", 4) == 0) ||
            (len == 10 && strncasecmp(part, ".sgupgrade", 10) == 0)) {
            return true;
        }
        part += len + (part[len] == '/');
    }
    return false;
}

int config_path(const struct reader *r, const struct sg_node *node, bool root,
                const char **out) {
    const char *text = config_text(r, node);
    if (!text) {
        return -1;
    }
    sg_auto_buf clean = SG_BUF_INIT;
    if (sg_path_join("", text, &clean, r->err)) {
        sg_err_locate(r->err, config_at(r, node));
        return sg_err_hint(r->err, "write a relative path that stays inside");
    }
    if (clean.len == 0 && !root) {
        config_fail(r, node,
                    "found \"%.60s\", expected a path below the project's folder", text);
        return sg_err_hint(r->err, "for upstream's root write {from: ., to: base}");
    }
    if (is_private(sg_buf_cstr(&clean))) {
        config_fail(r, node,
                    "found the path \"%.120s\", which is git's or sgupgrade's own", text);
        return sg_err_hint(r->err, "name another folder");
    }
    *out = sg_arena_strdup(r->arena, sg_buf_cstr(&clean));
    return 0;
}

int config_word(const struct reader *r, const struct sg_node *node,
                const char *const *words, size_t *out) {
    const char *text = config_text(r, node);
    if (!text) {
        return -1;
    }
    struct sg_suggest near;
    sg_suggest_init(&near, text);
    sg_auto_buf all = SG_BUF_INIT;
    for (size_t i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0) {
            *out = i;
            return 0;
        }
        sg_suggest_offer(&near, words[i]);
        sg_buf_addf(&all, "%s%s", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
    }
    config_fail(r, node, "found \"%.60s\", expected %s", text, all.ptr);
    const char *best = sg_suggest_best(&near);
    return best ? sg_err_hint(r->err, "did you mean %s?", best)
                : sg_err_hint(r->err, "write one of them");
}

int config_hex(const struct reader *r, const struct sg_node *map, const char *name,
               size_t len, const char **out) {
    const char *text = NULL;
    if (config_field(r, map, name, &text) != 0) {
        return -1;
    }
    if (!text) {
        return 0;
    }
    if (strlen(text) != len || strspn(text, "0123456789abcdef") != len) {
        return config_fail(r, config_get(map, name),
                           "found \"%.80s\" for %s, expected %zu hex digits", text, name,
                           len);
    }
    *out = text;
    return 0;
}

int config_version(const struct reader *r, const struct sg_node *node,
                   struct sg_version *out) {
    const char *text = config_text(r, node);
    if (!text) {
        return -1;
    }
    if (sg_version_parse(text, out, r->err)) {
        return sg_err_locate(r->err, config_at(r, node));
    }
    return 0;
}

int config_digits(const char *text, size_t digits) {
    int value = 0;
    for (size_t i = 0; i < digits; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool config_is_date(const char *text) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    int year = config_digits(text, 4);
    int month = config_digits(text + 5, 2);
    int day = config_digits(text + 8, 2);
    if (year < 0 || month < 1 || month > 12) {
        return false;
    }
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}
