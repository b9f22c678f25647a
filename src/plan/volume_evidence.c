/*
 * volume_evidence.c - volumes are known by what they are and where they are mounted, and
 * mounts by their volume.
 */
#include <string.h>

#include "element_evidence.h"
#include "planner.h"

/* --- volumes ---------------------------------------------------------------------- */

/* The name in a source that says which one it is: claimName, name, path. */
static const char *source_name(const struct sg_entry *source) {
    static const char *const fields[] = {"claimName", "secretName", "name", "path"};
    for (size_t i = 0; i < SG_ARRAY_LEN(fields); i++) {
        const char *text = sg_text(sg_map_gets(source->value, fields[i]));
        if (text != NULL) {
            return text;
        }
    }
    return "";
}

static void add_source(const struct sg_node *gone, const struct sg_node *fresh,
                       struct evidence *out) {
    const struct sg_entry *a = volume_source(gone), *b = volume_source(fresh);
    if (a == NULL || b == NULL) {
        return;
    }
    const char *x = source_name(a), *y = source_name(b);
    if (a->key != b->key) {
        evidence_against(out, 0.3, "it is a ", b->key->text);
    } else if (x[0] == '\0' || y[0] == '\0') {
        evidence_for(out, sg_node_equal(a->value, b->value) ? 0.35 : 0.25, "also a ",
                     b->key->text);
    } else if (same_text(x, y)) {
        evidence_for(out, sg_node_equal(a->value, b->value) ? 0.8 : 0.7, "same source ",
                     y);
    } else {
        evidence_for(out, 0.2, "also a ", b->key->text);
    }
}

static size_t common_paths(const struct mounts *a, const struct mounts *b) {
    size_t common = 0;
    for (size_t i = 0; i < a->items.len; i++) {
        for (size_t k = 0; k < b->items.len; k++) {
            if (same_text(a->items.items[i].path, b->items.items[k].path)) {
                common++;
                break;
            }
        }
    }
    return common;
}

static void add_mounts(const struct element_lists *lists, const struct sg_node *gone,
                       const struct sg_node *fresh, struct evidence *out) {
    auto_mounts a = {0};
    auto_mounts b = {0};
    pod_mounts(&lists->pod_old, text_at(gone, "name"), &a);
    pod_mounts(&lists->pod_now, text_at(fresh, "name"), &b);
    size_t common = common_paths(&a, &b);
    size_t most = a.items.len > b.items.len ? a.items.len : b.items.len;
    if (common > 0) {
        evidence_for(out, 0.8 * (double)common / (double)most,
                     "mounted at the same path ", a.items.items[0].path);
    } else if (a.items.len > 0 && b.items.len > 0) {
        evidence_against(out, 0.2, "mounted elsewhere", NULL);
    }
}

void volume_evidence(const struct element_lists *lists, const struct sg_node *gone,
                     const struct sg_node *fresh, struct evidence *out) {
    add_source(gone, fresh, out);
    add_mounts(lists, gone, fresh, out);
    evidence_names(out, 0.4, text_at(gone, "name"), text_at(fresh, "name"));
}

/* --- mounts ----------------------------------------------------------------------- */

static size_t mounts_of(const struct sg_node *list, const char *volume) {
    size_t count = 0;
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        count += same_text(text_at(list->items[i], "name"), volume);
    }
    return count;
}

void mount_evidence(const struct element_lists *lists, const struct sg_node *gone,
                    const struct sg_node *fresh, struct evidence *out) {
    const char *volume = text_at(gone, "name");
    bool named = same_text(volume, text_at(fresh, "name"));
    if (named && mounts_of(lists->old, volume) == 1 &&
        mounts_of(lists->now, volume) == 1) {
        evidence_for(out, 0.87, "the only mount of volume ", volume);
    } else if (named) {
        evidence_for(out, 0.5, "a mount of the same volume ", volume);
    } else {
        evidence_against(out, 0.3, "it mounts another volume", NULL);
    }
    const struct sg_node *a = sg_map_gets(gone, "subPath");
    const struct sg_node *b = sg_map_gets(fresh, "subPath");
    if (a != NULL && b != NULL && sg_node_equal(a, b)) {
        evidence_for(out, 0.7, "same part of the volume", NULL);
    } else if ((a != NULL || b != NULL) && named) {
        evidence_against(out, 0.2, "another part of the volume", NULL);
    }
    evidence_names(out, 0.4, text_at(gone, "mountPath"), text_at(fresh, "mountPath"));
}
