/*
 * json.c - JSON patches (RFC 6902) as kustomize 5.8.1 applies them: each operation on the
 * document as JSON sees it, which normalises every scalar, also of an object the patch
 * hardly touches.
 */
#include "json.h"

/* Where a copied value stands, and the event that wrote it there. */
struct origin {
    const struct sg_fieldpath *path;
    uint32_t event;
};

/* Appends one event of the operation. */
static void report(const struct json_run *run, const struct target *target, size_t at,
                   enum sg_op op, const struct sg_fieldpath *path,
                   const struct sg_node *before, const struct sg_node *after,
                   const struct origin *from) {
    if (run->ctx->trace == NULL) {
        return;
    }
    const struct sg_node *value = sg_map_get(run->op, SG_ATOM(value));
    struct sg_event event = {
        .object = run->ctx->object,
        .path = path,
        .op = (uint8_t)op,
        .index = sg_is_seq(target->parent) ? (uint32_t)at : target->index,
        .before = before,
        .after = after,
        .loc = value != NULL ? value->loc : run->op->loc,
        .lists = run->lists,
        .source = from != NULL ? from->event : SG_NO_EVENT,
        .source_path = from != NULL ? from->path : NULL,
        .source_object = run->ctx->object,
    };
    sg_trace_event(run->ctx->trace, &event);
}

/* Appends what the operation looks at and leaves as it is. */
static void report_read(const struct json_run *run, const struct target *target,
                        size_t at, const struct sg_fieldpath *path) {
    struct sg_event event = {
        .object = run->ctx->object,
        .path = path,
        .index = sg_is_seq(target->parent) ? (uint32_t)at : target->index,
        .loc = run->op->loc,
        .lists = run->lists,
        .source = SG_NO_EVENT,
    };
    sg_trace_read(run->ctx->trace, &event);
}

static int refuse_member(const struct json_run *run, const char *op, const char *pointer,
                         const struct target *target) {
    const char *what = sg_is_seq(target->parent)
                           ? "is no position in a list of that length"
                           : "is not there";
    return sg_fail_at(run->err, SG_E_INPUT, sg_docs_pos(run->ctx->set, run->op->loc),
                      "%s \"%s\": '%.*s' %s", op, pointer, (int)target->token.len,
                      target->token.ptr, what);
}

/* The member that exists, with its position in a list; NULL: none. */
static struct sg_node *find_member(const struct json_run *run,
                                   const struct target *target, size_t *at) {
    *at = 0;
    if (sg_is_map(target->parent)) {
        sg_atom key =
            sg_atom_find(run->ctx->set->atoms, target->token.ptr, target->token.len);
        return key != NULL ? sg_map_get(target->parent, key) : NULL;
    }
    if (!sg_is_seq(target->parent) ||
        json_position(target->token, target->parent->len, at) != POSITION_AT) {
        return NULL;
    }
    return target->parent->items[*at];
}

static enum sg_op write_op(const struct sg_node *before, const struct sg_node *after) {
    if (before != NULL && json_equal(before, after)) {
        return SG_OP_NOOP;
    }
    return before == NULL || sg_is_scalar(before) ? SG_OP_SET : SG_OP_REPLACE;
}

static int add_entry(struct json_run *run, const struct target *target,
                     struct sg_node *value, const struct origin *from) {
    struct sg_docs *set = run->ctx->set;
    sg_atom key =
        sg_atom_intern(set->atoms, target->token.ptr, target->token.len, run->err);
    if (key == NULL) {
        return -1;
    }
    const struct sg_node *before = sg_map_get(target->parent, key);
    struct sg_entry *entry = sg_map_put(set, target->parent, key, value);
    entry->key_tag = SG_TAG_STR;
    if (before == NULL) {
        entry->key_loc = run->op->loc;
    }
    report(run, target, 0, write_op(before, value), json_member_path(run, target, 0),
           before, value, from);
    return 0;
}

