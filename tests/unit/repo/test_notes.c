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

static void titles(const char *from, const char *to, const char *expected) {
    struct sg_version a, b;
    struct sg_err err = {0};
    assert_int_equal(sg_version_parse(from, &a, &err), 0);
    assert_int_equal(sg_version_parse(to, &b, &err), 0);
    auto_notes notes = {0};
    sg_arena_init(&notes.arena);
    notes_parse(migrate, sizeof(migrate) - 1, &a, &b, &notes);
    sg_auto_buf all = SG_BUF_INIT;
    for (size_t i = 0; i < notes.items.len; i++) {
        sg_buf_addf(&all, "[%s]", notes.items.items[i].title);
    }
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
        cmocka_unit_test(test_which),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_odd_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
