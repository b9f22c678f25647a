/* metadata.c - see metadata.h. The texts are laid out as kustomize's YAML of its origin
 * struct. */
#include "metadata.h"

#include "sg/remote_url.h"
#include "sg/strict.h"
#include "sg/yaml.h"

#include <string.h>

static const char origin_key[] = "config.kubernetes.io/origin";
static const char transformations_key[] = "alpha.config.kubernetes.io/transformations";

static struct sg_origin *copy(struct sg_kustomize *k, const struct sg_origin *origin) {
    struct sg_origin *out = sg_arena_alloc(&k->set->arena, sizeof(*out));
    *out = *origin;
    return out;
}

/* "a/b" and "../c" to "a/c": as text, parts that leave the front are kept. */
static const char *join(struct sg_kustomize *k, const char *dir, const char *path) {
    SG_VEC(struct sg_str) parts = {0};
    const char *texts[] = {dir, path};
    for (size_t i = 0; i < SG_ARRAY_LEN(texts); i++) {
        for (const char *at = texts[i]; *at != '\0';) {
            size_t len = strcspn(at, "/");
            bool up = len == 2 && memcmp(at, "..", 2) == 0;
            bool over =
                parts.len > 0 && !(parts.items[parts.len - 1].len == 2 &&
                                   memcmp(parts.items[parts.len - 1].ptr, "..", 2) == 0);
            if (up && over) {
                parts.len--;
            } else if (len > 0 && !(len == 1 && *at == '.')) {
                sg_vec_push(&parts, (struct sg_str){at, len});
            }
            at += len + (at[len] == '/');
        }
    }
    sg_auto_buf out = SG_BUF_INIT;
    sg_buf_adds(&out, dir[0] == '\0' && path[0] == '/' ? "/" : "");
    for (size_t i = 0; i < parts.len; i++) {
        sg_buf_adds(&out, i > 0 ? "/" : "");
        sg_buf_add(&out, parts.items[i].ptr, parts.items[i].len);
    }
    sg_vec_release(&parts);
    return sg_k_strdup(k, out.len > 0 ? sg_buf_cstr(&out) : "");
}

const struct sg_origin *sg_origin_file(struct sg_kustomize *k,
                                       const struct sg_target *target, const char *path) {
    if (target->origin == NULL) {
        return NULL;
    }
    struct sg_origin *origin = copy(k, target->origin);
    origin->path = join(k, origin->path, path);
    return origin;
}

const struct sg_origin *sg_origin_folder(struct sg_kustomize *k,
                                         const struct sg_target *target, const char *path,
                                         const struct sg_loader *loader) {
    if (target->origin == NULL) {
        return NULL;
    }
    struct sg_origin *origin = copy(k, target->origin);
    struct sg_remote_url url = {0};
    if (sg_remote_url_parse(path, &url)) {
        origin->repo = loader->repo;
        origin->ref = loader->ref;
        origin->path = sg_k_strdup(k, url.path);
    } else {
        origin->path = join(k, origin->path, path);
    }
    sg_remote_url_release(&url);
    return origin;
}

const struct sg_origin *sg_origin_builtin(struct sg_kustomize *k,
                                          const struct sg_target *target,
                                          const char *plugin) {
    if (target->origin == NULL) {
        return NULL;
    }
    struct sg_origin *origin = copy(k, target->origin);
    const char *name = strrchr(target->kz->file, '/');
    origin->configured_in =
        join(k, origin->path, name != NULL ? name + 1 : target->kz->file);
    origin->path = "";
    origin->api_version = "builtin";
    origin->kind = plugin;
    return origin;
}

const struct sg_origin *sg_origin_config(struct sg_kustomize *k,
                                         const struct sg_target *target,
                                         const struct sg_resource *config) {
    if (target->origin == NULL || config->state->origin == NULL) {
        return NULL;
    }
    struct sg_origin *origin = copy(k, config->state->origin);
    const char *version = sg_text(sg_map_get(config->node, SG_ATOM(apiVersion)));
    origin->configured_in = origin->path;
    origin->path = "";
    origin->api_version = version != NULL ? version : "";
    origin->kind = config->state->cur.kind->text;
    origin->name = config->state->cur.name->text;
    origin->namespace = config->state->cur.namespace->text;
    return origin;
}

