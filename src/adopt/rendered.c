/*
 * rendered.c - a fork whose folder has a kustomization of its own: it holds what that one
 * renders to, not what the files say. Objects that come out as they stand in a file keep
 * their places there.
 */
#include "adopting.h"
#include "meaning.h"
#include "names.h"
#include "place.h"
#include "sg/sort.h"
#include "used.h"

/* File, kind, namespace and name ("" where absent): what a rendered object has from its
 * file. */
static void add_key(const char *file, const char *kind, const char *namespace,
                    const char *name, struct sg_buf *out) {
    sg_buf_addf(out, "%s\n%s\n%s\n%s", file, kind, namespace, name);
}

static void index_read(const struct all_read *all, struct sg_strmap *out) {
    for (size_t i = 0; i < all->items.len; i++) {
        struct sg_adopt_object *object = &all->items.items[i];
        sg_auto_buf key = SG_BUF_INIT;
        add_key(object->file, object->kind, object->namespace, object->name, &key);
        sg_strmap_put(out, sg_buf_cstr(&key), key.len, object);
    }
}

static const struct sg_adopt_object *
find_read(const struct sg_strmap *index, const struct sg_resource *res, const char *dir) {
    size_t prefix = dir[0] != '\0' ? strlen(dir) + 1 : 0;
    if (res->file == NULL || strlen(res->file) <= prefix) {
        return NULL;
    }
    sg_auto_buf key = SG_BUF_INIT;
    add_key(res->file + prefix, res->orig.kind->text, res->orig.namespace->text,
            res->orig.name->text, &key);
    return sg_strmap_get(index, sg_buf_cstr(&key), key.len);
}

/* --- places ---------------------------------------------------------------------------
 */

static struct sg_node *placed(struct sg_docs *docs, const struct spot *at,
                              const struct sg_node *made, struct sg_node *read);

static struct sg_node *placed_map(struct sg_docs *docs, const struct spot *at,
                                  const struct sg_node *made, struct sg_node *read) {
    struct sg_node *out = sg_map_new(docs);
    for (uint32_t i = 0; i < made->len; i++) {
        const struct sg_entry *entry = &made->entries[i];
        const struct sg_entry *was = sg_map_find(read, entry->key);
        struct spot below = spot_key(at, NULL, entry->key);
        struct sg_node *value =
            placed(docs, &below, entry->value, was == NULL ? NULL : was->value);
        sg_map_append(docs, out, entry->key, value)->key_loc =
            was == NULL ? 0 : was->key_loc;
    }
    return out;
}

static struct sg_node *placed_list(struct sg_docs *docs, const struct spot *at,
                                   const struct sg_node *made, struct sg_node *read) {
    struct sg_node *out = sg_seq_new(docs);
    struct spot item = spot_item(at, NULL, made, 0);
    auto_alignment alignment = {0};
    align_lists(&alignment, at, read, made);
    for (size_t i = 0; i < alignment.steps.len; i++) {
        const struct align_step *step = &alignment.steps.items[i];
        if (step->op != ALIGN_REMOVE) {
            struct sg_node *was = step->op == ALIGN_ADD ? NULL : read->items[step->a];
            sg_seq_push(docs, out, placed(docs, &item, made->items[step->b], was));
        }
    }
    return out;
}

/* What the kustomization made, with the places of what was read wherever it is that. */
static struct sg_node *placed(struct sg_docs *docs, const struct spot *at,
                              const struct sg_node *made, struct sg_node *read) {
    if (read == NULL || read->kind != made->kind) {
        return copy_unplaced(docs, made);
    }
    if (values_equal(at, made, read)) {
        return read;
    }
    struct sg_node *out = sg_is_map(made)   ? placed_map(docs, at, made, read)
                          : sg_is_seq(made) ? placed_list(docs, at, made, read)
                                            : copy_unplaced(docs, made);
    out->loc = read->loc;
    return out;
}

/* --- objects --------------------------------------------------------------------------
 */

