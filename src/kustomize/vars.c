/* vars.c - $(NAME) in the fields that allow it, replaced by the value of a var. */
#include <string.h>

#include "nodepath.h"
#include "setter.h"
#include "sg/json.h"
#include "transformer.h"

/* What a var stands for. */
struct value {
    const struct sg_var *var;
    const char *text;
    enum sg_tag tag; /* of a whole field that is this var alone */
    uint32_t step;   /* its step in the trace */
    uint32_t source; /* who wrote the value last, for the trace */
    uint32_t used;   /* fields it was put into */
};

struct run {
    struct sg_kustomize *k;
    struct sg_strmap by_name; /* to struct value */
    struct sg_resource *res;  /* the one that is being changed */
};

/* --- values
 * -------------------------------------------------------------------------------- */

/* "spec.ports[0].port" is written like "spec.ports.0.port". */
static const char *with_dotted_indexes(struct sg_kustomize *k, const char *path) {
    sg_auto_buf out = SG_BUF_INIT;
    for (const char *p = path; *p != '\0'; p++) {
        size_t digits = *p == '[' ? strspn(p + 1, "0123456789") : 0;
        if (digits > 0 && p[digits + 1] == ']' && p != path) {
            sg_buf_addc(&out, '.');
            sg_buf_add(&out, p + 1, digits);
            p += digits + 1;
        } else {
            sg_buf_addc(&out, *p);
        }
    }
    return sg_k_strdup(k, sg_buf_cstr(&out));
}

static int read_value(struct run *run, struct value *value, const struct sg_resource *res,
                      struct sg_err *err) {
    struct sg_kustomize *k = run->k;
    const char *path = value->var->field_path;
    if (path == NULL || path[0] == '\0') {
        path = "metadata.name";
    }
    struct sg_nodepath_root root = {.k = k, .res = res, .node = res->node};
    struct sg_nodepath parts = sg_nodepath_split(k, with_dotted_indexes(k, path), '.');
    struct sg_field_hit hit;
    if (sg_nodepath_lookup(&root, parts, &hit, err) < 0 || hit.node == NULL) {
        return sg_k_fail(k, err, value->var->loc, "vars: %s: the object has no field %s",
                         value->var->name, path);
    }
    if (k->trace != NULL) {
        value->source = sg_trace_last(k->trace, res->uid, hit.path);
    }
    if (!sg_is_scalar(hit.node) || sg_is_null(hit.node)) {
        return 0; /* a list, map or null is never put in: $(NAME) stays */
    }
    value->tag = sg_scalar_type(hit.node);
    value->text = hit.node->text;
    if (value->tag == SG_TAG_INT || value->tag == SG_TAG_FLOAT ||
        value->tag == SG_TAG_BOOL) {
        sg_auto_buf text = SG_BUF_INIT;
        if (sg_json_write(hit.node, SG_JSON_COMPACT, &text, err) < 0) {
            return -1;
        }
        value->text = sg_k_strdup(k, sg_buf_cstr(&text));
    } else {
        value->tag = SG_TAG_STR;
    }
    return 0;
}

/* The objects that hold values, by the names of the vars; the first one counts. */
static void index_holders(struct sg_resmap *map, struct sg_strmap *holders) {
    for (size_t i = 0; i < map->items.len; i++) {
        struct sg_resource *res = map->items.items[i];
        for (size_t v = 0; v < res->state->vars_len; v++) {
            const char *name = res->state->vars[v];
            if (!sg_strmap_has(holders, name, strlen(name))) {
                sg_strmap_put(holders, name, strlen(name), res);
            }
        }
    }
}

static int read_values(struct run *run, struct sg_resmap *map, struct value *values,
                       size_t len, struct sg_err *err) {
    sg_auto_strmap holders = {0};
    index_holders(map, &holders);
    for (size_t i = 0; i < len; i++) {
        struct value *value = &values[i];
        const char *name = value->var->name;
        const struct sg_resource *res = sg_strmap_get(&holders, name, strlen(name));
        if (res == NULL) {
            return sg_k_fail(run->k, err, value->var->loc,
                             "vars: %s: no object is what its objref names", name);
        }
        if (!sg_step_begin(run->k, SG_STEP_REPLACE, "vars", value->var->loc,
                           (uint32_t)i)) {
            continue;
        }
        value->step = run->k->trace != NULL ? run->k->trace->step : 0;
        if (read_value(run, value, res, err) < 0) {
            return -1;
        }
        sg_strmap_put(&run->by_name, name, strlen(name), value);
    }
    return 0;
}

/* --- expansion
 * ----------------------------------------------------------------------------- */

struct expansion {
    struct sg_buf text;
    struct value *first; /* the first var that was put in, or NULL */
    bool alone;          /* the text is that var and nothing else */
};

/* One "$…" at `at`: appends what it stands for, returns the bytes it takes. `$$` is a
 * dollar; an unknown name and an open bracket that is never closed stay. */
static size_t expand_one(const struct run *run, const char *at, const char *end,
                         struct expansion *out) {
    if (at[1] != '(') {
        sg_buf_add(&out->text, at, at[1] == '$' ? 1 : 2);
        return 2;
    }
    const char *close = memchr(at + 2, ')', (size_t)(end - at) - 2);
    if (close == NULL) {
        sg_buf_add(&out->text, at, 2);
        return 2;
    }
    struct value *value = sg_strmap_get(&run->by_name, at + 2, (size_t)(close - at) - 2);
    if (value == NULL || value->text == NULL) {
        sg_buf_add(&out->text, at, (size_t)(close - at) + 1);
    } else {
        value->used++;
        out->first = out->first != NULL ? out->first : value;
        sg_buf_adds(&out->text, value->text);
    }
    return (size_t)(close - at) + 1;
}

