/*
 * test_selector.c - label selectors and patterns. Whether each is accepted, and what it
 * matches, was checked against kustomize 5.8.1.
 */
#include "helper.h"

#include <string.h>

struct row {
    const char *text;
    enum { MISS, HIT, REFUSED } expected;
};

/* On the labels {app: web, n: "5", e: ""}. */
static const struct row selectors[] = {
    {"", HIT},
    {" ", HIT},
    {"app=web", HIT},
    {"app==web", HIT},
    {"app = web", HIT},
    {"app!=web", MISS},
    {"zz!=web", HIT},
    {"app in (web,x)", HIT},
    {"app in ( x , y )", MISS},
    {"app notin (web)", MISS},
    {"zz notin (web)", HIT},
    {"app", HIT},
    {"zz", MISS},
    {"!app", MISS},
    {"!zz", HIT},
    {"n>4", HIT},
    {"n> 4", HIT},
    {"n<4", MISS},
    {"app>4", MISS},
    {"e=", HIT},
    {"e in ()", HIT},
    {"app in (,web)", HIT},
    {"app in (a,,b)", MISS},
    {"e in (a,)", HIT},
    {"app=web,n=5", HIT},
    {"app=web,n=6", MISS},
    {"e,n", HIT},
    {"in", MISS},
    {"in=in", MISS},
    {"app in (in, notin)", MISS},
    {"a.b/c", MISS},
    {"n>x", REFUSED},
    {"n>+4", REFUSED},
    {"app in (web", REFUSED},
    {"app in web", REFUSED},
    {"app in (a b)", REFUSED},
    {"app=web,", REFUSED},
    {",app=web", REFUSED},
    {"app web", REFUSED},
    {"app=we b", REFUSED},
    {"app===web", REFUSED},
    {"app>=1", REFUSED},
    {"app=(web)", REFUSED},
    {"!app=web", REFUSED},
    {"!!app", REFUSED},
    {"()", REFUSED},
    {"a_!b", REFUSED},
    {"a/b/c=1", REFUSED},
    {"/a=1", REFUSED},
    {"A.b/c", REFUSED},
    {"x=-a", REFUSED},
    {"x=a-", REFUSED},
    {"app=web;n", REFUSED},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", REFUSED},
};

static void label_selectors(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    const struct sg_node *labels =
        fixture_read(&f, "{app: web, n: \"5\", e: \"\"}", SG_REPEAT_KEEP, false);
    for (size_t i = 0; i < SG_ARRAY_LEN(selectors); i++) {
        struct sg_err err = {0};
        struct sg_label_selector *selector =
            sg_label_selector_new(selectors[i].text, &err);
        int got = selector == NULL                            ? REFUSED
                  : sg_label_selector_match(selector, labels) ? HIT
                                                              : MISS;
        if (got != (int)selectors[i].expected) {
            fail_msg("'%s': %d %s", selectors[i].text, got, err.text);
        }
        assert_int_equal(err.code, got == REFUSED ? SG_E_INPUT : SG_OK);
        sg_label_selector_free(selector);
    }
    fixture_release(&f);
}

static void no_labels_at_all(void **state) {
    (void)state;
    struct sg_err err = {0};
    struct sg_label_selector *selector = sg_label_selector_new("!a,b!=c", &err);
    assert_non_null(selector);
    assert_true(sg_label_selector_match(selector, NULL));
    sg_label_selector_free(selector);
    selector = sg_label_selector_new("a", &err);
    assert_false(sg_label_selector_match(selector, NULL));
    sg_label_selector_free(selector);
}

