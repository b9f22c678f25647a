#include "pod.h"

#include <string.h>

#include "image.h"

const char *text_at(const struct sg_node *map, const char *key) {
    const char *text = sg_text(sg_map_gets(map, key));
    return text == NULL ? "" : text;
}

bool same_text(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

static struct pod pod_in(const struct sg_node *holder) {
    return (struct pod){sg_map_get(holder, SG_ATOM(metadata)),
                        sg_map_get(holder, SG_ATOM(spec))};
}

struct pod pod_of(const struct sg_node *object) {
    const struct sg_node *spec = sg_map_get(object, SG_ATOM(spec));
    if (same_text(text_at(object, "kind"), "Pod")) {
        return pod_in(object);
    }
    const struct sg_node *job = sg_map_gets(spec, "jobTemplate");
    if (job != NULL) {
        spec = sg_map_get(job, SG_ATOM(spec));
    }
    const struct sg_node *template = sg_map_get(spec, SG_ATOM(template_));
    struct pod pod = pod_in(template);
    return sg_is_map(pod.spec) ? pod : (struct pod){NULL, NULL};
}

const struct sg_node *pod_labels(const struct pod *pod) {
    return sg_map_get(pod->metadata, SG_ATOM(labels));
}

static struct sg_str without(struct sg_str text, const char *prefix) {
    size_t len = strlen(prefix);
    if (text.len > len && memcmp(text.ptr, prefix, len) == 0) {
        return (struct sg_str){text.ptr + len, text.len - len};
    }
    return text;
}

struct sg_str image_repository(const char *image) {
    struct sg_str name = image_split(image).name;
    name = without(without(name, "index."), "docker.io/");
    return without(name, "library/");
}

static void each_of(const struct sg_node *list,
                    void (*each)(void *ctx, const struct sg_node *container), void *ctx) {
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        if (sg_is_map(list->items[i])) {
            each(ctx, list->items[i]);
        }
    }
}

void pod_containers(const struct pod *pod,
                    void (*each)(void *ctx, const struct sg_node *container), void *ctx) {
    each_of(sg_map_get(pod->spec, SG_ATOM(containers)), each, ctx);
    each_of(sg_map_get(pod->spec, SG_ATOM(initContainers)), each, ctx);
}

/* --- volumes ---------------------------------------------------------------------- */

void mounts_release(struct mounts *mounts) {
    sg_vec_release(&mounts->items);
}

struct mount_search {
    const char *volume;
    struct mounts *out;
};

static void mounts_in(void *ctx, const struct sg_node *container) {
    const struct mount_search *search = ctx;
    const struct sg_node *list = sg_map_gets(container, "volumeMounts");
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        const char *path = text_at(list->items[i], "mountPath");
        if (path[0] != '\0' &&
            same_text(text_at(list->items[i], "name"), search->volume)) {
            sg_vec_push(&search->out->items, (struct mount){container, path});
        }
    }
}

void pod_mounts(const struct pod *pod, const char *volume, struct mounts *out) {
    struct mount_search search = {volume, out};
    pod_containers(pod, mounts_in, &search);
}

const struct sg_entry *volume_source(const struct sg_node *volume) {
    for (uint32_t i = 0; sg_is_map(volume) && i < volume->len; i++) {
        if (volume->entries[i].key != SG_ATOM(name)) {
            return &volume->entries[i];
        }
    }
    return NULL;
}
