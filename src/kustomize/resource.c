/* resource.c - resources and their state; see resource.h. */
#include "resource.h"

#include "openapi.h"

#include "context.h"
#include "metadata.h"

#include "sg/yaml.h"

#include <string.h>

static const char *text_or_empty(const struct sg_node *node) {
    const char *text = sg_text(node);
    return text != NULL ? text : "";
}

static struct sg_node *meta_field(const struct sg_resource *res, sg_atom field) {
    return sg_map_get(sg_map_get(res->node, SG_ATOM(metadata)), field);
}

const char *sg_resource_name(const struct sg_resource *res) {
    return text_or_empty(meta_field(res, SG_ATOM(name)));
}

const char *sg_resource_namespace(const struct sg_resource *res) {
    return text_or_empty(meta_field(res, SG_ATOM(namespace)));
}

struct sg_node *sg_resource_labels(const struct sg_resource *res) {
    return meta_field(res, SG_ATOM(labels));
}

struct sg_node *sg_resource_annotations(const struct sg_resource *res) {
    return meta_field(res, SG_ATOM(annotations));
}

void sg_resid_text(const struct sg_resid *id, struct sg_buf *out) {
    sg_buf_addf(out, "%s %s", id->kind->text, id->name->text);
    if (id->namespace->len > 0) {
        sg_buf_addf(out, " in namespace %s", id->namespace->text);
    }
}

/* --- identities ----------------------------------------------------------------- */

void sg_resid_parse_version(struct sg_kustomize *k, const char *api_version,
                            sg_atom *group, sg_atom *version) {
    const char *slash = strchr(api_version, '/');
    if (slash == NULL) {
        /* the apiVersion of kustomize's own plugins in its first releases */
        bool builtin = strcmp(api_version, "builtin") == 0;
        *group = sg_k_atom(k, builtin ? api_version : "");
        *version = sg_k_atom(k, builtin ? "" : api_version);
        return;
    }
    sg_atom atom = slash == api_version
                       ? k->empty
                       : sg_atom_intern(k->atoms, api_version,
                                        (size_t)(slash - api_version), &k->late);
    *group = atom != NULL ? atom : k->empty;
    *version = sg_k_atom(k, slash + 1);
}

bool sg_resid_cluster_scoped(struct sg_kustomize *k, const struct sg_resid *id) {
    static const char yes, no;
    sg_atom key[] = {id->group, id->version, id->kind};
    const void *known = sg_strmap_get(&k->scopes, (const char *)key, sizeof(key));
    if (known == NULL) {
        sg_auto_buf api_version = SG_BUF_INIT;
        if (id->group->len > 0) {
            sg_buf_addf(&api_version, "%s/", id->group->text);
        }
        sg_buf_adds(&api_version, id->version->text);
        enum sg_scope scope =
            sg_schema_scope(SG_SCHEMA_MERGE, sg_buf_cstr(&api_version), id->kind->text);
        k->schema_used |= scope == SG_SCOPE_UNKNOWN;
        if (scope == SG_SCOPE_UNKNOWN) {
            scope = sg_openapi_scope(k, sg_buf_cstr(&api_version), id->kind->text);
        }
        known = scope == SG_SCOPE_CLUSTER ? &yes : &no;
        (void)sg_strmap_put(&k->scopes, (const char *)key, sizeof(key),
                            (void *)(uintptr_t)known);
    }
    return known == &yes;
}

sg_atom sg_resid_effective_namespace(struct sg_kustomize *k, const struct sg_resid *id) {
    if (sg_resid_cluster_scoped(k, id)) {
        return k->no_ns;
    }
    return id->namespace->len == 0 ? k->default_ns : id->namespace;
}

bool sg_resid_same_namespace(struct sg_kustomize *k, const struct sg_resid *a,
                             const struct sg_resid *b) {
    return sg_resid_effective_namespace(k, a) == sg_resid_effective_namespace(k, b);
}

bool sg_resid_same_gvk(const struct sg_resid *a, const struct sg_resid *b) {
    return a->kind == b->kind && a->version == b->version && a->group == b->group;
}

bool sg_resid_equal(struct sg_kustomize *k, const struct sg_resid *a,
                    const struct sg_resid *b) {
    return a->name == b->name && sg_resid_same_gvk(a, b) &&
           sg_resid_same_namespace(k, a, b);
}

/* --- resources ------------------------------------------------------------------ */

void sg_resource_refresh(struct sg_kustomize *k, struct sg_resource *res) {
    struct sg_resource_state *state = res->state;
    const struct sg_node *metadata = sg_map_get(res->node, SG_ATOM(metadata));
    sg_resid_parse_version(k, text_or_empty(sg_map_get(res->node, SG_ATOM(apiVersion))),
                           &state->cur.group, &state->cur.version);
    state->cur.kind = sg_k_atom(k, sg_text(sg_map_get(res->node, SG_ATOM(kind))));
    state->cur.name = sg_k_atom(k, sg_text(sg_map_get(metadata, SG_ATOM(name))));
    state->cur.namespace =
        sg_k_atom(k, sg_text(sg_map_get(metadata, SG_ATOM(namespace))));
    state->cluster = sg_resid_cluster_scoped(k, &state->cur);
    state->ns = sg_resid_effective_namespace(k, &state->cur);
}

bool sg_resource_misfits(struct sg_kustomize *k, const struct sg_resource *res,
                         struct sg_err *err) {
    if (res->state->misfit == NULL) {
        return false;
    }
    sg_auto_buf unused = SG_BUF_INIT;
    struct sg_err why = {0};
    if (sg_yaml_write(k->set, res->node, &unused, &why) == 0) {
        return false; /* the text was replaced since */
    }
    *err = *res->state->misfit;
    return true;
}

