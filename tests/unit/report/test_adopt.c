/*
 * An adopted fork by hand against the files in expected/, and what no report may hold:
 * bytes that act on a terminal, a Secret's value, a comment that is too long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "adopt_view.h"
#include "adopted.h"
#include "expect.h"
#include "sg/json.h"
#include "utf8.h"

static void odd_as(const char *format, const struct sg_report_opts *view,
                   const char *file) {
    struct adopted sample;
    adopted_open(&sample);
    adopted_fill(&sample);
    sg_auto_buf out = SG_BUF_INIT;
    adopted_write(&sample, format, view, &out);
    expect_file(file, &out);
    adopted_close(&sample);
}

static void everything_odd_is_text(void **state) {
    (void)state;
    odd_as("text", &(struct sg_report_opts){0}, "adopt.txt");
    odd_as("text", &(struct sg_report_opts){.full = true}, "adopt-full.txt");
    odd_as("text", &(struct sg_report_opts){.quiet = true}, "adopt-quiet.txt");
}

static void everything_odd_is_a_tree(void **state) {
    (void)state;
    odd_as("json", &(struct sg_report_opts){0}, "adopt.json");
    odd_as("yaml", &(struct sg_report_opts){0}, "adopt.yaml");
}

static void everything_odd_is_a_comment(void **state) {
    (void)state;
    odd_as("markdown", &(struct sg_report_opts){0}, "adopt.md");
}

/* What is left out of a long list is counted. */
static void what_is_cut_is_told(void **state) {
    (void)state;
    struct adopted sample;
    adopted_open(&sample);
    adopted_fill(&sample);
    for (size_t i = sample.adopted.reformatted.len; i < 53; i++) {
        sg_vec_push(&sample.adopted.reformatted, "conf.yaml");
    }
    for (size_t i = sample.adopted.moved.len; i < 54; i++) {
        struct sg_adopt_moved moved = {"v1/Service/web", "all.yaml", "web.yaml"};
        sg_vec_push(&sample.adopted.moved, moved);
    }
    sample.outside.more = true;
    sg_auto_buf out = SG_BUF_INIT;
    adopted_write(&sample, "markdown", &(struct sg_report_opts){0}, &out);
    assert_non_null(strstr(sg_buf_cstr(&out), "\n- 7 more\n\n</details>"));
    assert_non_null(strstr(sg_buf_cstr(&out), "overlays/small, and perhaps more."));
    adopted_close(&sample);
}

static void nothing_odd_is_short(void **state) {
    (void)state;
    static const char *const files[][2] = {{"text", "adopt-plain.txt"},
                                           {"json", "adopt-plain.json"},
                                           {"markdown", "adopt-plain.md"}};
    for (size_t i = 0; i < SG_ARRAY_LEN(files); i++) {
        struct adopted sample;
        adopted_open(&sample);
        sg_auto_buf out = SG_BUF_INIT;
        adopted_write(&sample, files[i][0], &(struct sg_report_opts){0}, &out);
        expect_file(files[i][1], &out);
        adopted_close(&sample);
    }
}

/* Colour adds escapes and changes nothing else. */
static void colour_changes_no_text(void **state) {
    (void)state;
    struct adopted sample;
    adopted_open(&sample);
    adopted_fill(&sample);
    sg_auto_buf plain = SG_BUF_INIT, colored = SG_BUF_INIT, stripped = SG_BUF_INIT;
    adopted_write(&sample, "text", &(struct sg_report_opts){.full = true}, &plain);
    adopted_write(&sample, "text",
                  &(struct sg_report_opts){.full = true, .paint = sg_palette_get(true)},
                  &colored);
    for (const char *at = colored.ptr; *at; at++) {
        if (*at == '\033') {
            at += strcspn(at, "m");
        } else {
            sg_buf_addc(&stripped, *at);
        }
    }
    assert_true(colored.len > plain.len);
    assert_string_equal(stripped.ptr, plain.ptr);
    adopted_close(&sample);
}

/* --- the exit --------------------------------------------------------------------- */

static void the_exit_is_the_proofs(void **state) {
    (void)state;
    struct adopted sample;
    adopted_open(&sample);
    assert_int_equal(sg_report_adopt_exit(&sample.report.adopt), 0);
    adopted_oddity(&sample, SG_ODD_TWICE, NULL, NULL, "odd, and nothing more");
    assert_int_equal(sg_report_adopt_exit(&sample.report.adopt), 0);
    sample.fork.broken = true;
    assert_int_equal(sg_report_adopt_exit(&sample.report.adopt), 4);
    sample.fork.broken = false;
    sample.adopted.equal--;
    assert_int_equal(sg_report_adopt_exit(&sample.report.adopt), 4);
    adopted_close(&sample);
}

