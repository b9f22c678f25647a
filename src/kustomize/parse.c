/*
 * parse.c - checked nodes (fields.c) to the structs of kustomization.h. Field names match
 * in any case, as Go's JSON decoder has it.
 */
#include "parse.h"
#include "fields.h"
#include "kustomization.h"

#include "context.h"
#include "sg/sort.h"

#include <string.h>
#include <strings.h>

const struct sg_node *sg_parse_get(const struct sg_node *map, const char *name) {
    return sg_strict_get(map, name, true);
}

const char *sg_parse_text(const struct sg_node *map, const char *name) {
    const char *text = sg_text(sg_parse_get(map, name));
    return text != NULL ? text : "";
}

struct sg_text_at sg_parse_text_at(const struct sg_node *map, const char *name) {
    const struct sg_node *node = sg_parse_get(map, name);
    if (!sg_is_scalar(node)) {
        return (struct sg_text_at){0};
    }
    return (struct sg_text_at){sg_text(node), node->loc};
}

bool sg_parse_bool(const struct sg_node *map, const char *name) {
    return sg_strict_bool(sg_parse_get(map, name), false);
}

void *sg_parse_array(struct sg_kustomize *k, const struct sg_node *list, size_t size,
                     size_t *len) {
    *len = sg_is_seq(list) ? list->len : 0;
    return *len == 0 ? NULL : sg_arena_alloc(&k->set->arena, *len * size);
}

struct sg_texts sg_parse_texts(struct sg_kustomize *k, const struct sg_node *map,
                               const char *name) {
    const struct sg_node *list = sg_parse_get(map, name);
    struct sg_texts out;
    out.items = sg_parse_array(k, list, sizeof(*out.items), &out.len);
    for (size_t i = 0; i < out.len; i++) {
        const char *text = sg_is_null(list->items[i]) ? "" : sg_text(list->items[i]);
        out.items[i] = (struct sg_text_at){text != NULL ? text : "", list->items[i]->loc};
    }
    return out;
}

static bool pair_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_pair *left = a, *right = b;
    return strcmp(left->key, right->key) < 0;
}

/* The key as the kustomization's reader hands it on: a boolean comes out as a word. */
static const char *key_text(const struct sg_entry *entry) {
    if (entry->key_tag != SG_TAG_BOOL) {
        return entry->key->text;
    }
    bool on = strchr("yYtT", entry->key->text[0]) != NULL ||
              strcasecmp(entry->key->text, "on") == 0;
    return on ? "true" : "false";
}

int sg_parse_pairs(struct sg_kustomize *k, const struct sg_node *node,
                   struct sg_pairs *out, struct sg_err *err) {
    *out = (struct sg_pairs){0};
    if (!sg_is_map(node) || node->len == 0) {
        return 0;
    }
    out->items = sg_arena_alloc(&k->set->arena, node->len * sizeof(*out->items));
    out->loc = node->loc;
    for (uint32_t i = 0; i < node->len; i++) {
        const struct sg_entry *entry = &node->entries[i];
        const char *value = sg_is_null(entry->value) ? "" : sg_text(entry->value);
        if (value == NULL) {
            return sg_k_fail(k, err, entry->value->loc, "%s is no string",
                             entry->key->text);
        }
        out->items[out->len++] = (struct sg_pair){key_text(entry), value, entry->key_loc};
    }
    sg_sort(out->items, out->len, sizeof(*out->items), pair_less, NULL);
    return 0;
}

int sg_parse_image(struct sg_kustomize *k, const struct sg_node *node,
                   struct sg_image *out, struct sg_err *err) {
    (void)k;
    (void)err;
    *out = (struct sg_image){
        .name = sg_parse_text(node, "name"),
        .new_name = sg_parse_text(node, "newName"),
        .tag_suffix = sg_parse_text(node, "tagSuffix"),
        .new_tag = sg_parse_text(node, "newTag"),
        .digest = sg_parse_text(node, "digest"),
        .loc = node->loc,
    };
    return 0;
}

int sg_parse_replica(struct sg_kustomize *k, const struct sg_node *node,
                     struct sg_replica *out, struct sg_err *err) {
    (void)k;
    (void)err;
    *out = (struct sg_replica){
        .name = sg_parse_text(node, "name"),
        .count = sg_strict_int(sg_parse_get(node, "count"), 0),
        .loc = node->loc,
    };
    return 0;
}

int sg_parse_selector(struct sg_kustomize *k, const struct sg_node *node,
                      struct sg_selector *out, struct sg_err *err) {
    (void)k;
    (void)err;
    *out = (struct sg_selector){0};
    if (!sg_is_map(node)) {
        return 0;
    }
    *out = (struct sg_selector){
        .group = sg_parse_text(node, "group"),
        .version = sg_parse_text(node, "version"),
        .kind = sg_parse_text(node, "kind"),
        .name = sg_parse_text(node, "name"),
        .namespace = sg_parse_text(node, "namespace"),
        .label_selector = sg_parse_text(node, "labelSelector"),
        .annotation_selector = sg_parse_text(node, "annotationSelector"),
        .loc = node->loc,
        .set = true,
    };
    return 0;
}

static uint32_t loc_of(const struct sg_node *map, const char *name) {
    const struct sg_node *node = sg_parse_get(map, name);
    return node != NULL ? node->loc : 0;
}