static void expand(const struct run *run, const struct sg_node *scalar,
                   struct expansion *out) {
    const char *text = scalar->text, *end = text + scalar->len;
    while (text < end) {
        const char *dollar = memchr(text, '$', (size_t)(end - text));
        if (dollar == NULL || dollar + 1 == end) {
            break;
        }
        sg_buf_add(&out->text, text, (size_t)(dollar - text));
        size_t taken = expand_one(run, dollar, end, out);
        out->alone = dollar == scalar->text && taken == scalar->len && out->first != NULL;
        text = dollar + taken;
    }
    sg_buf_add(&out->text, text, (size_t)(end - text));
}

static bool is_string(const struct sg_node *node) {
    return sg_is_scalar(node) && (node->tag == SG_TAG_STR || node->tag == SG_TAG_NONE) &&
           !(node->tag == SG_TAG_NONE && sg_is_null(node));
}

static void trace_write(const struct run *run, const struct value *value,
                        const struct sg_field_hit *hit, const struct sg_node *before) {
    struct sg_trace *trace = run->k->trace;
    if (trace == NULL || value == NULL) {
        return;
    }
    trace->step = value->step;
    struct sg_event event = {
        .object = run->res->uid,
        .path = hit->path,
        .op = SG_OP_SET,
        .index = UINT32_MAX,
        .before = before,
        .after = hit->node,
        .loc = value->var->loc,
        .overrode = SG_NO_EVENT,
        .source = value->source,
    };
    (void)sg_trace_event(trace, &event);
}

/* Every string becomes a plain one, whether a var was in it or not, as in kustomize. */
static void set_string(const struct run *run, const struct sg_field_hit *hit) {
    struct expansion made = {.first = NULL};
    expand(run, hit->node, &made);
    const struct sg_node *before = made.first ? sg_k_before(run->k, hit->node) : NULL;
    sg_scalar_set(run->k->set, hit->node, sg_buf_cstr(&made.text), made.text.len);
    hit->node->tag = (uint8_t)(made.alone ? made.first->tag : SG_TAG_STR);
    hit->node->style = SG_PLAIN;
    trace_write(run, made.first, hit, before);
    sg_buf_release(&made.text);
}

static int set_map(const struct run *run, const struct sg_field_hit *map,
                   struct sg_err *err) {
    for (uint32_t i = 0; i < map->node->len; i++) {
        const struct sg_entry *entry = &map->node->entries[i];
        if (entry->key_tag != SG_TAG_STR && entry->key_tag != SG_TAG_NONE) {
            return sg_k_fail(run->k, err, entry->key_loc, "vars: the key %s is no string",
                             entry->key->text);
        }
        struct sg_field_hit hit = {.node = entry->value,
                                   .path = sg_k_path_key(run->k, map->path, entry->key)};
        if (is_string(hit.node)) {
            set_string(run, &hit);
        }
    }
    return 0;
}

static int set_list(const struct run *run, const struct sg_field_hit *list,
                    struct sg_err *err) {
    for (uint32_t i = 0; i < list->node->len; i++) {
        struct sg_field_hit hit = {
            .node = list->node->items[i],
            .path = sg_k_path_item(run->k, run->res, list->path, list->node->items[i], i),
        };
        if (!is_string(hit.node)) {
            return sg_fail_object(run->k, run->res, hit.node, err,
                                  "vars: found a list element that is no string");
        }
        set_string(run, &hit);
    }
    return 0;
}

static int set_field(void *ctx, const struct sg_field_hit *hit, struct sg_err *err) {
    const struct run *run = ctx;
    if (sg_is_map(hit->node)) {
        return set_map(run, hit, err);
    }
    if (sg_is_seq(hit->node)) {
        return set_list(run, hit, err);
    }
    if (is_string(hit->node)) {
        set_string(run, hit);
    }
    return 0;
}

static int expand_all(struct run *run, struct sg_resmap *map, struct sg_fieldspecs fields,
                      struct sg_err *err) {
    struct sg_field_walk walk = {.each = set_field, .ctx = run};
    for (size_t i = 0; i < map->items.len; i++) {
        run->res = map->items.items[i];
        if (sg_fieldspecs_walk(run->k, run->res, fields, &walk, err) < 0) {
            return -1;
        }
        sg_resmap_changed(run->k, map, run->res);
    }
    return 0;
}

int sg_transform_vars(struct sg_kustomize *k, struct sg_resmap *map,
                      const struct sg_var *vars, size_t len, struct sg_fieldspecs fields,
                      struct sg_err *err) {
    if (len == 0) {
        return 0;
    }
    struct run run = {.k = k};
    struct value *values = sg_xcalloc(len, sizeof(*values));
    for (size_t i = 0; i < len; i++) {
        values[i] = (struct value){.var = &vars[i], .source = SG_NO_EVENT};
    }
    int result = read_values(&run, map, values, len, err);
    if (result == 0) {
        result = expand_all(&run, map, fields, err);
    }
    for (size_t i = 0; i < len && result == 0; i++) {
        if (values[i].text != NULL && values[i].used == 0) {
            sg_k_warn(k, "SG104", "no-op", vars[i].loc,
                      "vars: $(%s) is never used in a field that allows it",
                      vars[i].name);
        }
    }
    free(values);
    sg_strmap_release(&run.by_name);
    return result;
}
