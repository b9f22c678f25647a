/* Paths that people write: what is read, what is refused and where, and that every path
 * reads back from its own text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sg/fieldpath.h"

static struct sg_atoms *atoms;
static struct sg_fieldpaths *paths;

static int set_up(void **state) {
    (void)state;
    atoms = sg_atoms_new();
    paths = sg_fieldpaths_new(atoms);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sg_fieldpaths_free(paths);
    sg_atoms_free(atoms);
    return 0;
}

static const struct sg_fieldpath *read(const char *text) {
    const struct sg_fieldpath *path;
    struct sg_err err = {0};
    if (sg_fieldpath_parse(paths, text, &path, &err) != 0) {
        fail_msg("%s: %s", text, err.text);
    }
    return path;
}

/* Texts as a report prints them read and print alike. */
static void test_printed_texts(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "spec",
        "spec.template.spec.containers[searcher].env[FOO].value",
        "spec.ports[80/TCP]",
        "spec.template.spec.containers[a].args[#2]",
        "metadata.annotations[\"prometheus.io/port\"]",
        "[\"a.b\"].c",
        "[\"\"]",
        "spec.env[FOO#1][#2]",
        "spec.env['a]b'].x",
        "spec.env['#2']",
        "spec.env['it\\'s \\\\'#3]",
        "data[\"a\\\"b\\\\c\"]",
        "data[\"two\\x0alines\\x7f\"]",
        "spec.args[--a=b]",
        "spec.$patch.x_y-z",
        "spec.env[\xc3\xa4.b c]",
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(texts); i++) {
        sg_auto_buf text = SG_BUF_INIT;
        sg_fieldpath_text(read(texts[i]), &text);
        assert_string_equal(sg_buf_cstr(&text), texts[i]);
    }
}

static void test_kinds(void **state) {
    (void)state;
    const struct sg_fieldpath *path = read("a[b#4]");
    assert_int_equal(path->seg, SG_SEG_ELEMENT);
    assert_string_equal(path->key->text, "b");
    assert_int_equal(path->index, 4);
    path = read("a[\"b\"]");
    assert_int_equal(path->seg, SG_SEG_KEY);
    assert_string_equal(path->key->text, "b");
    path = read("a[#7]");
    assert_int_equal(path->seg, SG_SEG_INDEX);
    assert_int_equal(path->index, 7);
    assert_ptr_equal(path->parent, read("a"));
    /* people leave out quotes where a report has them */
    assert_ptr_equal(read("metadata.annotations.io/port"),
                     read("metadata.annotations[\"io/port\"]"));
    assert_null(read(""));
}

static void test_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
        uint32_t column;
    } cases[] = {
        {".spec", "the name of a field", 1},
        {"spec.", "the name of a field", 6},
        {"spec..x", "the name of a field", 6},
        {"spec.x]", "'.', '[' or the end", 7},
        {"spec.c[web", "found the end at column 11, expected ']'", 11},
        {"spec.c[web]x", "found 'x' at column 12, expected '.'", 12},
        {"spec.c[]", "the name of a list's element", 8},
        {"spec.c[a[b]]", "']'", 9},
        {"spec.c[#]", "a number", 9},
        {"spec.c[#x]", "a number", 9},
        {"spec.c[#4294967295]", "a smaller number", 18},
        {"spec.c[#1x]", "']'", 10},
        {"spec.c[a#]", "a number", 10},
        {"a[\"b", "the closing", 5},
        {"a['b", "the closing", 5},
        {"a[\"b\"x]", "']'", 6},
        {"a[\"\\q\"]", "a quote, a backslash", 5},
        {"a[\"\\xg0\"]", "two hexadecimal digits", 6},
        {"a[\"\\x0", "two hexadecimal digits", 7},
        {"\xc3\xa4\xc3\xb6.\xc3\xbc]", "'.', '[' or the end", 5},
        {"a[\xc3\xa4]\xc3\xb6", "found '\xc3\xb6' at column 5", 5},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        const struct sg_fieldpath *path;
        struct sg_err err = {0};
        assert_int_equal(sg_fieldpath_parse(paths, cases[i].text, &path, &err), -1);
        assert_int_equal(err.code, SG_E_USAGE);
        if (strstr(err.text, cases[i].expected) == NULL ||
            err.column != cases[i].column) {
            fail_msg("%s: column %u: %s", cases[i].text, err.column, err.text);
        }
    }
}

