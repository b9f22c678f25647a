/* history_comment.c - the commits of an object's changes as comments of a patch. */
#include <string.h>

#include "adopting.h"
#include "lines.h"
#include "sg/sort.h"

enum {
    ID_SHOWN = 10,
    TEXT_SHOWN = 200, /* code points of an author or a subject */
};

/* --- texts ------------------------------------------------------------------------ */

/* Bytes of the UTF-8 sequence at `at` and its code point; 0 where it is none. A NUL ends
 * the text, and is no byte that continues. */
static size_t decode(const unsigned char *at, uint32_t *code) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = at[0] < 0x80   ? 1
                 : at[0] < 0xC0 ? 0
                 : at[0] < 0xE0 ? 2
                 : at[0] < 0xF0 ? 3
                                : 4;
    *code = len == 1 ? at[0] : at[0] & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
        *code = *code << 6 | (at[i] & 0x3Fu);
    }
    return len == 0 || *code < least[len] || *code > 0x10FFFF ? 0 : len;
}

/* May stand in YAML, and does nothing to what is beside it on a screen. */
static bool is_plain(uint32_t code) {
    bool acts = code < 0x20 || (code >= 0x7F && code < 0xA0) ||
                (code >= 0x200B && code <= 0x200F) ||
                (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F);
    bool none = (code >= 0xD800 && code <= 0xDFFF) || code == 0xFEFF || code == 0xFFFE ||
                code == 0xFFFF;
    return !acts && !none;
}

static void add_plain(const char *text, struct sg_buf *out) {
    const unsigned char *at = (const unsigned char *)text;
    for (size_t shown = 0; *at != '\0'; shown++) {
        uint32_t code = 0;
        size_t len = decode(at, &code);
        if (shown == TEXT_SHOWN) {
            sg_buf_adds(out, "…");
            return;
        }
        if (len > 0 && is_plain(code)) {
            sg_buf_add(out, at, len);
        } else {
            sg_buf_adds(out, "\xEF\xBF\xBD");
        }
        at += len > 0 ? len : 1;
    }
}

/* --- changes ---------------------------------------------------------------------- */

/* One is the other, or stands in it: strchr finds the NUL, too. */
static bool is_within(const char *inner, const char *outer) {
    size_t len = strlen(outer);
    return strncmp(inner, outer, len) == 0 && strchr(".[", inner[len]) != NULL;
}

/* The files of `said` make the change, or a part of it. */
static bool says(const struct sg_adopt_said *said, const struct sg_adopt_change *change) {
    if (said->paths == NULL) {
        return change->way != SG_WAY_TEXT;
    }
    bool found = false;
    for (size_t i = 0; i < said->paths_len && !found; i++) {
        found = is_within(change->path, said->paths[i]) ||
                is_within(said->paths[i], change->path);
    }
    return found;
}

/* --- commits ---------------------------------------------------------------------- */

struct commits {
    SG_VEC(const struct sg_adopt_change *) items; /* one change each */
    bool uncommitted;
};

static void add_commit(struct commits *commits, const struct sg_adopt_change *change) {
    if (change->commit == NULL) {
        commits->uncommitted |= change->author != NULL;
        return;
    }
    for (size_t i = 0; i < commits->items.len; i++) {
        if (strcmp(commits->items.items[i]->commit, change->commit) == 0) {
            return;
        }
    }
    sg_vec_push(&commits->items, change);
}

static bool is_older(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_adopt_change *const *left = a, *const *right = b;
    return (*left)->time < (*right)->time;
}

static void add_line(const struct sg_adopt_change *change, struct sg_buf *out) {
    sg_buf_addf(out, "# %.*s", ID_SHOWN, change->commit);
    const char *const words[] = {change->date, change->author};
    for (size_t i = 0; i < SG_ARRAY_LEN(words); i++) {
        if (words[i] != NULL) {
            sg_buf_addc(out, ' ');
            add_plain(words[i], out);
        }
    }
    if (change->subject != NULL) {
        sg_buf_adds(out, ": ");
        add_plain(change->subject, out);
    }
    sg_buf_addc(out, '\n');
}

