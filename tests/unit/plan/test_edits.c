/*
 * The lines of edits: told from the files before each hop, withheld where a secret may
 * be in them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sg/plan.h"

struct edits {
    struct sg_atoms *atoms;
    struct sg_fs *fs;
    struct sg_plan plan;
};

static int open_edits(void **state) {
    static struct edits e;
    e.atoms = sg_atoms_new();
    e.fs = sg_fs_memory();
    sg_plan_init(&e.plan, e.atoms);
    *state = &e;
    return 0;
}

static int close_edits(void **state) {
    struct edits *e = *state;
    sg_plan_release(&e->plan);
    sg_fs_free(e->fs);
    sg_atoms_free(e->atoms);
    return 0;
}

static void put(struct edits *e, const char *path, const char *text) {
    sg_fs_memory_put(e->fs, path, text, strlen(text));
}

static void add(struct edits *e, uint32_t hop, enum sg_edit_op op, const char *file,
                uint32_t start, uint32_t end, const char *text) {
    struct sg_edit edit = {.file = file,
                           .op = op,
                           .start = start,
                           .end = end,
                           .text = text,
                           .text_len = strlen(text),
                           .finding = "",
                           .hop = hop};
    sg_vec_push(&e->plan.edits, edit);
}

static void splice(struct edits *e, const char *file, uint32_t start, uint32_t end,
                   const char *text) {
    add(e, 0, SG_EDIT_SPLICE, file, start, end, text);
}

static void expect(const struct edits *e, size_t i, uint32_t line, const char *was,
                   const char *now) {
    const struct sg_edit *edit = &e->plan.edits.items[i];
    assert_int_equal(edit->line, line);
    assert_non_null(edit->was);
    assert_string_equal(edit->was, was);
    assert_string_equal(edit->now, now);
}

static void a_word_shows_its_line(void **state) {
    struct edits *e = *state;
    put(e, "a", "one\ntwo three\nfour\n");
    splice(e, "a", 8, 13, "3");
    sg_plan_show_edits(&e->plan, e->fs);
    expect(e, 0, 2, "two three\n", "two 3\n");
}

static void whole_lines_leave_the_next_alone(void **state) {
    struct edits *e = *state;
    put(e, "a", "one\ntwo\nthree\n");
    splice(e, "a", 4, 8, "");
    splice(e, "a", 14, 14, "four\n");
    sg_plan_show_edits(&e->plan, e->fs);
    expect(e, 0, 2, "two\n", "");
    expect(e, 1, 4, "", "four\n");
}

/* Given in any order; the first one on a line has the lines of all. */
static void splices_of_one_line_are_one(void **state) {
    struct edits *e = *state;
    put(e, "a", "a: {b: 1, c: 2}\nd: 3");
    splice(e, "a", 19, 20, "4");
    splice(e, "a", 13, 14, "22");
    splice(e, "a", 7, 8, "11");
    sg_plan_show_edits(&e->plan, e->fs);
    expect(e, 0, 2, "d: 3", "d: 4");
    expect(e, 2, 1, "a: {b: 1, c: 2}\n", "a: {b: 11, c: 22}\n");
    assert_int_equal(e->plan.edits.items[1].line, 1);
    assert_null(e->plan.edits.items[1].was);
}

static void a_splice_over_lines_joins_them(void **state) {
    struct edits *e = *state;
    put(e, "a", "one\ntwo\nthree\n");
    splice(e, "a", 2, 5, "!");
    splice(e, "a", 5, 7, "?");
    sg_plan_show_edits(&e->plan, e->fs);
    expect(e, 0, 1, "one\ntwo\n", "on!?\n");
}

