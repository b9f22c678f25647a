/*
 * tables.c - the transformer configuration: reading a `configurations` or `crds` file,
 * and merging it over another (kustomize's builtinconfig.TransformerConfig).
 */
#include <string.h>

#include "context.h"
#include "fields.h"
#include "plugin_config.h"
#include "sg/sort.h"
#include "sg/strict.h"

/* --- the order of kinds
 * -------------------------------------------------------------------- */

/* Bytewise by kind; what others depend on comes first, webhooks last, the rest is 0. */
static const struct kind_rank {
    const char *kind;
    int rank;
} kind_ranks[] = {
    {"ClusterRole", -15},
    {"ClusterRoleBinding", -13},
    {"ConfigMap", -12},
    {"CronJob", -2},
    {"CustomResourceDefinition", -19},
    {"Deployment", -4},
    {"Endpoints", -10},
    {"LimitRange", -8},
    {"MutatingWebhookConfiguration", 1},
    {"Namespace", -22},
    {"PersistentVolume", -6},
    {"PersistentVolumeClaim", -5},
    {"PodDisruptionBudget", -1},
    {"PodSecurityPolicy", -17},
    {"PriorityClass", -7},
    {"ResourceQuota", -21},
    {"Role", -16},
    {"RoleBinding", -14},
    {"Secret", -11},
    {"Service", -9},
    {"ServiceAccount", -18},
    {"StatefulSet", -3},
    {"StorageClass", -20},
    {"ValidatingWebhookConfiguration", 2},
};

static int compare_rank(const void *kind, const void *rank) {
    return strcmp(kind, ((const struct kind_rank *)rank)->kind);
}

static int rank_of(sg_atom kind) {
    const struct kind_rank *found =
        bsearch(kind->text, kind_ranks, SG_ARRAY_LEN(kind_ranks), sizeof(*kind_ranks),
                compare_rank);
    return found != NULL ? found->rank : 0;
}

/* Compares "group_version_kind" with placeholders for empty parts, without making it. */
static int compare_text(const struct sg_resid *a, const struct sg_resid *b) {
    const sg_atom parts[2][3] = {{a->group, a->version, a->kind},
                                 {b->group, b->version, b->kind}};
    static const char *const none[] = {"~G", "~V", "~K"};
    const char *at[2] = {"", ""};
    size_t part[2] = {0, 0};
    for (;;) {
        unsigned char c[2];
        for (int side = 0; side < 2; side++) {
            bool separate = false;
            while (*at[side] == '\0' && part[side] < 3 && !separate) {
                size_t p = part[side]++;
                sg_atom text = parts[side][p];
                at[side] = text->len > 0 ? text->text : none[p];
                separate = p > 0;
            }
            c[side] = separate ? '_' : (unsigned char)*at[side];
            at[side] += !separate && *at[side] != '\0';
        }
        if (c[0] != c[1] || c[0] == '\0') {
            return c[0] - c[1];
        }
    }
}

bool sg_gvk_less(const struct sg_resid *a, const struct sg_resid *b) {
    if (a->group == b->group && a->version == b->version && a->kind == b->kind) {
        return false;
    }
    int rank_a = rank_of(a->kind), rank_b = rank_of(b->kind);
    return rank_a != rank_b ? rank_a < rank_b : compare_text(a, b) < 0;
}

static bool spec_less(const void *a, const void *b, void *unused) {
    (void)unused;
    const struct sg_fieldspec *left = a, *right = b;
    struct sg_resid id_a = {
        .group = left->group, .version = left->version, .kind = left->kind};
    struct sg_resid id_b = {
        .group = right->group, .version = right->version, .kind = right->kind};
    return sg_gvk_less(&id_a, &id_b);
}

struct sg_fieldspecs sg_fieldspecs_sorted(struct sg_kustomize *k,
                                          struct sg_fieldspecs specs) {
    if (specs.len < 2) {
        return specs;
    }
    struct sg_fieldspec *items = sg_xcalloc(specs.len, sizeof(*items));
    memcpy(items, specs.items, specs.len * sizeof(*items));
    sg_sort(items, specs.len, sizeof(*items), spec_less, NULL);
    struct sg_fieldspecs sorted = sg_fieldspecs_make(k, items, specs.len);
    free(items);
    return sorted;
}