int sg_parse_patch(struct sg_kustomize *k, const struct sg_node *node,
                   struct sg_patch_entry *out, struct sg_err *err) {
    const struct sg_node *options = sg_parse_get(node, "options");
    *out = (struct sg_patch_entry){
        .path = sg_parse_text(node, "path"),
        .patch = sg_parse_text(node, "patch"),
        .allow_name_change = sg_parse_bool(options, "allowNameChange"),
        .allow_kind_change = sg_parse_bool(options, "allowKindChange"),
        .loc = node->loc,
        .path_loc = loc_of(node, "path"),
        .patch_loc = loc_of(node, "patch"),
    };
    return sg_parse_selector(k, sg_parse_get(node, "target"), &out->target, err);
}

/* --- replacements ----------------------------------------------------------------- */

static void parse_replacement_options(const struct sg_node *node,
                                      struct sg_replacement_options *out) {
    *out = (struct sg_replacement_options){
        .delimiter = sg_parse_text(node, "delimiter"),
        .index = sg_strict_int(sg_parse_get(node, "index"), 0),
        .encoding = sg_parse_text(node, "encoding"),
        .create = sg_parse_bool(node, "create"),
        .set = sg_is_map(node),
    };
}

static int parse_target(struct sg_kustomize *k, const struct sg_node *node,
                        struct sg_replacement_target *out, struct sg_err *err) {
    const struct sg_node *reject = sg_parse_get(node, "reject");
    *out = (struct sg_replacement_target){.loc = node->loc};
    out->field_paths = sg_parse_texts(k, node, "fieldPaths");
    parse_replacement_options(sg_parse_get(node, "options"), &out->options);
    out->reject = sg_parse_array(k, reject, sizeof(*out->reject), &out->reject_len);
    for (size_t i = 0; i < out->reject_len; i++) {
        if (sg_parse_selector(k, reject->items[i], &out->reject[i], err) != 0) {
            return -1;
        }
    }
    return sg_parse_selector(k, sg_parse_get(node, "select"), &out->select, err);
}

int sg_parse_replacement(struct sg_kustomize *k, const struct sg_node *node,
                         const char *file, struct sg_replacement *out,
                         struct sg_err *err) {
    *out = (struct sg_replacement){.file = file, .loc = node->loc};
    const struct sg_node *source = sg_parse_get(node, "source");
    if (sg_is_map(source)) {
        if (sg_parse_selector(k, source, &out->source.id, err) != 0) {
            return -1;
        }
        out->source.field_path = sg_parse_text(source, "fieldPath");
        parse_replacement_options(sg_parse_get(source, "options"), &out->source.options);
        out->source.set = true;
    }
    out->source_value = sg_parse_text_at(node, "sourceValue").text;
    const struct sg_node *targets = sg_parse_get(node, "targets");
    out->targets = sg_parse_array(k, targets, sizeof(*out->targets), &out->targets_len);
    for (size_t i = 0; i < out->targets_len; i++) {
        if (parse_target(k, targets->items[i], &out->targets[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- generators ------------------------------------------------------------------- */

int sg_parse_generator_options(struct sg_kustomize *k, const struct sg_node *node,
                               struct sg_generator_options *out, struct sg_err *err) {
    *out = (struct sg_generator_options){
        .disable_suffix = sg_parse_bool(node, "disableNameSuffixHash"),
        .immutable = sg_parse_bool(node, "immutable"),
        .set = sg_is_map(node),
    };
    if (sg_parse_pairs(k, sg_parse_get(node, "labels"), &out->labels, err) != 0) {
        return -1;
    }
    return sg_parse_pairs(k, sg_parse_get(node, "annotations"), &out->annotations, err);
}

int sg_parse_generator(struct sg_kustomize *k, const struct sg_node *node,
                       struct sg_generator_args *out, struct sg_err *err) {
    *out = (struct sg_generator_args){
        .name = sg_parse_text(node, "name"),
        .namespace = sg_parse_text(node, "namespace"),
        .type = sg_parse_text(node, "type"),
        .behavior = sg_parse_text_at(node, "behavior"),
        .files = sg_parse_texts(k, node, "files"),
        .literals = sg_parse_texts(k, node, "literals"),
        .envs = sg_parse_texts(k, node, "envs"),
        .loc = node->loc,
    };
    struct sg_text_at env =
        sg_parse_text_at(node, "env"); /* the old spelling of one file */
    if (env.text != NULL && env.text[0] != '\0') {
        out->envs.items = sg_arena_grow(&k->set->arena, out->envs.items, out->envs.len,
                                        out->envs.len + 1, sizeof(env));
        out->envs.items[out->envs.len++] = env;
    }
    return sg_parse_generator_options(k, sg_parse_get(node, "options"), &out->options,
                                      err);
}

void sg_parse_sort(struct sg_kustomize *k, const struct sg_node *node,
                   struct sg_sort_options *out) {
    const struct sg_node *legacy = sg_parse_get(node, "legacySortOptions");
    *out = (struct sg_sort_options){
        .set = sg_is_map(node),
        .order = sg_parse_text(node, "order"),
        .first = sg_parse_texts(k, legacy, "orderFirst"),
        .last = sg_parse_texts(k, legacy, "orderLast"),
        .custom = sg_is_map(legacy),
        .loc = node != NULL ? node->loc : 0,
    };
}
