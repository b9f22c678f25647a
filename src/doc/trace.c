/* trace.c - the log of a render's writes. */
#include "sg/trace.h"

#include <string.h>

/* The newest event at each (object, path). */
struct sg_trace_index {
    struct {
        const struct sg_fieldpath *path;
        uint32_t object, event; /* event SG_NO_EVENT: empty */
    } * slots;
    size_t len, cap; /* cap is a power of two, at most three quarters full */
};

static void allocate(struct sg_trace_index *index, size_t cap) {
    index->cap = cap;
    index->slots = sg_xcalloc(cap, sizeof(*index->slots));
    for (size_t i = 0; i < cap; i++) {
        index->slots[i].event = SG_NO_EVENT;
    }
}

void sg_trace_init(struct sg_trace *trace, struct sg_fieldpaths *paths) {
    *trace = (struct sg_trace){.paths = paths};
    trace->last = sg_xcalloc(1, sizeof(*trace->last));
    allocate(trace->last, 1024);
}

void sg_trace_release(struct sg_trace *trace) {
    sg_vec_release(&trace->steps);
    sg_vec_release(&trace->events);
    sg_vec_release(&trace->reads);
    if (trace->last) {
        free(trace->last->slots);
        free(trace->last);
    }
    *trace = (struct sg_trace){0};
}

static size_t probe(const struct sg_trace_index *index, uint32_t object,
                    const struct sg_fieldpath *path) {
    uint64_t h = ((uint64_t)(uintptr_t)path >> 3) ^ ((uint64_t)object << 40);
    h *= UINT64_C(0x9E3779B97F4A7C15);
    h ^= (uint64_t)object * UINT64_C(0xBF58476D1CE4E5B9);
    size_t i = (size_t)(h >> 24) & (index->cap - 1);
    while (index->slots[i].event != SG_NO_EVENT &&
           (index->slots[i].object != object || index->slots[i].path != path)) {
        i = (i + 1) & (index->cap - 1);
    }
    return i;
}

static void grow(struct sg_trace_index *index) {
    struct sg_trace_index bigger = {.len = index->len};
    allocate(&bigger, index->cap * 2);
    for (size_t i = 0; i < index->cap; i++) {
        if (index->slots[i].event != SG_NO_EVENT) {
            size_t at = probe(&bigger, index->slots[i].object, index->slots[i].path);
            bigger.slots[at] = index->slots[i];
        }
    }
    free(index->slots);
    *index = bigger;
}

/* A copy in the render's arena; the one before where the text is the same, as it is for
 * most steps of one kustomization. */
static const char *keep(struct sg_trace *trace, const char *text, const char *before) {
    if (!text) {
        return NULL;
    }
    return before && strcmp(before, text) == 0 ? before
                                               : sg_arena_strdup(trace->arena, text);
}

uint32_t sg_trace_step(struct sg_trace *trace, const struct sg_step *step) {
    if (!trace) {
        return 0;
    }
    if (!trace->arena) {
        SG_BUG("a trace without the render's arena");
    }
    static const struct sg_step none = {0};
    struct sg_step copy = *step;
    const struct sg_step *before =
        trace->steps.len ? &trace->steps.items[trace->steps.len - 1] : &none;
    copy.name = keep(trace, step->name, before->name);
    copy.kustomization = keep(trace, step->kustomization, before->kustomization);
    copy.file = keep(trace, step->file, before->file);
    sg_vec_push(&trace->steps, copy);
    trace->step = (uint32_t)(trace->steps.len - 1);
    return trace->step;
}

uint32_t sg_trace_event(struct sg_trace *trace, const struct sg_event *event) {
    if (!trace) {
        return SG_NO_EVENT;
    }
    if (trace->events.len >= SG_NO_EVENT) {
        SG_BUG("a trace of 2^32 events");
    }
    struct sg_trace_index *index = trace->last;
    if ((index->len + 1) * 4 > index->cap * 3) {
        grow(index);
    }
    uint32_t id = (uint32_t)trace->events.len;
    size_t at = probe(index, event->object, event->path);
    struct sg_event copy = *event;
    copy.step = trace->step;
    copy.overrode = index->slots[at].event;
    sg_vec_push(&trace->events, copy);
    index->len += copy.overrode == SG_NO_EVENT;
    index->slots[at].object = event->object;
    index->slots[at].path = event->path;
    index->slots[at].event = id;
    return id;
}

void sg_trace_read(struct sg_trace *trace, const struct sg_event *event) {
    if (trace == NULL) {
        return;
    }
    struct sg_event copy = *event;
    copy.step = trace->step;
    copy.op = SG_OP_READ;
    copy.overrode = SG_NO_EVENT;
    sg_vec_push(&trace->reads, copy);
}

uint32_t sg_trace_last(const struct sg_trace *trace, uint32_t object,
                       const struct sg_fieldpath *path) {
    return trace ? trace->last->slots[probe(trace->last, object, path)].event
                 : SG_NO_EVENT;
}
