/*
 * image.c - ImageTagTransformer: new names, tags and digests for images.
 *
 * kustomize goes over the objects twice for every entry: over each list called containers
 * or initContainers, however deep, then over the fields of the tables; an image reached
 * both ways is rewritten twice, which shows with tagSuffix. Here the places are found
 * once for all entries.
 */
#include <string.h>

#include "setter.h"
#include "transformer.h"

struct place {
    struct sg_resource *res;
    struct sg_field_hit hit;
};
typedef SG_VEC(struct place) place_vec;

struct finder {
    struct sg_kustomize *k;
    struct sg_resource *res;
    place_vec *places;
};

/* --- image names
 * --------------------------------------------------------------------------- */

/* What follows the name: (:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)? */
static bool is_tail(const char *text) {
    static const char tag_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789_.{}-";
    if (*text == ':') {
        text++;
        text += strspn(text, tag_chars);
    }
    if (strncmp(text, "@sha256:", 8) == 0) {
        text += 8;
        text += strspn(text, tag_chars);
    }
    return *text == '\0';
}

/* An image's name is an expression; nearly all are made of these only, where a dot stands
 * for any character. */
static bool is_simple(const char *name) {
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789_./:@-") == strlen(name);
}

static bool is_ascii_line(const char *text) {
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80 || *text == '\n') {
            return false;
        }
    }
    return true;
}

struct image_pattern {
    const char *simple; /* or NULL */
    struct sg_regex *regex;
};

static int pattern_init(struct image_pattern *pattern, struct sg_kustomize *k,
                        const struct sg_image *image, struct sg_err *err) {
    pattern->simple = is_simple(image->name) ? image->name : NULL;
    const char *text = sg_k_printf(
        k, "^%s(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$", image->name);
    pattern->regex = sg_regex_new(text, false, err);
    if (pattern->regex == NULL) {
        sg_err_wrap(err, "images: name %s is no regular expression", image->name);
        return sg_err_locate(err, sg_docs_pos(k->set, image->loc));
    }
    return 0;
}

static bool pattern_match(const struct image_pattern *pattern, const char *text,
                          size_t len) {
    if (pattern->simple == NULL || !is_ascii_line(text)) {
        return sg_regex_match(pattern->regex, text, len);
    }
    const char *p = pattern->simple;
    for (; *p != '\0'; p++, text++) {
        if (*text == '\0' || (*p != '.' && *p != *text)) {
            return false;
        }
    }
    return is_tail(text);
}

struct image_parts {
    size_t name_len;
    const char *tag, *digest; /* into the text, NULL where absent */
    size_t tag_len;
};

/* A port is no tag: only what follows the first slash is searched. */
static struct image_parts split_image(const char *text) {
    const char *slash = strchr(text, '/');
    const char *rest = slash != NULL && slash != text ? slash : text;
    const char *at = strchr(rest, '@'), *colon = strchr(rest, ':');
    struct image_parts parts = {.name_len = strlen(text)};
    if (colon != NULL && (at == NULL || colon < at)) {
        parts.name_len = (size_t)(colon - text);
        parts.tag = colon + 1;
        parts.tag_len = at != NULL ? (size_t)(at - parts.tag) : strlen(parts.tag);
    } else if (at != NULL) {
        parts.name_len = (size_t)(at - text);
    }
    parts.digest = at != NULL ? at + 1 : NULL;
    return parts;
}

/* A new tag or digest replaces both; a suffix is put on the tag and drops the digest. */
static void renamed_image(const struct sg_image *image, const char *text,
                          struct sg_buf *out) {
    struct image_parts parts = split_image(text);
    bool tag = image->new_tag[0] != '\0', digest = image->digest[0] != '\0';
    bool suffix = !tag && !digest && image->tag_suffix[0] != '\0';
    if (image->new_name[0] != '\0') {
        sg_buf_adds(out, image->new_name);
    } else {
        sg_buf_add(out, text, parts.name_len);
    }
    if (tag) {
        sg_buf_addf(out, ":%s", image->new_tag);
    } else if (!digest && (parts.tag_len > 0 || suffix)) {
        sg_buf_addc(out, ':');
        sg_buf_add(out, parts.tag != NULL ? parts.tag : "", parts.tag_len);
        sg_buf_adds(out, suffix ? image->tag_suffix : "");
    }
    if (digest) {
        sg_buf_addf(out, "@%s", image->digest);
    } else if (!tag && !suffix && parts.digest != NULL && *parts.digest != '\0') {
        sg_buf_addf(out, "@%s", parts.digest);
    }
}

/* --- finding the places
 * -------------------------------------------------------------------- */

static int add_place(void *ctx, const struct sg_field_hit *hit, struct sg_err *err) {
    const struct finder *f = ctx;
    if (!sg_is_scalar(hit->node)) {
        return sg_fail_object(f->k, f->res, hit->node, err,
                              "found a %s where an image is named, expected a string",
                              sg_is_map(hit->node) ? "map" : "list");
    }
    if (!sg_is_null(hit->node)) {
        sg_vec_push(f->places, (struct place){.res = f->res, .hit = *hit});
    }
    return 0;
}

static int find_in_container(const struct finder *f, const struct sg_field_hit *container,
                             struct sg_err *err) {
    if (sg_is_null(container->node)) {
        return 0;
    }
    if (!sg_is_map(container->node)) {
        return sg_fail_object(f->k, f->res, container->node, err,
                              "found a container that is no map");
    }
    struct sg_field_hit hit = {
        .node = sg_map_get(container->node, SG_ATOM(image)),
        .parent = container->node,
        .path = sg_k_path_key(f->k, container->path, SG_ATOM(image)),
    };
    struct finder copy = *f;
    return hit.node == NULL ? 0 : add_place(&copy, &hit, err);
}

