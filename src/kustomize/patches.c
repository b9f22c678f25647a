/*
 * patches.c - which text is a strategic merge patch and which a JSON patch, and what each
 * is applied to; see patches.h. The merging itself is the layer patch's.
 */
#include "patches.h"

#include "kv.h"
#include "metadata.h"
#include "setter.h"
#include "sg/json.h"
#include "sg/strict.h"
#include "sg/suggest.h"
#include "sg/yaml.h"

#include <string.h>

/* A patch's text on its way to the objects. */
struct patch {
    const char *name;  /* the field: "patches" … */
    const char *shown; /* of the text, for messages */
    struct sg_buf text;
    uint32_t loc, item;
    struct sg_nodes objects; /* strategic merge documents … */
    struct sg_node *ops;     /* … or a list of JSON operations */
    const char *file;        /* fs path of the file; NULL for text in the kustomization */
    uint32_t outer;   /* text in the kustomization: the location of its scalar, else 0 */
    uint32_t skipped; /* lines of the scalar before the text */
};

static void patch_release(struct patch *patch) {
    sg_buf_release(&patch->text);
    sg_nodes_release(&patch->objects);
}

/* --- strategic merge ------------------------------------------------------------------
 */

static bool is_directive(const struct sg_node *node, const char *what) {
    const char *text = sg_text(sg_map_get(node, SG_ATOM(patch_directive)));
    return text != NULL && strcmp(text, what) == 0;
}

/* kustomize keeps its state in metadata.annotations: a patch that takes them away as a
 * whole takes the state with them. */
static bool drops_annotations(const struct sg_node *patch) {
    const struct sg_entry *metadata = sg_map_find(patch, SG_ATOM(metadata));
    if (metadata == NULL) {
        return false;
    }
    const struct sg_node *meta = metadata->value;
    if (sg_is_null(meta) || is_directive(meta, "replace") ||
        is_directive(meta, "delete")) {
        return true;
    }
    const struct sg_entry *annotations = sg_map_find(meta, SG_ATOM(annotations));
    return annotations != NULL && (sg_is_null(annotations->value) ||
                                   is_directive(annotations->value, "replace") ||
                                   is_directive(annotations->value, "delete"));
}

struct change_options {
    bool name, kind; /* the patch may change them */
};

static void restore_kind(struct sg_kustomize *k, struct sg_resource *res,
                         const char *kind) {
    const char *now = sg_text(sg_map_get(res->node, SG_ATOM(kind)));
    if (now == NULL || strcmp(now, kind) != 0) {
        (void)sg_map_put(k->set, res->node, SG_ATOM(kind), sg_str_new(k->set, kind));
    }
}

static void put_text(struct sg_kustomize *k, struct sg_node *map, sg_atom key,
                     sg_atom text) {
    struct sg_node *old = sg_map_get(map, key);
    if (sg_text(old) != NULL && text->len == 0) {
        (void)sg_map_remove(map, key);
    } else if (sg_text(old) != NULL && strcmp(sg_text(old), text->text) != 0) {
        (void)sg_map_put(k->set, map, key, sg_str_new(k->set, text->text));
    }
}

/*
 * What addresses the object (by an old name, say) is restored after the merge and so was
 * never written: for the trace, the patch says the present values from the start.
 */
static const struct sg_node *readdress(struct sg_kustomize *k,
                                       const struct sg_node *patch,
                                       const struct sg_resid *id,
                                       struct change_options allow) {
    if (k->trace == NULL) {
        return patch;
    }
    struct sg_node *copy = sg_node_clone(k->set, patch);
    struct sg_node *metadata = sg_map_get(copy, SG_ATOM(metadata));
    if (!allow.kind) {
        put_text(k, copy, SG_ATOM(kind), id->kind);
    }
    if (!sg_is_map(metadata)) {
        return copy;
    }
    if (!allow.name) {
        put_text(k, metadata, SG_ATOM(name), id->name);
    }
    put_text(k, metadata, SG_ATOM(namespace), id->namespace);
    return copy;
}

