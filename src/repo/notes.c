/*
 * notes.c - upstream's manual steps: where its migration notes are.
 */
#include <string.h>

#include "project.h"

void notes_release(struct notes *notes) {
    sg_vec_release(&notes->items);
    sg_arena_release(&notes->arena);
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

static const char *fill_template(struct notes *out, const char *template,
                                 const char *version) {
    const char *hole = strstr(template, "{version}");
    return hole == NULL ? sg_arena_strdup(&out->arena, template)
                        : sg_arena_printf(&out->arena, "%.*s%s%s", (int)(hole - template),
                                          template, version, hole + strlen("{version}"));
}

static void add_note(struct notes *out, const char *version, const char *text) {
    struct sg_plan_note note = {
        .title = sg_arena_printf(&out->arena, "Notes on %s", version),
        .text = sg_arena_strdup(&out->arena, text),
    };
    sg_vec_push(&out->items, note);
}

/* A page for a browser is for people: the note is its address. */
static bool is_page(const struct sg_buf *text) {
    const char *at = sg_buf_cstr(text);
    at += strspn(at, " \t\r\n");
    return *at == '<' && strncmp(at, "<!--", 4) != 0;
}

/* The text behind a URL that has the version in it is all about that version. */
static void add_fetched(struct notes *out, const char *template, const char *version,
                        const struct sg_buf *text, const struct sg_version *from,
                        const struct sg_version *to) {
    if (is_page(text)) {
        add_note(out, version, out->where);
        return;
    }
    notes_parse(sg_buf_cstr(text), text->len, from, to, out);
    bool blank = strspn(sg_buf_cstr(text), " \t\r\n") == text->len;
    if (out->items.len == 0 && !blank && strstr(template, "{version}") != NULL) {
        add_note(out, version, sg_buf_cstr(text));
    }
}

/*
 * Notes on the web. That the server has none is no error; where it cannot be asked the
 * note is the address, for it is not known that nothing is to be done.
 */
static void read_web(struct sg_repo *repo, const char *template, const char *version,
                     const struct sg_version *from, const struct sg_version *to,
                     struct notes *out) {
    const struct sg_remote *remote = repo_remote(repo);
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err why = {0};
    out->where = fill_template(out, template, version);
    if (remote->get(remote->ctx, out->where, &text, &why) == 0) {
        add_fetched(out, template, version, &text, from, to);
    } else if (repo->opts.offline || why.code != SG_E_NOTFOUND) {
        add_note(out, version, out->where);
    }
}

/* The file in upstream's tree at the target's tag, else in the project. */
static int read_file(struct sg_repo *repo, const struct base *base, const char *path,
                     struct notes *out, struct sg_buf *text, struct sg_err *err) {
    struct sg_upstream *up = repo_upstream(repo, err);
    if (up == NULL) {
        return -1;
    }
    sg_auto_fs tree = sg_upstream_tree(up, base->release.id, "", NULL, err);
    bool found;
    if (tree == NULL || read_if_there(tree, path, text, &found, err) != 0) {
        return -1;
    }
    const char *tag = base->release.tag[0] != '\0' ? base->release.tag : base->version;
    if (found) {
        out->where = sg_arena_printf(&out->arena, "%s of %s", path, tag);
        return 0;
    }
    out->where = sg_arena_strdup(&out->arena, path);
    return read_if_there(repo->disk, path, text, &found, err);
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
        read_web(repo, where, base->version, from, to, out);
    } else {
        sg_auto_buf text = SG_BUF_INIT;
        if (read_file(repo, base, where, out, &text, err) != 0) {
            return -1;
        }
        notes_parse(sg_buf_cstr(&text), text.len, from, to, out);
    }
    for (size_t i = 0; i < out->items.len; i++) {
        out->items.items[i].where = out->where;
    }
    return 0;
}

void notes_once(struct notes *notes, struct sg_strmap *said) {
    size_t kept = 0;
    for (size_t i = 0; i < notes->items.len; i++) {
        struct sg_plan_note note = notes->items.items[i];
        size_t len = strlen(note.title);
        if (!sg_strmap_has(said, note.title, len)) {
            (void)sg_strmap_put(said, note.title, len, said);
            notes->items.items[kept++] = note;
        }
    }
    notes->items.len = kept;
}
