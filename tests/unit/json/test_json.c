/* JSON: positions, exact numbers, Go's bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/json.h"

#include <string.h>

struct fixture {
    struct sg_atoms *atoms;
    struct sg_docs set;
    struct sg_err err;
};

static int setup(void **state) {
    struct fixture *f = sg_xcalloc(1, sizeof(*f));
    f->atoms = sg_atoms_new();
    sg_docs_init(&f->set, f->atoms);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    sg_docs_release(&f->set);
    sg_atoms_free(f->atoms);
    free(f);
    return 0;
}

static struct sg_node *read_text(struct fixture *f, const char *text) {
    sg_err_clear(&f->err);
    return sg_json_read(&f->set, "x.json", text, strlen(text), &f->err);
}

static void rewrites(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *in;
        unsigned style;
        const char *out;
    } cases[] = {
        {" { \"b\" : [ 1 , -2 ] , \"a\" : { } } ", 0, "{\"b\":[1,-2],\"a\":{}}"},
        {"{\"b\":1,\"a\":2}", SG_JSON_SORTED, "{\"a\":2,\"b\":1}"},
        {"{\"a\":[1,{\"b\":[]}],\"c\":{}}", SG_JSON_INDENT,
         "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}"},
        {"[18446744073709551615,-9223372036854775808,1e2,1.50,0.1,1e21,1e-7,1E+20]", 0,
         "[18446744073709551615,-9223372036854775808,100,1.5,0.1,1e+21,1e-7,"
         "100000000000000000000]"},
        {"[true,false,null,\"\"]", 0, "[true,false,null,\"\"]"},
        {"\"a\\u00e9\\n\\t\\u0001\\\"\\\\/\\ud83d\\ude00\"", 0,
         "\"a\xc3\xa9\\n\\t\\u0001\\\"\\\\/\xf0\x9f\x98\x80\""},
        {"[\"<a&b>\\u2028\\u2029\"]", SG_JSON_GO_HTML,
         "[\"\\u003ca\\u0026b\\u003e\\u2028\\u2029\"]"},
        {"[\"<a&b>\\u2028\"]", 0, "[\"<a&b>\xe2\x80\xa8\"]"},
        {"{\"<\": 1}", SG_JSON_GO_HTML, "{\"\\u003c\":1}"},
        {"[\"a\\u0000b\"]", 0, "[\"a\\u0000b\"]"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_buf out = SG_BUF_INIT;
        struct sg_node *node = read_text(f, cases[i].in);
        assert_non_null(node);
        assert_int_equal(sg_json_write(node, cases[i].style, &out, &f->err), 0);
        assert_string_equal(sg_buf_cstr(&out), cases[i].out);
    }
}

static void keeps_texts_and_positions(void **state) {
    struct fixture *f = *state;
    struct sg_node *map = read_text(
        f,
        "{\"a\\\"{\": \"x,]}\",\n \"b\": [ 1.50,\n  123456789012345678901234567890 ]}");
    const struct sg_entry *b = &map->entries[1];
    assert_int_equal(sg_docs_pos(&f->set, b->key_loc).line, 2);
    assert_int_equal(sg_docs_pos(&f->set, b->key_loc).column, 2);
    assert_string_equal(b->value->items[0]->text, "1.50");
    assert_int_equal(b->value->items[0]->tag, SG_TAG_FLOAT);
    assert_string_equal(b->value->items[1]->text, "123456789012345678901234567890");
    assert_int_equal(sg_docs_pos(&f->set, b->value->items[1]->loc).line, 3);
    assert_int_equal(sg_docs_pos(&f->set, b->value->items[1]->loc).column, 3);
}

static void refuses(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *in;
        uint32_t line;
    } cases[] = {{"", 1},
                 {"{", 1},
                 {"{\"a\":1,}", 1},
                 {"[1]\n]", 2},
                 {"{\"a\":1,\n\"a\":2}", 2},
                 {"[\"\\ud800\"]", 1},
                 {"[01]", 1},
                 {"[\"\xff\"]", 1}};
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        assert_null(read_text(f, cases[i].in));
        assert_int_equal(f->err.code, SG_E_INPUT);
        assert_int_equal(f->err.line, cases[i].line);
        assert_string_equal(f->err.file, "x.json");
    }
    sg_auto_buf deep = SG_BUF_INIT;
    for (int i = 0; i < 100000; i++) {
        sg_buf_addc(&deep, '[');
    }
    assert_null(read_text(f, sg_buf_cstr(&deep)));
    assert_int_equal(f->err.code, SG_E_LIMIT);
}

static void writes_scalars_by_type(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text;
        enum sg_tag tag;
        const char *out; /* NULL: refused */
    } cases[] = {
        {"0x10", SG_TAG_INT, "16"},
        {"yes", SG_TAG_BOOL, "true"},
        {"Off", SG_TAG_BOOL, "false"},
        {"~", SG_TAG_NULL, "null"},
        {"1", SG_TAG_STR, "\"1\""},
        {"1", SG_TAG_NONE, "1"},
        {"2001-1-1", SG_TAG_TIMESTAMP, "\"2001-01-01T00:00:00Z\""},
        {".nan", SG_TAG_FLOAT, NULL},
        {".inf", SG_TAG_NONE, NULL},
        {"1234567.5", SG_TAG_FLOAT, "1234567.5"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_buf out = SG_BUF_INIT;
        sg_err_clear(&f->err);
        int rc =
            sg_json_write(sg_scalar_new(&f->set, cases[i].text, strlen(cases[i].text),
                                        cases[i].tag, SG_PLAIN),
                          SG_JSON_COMPACT, &out, &f->err);
        assert_int_equal(rc, cases[i].out ? 0 : -1);
        if (cases[i].out) {
            assert_string_equal(sg_buf_cstr(&out), cases[i].out);
        } else {
            assert_int_equal(f->err.code, SG_E_INPUT);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rewrites, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_texts_and_positions, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_scalars_by_type, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
