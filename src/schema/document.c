/* document.c - schemas that are documents: what kustomize reads of an OpenAPI definition
 * when it merges, and from where a `$ref` leads into the compiled-in tables. */
#include "tables.h"

#include <string.h>

#define MAX_REFS 64 /* a circle of references; kustomize goes on for ever */

static bool find_definition(const char *name, struct sg_field *out) {
    const struct sg_schema_definition_row *row = sg_schema_row_named(
        name, sg_schema_definitions, sg_schema_definitions_len, sizeof(*row));
    if (row == NULL) {
        return false;
    }
    *out = (struct sg_field){.type = (enum sg_field_type)row->type, .def = row->def};
    return true;
}

/* True where a list of strategies ("merge,retainKeys") has the one that merges. */
static bool merges(const char *strategies) {
    while (strategies != NULL) {
        size_t len = strcspn(strategies, ",");
        if (len == 5 && memcmp(strategies, "merge", 5) == 0) {
            return true;
        }
        strategies = strategies[len] == ',' ? strategies + len + 1 : NULL;
    }
    return false;
}

/* One type, alone or in a list. */
static bool is_array(const struct sg_node *schema) {
    const struct sg_node *type = sg_map_get(schema, SG_ATOM(type));
    if (sg_is_seq(type)) {
        type = type->len == 1 ? type->items[0] : NULL;
    }
    return sg_is_scalar(type) && strcmp(type->text, "array") == 0;
}

static void add_key(struct sg_field *field, const struct sg_node *key) {
    if (sg_is_scalar(key) && field->keys_len < SG_MERGE_KEYS_MAX) {
        field->keys[field->keys_len++] = key->text;
    }
}

/* Keys count only beside a strategy. */
static struct sg_field field_of(const struct sg_node *schema) {
    struct sg_field field = {.type = is_array(schema) ? SG_FIELD_LIST : SG_FIELD_ANY};
    field.merge = merges(sg_text(sg_map_gets(schema, "x-kubernetes-patch-strategy")));
    if (!field.merge) {
        return field;
    }
    const struct sg_node *keys = sg_map_gets(schema, "x-kubernetes-list-map-keys");
    for (uint32_t i = 0; sg_is_seq(keys) && i < keys->len; i++) {
        add_key(&field, keys->items[i]);
    }
    if (!sg_is_seq(keys)) {
        add_key(&field, sg_map_gets(schema, "x-kubernetes-patch-merge-key"));
    }
    return field;
}

static bool place_of(const struct sg_node *schema, struct sg_schema_place *out) {
    *out = (struct sg_schema_place){.doc = schema, .field = field_of(schema)};
    return true;
}

