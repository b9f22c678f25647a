#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sg/path.h"
#include "sg/yaml.h"

void fixture_init(struct fixture *fixture) {
    memset(fixture, 0, sizeof(*fixture));
    fixture->atoms = sg_atoms_new();
    fixture->old = sg_fs_memory();
    fixture->new = sg_fs_memory();
    sg_plan_init(&fixture->plan, fixture->atoms);
}

void fixture_release(struct fixture *fixture) {
    sg_planner_free(fixture->planner);
    sg_plan_release(&fixture->plan);
    sg_fs_free(fixture->old);
    sg_fs_free(fixture->new);
    sg_atoms_free(fixture->atoms);
}

static void put(struct sg_fs *fs, const char *path, const char *text) {
    if (text != NULL) {
        sg_fs_memory_put(fs, path, text, strlen(text));
    }
}

void fixture_base(struct fixture *fixture, const char *name, const char *old_text,
                  const char *new_text) {
    sg_auto_cstr path = sg_xasprintf("base/%s", name);
    put(fixture->old, path, old_text);
    put(fixture->new, path, new_text);
}

void fixture_file(struct fixture *fixture, const char *path, const char *text) {
    put(fixture->old, path, text);
    put(fixture->new, path, text);
}

static void list_base(struct sg_fs *fs) {
    sg_auto_fs_list files = {0};
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err err = {0};
    assert_int_equal(sg_fs_readdir(fs, "base", &files, &err), 0);
    sg_buf_adds(&text, "resources:\n");
    for (size_t i = 0; i < files.entries.len; i++) {
        sg_buf_addf(&text, "- %s\n", files.entries.items[i].name);
    }
    put(fs, "base/kustomization.yaml", sg_buf_cstr(&text));
}

static bool vendored(void *ctx, const char *path) {
    (void)ctx;
    return sg_path_within(path, "base");
}

/* What the customer wrote may be lost, but never unsaid: a finding names the place or one
 * above it. */
