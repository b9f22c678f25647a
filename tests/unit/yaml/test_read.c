/* Reading: what is accepted, what is refused, and where. */
#include "yaml_helper.h"

#include <string.h>

static const struct sg_yaml_opts manifests = {.manifests = true};

struct refusal {
    const char *text;
    uint32_t line, column;
    const char *message;
    bool manifests;
};

static const struct refusal refusals[] = {
    {"a: b: c\n", 1, 5, "found ':', expected no second ': ' on this line", false},
    {"a:\n\tb: 1\n", 2, 1, "found a tab", false},
    {"a: [1, 2\nb: 3\n", 2, 2, "expected ',' or ']'", false},
    {"a: {b: 1\n", 2, 1, "found the end of the file, expected ',' or '}'", false},
    {"a: 'x\n", 2, 1, "expected the closing quote", false},
    {"a: \"\\q\"\n", 1, 5, "expected a known escape", false},
    {"a: @x\n", 1, 4, "found '@x'", false},
    {"a: *x\n", 1, 4, "found the alias *x", false},
    {"a: &x [*x]\n", 1, 8, "inside its own anchor", false},
    {"- a\nb: 1\n", 2, 1, "found 'b', expected '- '", false},
    {"a: 1\n  b: 2\n", 2, 4, "expected no second ': '", false},
    {"a:\n  b: 1\n c: 2\n", 3, 2, "expected a key of the map above", false},
    {"é: x\nü: \x01\n", 2, 4, "control character U+0001", false},
    {"a: \xff\n", 1, 4, "no UTF-8", false},
    {"\xff\xfe"
     "a",
     1, 1, "UTF-16", false},
    {"? {a: b}\n: c\n", 1, 3, "found a map or list as a key", false},
    {"a: &x [1]\n*x : c\n", 2, 1, "alias of a map or list as a key", false},
    {"a:\n  <<: 1\n", 2, 3, "found a scalar as the value of '<<'", false},
    {"a:\n  <<: [[]]\n", 2, 8, "that is no map", false},
    {"a:\n  <<: {}\n  <<: {}\n", 3, 3, "a second '<<'", false},
    {"a: 1\n--- b\n", 2, 5, "found 'b' after '---'", true},
    {"a: 1\n---x\nb: 1\n", 2, 4, "found 'x' after '---'", true},
    {"a: 1\n---\nb: [\n", 4, 1, "found the end of the document", true},
    {"a: 1\r\n---\r\n\xc3\xa4: \xc3\xb6: 1\r\n", 3, 5, "found ':'", true},
    {"a: 1\n---\r\nb: \"x\r\r\ny\" z: 1\n", 4, 4, "found 'z'", true},
    {"a: \"x\\/\"\n", 1, 6, "found the escape \\/", true},
    {"a: [!!str,1]\n", 1, 10, "found ',' right after a tag", true},
    {"a: [{}, x?y]\n", 1, 9, "found '?' in plain text", true},
    {"\xef\xbb\xbf"
     "a: b: c\n",
     1, 6, "found ':'", false},
};

/* As kustomize does; but splices need the file's own bytes. */
static void reads_utf16(void **state) {
    struct fixture *f = *state;
    static const char little[] = "\xff\xfe"
                                 "a\0:\0 \0\xe9\0\x3d\xd8\x00\xde\n\0-\0-\0-\0\n\0b\0";
    static const char big[] = "\xfe\xff\0a\0:\0 \x20\x28";
    struct sg_yaml_opts edit = {.edit = true};
    struct sg_yaml_docs docs = {0};
    assert_int_equal(sg_yaml_read(&f->set, "x.yaml", little, sizeof(little) - 1,
                                  &manifests, &docs, &f->err),
                     0);
    assert_int_equal(docs.roots.len, 1);
    assert_string_equal(sg_text(sg_map_gets(docs.roots.items[0], "a")),
                        "\xc3\xa9\xf0\x9f\x98\x80");
    assert_int_equal(
        sg_yaml_read(&f->set, "x.yaml", big, sizeof(big) - 1, NULL, &docs, &f->err), 0);
    assert_int_equal(
        sg_yaml_read(&f->set, "x.yaml", big, sizeof(big) - 1, &edit, &docs, &f->err), -1);
    assert_fault(f, 1, 1, "UTF-16");
    sg_yaml_docs_release(&docs);
}

