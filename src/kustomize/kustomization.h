/*
 * kustomization.h - a kustomization file as data: every field with the place it was
 * written at. Everything lives in the arena of the render's document set.
 */
#ifndef SG_KUSTOMIZE_KUSTOMIZATION_H
#define SG_KUSTOMIZE_KUSTOMIZATION_H

#include "fieldspec.h"
#include "resmap.h"

/* A string of the file; text NULL: the field is absent. */
struct sg_text_at {
    const char *text;
    uint32_t loc;
};
struct sg_texts {
    struct sg_text_at *items;
    size_t len;
};

/* A map of strings, sorted bytewise by key. */
struct sg_pair {
    const char *key, *value;
    uint32_t loc;
};
struct sg_pairs {
    struct sg_pair *items;
    size_t len;
    uint32_t loc;
};

/* labels: */
struct sg_label_rule {
    struct sg_pairs pairs;
    struct sg_fieldspecs fields;
    bool include_selectors, include_templates;
    uint32_t loc;
};

/* images: */
struct sg_image {
    const char *name, *new_name, *tag_suffix, *new_tag, *digest; /* "" where absent */
    uint32_t loc;
};

/* replicas: */
struct sg_replica {
    const char *name;
    int64_t count;
    uint32_t loc;
};

/* patches:, patchesJson6902: and a PatchTransformer's config */
struct sg_patch_entry {
    const char *path, *patch; /* "" where absent */
    struct sg_selector target;
    bool allow_name_change, allow_kind_change;
    uint32_t loc, path_loc, patch_loc;
};

/* configMapGenerator:, secretGenerator: */
struct sg_generator_options {
    struct sg_pairs labels, annotations;
    bool disable_suffix, immutable;
    bool set;
};
struct sg_generator_args {
    const char *name, *namespace, *type; /* "" where absent; type: Secrets only */
    struct sg_text_at behavior;
    struct sg_texts files, literals, envs;
    struct sg_generator_options options;
    uint32_t loc;
};

/* replacements: */
enum sg_replacement_encoding { SG_ENCODING_NONE, SG_ENCODING_BASE64 };
struct sg_replacement_options {
    const char *delimiter; /* "" where absent */
    int64_t index;
    const char *encoding;
    bool create;
    bool set;
};
/* Not a regular expression in a source; in a target's select and reject it is. */
struct sg_replacement_source {
    struct sg_selector id;  /* group, version, kind, name, namespace */
    const char *field_path; /* "" means metadata.name */
    struct sg_replacement_options options;
    bool set;
};
struct sg_replacement_target {
    struct sg_selector select;
    struct sg_selector *reject;
    size_t reject_len;
    struct sg_texts field_paths;
    struct sg_replacement_options options;
    uint32_t loc;
};
struct sg_replacement {
    struct sg_replacement_source source;
    const char *source_value; /* NULL where absent */
    struct sg_replacement_target *targets;
    size_t targets_len;
    const char
        *file; /* fs path of the file that holds it (`path:`), or the kustomization */
    uint32_t loc;
};

/* vars: */
struct sg_var {
    const char *name;
    struct sg_selector objref; /* group, version, kind, name, namespace: exact */
    const char *api_version;
    const char *field_path;
    const char *file; /* fs path of the kustomization that has it */
    uint32_t loc;
};

struct sg_sort_options {
    bool set;
    const char *order;           /* "legacy", "fifo" or something that is refused */
    struct sg_texts first, last; /* legacySortOptions */
    bool custom;                 /* legacySortOptions was given */
    uint32_t loc;
};

struct sg_replacement_entry {
    const char *path; /* "" for an inline one */
    struct sg_node *inline_node;
    uint32_t loc;
};

struct sg_kustomization {
    const char *file;     /* fs path, for messages and the trace */
    const char *dir;      /* its folder */
    struct sg_node *node; /* the document */
    bool component;       /* kind: Component */

    struct sg_texts
        resources; /* `bases` follow the resources, as kustomize fixes them up */
    struct sg_texts components, crds, configurations;
    struct sg_texts generators, transformers, validators;

    struct sg_text_at namespace, name_prefix, name_suffix;
    struct sg_pairs common_labels, common_annotations;
    struct sg_label_rule *labels;
    size_t labels_len;
    struct sg_image *images;
    size_t images_len;
    struct sg_replica *replicas;
    size_t replicas_len;

    struct sg_texts patches_strategic; /* a path or a document */
    struct sg_patch_entry *patches, *patches_json;
    size_t patches_len, patches_json_len;
    struct sg_replacement_entry *replacements;
    size_t replacements_len;
    struct sg_var *vars;
    size_t vars_len;

    struct sg_generator_args *config_maps, *secrets;
    size_t config_maps_len, secrets_len;
    struct sg_generator_options generator_options;

    struct sg_text_at openapi_path, openapi_version;
    struct sg_sort_options sort;
    bool has_metadata; /* buildMetadata lists something */
    bool origin_annotations, transformer_annotations,
        managed_by_label; /* buildMetadata */
    uint32_t helm_loc;    /* helmCharts, helmChartInflationGenerator: where, 0 without */
};

/* Reads the kustomization in folder `dir` (kustomization.yaml, .yml or Kustomization;
 * exactly one). */
struct sg_loader;
SG_MUST_USE struct sg_kustomization *sg_kustomization_load(struct sg_kustomize *k,
                                                           const struct sg_loader *loader,
                                                           struct sg_err *err);

/* Parsers of single entries, shared with the configs of built-in transformers. `node` is
 * a map that was checked against its table (fields.h). */
SG_MUST_USE int sg_parse_image(struct sg_kustomize *k, const struct sg_node *node,
                               struct sg_image *out, struct sg_err *err);
SG_MUST_USE int sg_parse_replica(struct sg_kustomize *k, const struct sg_node *node,
                                 struct sg_replica *out, struct sg_err *err);
SG_MUST_USE int sg_parse_replacement(struct sg_kustomize *k, const struct sg_node *node,
                                     const char *file, struct sg_replacement *out,
                                     struct sg_err *err);
SG_MUST_USE int sg_parse_patch(struct sg_kustomize *k, const struct sg_node *node,
                               struct sg_patch_entry *out, struct sg_err *err);
SG_MUST_USE int sg_parse_selector(struct sg_kustomize *k, const struct sg_node *node,
                                  struct sg_selector *out, struct sg_err *err);
SG_MUST_USE int sg_parse_pairs(struct sg_kustomize *k, const struct sg_node *node,
                               struct sg_pairs *out, struct sg_err *err);

#endif
