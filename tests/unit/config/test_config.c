/* sgupgrade.yaml: every field, every refusal with its place, a fresh one, a new accept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/config.h"

#include <stdio.h>
#include <string.h>

#define HEAD                                                                             \
    "apiVersion: sgupgrade/v1\n"                                                         \
    "kind: Upgrade\n"                                                                    \
    "upstream:\n"                                                                        \
    "  url: ../up\n"

static const char full[] =
    "apiVersion: sgupgrade/v1\n"
    "kind: Upgrade\n"
    "upstream:\n"
    "  url: https://example.com/up\n"
    "  paths: [base, {from: kubernetes/x/, to: ./vendor/x}, {from: ., to: all}]\n"
    "  tag: \"release-{version}\"\n"
    "  skip: [3.20.0, 3.19.1-2]\n"
    "  notes: docs/migrate.md\n"
    "  verify: {tags: signed}\n"
    "overlays: [\"overlays/*\", clusters/*/*, single]\n"
    "path: {step: major}\n"
    "kubernetes: 1.30\n"
    "rendered: out/rendered\n"
    "renderedSecrets: omit\n"
    "repair: report\n"
    "external: [Secret/ns/pg, ClusterRole/admin]\n"
    "mergeKeys:\n"
    "- {group: example.com, kind: Foo, path: spec.rules, keys: [host, port]}\n"
    "- {kind: Bar, path: spec.x, keys: [name]}\n"
    "accept:\n"
    "- code: SG301\n"
    "  object: apps/*/Deployment/*/pgsql\n"
    "  overlay: prod\n"
    "  path: spec.selector\n"
    "  to: 3.21.0\n"
    "  reason: recreated by hand\n"
    "  expires: 2028-02-29\n"
    "- {code: SG502, object: \"*\", reason: done}\n";

static void read_ok(struct sg_config *config, const char *text) {
    struct sg_err err = {0};
    if (sg_config_read(config, "sgupgrade.yaml", text, strlen(text), &err)) {
        fail_msg("%u:%u: %s", (unsigned)err.line, (unsigned)err.column, err.text);
    }
}

static void test_every_field(void **state) {
    (void)state;
    sg_auto_config c;
    read_ok(&c, full);
    assert_string_equal(c.upstream.url, "https://example.com/up");
    assert_int_equal(c.upstream.url_at.line, 4);
    assert_int_equal(c.upstream.url_at.column, 8);
    assert_string_equal(c.upstream.url_at.file, "sgupgrade.yaml");
    assert_int_equal(c.upstream.paths.len, 3);
    assert_string_equal(c.upstream.paths.items[1].from, "kubernetes/x");
    assert_string_equal(c.upstream.paths.items[1].to, "vendor/x");
    assert_string_equal(c.upstream.paths.items[2].from, "");
    assert_int_equal(c.upstream.paths.items[1].at.column, 17);
    assert_string_equal(c.upstream.tag, "release-{version}");
    assert_int_equal(c.upstream.skip.len, 2);
    assert_int_equal(c.upstream.skip.items[1].version.rerelease, 2);
    assert_string_equal(c.upstream.notes, "docs/migrate.md");
    assert_int_equal(c.upstream.verify, SG_VERIFY_SIGNED);
    assert_int_equal(c.overlays.items.len, 3);
    assert_int_equal(c.step, SG_STEP_MAJOR);
    assert_string_equal(c.kubernetes, "1.30"); /* not 1.3: the text counts */
    assert_string_equal(c.rendered, "out/rendered");
    assert_int_equal(c.rendered_secrets, SG_SECRETS_OMIT);
    assert_int_equal(c.repair, SG_REPAIR_REPORT);
    assert_string_equal(c.external.items.items[1].text, "ClusterRole/admin");
    assert_int_equal(c.merge_keys.len, 2);
    assert_string_equal(c.merge_keys.items[0].keys.items.items[1].text, "port");
    assert_string_equal(c.merge_keys.items[1].group, "");
    assert_int_equal(c.accept.len, 2);
    assert_string_equal(c.accept.items[0].expires, "2028-02-29");
    assert_string_equal(c.accept.items[0].to, "3.21.0");
    assert_null(c.accept.items[1].overlay);
    assert_int_equal(c.accept.items[1].at.line, 28);
}

static void test_defaults(void **state) {
    (void)state;
    sg_auto_config c;
    read_ok(&c, HEAD "rendered:\nkubernetes: null\naccept:\n");
    assert_int_equal(c.upstream.paths.len, 1);
    assert_string_equal(c.upstream.paths.items[0].to, "base");
    assert_string_equal(c.upstream.tag, "v{version}");
    assert_int_equal(c.upstream.verify, SG_VERIFY_NONE);
    assert_string_equal(c.overlays.items.items[0].text, "overlays/*");
    assert_int_equal(c.overlays_at.line, 0);
    assert_int_equal(c.step, SG_STEP_MINOR);
    assert_int_equal(c.rendered_secrets, SG_SECRETS_REFUSE);
    assert_int_equal(c.repair, SG_REPAIR_AUTO);
    assert_null(c.kubernetes);
    assert_null(c.rendered);
    assert_null(c.upstream.notes);
    assert_int_equal(c.accept.len, 0);
}

