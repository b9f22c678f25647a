/* text_adopt_changes.c - what a fork changes, by kind of object, a line a field. */
#include "text_adopt.h"

#include <string.h>

#define FIRST_KINDS   12
#define FIRST_OBJECTS 5 /* of a kind */
#define FIRST_FIELDS  3 /* of an object */

static const char *way_remark(enum sg_adopt_way way) {
    return way == SG_WAY_TRANSFORMER ? "  (for all objects)"
           : way == SG_WAY_OPERATION ? "  (JSON operation)"
           : way == SG_WAY_TEXT      ? "  (text file)"
                                     : "";
}

/* What is known of the fork's history, on a line of its own. */
static void add_history(const struct sg_text *t, const struct sg_adopt_change *change) {
    if (change->author == NULL) {
        return;
    }
    sg_buf_addf(t->out, "\n          %s", t->paint->dim);
    if (change->commit != NULL) {
        sg_text_commit(t->out, change->commit);
        sg_buf_adds(t->out, " ");
        sg_text_adds(t->out, change->date);
        sg_buf_adds(t->out, " ");
    }
    sg_text_adds(t->out, change->author);
    if (change->subject != NULL) {
        sg_buf_adds(t->out, ": ");
        sg_text_adds(t->out, change->subject);
    }
    sg_buf_adds(t->out, t->paint->reset);
}

static void add_picked(const struct sg_text *t, const struct sg_adopt_change *change) {
    if (change->picked != NULL) {
        sg_buf_addf(t->out, "  %s(upstream's own in ", t->paint->dim);
        sg_text_adds(t->out, change->picked);
        sg_buf_addf(t->out, ")%s", t->paint->reset);
    } else if (change->left != NULL) {
        sg_buf_addf(t->out, "  %s(as upstream had it in ", t->paint->dim);
        sg_text_adds(t->out, change->left);
        sg_buf_addf(t->out, ")%s", t->paint->reset);
    }
    add_history(t, change);
}

static void add_field(const struct sg_text *t, const struct sg_adopt_change *change,
                      bool shared) {
    sg_auto_adopt_values values = {0};
    sg_adopt_values_of(t, change->object, change->path, change->before, change->after,
                       &values);
    const struct sg_palette *p = t->paint;
    sg_buf_adds(t->out, "        ");
    sg_text_adds(t->out, change->path[0] ? change->path : "(the object)");
    sg_buf_addf(t->out, ": %s%s%s -> %s%s%s", p->removed, sg_buf_cstr(&values.old),
                p->reset, p->added, sg_buf_cstr(&values.new), p->reset);
    sg_text_at(t, change->file, change->line);
    bool remark = shared || change->way == SG_WAY_OPERATION || change->way == SG_WAY_TEXT;
    sg_buf_addf(t->out, "%s%s%s", remark ? p->dim : "",
                remark ? way_remark(change->way) : "", remark ? p->reset : "");
    add_picked(t, change);
    sg_buf_addc(t->out, '\n');
}

static bool is_whole(const struct sg_adopt_group *group) {
    return group->ways[SG_WAY_RESOURCE] > 0 || group->ways[SG_WAY_DELETION] > 0;
}

/* "+ prod/web  your own  file:line", "- prod/web", "~ prod/web". */
static void add_heading(const struct sg_text *t, const struct sg_adopt_group *group) {
    const struct sg_palette *p = t->paint;
    bool own = group->ways[SG_WAY_RESOURCE] > 0;
    bool deleted = group->ways[SG_WAY_DELETION] > 0;
    sg_buf_addf(t->out, "    %s%c%s %s",
                own       ? p->added
                : deleted ? p->removed
                          : p->changed,
                own       ? '+'
                : deleted ? '-'
                          : '~',
                p->reset, p->bold);
    sg_text_safe(group->id.name.ptr, group->id.name.len, t->out);
    sg_buf_addf(t->out, "%s%s", p->reset,
                own       ? "  your own"
                : deleted ? "  not wanted"
                          : "");
    if (is_whole(group)) {
        const struct sg_adopt_change *change = group->changes.items[0];
        sg_text_at(t, change->file, change->line);
        add_picked(t, change);
    }
    sg_buf_addc(t->out, '\n');
}

