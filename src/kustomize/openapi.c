/* openapi.c - see openapi.h. Of a schema only what steers merging is read: types, and the
 * patch strategy and keys of lists. */
#include "openapi.h"

#include "sg/strict.h"
#include "sg/yaml.h"

#include <string.h>

struct sg_openapi {
    struct sg_schemas schemas;
    struct sg_strmap scopes; /* "apiVersion kind" -> enum sg_scope of the paths */
};

static const char builtin_version[] = "v1.21.2";

/* "apiVersion kind" of a group, version and kind; false where one is missing. */
static bool kind_key(const struct sg_node *gvk, struct sg_buf *out) {
    const char *group = sg_text(sg_map_gets(gvk, "group"));
    const char *version = sg_text(sg_map_gets(gvk, "version"));
    const char *kind = sg_text(sg_map_get(gvk, SG_ATOM(kind)));
    if (version == NULL || kind == NULL) {
        return false;
    }
    if (group != NULL && group[0] != '\0') {
        sg_buf_addf(out, "%s/", group);
    }
    sg_buf_addf(out, "%s %s", version, kind);
    return true;
}

static const char gvk_field[] = "x-kubernetes-group-version-kind";

static void note_kinds(struct sg_schemas *schemas) {
    const struct sg_node *definitions = schemas->definitions;
    for (uint32_t i = 0; sg_is_map(definitions) && i < definitions->len; i++) {
        const struct sg_node *definition = definitions->entries[i].value;
        const struct sg_node *list = sg_map_gets(definition, gvk_field);
        for (uint32_t j = 0; sg_is_seq(list) && j < list->len; j++) {
            sg_auto_buf key = SG_BUF_INIT;
            if (kind_key(list->items[j], &key)) {
                (void)sg_strmap_put(&schemas->kinds, sg_buf_cstr(&key), key.len,
                                    (void *)(uintptr_t)definition);
            }
        }
    }
}

/* A kind is namespaced where one of the paths that get it names a namespace. */
static void note_scopes(struct sg_openapi *api, const struct sg_node *paths) {
    for (uint32_t i = 0; sg_is_map(paths) && i < paths->len; i++) {
        const struct sg_node *get = sg_map_gets(paths->entries[i].value, "get");
        sg_auto_buf key = SG_BUF_INIT;
        if (!kind_key(sg_map_gets(get, gvk_field), &key)) {
            continue;
        }
        bool namespaced =
            strstr(paths->entries[i].key->text, "namespaces/{namespace}") != NULL;
        if (namespaced || !sg_strmap_has(&api->scopes, sg_buf_cstr(&key), key.len)) {
            uintptr_t scope = namespaced ? SG_SCOPE_NAMESPACED : SG_SCOPE_CLUSTER;
            (void)sg_strmap_put(&api->scopes, sg_buf_cstr(&key), key.len, (void *)scope);
        }
    }
}

void sg_openapi_free(struct sg_openapi *api) {
    if (api != NULL) {
        sg_strmap_release(&api->schemas.kinds);
        sg_strmap_release(&api->scopes);
    }
    free(api);
}

const struct sg_schemas *sg_openapi_schemas(const struct sg_kustomize *k) {
    return k->openapi != NULL ? &k->openapi->schemas : NULL;
}

enum sg_scope sg_openapi_scope(const struct sg_kustomize *k, const char *api_version,
                               const char *kind) {
    if (k->openapi == NULL || k->openapi->scopes.len == 0) {
        return SG_SCOPE_UNKNOWN;
    }
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s %s", api_version, kind);
    return (enum sg_scope)(uintptr_t)sg_strmap_get(&k->openapi->scopes, sg_buf_cstr(&key),
                                                   key.len);
}

int sg_openapi_use(struct sg_kustomize *k, const struct sg_loader *loader,
                   const struct sg_kustomization *kz, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    const struct sg_text_at *path = &kz->openapi_path, *version = &kz->openapi_version;
    const char *file = NULL;
    if (path->text != NULL &&
        sg_loader_read(k, loader, path->text, path->loc, &text, &file, err) != 0) {
        return -1;
    }
    if (k->openapi != NULL || (path->text == NULL && version->text == NULL)) {
        return 0;
    }
    if (path->text != NULL && version->text != NULL) {
        return sg_k_fail(k, err, version->loc,
                         "openapi has both path and version; expected one");
    }
    if (version->text != NULL && version->text[0] == '\0') {
        return 0;
    }
    if (path->text == NULL && strcmp(version->text, builtin_version) != 0) {
        return sg_k_fail(k, err, version->loc,
                         "openapi.version is \"%s\"; built in is %s", version->text,
                         builtin_version);
    }
    k->openapi = sg_xcalloc(1, sizeof(*k->openapi));
    if (path->text == NULL) {
        return 0;
    }
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .yaml11 = true};
    sg_auto_yaml_docs docs = {0};
    if (sg_yaml_read(k->set, sg_loader_shown(k, loader, file), sg_buf_cstr(&text),
                     text.len, &opts, &docs, err) != 0) {
        return -1;
    }
    if (docs.roots.len == 0 || !sg_is_map(docs.roots.items[0])) {
        return sg_k_fail(k, err, path->loc, "%s is no OpenAPI document", path->text);
    }
    k->openapi->schemas.definitions = sg_map_gets(docs.roots.items[0], "definitions");
    note_kinds(&k->openapi->schemas);
    note_scopes(k->openapi, sg_map_gets(docs.roots.items[0], "paths"));
    /* kustomize adds it to the built-in schema where that was in use already; else it
     * takes its place */
    k->openapi->schemas.no_builtin = !k->schema_used;
    if (k->openapi->schemas.no_builtin) {
        sg_k_warn(k, "SG105", "dropped: openapi", path->loc,
                  "this schema replaces the built-in one: lists of built-in kinds are no "
                  "longer merged by key unless it defines them");
    }
    return 0;
}
