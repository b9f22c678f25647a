/* plugin.c - see plugin.h. */
#include "plugin.h"

#include "fields.h"
#include "generator.h"
#include "kv.h"
#include "metadata.h"
#include "parse.h"
#include "patches.h"
#include "plugin_config.h"
#include "replacements.h"
#include "sg/path.h"
#include "sg/suggest.h"
#include "transformer.h"

#include <string.h>

/* One configuration object that runs. */
struct plugin {
    struct sg_kustomize *k;
    const struct sg_target *target;
    const struct sg_resource *config;
    struct sg_resmap *map;
};

/* --- reading configurations -----------------------------------------------------------
 */

/* Entries are paths, or objects when they read as such. The target's origin is that of
 * its file. */
static int read_configs(struct sg_kustomize *k, const struct sg_target *target,
                        const char *name, const struct sg_texts *entries,
                        struct sg_accumulator *acc, struct sg_err *err) {
    const char *kz_name = strrchr(target->kz->file, '/');
    struct sg_texts paths = {
        sg_arena_alloc(&k->set->arena, entries->len * sizeof(*paths.items)), 0};
    for (size_t i = 0; i < entries->len; i++) {
        const struct sg_text_at *entry = &entries->items[i];
        const char *shown = sg_docs_pos(k->set, entry->loc).file;
        sg_auto_nodes nodes = {0};
        struct sg_err none = {0};
        size_t first = k->set->sources.len;
        int status =
            sg_objects_read(k, shown, entry->text, strlen(entry->text), &nodes, &none);
        sg_objects_embed(k, first, entry->loc, 0, &none);
        if (status != 0 && strchr(entry->text, '\n') != NULL) {
            *err = none;
            return sg_err_wrap(err, "%s[%zu]", name, i);
        }
        if (status != 0) {
            paths.items[paths.len++] = *entry;
            continue;
        }
        for (size_t j = 0; j < nodes.items.len; j++) {
            struct sg_resource *res =
                sg_resource_new(k, nodes.items.items[j], target->kz->file);
            res->state->origin = sg_origin_file(
                k, target, kz_name != NULL ? kz_name + 1 : target->kz->file);
            if (sg_resmap_append(k, &acc->map, res, err) != 0) {
                return -1;
            }
        }
    }
    return sg_accumulate_paths(k, target, name, &paths, acc, err);
}

static int field_specs(const struct plugin *p, struct sg_fieldspecs *out,
                       struct sg_err *err) {
    return sg_fieldspecs_parse(p->k, sg_parse_get(p->config->node, "fieldSpecs"), out,
                               err);
}

/* --- transformers
 * ----------------------------------------------------------------------- */

static int run_pairs(const struct plugin *p, const char *field, struct sg_err *err,
                     int (*transform)(struct sg_kustomize *, struct sg_resmap *,
                                      const struct sg_pairs_config *, struct sg_err *)) {
    struct sg_pairs_config config = {.name = "transformers", .loc = p->config->loc};
    if (sg_parse_pairs(p->k, sg_parse_get(p->config->node, field), &config.pairs, err) !=
            0 ||
        field_specs(p, &config.fields, err) != 0) {
        return -1;
    }
    return config.pairs.len == 0 ? 0 : transform(p->k, p->map, &config, err);
}

static int run_annotations(const struct plugin *p, struct sg_err *err) {
    return run_pairs(p, "annotations", err, sg_transform_annotations);
}

static int run_labels(const struct plugin *p, struct sg_err *err) {
    return run_pairs(p, "labels", err, sg_transform_labels);
}

static int run_hash(const struct plugin *p, struct sg_err *err) {
    return sg_add_hashes(p->k, p->map, err);
}

static int run_image(const struct plugin *p, struct sg_err *err) {
    const struct sg_node *node = sg_parse_get(p->config->node, "imageTag");
    struct sg_image image;
    struct sg_fieldspecs fields;
    if (field_specs(p, &fields, err) != 0) {
        return -1;
    }
    if (!sg_is_map(node)) {
        node = sg_map_new(p->k->set);
    }
    if (sg_parse_image(p->k, node, &image, err) != 0) {
        return -1;
    }
    return sg_transform_images(p->k, p->map, &image, 1, fields, err);
}

