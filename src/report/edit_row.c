#include "edit_row.h"

#include <string.h>

static void index_findings(struct sg_strmap *map, struct sg_finding *findings, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *fingerprint = findings[i].fingerprint;
        if (!sg_strmap_has(map, fingerprint, strlen(fingerprint))) {
            sg_strmap_put(map, fingerprint, strlen(fingerprint), &findings[i]);
        }
    }
}

void sg_edit_rows_open(const struct sg_report_plan *report, struct sg_edit_rows *out) {
    const struct sg_plan *plan = report->plan;
    out->report = report;
    index_findings(&out->findings, plan->findings.items, plan->findings.len);
    for (size_t i = 0; i < plan->overlays.len; i++) {
        index_findings(&out->findings, plan->overlays.items[i].findings.items,
                       plan->overlays.items[i].findings.len);
    }
}

void sg_edit_rows_release(struct sg_edit_rows *rows) {
    sg_strmap_release(&rows->findings);
}

bool sg_edit_rows_any(const struct sg_edit_rows *rows) {
    const struct sg_plan *plan = rows->report->plan;
    return plan->edits.len > 0 && !(rows->report->use == SG_USE_APPLY && plan->blocked);
}

const char *sg_edit_rows_title(const struct sg_edit_rows *rows) {
    return rows->report->applied ? "Edited of yours" : "apply will edit of yours";
}

/* What stands on lines that the edit before it shows, or in the same unknown place. */
static bool is_told(const struct sg_edit *edit, const struct sg_edit *before) {
    if (edit->op != SG_EDIT_SPLICE || edit->was || edit->withheld) {
        return false;
    }
    return edit->line > 0 || (before && before->op == SG_EDIT_SPLICE &&
                              strcmp(before->file, edit->file) == 0);
}

const struct sg_edit *sg_edit_rows_next(const struct sg_edit_rows *rows, size_t *at) {
    const struct sg_plan *plan = rows->report->plan;
    while (*at < plan->edits.len) {
        const struct sg_edit *edit = &plan->edits.items[*at];
        const struct sg_edit *before = *at ? edit - 1 : NULL;
        ++*at;
        if (!is_told(edit, before)) {
            return edit;
        }
    }
    return NULL;
}

const struct sg_finding *sg_edit_rows_finding(const struct sg_edit_rows *rows,
                                              const struct sg_edit *edit) {
    return edit->finding && edit->finding[0]
               ? sg_strmap_get(&rows->findings, edit->finding, strlen(edit->finding))
               : NULL;
}

struct sg_place sg_edit_place(const struct sg_edit *edit) {
    return (struct sg_place){edit->file, edit->line, 0};
}

bool sg_edit_has_lines(const struct sg_edit *edit) {
    return edit->op == SG_EDIT_SPLICE && edit->was && edit->now;
}

void sg_edit_words(const struct sg_edit *edit, struct sg_buf *out) {
    switch (edit->op) {
    case SG_EDIT_SPLICE:
        sg_buf_adds(out, edit->withheld ? "lines that may hold a secret are not shown"
                         : edit->was    ? ""
                                        : "is edited");
        break;
    case SG_EDIT_CREATE:
        sg_buf_adds(out, "is new");
        break;
    case SG_EDIT_MOVE:
        sg_buf_adds(out, "moves to ");
        sg_buf_add(out, edit->text, edit->text_len);
        break;
    case SG_EDIT_DELETE:
        sg_buf_adds(out, "is deleted");
        break;
    }
}
