/*
 * fields.h - the fields that a kustomization and the configs of built-in transformers may
 * have, as tables for sg_strict_check.
 */
#ifndef SG_KUSTOMIZE_FIELDS_H
#define SG_KUSTOMIZE_FIELDS_H

#include "sg/strict.h"

extern const struct sg_strict_field sg_fields_kustomization[];
extern const struct sg_strict_field sg_fields_image[];
extern const struct sg_strict_field sg_fields_replica[];
extern const struct sg_strict_field sg_fields_replacement[];
extern const struct sg_strict_field sg_fields_patch[];
extern const struct sg_strict_field sg_fields_selector[];
extern const struct sg_strict_field sg_fields_fieldspec[];
extern const struct sg_strict_field sg_fields_config_map[];
extern const struct sg_strict_field sg_fields_secret[];
extern const struct sg_strict_field sg_fields_sort[];

#endif
