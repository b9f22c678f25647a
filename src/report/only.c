/*
 * only.c - a part of a plan: what needs attention, or one owner's rows. Every format
 * shows the narrower plan as it would the whole one.
 */
#include <string.h>

#include "sg/report.h"
#include "sg/strmap.h"

static const char *const words[] = {"", "attention", "upstream", "overlay"};

const char *sg_only_word(enum sg_report_only only) {
    return words[only];
}

enum sg_report_only sg_only_of(const char *word) {
    for (size_t i = 1; word && i < SG_ARRAY_LEN(words); i++) {
        if (strcmp(words[i], word) == 0) {
            return (enum sg_report_only)i;
        }
    }
    return SG_ONLY_ALL;
}

/* --- what a finding is about ------------------------------------------------------ */

/* Places of findings, as "hop\nobject\npath". */
struct places {
    struct sg_strmap at;    /* the path of a finding */
    struct sg_strmap above; /* what the path lies in */
};

static void place_key(uint32_t hop, const char *object, const char *path, size_t len,
                      struct sg_buf *key) {
    sg_buf_clear(key);
    sg_buf_addf(key, "%u\n%s\n", hop, object);
    sg_buf_add(key, path, len);
}

/* The end of the part of a path that begins at `at`: ".key", "[element]", ["key"]. */
static size_t part_end(const char *path, size_t at) {
    if (path[at] != '[') {
        return at + 1 + strcspn(path + at + 1, ".[");
    }
    bool quoted = path[at + 1] == '"';
    for (at += quoted ? 2 : 1; path[at]; at++) {
        if (path[at] == '\\' && quoted && path[at + 1]) {
            at++;
        } else if (path[at] == ']' && (!quoted || path[at - 1] == '"')) {
            return at + 1;
        }
    }
    return at;
}

static void add_place(struct places *places, const struct sg_finding *finding) {
    sg_auto_buf key = SG_BUF_INIT;
    const char *path = finding->path;
    for (size_t at = 0; path[at]; at = part_end(path, at)) {
        place_key(finding->hop, finding->object, path, at, &key);
        sg_strmap_put(&places->above, key.ptr, key.len, places);
    }
    place_key(finding->hop, finding->object, path, strlen(path), &key);
    sg_strmap_put(&places->at, key.ptr, key.len, places);
}

static bool has_place(const struct places *places, uint32_t hop, const char *object,
                      const char *path) {
    sg_auto_buf key = SG_BUF_INIT;
    size_t len = strlen(path);
    place_key(hop, object, path, len, &key);
    if (sg_strmap_has(&places->above, key.ptr, key.len)) {
        return true;
    }
    for (size_t at = 0;; at = part_end(path, at)) {
        place_key(hop, object, path, at, &key);
        if (sg_strmap_has(&places->at, key.ptr, key.len)) {
            return true;
        }
        if (at == len) {
            return false;
        }
    }
}

static bool is_about(const struct places *places, const struct sg_plan_object *object,
                     const char *path) {
    return has_place(places, object->hop, object->id, path) ||
           has_place(places, SG_NO_HOP, object->id, path) ||
           (object->was && has_place(places, object->hop, object->was, path));
}

static void places_release(struct places *places) {
    sg_strmap_release(&places->at);
    sg_strmap_release(&places->above);
}

/* --- narrowing -------------------------------------------------------------------- */

static bool needs_attention(const struct sg_finding *finding) {
    return finding->stops || (finding->severity != SG_INFO && !finding->accepted);
}

static bool is_of(enum sg_owner owner, enum sg_report_only only) {
    return owner == SG_OWNER_BOTH ||
           (only == SG_ONLY_UPSTREAM && owner == SG_OWNER_UPSTREAM) ||
           (only == SG_ONLY_OVERLAY && owner == SG_OWNER_OVERLAY);
}

static bool keeps_row(const struct places *places, const struct sg_plan_object *object,
                      const struct sg_plan_field *field, enum sg_report_only only) {
    if (only == SG_ONLY_ATTENTION) {
        return field->state == SG_STATE_LOST || is_about(places, object, field->path);
    }
    return is_of(field->owner, only);
}

/* An object may be kept for itself, without a row. */
static bool keeps_object(const struct places *places, const struct sg_plan_object *object,
                         enum sg_report_only only) {
    bool whole = object->change == SG_CHANGE_ADDED || object->change == SG_CHANGE_REMOVED;
    if (only == SG_ONLY_ATTENTION) {
        return is_about(places, object, "");
    }
    return whole ? is_of(object->owner, only)
                 : object->change == SG_CHANGE_RENAMED && only == SG_ONLY_UPSTREAM;
}

static void narrow_object(const struct places *places,
                          const struct sg_plan_object *object, enum sg_report_only only,
                          struct sg_plan_overlay *out) {
    struct sg_plan_object part = *object;
    memset(&part.fields, 0, sizeof part.fields);
    for (size_t i = 0; i < object->fields.len; i++) {
        if (keeps_row(places, object, &object->fields.items[i], only)) {
            sg_vec_push(&part.fields, object->fields.items[i]);
        }
    }
    if (part.fields.len || keeps_object(places, object, only)) {
        sg_vec_push(&out->objects, part);
    }
}

static void narrow_overlay(const struct sg_plan_overlay *overlay,
                           enum sg_report_only only, struct sg_plan *out) {
    struct sg_plan_overlay part = *overlay;
    struct places places = {0};
    memset(&part.objects, 0, sizeof part.objects);
    memset(&part.findings, 0, sizeof part.findings);
    for (size_t i = 0; i < overlay->findings.len; i++) {
        const struct sg_finding *finding = &overlay->findings.items[i];
        if (only != SG_ONLY_ATTENTION || needs_attention(finding)) {
            sg_vec_push(&part.findings, *finding);
            add_place(&places, finding);
        }
    }
    for (size_t i = 0; i < overlay->objects.len; i++) {
        narrow_object(&places, &overlay->objects.items[i], only, &part);
    }
    places_release(&places);
    sg_vec_push(&out->overlays, part);
}

void sg_plan_narrow(const struct sg_plan *plan, enum sg_report_only only,
                    struct sg_plan *out) {
    *out = *plan;
    memset(&out->overlays, 0, sizeof out->overlays);
    memset(&out->findings, 0, sizeof out->findings);
    for (size_t i = 0; i < plan->findings.len; i++) {
        if (only != SG_ONLY_ATTENTION || needs_attention(&plan->findings.items[i])) {
            sg_vec_push(&out->findings, plan->findings.items[i]);
        }
    }
    for (size_t i = 0; i < plan->overlays.len; i++) {
        narrow_overlay(&plan->overlays.items[i], only, out);
    }
}

void sg_plan_narrow_release(struct sg_plan *part) {
    for (size_t i = 0; i < part->overlays.len; i++) {
        for (size_t n = 0; n < part->overlays.items[i].objects.len; n++) {
            sg_vec_release(&part->overlays.items[i].objects.items[n].fields);
        }
        sg_vec_release(&part->overlays.items[i].objects);
        sg_vec_release(&part->overlays.items[i].findings);
    }
    sg_vec_release(&part->overlays);
    sg_vec_release(&part->findings);
}
