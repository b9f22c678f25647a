/* nameref.c - see nameref.h. The rules of choice are kustomize's, in its order. */
#include "nameref.h"

#include "setter.h"

#include <string.h>

/* One field of a kind of referrer, and the kind of object whose name it holds. */
struct filter {
    struct sg_fieldspec
        field; /* group, version and kind emptied: it was selected already */
    const struct sg_name_reference *target;
};
struct filters {
    struct filter *items; /* in the arena, as the struct itself */
    size_t len, cap;
};

struct fixing {
    struct sg_kustomize *k;
    struct sg_resmap *map;
    const struct sg_name_references *references;
    struct sg_strmap by_kind; /* group, version, kind of a referrer -> struct filters */
    struct sg_strmap places;  /* (first namespace, present namespace) pairs that exist */

    struct sg_resource *referrer;
    const struct filter *filter;
    const struct sg_node *account_namespaces; /* subjects of a RoleBinding, or NULL */
};

/* --- which fields --------------------------------------------------------------------
 */

static void filters_push(struct sg_kustomize *k, struct filters *filters,
                         const struct filter *filter) {
    if (filters->len == filters->cap) {
        size_t cap = filters->cap == 0 ? 16 : filters->cap * 2;
        filters->items = sg_arena_grow(&k->set->arena, filters->items, filters->len, cap,
                                       sizeof(*filters->items));
        filters->cap = cap;
    }
    filters->items[filters->len++] = *filter;
}

static struct filters *filters_of(struct fixing *f, const struct sg_resource *res) {
    struct sg_resid first = sg_resource_first_id(res);
    sg_atom key[] = {first.group, first.version, first.kind};
    struct filters *filters = sg_strmap_get(&f->by_kind, (const char *)key, sizeof(key));
    if (filters != NULL) {
        return filters;
    }
    filters = sg_arena_alloc(&f->k->set->arena, sizeof(*filters));
    for (size_t i = 0; i < f->references->len; i++) {
        const struct sg_name_reference *target = &f->references->items[i];
        for (size_t j = 0; j < target->referrers.len; j++) {
            struct filter filter = {target->referrers.items[j], target};
            struct sg_fieldspec *field = &filter.field;
            if (!sg_gvk_selects(field->group, field->version, field->kind, &first)) {
                continue;
            }
            field->group = field->version = field->kind = f->k->empty;
            field->create = false;
            filters_push(f->k, filters, &filter);
        }
    }
    (void)sg_strmap_put(&f->by_kind, (const char *)key, sizeof(key), filters);
    return filters;
}

/* --- who could be meant ---------------------------------------------------------------
 */

/* A RoleBinding may name ServiceAccounts of other namespaces: those its subjects name. */
static bool names_namespace(const struct fixing *f, const char *namespace) {
    const struct sg_node *subjects = f->account_namespaces;
    for (uint32_t i = 0; subjects != NULL && i < subjects->len; i++) {
        const struct sg_node *subject = subjects->items[i];
        const char *kind = sg_text(sg_map_get(subject, SG_ATOM(kind)));
        const char *text = sg_text(sg_map_get(subject, SG_ATOM(namespace)));
        if (kind != NULL && text != NULL && strcmp(kind, "ServiceAccount") == 0 &&
            strcmp(text, namespace) == 0) {
            return true;
        }
    }
    return false;
}

static bool reachable(const struct fixing *f, const struct sg_resource *res) {
    const struct sg_resource_state *referrer = f->referrer->state, *target = res->state;
    return referrer->cluster || target->cluster || target->ns == referrer->ns ||
           names_namespace(f, target->cur.namespace->text);
}

/* The second, narrower question about namespaces: only accounts are let through from
 * others. */
static bool same_namespace(const struct fixing *f, const struct sg_resource *res) {
    const struct sg_resource_state *referrer = f->referrer->state, *target = res->state;
    return referrer->cluster || target->cluster || target->ns == referrer->ns ||
           strcmp(target->cur.kind->text, "ServiceAccount") == 0;
}

