/*
 * replacement.c - ReplacementTransformer: a value of one object, or a fixed one, copied
 * into fields of others (kustomize's api/filters/replacement).
 */
#include <string.h>

#include "metadata.h"
#include "nodepath.h"
#include "setter.h"
#include "sg/json.h"
#include "sg/yaml.h"
#include "structured.h"
#include "transformer.h"

struct run {
    struct sg_kustomize *k;
    struct sg_resmap *map;
    const struct sg_replacement *replacement;
    const struct sg_node *value;            /* what is copied; the source's node itself */
    uint32_t source_event;                  /* who wrote it last, for the trace */
    const struct sg_fieldpath *source_path; /* … and where it stands */
    uint32_t source_object;
};

static int fail(const struct run *run, struct sg_err *err, const char *what) {
    return sg_k_fail(run->k, err, run->replacement->loc, "replacements: %s", what);
}

/* --- the source
 * ---------------------------------------------------------------------------- */

static bool text_selects(const char *wanted, sg_atom text) {
    return wanted == NULL || wanted[0] == '\0' || strcmp(wanted, text->text) == 0;
}

/* A source names one object by the exact parts of any id it has or had. */
static bool is_source(const struct sg_selector *id, const struct sg_resource *res) {
    const struct sg_resource_state *state = res->state;
    if (!text_selects(id->group, state->cur.group) ||
        !text_selects(id->version, state->cur.version)) {
        return false;
    }
    if (text_selects(id->kind, state->cur.kind) &&
        text_selects(id->name, state->cur.name) &&
        text_selects(id->namespace, state->ns)) {
        return true;
    }
    for (size_t i = 0; i < state->prev_len; i++) {
        const struct sg_prev_id *prev = &state->prev[i];
        if (text_selects(id->kind, prev->kind) && text_selects(id->name, prev->name) &&
            text_selects(id->namespace, prev->namespace)) {
            return true;
        }
    }
    return false;
}

/* Objects that may have this name, or all where it is open or an expression. */
static void list_candidates(struct run *run, const char *name, bool literal,
                            struct sg_reslist *out) {
    if (literal && name != NULL && name[0] != '\0') {
        sg_resmap_named(run->map, NULL, sg_k_atom(run->k, name), out);
        return;
    }
    for (size_t i = 0; i < run->map->items.len; i++) {
        sg_vec_push(&out->items, run->map->items.items[i]);
    }
}

static struct sg_resource *find_source(struct run *run, struct sg_err *err) {
    const struct sg_selector *id = &run->replacement->source.id;
    sg_auto_reslist list = {0};
    list_candidates(run, id->name, true, &list);
    struct sg_resource *found = NULL;
    for (size_t i = 0; i < list.items.len; i++) {
        if (!is_source(id, list.items.items[i])) {
            continue;
        }
        if (found != NULL) {
            fail(run, err, "the source selects more than one object, expected one");
            return NULL;
        }
        found = list.items.items[i];
    }
    if (found == NULL) {
        fail(run, err, "the source selects no object");
    }
    return found;
}

static bool is_empty(const struct sg_node *node) {
    return sg_is_null(node) || (!sg_is_scalar(node) && node->len == 0);
}

/* One piece of the value, cut at the delimiter. */
static int refine(struct run *run, const struct sg_replacement_options *options,
                  struct sg_err *err) {
    if (options->delimiter == NULL || options->delimiter[0] == '\0') {
        return 0;
    }
    if (!sg_is_scalar(run->value)) {
        return fail(run, err, "a delimiter needs a source that is a scalar");
    }
    const char *text = run->value->text;
    size_t step = strlen(options->delimiter);
    int64_t left = options->index;
    const char *end = strstr(text, options->delimiter);
    for (; left > 0 && end != NULL; left--) {
        text = end + step;
        end = strstr(text, options->delimiter);
    }
    if (left != 0) {
        return fail(run, err, "the index is out of bounds for the parts of the source");
    }
    size_t len = end == NULL ? strlen(text) : (size_t)(end - text);
    struct sg_node *copy = sg_node_clone(run->k->set, run->value);
    copy->text = sg_arena_strndup(&run->k->set->arena, text, len);
    copy->len = (uint32_t)len;
    run->value = copy;
    return 0;
}

/* "metadata", or its annotations or below: what kustomize notes of the object is there.
 */
static bool shows_state(struct sg_nodepath path) {
    return path.len > 0 && strcmp(path.parts[0], "metadata") == 0 &&
           (path.len == 1 || strcmp(path.parts[1], "annotations") == 0);
}

