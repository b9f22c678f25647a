/*
 * regex.c - patterns with Go's syntax, matched by PCRE2; nothing else sees <pcre2.h>.
 *
 * Go's expressions know no lookaround, backreference, atomic group, possessive
 * quantifier, conditional, recursion or callout. A pattern that uses one is refused, so
 * that what we accept is what kustomize accepts. `$` means the end of the text alone. A
 * match stops at a limit, since PCRE2 backtracks where Go does not.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "sg/patch.h"

#include <pcre2.h>
#include <string.h>

#define PATTERN_MAX 4096    /* bytes of a pattern */
#define COUNT_MAX   1000    /* of a repetition, as in Go */
#define MATCH_STEPS 1000000 /* PCRE2's match limit */
#define MATCH_HEAP  20000   /* KiB a match may use */

struct sg_regex {
    pcre2_code *code;
    pcre2_match_context *context;
};

/* What "(?" opens at `at` (after it), if Go has not that; else NULL. */
static const char *refused_group(const char *at) {
    static const struct {
        const char *start, *what;
    } refused[] = {
        {"=", "a lookahead"},      {"!", "a negative lookahead"},
        {"<=", "a lookbehind"},    {"<!", "a negative lookbehind"},
        {">", "an atomic group"},  {"(", "a conditional"},
        {"P=", "a backreference"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(refused); i++) {
        if (strncmp(at, refused[i].start, strlen(refused[i].start)) == 0) {
            return refused[i].what;
        }
    }
    if (at[0] == '<' || strncmp(at, "P<", 2) == 0) {
        return NULL; /* a named group */
    }
    at += strspn(at, "imsU-"); /* flags, for the group or for what follows */
    return *at == ':' || *at == ')' ? NULL : "a group";
}

/* A count over 1000 at `at` (a brace), which Go refuses. */
static bool is_large_count(const char *at) {
    if (at[strspn(at + 1, "0123456789,") + 1] != '}') {
        return false;
    }
    const char *second = at + 1 + strspn(at + 1, "0123456789");
    return strtoul(at + 1, NULL, 10) > COUNT_MAX ||
           (*second == ',' && strtoul(second + 1, NULL, 10) > COUNT_MAX);
}

/* What follows a backslash, checked against what Go has. `*at` is moved over it. */
static const char *refused_escape(const char **at) {
    char c = **at;
    if (c >= '1' && c <= '9') {
        return "a backreference";
    }
    if (c == 'Q') { /* literal text up to \E */
        const char *end = strstr(*at, "\\E");
        *at = end != NULL ? end + 1 : *at + strlen(*at) - 1;
        return NULL;
    }
    if (c == 'k' || c == 'g') {
        return "a backreference";
    }
    if ((unsigned char)c >= 0x80) {
        return "an escaped letter";
    }
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter && strchr("abfnrtvxdDsSwWpPzABCQE", c) == NULL) {
        return "an escape that kustomize does not know";
    }
    return NULL;
}

static bool is_quantifier(char c) {
    return c == '*' || c == '+' || c == '?' || c == '}';
}

/* The first thing in `pattern` that Go's syntax has not, or NULL. */
static const char *refused_syntax(const char *pattern) {
    bool in_class = false;
    for (const char *at = pattern; *at != '\0'; at++) {
        const char *what = NULL;
        if (*at == '\\') {
            at++;
            if (*at == '\0') {
                return NULL; /* PCRE2 says so */
            }
            what = in_class && *at == 'Q' ? "quoting in a class" : refused_escape(&at);
        } else if (in_class) {
            in_class = *at != ']';
        } else if (*at == '[') {
            in_class = true;
            at += at[1] == '^';
            at += at[1] == ']'; /* a first ] is literal */
        } else if (*at == '(' && at[1] == '*') {
            what = "a verb";
        } else if (*at == '(' && at[1] == '?') {
            what = refused_group(at + 2);
        } else if (*at == '{' && is_large_count(at)) {
            what = "a count over 1000";
        } else if (is_quantifier(*at) && at[1] == '+') {
            what = "a possessive quantifier";
        }
        if (what != NULL) {
            return what;
        }
    }
    return NULL;
}

static pcre2_code *compile(const char *pattern, bool anchored, struct sg_err *err) {
    int number = 0;
    PCRE2_SIZE offset = 0;
    sg_auto_buf text = SG_BUF_INIT;
    const char *before = anchored ? "^(?:" : "";
    if (!anchored && pattern[0] == '^' && pattern[1] != '\0' &&
        strchr("*+?", pattern[1]) != NULL) {
        before = "(?:^)"; /* Go repeats an assertion, PCRE2 does not */
        pattern++;
    }
    sg_buf_addf(&text, "%s%s%s", before, pattern, anchored ? ")$" : "");
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)sg_buf_cstr(&text), text.len,
                                     PCRE2_UTF | PCRE2_DOLLAR_ENDONLY |
                                         PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE,
                                     &number, &offset, NULL);
    if (code == NULL) {
        PCRE2_UCHAR message[160] = "";
        pcre2_get_error_message(number, message, sizeof(message));
        size_t skip = strlen(before);
        sg_fail(err, SG_E_INPUT, "the pattern '%s' is not valid at offset %zu: %s",
                pattern, offset > skip ? offset - skip : 0, (const char *)message);
    }
    return code;
}

struct sg_regex *sg_regex_new(const char *pattern, bool anchored, struct sg_err *err) {
    if (strlen(pattern) > PATTERN_MAX) {
        sg_fail(err, SG_E_LIMIT, "a pattern of %zu bytes; at most %d are allowed",
                strlen(pattern), PATTERN_MAX);
        return NULL;
    }
    const char *refused = refused_syntax(pattern);
    if (refused != NULL) {
        sg_fail(err, SG_E_INPUT, "the pattern '%s' uses %s, which kustomize refuses",
                pattern, refused);
        sg_err_hint(err, "write it in the syntax of Go's regular expressions (RE2)");
        return NULL;
    }
    pcre2_code *code = compile(pattern, anchored, err);
    if (code == NULL) {
        return NULL;
    }
    struct sg_regex *regex = sg_xcalloc(1, sizeof(*regex));
    regex->code = code;
    regex->context = pcre2_match_context_create(NULL);
    if (regex->context == NULL) {
        SG_BUG("out of memory in PCRE2");
    }
    pcre2_set_match_limit(regex->context, MATCH_STEPS);
    pcre2_set_heap_limit(regex->context, MATCH_HEAP);
    return regex;
}

void sg_regex_free(struct sg_regex *regex) {
    if (regex != NULL) {
        pcre2_code_free(regex->code);
        pcre2_match_context_free(regex->context);
        free(regex);
    }
}

bool sg_regex_match(const struct sg_regex *regex, const char *text, size_t len) {
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    if (data == NULL) {
        SG_BUG("out of memory in PCRE2");
    }
    int found =
        pcre2_match(regex->code, (PCRE2_SPTR)text, len, 0, 0, data, regex->context);
    pcre2_match_data_free(data);
    return found >= 0;
}
