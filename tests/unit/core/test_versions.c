/* Versions: parsing, order, what a user asks for, hops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/versions.h"

#include <string.h>

static struct sg_version v(const char *text) {
    struct sg_version out;
    struct sg_err err = {0};
    assert_int_equal(sg_version_parse(text, &out, &err), 0);
    return out;
}

/* A set from two lists of words, NULL-terminated. */
static void make(struct sg_versions *set, enum sg_versions_step step,
                 const char *const *known, const char *const *skip) {
    struct sg_version k[32], s[32];
    size_t kn = 0, sn = 0;
    for (; known[kn]; kn++) {
        k[kn] = v(known[kn]);
    }
    for (; skip && skip[sn]; sn++) {
        s[sn] = v(skip[sn]);
    }
    sg_versions_init(set, step, k, kn, s, sn);
}

static const char *const releases[] = {
    "3.19.2",     "3.20.0", "3.20.1", "3.19.1", "3.20.1-2", "3.21.0-1", "3.21.0-3",
    "3.21.0-2",   "3.22.0", "3.22.1", "3.43.2", "4.0.0",    "4.0.1",    "4.1.0",
    "4.1.1-rc.1", "5.0.0",  "5.2.0",  "5.2.0",  NULL};

static void check_resolve(const struct sg_versions *set, const char *wanted,
                          const char *from, const char *expected) {
    struct sg_version out, here = from ? v(from) : (struct sg_version){0};
    struct sg_err err = {0};
    char text[SG_VERSION_TEXT] = "";
    if (sg_versions_resolve(set, wanted, from ? &here : NULL, &out, &err) == 0) {
        sg_version_text(&out, text);
    } else {
        assert_true(err.text[0] && err.hint[0]);
        static const char *const codes[] = {
            [SG_E_USAGE] = "!usage", [SG_E_INPUT] = "!input", [SG_E_NOTFOUND] = "!none"};
        strcpy(text, codes[err.code]);
    }
    if (strcmp(text, expected) != 0) {
        fail_msg("%s from %s: %s, expected %s", wanted, from ? from : "nothing", text,
                 expected);
    }
}

static void test_parse(void **state) {
    static const char *const good[] = {"3.20.1",         "0.0.0",    "3.20.1-2",
                                       "3.20.1-rc.1",    "1.2.3-0",  "1.2.3-01",
                                       "999999.1.2-a-b", "1.2.3-2a", "1.2.3-alpha.1.2"};
    static const char *const bad[] = {"",         "3",           "3.20",     "3.20.x",
                                      "v3.20.1",  "3.20.1-",     "3.20.1.2", "03.20.1",
                                      "3.20.1+b", "1000000.0.0", "3..1",     "3.20.1-a b",
                                      "3.20.-1",  " 3.20.1",     "3.20.1 "};
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(good); i++) {
        struct sg_version out = v(good[i]);
        char text[SG_VERSION_TEXT];
        sg_version_text(&out, text);
        assert_string_equal(text, good[i]);
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(bad); i++) {
        struct sg_version out;
        struct sg_err err = {0};
        assert_int_equal(sg_version_parse(bad[i], &out, &err), -1);
        assert_int_equal(err.code, SG_E_INPUT);
    }
    assert_int_equal(v("3.20.1-2").rerelease, 2);
    assert_string_equal(v("3.20.1-0").pre, "0");
}