/* Anchored, on the text web-12.a */
static const struct row patterns[] = {
    {"web-12.a", HIT},
    {"web", MISS},
    {"", MISS},
    {"web.*", HIT},
    {"^web-12.a$", HIT},
    {"web|zzz", MISS},
    {"x|web-.*", HIT},
    {"web-12.a$|zz", HIT},
    {"x)|(web.*", HIT}, /* kustomize pastes the pattern between its anchors, too */
    {"w(e)b-\\d+\\.[a-z]", HIT},
    {"(?i)WEB-.*", HIT},
    {"(?i:WEB)-12.a", HIT},
    {"(?is-m:WEB.*)", HIT},
    {"(?P<n>web).*", HIT},
    {"(?<n>web).*", HIT},
    {"web{1}.*", HIT},
    {"\\Qweb-12.a\\E", HIT},
    {"\\pLeb.*", HIT},
    {"\\x{77}eb.*", HIT},
    {"web-12.a\\z", HIT},
    {"\\Aweb.*", HIT},
    {"[[:alpha:]]+-.*", HIT},
    {"[^]]*", HIT},
    {"x{1000}", MISS},
    {"(?=web).*", REFUSED},
    {"(?!x)web.*", REFUSED},
    {"(?<=w)eb", REFUSED},
    {"(?<!w)eb", REFUSED},
    {"(w)eb\\1", REFUSED},
    {"(?P<n>w)(?P=n)", REFUSED},
    {"(?<n>w)\\k<n>", REFUSED},
    {"(?>web).*", REFUSED},
    {"web.*+", REFUSED},
    {"we{1,2}+b.*", REFUSED},
    {".{1001}", REFUSED},
    {"a{2,1001}", REFUSED},
    {"(?#c)web", REFUSED},
    {"(?x)w eb", REFUSED},
    {"(?R)", REFUSED},
    {"(?1)", REFUSED},
    {"(*UTF8)web", REFUSED},
    {"web-12.a\\Z", REFUSED},
    {"\\Keb", REFUSED},
    {"\\h", REFUSED},
    {"[\\Q]\\E]", REFUSED},
    {"*", REFUSED},
    {"a**", REFUSED},
    {"web(", REFUSED},
    {"web)", REFUSED},
    {"[z-a]", REFUSED},
    {"\\", REFUSED},
};

static void anchored_patterns(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(patterns); i++) {
        struct sg_err err = {0};
        struct sg_regex *regex = sg_regex_new(patterns[i].text, true, &err);
        int got = regex == NULL                          ? REFUSED
                  : sg_regex_match(regex, "web-12.a", 8) ? HIT
                                                         : MISS;
        if (got != (int)patterns[i].expected) {
            fail_msg("'%s': %d %s", patterns[i].text, got, err.text);
        }
        assert_int_equal(err.code, got == REFUSED ? SG_E_INPUT : SG_OK);
        sg_regex_free(regex);
    }
}

static void unanchored_patterns(void **state) {
    (void)state;
    struct sg_err err = {0};
    struct sg_regex *regex = sg_regex_new("b$", false, &err);
    assert_non_null(regex);
    assert_true(sg_regex_match(regex, "aab", 3));
    assert_false(
        sg_regex_match(regex, "aab\n", 4)); /* the end, not before a last newline */
    sg_regex_free(regex);
}

/* Backtracking that would take years ends at the limit, as no match. */
static void a_match_is_limited(void **state) {
    (void)state;
    struct sg_err err = {0};
    char text[64];
    struct sg_regex *regex = sg_regex_new("(a+)+b", true, &err);
    assert_non_null(regex);
    memset(text, 'a', sizeof(text));
    assert_false(sg_regex_match(regex, text, sizeof(text)));
    sg_regex_free(regex);
}

static void a_pattern_is_limited(void **state) {
    (void)state;
    struct sg_err err = {0};
    char text[5000];
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_null(sg_regex_new(text, true, &err));
    assert_int_equal(err.code, SG_E_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(label_selectors),    cmocka_unit_test(no_labels_at_all),
        cmocka_unit_test(anchored_patterns),  cmocka_unit_test(unanchored_patterns),
        cmocka_unit_test(a_match_is_limited), cmocka_unit_test(a_pattern_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