/* Each costs one more parse of the file, so there is a bound. */
static void bounds_colons(void **state) {
    struct fixture *f = *state;
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_adds(&text, "a: [");
    for (int i = 0; i < 1000; i++) {
        sg_buf_adds(&text, "b:, ");
    }
    sg_buf_adds(&text, "]\n");
    assert_null(fixture_read(f, sg_buf_cstr(&text), &manifests));
    assert_fault(f, 1, 4 * 64 + 6, "found ':'");
}

static void refuses_with_position(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < SG_ARRAY_LEN(refusals); i++) {
        const struct refusal *r = &refusals[i];
        assert_null(fixture_read(f, r->text, r->manifests ? &manifests : NULL));
        assert_int_equal(f->err.code, SG_E_INPUT);
        assert_fault(f, r->line, r->column, r->message);
    }
}

/* libyaml compares every directive with all before it. */
static void knows_tag_limit(void **state) {
    struct fixture *f = *state;
    sg_auto_buf text = SG_BUF_INIT;
    for (int i = 0; i < SG_YAML_MAX_TAGS; i++) {
        sg_buf_addf(&text, "%%TAG !a%d! tag:x\n", i);
    }
    sg_auto_cstr allowed = sg_xasprintf("%s---\na: 1\n", sg_buf_cstr(&text));
    assert_non_null(fixture_read(f, allowed, NULL));
    sg_buf_adds(&text, "%TAG !b! tag:x\n---\na: 1\n");
    assert_null(fixture_read(f, sg_buf_cstr(&text), NULL));
    assert_int_equal(f->err.code, SG_E_LIMIT);
    assert_fault(f, SG_YAML_MAX_TAGS + 1, 1, "%TAG directives");
}

/* A patch looks every key up: one after another would be quadratic. */
static void indexes_large_maps(void **state) {
    struct fixture *f = *state;
    sg_auto_buf text = SG_BUF_INIT;
    for (int i = 0; i <= SG_MAP_LINEAR; i++) {
        sg_buf_addf(&text, "k%d: v\n", i);
    }
    const struct sg_node *map = fixture_read(f, sg_buf_cstr(&text), NULL);
    assert_non_null(map);
    assert_non_null(map->index);
}

static void knows_limits(void **state) {
    struct fixture *f = *state;
    sg_auto_buf deep = SG_BUF_INIT, wide = SG_BUF_INIT;
    for (int i = 0; i < SG_YAML_MAX_DEPTH; i++) {
        sg_buf_addc(&deep, '[');
    }
    for (int i = 0; i < SG_YAML_MAX_DEPTH; i++) {
        sg_buf_addc(&deep, ']');
    }
    assert_non_null(fixture_read(f, sg_buf_cstr(&deep), NULL));
    sg_buf_clear(&deep);
    for (int i = 0; i < 100000; i++) {
        sg_buf_addc(&deep, '[');
    }
    assert_null(fixture_read(f, sg_buf_cstr(&deep), NULL));
    assert_int_equal(f->err.code, SG_E_LIMIT);
    assert_fault(f, 1, SG_YAML_MAX_DEPTH + 1, "levels of nesting");
    sg_buf_adds(&wide, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
        sg_buf_addf(&wide, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++) {
            sg_buf_addf(&wide, "*a%d,", i - 1);
        }
        sg_buf_adds(&wide, "]\n");
    }
    assert_null(fixture_read(f, sg_buf_cstr(&wide), NULL));
    assert_int_equal(f->err.code, SG_E_LIMIT);
    assert_true(f->err.line >= 5);
}