/* --- what must not come out ------------------------------------------------------- */

#define HOSTILE "\033[2J\a\x9b\xff\xfe\xe2\x80\xae|`<b>@all \n# x"

/* Every text of the report is hostile. */
static void fill_hostile(struct adopted *sample) {
    static const char *const lines[] = {HOSTILE};
    static const char *const paths[] = {"a\033/\xff.yaml"};
    struct sg_report_adopt *adopt = &sample->report.adopt;
    adopt->fork = adopt->upstream = adopt->version = HOSTILE;
    adopt->dir = adopt->overlay = HOSTILE;
    adopt->by_hand = HOSTILE;
    adopt->next = lines;
    adopt->files = paths;
    adopt->next_len = adopt->files_len = 1;
    for (int way = SG_WAY_PATCH; way <= SG_WAY_DELETION; way++) {
        adopted_change(sample, (enum sg_adopt_way)way, HOSTILE "/x/" HOSTILE, HOSTILE,
                       HOSTILE, HOSTILE);
        struct sg_adopt_change *change = &sample->adopted.changes.items[way];
        change->file = change->picked = HOSTILE;
    }
    adopted_change(sample, SG_WAY_RESOURCE, "", "", HOSTILE, HOSTILE);
    sg_vec_push(&sample->adopted.reformatted, HOSTILE);
    sg_vec_push(&sample->adopted.moved,
                ((struct sg_adopt_moved){HOSTILE, HOSTILE, HOSTILE}));
    adopted_drop(sample, HOSTILE "/x/" HOSTILE, HOSTILE, HOSTILE, HOSTILE, true);
    sample->adopted.drops.items[0].file = sample->adopted.drops.items[0].version =
        HOSTILE;
    for (int kind = SG_ODD_REPEATED_KEY; kind <= SG_ODD_OLD_BOOLEAN; kind++) {
        adopted_oddity(sample, (enum sg_adopt_oddity_kind)kind, HOSTILE, HOSTILE,
                       HOSTILE);
        sample->fork.oddities.items[kind].file = HOSTILE;
    }
    sg_vec_push(&sample->fork.others, HOSTILE);
    adopt->folder = HOSTILE;
    sg_vec_push(&sample->outside.items, HOSTILE);
    struct sg_adopt_difference difference = {HOSTILE, HOSTILE, HOSTILE,
                                             HOSTILE, HOSTILE, 1};
    sg_vec_push(&sample->adopted.differences, difference);
    struct sg_adopt_restart restart = {HOSTILE, HOSTILE};
    sg_vec_push(&sample->adopted.restarts, restart);
}

static void expect_harmless(const char *format, const struct sg_buf *out) {
    bool tree = strcmp(format, "json") == 0 || strcmp(format, "yaml") == 0;
    for (size_t at = 0; at < out->len;) {
        uint32_t code = 0;
        size_t n = sg_utf8_next(out->ptr + at, out->len - at, &code);
        assert_int_not_equal(n, 0);
        bool ours =
            code == '\n' || (tree && code >= 0x80); /* JSON says U+202E as it is */
        assert_true(ours || !sg_utf8_acts(code));
        at += n;
    }
}

static void hostile_text_is_shown_not_obeyed(void **state) {
    (void)state;
    static const char *const formats[] = {"text", "json", "yaml", "markdown"};
    struct adopted sample;
    adopted_open(&sample);
    adopted_candidate(&sample, "3.10.4", 41, 0.9);
    fill_hostile(&sample);
    for (size_t i = 0; i < 2 * SG_ARRAY_LEN(formats); i++) {
        const char *format = formats[i / 2];
        sg_auto_buf out = SG_BUF_INIT;
        adopted_write(&sample, format, &(struct sg_report_opts){.full = i % 2 == 1},
                      &out);
        expect_harmless(format, &out);
        if (strcmp(format, "markdown") == 0) {
            assert_null(strstr(out.ptr, "@all"));
        }
    }
    adopted_close(&sample);
}

