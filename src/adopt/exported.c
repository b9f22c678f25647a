/*
 * exported.c - fields that only a cluster writes: a fork that was brought up to date with
 * `kubectl get -o yaml` has them.
 */
#include <string.h>

#include "beside.h"
#include "derive.h"

static const char *const of_metadata[] = {"uid",        "resourceVersion",
                                          "selfLink",   "creationTimestamp",
                                          "generation", "managedFields"};
static const char *const of_annotations[] = {
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision"};

/* What was found in an object, in the order of its text. */
struct exported {
    struct beside *beside;
    const struct sg_adopt_object *object;
    const char *first; /* path */
    uint32_t loc;      /* … of its key */
    struct sg_buf more;
    bool certain; /* a status that holds nothing is no sign of a cluster alone */
};

static void add(struct exported *e, const struct sg_descent *field, uint32_t loc) {
    const char *path = place_path(field, e->beside->paths, &e->beside->fork->arena);
    if (e->first == NULL) {
        e->first = path;
        e->loc = loc;
    } else {
        sg_buf_addf(&e->more, "%s%s", e->more.len > 0 ? ", " : "", path);
    }
}

static bool is_one_of(const char *const *names, size_t len, sg_atom key) {
    for (size_t i = 0; i < len; i++) {
        if (strcmp(names[i], key->text) == 0) {
            return true;
        }
    }
    return false;
}

/* Upstream's may have them, too: then they are no sign. */
static void check_annotations(struct exported *e, const struct sg_descent *at,
                              const struct sg_node *base) {
    for (uint32_t i = 0; sg_is_map(at->node) && i < at->node->len; i++) {
        const struct sg_entry *entry = &at->node->entries[i];
        if (is_one_of(of_annotations, SG_ARRAY_LEN(of_annotations), entry->key) &&
            field_of(base, entry->key) == NULL) {
            struct sg_descent field = {.up = at, .node = entry->value, .key = entry->key};
            add(e, &field, entry->key_loc);
            e->certain = true;
        }
    }
}

static void check_metadata(struct exported *e, const struct sg_descent *at,
                           const struct sg_node *base) {
    for (uint32_t i = 0; sg_is_map(at->node) && i < at->node->len; i++) {
        const struct sg_entry *entry = &at->node->entries[i];
        struct sg_descent field = {.up = at, .node = entry->value, .key = entry->key};
        const struct sg_node *upstreams = field_of(base, entry->key);
        if (entry->key == SG_ATOM(annotations)) {
            check_annotations(e, &field, upstreams);
        } else if (upstreams == NULL && !sg_is_null(entry->value) &&
                   is_one_of(of_metadata, SG_ARRAY_LEN(of_metadata), entry->key)) {
            add(e, &field, entry->key_loc);
            e->certain = true;
        }
    }
}

/* Generators of CustomResourceDefinitions write a status of empty texts. */
static bool holds_something(const struct sg_node *node) {
    if (sg_is_scalar(node)) {
        return !sg_is_null(node) && node->len > 0;
    }
    bool found = false;
    for (uint32_t i = 0; !found && i < node->len; i++) {
        found =
            holds_something(sg_is_map(node) ? node->entries[i].value : node->items[i]);
    }
    return found;
}

static void check_object(struct exported *e, const struct sg_node *base) {
    const struct sg_node *node = e->object->node;
    struct sg_descent root = {.node = node};
    for (uint32_t i = 0; i < node->len; i++) {
        const struct sg_entry *entry = &node->entries[i];
        struct sg_descent field = {.up = &root, .node = entry->value, .key = entry->key};
        const struct sg_node *upstreams = field_of(base, entry->key);
        if (entry->key == SG_ATOM(metadata)) {
            check_metadata(e, &field, upstreams);
        } else if (strcmp(entry->key->text, "status") == 0 && upstreams == NULL &&
                   !sg_is_null(entry->value)) {
            add(e, &field, entry->key_loc);
            e->certain = e->certain || holds_something(entry->value);
        }
    }
}

static void tell(struct exported *e) {
    struct sg_adopt_fork *fork = e->beside->fork;
    const char *message = "only a cluster writes it";
    if (e->more.len > 0) {
        message = sg_arena_printf(&fork->arena, "%s, as it does %s", message,
                                  sg_buf_cstr(&e->more));
    }
    add_oddity(fork, SG_ODD_EXPORTED, e->object, e->first, e->loc, message);
}

void find_exported(struct beside *beside) {
    for (size_t i = 0; i < beside->fork->objects.len; i++) {
        struct exported e = {.beside = beside, .object = &beside->fork->objects.items[i]};
        const struct sg_adopt_object *base =
            find_object(&beside->in_base, e.object->kind, e.object->name);
        check_object(&e, base != NULL ? base->node : NULL);
        if (e.certain) {
            tell(&e);
        }
        sg_buf_release(&e.more);
    }
}