static int run_namespace(const struct plugin *p, struct sg_err *err) {
    const struct sg_node *node = p->config->node;
    const char *subjects = sg_parse_text(node, "setRoleBindingSubjects");
    struct sg_namespace_config config = {
        .namespace = sg_parse_text(sg_map_get(node, SG_ATOM(metadata)), "namespace"),
        .unset_only = sg_parse_bool(node, "unsetOnly"),
        .loc = p->config->loc,
    };
    if (strcmp(subjects, "") == 0 || strcmp(subjects, "defaultOnly") == 0) {
        config.subjects = SG_SUBJECTS_DEFAULT_ONLY;
    } else if (strcmp(subjects, "allServiceAccounts") == 0) {
        config.subjects = SG_SUBJECTS_ALL;
    } else if (strcmp(subjects, "none") == 0) {
        config.subjects = SG_SUBJECTS_NONE;
    } else {
        return sg_k_fail(p->k, err, p->config->loc,
                         "setRoleBindingSubjects is \"%s\"; expected defaultOnly, "
                         "allServiceAccounts or none",
                         subjects);
    }
    if (field_specs(p, &config.fields, err) != 0) {
        return -1;
    }
    return config.namespace[0] == '\0'
               ? 0
               : sg_transform_namespace(p->k, p->map, &config, err);
}

/* These two leave out a null among their field specs; to others it is an empty one. */
static void drop_nulls(struct sg_node *list) {
    uint32_t len = 0;
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        if (!sg_is_null(list->items[i])) {
            list->items[len++] = list->items[i];
        }
    }
    if (sg_is_seq(list)) {
        list->len = len;
    }
}

static int run_affix(const struct plugin *p, bool prefix, struct sg_err *err) {
    struct sg_affix_config config = {
        .text = sg_parse_text(p->config->node, prefix ? "prefix" : "suffix"),
        .loc = p->config->loc,
    };
    struct sg_node *specs = sg_strict_get(p->config->node, "fieldSpecs", true);
    if (specs == NULL) {
        (void)sg_k_fail(p->k, err, p->config->loc, "found no fieldSpecs");
        return sg_err_hint(err, "add \"fieldSpecs: [{path: metadata/name}]\"");
    }
    drop_nulls(specs);
    if (field_specs(p, &config.fields, err) != 0) {
        return -1;
    }
    return prefix ? sg_transform_prefix(p->k, p->map, &config, err)
                  : sg_transform_suffix(p->k, p->map, &config, err);
}

static int run_prefix(const struct plugin *p, struct sg_err *err) {
    return run_affix(p, true, err);
}

static int run_suffix(const struct plugin *p, struct sg_err *err) {
    return run_affix(p, false, err);
}

/* The older built-in that does both. */
static int run_prefix_suffix(const struct plugin *p, struct sg_err *err) {
    return run_affix(p, true, err) != 0 ? -1 : run_affix(p, false, err);
}

static int run_replica(const struct plugin *p, struct sg_err *err) {
    const struct sg_node *node = sg_parse_get(p->config->node, "replica");
    struct sg_replica replica;
    struct sg_fieldspecs fields;
    if (field_specs(p, &fields, err) != 0) {
        return -1;
    }
    if (!sg_is_map(node)) {
        node = sg_map_new(p->k->set);
    }
    if (sg_parse_replica(p->k, node, &replica, err) != 0) {
        return -1;
    }
    return sg_transform_replica(p->k, p->map, &replica, fields, 0, err);
}

static int run_replacements(const struct plugin *p, struct sg_err *err) {
    const struct sg_node *list = sg_parse_get(p->config->node, "replacements");
    size_t len;
    struct sg_replacement_entry *entries =
        sg_parse_array(p->k, list, sizeof(*entries), &len);
    for (size_t i = 0; i < len; i++) {
        entries[i].path = sg_parse_text(list->items[i], "path");
        entries[i].inline_node = list->items[i];
        entries[i].loc = list->items[i]->loc;
    }
    return sg_apply_replacements(p->k, p->target->loader, p->map, entries, len, err);
}

static int run_patch(const struct plugin *p, struct sg_err *err) {
    struct sg_patch_entry entry;
    if (sg_parse_patch(p->k, p->config->node, &entry, err) != 0) {
        return -1;
    }
    return sg_apply_patch(p->k, p->target->loader, p->map, &entry, 0, err);
}

static int run_patch_json(const struct plugin *p, struct sg_err *err) {
    struct sg_patch_entry entry;
    if (sg_parse_patch(p->k, p->config->node, &entry, err) != 0) {
        return -1;
    }
    entry.patch = sg_parse_text(p->config->node, "jsonOp");
    return sg_apply_json6902(p->k, p->target->loader, p->map, &entry, 0, err);
}