/* Returns how many of its fields are left out. */
static size_t add_object(const struct sg_text *t, const struct sg_adopt_group *group) {
    add_heading(t, group);
    size_t n = is_whole(group) ? 0 : group->changes.len;
    size_t shown = sg_text_first(t, FIRST_FIELDS, n);
    for (size_t i = 0; i < shown; i++) {
        add_field(t, group->changes.items[i], false);
    }
    if (shown < n) {
        sg_buf_addf(t->out, "        %s... %zu more%s\n", t->paint->dim, n - shown,
                    t->paint->reset);
    }
    for (size_t i = 0; i < group->shared.len && t->opts->full; i++) {
        add_field(t, group->shared.items[i], true);
    }
    return n - shown;
}

/* Nothing is changed about it but what is said for many objects. */
static bool is_shared_alone(const struct sg_adopt_group *group) {
    return group->changes.len == 0;
}

static size_t objects_of(const struct sg_text *t, const struct sg_adopt_kind *kind) {
    return t->opts->full ? kind->objects.len : kind->patched + kind->own + kind->deleted;
}

/* Returns how many fields and objects of it are left out. */
static size_t add_kind(const struct sg_text *t, const struct sg_adopt_kind *kind) {
    size_t n = objects_of(t, kind), shown = 0, left_out = 0;
    sg_auto_buf sum = SG_BUF_INIT;
    sg_adopt_kind_sum(kind, &sum);
    sg_buf_addf(t->out, "\n  %s", t->paint->bold);
    sg_text_safe(kind->kind.ptr, kind->kind.len, t->out);
    sg_buf_addf(t->out, "%s%s%s\n", t->paint->reset, sum.len ? "  " : "",
                sg_buf_cstr(&sum));
    size_t most = sg_text_first(t, FIRST_OBJECTS, n);
    for (size_t i = 0; i < kind->objects.len && shown < most; i++) {
        const struct sg_adopt_group *group = kind->objects.items[i];
        if (t->opts->full || !is_shared_alone(group)) {
            left_out += add_object(t, group);
            shown++;
        }
    }
    if (shown < n) {
        sg_buf_addf(t->out, "    %s... ", t->paint->dim);
        sg_text_count(t->out, n - shown, "more object", "more objects");
        sg_buf_addf(t->out, "%s\n", t->paint->reset);
    }
    return left_out + n - shown;
}

static size_t count_shared(const struct sg_adopt_view *view) {
    size_t n = 0;
    for (size_t i = 0; i < view->groups.len; i++) {
        n += view->groups.items[i]->shared.len;
    }
    return n;
}

/* What is left out because each object is changed in the same way. */
static void add_folded(const struct sg_text *t, const struct sg_adopt_view *view,
                       bool left_out) {
    size_t shared = count_shared(view);
    if (t->opts->full || (shared == 0 && !left_out)) {
        return;
    }
    sg_buf_addf(t->out, "\n  %s", t->paint->dim);
    if (shared > 0) {
        sg_adopt_count(t->out, shared, "field is", "fields are");
        sg_buf_adds(t->out, " changed for all objects at once; ");
    }
    sg_buf_addf(t->out, "--full shows all%s\n", t->paint->reset);
}

void sg_text_adopt_changes(const struct sg_text *t, const struct sg_adopt_view *view) {
    size_t kinds = 0, shown = 0, left_out = 0;
    for (size_t i = 0; i < view->kinds.len; i++) {
        kinds += objects_of(t, view->kinds.items[i]) > 0;
    }
    size_t most = sg_text_first(t, FIRST_KINDS, kinds);
    for (size_t i = 0; i < view->kinds.len && shown < most; i++) {
        if (objects_of(t, view->kinds.items[i]) > 0) {
            left_out += add_kind(t, view->kinds.items[i]);
            shown++;
        }
    }
    if (shown < kinds) {
        sg_buf_addf(t->out, "\n  %s... ", t->paint->dim);
        sg_text_count(t->out, kinds - shown, "more kind of object",
                      "more kinds of objects");
        sg_buf_addf(t->out, "%s\n", t->paint->reset);
    }
    add_folded(t, view, left_out + kinds - shown > 0);
}
