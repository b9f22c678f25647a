/*
 * A plan by hand against the files in expected/: what people and programs read.
 * UPDATE_GOLDEN=1 rewrites them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "expect.h"
#include "sample.h"
#include "sg/json.h"

static void write_report(const char *format, const struct sg_report *report,
                         const struct sg_report_opts *view, struct sg_buf *out) {
    struct sg_report_opts opts = *view;
    struct sg_err err = {0};
    if (!opts.paint) {
        opts.paint = sg_palette_get(false);
    }
    opts.tool = "1.2.3";
    const struct sg_report_format *known = sg_report_format_find(format);
    assert_non_null(known);
    assert_int_equal(known->write[report->kind](report, &opts, out, &err), 0);
}

static void plan_as(const char *format, enum sg_plan_use use,
                    const struct sg_report_opts *view, const char *file) {
    struct sample sample;
    sample_open(&sample);
    sample_fill(&sample);
    sg_plan_finish(&sample.plan, use, SG_ERROR);
    struct sg_report report = {
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = &sample.plan, .use = use, .target = "3.20"},
    };
    sg_auto_buf out = SG_BUF_INIT;
    write_report(format, &report, view, &out);
    expect_file(file, &out);
    sample_close(&sample);
}

static void text_opens_what_the_customer_has_a_stake_in(void **state) {
    (void)state;
    plan_as("text", SG_USE_DIFF, &(struct sg_report_opts){0}, "diff.txt");
}

static void full_opens_everything(void **state) {
    (void)state;
    plan_as("text", SG_USE_DIFF, &(struct sg_report_opts){.full = true}, "diff-full.txt");
}

static void stat_counts(void **state) {
    (void)state;
    plan_as("text", SG_USE_DIFF, &(struct sg_report_opts){.stat = true}, "diff-stat.txt");
}

static void quiet_keeps_what_must_be_known(void **state) {
    (void)state;
    plan_as("text", SG_USE_APPLY, &(struct sg_report_opts){.quiet = true},
            "apply-quiet.txt");
}

static void check_lists_findings_only(void **state) {
    (void)state;
    plan_as("text", SG_USE_CHECK, &(struct sg_report_opts){0}, "check.txt");
}

static void json_has_the_schema(void **state) {
    (void)state;
    plan_as("json", SG_USE_DIFF, &(struct sg_report_opts){0}, "diff.json");
}

static void markdown_is_a_comment(void **state) {
    (void)state;
    plan_as("markdown", SG_USE_DIFF, &(struct sg_report_opts){0}, "diff.md");
}

static void yaml_is_the_same_tree(void **state) {
    (void)state;
    plan_as("yaml", SG_USE_DIFF, &(struct sg_report_opts){0}, "diff.yaml");
}

static void nothing_to_do_is_one_line(void **state) {
    (void)state;
    struct sample sample;
    sample_open(&sample);
    sample.plan.hops.len = 0;
    sg_plan_finish(&sample.plan, SG_USE_DIFF, SG_ERROR);
    struct sg_report report = {
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = &sample.plan, .use = SG_USE_DIFF, .nothing = true},
    };
    sg_auto_buf out = SG_BUF_INIT;
    write_report("text", &report, &(struct sg_report_opts){0}, &out);
    assert_string_equal(sg_buf_cstr(&out), "Already newest: 3.19.2.\n");
    sample_close(&sample);
}

/* Colour adds escapes and changes nothing else. */
static void colour_changes_no_text(void **state) {
    (void)state;
    struct sample sample;
    sample_open(&sample);
    sample_fill(&sample);
    sg_plan_finish(&sample.plan, SG_USE_DIFF, SG_ERROR);
    struct sg_report report = {
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = &sample.plan, .use = SG_USE_DIFF, .target = "3.20"},
    };
    sg_auto_buf plain = SG_BUF_INIT, colored = SG_BUF_INIT, stripped = SG_BUF_INIT;
    write_report("text", &report, &(struct sg_report_opts){0}, &plain);
    write_report("text", &report, &(struct sg_report_opts){.paint = sg_palette_get(true)},
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
    sample_close(&sample);
}

/* What JSON says is read back by a reader of JSON, whatever the names hold. */
static void json_survives_any_text(void **state) {
    (void)state;
    struct sample sample;
    sample_open(&sample);
    struct sg_plan_overlay *overlay = sample_overlay(&sample, "a\"b\\c\nd\x01\xc3\xa9");
    struct sg_plan_object *object =
        sample_object(overlay, "ConfigMap", "x", SG_CHANGE_MODIFIED);
    sample_field(&sample, object, "data[\"\t\"]", SG_OWNER_BOTH, SG_STATE_MASKED,
                 VALUES("\"", "\\", "\x7f", NULL));
    sg_plan_finish(&sample.plan, SG_USE_DIFF, SG_ERROR);
    struct sg_report report = {
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = &sample.plan, .use = SG_USE_DIFF},
    };
    sg_auto_buf out = SG_BUF_INIT;
    write_report("json", &report, &(struct sg_report_opts){0}, &out);
    sg_auto_docs docs;
    sg_docs_init(&docs, sample.atoms);
    struct sg_err err = {0};
    struct sg_node *root = sg_json_read(&docs, "plan", out.ptr, out.len, &err);
    assert_non_null(root);
    struct sg_node *read = sg_map_gets(root, "overlays")->items[0];
    assert_string_equal(sg_text(sg_map_gets(read, "name")), "a\"b\\c\nd\x01\xc3\xa9");
    struct sg_node *field =
        sg_map_gets(sg_map_gets(read, "objects")->items[0], "fields")->items[0];
    assert_string_equal(sg_text(sg_map_gets(field, "before")), "\x7f");
    assert_null(sg_map_gets(field, "after"));
    sample_close(&sample);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_opens_what_the_customer_has_a_stake_in),
        cmocka_unit_test(full_opens_everything),
        cmocka_unit_test(stat_counts),
        cmocka_unit_test(quiet_keeps_what_must_be_known),
        cmocka_unit_test(check_lists_findings_only),
        cmocka_unit_test(json_has_the_schema),
        cmocka_unit_test(markdown_is_a_comment),
        cmocka_unit_test(yaml_is_the_same_tree),
        cmocka_unit_test(nothing_to_do_is_one_line),
        cmocka_unit_test(colour_changes_no_text),
        cmocka_unit_test(json_survives_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
