/*
 * plugin.h - generators:, transformers: and validators: whose entries are configurations
 * of kustomize's built-ins. Programs and containers are refused.
 */
#ifndef SG_KUSTOMIZE_PLUGIN_H
#define SG_KUSTOMIZE_PLUGIN_H

#include "accumulate.h"

SG_MUST_USE int sg_plugin_generators(struct sg_kustomize *k,
                                     const struct sg_target *target,
                                     struct sg_accumulator *acc, struct sg_err *err);
SG_MUST_USE int sg_plugin_transformers(struct sg_kustomize *k,
                                       const struct sg_target *target,
                                       struct sg_accumulator *acc, struct sg_err *err);
/* As transformers, but nothing may change. */
SG_MUST_USE int sg_plugin_validators(struct sg_kustomize *k,
                                     const struct sg_target *target,
                                     struct sg_accumulator *acc, struct sg_err *err);

#endif
