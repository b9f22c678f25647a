/*
 * container_evidence.c - containers are known by what they run, then by their surface.
 */
#include <string.h>

#include "element_evidence.h"
#include "planner.h"

static size_t users(const struct sg_node *list, struct sg_str repository) {
    size_t count = 0;
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        count +=
            sg_str_eq(image_repository(text_at(list->items[i], "image")), repository);
    }
    return count;
}

static struct sg_str last_part(struct sg_str repository) {
    const char *slash = memrchr(repository.ptr, '/', repository.len);
    if (slash == NULL) {
        return repository;
    }
    size_t skip = (size_t)(slash - repository.ptr) + 1;
    return (struct sg_str){repository.ptr + skip, repository.len - skip};
}

static void add_image(const struct element_lists *lists, const struct sg_node *gone,
                      const struct sg_node *fresh, struct evidence *out) {
    struct sg_str a = image_repository(text_at(gone, "image"));
    struct sg_str b = image_repository(text_at(fresh, "image"));
    if (a.len == 0 || b.len == 0) {
        return;
    }
    if (sg_str_eq(a, b)) {
        bool only = users(lists->old, a) == 1 && users(lists->now, a) == 1;
        evidence_for(out, only ? 0.8 : 0.4,
                     only ? "the only one with image " : "same image ",
                     sg_arena_strndup(lists->arena, b.ptr, b.len));
    } else if (sg_str_eq(last_part(a), last_part(b))) {
        evidence_for(out, 0.6, "same image of another registry", NULL);
    } else {
        evidence_against(out, 0.35, "another image", NULL);
    }
}

static void add_share(struct evidence *out, double most, const char *what,
                      const struct sg_node *gone, const struct sg_node *fresh,
                      const char *list, const char *field) {
    evidence_for(
        out,
        most * share_of_items(sg_map_gets(gone, list), sg_map_gets(fresh, list), field),
        what, NULL);
}

void container_evidence(const struct element_lists *lists, const struct sg_node *gone,
                        const struct sg_node *fresh, struct evidence *out) {
    add_image(lists, gone, fresh, out);
    add_share(out, 0.4, "same ports", gone, fresh, "ports", "containerPort");
    add_share(out, 0.4, "same mounts", gone, fresh, "volumeMounts", "mountPath");
    add_share(out, 0.3, "same arguments", gone, fresh, "args", NULL);
    add_share(out, 0.3, "same command", gone, fresh, "command", NULL);
    add_share(out, 0.3, "same environment", gone, fresh, "env", "name");
    evidence_names(out, 0.4, text_at(gone, "name"), text_at(fresh, "name"));
}
