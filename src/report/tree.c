#include "tree.h"

#include "writers.h"

static sg_tree_fn *const trees[SG_REPORT_KINDS] = {
    [SG_REPORT_VERSION] = sg_tree_version, [SG_REPORT_PLAN] = sg_tree_plan,
    [SG_REPORT_STATUS] = sg_tree_status,   [SG_REPORT_RELEASES] = sg_tree_releases,
    [SG_REPORT_LOG] = sg_tree_log,         [SG_REPORT_DONE] = sg_tree_done,
    [SG_REPORT_CODES] = sg_tree_codes,     [SG_REPORT_CHAIN] = sg_tree_chain,
    [SG_REPORT_MANY] = sg_tree_many,       [SG_REPORT_ADOPT] = sg_tree_adopt,
};

static int write_tree(const struct sg_report *report, const struct sg_report_opts *opts,
                      struct sg_jwriter *w, struct sg_err *err) {
    if (trees[report->kind](report, opts, w, err) < 0) {
        return -1;
    }
    sg_buf_addc(w->out, '\n');
    return 0;
}

int sg_json_tree(const struct sg_report *report, const struct sg_report_opts *opts,
                 struct sg_buf *out, struct sg_err *err) {
    return write_tree(report, opts, &(struct sg_jwriter){.out = out}, err);
}

int sg_yaml_tree(const struct sg_report *report, const struct sg_report_opts *opts,
                 struct sg_buf *out, struct sg_err *err) {
    return write_tree(report, opts, &(struct sg_jwriter){.out = out, .yaml = true}, err);
}
