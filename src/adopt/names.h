/*
 * names.h - which files of a folder count as what, by their names.
 */
#ifndef SG_ADOPT_NAMES_H
#define SG_ADOPT_NAMES_H

#include "sg/fs.h"

/* Ends in .yaml, .yml or .json, as kubectl takes the files of a folder. */
bool is_manifest_name(const char *path);
/* kustomize takes it for the kustomization of its folder. */
bool is_kustomization_name(const char *path);
/* The path of the kustomization of folder `dir` into `out`; false where it has none. */
bool find_kustomization(const struct sg_fs *fs, const char *dir, struct sg_buf *out);

/* The order in which kubectl -R comes to files: "a/b.yaml" is below "a", before "a.yaml",
 * for all that a byte says. Below, at or above 0, as strcmp. */
int file_order(const char *a, const char *b);

#endif
