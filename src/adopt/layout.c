/*
 * layout.c - the files of the overlay: the kustomization, one patch an object, one file
 * of deletions, and the customer's own objects as they are in the fork.
 */
#include "adopting.h"
#include "sg/path.h"

struct layout {
    struct adopting *a;
    struct sg_strmap names; /* of files, taken */
    struct sg_strmap own;   /* files of the fork that go as they are */
    struct sg_buf resources, patches, deletions;
};

/* --- files ----------------------------------------------------------------------------
 */

static void put(struct layout *l, const char *name, const char *text, size_t len) {
    struct sg_arena *arena = &l->a->out->arena;
    struct sg_adopt_file file = {
        .path = sg_arena_printf(arena, "%s/%s", l->a->opts->overlay, name),
        .text = sg_arena_strndup(arena, text, len),
        .len = len,
    };
    sg_vec_push(&l->a->out->files, file);
}

/* A name that no file has yet: "patches/web.Deployment.yaml", "…-2.yaml". */
static const char *fresh(struct layout *l, const char *folder, const char *name,
                         const char *kind, const char *suffix) {
    sg_auto_buf clean = SG_BUF_INIT;
    for (const char *p = name; *p != '\0'; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || strchr("._-", *p) != NULL;
        sg_buf_addc(&clean, plain ? *p : '-');
    }
    for (size_t n = 1;; n++) {
        sg_auto_buf path = SG_BUF_INIT;
        sg_buf_addf(&path, "%s/%s.%s", folder, sg_buf_cstr(&clean), kind);
        if (n > 1) {
            sg_buf_addf(&path, "-%zu", n);
        }
        sg_buf_addf(&path, "%s.yaml", suffix);
        if (!sg_strmap_has(&l->names, sg_buf_cstr(&path), path.len)) {
            sg_strmap_put(&l->names, sg_buf_cstr(&path), path.len, l);
            return sg_arena_strndup(&l->a->out->arena, sg_buf_cstr(&path), path.len);
        }
    }
}

/* --- patches --------------------------------------------------------------------------
 */

/* A name as the regular expression that a target takes. */
static void add_pattern(const char *text, struct sg_buf *out) {
    for (const char *p = text; *p != '\0'; p++) {
        if (strchr(".+*?()[]{}|^$\\", *p) != NULL) {
            sg_buf_addc(out, '\\');
        }
        sg_buf_addc(out, *p);
    }
}

static void add_target(struct layout *l, const char *field, const char *text) {
    if (text[0] != '\0') {
        sg_auto_buf pattern = SG_BUF_INIT;
        add_pattern(text, &pattern);
        sg_buf_addf(&l->patches, "    %s: ", field);
        text_scalar(sg_str_new(l->a->docs, sg_buf_cstr(&pattern)), &l->patches);
        sg_buf_addc(&l->patches, '\n');
    }
}

static void list_operations(struct layout *l, const struct sg_resid *id,
                            const char *name) {
    sg_buf_addf(&l->patches, "- path: %s\n  target:\n", name);
    add_target(l, "group", id->group->text);
    add_target(l, "version", id->version->text);
    add_target(l, "kind", id->kind->text);
    add_target(l, "name", id->name->text);
    add_target(l, "namespace", id->namespace->text);
}

static void lay_patch(struct layout *l, const struct pair *pair) {
    const struct sg_resid *id = &pair->base->orig;
    struct derived derived = {0};
    derive_patch(l->a->docs, pair->base->node, pair->want, &derived);
    if (derived.patch != NULL) {
        const char *name = fresh(l, "patches", id->name->text, id->kind->text, "");
        sg_auto_buf text = SG_BUF_INIT;
        text_write(derived.patch, &l->a->comments, &text);
        put(l, name, sg_buf_cstr(&text), text.len);
        sg_buf_addf(&l->patches, "- path: %s\n", name);
    }
    if (derived.ops != NULL) {
        const char *name =
            fresh(l, "patches", id->name->text, id->kind->text, ".operations");
        sg_auto_buf text = SG_BUF_INIT;
        text_write(derived.ops, &l->a->comments, &text);
        put(l, name, sg_buf_cstr(&text), text.len);
        list_operations(l, id, name);
    }
}

