/* A saved plan: read back, compared, and refused where it is anything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sample.h"
#include "sg/saved.h"

static const struct sg_saved_decision decisions[] = {{"accept", "SG301:*=agreed"},
                                                     {"tidy", NULL}};

struct kept {
    struct sample sample;
    struct sg_report_plan report;
    struct sg_report_opts opts;
    struct sg_buf text;
    struct sg_saved saved;
};

static void fill_inputs(struct sg_plan *plan) {
    static const struct sg_plan_input files[] = {{"overlays/a/x.yaml", "11"},
                                                 {"overlays/a/y.yaml", "22"}};
    plan->inputs.lock = "aa";
    plan->inputs.config = "bb";
    plan->inputs.project = "environments/staging";
    static const struct sg_edit edit = {.file = "overlays/a/x.yaml",
                                        .start = 3,
                                        .end = 4,
                                        .text = "p",
                                        .text_len = 1,
                                        .finding = "0123456789abcdef"};
    sg_vec_push(&plan->edits, edit);
    sg_vec_push(&plan->inputs.files, files[0]);
    sg_vec_push(&plan->inputs.files, files[1]);
    for (size_t i = 0; i < plan->hops.len; i++) {
        sg_vec_push(&plan->hops.items[i].rendered, "33");
    }
}

static void kept_open(struct kept *kept) {
    struct sg_err err = {0};
    memset(kept, 0, sizeof *kept);
    sample_open(&kept->sample);
    sample_fill(&kept->sample);
    fill_inputs(&kept->sample.plan);
    sg_plan_finish(&kept->sample.plan, SG_USE_DIFF, SG_ERROR);
    kept->report = (struct sg_report_plan){.plan = &kept->sample.plan};
    kept->opts.tool = "1.2.3";
    assert_int_equal(
        sg_saved_write(&kept->report, decisions, 2, &kept->opts, &kept->text, &err), 0);
    sg_saved_init(&kept->saved, kept->sample.atoms);
}

static int kept_read(struct kept *kept, struct sg_err *err) {
    return sg_saved_read(&kept->saved, "a.plan", kept->text.ptr, kept->text.len, err);
}

static void kept_close(struct kept *kept) {
    sg_saved_release(&kept->saved);
    sg_buf_release(&kept->text);
    sample_close(&kept->sample);
}

static void is_read_back(void **state) {
    (void)state;
    struct kept kept;
    struct sg_err err = {0};
    kept_open(&kept);
    assert_int_equal(kept_read(&kept, &err), 0);
    const struct sg_saved *saved = &kept.saved;
    assert_string_equal(saved->to, kept.sample.plan.to.version);
    assert_string_equal(saved->origin.from, kept.sample.plan.from.version);
    assert_string_equal(saved->origin.project, "environments/staging");
    assert_string_equal(saved->origin.lock, "aa");
    assert_string_equal(saved->origin.config, "bb");
    assert_int_equal(saved->origin.files_len, 2);
    assert_string_equal(saved->origin.files[1].file, "overlays/a/y.yaml");
    assert_string_equal(saved->origin.files[1].sha256, "22");
    assert_int_equal(saved->decisions.len, 2);
    assert_string_equal(saved->decisions.items[0].option, "accept");
    assert_string_equal(saved->decisions.items[0].value, "SG301:*=agreed");
    assert_null(saved->decisions.items[1].value);
    kept_close(&kept);
}

/* Who plans, and for which command, is not the plan. */
static void equals_itself(void **state) {
    (void)state;
    struct kept kept;
    struct sg_err err = {0};
    kept_open(&kept);
    assert_int_equal(kept_read(&kept, &err), 0);
    kept.opts.tool = "9.9.9";
    sg_plan_finish(&kept.sample.plan, SG_USE_APPLY, SG_ERROR);
    assert_int_equal(sg_saved_compare(&kept.saved, &kept.report, &kept.opts, &err), 0);
    kept_close(&kept);
}

/* Each change of the plan that is made now is seen, and named. */
static void expect_difference(void (*change)(struct sg_plan *plan), const char *says) {
    struct kept kept;
    struct sg_err err = {0};
    kept_open(&kept);
    assert_int_equal(kept_read(&kept, &err), 0);
    change(&kept.sample.plan);
    assert_int_equal(sg_saved_compare(&kept.saved, &kept.report, &kept.opts, &err), -1);
    assert_int_equal(err.code, SG_E_DIRTY);
    if (!strstr(err.text, says)) {
        fail_msg("'%s' does not say '%s'", err.text, says);
    }
    kept_close(&kept);
}