static struct sg_resid prev_id(const struct sg_resource *res, size_t i) {
    struct sg_resid id = res->state->cur;
    id.kind = res->state->prev[i].kind;
    id.name = res->state->prev[i].name;
    id.namespace = res->state->prev[i].namespace;
    return id;
}

static bool was_named(const struct sg_resource *res, sg_atom name) {
    for (size_t i = 0; i < res->state->prev_len; i++) {
        if (res->state->prev[i].name == name) {
            return true;
        }
    }
    return false;
}

static bool was_kind(const struct sg_resource *res, sg_atom group, sg_atom version,
                     sg_atom kind) {
    for (size_t i = 0; i < res->state->prev_len; i++) {
        struct sg_resid id = prev_id(res, i);
        if (sg_gvk_selects(group, version, kind, &id)) {
            return true;
        }
    }
    return false;
}

/* In a roleRef the kind that stands beside the name decides. */
static bool role_matches(const struct fixing *f, const struct sg_resource *res) {
    const char *path = f->filter->field.path;
    size_t len = strlen(path), tail = strlen("roleRef/name");
    if (len < tail || strcmp(path + len - tail, "roleRef/name") != 0) {
        return true;
    }
    const struct sg_node *role =
        sg_map_get(f->referrer->node, sg_atom_of(f->k->atoms, "roleRef"));
    const char *group = sg_text(sg_map_gets(role, "apiGroup"));
    const char *kind = sg_text(sg_map_get(role, SG_ATOM(kind)));
    if (group == NULL || kind == NULL) {
        return true;
    }
    return was_kind(res, sg_k_atom(f->k, group), f->k->empty, sg_k_atom(f->k, kind));
}

/* The shorter list of affixes is the end of the longer one. */
static bool same_ending(const sg_atom *a, size_t a_len, const sg_atom *b, size_t b_len,
                        bool allow_empty) {
    size_t shorter = a_len < b_len ? a_len : b_len;
    if (shorter == 0) {
        return allow_empty || a_len == b_len;
    }
    return memcmp(a + a_len - shorter, b + b_len - shorter, shorter * sizeof(*a)) == 0;
}

static bool same_affixes(const struct fixing *f, const struct sg_resource *res,
                         bool allow_empty) {
    const struct sg_resource_state *a = f->referrer->state, *b = res->state;
    return same_ending(a->prefixes, a->prefixes_len, b->prefixes, b->prefixes_len,
                       allow_empty) &&
           same_ending(a->suffixes, a->suffixes_len, b->suffixes, b->suffixes_len,
                       allow_empty);
}

static void keep_same_affixes(const struct fixing *f, struct sg_reslist *list,
                              bool allow_empty) {
    size_t kept = 0;
    for (size_t i = 0; i < list->items.len; i++) {
        if (same_affixes(f, list->items.items[i], allow_empty)) {
            list->items.items[kept++] = list->items.items[i];
        }
    }
    list->items.len = kept;
}

/* --- namespaces of a reference that names one -----------------------------------------
 */

static void note_places(struct fixing *f) {
    for (size_t i = 0; i < f->map->items.len; i++) {
        const struct sg_resource *res = f->map->items.items[i];
        struct sg_resid first = sg_resource_first_id(res);
        sg_atom pair[] = {sg_resid_effective_namespace(f->k, &first), res->state->ns};
        (void)sg_strmap_put(&f->places, (const char *)pair, sizeof(pair), f);
        pair[1] = NULL; /* anywhere, for a cluster-scoped referrer */
        (void)sg_strmap_put(&f->places, (const char *)pair, sizeof(pair), f);
    }
}

static bool place_exists(const struct fixing *f, sg_atom first, sg_atom present) {
    sg_atom pair[] = {first, present};
    return sg_strmap_has(&f->places, (const char *)pair, sizeof(pair));
}