static bool is_said(const struct sg_plan_overlay *overlay,
                    const struct sg_plan_object *object, const char *path) {
    static const char *const codes[] = {"SG201", "SG202", "SG203", "SG205"};
    for (size_t i = 0; i < overlay->findings.len; i++) {
        const struct sg_finding *finding = &overlay->findings.items[i];
        for (size_t k = 0; k < SG_ARRAY_LEN(codes); k++) {
            if (strcmp(finding->code, codes[k]) == 0 &&
                (strcmp(finding->object, object->id) == 0 ||
                 (object->was != NULL && strcmp(finding->object, object->was) == 0)) &&
                strncmp(path, finding->path, strlen(finding->path)) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void require_lost_is_said(const struct fixture *fixture) {
    const struct sg_plan_overlay *overlay = &fixture->plan.overlays.items[0];
    for (size_t i = 0; i < overlay->objects.len; i++) {
        const struct sg_plan_object *object = &overlay->objects.items[i];
        for (size_t k = 0; k < object->fields.len; k++) {
            const struct sg_plan_field *row = &object->fields.items[k];
            if (row->state != SG_STATE_LOST || is_said(overlay, object, row->path)) {
                continue;
            }
            fixture_dump(fixture);
            fail_msg("%s [%s] is lost unsaid", object->id, row->path);
        }
    }
}

void fixture_file_new(struct fixture *fixture, const char *path, const char *text) {
    put(fixture->new, path, text);
}

static struct sg_planner *make_planner(struct fixture *fixture) {
    struct sg_plan_overlay_in overlay = {"x", "o/x"};
    struct sg_planner_opts opts = {
        .atoms = fixture->atoms,
        .overlays = &overlay,
        .overlays_len = 1,
        .accepts = fixture->accepts,
        .accepts_len = fixture->accepts_len,
        .vendored = vendored,
        .kubernetes = fixture->kubernetes,
        .external = fixture->external,
        .external_len = fixture->external_len,
    };
    return sg_planner_new(&opts);
}

void fixture_present(struct fixture *fixture) {
    list_base(fixture->new);
    fixture->planner = make_planner(fixture);
    struct sg_err err = {0};
    if (sg_planner_present(fixture->planner, fixture->new, &fixture->plan, &err) != 0) {
        fail_msg("present: %s", err.text);
    }
    sg_plan_finish(&fixture->plan, SG_USE_CHECK, SG_ERROR);
}

void fixture_plan(struct fixture *fixture) {
    list_base(fixture->old);
    list_base(fixture->new);
    fixture->planner = make_planner(fixture);
    struct sg_plan_hop_in in = {
        .old = fixture->old, .new = fixture->new, .version = "2.0.0", .commit = "c2"};
    struct sg_err err = {0};
    if (sg_planner_hop(fixture->planner, &in, &fixture->plan, &err) != 0) {
        fail_msg("hop: %s", err.text);
    }
    sg_plan_finish(&fixture->plan, SG_USE_APPLY, SG_ERROR);
    require_lost_is_said(fixture);
}

const struct sg_plan_object *fixture_object(const struct fixture *fixture,
                                            const char *object) {
    const struct sg_plan_overlay *overlay = &fixture->plan.overlays.items[0];
    size_t len = strlen(object);
    for (size_t i = 0; i < overlay->objects.len; i++) {
        const char *id = overlay->objects.items[i].id;
        if (strlen(id) >= len && strcmp(id + strlen(id) - len, object) == 0) {
            return &overlay->objects.items[i];
        }
    }
    return NULL;
}

const struct sg_plan_field *fixture_row(const struct fixture *fixture, const char *object,
                                        const char *path) {
    const struct sg_plan_object *found = fixture_object(fixture, object);
    for (size_t i = 0; found != NULL && i < found->fields.len; i++) {
        if (strcmp(found->fields.items[i].path, path) == 0) {
            return &found->fields.items[i];
        }
    }
    return NULL;
}

const struct sg_finding *fixture_finding(const struct fixture *fixture,
                                         const char *code) {
    const struct sg_plan_overlay *overlay = &fixture->plan.overlays.items[0];
    for (size_t i = 0; i < overlay->findings.len; i++) {
        if (strcmp(overlay->findings.items[i].code, code) == 0) {
            return &overlay->findings.items[i];
        }
    }
    return NULL;
}

size_t fixture_findings(const struct fixture *fixture) {
    const struct sg_plan_overlay *overlay = &fixture->plan.overlays.items[0];
    size_t count = 0;
    for (size_t i = 0; i < overlay->findings.len; i++) {
        count += strncmp(overlay->findings.items[i].code, "SG3", 3) != 0;
    }
    return count;
}

size_t fixture_count(const struct fixture *fixture, const char *code) {
    const struct sg_plan_overlay *overlay = &fixture->plan.overlays.items[0];
    size_t count = 0;
    for (size_t i = 0; i < overlay->findings.len; i++) {
        count += strcmp(overlay->findings.items[i].code, code) == 0;
    }
    return count;
}

const struct sg_finding *fixture_at(const struct fixture *fixture, const char *code,
                                    const char *object, const char *path) {
    const struct sg_plan_overlay *overlay = &fixture->plan.overlays.items[0];
    for (size_t i = 0; i < overlay->findings.len; i++) {
        const struct sg_finding *finding = &overlay->findings.items[i];
        size_t id = strlen(finding->object), len = strlen(object);
        if (strcmp(finding->code, code) == 0 && strcmp(finding->path, path) == 0 &&
            id >= len && strcmp(finding->object + id - len, object) == 0) {
            return finding;
        }
    }
    fixture_dump(fixture);
    fail_msg("no %s of %s at [%s]", code, object, path);
    return NULL;
}

static void dump_value(const char *name, const struct sg_plan_value *value) {
    sg_auto_buf text = SG_BUF_INIT;
    if (value->kind == SG_VALUE_NODE) {
        sg_yaml_inline(value->node, &text);
    }
    fprintf(stderr, " %s=%s", name,
            value->kind == SG_VALUE_ABSENT   ? "-"
            : value->kind == SG_VALUE_MASKED ? "***"
                                             : sg_buf_cstr(&text));
}

void fixture_dump(const struct fixture *fixture) {
    const struct sg_plan_overlay *overlay = &fixture->plan.overlays.items[0];
    for (size_t i = 0; i < overlay->objects.len; i++) {
        const struct sg_plan_object *object = &overlay->objects.items[i];
        fprintf(stderr, "%s %s\n", sg_change_word(object->change), object->id);
        for (size_t k = 0; k < object->fields.len; k++) {
            const struct sg_plan_field *row = &object->fields.items[k];
            fprintf(stderr, "  [%s] %s %s %s:%u:%u", row->path, sg_owner_word(row->owner),
                    sg_state_word(row->state), row->at.file != NULL ? row->at.file : "-",
                    row->at.line, row->at.column);
            dump_value("o", &row->base_old);
            dump_value("n", &row->base_new);
            dump_value("a", &row->before);
            dump_value("b", &row->after);
            fprintf(stderr, "  %s\n", row->pointer);
        }
    }
    for (size_t i = 0; i < overlay->findings.len; i++) {
        const struct sg_finding *f = &overlay->findings.items[i];
        fprintf(stderr, "%s %s %s %s [%s] %s:%u:%u %s%s | %s\n", f->code, f->rule,
                sg_severity_word(f->severity), f->object, f->path,
                f->at.file != NULL ? f->at.file : "-", f->at.line, f->at.column,
                f->message, f->stops ? " STOPS" : "", f->fix);
        for (size_t k = 0; k < f->candidates.len; k++) {
            fprintf(stderr, "    candidate %s %.2f %s\n", f->candidates.items[k].id,
                    f->candidates.items[k].score, f->candidates.items[k].why);
        }
    }
}
