/*
 * fieldpath.h - the place of a field inside an object, with list elements named by their
 * keys: spec.template.spec.containers[searcher].env[FOO].value, ports[80/TCP], args[#2].
 *
 * Paths are interned in a table: two paths are equal exactly when their pointers are, and
 * an ancestor test is a walk over parents. The table belongs to the command, like the
 * atoms.
 */
#ifndef SG_FIELDPATH_H
#define SG_FIELDPATH_H

#include "sg/doc.h"

enum sg_seg { SG_SEG_KEY, SG_SEG_ELEMENT, SG_SEG_INDEX };

struct sg_fieldpath {
    const struct sg_fieldpath *parent; /* NULL: the root */
    enum sg_seg seg;
    sg_atom key;    /* KEY: the map key. ELEMENT: the element's key values joined by '/'
                       ("80/TCP") */
    uint32_t index; /* INDEX: position. ELEMENT: 0, or n for the n+1st element of the same
                       key */
    uint32_t depth;
};

struct sg_fieldpaths;
struct sg_fieldpaths *sg_fieldpaths_new(struct sg_atoms *atoms); /* borrows the atoms */
void sg_fieldpaths_free(struct sg_fieldpaths *paths);
/* The table its keys are interned in. */
struct sg_atoms *sg_fieldpaths_atoms(const struct sg_fieldpaths *paths);

/* The root is NULL: it is the parent of first segments. */
const struct sg_fieldpath *sg_fieldpath_key(struct sg_fieldpaths *paths,
                                            const struct sg_fieldpath *parent,
                                            sg_atom key);
const struct sg_fieldpath *sg_fieldpath_element(struct sg_fieldpaths *paths,
                                                const struct sg_fieldpath *parent,
                                                sg_atom key, uint32_t repeat);
const struct sg_fieldpath *sg_fieldpath_index(struct sg_fieldpaths *paths,
                                              const struct sg_fieldpath *parent,
                                              uint32_t index);
/* `ancestor` is `path` or above it; the root (NULL) is above everything. */
bool sg_fieldpath_within(const struct sg_fieldpath *path,
                         const struct sg_fieldpath *ancestor);
/* Appends the text a person reads; "" for the root. A map key of other characters than
 * letters, digits, '_', '-' and '$' is quoted, ["a.b/c"]; so is an element's key that
 * holds brackets, '#', quotes or control bytes, but between single quotes: ['a]b']. No
 * two paths have one text. */
void sg_fieldpath_text(const struct sg_fieldpath *path, struct sg_buf *out);

/* More parts than any document is deep. */
#define SG_FIELDPATH_MAX 512

/*
 * Reads what sg_fieldpath_text writes; "" is the root. A key after a dot may hold any
 * character but '.', '[' and ']', since people leave out quotes. SG_E_USAGE names the
 * column (err->column, in code points), what stands there and what was expected;
 * SG_E_LIMIT for more than SG_FIELDPATH_MAX parts.
 */
SG_MUST_USE int sg_fieldpath_parse(struct sg_fieldpaths *paths, const char *text,
                                   const struct sg_fieldpath **out, struct sg_err *err);

#endif
