/*
 * generated.c - objects that upstream's kustomization generates, whose names end in the
 * hash of what they hold. A change of the content is another name, wherever the object is
 * named; so it is patched before all else is compared.
 */
#include "adopting.h"

/* "app-9t9bchd97g", in the letters that kustomize uses. */
static bool ends_in_hash(const char *name, size_t len) {
    static const char letters[] = "2456789bcdfghkmt";
    return len > SG_HASH_SUFFIX && name[len - SG_HASH_SUFFIX] == '-' &&
           strspn(name + len - SG_HASH_SUFFIX + 1, letters) == SG_HASH_SUFFIX - 1;
}

size_t plain_length(const struct sg_adopt_object *object) {
    size_t len = strlen(object->name);
    bool hashed =
        strcmp(object->kind, "ConfigMap") == 0 || strcmp(object->kind, "Secret") == 0;
    return hashed && ends_in_hash(object->name, len) ? len - SG_HASH_SUFFIX : 0;
}

const struct sg_node *patch_name(struct adopting *a, const struct sg_resource *base) {
    size_t hash = sg_resource_hash(base);
    if (hash == 0) {
        return base->node;
    }
    struct sg_node *out = sg_node_clone(a->docs, base->node);
    struct sg_node *metadata = sg_map_get(out, SG_ATOM(metadata));
    const struct sg_node *name = sg_map_get(metadata, SG_ATOM(name));
    struct sg_node *plain =
        sg_scalar_new(a->docs, name->text, name->len - hash, SG_TAG_STR, SG_PLAIN);
    (void)sg_map_put(a->docs, metadata, SG_ATOM(name), plain);
    return out;
}

void keep_hash(struct adopting *a, const struct pair *pair) {
    struct sg_node *metadata = sg_map_get(pair->want, SG_ATOM(metadata));
    const struct sg_node *name =
        sg_map_get(sg_map_get(pair->start, SG_ATOM(metadata)), SG_ATOM(name));
    if (sg_resource_hash(pair->base) > 0 && sg_is_map(metadata) && name != NULL) {
        (void)sg_map_put(a->docs, metadata, SG_ATOM(name),
                         copy_unplaced(a->docs, name)); /* `want` outlives the start */
    }
}

struct sg_node *generated_content(struct adopting *a, const struct pair *pair) {
    struct sg_node *out = sg_map_new(a->docs);
    static const sg_atom kept[] = {SG_ATOM(apiVersion), SG_ATOM(kind), SG_ATOM(metadata)};
    for (size_t i = 0; i < SG_ARRAY_LEN(kept); i++) {
        const struct sg_node *value = sg_map_get(pair->start, kept[i]);
        if (value != NULL) {
            (void)sg_map_append(a->docs, out, kept[i], copy_unplaced(a->docs, value));
        }
    }
    for (uint32_t i = 0; i < pair->fork->node->len; i++) {
        const struct sg_entry *entry = &pair->fork->node->entries[i];
        if (sg_map_get(out, entry->key) == NULL) {
            append_entry(a->docs, out, entry, entry->value);
        }
    }
    return out;
}