/* Whether any object the referrer can reach was in `namespace` at first. */
static bool first_namespace_known(const struct fixing *f, sg_atom namespace) {
    if (f->referrer->state->cluster) {
        return place_exists(f, namespace, NULL);
    }
    if (place_exists(f, namespace, f->referrer->state->ns)) {
        return true;
    }
    const struct sg_node *subjects = f->account_namespaces;
    for (uint32_t i = 0; subjects != NULL && i < subjects->len; i++) {
        const char *text = sg_text(sg_map_get(subjects->items[i], SG_ATOM(namespace)));
        if (text != NULL && names_namespace(f, text) &&
            place_exists(f, namespace, sg_k_atom(f->k, text))) {
            return true;
        }
    }
    return false;
}

struct namespace_filter {
    sg_atom namespace; /* NULL: any */
    bool first;        /* compare the first one, else the present one */
};

static bool in_namespace(const struct fixing *f, const struct namespace_filter *filter,
                         const struct sg_resource *res) {
    if (filter->namespace == NULL) {
        return true;
    }
    struct sg_resid first = sg_resource_first_id(res);
    sg_atom namespace =
        filter->first ? sg_resid_effective_namespace(f->k, &first) : res->state->ns;
    return namespace == filter->namespace && namespace != f->k->no_ns;
}

/* --- choosing --------------------------------------------------------------------------
 */

static bool all_alike(const struct sg_reslist *list, bool namespaces) {
    const struct sg_resource_state *first = list->items.items[0]->state;
    for (size_t i = 1; i < list->items.len; i++) {
        const struct sg_resource_state *other = list->items.items[i]->state;
        if (other->cur.name != first->cur.name ||
            (namespaces && other->cur.namespace != first->cur.namespace)) {
            return false;
        }
    }
    return true;
}

static int fail_ambiguous(struct fixing *f, const struct sg_field_hit *hit,
                          const struct sg_reslist *list, const char *name,
                          struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    for (size_t i = 0; i < list->items.len && i < 4; i++) {
        sg_buf_adds(&text, i == 0 ? "" : " or ");
        sg_resid_text(&list->items.items[i]->state->cur, &text);
    }
    (void)sg_k_fail(f->k, err, hit->node->loc != 0 ? hit->node->loc : f->referrer->loc,
                    "%s %s: %s names \"%s\", which may be %s",
                    f->referrer->state->cur.kind->text,
                    f->referrer->state->cur.name->text, f->filter->field.path, name,
                    sg_buf_cstr(&text));
    return sg_err_hint(err, "give one of them another name before prefixes and suffixes");
}

/* A first cut of the objects that bore the name: those of the namespaces that count, so
 * that a name that is there in every namespace costs no more than any other. */
static void list_named(const struct fixing *f, sg_atom kind, sg_atom name,
                       sg_atom namespace, struct sg_reslist *out) {
    if (kind->len == 0 || (f->referrer->state->cluster && namespace == NULL)) {
        sg_resmap_named(f->map, kind->len > 0 ? kind : NULL, name, out);
        return;
    }
    SG_VEC(sg_atom) namespaces = {0};
    if (namespace != NULL) {
        sg_vec_push(&namespaces, namespace);
    } else {
        sg_vec_push(&namespaces, f->referrer->state->ns);
        sg_vec_push(&namespaces, f->k->no_ns);
        const struct sg_node *subjects = f->account_namespaces;
        for (uint32_t i = 0; subjects != NULL && i < subjects->len; i++) {
            const char *text =
                sg_text(sg_map_get(subjects->items[i], SG_ATOM(namespace)));
            if (text != NULL) {
                sg_vec_push(&namespaces, sg_k_atom(f->k, text));
            }
        }
    }
    sg_resmap_named_in(f->map, kind, name, namespaces.items, namespaces.len, out);
    sg_vec_release(&namespaces);
}

