/* kustomization.c - finding, checking and reading a kustomization file; see
 * kustomization.h. */
#include "kustomization.h"

#include "fields.h"
#include "load.h"
#include "parse.h"
#include "sg/number.h"
#include "sg/path.h"
#include "sg/yaml.h"

#include <string.h>
#include <strings.h>

static const char api_version[] = "kustomize.config.k8s.io/v1beta1";
static const char component_version[] = "kustomize.config.k8s.io/v1alpha1";

/* The one kustomization file of the folder: its text is appended to `out`. */
static const char *find_file(struct sg_kustomize *k, const struct sg_loader *loader,
                             struct sg_buf *out, struct sg_err *err) {
    static const char *const names[] = {"kustomization.yaml", "kustomization.yml",
                                        "Kustomization"};
    const char *found = NULL, *folder = sg_loader_shown(k, loader, loader->root);
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        enum sg_fs_type type;
        if (sg_loader_type(k, loader, names[i], 0, &type, err) != 0) {
            return NULL;
        }
        if (type != SG_FS_FILE) {
            continue;
        }
        if (found != NULL) {
            (void)sg_fail(err, SG_E_INPUT, "%s holds %s and %s; expected one of them",
                          folder, sg_path_base(found), names[i]);
            (void)sg_err_hint(err, "remove one");
            return NULL;
        }
        if (sg_loader_read(k, loader, names[i], 0, out, &found, err) != 0) {
            return NULL;
        }
    }
    if (found == NULL) {
        (void)sg_fail(err, SG_E_NOTFOUND,
                      "%s has no kustomization.yaml, kustomization.yml or Kustomization",
                      folder);
        (void)sg_err_hint(err, "add one that lists the folder's resources");
    }
    return found;
}

/* kustomize refuses a file that sets nothing; lists that are there count, even empty
 * ones, except for the deprecated ones that it moves elsewhere first. */
static bool sets_nothing(const struct sg_node *node) {
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        const char *key = node->entries[i].key->text;
        const struct sg_node *value = node->entries[i].value;
        bool moved = strcasecmp(key, "bases") == 0 || strcasecmp(key, "imageTags") == 0 ||
                     strcasecmp(key, "helmChartInflationGenerator") == 0;
        if (strcasecmp(key, "apiVersion") == 0 || strcasecmp(key, "kind") == 0 ||
            sg_is_null(value) || (moved && value->len == 0)) {
            continue;
        }
        if (!sg_is_scalar(value) || value->len > 0) {
            return false;
        }
    }
    return true;
}

static int check_type(struct sg_kustomize *k, struct sg_kustomization *kz,
                      struct sg_err *err) {
    struct sg_text_at kind = sg_parse_text_at(kz->node, "kind");
    struct sg_text_at version = sg_parse_text_at(kz->node, "apiVersion");
    kz->component = kind.text != NULL && strcmp(kind.text, "Component") == 0;
    if (kind.text != NULL && kind.text[0] != '\0' && !kz->component &&
        strcmp(kind.text, "Kustomization") != 0) {
        return sg_k_fail(k, err, kind.loc,
                         "kind is \"%s\"; expected Kustomization or Component",
                         kind.text);
    }
    const char *expected = kz->component ? component_version : api_version;
    if (version.text != NULL && version.text[0] != '\0' &&
        strcmp(version.text, expected) != 0) {
        return sg_k_fail(k, err, version.loc, "apiVersion is \"%s\"; expected %s",
                         version.text, expected);
    }
    return 0;
}

