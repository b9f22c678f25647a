/*
 * dangling.c - references of the fork to objects that it has not.
 *
 * Which fields refer is kustomize's table of name references. A fork is deployed into a
 * cluster that holds more than its files, so that only what is wrong by what the files
 * themselves say is told: a Secret that is in no file is usual.
 */
#include <string.h>

#include "beside.h"
#include "sg/kustomize.h"

/* One field: the keys down to the name, and what it names. */
struct field {
    struct field *next; /* of the same kind */
    const char *target; /* its kind */
    size_t len;
    const char *keys[]; /* through lists without a word */
};
struct fields {
    struct field *first;
};

struct search {
    struct beside *beside;
    struct sg_arena arena;
    struct sg_strmap fields;    /* kind -> struct fields */
    struct sg_strmap upstreams; /* kind and name that the base refers to and has not */
    struct sg_strmap exact;     /* kind, namespace and name of the fork's objects */
    const struct sg_adopt_object *object;
    const struct field *field;
    void (*each)(struct search *search, const struct sg_descent *at, const char *name);
};

/* --- the table -------------------------------------------------------------------- */

static bool is_looked_for(const char *kind) {
    static const char *const kinds[] = {"ConfigMap", "PersistentVolumeClaim", "Secret",
                                        "ServiceAccount"};
    for (size_t i = 0; i < SG_ARRAY_LEN(kinds); i++) {
        if (strcmp(kind, kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Splits at '/', but not at "\/". */
static void split_path(struct search *search, const char *path, struct field *field) {
    while (*path != '\0') {
        sg_auto_buf key = SG_BUF_INIT;
        for (; *path != '\0' && *path != '/'; path++) {
            path += path[0] == '\\' && path[1] == '/';
            sg_buf_addc(&key, *path);
        }
        path += *path == '/';
        field->keys[field->len++] = sg_arena_strdup(&search->arena, sg_buf_cstr(&key));
    }
}

static void add_field(void *ctx, const struct sg_name_field *row) {
    struct search *search = ctx;
    const char *last = strrchr(row->path, '/');
    /* what a role may do with a name is no reference */
    bool rule = last != NULL && strcmp(last, "/resourceNames") == 0;
    if (rule || !is_looked_for(row->target_kind)) {
        return;
    }
    size_t keys = 1;
    for (const char *at = row->path; *at != '\0'; at++) {
        keys += *at == '/';
    }
    struct field *field =
        sg_arena_alloc(&search->arena, sizeof(*field) + keys * sizeof(field->keys[0]));
    field->target = sg_arena_strdup(&search->arena, row->target_kind);
    split_path(search, row->path, field);
    size_t len = strlen(row->kind);
    struct fields *fields = sg_strmap_get(&search->fields, row->kind, len);
    if (fields == NULL) {
        fields = sg_arena_alloc(&search->arena, sizeof(*fields));
        (void)sg_strmap_put(&search->fields, row->kind, len, fields);
    }
    field->next = fields->first;
    fields->first = field;
}

/* --- the walk --------------------------------------------------------------------- */

static bool is_true(const struct sg_node *node) {
    return sg_is_scalar(node) && sg_scalar_type(node) == SG_TAG_BOOL &&
           (node->text[0] == 't' || node->text[0] == 'T');
}

/* The name stands here, or in a map with the kind of what it is the name of. */
static void visit(struct search *search, const struct sg_descent *at) {
    bool map = sg_is_map(at->node);
    const struct sg_node *holder = map || at->up == NULL ? at->node : at->up->node;
    struct sg_descent name = {.up = at, .key = SG_ATOM(name)};
    name.node = map ? sg_map_get(at->node, name.key) : NULL;
    const struct sg_descent *field = map ? &name : at;
    const struct sg_entry *kind = find_entry(holder, "kind");
    bool other = map && kind != NULL && sg_text(kind->value) != NULL &&
                 strcmp(kind->value->text, search->field->target) != 0;
    const char *text = sg_is_null(field->node) ? NULL : sg_text(field->node);
    if (!other && text != NULL && text[0] != '\0' &&
        !is_true(sg_map_gets(holder, "optional"))) {
        search->each(search, field, text);
    }
}

static void descend(struct search *search, const struct sg_descent *at, size_t depth) {
    const struct sg_node *node = at->node;
    if (sg_is_seq(node)) {
        for (uint32_t i = 0; i < node->len; i++) {
            struct sg_descent item = {.up = at, .node = node->items[i], .index = i};
            descend(search, &item, depth);
        }
    } else if (depth == search->field->len) {
        visit(search, at);
    } else {
        const struct sg_entry *entry = find_entry(node, search->field->keys[depth]);
        if (entry != NULL) {
            struct sg_descent child = {.up = at, .node = entry->value, .key = entry->key};
            descend(search, &child, depth + 1);
        }
    }
}

static void each_reference(struct search *search, const struct sg_adopt_fork *fork) {
    for (size_t i = 0; i < fork->objects.len; i++) {
        search->object = &fork->objects.items[i];
        const char *kind = search->object->kind;
        const struct fields *fields = sg_strmap_get(&search->fields, kind, strlen(kind));
        struct sg_descent root = {.node = search->object->node};
        search->field = fields != NULL ? fields->first : NULL;
        for (; search->field != NULL; search->field = search->field->next) {
            descend(search, &root, 0);
        }
    }
}

/* --- is it there ------------------------------------------------------------------ */

static void key_of(const char *kind, const char *namespace, const char *name,
                   struct sg_buf *out) {
    sg_buf_clear(out);
    sg_buf_addf(out, "%s%c%s%c%s", kind, 0, namespace, 0, name);
}

static bool has(const struct sg_strmap *map, const char *kind, const char *namespace,
                const char *name) {
    sg_auto_buf key = SG_BUF_INIT;
    key_of(kind, namespace, name, &key);
    return sg_strmap_has(map, key.ptr, key.len);
}

static void put(struct sg_strmap *map, const char *kind, const char *namespace,
                const char *name) {
    sg_auto_buf key = SG_BUF_INIT;
    key_of(kind, namespace, name, &key);
    (void)sg_strmap_put(map, key.ptr, key.len, map);
}

/* What a cluster has without being told. */
static bool is_builtin(const char *kind, const char *name) {
    return (strcmp(kind, "ServiceAccount") == 0 && strcmp(name, "default") == 0) ||
           (strcmp(kind, "ConfigMap") == 0 && strcmp(name, "kube-root-ca.crt") == 0);
}

/* The namespace that the target must be in; "" where nobody says. */
static const char *namespace_of(const struct search *search,
                                const struct sg_descent *at) {
    const char *beside = "";
    if (at->up != NULL && at->key == SG_ATOM(name)) {
        beside = field_text(at->up->node, SG_ATOM(namespace));
    }
    return beside[0] != '\0' ? beside : search->object->namespace;
}

/* One side without a namespace is in whichever the fork is deployed to. */
static bool is_there(const struct search *search, const char *namespace,
                     const char *name) {
    const char *kind = search->field->target;
    if (namespace[0] == '\0') {
        return find_object(&search->beside->in_fork, kind, name) != NULL;
    }
    return has(&search->exact, kind, namespace, name) ||
           has(&search->exact, kind, "", name);
}

static void note_upstreams(struct search *search, const struct sg_descent *at,
                           const char *name) {
    (void)at;
    if (find_object(&search->beside->in_base, search->field->target, name) == NULL) {
        put(&search->upstreams, search->field->target, "", name);
    }
}

static const char *message_of(const struct search *search, const char *namespace,
                              const char *name, bool of_base) {
    struct sg_arena *arena = &search->beside->fork->arena;
    const char *kind = search->field->target;
    const struct sg_adopt_object *elsewhere =
        find_object(&search->beside->in_fork, kind, name);
    if (elsewhere != NULL) {
        return sg_arena_printf(arena, "the %s %s is in namespace %s, not in %s", kind,
                               name, elsewhere->namespace, namespace);
    }
    return sg_arena_printf(arena,
                           of_base
                               ? "the %s %s was removed from the fork, and this still "
                                 "refers to it"
                               : "the %s %s is neither in the fork nor upstream's",
                           kind, name);
}

static void check(struct search *search, const struct sg_descent *at, const char *name) {
    struct beside *beside = search->beside;
    const char *kind = search->field->target, *namespace = namespace_of(search, at);
    bool of_base = find_object(&beside->in_base, kind, name) != NULL;
    bool secret = strcmp(kind, "Secret") == 0;
    if (is_builtin(kind, name) || is_there(search, namespace, name) ||
        has(&search->upstreams, kind, "", name) || (secret && !of_base)) {
        return;
    }
    add_oddity(beside->fork, SG_ODD_DANGLING, search->object,
               place_path(at, beside->paths, &beside->fork->arena), at->node->loc,
               message_of(search, namespace, name, of_base));
}

void find_dangling_references(struct beside *beside) {
    struct search search = {.beside = beside};
    sg_arena_init(&search.arena);
    sg_name_fields(add_field, &search);
    for (size_t i = 0; i < beside->fork->objects.len; i++) {
        const struct sg_adopt_object *object = &beside->fork->objects.items[i];
        if (is_looked_for(object->kind)) {
            put(&search.exact, object->kind, object->namespace, object->name);
        }
    }
    search.each = note_upstreams;
    each_reference(&search, beside->base);
    search.each = check;
    each_reference(&search, beside->fork);
    sg_strmap_release(&search.fields);
    sg_strmap_release(&search.upstreams);
    sg_strmap_release(&search.exact);
    sg_arena_release(&search.arena);
}