static int look_up(struct run *run, struct sg_resource *source, const char *path,
                   struct sg_field_hit *hit, struct sg_err *err) {
    struct sg_kustomize *k = run->k;
    struct sg_nodepath_root root = {.k = k, .res = source, .node = source->node};
    struct sg_nodepath parts = sg_nodepath_split(k, path, '.');
    bool shown = shows_state(parts);
    if (shown) {
        sg_state_show(k, source);
    }
    int result = sg_nodepath_lookup(&root, parts, hit, err);
    if (result == 0 && shown && hit->node != NULL && !sg_is_scalar(hit->node)) {
        hit->node = sg_node_clone(k->set, hit->node);
    }
    if (shown) {
        sg_state_hide(k, source);
    }
    return result < 0 ? sg_err_wrap(err, "replacements: source %s", path) : 0;
}

static int read_source(struct run *run, struct sg_err *err) {
    const struct sg_replacement *r = run->replacement;
    struct sg_kustomize *k = run->k;
    if ((r->source_value == NULL && !r->source.set) || r->targets_len == 0) {
        return fail(run, err, "expected a source and at least one target");
    }
    if (r->source_value != NULL && r->source.set) {
        return fail(run, err, "found both source and sourceValue, expected one");
    }
    run->source_event = SG_NO_EVENT;
    if (r->source_value != NULL) {
        run->value = sg_scalar_new(k->set, r->source_value, strlen(r->source_value),
                                   SG_TAG_NONE, SG_PLAIN);
        return 0;
    }
    struct sg_resource *source = find_source(run, err);
    if (source == NULL) {
        return -1;
    }
    const char *path = r->source.field_path;
    if (path == NULL || path[0] == '\0') {
        path = "metadata.name";
    }
    struct sg_field_hit hit;
    if (look_up(run, source, path, &hit, err) != 0) {
        return -1;
    }
    if (is_empty(hit.node)) {
        return sg_fail_object(k, source, source->node, err,
                              "replacements: the source has no field %s", path);
    }
    run->value = hit.node;
    if (k->trace != NULL) {
        run->source_event = sg_trace_last(k->trace, source->uid, hit.path);
        run->source_path = hit.path;
        run->source_object = source->uid;
    }
    return refine(run, &r->source.options, err);
}

/* --- the targets
 * --------------------------------------------------------------------------- */

/* Group, version, kind, name and namespace of one id the object has or had. */
static bool id_matches(const struct sg_matcher *matcher, const struct sg_resid *id) {
    return sg_matcher_gvk(matcher, id) && sg_matcher_name(matcher, id->name) &&
           sg_matcher_namespace(matcher, id->namespace);
}

static bool any_id_matches(const struct sg_matcher *matcher,
                           const struct sg_resource *res) {
    struct sg_resid id = res->state->cur;
    if (id_matches(matcher, &id)) {
        return true;
    }
    for (size_t i = 0; i < res->state->prev_len; i++) {
        const struct sg_prev_id *prev = &res->state->prev[i];
        id.kind = prev->kind;
        id.name = prev->name;
        id.namespace = prev->namespace;
        if (id_matches(matcher, &id)) {
            return true;
        }
    }
    return false;
}

static bool is_set(const char *text) {
    return text != NULL && text[0] != '\0';
}

struct target_run {
    const struct sg_replacement_target *target;
    struct sg_matcher *select;
    struct sg_matcher **reject;
};

static void target_release(struct target_run *t) {
    sg_matcher_free(t->select);
    for (size_t i = 0; t->reject != NULL && i < t->target->reject_len; i++) {
        sg_matcher_free(t->reject[i]);
    }
    free(t->reject);
}

static int target_init(struct run *run, struct target_run *t, struct sg_err *err) {
    const struct sg_replacement_target *target = t->target;
    if (!target->select.set) {
        return sg_k_fail(run->k, err, target->loc,
                         "replacements: the target has no select");
    }
    t->select = sg_matcher_new(run->k, &target->select, err);
    t->reject = sg_xcalloc(target->reject_len + 1, sizeof(struct sg_matcher *));
    for (size_t i = 0; t->select != NULL && i < target->reject_len; i++) {
        t->reject[i] = sg_matcher_new(run->k, &target->reject[i], err);
        if (t->reject[i] == NULL) {
            return -1;
        }
    }
    return t->select != NULL ? 0 : -1;
}

/* The parts of a reject count apart: its ids reject whatever its labels say. */
static bool is_rejected(const struct target_run *t, const struct sg_resource *res) {
    for (size_t i = 0; t->reject != NULL && i < t->target->reject_len; i++) {
        const struct sg_selector *s = &t->target->reject[i];
        bool labels = is_set(s->label_selector) || is_set(s->annotation_selector);
        bool ids = is_set(s->group) || is_set(s->version) || is_set(s->kind) ||
                   is_set(s->name) || is_set(s->namespace);
        if ((labels && sg_matcher_labels(t->reject[i], res)) ||
            (ids && any_id_matches(t->reject[i], res))) {
            return true;
        }
    }
    return false;
}

