/* vars.c - see vars.h. */
#include "vars.h"

#include "sg/number.h"
#include "sg/sort.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

void sg_vars_release(struct sg_vars *vars) {
    sg_vec_release(&vars->items);
    sg_strmap_release(&vars->names);
}

static int add(struct sg_kustomize *k, struct sg_vars *vars, const struct sg_var *var,
               struct sg_err *err) {
    size_t len = strlen(var->name);
    const struct sg_var *other = sg_strmap_get(&vars->names, var->name, len);
    if (other != NULL) {
        struct sg_pos there = sg_docs_pos(k->set, other->loc);
        (void)sg_k_fail(k, err, var->loc,
                        "the var %s is there twice, the first is at %s:%u", var->name,
                        there.file, there.line);
        return sg_err_hint(err, "give one of them another name");
    }
    (void)sg_strmap_put(&vars->names, var->name, len, (void *)(uintptr_t)var);
    sg_vec_push(&vars->items, var);
    return 0;
}

int sg_vars_merge(struct sg_kustomize *k, struct sg_vars *vars,
                  const struct sg_vars *from, struct sg_err *err) {
    for (size_t i = 0; i < from->items.len; i++) {
        if (add(k, vars, from->items.items[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- the objects that vars take their values from -------------------------------------
 */

static struct sg_resid id_of(struct sg_kustomize *k, const struct sg_var *var) {
    struct sg_resid id = {
        .group = sg_k_atom(k, var->objref.group),
        .version = sg_k_atom(k, var->objref.version),
        .kind = sg_k_atom(k, var->objref.kind),
        .name = sg_k_atom(k, var->objref.name),
        .namespace = sg_k_atom(k, var->objref.namespace),
    };
    const char *slash = strchr(var->api_version, '/');
    if (slash != NULL && strchr(slash + 1, '/') == NULL) {
        sg_resid_parse_version(k, var->api_version, &id.group, &id.version);
    } else if (slash == NULL && var->api_version[0] != '\0') {
        id.version = sg_k_atom(k, var->api_version);
    }
    return id;
}

/* Group, version, kind and name are those of the present id or a previous one. */
static bool bears(const struct sg_resource *res, const struct sg_resid *id) {
    const struct sg_resource_state *state = res->state;
    if (state->cur.group != id->group || state->cur.version != id->version) {
        return false;
    }
    if (state->cur.kind == id->kind && state->cur.name == id->name) {
        return true;
    }
    for (size_t i = 0; i < state->prev_len; i++) {
        if (state->prev[i].kind == id->kind && state->prev[i].name == id->name) {
            return true;
        }
    }
    return false;
}

/* Without a namespace any one will do. */
static void find_objects(struct sg_kustomize *k, struct sg_resmap *map,
                         const struct sg_resid *id, struct sg_reslist *out) {
    bool cluster = sg_resid_cluster_scoped(k, id);
    if (cluster && id->namespace->len > 0) {
        return; /* there is no such object */
    }
    if (id->namespace->len > 0 || cluster) {
        sg_resmap_find(k, map, id, SG_ID_ANY, out);
        return;
    }
    sg_resmap_named(map, id->kind, id->name, out);
    size_t kept = 0;
    for (size_t i = 0; i < out->items.len; i++) {
        if (bears(out->items.items[i], id)) {
            out->items.items[kept++] = out->items.items[i];
        }
    }
    out->items.len = kept;
}

int sg_vars_add(struct sg_kustomize *k, struct sg_vars *vars,
                const struct sg_kustomization *kz, struct sg_resmap *map,
                struct sg_err *err) {
    for (size_t i = 0; i < kz->vars_len; i++) {
        const struct sg_var *var = &kz->vars[i];
        struct sg_resid id = id_of(k, var);
        sg_auto_reslist found = {0};
        find_objects(k, map, &id, &found);
        if (found.items.len > 1) {
            (void)sg_k_fail(k, err, var->loc,
                            "the var %s refers to %zu objects; expected one", var->name,
                            found.items.len);
            return sg_err_hint(err, "add the namespace to its objref");
        }
        if (found.items.len == 1) {
            sg_resource_add_var(k, found.items.items[0], var->name);
        }
        if (add(k, vars, var, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- values ----------------------------------------------------------------------------
 */

/* At the '[' of a part's last "[digits]": other brackets belong to the name. */
static bool is_index(const char *at) {
    size_t digits = strspn(at + 1, "0123456789");
    return digits > 0 && at[1 + digits] == ']' &&
           (at[2 + digits] == '.' || at[2 + digits] == '\0');
}

/* The next part of a dotted path: "a.b", "a[0].b", "a.[b.c]", "a\.b". Empty at the end.
 */
static void next_part(const char **path, struct sg_buf *out) {
    const char *at = *path;
    sg_buf_clear(out);
    if (*at == '[') {
        size_t len = strcspn(at, "]");
        sg_buf_add(out, at, at[len] == ']' ? len + 1 : len);
        at += at[len] == ']' ? len + 1 : len;
    } else {
        for (; *at != '\0' && *at != '.' && !(*at == '[' && is_index(at)); at++) {
            if (*at == '\\' && at[1] == '.') {
                at++;
            }
            sg_buf_addc(out, *at);
        }
    }
    *path = *at == '.' ? at + 1 : at;
}

static const struct sg_node *element(const struct sg_node *list, const char *part) {
    size_t len = strlen(part);
    bool bracket = part[0] == '[' && len > 2;
    const char *equals = bracket ? strchr(part, '=') : NULL;
    if (equals == NULL) {
        unsigned long index = strtoul(bracket ? part + 1 : part, NULL, 10);
        bool number = isdigit((unsigned char)part[bracket ? 1 : 0]) != 0;
        return number && index < list->len ? list->items[index] : NULL;
    }
    sg_auto_cstr key = sg_xstrndup(part + 1, (size_t)(equals - part) - 1);
    for (uint32_t i = 0; i < list->len; i++) {
        const char *text = sg_text(sg_map_gets(list->items[i], key));
        size_t value = len - (size_t)(equals - part) - 2;
        if (text != NULL && strlen(text) == value &&
            memcmp(text, equals + 1, value) == 0) {
            return list->items[i];
        }
    }
    return NULL;
}

/* The path of the list's item, for the trace. */
static const struct sg_fieldpath *item_path(struct sg_kustomize *k,
                                            const struct sg_resource *res,
                                            const struct sg_fieldpath *parent,
                                            const struct sg_node *list,
                                            const struct sg_node *item) {
    for (uint32_t i = 0; i < list->len; i++) {
        if (list->items[i] == item) {
            return sg_k_path_item(k, res, parent, item, i);
        }
    }
    return parent;
}

/* The field of an object, with its path where there is a trace. */
static const struct sg_node *lookup(struct sg_kustomize *k, const struct sg_resource *res,
                                    const char *path, const struct sg_fieldpath **at) {
    sg_auto_buf part = SG_BUF_INIT;
    const struct sg_node *node = res->node;
    *at = NULL;
    while (*path != '\0' && node != NULL) {
        next_part(&path, &part);
        const char *text = sg_buf_cstr(&part);
        if (sg_is_seq(node)) {
            const struct sg_node *item = element(node, text);
            *at = item_path(k, res, *at, node, item);
            node = item;
            continue;
        }
        bool bracket = text[0] == '[' && part.len > 1;
        sg_auto_cstr key =
            bracket ? sg_xstrndup(text + 1, part.len - 2) : sg_xstrdup(text);
        *at = sg_k_path_text(k, *at, key);
        node = sg_map_gets(node, key);
    }
    return node;
}

/* What a var stands for, and where it is from. */
struct value {
    const struct sg_var *var;
    const struct sg_node *node; /* a scalar or a collection */
    uint32_t object;
    const struct sg_fieldpath *path; /* NULL: not traced */
    uint32_t step;                   /* SG_NO_EVENT: not begun */
};

struct resolving {
    struct sg_kustomize *k;
    struct sg_vars *vars;
    struct sg_strmap values; /* name -> struct value * */
    struct sg_strmap used;
    struct sg_resource *res;
    struct value *last; /* the one that was used last */
};

/* A number is read in base ten only, without underscores: "010" is ten. NULL: it cannot
 * be. */
static const struct sg_node *read_int(struct sg_kustomize *k,
                                      const struct sg_node *value) {
    const char *digits = value->text + strspn(value->text, "+-");
    char *end = NULL, text[24];
    errno = 0;
    long long number = strtoll(value->text, &end, 10);
    if (!isdigit((unsigned char)*digits) || digits > value->text + 1 || *end != '\0' ||
        errno != 0) {
        return NULL;
    }
    int len = snprintf(text, sizeof(text), "%lld", number);
    return sg_scalar_new(k->set, text, (size_t)len, SG_TAG_INT, SG_PLAIN);
}

/* In the form that Go prints it in, also inside a text: 1.50 is 1.5. */
static const struct sg_node *read_float(struct sg_kustomize *k,
                                        const struct sg_node *value) {
    sg_auto_buf text = SG_BUF_INIT;
    if (!sg_number_write(value->text, value->len, SG_NUMBER_YAML, &text)) {
        return value;
    }
    return sg_scalar_new(k->set, text.ptr, text.len, SG_TAG_FLOAT, SG_PLAIN);
}

/* A null or a date counts as its text, True as true. */
static const struct sg_node *read_value(struct sg_kustomize *k,
                                        const struct sg_node *value) {
    enum sg_tag type = sg_is_scalar(value) ? sg_scalar_type(value) : SG_TAG_OTHER;
    if (type == SG_TAG_INT) {
        return read_int(k, value);
    }
    if (type == SG_TAG_FLOAT) {
        return read_float(k, value);
    }
    if (type == SG_TAG_BOOL) {
        bool on = (value->text[0] | 0x20) == 't';
        return sg_scalar_new(k->set, on ? "true" : "false", on ? 4 : 5, SG_TAG_BOOL,
                             SG_PLAIN);
    }
    bool text = type == SG_TAG_NULL || type == SG_TAG_TIMESTAMP;
    return text ? sg_str_new(k->set, value->text) : value;
}

static int note_value(struct resolving *r, const struct sg_resource *res,
                      const char *name, struct sg_err *err) {
    const struct sg_var *var = sg_strmap_get(&r->vars->names, name, strlen(name));
    if (var == NULL || sg_strmap_has(&r->values, name, strlen(name))) {
        return 0;
    }
    const char *path = var->field_path[0] != '\0' ? var->field_path : "metadata.name";
    const struct sg_fieldpath *at;
    const struct sg_node *value = lookup(r->k, res, path, &at);
    if (value == NULL) {
        (void)sg_k_fail(r->k, err, var->loc, "the var %s: %s %s has no field %s", name,
                        res->state->cur.kind->text, res->state->cur.name->text, path);
        return sg_err_hint(err, "correct its fieldref");
    }
    value = read_value(r->k, value);
    if (value == NULL) {
        return sg_k_fail(r->k, err, var->loc,
                         "the var %s: %s of %s %s is no decimal number of 64 bits", name,
                         path, res->state->cur.kind->text, res->state->cur.name->text);
    }
    struct value *known = sg_arena_alloc(&r->k->set->arena, sizeof(*known));
    *known = (struct value){var, value, res->uid, at, SG_NO_EVENT};
    (void)sg_strmap_put(&r->values, name, strlen(name), known);
    return 0;
}

static int find_values(struct resolving *r, const struct sg_resmap *map,
                       struct sg_err *err) {
    for (size_t i = 0; i < map->items.len; i++) {
        const struct sg_resource *res = map->items.items[i];
        for (size_t j = 0; j < res->state->vars_len; j++) {
            if (note_value(r, res, res->state->vars[j], err) != 0) {
                return -1;
            }
        }
    }
    for (size_t i = 0; i < r->vars->items.len; i++) {
        const struct sg_var *var = r->vars->items.items[i];
        if (sg_strmap_has(&r->values, var->name, strlen(var->name))) {
            continue;
        }
        (void)sg_k_fail(r->k, err, var->loc, "the var %s refers to no object", var->name);
        return sg_err_hint(err,
                           "correct its objref: apiVersion, kind and name must match");
    }
    return 0;
}

/* --- replacing
 * -------------------------------------------------------------------------- */

static const struct sg_node *value_of(struct resolving *r, const char *name, size_t len) {
    struct value *value = sg_strmap_get(&r->values, name, len);
    if (value == NULL) {
        return NULL;
    }
    (void)sg_strmap_put(&r->used, name, len, r);
    r->last = value;
    return sg_is_scalar(value->node) ? value->node : NULL;
}

/*
 * Expands $(NAME); "$$" is a "$", an unknown name stays. Returns the value itself where
 * it is all there is, so that a number stays one; else NULL and the text in `out`.
 */
static const struct sg_node *expand(struct resolving *r, const char *text, size_t len,
                                    struct sg_buf *out) {
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '$' || i + 1 == len) {
            sg_buf_addc(out, text[i]);
            continue;
        }
        const char *end =
            text[i + 1] == '(' ? memchr(text + i + 2, ')', len - i - 2) : NULL;
        if (end == NULL) {
            if (text[i + 1] != '$') {
                sg_buf_addc(out, '$');
            }
            sg_buf_addc(out, text[++i]);
            continue;
        }
        size_t name_len = (size_t)(end - (text + i + 2));
        const struct sg_node *value = value_of(r, text + i + 2, name_len);
        if (value != NULL && name_len + 3 == len) {
            return value;
        }
        if (value != NULL) {
            sg_buf_add(out, value->text, value->len);
        } else {
            sg_buf_add(out, text + i, name_len + 3);
        }
        i += name_len + 2;
    }
    return NULL;
}

/* The event of a write with the value that was used last. It belongs to a step of the
 * var's own, so that it is known whose var it is; a failure belongs to all of them. */
static void trace_write(struct resolving *r, const struct sg_fieldpath *path,
                        const struct sg_node *before, const struct sg_node *after) {
    struct sg_trace *trace = r->k->trace;
    struct value *from = r->last;
    if (trace == NULL || from == NULL) { /* "$$" alone: of no var */
        sg_k_wrote(r->k, r->res, path, SG_OP_SET, before, after, 0);
        return;
    }
    uint32_t all = trace->step;
    if (from->step == SG_NO_EVENT) {
        struct sg_step step = {.kind = SG_STEP_REPLACE,
                               .name = "vars",
                               .kustomization = from->var->file,
                               .file = from->var->file,
                               .loc = from->var->loc};
        from->step = sg_trace_step(trace, &step);
    }
    struct sg_event event = {
        .object = r->res->uid,
        .path = path,
        .op = SG_OP_SET,
        .index = UINT32_MAX,
        .before = before,
        .after = after,
        .loc = from->var->loc,
        .source = sg_trace_last(trace, from->object, from->path),
        .source_path = from->path,
        .source_object = from->object,
    };
    trace->step = from->step;
    (void)sg_trace_event(trace, &event);
    trace->step = all;
}

static void replace_scalar(struct resolving *r, struct sg_node *node,
                           const struct sg_fieldpath *path) {
    struct sg_kustomize *k = r->k;
    if (sg_scalar_type(node) != SG_TAG_STR) {
        return;
    }
    sg_auto_buf text = SG_BUF_INIT;
    const struct sg_node *before = sg_k_before(k, node);
    r->last = NULL;
    const struct sg_node *value = expand(r, node->text, node->len, &text);
    bool same = value == NULL && text.len == node->len &&
                memcmp(sg_buf_cstr(&text), node->text, text.len) == 0;
    struct sg_node *fresh = value != NULL ? sg_scalar_new(k->set, value->text, value->len,
                                                          sg_scalar_type(value), SG_PLAIN)
                                          : sg_scalar_new(k->set, sg_buf_cstr(&text),
                                                          text.len, SG_TAG_STR, SG_PLAIN);
    node->text = fresh->text;
    node->len = fresh->len;
    node->tag = fresh->tag;
    node->style = SG_PLAIN;
    if (!same) {
        trace_write(r, path, before, node);
    }
}

static int replace_place(void *ctx, const struct sg_field_hit *hit, struct sg_err *err) {
    struct resolving *r = ctx;
    struct sg_node *node = hit->node;
    if (sg_is_null(node)) {
        return 0;
    }
    if (sg_is_scalar(node)) {
        replace_scalar(r, node, hit->path);
    } else if (sg_is_map(node)) {
        for (uint32_t i = 0; i < node->len; i++) {
            if (sg_is_scalar(node->entries[i].value)) {
                replace_scalar(r, node->entries[i].value,
                               sg_k_path_key(r->k, hit->path, node->entries[i].key));
            }
        }
    } else {
        for (uint32_t i = 0; i < node->len; i++) {
            struct sg_node *item = node->items[i];
            if (item->kind != SG_SCALAR || sg_scalar_type(item) != SG_TAG_STR) {
                return sg_k_fail(
                    r->k, err, item->loc != 0 ? item->loc : r->res->loc,
                    "%s %s: vars are replaced in this list, whose items must be "
                    "strings",
                    r->res->state->cur.kind->text, r->res->state->cur.name->text);
            }
            replace_scalar(r, item, sg_k_path_item(r->k, r->res, hit->path, item, i));
        }
    }
    return 0;
}

static int replace_all(struct resolving *r, struct sg_resmap *map,
                       struct sg_fieldspecs fields, struct sg_err *err) {
    struct sg_field_walk walk = {.each = replace_place, .ctx = r};
    for (size_t i = 0; i < map->items.len; i++) {
        r->res = map->items.items[i];
        if (sg_fieldspecs_walk(r->k, r->res, fields, &walk, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static void warn_unused(struct resolving *r) {
    for (size_t i = 0; i < r->vars->items.len; i++) {
        const struct sg_var *var = r->vars->items.items[i];
        if (!sg_strmap_has(&r->used, var->name, strlen(var->name))) {
            sg_k_warn(r->k, "SG104", "no-op", var->loc, "the var %s is never used",
                      var->name);
        }
    }
}

int sg_vars_resolve(struct sg_kustomize *k, struct sg_vars *vars, struct sg_resmap *map,
                    struct sg_fieldspecs fields, struct sg_err *err) {
    if (vars->items.len == 0) {
        return 0;
    }
    struct resolving r = {.k = k, .vars = vars};
    int status = find_values(&r, map, err);
    if (status == 0) {
        status = replace_all(&r, map, fields, err);
    }
    if (status == 0) {
        warn_unused(&r);
    }
    sg_strmap_release(&r.values);
    sg_strmap_release(&r.used);
    return status;
}
