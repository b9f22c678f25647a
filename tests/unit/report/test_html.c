/*
 * The page: foreign text never becomes markup, a secret never gets in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "html.h"
#include "sample.h"

static void text_is_escaped(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"a < b > c & \"d\" 'e'", "a &lt; b &gt; c &amp; &quot;d&quot; &#39;e&#39;"},
        {"</script>", "&lt;/script&gt;"},
        {"one\ntwo\x01", "one\\ntwo\\x01"},
        {"\xff\xfe", "\\xff\\xfe"},
        {"\xe2\x80\xae\xef\xbb\xbf", "\\u202e\\ufeff"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(pairs); i++) {
        sg_auto_buf out = SG_BUF_INIT;
        sg_html_str(pairs[i][0], &out);
        assert_string_equal(sg_buf_cstr(&out), pairs[i][1]);
    }
}

static const char evil[] = "\"'><script>alert(1)</script><img src=x onerror=y>";

static void write_page(struct sample *sample, struct sg_buf *out) {
    sg_plan_finish(&sample->plan, SG_USE_DIFF, SG_ERROR);
    struct sg_report report = {
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = &sample->plan, .use = SG_USE_DIFF, .target = evil},
    };
    struct sg_report_opts opts = {.paint = sg_palette_get(false), .tool = evil};
    struct sg_err err = {0};
    const struct sg_report_format *format = sg_report_format_find("html");
    assert_non_null(format);
    assert_int_equal(format->write[SG_REPORT_PLAN](&report, &opts, out, &err), 0);
}

static void add_evil_finding(struct sample *sample, struct sg_plan_overlay *overlay) {
    struct sg_finding *finding =
        sg_plan_add_finding(&sample->plan, overlay,
                            &(struct sg_finding_in){.code = "SG201",
                                                    .rule = "orphan-object",
                                                    .object = evil,
                                                    .path = evil,
                                                    .severity = SG_ERROR,
                                                    .at = {evil, 1, 1},
                                                    .message = evil,
                                                    .fix = evil,
                                                    .stops = true});
    finding->cause_commit = evil;
    finding->cause_subject = evil;
    finding->accepted = evil;
    sg_vec_push(&finding->flags, evil);
    sg_vec_push(&finding->candidates, ((struct sg_candidate){evil, 0.5, evil}));
}

static void add_evil_edit(struct sample *sample) {
    struct sg_edit edit = {.file = evil,
                           .text = evil,
                           .text_len = sizeof evil - 1,
                           .finding = "",
                           .was = evil,
                           .now = "x",
                           .line = 1};
    sg_vec_push(&sample->plan.edits, edit);
    edit.op = SG_EDIT_MOVE;
    sg_vec_push(&sample->plan.edits, edit);
}

/* Every string of a plan is hostile, and the page has the tags of a harmless one. */
static void no_string_becomes_markup(void **state) {
    (void)state;
    struct sample sample;
    sample_open(&sample);
    sample.plan.from.version = sample.plan.to.version = evil;
    sample.plan.hops.items[0].version = sample.plan.hops.items[0].commit = evil;
    sg_vec_push(&sample.plan.hops.items[0].notes,
                ((struct sg_plan_note){.title = evil, .text = evil}));
    struct sg_plan_hop second = {.version = evil, .commit = evil};
    sg_vec_push(&sample.plan.hops, second);
    for (size_t i = 0; i < 2; i++) {
        struct sg_plan_overlay *overlay = sample_overlay(&sample, evil);
        struct sg_plan_object *object =
            sample_object(overlay, evil, evil, SG_CHANGE_MODIFIED);
        object->namespace = object->was = evil;
        struct sg_plan_field *field =
            sample_field(&sample, object, evil, SG_OWNER_BOTH, SG_STATE_MASKED,
                         VALUES(evil, "x", evil, evil));
        field->at = (struct sg_place){evil, 1, 1};
        sample_field(&sample, object, evil, SG_OWNER_UPSTREAM, SG_STATE_NONE,
                     VALUES("a\n<b>\n", "c\n</pre>\n", "a\n<b>\n", "c\n</pre>\n"));
        add_evil_finding(&sample, overlay);
    }
    add_evil_edit(&sample);
    sg_auto_buf out = SG_BUF_INIT;
    write_page(&sample, &out);
    assert_null(strstr(out.ptr, "<img"));
    assert_null(strstr(out.ptr, "<b>"));
    assert_null(strstr(out.ptr, "<script>alert"));
    assert_null(strstr(out.ptr, "\"'>"));
    const char *script = strstr(out.ptr, "<script");
    assert_non_null(script);
    assert_null(strstr(script + 1, "<script"));
    assert_non_null(strstr(out.ptr, "&lt;img src=x onerror=y&gt;"));
    sample_close(&sample);
}

static void a_secret_is_not_there(void **state) {
    (void)state;
    struct sample sample;
    sample_open(&sample);
    struct sg_plan_overlay *overlay = sample_overlay(&sample, "x");
    struct sg_plan_object *object =
        sample_object(overlay, "Secret", "tls", SG_CHANGE_MODIFIED);
    sample_field(&sample, object, "data.key", SG_OWNER_UPSTREAM, SG_STATE_NONE,
                 VALUES("(secret)", "(secret)", "(secret)", "(secret)"));
    struct sg_edit edit = {.file = "s.yaml",
                           .text = "hunter2",
                           .text_len = 7,
                           .finding = "",
                           .withheld = true,
                           .line = 3};
    sg_vec_push(&sample.plan.edits, edit);
    sg_auto_buf out = SG_BUF_INIT;
    write_page(&sample, &out);
    assert_non_null(strstr(out.ptr, "(secret) changes"));
    assert_non_null(strstr(out.ptr, "lines that may hold a secret are not shown"));
    assert_null(strstr(out.ptr, "hunter2"));
    sample_close(&sample);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(no_string_becomes_markup),
        cmocka_unit_test(a_secret_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