/* --- writing
 * ------------------------------------------------------------------------------- */

static void trace_write(const struct run *run, const struct sg_resource *res,
                        const struct sg_field_hit *hit, const struct sg_node *before) {
    if (run->k->trace == NULL) {
        return;
    }
    bool same = before != NULL && sg_node_equal(before, hit->node);
    bool whole = !sg_is_scalar(hit->node) || (before != NULL && !sg_is_scalar(before));
    struct sg_event event = {
        .object = res->uid,
        .path = hit->path,
        .op = (uint8_t)(same    ? SG_OP_NOOP
                        : whole ? SG_OP_REPLACE
                                : SG_OP_SET),
        .index = UINT32_MAX,
        .before = before,
        .after = hit->node,
        .loc = run->replacement->loc,
        .overrode = SG_NO_EVENT,
        .source = run->source_event,
        .source_path = run->source_path,
        .source_object = run->source_object,
    };
    (void)sg_trace_event(run->k->trace, &event);
}

/* `text` put into the delimited text of a target: before it (a negative index), behind it
 * (one past the end or more), or over a part. */
static void insert_part(const char *old, const char *text,
                        const struct sg_replacement_options *options,
                        struct sg_buf *out) {
    const char *delimiter = options->delimiter;
    size_t step = strlen(delimiter);
    if (options->index < 0) {
        sg_buf_addf(out, "%s%s", text, delimiter);
    }
    int64_t at = 0;
    for (const char *end; old != NULL; old = end != NULL ? end + step : NULL, at++) {
        end = strstr(old, delimiter);
        sg_buf_adds(out, at > 0 ? delimiter : "");
        if (at == options->index) {
            sg_buf_adds(out, text);
        } else {
            sg_buf_add(out, old, end != NULL ? (size_t)(end - old) : strlen(old));
        }
    }
    if (options->index >= at) {
        sg_buf_addf(out, "%s%s", delimiter, text);
    }
}

/* kustomize fails only where the object is written, which not every one is. */
static void note_misfit(struct sg_kustomize *k, const struct sg_resource *res,
                        const struct sg_node *node, const char *text) {
    if (res->state->misfit != NULL) {
        return;
    }
    struct sg_err *misfit = sg_arena_alloc(&k->set->arena, sizeof(*misfit));
    *misfit = (struct sg_err){0};
    (void)sg_fail_object(k, res, node, misfit,
                         "replacements: \"%s\" does not fit where a number, boolean or "
                         "null stands",
                         text);
    res->state->misfit = misfit;
}

static int write_target(const struct run *run, const struct sg_resource *res,
                        const struct sg_replacement_options *options,
                        const struct sg_field_hit *hit, struct sg_err *err) {
    struct sg_kustomize *k = run->k;
    const struct sg_node *before = hit->made ? NULL : sg_k_before(k, hit->node);
    const char *text = sg_is_scalar(run->value) ? run->value->text : "";
    bool delimited = is_set(options->delimiter);
    if (delimited && !sg_is_scalar(hit->node)) {
        return sg_fail_object(
            k, res, hit->node, err,
            "replacements: a delimiter needs a target that is a scalar");
    }
    if (!sg_is_scalar(hit->node)) {
        *hit->node = *sg_node_clone(k->set, run->value);
    } else {
        sg_auto_buf joined = SG_BUF_INIT;
        if (delimited) {
            insert_part(hit->node->text, text, options, &joined);
            text = sg_buf_cstr(&joined);
        }
        if (sg_scalar_replace_text(k->set, hit, text) < 0) {
            note_misfit(k, res, hit->node, text);
        }
    }
    trace_write(run, res, hit, before);
    return 0;
}

static enum sg_nodepath_create create_kind(const struct run *run,
                                           const struct sg_replacement_options *options) {
    if (!options->create) {
        return SG_CREATE_NOTHING;
    }
    return sg_is_map(run->value)   ? SG_CREATE_MAP
           : sg_is_seq(run->value) ? SG_CREATE_SEQ
                                   : SG_CREATE_SCALAR;
}

/* The path may lead into YAML or JSON that a string holds. */
static enum sg_structured write_inside_string(const struct run *run,
                                              const struct sg_nodepath_root *root,
                                              struct sg_nodepath path,
                                              enum sg_nodepath_create create,
                                              struct sg_err *err) {
    struct sg_field_hit hit;
    size_t used = 0;
    if (!sg_nodepath_string(root, path, &hit, &used)) {
        return SG_STRUCTURED_NONE;
    }
    struct sg_nodepath rest = {.parts = path.parts + used, .len = path.len - used};
    const struct sg_node *before = sg_k_before(run->k, hit.node);
    enum sg_structured result =
        sg_structured_set(root, hit.node, rest, create, run->value, err);
    if (result == SG_STRUCTURED_SET) {
        trace_write(run, root->res, &hit, before);
    } else if (result == SG_STRUCTURED_KEPT) {
        sg_k_warn(run->k, "SG105", "dropped: json-type", run->replacement->loc,
                  "replacements: the value is no number, boolean or null as stands in "
                  "the JSON, so kustomize leaves the JSON as it is");
    }
    return result;
}

