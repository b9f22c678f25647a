/*
 * trace.h - which step wrote what. A render with a trace appends one event for every
 * write; a render without one pays a NULL test. Ownership, `explain` and the findings
 * read only this log.
 */
#ifndef SG_TRACE_H
#define SG_TRACE_H

#include "sg/fieldpath.h"

enum sg_step_kind {
    SG_STEP_LOAD,       /* a resource file */
    SG_STEP_GENERATE,   /* configMapGenerator, secretGenerator */
    SG_STEP_STRATEGIC,  /* a strategic merge patch */
    SG_STEP_JSON,       /* a JSON 6902 patch: one step for each operation */
    SG_STEP_TRANSFORM,  /* namespace, namePrefix, nameSuffix, labels, annotations,
                           replicas, images … */
    SG_STEP_REPLACE,    /* replacements, vars */
    SG_STEP_REFERENCES, /* name references and hash suffixes, at the end */
};

struct sg_step {
    enum sg_step_kind kind;
    const char *name; /* the kustomization field: "patches", "images", "namespace" … */
    const char *kustomization; /* file system path of the kustomization that lists it */
    const char *file; /* fs path of the file that holds the text: a patch file, or the
                         kustomization */
    uint32_t
        loc; /* location of the entry (list item, field, JSON op) in the render's set */
    uint32_t entry;    /* a patch: location of its item in the kustomization, else 0 */
    uint32_t text;     /* a patch: location of the document or operation, else 0 */
    uint32_t item;     /* index in its list, 0 when it is no list */
    uint32_t document; /* index of the document inside `file` */
    uint32_t matched;  /* objects the step found; 0 for a selector that matches nothing */
    bool selects;      /* found by a selector, so that a new object may match it too */
};

enum sg_op {
    SG_OP_SET,     /* a scalar, or a whole node that was not there */
    SG_OP_DELETE,  /* a field, element or object */
    SG_OP_REPLACE, /* a list or map replaced whole */
    SG_OP_INSERT,  /* an element into a list */
    SG_OP_MOVE,    /* a reorder: elements kept, places changed */
    SG_OP_RENAME,  /* metadata.name or namespace by prefix, suffix, hash, namespace */
    SG_OP_NOOP,    /* a write of what was there already, or the delete of what was not */
    SG_OP_READ,    /* the place a JSON test or copy looks at; only in `reads` */
};

#define SG_NO_OBJECT UINT32_MAX
#define SG_NO_EVENT  UINT32_MAX

struct sg_event {
    uint32_t step; /* index into steps */
    uint32_t
        object; /* the resource's uid in the render, SG_NO_OBJECT when nothing matched */
    const struct sg_fieldpath *path; /* NULL: the whole object */
    uint8_t op;                      /* enum sg_op */
    uint32_t index; /* a JSON op by index: the position it named, else UINT32_MAX */
    const struct sg_node
        *before; /* what was there; NULL: nothing. A copy, or a detached subtree */
    const struct sg_node
        *after; /* what is there now; NULL: nothing. Not a copy: later writes show */
    uint32_t
        loc; /* location of the written text in the render's set (patch value, field) */
    uint32_t overrode; /* the event at the same object and path before this one, or
                          SG_NO_EVENT */
    /* a JSON op: for every position in its path, from the outermost, the list there as it
       was before the operation (a sequence of sequences); NULL for none */
    const struct sg_node *lists;
    uint32_t source; /* the last event at the place a replacement copied from, or
                        SG_NO_EVENT */
    /* The place that a replacement, a var or a JSON copy took the value from; NULL: none.
     * `source_object` counts only with it. */
    const struct sg_fieldpath *source_path;
    uint32_t source_object;
};

struct sg_trace {
    struct sg_fieldpaths *paths; /* borrowed */
    struct sg_arena *arena; /* borrowed: the render's set's arena; strings live there */
    SG_VEC(struct sg_step) steps;
    SG_VEC(struct sg_event) events; /* the writes */
    SG_VEC(struct sg_event) reads;  /* what a JSON operation needs and does not write */
    struct sg_trace_index *last;    /* (object, path) -> newest event */
    uint32_t step;                  /* the step that is running */
};

void sg_trace_init(struct sg_trace *trace, struct sg_fieldpaths *paths);
void sg_trace_release(struct sg_trace *trace);

/* Starts a step; later events belong to it. Strings are copied. No-op (returns 0) for
 * NULL. */
uint32_t sg_trace_step(struct sg_trace *trace, const struct sg_step *step);
/* Appends an event for the running step; fills `step` and `overrode`. No-op for NULL.
 * Returns its index. */
uint32_t sg_trace_event(struct sg_trace *trace, const struct sg_event *event);
/* The same for a read: no write overrides it, and it overrides none. */
void sg_trace_read(struct sg_trace *trace, const struct sg_event *event);
/* Newest event at exactly this object and path, or SG_NO_EVENT. */
uint32_t sg_trace_last(const struct sg_trace *trace, uint32_t object,
                       const struct sg_fieldpath *path);

#endif
