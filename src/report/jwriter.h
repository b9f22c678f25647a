/*
 * jwriter.h - a tree written as it comes, keys in the order given, as JSON indented by
 * two or as YAML in block style. A plan of a big upgrade is tens of megabytes; a tree of
 * it would be a second copy.
 */
#ifndef SG_REPORT_JWRITER_H
#define SG_REPORT_JWRITER_H

#include "sg/report.h"

struct sg_jwriter {
    struct sg_buf *out;
    unsigned depth;
    bool empty;   /* nothing was written into the innermost { or [ yet */
    bool pending; /* a key waits for its value */
    bool yaml;    /* set at the start: YAML; else JSON */
    bool keyed;   /* YAML: the innermost { or [ is the value of a key */
    bool on_line; /* YAML: what comes stands on the line of its "- ", or is the first */
};

/* Opens "{" or "["; closes it. Begin and end in pairs. */
void sg_jw_begin(struct sg_jwriter *w, char bracket);
void sg_jw_end(struct sg_jwriter *w, char bracket);
void sg_jw_key(struct sg_jwriter *w, const char *key);
void sg_jw_string(struct sg_jwriter *w, const char *text, size_t len);
void sg_jw_number(struct sg_jwriter *w, uint64_t number);
void sg_jw_real(struct sg_jwriter *w, double number);
void sg_jw_bool(struct sg_jwriter *w, bool value);
void sg_jw_null(struct sg_jwriter *w);
/* A node of a document; -1 for what JSON cannot say. */
SG_MUST_USE int sg_jw_node(struct sg_jwriter *w, const struct sg_node *node,
                           struct sg_err *err);

/* Key and value in one; NULL text is left out. */
void sg_jw_put(struct sg_jwriter *w, const char *key, const char *text);
void sg_jw_put_number(struct sg_jwriter *w, const char *key, uint64_t number);
void sg_jw_put_bool(struct sg_jwriter *w, const char *key, bool value);
/* A list of strings. */
void sg_jw_put_list(struct sg_jwriter *w, const char *key, const char *const *items,
                    size_t n);
/* {"file", "line", "column"} under `key`; nothing where there is no file. */
void sg_jw_put_place(struct sg_jwriter *w, const char *key, struct sg_place at);
/* A value of a plan; an absent one is left out. -1 for what JSON cannot say. */
SG_MUST_USE int sg_jw_put_value(struct sg_jwriter *w, const char *key,
                                const struct sg_plan_value *value, struct sg_err *err);

/* The array under `key` of findings, as in sgupgrade.plan/v1. */
void sg_jw_put_findings(struct sg_jwriter *w, const struct sg_plan *plan,
                        const struct sg_finding *findings, size_t n);
/* The members of a status, schema first, into the object that is open. */
void sg_jw_put_status(struct sg_jwriter *w, const struct sg_report_status *status,
                      const struct sg_report_opts *opts);
/* The members of an adoption, schema first, into the object that is open. */
void sg_jw_put_adopt(struct sg_jwriter *w, const struct sg_report_adopt *adopt,
                     const struct sg_report_opts *opts);
/* The members of a plan, schema first, into the object that is open. */
SG_MUST_USE int sg_jw_put_plan(struct sg_jwriter *w, const struct sg_report_plan *report,
                               const struct sg_report_opts *opts, struct sg_err *err);
/* The array under "capacity" of an overlay, an item a hop. */
void sg_json_capacity(struct sg_jwriter *w, const struct sg_plan *plan,
                      const struct sg_plan_overlay *overlay);

/* --- the YAML of it (yaml_syntax.c) ----------------------------------------------- */

void sg_yw_begin(struct sg_jwriter *w);
void sg_yw_end(struct sg_jwriter *w, char bracket);
/* Any bytes that are UTF-8; so is a string. */
void sg_yw_key(struct sg_jwriter *w, const char *key, size_t len);
void sg_yw_string(struct sg_jwriter *w, const char *text, size_t len);
/* What JSON writes without quotes: null, true, false, a number. */
void sg_yw_word(struct sg_jwriter *w, const char *json, size_t len);
SG_MUST_USE int sg_yw_node(struct sg_jwriter *w, const struct sg_node *node,
                           struct sg_err *err);

#endif
