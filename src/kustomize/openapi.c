/* openapi.c - see openapi.h. Of a schema only what steers merging is read: types, and the
 * patch strategy and keys of lists. */
#include "openapi.h"

#include "sg/strict.h"
#include "sg/yaml.h"

#include <string.h>

struct sg_openapi {
    const struct sg_node *definitions; /* by name; NULL for a built-in version */
    struct sg_strmap kinds;            /* "group/version kind" -> definition */
};

static const char builtin_version[] = "v1.21.2";

static void note_kind(struct sg_openapi *api, const struct sg_node *gvk,
                      const struct sg_node *definition) {
    const char *group = sg_text(sg_map_gets(gvk, "group"));
    const char *version = sg_text(sg_map_gets(gvk, "version"));
    const char *kind = sg_text(sg_map_get(gvk, SG_ATOM(kind)));
    if (version == NULL || kind == NULL)
        return;
    sg_auto_buf key = SG_BUF_INIT;
    if (group != NULL && group[0] != '\0')
        sg_buf_addf(&key, "%s/", group);
    sg_buf_addf(&key, "%s %s", version, kind);
    (void)sg_strmap_put(&api->kinds, sg_buf_cstr(&key), key.len,
                        (void *)(uintptr_t)definition);
}

static void note_kinds(struct sg_openapi *api) {
    const struct sg_node *definitions = api->definitions;
    for (uint32_t i = 0; sg_is_map(definitions) && i < definitions->len; i++) {
        const struct sg_node *definition = definitions->entries[i].value;
        const struct sg_node *list =
            sg_map_gets(definition, "x-kubernetes-group-version-kind");
        for (uint32_t j = 0; sg_is_seq(list) && j < list->len; j++)
            note_kind(api, list->items[j], definition);
    }
}

void sg_openapi_free(struct sg_openapi *api) {
    if (api != NULL)
        sg_strmap_release(&api->kinds);
    free(api);
}

int sg_openapi_use(struct sg_kustomize *k, const struct sg_loader *loader,
                   const struct sg_kustomization *kz, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    const struct sg_text_at *path = &kz->openapi_path, *version = &kz->openapi_version;
    const char *file = NULL;
    if (path->text != NULL &&
        sg_loader_read(k, loader, path->text, path->loc, &text, &file, err) != 0)
        return -1;
    if (k->openapi != NULL || (path->text == NULL && version->text == NULL))
        return 0;
    if (path->text != NULL && version->text != NULL)
        return sg_k_fail(k, err, version->loc,
                         "openapi has both path and version; expected one");
    if (version->text != NULL && version->text[0] == '\0')
        return 0;
    if (path->text == NULL && strcmp(version->text, builtin_version) != 0)
        return sg_k_fail(k, err, version->loc,
                         "openapi.version is \"%s\"; built in is %s", version->text,
                         builtin_version);
    k->openapi = sg_xcalloc(1, sizeof(*k->openapi));
    if (path->text == NULL)
        return 0;
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .yaml11 = true};
    sg_auto_yaml_docs docs = {0};
    if (sg_yaml_read(k->set, sg_loader_shown(k, loader, file), sg_buf_cstr(&text),
                     text.len, &opts, &docs, err) != 0)
        return -1;
    if (docs.roots.len == 0 || !sg_is_map(docs.roots.items[0]))
        return sg_k_fail(k, err, path->loc, "%s is no OpenAPI document", path->text);
    k->openapi->definitions = sg_map_gets(docs.roots.items[0], "definitions");
    if (k->openapi->definitions == NULL)
        k->openapi->definitions = sg_map_new(k->set);
    note_kinds(k->openapi);
    k->custom_schema = true;
    sg_k_warn(
        k, "SG105", "dropped: openapi", path->loc,
        "this schema replaces the built-in one: lists of built-in kinds are no longer "
        "merged by key unless it defines them");
    return 0;
}

/* --- looking up
 * ------------------------------------------------------------------------- */

/* Follows `$ref` to a definition; at most a few, as a circle of references says nothing.
 */
static const struct sg_node *dereference(const struct sg_openapi *api,
                                         const struct sg_node *schema) {
    static const char prefix[] = "#/definitions/";
    for (int hops = 0; hops < 16; hops++) {
        const char *ref = sg_text(sg_map_gets(schema, "$ref"));
        if (ref == NULL || strncmp(ref, prefix, strlen(prefix)) != 0)
            return schema;
        schema = sg_map_gets(api->definitions, ref + strlen(prefix));
    }
    return NULL;
}

static const struct sg_node *schema_at(const struct sg_openapi *api,
                                       const struct sg_node *root,
                                       const struct sg_fieldpath *path) {
    if (path == NULL)
        return dereference(api, root);
    const struct sg_node *parent = schema_at(api, root, path->parent);
    if (parent == NULL)
        return NULL;
    /* a field's own strategy stands beside its $ref, so the last hop is not followed here
     */
    if (path->seg != SG_SEG_KEY)
        return dereference(api, sg_map_get(parent, SG_ATOM(items)));
    const struct sg_node *field =
        sg_map_gets(sg_map_gets(parent, "properties"), path->key->text);
    if (field == NULL)
        field = sg_map_gets(parent, "additionalProperties");
    return sg_map_gets(field, "$ref") != NULL ? dereference(api, field) : field;
}

static enum sg_field_type type_of(const struct sg_node *schema) {
    static const struct {
        const char *name;
        enum sg_field_type type;
    } types[] = {
        {"object", SG_FIELD_OBJECT}, {"array", SG_FIELD_LIST},
        {"string", SG_FIELD_STRING}, {"integer", SG_FIELD_INTEGER},
        {"number", SG_FIELD_NUMBER}, {"boolean", SG_FIELD_BOOLEAN},
    };
    const char *text = sg_text(sg_map_get(schema, SG_ATOM(type)));
    for (size_t i = 0; text != NULL && i < SG_ARRAY_LEN(types); i++) {
        if (strcmp(types[i].name, text) == 0)
            return types[i].type;
    }
    return SG_FIELD_ANY;
}

static void merge_keys(const struct sg_node *schema, struct sg_field *out) {
    const char *strategy = sg_text(sg_map_gets(schema, "x-kubernetes-patch-strategy"));
    if (strategy == NULL)
        return;
    out->merge = strstr(strategy, "merge") != NULL;
    out->retain_keys = strstr(strategy, "retainKeys") != NULL;
    const struct sg_node *keys = sg_map_gets(schema, "x-kubernetes-list-map-keys");
    const char *key = sg_text(sg_map_gets(schema, "x-kubernetes-patch-merge-key"));
    for (uint32_t i = 0; sg_is_seq(keys) && i < keys->len && i < SG_MERGE_KEYS_MAX; i++) {
        if (sg_text(keys->items[i]) != NULL)
            out->keys[out->keys_len++] = sg_text(keys->items[i]);
    }
    if (!sg_is_seq(keys) && key != NULL)
        out->keys[out->keys_len++] = key;
}

bool sg_openapi_keys(void *ctx, const char *api_version, const char *kind,
                     const struct sg_fieldpath *path, struct sg_field *out) {
    const struct sg_kustomize *k = ctx;
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s %s", api_version, kind);
    const struct sg_node *root =
        sg_strmap_get(&k->openapi->kinds, sg_buf_cstr(&key), key.len);
    const struct sg_node *schema =
        root == NULL ? NULL : schema_at(k->openapi, root, path);
    if (schema == NULL)
        return false;
    *out = (struct sg_field){.type = type_of(schema)};
    merge_keys(schema, out);
    return true;
}
