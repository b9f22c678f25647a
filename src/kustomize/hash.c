/* hash.c - the suffix that changes with a ConfigMap's or Secret's content; see
 * generator.h. */
#include "generator.h"
#include "sg/json.h"
#include "sg/sha256.h"

#include <string.h>

/* Field `name` of the object as kustomize hashes it: a map as it is, a scalar as text, ""
 * for none. */
static struct sg_node *hashed_value(struct sg_kustomize *k, const struct sg_node *node,
                                    const char *name) {
    struct sg_node *value = sg_map_gets(node, name);
    if (value == NULL || sg_is_null(value)) {
        return sg_str_new(k->set, "");
    }
    return sg_is_scalar(value) ? sg_str_new(k->set, sg_text(value)) : value;
}

static void put(struct sg_kustomize *k, struct sg_node *map, const char *key,
                struct sg_node *value) {
    (void)sg_map_put(k->set, map, sg_k_atom(k, key), value);
}

int sg_name_hash(struct sg_kustomize *k, const struct sg_node *node, struct sg_buf *out,
                 struct sg_err *err) {
    const char *kind = sg_text(sg_map_get(node, SG_ATOM(kind)));
    bool secret = kind != NULL && strcmp(kind, "Secret") == 0;
    if (!secret && (kind == NULL || strcmp(kind, "ConfigMap") != 0)) {
        return sg_k_fail(
            k, err, node->loc,
            "a generated object became a %s; only a ConfigMap or Secret gets a hash",
            kind != NULL ? kind : "nothing");
    }
    struct sg_node *input = sg_map_new(k->set);
    put(k, input, "kind", sg_str_new(k->set, kind));
    put(k, input, "name",
        sg_str_new(k->set, "")); /* kustomize looks in the wrong place */
    put(k, input, "data", hashed_value(k, node, "data"));
    if (secret) {
        put(k, input, "type", hashed_value(k, node, "type"));
    }
    const char *more = secret ? "stringData" : "binaryData";
    struct sg_node *extra = sg_map_gets(node, more);
    if (sg_is_map(extra)) {
        put(k, input, more, extra);
    }
    sg_auto_buf json = SG_BUF_INIT;
    if (sg_json_write(input, SG_JSON_COMPACT | SG_JSON_SORTED | SG_JSON_GO_HTML, &json,
                      err) != 0) {
        return -1;
    }
    char hex[SG_SHA256_HEX + 1];
    sg_sha256_hex(sg_buf_cstr(&json), json.len, hex);
    for (size_t i = 0; i < 10; i++) {
        static const char from[] = "013ae",
                          to[] = "ghkmt"; /* no vowels, no look-alikes */
        const char *at = strchr(from, hex[i]);
        sg_buf_addc(out, at != NULL ? to[at - from] : hex[i]);
    }
    return 0;
}

size_t sg_resource_hash(const struct sg_resource *res) {
    return res->state->needs_hash ? SG_HASH_SUFFIX : 0;
}

int sg_add_hashes(struct sg_kustomize *k, struct sg_resmap *map, struct sg_err *err) {
    for (size_t i = 0; i < map->items.len; i++) {
        struct sg_resource *res = map->items.items[i];
        if (!res->state->needs_hash) {
            continue;
        }
        sg_auto_buf name = SG_BUF_INIT;
        sg_buf_addf(&name, "%s-", sg_resource_name(res));
        if (sg_name_hash(k, res->node, &name, err) != 0) {
            return -1;
        }
        sg_resource_store_id(k, res);
        sg_k_set_name(k, res, sg_buf_cstr(&name));
        sg_resmap_changed(k, map, res);
    }
    return 0;
}
