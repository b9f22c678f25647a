/*
 * The same tree as JSON and as YAML: what readers of both make of it is equal, whatever
 * the texts hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "jwriter.h"
#include "sg/json.h"
#include "sg/yaml.h"

/* Strings that some reader takes for another value, or for structure. */
static const char *const strings[] = {
    "",
    " ",
    "plain",
    "two words",
    "~",
    "null",
    "True",
    "no",
    "y",
    "N",
    "off",
    "3.20",
    "1e5",
    "0x1f",
    "1_000",
    "1:30",
    "2020-01-01",
    ".inf",
    "-",
    "- a",
    "? a",
    "a: b",
    "a:",
    ": a",
    "a #b",
    "#a",
    "a#b",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "'",
    "\"",
    "\\",
    "%a",
    "@a",
    "`a`",
    "{a}",
    "[a]",
    "a, b",
    "<<",
    "=",
    "---",
    "...",
    " lead",
    "trail ",
    "\ttab",
    "mid\ttab",
    "\n",
    "\n\n",
    "\nlead",
    "one\n",
    "one\ntwo",
    "one\ntwo\n",
    "one\n\n\n",
    "one\n  in\n",
    "  in\none\n",
    "one\n\ttab\n",
    "one \ntwo \n",
    "one\n---\ntwo\n",
    "one\r\ntwo\r\n",
    "\r",
    "\x01",
    "\x7f",
    "\xc2\x85",
    "a\n\xc2\x85\n",
    "\xe2\x80\xa8",
    "\xef\xbb\xbf",
    "\xef\xbf\xbe",
    "caf\xc3\xa9",
    "caf\xc3\xa9\nna\xc3\xafve\n",
    "\xf0\x9f\x98\x80",
    "https://example.com/x?y=1&z=2",
    "spec.containers[web].env[FOO].value",
    "/spec/x~1y",
    "_x",
    "a'b\"c",
};

static const char *const words[] = {
    "null", "true",  "false",           "0", "-1", "12", "1.5", "1e21", "1.5e-07", "-2E3",
    "0.82", "1e+21", "9007199254740993"};

static void write_string(struct sg_jwriter *w, const char *text) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, text, text);
    sg_jw_put_list(w, "a list", &text, 1);
    sg_jw_key(w, "deep");
    sg_jw_begin(w, '[');
    sg_jw_begin(w, '[');
    sg_jw_string(w, text, strlen(text));
    sg_jw_begin(w, '{');
    sg_jw_put(w, text, text);
    sg_jw_end(w, '}');
    sg_jw_end(w, ']');
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
}

static void write_brackets(struct sg_jwriter *w) {
    sg_jw_begin(w, '{');
    sg_jw_key(w, "empty");
    sg_jw_begin(w, '{');
    sg_jw_end(w, '}');
    sg_jw_key(w, "none");
    sg_jw_begin(w, '[');
    sg_jw_end(w, ']');
    sg_jw_key(w, "lists");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < 2; i++) {
        sg_jw_begin(w, '[');
        sg_jw_begin(w, '[');
        sg_jw_end(w, ']');
        sg_jw_begin(w, '{');
        sg_jw_put_number(w, "n", 18446744073709551615u);
        sg_jw_put_bool(w, "b", i == 0);
        sg_jw_put_list(w, "l", strings, 3);
        sg_jw_end(w, '}');
        sg_jw_end(w, ']');
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
}

struct readers {
    struct sg_atoms *atoms;
    struct sg_docs json, yaml;
};

static struct sg_node *read_yaml(struct readers *r, struct sg_buf *text) {
    sg_buf_addc(text, '\n'); /* as every report ends */
    sg_auto_yaml_docs docs = {0};
    struct sg_err err = {0};
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_ERROR};
    if (sg_yaml_read(&r->yaml, "report", sg_buf_cstr(text), text->len, &opts, &docs,
                     &err) < 0) {
        fail_msg("%s in:\n%s", err.text, sg_buf_cstr(text));
    }
    assert_int_equal(docs.roots.len, 1);
    return docs.roots.items[0];
}

/* Equal as JSON: a float may stand in another form. */
static void expect_same(const struct sg_node *a, const struct sg_node *b) {
    sg_auto_buf one = SG_BUF_INIT, other = SG_BUF_INIT;
    struct sg_err err = {0};
    assert_int_equal(sg_json_write(a, SG_JSON_INDENT, &one, &err), 0);
    assert_int_equal(sg_json_write(b, SG_JSON_INDENT, &other, &err), 0);
    assert_string_equal(sg_buf_cstr(&one), sg_buf_cstr(&other));
}

