/* helper.h - reading and printing documents, and recording what a patch reports. */
#ifndef SG_TEST_PATCH_HELPER_H
#define SG_TEST_PATCH_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/patch.h"
#include "sg/yaml.h"

struct fixture {
    struct sg_atoms *atoms;
    struct sg_docs set;
    struct sg_fieldpaths *paths;
    struct sg_trace trace;
    struct sg_buf rules; /* "keyless-element@4;" for each finding */
    struct sg_diag_sink sink;
    struct sg_patch_ctx ctx;
    struct sg_err err;
    struct sg_buf out;
};

void fixture_init(struct fixture *f);
void fixture_release(struct fixture *f);
/* The first document of `text`. */
struct sg_node *fixture_read(struct fixture *f, const char *text, enum sg_repeat repeat,
                             bool yaml11);
/* The document as kustomize prints it; "" for NULL. Fails the test if it cannot be. */
const char *fixture_print(struct fixture *f, const struct sg_node *node);
/* Every event but those of whole equal values: "SET spec.replicas; DELETE …". */
const char *fixture_events(struct fixture *f);

#endif
