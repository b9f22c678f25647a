/*
 * comment_schema.c - which comments are schemas: those that begin with a JSON object
 * which kustomize's reader of OpenAPI schemas takes and finds something in.
 */
#include "openapi.h"
#include "sg/json.h"

#include <string.h>

/* What the fields of a schema hold; a field that is none of these holds anything. */
enum content { STRING, NUMBER, BOOLEAN, LIST, STRINGS, SCHEMA, SCHEMAS, SCHEMA_LIST };

static const struct {
    const char *name;
    enum content content;
} fields[] = {
    {"id", STRING},
    {"$ref", STRING},
    {"$schema", STRING},
    {"description", STRING},
    {"format", STRING},
    {"title", STRING},
    {"pattern", STRING},
    {"discriminator", STRING},
    {"maximum", NUMBER},
    {"minimum", NUMBER},
    {"multipleOf", NUMBER},
    {"maxLength", NUMBER},
    {"minLength", NUMBER},
    {"maxItems", NUMBER},
    {"minItems", NUMBER},
    {"maxProperties", NUMBER},
    {"minProperties", NUMBER},
    {"nullable", BOOLEAN},
    {"exclusiveMaximum", BOOLEAN},
    {"exclusiveMinimum", BOOLEAN},
    {"uniqueItems", BOOLEAN},
    {"readOnly", BOOLEAN},
    {"enum", LIST},
    {"required", STRINGS},
    {"not", SCHEMA},
    {"properties", SCHEMAS},
    {"patternProperties", SCHEMAS},
    {"definitions", SCHEMAS},
    {"allOf", SCHEMA_LIST},
    {"oneOf", SCHEMA_LIST},
    {"anyOf", SCHEMA_LIST},
};

static bool is_schema(const struct sg_node *node, bool *empty);

static bool is_inner(const struct sg_node *node) {
    bool empty;
    return sg_is_null(node) || is_schema(node, &empty);
}

static bool all_inner(const struct sg_node *node) {
    for (uint32_t i = 0; i < node->len; i++) {
        if (!is_inner(sg_is_map(node) ? node->entries[i].value : node->items[i])) {
            return false;
        }
    }
    return true;
}

static bool all_strings(const struct sg_node *list) {
    for (uint32_t i = 0; i < list->len; i++) {
        if (!sg_is_scalar(list->items[i]) || list->items[i]->tag != SG_TAG_STR) {
            return false;
        }
    }
    return true;
}

static bool fits(const struct sg_node *value, enum content content) {
    uint8_t tag = sg_is_scalar(value) ? value->tag : SG_TAG_NONE;
    switch (content) {
    case STRING:
        return tag == SG_TAG_STR;
    case NUMBER:
        return tag == SG_TAG_INT || tag == SG_TAG_FLOAT;
    case BOOLEAN:
        return tag == SG_TAG_BOOL;
    case LIST:
        return sg_is_seq(value);
    case STRINGS:
        return sg_is_seq(value) && all_strings(value);
    case SCHEMA:
        return is_inner(value);
    case SCHEMAS:
        return sg_is_map(value) && all_inner(value);
    case SCHEMA_LIST:
        return sg_is_seq(value) && all_inner(value);
    }
    SG_BUG("a schema's field of no content");
}

static bool is_type(const struct sg_node *value) {
    return sg_is_seq(value) ? all_strings(value) : fits(value, STRING);
}

/* Whether the field can be read; `*empty` becomes false where it says anything. */
static bool field_fits(const struct sg_entry *entry, bool *empty) {
    const char *name = entry->key->text;
    const struct sg_node *value = entry->value;
    if (strcmp(name, "type") == 0) {
        *empty = *empty && sg_is_null(value);
        return sg_is_null(value) || is_type(value);
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(fields); i++) {
        if (strcmp(name, fields[i].name) != 0) {
            continue;
        }
        bool zero = sg_is_null(value) ||
                    (fields[i].content == STRING && value->len == 0) ||
                    (fields[i].content == BOOLEAN && sg_text(value) != NULL &&
                     strcmp(value->text, "false") == 0);
        *empty = *empty && zero;
        return sg_is_null(value) || fits(value, fields[i].content);
    }
    static const char *const open[] = {
        "items",           "default",      "additionalProperties",
        "additionalItems", "dependencies", "externalDocs",
        "example"};
    bool known = false;
    for (size_t i = 0; i < SG_ARRAY_LEN(open); i++) {
        known = known || strcmp(name, open[i]) == 0;
    }
    *empty = *empty && known && sg_is_null(value);
    return strcmp(name, "items") != 0 || !sg_is_map(value) || is_inner(value);
}

static bool is_schema(const struct sg_node *node, bool *empty) {
    *empty = true;
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        if (!field_fits(&node->entries[i], empty)) {
            return false;
        }
    }
    return sg_is_map(node);
}

/* The length of the object that the text begins with; what follows it is no matter. */
static size_t object_len(struct sg_str text) {
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (quoted && c == '\\') {
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '{' || c == '[')) {
            depth++;
        } else if (!quoted && (c == '}' || c == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

void sg_comment_schemas(struct sg_kustomize *k, size_t first) {
    for (size_t i = first; i < k->set->comments.len; i++) {
        struct sg_comment *comment = &k->set->comments.items[i];
        struct sg_err ignored = {0};
        size_t len = object_len(comment->text);
        const struct sg_node *node =
            len > 0 ? sg_json_read(k->set, "", comment->text.ptr, len, &ignored) : NULL;
        bool empty = true;
        comment->schema = is_schema(node, &empty) && !empty ? node : NULL;
    }
}