/* The object that `name` means, NULL for none. */
static int choose(struct fixing *f, const struct sg_field_hit *hit, const char *name,
                  const struct namespace_filter *namespace, bool alike_namespaces,
                  struct sg_resource **out, struct sg_err *err) {
    const struct sg_name_reference *target = f->filter->target;
    sg_atom atom = sg_atom_find(f->k->atoms, name, strlen(name));
    *out = NULL;
    if (atom == NULL) {
        return 0;
    }
    sg_auto_reslist list = {0};
    list_named(f, target->kind, atom, namespace->namespace, &list);
    size_t kept = 0;
    for (size_t i = 0; i < list.items.len; i++) {
        struct sg_resource *res = list.items.items[i];
        if (reachable(f, res) && in_namespace(f, namespace, res) &&
            was_named(res, atom) &&
            was_kind(res, target->group, target->version, target->kind) &&
            role_matches(f, res) && same_namespace(f, res)) {
            list.items.items[kept++] = res;
        }
    }
    list.items.len = kept;
    if (kept > 1) {
        keep_same_affixes(f, &list, true);
    } else if (kept == 0) {
        return 0;
    }
    if (list.items.len > 1) {
        keep_same_affixes(f, &list, false);
    }
    if (list.items.len > 1 && !all_alike(&list, alike_namespaces)) {
        return fail_ambiguous(f, hit, &list, name, err);
    }
    *out = list.items.len > 0 ? list.items.items[0] : NULL;
    return 0;
}

/* --- writing ---------------------------------------------------------------------------
 */

static int set_scalar(struct fixing *f, const struct sg_field_hit *hit,
                      struct sg_err *err) {
    const struct namespace_filter any = {0};
    struct sg_resource *target;
    if (choose(f, hit, sg_text(hit->node), &any, false, &target, err) != 0) {
        return -1;
    }
    if (target == NULL || strcmp(sg_resource_name(target), sg_text(hit->node)) == 0) {
        return 0;
    }
    sg_k_set_text(f->k, f->referrer, hit, sg_resource_name(target), SG_OP_RENAME, 0);
    return 0;
}

static void set_field(struct fixing *f, const struct sg_field_hit *hit, sg_atom key,
                      const char *text) {
    struct sg_kustomize *k = f->k;
    struct sg_field_hit field = {.node = sg_map_get(hit->node, key),
                                 .parent = hit->node,
                                 .path = sg_k_path_key(k, hit->path, key)};
    if (field.node == NULL) {
        field.node = sg_scalar_new(k->set, text, strlen(text), SG_TAG_NONE, SG_PLAIN);
        (void)sg_map_put(k->set, hit->node, key, field.node);
        sg_k_wrote(k, f->referrer, field.path, SG_OP_RENAME, NULL, field.node, 0);
    } else if (sg_is_scalar(field.node)) {
        sg_k_set_text(k, f->referrer, &field, text, SG_OP_RENAME, 0);
    }
}

/* A map with name and perhaps namespace: both are set from the object that is meant. */
static int set_map(struct fixing *f, const struct sg_field_hit *hit, struct sg_err *err) {
    const struct sg_node *field = sg_map_get(hit->node, SG_ATOM(name));
    const struct sg_node *namespace = sg_map_get(hit->node, SG_ATOM(namespace));
    const char *name = sg_text(field);
    if (field == NULL) {
        (void)sg_k_fail(f->k, err, hit->node->loc,
                        "%s %s: %s leads to a map without a name",
                        f->referrer->state->cur.kind->text,
                        f->referrer->state->cur.name->text, f->filter->field.path);
        return sg_err_hint(err,
                           "add the name, or correct the nameReference configuration");
    }
    if (name == NULL) { /* a map or list names nothing */
        return 0;
    }
    struct namespace_filter filter = {0};
    if (namespace != NULL) { /* a map or list is "", as kustomize reads it */
        filter.namespace = sg_k_atom(f->k, sg_text(namespace));
        filter.first = first_namespace_known(f, filter.namespace);
    }
    struct sg_resource *target;
    if (choose(f, hit, name, &filter, true, &target, err) != 0) {
        return -1;
    }
    if (target == NULL) {
        return 0;
    }
    const char *to = sg_resource_name(target), *there = sg_resource_namespace(target);
    if (strcmp(to, name) == 0 && there[0] == '\0') {
        return 0;
    }
    set_field(f, hit, SG_ATOM(name), to);
    if (there[0] != '\0') {
        set_field(f, hit, SG_ATOM(namespace), there);
    }
    return 0;
}

