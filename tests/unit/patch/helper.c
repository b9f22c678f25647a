/* helper.c - see helper.h. */
#include "helper.h"

#include <string.h>

static void record(void *ctx, const struct sg_diag *diag) {
    struct fixture *f = ctx;
    const char *colon = strchr(diag->rule, ' ');
    assert_string_equal(diag->code, "SG105");
    sg_buf_addf(&f->rules, "%s@%u;", colon != NULL ? colon + 1 : diag->rule,
                diag->at.line);
}

void fixture_init(struct fixture *f) {
    memset(f, 0, sizeof(*f));
    f->atoms = sg_atoms_new();
    sg_docs_init(&f->set, f->atoms);
    f->paths = sg_fieldpaths_new(f->atoms);
    sg_trace_init(&f->trace, f->paths);
    f->trace.arena = &f->set.arena;
    f->sink = (struct sg_diag_sink){.emit = record, .ctx = f};
    f->ctx = (struct sg_patch_ctx){.set = &f->set, .trace = &f->trace, .diag = &f->sink};
    struct sg_step step = {
        .kind = SG_STEP_STRATEGIC, .name = "patches", .kustomization = "k", .file = "p"};
    sg_trace_step(&f->trace, &step);
}

void fixture_release(struct fixture *f) {
    sg_buf_release(&f->rules);
    sg_buf_release(&f->out);
    sg_trace_release(&f->trace);
    sg_fieldpaths_free(f->paths);
    sg_docs_release(&f->set);
    sg_atoms_free(f->atoms);
}

struct sg_node *fixture_read(struct fixture *f, const char *text, enum sg_repeat repeat,
                             bool yaml11) {
    sg_auto_yaml_docs docs = {0};
    struct sg_yaml_opts opts = {.repeat = repeat, .yaml11 = yaml11};
    struct sg_err err = {0};
    if (sg_yaml_read(&f->set, "t.yaml", text, strlen(text), &opts, &docs, &err) != 0) {
        fail_msg("cannot read: %s\n%s", err.text, text);
    }
    assert_int_equal(docs.roots.len, 1);
    return docs.roots.items[0];
}

const char *fixture_print(struct fixture *f, const struct sg_node *node) {
    struct sg_err err = {0};
    sg_buf_clear(&f->out);
    if (node != NULL && sg_yaml_write(&f->set, node, &f->out, &err) != 0) {
        fail_msg("cannot write: %s", err.text);
    }
    return sg_buf_cstr(&f->out);
}

const char *fixture_events(struct fixture *f) {
    static const char *const names[] = {"SET",  "DELETE", "REPLACE", "INSERT",
                                        "MOVE", "RENAME", "NOOP"};
    sg_buf_clear(&f->out);
    for (size_t i = 0; i < f->trace.events.len; i++) {
        const struct sg_event *event = &f->trace.events.items[i];
        sg_buf_addf(&f->out, "%s%s ", i > 0 ? "; " : "", names[event->op]);
        sg_fieldpath_text(event->path, &f->out);
        if (event->index != UINT32_MAX) {
            sg_buf_addf(&f->out, " @%u", event->index);
        }
    }
    return sg_buf_cstr(&f->out);
}
