/* Several projects in one report: side by side, and as one plan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sample.h"
#include "sg/json.h"
#include "writers.h"

struct pair {
    struct sample a, b;
    struct sg_report_part parts[3];
    struct sg_report report;
};

/* Two projects with one overlay of the same name, and one that could not be planned. */
static void pair_open(struct pair *pair) {
    memset(pair, 0, sizeof *pair);
    struct sample *samples[] = {&pair->a, &pair->b};
    for (size_t i = 0; i < 2; i++) {
        struct sample *sample = samples[i];
        sample_open(sample);
        sample_fill(sample);
        struct sg_edit edit = {.file = "overlays/x.yaml",
                               .op = SG_EDIT_MOVE,
                               .text = "overlays/y.yaml",
                               .finding = ""};
        sg_vec_push(&sample->plan.edits, edit);
        sg_plan_finish(&sample->plan, SG_USE_DIFF, SG_ERROR);
        pair->parts[i].report = (struct sg_report){
            .kind = SG_REPORT_PLAN, .plan = {.plan = &sample->plan, .target = "next"}};
    }
    pair->b.plan.from.version = "9.0.0";
    pair->parts[0].dir = "env/a";
    pair->parts[1].dir = ".";
    pair->parts[2].dir = "env/c";
    pair->parts[2].error = "it cannot be read";
    pair->report = (struct sg_report){
        .kind = SG_REPORT_MANY,
        .many = {.items = pair->parts, .len = 3, .each = SG_REPORT_PLAN}};
}

static void pair_close(struct pair *pair) {
    sample_close(&pair->a);
    sample_close(&pair->b);
}

static void write_as(const struct pair *pair, const char *format, struct sg_buf *out) {
    struct sg_report_opts opts = {.paint = sg_palette_get(false), .tool = "1.2.3"};
    struct sg_err err = {0};
    const struct sg_report_format *known = sg_report_format_find(format);
    assert_non_null(known);
    assert_int_equal(sg_report_write(known, &pair->report, &opts, out, &err), 0);
}

/* Each project's JSON is what it is alone, but for the key `dir`. */
static void json_holds_each_as_it_is_alone(void **state) {
    (void)state;
    struct pair pair;
    pair_open(&pair);
    sg_auto_buf many = SG_BUF_INIT, alone = SG_BUF_INIT;
    struct sg_report_opts opts = {.paint = sg_palette_get(false), .tool = "1.2.3"};
    struct sg_err err = {0};
    write_as(&pair, "json", &many);
    assert_int_equal(sg_json_tree(&pair.parts[0].report, &opts, &alone, &err), 0);
    sg_auto_docs docs;
    sg_docs_init(&docs, pair.a.atoms);
    struct sg_node *root = sg_json_read(&docs, "many", many.ptr, many.len, &err);
    struct sg_node *one = sg_json_read(&docs, "one", alone.ptr, alone.len, &err);
    assert_string_equal(sg_text(sg_map_gets(root, "schema")), "sgupgrade.plans/v1");
    const struct sg_node *projects = sg_map_gets(root, "projects");
    assert_int_equal(projects->len, 3);
    struct sg_node *first = projects->items[0];
    assert_string_equal(sg_text(sg_map_gets(first, "dir")), "env/a");
    assert_true(sg_map_remove(first, sg_map_find(first, first->entries[0].key)->key));
    assert_true(sg_node_equal(first, one));
    assert_string_equal(sg_text(sg_map_gets(projects->items[2], "error")),
                        "it cannot be read");
    assert_null(sg_map_gets(projects->items[2], "schema"));
    pair_close(&pair);
}

static void text_has_a_heading_a_project(void **state) {
    (void)state;
    struct pair pair;
    pair_open(&pair);
    sg_auto_buf text = SG_BUF_INIT;
    write_as(&pair, "text", &text);
    assert_int_equal(strncmp(text.ptr, "env/a:\n", 7), 0);
    assert_non_null(strstr(text.ptr, "\n\n.:\n"));
    assert_non_null(strstr(text.ptr, "\n\nenv/c:\nerror: it cannot be read\n"));
    assert_non_null(strstr(text.ptr, "\n3 projects: 1 failed, "));
    assert_null(strstr(text.ptr, "apply --to")); /* of a part: it would miss the others */
    pair_close(&pair);
}

/* What a format that knows one plan is given. */
static void merged_names_project_and_file(void **state) {
    (void)state;
    struct pair pair;
    pair_open(&pair);
    struct sg_report_plan report = {0};
    sg_auto_plan plan;
    sg_plan_init(&plan, pair.a.atoms);
    sg_plan_merge(&pair.report.many, &plan, &report);
    size_t overlays = pair.a.plan.overlays.len, hops = pair.a.plan.hops.len;
    assert_int_equal(plan.overlays.len, 2 * overlays);
    assert_int_equal(plan.hops.len, 2 * hops);
    assert_ptr_equal(report.plan, &plan);
    const struct sg_plan_overlay *a = &plan.overlays.items[0];
    const struct sg_plan_overlay *b = &plan.overlays.items[overlays];
    assert_int_equal(strncmp(a->name, "env/a/", 6), 0);
    assert_string_equal(a->name + 6, b->name);
    assert_true(a->findings.len > 0);
    for (size_t i = 0; i < a->findings.len; i++) {
        const struct sg_finding *x = &a->findings.items[i], *y = &b->findings.items[i];
        assert_string_not_equal(x->fingerprint, y->fingerprint);
        assert_string_equal(x->overlay, a->name);
        if (x->at.file) {
            assert_int_equal(strncmp(x->at.file, "env/a/", 6), 0);
            assert_string_equal(x->at.file + 6, y->at.file);
        }
        if (x->hop != SG_NO_HOP) {
            assert_int_equal(x->hop + hops, y->hop);
        }
    }
    size_t edits = pair.a.plan.edits.len;
    assert_int_equal(plan.edits.len, 2 * edits);
    const struct sg_edit *moved = &plan.edits.items[edits - 1];
    assert_string_equal(moved->file, "env/a/overlays/x.yaml");
    assert_string_equal(moved->text, "env/a/overlays/y.yaml");
    assert_int_equal(moved->text_len, strlen(moved->text));
    assert_string_equal(moved[edits].file, "overlays/x.yaml");
    assert_non_null(strstr(plan.from.version, ", 9.0.0"));
    assert_null(strchr(plan.to.version, ','));
    assert_int_equal(plan.summary.findings.warning,
                     2 * pair.a.plan.summary.findings.warning);
    pair_close(&pair);
}

