/* Upstream's migration notes: which sections a hop is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "project.h"

static const char migrate[] = "# Upgrading\n"
                              "\n"
                              "General words on 3.0.0 that are no step.\n"
                              "\n"
                              "## 3.17.2\n"
                              "\n"
                              "Late fix.\n"
                              "\n"
                              "## 3.16 -> 3.17\n"
                              "\n"
                              "### Database\n"
                              "\n"
                              "Run it:\n"
                              "\n"
                              "```sh\n"
                              "# 3.16.5 is a comment, no heading\n"
                              "migrate\n"
                              "```\n"
                              "\n"
                              "## From v3.15.1 to v3.16.0 ##\n"
                              "\n"
                              "Restart.\n"
                              "\n"
                              "## Version 3.15\n"
                              "\n"
                              "## Licence\n"
                              "\n"
                              "None.\n";

/* The titles of the sections, and with `whole` their texts. */
static void sections(const char *text, const char *from, const char *to, bool whole,
                     struct sg_buf *out) {
    struct sg_version a, b;
    struct sg_err err = {0};
    assert_int_equal(sg_version_parse(from, &a, &err), 0);
    assert_int_equal(sg_version_parse(to, &b, &err), 0);
    auto_notes notes = {0};
    sg_arena_init(&notes.arena);
    notes_parse(text, strlen(text), &a, &b, &notes);
    for (size_t i = 0; i < notes.items.len; i++) {
        const struct sg_plan_note *note = &notes.items.items[i];
        sg_buf_addf(out, "[%s%s%s]", note->title, whole ? ": " : "",
                    whole ? note->text : "");
    }
}

static void titles(const char *from, const char *to, const char *expected) {
    sg_auto_buf all = SG_BUF_INIT;
    sections(migrate, from, to, false, &all);
    assert_string_equal(sg_buf_cstr(&all), expected);
}

static void test_which(void **state) {
    (void)state;
    titles("3.16.0", "3.17.0", "[3.16 -> 3.17]");
    titles("3.16.0", "3.17.2", "[3.17.2][3.16 -> 3.17]");
    titles("3.17.0", "3.17.2", "[3.17.2]");
    titles("3.15.1", "3.16.0", "[From v3.15.1 to v3.16.0]");
    titles("3.17.2", "3.18.0", "");
    titles("3.14.0", "3.15.0", ""); /* a heading with nothing below it */
}

static void test_text(void **state) {
    (void)state;
    struct sg_version a = {.major = 3, .minor = 16}, b = {.major = 3, .minor = 17};
    auto_notes notes = {0};
    sg_arena_init(&notes.arena);
    notes_parse(migrate, sizeof(migrate) - 1, &a, &b, &notes);
    assert_int_equal(notes.items.len, 1);
    const char *text = notes.items.items[0].text;
    assert_int_equal(strncmp(text, "### Database", 12), 0);
    assert_non_null(strstr(text, "# 3.16.5 is a comment"));
    assert_string_equal(text + strlen(text) - 3, "```");
}

