/* generator.c - configMapGenerator and secretGenerator; see generator.h. */
#include "generator.h"

#include "kv.h"

#include <string.h>

/* One object while it is made. */
struct making {
    struct sg_kustomize *k;
    const struct sg_loader *loader;
    const struct sg_generator_args *args;
    struct sg_node *node;
    bool secret;
    struct sg_strmap seen; /* keys */
};

/* As kustomize does, whose keys resolve by their text: one like 1 is refused at the end.
 */
static void put_read(struct sg_kustomize *k, struct sg_node *map, sg_atom key,
                     struct sg_node *value) {
    struct sg_entry *entry = sg_map_put(k->set, map, key, value);
    entry->key_tag = (uint8_t)sg_resolve_read(key->text, key->len);
}

static int put_value(struct making *m, const char *key, size_t key_len, const char *value,
                     size_t len, uint32_t loc, struct sg_err *err) {
    struct sg_kustomize *k = m->k;
    sg_atom atom = sg_atom_intern(k->atoms, key, key_len, err);
    if (atom == NULL) {
        return -1;
    }
    if (sg_strmap_has(&m->seen, key, key_len)) {
        return sg_k_fail(k, err, loc, "%s \"%s\" gets the key %s twice",
                         m->secret ? "Secret" : "ConfigMap", m->args->name, atom->text);
    }
    (void)sg_strmap_put(&m->seen, key, key_len, m);
    bool binary = !m->secret && !sg_utf8_valid(value, len);
    struct sg_node *map =
        sg_map_ensure(k->set, m->node, binary ? SG_ATOM(binaryData) : SG_ATOM(data));
    sg_auto_buf encoded = SG_BUF_INIT;
    if (m->secret || binary) {
        sg_base64_encode(value, len, &encoded);
        value = sg_buf_cstr(&encoded);
        len = encoded.len;
    }
    enum sg_style style = memchr(value, '\n', len) != NULL ? SG_LITERAL : SG_PLAIN;
    struct sg_node *scalar = sg_scalar_new(k->set, value, len, SG_TAG_STR, style);
    scalar->loc = loc;
    put_read(k, map, atom, scalar);
    return 0;
}

/* A missing input is an error; a plan goes on with an empty one. */
static int read_source(struct making *m, const char *path, uint32_t loc,
                       struct sg_buf *out, struct sg_err *err) {
    struct sg_kustomize *k = m->k;
    struct sg_err why = {0};
    if (sg_loader_read(k, m->loader, path, loc, out, NULL, &why) == 0) {
        return 0;
    }
    if (k->opts->lenient && why.code == SG_E_NOTFOUND) {
        k->opaque = true;
        sg_k_warn(k, "SG405", "opaque", loc,
                  "%s is missing; an empty file stands in for it", path);
        return 0;
    }
    *err = why;
    return -1;
}

static int add_envs(struct making *m, struct sg_err *err) {
    for (size_t i = 0; i < m->args->envs.len; i++) {
        const struct sg_text_at *env = &m->args->envs.items[i];
        sg_auto_buf text = SG_BUF_INIT;
        if (read_source(m, env->text, env->loc, &text, err) != 0) {
            return -1;
        }
        struct sg_kv_lines lines = {.text = sg_buf_cstr(&text), .len = text.len};
        struct sg_kv pair;
        int got;
        while ((got = sg_kv_next(&lines, &pair)) > 0) {
            if (put_value(m, pair.key.ptr, pair.key.len, pair.value.ptr, pair.value.len,
                          env->loc, err) != 0) {
                return -1;
            }
        }
        if (got < 0) {
            return sg_k_fail(m->k, err, env->loc, "line %u of %s is not UTF-8",
                             lines.line, env->text);
        }
        if (lines.cut) {
            sg_k_warn(m->k, "SG105", "dropped: long-line", env->loc,
                      "line %u of %s is longer than %d bytes: kustomize reads neither it "
                      "nor what follows",
                      lines.line + 1, env->text, SG_KV_MAX_LINE - 1);
        }
    }
    return 0;
}

/* What a Secret's literal says may be its value, and errors reach reports. */
static int refuse_literal(const struct making *m, const struct sg_text_at *literal,
                          struct sg_err *err) {
    if (m->secret) {
        (void)sg_k_fail(m->k, err, literal->loc,
                        "a literal (not shown) of Secret \"%s\" is no key=value",
                        m->args->name);
    } else {
        (void)sg_k_fail(m->k, err, literal->loc, "the literal \"%s\" is no key=value",
                        literal->text);
    }
    return sg_err_hint(err, "write it as KEY=VALUE");
}

