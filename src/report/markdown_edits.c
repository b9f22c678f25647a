#include "markdown.h"

void sg_md_edits(struct sg_md *md, const struct sg_report_plan *report) {
    (void)md;
    (void)report;
}
