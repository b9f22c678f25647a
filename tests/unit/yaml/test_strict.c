/* Typed config files: unknown fields, wrong types, suggestions. */
#include "yaml_helper.h"

#include "sg/strict.h"
#include "sg/suggest.h"

#include <limits.h>
#include <string.h>

static const struct sg_strict_field upstream[] = {
    {.name = "url", .want = SG_WANT_STRING, .required = true},
    {.name = "skip", .want = SG_WANT_STRINGS},
    {0},
};
static const struct sg_strict_field optional[] = {
    {.name = "name", .want = SG_WANT_STRING},
    {0},
};
static const struct sg_strict_field fields[] = {
    {.name = "kind", .want = SG_WANT_STRING, .required = true},
    {.name = "upstream", .want = SG_WANT_MAP, .fields = upstream},
    {.name = "mirrors", .want = SG_WANT_MAPS, .fields = upstream},
    {.name = "names", .want = SG_WANT_MAPS, .fields = optional},
    {.name = "labels", .want = SG_WANT_STRING_MAP},
    {.name = "values", .want = SG_WANT_SCALAR_MAP},
    {.name = "deep", .want = SG_WANT_BOOL},
    {.name = "count", .want = SG_WANT_INT},
    {.name = "free", .want = SG_WANT_ANY},
    {0},
};

static int check(struct fixture *f, const char *text, const struct sg_strict_opts *opts) {
    struct sg_node *root = fixture_read(f, text, NULL);
    return sg_strict_check(&f->set, root, fields, opts, &f->err);
}

static void finds_the_first_fault(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *message, *hint;
    } cases[] = {
        {"kind: a\nupstraem: {}\n", 2, 1, "unknown field \"upstraem\"",
         "did you mean \"upstream\"?"},
        {"kind: a\nKind: b\n", 2, 1, "unknown field \"Kind\"", "did you mean \"kind\"?"},
        {"kind: a\nzzzzzz: 1\n", 2, 1, "unknown field", "the fields are: kind, upstream"},
        {"kind: 1.0\n", 1, 7, "found the number 1.0 in kind, expected a string",
         "quote it: \"1.0\""},
        {"kind: a\nupstream: {skip: x, url: y}\n", 2, 18,
         "found the string \"x\" in skip, expected a list of strings", ""},
        {"kind: a\nupstream:\n  skip: []\n", 3, 3, "field \"url\" is missing", ""},
        {"kind: a\nupstream: [x]\n", 2, 11, "found a list in upstream, expected a map",
         ""},
        {"kind: a\nlabels: {a: 1}\n", 2, 13, "found the integer 1 in labels", ""},
        {"kind: a\nvalues: {a: [1]}\n", 2, 13, "found a list in values", ""},
        {"kind: a\nmirrors: [{url: x}, y]\n", 2, 21, "expected a map", ""},
        {"kind: a\nmirrors: [{url: x}, {urls: y}]\n", 2, 22, "\"urls\"", "\"url\"?"},
        {"kind: a\nmirrors: [{url: x}, ~]\n", 2, 21, "field \"url\" is missing", ""},
        {"kind: a\ndeep: 'true'\n", 2, 7, "expected true or false", ""},
        {"kind: a\ncount: 1.5\n", 2, 8, "expected an integer", ""},
        {"[a]\n", 1, 1, "found a list, expected a map", ""},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        assert_int_equal(check(f, cases[i].text, NULL), -1);
        assert_int_equal(f->err.code, SG_E_INPUT);
        assert_fault(f, cases[i].line, cases[i].column, cases[i].message);
        if (!strstr(f->err.hint, cases[i].hint)) {
            fail_msg("expected the hint …%s…, got %s", cases[i].hint, f->err.hint);
        }
    }
    assert_int_equal(check(f, "", NULL), -1);
    assert_non_null(strstr(f->err.text, "\"kind\" is missing"));
}

static void accepts_what_fits(void **state) {
    struct fixture *f = *state;
    const struct sg_strict_opts fold = {.fold_case = true};
    assert_int_equal(check(f,
                           "kind: a\nupstream: {url: u, skip: [a, '1']}\nlabels: {a: b}\n"
                           "values: {a: 1, b: x}\ndeep: true\ncount: 0x10\nfree: [{}]\n"
                           "mirrors: [{url: z}]\nnames: [~, {name: z}]\n",
                           NULL),
                     0);
    const struct sg_node *root = f->docs.roots.items[0];
    assert_true(sg_strict_bool(sg_strict_get(root, "deep", false), false));
    assert_int_equal(sg_strict_int(sg_strict_get(root, "count", false), -1), 16);
    assert_int_equal(sg_strict_int(sg_strict_get(root, "deep", false), -1), -1);
    assert_int_equal(check(f, "KIND: a\nDeep: ~\n", &fold), 0);
    root = f->docs.roots.items[0];
    assert_string_equal(sg_text(sg_strict_get(root, "kind", true)), "a");
    assert_null(sg_strict_get(root, "kind", false));
    assert_null(sg_strict_get(root, "deep", true));
    assert_non_null(sg_strict_find(root, "deep", true));
}

static void note_unknown(void *ctx, const char *name, const char *near,
                         struct sg_pos at) {
    assert_string_equal(name, "dep");
    assert_string_equal(near, "deep");
    assert_int_equal(at.line, 2);
    ++*(int *)ctx;
}

static void may_only_tell(void **state) {
    struct fixture *f = *state;
    int told = 0;
    const struct sg_strict_opts opts = {.unknown = note_unknown, .unknown_ctx = &told};
    assert_int_equal(check(f, "kind: a\ndep: 1\n", &opts), 0);
    assert_int_equal(told, 1);
}

static void counts_edits(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        unsigned edits;
    } cases[] = {{"", "", 0},
                 {"a", "", 1},
                 {"abc", "abc", 0},
                 {"abc", "acb", 1},
                 {"abc", "ab", 1},
                 {"abc", "xbc", 1},
                 {"ABC", "abc", 0},
                 {"kitten", "sitting", 3},
                 {"resuorces", "resources", 1}};
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        assert_int_equal(sg_suggest_distance(cases[i].a, cases[i].b), cases[i].edits);
        assert_int_equal(sg_suggest_distance(cases[i].b, cases[i].a), cases[i].edits);
    }
    char longer[SG_SUGGEST_MAX + 2];
    memset(longer, 'a', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_int_equal(sg_suggest_distance(longer, "a"), UINT_MAX);
    struct sg_suggest near;
    sg_suggest_init(&near, "aplly");
    assert_null(sg_suggest_best(&near));
    sg_suggest_offer(&near, "check");
    assert_null(sg_suggest_best(&near));
    sg_suggest_offer(&near, "apply");
    assert_string_equal(sg_suggest_best(&near), "apply");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_the_first_fault, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(accepts_what_fits, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(may_only_tell, fixture_setup, fixture_teardown),
        cmocka_unit_test(counts_edits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
