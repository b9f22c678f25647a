/*
 * crds.c - field specs from a `crds` file: an OpenAPI document by type name ("…v1.Foo")
 * whose properties say which fields hold labels, annotations, names and references.
 */
#include <string.h>

#include "context.h"
#include "sg/strict.h"

/* Types that lead to types, and so on: a cycle ends here. kustomize has no bound. */
#define MAX_DEPTH 64

typedef SG_VEC(struct sg_fieldspec) spec_vec;

struct reader {
    struct sg_kustomize *k;
    const struct sg_node *types; /* the document */
    sg_atom kind;                /* of the type that is being read */
    spec_vec annotations, labels, prefixes;
    SG_VEC(struct sg_name_reference) references;
};

static const char *extension(const struct sg_node *property, const char *name) {
    const struct sg_node *value = sg_map_gets(property, name);
    bool text = sg_is_scalar(value) && sg_scalar_type(value) == SG_TAG_STR;
    return text ? sg_text(value) : NULL;
}

static const struct sg_node *properties_of(const struct sg_node *type) {
    return sg_strict_get(sg_strict_get(type, "schema", true), "properties", true);
}

static struct sg_fieldspec spec_at(const struct reader *r, const char *path,
                                   uint32_t loc) {
    struct sg_fieldspec spec = {
        .group = r->k->empty, .version = r->k->empty, .kind = r->kind, .loc = loc};
    sg_fieldspec_set_path(r->k, &spec, path);
    return spec;
}

static void read_reference(struct reader *r, const struct sg_node *property,
                           const char *path, uint32_t loc) {
    const char *version = extension(property, "x-kubernetes-object-ref-api-version");
    const char *kind = extension(property, "x-kubernetes-object-ref-kind");
    const char *key = extension(property, "x-kubernetes-object-ref-name-key");
    if (version == NULL || kind == NULL) {
        return;
    }
    struct sg_fieldspec spec =
        spec_at(r, sg_k_printf(r->k, "%s/%s", path, key != NULL ? key : "name"), loc);
    struct sg_name_reference reference = {
        .group = r->k->empty,
        .version = sg_k_atom(r->k, version),
        .kind = sg_k_atom(r->k, kind),
        .referrers = sg_fieldspecs_make(r->k, &spec, 1),
    };
    sg_vec_push(&r->references, reference);
}

static int read_type(struct reader *r, const struct sg_node *type, const char *above,
                     unsigned depth, struct sg_err *err);

static int read_property(struct reader *r, const struct sg_entry *entry,
                         const char *above, unsigned depth, struct sg_err *err) {
    const struct sg_node *property = entry->value;
    const char *path = above[0] == '\0'
                           ? entry->key->text
                           : sg_k_printf(r->k, "%s/%s", above, entry->key->text);
    if (extension(property, "x-kubernetes-annotation") != NULL) {
        sg_vec_push(&r->annotations, spec_at(r, path, entry->key_loc));
    }
    if (extension(property, "x-kubernetes-label-selector") != NULL) {
        sg_vec_push(&r->labels, spec_at(r, path, entry->key_loc));
    }
    if (extension(property, "x-kubernetes-identity") != NULL) {
        sg_vec_push(&r->prefixes, spec_at(r, path, entry->key_loc));
    }
    read_reference(r, property, path, entry->key_loc);
    const char *ref = extension(property, "$ref");
    if (ref == NULL) {
        return 0;
    }
    return read_type(r, sg_map_gets(r->types, ref), path, depth + 1, err);
}

static int read_type(struct reader *r, const struct sg_node *type, const char *above,
                     unsigned depth, struct sg_err *err) {
    const struct sg_node *properties = properties_of(type);
    if (!sg_is_map(properties)) {
        return 0;
    }
    if (depth > MAX_DEPTH) {
        return sg_k_fail(r->k, err, type->loc,
                         "the type of %s leads to itself through $ref (over %d types "
                         "deep at %s)",
                         r->kind->text, MAX_DEPTH, above);
    }
    for (uint32_t i = 0; i < properties->len; i++) {
        if (read_property(r, &properties->entries[i], above, depth, err) < 0) {
            return -1;
        }
    }
    return 0;
}

/* The type of a whole object has these three. */
static bool is_object_type(const struct sg_node *properties) {
    return sg_map_get(properties, SG_ATOM(kind)) != NULL &&
           sg_map_get(properties, SG_ATOM(apiVersion)) != NULL &&
           sg_map_get(properties, SG_ATOM(metadata)) != NULL;
}

/* The same field may be named by several types of one kind: the lists are merged one by
 * one, as from several files. */
static int merge_unique(struct sg_kustomize *k, const spec_vec *specs,
                        struct sg_fieldspecs *out, struct sg_err *err) {
    struct sg_fieldspecs all = sg_fieldspecs_make(k, specs->items, specs->len);
    return sg_fieldspecs_merge(k, (struct sg_fieldspecs){0}, all, out, err);
}

static const struct sg_tables *collect(struct reader *r, struct sg_err *err) {
    struct sg_tables *tables = sg_arena_alloc(&r->k->set->arena, sizeof(*tables));
    if (merge_unique(r->k, &r->annotations, &tables->common_annotations, err) < 0 ||
        merge_unique(r->k, &r->labels, &tables->common_labels, err) < 0 ||
        merge_unique(r->k, &r->prefixes, &tables->name_prefix, err) < 0) {
        return NULL;
    }
    struct sg_tables references = {
        .name_reference = {.items = r->references.items, .len = r->references.len}};
    return sg_tables_merge(r->k, tables, &references, err);
}

const struct sg_tables *sg_tables_read_crd(struct sg_kustomize *k,
                                           const struct sg_node *node,
                                           struct sg_err *err) {
    if (sg_is_null(node)) { /* an empty file */
        return sg_arena_alloc(&k->set->arena, sizeof(struct sg_tables));
    }
    if (!sg_is_map(node)) {
        sg_k_fail(k, err, node != NULL ? node->loc : 0,
                  "crds: expected a map of OpenAPI definitions by type name");
        return NULL;
    }
    struct reader r = {.k = k, .types = node};
    const struct sg_tables *tables = NULL;
    int result = 0;
    for (uint32_t i = 0; i < node->len && result == 0; i++) {
        const struct sg_entry *entry = &node->entries[i];
        if (!sg_is_map(entry->value) && !sg_is_null(entry->value)) {
            (void)sg_k_fail(k, err, entry->key_loc,
                            "crds: %s is no OpenAPI definition, which is a map",
                            entry->key->text);
            result = sg_err_hint(err, "a CustomResourceDefinition is listed under "
                                      "resources; crds is for its OpenAPI schema");
            break;
        }
        const char *dot = strrchr(entry->key->text, '.');
        if (is_object_type(properties_of(entry->value))) {
            r.kind = sg_k_atom(k, dot != NULL ? dot + 1 : entry->key->text);
            result = read_type(&r, entry->value, "", 0, err);
        }
    }
    if (result == 0) {
        tables = collect(&r, err);
    }
    sg_vec_release(&r.references);
    sg_vec_release(&r.prefixes);
    sg_vec_release(&r.labels);
    sg_vec_release(&r.annotations);
    return tables;
}
