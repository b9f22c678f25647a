#include "writers.h"

int sg_text_version(const struct sg_report *report, const struct sg_report_opts *opts,
                    struct sg_buf *out, struct sg_err *err) {
    (void)opts;
    (void)err;
    sg_buf_addf(out, "sgupgrade %s\nrenders as %s\n", report->version.tool,
                report->version.renderer);
    return 0;
}
