/*
 * layout.c - the files of the overlay: the kustomization, one patch an object, one file
 * of deletions, and the customer's own objects as they are in the fork.
 */
#include "adopting.h"
#include "place.h"

struct layout {
    struct adopting *a;
    struct sg_strmap names; /* of files, taken */
    struct sg_strmap own;   /* files of the fork that go as they are */
    size_t pair;            /* position + 1 of the one that is laid out */
};

/* --- files ----------------------------------------------------------------------- */

static void put(struct adopting *a, const char *name, const char *text, size_t len) {
    put_file(a->out, a->opts->overlay, name, text, len);
}

/* A name that no file has yet: "patches/web.Deployment.yaml", "…-2.yaml"; with neither
 * `kind` nor `end` a folder's. */
static const char *fresh(struct layout *l, const char *folder, const char *name,
                         const char *kind, const char *end) {
    sg_auto_buf clean = SG_BUF_INIT;
    for (const char *p = name; *p != '\0'; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || strchr("._-", *p) != NULL;
        sg_buf_addc(&clean, plain ? *p : '-');
    }
    for (size_t n = 1;; n++) {
        sg_auto_buf path = SG_BUF_INIT;
        sg_buf_addf(&path, "%s/%s%s%s", folder, sg_buf_cstr(&clean),
                    kind[0] != '\0' ? "." : "", kind);
        if (n > 1) {
            sg_buf_addf(&path, "-%zu", n);
        }
        sg_buf_adds(&path, end);
        if (!sg_strmap_has(&l->names, sg_buf_cstr(&path), path.len)) {
            sg_strmap_put(&l->names, sg_buf_cstr(&path), path.len, l);
            return sg_arena_strndup(&l->a->out->arena, sg_buf_cstr(&path), path.len);
        }
    }
}

/* --- patches --------------------------------------------------------------------- */

/* A name as the regular expression that a target takes. */
static void add_pattern(const char *text, struct sg_buf *out) {
    for (const char *p = text; *p != '\0'; p++) {
        if (strchr(".+*?()[]{}|^$\\", *p) != NULL) {
            sg_buf_addc(out, '\\');
        }
        sg_buf_addc(out, *p);
    }
}

static void add_target(const char *field, const char *text, struct sg_buf *out) {
    sg_auto_buf pattern = SG_BUF_INIT, name = SG_BUF_INIT;
    add_pattern(text, &pattern);
    sg_buf_addf(&name, "    %s:", field);
    put_field(sg_buf_cstr(&name), sg_buf_cstr(&pattern), out);
}

/* What operations are for, as a patch's entry says it. */
static const char *target_text(struct layout *l, const struct sg_resid *id) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_adds(&text, "  target:\n");
    add_target("group", id->group->text, &text);
    add_target("version", id->version->text, &text);
    add_target("kind", id->kind->text, &text);
    add_target("name", id->name->text, &text);
    add_target("namespace", id->namespace->text, &text);
    return sg_arena_strndup(&l->a->out->arena, sg_buf_cstr(&text), text.len);
}

/* For the file of an entry that kustomize refuses: which pair it is for. */
static void note_file(struct layout *l, const char *file) {
    sg_strmap_put(&l->a->laid, file, strlen(file), (void *)(uintptr_t)l->pair); // NOLINT
}

/* The paths that operations change, for the list of changes. */
static void note_operated(struct layout *l, struct pair *pair,
                          const struct derived *derived) {
    auto_comparison left = {.paths = l->a->paths};
    compare_objects(&left, derived->between, sayable(pair));
    for (size_t i = 0; i < left.differences.len; i++) {
        const void *path = left.differences.items[i].path;
        sg_strmap_put(&pair->operated, (const char *)&path, sizeof(path), l);
    }
}

static const char *fresh_patch(struct layout *l, const struct sg_resid *id,
                               const char *end) {
    const char *name = fresh(l, "patches", id->name->text, id->kind->text, end);
    note_file(l, name);
    return name;
}

/* What names the object of a pair in patches. */
static struct sg_resid named_id(const struct layout *l, const struct pair *pair,
                                const struct sg_node *named) {
    struct sg_resid id = pair->id;
    id.name = sg_atom_of(l->a->docs->atoms,
                         field_text(sg_map_get(named, SG_ATOM(metadata)), SG_ATOM(name)));
    return id;
}

static void say_patch(struct layout *l, struct pair *pair) {
    const struct sg_node *named = patch_name(l->a, pair->base);
    const struct sg_node *from = start_of(pair);
    struct sg_resid id = named_id(l, pair, named);
    struct derived derived = {0};
    derive_patch(l->a->docs, named, from, sayable(pair), &derived);
    if (derived.patch == NULL && derived.ops == NULL) {
        return;
    }
    struct sg_adopt_said said = {
        .object = object_text(l->a, pair->base->node),
        .changed = object_text(l->a, pair->fork->node),
        .named = copy_unplaced(l->a->docs, named),
        .base = copy_unplaced(l->a->docs, from),
        .want = sayable(pair),
        .body = derived.body,
        .patch = derived.patch,
        .operations = derived.ops,
        .names = operation_names(l->a->docs, derived.between, derived.ops),
    };
    if (derived.patch != NULL) {
        said.patch_file = fresh_patch(l, &id, ".yaml");
    }
    if (derived.ops != NULL) {
        said.operations_file = fresh_patch(l, &id, ".operations.yaml");
        said.target = target_text(l, &id);
        note_operated(l, pair, &derived);
    }
    sg_vec_push(&l->a->out->said, said);
}