static int run_strategic(const struct plugin *p, struct sg_err *err) {
    struct sg_texts paths = sg_parse_texts(p->k, p->config->node, "paths");
    struct sg_text_at text = sg_parse_text_at(p->config->node, "patches");
    if (text.text != NULL && text.text[0] != '\0') {
        paths.items = sg_arena_grow(&p->k->set->arena, paths.items, paths.len,
                                    paths.len + 1, sizeof(text));
        paths.items[paths.len++] = text;
    }
    if (paths.len == 0) {
        return sg_k_fail(
            p->k, err, p->config->loc,
            "a PatchStrategicMergeTransformer with neither paths nor patches");
    }
    return sg_apply_strategic(p->k, p->target->loader, p->map, &paths, err);
}

/* --- ValueAddTransformer
 * --------------------------------------------------------------------- */

/* The value, trimmed; it defaults to the name of the folder. */
static const char *value_text(const struct plugin *p) {
    const char *text = sg_parse_text(p->config->node, "value");
    struct sg_str value = sg_trim_space((struct sg_str){text, strlen(text)});
    return value.len > 0 ? sg_arena_strndup(&p->k->set->arena, value.ptr, value.len)
                         : sg_path_base(p->target->loader->root);
}

static int add_values(const struct plugin *p, const struct sg_node *targets,
                      struct sg_err *err) {
    for (uint32_t i = 0; sg_is_seq(targets) && i < targets->len; i++) {
        const struct sg_node *node = targets->items[i];
        struct sg_value_target target = {
            .field_path = sg_parse_text(node, "fieldPath"),
            .position = sg_strict_int(sg_parse_get(node, "filePathPosition"), 0),
            .loc = node->loc,
        };
        const struct sg_node *selector = sg_parse_get(node, "selector");
        if (selector != NULL &&
            sg_parse_selector(p->k, selector, &target.select, err) != 0) {
            return -1;
        }
        if (sg_transform_value(p->k, p->map, value_text(p), &target, i, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Targets stand in the configuration, in a file that several share, or in both. */
static int run_value(const struct plugin *p, struct sg_err *err) {
    struct sg_text_at path = sg_parse_text_at(p->config->node, "targetFilePath");
    const struct sg_node *own = sg_parse_get(p->config->node, "targets"), *shared = NULL;
    if (path.text != NULL && path.text[0] != '\0') {
        const struct sg_node *read = sg_read_config(p->k, p->target->loader, &path, err);
        struct sg_node *file = read != NULL ? sg_node_clone(p->k->set, read) : NULL;
        if (file == NULL || sg_plugin_fit(p->k, file, "ValueAddTransformer", err) != 0) {
            return -1;
        }
        shared = sg_parse_get(file, "targets");
    }
    if (own == NULL && shared == NULL) {
        return sg_k_fail(p->k, err, p->config->loc, "found no targets, expected one");
    }
    return add_values(p, own, err) != 0 ? -1 : add_values(p, shared, err);
}

/* kustomize 5.8.1 also has a SortOrderTransformer and a LegacyOrderTransformer, but its
 * loader does not know them: naming one fails. */
static const struct builtin {
    const char *kind;
    int (*run)(const struct plugin *p, struct sg_err *err);
} transformers[] = {
    {"AnnotationsTransformer", run_annotations},
    {"HashTransformer", run_hash},
    {"ImageTagTransformer", run_image},
    {"LabelTransformer", run_labels},
    {"NamespaceTransformer", run_namespace},
    {"PatchJson6902Transformer", run_patch_json},
    {"PatchStrategicMergeTransformer", run_strategic},
    {"PatchTransformer", run_patch},
    {"PrefixSuffixTransformer", run_prefix_suffix},
    {"PrefixTransformer", run_prefix},
    {"ReplacementTransformer", run_replacements},
    {"ReplicaCountTransformer", run_replica},
    {"SuffixTransformer", run_suffix},
    {"ValueAddTransformer", run_value},
};

static bool is_builtin(const struct sg_resource *config) {
    const char *version = sg_text(sg_map_get(config->node, SG_ATOM(apiVersion)));
    return version != NULL && strcmp(version, "builtin") == 0;
}

/* What we do not run: a program, a container, or a built-in that kustomize does not have
 * either. */
static int refuse(struct sg_kustomize *k, const struct sg_resource *config,
                  const char *what, const struct builtin *known, size_t len,
                  struct sg_err *err) {
    const char *kind = config->state->cur.kind->text;
    struct sg_suggest near;
    if (k->opts->lenient && !is_builtin(config)) {
        k->opaque = true;
        sg_k_warn(k, "SG405", "opaque", config->loc,
                  "the %s %s runs another program and is skipped", what, kind);
        return 0;
    }
    if (!is_builtin(config)) {
        (void)sg_k_fail(k, err, config->loc,
                        "the %s %s runs another program, which we do not do", what, kind);
        return sg_err_hint(err, "run it beforehand and list its output as a resource");
    }
    (void)sg_k_fail(k, err, config->loc, "there is no built-in %s %s", what, kind);
    sg_suggest_init(&near, kind);
    for (size_t i = 0; i < len; i++) {
        sg_suggest_offer(&near, known[i].kind);
    }
    if (sg_suggest_best(&near) != NULL) {
        return sg_err_hint(err, "did you mean %s?", sg_suggest_best(&near));
    }
    return -1;
}

static int run_transformer(const struct plugin *p, struct sg_err *err) {
    const struct builtin *found = NULL;
    for (size_t i = 0; i < SG_ARRAY_LEN(transformers) && is_builtin(p->config); i++) {
        if (strcmp(transformers[i].kind, p->config->state->cur.kind->text) == 0) {
            found = &transformers[i];
        }
    }
    if (found == NULL) {
        return refuse(p->k, p->config, "transformer", transformers,
                      SG_ARRAY_LEN(transformers), err);
    }
    const char *outer = p->k->file;
    struct plugin ready = *p;
    p->k->file = p->config->file;
    ready.config = sg_plugin_config(p->k, p->config, err);
    int status = ready.config != NULL ? found->run(&ready, err) : -1;
    p->k->file = outer;
    return status == 0 ? 0 : sg_err_locate(err, sg_docs_pos(p->k->set, p->config->loc));
}

int sg_plugin_transformers(struct sg_kustomize *k, const struct sg_target *target,
                           struct sg_accumulator *acc, struct sg_err *err) {
    sg_auto_accumulator configs = {0};
    if (target->kz->transformers.len == 0) {
        return 0;
    }
    if (read_configs(k, target, "transformers", &target->kz->transformers, &configs,
                     err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < configs.map.items.len; i++) {
        struct plugin p = {k, target, configs.map.items.items[i], &acc->map};
        if (run_transformer(&p, err) != 0) {
            return -1;
        }
        sg_transformed_by(k, &acc->map, sg_origin_config(k, target, p.config));
    }
    return 0;
}

/* --- validators
 * -------------------------------------------------------------------------- */

static int validate(const struct plugin *p, struct sg_err *err) {
    struct sg_kustomize *k = p->k;
    SG_VEC(struct sg_node *) before = {0};
    for (size_t i = 0; i < p->map->items.len; i++) {
        sg_vec_push(&before, sg_node_clone(k->set, p->map->items.items[i]->node));
    }
    int status = run_transformer(p, err);
    bool same = before.len == p->map->items.len;
    for (size_t i = 0; i < before.len && same; i++) {
        same = sg_node_equal(before.items[i], p->map->items.items[i]->node);
    }
    sg_vec_release(&before);
    if (status != 0) {
        return -1;
    }
    if (same) { /* kustomize compares by id, which fails where two have one */
        return sg_resmap_check_unique(k, p->map, err);
    }
    (void)sg_k_fail(k, err, p->config->loc,
                    "the validator %s changes objects; it may only look",
                    p->config->state->cur.kind->text);
    return sg_err_hint(err, "list it under transformers:");
}

int sg_plugin_validators(struct sg_kustomize *k, const struct sg_target *target,
                         struct sg_accumulator *acc, struct sg_err *err) {
    sg_auto_accumulator configs = {0};
    if (target->kz->validators.len == 0) {
        return 0;
    }
    if (read_configs(k, target, "validators", &target->kz->validators, &configs, err) !=
        0) {
        return -1;
    }
    for (size_t i = 0; i < configs.map.items.len; i++) {
        struct plugin p = {k, target, configs.map.items.items[i], &acc->map};
        if (validate(&p, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- generators
 * --------------------------------------------------------------------------- */

static int add_generated(const struct plugin *p, struct sg_resource *res,
                         struct sg_err *err) {
    if (res == NULL) {
        return -1;
    }
    res->state->origin = sg_origin_config(p->k, p->target, p->config);
    return sg_absorb_one(p->k, p->map, res, err);
}

/* name and namespace may stand in the metadata of such a configuration; the old field for
 * one env file is not looked at. */
static int generate(const struct plugin *p, bool secret, struct sg_err *err) {
    static const struct sg_generator_options none = {0};
    struct sg_generator_args args;
    const struct sg_node *node = p->config->node;
    const struct sg_node *metadata = sg_parse_get(node, "metadata");
    if (sg_parse_generator(p->k, node, &args, err) != 0) {
        return -1;
    }
    args.envs = sg_parse_texts(p->k, node, "envs");
    if (args.name[0] == '\0') {
        args.name = sg_parse_text(metadata, "name");
    }
    if (args.namespace[0] == '\0') {
        args.namespace = sg_parse_text(metadata, "namespace");
    }
    return add_generated(p,
                         sg_generate(p->k, p->target->loader,
                                     secret ? "Secret" : "ConfigMap", &args, &none, err),
                         err);
}

static int generate_config_map(const struct plugin *p, struct sg_err *err) {
    return generate(p, false, err);
}

static int generate_secret(const struct plugin *p, struct sg_err *err) {
    return generate(p, true, err);
}

static void put_text(struct sg_kustomize *k, struct sg_node *map, const char *key,
                     const char *text) {
    if (text[0] != '\0') {
        (void)sg_map_put(k->set, map, sg_k_atom(k, key), sg_str_new(k->set, text));
    }
}

/* A ServiceAccount that stands for one of Google's cloud. */
static int generate_iam(const struct plugin *p, struct sg_err *err) {
    struct sg_kustomize *k = p->k;
    const struct sg_node *node = p->config->node;
    const char *cloud = sg_parse_text(node, "cloud");
    if (strcmp(cloud, "gke") != 0) {
        return sg_k_fail(k, err, node->loc, "found cloud \"%s\", expected gke", cloud);
    }
    const struct sg_node *inside = sg_parse_get(node, "kubernetesService");
    const struct sg_node *outside = sg_parse_get(node, "serviceAccount");
    if (sg_parse_text(inside, "name")[0] == '\0' ||
        sg_parse_text(outside, "name")[0] == '\0') {
        return sg_k_fail(k, err, node->loc,
                         "an IAMPolicyGenerator without kubernetesService.name or "
                         "serviceAccount.name");
    }
    struct sg_node *object = sg_map_new(k->set);
    put_text(k, object, "apiVersion", "v1");
    put_text(k, object, "kind", "ServiceAccount");
    struct sg_node *metadata = sg_map_ensure(k->set, object, SG_ATOM(metadata));
    put_text(k, metadata, "name", sg_parse_text(inside, "name"));
    put_text(k, metadata, "namespace", sg_parse_text(inside, "namespace"));
    put_text(k, sg_map_ensure(k->set, metadata, SG_ATOM(annotations)),
             "iam.gke.io/gcp-service-account",
             sg_k_printf(k, "%s@%s.iam.gserviceaccount.com",
                         sg_parse_text(outside, "name"),
                         sg_parse_text(outside, "projectId")));
    struct sg_resource *res = sg_resource_new(k, object, NULL);
    res->loc = node->loc; /* the event of a new object is sg_absorb_one's */
    return add_generated(p, res, err);
}

static const struct builtin generators[] = {
    {"ConfigMapGenerator", generate_config_map},
    {"IAMPolicyGenerator", generate_iam},
    {"SecretGenerator", generate_secret},
};

static int run_generator(const struct plugin *p, uint32_t item, struct sg_err *err) {
    const char *kind = p->config->state->cur.kind->text;
    for (size_t i = 0; i < SG_ARRAY_LEN(generators) && is_builtin(p->config); i++) {
        if (strcmp(generators[i].kind, kind) == 0) {
            struct plugin ready = *p;
            ready.config = sg_plugin_config(p->k, p->config, err);
            return ready.config == NULL ? -1
                   : sg_step_begin(p->k, SG_STEP_GENERATE, "generators", p->config->loc,
                                   item)
                       ? generators[i].run(&ready, err)
                       : 0;
        }
    }
    return refuse(p->k, p->config, "generator", generators, SG_ARRAY_LEN(generators),
                  err);
}

int sg_plugin_generators(struct sg_kustomize *k, const struct sg_target *target,
                         struct sg_accumulator *acc, struct sg_err *err) {
    sg_auto_accumulator configs = {0};
    if (target->kz->generators.len == 0) {
        return 0;
    }
    if (read_configs(k, target, "generators", &target->kz->generators, &configs, err) !=
        0) {
        return -1;
    }
    for (size_t i = 0; i < configs.map.items.len; i++) {
        struct plugin p = {k, target, configs.map.items.items[i], &acc->map};
        if (run_generator(&p, (uint32_t)i, err) != 0) {
            return -1;
        }
    }
    return 0;
}
