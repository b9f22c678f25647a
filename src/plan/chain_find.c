/*
 * chain_find.c - the object and the field that a person asked for, in every overlay.
 */
#include <string.h>

#include "chain.h"
#include "sg/suggest.h"

/* More names than this are not listed in a message. */
enum { LISTED = 8 };

struct objects {
    SG_VEC(struct chain_object) items;
};

struct finding_chains {
    const struct sg_planner_opts *opts;
    const struct sg_fs *fs;
    const struct sg_chain_query *query;
    struct sg_chains *out;
    struct owners owners;
    struct sg_fieldpaths *paths;
    struct sg_arena arena; /* ids of every overlay */
    SG_VEC(const char *) ids;
    struct sg_err broken, missing; /* the first overlay that does not render, the first
                                      object without the field */
};

/* --- objects ---------------------------------------------------------------------- */

static void add_object(struct finding_chains *find, struct objects *objects,
                       struct chain_object object, sg_atom other) {
    object.text = id_text(&find->arena, &object.id);
    if (other != object.id.name) {
        struct sg_resid id = object.id;
        id.name = other;
        object.other = id_text(&find->arena, &id);
    }
    sg_vec_push(&objects->items, object);
    sg_vec_push(&find->ids, object.text);
    if (object.other != NULL) {
        sg_vec_push(&find->ids, object.other);
    }
}

static bool id_of_node(struct sg_atoms *atoms, const struct sg_node *node,
                       struct sg_resid *out) {
    struct identity identity;
    if (!identity_of_node(atoms, node, &identity)) {
        return false;
    }
    const char *version = sg_text(sg_map_get(node, SG_ATOM(apiVersion)));
    const char *slash = strchr(version, '/');
    version = slash != NULL ? slash + 1 : version;
    *out =
        (struct sg_resid){identity.group, sg_atom_find(atoms, version, strlen(version)),
                          identity.kind, identity.name, identity.namespace};
    if (out->version == NULL) {
        out->version = sg_atom_of(atoms, version);
    }
    return out->group != NULL && out->kind != NULL && out->name != NULL &&
           out->namespace != NULL;
}

/* The objects of the result, and those that a step deleted. */
static void list_objects(struct finding_chains *find, struct tree *tree,
                         struct objects *out) {
    for (size_t i = 0; i < tree->render.items.len; i++) {
        struct sg_resource *res = tree->render.items.items[i];
        struct chain_object object = {
            .uid = res->uid, .node = res->node, .id = shown_id(tree, res)};
        sg_atom now = sg_resource_id(&tree->render, res).name;
        add_object(find, out, object, now != object.id.name ? now : res->orig.name);
    }
    for (size_t i = 0; i < tree->trace.events.len; i++) {
        const struct sg_event *event = &tree->trace.events.items[i];
        struct chain_object object = {.uid = event->object, .gone = true};
        if (event->path != NULL || event->op != SG_OP_DELETE || event->before == NULL ||
            index_uid(&tree->index, event->object) != NULL ||
            !id_of_node(find->opts->atoms, event->before, &object.id)) {
            continue;
        }
        object.node = sg_node_clone(&tree->render.docs, event->before);
        add_object(find, out, object, object.id.name);
    }
}

static bool is_meant(const struct chain_object *object, const char *pattern, bool fold) {
    return object_matches(pattern, object->text, fold) ||
           (object->other != NULL && object_matches(pattern, object->other, fold));
}

/* Those that are meant, in front; how many. What is there goes before what is gone, an
 * exact spelling before another case. */
static size_t pick_objects(struct objects *objects, const char *pattern) {
    for (int pass = 0; pass < 4; pass++) {
        bool fold = (pass & 1) != 0, gone = (pass & 2) != 0;
        size_t picked = 0;
        for (size_t i = 0; i < objects->items.len; i++) {
            struct chain_object object = objects->items.items[i];
            if (object.gone == gone && is_meant(&object, pattern, fold)) {
                objects->items.items[i] = objects->items.items[picked];
                objects->items.items[picked++] = object;
            }
        }
        if (picked > 0) {
            return picked;
        }
    }
    return 0;
}