static void lay_deletion(struct layout *l, const struct sg_resource *base) {
    struct sg_docs *docs = l->a->docs;
    struct sg_node *doc = sg_map_new(docs), *metadata = sg_map_new(docs);
    static const sg_atom names[] = {SG_ATOM(name), SG_ATOM(namespace)};
    (void)sg_map_append(docs, doc, sg_atom_of(docs->atoms, "$patch"),
                        sg_str_new(docs, "delete"));
    (void)sg_map_append(docs, doc, SG_ATOM(apiVersion),
                        sg_map_get(base->node, SG_ATOM(apiVersion)));
    (void)sg_map_append(docs, doc, SG_ATOM(kind), sg_map_get(base->node, SG_ATOM(kind)));
    (void)sg_map_append(docs, doc, SG_ATOM(metadata), metadata);
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        struct sg_node *value =
            sg_map_get(sg_map_get(base->node, SG_ATOM(metadata)), names[i]);
        if (value != NULL) {
            (void)sg_map_append(docs, metadata, names[i], value);
        }
    }
    sg_buf_adds(&l->deletions, l->deletions.len > 0 ? "---\n" : "");
    text_write(doc, NULL, &l->deletions);
}

/* --- the customer's own ---------------------------------------------------------------
 */

/* A file of nothing but whole objects of the customer's own goes as it is. */
struct own_file {
    size_t own, all; /* objects */
    bool unclean;    /* a key twice, or what cannot be read */
};

static struct own_file *own_file(struct layout *l, const char *path) {
    struct own_file *file = sg_strmap_get(&l->own, path, strlen(path));
    if (file == NULL) {
        file = sg_arena_alloc(&l->a->out->arena, sizeof(*file));
        sg_strmap_put(&l->own, path, strlen(path), file);
    }
    return file;
}

static void count_files(struct layout *l) {
    for (size_t i = 0; i < l->a->pairs.len; i++) {
        const struct pair *pair = &l->a->pairs.items[i];
        if (pair->fork != NULL) {
            struct own_file *file = own_file(l, pair->fork->file);
            file->all++;
            file->own += pair->base == NULL;
        }
    }
    for (size_t i = 0; i < l->a->fork->oddities.len; i++) {
        const struct sg_adopt_oddity *oddity = &l->a->fork->oddities.items[i];
        if (oddity->kind <= SG_ODD_CONFLICT && oddity->file != NULL) {
            own_file(l, oddity->file)->unclean = true;
        }
    }
}

static int lay_file(struct layout *l, const char *path, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT, from = SG_BUF_INIT, name = SG_BUF_INIT;
    sg_buf_addf(&name, "resources/%s", path);
    if (sg_strmap_has(&l->names, sg_buf_cstr(&name), name.len)) {
        return 0;
    }
    sg_strmap_put(&l->names, sg_buf_cstr(&name), name.len, l);
    sg_buf_addf(&from, "%s%s%s", l->a->opts->dir, l->a->opts->dir[0] != '\0' ? "/" : "",
                path);
    if (sg_fs_read(l->a->opts->fork, sg_buf_cstr(&from), &text, err) != 0) {
        return -1;
    }
    put(l, sg_buf_cstr(&name), sg_buf_cstr(&text), text.len);
    sg_buf_adds(&l->resources, "- ");
    text_scalar(sg_str_new(l->a->docs, sg_buf_cstr(&name)), &l->resources);
    sg_buf_addc(&l->resources, '\n');
    return 0;
}

static int lay_own(struct layout *l, const struct pair *pair, struct sg_err *err) {
    const struct own_file *file = own_file(l, pair->fork->file);
    if (file->own == file->all && !file->unclean) {
        return lay_file(l, pair->fork->file, err);
    }
    const char *name = fresh(l, "resources", pair->fork->name, pair->fork->kind, "");
    sg_auto_buf text = SG_BUF_INIT;
    text_write(pair->fork->node, &l->a->comments, &text);
    put(l, name, sg_buf_cstr(&text), text.len);
    sg_buf_addf(&l->resources, "- %s\n", name);
    return 0;
}

/* --- the kustomization
 * ------------------------------------------------------------------ */

static void add_field(struct sg_docs *docs, const char *field, const char *text,
                      struct sg_buf *out) {
    if (text != NULL) {
        sg_buf_addf(out, "%s: ", field);
        text_scalar(sg_str_new(docs, text), out);
        sg_buf_addc(out, '\n');
    }
}