static void test_order(void **state) {
    static const char *const sorted[] = {
        "2.9.9",        "3.0.0-alpha",   "3.0.0-alpha.1", "3.0.0-alpha.beta",
        "3.0.0-beta.2", "3.0.0-beta.11", "3.0.0-rc.1",    "3.0.0",
        "3.0.0-1",      "3.0.0-2",       "3.0.0-10",      "3.0.1-rc.1",
        "3.0.1",        "3.1.0",         "3.10.0"};
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(sorted); i++) {
        for (size_t j = 0; j < SG_ARRAY_LEN(sorted); j++) {
            struct sg_version a = v(sorted[i]), b = v(sorted[j]);
            int order = sg_version_cmp(&a, &b);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static void test_names(void **state) {
    (void)state;
    sg_auto_versions set = {0};
    make(&set, SG_VERSIONS_MINOR, releases, NULL);
    check_resolve(&set, "3.20.1", NULL, "3.20.1");
    check_resolve(&set, "v3.20.1", NULL, "3.20.1");
    check_resolve(&set, "3.20.1-2", NULL, "3.20.1-2"); /* only when named … */
    check_resolve(&set, "3.20", NULL, "3.20.1");       /* … the plain one is there */
    check_resolve(&set, "3.20.x", NULL, "3.20.1");
    check_resolve(&set, "3.21.0", NULL, "3.21.0-3"); /* stands for it */
    check_resolve(&set, "3.21", NULL, "3.21.0-3");
    check_resolve(&set, "3.21.0-1", NULL, "3.21.0-1");
    check_resolve(&set, "3.x", NULL, "3.43.2");
    check_resolve(&set, "4.x", NULL, "4.1.0"); /* not the pre-release */
    check_resolve(&set, "4.1.1", NULL, "!none");
    check_resolve(&set, "4.1.1-rc.1", NULL, "4.1.1-rc.1");
    check_resolve(&set, "latest", NULL, "5.2.0");
    check_resolve(&set, "next", NULL, "5.2.0");
    check_resolve(&set, "3.99", NULL, "!none");
    check_resolve(&set, "6.x", NULL, "!none");
    check_resolve(&set, "3.20.9", NULL, "!none");
    for (const char *const *bad =
             (const char *const[]){"", "3", "x", "3.x.1", "newest", "3.20.1.", "3.",
                                   "03.x", "3.x ", "-1", "3.20.1-", NULL};
         *bad; bad++) {
        check_resolve(&set, *bad, NULL, "!usage");
    }
}

static void test_next(void **state) {
    (void)state;
    sg_auto_versions minor = {0}, major = {0}, any = {0};
    make(&minor, SG_VERSIONS_MINOR, releases, NULL);
    make(&major, SG_VERSIONS_MAJOR, releases, NULL);
    make(&any, SG_VERSIONS_ANY, releases, NULL);
    check_resolve(&minor, "next", "3.19.2", "3.20.1");
    check_resolve(&minor, "next", "3.20.0", "3.21.0-3");
    check_resolve(&minor, "next", "3.22.0", "3.43.2"); /* what upstream offers next */
    check_resolve(&minor, "next", "3.43.2", "4.0.1");  /* the next major's first */
    check_resolve(&minor, "next", "5.2.0", "5.2.0");
    check_resolve(&minor, "next", "5.1.0", "5.2.0");
    check_resolve(&minor, "next", "6.0.0", "6.0.0");
    check_resolve(&minor, "latest", "6.0.0", "6.0.0");
    check_resolve(&minor, "latest", "3.19.1", "5.2.0");
    check_resolve(&major, "next", "3.19.1", "4.1.0");
    check_resolve(&major, "next", "5.0.0", "5.2.0"); /* no other major: this one's */
    check_resolve(&any, "next", "3.19.1", "5.2.0");
    sg_auto_versions patches = {0};
    make(&patches, SG_VERSIONS_MINOR, (const char *const[]){"3.20.0", "3.20.3", NULL},
         NULL);
    check_resolve(&patches, "next", "3.20.0", "3.20.3");
}

static void test_skip(void **state) {
    (void)state;
    sg_auto_versions set = {0};
    make(&set, SG_VERSIONS_MINOR, releases,
         (const char *const[]){"3.20.1", "3.21.0-3", "5.2.0", NULL});
    check_resolve(&set, "3.20", NULL, "3.20.0");
    check_resolve(&set, "3.20.1", NULL, "!input");
    check_resolve(&set, "3.20.1-2", NULL, "3.20.1-2"); /* by name, even so */
    check_resolve(&set, "3.21", NULL, "3.21.0-2");
    check_resolve(&set, "latest", NULL, "5.0.0");
    sg_auto_versions all = {0};
    make(&all, SG_VERSIONS_MINOR, releases, (const char *const[]){"3.21.0", NULL});
    check_resolve(&all, "3.21", NULL, "!none"); /* with all that would stand for it */
    check_resolve(&all, "next", "3.20.1", "3.22.1");
    sg_auto_versions none = {0};
    sg_versions_init(&none, SG_VERSIONS_ANY, NULL, 0, NULL, 0);
    check_resolve(&none, "latest", NULL, "!none");
    check_resolve(&none, "latest", "1.0.0", "1.0.0");
}

static void check_hops(const struct sg_versions *set, const char *from, const char *to,
                       const char *expected) {
    struct sg_version a = v(from), b = v(to);
    struct sg_err err = {0};
    sg_auto_version_list hops = {0};
    char all[512] = "";
    if (sg_versions_hops(set, &a, &b, &hops, &err)) {
        assert_int_equal(err.code, SG_E_USAGE);
        assert_non_null(strstr(err.hint, "rollback"));
        strcpy(all, "!older");
    }
    for (size_t i = 0; i < hops.items.len; i++) {
        char text[SG_VERSION_TEXT];
        sg_version_text(&hops.items.items[i], text);
        strcat(strcat(all, i ? " " : ""), text);
    }
    assert_string_equal(all, expected);
}

static void test_hops(void **state) {
    (void)state;
    sg_auto_versions minor = {0}, major = {0}, any = {0};
    make(&minor, SG_VERSIONS_MINOR, releases, NULL);
    make(&major, SG_VERSIONS_MAJOR, releases, NULL);
    make(&any, SG_VERSIONS_ANY, releases, NULL);
    check_hops(&minor, "3.19.1", "3.19.2", "3.19.2");
    check_hops(&minor, "3.19.1", "3.20.0", "3.20.0"); /* the target, not the newest */
    check_hops(&minor, "3.19.1", "3.22.0", "3.20.1 3.21.0-3 3.22.0");
    check_hops(&minor, "3.22.1", "4.1.0", "3.43.2 4.0.1 4.1.0");
    check_hops(&minor, "4.1.0", "4.1.1-rc.1", "4.1.1-rc.1");
    check_hops(&minor, "4.0.0", "4.1.1-rc.1", "4.1.1-rc.1");
    check_hops(&minor, "5.0.0", "5.1.0-rc.1", "5.1.0-rc.1"); /* no such minor yet */
    check_hops(&minor, "3.43.2", "6.0.0-rc.1", "4.0.1 4.1.0 5.0.0 5.2.0 6.0.0-rc.1");
    check_hops(&minor, "3.20.1", "3.20.1", "");
    check_hops(&minor, "3.20.1", "3.20.0", "!older");
    check_hops(&minor, "3.20.1-2", "3.20.1", "!older");
    check_hops(&major, "3.19.1", "5.0.0", "4.1.0 5.0.0");
    check_hops(&major, "3.19.1", "3.43.2", "3.43.2");
    check_hops(&any, "3.19.1", "5.0.0", "5.0.0");
}

static void test_newer(void **state) {
    (void)state;
    sg_auto_versions set = {0};
    make(&set, SG_VERSIONS_MINOR, releases, NULL);
    struct sg_version a = v("5.0.0"), b = v("5.2.0"), c = v("5.1.0");
    assert_int_equal(sg_versions_newer(&set, &a), 1);
    assert_int_equal(sg_versions_newer(&set, &b), 0);
    assert_int_equal(sg_versions_newer(&set, &c), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse), cmocka_unit_test(test_order),
        cmocka_unit_test(test_names), cmocka_unit_test(test_next),
        cmocka_unit_test(test_skip),  cmocka_unit_test(test_hops),
        cmocka_unit_test(test_newer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