static void warn_deprecated(struct sg_kustomize *k, const struct sg_node *node) {
    static const struct {
        const char *field, *instead;
    } old[] = {
        {"bases", "resources"},         {"imageTags", "images"},
        {"patchesJson6902", "patches"}, {"patchesStrategicMerge", "patches"},
        {"commonLabels", "labels"},     {"vars", "replacements"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(old); i++) {
        const struct sg_entry *entry = sg_strict_find(node, old[i].field, true);
        if (entry != NULL && !sg_is_null(entry->value)) {
            sg_k_warn(k, "", "deprecated", entry->key_loc,
                      "'%s' is deprecated; use '%s' instead", old[i].field,
                      old[i].instead);
        }
    }
}

/* --- the fields --------------------------------------------------------------------- */

static struct sg_texts append_texts(struct sg_kustomize *k, struct sg_texts a,
                                    struct sg_texts b) {
    if (b.len == 0) {
        return a;
    }
    struct sg_texts all = {
        sg_arena_alloc(&k->set->arena, (a.len + b.len) * sizeof(*all.items)),
        a.len + b.len};
    if (a.len > 0) {
        memcpy(all.items, a.items, a.len * sizeof(*a.items));
    }
    memcpy(all.items + a.len, b.items, b.len * sizeof(*b.items));
    return all;
}

static void read_paths(struct sg_kustomize *k, struct sg_kustomization *kz) {
    const struct sg_node *node = kz->node;
    kz->resources = append_texts(k, sg_parse_texts(k, node, "resources"),
                                 sg_parse_texts(k, node, "bases"));
    kz->components = sg_parse_texts(k, node, "components");
    kz->crds = sg_parse_texts(k, node, "crds");
    kz->configurations = sg_parse_texts(k, node, "configurations");
    kz->generators = sg_parse_texts(k, node, "generators");
    kz->transformers = sg_parse_texts(k, node, "transformers");
    kz->validators = sg_parse_texts(k, node, "validators");
    kz->patches_strategic = sg_parse_texts(k, node, "patchesStrategicMerge");
    kz->namespace = sg_parse_text_at(node, "namespace");
    kz->name_prefix = sg_parse_text_at(node, "namePrefix");
    kz->name_suffix = sg_parse_text_at(node, "nameSuffix");
    kz->openapi_path = sg_parse_text_at(sg_parse_get(node, "openapi"), "path");
    kz->openapi_version = sg_parse_text_at(sg_parse_get(node, "openapi"), "version");
}

static int read_labels(struct sg_kustomize *k, struct sg_kustomization *kz,
                       struct sg_err *err) {
    const struct sg_node *list = sg_parse_get(kz->node, "labels");
    kz->labels = sg_parse_array(k, list, sizeof(*kz->labels), &kz->labels_len);
    for (size_t i = 0; i < kz->labels_len; i++) {
        const struct sg_node *node = list->items[i];
        struct sg_label_rule *rule = &kz->labels[i];
        rule->include_selectors = sg_parse_bool(node, "includeSelectors");
        rule->include_templates = sg_parse_bool(node, "includeTemplates");
        rule->loc = node->loc;
        if (sg_parse_pairs(k, sg_parse_get(node, "pairs"), &rule->pairs, err) != 0 ||
            sg_fieldspecs_parse(k, sg_parse_get(node, "fields"), &rule->fields, err) !=
                0) {
            return -1;
        }
    }
    if (sg_parse_pairs(k, sg_parse_get(kz->node, "commonLabels"), &kz->common_labels,
                       err) != 0) {
        return -1;
    }
    return sg_parse_pairs(k, sg_parse_get(kz->node, "commonAnnotations"),
                          &kz->common_annotations, err);
}

static int read_images(struct sg_kustomize *k, struct sg_kustomization *kz,
                       struct sg_err *err) {
    const struct sg_node *lists[] = {sg_parse_get(kz->node, "images"),
                                     sg_parse_get(kz->node, "imageTags")};
    size_t len = 0;
    for (size_t i = 0; i < SG_ARRAY_LEN(lists); i++) {
        len += sg_is_seq(lists[i]) ? lists[i]->len : 0;
    }
    if (len > 0) {
        kz->images = sg_arena_alloc(&k->set->arena, len * sizeof(*kz->images));
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(lists); i++) {
        for (uint32_t j = 0; sg_is_seq(lists[i]) && j < lists[i]->len; j++) {
            if (sg_parse_image(k, lists[i]->items[j], &kz->images[kz->images_len++],
                               err) != 0) {
                return -1;
            }
        }
    }
    const struct sg_node *replicas = sg_parse_get(kz->node, "replicas");
    kz->replicas = sg_parse_array(k, replicas, sizeof(*kz->replicas), &kz->replicas_len);
    for (size_t i = 0; i < kz->replicas_len; i++) {
        if (sg_parse_replica(k, replicas->items[i], &kz->replicas[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int read_patches(struct sg_kustomize *k, const struct sg_node *list,
                        struct sg_patch_entry **out, size_t *len, struct sg_err *err) {
    *out = sg_parse_array(k, list, sizeof(**out), len);
    for (size_t i = 0; i < *len; i++) {
        if (sg_parse_patch(k, list->items[i], &(*out)[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int read_generators(struct sg_kustomize *k, const struct sg_node *list,
                           struct sg_generator_args **out, size_t *len,
                           struct sg_err *err) {
    *out = sg_parse_array(k, list, sizeof(**out), len);
    for (size_t i = 0; i < *len; i++) {
        if (sg_parse_generator(k, list->items[i], &(*out)[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

static void read_replacements(struct sg_kustomize *k, struct sg_kustomization *kz) {
    const struct sg_node *list = sg_parse_get(kz->node, "replacements");
    kz->replacements =
        sg_parse_array(k, list, sizeof(*kz->replacements), &kz->replacements_len);
    for (size_t i = 0; i < kz->replacements_len; i++) {
        kz->replacements[i] = (struct sg_replacement_entry){
            .path = sg_parse_text(list->items[i], "path"),
            .inline_node = list->items[i],
            .loc = list->items[i]->loc,
        };
    }
}

static void read_vars(struct sg_kustomize *k, struct sg_kustomization *kz) {
    const struct sg_node *list = sg_parse_get(kz->node, "vars");
    kz->vars = sg_parse_array(k, list, sizeof(*kz->vars), &kz->vars_len);
    for (size_t i = 0; i < kz->vars_len; i++) {
        const struct sg_node *node = list->items[i];
        const struct sg_node *ref = sg_parse_get(node, "objref");
        kz->vars[i] = (struct sg_var){
            .name = sg_parse_text(node, "name"),
            .objref = {.group = sg_parse_text(ref, "group"),
                       .version = sg_parse_text(ref, "version"),
                       .kind = sg_parse_text(ref, "kind"),
                       .name = sg_parse_text(ref, "name"),
                       .namespace = sg_parse_text(ref, "namespace")},
            .api_version = sg_parse_text(ref, "apiVersion"),
            .field_path = sg_parse_text(sg_parse_get(node, "fieldref"), "fieldPath"),
            .file = kz->file,
            .loc = node->loc,
        };
    }
}

static void read_rest(struct sg_kustomize *k, struct sg_kustomization *kz) {
    read_replacements(k, kz);
    read_vars(k, kz);
    sg_parse_sort(k, sg_parse_get(kz->node, "sortOptions"), &kz->sort);
    struct sg_texts metadata = sg_parse_texts(k, kz->node, "buildMetadata");
    for (size_t i = 0; i < metadata.len; i++) {
        kz->has_metadata = true;
        if (strcmp(metadata.items[i].text, "originAnnotations") == 0) {
            kz->origin_annotations = true;
        } else if (strcmp(metadata.items[i].text, "transformerAnnotations") == 0) {
            kz->transformer_annotations = true;
        } else if (strcmp(metadata.items[i].text, "managedByLabel") == 0) {
            kz->managed_by_label = true;
        }
    }
    static const char *const helm[] = {"helmCharts", "helmChartInflationGenerator"};
    for (size_t i = 0; i < SG_ARRAY_LEN(helm); i++) {
        const struct sg_node *charts = sg_parse_get(kz->node, helm[i]);
        if (sg_is_seq(charts) && charts->len > 0 && kz->helm_loc == 0) {
            kz->helm_loc = charts->loc;
        }
    }
}

static int read_fields(struct sg_kustomize *k, struct sg_kustomization *kz,
                       struct sg_err *err) {
    const struct sg_node *node = kz->node;
    read_paths(k, kz);
    read_rest(k, kz);
    if (read_labels(k, kz, err) != 0 || read_images(k, kz, err) != 0 ||
        read_patches(k, sg_parse_get(node, "patches"), &kz->patches, &kz->patches_len,
                     err) != 0 ||
        read_patches(k, sg_parse_get(node, "patchesJson6902"), &kz->patches_json,
                     &kz->patches_json_len, err) != 0 ||
        read_generators(k, sg_parse_get(node, "configMapGenerator"), &kz->config_maps,
                        &kz->config_maps_len, err) != 0 ||
        read_generators(k, sg_parse_get(node, "secretGenerator"), &kz->secrets,
                        &kz->secrets_len, err) != 0) {
        return -1;
    }
    return sg_parse_generator_options(k, sg_parse_get(node, "generatorOptions"),
                                      &kz->generator_options, err);
}

/* kustomize reads the file through JSON, where a count of 1.0 or 1e3 is an integer. */
static void take_whole_counts(const struct sg_node *replicas) {
    for (uint32_t i = 0; sg_is_seq(replicas) && i < replicas->len; i++) {
        struct sg_node *count = sg_strict_get(replicas->items[i], "count", true);
        sg_auto_buf text = SG_BUF_INIT;
        if (sg_is_scalar(count) && sg_scalar_type(count) == SG_TAG_FLOAT &&
            sg_number_write(count->text, count->len, SG_NUMBER_JSON, &text) &&
            strpbrk(sg_buf_cstr(&text), ".e") == NULL) {
            count->tag = SG_TAG_INT;
        }
    }
}

static int check(struct sg_kustomize *k, struct sg_kustomization *kz,
                 struct sg_err *err) {
    const struct sg_strict_opts strict = {.fold_case = true};
    const char *shown = sg_docs_pos(k->set, kz->node->loc).file;
    struct sg_pos start = {shown, 1, 1};
    if (!sg_is_null(kz->node) && !sg_is_map(kz->node)) {
        sg_auto_buf found = SG_BUF_INIT;
        sg_strict_describe(kz->node, &found);
        return sg_k_fail(k, err, kz->node->loc,
                         "found %s, expected a kustomization (a map)",
                         sg_buf_cstr(&found));
    }
    take_whole_counts(sg_parse_get(kz->node, "replicas"));
    if (sg_strict_check(k->set, kz->node, sg_fields_kustomization, &strict, err) != 0) {
        return -1;
    }
    if (sets_nothing(kz->node)) {
        (void)sg_fail_at(err, SG_E_INPUT, start, "the kustomization is empty");
        return sg_err_hint(err, "list what it renders under resources:");
    }
    return check_type(k, kz, err);
}

struct sg_kustomization *sg_kustomization_load(struct sg_kustomize *k,
                                               const struct sg_loader *loader,
                                               struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    const char *file = find_file(k, loader, &text, err);
    if (file == NULL) {
        return NULL;
    }
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .yaml11 = true};
    sg_auto_yaml_docs docs = {0};
    const char *shown = sg_loader_shown(k, loader, file);
    if (sg_yaml_read(k->set, shown, sg_buf_cstr(&text), text.len, &opts, &docs, err) !=
        0) {
        return NULL;
    }
    struct sg_kustomization *kz = sg_arena_alloc(&k->set->arena, sizeof(*kz));
    kz->file = file;
    kz->dir = loader->root;
    kz->node = docs.roots.len > 0 ? docs.roots.items[0] : sg_null_new(k->set);
    if (docs.roots.len == 0) {
        (void)sg_fail_at(err, SG_E_INPUT, (struct sg_pos){shown, 1, 1},
                         "the kustomization is empty");
        (void)sg_err_hint(err, "list what it renders under resources:");
        return NULL;
    }
    if (check(k, kz, err) != 0) {
        return NULL;
    }
    warn_deprecated(k, kz->node);
    return read_fields(k, kz, err) == 0 ? kz : NULL;
}