void sg_transformed_by(struct sg_kustomize *k, struct sg_resmap *map,
                       const struct sg_origin *by) {
    for (size_t i = 0; by != NULL && i < map->items.len; i++) {
        struct sg_resource_state *state = map->items.items[i]->state;
        if (state->origin == NULL) {
            state->origin = by;
            continue;
        }
        if (sg_annotations_rewrite(k, map->items.items[i], &k->late) != 0) {
            return;
        }
        struct sg_transformed *entry = sg_arena_alloc(&k->set->arena, sizeof(*entry));
        *entry = (struct sg_transformed){by, state->transformed};
        state->transformed = entry;
    }
}

/* --- writing -------------------------------------------------------------------------
 */

static void add_line(struct sg_buf *out, const char *indent, bool *dash, const char *key,
                     const char *value) {
    if (value == NULL || value[0] == '\0') {
        return;
    }
    bool plain = sg_resolve_yaml11(value, strlen(value)) == SG_TAG_STR;
    const char *quote = plain ? "" : "\"";
    sg_buf_addf(out, "%s%s: %s%s%s\n", *dash ? "- " : indent, key, quote, value, quote);
    *dash = false;
}

/* One origin as YAML; `item`: as an element of a list. */
static void origin_text(const struct sg_origin *origin, bool item, struct sg_buf *out) {
    const char *indent = item ? "  " : "";
    bool dash = item;
    add_line(out, indent, &dash, "path", origin->path);
    add_line(out, indent, &dash, "repo", origin->repo);
    add_line(out, indent, &dash, "ref", origin->ref);
    add_line(out, indent, &dash, "configuredIn", origin->configured_in);
    if (origin->kind[0] == '\0') {
        return;
    }
    sg_buf_addf(out, "%sconfiguredBy:\n", dash ? "- " : indent);
    const char *inner = item ? "    " : "  ";
    dash = false;
    add_line(out, inner, &dash, "apiVersion", origin->api_version);
    add_line(out, inner, &dash, "kind", origin->kind);
    add_line(out, inner, &dash, "name", origin->name);
    add_line(out, inner, &dash, "namespace", origin->namespace);
}

/* Oldest first. */
static void transformed_text(const struct sg_transformed *entry, struct sg_buf *out) {
    SG_VEC(const struct sg_origin *) all = {0};
    for (; entry != NULL; entry = entry->next) {
        sg_vec_push(&all, entry->by);
    }
    while (all.len > 0) {
        origin_text(all.items[--all.len], true, out);
    }
    sg_vec_release(&all);
}

static void annotate(struct sg_kustomize *k, struct sg_resource *res, sg_atom map,
                     const char *key, const char *value) {
    struct sg_node *metadata = sg_map_ensure(k->set, res->node, SG_ATOM(metadata));
    struct sg_node *field =
        metadata == NULL ? NULL : sg_map_ensure(k->set, metadata, map);
    if (field != NULL) {
        (void)sg_map_put(k->set, field, sg_k_atom(k, key), sg_str_new(k->set, value));
    }
}

/* --- the state of a resource as annotations ---------------------------------------- */

#define INTERNAL "internal.config.kubernetes.io/"

static const char *join_atoms(struct sg_kustomize *k, const sg_atom *atoms, size_t len) {
    sg_auto_buf out = SG_BUF_INIT;
    for (size_t i = 0; i < len; i++) {
        sg_buf_addf(&out, "%s%s", i > 0 ? "," : "", atoms[i]->text);
    }
    return sg_k_strdup(k, sg_buf_cstr(&out));
}

static void show(struct sg_kustomize *k, struct sg_resource *res, const char *key,
                 const char *value) {
    if (value[0] != '\0') {
        annotate(k, res, SG_ATOM(annotations), key, value);
    }
}

static void show_previous(struct sg_kustomize *k, struct sg_resource *res) {
    sg_auto_buf kinds = SG_BUF_INIT, names = SG_BUF_INIT, namespaces = SG_BUF_INIT;
    for (size_t i = 0; i < res->state->prev_len; i++) {
        const struct sg_prev_id *id = &res->state->prev[i];
        const char *comma = i > 0 ? "," : "";
        sg_buf_addf(&kinds, "%s%s", comma, id->kind->text);
        sg_buf_addf(&names, "%s%s", comma, id->name->text);
        sg_buf_addf(&namespaces, "%s%s", comma, id->namespace->text);
    }
    show(k, res, INTERNAL "previousKinds", sg_buf_cstr(&kinds));
    show(k, res, INTERNAL "previousNames", sg_buf_cstr(&names));
    show(k, res, INTERNAL "previousNamespaces", sg_buf_cstr(&namespaces));
}