static void positions_are_of_the_file(void **state) {
    struct fixture *f = *state;
    struct sg_node *root = fixture_read(f,
                                        "\xef\xbb\xbf# \xc3\xa9\r\na: 1\r\n---\r\nb: "
                                        "\xc3\xa9\r\n\xc3\xbc\xc3\xbc: [x, y]\r\n",
                                        &manifests);
    assert_non_null(root);
    assert_int_equal(f->docs.roots.len, 2);
    const struct sg_node *second = f->docs.roots.items[1];
    const struct sg_entry *entry = &second->entries[1];
    assert_string_equal(entry->key->text, "\xc3\xbc\xc3\xbc");
    const struct sg_source *source = sg_docs_source(&f->set, entry->key_loc);
    const struct sg_node *y = entry->value->items[1];
    assert_int_equal(source->text[y->loc - source->base], 'y');
    struct sg_pos pos = sg_docs_pos(&f->set, y->loc);
    assert_int_equal(pos.line, 5);
    assert_int_equal(pos.column, 9);
    assert_int_equal(sg_docs_pos(&f->set, root->loc).line, 2);
}

static void scalars_have_types(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text;
        enum sg_tag read, yaml11;
    } cases[] = {
        {"yes", SG_TAG_STR, SG_TAG_BOOL},
        {"true", SG_TAG_BOOL, SG_TAG_BOOL},
        {"12", SG_TAG_INT, SG_TAG_INT},
        {"1.0", SG_TAG_FLOAT, SG_TAG_FLOAT},
        {"~", SG_TAG_NULL, SG_TAG_NULL},
        {"'1'", SG_TAG_STR, SG_TAG_STR},
        {"!!str 1", SG_TAG_STR, SG_TAG_STR},
        {"!!int '1'", SG_TAG_INT, SG_TAG_INT},
        {"!foo 1", SG_TAG_OTHER, SG_TAG_OTHER},
        {"! 1", SG_TAG_INT, SG_TAG_STR},
        {"!!binary eA==", SG_TAG_BINARY, SG_TAG_BINARY},
        {"2001-01-01", SG_TAG_TIMESTAMP, SG_TAG_TIMESTAMP},
    };
    const struct sg_yaml_opts old = {.yaml11 = true};
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_buf text = SG_BUF_INIT;
        sg_buf_addf(&text, "- %s\n", cases[i].text);
        struct sg_node *seq = fixture_read(f, sg_buf_cstr(&text), NULL);
        assert_int_equal(seq->items[0]->tag, cases[i].read);
        seq = fixture_read(f, sg_buf_cstr(&text), &old);
        assert_int_equal(seq->items[0]->tag, cases[i].yaml11);
    }
}

struct told {
    int count;
    struct sg_pos first, again;
};

static void tell(void *ctx, const char *key, struct sg_pos first, struct sg_pos again) {
    struct told *told = ctx;
    assert_string_equal(key, "a");
    told->count++;
    told->first = first;
    told->again = again;
}

static void repeats_by_option(void **state) {
    struct fixture *f = *state;
    static const char text[] = "a: 1\nb: 2\na: 3\n";
    static const struct {
        enum sg_repeat repeat;
        const char *all;
    } cases[] = {{SG_REPEAT_KEEP, "{a: 1, b: 2, a: 3}"},
                 {SG_REPEAT_FIRST, "{a: 1, b: 2}"},
                 {SG_REPEAT_LAST, "{a: 3, b: 2}"}};
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        struct told told = {0};
        const struct sg_yaml_opts opts = {
            .repeat = cases[i].repeat, .repeated = tell, .repeated_ctx = &told};
        sg_auto_buf out = SG_BUF_INIT;
        sg_yaml_inline(fixture_read(f, text, &opts), &out);
        assert_string_equal(sg_buf_cstr(&out), cases[i].all);
        assert_int_equal(told.count, 1);
        assert_int_equal(told.first.line, 1);
        assert_int_equal(told.again.line, 3);
    }
    const struct sg_yaml_opts strict = {.repeat = SG_REPEAT_ERROR};
    assert_null(fixture_read(f, text, &strict));
    assert_fault(f, 3, 1, "\"a\" a second time, the first is at line 1, column 1");
}

