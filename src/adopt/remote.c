/*
 * remote.c - an overlay whose base is upstream's by URL ("repository//base?ref=v1"): what
 * the URL names is vendored, and the overlay's files come along with that one entry
 * written anew.
 */
#include "adopting.h"
#include "names.h"
#include "sg/path.h"
#include "sg/remote_url.h"

static const char *const lists[] = {"resources", "bases"};

void sg_adopt_remote_release(struct sg_adopt_remote *remote) {
    free(remote->file);
    free(remote->repo);
    free(remote->path);
    free(remote->ref);
    *remote = (struct sg_adopt_remote){0};
}

/* A kustomization of the fork's root, read with its places. */
struct reading {
    struct sg_docs docs;
    struct sg_yaml_docs yaml;
    struct sg_buf text;
};

static void reading_release(struct reading *r) {
    sg_yaml_docs_release(&r->yaml);
    sg_docs_release(&r->docs);
    sg_buf_release(&r->text);
}

static int read_text(struct reading *r, const struct sg_fs *fs, const char *file,
                     struct sg_atoms *atoms, struct sg_err *err) {
    const struct sg_yaml_opts opts = {.edit = true, .yaml11 = true};
    sg_docs_init(&r->docs, atoms);
    return sg_fs_read(fs, file, &r->text, err) != 0
               ? -1
               : sg_yaml_read(&r->docs, file, sg_buf_cstr(&r->text), r->text.len, &opts,
                              &r->yaml, err);
}

static const struct sg_node *root_of(const struct reading *r) {
    return r->yaml.roots.len > 0 ? r->yaml.roots.items[0] : NULL;
}

static bool same_url(const struct sg_adopt_remote *a, const struct sg_remote_url *b) {
    return strcmp(a->repo, b->repo) == 0 && strcmp(a->path, b->path) == 0 &&
           strcmp(a->ref, b->ref) == 0;
}

int sg_adopt_remote_find(const struct sg_fs *fork, struct sg_adopt_remote *out,
                         struct sg_err *err) {
    sg_auto_buf file = SG_BUF_INIT;
    if (!find_kustomization(fork, "", &file)) {
        return 0;
    }
    struct sg_atoms *atoms = sg_atoms_new();
    struct reading r SG_CLEANUP(reading_release) = {0};
    int status = read_text(&r, fork, sg_buf_cstr(&file), atoms, err);
    for (size_t l = 0; status == 0 && l < SG_ARRAY_LEN(lists); l++) {
        const struct sg_node *list = sg_map_gets(root_of(&r), lists[l]);
        for (uint32_t i = 0; out->file == NULL && sg_is_seq(list) && i < list->len; i++) {
            struct sg_remote_url url = {0};
            const char *text = sg_text(list->items[i]);
            if (text != NULL && sg_remote_url_parse(text, &url)) {
                *out = (struct sg_adopt_remote){
                    sg_xstrdup(sg_buf_cstr(&file)), sg_xstrdup(url.repo),
                    sg_xstrdup(url.path), sg_xstrdup(url.ref)};
            }
            sg_remote_url_release(&url);
        }
    }
    reading_release(&r);
    r = (struct reading){0};
    sg_atoms_free(atoms);
    return status;
}

/* --- the overlay ----------------------------------------------------------------------
 */

/* The kustomization with every entry of that URL as the path of the vendored base. */
static int rewrite(const struct sg_adopt_opts *opts, const struct sg_adopt_remote *remote,
                   struct sg_atoms *atoms, struct sg_buf *out, struct sg_err *err) {
    struct reading r SG_CLEANUP(reading_release) = {0};
    if (read_text(&r, opts->fork, remote->file, atoms, err) != 0) {
        return -1;
    }
    sg_auto_buf base = SG_BUF_INIT;
    sg_path_relative(opts->overlay, opts->base, &base);
    struct sg_splices splices = {0};
    bool done = true;
    for (size_t l = 0; l < SG_ARRAY_LEN(lists); l++) {
        const struct sg_node *list = sg_map_gets(root_of(&r), lists[l]);
        for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
            struct sg_remote_url url = {0};
            const char *text = sg_text(list->items[i]);
            if (text != NULL && sg_remote_url_parse(text, &url) &&
                same_url(remote, &url)) {
                done = done &&
                       sg_yaml_replace_scalar(&r.docs, list->items[i], sg_buf_cstr(&base),
                                              base.len, &splices);
            }
            sg_remote_url_release(&url);
        }
    }
    sg_splices_apply(&splices, (struct sg_str){sg_buf_cstr(&r.text), r.text.len}, out);
    sg_splices_release(&splices);
    return done ? 0
                : sg_fail(err, SG_E_INPUT,
                          "%s: the entry of %s cannot be written anew: it is an alias",
                          remote->file, remote->repo);
}

/* Every file of the folder, but what git keeps for itself. */
static int copy_files(const struct sg_adopt_opts *opts,
                      const struct sg_adopt_remote *remote, struct sg_atoms *atoms,
                      struct sg_adopted *out, struct sg_err *err) {
    sg_auto_fs_list files = {0};
    if (sg_fs_walk(opts->fork, "", &files, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < files.entries.len; i++) {
        const char *name = files.entries.items[i].name;
        sg_auto_buf text = SG_BUF_INIT;
        if (strncmp(name, ".git/", strlen(".git/")) == 0) {
            continue;
        }
        int status = strcmp(name, remote->file) == 0
                         ? rewrite(opts, remote, atoms, &text, err)
                         : sg_fs_read(opts->fork, name, &text, err);
        if (status != 0) {
            return -1;
        }
        put_file(out, opts->overlay, name, sg_buf_cstr(&text), text.len);
    }
    return 0;
}

/* The objects that the fork renders to, to be compared with. */
static void take_objects(struct sg_adopt_fork *fork, const struct sg_render *render) {
    for (size_t i = 0; i < render->items.len; i++) {
        const struct sg_node *node = render->items.items[i]->node;
        struct sg_adopt_object object = {
            .api_version = "",
            .kind = "",
            .namespace = "",
            .name = "",
            .node = sg_node_clone(&fork->docs, node),
            .file = "",
        };
        sg_vec_push(&fork->objects, object);
    }
}

int sg_adopt_remote_overlay(struct sg_adopt_fork *fork, const struct sg_adopt_opts *opts,
                            const struct sg_adopt_remote *from,
                            const struct sg_remote *remote, struct sg_adopted *out,
                            struct sg_err *err) {
    struct sg_atoms *atoms = fork->docs.atoms;
    sg_auto_render before;
    sg_render_init(&before, atoms);
    struct sg_render_opts render = {.fs = opts->fork, .dir = "", .remote = remote};
    if (sg_render(&render, &before, err) != 0 ||
        copy_files(opts, from, atoms, out, err) != 0) {
        return -1;
    }
    take_objects(fork, &before);
    struct adopting a = {.fork = fork, .opts = opts, .docs = &fork->docs, .out = out};
    a.paths = sg_fieldpaths_new(atoms);
    sg_auto_fs view = sg_fs_over(opts->project);
    for (size_t i = 0; i < out->files.len; i++) {
        const struct sg_adopt_file *file = &out->files.items[i];
        sg_fs_over_put(view, file->path, file->text, file->len);
    }
    int status = prove_view(&a, view, err);
    sg_fieldpaths_free(a.paths);
    return status;
}