/* A new element; a position counts the list as it will be, so -1 is its end. */
static int add_element(struct json_run *run, const char *op, const char *pointer,
                       const struct target *target, struct sg_node *value,
                       const struct origin *from) {
    size_t at;
    if (json_position(target->token, (size_t)target->parent->len + 1, &at) ==
        POSITION_NONE) {
        return refuse_member(run, op, pointer, target);
    }
    at = at > target->parent->len ? target->parent->len : at;
    sg_seq_insert(run->ctx->set, target->parent, at, value);
    report(run, target, at, SG_OP_INSERT, json_member_path(run, target, at), NULL, value,
           from);
    return 0;
}

static int add_member(struct json_run *run, const char *op, const char *pointer,
                      const struct target *target, struct sg_node *value,
                      const struct origin *from) {
    return sg_is_map(target->parent) ? add_entry(run, target, value, from)
                                     : add_element(run, op, pointer, target, value, from);
}

static int refuse_missing(const struct json_run *run, const char *op, const char *field) {
    return sg_fail_at(run->err, SG_E_INPUT, sg_docs_pos(run->ctx->set, run->op->loc),
                      "an operation '%s' needs a text in '%s'", op, field);
}

/* A string field of the operation, or NULL with the error. */
static const char *op_text(const struct json_run *run, const char *op, sg_atom key) {
    const struct sg_node *node = sg_map_get(run->op, key);
    if (!sg_is_scalar(node) || sg_scalar_type(node) != SG_TAG_STR) {
        refuse_missing(run, op, key->text);
        return NULL;
    }
    return node->text;
}

/* A copy of the operation's value; NULL with the error where there is none. */
static struct sg_node *op_value(const struct json_run *run, const char *op) {
    const struct sg_node *value = sg_map_get(run->op, SG_ATOM(value));
    if (value == NULL) {
        sg_fail_at(run->err, SG_E_INPUT, sg_docs_pos(run->ctx->set, run->op->loc),
                   "an operation '%s' needs a 'value' (null is one)", op);
        return NULL;
    }
    struct sg_node *copy = sg_node_clone(run->ctx->set, value);
    return json_normalise(run->ctx->set, copy, true, run->err) == 0 ? copy : NULL;
}

/* `replace` with the path "": a whole object; a scalar as the value changes nothing. */
static int replace_root(struct json_run *run, struct sg_node *value) {
    struct target target = {.parent = run->root, .index = UINT32_MAX};
    if (sg_is_seq(value)) {
        return sg_fail_at(
            run->err, SG_E_INPUT, sg_docs_pos(run->ctx->set, run->op->loc),
            "replace with an empty path takes an object as its value, not a "
            "list");
    }
    if (sg_is_scalar(value)) {
        report(run, &target, 0, SG_OP_NOOP, NULL, run->root, run->root, NULL);
        return 0;
    }
    report(run, &target, 0, SG_OP_REPLACE, NULL, run->root, value, NULL);
    run->root = value;
    return 0;
}

static int op_add(struct json_run *run, const char *pointer) {
    struct target target;
    struct sg_node *value = op_value(run, "add");
    if (value == NULL) {
        return -1;
    }
    if (json_find(run, "add", pointer, &target) != 0) {
        return -1;
    }
    return add_member(run, "add", pointer, &target, value, NULL);
}

/* Takes the member out, with its event. */
static int take(struct json_run *run, const char *op, const char *pointer,
                struct sg_node **out) {
    struct target target;
    size_t at;
    if (json_find(run, op, pointer, &target) != 0) {
        return -1;
    }
    *out = find_member(run, &target, &at);
    if (*out == NULL) {
        return refuse_member(run, op, pointer, &target);
    }
    const struct sg_fieldpath *path = json_member_path(run, &target, at);
    if (sg_is_seq(target.parent)) {
        sg_seq_remove(target.parent, at);
    } else {
        sg_map_remove(target.parent, sg_atom_find(run->ctx->set->atoms, target.token.ptr,
                                                  target.token.len));
    }
    report(run, &target, at, SG_OP_DELETE, path, *out, NULL, NULL);
    return 0;
}

static int op_remove(struct json_run *run, const char *pointer) {
    struct sg_node *gone;
    return take(run, "remove", pointer, &gone);
}

