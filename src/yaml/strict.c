#include "sg/strict.h"

#include "sg/number.h"
#include "sg/suggest.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

struct checker {
    const struct sg_docs *set;
    const struct sg_strict_opts *opts;
    struct sg_err *err;
};

static bool is_string(const struct sg_node *node) {
    enum sg_tag type = sg_is_scalar(node) ? sg_scalar_type(node) : SG_TAG_NONE;
    return type == SG_TAG_STR || type == SG_TAG_TIMESTAMP || type == SG_TAG_MERGE ||
           type == SG_TAG_BINARY || type == SG_TAG_OTHER;
}

void sg_strict_describe(const struct sg_node *node, struct sg_buf *out) {
    static const char *const names[] = {
        [SG_TAG_STR] = "the string",   [SG_TAG_BOOL] = "the boolean",
        [SG_TAG_INT] = "the integer",  [SG_TAG_FLOAT] = "the number",
        [SG_TAG_BINARY] = "the bytes", [SG_TAG_TIMESTAMP] = "the timestamp",
    };
    if (sg_is_null(node)) {
        sg_buf_adds(out, "null");
    } else if (!sg_is_scalar(node)) {
        sg_buf_adds(out, sg_is_map(node) ? "a map" : "a list");
    } else {
        enum sg_tag type = sg_scalar_type(node);
        const char *name = type < SG_ARRAY_LEN(names) ? names[type] : NULL;
        const char *quote = is_string(node) && type != SG_TAG_TIMESTAMP ? "\"" : "";
        sg_buf_addf(out, "%s %s%.60s%s%s", name ? name : "the value", quote, node->text,
                    node->len > 60 ? "…" : "", quote);
    }
}

static bool fits(const struct sg_node *node, enum sg_want want) {
    enum sg_tag type = sg_is_scalar(node) ? sg_scalar_type(node) : SG_TAG_NONE;
    switch (want) {
    case SG_WANT_ANY:
        return true;
    case SG_WANT_STRING:
        return is_string(node);
    case SG_WANT_BOOL:
        return type == SG_TAG_BOOL;
    case SG_WANT_INT:
        return type == SG_TAG_INT;
    case SG_WANT_SCALAR:
        return sg_is_scalar(node);
    case SG_WANT_STRINGS:
    case SG_WANT_LIST:
    case SG_WANT_MAPS:
        return sg_is_seq(node);
    case SG_WANT_STRING_MAP:
    case SG_WANT_SCALAR_MAP:
    case SG_WANT_MAP:
        return sg_is_map(node);
    }
    return false;
}

static const char *expected(enum sg_want want) {
    static const char *const names[] = {
        [SG_WANT_ANY] = "anything",
        [SG_WANT_STRING] = "a string",
        [SG_WANT_BOOL] = "true or false",
        [SG_WANT_INT] = "an integer",
        [SG_WANT_SCALAR] = "a single value",
        [SG_WANT_STRINGS] = "a list of strings",
        [SG_WANT_STRING_MAP] = "a map of strings",
        [SG_WANT_SCALAR_MAP] = "a map of single values",
        [SG_WANT_MAP] = "a map",
        [SG_WANT_LIST] = "a list",
        [SG_WANT_MAPS] = "a list of maps",
    };
    return names[want];
}

/* `name`: the field the value belongs to, or NULL for the root. */
static int wrong_type(const struct checker *c, const char *name,
                      const struct sg_node *node, enum sg_want want) {
    sg_auto_buf found = SG_BUF_INIT;
    sg_strict_describe(node, &found);
    sg_fail_at(c->err, SG_E_INPUT, sg_docs_pos(c->set, node->loc),
               "found %s%s%s, expected %s", sg_buf_cstr(&found), name ? " in " : "",
               name ? name : "", expected(want));
    if (want == SG_WANT_STRING && sg_is_scalar(node)) {
        sg_err_hint(c->err, "quote it: \"%.60s\"", node->text);
    }
    return -1;
}