static int write_field(const struct run *run, const struct sg_resource *res,
                       const struct sg_replacement_target *target, const char *text,
                       struct sg_nodepath path, struct sg_err *err) {
    struct sg_kustomize *k = run->k;
    struct sg_nodepath_root root = {.k = k, .res = res, .node = res->node};
    enum sg_nodepath_create create = create_kind(run, &target->options);
    enum sg_structured inside = write_inside_string(run, &root, path, create, err);
    if (inside == SG_STRUCTURED_ERROR) {
        return sg_err_wrap(err, "replacements: field %s", text);
    }
    if (inside != SG_STRUCTURED_NONE) {
        return 0;
    }
    sg_field_hits hits = {0};
    int result = sg_nodepath_match(&root, path, create, &hits, err);
    if (result < 0) {
        sg_err_wrap(err, "replacements: field %s", text);
    } else if (hits.len == 0) {
        result = sg_fail_object(k, res, res->node, err,
                                "replacements: unable to find%s the field %s",
                                target->options.create ? " or make" : "", text);
        sg_err_hint(err, "options: {create: true} makes a missing field");
    }
    for (size_t i = 0; i < hits.len && result == 0; i++) {
        result = write_target(run, res, &target->options, &hits.items[i], err);
    }
    sg_vec_release(&hits);
    return result;
}

/* All annotations are written, or one that is kustomize's own. */
static bool writes_state(struct sg_nodepath path) {
    return shows_state(path) &&
           (path.len < 3 || strstr(path.parts[2], "config.kubernetes.io/") != NULL);
}

static int write_path(const struct run *run, struct sg_resource *res,
                      const struct sg_replacement_target *target, const char *text,
                      struct sg_err *err) {
    struct sg_nodepath path = sg_nodepath_split(run->k, text, '.');
    if (!writes_state(path)) {
        return write_field(run, res, target, text, path, err);
    }
    sg_state_show(run->k, res);
    int result = write_field(run, res, target, text, path, err);
    sg_state_retake(run->k, res);
    return result;
}

static int write_paths(struct run *run, struct sg_resource *res,
                       const struct sg_replacement_target *target, struct sg_err *err) {
    for (size_t i = 0; i < target->field_paths.len; i++) {
        if (write_path(run, res, target, target->field_paths.items[i].text, err) < 0) {
            return -1;
        }
    }
    if (target->field_paths.len == 0 &&
        write_path(run, res, target, "metadata.name", err) < 0) {
        return -1;
    }
    sg_resmap_changed(run->k, run->map, res);
    return 0;
}

static int replace_in_target(struct run *run, struct target_run *t, uint32_t *matched,
                             struct sg_err *err) {
    if (target_init(run, t, err) < 0) {
        return -1;
    }
    const char *name = t->target->select.name;
    bool literal = name != NULL && strpbrk(name, "\\.+*?()|[]{}^$") == NULL;
    sg_auto_reslist list = {0};
    list_candidates(run, name, literal, &list);
    uint32_t found = 0;
    for (size_t i = 0; i < list.items.len; i++) {
        struct sg_resource *res = list.items.items[i];
        if (!any_id_matches(t->select, res) || !sg_matcher_labels(t->select, res) ||
            is_rejected(t, res)) {
            continue;
        }
        found++;
        if (write_paths(run, res, t->target, err) < 0) {
            return -1;
        }
    }
    if (found == 0) {
        sg_k_warn(run->k, "SG104", "no-op", t->target->loc,
                  "replacements: this target selects no object");
    }
    *matched += found;
    return 0;
}

int sg_transform_replacement(struct sg_kustomize *k, struct sg_resmap *map,
                             const struct sg_replacement *replacement, uint32_t item,
                             struct sg_err *err) {
    if (!sg_step_begin(k, SG_STEP_REPLACE, "replacements", replacement->loc, item)) {
        return 0;
    }
    struct run run = {.k = k, .map = map, .replacement = replacement};
    if (read_source(&run, err) < 0) {
        return -1;
    }
    uint32_t matched = 0;
    for (size_t i = 0; i < replacement->targets_len; i++) {
        struct target_run t = {.target = &replacement->targets[i]};
        int result = replace_in_target(&run, &t, &matched, err);
        target_release(&t);
        if (result < 0) {
            return -1;
        }
    }
    sg_step_matched(k, matched);
    return 0;
}
