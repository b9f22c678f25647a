/*
 * rendered.c - a fork whose folder has a kustomization of its own: it holds what that one
 * renders to, not what the files say. Objects that come out as they stand in a file keep
 * their places there.
 */
#include "adopting.h"
#include "place.h"
#include "sg/path.h"

static bool has_kustomization(const struct sg_fs *fs, const char *dir,
                              struct sg_buf *path) {
    static const char *const names[] = {"kustomization.yaml", "kustomization.yml",
                                        "Kustomization"};
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        enum sg_fs_type type;
        struct sg_err ignored = {0};
        sg_buf_clear(path);
        sg_buf_addf(path, "%s%s%s", dir, dir[0] != '\0' ? "/" : "", names[i]);
        if (sg_fs_stat(fs, sg_buf_cstr(path), &type, NULL, &ignored) == 0 &&
            type == SG_FS_FILE) {
            return true;
        }
    }
    return false;
}

/* File, kind and name: what a rendered object has from its file. */
static void add_key(const char *file, const char *kind, const char *name,
                    struct sg_buf *out) {
    sg_buf_addf(out, "%s\n%s\n%s", file, kind, name);
}

static void index_read(const struct sg_adopt_fork *fork, struct sg_strmap *out) {
    for (size_t i = 0; i < fork->objects.len; i++) {
        struct sg_adopt_object *object = &fork->objects.items[i];
        sg_auto_buf key = SG_BUF_INIT;
        add_key(object->file, object->kind, object->name, &key);
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
    add_key(res->file + prefix, res->orig.kind->text, res->orig.name->text, &key);
    return sg_strmap_get(index, sg_buf_cstr(&key), key.len);
}

/* A node of the render has its place in no file of the fork. */
static void forget_places(struct sg_node *node) {
    node->loc = 0;
    for (uint32_t i = 0; !sg_is_scalar(node) && i < node->len; i++) {
        if (sg_is_map(node)) {
            node->entries[i].key_loc = 0;
        }
        forget_places(sg_is_map(node) ? node->entries[i].value : node->items[i]);
    }
}

static struct sg_adopt_object object_of(struct sg_adopt_fork *fork,
                                        const struct sg_resource *res,
                                        const struct sg_adopt_object *read) {
    struct sg_adopt_object object = {.file = "kustomization.yaml"};
    if (read != NULL) {
        object = *read;
    }
    auto_comparison comparison = {0};
    compare_objects(&comparison, res->node, read == NULL ? NULL : read->node);
    if (read == NULL || comparison.differences.len > 0) {
        object.node = sg_node_clone(&fork->docs, res->node);
        forget_places(object.node);
        object.node->loc = read == NULL ? 0 : read->node->loc;
        object.made = true;
    }
    const struct sg_node *metadata = sg_map_get(object.node, SG_ATOM(metadata));
    object.api_version = field_text(object.node, SG_ATOM(apiVersion));
    object.kind = field_text(object.node, SG_ATOM(kind));
    object.namespace = field_text(metadata, SG_ATOM(namespace));
    object.name = field_text(metadata, SG_ATOM(name));
    return object;
}

static void drop_other(struct sg_adopt_fork *fork, const char *name) {
    size_t left = 0;
    for (size_t i = 0; i < fork->others.len; i++) {
        if (strcmp(fork->others.items[i], name) != 0) {
            fork->others.items[left++] = fork->others.items[i];
        }
    }
    fork->others.len = left;
}

int sg_adopt_fork_render(struct sg_adopt_fork *fork, const struct sg_fs *fs,
                         const char *dir, struct sg_err *err) {
    sg_auto_buf path = SG_BUF_INIT;
    if (!has_kustomization(fs, dir, &path)) {
        return 0;
    }
    sg_auto_render render;
    sg_render_init(&render, fork->docs.atoms);
    struct sg_render_opts opts = {.fs = fs, .dir = dir};
    if (sg_render(&opts, &render, err) != 0) {
        (void)sg_err_wrap(err, "the fork's kustomization");
        return sg_err_hint(err,
                           "mend it, or remove it from the fork where it is not what "
                           "the cluster gets");
    }
    drop_other(fork, sg_path_base(sg_buf_cstr(&path)));
    sg_auto_strmap index = {0};
    index_read(fork, &index);
    SG_VEC(struct sg_adopt_object) objects = {0};
    for (size_t i = 0; i < render.items.len; i++) {
        const struct sg_resource *res = render.items.items[i];
        struct sg_adopt_object object = object_of(fork, res, find_read(&index, res, dir));
        sg_vec_push(&objects, object);
    }
    sg_vec_release(&fork->objects);
    fork->objects.items = objects.items;
    fork->objects.len = objects.len;
    fork->objects.cap = objects.cap;
    return 0;
}
