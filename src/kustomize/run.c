/* run.c - the transformers that a kustomization's fields ask for, in kustomize's order.
 */
#include "accumulate.h"
#include "metadata.h"
#include "patches.h"
#include "replacements.h"
#include "transformer.h"

/* One kustomization's run. */
struct run {
    struct sg_kustomize *k;
    const struct sg_target *target;
    const struct sg_kustomization *kz;
    struct sg_accumulator *acc;
};

/* Notes, where buildMetadata asks for it, that a transformer of this kind went over
 * everything. */
static void ran(const struct run *r, const char *plugin) {
    sg_transformed_by(r->k, &r->acc->map, sg_origin_builtin(r->k, r->target, plugin));
}

static int run_strategic(const struct run *r, struct sg_err *err) {
    if (r->kz->patches_strategic.len == 0) {
        return 0;
    }
    if (sg_apply_strategic(r->k, r->target->loader, &r->acc->map,
                           &r->kz->patches_strategic, err) != 0) {
        return -1;
    }
    ran(r, "PatchStrategicMergeTransformer");
    return 0;
}

static int run_patches(const struct run *r, struct sg_err *err) {
    for (size_t i = 0; i < r->kz->patches_len; i++) {
        if (sg_apply_patch(r->k, r->target->loader, &r->acc->map, &r->kz->patches[i],
                           (uint32_t)i, err) != 0) {
            return -1;
        }
        ran(r, "PatchTransformer");
    }
    return 0;
}

static int run_namespace(const struct run *r, struct sg_err *err) {
    const struct sg_text_at *namespace = &r->kz->namespace;
    if (namespace->text == NULL || namespace->text[0] == '\0') {
        return 0;
    }
    struct sg_namespace_config config = {
        .namespace = namespace->text,
        .fields = r->acc->tables->namespace,
        .loc = namespace->loc,
    };
    if (sg_transform_namespace(r->k, &r->acc->map, &config, err) != 0) {
        return -1;
    }
    ran(r, "NamespaceTransformer");
    return 0;
}

static int run_affixes(const struct run *r, struct sg_err *err) {
    const struct sg_text_at *prefix = &r->kz->name_prefix, *suffix = &r->kz->name_suffix;
    if (prefix->text != NULL && prefix->text[0] != '\0') {
        struct sg_affix_config config = {prefix->text, r->acc->tables->name_prefix,
                                         prefix->loc};
        if (sg_transform_prefix(r->k, &r->acc->map, &config, err) != 0) {
            return -1;
        }
        ran(r, "PrefixTransformer");
    }
    if (suffix->text != NULL && suffix->text[0] != '\0') {
        struct sg_affix_config config = {suffix->text, r->acc->tables->name_suffix,
                                         suffix->loc};
        if (sg_transform_suffix(r->k, &r->acc->map, &config, err) != 0) {
            return -1;
        }
        ran(r, "SuffixTransformer");
    }
    return 0;
}

/* The fields of one entry of labels: its own, those of the configuration, and by what it
 * includes selectors or templates. */
static int label_fields(const struct run *r, const struct sg_label_rule *rule,
                        struct sg_fieldspecs *out, struct sg_err *err) {
    struct sg_kustomize *k = r->k;
    const struct sg_tables *tables = r->acc->tables;
    struct sg_fieldspecs own = sg_fieldspecs_of(k, "", "metadata/labels", true);
    if (sg_fieldspecs_merge(k, rule->fields, tables->labels, out, err) != 0) {
        return -1;
    }
    if (rule->include_selectors) {
        return sg_fieldspecs_merge(k, *out, tables->common_labels, out, err);
    }
    if (rule->include_templates &&
        sg_fieldspecs_merge(k, *out, tables->template_labels, out, err) != 0) {
        return -1;
    }
    return sg_fieldspecs_merge(k, *out, own, out, err);
}

static int run_labels(const struct run *r, struct sg_err *err) {
    const struct sg_kustomization *kz = r->kz;
    for (size_t i = 0; i < kz->labels_len; i++) {
        struct sg_pairs_config config = {
            .name = "labels",
            .pairs = kz->labels[i].pairs,
            .loc = kz->labels[i].loc,
            .item = (uint32_t)i,
        };
        if (label_fields(r, &kz->labels[i], &config.fields, err) != 0 ||
            sg_transform_labels(r->k, &r->acc->map, &config, err) != 0) {
            return -1;
        }
        ran(r, "LabelTransformer");
    }
    if (kz->common_labels.len == 0 && kz->labels_len == 0) {
        return 0;
    }
    if (kz->common_labels.len > 0) {
        struct sg_pairs_config config = {
            .name = "commonLabels",
            .pairs = kz->common_labels,
            .fields = r->acc->tables->common_labels,
            .loc = kz->common_labels.loc,
        };
        if (sg_transform_labels(r->k, &r->acc->map, &config, err) != 0) {
            return -1;
        }
    }
    ran(r, "LabelTransformer");
    return 0;
}

static int run_annotations(const struct run *r, struct sg_err *err) {
    if (r->kz->common_annotations.len == 0) {
        return 0;
    }
    struct sg_pairs_config config = {
        .name = "commonAnnotations",
        .pairs = r->kz->common_annotations,
        .fields = r->acc->tables->common_annotations,
        .loc = r->kz->common_annotations.loc,
    };
    if (sg_transform_annotations(r->k, &r->acc->map, &config, err) != 0) {
        return -1;
    }
    ran(r, "AnnotationsTransformer");
    return 0;
}

static int run_json(const struct run *r, struct sg_err *err) {
    for (size_t i = 0; i < r->kz->patches_json_len; i++) {
        if (sg_apply_json6902(r->k, r->target->loader, &r->acc->map,
                              &r->kz->patches_json[i], (uint32_t)i, err) != 0) {
            return -1;
        }
        ran(r, "PatchJson6902Transformer");
    }
    return 0;
}

static int run_counts(const struct run *r, struct sg_err *err) {
    const struct sg_kustomization *kz = r->kz;
    for (size_t i = 0; i < kz->replicas_len; i++) {
        if (sg_transform_replica(r->k, &r->acc->map, &kz->replicas[i],
                                 r->acc->tables->replicas, (uint32_t)i, err) != 0) {
            return -1;
        }
        ran(r, "ReplicaCountTransformer");
    }
    if (kz->images_len == 0) {
        return 0;
    }
    if (sg_transform_images(r->k, &r->acc->map, kz->images, kz->images_len,
                            r->acc->tables->images, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < kz->images_len; i++) {
        ran(r, "ImageTagTransformer");
    }
    return 0;
}

static int run_replacements(const struct run *r, struct sg_err *err) {
    if (r->kz->replacements_len == 0) {
        return 0;
    }
    if (sg_apply_replacements(r->k, r->target->loader, &r->acc->map, r->kz->replacements,
                              r->kz->replacements_len, err) != 0) {
        return -1;
    }
    ran(r, "ReplacementTransformer");
    return 0;
}

int sg_run_transformers(struct sg_kustomize *k, const struct sg_target *target,
                        struct sg_accumulator *acc, struct sg_err *err) {
    static int (*const order[])(const struct run *, struct sg_err *) = {
        run_strategic,   run_patches, run_namespace, run_affixes,      run_labels,
        run_annotations, run_json,    run_counts,    run_replacements,
    };
    struct run r = {k, target, target->kz, acc};
    for (size_t i = 0; i < SG_ARRAY_LEN(order); i++) {
        if (order[i](&r, err) != 0) {
            return -1;
        }
    }
    return 0;
}