static int merge(struct sg_kustomize *k, struct sg_resmap *map, struct sg_resource *res,
                 const struct sg_node *patch, struct change_options allow,
                 struct sg_err *err) {
    struct sg_resid before = res->state->cur;
    struct sg_patch_ctx ctx = sg_k_patch_ctx(k, res);
    allow.name |= sg_state_allows(patch, "allowNameChange");
    allow.kind |= sg_state_allows(patch, "allowKindChange");
    if (allow.name || allow.kind) {
        sg_resource_store_id(k, res);
    }
    bool state = sg_state_named(
        sg_map_get(sg_map_get(patch, SG_ATOM(metadata)), SG_ATOM(annotations)));
    if (state) {
        sg_state_show(k, res);
    }
    k->schema_used = true;
    patch = readdress(k, patch, &before, allow);
    if (sg_patch_strategic(&ctx, &res->node, patch, err) != 0) {
        return -1;
    }
    if (res->node == NULL || (sg_is_map(res->node) && res->node->len == 0)) {
        sg_resmap_remove(map, res);
        return 0;
    }
    if (state) {
        sg_state_retake(k, res);
    } else if (drops_annotations(patch)) {
        sg_resource_forget(res);
    }
    if (!allow.kind) {
        restore_kind(k, res, before.kind->text);
    }
    if (!allow.name) {
        sg_k_set_name(k, res, before.name->text);
    }
    sg_k_set_namespace(k, res, before.namespace->text);
    sg_resmap_changed(k, map, res);
    return 0;
}

/* The first id, of a patch that names earlier ones in kustomize's annotations. */
static struct sg_resid id_of(struct sg_kustomize *k, struct sg_node *node) {
    struct sg_resource_state state = {0};
    struct sg_resource res = {.node = node, .state = &state, .loc = node->loc};
    if (sg_state_named(sg_resource_annotations(&res))) {
        res.node = sg_node_clone(k->set, node);
        sg_state_take(k, &res);
    }
    sg_resource_refresh(k, &res);
    return sg_resource_first_id(&res);
}

/* Names what comes close to the object that was not found. */
static void hint_near(struct sg_resmap *map, const struct sg_resid *id,
                      struct sg_err *err) {
    sg_auto_reslist near = {0};
    sg_resmap_named(map, id->kind, id->name, &near);
    if (near.items.len > 0) {
        const struct sg_resid *other = &near.items.items[0]->state->cur;
        sg_auto_buf text = SG_BUF_INIT;
        sg_resid_text(other, &text);
        (void)sg_err_hint(err,
                          "there is %s of %s%s%s; make apiVersion and namespace agree",
                          sg_buf_cstr(&text), other->group->text,
                          other->group->len > 0 ? "/" : "", other->version->text);
        return;
    }
    struct sg_suggest suggest;
    sg_suggest_init(&suggest, id->name->text);
    for (size_t i = 0; i < map->items.len; i++) {
        const struct sg_resource *res = map->items.items[i];
        if (res->state->cur.kind == id->kind) {
            sg_suggest_offer(&suggest, sg_resource_first_id(res).name->text);
        }
    }
    const char *best = sg_suggest_best(&suggest);
    if (best != NULL) {
        (void)sg_err_hint(err, "did you mean %s %s?", id->kind->text, best);
    } else {
        (void)sg_err_hint(err, "correct its name or kind, or remove the patch");
    }
}

/* For patches with a target, and all of patchesStrategicMerge, kustomize rewrites the
 * patch's labels and annotations as strings first, so that a null there becomes the text
 * of the null. */
static void stringify(struct sg_kustomize *k, struct sg_node *metadata, sg_atom field) {
    struct sg_node *map = sg_map_get(metadata, field);
    if (map == NULL) {
        return;
    }
    if (!sg_is_map(map) || map->len == 0) {
        (void)sg_map_remove(metadata, field);
        return;
    }
    for (uint32_t i = 0; i < map->len; i++) {
        struct sg_node *value = map->entries[i].value;
        const char *text = sg_text(value);
        if (text == NULL) {
            continue;
        }
        sg_atom key = map->entries[i].key;
        map->entries[i].key_tag = (uint8_t)sg_resolve_read(key->text, key->len);
        struct sg_node *string =
            sg_scalar_new(k->set, text, value->len, SG_TAG_STR, SG_PLAIN);
        string->loc = value->loc;
        map->entries[i].value = string;
    }
}

