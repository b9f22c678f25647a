/*
 * moves.c - the walk through a customer's patch that brings it along to a new API.
 *
 * Maps are edited from the inside out: first what stands below an entry, then the entry
 * itself. An entry of which nothing would be left goes as a whole, so that no empty map
 * stays behind, which would say something else.
 */
#include <string.h>

#include "moves_rules.h"

static const struct move_family *const families[] = {
    &moves_ingress,   &moves_autoscaler, &moves_workload_api, &moves_workload_kind,
    &moves_admission, &moves_crd,        &moves_policy,       &moves_config,
};
_Static_assert(SG_ARRAY_LEN(families) <= MOVE_FAMILIES_MAX, "room for every family");

void moves_out_release(struct moves_out *out) {
    sg_splices_release(&out->splices);
    sg_vec_release(&out->left);
    sg_vec_release(&out->done);
}

void moves_begin(struct moves *m, const struct moves_in *in, struct sg_arena *arena,
                 struct moves_out *out) {
    *m = (struct moves){.in = in, .arena = arena, .out = out, .indent = 2};
    for (size_t i = 0; i < SG_ARRAY_LEN(families); i++) {
        if (families[i]->fits(in)) {
            m->families[m->families_len++] = families[i];
        }
    }
}

void moves_end(struct moves *m) {
    sg_strmap_release(&m->kept);
    sg_buf_release(&m->at);
}

bool moves_fail(struct moves *m, const char *why) {
    m->out->why = why;
    return false;
}

/* --- places --- */

size_t moves_enter(struct moves *m, const char *name) {
    size_t len = m->at.len;
    if (len > 0) {
        sg_buf_addc(&m->at, '.');
    }
    sg_buf_adds(&m->at, name);
    return len;
}

size_t moves_enter_items(struct moves *m) {
    size_t len = m->at.len;
    sg_buf_adds(&m->at, "[]");
    return len;
}

void moves_leave(struct moves *m, size_t len) {
    m->at.len = len;
    if (m->at.ptr != NULL) {
        m->at.ptr[len] = '\0';
    }
}

/* --- rules --- */

const struct move_rule *moves_rule(const struct moves *m, const struct sg_node *value,
                                   bool through) {
    const char *at = sg_buf_cstr(&m->at);
    for (size_t i = 0; i < m->families_len; i++) {
        for (size_t k = 0; k < m->families[i]->len; k++) {
            const struct move_rule *rule = &m->families[i]->rules[k];
            if (strcmp(rule->at, at) == 0 &&
                (rule->when == NULL || (!through && rule->when(m, value)))) {
                return rule;
            }
        }
    }
    return NULL;
}

bool moves_group_is(const char *api, const char *group) {
    const char *slash = strchr(api, '/');
    size_t len = slash != NULL ? (size_t)(slash - api) : 0;
    return strlen(group) == len && strncmp(api, group, len) == 0;
}

bool moves_same_kind(const struct moves_in *in, const char *const *kinds) {
    while (*kinds != NULL && strcmp(*kinds, in->old_kind) != 0) {
        kinds++;
    }
    return *kinds != NULL && strcmp(in->old_kind, in->new_kind) == 0;
}

/* --- words --- */

/* The keys of a rule's `to`: "metrics[].resource.target". */
static void add_keys(const char *to, struct sg_buf *out) {
    for (const char *at = to;; at++) {
        size_t len = strcspn(at, "/|");
        if (len == 1 && *at == '-') {
            sg_buf_adds(out, "[]");
        } else if (memchr(at, '=', len) == NULL) {
            sg_buf_addc(out, '.');
            sg_buf_add(out, at, len);
        }
        at += len;
        if (*at == '\0') {
            return;
        }
    }
}

/* As many as there are rules at most, so a scan does. */
void moves_done(struct moves *m, const char *words) {
    for (size_t i = 0; i < m->out->done.len; i++) {
        if (strcmp(m->out->done.items[i], words) == 0) {
            return;
        }
    }
    sg_vec_push(&m->out->done, sg_arena_strdup(m->arena, words));
}

void moves_say(struct moves *m, const struct move_rule *rule) {
    const char *field = strrchr(rule->at, '.');
    const char *up = field;
    if (field == NULL) {
        SG_BUG("a field of the object itself has no rule that moves it");
    }
    while (up > rule->at && up[-1] != '.') {
        up--;
    }
    sg_auto_buf words = SG_BUF_INIT;
    int len = (int)(field - up);
    sg_buf_addf(&words, "%.*s%s is %.*s", len, up, field, len, up);
    add_keys(rule->to, &words);
    moves_done(m, sg_buf_cstr(&words));
}