/* What JSON says is read back by a reader of JSON. */
static void json_is_json(void **state) {
    (void)state;
    struct adopted sample;
    adopted_open(&sample);
    fill_hostile(&sample);
    sg_auto_buf out = SG_BUF_INIT;
    adopted_write(&sample, "json", &(struct sg_report_opts){0}, &out);
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_docs docs;
    sg_docs_init(&docs, atoms);
    struct sg_err err = {0};
    struct sg_node *root = sg_json_read(&docs, "adopt", out.ptr, out.len, &err);
    assert_non_null(root);
    assert_string_equal(sg_text(sg_map_gets(root, "schema")), "sgupgrade.adopt/v1");
    assert_int_equal(sg_map_gets(root, "customisations")->len, SG_ADOPT_WAYS + 1);
    assert_int_equal(sg_map_gets(root, "oddities")->len, SG_ADOPT_ODDITIES);
    assert_int_equal(sg_map_gets(root, "candidates")->len, 0);
    assert_string_equal(sg_text(sg_map_gets(root, "exit")), "4");
    sg_docs_release(&docs);
    sg_atoms_free(atoms);
    adopted_close(&sample);
}

static void no_format_tells_a_secret(void **state) {
    (void)state;
    static const char *const formats[] = {"text", "json", "yaml", "markdown"};
    struct adopted sample;
    adopted_open(&sample);
    adopted_fill(&sample);
    adopted_change(&sample, SG_WAY_PATCH, "v1/Secret/tls",
                   "metadata.annotations[\"kubectl.kubernetes.io/last-applied-"
                   "configuration\"]",
                   "SECRETD", "SECRETE");
    adopted_change(&sample, SG_WAY_DELETION, "v1/Secret/gone", "", "SECRETF", NULL);
    for (size_t i = 0; i < SG_ARRAY_LEN(formats); i++) {
        sg_auto_buf out = SG_BUF_INIT;
        adopted_write(&sample, formats[i], &(struct sg_report_opts){.full = true}, &out);
        assert_null(strstr(out.ptr, "SECRET"));
    }
    adopted_close(&sample);
}

static void a_secret_is_what_may_hold_a_value(void **state) {
    (void)state;
    assert_true(sg_adopt_is_secret("v1/Secret/a", ""));
    assert_true(sg_adopt_is_secret("v1/Secret/ns/a", "data.key"));
    assert_true(sg_adopt_is_secret("v1/Secret/ns/a", "data[\"a.b\"]"));
    assert_true(sg_adopt_is_secret("/Secret/a", "stringData"));
    assert_true(sg_adopt_is_secret("v1/Secret/a", "metadata"));
    assert_true(sg_adopt_is_secret("v1/Secret/a", "metadata.annotations.x"));
    assert_false(sg_adopt_is_secret("v1/Secret/a", "metadata.labels.x"));
    assert_false(sg_adopt_is_secret("v1/Secret/a", "metadata.namespace"));
    assert_false(sg_adopt_is_secret("v1/Secret/a", "type"));
    assert_true(sg_adopt_is_secret("v1/Secret/a", "typed"));
    assert_false(sg_adopt_is_secret("v1/ConfigMap/Secret/a", "data.key"));
    assert_false(sg_adopt_is_secret("bitnami.com/v1/Secret/a", "spec"));
    assert_false(sg_adopt_is_secret("", ""));
}

/* --- parts ------------------------------------------------------------------------ */

static void expect_id(const char *object, const char *want) {
    struct sg_adopt_id id = sg_adopt_id_of(object);
    sg_auto_buf got = SG_BUF_INIT;
    sg_buf_add(&got, id.version.ptr, id.version.len);
    sg_buf_addc(&got, '|');
    sg_buf_add(&got, id.kind.ptr, id.kind.len);
    sg_buf_addc(&got, '|');
    sg_buf_add(&got, id.name.ptr, id.name.len);
    assert_string_equal(got.ptr, want);
}

static void an_object_is_told_in_parts(void **state) {
    (void)state;
    expect_id("apps/v1/Deployment/prod/web", "apps/v1|Deployment|prod/web");
    expect_id("apps/v1beta1/Deployment/web", "apps/v1beta1|Deployment|web");
    expect_id("v1/Service/prod/web", "v1|Service|prod/web");
    expect_id("v1/Service/web", "v1|Service|web");
    expect_id("v1x.example.com/v1/Kind/web", "v1x.example.com/v1|Kind|web");
    expect_id("/Service/web", "|Service|web");
    expect_id("apps", "apps||");
    expect_id("", "||");
}

