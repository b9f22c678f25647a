/*
 * The formats of CI systems, of a plan with everything in it that is hard to write:
 * control bytes, what is no UTF-8, each format's own syntax, no place, a place outside.
 * tests/ci/formats.py reads the same expected files with strict readers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "ci.h"
#include "expect.h"
#include "sample.h"

#define HOSTILE                                                                          \
    "100% <b>&\"quoted\"</b> ]]>\n::error::x,y\r\x1b[31m \xff\xfe \xef\xbf\xbf %0A\t"

static const struct sg_report_code pages[] = {
    {.code = "SG101",
     .rule = "masked",
     .title = "Hidden <change>",
     .severity = "warning; info where you delete the field",
     .when = "when",
     .means = "means",
     .apply = "apply",
     .fix = "fix"},
    {.code = "SG404",
     .rule = "stale-render",
     .title = "Stale",
     .severity = "error",
     .when = "when",
     .means = "means",
     .apply = "apply",
     .fix = "fix"},
    {.code = NULL},
};

static void add(struct sample *sample, struct sg_plan_overlay *overlay,
                const struct sg_finding_in *in, const char *accepted) {
    struct sg_finding *finding = sg_plan_add_finding(&sample->plan, overlay, in);
    finding->accepted = accepted;
}

static void fill(struct sample *sample) {
    struct sg_plan_overlay *o = sample_overlay(sample, "eu/prod");
    struct sg_finding_in in = {
        .code = "SG101",
        .rule = "masked",
        .object = "apps/v1/Deployment/prod/web",
        .path = "spec.replicas",
        .severity = SG_WARNING,
        .at = {"overlays/eu/prod/a b#1:c%\xc3\xa9.yaml", 6, 3},
        .message = "stays 3",
        .fix = "delete the line",
    };
    add(sample, o, &in, NULL);
    in.hop = 1; /* the same once more */
    add(sample, o, &in, NULL);
    in.message = in.fix = in.path = HOSTILE;
    in.at = (struct sg_place){"../shared/\xff.yaml", 0, 0};
    add(sample, o, &in, NULL);
    in = (struct sg_finding_in){.code = "SG404",
                                .rule = "stale-render",
                                .severity = SG_ERROR,
                                .hop = SG_NO_HOP,
                                .message = "differs",
                                .fix = "apply"};
    add(sample, o, &in, NULL);
    in.path = "agreed";
    add(sample, o, &in, "the robot renders, " HOSTILE);
    in = (struct sg_finding_in){.code = "SG201", /* no page of it */
                                .rule = "orphan-object",
                                .object = "v1/Service/x",
                                .severity = SG_WARNING,
                                .hop = 0,
                                .at = {"/etc/passwd", 3, 1},
                                .message = "gone",
                                .stops = true};
    add(sample, NULL, &in, "agreed, and kustomize refuses still");
    sample_overlay(sample, "quiet");
    struct sg_plan_hop hop = {.version = "3.21.0", .commit = sample->plan.to.commit};
    sg_vec_push(&sample->plan.hops, hop);
}

static void write_as(const char *format, const char *folder, struct sg_buf *out) {
    struct sample sample;
    sample_open(&sample);
    fill(&sample);
    sg_plan_finish(&sample.plan, SG_USE_CHECK_TO, SG_ERROR);
    struct sg_report report = {
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = &sample.plan,
                 .use = SG_USE_CHECK,
                 .target = "next",
                 .fail_on = SG_ERROR,
                 .folder = folder,
                 .pages = pages},
    };
    struct sg_report_opts opts = {.paint = sg_palette_get(true), .tool = "1.2.3"};
    struct sg_err err = {0};
    const struct sg_report_format *known = sg_report_format_find(format);
    assert_non_null(known);
    assert_int_equal(known->write[SG_REPORT_PLAN](&report, &opts, out, &err), 0);
    sample_close(&sample);
}

static void each_format_is_as_expected(void **state) {
    (void)state;
    static const char *const files[][2] = {
        {"junit", "ci.junit.xml"},
        {"sarif", "ci.sarif"},
        {"github", "ci.github"},
        {"gitlab", "ci.gitlab.json"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(files); i++) {
        sg_auto_buf out = SG_BUF_INIT;
        write_as(files[i][0], "env/prod", &out);
        expect_file(files[i][1], &out);
    }
}

static void a_command_is_one_line(void **state) {
    (void)state;
    sg_auto_buf out = SG_BUF_INIT;
    write_as("github", "", &out);
    size_t lines = 0;
    for (const char *at = sg_buf_cstr(&out); *at != '\0'; lines++) {
        assert_true(strncmp(at, "::error file=", 13) == 0 ||
                    strncmp(at, "::warning file=", 15) == 0 ||
                    strncmp(at, "::notice file=", 14) == 0);
        at = strchr(at, '\n') + 1;
    }
    assert_int_equal(lines, 6);
}

static struct sg_place place_of(const char *folder, const char *file, uint32_t hop,
                                struct sg_buf *out) {
    struct sg_report_plan report = {.folder = folder};
    struct sg_finding finding = {.hop = hop, .at = {.file = file, .column = 7}};
    return sg_ci_place(&report, &finding, out);
}

static void a_place_is_seen_from_the_repository(void **state) {
    (void)state;
    sg_auto_buf out = SG_BUF_INIT;
    struct sg_place at = place_of("a/b", "../c/x.yaml", 0, &out);
    assert_string_equal(at.file, "a/c/x.yaml");
    assert_int_equal(at.line, 1); /* a column without a line means nothing */
    assert_int_equal(at.column, 0);
    assert_string_equal(place_of(NULL, "x.yaml", 0, &out).file, "x.yaml");
    assert_string_equal(place_of("a", "../../x.yaml", SG_NO_HOP, &out).file,
                        "a/sgupgrade.yaml");
    assert_string_equal(place_of("", NULL, SG_NO_HOP, &out).file, "sgupgrade.yaml");
    assert_string_equal(place_of("a", NULL, 0, &out).file, "a/sgupgrade.lock");
}

static void a_verdict_goes_by_what_fails(void **state) {
    (void)state;
    struct sg_report_plan check = {.use = SG_USE_CHECK, .fail_on = SG_WARNING};
    struct sg_report_plan diff = {.use = SG_USE_DIFF};
    struct sg_finding finding = {.severity = SG_WARNING};
    assert_int_equal(sg_ci_verdict_of(&check, &finding), SG_CI_FAILED);
    assert_int_equal(sg_ci_verdict_of(&diff, &finding), SG_CI_NOTED);
    finding.accepted = "why";
    assert_int_equal(sg_ci_verdict_of(&check, &finding), SG_CI_ACCEPTED);
    assert_int_equal(sg_ci_severity(&finding), SG_INFO);
    finding.stops = true;
    assert_int_equal(sg_ci_verdict_of(&check, &finding), SG_CI_FAILED);
    assert_int_equal(sg_ci_severity(&finding), SG_ERROR);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_is_as_expected),
        cmocka_unit_test(a_command_is_one_line),
        cmocka_unit_test(a_place_is_seen_from_the_repository),
        cmocka_unit_test(a_verdict_goes_by_what_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
