/* json_pointer.c - following a JSON pointer down a document, as evanphx/json-patch does.
 */
#include "json.h"

#include "sg/strmap.h"

static const char *text_of(const struct sg_node *map, sg_atom key) {
    const char *text = sg_text(sg_map_get(map, key));
    return text != NULL ? text : "";
}

/* "~1" is a slash, "~0" a tilde. */
static struct sg_str decode(struct sg_docs *set, const char *at, size_t len) {
    if (memchr(at, '~', len) == NULL) {
        return (struct sg_str){at, len};
    }
    char *out = sg_arena_alloc(&set->arena, len + 1);
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        bool escape =
            at[i] == '~' && i + 1 < len && (at[i + 1] == '0' || at[i + 1] == '1');
        if (escape) {
            i++;
        }
        out[n++] = !escape ? at[i] : at[i] == '1' ? '/' : '~';
    }
    return (struct sg_str){out, n};
}

/* A decimal number with an optional sign, as Go's Atoi reads it. */
static bool parse_index(struct sg_str token, int64_t *out) {
    size_t i = token.len > 0 && (token.ptr[0] == '-' || token.ptr[0] == '+');
    int64_t value = 0;
    if (i == token.len || token.len > 11) {
        return false;
    }
    for (; i < token.len; i++) {
        if (token.ptr[i] < '0' || token.ptr[i] > '9') {
            return false;
        }
        value = value * 10 + (token.ptr[i] - '0');
    }
    *out = token.ptr[0] == '-' ? -value : value;
    return true;
}

enum position json_position(struct sg_str token, size_t len, size_t *out) {
    int64_t index;
    if (sg_str_eq(token, SG_STR("-"))) {
        *out = len;
        return POSITION_END;
    }
    if (!parse_index(token, &index)) {
        return POSITION_NONE;
    }
    index += index < 0 ? (int64_t)len : 0;
    if (index < 0 || index >= (int64_t)len) {
        return POSITION_NONE;
    }
    *out = (size_t)index;
    return POSITION_AT;
}

static sg_atom intern(struct json_run *run, struct sg_str token) {
    struct sg_err ignored = {0};
    return sg_atom_intern(run->ctx->set->atoms, token.ptr, token.len, &ignored);
}

/* How many elements before `at` have the same key. */
static uint32_t repeats(const struct target *target, size_t at, struct sg_str key) {
    uint32_t count = 0;
    sg_auto_buf other = SG_BUF_INIT;
    for (size_t i = 0; i < at; i++) {
        sg_buf_clear(&other);
        count +=
            sg_schema_element_key(&target->field, target->parent->items[i], &other) &&
            sg_str_eq((struct sg_str){other.ptr, other.len}, key);
    }
    return count;
}

const struct sg_fieldpath *json_member_path(struct json_run *run,
                                            const struct target *target, size_t at) {
    if (run->ctx->trace == NULL) {
        return NULL;
    }
    struct sg_fieldpaths *paths = run->ctx->trace->paths;
    if (sg_is_map(target->parent)) {
        sg_atom atom = intern(run, target->token);
        return atom != NULL ? sg_fieldpath_key(paths, target->path, atom) : target->path;
    }
    sg_auto_buf key = SG_BUF_INIT;
    const struct sg_node *element =
        at < target->parent->len ? target->parent->items[at] : NULL;
    if (element != NULL && sg_schema_element_key(&target->field, element, &key)) {
        struct sg_str text = {key.ptr, key.len};
        sg_atom atom = intern(run, text);
        if (atom != NULL) {
            return sg_fieldpath_element(paths, target->path, atom,
                                        repeats(target, at, text));
        }
    }
    return sg_fieldpath_index(paths, target->path, (uint32_t)at);
}

/* The schema of a member of the target's container. */
static void descend_schema(struct target *target) {
    struct sg_field next = {0};
    if (target->known && sg_is_map(target->parent) &&
        target->field.type == SG_FIELD_OBJECT) {
        char *name = sg_xstrndup(target->token.ptr, target->token.len);
        target->known = sg_schema_field(SG_SCHEMA_UNION, target->field.def, name, &next);
        free(name);
    } else if (target->known) {
        next.type = target->field.item;
        next.def = target->field.def;
    }
    target->field = next;
}

/* The member that the token names, or NULL. */
static struct sg_node *member(struct json_run *run, const struct target *target,
                              size_t *at) {
    *at = 0;
    if (sg_is_map(target->parent)) {
        sg_atom key =
            sg_atom_find(run->ctx->set->atoms, target->token.ptr, target->token.len);
        return key != NULL ? sg_map_get(target->parent, key) : NULL;
    }
    if (json_position(target->token, target->parent->len, at) != POSITION_AT) {
        return NULL;
    }
    return target->parent->items[*at];
}

static int refuse_path(const struct json_run *run, const char *op, const char *pointer) {
    sg_fail_at(run->err, SG_E_INPUT, sg_docs_pos(run->ctx->set, run->op->loc),
               "%s \"%s\": the object has no such path", op, pointer);
    return sg_err_hint(run->err, "each parent of the last part must exist; add it first");
}

/* For the trace: the list that a position is about to be looked up in, as it is now. */
static void note_list(struct json_run *run, const struct target *target) {
    struct sg_docs *set = run->ctx->set;
    if (run->ctx->trace == NULL || !sg_is_seq(target->parent)) {
        return;
    }
    struct sg_node *copy = sg_seq_new(set);
    for (uint32_t i = 0; i < target->parent->len; i++) {
        sg_seq_push(set, copy, target->parent->items[i]);
    }
    if (run->lists == NULL) {
        run->lists = sg_seq_new(set);
    }
    sg_seq_push(set, run->lists, copy);
}

int json_find(struct json_run *run, const char *op, const char *pointer,
              struct target *out) {
    const struct sg_node *root = run->root;
    run->lists = NULL;
    *out = (struct target){.parent = run->root, .index = UINT32_MAX, .token = SG_STR("")};
    out->field.type = SG_FIELD_OBJECT;
    out->field.def = sg_schema_kind(SG_SCHEMA_UNION, text_of(root, SG_ATOM(apiVersion)),
                                    text_of(root, SG_ATOM(kind)));
    out->known = out->field.def != 0;
    const char *at =
        strchr(pointer, '/'); /* what stands before the first slash is ignored */
    if (at == NULL || (!sg_is_map(root) && !sg_is_seq(root))) {
        return refuse_path(run, op, pointer);
    }
    for (;;) {
        const char *end = strchr(at + 1, '/');
        size_t len = end != NULL ? (size_t)(end - at - 1) : strlen(at + 1);
        size_t index;
        out->token = decode(run->ctx->set, at + 1, len);
        if (end == NULL) {
            note_list(run, out);
            return 0;
        }
        struct sg_node *next = member(run, out, &index);
        if (!sg_is_map(next) && !sg_is_seq(next)) {
            return refuse_path(run, op, pointer);
        }
        note_list(run, out);
        out->path = json_member_path(run, out, index);
        out->index = sg_is_seq(out->parent) ? (uint32_t)index : out->index;
        descend_schema(out);
        out->parent = next;
        at = end;
    }
}
