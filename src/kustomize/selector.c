/* selector.c - which resources a patch, replacement or transformer is for. */
#include "context.h"

#include <string.h>

/* One anchored pattern of a selector. A pattern without special characters is compared as
 * text, which is what nearly all are. */
struct part {
    const char *literal; /* NULL: matches all, or by `regex` */
    struct sg_regex *regex;
};

struct sg_matcher {
    struct part group, version, kind, name, namespace;
    struct sg_label_selector *labels, *annotations;
};

static int part_init(struct part *part, const char *pattern, struct sg_err *err) {
    if (pattern == NULL || pattern[0] == '\0') {
        return 0;
    }
    if (strpbrk(pattern, "\\.+*?()|[]{}^$") == NULL) {
        part->literal = pattern;
        return 0;
    }
    part->regex = sg_regex_new(pattern, true, err);
    return part->regex == NULL ? -1 : 0;
}

static bool part_match(const struct part *part, sg_atom text) {
    if (part->literal != NULL) {
        return strcmp(part->literal, text->text) == 0;
    }
    return part->regex == NULL || sg_regex_match(part->regex, text->text, text->len);
}

static int labels_init(struct sg_label_selector **out, const char *text,
                       struct sg_err *err) {
    if (text == NULL || text[0] == '\0') {
        return 0;
    }
    *out = sg_label_selector_new(text, err);
    return *out == NULL ? -1 : 0;
}

void sg_matcher_free(struct sg_matcher *matcher) {
    if (matcher == NULL) {
        return;
    }
    struct part *parts[] = {&matcher->group, &matcher->version, &matcher->kind,
                            &matcher->name, &matcher->namespace};
    for (size_t i = 0; i < SG_ARRAY_LEN(parts); i++) {
        sg_regex_free(parts[i]->regex);
    }
    sg_label_selector_free(matcher->labels);
    sg_label_selector_free(matcher->annotations);
    free(matcher);
}

void sg_matcher_freep(struct sg_matcher **matcher) {
    sg_matcher_free(*matcher);
}

struct sg_matcher *sg_matcher_new(struct sg_kustomize *k,
                                  const struct sg_selector *selector,
                                  struct sg_err *err) {
    struct sg_matcher *matcher = sg_xcalloc(1, sizeof(*matcher));
    if (part_init(&matcher->group, selector->group, err) == 0 &&
        part_init(&matcher->version, selector->version, err) == 0 &&
        part_init(&matcher->kind, selector->kind, err) == 0 &&
        part_init(&matcher->name, selector->name, err) == 0 &&
        part_init(&matcher->namespace, selector->namespace, err) == 0 &&
        labels_init(&matcher->labels, selector->label_selector, err) == 0 &&
        labels_init(&matcher->annotations, selector->annotation_selector, err) == 0) {
        return matcher;
    }
    (void)sg_err_locate(err, sg_docs_pos(k->set, selector->loc));
    sg_matcher_free(matcher);
    return NULL;
}

bool sg_matcher_gvk(const struct sg_matcher *matcher, const struct sg_resid *id) {
    return part_match(&matcher->kind, id->kind) &&
           part_match(&matcher->group, id->group) &&
           part_match(&matcher->version, id->version);
}

bool sg_matcher_name(const struct sg_matcher *matcher, sg_atom name) {
    return part_match(&matcher->name, name);
}

bool sg_matcher_namespace(const struct sg_matcher *matcher, sg_atom namespace) {
    return part_match(&matcher->namespace, namespace);
}

bool sg_matcher_labels(const struct sg_matcher *matcher, const struct sg_resource *res) {
    return (matcher->labels == NULL ||
            sg_label_selector_match(matcher->labels, sg_resource_labels(res))) &&
           (matcher->annotations == NULL ||
            sg_label_selector_match(matcher->annotations, sg_resource_annotations(res)));
}

/* As kustomize's Select: name and namespace by the first id or the present one. */
bool sg_matcher_match(struct sg_kustomize *k, const struct sg_matcher *matcher,
                      const struct sg_resource *res) {
    const struct sg_resource_state *state = res->state;
    struct sg_resid first = sg_resource_first_id(res);
    if (!sg_matcher_gvk(matcher, &state->cur)) {
        return false;
    }
    if (!part_match(&matcher->name, first.name) &&
        !part_match(&matcher->name, state->cur.name)) {
        return false;
    }
    if (!part_match(&matcher->namespace, state->ns) &&
        !part_match(&matcher->namespace, sg_resid_effective_namespace(k, &first))) {
        return false;
    }
    return sg_matcher_labels(matcher, res);
}

/* A first cut by a name without special characters; narrower by kind and namespace. */
static void list_literal(struct sg_kustomize *k, struct sg_resmap *map,
                         const struct sg_matcher *matcher, struct sg_reslist *out) {
    sg_atom name = sg_k_atom(k, matcher->name.literal);
    if (matcher->kind.literal == NULL || k->kind_changed) {
        /* an old name is listed with its old kind, but the present kind is selected */
        sg_resmap_named(map, NULL, name, out);
        return;
    }
    sg_atom kind = sg_k_atom(k, matcher->kind.literal);
    if (matcher->namespace.literal == NULL) {
        sg_resmap_named(map, kind, name, out);
        return;
    }
    sg_atom namespace = sg_k_atom(k, matcher->namespace.literal);
    sg_resmap_named_in(map, kind, name, &namespace, 1, out);
}

int sg_resmap_select(struct sg_kustomize *k, struct sg_resmap *map,
                     const struct sg_selector *selector, struct sg_reslist *out,
                     struct sg_err *err) {
    SG_CLEANUP(sg_matcher_freep)
    struct sg_matcher *matcher = sg_matcher_new(k, selector, err);
    if (matcher == NULL) {
        return -1;
    }
    sg_auto_reslist named = {0};
    struct sg_resource **items = map->items.items;
    size_t len = map->items.len;
    if (matcher->name.literal != NULL) {
        list_literal(k, map, matcher, &named);
        items = named.items.items;
        len = named.items.len;
    }
    for (size_t i = 0; i < len; i++) {
        if (sg_matcher_match(k, matcher, items[i])) {
            sg_vec_push(&out->items, items[i]);
        }
    }
    return 0;
}
