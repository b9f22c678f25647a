/*
 * moves.h - what a patch has to say after its object changed API version, group or kind.
 *
 * Kubernetes moved fields when an API grew up: serviceName of an Ingress is service.name.
 * The tables of known moves (moves_<family>.c) are applied to the text of a customer's
 * patch as splices, so that its comments, order and quotes stay. A field that the new
 * type does not have, and that no table knows, is told and not touched.
 */
#ifndef SG_PLAN_MOVES_H
#define SG_PLAN_MOVES_H

#include "sg/yaml.h"

/* One field of a patch that cannot go along. */
struct move_left {
    const struct sg_node *map; /* of a JSON patch where all of an operation is left: it */
    uint32_t index;            /* the entry in `map`; of an operation: its path */
    const char *path;          /* "spec.strategy.rollingUpdate.maxSurge", in the arena */
    const char *why;           /* a clause: "a DaemonSet has no replicas" */
    /* It has no meaning there, is let go and reported; the splices take its text out
     * (but not an operation, which the caller drops). False: nobody knows; to stop. */
    bool retire;
};

struct moves_in {
    /* Read in edit mode, and with SG_REPEAT_KEEP: a key that stands twice is refused. */
    const struct sg_docs *set;
    const struct sg_node *patch; /* root map of a strategic merge patch; else NULL */
    const char *old_api, *old_kind, *new_api, *new_kind;
    const struct sg_node *now; /* the object in the new base, or NULL */
};

/* Zero-initialise. Texts are the arena's or static. */
struct moves_out {
    struct sg_splices splices;
    SG_VEC(struct move_left) left;
    SG_VEC(const char *)
    done;            /* "backend.serviceName is backend.service.name"; each once */
    const char *why; /* why the text cannot be edited, after false */
};
void moves_out_release(struct moves_out *out);
#define auto_moves_out SG_CLEANUP(moves_out_release) struct moves_out

/*
 * Appends the splices that make `in->patch` say the same of the object under its new API:
 * apiVersion and kind rewritten, fields moved. False: the text cannot be edited by
 * splices (anchors, aliases, a comment with no place); out->why says so and nothing is
 * appended. Only where no entry of `left` has retire false is the result complete.
 */
bool moves_strategic(const struct moves_in *in, struct sg_arena *arena,
                     struct moves_out *out);
/* The same for one JSON patch operation (a map with op, path, from, value): pointers and
 * values are moved. `in->patch` is not looked at. */
bool moves_json_op(const struct moves_in *in, const struct sg_node *op,
                   struct sg_arena *arena, struct moves_out *out);

#endif
