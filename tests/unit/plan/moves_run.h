/* moves_run.h - one patch brought along to a new API. */
#ifndef MOVES_RUN_H
#define MOVES_RUN_H

#include "moves.h"

struct moves_change {
    const char *old_api, *old_kind, *new_api, *new_kind;
};

struct moves_run {
    struct sg_atoms *atoms;
    struct sg_docs set;
    struct moves_out out;
    struct sg_buf text; /* the patch after */
    bool ok;
};
/* Moves `text`: a merge patch, or a list of operations. `now` is the object in the new
 * base, or NULL. */
void moves_run(struct moves_run *run, struct moves_change change, const char *text,
               const char *now);
void moves_run_release(struct moves_run *run);
/* The first document of a text, in the run's set; a fault of it fails the test. */
struct sg_node *moves_read(struct moves_run *run, const char *text,
                           const struct sg_yaml_opts *opts);

#endif