static struct sg_node *patch_for_target(struct sg_kustomize *k,
                                        const struct sg_node *patch,
                                        const struct sg_resource *res) {
    struct sg_node *copy = sg_node_clone(k->set, patch);
    struct sg_node *metadata = sg_map_get(copy, SG_ATOM(metadata));
    stringify(k, metadata, SG_ATOM(labels));
    stringify(k, metadata, SG_ATOM(annotations));
    struct sg_node *version = sg_map_get(res->node, SG_ATOM(apiVersion));
    if (version != NULL) {
        (void)sg_map_put(k->set, copy, SG_ATOM(apiVersion),
                         sg_node_clone(k->set, version));
    }
    return copy;
}

static int merge_by_id(struct sg_kustomize *k, struct sg_resmap *map,
                       struct sg_node *patch, struct change_options allow, bool rewrite,
                       struct sg_err *err) {
    struct sg_resid id = id_of(k, patch);
    sg_auto_reslist found = {0};
    sg_auto_buf text = SG_BUF_INIT;
    sg_resmap_find(k, map, &id, SG_ID_ANY, &found);
    sg_step_matched(k, (uint32_t)found.items.len);
    if (found.items.len == 1) {
        if (rewrite) {
            patch = patch_for_target(k, patch, found.items.items[0]);
        }
        if (merge(k, map, found.items.items[0], patch, allow, err) == 0) {
            return 0;
        }
        return sg_err_locate(err, sg_docs_pos(k->set, patch->loc));
    }
    sg_resid_text(&id, &text);
    if (found.items.len > 1) {
        (void)sg_k_fail(k, err, patch->loc,
                        "%zu objects were once %s; expected one to patch",
                        found.items.len, sg_buf_cstr(&text));
        return sg_err_hint(err, "add a target: with the present name");
    }
    (void)sg_fail_at(err, SG_E_NOTFOUND, sg_docs_pos(k->set, patch->loc),
                     "no object for the patch of %s (apiVersion %s%s%s)",
                     sg_buf_cstr(&text), id.group->text, id.group->len > 0 ? "/" : "",
                     id.version->text);
    hint_near(map, &id, err);
    return -1;
}

static int select_targets(struct sg_kustomize *k, struct sg_resmap *map,
                          const struct sg_selector *target, struct sg_reslist *out,
                          struct sg_err *err) {
    if (sg_resmap_select(k, map, target, out, err) != 0) {
        return -1;
    }
    if (out->items.len == 0) {
        sg_k_warn(k, "SG104", "no-op", target->loc, "the target selects no object");
    }
    return 0;
}

/* The step of one document of a strategic merge patch. */
static bool begin_document(struct sg_kustomize *k, const struct patch *patch, size_t i) {
    const struct sg_step step = {.kind = SG_STEP_STRATEGIC,
                                 .name = patch->name,
                                 .loc = patch->loc,
                                 .entry = patch->loc,
                                 .text = patch->objects.items.items[i]->loc,
                                 .item = patch->item,
                                 .document = (uint32_t)i};
    return sg_step_begin_as(k, &step);
}

