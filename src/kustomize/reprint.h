/*
 * reprint.h - objects that kustomize hands on as text: it prints them as they would be
 * printed in the end, and reads that.
 */
#ifndef SG_KUSTOMIZE_REPRINT_H
#define SG_KUSTOMIZE_REPRINT_H

#include "context.h"

/*
 * `node` printed and read again, by the rules of YAML 1.1 with `yaml11`, else as a
 * resource: numbers are canonical (1.50 is 1.5), a timestamp is a string. What kustomize
 * cannot print fails. Everything stays where it stands in its file. Linear in its size.
 */
SG_MUST_USE struct sg_node *sg_reprint(struct sg_kustomize *k, const struct sg_node *node,
                                       bool yaml11, struct sg_err *err);

#endif