void moves_leave_behind(struct moves *m, const struct sg_node *map, uint32_t index,
                        const char *why, bool retire) {
    struct move_left left = {
        .map = map,
        .index = index,
        .path = sg_arena_strdup(m->arena, sg_buf_cstr(&m->at)),
        .why = why,
        .retire = retire,
    };
    sg_vec_push(&m->out->left, left);
}

/* --- apiVersion and kind --- */

bool moves_identity(struct moves *m, const char *field, const struct sg_node *value) {
    bool api = strcmp(field, "apiVersion") == 0;
    const char *old = api ? m->in->old_api : m->in->old_kind;
    const char *now = api ? m->in->new_api : m->in->new_kind;
    const char *text = sg_text(value);
    if (text == NULL || strcmp(text, old) != 0 || strcmp(old, now) == 0) {
        return true;
    }
    return sg_yaml_replace_scalar(m->in->set, value, now, strlen(now),
                                  &m->out->splices) ||
           moves_fail(m, "the text of its apiVersion or kind cannot be replaced");
}

/* --- one map --- */

/* What becomes of the entries of a map. */
struct fate {
    SG_VEC(struct sg_yaml_nest) nests;
    bool *gone;
    uint32_t gone_len, directives; /* $patch and the like stay only with others */
};

static void fate_release(struct fate *fate) {
    sg_vec_release(&fate->nests);
    free(fate->gone);
}

static void drop(struct fate *fate, uint32_t index) {
    fate->gone[index] = true;
    fate->gone_len++;
}

static bool is_root(const struct moves *m) {
    return m->at.len == 0;
}

/* The entry's value, which goes where `rule` says (NULL: nowhere else). */
static bool entry_moves(struct moves *m, const struct sg_node *map, uint32_t index,
                        const struct move_rule *rule, const struct move_types *types,
                        struct fate *fate) {
    const struct sg_entry *entry = &map->entries[index];
    const char *to = rule != NULL ? rule->to : entry->key->text;
    struct move_types below;
    bool gone = false;
    if (!moves_types_field(types, entry->key->text, to, &below)) {
        if (rule == NULL) {
            const char *why = sg_arena_printf(
                m->arena, "%s %s has no such field, and no move of it is known",
                m->in->new_api, m->in->new_kind);
            moves_leave_behind(m, map, index, why, false);
            return true;
        }
        below = (struct move_types){0}; /* the rule knows better than the schema */
    }
    /* what is moved deeper is left as it is: see sg_yaml_nest_entries */
    bool deeper = rule != NULL && strpbrk(to, "/|") != NULL;
    if (!deeper && !moves_walk(m, entry->value, below, &gone)) {
        return false;
    }
    if (gone) {
        drop(fate, index);
    } else if (rule != NULL) {
        struct sg_yaml_nest nest = {index, to};
        sg_vec_push(&fate->nests, nest);
        moves_say(m, rule);
    }
    return true;
}

static bool one_entry(struct moves *m, const struct sg_node *map, uint32_t index,
                      const struct move_types *types, struct fate *fate) {
    const struct sg_entry *entry = &map->entries[index];
    const char *key = entry->key->text;
    if (*key == '$') {
        fate->directives++;
        return true;
    }
    if (is_root(m) && (strcmp(key, "apiVersion") == 0 || strcmp(key, "kind") == 0)) {
        return moves_identity(m, key, entry->value);
    }
    size_t up = moves_enter(m, key);
    const struct move_rule *rule = moves_rule(m, entry->value, false);
    bool ok = true;
    if (rule != NULL && rule->to == NULL && *rule->why == '\0') {
        /* known, and as it was */
    } else if (rule != NULL && rule->to == NULL) {
        moves_leave_behind(m, map, index, rule->why, rule->retire);
        if (rule->retire) {
            drop(fate, index);
        }
    } else {
        ok = entry_moves(m, map, index, rule, types, fate);
    }
    moves_leave(m, up);
    return ok;
}

/* What a family adds to a map. */
static void ask_families(struct moves *m, const struct sg_node *map, struct fate *fate) {
    for (size_t i = 0; i < m->families_len; i++) {
        const struct move_family *family = m->families[i];
        uint32_t index = 0;
        if (family->map_at == NULL || strcmp(family->map_at, sg_buf_cstr(&m->at)) != 0) {
            continue;
        }
        const char *to = family->map_seen(m, map, &index);
        if (to != NULL) {
            struct sg_yaml_nest nest = {index, to};
            sg_vec_push(&fate->nests, nest);
        }
    }
}

