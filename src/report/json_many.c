/*
 * json_many.c - several projects as a tree: each is a document as it is alone, behind its
 * folder.
 */
#include "tree.h"

static int put_part(struct sg_jwriter *w, const struct sg_report_part *part,
                    const struct sg_report_opts *opts, struct sg_err *err) {
    int status = 0;
    sg_jw_begin(w, '{');
    sg_jw_put(w, "dir", part->dir);
    sg_jw_put(w, "error", part->error);
    if (!part->error && part->report.kind == SG_REPORT_PLAN) {
        status = sg_jw_put_plan(w, &part->report.plan, opts, err);
    } else if (!part->error && part->report.kind == SG_REPORT_ADOPT) {
        sg_jw_put_adopt(w, &part->report.adopt, opts);
    } else if (!part->error) {
        sg_jw_put_status(w, &part->report.status, opts);
    }
    sg_jw_end(w, '}');
    return status;
}

int sg_tree_many(const struct sg_report *report, const struct sg_report_opts *opts,
                 struct sg_jwriter *w, struct sg_err *err) {
    const struct sg_report_many *many = &report->many;
    sg_jw_begin(w, '{');
    sg_jw_put(w, "schema",
              many->each == SG_REPORT_PLAN    ? "sgupgrade.plans/v1"
              : many->each == SG_REPORT_ADOPT ? "sgupgrade.adoptions/v1"
                                              : "sgupgrade.statuses/v1");
    sg_jw_put(w, "tool", opts->tool);
    sg_jw_key(w, "projects");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < many->len; i++) {
        if (put_part(w, &many->items[i], opts, err) < 0) {
            return -1;
        }
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
    return 0;
}