static const struct sg_strict_field *find_field(const struct checker *c,
                                                const struct sg_strict_field *fields,
                                                const char *name) {
    for (const struct sg_strict_field *field = fields; field->name; field++) {
        if (strcmp(field->name, name) == 0) {
            return field;
        }
    }
    for (const struct sg_strict_field *field = fields; c->opts->fold_case && field->name;
         field++) {
        if (strcasecmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

static int unknown_field(const struct checker *c, const struct sg_strict_field *fields,
                         const struct sg_entry *entry) {
    struct sg_suggest near;
    sg_suggest_init(&near, entry->key->text);
    for (const struct sg_strict_field *field = fields; field->name; field++) {
        sg_suggest_offer(&near, field->name);
    }
    const char *best = sg_suggest_best(&near);
    struct sg_pos at = sg_docs_pos(c->set, entry->key_loc);
    if (c->opts->unknown) {
        c->opts->unknown(c->opts->unknown_ctx, entry->key->text, best, at);
        return 0;
    }
    sg_fail_at(c->err, SG_E_INPUT, at, "found the unknown field \"%.80s\"",
               entry->key->text);
    if (best) {
        return sg_err_hint(c->err, "did you mean \"%s\"?", best);
    }
    sg_auto_buf names = SG_BUF_INIT;
    names.max = sizeof(c->err->hint) - 32;
    for (const struct sg_strict_field *field = fields; field->name; field++) {
        sg_buf_addf(&names, "%s%s", field == fields ? "" : ", ", field->name);
    }
    return sg_err_hint(c->err, "the fields are: %s%s", sg_buf_cstr(&names),
                       names.over ? "…" : "");
}

static int check_fields(const struct checker *c, const struct sg_node *node,
                        const struct sg_strict_field *fields);

/* Every item of a list, or every value of a map with free keys. */
static int check_items(const struct checker *c, const char *name,
                       const struct sg_node *node, enum sg_want want) {
    for (uint32_t i = 0; i < node->len; i++) {
        const struct sg_node *item =
            sg_is_map(node) ? node->entries[i].value : node->items[i];
        if (!sg_is_null(item) && !fits(item, want)) {
            return wrong_type(c, name, item, want);
        }
    }
    return 0;
}

static int check_value(const struct checker *c, const struct sg_strict_field *field,
                       const struct sg_node *node) {
    if (sg_is_null(node)) {
        return 0;
    }
    if (!fits(node, field->want)) {
        return wrong_type(c, field->name, node, field->want);
    }
    if (field->want == SG_WANT_STRINGS || field->want == SG_WANT_STRING_MAP) {
        return check_items(c, field->name, node, SG_WANT_STRING);
    }
    if (field->want == SG_WANT_SCALAR_MAP) {
        return check_items(c, field->name, node, SG_WANT_SCALAR);
    }
    if (field->want == SG_WANT_MAP && field->fields) {
        return check_fields(c, node, field->fields);
    }
    if (field->want != SG_WANT_MAPS) {
        return 0;
    }
    if (check_items(c, field->name, node, SG_WANT_MAP)) {
        return -1;
    }
    for (uint32_t i = 0; field->fields && i < node->len; i++) {
        if (check_fields(c, node->items[i], field->fields)) {
            return -1;
        }
    }
    return 0;
}

/* `node`: a map, or null or NULL, which have no field: a required one is missing there.
 */
static int check_fields(const struct checker *c, const struct sg_node *node,
                        const struct sg_strict_field *fields) {
    const struct sg_node *map = sg_is_map(node) ? node : NULL;
    for (uint32_t i = 0; map && i < map->len; i++) {
        const struct sg_entry *entry = &map->entries[i];
        const struct sg_strict_field *field = find_field(c, fields, entry->key->text);
        if (field ? check_value(c, field, entry->value)
                  : unknown_field(c, fields, entry)) {
            return -1;
        }
    }
    for (const struct sg_strict_field *field = fields; field->name; field++) {
        if (field->required && !sg_strict_get(map, field->name, c->opts->fold_case)) {
            return sg_fail_at(c->err, SG_E_INPUT,
                              sg_docs_pos(c->set, node ? node->loc : 0),
                              "the field \"%s\" is missing, expected %s", field->name,
                              expected(field->want));
        }
    }
    return 0;
}

int sg_strict_check(const struct sg_docs *set, const struct sg_node *node,
                    const struct sg_strict_field *fields,
                    const struct sg_strict_opts *opts, struct sg_err *err) {
    static const struct sg_strict_opts defaults = {0};
    const struct checker c = {set, opts ? opts : &defaults, err};
    if (node && !sg_is_null(node) && !sg_is_map(node)) {
        return wrong_type(&c, NULL, node, SG_WANT_MAP);
    }
    return check_fields(&c, node, fields);
}

struct sg_entry *sg_strict_find(const struct sg_node *map, const char *name,
                                bool fold_case) {
    struct sg_entry *found = NULL;
    for (uint32_t i = 0; sg_is_map(map) && i < map->len; i++) {
        const char *key = map->entries[i].key->text;
        if (strcmp(key, name) == 0) {
            return &map->entries[i];
        }
        if (fold_case && strcasecmp(key, name) == 0) {
            found = &map->entries[i];
        }
    }
    return found;
}

struct sg_node *sg_strict_get(const struct sg_node *map, const char *name,
                              bool fold_case) {
    struct sg_entry *entry = sg_strict_find(map, name, fold_case);
    return entry && !sg_is_null(entry->value) ? entry->value : NULL;
}

bool sg_strict_bool(const struct sg_node *scalar, bool fallback) {
    if (!fits(scalar, SG_WANT_BOOL)) {
        return fallback;
    }
    char first = (char)(scalar->text[0] | 0x20);
    return first == 't' || first == 'y' ||
           (first == 'o' && (scalar->text[1] | 0x20) == 'n');
}

int64_t sg_strict_int(const struct sg_node *scalar, int64_t fallback) {
    if (!fits(scalar, SG_WANT_INT)) {
        return fallback;
    }
    sg_auto_buf text = SG_BUF_INIT; /* decimal, however it was written */
    char *end;
    if (!sg_number_write(scalar->text, scalar->len, SG_NUMBER_JSON, &text)) {
        return fallback;
    }
    errno = 0;
    long long value = strtoll(sg_buf_cstr(&text), &end, 10);
    return errno || *end ? fallback : value;
}
