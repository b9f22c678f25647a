/*
 * row.h - a field of a plan in words, for every format that people read: whose it is and
 * what becomes of it, as pieces that a format marks in its own way.
 */
#ifndef SG_REPORT_ROW_H
#define SG_REPORT_ROW_H

#include "text.h"

enum sg_piece_kind {
    SG_PIECE_WORDS, /* ours */
    SG_PIECE_OLD,   /* a value, already safe to show: what was, what is, what stays */
    SG_PIECE_NEW,
    SG_PIECE_VALUE,
    SG_PIECE_BAD, /* words about a loss */
};

/* Pieces follow each other without a blank between. */
struct sg_piece {
    enum sg_piece_kind kind;
    bool aside; /* part of a remark in parentheses */
    char *text; /* owned */
};
struct sg_pieces {
    SG_VEC(struct sg_piece) items;
};
void sg_pieces_release(struct sg_pieces *pieces);
#define sg_auto_pieces SG_CLEANUP(sg_pieces_release) struct sg_pieces

/* "upstream", "yours", "both", "follows"; "LOST" for a setting that is lost. */
const char *sg_row_owner(const struct sg_plan_field *field);
/* What becomes of the value, in words where an arrow alone would mislead. `finding` is
 * the one that this row tells, or NULL; `t` says how values are cut, its `out` is not
 * written to. */
void sg_row_verdict(const struct sg_text *t, const struct sg_plan_field *field,
                    const struct sg_finding *finding, struct sg_pieces *out);

/* Two values of a row whose lines that differ are to be shown below it. */
struct sg_row_lines {
    const struct sg_plan_value *old, *new;
};
/* False where the verdict tells it all. */
bool sg_row_lines(const struct sg_text *t, const struct sg_plan_field *field,
                  struct sg_row_lines *out);

/* The customer deletes it, before and after. */
bool sg_row_is_deleted(const struct sg_plan_field *field);
/* The object is upstream's, and the customer removes it: its one row says so. */
bool sg_object_is_kept_away(const struct sg_plan_object *object);

#endif