static void expect_values(const char *old, const char *new, const char *want) {
    struct sg_report_opts opts = {0};
    struct sg_text t = {.opts = &opts, .paint = sg_palette_get(false)};
    sg_auto_adopt_values values = {0};
    sg_adopt_values_of(&t, "v1/ConfigMap/a", "data.a", old, new, &values);
    sg_auto_buf got = SG_BUF_INIT;
    sg_buf_addf(&got, "%s -> %s", sg_buf_cstr(&values.old), sg_buf_cstr(&values.new));
    assert_string_equal(got.ptr, want);
}

#define FORTY "0123456789abcdefghij0123456789abcdefghij"

static void of_long_values_what_differs_is_shown(void **state) {
    (void)state;
    expect_values("1", "2", "1 -> 2");
    expect_values(NULL, "2", "(none) -> 2");
    expect_values("", NULL, " -> (none)");
    expect_values(FORTY "x" FORTY, FORTY "y" FORTY,
                  "...456789abcdefghijx0123456789abcdef... -> "
                  "...456789abcdefghijy0123456789abcdef...");
    expect_values(FORTY FORTY, FORTY,
                  "...456789abcdefghij" FORTY " -> "
                  "...456789abcdefghij");
    /* never through a character */
    expect_values(FORTY "\xc3\xa9" FORTY, FORTY "\xc3\xa8" FORTY,
                  "...56789abcdefghij\xc3\xa9"
                  "0123456789abcdef... -> "
                  "...56789abcdefghij\xc3\xa8"
                  "0123456789abcdef...");
}

static void expect_evidence(struct adopted *sample, const char *version,
                            const char *want) {
    sample->report.adopt.version = version;
    sg_auto_buf got = SG_BUF_INIT;
    sg_adopt_evidence(&sample->report.adopt, &got);
    assert_string_equal(got.ptr, want);
}

static void the_evidence_says_how_sure_it_is(void **state) {
    (void)state;
    struct adopted sample;
    adopted_open(&sample);
    expect_evidence(&sample, "3.10.4", ", as you said");
    adopted_candidate(&sample, "3.10.4", 63, 0.9996);
    expect_evidence(&sample, "3.10.4",
                    ", the only release: 99.9 % alike, 63 of 63 files as they are");
    adopted_candidate(&sample, "3.11.4", 1, 0.997);
    expect_evidence(&sample, "3.10.4",
                    ", the nearest of 2 releases: 99.9 % alike, 63 of 63 files as they "
                    "are; next 3.11.4 with 99.7 %");
    sample.report.adopt.said = true;
    expect_evidence(&sample, "3.11.4",
                    ", as you said: 99.7 % alike, 1 of 63 files as it is, 7 not there; "
                    "nearer 3.10.4 with 99.9 %");
    sample.report.adopt.said = false;
    sample.ranking.items.items[1].likeness = 0.9996;
    expect_evidence(&sample, "3.10.4",
                    ", the nearest of 2 releases: 99.9 % alike, 63 of 63 files as they "
                    "are; 3.11.4 is as near, --from decides");
    adopted_close(&sample);
}

static void expect_nearer(const struct adopted *sample, const char *want) {
    sg_auto_buf got = SG_BUF_INIT;
    sg_adopt_nearer(&sample->report.adopt, &got);
    assert_string_equal(sg_buf_cstr(&got), want);
}

static void only_what_is_much_nearer_is_a_warning(void **state) {
    (void)state;
    struct adopted sample;
    adopted_open(&sample);
    expect_nearer(&sample, "");
    adopted_candidate(&sample, "3.14.4", 50, 0.97);
    adopted_candidate(&sample, "3.10.4", 20, 0.90);
    expect_nearer(&sample, "");
    sample.ranking.items.items[1].likeness = 0.41;
    expect_nearer(&sample, "3.14.4 is much nearer to this fork: 97 % alike, 3.10.4 41 %; "
                           "--from 3.14.4 makes a smaller overlay");
    sample.report.adopt.follows = true;
    expect_nearer(&sample, "3.14.4 is much nearer to this fork: 97 % alike, 3.10.4 41 %; "
                           "a project of its own has a smaller overlay");
    sample.report.adopt.version = "3.14.4";
    expect_nearer(&sample, "");
    adopted_close(&sample);
}

/* --- much of it ------------------------------------------------------------------- */

static void fill_much(struct adopted *sample, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *object =
            sg_arena_printf(&sample->adopted.arena, "x/v1/Kind%zu/web-%zu", i % 300, i);
        adopted_change(sample, SG_WAY_PATCH, object, "spec.replicas", "1", "2");
        adopted_oddity(sample, SG_ODD_DANGLING, object, "spec.x", "what is so");
        sg_vec_push(&sample->fork.others, object);
        struct sg_adopt_difference difference = {object, "spec.x", "1", "2", "a.yaml", 1};
        sg_vec_push(&sample->adopted.differences, difference);
        struct sg_adopt_restart restart = {object, "spec.template.spec.volumes"};
        sg_vec_push(&sample->adopted.restarts, restart);
    }
}