/* The commits of an object's changes; `said` NULL: of all of them. */
static void add_commits(struct commits *commits, const struct sg_adopted *adopted,
                        const char *object, const struct sg_adopt_said *said) {
    for (size_t i = 0; i < adopted->changes.len; i++) {
        const struct sg_adopt_change *change = &adopted->changes.items[i];
        if (strcmp(change->object, object) == 0 && (said == NULL || says(said, change))) {
            add_commit(commits, change);
        }
    }
}

static void add_lines(struct commits *commits, struct sg_buf *out) {
    sg_sort(commits->items.items, commits->items.len, sizeof(*commits->items.items),
            is_older, NULL);
    for (size_t i = 0; i < commits->items.len; i++) {
        add_line(commits->items.items[i], out);
    }
    if (commits->uncommitted) {
        sg_buf_adds(out, "# " SG_ADOPT_UNCOMMITTED "\n");
    }
    sg_vec_release(&commits->items);
}

void sg_adopt_history_comment(const struct sg_adopted *adopted, const char *object,
                              struct sg_buf *out) {
    struct commits commits = {0};
    add_commits(&commits, adopted, object, NULL);
    add_lines(&commits, out);
}

/* --- patches ---------------------------------------------------------------------- */

/* What an environment's changes call the object, NULL where it has none in it. */
static const char *name_in(const struct sg_adopted *adopted, const char *object) {
    for (size_t i = 0; i < adopted->said.len; i++) {
        if (strcmp(adopted->said.items[i].object, object) == 0) {
            return adopted->said.items[i].changed;
        }
    }
    return NULL;
}

static void put_above(struct sg_adopted *adopted, struct sg_strmap *files,
                      const char *folder, const char *name, const struct sg_buf *lines) {
    sg_auto_buf path = SG_BUF_INIT, text = SG_BUF_INIT;
    sg_buf_addf(&path, "%s/%s", folder, name != NULL ? name : "");
    struct sg_adopt_file *file = sg_strmap_get(files, sg_buf_cstr(&path), path.len);
    if (name != NULL && file != NULL && lines->len > 0) {
        sg_buf_add(&text, lines->ptr, lines->len);
        sg_buf_add(&text, file->text, file->len);
        file->text = sg_arena_strndup(&adopted->arena, sg_buf_cstr(&text), text.len);
        file->len = text.len;
    }
}

/* The commits that environments have of an object: of what `said` says, or of all. */
static void add_all_lines(const struct sg_adopt_env *envs, size_t len,
                          const struct sg_adopt_said *said, struct sg_buf *out) {
    struct commits commits = {0};
    for (size_t e = 0; e < len; e++) {
        const char *name =
            said->deleted ? said->object : name_in(envs[e].adopted, said->object);
        if (name != NULL) {
            add_commits(&commits, envs[e].adopted, name, said->deleted ? NULL : said);
        }
    }
    add_lines(&commits, out);
}

/* Each document is one of the deletions, in their order. */
static void put_above_deletions(struct sg_adopted *adopted, struct sg_strmap *files,
                                const char *folder, const struct sg_adopt_env *envs,
                                size_t len) {
    static const char end[] = "\n---\n";
    sg_auto_buf path = SG_BUF_INIT, text = SG_BUF_INIT;
    sg_buf_addf(&path, "%s/%s", folder, SG_ADOPT_DELETIONS);
    struct sg_adopt_file *file = sg_strmap_get(files, sg_buf_cstr(&path), path.len);
    const char *at = file != NULL ? file->text : "";
    for (size_t i = 0; i < adopted->said.len && *at != '\0'; i++) {
        if (adopted->said.items[i].deleted) {
            const char *stop = strstr(at, end);
            size_t part =
                stop != NULL ? (size_t)(stop - at) + sizeof(end) - 1 : strlen(at);
            add_all_lines(envs, len, &adopted->said.items[i], &text);
            sg_buf_add(&text, at, part);
            at += part;
        }
    }
    if (file != NULL) {
        file->text = sg_arena_strndup(&adopted->arena, sg_buf_cstr(&text), text.len);
        file->len = text.len;
    }
}