static bool walk_map(struct moves *m, const struct sg_node *map,
                     const struct move_types *types, bool *gone) {
    struct fate fate SG_CLEANUP(fate_release) = {0};
    struct sg_splices *splices = &m->out->splices;
    fate.gone = sg_xcalloc(map->len + 1, sizeof(*fate.gone));
    ask_families(m, map, &fate);
    for (uint32_t i = 0; i < map->len; i++) {
        if (!one_entry(m, map, i, types, &fate)) {
            return false;
        }
    }
    *gone = fate.gone_len > 0 && fate.gone_len + fate.directives == map->len;
    if (*gone) {
        return true;
    }
    return (sg_yaml_nest_entries(m->in->set, map, fate.nests.items, fate.nests.len,
                                 m->indent, splices) &&
            (fate.gone_len == 0 ||
             sg_yaml_delete_entries(m->in->set, map, fate.gone, splices))) ||
           moves_fail(m, "its fields cannot be moved without losing a comment, an alias "
                         "or another field");
}

bool moves_walk(struct moves *m, const struct sg_node *node, struct move_types types,
                bool *gone) {
    *gone = false;
    if (sg_is_map(node)) {
        return walk_map(m, node, &types, gone);
    }
    if (!sg_is_seq(node)) {
        return true;
    }
    size_t up = moves_enter_items(m);
    bool ok = true, empty = false;
    for (uint32_t i = 0; ok && i < node->len; i++) {
        ok = moves_walk(m, node->items[i], types, &empty);
        if (ok && empty) {
            ok = moves_fail(m, "nothing would be left of a list's element");
        }
    }
    moves_leave(m, up);
    return ok;
}

/* --- the whole patch --- */

/* By how much this file indents what stands below a key. */
static uint32_t indent_of(const struct sg_docs *set, const struct sg_node *root) {
    for (uint32_t i = 0; i < root->len; i++) {
        const struct sg_node *value = root->entries[i].value;
        struct sg_yaml_place up, place;
        if (sg_is_map(value) && value->len > 0 &&
            sg_yaml_entry_place(set, root, i, &up) &&
            sg_yaml_entry_place(set, value, 0, &place) && !place.flow &&
            place.indent > up.indent && place.indent - up.indent <= 8) {
            return place.indent - up.indent;
        }
    }
    return 2;
}

/* Kinds or groups that changed with no schema and no table: nobody knows any field. (Of
 * an API that Kubernetes removed, the successor is known to be alike but for tables.) */
static bool is_unknown(const struct moves *m, const struct move_types *types) {
    const struct moves_in *in = m->in;
    struct sg_removal removal;
    const char *slash = strchr(in->old_api, '/');
    sg_auto_cstr group =
        sg_xstrndup(in->old_api, slash != NULL ? (size_t)(slash - in->old_api) : 0);
    bool same =
        strcmp(in->old_kind, in->new_kind) == 0 && moves_group_is(in->new_api, group);
    bool succeeds = strcmp(in->old_kind, in->new_kind) == 0 && types->new != 0 &&
                    sg_schema_removal(in->old_api, in->old_kind, &removal) &&
                    strcmp(removal.successor, in->new_api) == 0;
    return m->families_len == 0 && !same && !succeeds &&
           (types->old == 0 || types->new == 0);
}

static bool walk_unknown(struct moves *m, const struct sg_node *root) {
    const char *why =
        sg_arena_printf(m->arena, "nothing is known of %s %s and %s %s", m->in->old_api,
                        m->in->old_kind, m->in->new_api, m->in->new_kind);
    for (uint32_t i = 0; i < root->len; i++) {
        const char *key = root->entries[i].key->text;
        if (strcmp(key, "apiVersion") == 0 || strcmp(key, "kind") == 0) {
            if (!moves_identity(m, key, root->entries[i].value)) {
                return false;
            }
        } else if (*key != '$' && strcmp(key, "metadata") != 0) {
            size_t up = moves_enter(m, key);
            moves_leave_behind(m, root, i, why, false);
            moves_leave(m, up);
        }
    }
    return true;
}

bool moves_undo(struct moves_out *out, size_t splices, size_t left, size_t done) {
    while (out->splices.items.len > splices) {
        free(out->splices.items.items[--out->splices.items.len].text);
    }
    out->left.len = left;
    out->done.len = done;
    return false;
}

bool moves_strategic(const struct moves_in *in, struct sg_arena *arena,
                     struct moves_out *out) {
    struct moves m SG_CLEANUP(moves_end);
    size_t splices = out->splices.items.len, left = out->left.len, done = out->done.len;
    out->why = NULL;
    moves_begin(&m, in, arena, out);
    m.indent = indent_of(in->set, in->patch);
    struct move_types types = moves_types_root(in);
    bool gone = false;
    bool ok = is_unknown(&m, &types) ? walk_unknown(&m, in->patch)
                                     : moves_walk(&m, in->patch, types, &gone);
    if (ok && gone) {
        ok = moves_fail(&m, "nothing would be left of the patch");
    }
    ok = ok && moves_anchors_stay(&m, in->patch, splices);
    return ok || moves_undo(out, splices, left, done);
}