/* Every way in which a heading tells its versions, and what only looks like a heading. */
static void test_shapes(void **state) {
    (void)state;
    static const struct {
        const char *text, *from, *to, *expected;
    } cases[] = {
        /* by version */
        {"## 3.20\na\n", "3.19.2", "3.20.1", "[3.20: a]"},
        {"## 3.20\na\n", "3.20.0", "3.20.1", ""},
        {"## v3.20.1\na\n", "3.20.0", "3.20.1", "[v3.20.1: a]"},
        {"## v3.20.2\na\n", "3.20.0", "3.20.1", ""},
        {"# Sourcegraph 3.20 (October)\na\n", "3.19.2", "3.20.1",
         "[Sourcegraph 3.20 (October): a]"},
        {"  ###### 3.20 ######  \r\na\r\n", "3.19.2", "3.20.1", "[3.20: a]"},
        {"## [3.20.1](https://example.com/x)\na", "3.19.2", "3.20.1",
         "[[3.20.1](https://example.com/x): a]"},
        /* by pair: the last is reached, by whichever patch */
        {"## 3.19 -> 3.20\na", "3.19.2", "3.20.1", "[3.19 -> 3.20: a]"},
        {"## 3.19 \xe2\x86\x92 3.20\na", "3.19.2", "3.20.1",
         "[3.19 \xe2\x86\x92 3.20: a]"},
        {"## 3.19 to 3.20\na", "3.20.0", "3.20.1", ""},
        {"## 3.19 -> 3.20.3\na", "3.19.2", "3.20.1", "[3.19 -> 3.20.3: a]"},
        {"## 3.19.4 -> 3.20.3\na", "3.18.0", "3.19.4", ""},
        {"## 3.19 -> 3.20\na", "3.20.1", "3.21.0", ""},
        {"## 3.20.0 to 3.20.1\na", "3.20.0", "3.20.1", "[3.20.0 to 3.20.1: a]"},
        {"## 3.19 -> 4.0\na", "3.19.2", "4.0.0", "[3.19 -> 4.0: a]"},
        /* by the version that is left */
        {"## Upgrading from 3.19\na", "3.19.2", "3.20.1", "[Upgrading from 3.19: a]"},
        {"## From v3.19.2\na", "3.19.2", "3.20.1", "[From v3.19.2: a]"},
        {"## Upgrading from 3.18\na", "3.19.2", "3.20.1", ""},
        {"## Upgrading from 3.20\na", "3.19.2", "3.20.1", ""},
        {"## Upgrading from 3.19\na", "3.19.1", "3.19.2", ""},
        {"## Platform 3.20\na", "3.19.2", "3.20.1", "[Platform 3.20: a]"},
        /* Setext */
        {"3.20\n====\na\n\n3.19\n----\nb", "3.19.2", "3.20.1",
         "[3.20: a\n\n3.19\n----\nb]"},
        {"3.20\n----\na\n\n3.19\n----\nb", "3.19.2", "3.20.1", "[3.20: a]"},
        {"## 3.20\na\n\n---\n\nb", "3.19.2", "3.20.1", "[3.20: a\n\n---\n\nb]"},
        {"- 3.20\n---\na", "3.19.2", "3.20.1", ""},
        /* nested */
        {"# 3.x\n## 3.20\na\n### Then\nb\n## 3.19\nc", "3.19.2", "3.20.1",
         "[3.20: a\n### Then\nb]"},
        {"## 3.20\n### 3.20.1\nb", "3.20.0", "3.20.1", "[3.20.1: b]"},
        {"## 3.20\n### 3.20.1\nb", "3.19.2", "3.20.1", "[3.20: ### 3.20.1\nb]"},
        {"## A\n### 3.20\na\n## B\n### 3.20\nb", "3.19.2", "3.20.1",
         "[3.20: a][3.20 (2): b]"},
        /* code */
        {"```\n## 3.20\n```\na", "3.19.2", "3.20.1", ""},
        {"## 3.20\n````\n```\n## 3.19\n````\na", "3.19.2", "3.20.1",
         "[3.20: ````\n```\n## 3.19\n````\na]"},
        {"## 3.20\n~~~sh\n```\n## 3.19\n~~~\na\n## 3.18\nb", "3.19.2", "3.20.1",
         "[3.20: ~~~sh\n```\n## 3.19\n~~~\na]"},
        {"## 3.20\n``` not `a fence\n## 3.19\nb", "3.19.2", "3.20.1",
         "[3.20: ``` not `a fence]"},
        {"    ## 3.20\na", "3.19.2", "3.20.1", ""},
        {"\t## 3.20\na", "3.19.2", "3.20.1", ""},
        {"## 3.20\n```\nnever closed\n## 3.19\n", "3.19.2", "3.20.1",
         "[3.20: ```\nnever closed\n## 3.19]"},
        /* front matter and comments */
        {"---\ntitle: x\n# 3.20\n---\n# 3.20\na", "3.19.2", "3.20.1", "[3.20: a]"},
        {"<!-- ## 3.20\n## 3.20\n-->\na", "3.19.2", "3.20.1", ""},
        {"## 3.20\n<!-- nothing yet -->\n\n## 3.19\na", "3.19.2", "3.20.1", ""},
        {"## 3.20\na <!-- b\n## 3.19\n--> c", "3.19.2", "3.20.1",
         "[3.20: a <!-- b\n## 3.19\n--> c]"},
        {"## 3.20\n`<!--`\n-->\n## 3.19\nb", "3.19.2", "3.20.1", "[3.20: `<!--`\n-->]"},
        /* of no version */
        {"## Unreleased\na\n## 20\nb\n## 3.\nc", "3.19.2", "3.20.1", ""},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_buf all = SG_BUF_INIT;
        sections(cases[i].text, cases[i].from, cases[i].to, true, &all);
        if (strcmp(sg_buf_cstr(&all), cases[i].expected) != 0) {
            fail_msg("%s\n%s to %s: got '%s'", cases[i].text, cases[i].from, cases[i].to,
                     sg_buf_cstr(&all));
        }
    }
}

/* Over a row of hops each section is said by the first that meets it. */
static void test_once(void **state) {
    (void)state;
    sg_auto_strmap said = {0};
    struct sg_plan_note a = {"3.19 -> 3.20", "a", NULL}, b = {"3.20", "b", NULL};
    auto_notes first = {0}, second = {0};
    sg_arena_init(&first.arena);
    sg_arena_init(&second.arena);
    sg_vec_push(&first.items, a);
    sg_vec_push(&second.items, a);
    sg_vec_push(&second.items, b);
    notes_once(&first, &said);
    notes_once(&second, &said);
    assert_int_equal(first.items.len, 1);
    assert_int_equal(second.items.len, 1);
    assert_string_equal(second.items.items[0].text, "b");
}

/* What upstream writes is hostile input: no text makes it read past its end. */
static void test_odd_text(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "#",
                                        "# ",
                                        "## 3.",
                                        "## 3.17",
                                        "## 3.17.",
                                        "\n",
                                        "```",
                                        "## .17\nx",
                                        "# 3.17\n\n \r\n",
                                        "####### 3.17",
                                        "## 99999999999999.1\nx",
                                        "##3.17\nx"};
    struct sg_version a = {.major = 3, .minor = 16}, b = {.major = 3, .minor = 17};
    for (size_t i = 0; i < SG_ARRAY_LEN(texts); i++) {
        /* exactly as long as it is, for the sanitizers */
        char *text = sg_xmalloc(strlen(texts[i]) + 1);
        memcpy(text, texts[i], strlen(texts[i]));
        auto_notes notes = {0};
        sg_arena_init(&notes.arena);
        notes_parse(text, strlen(texts[i]), &a, &b, &notes);
        assert_int_equal(notes.items.len, 0);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which),    cmocka_unit_test(test_text),
        cmocka_unit_test(test_shapes),   cmocka_unit_test(test_once),
        cmocka_unit_test(test_odd_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
