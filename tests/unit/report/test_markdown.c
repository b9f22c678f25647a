/*
 * Text in Markdown stays text: what a reader of GitHub's or GitLab's Markdown could take
 * for something else is broken. And the cap.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "md.h"
#include "sample.h"

struct pair {
    const char *in, *out;
};

static void expect_all(void (*write)(const char *, size_t, struct sg_buf *),
                       const struct pair *pairs, size_t n) {
    for (size_t i = 0; i < n; i++) {
        sg_auto_buf out = SG_BUF_INIT;
        write(pairs[i].in, strlen(pairs[i].in), &out);
        assert_string_equal(sg_buf_cstr(&out), pairs[i].out);
    }
}

static void words_are_words(void **state) {
    (void)state;
    static const struct pair pairs[] = {
        {"", ""},
        {"plain words, 1.5 (x): y", "plain words, 1.5 (x): y"},
        {"a|b", "a&#124;b"},
        {"`x`", "&#96;x&#96;"},
        {"*a* _b_ ~c~", "&#42;a&#42; &#95;b&#95; &#126;&#8203;c&#126;"},
        {"<b>&amp;", "&#60;b&#62;&#38;&#8203;amp;"},
        {"[x](javascript:y)", "&#91;x&#93;(javascript:y)"},
        {"![x](y)", "&#33;&#91;x&#93;(y)"},
        {"\\", "&#92;"},
        {"@team", "&#64;&#8203;team"},
        {"a @ b", "a &#64; b"},
        {"fixes #12 and !3 and gh-4",
         "fixes &#35;&#8203;12 and &#33;&#8203;3 and gh-&#8203;4"},
        {"$1 %2 &3 ^4", "&#36;&#8203;1 %&#8203;2 &#38;&#8203;3 &#94;&#8203;4"},
        {"https://x.example", "https:&#8203;//x.example"},
        {"www.x.example", "www.&#8203;x.example"},
        {":tada: 1:2", ":&#8203;tada: 1:2"},
        {"one\ntwo\ttab\x01\x1b[31m", "one&#92;ntwo&#92;ttab&#92;x01&#92;x1b&#91;31m"},
        {"\xe2\x80\xae", "&#92;u202e"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
    };
    expect_all(sg_md_text, pairs, SG_ARRAY_LEN(pairs));
}

static void code_can_be_copied(void **state) {
    (void)state;
    static const struct pair pairs[] = {
        {"", ""},
        {"a*b_c@d#1<e>", "`a*b_c@d#1<e>`"},
        {"a|b", "<code>a&#124;b</code>"},
        {"`", "<code>&#96;</code>"},
        {"\\d", "<code>&#92;d</code>"},
        {" x", "<code> x</code>"},
        {"x ", "<code>x </code>"},
        {"a`</code>@x", "<code>a&#96;&#60;/code&#62;&#64;x</code>"},
        {"one\ntwo", "<code>one&#92;ntwo</code>"},
    };
    expect_all(sg_md_code, pairs, SG_ARRAY_LEN(pairs));
}

static void a_block_ends_where_it_ends(void **state) {
    (void)state;
    sg_auto_buf out = SG_BUF_INIT;
    static const char text[] = "- ```\n+ ````` x";
    sg_md_block(text, sizeof text - 1, "diff", &out);
    assert_string_equal(out.ptr, "``````diff\n- ```\n+ ````` x\n``````\n");
}

static void write_plan(struct sample *sample, bool full, struct sg_buf *out) {
    struct sg_report report = {
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = &sample->plan, .use = SG_USE_DIFF, .target = "3.20"},
    };
    struct sg_report_opts opts = {
        .paint = sg_palette_get(false), .tool = "1.2.3", .full = full};
    struct sg_err err = {0};
    const struct sg_report_format *format = sg_report_format_find("markdown");
    assert_non_null(format);
    assert_int_equal(format->write[SG_REPORT_PLAN](&report, &opts, out, &err), 0);
}

static size_t count(const char *text, const char *what) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what)) {
        n++;
    }
    return n;
}

/* Objects with names of two bytes a character, far over the cap. */
static void fill(struct sample *sample, size_t objects) {
    struct sg_plan_overlay *overlay = sample_overlay(sample, "production");
    for (size_t i = 0; i < objects; i++) {
        char *name = sg_arena_alloc(&sample->plan.docs.arena, 64);
        snprintf(name, 64, "\xc3\xa9\xc3\xa9\xc3\xa9-%zu", i);
        struct sg_plan_object *object =
            sample_object(overlay, "Deployment", name, SG_CHANGE_MODIFIED);
        sample_field(sample, object, "spec.replicas", SG_OWNER_BOTH, SG_STATE_MASKED,
                     VALUES("1", "2", "3", "3"));
    }
    sg_plan_finish(&sample->plan, SG_USE_DIFF, SG_ERROR);
}