static int refuse_several(const struct objects *objects, size_t n, const char *pattern,
                          const char *overlay, struct sg_err *err) {
    sg_auto_buf names = SG_BUF_INIT;
    for (size_t i = 0; i < n && i < LISTED; i++) {
        sg_buf_addf(&names, "%s%s", i > 0 ? ", " : "", objects->items.items[i].text);
    }
    if (n > LISTED) {
        sg_buf_addf(&names, " and %zu more", n - LISTED);
    }
    (void)sg_fail(err, SG_E_USAGE, "%s is %zu objects in overlay %s: %s", pattern, n,
                  overlay, sg_buf_cstr(&names));
    return sg_err_hint(err, "name one of them, as KIND/NAME or KIND/NAMESPACE/NAME");
}

/* The end of an id with as many parts as the pattern has. */
static const char *end_of(const char *id, const char *pattern) {
    size_t parts = 1;
    for (; *pattern != '\0'; pattern++) {
        parts += *pattern == '/';
    }
    const char *end = id + strlen(id);
    while (end > id && (end[-1] != '/' || --parts > 0)) {
        end--;
    }
    return end;
}

static int refuse_none(struct finding_chains *find, struct sg_err *err) {
    const char *pattern = find->query->object;
    struct sg_suggest near;
    sg_suggest_init(&near, pattern);
    for (size_t i = 0; i < find->ids.len; i++) {
        const char *id = find->ids.items[i];
        sg_auto_buf brief = SG_BUF_INIT;
        sg_suggest_offer(&near, end_of(id, pattern));
        if (object_id_brief(id, &brief)) {
            sg_suggest_offer(
                &near,
                sg_arena_strdup(&find->arena, end_of(sg_buf_cstr(&brief), pattern)));
        }
    }
    const char *best = sg_suggest_best(&near);
    (void)sg_fail(err, SG_E_USAGE, "no overlay has an object %s", pattern);
    if (best != NULL) {
        return sg_err_hint(err, "did you mean %s?", best);
    }
    return sg_err_hint(err, "name it as KIND/NAME; `sgupgrade build` prints them all");
}

/* --- fields ----------------------------------------------------------------------- */

/* The nearest name of a field beside the missing one, else what there is. */
static void hint_fields(struct walk *walk, const struct located *at,
                        struct sg_arena *arena, struct sg_err *err) {
    const struct sg_node *holder = at->holder;
    sg_auto_buf missing = SG_BUF_INIT, list = SG_BUF_INIT;
    if (holder == NULL || sg_is_scalar(holder)) {
        return;
    }
    sg_fieldpath_text(at->missing, &missing);
    struct sg_suggest near;
    sg_suggest_init(&near, sg_buf_cstr(&missing));
    for (uint32_t i = 0; i < holder->len; i++) {
        sg_auto_buf text = SG_BUF_INIT;
        sg_fieldpath_text(walk_child(walk, holder, at->holder_path, i), &text);
        sg_suggest_offer(&near, sg_arena_strdup(arena, sg_buf_cstr(&text)));
        if (i < LISTED) {
            sg_buf_addf(&list, "%s%s", i > 0 ? ", " : "", sg_buf_cstr(&text));
        }
    }
    const char *best = sg_suggest_best(&near);
    if (best != NULL) {
        (void)sg_err_hint(err, "did you mean %s?", best);
    } else if (holder->len > 0) {
        (void)sg_err_hint(err, "it has %s%s", sg_buf_cstr(&list),
                          holder->len > LISTED ? " and more" : "");
    }
}

/* The field's path as the trace names it. */
static int locate(struct finding_chains *find, struct walk *walk,
                  const struct chain_object *object, struct located *out,
                  struct sg_err *err) {
    const char *text = find->query->path;
    const struct sg_fieldpath *typed = NULL;
    *out = (struct located){.node = object->node};
    if (text == NULL || text[0] == '\0') {
        return 0;
    }
    int status = text[0] == '/' ? walk_pointer(walk, object->node, text, &typed, err)
                                : sg_fieldpath_parse(find->paths, text, &typed, err);
    if (status == 0) {
        *out = walk_locate(walk, object->node, typed);
    }
    return status;
}

static void refuse_field(struct finding_chains *find, struct walk *walk,
                         const struct located *at, const struct chain_object *object,
                         struct sg_err *err) {
    (void)sg_fail(err, SG_E_USAGE, "%s has no field %s, and no step wrote one",
                  object->text, find->query->path);
    hint_fields(walk, at, &find->arena, err);
}

/* --- one overlay ------------------------------------------------------------------ */