static int set_place(void *ctx, const struct sg_field_hit *hit, struct sg_err *err) {
    struct fixing *f = ctx;
    if (sg_is_null(hit->node)) {
        return 0;
    }
    if (sg_is_scalar(hit->node)) {
        return set_scalar(f, hit, err);
    }
    if (sg_is_map(hit->node)) {
        return set_map(f, hit, err);
    }
    for (uint32_t i = 0; i < hit->node->len; i++) {
        struct sg_field_hit item = {.node = hit->node->items[i], .parent = hit->node};
        item.path = sg_k_path_item(f->k, f->referrer, hit->path, item.node, i);
        if (sg_is_seq(item.node)) {
            return sg_fail_object(f->k, f->referrer, item.node, err,
                                  "%s leads to a list in a list; expected names",
                                  f->filter->field.path);
        }
        if (set_place(ctx, &item, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static bool is_string(const struct sg_node *node) {
    enum sg_tag tag = sg_is_scalar(node) ? sg_scalar_type(node) : SG_TAG_OTHER;
    return tag == SG_TAG_STR || tag == SG_TAG_MERGE;
}

/* The namespace of a ServiceAccount must be a string; so must the kind of a subject that
 * has a namespace, where kustomize crashes. */
static int check_subjects(const struct fixing *f, const struct sg_node *subjects,
                          struct sg_err *err) {
    for (uint32_t i = 0; i < subjects->len; i++) {
        const struct sg_node *subject = subjects->items[i];
        const struct sg_node *namespace = sg_map_get(subject, SG_ATOM(namespace));
        const struct sg_node *kind = sg_map_get(subject, SG_ATOM(kind));
        const char *wrong = NULL;
        if (!sg_is_map(subject)) {
            wrong = "is no map";
        } else if (namespace != NULL && kind != NULL && !is_string(kind)) {
            wrong = "has a kind that is no string";
        } else if (namespace != NULL && kind != NULL && !is_string(namespace) &&
                   strcmp(sg_text(kind), "ServiceAccount") == 0) {
            wrong = "has a namespace that is no string";
        }
        if (wrong != NULL) {
            return sg_fail_object(f->k, f->referrer, subject, err, "subjects[#%u] %s", i,
                                  wrong);
        }
    }
    return 0;
}

static int fix_resource(struct fixing *f, struct sg_resource *res, struct sg_err *err) {
    struct filters *filters = filters_of(f, res);
    struct sg_field_walk walk = {.each = set_place, .ctx = f};
    f->referrer = res;
    f->account_namespaces = NULL;
    if (strcmp(res->state->cur.kind->text, "RoleBinding") == 0) {
        const struct sg_node *subjects = sg_map_get(res->node, SG_ATOM(subjects));
        f->account_namespaces = sg_is_seq(subjects) ? subjects : NULL;
    }
    if (f->account_namespaces != NULL && filters->len > 0 && !res->state->cluster &&
        check_subjects(f, f->account_namespaces, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < filters->len; i++) {
        f->filter = &filters->items[i];
        if (sg_fieldspec_walk(f->k, res, &f->filter->field, &walk, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Also where nothing was renamed: a subject may lack its namespace, and a path that does
 * not fit is an error. */
int sg_fix_references(struct sg_kustomize *k, struct sg_resmap *map,
                      const struct sg_name_references *references, struct sg_err *err) {
    struct fixing f = {.k = k, .map = map, .references = references};
    int status = 0;
    note_places(&f);
    for (size_t i = 0; i < map->items.len && status == 0; i++) {
        status = fix_resource(&f, map->items.items[i], err);
    }
    sg_strmap_release(&f.by_kind);
    sg_strmap_release(&f.places);
    return status;
}
