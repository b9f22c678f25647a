/*
 * test_json.c - JSON patches: each operation, pointers, positions, and what the way
 * through JSON does to scalars. What is expected was checked against kustomize 5.8.1.
 */
#include "helper.h"

#include <string.h>

struct row {
    const char *name;
    const char *base;
    const char *ops;
    const char *expected; /* NULL: refused */
};

static const struct row rows[] = {
    {"add a member", "{a: 1}", "[{op: add, path: /b, value: x}]", "{a: 1, b: x}"},
    {"add over a member", "{a: 1}", "[{op: add, path: /a, value: [1]}]", "{a: [1]}"},
    {"add an element", "{l: [1, 3]}", "[{op: add, path: /l/1, value: 2}]",
     "{l: [1, 2, 3]}"},
    {"add at the end", "{l: [1]}", "[{op: add, path: /l/-, value: 2}]", "{l: [1, 2]}"},
    {"add at the length", "{l: [1]}", "[{op: add, path: /l/1, value: 2}]", "{l: [1, 2]}"},
    {"add behind the length", "{l: [1]}", "[{op: add, path: /l/2, value: 2}]", NULL},
    {"add from behind", "{l: [1, 2]}", "[{op: add, path: /l/-1, value: 3}]",
     "{l: [1, 2, 3]}"},
    {"add before the last", "{l: [1, 2]}", "[{op: add, path: /l/-2, value: 3}]",
     "{l: [1, 3, 2]}"},
    {"add where the parent is missing", "{}", "[{op: add, path: /a/b, value: 1}]", NULL},
    {"add into a scalar", "{a: 1}", "[{op: add, path: /a/b, value: 1}]", NULL},
    {"add needs a value", "{}", "[{op: add, path: /a}]", NULL},
    {"add a null", "{}", "[{op: add, path: /a, value: null}]", "{a: null}"},
    {"add at the empty path", "{a: 1}", "[{op: add, path: '', value: {b: 1}}]", NULL},
    {"slash and tilde", "{'a/b': {'c~d': 1}}",
     "[{op: replace, path: /a~1b/c~0d, value: 2}]", "{'a/b': {'c~d': 2}}"},
    {"what stands before the first slash is ignored", "{a: 1}",
     "[{op: replace, path: x/a, value: 2}]", "{a: 2}"},
    {"a path without a slash", "{a: 1}", "[{op: replace, path: a, value: 2}]", NULL},
    {"remove a member", "{a: 1, b: 2}", "[{op: remove, path: /a}]", "{b: 2}"},
    {"remove an element", "{l: [1, 2]}", "[{op: remove, path: /l/0}]", "{l: [2]}"},
    {"remove from behind", "{l: [1, 2]}", "[{op: remove, path: /l/-1}]", "{l: [1]}"},
    {"remove what is not there", "{a: 1}", "[{op: remove, path: /b}]", NULL},
    {"remove the place behind the end", "{l: [1]}", "[{op: remove, path: /l/-}]", NULL},
    {"replace", "{a: {b: 1}}", "[{op: replace, path: /a/b, value: {c: 2}}]",
     "{a: {b: {c: 2}}}"},
    {"replace a null", "{a: null}", "[{op: replace, path: /a, value: 1}]", "{a: 1}"},
    {"replace an element", "{l: [1, 2]}", "[{op: replace, path: /l/01, value: 3}]",
     "{l: [1, 3]}"},
    {"replace what is not there", "{a: 1}", "[{op: replace, path: /b, value: 1}]", NULL},
    {"replace everything", "{a: 1}", "[{op: replace, path: '', value: {b: 2}}]",
     "{b: 2}"},
    {"replace everything by a scalar", "{a: 1}", "[{op: replace, path: '', value: x}]",
     "{a: 1}"},
    {"replace everything by a list", "{a: 1}", "[{op: replace, path: '', value: []}]",
     NULL},
    {"move", "{a: 1, b: {}}", "[{op: move, from: /a, path: /b/c}]", "{b: {c: 1}}"},
    {"move in a list", "{l: [1, 2, 3]}", "[{op: move, from: /l/0, path: /l/-}]",
     "{l: [2, 3, 1]}"},
    {"move from nowhere", "{a: 1}", "[{op: move, from: /b, path: /c}]", NULL},
    {"move needs a from", "{a: 1}", "[{op: move, path: /c}]", NULL},
    {"copy", "{a: {b: 1}}",
     "[{op: copy, from: /a, path: /c}, {op: add, path: /c/d, value: 2}]",
     "{a: {b: 1}, c: {b: 1, d: 2}}"},
    {"copy of everything", "{a: 1}", "[{op: copy, from: '', path: /c}]", NULL},
    {"test", "{a: {b: [1, x]}}", "[{op: test, path: /a, value: {b: [1, x]}}]",
     "{a: {b: [1, x]}}"},
    {"test numbers by value", "{a: 0x10, b: 1.0, c: 010}",
     "[{op: test, path: /a, value: 16}, {op: test, path: /b, value: 1},"
     " {op: test, path: /c, value: 8}]",
     "{a: 16, b: 1, c: 8}"},
    {"test of a string and a number", "{a: '1'}", "[{op: test, path: /a, value: 1}]",
     NULL},
    {"test of what is not there", "{a: 1}", "[{op: test, path: /b, value: null}]",
     "{a: 1}"},
    {"test of a null and a value", "{a: 1}", "[{op: test, path: /a, value: null}]", NULL},
    {"test of a list with a null", "{a: [null]}", "[{op: test, path: /a, value: [null]}]",
     NULL},
    {"a failing test stops all", "{a: 1}",
     "[{op: add, path: /b, value: 1}, {op: test, path: /a, value: 2}]", NULL},
    {"an unknown operation, before anything runs", "{a: 1}",
     "[{op: Add, path: /b, value: 1}]", NULL},
    {"an operation without path", "{a: 1}", "[{op: remove}]", NULL},
    {"no list", "{a: 1}", "{op: remove, path: /a}", NULL},
    {"values are read by YAML 1.1", "{}",
     "[{op: add, path: /a, value: yes}, {op: add, path: /b, value: 'yes'},"
     " {op: add, path: /c, value: 2020-01-01}, {op: add, path: /d, value: 0b11}]",
     "{a: true, b: 'yes', c: '2020-01-01', d: 3}"},
    {"an empty null is an empty string in flow style", "a: {b: , c: ~}\nd:\n",
     "[{op: add, path: /e, value: {f: }}]",
     "{a: {b: '', c: null}, d: null, e: {f: null}}"},
    {"a repeated key is refused", "a: 1\na: 2", "[{op: add, path: /b, value: 1}]", NULL},
};

