/*
 * moves_json.c - one operation of a JSON patch, brought along to a new API: its pointers,
 * and the value it writes.
 */
#include <string.h>

#include "moves_rules.h"

/* A pointer on its way. */
struct pointer {
    struct sg_buf now;       /* the new one, as far as it is known */
    struct move_types types; /* of what it points to */
    const char *rest;        /* what the value has to stand in, or NULL */
    const struct move_rule *rule;
    const char *why; /* it goes nowhere */
    bool retire;
};

static void pointer_release(struct pointer *pointer) {
    sg_buf_release(&pointer->now);
}

static bool is_position(const char *token) {
    return strcmp(token, "-") == 0 ||
           (*token != '\0' && strspn(token, "0123456789") == strlen(token));
}

/* The keys of a rule's `to`, up to where the value has to take the rest. */
static void add_keys(const char *to, struct pointer *out) {
    size_t len = strcspn(to, "|");
    sg_buf_addc(&out->now, '/');
    sg_buf_add(&out->now, to, len);
    out->rest = to[len] == '|' ? to + len + 1 : NULL;
}

/* "~1" is a slash, "~0" a tilde; in place. */
static void decode(char *token) {
    char *out = token;
    for (const char *at = token; *at != '\0'; at++) {
        bool escape = at[0] == '~' && (at[1] == '0' || at[1] == '1');
        at += escape ? 1 : 0;
        *out++ = (char)(!escape ? *at : *at == '1' ? '/' : '~');
    }
    *out = '\0';
}

/* A key that no rule knows. */
static void plain_key(struct moves *m, const char *raw, size_t len, const char *name,
                      struct pointer *out) {
    struct move_types types;
    sg_buf_addc(&out->now, '/');
    sg_buf_add(&out->now, raw, len);
    if (!moves_types_field(&out->types, name, name, &types)) {
        out->why = sg_arena_printf(m->arena,
                                   "%s %s has no such field, and no move of it is known",
                                   m->in->new_api, m->in->new_kind);
        return;
    }
    out->types = types;
}

static void one_token(struct moves *m, const char *raw, size_t len,
                      const struct sg_node *value, struct pointer *out) {
    bool last = raw[len] == '\0';
    char *name = sg_arena_strndup(m->arena, raw, len);
    decode(name);
    if (out->types.list && is_position(name)) {
        sg_buf_addc(&out->now, '/');
        sg_buf_add(&out->now, raw, len);
        moves_enter_items(m);
        out->types.list = false;
        return;
    }
    moves_enter(m, name);
    const struct move_rule *rule = moves_rule(m, value, !last);
    out->rule = last ? rule : NULL;
    if (rule == NULL || (rule->to == NULL && *rule->why == '\0')) {
        plain_key(m, raw, len, name, out);
    } else if (rule->to == NULL) {
        out->why = rule->why;
        out->retire = rule->retire;
    } else {
        struct move_types types = {0};
        (void)moves_types_field(&out->types, name, rule->to, &types);
        out->types = types;
        add_keys(rule->to, out);
        moves_say(m, rule);
        if (!last && out->rest != NULL) {
            out->why = "it points into a value that has another shape now";
        }
    }
}

/* Follows a pointer; m->at is where it leads after. */
static void follow(struct moves *m, const char *text, const struct sg_node *value,
                   struct pointer *out) {
    moves_leave(m, 0);
    out->types = moves_types_root(m->in);
    const char *at = text;
    while (out->why == NULL && *at == '/') {
        at++;
        size_t len = strcspn(at, "/");
        one_token(m, at, len, value, out);
        at += len;
    }
}

/* --- the operation ------------------------------------------------------------------ */

static const struct sg_entry *entry_of(const struct sg_node *op, const char *key,
                                       uint32_t *index) {
    for (*index = 0; *index < op->len; ++*index) {
        if (strcmp(op->entries[*index].key->text, key) == 0) {
            return &op->entries[*index];
        }
    }
    return NULL;
}

/* All of the operation goes nowhere. */
static bool leave_op(struct moves *m, const struct sg_node *op, uint32_t index,
                     const char *why, bool retire) {
    m->out->done.len = m->done_before;
    moves_leave_behind(m, op, index, why, retire);
    return true;
}