static void say_deletion(struct layout *l, const struct sg_resource *base) {
    struct sg_docs *docs = l->a->docs;
    struct sg_node *body = sg_map_new(docs), *doc = sg_map_new(docs);
    const struct sg_node *patch = patch_of(docs, patch_name(l->a, base), body);
    (void)sg_map_append(docs, doc, sg_atom_of(docs->atoms, "$patch"),
                        sg_str_new(docs, "delete"));
    for (uint32_t i = 0; i < patch->len; i++) {
        (void)sg_map_append(docs, doc, patch->entries[i].key, patch->entries[i].value);
    }
    struct sg_adopt_said said = {
        .object = object_text(l->a, base->node), .patch = doc, .deleted = true};
    sg_vec_push(&l->a->out->said, said);
}

/* --- the customer's own ---------------------------------------------------------- */

/* A file of nothing but whole objects of the customer's own goes as it is. */
struct own_file {
    size_t own, all; /* objects */
    bool unclean;    /* a key twice, or what cannot be read */
    bool left_out;   /* an object that is refused */
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
            file->own += pair->base == NULL && !pair->fork->made;
            file->left_out = file->left_out || pair->left_out;
        }
    }
    for (size_t i = 0; i < l->a->fork->objects.len; i++) {
        const struct sg_adopt_object *object = &l->a->fork->objects.items[i];
        own_file(l, object->file)->all += object->dropped;
    }
    for (size_t i = 0; i < l->a->fork->oddities.len; i++) {
        const struct sg_adopt_oddity *oddity = &l->a->fork->oddities.items[i];
        if (oddity_of_reading(oddity->kind) && oddity->file != NULL) {
            own_file(l, oddity->file)->unclean = true;
        }
    }
}

static void list_own(struct layout *l, const char *file) {
    note_file(l, file);
    put_file_entry(l->a->out, "resources", file);
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
    put(l->a, sg_buf_cstr(&name), sg_buf_cstr(&text), text.len);
    list_own(l, sg_arena_strdup(&l->a->out->arena, sg_buf_cstr(&name)));
    return 0;
}

static int lay_own(struct layout *l, const struct pair *pair, struct sg_err *err) {
    const struct own_file *file = own_file(l, pair->fork->file);
    if (file->own == file->all && !file->unclean && !file->left_out) {
        return lay_file(l, pair->fork->file, err);
    }
    const char *name = fresh(l, "resources", pair->fork->name, pair->fork->kind, ".yaml");
    sg_auto_buf text = SG_BUF_INIT;
    text_write(pair->fork->node, &l->a->comments, &text);
    put(l->a, name, sg_buf_cstr(&text), text.len);
    list_own(l, name);
    return 0;
}

static void release(struct layout *l) {
    sg_strmap_release(&l->names);
    sg_strmap_release(&l->own);
}

static void put_content(struct layout *l, const struct sg_node *node, const char *name,
                        const char *target) {
    sg_auto_buf text = SG_BUF_INIT, entry = SG_BUF_INIT;
    text_write(node, &l->a->comments, &text);
    put(l->a, name, sg_buf_cstr(&text), text.len);
    put_field("- path:", name, &entry);
    sg_buf_adds(&entry, target);
    put_entry(l->a->out, "contents", sg_buf_cstr(&entry), name);
}

static void lay_texts(struct layout *l, struct pair *pair) {
    struct sg_resid id = named_id(l, pair, patch_name(l->a, pair->base));
    const char *folder = fresh(l, "files", id.name->text, "", "");
    pair->content = take_texts(l->a, pair, &id, folder);
}

static void lay_content(struct layout *l, struct pair *pair) {
    const struct sg_node *named = patch_name(l->a, pair->base);
    const struct sg_node *from = start_of(pair);
    struct sg_resid id = named_id(l, pair, named);
    struct derived derived = {0};
    struct sg_node *content = generated_content(l->a, pair);
    derive_patch(l->a->docs, named, from, content, &derived);
    if (derived.patch != NULL) {
        put_content(l, derived.patch, fresh_patch(l, &id, ".yaml"), "");
    }
    if (derived.ops != NULL) { /* no list of a ConfigMap has elements with names */
        put_content(l, derived.ops, fresh_patch(l, &id, ".operations.yaml"),
                    target_text(l, &id));
    }
    pair->content = content;
}

void layout_contents(struct adopting *a) {
    struct layout l SG_CLEANUP(release) = {.a = a};
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        pair->content = NULL;
        if (pair->base == NULL || pair->fork == NULL || pair->left_out) {
            continue;
        }
        l.pair = i + 1;
        if (has_texts(pair)) {
            lay_texts(&l, pair);
        }
        if (sg_resource_hash(pair->base) > 0) {
            lay_content(&l, pair);
        }
    }
    put_texts(a->out, a->opts->overlay);
}

/* The files that are there already. */
static void take_names(struct layout *l) {
    size_t folder = strlen(l->a->opts->overlay) + 1;
    for (size_t i = 0; i < l->a->shared_files; i++) {
        const char *name = l->a->out->files.items[i].path + folder;
        sg_strmap_put(&l->names, name, strlen(name), l);
    }
}

int layout_overlay(struct adopting *a, struct sg_err *err) {
    struct layout l SG_CLEANUP(release) = {.a = a};
    take_names(&l);
    count_files(&l);
    layout_replicas(a);
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        l.pair = i + 1;
        sg_strmap_release(&pair->operated);
        if (pair->left_out) {
            continue;
        }
        if (pair->base == NULL) {
            if (lay_own(&l, pair, err) != 0) {
                return -1;
            }
        } else if (pair->want != NULL) {
            say_patch(&l, pair);
        } else if (pair->fork == NULL && !pair->unread) {
            say_deletion(&l, pair->base);
        }
    }
    put_patches(a->out, a->opts->overlay, &a->comments);
    return 0;
}
