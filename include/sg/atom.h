/*
 * atom.h - interned strings: map keys, kinds, names. Two atoms of one table are equal
 * exactly when their pointers are.
 *
 * A table belongs to the command (a fuzzer makes one per input). Its hash is keyed at
 * random, so a file cannot choose collisions; it holds at most SG_ATOM_MAX atoms, then
 * interning fails with SG_E_LIMIT. The well-known atoms below are static and belong to
 * every table.
 */
#ifndef SG_ATOM_H
#define SG_ATOM_H

#include "sg/err.h"

#define SG_ATOM_MAX (1u << 20)

struct sg_atom {
    const char *text; /* NUL-terminated */
    uint32_t len;
};
typedef const struct sg_atom *sg_atom;

struct sg_atoms;
struct sg_atoms *sg_atoms_new(void);
void sg_atoms_free(struct sg_atoms *atoms);
/* The atom for these bytes (copied), or NULL with SG_E_LIMIT. */
SG_MUST_USE sg_atom sg_atom_intern(struct sg_atoms *atoms, const char *text, size_t len,
                                   struct sg_err *err);
/* For names of ours and names that were interned before: aborts instead of failing. */
sg_atom sg_atom_of(struct sg_atoms *atoms, const char *text);
/* The atom if it exists, else NULL: a look-up that never grows the table. */
sg_atom sg_atom_find(const struct sg_atoms *atoms, const char *text, size_t len);

/* Well-known atoms: SG_ATOM(metadata) is a constant. X(identifier, "text"); add what you
 * need. */
#define SG_WELL_KNOWN_ATOMS(X)                                                           \
    X(apiVersion, "apiVersion")                                                          \
    X(kind, "kind")                                                                      \
    X(metadata, "metadata")                                                              \
    X(name, "name")                                                                      \
    X(namespace, "namespace")                                                            \
    X(labels, "labels")                                                                  \
    X(annotations, "annotations")                                                        \
    X(spec, "spec")                                                                      \
    X(data, "data")                                                                      \
    X(binaryData, "binaryData")                                                          \
    X(stringData, "stringData")                                                          \
    X(type, "type")                                                                      \
    X(items, "items")                                                                    \
    X(template_, "template")                                                             \
    X(containers, "containers")                                                          \
    X(initContainers, "initContainers")                                                  \
    X(image, "image")                                                                    \
    X(env, "env")                                                                        \
    X(value, "value")                                                                    \
    X(selector, "selector")                                                              \
    X(matchLabels, "matchLabels")                                                        \
    X(subjects, "subjects")                                                              \
    X(roleRef, "roleRef")                                                                \
    X(replicas, "replicas")                                                              \
    X(path, "path")                                                                      \
    X(op, "op")                                                                          \
    X(from, "from")                                                                      \
    X(patch_directive, "$patch")                                                         \
    X(merge_key, "<<")

#define SG_ATOM_DECLARE(id, text) extern const struct sg_atom sg_atom_##id;
SG_WELL_KNOWN_ATOMS(SG_ATOM_DECLARE)
#define SG_ATOM(id) (&sg_atom_##id)

#endif