void sg_state_show(struct sg_kustomize *k, struct sg_resource *res) {
    static const char *const behaviors[] = {"unspecified", "create", "replace", "merge"};
    const struct sg_resource_state *state = res->state;
    sg_auto_buf text = SG_BUF_INIT;
    show_previous(k, res);
    show(k, res, INTERNAL "prefixes",
         join_atoms(k, state->prefixes, state->prefixes_len));
    show(k, res, INTERNAL "suffixes",
         join_atoms(k, state->suffixes, state->suffixes_len));
    if (state->generated) {
        show(k, res, INTERNAL "generatorBehavior", behaviors[state->behavior]);
    }
    show(k, res, INTERNAL "needsHashSuffix", state->needs_hash ? "enabled" : "");
    if (state->origin != NULL) {
        origin_text(state->origin, false, &text);
        show(k, res, origin_key, sg_buf_cstr(&text));
    }
    sg_buf_clear(&text);
    transformed_text(state->transformed, &text);
    show(k, res, transformations_key, sg_buf_cstr(&text));
}

/* The parts of a list with commas; an empty text has one empty part. */
static size_t split_atoms(struct sg_kustomize *k, const char *text, sg_atom **out) {
    size_t len = 1;
    for (const char *at = text; (at = strchr(at, ',')) != NULL; at++) {
        len++;
    }
    *out = sg_arena_alloc(&k->set->arena, len * sizeof(**out));
    for (size_t i = 0; i < len; i++) {
        size_t part = strcspn(text, ",");
        (*out)[i] = sg_k_atom(k, sg_arena_strndup(&k->set->arena, text, part));
        text += part + 1;
    }
    return len;
}

static const char *text_of(const struct sg_node *annotations, const char *key) {
    return sg_text(sg_map_gets(annotations, key));
}

/* Earlier identities. kustomize crashes where the three lists differ in length. */
static void take_previous(struct sg_kustomize *k, struct sg_resource *res,
                          const struct sg_node *annotations) {
    const char *texts[] = {text_of(annotations, INTERNAL "previousKinds"),
                           text_of(annotations, INTERNAL "previousNames"),
                           text_of(annotations, INTERNAL "previousNamespaces")};
    sg_atom *parts[3];
    size_t lens[3];
    if (texts[1] == NULL || res->state->prev_len > 0) {
        return;
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(texts); i++) {
        lens[i] = split_atoms(k, texts[i] != NULL ? texts[i] : "", &parts[i]);
    }
    if (lens[0] != lens[1] || lens[2] != lens[1]) {
        (void)sg_k_fail(k, &k->late, res->loc,
                        "the annotations previousNames, previousKinds and "
                        "previousNamespaces have different numbers of parts");
        return;
    }
    for (size_t i = 0; i < lens[1]; i++) {
        sg_resource_add_previous(
            k, res, (struct sg_prev_id){parts[0][i], parts[1][i], parts[2][i]});
    }
}

static void take_affixes(struct sg_kustomize *k, const char *text, sg_atom **out,
                         size_t *len, size_t *cap) {
    if (text != NULL && *len == 0) {
        *len = *cap = split_atoms(k, text, out);
    }
}

static bool is_enabled(const struct sg_node *annotations, const char *key) {
    const char *text = text_of(annotations, key);
    return text != NULL && strcmp(text, "enabled") == 0;
}

