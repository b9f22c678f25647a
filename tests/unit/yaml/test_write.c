/* Writing: the bytes kustomize 5.8.1 prints; each case was seen there. */
#include "yaml_helper.h"

#include <string.h>

static void prints_as_kustomize(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"b: 1\na: 2\n", "a: 2\nb: 1\n"},
        {"a: 1.0\nb: 1e3\nc: 010\nd: 0x1F\ne: 0o17\nf: 1_000\ng: 08\nh: 1.50\n",
         "a: 1\nb: 1000\nc: 8\nd: 31\ne: 15\nf: 1000\ng: 8\nh: 1.5\n"},
        {"a: 1234567.5\nb: 0.00001\nc: 1e20\nd: -0.0\ne: 1e400\n",
         "a: 1.2345675e+06\nb: 1e-05\nc: 1e+20\nd: 0\ne: 1e400\n"},
        {"a: 18446744073709551615\nb: 18446744073709551616\nc: -9223372036854775809\n",
         "a: 18446744073709551615\nb: 1.8446744073709552e+19\nc: "
         "-9.223372036854776e+18\n"},
        {"a: 1e15\nb: 123456789.5\nc: 4.9e-324\n",
         "a: 1000000000000000\nb: 1.234567895e+08\nc: 5e-324\n"},
        {"a: 2001-1-1\nb: 2001-12-14T21:59:43.10-05:00\nc: 2001-12-14 21:59:43.10\n",
         "a: \"2001-01-01T00:00:00Z\"\nb: \"2001-12-14T21:59:43.1-05:00\"\n"
         "c: \"2001-12-14T21:59:43.1Z\"\n"},
        {"a: yes\nb: 'no'\nc: \"1\"\nd: 'true'\ne: ''\n",
         "a: \"yes\"\nb: \"no\"\nc: \"1\"\nd: \"true\"\ne: \"\"\n"},
        {"a: 12:30\nb: '190:20:30.15'\nc: 1:99\n",
         "a: \"12:30\"\nb: \"190:20:30.15\"\nc: 1:99\n"},
        {"a: ~\nb:\nc: null\nd: [~]\ne: {f: }\n",
         "a: null\nb: null\nc: null\nd:\n- null\ne:\n  f: \"\"\n"},
        {"a: \"x: y\"\nb: \"#x\"\nc: ' x'\nd: \"a\\tb\"\n",
         "a: 'x: y'\nb: '#x'\nc: ' x'\nd: \"a\\tb\"\n"},
        {"a: |\n  x\n  y\nb: \"x\\ny\"\nc: \" x\\ny\\n\\n\"\nd: \"x \\ny\"\n",
         "a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |2+\n   x\n  y\n\nd: \"x \\ny\"\n"},
        {"a: |+\n  x\n\n", "a: |+\n  x\n\n"},
        {"a: >\n  x\n  y\n\n  z\nb: >\n  x\n    y\n  z\nc: >+\n  x\n\nd: >-\n  x\n",
         "a: |\n  x y\n  z\nb: |\n  x\n\n    y\n  z\nc: |+\n  x\n\n\nd: x\n"},
        {"a: x?y\nb:\n- [{}, \"?\"]\n- x?y\n", "a: x?y\nb:\n- - {}\n  - '?'\n- x?y\n"},
        {"a: []\nb: {}\nc: [[1, [2]], {d: e}]\n",
         "a: []\nb: {}\nc:\n- - 1\n  - - 2\n- d: e\n"},
        {"a: !!binary aGVsbG8=\nb: !!binary \"gA==\"\nc: !foo 1\nd: !!str 1\n",
         "a: hello\nb: \xef\xbf\xbd\nc: \"1\"\nd: \"1\"\n"},
        {"a: \"\\U0001F600\"\nb: \"\\0\\e\"\nc: \xc3\xa9\nd: \"\\uFEFF\"\n",
         "a: \"\\U0001F600\"\nb: \"\\0\\e\"\nc: \xc3\xa9\nd: \"\\uFEFF\"\n"},
        {"a: \"x \\N y\"\nb: \"x\\N\\Ny\"\n", "a: x y\nb: |-\n  x\n  y\n"},
        {"'y': 1\n'1': 2\n\"a\\nb\": 3\n", "\"1\": 2\n? |-\n  a\n  b\n: 3\n\"y\": 1\n"},
        {"1: x\n", "\"1\": x\n"},
        {"a: <<\nb: =\nc:\n  \"<<\": {x: y}\n", "a: <<\nb: =\nc: {}\n"},
        {"a: [2001-01-01T1:2:3Z, 2001-01-01]\n",
         "a:\n- \"2001-01-01T1:2:3Z\"\n- \"2001-01-01T00:00:00Z\"\n"},
        {"a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb "
         "ccccccccccc "
         "dd\n",
         "a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb "
         "ccccccccccc"
         "\n  dd\n"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_cstr out = fixture_render(f, cases[i].in);
        if (!out) {
            fail_msg("%s: %s", cases[i].in, f->err.text);
        }
        assert_string_equal(out, cases[i].out);
    }
}