static int merge_targets(struct sg_kustomize *k, struct sg_resmap *map,
                         const struct patch *patch, const struct sg_patch_entry *entry,
                         struct sg_err *err) {
    struct change_options allow = {entry->allow_name_change, entry->allow_kind_change};
    if (patch->objects.items.len > 1) {
        (void)sg_k_fail(k, err, entry->target.loc,
                        "a target beside a patch of %zu documents; expected one document",
                        patch->objects.items.len);
        return sg_err_hint(err, "make one entry of each document");
    }
    if (!begin_document(k, patch, 0)) {
        return 0;
    }
    sg_auto_reslist targets = {0};
    if (select_targets(k, map, &entry->target, &targets, err) != 0) {
        return -1;
    }
    sg_step_matched(k, (uint32_t)targets.items.len);
    sg_step_selects(k);
    for (size_t i = 0; i < targets.items.len; i++) {
        struct sg_resource *res = targets.items.items[i];
        struct sg_node *copy = patch_for_target(k, patch->objects.items.items[0], res);
        if (merge(k, map, res, copy, allow, err) != 0) {
            return sg_err_locate(err,
                                 sg_docs_pos(k->set, patch->objects.items.items[0]->loc));
        }
    }
    /* kustomize builds the set anew after such a patch, which finds ids that became equal
     */
    return sg_resmap_check_changed(k, map, err);
}

/* --- JSON patches ----------------------------------------------------------------------
 */

/* A block's plain scalar can hold this text (libyaml's analysis, for text that resolves
 * to a string). */
static bool fits_plain(const char *text, size_t len) {
    if (len == 0 || strchr(",[]{}#&*!|>'\"%@`", text[0]) != NULL ||
        strncmp(text, "---", 3) == 0 || strncmp(text, "...", 3) == 0) {
        return false;
    }
    if (strchr("-?:", text[0]) != NULL && (len == 1 || text[1] == ' ')) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        bool before = i > 0 && text[i - 1] == ' ', after = i + 1 == len;
        if (c < 0x20 || c == 0x7F || (c == ' ' && (i == 0 || after)) ||
            (c == '#' && before) || (c == ':' && (after || text[i + 1] == ' '))) {
            return false;
        }
    }
    return true;
}

/*
 * kustomize takes the object through JSON and prints it anew: quotes stay only where the
 * text needs them, and a later write keeps that style.
 */
static void restyle_scalar(struct sg_docs *set, struct sg_node *node) {
    enum sg_tag type = sg_scalar_type(node);
    if (type == SG_TAG_BOOL &&
        sg_resolve_read(node->text, node->len) != SG_TAG_BOOL) { /* yes, off */
        bool on = strchr("yY", node->text[0]) != NULL || (node->text[1] | 0x20) == 'n';
        sg_scalar_set(set, node, on ? "true" : "false", on ? 4 : 5);
        node->tag = SG_TAG_BOOL;
    }
    if (type == SG_TAG_STR) {
        bool plain = sg_resolve_read(node->text, node->len) == SG_TAG_STR &&
                     sg_resolve_yaml11(node->text, node->len) == SG_TAG_STR &&
                     fits_plain(node->text, node->len);
        bool lines = memchr(node->text, '\n', node->len) != NULL;
        node->tag = SG_TAG_STR;
        node->style = plain ? SG_PLAIN : lines ? SG_LITERAL : SG_DOUBLE;
    }
}

static void restyle(struct sg_docs *set, struct sg_node *node) {
    if (sg_is_scalar(node)) {
        restyle_scalar(set, node);
    } else if (sg_is_seq(node)) {
        for (uint32_t i = 0; i < node->len; i++) {
            restyle(set, node->items[i]);
        }
    } else if (sg_is_map(node)) {
        for (uint32_t i = 0; i < node->len; i++) {
            restyle(set, node->entries[i].value);
        }
    }
}

/* kustomize's state is a set of annotations to a JSON patch: while there is any, the
 * annotations exist. An empty map vanishes when the object is written. */
static void expose_annotations(struct sg_kustomize *k, struct sg_resource *res,
                               bool always) {
    const struct sg_resource_state *state = res->state;
    if (always || state->prev_len > 0 || state->prefixes_len > 0 ||
        state->suffixes_len > 0 || state->generated || state->needs_hash) {
        struct sg_node *metadata = sg_map_ensure(k->set, res->node, SG_ATOM(metadata));
        if (metadata != NULL) {
            (void)sg_map_ensure(k->set, metadata, SG_ATOM(annotations));
        }
    }
}

