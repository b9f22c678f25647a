/*
 * notes.c - upstream's manual steps: the sections of its migration notes that name a
 * version on the way.
 */
#include <string.h>

#include "project.h"

void notes_release(struct notes *notes) {
    sg_vec_release(&notes->items);
    sg_arena_release(&notes->arena);
}

/* --- markdown --------------------------------------------------------------------- */

/* Level of a heading line ("## 3.17"), 0 for any other line. */
static size_t heading_level(const char *line, const char *end) {
    size_t level = 0;
    while (line + level < end && line[level] == '#') {
        level++;
    }
    return level <= 6 && line + level < end && line[level] == ' ' ? level : 0;
}

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

/* The next "3.17" or "v3.17.2" of a line; true with the end of it in `*at`. Without a
 * patch `minor_only` is set. */
static bool next_version(const char **at, const char *end, struct sg_version *out,
                         bool *minor_only) {
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
        *minor_only = !(q < end && *q == '.' && digit(q + 1, end));
        if (!*minor_only) {
            q = read_number(q + 1, end, &out->patch);
        }
        *at = q;
        return true;
    }
    return false;
}

/*
 * Whether a version in a heading lies on the way from `from` (left out) to `to`. "3.17"
 * is its first release: one who has 3.17.1 has passed it.
 */
static bool on_the_way(const struct sg_version *v, const struct sg_version *from,
                       const struct sg_version *to) {
    return sg_version_cmp(v, from) > 0 && sg_version_cmp(v, to) <= 0;
}

/*
 * A heading that names one version is about reaching it; one that names two ("3.16 ->
 * 3.17", "from 3.16 to 3.17") about reaching the last.
 */
static bool is_wanted(const char *line, const char *end, const struct sg_version *from,
                      const struct sg_version *to) {
    struct sg_version version, last = {0};
    bool minor_only, any = false;
    while (next_version(&line, end, &version, &minor_only)) {
        last = version;
        any = true;
    }
    return any && on_the_way(&last, from, to);
}

static const char *line_end(const char *line, const char *end) {
    const char *newline = memchr(line, '\n', (size_t)(end - line));
    return newline == NULL ? end : newline;
}

static void trim(const char **from, const char **to) {
    while (*from < *to && strchr(" \t\r\n#", **from) != NULL) {
        (*from)++;
    }
    while (*to > *from && strchr(" \t\r\n#", (*to)[-1]) != NULL) {
        (*to)--;
    }
}

static void add_section(struct notes *out, const char *title, const char *title_end,
                        const char *text, const char *text_end) {
    trim(&title, &title_end);
    while (text < text_end && (*text == '\n' || *text == '\r')) {
        text++;
    }
    while (text_end > text && strchr(" \t\r\n", text_end[-1]) != NULL) {
        text_end--;
    }
    if (text == text_end) {
        return; /* a heading of headings: what is below it has its own */
    }
    struct sg_plan_note note = {
        .title = sg_arena_strndup(&out->arena, title, (size_t)(title_end - title)),
        .text = sg_arena_strndup(&out->arena, text, (size_t)(text_end - text)),
    };
    sg_vec_push(&out->items, note);
}

/* A fence of a code block: a '#' inside one is no heading. */
static bool is_fence(const char *line, const char *end) {
    while (line < end && *line == ' ') {
        line++;
    }
    return end - line >= 3 &&
           (strncmp(line, "```", 3) == 0 || strncmp(line, "~~~", 3) == 0);
}

void notes_parse(const char *text, size_t len, const struct sg_version *from,
                 const struct sg_version *to, struct notes *out) {
    const char *end = text + len;
    const char *title = NULL, *title_end = NULL;
    size_t level = 0;
    bool code = false;
    for (const char *line = text; line < end;) {
        const char *stop = line_end(line, end);
        code = code != is_fence(line, stop);
        size_t here = code ? 0 : heading_level(line, stop);
        if (here > 0 && title != NULL && here <= level) {
            add_section(out, title, title_end, title_end, line);
            title = NULL;
        }
        if (here > 0 && title == NULL && is_wanted(line, stop, from, to)) {
            title = line;
            title_end = stop;
            level = here;
        }
        line = stop < end ? stop + 1 : end;
    }
    if (title != NULL) {
        add_section(out, title, title_end, title_end, end);
    }
}

/* --- where they are --------------------------------------------------------------- */

static int read_if_there(const struct sg_fs *fs, const char *path, struct sg_buf *out,
                         bool *found, struct sg_err *err) {
    enum sg_fs_type type;
    *found = false;
    if (sg_fs_stat(fs, path, &type, NULL, err) != 0) {
        return -1;
    }
    *found = type == SG_FS_FILE;
    return *found ? sg_fs_read(fs, path, out, err) : 0;
}

/* A URL template is a place for people: the note is the link. */
static void add_link(const char *template, const char *version, struct notes *out) {
    sg_auto_buf url = SG_BUF_INIT;
    const char *hole = strstr(template, "{version}");
    if (hole == NULL) {
        sg_buf_adds(&url, template);
    } else {
        sg_buf_add(&url, template, (size_t)(hole - template));
        sg_buf_adds(&url, version);
        sg_buf_adds(&url, hole + strlen("{version}"));
    }
    struct sg_plan_note note = {
        .title = sg_arena_printf(&out->arena, "Notes on %s", version),
        .text = sg_arena_strndup(&out->arena, sg_buf_cstr(&url), url.len),
    };
    sg_vec_push(&out->items, note);
}

int notes_read(struct sg_repo *repo, const struct base *base,
               const struct sg_version *from, const struct sg_version *to,
               struct notes *out, struct sg_err *err) {
    sg_arena_init(&out->arena);
    const char *where = repo->config.upstream.notes;
    if (where == NULL) {
        return 0;
    }
    if (strstr(where, "://") != NULL) {
        add_link(where, base->version, out);
        return 0;
    }
    struct sg_upstream *up = repo_upstream(repo, err);
    if (up == NULL) {
        return -1;
    }
    sg_auto_fs tree = sg_upstream_tree(up, base->release.id, "", NULL, err);
    sg_auto_buf text = SG_BUF_INIT;
    bool found;
    if (tree == NULL || read_if_there(tree, where, &text, &found, err) != 0 ||
        (!found && read_if_there(repo->disk, where, &text, &found, err) != 0)) {
        return -1;
    }
    notes_parse(sg_buf_cstr(&text), text.len, from, to, out);
    return 0;
}