static int refuse_replace(struct json_run *run) {
    return sg_err_hint(run->err,
                       "older kustomize added it silently (json-patch before 4.12); "
                       "write `op: add` to do that");
}

static int op_replace(struct json_run *run, const char *pointer) {
    struct target target;
    size_t at;
    struct sg_node *value = op_value(run, "replace");
    if (value == NULL) {
        return -1;
    }
    if (pointer[0] == '\0') {
        return replace_root(run, value);
    }
    if (json_find(run, "replace", pointer, &target) != 0) {
        return -1;
    }
    struct sg_node *before = find_member(run, &target, &at);
    if (before == NULL) {
        refuse_member(run, "replace", pointer, &target);
        return refuse_replace(run);
    }
    if (sg_is_map(target.parent)) {
        return add_entry(run, &target, value, NULL);
    }
    const struct sg_fieldpath *path = json_member_path(run, &target, at);
    target.parent->items[at] = value;
    report(run, &target, at, write_op(before, value), path, before, value, NULL);
    return 0;
}

static int op_move(struct json_run *run, const char *from, const char *pointer) {
    struct target target;
    struct sg_node *value;
    if (take(run, "move", from, &value) != 0 ||
        json_find(run, "move", pointer, &target) != 0) {
        return -1;
    }
    return add_member(run, "move", pointer, &target, value, NULL);
}

static int op_copy(struct json_run *run, const char *from, const char *pointer) {
    struct target target;
    size_t at;
    struct origin origin = {NULL, SG_NO_EVENT};
    if (json_find(run, "copy", from, &target) != 0) {
        return -1;
    }
    struct sg_node *value = find_member(run, &target, &at);
    if (value == NULL) {
        return refuse_member(run, "copy", from, &target);
    }
    if (run->ctx->trace != NULL) {
        origin.path = json_member_path(run, &target, at);
        origin.event = sg_trace_last(run->ctx->trace, run->ctx->object, origin.path);
        report_read(run, &target, at, origin.path);
    }
    struct sg_node *copy = sg_node_clone(run->ctx->set, value);
    if (json_find(run, "copy", pointer, &target) != 0) {
        return -1;
    }
    return add_member(run, "copy", pointer, &target, copy, &origin);
}

static int refuse_test(const struct json_run *run, const char *pointer, const char *why) {
    return sg_fail_at(run->err, SG_E_INPUT, sg_docs_pos(run->ctx->set, run->op->loc),
                      "test \"%s\": %s", pointer, why);
}

/* A list that holds a null, anywhere inside: kustomize crashes when it compares one. */
static bool holds_null_item(const struct sg_node *node) {
    for (uint32_t i = 0; !sg_is_scalar(node) && i < node->len; i++) {
        const struct sg_node *child =
            sg_is_map(node) ? node->entries[i].value : node->items[i];
        if ((sg_is_seq(node) && sg_is_null(child)) || holds_null_item(child)) {
            return true;
        }
    }
    return false;
}

/* `expected` is not null; neither is `found`. */
static int test_equal(struct json_run *run, const char *pointer,
                      const struct sg_node *found, const struct sg_node *expected) {
    struct sg_node *copy = sg_node_clone(run->ctx->set, expected);
    if (json_normalise(run->ctx->set, copy, true, run->err) != 0) {
        return -1;
    }
    if (!json_equal(found, copy)) {
        return refuse_test(run, pointer, "the value is another than the patch expects");
    }
    return holds_null_item(copy)
               ? refuse_test(run, pointer,
                             "kustomize cannot compare a list with a null in it")
               : 0;
}

static int op_test(struct json_run *run, const char *pointer) {
    struct target target;
    size_t at;
    if (pointer[0] == '\0') {
        return refuse_test(run, pointer,
                           "kustomize lets no test of the whole object pass");
    }
    if (json_find(run, "test", pointer, &target) != 0) {
        return -1;
    }
    const struct sg_node *found = find_member(run, &target, &at);
    const struct sg_node *expected = sg_map_get(run->op, SG_ATOM(value));
    if (found == NULL && sg_is_seq(target.parent)) {
        return refuse_member(run, "test", pointer, &target);
    }
    if (run->ctx->trace != NULL) {
        report_read(run, &target, at, json_member_path(run, &target, at));
    }
    if (!sg_is_null(expected) && !sg_is_null(found)) {
        return test_equal(run, pointer, found, expected);
    }
    return sg_is_null(expected) && sg_is_null(found)
               ? 0
               : refuse_test(run, pointer, "the value is another than the patch expects");
}

