/*
 * names.h - which files of a folder count as what, by their names.
 */
#ifndef SG_ADOPT_NAMES_H
#define SG_ADOPT_NAMES_H

#include <stdbool.h>

/* Ends in .yaml, .yml or .json, as kubectl takes the files of a folder. */
bool is_manifest_name(const char *path);
/* kustomize takes it for the kustomization of its folder. */
bool is_kustomization_name(const char *path);

#endif