/* The offsets of the second hop are those of the file after the first. */
static void hops_follow_each_other(void **state) {
    struct edits *e = *state;
    put(e, "a", "name: web\n");
    add(e, 0, SG_EDIT_SPLICE, "a", 6, 9, "frontend");
    add(e, 0, SG_EDIT_MOVE, "a", 0, 0, "b");
    add(e, 0, SG_EDIT_CREATE, "c", 0, 0, "x: 1\n");
    add(e, 1, SG_EDIT_SPLICE, "b", 6, 14, "proxy");
    add(e, 1, SG_EDIT_SPLICE, "c", 3, 4, "2");
    add(e, 1, SG_EDIT_DELETE, "b", 0, 0, "");
    add(e, 2, SG_EDIT_SPLICE, "b", 0, 1, "gone");
    sg_plan_show_edits(&e->plan, e->fs);
    expect(e, 0, 1, "name: web\n", "name: frontend\n");
    expect(e, 3, 1, "name: frontend\n", "name: proxy\n");
    expect(e, 4, 1, "x: 1\n", "x: 2\n");
    assert_int_equal(e->plan.edits.items[6].line, 0);
}

static void what_does_not_fit_is_left_alone(void **state) {
    struct edits *e = *state;
    put(e, "a", "one\n");
    put(e, "b", "one\n");
    put(e, "empty", "");
    splice(e, "a", 2, 9, "x");
    splice(e, "b", 0, 2, "x");
    splice(e, "b", 1, 3, "y");
    splice(e, "nowhere", 0, 0, "x");
    splice(e, "empty", 0, 0, "x\n");
    sg_plan_show_edits(&e->plan, e->fs);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(e->plan.edits.items[i].line, 0);
        assert_null(e->plan.edits.items[i].was);
    }
    expect(e, 4, 1, "", "x\n");
}

static void secrets_are_withheld(void **state) {
    struct edits *e = *state;
    static const char text[] =
        "resources: [a]\nsecretGenerator:\n- literals: [p=hunter2]\n";
    put(e, "kustomization.yaml", text);
    splice(e, "kustomization.yaml", 12, 13, "b");
    splice(e, "kustomization.yaml", 46, 55, "p=other");
    sg_plan_show_edits(&e->plan, e->fs);
    expect(e, 0, 1, "resources: [a]\n", "resources: [b]\n");
    assert_true(e->plan.edits.items[1].withheld);
    assert_int_equal(e->plan.edits.items[1].line, 3);
    assert_null(e->plan.edits.items[1].was);
    assert_false(e->plan.edits.items[0].secret);
    assert_true(e->plan.edits.items[1].secret);
}

/* Every splice on a line of a Secret, a new file that is one, and what nobody can read.
 */
static void bytes_of_secrets_are_known(void **state) {
    struct edits *e = *state;
    put(e, "a", "kind: Secret\nstringData: {a: x, b: y}\n");
    put(e, "b", "kind: ConfigMap\n");
    splice(e, "a", 29, 30, "hunter2");
    splice(e, "a", 35, 36, "hunter3");
    splice(e, "b", 16, 16, "---\nkind: Secret\nstringData: {a: hunter2}\n");
    splice(e, "b", 6, 15, "Service");
    splice(e, "nowhere", 0, 0, "hunter2");
    add(e, 0, SG_EDIT_CREATE, "c", 0, 0, "kind: Secret\ndata: {}\n");
    add(e, 0, SG_EDIT_CREATE, "d", 0, 0, "kind: Service\n");
    sg_plan_show_edits(&e->plan, e->fs);
    static const bool secret[] = {true, true, true, false, true, true, false};
    for (size_t i = 0; i < SG_ARRAY_LEN(secret); i++) {
        assert_int_equal(e->plan.edits.items[i].secret, secret[i]);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_edits, close_edits)
    const struct CMUnitTest tests[] = {
        TEST(a_word_shows_its_line),       TEST(whole_lines_leave_the_next_alone),
        TEST(splices_of_one_line_are_one), TEST(a_splice_over_lines_joins_them),
        TEST(hops_follow_each_other),      TEST(what_does_not_fit_is_left_alone),
        TEST(secrets_are_withheld),        TEST(bytes_of_secrets_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