static int run_op(struct json_run *run, const char *op) {
    const char *path = op_text(run, op, SG_ATOM(path));
    if (path == NULL) {
        return -1;
    }
    if (strcmp(op, "add") == 0) {
        return op_add(run, path);
    }
    if (strcmp(op, "remove") == 0) {
        return op_remove(run, path);
    }
    if (strcmp(op, "replace") == 0) {
        return op_replace(run, path);
    }
    if (strcmp(op, "test") == 0) {
        return op_test(run, path);
    }
    const char *from = op_text(run, op, SG_ATOM(from));
    if (from == NULL) {
        return -1;
    }
    return strcmp(op, "move") == 0 ? op_move(run, from, path) : op_copy(run, from, path);
}

/* The name of the operation, or NULL with the error. */
static const char *op_name(const struct json_run *run) {
    static const char *const names[] = {"add",  "remove", "replace",
                                        "move", "copy",   "test"};
    const char *name = sg_text(sg_map_get(run->op, SG_ATOM(op)));
    for (size_t i = 0; name != NULL && i < SG_ARRAY_LEN(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return names[i];
        }
    }
    sg_fail_at(run->err, SG_E_INPUT, sg_docs_pos(run->ctx->set, run->op->loc),
               "%s%s%s is no operation", name != NULL ? "'" : "an entry without 'op'",
               name != NULL ? name : "", name != NULL ? "'" : "");
    sg_err_hint(run->err, "use add, remove, replace, move, copy or test");
    return NULL;
}

/* kustomize checks the form of every operation before it runs the first. */
static int check_op(const struct json_run *run) {
    const char *op = op_name(run);
    if (op == NULL || op_text(run, op, SG_ATOM(path)) == NULL) {
        return -1;
    }
    bool copies = strcmp(op, "move") == 0 || strcmp(op, "copy") == 0;
    if (copies && op_text(run, op, SG_ATOM(from)) == NULL) {
        return -1;
    }
    bool writes = strcmp(op, "add") == 0 || strcmp(op, "replace") == 0;
    return writes && op_value(run, op) == NULL ? -1 : 0;
}

int sg_patch_json_op(const struct sg_patch_ctx *ctx, struct sg_node **base,
                     const struct sg_node *op, struct sg_err *err) {
    struct json_run run = {.ctx = ctx, .root = *base, .op = op, .err = err};
    if (check_op(&run) != 0 ||
        (!ctx->normalised && json_normalise(ctx->set, *base, false, err) != 0) ||
        run_op(&run, op_name(&run)) != 0) {
        return -1;
    }
    *base = run.root;
    return 0;
}

int sg_patch_json(const struct sg_patch_ctx *ctx, struct sg_node **base,
                  const struct sg_node *ops, struct sg_err *err) {
    struct json_run run = {.ctx = ctx, .root = *base, .err = err};
    if (!sg_is_seq(ops)) {
        return sg_fail_at(err, SG_E_INPUT,
                          sg_docs_pos(ctx->set, ops != NULL ? ops->loc : 0),
                          "a JSON patch is a list of operations");
    }
    for (uint32_t i = 0; i < ops->len; i++) {
        run.op = ops->items[i];
        if (check_op(&run) != 0) {
            return sg_err_wrap(err, "operation %u", i + 1);
        }
    }
    if (json_normalise(ctx->set, *base, false, err) != 0) {
        return -1;
    }
    for (uint32_t i = 0; i < ops->len; i++) {
        run.op = ops->items[i];
        if (run_op(&run, op_name(&run)) != 0) {
            return sg_err_wrap(err, "operation %u", i + 1);
        }
    }
    *base = run.root;
    return 0;
}