/* Moves what the value says; where a rule gives it more keys above, those too. */
static bool move_value(struct moves *m, const struct sg_node *op, uint32_t path_index,
                       const struct pointer *pointer) {
    uint32_t index;
    const struct sg_entry *entry = entry_of(op, "value", &index);
    bool gone = false;
    if (entry == NULL) {
        return true;
    }
    if (pointer->rest != NULL) {
        const char *to = sg_arena_printf(m->arena, "value/%s", pointer->rest);
        struct sg_yaml_nest nest = {index, to};
        return sg_yaml_nest_entries(m->in->set, op, &nest, 1, m->indent,
                                    &m->out->splices) ||
               moves_fail(m, "the operation's value cannot be given its new shape");
    }
    if (m->at.len > 0 && strpbrk(sg_buf_cstr(&m->at), ".[") == NULL &&
        !moves_identity(m, sg_buf_cstr(&m->at), entry->value)) {
        return false;
    }
    size_t left = m->out->left.len;
    if (!moves_walk(m, entry->value, pointer->types, &gone)) {
        return false;
    }
    if (gone) { /* one report for all of it: the operation goes */
        const struct move_left first = m->out->left.items[left];
        m->out->left.len = left;
        return leave_op(m, op, path_index, first.why, true);
    }
    return true;
}

static bool replace_pointer(struct moves *m, const struct sg_node *node,
                            const struct pointer *pointer) {
    const char *now = sg_buf_cstr(&pointer->now);
    return strcmp(now, node->text) == 0 ||
           sg_yaml_replace_scalar(m->in->set, node, now, pointer->now.len,
                                  &m->out->splices) ||
           moves_fail(m, "the operation's pointer cannot be replaced");
}

/* The pointer a copy or move takes from. */
static bool move_from(struct moves *m, const struct sg_node *op) {
    struct pointer from SG_CLEANUP(pointer_release) = {0};
    uint32_t index;
    const struct sg_entry *entry = entry_of(op, "from", &index);
    if (entry == NULL || sg_text(entry->value) == NULL) {
        return true;
    }
    follow(m, entry->value->text, NULL, &from);
    if (from.why == NULL && from.rest != NULL) {
        from.why = "what it takes has another shape now";
    }
    if (from.why != NULL) {
        return leave_op(m, op, index, from.why, false);
    }
    return replace_pointer(m, entry->value, &from);
}

static bool move_op(struct moves *m, const struct sg_node *op) {
    struct pointer to SG_CLEANUP(pointer_release) = {0};
    uint32_t index, ignored;
    const struct sg_entry *path = entry_of(op, "path", &index);
    const struct sg_entry *value = entry_of(op, "value", &ignored);
    if (path == NULL || sg_text(path->value) == NULL) {
        return true; /* kustomize says so */
    }
    follow(m, path->value->text, value != NULL ? value->value : NULL, &to);
    bool takes = entry_of(op, "from", &ignored) != NULL;
    if (to.why == NULL && takes && to.rest != NULL) {
        to.why = "what it writes has another shape now";
    }
    if (to.why != NULL) {
        return leave_op(m, op, index, to.why, to.retire);
    }
    size_t left = m->out->left.len;
    if (!move_value(m, op, index, &to) ||
        (m->out->left.len > left && m->out->left.items[left].map == op)) {
        return m->out->why == NULL;
    }
    return replace_pointer(m, path->value, &to) && move_from(m, op);
}

bool moves_json_op(const struct moves_in *in, const struct sg_node *op,
                   struct sg_arena *arena, struct moves_out *out) {
    struct moves m SG_CLEANUP(moves_end);
    size_t splices = out->splices.items.len, left = out->left.len, done = out->done.len;
    struct moves_in own = *in;
    own.patch = NULL; /* rules ask whether it is a merge */
    out->why = NULL;
    moves_begin(&m, &own, arena, out);
    m.done_before = done;
    bool ok = !sg_is_map(op) || (move_op(&m, op) && moves_anchors_stay(&m, op, splices));
    return ok || moves_undo(out, splices, left, done);
}