static void test_depth(void **state) {
    (void)state;
    sg_auto_buf text = SG_BUF_INIT;
    for (int i = 0; i < SG_FIELDPATH_MAX; i++) {
        sg_buf_adds(&text, "[#0]");
    }
    assert_int_equal(read(text.ptr)->depth, SG_FIELDPATH_MAX);
    sg_buf_adds(&text, ".x");
    const struct sg_fieldpath *path;
    struct sg_err err = {0};
    assert_int_equal(sg_fieldpath_parse(paths, text.ptr, &path, &err), -1);
    assert_int_equal(err.code, SG_E_LIMIT);
}

/* The next number of a fixed sequence, so that a failure can be run again. */
static uint32_t next(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static sg_atom random_key(uint32_t *seed, bool may_be_empty) {
    static const char letters[] = "ab.[]#\"'\\/ 0\n\t\x01\xc3\xa4-$";
    char text[9];
    uint32_t len = next(seed) % 8 + (may_be_empty ? 0 : 1);
    for (uint32_t i = 0; i < len; i++) {
        text[i] = letters[next(seed) % (sizeof(letters) - 1)];
    }
    struct sg_err err = {0};
    return sg_atom_intern(atoms, text, len, &err);
}

/* Whatever bytes the keys hold, a path reads back as itself. */
static void test_random_paths(void **state) {
    (void)state;
    uint32_t seed = 20;
    for (int round = 0; round < 20000; round++) {
        const struct sg_fieldpath *path = NULL, *again;
        for (uint32_t parts = next(&seed) % 6; parts > 0; parts--) {
            uint32_t kind = next(&seed) % 3;
            path = kind == 0 ? sg_fieldpath_key(paths, path, random_key(&seed, true))
                   : kind == 1
                       ? sg_fieldpath_element(paths, path, random_key(&seed, true),
                                              next(&seed) % 3)
                       : sg_fieldpath_index(paths, path, next(&seed) % 5);
        }
        sg_auto_buf text = SG_BUF_INIT;
        struct sg_err err = {0};
        sg_fieldpath_text(path, &text);
        if (sg_fieldpath_parse(paths, sg_buf_cstr(&text), &again, &err) != 0 ||
            again != path) {
            fail_msg("%s: %s", sg_buf_cstr(&text), err.text);
        }
    }
}

/* Text of no making: it is read or refused with a place inside it, and what is read
 * prints as something that reads alike. */
static void test_random_texts(void **state) {
    (void)state;
    static const char letters[] = "ab.[]#\"'\\x01\xc3\xa4 ";
    uint32_t seed = 7;
    size_t accepted = 0;
    for (int round = 0; round < 50000; round++) {
        char text[16] = "";
        uint32_t len = next(&seed) % 12;
        for (uint32_t i = 0; i < len; i++) {
            text[i] = letters[next(&seed) % (sizeof(letters) - 1)];
        }
        const struct sg_fieldpath *path, *again;
        struct sg_err err = {0};
        if (sg_fieldpath_parse(paths, text, &path, &err) != 0) {
            assert_in_range(err.column, 1, len + 1);
            continue;
        }
        accepted++;
        sg_auto_buf printed = SG_BUF_INIT;
        sg_fieldpath_text(path, &printed);
        assert_int_equal(sg_fieldpath_parse(paths, sg_buf_cstr(&printed), &again, &err),
                         0);
        assert_ptr_equal(again, path);
    }
    assert_in_range(accepted, 1000, 49000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_printed_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_depth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_random_paths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_random_texts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
