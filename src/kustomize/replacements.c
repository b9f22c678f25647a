/* replacements.c - see replacements.h; one replacement is replacement.c's. */
#include "replacements.h"

#include "fields.h"
#include "sg/yaml.h"
#include "transformer.h"

static void ignore_unknown(void *ctx, const char *name, const char *near,
                           struct sg_pos at) {
    (void)ctx, (void)name, (void)near, (void)at;
}

/* A file of replacements is not checked for unknown fields by kustomize, only for types.
 */
static int run_node(struct sg_kustomize *k, struct sg_resmap *map,
                    const struct sg_node *node, const char *file, uint32_t item,
                    struct sg_err *err) {
    const struct sg_strict_opts opts = {.fold_case = true, .unknown = ignore_unknown};
    struct sg_replacement replacement;
    if (sg_strict_check(k->set, node, sg_fields_replacement, &opts, err) != 0 ||
        sg_parse_replacement(k, node, file, &replacement, err) != 0) {
        return -1;
    }
    return sg_transform_replacement(k, map, &replacement, item, err);
}

static int run_file(struct sg_kustomize *k, const struct sg_loader *loader,
                    struct sg_resmap *map, const struct sg_replacement_entry *entry,
                    uint32_t item, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    const char *file = NULL;
    if (sg_loader_read(k, loader, entry->path, entry->loc, &text, &file, err) != 0) {
        return -1;
    }
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .yaml11 = true};
    sg_auto_yaml_docs docs = {0};
    if (sg_yaml_read(k->set, sg_loader_shown(k, loader, file), sg_buf_cstr(&text),
                     text.len, &opts, &docs, err) != 0) {
        return -1;
    }
    const struct sg_node *root = docs.roots.len > 0 ? docs.roots.items[0] : NULL;
    if (!sg_is_map(root) && !sg_is_seq(root)) {
        return sg_k_fail(k, err, entry->loc,
                         "%s holds neither a replacement (a map) nor a list of them",
                         entry->path);
    }
    const char *outer = k->file;
    int status = 0;
    k->file = file;
    for (uint32_t i = 0; sg_is_seq(root) && i < root->len && status == 0; i++) {
        status = run_node(k, map, root->items[i], file, item, err);
    }
    if (sg_is_map(root)) {
        status = run_node(k, map, root, file, item, err);
    }
    k->file = outer;
    return status;
}

int sg_apply_replacements(struct sg_kustomize *k, const struct sg_loader *loader,
                          struct sg_resmap *map,
                          const struct sg_replacement_entry *entries, size_t len,
                          struct sg_err *err) {
    for (size_t i = 0; i < len; i++) {
        const struct sg_replacement_entry *entry = &entries[i];
        if (entry->path[0] == '\0') {
            if (run_node(k, map, entry->inline_node, k->kustomization, (uint32_t)i,
                         err) != 0) {
                return -1;
            }
            continue;
        }
        const struct sg_node *node = entry->inline_node;
        if (sg_is_map(sg_strict_get(node, "source", true)) ||
            sg_is_seq(sg_strict_get(node, "targets", true))) {
            return sg_k_fail(
                k, err, entry->loc,
                "a replacement with both path and source or targets; expected one");
        }
        if (run_file(k, loader, map, entry, (uint32_t)i, err) != 0) {
            return -1;
        }
    }
    return 0;
}