static void name_chain(struct finding_chains *find, const struct chain_object *object,
                       const struct sg_plan_overlay_in *overlay, struct sg_chain *chain) {
    struct sg_arena *arena = &find->out->docs.arena;
    chain->overlay = sg_arena_strdup(arena, overlay->name);
    chain->dir = sg_arena_strdup(arena, overlay->dir);
    chain->id = sg_arena_strdup(arena, object->text);
    chain->kind = sg_arena_strdup(arena, object->id.kind->text);
    chain->namespace = sg_arena_strdup(arena, object->id.namespace->text);
    chain->name = sg_arena_strdup(arena, object->id.name->text);
}

static int follow(struct finding_chains *find, struct tree *tree,
                  const struct chain_object *object,
                  const struct sg_plan_overlay_in *overlay, struct sg_err *err) {
    auto_walk walk = {0};
    struct located at;
    walk_begin(&walk, &tree->render.docs, find->paths, object->node);
    if (locate(find, &walk, object, &at, err) != 0) {
        return -1;
    }
    struct sg_docs *docs = &find->out->docs;
    sg_auto_buf text = SG_BUF_INIT, pointer = SG_BUF_INIT;
    sg_fieldpath_text(at.path, &text);
    walk_pointer_text(&walk, object->node, at.path, &pointer);
    struct sg_chain chain = {
        .path = sg_arena_strndup(&docs->arena, sg_buf_cstr(&text), text.len),
        .pointer = sg_arena_strndup(&docs->arena, sg_buf_cstr(&pointer), pointer.len),
    };
    name_chain(find, object, overlay, &chain);
    const struct chain_place place = {tree, &find->owners, find->paths, object, at.path};
    if (chain_follow(&place, docs, &chain)) {
        sg_vec_push(&find->out->items, chain);
    } else if (find->missing.code == SG_OK) {
        refuse_field(find, &walk, &at, object, &find->missing);
    }
    return 0;
}

static int look_through(struct finding_chains *find, struct tree *tree,
                        const struct sg_plan_overlay_in *overlay, struct sg_err *err) {
    struct objects objects = {0};
    const char *pattern = find->query->object;
    int status = 0;
    list_objects(find, tree, &objects);
    size_t n = pick_objects(&objects, pattern);
    if (n > 1) {
        status = refuse_several(&objects, n, pattern, overlay->name, err);
    } else if (n == 1) {
        status = follow(find, tree, &objects.items.items[0], overlay, err);
    }
    sg_vec_release(&objects.items);
    return status;
}

static void note_broken(struct finding_chains *find,
                        const struct sg_plan_overlay_in *overlay,
                        const struct sg_err *why) {
    const char *text =
        sg_arena_printf(&find->out->docs.arena, "overlay %s does not render: %s",
                        overlay->name, why->text);
    sg_vec_push(&find->out->left_out, text);
    if (find->broken.code == SG_OK) {
        find->broken = *why;
        (void)sg_err_wrap(&find->broken, "overlay %s", overlay->name);
    }
}

static int look_into(struct finding_chains *find,
                     const struct sg_plan_overlay_in *overlay, struct sg_err *err) {
    struct tree *tree = tree_new(find->opts->atoms, find->paths);
    const struct tree_opts how = {
        .fs = find->fs,
        .dir = overlay->dir,
        .remote = find->opts->remote,
        .owners = &find->owners,
    };
    int status = tree_render(tree, &how, err);
    if (status == 0 && tree->rendered) {
        status = look_through(find, tree, overlay, err);
    } else if (status == 0) {
        note_broken(find, overlay, &tree->err);
    }
    tree_free(tree);
    return status;
}

int sg_chains_find(const struct sg_planner_opts *opts, const struct sg_fs *fs,
                   const struct sg_chain_query *query, struct sg_chains *out,
                   struct sg_err *err) {
    struct finding_chains find = {
        .opts = opts,
        .fs = fs,
        .query = query,
        .out = out,
        .owners = {opts->vendored, opts->vendored_ctx},
        .paths = sg_fieldpaths_new(opts->atoms),
    };
    sg_arena_init(&find.arena);
    int status = 0;
    for (size_t i = 0; status == 0 && i < opts->overlays_len; i++) {
        status = look_into(&find, &opts->overlays[i], err);
    }
    if (status == 0 && out->items.len == 0) {
        status = find.missing.code != SG_OK  ? sg_err_pass(err, &find.missing)
                 : find.broken.code != SG_OK ? sg_err_pass(err, &find.broken)
                                             : refuse_none(&find, err);
    }
    sg_vec_release(&find.ids);
    sg_arena_release(&find.arena);
    sg_fieldpaths_free(find.paths);
    return status;
}
