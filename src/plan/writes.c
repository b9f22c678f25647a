/*
 * writes.c - which places of which objects the customer's steps wrote.
 *
 * Every place that was written and every place above one is in the map, so that the
 * comparison can walk down the two together and leave the paths alone where nothing was
 * written. Linear in the number of events times the depth of their paths.
 */
#include <string.h>

#include "planner.h"

struct place_key {
    const struct sg_fieldpath *path;
    uintptr_t uid; /* as wide as the pointer: no padding in the hashed bytes */
};

static struct write *entry(struct writes *writes, uint32_t uid,
                           const struct sg_fieldpath *path) {
    struct place_key key = {path, uid};
    struct write *write = sg_strmap_get(&writes->map, (const char *)&key, sizeof(key));
    if (write == NULL) {
        write = sg_arena_alloc(&writes->arena, sizeof(*write));
        write->event = SG_NO_EVENT;
        sg_strmap_put(&writes->map, (const char *)&key, sizeof(key), write);
    }
    return write;
}

/*
 * A replacement's write belongs to the owner of the value it copies: to whoever wrote
 * that last, and where no step wrote it, to upstream's own text - then the replacement
 * only says where else the value goes, which is its file's owner.
 */
uint32_t write_origin(const struct sg_trace *trace, uint32_t at) {
    const struct sg_event *event = &trace->events.items[at];
    /* a source is always an earlier event, so this ends */
    while (trace->steps.items[event->step].kind == SG_STEP_REPLACE &&
           event->source != SG_NO_EVENT && event->source < at) {
        at = event->source;
        event = &trace->events.items[at];
    }
    return at;
}

static bool customers(const struct sg_trace *trace, const bool *step_customer,
                      uint32_t at) {
    return step_customer[trace->events.items[write_origin(trace, at)].step];
}

static void record_delete(struct writes *writes, const struct tree *tree, uint32_t at) {
    const struct sg_event *event = &tree->trace.events.items[at];
    if (event->path != NULL || event->op != SG_OP_DELETE || event->before == NULL) {
        return;
    }
    struct identity identity;
    if (!identity_of_node(tree->render.docs.atoms, event->before, &identity)) {
        return;
    }
    *counters_at(&writes->deleted, &identity, sizeof(identity)) = (size_t)at + 1;
}

uint32_t writes_deleted(const struct writes *writes, const struct identity *identity) {
    size_t at = counters_get(&writes->deleted, identity, sizeof(*identity));
    return at == 0 ? EVENT_UNKNOWN : (uint32_t)(at - 1);
}

static void record(struct writes *writes, const struct tree *tree, uint32_t at) {
    const struct sg_event *event = &tree->trace.events.items[at];
    bool targeted = step_targeted(&tree->trace.steps.items[event->step]);
    struct write *write = entry(writes, event->object, event->path);
    write->event = write->newest = at;
    for (const struct sg_fieldpath *path = event->path; path != NULL;) {
        path = path->parent;
        write = entry(writes, event->object, path);
        write->newest = at;
        write->below = true;
        write->targeted_below = write->targeted_below || targeted;
    }
    record_delete(writes, tree, at);
}

static bool is_write(const struct sg_trace *trace, const struct sg_event *event) {
    enum sg_step_kind kind = trace->steps.items[event->step].kind;
    /* loading is no write over anything, references follow from other writes, and a
     * reorder changes no field */
    return event->object != SG_NO_OBJECT && kind != SG_STEP_LOAD &&
           kind != SG_STEP_REFERENCES && event->op != SG_OP_MOVE;
}

void writes_build(struct writes *writes, const struct tree *tree,
                  const struct owners *owners) {
    memset(writes, 0, sizeof(*writes));
    sg_arena_init(&writes->arena);
    const struct sg_trace *trace = &tree->trace;
    bool *step_customer = sg_xcalloc(trace->steps.len + 1, sizeof(*step_customer));
    for (size_t i = 0; i < trace->steps.len; i++) {
        step_customer[i] = owners_customer(owners, &trace->steps.items[i]);
    }
    for (uint32_t i = 0; i < trace->events.len; i++) {
        if (is_write(trace, &trace->events.items[i]) &&
            customers(trace, step_customer, i)) {
            record(writes, tree, i);
        }
    }
    free(step_customer);
}

void writes_release(struct writes *writes) {
    sg_strmap_release(&writes->map);
    counters_release(&writes->deleted);
    sg_arena_release(&writes->arena);
}

const struct write *writes_at(const struct writes *writes, uint32_t uid,
                              const struct sg_fieldpath *path) {
    struct place_key key = {path, uid};
    return sg_strmap_get(&writes->map, (const char *)&key, sizeof(key));
}