/* What is in `state` as data. */
static bool is_state(const struct sg_entry *entry, void *ctx) {
    static const char *const keys[] = {
        "previousKinds", "previousNames",   "previousNamespaces", "prefixes",
        "suffixes",      "needsHashSuffix", "generatorBehavior"};
    (void)ctx;
    const char *key = entry->key->text;
    if (strncmp(key, INTERNAL, sizeof(INTERNAL) - 1) != 0) {
        return false;
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(keys); i++) {
        if (strcmp(key + sizeof(INTERNAL) - 1, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool sg_state_named(const struct sg_node *annotations) {
    for (uint32_t i = 0; sg_is_map(annotations) && i < annotations->len; i++) {
        if (is_state(&annotations->entries[i], NULL)) {
            return true;
        }
    }
    return false;
}

void sg_state_take(struct sg_kustomize *k, struct sg_resource *res) {
    struct sg_resource_state *state = res->state;
    struct sg_node *annotations = sg_resource_annotations(res);
    if (!sg_state_named(annotations)) {
        return;
    }
    take_previous(k, res, annotations);
    take_affixes(k, text_of(annotations, INTERNAL "prefixes"), &state->prefixes,
                 &state->prefixes_len, &state->prefixes_cap);
    take_affixes(k, text_of(annotations, INTERNAL "suffixes"), &state->suffixes,
                 &state->suffixes_len, &state->suffixes_cap);
    state->needs_hash |= is_enabled(annotations, INTERNAL "needsHashSuffix");
    (void)sg_map_remove_if(annotations, is_state, NULL);
}

void sg_state_hide(struct sg_kustomize *k, struct sg_resource *res) {
    struct sg_node *annotations = sg_resource_annotations(res);
    if (sg_map_gets(annotations, origin_key) == NULL) {
        res->state->origin = NULL;
    }
    if (sg_map_gets(annotations, transformations_key) == NULL) {
        res->state->transformed = NULL;
    }
    if (sg_is_map(annotations)) {
        (void)sg_map_remove(annotations, sg_k_atom(k, origin_key));
        (void)sg_map_remove(annotations, sg_k_atom(k, transformations_key));
    }
    sg_state_take(k, res);
}

static bool is_internal(const struct sg_entry *entry) {
    return strncmp(entry->key->text, INTERNAL, sizeof(INTERNAL) - 1) == 0;
}

struct sg_node *sg_internal_save(struct sg_kustomize *k, const struct sg_resource *res) {
    const struct sg_node *annotations = sg_resource_annotations(res);
    struct sg_node *saved = NULL;
    for (uint32_t i = 0; sg_is_map(annotations) && i < annotations->len; i++) {
        const struct sg_entry *entry = &annotations->entries[i];
        if (is_internal(entry)) {
            saved = saved == NULL ? sg_map_new(k->set) : saved;
            (void)sg_map_put(k->set, saved, entry->key,
                             sg_node_clone(k->set, entry->value));
        }
    }
    return saved;
}

void sg_internal_restore(struct sg_kustomize *k, struct sg_resource *res,
                         const struct sg_node *saved) {
    struct sg_node *metadata =
        saved == NULL ? NULL : sg_map_ensure(k->set, res->node, SG_ATOM(metadata));
    struct sg_node *annotations =
        metadata == NULL ? NULL : sg_map_ensure(k->set, metadata, SG_ATOM(annotations));
    for (uint32_t i = 0; annotations != NULL && i < saved->len; i++) {
        (void)sg_map_put(k->set, annotations, saved->entries[i].key,
                         saved->entries[i].value);
    }
}

void sg_state_retake(struct sg_kustomize *k, struct sg_resource *res) {
    const struct sg_origin *origin = res->state->origin;
    struct sg_transformed *transformed = res->state->transformed;
    sg_resource_forget(res);
    res->state->origin = origin;
    res->state->transformed = transformed;
    sg_state_hide(k, res);
}

bool sg_state_allows(const struct sg_node *patch, const char *what) {
    const struct sg_node *annotations =
        sg_map_get(sg_map_get(patch, SG_ATOM(metadata)), SG_ATOM(annotations));
    sg_auto_buf key = SG_BUF_INIT;
    if (!sg_is_map(annotations)) {
        return false;
    }
    sg_buf_addf(&key, INTERNAL "%s", what);
    return is_enabled(annotations, sg_buf_cstr(&key));
}

/* --- annotations as strings -------------------------------------------------------- */

static struct sg_entry *put_annotation(struct sg_kustomize *k, struct sg_node *map,
                                       sg_atom key, const struct sg_node *value,
                                       uint32_t key_loc) {
    struct sg_node *string =
        sg_is_scalar(value)
            ? sg_scalar_new(k->set, value->text, value->len, SG_TAG_STR, SG_PLAIN)
            : sg_str_new(k->set, ""); /* a map or list has no text */
    string->loc = value->loc;
    struct sg_entry *put = sg_map_put(k->set, map, key, string);
    put->key_loc = key_loc;
    return put;
}

/* kustomize walks a list as if it were a map: one item is a key, the next its value. It
 * crashes where that does not work out. */
static int pair_annotations(struct sg_kustomize *k, struct sg_node *map,
                            const struct sg_node *list, struct sg_err *err) {
    for (uint32_t i = 0; i < list->len; i += 2) {
        const struct sg_node *key = list->items[i];
        if (!sg_is_scalar(key) || i + 1 == list->len) {
            (void)sg_k_fail(k, err, list->loc,
                            "annotations: found a list, expected a map");
            return sg_err_hint(err, "write each one as 'name: value'");
        }
        sg_atom name = sg_k_atom(k, key->text);
        struct sg_entry *put = put_annotation(k, map, name, list->items[i + 1], key->loc);
        put->key_tag = (uint8_t)sg_resolve_read(name->text, name->len);
    }
    return 0;
}

/* kustomize's own annotations that mean nothing in the output; the others of its names
 * are left. */
static bool is_stripped(const char *key, const struct sg_kustomization *root) {
    static const char *const keys[] = {INTERNAL "allowNameChange",
                                       INTERNAL "allowKindChange",
                                       INTERNAL "refBy",
                                       INTERNAL "path",
                                       INTERNAL "index",
                                       INTERNAL "id",
                                       INTERNAL "seqindent",
                                       INTERNAL "annotations-migration-resource-id",
                                       "config.kubernetes.io/path",
                                       "config.kubernetes.io/index",
                                       "config.k8s.io/id"};
    if (key[0] == 'a') {
        return !root->transformer_annotations && strcmp(key, transformations_key) == 0;
    }
    if (key[0] != 'i' && key[0] != 'c') {
        return false;
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(keys); i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return !root->origin_annotations && strcmp(key, origin_key) == 0;
}

/*
 * kustomize reads and writes annotations as a map of strings: of a repeated key the last
 * value stays, every value becomes a string, a quoted key loses its quotes (so that "1"
 * is refused when it is written), and what holds none of them means no field.
 */
static int rewrite(struct sg_kustomize *k, struct sg_resource *res,
                   const struct sg_kustomization *root, struct sg_err *err) {
    struct sg_node *metadata = sg_map_get(res->node, SG_ATOM(metadata));
    if (metadata == NULL) { /* a nameless list */
        (void)sg_map_put(k->set, res->node, SG_ATOM(metadata), sg_map_new(k->set));
    }
    struct sg_node *old = sg_map_get(metadata, SG_ATOM(annotations));
    if (old == NULL) {
        return 0;
    }
    struct sg_node *fresh = sg_map_new(k->set);
    for (uint32_t i = 0; sg_is_map(old) && i < old->len; i++) {
        const struct sg_entry *entry = &old->entries[i];
        if (root != NULL && is_stripped(entry->key->text, root)) {
            continue;
        }
        struct sg_entry *put =
            put_annotation(k, fresh, entry->key, entry->value, entry->key_loc);
        put->key_tag = (uint8_t)sg_resolve_read(entry->key->text, entry->key->len);
    }
    if (sg_is_seq(old) && pair_annotations(k, fresh, old, err) != 0) {
        return -1;
    }
    if (fresh->len == 0) {
        (void)sg_map_remove(metadata, SG_ATOM(annotations));
    } else {
        (void)sg_map_put(k->set, metadata, SG_ATOM(annotations), fresh);
    }
    return 0;
}

static bool are_strings(const struct sg_node *annotations) {
    for (uint32_t i = 0; sg_is_map(annotations) && i < annotations->len; i++) {
        const struct sg_node *value = annotations->entries[i].value;
        if (!sg_is_scalar(value) || value->tag != SG_TAG_STR) {
            return false;
        }
    }
    return sg_is_map(annotations) && annotations->len > 0;
}

int sg_annotations_rewrite(struct sg_kustomize *k, struct sg_resource *res,
                           struct sg_err *err) {
    return are_strings(sg_resource_annotations(res)) ? 0 : rewrite(k, res, NULL, err);
}

int sg_annotations_finish(struct sg_kustomize *k, const struct sg_kustomization *root,
                          struct sg_resource *res, struct sg_err *err) {
    return rewrite(k, res, root, err);
}

/* --- the end ----------------------------------------------------------------------- */

/* An origin that stands in the input. */
static int read_origin(struct sg_kustomize *k, const struct sg_node *node,
                       struct sg_origin *out, struct sg_err *err) {
    *out = (struct sg_origin){"", "", "", "", "", "", "", ""};
    const struct sg_node *by = sg_strict_get(node, "configuredBy", true);
    const struct {
        const struct sg_node *map;
        const char *name, **to;
    } fields[] = {
        {node, "path", &out->path},
        {node, "repo", &out->repo},
        {node, "ref", &out->ref},
        {node, "configuredIn", &out->configured_in},
        {by, "apiVersion", &out->api_version},
        {by, "kind", &out->kind},
        {by, "name", &out->name},
        {by, "namespace", &out->namespace},
    };
    if (!sg_is_map(node) && !sg_is_null(node)) {
        return sg_k_fail(k, err, 0, "an origin is no map");
    }
    if (by != NULL && !sg_is_map(by) && !sg_is_null(by)) {
        return sg_k_fail(k, err, 0, "configuredBy is no map");
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(fields); i++) {
        const struct sg_node *value = sg_strict_get(fields[i].map, fields[i].name, true);
        if (value == NULL || sg_is_null(value)) {
            continue;
        }
        if (!sg_is_scalar(value)) {
            return sg_k_fail(k, err, 0, "%s is no text", fields[i].name);
        }
        *fields[i].to = value->text;
    }
    return 0;
}

/* The annotation's text as YAML, NULL for none. */
static int read_annotation(struct sg_kustomize *k, const struct sg_resource *res,
                           const char *key, const struct sg_node **out,
                           struct sg_err *err) {
    const struct sg_node *value = sg_map_gets(sg_resource_annotations(res), key);
    const struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .yaml11 = true};
    sg_auto_yaml_docs docs = {0};
    *out = NULL;
    if (sg_text(value) == NULL) {
        return 0;
    }
    if (sg_yaml_read(k->set, "(an annotation)", value->text, value->len, &opts, &docs,
                     err) != 0) {
        return -1;
    }
    *out = docs.roots.len > 0 ? docs.roots.items[0] : NULL;
    return 0;
}

/* At the object: the annotation's text has no places of its own. */
static int fail_annotation(struct sg_kustomize *k, const struct sg_resource *res,
                           const char *key, const struct sg_err *why,
                           struct sg_err *err) {
    return sg_k_fail(k, err, res->loc, "the annotation %s: %s", key, why->text);
}

int sg_origin_check(struct sg_kustomize *k, const struct sg_resource *res,
                    struct sg_err *err) {
    const struct sg_node *node;
    struct sg_origin origin;
    struct sg_err why = {0};
    if (read_annotation(k, res, origin_key, &node, &why) != 0 ||
        (node != NULL && read_origin(k, node, &origin, &why) != 0)) {
        return fail_annotation(k, res, origin_key, &why, err);
    }
    return 0;
}

/* The transformations that the object brought with it. */
static int brought_text(struct sg_kustomize *k, const struct sg_resource *res,
                        struct sg_buf *out, struct sg_err *err) {
    const struct sg_node *list;
    struct sg_err why = {0};
    if (read_annotation(k, res, transformations_key, &list, &why) != 0) {
        return fail_annotation(k, res, transformations_key, &why, err);
    }
    if (list != NULL && !sg_is_seq(list) && !sg_is_null(list)) {
        return sg_k_fail(k, err, res->loc, "the annotation %s is no list",
                         transformations_key);
    }
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        struct sg_origin origin;
        if (read_origin(k, list->items[i], &origin, &why) != 0) {
            return fail_annotation(k, res, transformations_key, &why, err);
        }
        origin_text(&origin, true, out);
    }
    return 0;
}

int sg_write_metadata(struct sg_kustomize *k, struct sg_resmap *map,
                      const struct sg_kustomization *root, struct sg_err *err) {
    for (size_t i = 0; i < map->items.len; i++) {
        struct sg_resource *res = map->items.items[i];
        sg_auto_buf text = SG_BUF_INIT;
        if (root->managed_by_label) {
            annotate(k, res, SG_ATOM(labels), "app.kubernetes.io/managed-by",
                     "kustomize-v5.8.1");
        }
        if (root->origin_annotations && res->state->origin != NULL) {
            origin_text(res->state->origin, false, &text);
            annotate(k, res, SG_ATOM(annotations), origin_key, sg_buf_cstr(&text));
        }
        if (res->state->transformed == NULL) {
            continue;
        }
        sg_buf_clear(&text);
        if (brought_text(k, res, &text, err) != 0) {
            return -1;
        }
        if (root->transformer_annotations) {
            transformed_text(res->state->transformed, &text);
            annotate(k, res, SG_ATOM(annotations), transformations_key,
                     sg_buf_cstr(&text));
        }
    }
    return 0;
}