static int add_literals(struct making *m, struct sg_err *err) {
    for (size_t i = 0; i < m->args->literals.len; i++) {
        const struct sg_text_at *literal = &m->args->literals.items[i];
        const char *equals = strchr(literal->text, '=');
        if (equals == NULL || equals == literal->text) {
            return refuse_literal(m, literal, err);
        }
        const char *value = equals + 1;
        size_t len = strlen(value);
        bool quoted = len > 1 && value[0] == value[len - 1];
        if (quoted && (value[0] == '"' || value[0] == '\'')) {
            value++;
            len -= 2;
        }
        if (put_value(m, literal->text, (size_t)(equals - literal->text), value, len,
                      literal->loc, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* The last part of a path, slashes at its end aside. */
static struct sg_str base_of(const char *path) {
    size_t end = strlen(path);
    while (end > 0 && path[end - 1] == '/') {
        end--;
    }
    size_t start = end;
    while (start > 0 && path[start - 1] != '/') {
        start--;
    }
    return (struct sg_str){path + start, end - start};
}

static int add_file(struct making *m, const struct sg_text_at *source,
                    struct sg_err *err) {
    struct sg_kustomize *k = m->k;
    const char *equals = strchr(source->text, '='), *path = source->text;
    const char *key = base_of(path).ptr;
    size_t key_len = base_of(path).len;
    if (equals != NULL) {
        key = source->text;
        key_len = (size_t)(equals - key);
        path = equals + 1;
        if (key_len == 0 || path[0] == '\0' || strchr(path, '=') != NULL) {
            (void)sg_k_fail(k, err, source->loc, "the file source \"%s\" is no key=path",
                            source->text);
            return sg_err_hint(err, "write PATH, or KEY=PATH without another '='");
        }
    }
    sg_auto_buf text = SG_BUF_INIT;
    if (read_source(m, path, source->loc, &text, err) != 0) {
        return -1;
    }
    return put_value(m, key, key_len, sg_buf_cstr(&text), text.len, source->loc, err);
}

/* --- the object --------------------------------------------------------------------- */

static struct sg_node *string_at(struct sg_kustomize *k, const char *text, uint32_t loc) {
    struct sg_node *node = sg_str_new(k->set, text);
    node->loc = loc;
    return node;
}

static void put_pairs(struct sg_kustomize *k, struct sg_node *metadata, sg_atom field,
                      const struct sg_pairs *pairs, bool overwrite) {
    for (size_t i = 0; i < pairs->len; i++) {
        const struct sg_pair *pair = &pairs->items[i];
        struct sg_node *map = sg_map_ensure(k->set, metadata, field);
        sg_atom key = sg_k_atom(k, pair->key);
        if (overwrite || sg_map_get(map, key) == NULL) {
            put_read(k, map, key, string_at(k, pair->value, pair->loc));
        }
    }
}

static struct sg_node *make_base(struct making *m, const char *kind,
                                 const struct sg_generator_options *global) {
    struct sg_kustomize *k = m->k;
    const struct sg_generator_args *args = m->args;
    struct sg_node *node = sg_map_new(k->set), *metadata = sg_map_new(k->set);
    node->loc = args->loc;
    (void)sg_map_put(k->set, node, SG_ATOM(apiVersion), sg_str_new(k->set, "v1"));
    (void)sg_map_put(k->set, node, SG_ATOM(kind), sg_str_new(k->set, kind));
    (void)sg_map_put(k->set, node, SG_ATOM(metadata), metadata);
    (void)sg_map_put(k->set, metadata, SG_ATOM(name),
                     string_at(k, args->name, args->loc));
    if (args->namespace[0] != '\0') {
        (void)sg_map_put(k->set, metadata, SG_ATOM(namespace),
                         string_at(k, args->namespace, args->loc));
    }
    put_pairs(k, metadata, SG_ATOM(labels), &args->options.labels, true);
    put_pairs(k, metadata, SG_ATOM(labels), &global->labels, false);
    put_pairs(k, metadata, SG_ATOM(annotations), &args->options.annotations, true);
    put_pairs(k, metadata, SG_ATOM(annotations), &global->annotations, false);
    if (args->options.immutable || global->immutable) {
        (void)sg_map_put(k->set, node, sg_atom_of(k->atoms, "immutable"),
                         sg_scalar_new(k->set, "true", 4, SG_TAG_BOOL, SG_PLAIN));
    }
    return node;
}

static enum sg_behavior behavior_of(const struct sg_text_at *text) {
    if (text->text == NULL) {
        return SG_BEHAVIOR_UNSPECIFIED;
    }
    if (strcmp(text->text, "replace") == 0) {
        return SG_BEHAVIOR_REPLACE;
    }
    if (strcmp(text->text, "merge") == 0) {
        return SG_BEHAVIOR_MERGE;
    }
    return strcmp(text->text, "create") == 0 ? SG_BEHAVIOR_CREATE
                                             : SG_BEHAVIOR_UNSPECIFIED;
}

static int fill(struct making *m, struct sg_err *err) {
    struct sg_kustomize *k = m->k;
    if (m->secret) {
        const char *type = m->args->type[0] != '\0' ? m->args->type : "Opaque";
        (void)sg_map_put(k->set, m->node, SG_ATOM(type),
                         string_at(k, type, m->args->loc));
        (void)sg_map_put(k->set, m->node, SG_ATOM(data), sg_map_new(k->set));
    }
    if (add_envs(m, err) != 0 || add_literals(m, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < m->args->files.len; i++) {
        if (add_file(m, &m->args->files.items[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

struct sg_resource *sg_generate(struct sg_kustomize *k, const struct sg_loader *loader,
                                const char *kind, const struct sg_generator_args *args,
                                const struct sg_generator_options *global,
                                struct sg_err *err) {
    if (args->name[0] == '\0') {
        (void)sg_k_fail(k, err, args->loc, "a generated %s has no name", kind);
        (void)sg_err_hint(err, "add name:");
        return NULL;
    }
    struct making m = {.k = k, .loader = loader, .args = args};
    m.secret = strcmp(kind, "Secret") == 0;
    m.node = make_base(&m, kind, global);
    int failed = fill(&m, err);
    sg_strmap_release(&m.seen);
    if (failed != 0) {
        return NULL;
    }
    struct sg_resource *res = sg_resource_new(k, m.node, NULL);
    res->loc = args->loc;
    res->state->generated = true;
    res->state->behavior = behavior_of(&args->behavior);
    res->state->needs_hash = !args->options.disable_suffix && !global->disable_suffix;
    return res;
}