static void the_cap_leaves_whole_parts_out(void **state) {
    (void)state;
    struct sample sample;
    sample_open(&sample);
    fill(&sample, 2000);
    sg_auto_buf out = SG_BUF_INIT;
    write_plan(&sample, false, &out);
    size_t width = sg_text_width(out.ptr, out.len);
    assert_in_range(width, 50000, 60000);
    size_t shown = count(out.ptr, "<details>");
    assert_int_equal(shown, count(out.ptr, "</details>"));
    char line[128];
    snprintf(line, sizeof line,
             "**Cut at 60,000 characters.** Not shown: %zu objects. `-o html=FILE`",
             2000 - shown);
    assert_non_null(strstr(out.ptr, line));
    assert_non_null(strstr(out.ptr, "Next: `sgupgrade apply --to 3.20`\n"));
    sample_close(&sample);
}

static void what_fits_is_not_cut(void **state) {
    (void)state;
    struct sample sample;
    sample_open(&sample);
    fill(&sample, 20);
    sg_auto_buf out = SG_BUF_INIT;
    write_plan(&sample, true, &out);
    assert_int_equal(count(out.ptr, "<details>"), 20);
    assert_null(strstr(out.ptr, "Cut at"));
    sample_close(&sample);
}

/* Overlays, findings and fields of one object without end. */
static void nothing_alone_breaks_the_cap(void **state) {
    (void)state;
    struct sample sample;
    sample_open(&sample);
    for (size_t i = 0; i < 3000; i++) {
        sample_overlay(&sample, "an-overlay-with-quite-a-long-name");
    }
    struct sg_plan_overlay *overlay = sample_overlay(&sample, "last");
    struct sg_plan_object *object =
        sample_object(overlay, "Deployment", "x", SG_CHANGE_MODIFIED);
    for (size_t i = 0; i < 3000; i++) {
        sample_field(&sample, object, "spec.replicas", SG_OWNER_BOTH, SG_STATE_MASKED,
                     VALUES("1", "2", "3", "3"));
        sg_plan_add_finding(&sample.plan, overlay,
                            &(struct sg_finding_in){.code = "SG101",
                                                    .rule = "masked",
                                                    .severity = SG_WARNING,
                                                    .message = "m",
                                                    .fix = ""});
    }
    sg_plan_finish(&sample.plan, SG_USE_DIFF, SG_ERROR);
    sg_auto_buf out = SG_BUF_INIT;
    write_plan(&sample, true, &out);
    assert_in_range(sg_text_width(out.ptr, out.len), 50000, 60000);
    assert_non_null(strstr(out.ptr, " overlays, "));
    sample_close(&sample);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_words),
        cmocka_unit_test(code_can_be_copied),
        cmocka_unit_test(a_block_ends_where_it_ends),
        cmocka_unit_test(the_cap_leaves_whole_parts_out),
        cmocka_unit_test(what_fits_is_not_cut),
        cmocka_unit_test(nothing_alone_breaks_the_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
