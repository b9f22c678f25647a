/*
 * namespace.c - NamespaceTransformer: metadata.namespace of everything that has one, the
 * name of a v1 Namespace, subjects of role bindings, and the fields the tables name.
 */
#include <string.h>

#include "setter.h"
#include "transformer.h"

struct run {
    struct sg_kustomize *k;
    const struct sg_namespace_config *config;
    struct sg_resource *res; /* the one that is being changed */
};

static int set_namespace(void *ctx, const struct sg_field_hit *hit, struct sg_err *err) {
    const struct run *run = ctx;
    bool has_value = sg_is_scalar(hit->node) && hit->node->len > 0 && !hit->made &&
                     !sg_is_null(hit->node);
    if (run->config->unset_only && has_value) {
        return 0;
    }
    return sg_set_scalar(run->k, run->res, hit, run->config->namespace, SG_TAG_STR,
                         SG_OP_RENAME, run->config->loc, err);
}

static struct sg_field_walk namespace_walk(struct run *run) {
    return (struct sg_field_walk){.each = set_namespace,
                                  .ctx = run,
                                  .create = true,
                                  .make = SG_SCALAR,
                                  .tag = SG_TAG_STR};
}

static bool is_role_binding(sg_atom kind) {
    return strcmp(kind->text, "RoleBinding") == 0 ||
           strcmp(kind->text, "ClusterRoleBinding") == 0;
}

/* Whether the mode means this subject: only the account named "default", or every service
 * account. */
static bool is_wanted_subject(const struct run *run, const struct sg_node *subject) {
    bool all = run->config->subjects == SG_SUBJECTS_ALL;
    const char *text = sg_text(sg_map_get(subject, all ? SG_ATOM(kind) : SG_ATOM(name)));
    return text != NULL && strcmp(text, all ? "ServiceAccount" : "default") == 0;
}

static int set_subject(struct run *run, struct sg_node *subject,
                       const struct sg_fieldpath *path, struct sg_err *err) {
    struct sg_field_hit hit = {
        .node = sg_map_get(subject, SG_ATOM(namespace)),
        .parent = subject,
        .path = sg_k_path_key(run->k, path, SG_ATOM(namespace)),
    };
    if (hit.node == NULL) {
        hit.made = true;
        hit.node = sg_scalar_new(run->k->set, "", 0, SG_TAG_STR, SG_PLAIN);
        sg_map_put(run->k->set, subject, SG_ATOM(namespace), hit.node);
    }
    return set_namespace(run, &hit, err);
}

static int set_subjects(struct run *run, struct sg_err *err) {
    struct sg_node *subjects = sg_map_get(run->res->node, SG_ATOM(subjects));
    if (run->config->subjects == SG_SUBJECTS_NONE || sg_is_null(subjects)) {
        return 0;
    }
    if (!sg_is_seq(subjects)) {
        return sg_fail_object(run->k, run->res, subjects, err,
                              "subjects is no list, expected a list of maps");
    }
    const struct sg_fieldpath *path = sg_k_path_key(run->k, NULL, SG_ATOM(subjects));
    for (uint32_t i = 0; i < subjects->len; i++) {
        struct sg_node *subject = subjects->items[i];
        if (sg_is_null(subject)) {
            continue;
        }
        if (!sg_is_map(subject)) {
            return sg_fail_object(run->k, run->res, subject, err,
                                  "subjects[#%u] is no map", i);
        }
        if (is_wanted_subject(run, subject) &&
            set_subject(run, subject, sg_k_path_item(run->k, run->res, path, subject, i),
                        err) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Fields with rules of their own, which the tables cannot override. */
static bool is_special(const struct run *run, const struct sg_fieldspec *spec) {
    if (strcmp(spec->path, "metadata/namespace") == 0) {
        return true;
    }
    if (strcmp(spec->path, "metadata/name") == 0) {
        const struct sg_resid *id = &run->res->state->cur;
        return id->group->len > 0 || strcmp(id->version->text, "v1") != 0;
    }
    return is_role_binding(spec->kind) && is_role_binding(run->res->state->cur.kind) &&
           strcmp(spec->path, "subjects/namespace") == 0;
}

/* The object's own namespace, and that of a binding's subjects. */
static int transform_own(struct run *run, const struct sg_fieldspec *own,
                         struct sg_err *err) {
    const struct sg_resid *id = &run->res->state->cur;
    struct sg_field_walk walk = namespace_walk(run);
    if (!sg_resid_cluster_scoped(run->k, id) &&
        sg_fieldspec_walk(run->k, run->res, own, &walk, err) < 0) {
        return -1;
    }
    return is_role_binding(id->kind) ? set_subjects(run, err) : 0;
}

static int transform_one(struct run *run, const struct sg_fieldspec *own,
                         struct sg_err *err) {
    struct sg_kustomize *k = run->k;
    const struct sg_resid *id = &run->res->state->cur;
    struct sg_field_walk walk = namespace_walk(run);
    if (transform_own(run, own, err) < 0) {
        return -1;
    }
    struct sg_fieldspec_iter it = sg_fieldspecs_for(run->config->fields, id->kind);
    const struct sg_fieldspec *spec;
    while ((spec = sg_fieldspec_next(&it)) != NULL) {
        if (!is_special(run, spec) &&
            sg_fieldspec_walk(k, run->res, spec, &walk, err) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Two objects that differed by their namespace alone. */
static int check_unique(struct sg_kustomize *k, struct sg_resmap *map,
                        const struct sg_resource *res, struct sg_err *err) {
    sg_auto_reslist same = {0};
    sg_resmap_find(k, map, &res->state->cur, SG_ID_CURRENT, &same);
    if (same.items.len == 1) {
        return 0;
    }
    return sg_fail_object(k, res, res->node, err,
                          "setting the namespace gives two objects this identity");
}

int sg_set_namespace(struct sg_kustomize *k, struct sg_resource *res,
                     const struct sg_namespace_config *config, struct sg_err *err) {
    struct sg_fieldspecs own = sg_fieldspecs_of(k, "", "metadata/namespace", true);
    struct run run = {.k = k, .config = config, .res = res};
    return transform_own(&run, own.items, err);
}

int sg_transform_namespace(struct sg_kustomize *k, struct sg_resmap *map,
                           const struct sg_namespace_config *config, struct sg_err *err) {
    if (config->namespace[0] == '\0' ||
        !sg_step_begin(k, SG_STEP_TRANSFORM, "namespace", config->loc, 0)) {
        return 0;
    }
    struct sg_fieldspecs own = sg_fieldspecs_of(k, "", "metadata/namespace", true);
    struct run run = {.k = k, .config = config};
    for (size_t i = 0; i < map->items.len; i++) {
        run.res = map->items.items[i];
        sg_resource_store_id(k, run.res);
        if (transform_one(&run, own.items, err) < 0) {
            return sg_err_wrap(err, "namespace");
        }
        sg_resmap_changed(k, map, run.res);
        if (check_unique(k, map, run.res, err) < 0) {
            return sg_err_wrap(err, "namespace");
        }
    }
    sg_step_matched(k, (uint32_t)map->items.len);
    return 0;
}