struct sg_resource *sg_resource_new(struct sg_kustomize *k, struct sg_node *node,
                                    const char *file) {
    struct sg_resource *res = sg_arena_alloc(&k->set->arena, sizeof(*res));
    res->node = node;
    res->uid = k->next_uid++;
    res->loc = node->loc;
    res->file = file;
    res->state = sg_arena_alloc(&k->set->arena, sizeof(*res->state));
    sg_resource_refresh(k, res);
    res->orig = res->state->cur;
    sg_state_take(k, res);
    return res;
}

static void *copy_array(struct sg_kustomize *k, void *items, size_t len, size_t size) {
    return len == 0 ? NULL : sg_arena_grow(&k->set->arena, items, len, len, size);
}

struct sg_resource *sg_resource_clone(struct sg_kustomize *k,
                                      const struct sg_resource *res) {
    struct sg_resource *copy = sg_arena_alloc(&k->set->arena, sizeof(*copy));
    *copy = *res;
    copy->uid = k->next_uid++;
    copy->node = sg_node_clone(k->set, res->node);
    copy->state = sg_arena_alloc(&k->set->arena, sizeof(*copy->state));
    struct sg_resource_state *state = copy->state;
    *state = *res->state;
    state->prev = copy_array(k, state->prev, state->prev_len, sizeof(*state->prev));
    state->prefixes =
        copy_array(k, state->prefixes, state->prefixes_len, sizeof(sg_atom));
    state->suffixes =
        copy_array(k, state->suffixes, state->suffixes_len, sizeof(sg_atom));
    state->vars = copy_array(k, state->vars, state->vars_len, sizeof(*state->vars));
    state->prev_cap = state->prev_len;
    state->prefixes_cap = state->prefixes_len;
    state->suffixes_cap = state->suffixes_len;
    state->vars_cap = state->vars_len;
    return copy;
}

struct sg_resid sg_resource_first_id(const struct sg_resource *res) {
    const struct sg_resource_state *state = res->state;
    struct sg_resid id = state->cur;
    if (state->prev_len > 0) {
        id.kind = state->prev[0].kind;
        id.name = state->prev[0].name;
        id.namespace = state->prev[0].namespace;
    }
    return id;
}

/* Room for one more item of an arena array. */
static void *grow(struct sg_kustomize *k, void *items, size_t len, size_t *cap,
                  size_t size) {
    if (len < *cap) {
        return items;
    }
    size_t more = *cap == 0 ? 2 : *cap * 2;
    void *grown = sg_arena_grow(&k->set->arena, items, len, more, size);
    *cap = more;
    return grown;
}

void sg_resource_add_previous(struct sg_kustomize *k, struct sg_resource *res,
                              struct sg_prev_id id) {
    struct sg_resource_state *state = res->state;
    state->prev =
        grow(k, state->prev, state->prev_len, &state->prev_cap, sizeof(*state->prev));
    state->prev[state->prev_len++] = id;
    state->prev_nameless += id.name->len == 0;
    state->prev_partial += id.name->len == 0 || id.kind->len == 0;
}

void sg_resource_store_id(struct sg_kustomize *k, struct sg_resource *res) {
    struct sg_resource_state *state = res->state;
    sg_resource_add_previous(
        k, res, (struct sg_prev_id){state->cur.kind, state->cur.name, state->ns});
    /* kustomize keeps no empty ones, and crashes where its lists differ in length */
    if (state->prev_len > 1 && state->prev_partial > 0 &&
        state->prev_nameless < state->prev_len && k->late.code == SG_OK) {
        (void)sg_k_fail(k, &k->late, res->loc,
                        "this object is changed while it has no name or kind");
    }
}

void sg_resource_add_prefix(struct sg_kustomize *k, struct sg_resource *res,
                            const char *prefix) {
    struct sg_resource_state *state = res->state;
    if (prefix[0] == '\0') {
        return;
    }
    state->prefixes = grow(k, state->prefixes, state->prefixes_len, &state->prefixes_cap,
                           sizeof(sg_atom));
    state->prefixes[state->prefixes_len++] = sg_k_atom(k, prefix);
}

void sg_resource_add_suffix(struct sg_kustomize *k, struct sg_resource *res,
                            const char *suffix) {
    struct sg_resource_state *state = res->state;
    if (suffix[0] == '\0') {
        return;
    }
    state->suffixes = grow(k, state->suffixes, state->suffixes_len, &state->suffixes_cap,
                           sizeof(sg_atom));
    state->suffixes[state->suffixes_len++] = sg_k_atom(k, suffix);
}

void sg_resource_add_var(struct sg_kustomize *k, struct sg_resource *res,
                         const char *name) {
    struct sg_resource_state *state = res->state;
    state->vars =
        grow(k, state->vars, state->vars_len, &state->vars_cap, sizeof(*state->vars));
    state->vars[state->vars_len++] = name;
}

void sg_resource_forget(struct sg_resource *res) {
    struct sg_resource_state *state = res->state;
    state->prev_len = state->prev_indexed = 0;
    state->prev_nameless = state->prev_partial = 0;
    state->prefixes_len = state->suffixes_len = 0;
    state->behavior = SG_BEHAVIOR_UNSPECIFIED;
    state->needs_hash = false;
    state->origin = NULL;
    state->transformed = NULL;
}
