/*
 * edits.c - what the edits of a plan make of the customer's files.
 */
#include "edits.h"

#include <string.h>

#include "sg/sort.h"

static bool by_place(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_edit *x = *(const struct sg_edit *const *)a;
    const struct sg_edit *y = *(const struct sg_edit *const *)b;
    int order = strcmp(x->file, y->file);
    return order != 0 ? order < 0 : x->start < y->start;
}

/* The splices of one file, by their start. */
static int splice(const struct sg_edit *const *splices, size_t n, struct sg_fs *view,
                  struct sg_err *err) {
    sg_auto_buf before = SG_BUF_INIT, after = SG_BUF_INIT;
    const char *file = splices[0]->file;
    size_t at = 0;
    if (sg_fs_read(view, file, &before, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        const struct sg_edit *edit = splices[i];
        if (edit->start < at || edit->end < edit->start || edit->end > before.len) {
            SG_BUG("edits of a plan that overlap or leave their file");
        }
        sg_buf_add(&after, sg_buf_cstr(&before) + at, edit->start - at);
        sg_buf_add(&after, edit->text, edit->text_len);
        at = edit->end;
    }
    sg_buf_add(&after, sg_buf_cstr(&before) + at, before.len - at);
    sg_fs_over_put(view, file, sg_buf_cstr(&after), after.len);
    return 0;
}

static int splice_all(const struct sg_plan *plan, uint32_t hop, struct sg_fs *view,
                      struct sg_err *err) {
    SG_VEC(const struct sg_edit *) splices = {0};
    int status = 0;
    for (size_t i = 0; i < plan->edits.len; i++) {
        const struct sg_edit *edit = &plan->edits.items[i];
        if (edit->hop == hop && edit->op == SG_EDIT_SPLICE) {
            sg_vec_push(&splices, edit);
        }
    }
    sg_sort(splices.items, splices.len, sizeof(*splices.items), by_place, NULL);
    for (size_t i = 0, end; i < splices.len && status == 0; i = end) {
        end = i + 1;
        while (end < splices.len &&
               strcmp(splices.items[end]->file, splices.items[i]->file) == 0) {
            end++;
        }
        status = splice(splices.items + i, end - i, view, err);
    }
    sg_vec_release(&splices);
    return status;
}

static int move(const struct sg_edit *edit, struct sg_fs *view, struct sg_err *err) {
    sg_auto_buf bytes = SG_BUF_INIT;
    sg_auto_cstr to = sg_xstrndup(edit->text, edit->text_len);
    if (sg_fs_read(view, edit->file, &bytes, err) != 0) {
        return -1;
    }
    sg_fs_over_put(view, to, sg_buf_cstr(&bytes), bytes.len);
    sg_fs_over_remove(view, edit->file);
    return 0;
}

/* One hop's edits: splices first, for they count in the files as they were before it. */
static int lay_hop(const struct sg_plan *plan, uint32_t hop, struct sg_fs *view,
                   struct sg_err *err) {
    int status = splice_all(plan, hop, view, err);
    for (size_t i = 0; i < plan->edits.len && status == 0; i++) {
        const struct sg_edit *edit = &plan->edits.items[i];
        if (edit->hop != hop) {
            continue;
        }
        switch (edit->op) {
        case SG_EDIT_SPLICE:
            break;
        case SG_EDIT_CREATE:
            sg_fs_over_put(view, edit->file, edit->text, edit->text_len);
            break;
        case SG_EDIT_DELETE:
            sg_fs_over_remove(view, edit->file);
            break;
        case SG_EDIT_MOVE:
            status = move(edit, view, err);
            break;
        }
    }
    return status;
}

int edits_lay(const struct sg_plan *plan, struct sg_fs *view, struct sg_err *err) {
    uint32_t hops = 0;
    for (size_t i = 0; i < plan->edits.len; i++) {
        uint32_t hop = plan->edits.items[i].hop;
        hops = hop != SG_NO_HOP && hop + 1 > hops ? hop + 1 : hops;
    }
    for (uint32_t hop = 0; hop < hops; hop++) {
        if (lay_hop(plan, hop, view, err) != 0) {
            return -1;
        }
    }
    return lay_hop(plan, SG_NO_HOP, view, err);
}
