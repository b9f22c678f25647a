/* metadata.c - see metadata.h. The texts are laid out as kustomize's YAML of its origin
 * struct. */
#include "metadata.h"

#include "remote_url.h"

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

static bool is_state(const struct sg_entry *entry, void *ctx) {
    (void)ctx;
    const char *key = entry->key->text;
    return strncmp(key, INTERNAL, sizeof(INTERNAL) - 1) == 0 ||
           strcmp(key, origin_key) == 0 || strcmp(key, transformations_key) == 0;
}

void sg_state_hide(struct sg_resource *res) {
    struct sg_node *annotations = sg_resource_annotations(res);
    if (sg_map_gets(annotations, origin_key) == NULL) {
        res->state->origin = NULL;
    }
    if (sg_map_gets(annotations, transformations_key) == NULL) {
        res->state->transformed = NULL;
    }
    if (sg_is_map(annotations)) {
        (void)sg_map_remove_if(annotations, is_state, NULL);
    }
}

void sg_write_metadata(struct sg_kustomize *k, struct sg_resmap *map,
                       const struct sg_kustomization *root) {
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
        sg_buf_clear(&text);
        if (root->transformer_annotations && res->state->transformed != NULL) {
            transformed_text(res->state->transformed, &text);
            annotate(k, res, SG_ATOM(annotations), transformations_key,
                     sg_buf_cstr(&text));
        }
    }
}
