/*
 * text.h - what the text writers share: values on one line, places, counts.
 */
#ifndef SG_REPORT_TEXT_H
#define SG_REPORT_TEXT_H

#include "sg/report.h"
#include "sg/strmap.h"

/* Longest value shown on a line before its middle is cut (not with --full). */
#define SG_TEXT_VALUE 72

/* A text report on its way: where to, and how. */
struct sg_text {
    struct sg_buf *out;
    const struct sg_report_opts *opts;
    const struct sg_palette *paint;
    bool terse;                 /* only what must be known: -q, or an apply that stops */
    const struct sg_plan *plan; /* that is told of; NULL: of none */
    bool whole;                 /* values are not cut, but for digests */
};

/* "1 object", "2 objects"; `many` NULL adds an s. */
void sg_text_count(struct sg_buf *out, size_t n, const char *one, const char *many);
/* A NUL-terminated text made safe. */
void sg_text_adds(struct sg_buf *out, const char *text);
/* "file:line:column" in the colour of links; nothing where there is no file. */
void sg_text_place(const struct sg_text *t, struct sg_place at);
/* First 10 digits of a commit id; nothing for "". */
void sg_text_commit(struct sg_buf *out, const char *commit);
/* "Deployment ns/name". */
void sg_text_object(struct sg_buf *out, const struct sg_plan_object *object);
/* The value as it would stand in YAML on one line, cut in its middle past SG_TEXT_VALUE;
 * "(none)" for an absent one, "(secret)" for a masked one. */
void sg_text_value(const struct sg_text *t, const struct sg_plan_value *value);
/* The same for a value that is YAML on one line already. */
void sg_text_inlined(const struct sg_text *t, const char *text, size_t len);
/* Both are there, or not, and equal; a secret is equal where it says so. */
bool sg_value_same(const struct sg_plan_value *a, const struct sg_plan_value *b);
/* A string of more than one line. */
bool sg_value_is_block(const struct sg_plan_value *value);
/* Project paths, each on a line; of a folder with many, without --full, their number. */
void sg_text_files(const struct sg_text *t, const char *const *files, size_t n);
/* A command to run next, last in the report: "Next: sgupgrade …". */
void sg_text_next(const struct sg_text *t, const char *why, const char *command);
/* The commands after an adoption. */
void sg_text_adopt_next(const struct sg_text *t, const struct sg_report_adopt *report);

/* --- parts of a plan -------------------------------------------------------------- */

/*
 * Findings about one field that its row can tell: the row carries the code, and the list
 * of findings leaves it out. By hop, object and path.
 */
struct sg_told {
    struct sg_strmap by_row; /* values: const struct sg_finding * */
    struct sg_strmap told;   /* the keys that a row tells */
};
void sg_told_release(struct sg_told *told);
/* Pairs the rows of an overlay with its findings. */
void sg_told_pair(struct sg_told *told, const struct sg_plan_overlay *overlay);
/* The finding that this row tells, or NULL. */
const struct sg_finding *sg_told_by_row(const struct sg_told *told,
                                        const struct sg_plan_object *object,
                                        const struct sg_plan_field *field);
/* A row tells this finding. */
bool sg_told_has(const struct sg_told *told, const struct sg_finding *finding);

/* Objects and fields of one overlay, hop by hop. */
void sg_text_objects(const struct sg_text *t, const struct sg_plan *plan,
                     const struct sg_plan_overlay *overlay, const struct sg_told *told);
/* Stops first, then by severity; those of severity info only with --full, unless
 * something was done about them; none that a row tells (`told`, NULL: no rows). Returns
 * how many were left out for being of little weight. */
size_t sg_text_findings(const struct sg_text *t, const struct sg_finding *findings,
                        size_t n, const struct sg_told *told);

/* What the overlay needs more or less of the cluster; nothing where it is the same, but
 * with --full all of it. */
void sg_text_capacity(const struct sg_text *t, const struct sg_plan_overlay *overlay);
/* What apply edits of the customer's, with the lines that it changes. */
void sg_text_edits(const struct sg_text *t, const struct sg_report_plan *report);

/* --- images ----------------------------------------------------------------------- */

/* Images that move from one tag to another together, in one hop of one overlay. */
struct sg_image_move {
    char *from, *to; /* tags; owned */
    size_t count;
    struct sg_str names[3]; /* last parts of the first repositories; borrowed */
    size_t names_len;
    bool more_names;
};
struct sg_image_moves {
    SG_VEC(struct sg_image_move *) items; /* in the order they are met; owned */
    struct sg_strmap index;               /* "from\nto" -> struct sg_image_move * */
};
void sg_image_moves_release(struct sg_image_moves *moves);
/* Counts the field in where it is an image whose tag upstream moved. */
void sg_image_moves_add(struct sg_image_moves *moves, const struct sg_plan_field *field);
/* Appends "3.19.2 -> 3.20.1" where both values are images of one repository, at a field
 * named image, with different tags; false and nothing else. */
bool sg_image_tags_add(const char *path, const struct sg_plan_value *before,
                       const struct sg_plan_value *after, struct sg_buf *out);
/* True where the field is one of at least two images that move together. */
bool sg_image_moves_together(const struct sg_image_moves *moves,
                             const struct sg_plan_field *field);

/* --- long values ------------------------------------------------------------------ */

/* The two differ, and at least one is a string of many lines, or a list or map too long
 * for one line. */
bool sg_text_in_lines(const struct sg_plan_value *before,
                      const struct sg_plan_value *after);
/* Their lines that differ, as sg_text_line_diff shows them; an absent value has none. */
void sg_text_lines(const struct sg_text *t, const struct sg_plan_value *before,
                   const struct sg_plan_value *after, int indent, size_t max_lines);

/*
 * The lines that differ between two texts, "- old" and "+ new" with two lines around
 * them, each behind `indent` blanks; at most `max_lines` (0: all), then how many more.
 * Where only the line end after the last line differs, that is said.
 */
void sg_text_line_diff(const struct sg_text *t, const char *before, size_t before_len,
                       const char *after, size_t after_len, int indent, size_t max_lines);

#endif