static size_t count(const char *text, const char *what) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what)) {
        n++;
    }
    return n;
}

static void a_comment_has_its_cap(void **state) {
    (void)state;
    struct adopted sample;
    adopted_open(&sample);
    fill_much(&sample, 3000);
    sg_auto_buf out = SG_BUF_INIT;
    adopted_write(&sample, "markdown", &(struct sg_report_opts){.full = true}, &out);
    assert_in_range(sg_text_width(out.ptr, out.len), 50000, 60000);
    assert_int_equal(count(out.ptr, "<details>"), count(out.ptr, "</details>"));
    assert_non_null(strstr(out.ptr, "Not shown: "));
    assert_non_null(strstr(out.ptr, "2950 differences, "));
    assert_non_null(strstr(out.ptr, "Next: `cd new && git init`\n"));
    adopted_close(&sample);
}

/* A fork that changes much leaves room for the next one. */
static void several_forks_share_a_comment(void **state) {
    (void)state;
    struct adopted much, more;
    adopted_open(&much);
    adopted_open(&more);
    fill_much(&much, 3000);
    fill_much(&more, 3000);
    more.report.adopt.overlay = "other";
    struct sg_report_part parts[] = {{.dir = "overlays/default", .report = much.report},
                                     {.dir = "overlays/other", .report = more.report}};
    much.report =
        (struct sg_report){.kind = SG_REPORT_MANY, .many = {parts, 2, SG_REPORT_ADOPT}};
    sg_auto_buf out = SG_BUF_INIT;
    adopted_write(&much, "markdown", &(struct sg_report_opts){.full = true}, &out);
    assert_in_range(sg_text_width(out.ptr, out.len), 50000, 60000);
    assert_int_equal(strncmp(out.ptr, "<!-- sgupgrade -->\n## ", 22), 0);
    assert_int_equal(count(out.ptr, "<!-- sgupgrade -->"), 1);
    assert_non_null(strstr(out.ptr, "## sgupgrade adopt: 3.10.4, default\n"));
    const char *second = strstr(out.ptr, "## sgupgrade adopt: 3.10.4, other\n");
    assert_in_range(second - out.ptr, 25000, 35000);
    assert_int_equal(count(out.ptr, "Next: `cd new && git init`\n"), 1);
    assert_non_null(strstr(out.ptr, "5900 differences, "));
    adopted_close(&much);
    adopted_close(&more);
}

static void text_is_short_without_full(void **state) {
    (void)state;
    struct adopted sample;
    adopted_open(&sample);
    fill_much(&sample, 3000);
    sg_auto_buf out = SG_BUF_INIT, full = SG_BUF_INIT;
    adopted_write(&sample, "text", &(struct sg_report_opts){0}, &out);
    assert_true(count(out.ptr, "\n") < 260);
    assert_non_null(strstr(out.ptr, "... 2995 more; --full shows them"));
    adopted_write(&sample, "text", &(struct sg_report_opts){.full = true}, &full);
    assert_null(strstr(full.ptr, " more"));
    assert_true(count(full.ptr, "\n") > 4 * 3000);
    adopted_close(&sample);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_odd_is_text),
        cmocka_unit_test(everything_odd_is_a_tree),
        cmocka_unit_test(everything_odd_is_a_comment),
        cmocka_unit_test(what_is_cut_is_told),
        cmocka_unit_test(nothing_odd_is_short),
        cmocka_unit_test(colour_changes_no_text),
        cmocka_unit_test(the_exit_is_the_proofs),
        cmocka_unit_test(hostile_text_is_shown_not_obeyed),
        cmocka_unit_test(json_is_json),
        cmocka_unit_test(no_format_tells_a_secret),
        cmocka_unit_test(a_secret_is_what_may_hold_a_value),
        cmocka_unit_test(an_object_is_told_in_parts),
        cmocka_unit_test(of_long_values_what_differs_is_shown),
        cmocka_unit_test(the_evidence_says_how_sure_it_is),
        cmocka_unit_test(only_what_is_much_nearer_is_a_warning),
        cmocka_unit_test(a_comment_has_its_cap),
        cmocka_unit_test(several_forks_share_a_comment),
        cmocka_unit_test(text_is_short_without_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