static bool has_finding(const struct sg_plan *plan, const char *fingerprint) {
    for (size_t i = 0; i < plan->overlays.len; i++) {
        for (size_t k = 0; k < plan->overlays.items[i].findings.len; k++) {
            const struct sg_finding *finding = &plan->overlays.items[i].findings.items[k];
            if (strcmp(finding->fingerprint, fingerprint) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* The releases of two projects are no steps of one way, and one command is for all. */
static void merged_is_no_way(void **state) {
    (void)state;
    struct pair pair;
    pair_open(&pair);
    static const char *const formats[] = {"markdown", "html"};
    for (size_t i = 0; i < SG_ARRAY_LEN(formats); i++) {
        sg_auto_buf out = SG_BUF_INIT;
        write_as(&pair, formats[i], &out);
        assert_null(strstr(out.ptr, "before the next"));
        assert_null(strstr(out.ptr, "apply --to"));
        assert_non_null(strstr(out.ptr, "sgupgrade apply --all --to next"));
    }
    pair_close(&pair);
}

/* An edit leads to its finding, and a finding without a place to its own project. */
static void merged_keeps_what_belongs_together(void **state) {
    (void)state;
    static const struct sg_report_code pages[] = {{0}};
    struct pair pair;
    pair_open(&pair);
    pair.parts[0].report.plan.folder = "env/a";
    pair.parts[0].report.plan.pages = pages;
    for (size_t i = 0; i < 2; i++) {
        struct sg_plan *plan = i == 0 ? &pair.a.plan : &pair.b.plan;
        struct sg_finding_in in = {.code = "SG501", .rule = "step", .hop = SG_NO_HOP};
        (void)sg_plan_add_finding(plan, NULL, &in);
    }
    struct sg_report_plan report = {0};
    sg_auto_plan plan;
    sg_plan_init(&plan, pair.a.atoms);
    sg_plan_merge(&pair.report.many, &plan, &report);
    assert_null(report.folder);
    assert_ptr_equal(report.pages, pages);
    assert_true(report.all);
    const char *first = plan.edits.items[0].finding;
    assert_true(first[0] != '\0' && has_finding(&plan, first));
    assert_string_not_equal(first, pair.a.plan.edits.items[0].finding);
    size_t own = pair.a.plan.findings.len;
    assert_string_equal(plan.findings.items[own - 1].at.file, "env/a/sgupgrade.yaml");
    assert_string_equal(plan.findings.items[2 * own - 1].at.file, "sgupgrade.yaml");
    pair_close(&pair);
}

/* The contract: 3 beats 4 beats 1. */
static void merged_exit_is_the_worst(void **state) {
    (void)state;
    static const int cases[][3] = {{0, 0, 0}, {1, 0, 1}, {1, 4, 4}, {4, 3, 3}, {3, 1, 3}};
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        struct pair pair;
        pair_open(&pair);
        pair.a.plan.exit = cases[i][0];
        pair.b.plan.exit = cases[i][1];
        struct sg_report_plan report = {0};
        sg_auto_plan plan;
        sg_plan_init(&plan, pair.a.atoms);
        sg_plan_merge(&pair.report.many, &plan, &report);
        assert_int_equal(plan.exit, cases[i][2]);
        pair_close(&pair);
    }
}

static int one_plan(const struct sg_report *report, const struct sg_report_opts *opts,
                    struct sg_buf *out, struct sg_err *err) {
    (void)opts;
    (void)err;
    sg_buf_addf(out, "%zu overlays", report->plan.plan->overlays.len);
    return 0;
}

static void a_format_of_one_plan_gets_all(void **state) {
    (void)state;
    struct pair pair;
    pair_open(&pair);
    struct sg_report_format format = {.name = "mine"};
    struct sg_report_opts opts = {0};
    struct sg_err err = {0};
    sg_auto_buf out = SG_BUF_INIT, want = SG_BUF_INIT;
    format.write[SG_REPORT_PLAN] = one_plan;
    assert_int_equal(sg_report_write(&format, &pair.report, &opts, &out, &err), 0);
    sg_buf_addf(&want, "%zu overlays", 2 * pair.a.plan.overlays.len);
    assert_string_equal(sg_buf_cstr(&out), sg_buf_cstr(&want));
    pair.report.many.each = SG_REPORT_STATUS;
    assert_int_equal(sg_report_write(&format, &pair.report, &opts, &out, &err), -1);
    assert_int_equal(err.code, SG_E_USAGE);
    pair_close(&pair);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_holds_each_as_it_is_alone),
        cmocka_unit_test(text_has_a_heading_a_project),
        cmocka_unit_test(merged_names_project_and_file),
        cmocka_unit_test(merged_keeps_what_belongs_together),
        cmocka_unit_test(merged_is_no_way),
        cmocka_unit_test(merged_exit_is_the_worst),
        cmocka_unit_test(a_format_of_one_plan_gets_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