static void refuses_what_kustomize_refuses(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *in;
        uint32_t line, column;
        const char *message;
    } cases[] = {
        {"a: 1\nb: {c: 1, c: 2}\n", 2, 11, "\"c\" a second time"},
        {"a: {1: 2}\n", 1, 5, "the key 1, which is no string"},
        {"a:\n  ~: 2\n", 2, 3, "which is no string"},
        {"~: 2\n", 1, 1, "which is no string"},
        {"a: .nan\n", 1, 4, "a finite number"},
        {"a: -.inf\n", 1, 4, "a finite number"},
        {"a: !!int x\n", 1, 4, "an integer"},
        {"a: !!int 1.5\n", 1, 4, "an integer"},
        {"a: !!bool x\n", 1, 4, "true or false"},
        {"a: !!null x\n", 1, 4, "nothing, ~ or null"},
        {"a: !!timestamp x\n", 1, 4, "a timestamp"},
        {"a: !!binary '@'\n", 1, 4, "base64"},
        {"a: \"\\x7f\"\n", 1, 4, "control character U+007F"},
        {"a: \"\\x80\"\n", 1, 4, "control character U+0080"},
        {"a: \"\\ufffe\"\n", 1, 4, "control character U+FFFE"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        assert_null(fixture_render(f, cases[i].in));
        assert_fault(f, cases[i].line, cases[i].column, cases[i].message);
    }
}

static void limits_keys(void **state) {
    struct fixture *f = *state;
    for (size_t len = 1022; len <= 1023; len++) {
        sg_auto_buf text = SG_BUF_INIT;
        sg_buf_adds(&text, "? ");
        for (size_t i = 0; i < len; i++) {
            sg_buf_addc(&text, 'k');
        }
        sg_buf_adds(&text, "\n: 1\n");
        sg_auto_cstr out = fixture_render(f, sg_buf_cstr(&text));
        assert_true(len == 1022 ? out && strcmp(out, sg_buf_cstr(&text)) == 0 : !out);
    }
    assert_int_equal(f->err.code, SG_E_LIMIT);
}

static void orders_keys_naturally(void **state) {
    (void)state;
    static const char *const sorted[][2] = {
        {"f2", "f9"},      {"f9", "f10"},     {"a-b", "ab"},     {"a1", "a1-"},
        {"a1-", "a1b"},    {"01", "0a"},      {"1", "01"},       {"0a", "1"},
        {"A", "a"},        {"_", "a"},        {"1", "a"},        {"a", "aa"},
        {"z", "\xc3\xa9"}, {"\xc2\xa0", "z"}, {"a100", "a0101"}, {"a.b", "a/b"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(sorted); i++) {
        const char *a = sorted[i][0], *b = sorted[i][1];
        if (!sg_yaml_key_less(a, strlen(a), b, strlen(b)) ||
            sg_yaml_key_less(b, strlen(b), a, strlen(a))) {
            fail_msg("%s should sort before %s", a, b);
        }
        assert_false(sg_yaml_key_less(a, strlen(a), a, strlen(a)));
    }
}

static void made_values_resolve_when_written(void **state) {
    struct fixture *f = *state;
    sg_auto_buf out = SG_BUF_INIT;
    struct sg_node *map = sg_map_new(&f->set);
    sg_map_put(&f->set, map, sg_atom_of(f->atoms, "a"),
               sg_scalar_new(&f->set, "3", 1, SG_TAG_NONE, SG_PLAIN));
    sg_map_put(&f->set, map, sg_atom_of(f->atoms, "b"),
               sg_scalar_new(&f->set, "3", 1, SG_TAG_NONE, SG_DOUBLE));
    sg_map_put(&f->set, map, sg_atom_of(f->atoms, "c"), sg_str_new(&f->set, "3"));
    sg_map_put(&f->set, map, sg_atom_of(f->atoms, "d"), sg_null_new(&f->set));
    assert_int_equal(sg_yaml_write(&f->set, map, &out, &f->err), 0);
    assert_string_equal(sg_buf_cstr(&out), "a: 3\nb: \"3\"\nc: \"3\"\nd: null\n");
}

/* What was written reads back as what was written. */
static void rewrite_file(const char *path, const char *text, size_t len, void *ctx) {
    const struct sg_yaml_opts opts = {.manifests = true};
    struct fixture *f;
    (void)ctx;
    fixture_setup((void **)&f);
    if (sg_yaml_read(&f->set, path, text, len, &opts, &f->docs, &f->err)) {
        fail_msg("%s:%u: %s", path, f->err.line, f->err.text);
    }
    for (size_t i = 0; i < f->docs.roots.len; i++) {
        sg_auto_buf once = SG_BUF_INIT, twice = SG_BUF_INIT;
        sg_auto_yaml_docs again = {0};
        if (sg_yaml_write(&f->set, f->docs.roots.items[i], &once, &f->err) ||
            sg_yaml_read(&f->set, path, once.ptr, once.len, &opts, &again, &f->err)) {
            fail_msg("%s:%u: %s", path, f->err.line, f->err.text);
        }
        assert_int_equal(again.roots.len, 1);
        assert_int_equal(sg_yaml_write(&f->set, again.roots.items[0], &twice, &f->err),
                         0);
        assert_string_equal(sg_buf_cstr(&once), sg_buf_cstr(&twice));
    }
    fixture_teardown((void **)&f);
}

static void real_files_are_stable(void **state) {
    (void)state;
    const char *folder = real_folder();
    if (!folder) {
        skip();
    }
    assert_true(each_yaml_file(folder, rewrite_file, NULL) > 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(prints_as_kustomize, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(refuses_what_kustomize_refuses, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(limits_keys, fixture_setup, fixture_teardown),
        cmocka_unit_test(orders_keys_naturally),
        cmocka_unit_test_setup_teardown(made_values_resolve_when_written, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test(real_files_are_stable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
