/*
 * formats.c - the registry: a new format is a line here and a writer a kind.
 */
#include "writers.h"

#include <string.h>

static const struct sg_report_format formats[] = {
    {"text",
     {[SG_REPORT_VERSION] = sg_text_version,
      [SG_REPORT_PLAN] = sg_text_plan,
      [SG_REPORT_STATUS] = sg_text_status,
      [SG_REPORT_RELEASES] = sg_text_releases,
      [SG_REPORT_LOG] = sg_text_log,
      [SG_REPORT_DONE] = sg_text_done,
      [SG_REPORT_CODES] = sg_text_codes,
      [SG_REPORT_CHAIN] = sg_text_chain,
      [SG_REPORT_MANY] = sg_text_many,
      [SG_REPORT_ADOPT] = sg_text_adopt}},
    {"json",
     {[SG_REPORT_VERSION] = sg_json_tree,
      [SG_REPORT_PLAN] = sg_json_tree,
      [SG_REPORT_STATUS] = sg_json_tree,
      [SG_REPORT_RELEASES] = sg_json_tree,
      [SG_REPORT_LOG] = sg_json_tree,
      [SG_REPORT_DONE] = sg_json_tree,
      [SG_REPORT_CODES] = sg_json_tree,
      [SG_REPORT_CHAIN] = sg_json_tree,
      [SG_REPORT_MANY] = sg_json_tree,
      [SG_REPORT_ADOPT] = sg_json_tree}},
    {"markdown",
     {[SG_REPORT_PLAN] = sg_markdown_plan,
      [SG_REPORT_MANY] = sg_markdown_many,
      [SG_REPORT_ADOPT] = sg_markdown_adopt}},
    {"html", {[SG_REPORT_PLAN] = sg_html_plan}},
    {"yaml",
     {[SG_REPORT_VERSION] = sg_yaml_tree,
      [SG_REPORT_PLAN] = sg_yaml_tree,
      [SG_REPORT_STATUS] = sg_yaml_tree,
      [SG_REPORT_RELEASES] = sg_yaml_tree,
      [SG_REPORT_LOG] = sg_yaml_tree,
      [SG_REPORT_DONE] = sg_yaml_tree,
      [SG_REPORT_CODES] = sg_yaml_tree,
      [SG_REPORT_CHAIN] = sg_yaml_tree,
      [SG_REPORT_MANY] = sg_yaml_tree,
      [SG_REPORT_ADOPT] = sg_yaml_tree}},
    {"junit", {[SG_REPORT_PLAN] = sg_junit_plan}},
    {"sarif", {[SG_REPORT_PLAN] = sg_sarif_plan}},
    {"github", {[SG_REPORT_PLAN] = sg_github_plan}},
    {"gitlab", {[SG_REPORT_PLAN] = sg_gitlab_plan}},
};

int sg_report_write(const struct sg_report_format *format, const struct sg_report *report,
                    const struct sg_report_opts *opts, struct sg_buf *out,
                    struct sg_err *err) {
    sg_report_fn *write = format->write[report->kind];
    if (write != NULL) {
        return write(report, opts, out, err);
    }
    write = format->write[SG_REPORT_PLAN];
    return report->many.each != SG_REPORT_PLAN || write == NULL
               ? sg_fail(err, SG_E_USAGE, "-o %s cannot show several projects",
                         format->name)
               : sg_write_merged(write, &report->many, opts, out, err);
}

const struct sg_report_format *sg_report_format_at(size_t index) {
    return index < SG_ARRAY_LEN(formats) ? &formats[index] : NULL;
}

const struct sg_report_format *sg_report_format_find(const char *name) {
    for (size_t i = 0; i < SG_ARRAY_LEN(formats); i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}