static void check_row(const struct row *row) {
    struct fixture f;
    fixture_init(&f);
    struct sg_node *base = fixture_read(&f, row->base, SG_REPEAT_KEEP, false);
    const struct sg_node *ops = fixture_read(&f, row->ops, SG_REPEAT_LAST, true);
    int rc = sg_patch_json(&f.ctx, &base, ops, &f.err);
    if (row->expected == NULL) {
        if (rc == 0) {
            fail_msg("%s: not refused: %s", row->name, fixture_print(&f, base));
        }
        assert_int_equal(f.err.code, SG_E_INPUT);
        assert_true(f.err.line > 0);
    } else if (rc != 0) {
        fail_msg("%s: %s", row->name, f.err.text);
    } else {
        sg_auto_cstr expected = sg_xstrdup(
            fixture_print(&f, fixture_read(&f, row->expected, SG_REPEAT_KEEP, false)));
        if (strcmp(fixture_print(&f, base), expected) != 0) {
            fail_msg("%s: got %s", row->name, fixture_print(&f, base));
        }
    }
    fixture_release(&f);
}

static void operations(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(rows); i++) {
        check_row(&rows[i]);
    }
}

static void missing_replace_says_what_to_write(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    struct sg_node *base = fixture_read(&f, "{a: 1}", SG_REPEAT_KEEP, false);
    const struct sg_node *ops = fixture_read(
        &f, "- {op: test, path: /a, value: 1}\n- {op: replace, path: /b, value: 1}\n",
        SG_REPEAT_LAST, true);
    assert_int_equal(sg_patch_json(&f.ctx, &base, ops, &f.err), -1);
    assert_non_null(strstr(f.err.text, "operation 2"));
    assert_non_null(strstr(f.err.text, "/b"));
    assert_non_null(strstr(f.err.hint, "op: add"));
    assert_int_equal(f.err.line, 2);
    fixture_release(&f);
}

/* A quoted string is plain after JSON, so a later merge no longer keeps its quotes. */
static void styles_are_lost(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    struct sg_node *base =
        fixture_read(&f, "{a: \"x\", b: \"1\", c: yes}", SG_REPEAT_KEEP, false);
    const struct sg_node *ops =
        fixture_read(&f, "[{op: add, path: /d, value: 1}]", SG_REPEAT_LAST, true);
    const struct sg_node *merge =
        fixture_read(&f, "{a: 2, b: 2, c: 2}", SG_REPEAT_FIRST, false);
    assert_int_equal(sg_patch_json(&f.ctx, &base, ops, &f.err), 0);
    assert_string_equal(fixture_print(&f, base), "a: x\nb: \"1\"\nc: \"yes\"\nd: 1\n");
    assert_int_equal(sg_patch_strategic(&f.ctx, &base, merge, &f.err), 0);
    assert_string_equal(fixture_print(&f, base), "a: 2\nb: \"2\"\nc: \"2\"\nd: 1\n");
    fixture_release(&f);
}

static void trace_resolves_positions(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    struct sg_node *base =
        fixture_read(&f,
                     "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
                     "  - {name: a, args: [x], ports: [{containerPort: 80}]}\n  - {name: "
                     "b, env: [{name: E}]}\n"
                     "  tolerations: [{key: k}]\n",
                     SG_REPEAT_KEEP, false);
    const struct sg_node *ops = fixture_read(
        &f,
        "- {op: add, path: /spec/containers/1/env/0/value, value: v}\n"
        "- {op: add, path: /spec/containers/0/args/-, value: y}\n"
        "- {op: replace, path: /spec/containers/0/ports/0, value: {containerPort: 81}}\n"
        "- {op: remove, path: /spec/containers/0}\n"
        "- {op: replace, path: /spec/containers/0/name, value: b}\n"
        "- {op: copy, from: /spec/tolerations/0, path: /spec/tolerations/-}\n"
        "- {op: move, from: /spec/tolerations/1, path: /spec/extra}\n",
        SG_REPEAT_LAST, true);
    assert_int_equal(sg_patch_json(&f.ctx, &base, ops, &f.err), 0);
    assert_string_equal(fixture_events(&f),
                        "SET spec.containers[b].env[E].value @0; "
                        "INSERT spec.containers[a].args[#1] @1; "
                        "REPLACE spec.containers[a].ports[80/TCP] @0; "
                        "DELETE spec.containers[a] @0; "
                        "NOOP spec.containers[b].name @0; "
                        "INSERT spec.tolerations[#1] @1; "
                        "DELETE spec.tolerations[#1] @1; "
                        "SET spec.extra");
    fixture_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations),
        cmocka_unit_test(missing_replace_says_what_to_write),
        cmocka_unit_test(styles_are_lost),
        cmocka_unit_test(trace_resolves_positions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