static void other_way(struct sg_plan *plan) {
    plan->hops.items[0].version = "3.19.9";
}
static void other_commit(struct sg_plan *plan) {
    plan->hops.items[0].commit = "0123456789abcdef";
}
static void other_file(struct sg_plan *plan) {
    sg_vec_push(&plan->inputs.files, ((struct sg_plan_input){"overlays/z.yaml", "44"}));
}
static void other_result(struct sg_plan *plan) {
    plan->hops.items[0].rendered.items[0] = "34";
}
static void other_state(struct sg_plan *plan) {
    plan->overlays.items[0].objects.items[0].fields.items[0].state = SG_STATE_LOST;
}
static void one_finding_less(struct sg_plan *plan) {
    plan->overlays.items[0].findings.len--;
}
static void one_edit_more(struct sg_plan *plan) {
    sg_vec_push(&plan->edits,
                ((struct sg_edit){.file = "x", .op = SG_EDIT_DELETE, .finding = ""}));
}
static void other_text(struct sg_plan *plan) {
    plan->edits.items[0].text = "q";
    plan->edits.items[0].text_len = 1;
}

static void each_change_is_named(void **state) {
    (void)state;
    expect_difference(other_way, "another way");
    expect_difference(other_commit, "has moved");
    expect_difference(other_file, "overlays/z.yaml is read now");
    expect_difference(other_result, "/saved/rendered/0/sha256 differs");
    expect_difference(other_state, "/overlays/0/objects/0/fields/0/state differs");
    expect_difference(one_finding_less, "/overlays/0/findings/");
    expect_difference(one_edit_more, "/edits/");
    expect_difference(other_text, "/edits/0/text differs");
}

/* What may hold a secret is not in the file, and is compared all the same. */
static void edits_hold_no_secret(void **state) {
    (void)state;
    struct kept kept;
    struct sg_err err = {0};
    kept_open(&kept);
    struct sg_edit *edit = &kept.sample.plan.edits.items[0];
    edit->text = "hunter2";
    edit->text_len = strlen(edit->text);
    edit->secret = true;
    sg_buf_clear(&kept.text);
    assert_int_equal(
        sg_saved_write(&kept.report, decisions, 2, &kept.opts, &kept.text, &err), 0);
    assert_null(strstr(kept.text.ptr, edit->text));
    assert_int_equal(kept_read(&kept, &err), 0);
    assert_int_equal(sg_saved_compare(&kept.saved, &kept.report, &kept.opts, &err), 0);
    edit->text = "hunter3";
    assert_int_equal(sg_saved_compare(&kept.saved, &kept.report, &kept.opts, &err), -1);
    assert_non_null(strstr(err.text, "/edits/0/sha256 differs"));
    kept_close(&kept);
}

/* Cut anywhere, or with one byte changed: an error with a place, or the same plan. */
static void garbled_is_refused(void **state) {
    (void)state;
    struct kept kept;
    kept_open(&kept);
    for (size_t len = 0; len + 2 < kept.text.len; len += 1 + len / 64) {
        struct sg_saved saved;
        struct sg_err err = {0};
        sg_saved_init(&saved, kept.sample.atoms);
        assert_int_equal(sg_saved_read(&saved, "a.plan", kept.text.ptr, len, &err), -1);
        assert_string_equal(err.file, "a.plan");
        assert_true(err.line > 0);
        sg_saved_release(&saved);
    }
    kept_close(&kept);
}

static void expect_refusal(const char *text, const char *says) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_saved saved;
    struct sg_err err = {0};
    sg_saved_init(&saved, atoms);
    assert_int_equal(sg_saved_read(&saved, "a.plan", text, strlen(text), &err), -1);
    assert_int_equal(err.code, SG_E_INPUT);
    if (!strstr(err.text, says)) {
        fail_msg("'%s' does not say '%s'", err.text, says);
    }
    sg_saved_release(&saved);
    sg_atoms_free(atoms);
}

#define HEAD "{\"schema\":\"sgupgrade.plan/v1\",\"renderer\":\"kustomize-5.8.1\","

static void other_json_is_refused(void **state) {
    (void)state;
    expect_refusal("[]", "found nothing as its schema");
    expect_refusal("7", "found nothing as its schema");
    expect_refusal("{\"schema\":[]}", "found a list as its schema");
    expect_refusal("{\"schema\":\"sgupgrade.plan/v0\"}", "sgupgrade.plan/v0");
    expect_refusal(HEAD "\"saved\":null}", "the report of a plan");
    expect_refusal("{\"schema\":\"sgupgrade.plan/v1\",\"saved\":{}}", "of no name");
    expect_refusal(HEAD "\"saved\":{}}", "project");
    expect_refusal(HEAD "\"saved\":{\"project\":\"\",\"config\":\"\",\"files\":[null],"
                        "\"decisions\":[],\"rendered\":[]}}",
                   "file");
    expect_refusal(HEAD "\"saved\":{\"project\":\"\",\"config\":\"\",\"files\":[],"
                        "\"decisions\":[],\"rendered\":[]}}",
                   "`inputs`");
}

static void holds_no_secret(void **state) {
    (void)state;
    struct kept kept;
    kept_open(&kept);
    assert_non_null(strstr(kept.text.ptr, "\"masked\": true"));
    assert_null(strstr(kept.text.ptr, "(secret)"));
    kept_close(&kept);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_read_back),         cmocka_unit_test(equals_itself),
        cmocka_unit_test(each_change_is_named), cmocka_unit_test(edits_hold_no_secret),
        cmocka_unit_test(garbled_is_refused),   cmocka_unit_test(other_json_is_refused),
        cmocka_unit_test(holds_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
