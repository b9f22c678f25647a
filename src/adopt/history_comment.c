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

/* A patch of the object makes it. */
static bool is_patched(const struct sg_adopt_change *change) {
    return change->way == SG_WAY_PATCH || change->way == SG_WAY_OPERATION;
}

/* The files of `said` make the change, or a part of it. */
static bool says(const struct sg_adopt_said *said, const struct sg_adopt_change *change) {
    bool found = said->paths == NULL;
    if (!is_patched(change)) {
        return false;
    }
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

/* --- environments ----------------------------------------------------------------- */

/* What an environment's result says of each object. */
struct known {
    const struct sg_adopted *adopted;
    struct sg_strmap changes;  /* object -> position + 1 of its first change … */
    size_t *next;              /* … and of the next one of the same, 0: none */
    struct sg_strmap said;     /* object as patches name it -> as the changes do */
    struct sg_strmap contents; /* the same of those whose content is patched */
};

static void known_release(struct known *known) {
    sg_strmap_release(&known->changes);
    sg_strmap_release(&known->said);
    sg_strmap_release(&known->contents);
    free(known->next);
}

static void put_name(struct sg_strmap *names, const char *object, const char *changed) {
    sg_strmap_put(names, object, strlen(object), (void *)(uintptr_t)changed); // NOLINT
}

/* From the last to the first, for what is put last stands. */
static void known_of(const struct sg_adopted *adopted, struct known *out) {
    out->adopted = adopted;
    out->next = sg_xcalloc(adopted->changes.len + 1, sizeof(*out->next));
    for (size_t i = adopted->changes.len; i > 0; i--) {
        const char *object = adopted->changes.items[i - 1].object;
        void *before =
            sg_strmap_put(&out->changes, object, strlen(object), (void *)i); // NOLINT
        out->next[i - 1] = (size_t)(uintptr_t)before;
    }
    for (size_t i = adopted->said.len; i > 0; i--) {
        const struct sg_adopt_said *said = &adopted->said.items[i - 1];
        put_name(&out->said, said->object, said->changed);
    }
    for (size_t i = adopted->contents.len; i > 0; i--) {
        const struct sg_adopt_content *content = &adopted->contents.items[i - 1];
        put_name(&out->contents, content->object, content->changed);
    }
}

/* What the changes call the object; NULL where nothing is said of it. */
static const char *name_in(const struct sg_strmap *names, const char *object) {
    return sg_strmap_get(names, object, strlen(object));
}

/* Position + 1 of the first change of an object; 0: it has none. */
static size_t first_change(const struct known *known, const char *object) {
    return (size_t)(uintptr_t)sg_strmap_get(&known->changes, object, strlen(object));
}

/* --- patches ---------------------------------------------------------------------- */

/* Files, and the environments whose commits stand above what is in them. */
struct history {
    struct sg_adopted *adopted;
    const char *folder;
    struct sg_strmap files; /* by path */
    struct known *envs;
    size_t len;
};

static struct sg_adopt_file *find_file(const struct history *h, const char *name) {
    sg_auto_buf path = SG_BUF_INIT;
    sg_buf_addf(&path, "%s/%s", h->folder, name);
    return sg_strmap_get(&h->files, sg_buf_cstr(&path), path.len);
}

static void replace_text(struct history *h, struct sg_adopt_file *file,
                         const struct sg_buf *text) {
    file->text = sg_arena_strndup(&h->adopted->arena, sg_buf_cstr(text), text->len);
    file->len = text->len;
}

static void put_above(struct history *h, const char *name, const struct sg_buf *lines) {
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_adopt_file *file = name != NULL ? find_file(h, name) : NULL;
    if (file != NULL && lines->len > 0) {
        sg_buf_add(&text, lines->ptr, lines->len);
        sg_buf_add(&text, file->text, file->len);
        replace_text(h, file, &text);
    }
}

/* A patch of generated content makes the change, and no other one does. */
static bool is_of_content(const struct sg_adopt_change *change) {
    return is_patched(change) && !is_within(change->path, "metadata");
}

static void add_said_commits(struct commits *commits, const struct known *known,
                             const struct sg_adopt_said *said) {
    const char *name = said->deleted ? said->object : name_in(&known->said, said->object);
    bool apart = name_in(&known->contents, said->object) != NULL;
    size_t at = name != NULL ? first_change(known, name) : 0;
    for (; at > 0; at = known->next[at - 1]) {
        const struct sg_adopt_change *change = &known->adopted->changes.items[at - 1];
        if (said->deleted || (says(said, change) && !(apart && is_of_content(change)))) {
            add_commit(commits, change);
        }
    }
}

/* The commits that environments have of what is said of an object. */
static void add_said_lines(const struct history *h, const struct sg_adopt_said *said,
                           struct sg_buf *out) {
    struct commits commits = {0};
    for (size_t e = 0; e < h->len; e++) {
        add_said_commits(&commits, &h->envs[e], said);
    }
    add_lines(&commits, out);
}

/* Each document is one of the deletions, in their order. */
static void put_above_deletions(struct history *h) {
    static const char end[] = "\n---\n";
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_adopt_file *file = find_file(h, SG_ADOPT_DELETIONS);
    const char *at = file != NULL ? file->text : "";
    for (size_t i = 0; i < h->adopted->said.len && *at != '\0'; i++) {
        if (h->adopted->said.items[i].deleted) {
            const char *stop = strstr(at, end);
            size_t part =
                stop != NULL ? (size_t)(stop - at) + sizeof(end) - 1 : strlen(at);
            add_said_lines(h, &h->adopted->said.items[i], &text);
            sg_buf_add(&text, at, part);
            at += part;
        }
    }
    if (file != NULL) {
        replace_text(h, file, &text);
    }
}

static void put_above_patches(struct history *h) {
    for (size_t i = 0; i < h->adopted->said.len; i++) {
        const struct sg_adopt_said *said = &h->adopted->said.items[i];
        sg_auto_buf lines = SG_BUF_INIT;
        if (!said->deleted) {
            add_said_lines(h, said, &lines);
            put_above(h, said->patch_file, &lines);
            put_above(h, said->operations_file, &lines);
        }
    }
}

/* --- generated content -------------------------------------------------------------- */

static void add_content_commits(struct commits *commits, const struct known *known,
                                const char *object) {
    const char *name = name_in(&known->contents, object);
    size_t at = name != NULL ? first_change(known, name) : 0;
    for (; at > 0; at = known->next[at - 1]) {
        const struct sg_adopt_change *change = &known->adopted->changes.items[at - 1];
        if (is_of_content(change)) {
            add_commit(commits, change);
        }
    }
}

static void put_above_contents(struct history *h) {
    for (size_t i = 0; i < h->adopted->contents.len; i++) {
        const struct sg_adopt_content *content = &h->adopted->contents.items[i];
        struct commits commits = {0};
        sg_auto_buf lines = SG_BUF_INIT;
        for (size_t e = 0; e < h->len; e++) {
            add_content_commits(&commits, &h->envs[e], content->object);
        }
        add_lines(&commits, &lines);
        put_above(h, content->file, &lines);
    }
}

/* --- large texts ------------------------------------------------------------------ */

static void add_text_commits(struct commits *commits, const struct known *known,
                             const struct sg_adopt_text *text) {
    size_t at = first_change(known, text->changed);
    for (; at > 0; at = known->next[at - 1]) {
        const struct sg_adopt_change *change = &known->adopted->changes.items[at - 1];
        if (strcmp(change->path, text->path) == 0) {
            add_commit(commits, change);
        }
    }
}

/* Puts lines, as far in as the entry, above that of a file. */
static void put_above_entry(struct history *h, struct sg_adopt_file *file,
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
    replace_text(h, file, &text);
}

static void put_above_texts(struct history *h) {
    struct sg_adopt_file *file = find_file(h, "kustomization.yaml");
    for (size_t i = 0; i < h->adopted->texts.len && file != NULL; i++) {
        const struct sg_adopt_text *text = &h->adopted->texts.items[i];
        struct commits commits = {0};
        sg_auto_buf lines = SG_BUF_INIT;
        for (size_t e = 0; e < h->len && !text->shared; e++) {
            const struct sg_adopt_text *own = text_of(h->envs[e].adopted, text);
            if (own != NULL) {
                add_text_commits(&commits, &h->envs[e], own);
            }
        }
        add_lines(&commits, &lines);
        put_above_entry(h, file, text->file, &lines);
    }
}

/* --- all --------------------------------------------------------------------------- */

static void history_release(struct history *h) {
    for (size_t e = 0; e < h->len; e++) {
        known_release(&h->envs[e]);
    }
    free(h->envs);
    sg_strmap_release(&h->files);
}

void sg_adopt_history_patches(struct sg_adopted *adopted, const char *folder,
                              const struct sg_adopt_env *envs, size_t len) {
    struct history h SG_CLEANUP(history_release) = {
        .adopted = adopted,
        .folder = folder,
        .envs = sg_xcalloc(len, sizeof(*h.envs)),
        .len = len,
    };
    for (size_t e = 0; e < len; e++) {
        known_of(envs[e].adopted, &h.envs[e]);
    }
    for (size_t i = 0; i < adopted->files.len; i++) {
        struct sg_adopt_file *file = &adopted->files.items[i];
        sg_strmap_put(&h.files, file->path, strlen(file->path), file);
    }
    put_above_patches(&h);
    put_above_contents(&h);
    put_above_deletions(&h);
    put_above_texts(&h);
}
