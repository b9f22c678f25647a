#include "moves_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct sg_yaml_opts edit = {.repeat = SG_REPEAT_KEEP, .edit = true};

struct sg_node *moves_read(struct moves_run *run, const char *text,
                           const struct sg_yaml_opts *opts) {
    sg_auto_yaml_docs docs = {0};
    struct sg_err err = {0};
    if (sg_yaml_read(&run->set, "patch", text, strlen(text), opts, &docs, &err) != 0) {
        fail_msg("%s\n%s", err.text, text);
    }
    return docs.roots.len > 0 ? docs.roots.items[0] : NULL;
}

void moves_run_release(struct moves_run *run) {
    moves_out_release(&run->out);
    sg_buf_release(&run->text);
    sg_docs_release(&run->set);
    sg_atoms_free(run->atoms);
}

void moves_run(struct moves_run *run, struct moves_change change, const char *text,
               const char *now) {
    *run = (struct moves_run){.atoms = sg_atoms_new()};
    sg_docs_init(&run->set, run->atoms);
    struct sg_node *base = now != NULL ? moves_read(run, now, NULL) : NULL;
    struct sg_node *root = moves_read(run, text, &edit);
    struct moves_in in = {.set = &run->set,
                          .patch = root,
                          .old_api = change.old_api,
                          .old_kind = change.old_kind,
                          .new_api = change.new_api,
                          .new_kind = change.new_kind,
                          .now = base};
    run->ok = true;
    if (sg_is_seq(root)) {
        for (uint32_t i = 0; run->ok && i < root->len; i++) {
            run->ok = moves_json_op(&in, root->items[i], &run->set.arena, &run->out);
        }
    } else {
        run->ok = moves_strategic(&in, &run->set.arena, &run->out);
    }
    sg_splices_apply(&run->out.splices, (struct sg_str){text, strlen(text)}, &run->text);
}
