/* reprint.c - see reprint.h. */
#include "reprint.h"

#include "sg/yaml.h"

/* Gives the new nodes the places of the old ones, which are found by key and index. Depth
 * is bounded by the reader's limit on nesting. */
static void adopt_places(struct sg_node *node, const struct sg_node *from, uint32_t loc) {
    node->loc = from != NULL && from->loc != 0 ? from->loc : loc;
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        struct sg_entry *entry = &node->entries[i];
        const struct sg_entry *old =
            sg_is_map(from) ? sg_map_find(from, entry->key) : NULL;
        entry->key_loc = old != NULL ? old->key_loc : node->loc;
        adopt_places(entry->value, old != NULL ? old->value : NULL, node->loc);
    }
    uint32_t known = from != NULL && sg_is_seq(from) ? from->len : 0;
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        adopt_places(node->items[i], i < known ? from->items[i] : NULL, node->loc);
    }
}

struct sg_node *sg_reprint(struct sg_kustomize *k, const struct sg_node *node,
                           bool yaml11, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_auto_yaml_docs docs = {0};
    struct sg_yaml_opts opts = {
        .repeat = SG_REPEAT_LAST, .yaml11 = yaml11, .manifests = !yaml11};
    struct sg_pos at = sg_docs_pos(k->set, node->loc);
    if (sg_yaml_write(k->set, node, &text, err) != 0 ||
        sg_yaml_read(k->set, at.file, sg_buf_cstr(&text), text.len, &opts, &docs, err) !=
            0) {
        return NULL;
    }
    struct sg_node *again =
        docs.roots.len > 0 ? docs.roots.items[0] : sg_null_new(k->set);
    adopt_places(again, node, node->loc);
    return again;
}