/* Over the size up to which maps are searched linearly. */
static void repeats_in_large_maps(void **state) {
    struct fixture *f = *state;
    sg_auto_buf text = SG_BUF_INIT;
    for (int i = 0; i < 20000; i++) {
        sg_buf_addf(&text, "k%d: %d\n", i, i);
    }
    const struct sg_yaml_opts strict = {.repeat = SG_REPEAT_ERROR};
    assert_non_null(fixture_read(f, sg_buf_cstr(&text), &strict));
    sg_buf_adds(&text, "k777: x\n");
    assert_null(fixture_read(f, sg_buf_cstr(&text), &strict));
    assert_fault(f, 20001, 1, "the first is at line 778, column 1");
}

static void merges_and_aliases(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text, *all;
    } cases[] = {
        {"a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n",
         "{a: {x: 1, \"y\": 2}, b: {\"y\": 3, x: 1}}"},
        {"<<: [{x: 1, z: 1}, {x: 2, w: 2}]\nz: 3\n", "{z: 3, x: 1, w: 2}"},
        {"a: &a [1]\nb: *a\n", "{a: [1], b: [1]}"},
        {"a: &a 1\nb: &a 2\nc: *a\n", "{a: 1, b: 2, c: 2}"},
        {"a: &a k\nb: {*a : v}\n", "{a: k, b: {k: v}}"},
        {"&a k: *a\n", "{k: k}"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_buf out = SG_BUF_INIT;
        sg_yaml_inline(fixture_read(f, cases[i].text, NULL), &out);
        assert_string_equal(sg_buf_cstr(&out), cases[i].all);
    }
    struct sg_node *root = fixture_read(f, "a: &a [1]\nb: *a\n", NULL);
    assert_ptr_not_equal(root->entries[0].value, root->entries[1].value);
}

static void documents(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text;
        size_t plain, manifests;
    } cases[] = {
        {"", 0, 0},
        {"# nothing\n", 0, 0},
        {"---\n---\na: 1\n---\n", 1, 1},
        {"a: 1\n---\nb: 1\n", 2, 2},
        {"a: 1\n...\nb: 1\n", 1, 1}, /* no "---": an error, but for kustomize unread */
        {"a: 1\n--- # note\nb: 1\n--- \n", 2, 2},
        {"a: |\n  x\n---\nb: 1\n---", 2, 2},
        {"~\n---\nnull\n", 0, 0},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        (void)fixture_read(f, cases[i].text, NULL);
        assert_int_equal(f->docs.roots.len, cases[i].plain);
        (void)fixture_read(f, cases[i].text, &manifests);
        assert_int_equal(f->docs.roots.len, cases[i].manifests);
    }
}

static void count_broken(void *ctx, const struct sg_err *err) {
    assert_int_equal(err->line, 4);
    ++*(int *)ctx;
}

static void tolerant_goes_on(void **state) {
    struct fixture *f = *state;
    int broken = 0;
    const struct sg_yaml_opts opts = {
        .tolerant = true, .broken = count_broken, .broken_ctx = &broken};
    (void)fixture_read(f, "a: 1\n---\nb: [\n}\n---\nc: 1\n", &opts);
    assert_int_equal(f->docs.roots.len, 2);
    assert_int_equal(broken, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_utf16, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(bounds_colons, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(refuses_with_position, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(knows_limits, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(knows_tag_limit, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(indexes_large_maps, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(positions_are_of_the_file, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(scalars_have_types, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(repeats_by_option, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(repeats_in_large_maps, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(merges_and_aliases, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(documents, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(tolerant_goes_on, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