static struct sg_resid reference_id(const struct sg_name_reference *reference) {
    return (struct sg_resid){.group = reference->group,
                             .version = reference->version,
                             .kind = reference->kind};
}

static bool reference_less(const void *a, const void *b, void *unused) {
    (void)unused;
    struct sg_resid id_a = reference_id(a), id_b = reference_id(b);
    return sg_gvk_less(&id_a, &id_b);
}

struct sg_name_references sg_name_references_sorted(struct sg_name_reference *items,
                                                    size_t len) {
    sg_sort(items, len, sizeof(*items), reference_less, NULL);
    return (struct sg_name_references){.items = items, .len = len};
}

/* --- reading
 * ------------------------------------------------------------------------------- */

/* The lists of field specs by their name in a configurations file. */
static const struct table_field {
    const char *name;
    size_t offset;
} table_fields[] = {
    {"namePrefix", offsetof(struct sg_tables, name_prefix)},
    {"nameSuffix", offsetof(struct sg_tables, name_suffix)},
    {"namespace", offsetof(struct sg_tables, namespace)},
    {"commonLabels", offsetof(struct sg_tables, common_labels)},
    {"labels", offsetof(struct sg_tables, labels)},
    {"templateLabels", offsetof(struct sg_tables, template_labels)},
    {"commonAnnotations", offsetof(struct sg_tables, common_annotations)},
    {"varReference", offsetof(struct sg_tables, var_reference)},
    {"images", offsetof(struct sg_tables, images)},
    {"replicas", offsetof(struct sg_tables, replicas)},
};

static struct sg_fieldspecs *table_list(struct sg_tables *tables, size_t field) {
    return (void *)((char *)tables + table_fields[field].offset);
}

static struct sg_fieldspecs table_get(const struct sg_tables *tables, size_t field) {
    return *(const struct sg_fieldspecs *)(const void *)((const char *)tables +
                                                         table_fields[field].offset);
}

static const struct sg_strict_field reference_fields[] = {
    {.name = "group", .want = SG_WANT_STRING},
    {.name = "version", .want = SG_WANT_STRING},
    {.name = "kind", .want = SG_WANT_STRING},
    {.name = "fieldSpecs", .want = SG_WANT_MAPS, .fields = sg_fields_fieldspec},
    {0},
};
#define SPECS(field)                                                                     \
    { .name = field, .want = SG_WANT_MAPS, .fields = sg_fields_fieldspec }
static const struct sg_strict_field config_fields[] = {
    SPECS("namePrefix"),
    SPECS("nameSuffix"),
    SPECS("namespace"),
    SPECS("commonLabels"),
    SPECS("labels"),
    SPECS("templateLabels"),
    SPECS("commonAnnotations"),
    SPECS("varReference"),
    SPECS("images"),
    SPECS("replicas"),
    {.name = "nameReference", .want = SG_WANT_MAPS, .fields = reference_fields},
    {0},
};
static const struct sg_strict_opts fold = {.fold_case = true};

static sg_atom field_atom(struct sg_kustomize *k, const struct sg_node *map,
                          const char *name) {
    return sg_k_atom(k, sg_text(sg_strict_get(map, name, true)));
}

static int read_references(struct sg_kustomize *k, const struct sg_node *list,
                           struct sg_name_references *out, struct sg_err *err) {
    if (list == NULL) {
        return 0;
    }
    struct sg_name_reference *items =
        sg_arena_alloc(&k->set->arena, (list->len + 1) * sizeof(*items));
    for (uint32_t i = 0; i < list->len; i++) {
        const struct sg_node *item = list->items[i];
        items[i].group = field_atom(k, item, "group");
        items[i].version = field_atom(k, item, "version");
        items[i].kind = field_atom(k, item, "kind");
        if (sg_fieldspecs_parse(k, sg_strict_get(item, "fieldSpecs", true),
                                &items[i].referrers, err) < 0) {
            return -1;
        }
    }
    *out = sg_name_references_sorted(items, list->len);
    return 0;
}

/* kustomize takes a path that is a number for a string. */
static struct sg_node *loosened(struct sg_kustomize *k, const struct sg_node *config) {
    struct sg_node *node = sg_node_clone(k->set, config);
    for (size_t f = 0; f < SG_ARRAY_LEN(table_fields); f++) {
        sg_fieldspecs_loosen(k, sg_strict_get(node, table_fields[f].name, true));
    }
    const struct sg_node *references = sg_strict_get(node, "nameReference", true);
    for (uint32_t i = 0; sg_is_seq(references) && i < references->len; i++) {
        sg_fieldspecs_loosen(k, sg_strict_get(references->items[i], "fieldSpecs", true));
    }
    return node;
}

