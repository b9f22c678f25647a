/*
 * text_capacity.c - what an upgrade needs more or less of the cluster, on one line an
 * overlay, from before the first hop to after the last.
 */
#include "text.h"

#include <string.h>

struct line {
    const struct sg_text *t;
    struct sg_buf text;
    const char *topic; /* the one that was named last, or NULL */
};

static void add_signed(struct sg_buf *out, struct sg_quantity before,
                       struct sg_quantity after, bool bytes) {
    struct sg_quantity more = sg_quantity_sub(after, before);
    sg_buf_adds(out, more.nano > 0 ? " (+" : " (");
    sg_quantity_brief(more, bytes, out);
    sg_buf_addc(out, ')');
}

/* "cpu requests 12 -> 14 (+2), limits 20"; nothing where both are nothing. */
static void add_change(struct line *line, const char *topic, const char *what,
                       struct sg_quantity before, struct sg_quantity after) {
    bool bytes = strcmp(topic, "cpu") != 0;
    bool same = sg_quantity_cmp(before, after) == 0;
    if (same && (before.nano == 0 || !line->t->opts->full)) {
        return;
    }
    struct sg_buf *out = &line->text;
    sg_buf_adds(out, line->topic == NULL               ? ""
                     : strcmp(line->topic, topic) == 0 ? ", "
                                                       : "; ");
    if (line->topic == NULL || strcmp(line->topic, topic) != 0) {
        sg_buf_addf(out, "%s ", topic);
        line->topic = topic;
    }
    sg_buf_adds(out, what);
    sg_quantity_brief(before, bytes, out);
    if (!same) {
        sg_buf_adds(out, " -> ");
        sg_quantity_brief(after, bytes, out);
        add_signed(out, before, after, bytes);
    }
}

static void add_amounts(struct line *line, const struct sg_plan_amounts *before,
                        const struct sg_plan_amounts *after) {
    add_change(line, "cpu", "requests ", before->cpu_requests, after->cpu_requests);
    add_change(line, "cpu", "limits ", before->cpu_limits, after->cpu_limits);
    add_change(line, "memory", "requests ", before->memory_requests,
               after->memory_requests);
    add_change(line, "memory", "limits ", before->memory_limits, after->memory_limits);
}

static void print(struct line *line, const char *label, const char *name) {
    const struct sg_text *t = line->t;
    if (line->text.len > 0) {
        sg_buf_addf(t->out, "    %s%s%s", t->paint->dim, label, t->paint->reset);
        if (name != NULL) {
            sg_buf_addc(t->out, ' ');
            sg_text_adds(t->out, name);
        }
        sg_buf_addf(t->out, ": %s\n", sg_buf_cstr(&line->text));
    }
    sg_buf_release(&line->text);
}

/* The amounts of a DaemonSet after the last hop that knows it. */
static const struct sg_plan_daemon *last_of(const struct sg_strmap *newest,
                                            const char *id) {
    const char *name = sg_object_unversioned(id);
    return sg_strmap_get(newest, name, strlen(name));
}

/* Each DaemonSet once: from where it is first to where it is last. */
static void add_daemons(const struct sg_text *t, const struct sg_plan_overlay *overlay) {
    sg_auto_strmap newest = {0}, done = {0};
    for (size_t h = 0; h < overlay->capacity.len; h++) {
        const struct sg_plan_capacity *hop = &overlay->capacity.items[h];
        for (size_t i = 0; i < hop->daemons.len; i++) {
            const char *name = sg_object_unversioned(hop->daemons.items[i].id);
            (void)sg_strmap_put(&newest, name, strlen(name), &hop->daemons.items[i]);
        }
    }
    for (size_t h = 0; h < overlay->capacity.len; h++) {
        const struct sg_plan_capacity *hop = &overlay->capacity.items[h];
        for (size_t i = 0; i < hop->daemons.len; i++) {
            const struct sg_plan_daemon *first = &hop->daemons.items[i];
            const char *name = sg_object_unversioned(first->id);
            if (sg_strmap_put(&done, name, strlen(name), &newest) != NULL) {
                continue;
            }
            struct line line = {.t = t};
            add_amounts(&line, &first->before, &last_of(&newest, first->id)->after);
            print(&line, "on every node,", name);
        }
    }
}

void sg_text_capacity(const struct sg_text *t, const struct sg_plan_overlay *overlay) {
    if (overlay->capacity.len == 0) {
        return;
    }
    const struct sg_plan_capacity *first = &overlay->capacity.items[0];
    const struct sg_plan_capacity *last =
        &overlay->capacity.items[overlay->capacity.len - 1];
    struct line line = {.t = t};
    add_amounts(&line, &first->before, &last->after);
    add_change(&line, "storage", "", first->storage_before, last->storage_after);
    print(&line, "capacity", NULL);
    add_daemons(t, overlay);
}
