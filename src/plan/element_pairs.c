#include "element_pairs.h"

#include <string.h>

#include "lists.h"

/* --- what the list is ------------------------------------------------------------- */

static bool field_at(const struct sg_resource *res, const struct sg_fieldpath *path,
                     struct sg_field *out) {
    struct sg_field above = {.type = SG_FIELD_OBJECT};
    if (path == NULL) {
        *out = above;
        out->def = sg_schema_kind(SG_SCHEMA_UNION, text_at(res->node, "apiVersion"),
                                  text_at(res->node, "kind"));
        return true;
    }
    if (!field_at(res, path->parent, &above)) {
        return false;
    }
    if (path->seg != SG_SEG_KEY || above.type == SG_FIELD_MAP) {
        *out = (struct sg_field){.type = above.item, .def = above.def};
        return true;
    }
    return sg_schema_field(SG_SCHEMA_UNION, above.def, path->key->text, out);
}

/* The map keys of the path joined by '.', as the configuration writes them. */
static void dotted(const struct sg_fieldpath *path, struct sg_buf *out) {
    if (path == NULL) {
        return;
    }
    dotted(path->parent, out);
    if (path->seg == SG_SEG_KEY) {
        sg_buf_adds(out, out->len > 0 ? "." : "");
        sg_buf_add(out, path->key->text, path->key->len);
    }
}

static const char *const *extra_keys(const struct overlay_plan *op,
                                     const struct sg_resource *res,
                                     const struct sg_fieldpath *path) {
    for (size_t i = 0; i < op->merge_keys_len; i++) {
        const struct sg_plan_merge_key *extra = &op->merge_keys[i];
        sg_auto_buf text = SG_BUF_INIT;
        dotted(path, &text);
        if (same_text(extra->group, res->orig.group->text) &&
            same_text(extra->kind, res->orig.kind->text) &&
            same_text(extra->path, sg_buf_cstr(&text))) {
            return extra->keys;
        }
    }
    return NULL;
}

static element_evidence_fn *evidence_for_list(const struct sg_fieldpath *path) {
    static const struct {
        const char *list;
        element_evidence_fn *evidence;
    } kinds[] = {
        {"containers", container_evidence},
        {"initContainers", container_evidence},
        {"env", env_evidence},
        {"volumes", volume_evidence},
        {"volumeMounts", mount_evidence},
        {"ports", port_evidence},
    };
    for (size_t i = 0; path != NULL && i < SG_ARRAY_LEN(kinds); i++) {
        if (path->seg == SG_SEG_KEY && same_text(kinds[i].list, path->key->text)) {
            return kinds[i].evidence;
        }
    }
    return generic_evidence;
}

/* --- its elements ----------------------------------------------------------------- */

/* Elements of `list` whose key `other` does not have. False where one has no key. */
static bool read_keys(struct sg_atoms *atoms, const struct sg_field *field,
                      const char *const *extra, const struct sg_node *list,
                      struct counters *keys) {
    for (uint32_t i = 0; i < list->len; i++) {
        sg_atom key = element_key(atoms, field, extra, list->items[i]);
        if (key == NULL) {
            return false;
        }
        (*counters_at(keys, &key, sizeof(key)))++;
    }
    return true;
}

static void add_element(struct list_pairs *pairs, bool old, uint32_t at, sg_atom key) {
    if (!old) {
        sg_vec_push(&pairs->fresh, at);
        sg_vec_push(&pairs->fresh_keys, key);
        return;
    }
    const struct sg_node *node = pairs->lists.old->items[at];
    sg_vec_push(&pairs->gone, at);
    *counters_at(&pairs->gone_at, &node, sizeof(node)) = pairs->gone.len;
}

static void split(struct list_pairs *pairs, struct sg_atoms *atoms,
                  const struct sg_field *field, const char *const *extra) {
    auto_counters old = {0};
    auto_counters now = {0};
    if (!read_keys(atoms, field, extra, pairs->lists.old, &old) ||
        !read_keys(atoms, field, extra, pairs->lists.now, &now)) {
        return;
    }
    for (int side = 0; side < 2; side++) {
        const struct sg_node *list = side == 0 ? pairs->lists.old : pairs->lists.now;
        for (uint32_t i = 0; i < list->len; i++) {
            sg_atom key = element_key(atoms, field, extra, list->items[i]);
            if (counters_get(side == 0 ? &now : &old, &key, sizeof(key)) == 0) {
                add_element(pairs, side == 0, i, key);
            }
        }
    }
}