static int hex(char c) {
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

/* Takes the next token off a pointer in a URL ("/a~1b%20c"); false at its end. */
static bool next_token(const char **pointer, struct sg_buf *out) {
    const char *at = *pointer;
    sg_buf_clear(out);
    if (*at != '/') {
        return false;
    }
    for (at++; *at != '\0' && *at != '/'; at++) {
        char c = *at;
        if (c == '%' && hex(at[1]) >= 0 && hex(at[2]) >= 0) {
            c = (char)(hex(at[1]) << 4 | hex(at[2]));
            at += 2;
        } else if (c == '~' && (at[1] == '0' || at[1] == '1')) {
            c = *++at == '0' ? '~' : '/';
        }
        sg_buf_addc(out, c);
    }
    *pointer = at;
    return true;
}

/* What a pointer leads to below a definition of the user's. One that ends at an item's or
 * a value's schema finds none: kustomize has another type there. */
static bool descend(const struct sg_node *schema, const char *pointer,
                    struct sg_schema_place *out) {
    sg_auto_buf token = SG_BUF_INIT;
    bool inner = false;
    while (next_token(&pointer, &token)) {
        const char *name = sg_buf_cstr(&token);
        inner = strcmp(name, "items") == 0 || strcmp(name, "additionalProperties") == 0;
        schema = sg_map_gets(schema, name);
        if (!inner && next_token(&pointer, &token)) { /* a name among properties */
            schema = sg_map_gets(schema, sg_buf_cstr(&token));
        }
    }
    return !inner && sg_is_map(schema) && place_of(schema, out);
}

static bool builtin_child(const struct sg_field *at, const char *name,
                          struct sg_schema_place *out) {
    *out = (struct sg_schema_place){0};
    if (at->type == (name != NULL ? SG_FIELD_MAP : SG_FIELD_LIST)) {
        out->field = (struct sg_field){.type = at->item, .def = at->def};
        return true;
    }
    return name != NULL && at->type == SG_FIELD_OBJECT &&
           sg_schema_field(SG_SCHEMA_MERGE, at->def, name, &out->field);
}

/* The same below a built-in one: the tables have no more than these ways. */
static bool descend_builtin(const char *pointer, struct sg_schema_place *out) {
    sg_auto_buf token = SG_BUF_INIT;
    bool known = true, inner = false;
    while (known && next_token(&pointer, &token)) {
        struct sg_field at = out->field;
        inner = strcmp(sg_buf_cstr(&token), "properties") != 0;
        if (strcmp(sg_buf_cstr(&token), "items") == 0) {
            known = builtin_child(&at, NULL, out);
        } else if (strcmp(sg_buf_cstr(&token), "additionalProperties") == 0) {
            known = at.type == SG_FIELD_MAP && builtin_child(&at, "", out);
        } else {
            known = !inner && at.type == SG_FIELD_OBJECT &&
                    next_token(&pointer, &token) &&
                    builtin_child(&at, sg_buf_cstr(&token), out);
        }
    }
    return known && !inner;
}

/* What a `$ref` names, one step; false where that is nothing. */
static bool resolve(const struct sg_schemas *schemas, const char *ref,
                    struct sg_schema_place *out) {
    static const char prefix[] = "#/definitions/";
    if (strncmp(ref, prefix, sizeof(prefix) - 1) != 0) {
        return false;
    }
    const char *pointer = ref + sizeof(prefix) - 2;
    sg_auto_buf name = SG_BUF_INIT;
    (void)next_token(&pointer, &name);
    const struct sg_node *own =
        schemas != NULL ? sg_map_gets(schemas->definitions, sg_buf_cstr(&name)) : NULL;
    if (own != NULL) {
        return descend(own, pointer, out);
    }
    *out = (struct sg_schema_place){0};
    return (schemas == NULL || !schemas->no_builtin) &&
           find_definition(sg_buf_cstr(&name), &out->field) &&
           descend_builtin(pointer, out);
}

static const char *ref_of(const struct sg_node *schema) {
    const char *ref = sg_text(sg_map_gets(schema, "$ref"));
    return ref != NULL && ref[0] != '\0' ? ref : NULL;
}

/* A schema inside another: every `$ref` is followed. */
static bool place_inner(const struct sg_schemas *schemas, const struct sg_node *schema,
                        struct sg_schema_place *out) {
    if (!sg_is_map(schema)) {
        return false;
    }
    (void)place_of(schema, out);
    for (int i = 0; i < MAX_REFS; i++) {
        const char *ref = out->doc != NULL ? ref_of(out->doc) : NULL;
        if (ref == NULL) {
            return true;
        }
        if (!resolve(schemas, ref, out)) {
            return false;
        }
    }
    return false;
}

bool sg_schema_place_kind(const struct sg_schemas *schemas, const char *api_version,
                          const char *kind, struct sg_schema_place *out) {
    *out = (struct sg_schema_place){0};
    if (schemas != NULL && schemas->kinds.len > 0) {
        sg_auto_buf key = SG_BUF_INIT;
        sg_buf_addf(&key, "%s %s", api_version, kind);
        const struct sg_node *own =
            sg_strmap_get(&schemas->kinds, sg_buf_cstr(&key), key.len);
        if (own != NULL) {
            return place_of(own, out);
        }
    }
    if (schemas != NULL && schemas->no_builtin) {
        return false;
    }
    out->field.type = SG_FIELD_OBJECT;
    out->field.def = sg_schema_kind(SG_SCHEMA_MERGE, api_version, kind);
    return out->field.def != 0;
}

bool sg_schema_place_comment(const struct sg_schemas *schemas,
                             const struct sg_node *schema, struct sg_schema_place *out) {
    const char *ref = ref_of(schema);
    return (ref != NULL && resolve(schemas, ref, out)) || place_of(schema, out);
}

bool sg_schema_place_child(const struct sg_schemas *schemas,
                           const struct sg_schema_place *at, const char *name,
                           struct sg_schema_place *out) {
    if (at->doc == NULL) {
        return builtin_child(&at->field, name, out);
    }
    if (name == NULL) {
        return at->field.type == SG_FIELD_LIST &&
               place_inner(schemas, sg_map_get(at->doc, SG_ATOM(items)), out);
    }
    const struct sg_node *field = sg_map_gets(sg_map_gets(at->doc, "properties"), name);
    if (field == NULL) {
        field = sg_map_gets(at->doc, "additionalProperties");
    }
    return place_inner(schemas, field, out);
}

static bool no_string(const struct sg_node *node) {
    return node != NULL && (!sg_is_scalar(node) || sg_scalar_type(node) != SG_TAG_STR);
}

const char *sg_schema_list_fault(const struct sg_node *doc) {
    const struct sg_node *strategy = sg_map_gets(doc, "x-kubernetes-patch-strategy");
    const struct sg_node *keys = sg_map_gets(doc, "x-kubernetes-list-map-keys");
    if (strategy == NULL) {
        return NULL;
    }
    if (no_string(strategy)) {
        return "x-kubernetes-patch-strategy is no string";
    }
    if (no_string(sg_map_gets(doc, "x-kubernetes-patch-merge-key"))) {
        return "x-kubernetes-patch-merge-key is no string";
    }
    if (!merges(strategy->text)) {
        return NULL;
    }
    bool fault = keys != NULL && !sg_is_seq(keys);
    for (uint32_t i = 0; !fault && sg_is_seq(keys) && i < keys->len; i++) {
        fault = no_string(keys->items[i]);
    }
    if (fault) {
        return "x-kubernetes-list-map-keys is no list of strings";
    }
    return is_array(doc) && sg_is_seq(sg_map_get(doc, SG_ATOM(items)))
               ? "items is a list, not a schema"
               : NULL;
}
