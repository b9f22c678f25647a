/* Manifests as words: the same for what means the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "words.h"

/* The words, keys with a ':', each after a '|'. */
static void expect(const char *text, const char *expected) {
    sg_auto_cstr all = sg_xstrdup("");
    /* a copy without a NUL, so that reading past the end is seen */
    size_t len = strlen(text);
    char *copy = sg_xmalloc(len + (len == 0));
    memcpy(copy, text, len);
    struct words words = words_of(copy, len);
    struct word word;
    while (words_next(&words, &word)) {
        char *more = sg_xasprintf("%s|%.*s%s", all, (int)word.text.len, word.text.ptr,
                                  word.key ? ":" : "");
        free(all);
        all = more;
    }
    free(copy);
    assert_string_equal(all, expected);
}

static void test_words(void **state) {
    (void)state;
    expect("", "");
    expect("- - \n", "");
    expect("a: 1\n", "|a:|1");
    expect("a:", "|a:");
    expect("a", "|a");
    expect("- name: web\r\n  port: 80\r\n", "|name:|web|port:|80");
}

static void test_styles_are_alike(void **state) {
    (void)state;
    expect("- name: A\n  value: b\n", "|name:|A|value:|b");
    expect("- {name: A, value: b}\n", "|name:|A|value:|b");
    expect("[{\"name\": \"A\", \"value\": \"b\"}]", "|name:|A|value:|b");
    expect("[{\"name\":\"A\",\"value\":\"b\"}]", "|name:|A|value:|b");
    expect("'name': 'A'\n\"value\": b", "|name:|A|value:|b");
}

static void test_images_share_their_ends(void **state) {
    (void)state;
    expect("image: index.docker.io/acme/web:1.2@sha256:ab",
           "|image:|index.docker.io|acme|web:1.2|sha256:ab");
    expect("image: \"mirror.example:5000/web:1.2\"",
           "|image:|mirror.example:5000|web:1.2");
    expect("app.kubernetes.io/component: web", "|app.kubernetes.io/component:|web");
    expect("\"app.kubernetes.io/component\": web", "|app.kubernetes.io/component:|web");
    expect("url: http://web:80/x", "|url:|http:|web:80|x");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_styles_are_alike),
        cmocka_unit_test(test_images_share_their_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