struct fault {
    const char *text;
    uint32_t line, column; /* 0: not tested */
    const char *what, *hint;
};

static void test_faults_have_a_place_and_a_next_step(void **state) {
    (void)state;
    static const struct fault faults[] = {
        {"", 1, 1, "empty", "init"},
        {"# nothing\n", 1, 1, "empty", "init"},
        {"- a\n", 1, 1, "", ""},
        {"apiVersion: sgupgrade/v1\nkind: Lock\nupstream: {url: x}\n", 2, 7,
         "\"Upgrade\"", "kind: Upgrade"},
        {"apiVersion: sgupgrade/v2\nkind: Upgrade\nupstream: {url: x}\n", 1, 13,
         "sgupgrade/v2", "newer"},
        {"apiVersion: v1\nkind: Upgrade\nupstream: {url: x}\n", 1, 13, "\"v1\"",
         "sgupgrade/v1"},
        {"kind: Upgrade\nupstream: {url: x}\n", 0, 0, "apiVersion", ""},
        {"apiVersion: sgupgrade/v1\nkind: Upgrade\n", 0, 0, "upstream", ""},
        {"apiVersion: sgupgrade/v1\nkind: Upgrade\nupstream: {urls: x}\n", 3, 12,
         "unknown field \"urls\"", "did you mean \"url\"?"},
        {HEAD "overlay: [x]\n", 5, 1, "\"overlay\"", "\"overlays\""},
        {HEAD "overlays: x\n", 5, 11, "", ""},
        {HEAD "overlays: [../x]\n", 5, 12, "", "stays inside"},
        {HEAD "overlays: [/x]\n", 5, 12, "", "stays inside"},
        {HEAD "overlays: [\"\"]\n", 5, 12, "empty value", "remove"},
        {HEAD "overlays: [a]\noverlays: [b]\n", 6, 1, "overlays", ""},
        {HEAD "  paths: []\n", 5, 10, "no path", "[base]"},
        {HEAD "  paths: [base, ./base/]\n", 5, 17, "second path (line 5", "`to`"},
        {HEAD "  paths: [.]\n", 5, 11, "below the project", "{from: ., to: base}"},
        {HEAD "  paths: [[a]]\n", 5, 11, "found a list", "- base"},
        {HEAD "  paths: [{from: a}]\n", 5, 11, "to", ""},
        {HEAD "  paths: [{from: a, too: b}]\n", 5, 21, "\"too\"", "\"to\""},
        {HEAD "  paths: [.git/hooks]\n", 5, 11, "git's or", "another folder"},
        {HEAD "  paths: [\"a\\0b\"]\n", 5, 11, "NUL", "\\0"},
        {HEAD "  tag: v1\n", 5, 8, "\"v1\"", "v{version}"},
        {HEAD "  tag: \"{version}{version}\"\n", 5, 8, "once", "v{version}"},
        {HEAD "  skip: [3.20]\n", 5, 10, "3.20", ""},
        {HEAD "  verify: {tags: yes-please}\n", 5, 18, "none or signed", ""},
        {"apiVersion: sgupgrade/v1\nkind: Upgrade\nupstream: {url: -x}\n", 3, 17,
         "starts with \"-\"", "./"},
        {HEAD "path: {step: minr}\n", 5, 14, "minor, major or none",
         "did you mean minor?"},
        {HEAD "repair: never\n", 5, 9, "auto or report", "one of them"},
        {HEAD "renderedSecrets: wirte\n", 5, 18, "refuse, omit or write",
         "did you mean write?"},
        {HEAD "kubernetes: v1.29\n", 5, 13, "\"v1.29\"", "kubectl version"},
        {HEAD "kubernetes: 1\n", 5, 13, "\"1\"", "kubectl version"},
        {HEAD "kubernetes: 1.29.\n", 5, 13, "\"1.29.\"", "kubectl version"},
        {HEAD "rendered: base/x\n", 5, 11, "shares a place", "folder of their own"},
        {HEAD "rendered: .\n", 5, 11, "below the project", ""},
        {HEAD "external: [Secret]\n", 5, 12, "Kind/namespace/name", "Secret/"},
        {HEAD "external: [Secret//x]\n", 5, 12, "Kind/namespace/name", "Secret/"},
        {HEAD "mergeKeys: [{kind: A, path: b}]\n", 5, 0, "keys", ""},
        {HEAD "mergeKeys: [{kind: A, path: b, keys: []}]\n", 5, 38, "no key", "[name]"},
        {HEAD "accept: [{code: SG301, object: x}]\n", 5, 0, "reason", ""},
        {HEAD "accept: [{code: 301, object: x, reason: y}]\n", 5, 17, "", ""},
        {HEAD "accept: [{code: SG3x1, object: x, reason: y}]\n", 5, 17, "SG101",
         "explain"},
        {HEAD "accept: [{code: SG301, object: x, reason: y, expires: 2027-02-29}]\n", 5,
         55, "a date like", "last day"},
        {HEAD "accept: [{code: SG301, object: x, reason: y, expires: soon}]\n", 5, 55,
         "a date like", "last day"},
        {HEAD "---\na: b\n", 6, 1, "second document", "---"},
        {HEAD "accept:\n  -\n# end\n", 6, 0, "\"code\" is missing", ""},
        {HEAD "mergeKeys: [~]\n", 5, 13, "\"kind\" is missing", ""},
        {HEAD "mergeKeys: [{kind: A, path: b, keys: [~]}]\n", 5, 39, "empty value", ""},
        {HEAD "overlays: [~]\n", 5, 12, "empty value", "remove"},
        {HEAD "external: [null]\n", 5, 12, "empty value", "remove"},
        {HEAD "  paths: [~]\n", 5, 11, "empty value", "remove"},
        {HEAD "  skip: [~]\n", 5, 10, "empty value", "remove"},
        {HEAD "<<<<<<< ours\n", 5, 1, "merge conflict", "--ours"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(faults); i++) {
        const struct fault *fault = &faults[i];
        struct sg_err err = {0};
        sg_auto_config c;
        if (sg_config_read(&c, "sgupgrade.yaml", fault->text, strlen(fault->text),
                           &err) == 0) {
            fail_msg("was read: %s", fault->text);
        }
        if (!strstr(err.text, fault->what) || !strstr(err.hint, fault->hint) ||
            (fault->line && err.line != fault->line) ||
            (fault->column && err.column != fault->column)) {
            fail_msg("%s\n%u:%u: %s (%s)", fault->text, (unsigned)err.line,
                     (unsigned)err.column, err.text, err.hint);
        }
        assert_int_equal(err.code, SG_E_INPUT);
        assert_string_equal(err.file, "sgupgrade.yaml");
    }
}

static void test_overlay_names(void **state) {
    (void)state;
    sg_auto_config c;
    read_ok(&c, full);
    assert_string_equal(sg_config_overlay_name(&c, "overlays/prod"), "prod");
    assert_string_equal(sg_config_overlay_name(&c, "clusters/eu/prod"), "eu/prod");
    assert_string_equal(sg_config_overlay_name(&c, "single"), "single");
    assert_null(sg_config_overlay_name(&c, "overlays/a/b"));
    assert_null(sg_config_overlay_name(&c, "other"));
}

static void test_fresh_reads_back(void **state) {
    (void)state;
    static const struct sg_config_path paths[] = {{.from = "", .to = "base"},
                                                  {.from = "docs", .to = "docs"},
                                                  {.from = "a: b", .to = "c"}};
    struct sg_config_fresh fresh = {.url = "../with \"quotes\" # and more",
                                    .paths = paths,
                                    .path_count = SG_ARRAY_LEN(paths),
                                    .tag = "release/{version}"};
    struct sg_err err = {0};
    sg_auto_buf out = SG_BUF_INIT;
    assert_int_equal(sg_config_write(&fresh, "sgupgrade.yaml", &out, &err), 0);
    sg_auto_config c;
    read_ok(&c, out.ptr);
    assert_string_equal(c.upstream.url, fresh.url);
    assert_string_equal(c.upstream.tag, fresh.tag);
    assert_int_equal(c.upstream.paths.len, 3);
    assert_string_equal(c.upstream.paths.items[0].from, "");
    assert_string_equal(c.upstream.paths.items[2].from, "a: b");

    fresh = (struct sg_config_fresh){.url = "caf\xe9"};
    assert_int_equal(sg_config_write(&fresh, "sgupgrade.yaml", &out, &err), -1);
    assert_non_null(strstr(err.text, "UTF-8"));
    sg_err_clear(&err);
    fresh = (struct sg_config_fresh){.url = "x", .tag = "v1"};
    assert_int_equal(sg_config_write(&fresh, "sgupgrade.yaml", &out, &err), -1);
    assert_non_null(strstr(err.text, "{version}"));
}

/* --- adding an accept entry ------------------------------------------------------- */

static const struct sg_config_accept entry = {
    .code = "SG301", .object = "apps/*", .reason = "so: it \"is\""};
#define BLOCK(indent, eol)                                                               \
    indent "- code: SG301" eol indent "  object: \"apps/*\"" eol indent                  \
           "  reason: \"so: it \\\"is\\\"\"" eol

struct addition {
    const char *before, *after; /* what follows HEAD */
};

static void test_accept_is_spliced_in(void **state) {
    (void)state;
    static const struct addition additions[] = {
        {"", "accept:\n" BLOCK("  ", "\n")},
        {"repair: auto", "repair: auto\naccept:\n" BLOCK("  ", "\n")},
        {"accept: []\n", "accept:\n" BLOCK("  ", "\n")},
        {"accept: []", "accept:\n" BLOCK("  ", "\n")},
        {"accept:\n", "accept:\n" BLOCK("  ", "\n")},
        {"accept:   []   # agreed\nrepair: auto # end\n",
         "accept:   # agreed\n" BLOCK("  ", "\n") "repair: auto # end\n"},
        {"accept:  # agreed\nrepair: auto\n",
         "accept:  # agreed\n" BLOCK("  ", "\n") "repair: auto\n"},
        {"accept:\n    - code: SG502 # one\n      object: x\n      reason: y # two\n\n"
         "# next\nrepair: auto\n",
         "accept:\n    - code: SG502 # one\n      object: x\n      reason: y # "
         "two\n" BLOCK("    ", "\n") "\n# next\nrepair: auto\n"},
        {"accept:\n- {code: SG502, object: x, reason: y}\n",
         "accept:\n- {code: SG502, object: x, reason: y}\n" BLOCK("", "\n")},
        {"accept:\n- code: SG502\n  object: x\n  reason: |\n    long\n    text\nrepair: "
         "auto\n",
         "accept:\n- code: SG502\n  object: x\n  reason: |\n    long\n    text\n" BLOCK(
             "", "\n") "repair: auto\n"},
        {"accept: [{code: SG502, object: x, reason: y}]\n",
         "accept: [{code: SG502, object: x, reason: y}, {code: \"SG301\", object: "
         "\"apps/*\", reason: \"so: it \\\"is\\\"\"}]\n"},
        {"accept: [\n  {code: SG502, object: x, reason: y},\n]\n",
         "accept: [\n  {code: SG502, object: x, reason: y}, {code: \"SG301\", object: "
         "\"apps/*\", reason: \"so: it \\\"is\\\"\"}\n]\n"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(additions); i++) {
        sg_auto_cstr before = sg_xasprintf(HEAD "%s", additions[i].before);
        sg_auto_cstr after = sg_xasprintf(HEAD "%s", additions[i].after);
        struct sg_err err = {0};
        sg_auto_buf out = SG_BUF_INIT;
        if (sg_config_add_accept("sgupgrade.yaml", before, strlen(before), &entry, &out,
                                 &err)) {
            fail_msg("%s\n%s", before, err.text);
        }
        assert_string_equal(out.ptr, after);
    }
    /* the line ends of the file */
    static const char crlf[] = "apiVersion: sgupgrade/v1\r\nkind: Upgrade\r\n"
                               "upstream: {url: x}\r\n";
    struct sg_err err = {0};
    sg_auto_buf out = SG_BUF_INIT;
    assert_int_equal(
        sg_config_add_accept("sgupgrade.yaml", crlf, strlen(crlf), &entry, &out, &err),
        0);
    assert_string_equal(out.ptr + strlen(crlf), "accept:\r\n" BLOCK("  ", "\r\n"));
}

static void test_accept_that_cannot_be_added(void **state) {
    (void)state;
    static const char flow[] =
        "{apiVersion: sgupgrade/v1, kind: Upgrade, upstream: {url: x}}";
    struct sg_err err = {0};
    sg_auto_buf out = SG_BUF_INIT;
    assert_int_equal(
        sg_config_add_accept("sgupgrade.yaml", flow, strlen(flow), &entry, &out, &err),
        -1);
    assert_non_null(strstr(err.text, "cannot be added"));
    assert_non_null(strstr(err.hint, "by hand"));
    assert_int_equal(out.len, 0);
    sg_err_clear(&err);
    struct sg_config_accept bad = entry;
    bad.code = "301";
    assert_int_equal(
        sg_config_add_accept("sgupgrade.yaml", HEAD, strlen(HEAD), &bad, &out, &err), -1);
    sg_err_clear(&err);
    bad = entry;
    bad.reason = "";
    assert_int_equal(
        sg_config_add_accept("sgupgrade.yaml", HEAD, strlen(HEAD), &bad, &out, &err), -1);
    assert_non_null(strstr(err.text, "reason"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_field),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_faults_have_a_place_and_a_next_step),
        cmocka_unit_test(test_overlay_names),
        cmocka_unit_test(test_fresh_reads_back),
        cmocka_unit_test(test_accept_is_spliced_in),
        cmocka_unit_test(test_accept_that_cannot_be_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
