/* proof.c - the overlay rendered, against what the fork holds. */
#include "adopting.h"
#include "meaning.h"
#include "place.h"

/* Group, kind, namespace and name. */
static void add_id(const struct sg_node *object, struct sg_buf *out) {
    const struct sg_node *metadata = sg_map_get(object, SG_ATOM(metadata));
    struct sg_str group = api_group(field_text(object, SG_ATOM(apiVersion)));
    sg_buf_addf(out, "%.*s\n%s\n%s\n%s", (int)group.len, group.ptr,
                field_text(object, SG_ATOM(kind)),
                field_text(metadata, SG_ATOM(namespace)),
                field_text(metadata, SG_ATOM(name)));
}

/* `in_fork`: the object is the fork's, and has a place there. */
static void note_difference(struct adopting *a, const struct sg_node *object,
                            const struct difference *found, bool in_fork) {
    sg_auto_buf path = SG_BUF_INIT;
    sg_fieldpath_text(found->path, &path);
    struct sg_pos at = {0};
    if (in_fork) {
        at = place_in_fork(a, object, found);
    }
    struct sg_adopt_difference difference = {
        .object = object_text(a, object),
        .path = sg_arena_strndup(&a->out->arena, sg_buf_cstr(&path), path.len),
        .fork = value_text(a, found->b),
        .render = value_text(a, found->a),
        .file = at.file,
        .line = at.line,
    };
    sg_vec_push(&a->out->differences, difference);
}

static void compare_object(struct adopting *a, const struct sg_node *render,
                           const struct sg_node *fork) {
    auto_comparison comparison = {.paths = a->paths};
    compare_objects(&comparison, render, fork);
    a->out->fields += comparison.leaves;
    if (comparison.differences.len == 0) {
        a->out->equal++;
        note_restart(a, render, fork);
    }
    for (size_t i = 0; i < comparison.differences.len; i++) {
        note_difference(a, fork, &comparison.differences.items[i], true);
    }
}

/* Objects whose file could not be read are not compared: that is told of the file. */
static void note_unread(struct adopting *a) {
    a->out->unread_ids.len = 0;
    for (size_t i = 0; i < a->pairs.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        sg_auto_buf id = SG_BUF_INIT;
        if (pair->unread) {
            add_id(pair->shared != NULL ? pair->shared : pair->base->node, &id);
            sg_vec_push(&a->out->unread_ids,
                        sg_arena_strndup(&a->out->arena, sg_buf_cstr(&id), id.len));
        }
    }
}

static void drop_unread(const struct sg_adopted *adopted, struct sg_strmap *rendered) {
    for (size_t i = 0; i < adopted->unread_ids.len; i++) {
        const char *id = adopted->unread_ids.items[i];
        (void)sg_strmap_remove(rendered, id, strlen(id));
    }
}

static void compare_all(struct adopting *a, const struct sg_yaml_docs *render) {
    sg_auto_strmap rendered = {0};
    for (size_t i = 0; i < render->roots.len; i++) {
        sg_auto_buf id = SG_BUF_INIT;
        say_plainly(a->docs, render->roots.items[i]);
        add_id(render->roots.items[i], &id);
        sg_strmap_put(&rendered, sg_buf_cstr(&id), id.len, render->roots.items[i]);
    }
    a->out->objects = 0;
    for (size_t i = 0; i < a->fork->objects.len; i++) {
        const struct sg_node *node = a->fork->objects.items[i].node;
        sg_auto_buf id = SG_BUF_INIT;
        if (a->fork->objects.items[i].dropped) {
            continue;
        }
        a->out->objects++;
        add_id(node, &id);
        compare_object(a, sg_strmap_get(&rendered, sg_buf_cstr(&id), id.len), node);
        (void)sg_strmap_remove(&rendered, sg_buf_cstr(&id), id.len);
    }
    drop_unread(a->out, &rendered);
    for (size_t i = 0; i < render->roots.len; i++) {
        const struct sg_node *node = render->roots.items[i];
        sg_auto_buf id = SG_BUF_INIT;
        add_id(node, &id);
        if (sg_strmap_has(&rendered, sg_buf_cstr(&id), id.len)) {
            note_difference(a, node, &(struct difference){NULL, node, NULL}, false);
        }
    }
}

/* What is compared is what is written, read again as a cluster reads it. */
int prove_view(struct adopting *a, const struct sg_fs *view, struct sg_err *err) {
    sg_auto_render render;
    sg_auto_docs docs;
    sg_auto_yaml_docs written = {0};
    sg_auto_buf text = SG_BUF_INIT;
    sg_render_init(&render, a->docs->atoms);
    sg_docs_init(&docs, a->docs->atoms);
    struct sg_render_opts opts = {.fs = view, .dir = a->opts->overlay};
    if (sg_render(&opts, &render, err) != 0 ||
        sg_render_write(&render, &text, err) != 0 ||
        sg_yaml_read(&docs, a->opts->overlay, sg_buf_cstr(&text), text.len, NULL,
                     &written, err) != 0) {
        return -1;
    }
    compare_all(a, &written);
    return 0;
}

int prove(struct adopting *a, struct sg_err *err) {
    sg_auto_fs view = overlay_view(a->out, a->opts);
    note_unread(a);
    return prove_view(a, view, err);
}
