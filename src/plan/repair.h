/*
 * repair.h - what a repair needs: the customer's text behind a step, and what it decided.
 */
#ifndef SG_PLAN_REPAIR_H
#define SG_PLAN_REPAIR_H

#include "draft.h"
#include "match.h"
#include "planner.h"

/* --- the text of a step (step_text.c) ---------------------------------------------- */

struct step_text {
    struct draft_doc *kustomization;
    const struct sg_node *list; /* "patches", "replicas" … */
    uint32_t item;
    const struct sg_node *entry; /* list[item] */
    /* of a patch: its text, in a file of its own or in the entry */
    struct draft_doc *doc;
    uint32_t document; /* strategic: of `doc`; JSON: the operation's position */
    const struct sg_node
        *root;                /* strategic: the document; JSON: the list of operations */
    const struct sg_node *op; /* JSON: the operation */
};
/* The text of a step of R_O as it is now. False where it is no entry of a kustomization
 * whose text we can edit (a plugin's configuration, a remote file), or is gone. */
bool step_text_find(struct overlay_plan *op, const struct sg_step *step,
                    struct step_text *out);
/* The same for a plugin's configuration in a file of its own: `doc`, the document `root`,
 * and `entry`, the field of it that the step is for. */
bool step_config_find(struct overlay_plan *op, const struct sg_step *step,
                      struct step_text *out);
/* The node at a path of an object, or of a strategic merge patch of one, list elements
 * found by key; NULL where there is none. `type` is the object's. */
const struct sg_node *node_at(const struct sg_node *root, sg_type type,
                              const struct sg_fieldpath *path);
/* The element of this key, the `repeat`+1st of them, and in `at` its position. */
const struct sg_node *element_at(const struct sg_node *list, const struct sg_field *field,
                                 sg_atom key, uint32_t repeat, uint32_t *at);
/* The schema of the node at a path. */
struct sg_field field_at(sg_type type, const struct sg_fieldpath *path);
/* The object's type, by the union of the schemas. */
sg_type type_of(const struct sg_resource *res);

/* --- decisions --------------------------------------------------------------------- */

/* What became of a setting whose place is gone. */
struct fate {
    enum sg_resolved resolved; /* NONE: stop */
    bool edits;                /* a text was edited for it */
    const char *message, *fix; /* NULL: the finding's own */
    const char *heir;          /* carried: the new place; in the plan's arena */
    struct matches matches;
};
void fate_release(struct fate *fate);
#define auto_fate SG_CLEANUP(fate_release) struct fate

bool repairs(const struct overlay_plan *op);
/* Whether a text was edited for this in an earlier round of the hop; `step` UINT32_MAX
 * for none. Step and tree are R_O's. */
bool mended(const struct overlay_plan *op, const char *code, uint32_t step,
            const char *object, const char *path);
void note_mended(struct overlay_plan *op, const char *code, uint32_t step,
                 const char *object, const char *path);
/* The text of a step of R_O is edited. */
void note_step_edit(struct overlay_plan *op, uint32_t step);
/* The fingerprint that a finding of this overlay will have, in the draft's arena. */
const char *fingerprint_of(struct overlay_plan *op, const char *code, const char *object,
                           const char *path);
/* What the user decided on the command line, or NULL. */
const struct sg_plan_accept *decision_for(const struct overlay_plan *op, const char *code,
                                          const char *object, const char *path);
/* Puts the fate into the finding: severity, candidates, words. */
void tell_fate(struct overlay_plan *op, struct sg_finding *finding, struct fate *fate);

/* SG201: the object `gone` of the step of R_O is not in N (repair_object.c). */
void repair_object(struct overlay_plan *op, uint32_t step, const struct sg_resource *gone,
                   const char *id, struct fate *fate);
/* SG201 of a claim that became a template of a StatefulSet (repair_claim.c). */
void repair_claim(struct overlay_plan *op, uint32_t step, const char *id,
                  const struct match *heir, struct fate *fate);
/* SG202: steps of R_O write the element `gone` at `path`, which is not in N
 * (repair_element.c). `complete`: it stands on its own, and is not retired. */
void repair_element(struct overlay_plan *op, const struct sg_resource *res_old,
                    const struct sg_resource *res_now, const char *id,
                    const struct sg_fieldpath *path, const struct sg_node *old_list,
                    const struct sg_node *new_list, const struct sg_node *gone,
                    bool complete, struct fate *fate);
/* What strategic merge patches set at an element of an object of R_O goes to what is
 * retired. */
bool retire_element(struct overlay_plan *op, const struct sg_resource *res,
                    const struct sg_fieldpath *path, const char *id, const char *tag);
/* SG202, SG203: a JSON operation that fails on N, or reaches another element
 * (repair_operation.c). `event` is what it did in R_O; `lists` as sg_event.lists in R_N,
 * or NULL where it failed before. */
void repair_operation(struct overlay_plan *op, const struct sg_event *event,
                      const struct sg_resource *res_old,
                      const struct sg_resource *res_now, const char *code, const char *id,
                      const struct sg_node *lists, struct fate *fate);
/* SG205: the patch names the old API version (repair_object.c). */
void repair_api(struct overlay_plan *op, uint32_t step, const struct sg_resource *res_old,
                const struct sg_resource *res_now, const char *id, struct fate *fate);

/* The overlay has an element of this key in the list at `path` of the object already, on
 * the old base: nothing can be carried there. */
bool is_taken(const struct overlay_plan *op, const struct sg_resource *res_old,
              const struct sg_fieldpath *path, sg_atom key);

/* --- what is taken out (retired.c) -------------------------------------------------- */

/* The whole entry, or one document of its text, goes to overlays/<name>/retired/; false
 * where the text cannot be edited. */
bool retire_patch(struct overlay_plan *op, struct step_text *text, const char *object,
                  const char *tag);
/* The same for one operation of a JSON patch. */
bool retire_operation(struct overlay_plan *op, struct step_text *text, const char *object,
                      const char *path, const char *tag);
/* The same for an entry that has no text of its own (replicas, generators). */
bool retire_entry(struct overlay_plan *op, const struct step_text *text,
                  const char *object, const char *tag);
/* The same for a node of a strategic merge patch: what is kept is a patch of it alone. */
bool retire_node(struct overlay_plan *op, struct step_text *text,
                 const struct sg_node *node, const char *object, const char *path,
                 const char *tag);
/* Keeps it only: the text is taken out otherwise. */
bool keep_node(struct overlay_plan *op, struct step_text *text,
               const struct sg_node *node, const char *object, const char *path,
               const char *tag);

#endif