static int find_in_list(const struct finder *f, const struct sg_field_hit *list,
                        struct sg_err *err) {
    for (uint32_t i = 0; i < list->node->len; i++) {
        struct sg_field_hit container = {
            .node = list->node->items[i],
            .path = sg_k_path_item(f->k, f->res, list->path, list->node->items[i], i),
        };
        if (find_in_container(f, &container, err) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Depth is bounded by the reader's limit on nesting. */
static int find_containers(const struct finder *f, const struct sg_field_hit *at,
                           struct sg_err *err) {
    const struct sg_node *node = at->node;
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        struct sg_field_hit item = {
            .node = node->items[i],
            .path = sg_k_path_item(f->k, f->res, at->path, node->items[i], i),
        };
        if (!sg_is_scalar(item.node) && find_containers(f, &item, err) < 0) {
            return -1;
        }
    }
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        sg_atom key = node->entries[i].key;
        struct sg_field_hit field = {.node = node->entries[i].value};
        if (sg_is_scalar(field.node)) {
            continue;
        }
        field.path = sg_k_path_key(f->k, at->path, key);
        bool containers = key == SG_ATOM(containers) || key == SG_ATOM(initContainers);
        if (find_containers(f, &field, err) < 0 ||
            (containers && sg_is_seq(field.node) && find_in_list(f, &field, err) < 0)) {
            return -1;
        }
    }
    return 0;
}

static int find_places(struct sg_kustomize *k, struct sg_resmap *map,
                       struct sg_fieldspecs fields, place_vec *anywhere,
                       place_vec *in_fields, struct sg_err *err) {
    for (size_t i = 0; i < map->items.len; i++) {
        struct sg_resource *res = map->items.items[i];
        struct finder f = {.k = k, .res = res, .places = anywhere};
        struct sg_field_hit root = {.node = res->node};
        if (strcmp(res->state->cur.kind->text, "CustomResourceDefinition") == 0) {
            continue; /* its schema may well have a field named image */
        }
        if (find_containers(&f, &root, err) < 0) {
            return -1;
        }
        f.places = in_fields;
        struct sg_field_walk walk = {.each = add_place, .ctx = &f};
        if (sg_fieldspecs_walk(k, res, fields, &walk, err) < 0) {
            return -1;
        }
    }
    return 0;
}

/* --- rewriting
 * ----------------------------------------------------------------------------- */

struct rewrite {
    struct sg_kustomize *k;
    const struct sg_image *image;
    struct image_pattern pattern;
    uint32_t last; /* uid of the latest match, or SG_NO_OBJECT */
    uint32_t matched;
};

/* The second pass reaches most places again: what it leaves as it is, is no event. */
static bool is_repeat(const struct rewrite *r, const struct place *place,
                      const struct sg_buf *text) {
    const struct sg_trace *trace = r->k->trace;
    const struct sg_node *node = place->hit.node;
    if (trace == NULL || text->len != node->len ||
        memcmp(sg_buf_cstr(text), node->text, node->len) != 0) {
        return false;
    }
    uint32_t last = sg_trace_last(trace, place->res->uid, place->hit.path);
    return last != SG_NO_EVENT && trace->events.items[last].step == trace->step;
}

static int rewrite_places(struct rewrite *r, const place_vec *places,
                          struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    for (size_t i = 0; i < places->len; i++) {
        const struct place *place = &places->items[i];
        const struct sg_node *node = place->hit.node;
        if (!pattern_match(&r->pattern, node->text, node->len)) {
            continue;
        }
        r->matched += r->last != place->res->uid;
        r->last = place->res->uid;
        sg_buf_clear(&text);
        renamed_image(r->image, node->text, &text);
        if (!is_repeat(r, place, &text) &&
            sg_set_scalar(r->k, place->res, &place->hit, sg_buf_cstr(&text), SG_TAG_NONE,
                          SG_OP_SET, r->image->loc, err) < 0) {
            return -1;
        }
    }
    return 0;
}

static int rewrite(struct sg_kustomize *k, const struct sg_image *image, uint32_t item,
                   const place_vec *anywhere, const place_vec *in_fields,
                   struct sg_err *err) {
    if (!sg_step_begin(k, SG_STEP_TRANSFORM, "images", image->loc, item)) {
        return 0;
    }
    struct rewrite r = {.k = k, .image = image, .last = SG_NO_OBJECT};
    if (pattern_init(&r.pattern, k, image, err) < 0) {
        return -1;
    }
    int result = rewrite_places(&r, anywhere, err);
    uint32_t matched = r.matched;
    r.last = SG_NO_OBJECT;
    if (result == 0) {
        result = rewrite_places(&r, in_fields, err);
    }
    sg_regex_free(r.pattern.regex);
    if (result == 0) {
        sg_step_matched(k, matched > 0 ? matched : r.matched);
        if (r.matched == 0) {
            sg_k_warn(k, "SG104", "no-op", image->loc,
                      "images: no image is named %s, so this entry changes nothing",
                      image->name);
        }
    }
    return result;
}

int sg_transform_images(struct sg_kustomize *k, struct sg_resmap *map,
                        const struct sg_image *images, size_t len,
                        struct sg_fieldspecs fields, struct sg_err *err) {
    place_vec anywhere = {0}, in_fields = {0};
    int result = 0;
    if (len > 0) {
        result = find_places(k, map, fields, &anywhere, &in_fields, err);
    }
    for (size_t i = 0; i < len && result == 0; i++) {
        result = rewrite(k, &images[i], (uint32_t)i, &anywhere, &in_fields, err);
    }
    sg_vec_release(&in_fields);
    sg_vec_release(&anywhere);
    return result < 0 ? sg_err_wrap(err, "images") : 0;
}
