/*
 * plugin_config.h - the configuration of a built-in transformer or generator, as the
 * built-in sees it.
 */
#ifndef SG_KUSTOMIZE_PLUGIN_CONFIG_H
#define SG_KUSTOMIZE_PLUGIN_CONFIG_H

#include "context.h"

/* A copy of `config` whose node was printed and read again, by YAML 1.1, and fits the
 * built-in of its kind (see sg_plugin_fit). */
SG_MUST_USE const struct sg_resource *sg_plugin_config(struct sg_kustomize *k,
                                                       const struct sg_resource *config,
                                                       struct sg_err *err);

/* Checks the fields that the built-in `kind` knows; others are ignored. A number or a
 * boolean becomes a string where kustomize takes it for one. */
SG_MUST_USE int sg_plugin_fit(struct sg_kustomize *k, struct sg_node *node,
                              const char *kind, struct sg_err *err);

/* Makes strings of numbers and booleans in the `path` of each item of a list of field
 * specs. */
void sg_fieldspecs_loosen(struct sg_kustomize *k, struct sg_node *list);

#endif