/* The steps of one JSON patch: one for each operation, UINT32_MAX for one that is
 * skipped. */
struct json_steps {
    SG_VEC(uint32_t) items;
};

static void begin_operations(struct sg_kustomize *k, const struct patch *patch,
                             size_t matched, struct json_steps *steps) {
    for (uint32_t i = 0; i < patch->ops->len; i++) {
        const struct sg_step step = {.kind = SG_STEP_JSON,
                                     .name = patch->name,
                                     .loc = patch->ops->items[i]->loc,
                                     .entry = patch->loc,
                                     .text = patch->ops->items[i]->loc,
                                     .item = patch->item,
                                     .document = i};
        bool run = sg_step_begin_as(k, &step);
        if (run) {
            sg_step_matched(k, (uint32_t)matched);
            if (strcmp(patch->name, "patches") == 0) {
                sg_step_selects(k);
            }
        }
        sg_vec_push(&steps->items,
                    !run ? UINT32_MAX : (k->trace != NULL ? k->trace->step : 0));
    }
}

/* The path of all annotations, or of what holds them. */
static bool is_whole(const char *path) {
    static const char *const whole[] = {"", "/metadata", "/metadata/annotations"};
    for (size_t i = 0; path != NULL && i < SG_ARRAY_LEN(whole); i++) {
        if (strcmp(path, whole[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The annotations of an origin are lost when all annotations are written; those of
 * kustomize's other state come back. */
static bool writes_annotations(const struct sg_node *op) {
    const char *name = sg_text(sg_map_get(op, SG_ATOM(op)));
    return is_whole(sg_text(sg_map_get(op, SG_ATOM(path)))) &&
           (name == NULL || strcmp(name, "test") != 0);
}

/* The path of an annotation that may be kustomize's own. */
static bool is_own(const char *path) {
    static const char all[] = "/metadata/annotations/";
    return path != NULL && strncmp(path, all, sizeof(all) - 1) == 0 &&
           strstr(path, "config.k") != NULL;
}

/* An operation reads all annotations (a copy, a move or a test), or one that is
 * kustomize's own. */
static bool reads_annotations(const struct sg_node *ops) {
    for (uint32_t i = 0; i < ops->len; i++) {
        const struct sg_node *op = ops->items[i];
        const char *name = sg_text(sg_map_get(op, SG_ATOM(op)));
        if (is_own(sg_text(sg_map_get(op, SG_ATOM(path)))) ||
            is_own(sg_text(sg_map_gets(op, "from")))) {
            return true;
        }
        bool test = name != NULL && strcmp(name, "test") == 0;
        bool from =
            name != NULL && (strcmp(name, "copy") == 0 || strcmp(name, "move") == 0);
        if ((test && is_whole(sg_text(sg_map_get(op, SG_ATOM(path))))) ||
            (from && is_whole(sg_text(sg_map_gets(op, "from"))))) {
            return true;
        }
    }
    return false;
}

static int apply_operations(struct sg_kustomize *k, struct sg_resmap *map,
                            struct sg_resource *res, const struct patch *patch,
                            const struct json_steps *steps, struct sg_err *err) {
    struct sg_patch_ctx ctx = sg_k_patch_ctx(k, res);
    if (sg_resource_misfits(k, res, err)) {
        return -1;
    }
    sg_resource_unshare(k, res); /* kustomize reads the object again from its JSON */
    bool shown = reads_annotations(patch->ops);
    const struct sg_node *saved = sg_internal_save(k, res);
    if (shown) {
        sg_state_show(k, res);
    }
    for (uint32_t i = 0; i < patch->ops->len; i++) {
        if (steps->items.items[i] == UINT32_MAX) {
            continue;
        }
        if (k->trace != NULL) {
            k->trace->step = steps->items.items[i];
        }
        if (sg_patch_json_op(&ctx, &res->node, patch->ops->items[i], err) != 0) {
            (void)sg_err_wrap(err, "operation %u on %s %s", i + 1,
                              res->state->cur.kind->text, res->state->cur.name->text);
            return sg_err_locate(err, sg_docs_pos(k->set, patch->ops->items[i]->loc));
        }
        ctx.normalised =
            true; /* walking a large object for each operation is quadratic */
        if (!shown && writes_annotations(patch->ops->items[i])) {
            res->state->origin = NULL;
            res->state->transformed = NULL;
        }
    }
    if (!sg_is_map(res->node)) {
        return sg_k_fail(k, err, patch->loc, "the patch leaves no object of %s %s",
                         res->state->cur.kind->text, res->state->cur.name->text);
    }
    sg_internal_restore(k, res, saved);
    if (shown) {
        sg_state_hide(k, res);
    } else {
        sg_state_take(k, res);
    }
    restyle(k->set, res->node);
    sg_resmap_changed(k, map, res);
    return sg_annotations_rewrite(k, res, err);
}

static int apply_json(struct sg_kustomize *k, struct sg_resmap *map,
                      const struct patch *patch, const struct sg_patch_entry *entry,
                      bool store_ids, struct sg_err *err) {
    sg_auto_reslist targets = {0};
    struct json_steps steps = {0};
    if (select_targets(k, map, &entry->target, &targets, err) != 0) {
        return -1;
    }
    begin_operations(k, patch, targets.items.len, &steps);
    int status = 0;
    for (size_t i = 0; i < targets.items.len && status == 0; i++) {
        struct sg_resource *res = targets.items.items[i];
        if (store_ids) {
            sg_resource_store_id(k, res);
        }
        expose_annotations(k, res, store_ids);
        status = apply_operations(k, map, res, patch, &steps, err);
    }
    sg_vec_release(&steps.items);
    return status;
}

/* --- reading ---------------------------------------------------------------------------
 */

/* The text as a list of operations: JSON when it begins with '[', else YAML. NULL
 * operations for an empty text. */
static int parse_ops(struct sg_kustomize *k, struct patch *patch, struct sg_err *err) {
    const char *text = sg_buf_cstr(&patch->text);
    if (text[0] == '[') {
        patch->ops = sg_json_read(k->set, patch->shown, text, patch->text.len, err);
        return patch->ops == NULL ? -1 : 0;
    }
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .yaml11 = true};
    sg_auto_yaml_docs docs = {0};
    if (sg_yaml_read(k->set, patch->shown, text, patch->text.len, &opts, &docs, err) !=
        0) {
        return -1;
    }
    patch->ops = docs.roots.len > 0 ? docs.roots.items[0] : NULL;
    return 0;
}

static int check_ops(struct sg_kustomize *k, const struct patch *patch,
                     struct sg_err *err) {
    if (patch->ops == NULL || sg_is_null(patch->ops)) {
        return 0;
    }
    sg_auto_buf found = SG_BUF_INIT;
    if (!sg_is_seq(patch->ops)) {
        sg_strict_describe(patch->ops, &found);
        return sg_k_fail(k, err, patch->ops->loc,
                         "found %s, expected a list of JSON patch operations",
                         sg_buf_cstr(&found));
    }
    for (uint32_t i = 0; i < patch->ops->len; i++) {
        if (sg_is_map(patch->ops->items[i])) {
            continue;
        }
        sg_strict_describe(patch->ops->items[i], &found);
        return sg_k_fail(k, err, patch->ops->items[i]->loc,
                         "found %s, expected an operation (a map with op and path)",
                         sg_buf_cstr(&found));
    }
    return 0;
}

/* True for text whose first thing is a list: then it cannot be a strategic merge patch.
 */
static bool looks_like_list(const char *text) {
    for (const char *at = text; *at != '\0';) {
        at += strspn(at, " \t\r\n");
        bool marker = strncmp(at, "---", 3) == 0;
        if (*at == '#' || marker) {
            at += strcspn(at, "\n");
        } else {
            return *at == '[' || (*at == '-' && strchr(" \t\r\n", at[1]) != NULL);
        }
    }
    return false;
}

/* Places in a patch that is written in the kustomization are named there. */
static void name_places(struct sg_kustomize *k, const struct patch *patch, size_t first,
                        struct sg_err *err) {
    if (patch->outer != 0) {
        sg_objects_embed(k, first, patch->outer, patch->skipped, err);
    }
}

/* kustomize trims the text of `patches`, so that a literal block at its end loses its
 * last line end; `keep_end` for patchesJson6902, where it does not. */
static int read_text(struct sg_kustomize *k, const struct sg_loader *loader,
                     const struct sg_patch_entry *entry, bool keep_end,
                     struct patch *patch, struct sg_err *err) {
    struct sg_str inner =
        sg_trim_space((struct sg_str){entry->patch, strlen(entry->patch)});
    bool is_blank = inner.len == 0;
    if (entry->path[0] == '\0' && is_blank) {
        (void)sg_k_fail(k, err, entry->loc, "a patch with neither path nor patch");
        return sg_err_hint(err, "add path: with a file, or patch: with the text");
    }
    if (entry->path[0] != '\0' && !is_blank) {
        return sg_k_fail(k, err, entry->loc,
                         "a patch with both path and patch; expected one");
    }
    patch->loc = entry->loc;
    patch->shown = sg_docs_pos(k->set, entry->loc).file;
    if (entry->path[0] == '\0') {
        for (const char *at = entry->patch; at < inner.ptr; at++) {
            patch->skipped += *at == '\n';
        }
        patch->outer = entry->patch_loc;
        sg_buf_add(&patch->text, inner.ptr, inner.len);
        if (keep_end) {
            sg_buf_adds(&patch->text, inner.ptr + inner.len);
        }
        return 0;
    }
    if (sg_loader_read(k, loader, entry->path, entry->path_loc, &patch->text,
                       &patch->file, err) != 0) {
        return -1;
    }
    patch->shown = sg_loader_shown(k, loader, patch->file);
    return 0;
}

static int apply_entry(struct sg_kustomize *k, struct sg_resmap *map, struct patch *patch,
                       const struct sg_patch_entry *entry, struct sg_err *err) {
    struct change_options allow = {entry->allow_name_change, entry->allow_kind_change};
    size_t first = k->set->sources.len;
    if (looks_like_list(sg_buf_cstr(&patch->text))) {
        int status = parse_ops(k, patch, err);
        name_places(k, patch, first, err);
        if (status != 0 || check_ops(k, patch, err) != 0) {
            return -1;
        }
        if (patch->ops == NULL || !sg_is_seq(patch->ops) || patch->ops->len == 0) {
            return 0;
        }
        if (!entry->target.set) {
            (void)sg_k_fail(k, err, entry->loc, "a JSON patch without a target");
            return sg_err_hint(err, "add target: with kind and name");
        }
        return apply_json(k, map, patch, entry, true, err);
    }
    int status = sg_objects_read(k, patch->shown, sg_buf_cstr(&patch->text),
                                 patch->text.len, &patch->objects, err);
    name_places(k, patch, first, err);
    if (status != 0) {
        return -1;
    }
    if (entry->target.set && patch->objects.items.len > 0) {
        return merge_targets(k, map, patch, entry, err);
    }
    for (size_t i = 0; i < patch->objects.items.len; i++) {
        if (!begin_document(k, patch, i)) {
            continue;
        }
        if (merge_by_id(k, map, patch->objects.items.items[i], allow, false, err) != 0) {
            return -1;
        }
    }
    return 0;
}

int sg_apply_patch(struct sg_kustomize *k, const struct sg_loader *loader,
                   struct sg_resmap *map, const struct sg_patch_entry *entry,
                   uint32_t item, struct sg_err *err) {
    SG_CLEANUP(patch_release) struct patch patch = {.name = "patches", .item = item};
    if (read_text(k, loader, entry, false, &patch, err) != 0) {
        return -1;
    }
    const char *outer = k->file;
    k->file = patch.file != NULL ? patch.file : k->file;
    int status = apply_entry(k, map, &patch, entry, err);
    k->file = outer;
    return status;
}

int sg_apply_json6902(struct sg_kustomize *k, const struct sg_loader *loader,
                      struct sg_resmap *map, const struct sg_patch_entry *entry,
                      uint32_t item, struct sg_err *err) {
    SG_CLEANUP(patch_release)
    struct patch patch = {.name = "patchesJson6902", .item = item};
    if (!entry->target.set || entry->target.name[0] == '\0') {
        (void)sg_k_fail(k, err, entry->loc, "a JSON patch without a target name");
        return sg_err_hint(err, "add target: with kind and name");
    }
    size_t first = k->set->sources.len;
    if (read_text(k, loader, entry, true, &patch, err) != 0) {
        return -1;
    }
    int read = parse_ops(k, &patch, err);
    name_places(k, &patch, first, err);
    if (read != 0 || check_ops(k, &patch, err) != 0) {
        return -1;
    }
    if (patch.ops == NULL || !sg_is_seq(patch.ops) || patch.ops->len == 0) {
        return sg_k_fail(k, err, entry->loc, "the JSON patch is empty");
    }
    const char *outer = k->file;
    k->file = patch.file != NULL ? patch.file : k->file;
    int status = apply_json(k, map, &patch, entry, false, err);
    k->file = outer;
    return status;
}

/* --- patchesStrategicMerge
 * -------------------------------------------------------------- */

/* An entry is documents when it reads as objects, else a path. */
static int read_strategic(struct sg_kustomize *k, const struct sg_loader *loader,
                          const struct sg_text_at *entry, struct patch *patch,
                          struct sg_err *err) {
    struct sg_err as_text = {0};
    patch->shown = sg_docs_pos(k->set, entry->loc).file;
    bool may_be_path = strchr(entry->text, '\n') == NULL;
    size_t first = k->set->sources.len;
    int status = sg_objects_read(k, patch->shown, entry->text, strlen(entry->text),
                                 &patch->objects, &as_text);
    sg_objects_embed(k, first, entry->loc, 0, &as_text);
    if (status == 0) {
        return 0;
    }
    if (!may_be_path) {
        *err = as_text;
        return -1;
    }
    patch->objects.items.len = 0;
    if (sg_loader_read(k, loader, entry->text, entry->loc, &patch->text, &patch->file,
                       err) != 0) {
        return -1;
    }
    patch->shown = sg_loader_shown(k, loader, patch->file);
    return sg_objects_read(k, patch->shown, sg_buf_cstr(&patch->text), patch->text.len,
                           &patch->objects, err);
}

static int apply_strategic_entry(struct sg_kustomize *k, const struct sg_loader *loader,
                                 struct sg_resmap *map, const struct sg_text_at *entry,
                                 uint32_t item, size_t *applied, struct sg_err *err) {
    SG_CLEANUP(patch_release)
    struct patch patch = {
        .name = "patchesStrategicMerge", .item = item, .loc = entry->loc};
    if (read_strategic(k, loader, entry, &patch, err) != 0) {
        return -1;
    }
    const char *outer = k->file;
    k->file = patch.file != NULL ? patch.file : k->file;
    int status = 0;
    for (size_t i = 0; i < patch.objects.items.len && status == 0; i++) {
        *applied += 1;
        if (begin_document(k, &patch, i)) {
            status = merge_by_id(k, map, patch.objects.items.items[i],
                                 (struct change_options){false, false}, true, err);
        }
    }
    k->file = outer;
    return status;
}

int sg_apply_strategic(struct sg_kustomize *k, const struct sg_loader *loader,
                       struct sg_resmap *map, const struct sg_texts *patches,
                       struct sg_err *err) {
    size_t applied = 0;
    for (size_t i = 0; i < patches->len; i++) {
        if (apply_strategic_entry(k, loader, map, &patches->items[i], (uint32_t)i,
                                  &applied, err) != 0) {
            return -1;
        }
    }
    if (patches->len > 0 && applied == 0) {
        return sg_k_fail(k, err, patches->items[0].loc,
                         "the strategic merge patches are empty");
    }
    return 0;
}
