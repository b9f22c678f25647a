/* A plan made by hand, with every kind of row and finding. */
#ifndef SG_TEST_REPORT_SAMPLE_H
#define SG_TEST_REPORT_SAMPLE_H

#include "sg/report.h"

struct sample {
    struct sg_atoms *atoms;
    struct sg_plan plan;
};
void sample_open(struct sample *sample);
/* One overlay with every kind of row, finding and fold. */
void sample_fill(struct sample *sample);
void sample_close(struct sample *sample);
/* Adds an overlay; its objects and fields follow. */
struct sg_plan_overlay *sample_overlay(struct sample *sample, const char *name);
struct sg_plan_object *sample_object(struct sg_plan_overlay *overlay, const char *kind,
                                     const char *name, enum sg_change change);
/* A field of strings; NULL: absent, "(secret)": masked. */
struct sg_plan_field *sample_field(struct sample *sample, struct sg_plan_object *object,
                                   const char *path, enum sg_owner owner,
                                   enum sg_state state, const char *const values[4]);
#define VALUES(...) ((const char *const[4]){__VA_ARGS__})

#endif
