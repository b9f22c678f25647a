/* Aliases: each is a copy of its anchor's node, so a write to one shows in no other. */
#include "reader.h"

#include <string.h>

/* Nodes below and with `node`, counted no further than `limit`. */
static size_t count_nodes(const struct sg_node *node, size_t limit) {
    size_t count = 1;
    for (uint32_t i = 0; !sg_is_scalar(node) && i < node->len && count <= limit; i++) {
        count += count_nodes(sg_is_map(node) ? node->entries[i].value : node->items[i],
                             limit - count);
    }
    return count;
}

int sg_reader_charge(struct sg_reader *r, const struct sg_node *node, uint32_t loc) {
    r->alias_nodes += count_nodes(node, SG_YAML_MAX_ALIAS_NODES - r->alias_nodes);
    if (r->alias_nodes <= SG_YAML_MAX_ALIAS_NODES) {
        return 0;
    }
    r->alias_nodes = SG_YAML_MAX_ALIAS_NODES;
    return sg_reader_fail(r, SG_E_LIMIT, loc,
                          "aliases of this file expand to more than %d nodes",
                          SG_YAML_MAX_ALIAS_NODES);
}

struct sg_node *sg_reader_alias(struct sg_reader *r, const yaml_event_t *event) {
    const char *name = (const char *)event->data.alias.anchor;
    uint32_t loc = sg_reader_loc(r, &event->start_mark);
    const struct sg_anchor *anchor = sg_strmap_get(&r->anchors, name, strlen(name));
    if (!anchor) {
        sg_reader_fail(r, SG_E_INPUT, loc,
                       "found the alias *%s, expected an anchor &%s above it in this "
                       "document",
                       name, name);
        return NULL;
    }
    if (!anchor->node) {
        sg_reader_fail(r, SG_E_INPUT, loc,
                       "the alias *%s stands inside its own anchor: it has no end", name);
        return NULL;
    }
    if (sg_reader_charge(r, anchor->node, loc)) {
        return NULL;
    }
    struct sg_node *copy = sg_node_clone(r->set, anchor->node);
    copy->loc = loc;
    return copy;
}
