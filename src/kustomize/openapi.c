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
    if (version == NULL || kind == NULL) {
        return;
    }
    sg_auto_buf key = SG_BUF_INIT;
    if (group != NULL && group[0] != '\0') {
        sg_buf_addf(&key, "%s/", group);
    }
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
        for (uint32_t j = 0; sg_is_seq(list) && j < list->len; j++) {
            note_kind(api, list->items[j], definition);
        }
    }
}

void sg_openapi_free(struct sg_openapi *api) {
    if (api != NULL) {
        sg_strmap_release(&api->kinds);
    }
    free(api);
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
    k->openapi->definitions = sg_map_gets(docs.roots.items[0], "definitions");
    if (k->openapi->definitions == NULL) {
        k->openapi->definitions = sg_map_new(k->set);
    }
    note_kinds(k->openapi);
    /* kustomize adds it to the built-in schema where that was in use already; else it
     * takes its place */
    k->custom_schema = !k->schema_used;
    if (k->custom_schema) {
        sg_k_warn(k, "SG105", "dropped: openapi", path->loc,
                  "this schema replaces the built-in one: lists of built-in kinds are no "
                  "longer merged by key unless it defines them");
    }
    return 0;
}

/* --- looking up
 * ------------------------------------------------------------------------- */

/* A field's place in the schemas: in the custom one, or from some $ref on in the built-in
 * one. */
struct place {
    const struct sg_node *custom; /* NULL: see `builtin` */
    struct sg_field builtin;
    bool known;
};

/*
 * Where the built-in definitions stand that schemas of custom kinds refer to and, having
 * been cut out of a cluster's, often leave out: those of pods.
 */
static const struct builtin {
    const char *name;
    const char *path[6]; /* below a Deployment; "" for an item of a list */
} builtins[] = {
    {"io.k8s.api.core.v1.PodTemplateSpec", {"spec", "template"}},
    {"io.k8s.api.core.v1.PodSpec", {"spec", "template", "spec"}},
    {"io.k8s.api.core.v1.Container", {"spec", "template", "spec", "containers", ""}},
    {"io.k8s.api.core.v1.Volume", {"spec", "template", "spec", "volumes", ""}},
    {"io.k8s.api.core.v1.EnvVar", {"spec", "template", "spec", "containers", "", "env"}},
    {"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", {"metadata"}},
};

static struct place builtin_step(const struct place *at, const char *name) {
    struct place next = {0};
    const struct sg_field *field = &at->builtin;
    if (name != NULL && field->type == SG_FIELD_OBJECT) {
        next.known = sg_schema_field(SG_SCHEMA_MERGE, field->def, name, &next.builtin);
    } else if (field->type == SG_FIELD_LIST || field->type == SG_FIELD_MAP) {
        next = (struct place){.builtin = {.type = field->item, .def = field->def},
                              .known = true};
    }
    return next;
}

static struct place builtin_definition(const char *name) {
    for (size_t i = 0; i < SG_ARRAY_LEN(builtins); i++) {
        if (strcmp(builtins[i].name, name) != 0) {
            continue;
        }
        struct place at = {.known = true};
        at.builtin.type = SG_FIELD_OBJECT;
        at.builtin.def = sg_schema_kind(SG_SCHEMA_MERGE, "apps/v1", "Deployment");
        for (size_t j = 0;
             j < SG_ARRAY_LEN(builtins[i].path) && builtins[i].path[j] != NULL; j++) {
            at = builtin_step(&at, builtins[i].path[j][0] != '\0' ? builtins[i].path[j]
                                                                  : NULL);
        }
        return at;
    }
    return (struct place){0};
}

/* Follows `$ref` to a definition; at most a few, as a circle of references says nothing.
 */
static struct place dereference(const struct sg_kustomize *k,
                                const struct sg_node *schema) {
    static const char prefix[] = "#/definitions/";
    for (int hops = 0; schema != NULL && hops < 16; hops++) {
        const char *ref = sg_text(sg_map_gets(schema, "$ref"));
        if (ref == NULL || strncmp(ref, prefix, strlen(prefix)) != 0) {
            return (struct place){.custom = schema, .known = true};
        }
        const char *name = ref + strlen(prefix);
        schema = sg_map_gets(k->openapi->definitions, name);
        if (schema == NULL && !k->custom_schema) {
            return builtin_definition(name);
        }
    }
    return (struct place){0};
}

static struct place schema_at(const struct sg_kustomize *k, const struct sg_node *root,
                              const struct sg_fieldpath *path) {
    if (path == NULL) {
        return dereference(k, root);
    }
    struct place parent = schema_at(k, root, path->parent);
    const char *name = path->seg == SG_SEG_KEY ? path->key->text : NULL;
    if (!parent.known) {
        return parent;
    }
    if (parent.custom == NULL) {
        return builtin_step(&parent, name);
    }
    if (name == NULL) {
        return dereference(k, sg_map_get(parent.custom, SG_ATOM(items)));
    }
    const struct sg_node *field =
        sg_map_gets(sg_map_gets(parent.custom, "properties"), name);
    if (field == NULL) {
        field = sg_map_gets(parent.custom, "additionalProperties");
    }
    return dereference(k, field);
}

static void merge_keys(const struct sg_node *schema, struct sg_field *out) {
    const char *strategy = sg_text(sg_map_gets(schema, "x-kubernetes-patch-strategy"));
    const char *type = sg_text(sg_map_get(schema, SG_ATOM(type)));
    out->type = type != NULL && strcmp(type, "array") == 0 ? SG_FIELD_LIST : SG_FIELD_ANY;
    if (strategy == NULL) {
        return;
    }
    out->merge = strcmp(strategy, "merge") == 0;
    const struct sg_node *keys = sg_map_gets(schema, "x-kubernetes-list-map-keys");
    const char *key = sg_text(sg_map_gets(schema, "x-kubernetes-patch-merge-key"));
    for (uint32_t i = 0; sg_is_seq(keys) && i < keys->len && i < SG_MERGE_KEYS_MAX; i++) {
        if (sg_text(keys->items[i]) != NULL) {
            out->keys[out->keys_len++] = sg_text(keys->items[i]);
        }
    }
    if (!sg_is_seq(keys) && key != NULL) {
        out->keys[out->keys_len++] = key;
    }
}

bool sg_openapi_keys(void *ctx, const char *api_version, const char *kind,
                     const struct sg_fieldpath *path, struct sg_field *out) {
    const struct sg_kustomize *k = ctx;
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s %s", api_version, kind);
    const struct sg_node *root =
        sg_strmap_get(&k->openapi->kinds, sg_buf_cstr(&key), key.len);
    struct place at = root == NULL ? (struct place){0} : schema_at(k, root, path);
    *out = at.builtin;
    if (at.custom != NULL) {
        *out = (struct sg_field){0};
        merge_keys(at.custom, out);
    }
    return at.known;
}
