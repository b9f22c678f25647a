/* order.c - see order.h. */
#include "order.h"

#include "sg/sort.h"

#include <string.h>

static const char *const legacy_first[] = {
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
};
static const char *const legacy_last[] = {"MutatingWebhookConfiguration",
                                          "ValidatingWebhookConfiguration"};

struct sortable {
    struct sg_resource *res;
    int rank;
    /* group_version_kind, then of the same kind namespace|name: bytes decide */
    const char *kind, *name;
};

/* Place of a kind: below 0 among the first, above 0 among the last; the last mention of a
 * kind counts. */
static int rank_of(const struct sg_sort_options *options, const char *kind) {
    int rank = 0;
    size_t first = options->custom ? options->first.len : SG_ARRAY_LEN(legacy_first);
    size_t last = options->custom ? options->last.len : SG_ARRAY_LEN(legacy_last);
    for (size_t i = 0; i < first; i++) {
        if (strcmp(kind, options->custom ? options->first.items[i].text
                                         : legacy_first[i]) == 0) {
            rank = (int)i - (int)first;
        }
    }
    for (size_t i = 0; i < last; i++) {
        if (strcmp(kind,
                   options->custom ? options->last.items[i].text : legacy_last[i]) == 0) {
            rank = 1 + (int)i;
        }
    }
    return rank;
}

static const char *or_mark(sg_atom atom, const char *mark) {
    return atom->len > 0 ? atom->text : mark;
}

static bool less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sortable *left = a, *right = b;
    if (left->rank != right->rank) {
        return left->rank < right->rank;
    }
    int order = strcmp(left->kind, right->kind);
    return order != 0 ? order < 0 : strcmp(left->name, right->name) < 0;
}

/* The parts with `between` between them; `text` is scratch. */
static const char *joined(struct sg_kustomize *k, struct sg_buf *text, char between,
                          const char *const *parts) {
    sg_buf_clear(text);
    for (size_t i = 0; parts[i] != NULL; i++) {
        if (i > 0) {
            sg_buf_addc(text, between);
        }
        sg_buf_adds(text, parts[i]);
    }
    return sg_arena_strndup(&k->set->arena, text->ptr, text->len);
}

static void sort_legacy(struct sg_kustomize *k, struct sg_resmap *map,
                        const struct sg_sort_options *options) {
    size_t len = map->items.len;
    struct sortable *items = sg_xcalloc(len, sizeof(*items));
    sg_auto_buf text = SG_BUF_INIT;
    for (size_t i = 0; i < len; i++) {
        struct sg_resource *res = map->items.items[i];
        const struct sg_resid *id = &res->state->cur;
        items[i] =
            (struct sortable){.res = res, .rank = rank_of(options, id->kind->text)};
        items[i].kind =
            joined(k, &text, '_',
                   (const char *[]){or_mark(id->group, "~G"), or_mark(id->version, "~V"),
                                    or_mark(id->kind, "~K"), NULL});
        items[i].name = joined(k, &text, '|',
                               (const char *[]){or_mark(id->namespace, "~X"),
                                                or_mark(id->name, "~N"), NULL});
    }
    sg_sort(items, len, sizeof(*items), less, NULL);
    for (size_t i = 0; i < len; i++) {
        map->items.items[i] = items[i].res;
        items[i].res->state->seq = i + 1;
    }
    free(items);
}

static int check(struct sg_kustomize *k, const struct sg_sort_options *options,
                 struct sg_err *err) {
    if (!options->set || strcmp(options->order, "legacy") == 0) {
        return 0;
    }
    if (strcmp(options->order, "fifo") != 0) {
        return sg_k_fail(k, err, options->loc,
                         "sortOptions.order is \"%s\"; expected fifo or legacy",
                         options->order);
    }
    if (options->custom) {
        return sg_k_fail(k, err, options->loc,
                         "sortOptions has legacySortOptions, but order is fifo");
    }
    return 0;
}

int sg_sort_resources(struct sg_kustomize *k, struct sg_resmap *map,
                      const struct sg_sort_options *options, struct sg_err *err) {
    if (check(k, options, err) != 0) {
        return -1;
    }
    if (options->set && strcmp(options->order, "fifo") == 0) {
        return 0;
    }
    sort_legacy(k, map, options);
    return 0;
}