static void add_labels(const struct adopting *a, struct sg_buf *out) {
    const struct shared *shared = &a->shared;
    if (shared->labels.len == 0) {
        return;
    }
    struct sg_node *pairs = sg_map_new(a->docs);
    for (size_t i = 0; i < shared->labels.len; i++) {
        (void)sg_map_append(a->docs, pairs, shared->labels.items[i].key,
                            shared->labels.items[i].value);
    }
    struct sg_node *entry = sg_map_new(a->docs), *list = sg_seq_new(a->docs);
    if (shared->in_templates) {
        (void)sg_map_append(
            a->docs, entry, sg_atom_of(a->docs->atoms, "includeTemplates"),
            sg_scalar_new(a->docs, "true", strlen("true"), SG_TAG_BOOL, SG_PLAIN));
    }
    (void)sg_map_append(a->docs, entry, sg_atom_of(a->docs->atoms, "pairs"), pairs);
    sg_seq_push(a->docs, list, entry);
    sg_buf_adds(out, "labels:\n");
    text_write(list, NULL, out);
}

static void add_images(const struct adopting *a, struct sg_buf *out) {
    for (size_t i = 0; i < a->shared.images.len; i++) {
        const struct image_change *change = &a->shared.images.items[i];
        sg_buf_adds(out, i == 0 ? "images:\n" : "");
        add_field(a->docs, "- name", change->name, out);
        add_field(a->docs, "  newName", change->to, out);
        add_field(a->docs, "  newTag", change->tag, out);
        add_field(a->docs, "  digest", change->digest, out);
    }
}

static void add_replicas(const struct adopting *a, struct sg_buf *out) {
    for (size_t i = 0; i < a->shared.replicas.len; i++) {
        const struct replica_change *change = &a->shared.replicas.items[i];
        sg_buf_adds(out, i == 0 ? "replicas:\n" : "");
        add_field(a->docs, "- name", change->name, out);
        sg_buf_addf(out, "  count: %s\n", change->count);
    }
}

static void add_head(const struct adopting *a, struct sg_buf *out) {
    if (a->opts->made_of != NULL) {
        sg_buf_addf(out,
                    "# What is changed about upstream's manifests: made by sgupgrade "
                    "adopt of %s.\n",
                    a->opts->made_of);
    }
    sg_buf_adds(out, "apiVersion: kustomize.config.k8s.io/v1beta1\n"
                     "kind: Kustomization\n");
    add_field(a->docs, "namespace", a->shared.namespace, out);
    sg_auto_buf base = SG_BUF_INIT;
    sg_path_relative(a->opts->overlay, a->opts->base, &base);
    sg_buf_adds(out, "resources:\n");
    sg_buf_addf(out, "- %s\n", sg_buf_cstr(&base));
}

void layout_transformers(const struct adopting *a, struct sg_buf *out) {
    add_head(a, out);
    add_labels(a, out);
    add_images(a, out);
}

static void release(struct layout *l) {
    sg_strmap_release(&l->names);
    sg_strmap_release(&l->own);
    sg_buf_release(&l->resources);
    sg_buf_release(&l->patches);
    sg_buf_release(&l->deletions);
}

static void lay_kustomization(struct layout *l) {
    sg_auto_buf text = SG_BUF_INIT;
    add_head(l->a, &text);
    sg_buf_adds(&text, sg_buf_cstr(&l->resources));
    add_labels(l->a, &text);
    add_images(l->a, &text);
    add_replicas(l->a, &text);
    if (l->deletions.len > 0) {
        put(l, "patches/deletions.yaml", sg_buf_cstr(&l->deletions), l->deletions.len);
    }
    if (l->patches.len > 0 || l->deletions.len > 0) {
        sg_buf_addf(&text, "patches:\n%s%s", sg_buf_cstr(&l->patches),
                    l->deletions.len > 0 ? "- path: patches/deletions.yaml\n" : "");
    }
    put(l, "kustomization.yaml", sg_buf_cstr(&text), text.len);
}

int layout_overlay(struct adopting *a, struct sg_err *err) {
    struct layout l SG_CLEANUP(release) = {.a = a};
    count_files(&l);
    for (size_t i = 0; i < a->pairs.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        if (pair->base == NULL) {
            if (lay_own(&l, pair, err) != 0) {
                return -1;
            }
        } else if (pair->want != NULL) {
            lay_patch(&l, pair);
        } else if (pair->fork == NULL && !pair->unread) {
            lay_deletion(&l, pair->base);
        }
    }
    lay_kustomization(&l);
    return 0;
}