static void expect_equal(struct readers *r, const struct sg_buf *json,
                         struct sg_buf *yaml) {
    struct sg_err err = {0};
    struct sg_node *a = sg_json_read(&r->json, "report", json->ptr, json->len, &err);
    assert_non_null(a);
    expect_same(a, read_yaml(r, yaml));
}

static int open_readers(void **state) {
    static struct readers r;
    r.atoms = sg_atoms_new();
    sg_docs_init(&r.json, r.atoms);
    sg_docs_init(&r.yaml, r.atoms);
    *state = &r;
    return 0;
}

static int close_readers(void **state) {
    struct readers *r = *state;
    sg_docs_release(&r->json);
    sg_docs_release(&r->yaml);
    sg_atoms_free(r->atoms);
    return 0;
}

static void any_string_and_key_reads_back(void **state) {
    for (size_t i = 0; i < SG_ARRAY_LEN(strings); i++) {
        sg_auto_buf json = SG_BUF_INIT, yaml = SG_BUF_INIT;
        write_string(&(struct sg_jwriter){.out = &json}, strings[i]);
        write_string(&(struct sg_jwriter){.out = &yaml, .yaml = true}, strings[i]);
        expect_equal(*state, &json, &yaml);
    }
}

static void brackets_nest(void **state) {
    sg_auto_buf json = SG_BUF_INIT, yaml = SG_BUF_INIT;
    write_brackets(&(struct sg_jwriter){.out = &json});
    write_brackets(&(struct sg_jwriter){.out = &yaml, .yaml = true});
    expect_equal(*state, &json, &yaml);
}

static void words_stay_what_they_are(void **state) {
    struct readers *r = *state;
    for (size_t i = 0; i < SG_ARRAY_LEN(words); i++) {
        sg_auto_buf json = SG_BUF_INIT, yaml = SG_BUF_INIT;
        sg_buf_addf(&json, "{\"v\": %s}", words[i]);
        struct sg_jwriter w = {.out = &yaml, .yaml = true};
        sg_jw_begin(&w, '{');
        sg_jw_key(&w, "v");
        sg_yw_word(&w, words[i], strlen(words[i]));
        sg_jw_end(&w, '}');
        struct sg_node *root = read_yaml(r, &yaml);
        struct sg_err err = {0};
        struct sg_node *same = sg_json_read(&r->json, "word", json.ptr, json.len, &err);
        assert_non_null(same);
        assert_int_equal(sg_scalar_type(sg_map_gets(root, "v")),
                         sg_scalar_type(sg_map_gets(same, "v")));
    }
}

/* The long key of a map in a value has the form that has no limit. */
static void a_long_key_reads_back(void **state) {
    struct readers *r = *state;
    char key[3000];
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    sg_auto_buf json = SG_BUF_INIT, yaml = SG_BUF_INIT;
    for (int as_yaml = 0; as_yaml < 2; as_yaml++) {
        struct sg_jwriter w = {.out = as_yaml ? &yaml : &json, .yaml = as_yaml};
        sg_jw_begin(&w, '{');
        sg_jw_put(&w, key, "one\ntwo");
        sg_jw_put_list(&w, "after", strings, 2);
        sg_jw_end(&w, '}');
    }
    expect_equal(r, &json, &yaml);
}

/* A node of a document, as a row's value: nested, with every type. */
static void a_node_reads_back(void **state) {
    struct readers *r = *state;
    static const char text[] =
        "{\"a\": [1, 1.5, null, true, \"true\", [], {}, [[\"x\\ny\\n\"]]],"
        " \"b\": {\"c\": {\"d\": [{\"e\": \"\", \"f\": {}}, 1e30]}}, \"1\": \"1\"}";
    struct sg_err err = {0};
    struct sg_node *node = sg_json_read(&r->json, "node", text, sizeof text - 1, &err);
    assert_non_null(node);
    sg_auto_buf yaml = SG_BUF_INIT;
    struct sg_jwriter w = {.out = &yaml, .yaml = true};
    sg_jw_begin(&w, '{');
    sg_jw_key(&w, "v");
    assert_int_equal(sg_jw_node(&w, node, &err), 0);
    sg_jw_end(&w, '}');
    expect_same(node, sg_map_gets(read_yaml(r, &yaml), "v"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_string_and_key_reads_back, open_readers,
                                        close_readers),
        cmocka_unit_test_setup_teardown(brackets_nest, open_readers, close_readers),
        cmocka_unit_test_setup_teardown(words_stay_what_they_are, open_readers,
                                        close_readers),
        cmocka_unit_test_setup_teardown(a_long_key_reads_back, open_readers,
                                        close_readers),
        cmocka_unit_test_setup_teardown(a_node_reads_back, open_readers, close_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