/* --- pairs ------------------------------------------------------------------------ */

static const struct sg_node *gone_of(const struct list_pairs *pairs, size_t at) {
    return pairs->lists.old->items[pairs->gone.items[at]];
}

static const struct sg_node *fresh_of(const struct list_pairs *pairs, size_t at) {
    return pairs->lists.now->items[pairs->fresh.items[at]];
}

static void compare(const void *ctx, size_t gone, size_t fresh, struct evidence *out) {
    const struct list_pairs *pairs = ctx;
    pairs->evidence(&pairs->lists, gone_of(pairs, gone), fresh_of(pairs, fresh), out);
}

static const char *gone_name(const void *ctx, size_t gone) {
    const struct list_pairs *pairs = ctx;
    const char *name = text_at(gone_of(pairs, gone), "name");
    return name[0] != '\0' ? name : "another that is gone";
}

static void features_of(const struct sg_node *element, struct features *out) {
    for (uint32_t i = 0; i < element->len; i++) {
        const struct sg_entry *entry = &element->entries[i];
        sg_auto_buf text = SG_BUF_INIT;
        element_field_text(entry->key->text, entry->value, &text);
        sg_vec_push(&out->items, sg_hash(sg_buf_cstr(&text), text.len));
    }
}

static void pair_elements(struct list_pairs *pairs) {
    struct features *gone = sg_xcalloc(pairs->gone.len + 1, sizeof(*gone));
    struct features *fresh = sg_xcalloc(pairs->fresh.len + 1, sizeof(*fresh));
    for (size_t i = 0; i < pairs->gone.len; i++) {
        features_of(gone_of(pairs, i), &gone[i]);
    }
    for (size_t i = 0; i < pairs->fresh.len; i++) {
        features_of(fresh_of(pairs, i), &fresh[i]);
    }
    const struct pairing_in in = {
        .gone = pairs->gone.len,
        .fresh = pairs->fresh.len,
        .gone_features = gone,
        .fresh_features = fresh,
        .compare = compare,
        .gone_name = gone_name,
        .ctx = pairs,
    };
    pairing_build(&pairs->pairing, &in);
    for (size_t i = 0; i < pairs->gone.len; i++) {
        sg_vec_release(&gone[i].items);
    }
    for (size_t i = 0; i < pairs->fresh.len; i++) {
        sg_vec_release(&fresh[i].items);
    }
    free(gone);
    free(fresh);
}

static const char *const *keys_of(struct sg_arena *arena, const struct sg_field *field,
                                  const char *const *extra) {
    const char **keys = sg_arena_alloc(arena, (SG_MERGE_KEYS_MAX + 1) * sizeof(*keys));
    size_t most = extra != NULL ? EXTRA_KEYS_MAX : field->keys_len;
    for (size_t i = 0; i < most; i++) {
        keys[i] = extra != NULL ? extra[i] : field->keys[i];
    }
    if (keys[0] == NULL) {
        keys[0] = "name";
    }
    return keys;
}

struct list_pairs *list_pairs_new(struct overlay_plan *op,
                                  const struct sg_resource *res_old,
                                  const struct sg_resource *res_now,
                                  const struct sg_fieldpath *path,
                                  const struct sg_node *old, const struct sg_node *now) {
    struct list_pairs *pairs = sg_xcalloc(1, sizeof(*pairs));
    struct sg_field field = {0};
    (void)field_at(res_old, path, &field);
    const char *const *extra = extra_keys(op, res_old, path);
    pairs->lists.old = old;
    pairs->lists.now = now;
    pairs->lists.pod_old = pod_of(res_old->node);
    pairs->lists.pod_now = pod_of(res_now->node);
    pairs->lists.keys = keys_of(&matcher_of(op)->arena, &field, extra);
    pairs->lists.seen = &pairs->seen;
    pairs->lists.arena = &matcher_of(op)->arena;
    pairs->evidence = evidence_for_list(path);
    element_values_read(&pairs->seen, old);
    element_values_read(&pairs->seen, now);
    split(pairs, op->atoms, &field, extra);
    pair_elements(pairs);
    return pairs;
}

void list_pairs_free(struct list_pairs *pairs) {
    counters_release(&pairs->seen);
    counters_release(&pairs->gone_at);
    sg_vec_release(&pairs->gone);
    sg_vec_release(&pairs->fresh);
    sg_vec_release(&pairs->fresh_keys);
    pairing_release(&pairs->pairing);
    free(pairs);
}