static void put_above_patches(struct sg_adopted *adopted, struct sg_strmap *files,
                              const char *folder, const struct sg_adopt_env *envs,
                              size_t len) {
    for (size_t i = 0; i < adopted->said.len; i++) {
        const struct sg_adopt_said *said = &adopted->said.items[i];
        sg_auto_buf lines = SG_BUF_INIT;
        if (!said->deleted) {
            add_all_lines(envs, len, said, &lines);
            put_above(adopted, files, folder, said->patch_file, &lines);
            put_above(adopted, files, folder, said->operations_file, &lines);
        }
    }
}

/* --- large texts ------------------------------------------------------------------ */

static void add_text_commits(struct commits *commits, const struct sg_adopted *adopted,
                             const struct sg_adopt_text *text) {
    for (size_t i = 0; i < adopted->changes.len; i++) {
        const struct sg_adopt_change *change = &adopted->changes.items[i];
        if (strcmp(change->object, text->changed) == 0 &&
            strcmp(change->path, text->path) == 0) {
            add_commit(commits, change);
        }
    }
}

/* Puts lines, as far in as the entry, above that of a file. */
static void put_above_entry(struct sg_adopted *adopted, struct sg_adopt_file *file,
                            const char *name, const struct sg_buf *lines) {
    sg_auto_buf entry = SG_BUF_INIT, text = SG_BUF_INIT;
    put_field("\n" TEXT_ITEM, name, &entry);
    const char *at = strstr(file->text, sg_buf_cstr(&entry));
    if (at == NULL || lines->len == 0) {
        return;
    }
    sg_buf_add(&text, file->text, (size_t)(at + 1 - file->text));
    for (const char *line = lines->ptr, *end = line + lines->len; line < end;) {
        const char *stop = end_of_line(line, end);
        sg_buf_addf(&text, "  %.*s\n", (int)(stop - line), line);
        line = stop + 1;
    }
    sg_buf_adds(&text, at + 1);
    file->text = sg_arena_strndup(&adopted->arena, sg_buf_cstr(&text), text.len);
    file->len = text.len;
}

static void put_above_texts(struct sg_adopted *adopted, struct sg_strmap *files,
                            const char *folder, const struct sg_adopt_env *envs,
                            size_t len) {
    sg_auto_buf path = SG_BUF_INIT;
    sg_buf_addf(&path, "%s/kustomization.yaml", folder);
    struct sg_adopt_file *file = sg_strmap_get(files, sg_buf_cstr(&path), path.len);
    for (size_t i = 0; i < adopted->texts.len && file != NULL; i++) {
        const struct sg_adopt_text *text = &adopted->texts.items[i];
        struct commits commits = {0};
        sg_auto_buf lines = SG_BUF_INIT;
        for (size_t e = 0; e < len && !text->shared; e++) {
            const struct sg_adopt_text *own = text_of(envs[e].adopted, text);
            if (own != NULL) {
                add_text_commits(&commits, envs[e].adopted, own);
            }
        }
        add_lines(&commits, &lines);
        put_above_entry(adopted, file, text->file, &lines);
    }
}

void sg_adopt_history_patches(struct sg_adopted *adopted, const char *folder,
                              const struct sg_adopt_env *envs, size_t len) {
    sg_auto_strmap files = {0};
    for (size_t i = 0; i < adopted->files.len; i++) {
        struct sg_adopt_file *file = &adopted->files.items[i];
        sg_strmap_put(&files, file->path, strlen(file->path), file);
    }
    put_above_patches(adopted, &files, folder, envs, len);
    put_above_deletions(adopted, &files, folder, envs, len);
    put_above_texts(adopted, &files, folder, envs, len);
}
