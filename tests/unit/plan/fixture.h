/*
 * fixture.h - a project in memory on two bases, and the rows and findings of the hop
 * between them.
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "sg/plan.h"

struct fixture {
    struct sg_atoms *atoms;
    struct sg_fs *old, *new; /* the project on the old and the new base */
    struct sg_planner *planner;
    struct sg_plan plan;
    struct sg_plan_accept accepts[4];
    size_t accepts_len;
    const char *kubernetes, *external[4];
    size_t external_len;
};
void fixture_init(struct fixture *fixture);
void fixture_release(struct fixture *fixture);
/* base/NAME in the old and the new release; NULL: not there. Both get a kustomization
 * with everything in it when the hop is planned. */
void fixture_base(struct fixture *fixture, const char *name, const char *old_text,
                  const char *new_text);
/* A file of the customer's, the same in both. */
void fixture_file(struct fixture *fixture, const char *path, const char *text);
/* The same in the new project alone: an edit of the customer's that comes with the hop.
 */
void fixture_file_new(struct fixture *fixture, const char *path, const char *text);
/* Plans the new project as it is, without a hop. */
void fixture_present(struct fixture *fixture);
/* Plans the hop 1.0.0 -> 2.0.0 of overlay `o/x`; a failure fails the test. */
void fixture_plan(struct fixture *fixture);

/* The object, row or finding, NULL without. `object` is the id's end ("Deployment/web").
 */
const struct sg_plan_object *fixture_object(const struct fixture *fixture,
                                            const char *object);
const struct sg_plan_field *fixture_row(const struct fixture *fixture, const char *object,
                                        const char *path);
const struct sg_finding *fixture_finding(const struct fixture *fixture, const char *code);
/* How many there are, but for those about the cluster (SG3nn): manifests cut down to what
 * a test is about do not fit their schema. */
size_t fixture_findings(const struct fixture *fixture);
/* How many there are of a code. */
size_t fixture_count(const struct fixture *fixture, const char *code);
/* The one at this object and path; the test fails where there is none. */
const struct sg_finding *fixture_at(const struct fixture *fixture, const char *code,
                                    const char *object, const char *path);
/* Prints the plan to stderr, for a test that fails. */
void fixture_dump(const struct fixture *fixture);

#endif
