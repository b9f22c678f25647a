/*
 * text_told.c - a hidden change is a row of its object and a finding too: said once.
 */
#include "text.h"

#include <string.h>

void sg_told_release(struct sg_told *told) {
    sg_strmap_release(&told->by_row);
    sg_strmap_release(&told->told);
}

static void row_key(uint32_t hop, const char *object, const char *path,
                    struct sg_buf *key) {
    sg_buf_addf(key, "%u\n%s\n%s", hop, object, path);
}

/* A finding that needs no more than its row: nothing to decide, nothing was done. */
static bool fits_a_row(const struct sg_finding *finding) {
    return finding->object[0] && !finding->stops && !finding->accepted &&
           finding->resolved == SG_RESOLVED_NONE;
}

void sg_told_pair(struct sg_told *told, const struct sg_plan_overlay *overlay) {
    for (size_t i = 0; i < overlay->findings.len; i++) {
        struct sg_finding *finding = &overlay->findings.items[i];
        sg_auto_buf key = SG_BUF_INIT;
        row_key(finding->hop, finding->object, finding->path, &key);
        if (fits_a_row(finding) && !sg_strmap_has(&told->by_row, key.ptr, key.len)) {
            sg_strmap_put(&told->by_row, key.ptr, key.len, finding);
        }
    }
    for (size_t i = 0; i < overlay->objects.len; i++) {
        const struct sg_plan_object *object = &overlay->objects.items[i];
        for (size_t f = 0; f < object->fields.len; f++) {
            const struct sg_plan_field *field = &object->fields.items[f];
            sg_auto_buf key = SG_BUF_INIT;
            row_key(object->hop, object->id, field->path, &key);
            if (field->state == SG_STATE_MASKED &&
                sg_strmap_has(&told->by_row, key.ptr, key.len)) {
                sg_strmap_put(&told->told, key.ptr, key.len, told);
            }
        }
    }
}

const struct sg_finding *sg_told_by_row(const struct sg_told *told,
                                        const struct sg_plan_object *object,
                                        const struct sg_plan_field *field) {
    if (field->state != SG_STATE_MASKED) {
        return NULL;
    }
    sg_auto_buf key = SG_BUF_INIT;
    row_key(object->hop, object->id, field->path, &key);
    return sg_strmap_get(&told->by_row, key.ptr, key.len);
}

bool sg_told_has(const struct sg_told *told, const struct sg_finding *finding) {
    sg_auto_buf key = SG_BUF_INIT;
    row_key(finding->hop, finding->object, finding->path, &key);
    return sg_strmap_has(&told->told, key.ptr, key.len) &&
           sg_strmap_get(&told->by_row, key.ptr, key.len) == finding;
}