static struct sg_adopt_object object_of(struct sg_adopt_fork *fork,
                                        const struct sg_resource *res,
                                        const struct sg_adopt_object *read) {
    struct sg_adopt_object object = {.file = "kustomization.yaml"};
    if (read != NULL) {
        object = *read;
    }
    say_plainly(&fork->docs, res->node);
    struct spot root = spot_root(res->node);
    object.node = placed(&fork->docs, &root, res->node, read == NULL ? NULL : read->node);
    object.made = read == NULL || object.node != read->node;
    const struct sg_node *metadata = sg_map_get(object.node, SG_ATOM(metadata));
    object.api_version = field_text(object.node, SG_ATOM(apiVersion));
    object.kind = field_text(object.node, SG_ATOM(kind));
    object.namespace = field_text(metadata, SG_ATOM(namespace));
    object.name = field_text(metadata, SG_ATOM(name));
    return object;
}

/* In the order of files and documents, as they are read. */
static bool comes_before(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_adopt_object *x = a, *y = b;
    int order = file_order(x->file, y->file);
    return order != 0 ? order < 0 : x->document < y->document;
}

static void find_all(const struct sg_adopt_fork *fork, struct all_read *out) {
    for (size_t i = 0; i < fork->shadowed.len; i++) {
        sg_vec_push(&out->items, fork->shadowed.items[i]);
    }
    for (size_t i = 0; i < fork->objects.len; i++) {
        sg_vec_push(&out->items, fork->objects.items[i]);
    }
    sg_sort(out->items.items, out->items.len, sizeof(*out->items.items), comes_before,
            NULL);
}

static int render(const struct sg_adopt_fork *fork, const struct all_read *all,
                  const struct sg_fs *fs, struct used *used, struct sg_render *out,
                  struct sg_err *err) {
    sg_auto_fs view = used_view(fork, all, fs, used);
    sg_auto_fs record = sg_fs_record(view, used_note, used);
    sg_auto_buf text = SG_BUF_INIT; /* what cannot be written kustomize does not build */
    struct sg_render_opts opts = {.fs = record, .dir = used->dir};
    return sg_render(&opts, out, err) != 0 ? -1 : sg_render_write(out, &text, err);
}

/* The fork's objects become those of the render. */
static void take_render(struct sg_adopt_fork *fork, const struct all_read *all,
                        const struct sg_render *made, const char *dir) {
    sg_auto_strmap index = {0};
    index_read(all, &index);
    fork->objects.len = 0;
    for (size_t i = 0; i < made->items.len; i++) {
        const struct sg_resource *res = made->items.items[i];
        struct sg_adopt_object object = object_of(fork, res, find_read(&index, res, dir));
        sg_vec_push(&fork->objects, object);
    }
    sg_sort(fork->objects.items, fork->objects.len, sizeof(*fork->objects.items),
            comes_before, NULL);
}

static int refuse(const struct sg_err *failed, struct sg_err *err) {
    *err = *failed;
    (void)sg_err_wrap(err, "the fork's kustomization");
    return sg_err_hint(err, "mend it, or remove it from the fork where it is not what "
                            "the cluster gets");
}

int sg_adopt_fork_render(struct sg_adopt_fork *fork, const struct sg_fs *fs,
                         const char *dir, struct sg_err *err) {
    sg_auto_buf path = SG_BUF_INIT;
    if (!find_kustomization(fs, dir, &path)) {
        return 0;
    }
    auto_used used = {.dir = dir};
    struct all_read all = {0};
    sg_auto_render made;
    sg_render_init(&made, fork->docs.atoms);
    struct sg_err failed = {0};
    find_all(fork, &all);
    int status = render(fork, &all, fs, &used, &made, &failed);
    if (status == 0) {
        take_render(fork, &all, &made, dir);
        used_tell(&used, &made, fork);
    }
    sg_vec_release(&all.items);
    /* what is broken is told: as the files say */
    return status == 0 || fork->broken ? 0 : refuse(&failed, err);
}
