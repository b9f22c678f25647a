/*
 * chunks.h - the cut of a resource file into the pieces that are parsed one by one.
 */
#ifndef SG_YAML_CHUNKS_H
#define SG_YAML_CHUNKS_H

#include "sg/doc.h"

struct sg_chunk {
    uint32_t start, end; /* bytes [start, end) of the file */
};
struct sg_chunks {
    SG_VEC(struct sg_chunk) items;
};

/*
 * Cuts at each line that begins with "---", as kustomize does before it parses: the line
 * itself belongs to no chunk, and two such lines in a row are one cut. After "---" only
 * blanks or a comment may stand; else, with `strict`, SG_E_INPUT at `base` + its offset,
 * and without, no cut is made there.
 */
SG_MUST_USE int sg_chunks_split(const struct sg_docs *set, const char *text, size_t len,
                                uint32_t base, bool strict, struct sg_chunks *out,
                                struct sg_err *err);

#endif
