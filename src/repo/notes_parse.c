/*
 * notes_parse.c - the sections of a Markdown text that are about a version on the way.
 *
 * Only what parts a text into sections is read, as CommonMark has it: ATX headings
 * ("## 3.20"), Setext headings (a line under the title), and what hides headings: fenced
 * and indented code, HTML comments and a front matter. Everything else is the text of a
 * section, kept as it is. Linear in the text.
 */
#include <string.h>
#include <strings.h>

#include "project.h"

struct line {
    const char *at, *end; /* without the line feed */
};

/* What of the text is open when a line begins. */
struct blocks {
    char fence; /* '`' or '~' of an open fenced block, 0: none */
    size_t fence_len;
    bool comment;      /* in an HTML comment */
    bool front_matter; /* between the two "---" a file may begin with */
};

struct heading {
    size_t level; /* 0: none */
    const char *title, *title_end;
    const char *begin; /* of its first line */
    const char *text;  /* what follows it */
};

/* --- lines ------------------------------------------------------------------------ */

static const char *line_end(const char *line, const char *end) {
    const char *newline = memchr(line, '\n', (size_t)(end - line));
    return newline == NULL ? end : newline;
}

static bool is_blank_char(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_blank(const struct line *line) {
    for (const char *c = line->at; c < line->end; c++) {
        if (!is_blank_char(*c)) {
            return false;
        }
    }
    return true;
}

/* The line behind up to three blanks; NULL where it is indented as code is. */
static const char *content(const struct line *line) {
    const char *at = line->at;
    while (at < line->end && at < line->at + 4 && *at == ' ') {
        at++;
    }
    return at == line->at + 4 || (at < line->end && *at == '\t') ? NULL : at;
}

static size_t run_of(const char *at, const char *end, char c) {
    size_t len = 0;
    while (at + len < end && at[len] == c) {
        len++;
    }
    return len;
}

/* Nothing but blanks behind `at`. */
static bool ends_at(const char *at, const struct line *line) {
    const struct line rest = {at, line->end};
    return is_blank(&rest);
}

static bool is_exactly(const struct line *line, const char *text) {
    size_t len = strlen(text);
    return (size_t)(line->end - line->at) >= len && memcmp(line->at, text, len) == 0 &&
           ends_at(line->at + len, line);
}

/* --- what hides headings ---------------------------------------------------------- */

/* Opens or closes a fenced block; true for a line of one. */
static bool in_fence(struct blocks *open, const struct line *line) {
    const char *at = content(line);
    char c = at != NULL && at < line->end ? *at : 0;
    size_t len = c == '`' || c == '~' ? run_of(at, line->end, c) : 0;
    if (open->fence != 0) {
        if (c == open->fence && len >= open->fence_len && ends_at(at + len, line)) {
            open->fence = 0;
        }
        return true;
    }
    bool code_span = c == '`' && len > 0 &&
                     memchr(at + len, '`', (size_t)(line->end - at) - len) != NULL;
    if (len < 3 || code_span) {
        return false;
    }
    open->fence = c;
    open->fence_len = len;
    return true;
}

static const char *find(const char *at, const char *end, const char *text) {
    return memmem(at, (size_t)(end - at), text, strlen(text));
}

/* Follows comments through a line; true where it begins in one or with one. */
static bool in_comment(struct blocks *open, const struct line *line) {
    const char *at = line->at, *first = content(line);
    bool hidden = open->comment || (first != NULL && line->end - first >= 4 &&
                                    memcmp(first, "<!--", 4) == 0);
    while (at != NULL) {
        at = find(at, line->end, open->comment ? "-->" : "<!--");
        if (at != NULL) {
            at += open->comment ? 3 : 4;
            open->comment = !open->comment;
        }
    }
    return hidden;
}

static bool in_front_matter(struct blocks *open, const struct line *line, bool first) {
    if (first && is_exactly(line, "---")) {
        open->front_matter = true;
        return true;
    }
    if (!open->front_matter) {
        return false;
    }
    open->front_matter = !is_exactly(line, "---") && !is_exactly(line, "...");
    return true;
}

/* --- headings --------------------------------------------------------------------- */

static void trim(const char **from, const char **to) {
    while (*from < *to && is_blank_char(**from)) {
        (*from)++;
    }
    while (*to > *from && is_blank_char((*to)[-1])) {
        (*to)--;
    }
}

/* "## 3.20 ##" */
static bool read_atx(const struct line *line, struct heading *out) {
    const char *at = content(line);
    size_t level = at == NULL ? 0 : run_of(at, line->end, '#');
    if (level == 0 || level > 6 ||
        (at + level < line->end && !is_blank_char(at[level]))) {
        return false;
    }
    *out = (struct heading){level, at + level, line->end, line->at, line->end};
    trim(&out->title, &out->title_end);
    const char *end = out->title_end;
    while (end > out->title && end[-1] == '#') {
        end--;
    }
    if (end == out->title || is_blank_char(end[-1])) { /* "3.20#" is no closing run */
        out->title_end = end;
        trim(&out->title, &out->title_end);
    }
    return true;
}

/* A line that a Setext underline can make a title of: plain text. */
static bool can_be_title(const struct line *line) {
    const char *at = content(line);
    return !is_blank(line) && at != NULL && strchr(">-*+|<", *at) == NULL;
}

/* "===" or "---" under a title. */
static bool read_setext(const struct line *title, const struct line *line,
                        struct heading *out) {
    const char *at = content(line);
    char c = at != NULL && at < line->end ? *at : 0;
    if ((c != '=' && c != '-') || title->at == NULL ||
        !ends_at(at + run_of(at, line->end, c), line)) {
        return false;
    }
    *out =
        (struct heading){c == '=' ? 1 : 2, title->at, title->end, title->at, line->end};
    trim(&out->title, &out->title_end);
    return true;
}

/* --- versions in a heading -------------------------------------------------------- */

static bool digit(const char *p, const char *end) {
    return p < end && *p >= '0' && *p <= '9';
}

static const char *read_number(const char *p, const char *end, uint32_t *out) {
    *out = 0;
    for (; digit(p, end); p++) {
        *out = *out > 1000000 ? *out : *out * 10 + (uint32_t)(*p - '0');
    }
    return p;
}

/* The next "3.17" (its first release) or "v3.17.2" from `*at` on; `*at` moves behind it,
 * `*begin` to it. */
static bool next_version(const char **at, const char *end, struct sg_version *out,
                         const char **begin) {
    for (const char *p = *at; p < end; p++) {
        bool inside = p > *at && (digit(p - 1, end) || p[-1] == '.');
        if (!digit(p, end) || inside) {
            continue;
        }
        memset(out, 0, sizeof(*out));
        const char *q = read_number(p, end, &out->major);
        if (q >= end || *q != '.' || !digit(q + 1, end)) {
            p = q - 1;
            continue;
        }
        q = read_number(q + 1, end, &out->minor);
        if (q + 1 < end && *q == '.' && digit(q + 1, end)) {
            q = read_number(q + 1, end, &out->patch);
        }
        *begin = p;
        *at = q;
        return true;
    }
    return false;
}

/* "from" stands before the version: it is the one that is left. */
static bool follows_from(const char *title, const char *at) {
    while (at > title && (at[-1] == ' ' || at[-1] == 'v' || at[-1] == 'V')) {
        at--;
    }
    return at - title >= 4 && strncasecmp(at - 4, "from", 4) == 0 &&
           (at - title == 4 || at[-5] == ' ');
}

static bool before_minor(const struct sg_version *a, const struct sg_version *b) {
    return a->major != b->major ? a->major < b->major : a->minor < b->minor;
}

/*
 * Whether the section is for one who goes from `from` to `to`. One version is the release
 * that is reached, and behind "from" the one that is left. Of two ("3.16 -> 3.17.2",
 * "3.16 to 3.17") the last is reached; who passes into its minor release by another patch
 * of it needs the section too.
 */
static bool is_wanted(const struct heading *heading, const struct sg_version *from,
                      const struct sg_version *to) {
    struct sg_version first = {0}, last = {0}, version;
    const char *at = heading->title, *begin = NULL;
    bool leaves = false;
    size_t n = 0;
    while (next_version(&at, heading->title_end, &version, &begin)) {
        if (n++ == 0) {
            first = version;
            leaves = follows_from(heading->title, begin);
        }
        last = version;
    }
    if (n == 1 && leaves) {
        bool left = before_minor(&last, to);
        return left && !before_minor(&last, from);
    }
    bool reached = sg_version_cmp(&last, from) > 0 && sg_version_cmp(&last, to) <= 0;
    bool crossed = before_minor(&first, &last) && before_minor(from, &last) &&
                   !before_minor(to, &last);
    return n > 0 && (reached || (n > 1 && crossed));
}

/* --- sections --------------------------------------------------------------------- */

struct reading {
    const char *end;
    const struct sg_version *from, *to;
    struct notes *out;
    struct heading open;     /* the section that is taken; level 0: none */
    struct sg_strmap titles; /* of the sections so far: two may be called alike */
};

/* Nothing but blanks and comments. */
static bool says_nothing(const char *at, const char *end) {
    while (at < end) {
        if (is_blank_char(*at)) {
            at++;
            continue;
        }
        if (end - at < 4 || memcmp(at, "<!--", 4) != 0) {
            return false;
        }
        const char *close = find(at, end, "-->");
        at = close == NULL ? end : close + 3;
    }
    return true;
}

/* A title that no section had before: "3.20", then "3.20 (2)". */
static const char *title_of(struct reading *r) {
    struct sg_arena *arena = &r->out->arena;
    size_t len = (size_t)(r->open.title_end - r->open.title);
    const char *title = sg_arena_strndup(arena, r->open.title, len);
    uintptr_t seen = (uintptr_t)sg_strmap_get(&r->titles, title, len) + 1;
    (void)sg_strmap_put(&r->titles, title, len, (void *)seen);
    return seen == 1 ? title : sg_arena_printf(arena, "%s (%zu)", title, (size_t)seen);
}

/* Ends the open section before `end`. A heading of headings is none: what is below it has
 * its own. */
static void close_section(struct reading *r, const char *end) {
    const char *text = r->open.text;
    if (r->open.level > 0 && !says_nothing(text, end)) {
        while (text < end && (*text == '\n' || *text == '\r')) {
            text++;
        }
        while (end > text && is_blank_char(end[-1])) {
            end--;
        }
        struct sg_plan_note note = {
            .title = title_of(r),
            .text = sg_arena_strndup(&r->out->arena, text, (size_t)(end - text)),
        };
        sg_vec_push(&r->out->items, note);
    }
    r->open.level = 0;
}

static void take_heading(struct reading *r, const struct heading *heading) {
    if (r->open.level > 0 && heading->level > r->open.level) {
        return; /* a part of the section */
    }
    close_section(r, heading->begin);
    if (is_wanted(heading, r->from, r->to)) {
        r->open = *heading;
    }
}

void notes_parse(const char *text, size_t len, const struct sg_version *from,
                 const struct sg_version *to, struct notes *out) {
    if (memchr(text, '\0', len) != NULL) {
        return; /* no text, as git tells */
    }
    struct reading r = {.end = text + len, .from = from, .to = to, .out = out};
    struct blocks open = {0};
    struct line before = {0}; /* could be a Setext title; `at` NULL: it cannot */
    const char *next = text;
    while (next < r.end) {
        struct line line = {next, line_end(next, r.end)};
        bool first = next == text;
        next = line.end < r.end ? line.end + 1 : r.end;
        struct heading heading;
        bool hidden = in_front_matter(&open, &line, first) ||
                      (open.fence == 0 && in_comment(&open, &line)) ||
                      in_fence(&open, &line);
        bool is_heading = !hidden && (read_atx(&line, &heading) ||
                                      read_setext(&before, &line, &heading));
        if (is_heading) {
            take_heading(&r, &heading);
        }
        before = hidden || is_heading || !can_be_title(&line) ? (struct line){0} : line;
    }
    close_section(&r, r.end);
    sg_strmap_release(&r.titles);
}