const struct sg_tables *sg_tables_read(struct sg_kustomize *k,
                                       const struct sg_node *config, struct sg_err *err) {
    const struct sg_node *node = loosened(k, config);
    if (sg_strict_check(k->set, node, config_fields, &fold, err) < 0) {
        return NULL;
    }
    struct sg_tables *tables = sg_arena_alloc(&k->set->arena, sizeof(*tables));
    for (size_t f = 0; f < SG_ARRAY_LEN(table_fields); f++) {
        const struct sg_node *list = sg_strict_get(node, table_fields[f].name, true);
        if (sg_fieldspecs_parse(k, list, table_list(tables, f), err) < 0) {
            sg_err_wrap(err, "%s", table_fields[f].name);
            return NULL;
        }
        *table_list(tables, f) = sg_fieldspecs_sorted(k, *table_list(tables, f));
    }
    if (read_references(k, sg_strict_get(node, "nameReference", true),
                        &tables->name_reference, err) < 0) {
        sg_err_wrap(err, "nameReference");
        return NULL;
    }
    return tables;
}

/* --- merging
 * ------------------------------------------------------------------------------- */

static void reference_key(const struct sg_name_reference *reference, struct sg_buf *key) {
    sg_buf_clear(key);
    sg_buf_addf(key, "%s\n%s\n%s", reference->group->text, reference->version->text,
                reference->kind->text);
}

/* `items` has room for `from` too; `seen` holds its entries by referred kind. */
static int add_reference(struct sg_kustomize *k, struct sg_name_reference *items,
                         size_t *len, struct sg_strmap *seen,
                         const struct sg_name_reference *from, struct sg_err *err) {
    sg_auto_buf key = SG_BUF_INIT;
    reference_key(from, &key);
    struct sg_name_reference *same = sg_strmap_get(seen, key.ptr, key.len);
    if (same == NULL) {
        items[*len] = *from;
        sg_strmap_put(seen, key.ptr, key.len, &items[*len]);
        *len += 1;
        return 0;
    }
    if (sg_fieldspecs_merge(k, same->referrers, from->referrers, &same->referrers, err) <
        0) {
        return sg_err_wrap(err, "nameReference of %s", same->kind->text);
    }
    return 0;
}

static int merge_references(struct sg_kustomize *k, struct sg_name_references a,
                            struct sg_name_references b, struct sg_name_references *out,
                            struct sg_err *err) {
    *out = a;
    if (b.len == 0) {
        return 0;
    }
    struct sg_name_reference *items =
        sg_arena_alloc(&k->set->arena, (a.len + b.len) * sizeof(*items));
    size_t len = 0;
    sg_auto_strmap seen = {0};
    for (size_t i = 0; i < a.len + b.len; i++) {
        const struct sg_name_reference *from =
            i < a.len ? &a.items[i] : &b.items[i - a.len];
        if (add_reference(k, items, &len, &seen, from, err) < 0) {
            return -1;
        }
    }
    *out = sg_name_references_sorted(items, len);
    return 0;
}

const struct sg_tables *sg_tables_merge(struct sg_kustomize *k, const struct sg_tables *a,
                                        const struct sg_tables *b, struct sg_err *err) {
    if (a == b) {
        return a;
    }
    struct sg_tables *merged = sg_arena_alloc(&k->set->arena, sizeof(*merged));
    *merged = *a;
    bool changed = b->name_reference.len > 0;
    for (size_t f = 0; f < SG_ARRAY_LEN(table_fields); f++) {
        struct sg_fieldspecs have = table_get(a, f);
        struct sg_fieldspecs *list = table_list(merged, f);
        if (sg_fieldspecs_merge(k, have, table_get(b, f), list, err) < 0) {
            sg_err_wrap(err, "%s", table_fields[f].name);
            return NULL;
        }
        if (list->items != have.items) {
            *list = sg_fieldspecs_sorted(k, *list);
            changed = true;
        }
    }
    if (merge_references(k, a->name_reference, b->name_reference, &merged->name_reference,
                         err) < 0) {
        return NULL;
    }
    return changed ? merged : a;
}
