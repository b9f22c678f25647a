/*
 * json_capacity.c - what an overlay needs of the cluster, as JSON: exact quantities,
 * before and after each hop.
 */
#include "jwriter.h"
#include "writers.h"

static void put_quantity(struct sg_jwriter *w, const char *key, struct sg_quantity q,
                         bool bytes) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_quantity_write(q, bytes, &text);
    sg_jw_put(w, key, sg_buf_cstr(&text));
}

static void put_change(struct sg_jwriter *w, const char *key, struct sg_quantity before,
                       struct sg_quantity after, bool bytes) {
    sg_jw_key(w, key);
    sg_jw_begin(w, '{');
    put_quantity(w, "before", before, bytes);
    put_quantity(w, "after", after, bytes);
    sg_jw_end(w, '}');
}

static void put_amounts(struct sg_jwriter *w, const struct sg_plan_amounts *before,
                        const struct sg_plan_amounts *after) {
    sg_jw_key(w, "cpu");
    sg_jw_begin(w, '{');
    put_change(w, "requests", before->cpu_requests, after->cpu_requests, false);
    put_change(w, "limits", before->cpu_limits, after->cpu_limits, false);
    sg_jw_end(w, '}');
    sg_jw_key(w, "memory");
    sg_jw_begin(w, '{');
    put_change(w, "requests", before->memory_requests, after->memory_requests, true);
    put_change(w, "limits", before->memory_limits, after->memory_limits, true);
    sg_jw_end(w, '}');
}

static void put_hop(struct sg_jwriter *w, const struct sg_plan *plan,
                    const struct sg_plan_capacity *capacity) {
    sg_jw_begin(w, '{');
    if (capacity->hop < plan->hops.len) {
        sg_jw_put(w, "hop", plan->hops.items[capacity->hop].version);
    }
    put_amounts(w, &capacity->before, &capacity->after);
    put_change(w, "storage", capacity->storage_before, capacity->storage_after, true);
    sg_jw_key(w, "per_node");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < capacity->daemons.len; i++) {
        const struct sg_plan_daemon *daemon = &capacity->daemons.items[i];
        sg_jw_begin(w, '{');
        sg_jw_put(w, "id", daemon->id);
        put_amounts(w, &daemon->before, &daemon->after);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
}

void sg_json_capacity(struct sg_jwriter *w, const struct sg_plan *plan,
                      const struct sg_plan_overlay *overlay) {
    sg_jw_key(w, "capacity");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < overlay->capacity.len; i++) {
        put_hop(w, plan, &overlay->capacity.items[i]);
    }
    sg_jw_end(w, ']');
}
