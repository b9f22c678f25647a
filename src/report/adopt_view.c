#include "adopt_view.h"

#include <string.h>

/* --- objects ---------------------------------------------------------------------- */

/* Cuts off what is in front of the next slash, and the slash. */
static struct sg_str next_part(const char **rest) {
    struct sg_str part = {*rest, strcspn(*rest, "/")};
    *rest += part.len + ((*rest)[part.len] == '/');
    return part;
}

/* A version of the core group, which has no name: "v1"; or none at all. */
static bool is_core_version(struct sg_str part) {
    bool version = part.len > 1 && part.ptr[0] == 'v' && part.ptr[1] >= '0' &&
                   part.ptr[1] <= '9' && memchr(part.ptr, '.', part.len) == NULL;
    return part.len == 0 || version;
}

struct sg_adopt_id sg_adopt_id_of(const char *object) {
    const char *rest = object;
    struct sg_str first = next_part(&rest);
    if (!is_core_version(first)) {
        (void)next_part(&rest);
    }
    size_t len = (size_t)(rest - object);
    struct sg_adopt_id id = {
        .version = {object, len > 0 && object[len - 1] == '/' ? len - 1 : len}};
    id.kind = next_part(&rest);
    id.name = sg_str_from(rest);
    return id;
}

/* `path` is `field` or below it. */
static bool is_below(const char *path, const char *field) {
    size_t len = strlen(field);
    return strncmp(path, field, len) == 0 &&
           (path[len] == '\0' || path[len] == '.' || path[len] == '[');
}

bool sg_adopt_is_secret(const char *object, const char *path) {
    struct sg_adopt_id id = sg_adopt_id_of(object);
    bool core = memchr(id.version.ptr, '/', id.version.len) == NULL;
    if (!core || !sg_str_eq(id.kind, SG_STR("Secret"))) {
        return false;
    }
    static const char *const open[] = {"apiVersion", "kind", "type", "immutable"};
    for (size_t i = 0; i < SG_ARRAY_LEN(open); i++) {
        if (strcmp(path, open[i]) == 0) {
            return false;
        }
    }
    /* annotations may hold the last applied configuration, values and all */
    return !is_below(path, "metadata") || strcmp(path, "metadata") == 0 ||
           is_below(path, "metadata.annotations");
}

void sg_adopt_object(const char *object, struct sg_buf *out) {
    struct sg_adopt_id id = sg_adopt_id_of(object);
    sg_text_safe(id.kind.ptr, id.kind.len, out);
    sg_buf_addc(out, ' ');
    sg_text_safe(id.name.ptr, id.name.len, out);
}

/* --- values ----------------------------------------------------------------------- */

#define AROUND ((size_t)16) /* bytes shown around what differs */

void sg_adopt_values_release(struct sg_adopt_values *values) {
    sg_buf_release(&values->old);
    sg_buf_release(&values->new);
}

static bool is_inside_char(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Bytes that both begin with. */
static size_t common_head(struct sg_str a, struct sg_str b) {
    size_t n = 0;
    while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n]) {
        n++;
    }
    return n;
}

static size_t common_tail(struct sg_str a, struct sg_str b) {
    size_t n = 0;
    while (n < a.len && n < b.len && a.ptr[a.len - 1 - n] == b.ptr[b.len - 1 - n]) {
        n++;
    }
    return n;
}

/* text[from..len - left), with dots for what is left out. */
static void add_window(const struct sg_text *t, struct sg_str text, size_t from,
                       size_t left) {
    while (from > 0 && is_inside_char(text.ptr[from])) {
        from--;
    }
    while (left > 0 && is_inside_char(text.ptr[text.len - left])) {
        left--;
    }
    sg_auto_buf part = SG_BUF_INIT;
    sg_buf_adds(&part, from > 0 ? "..." : "");
    sg_buf_add(&part, text.ptr + from, text.len - left - from);
    sg_buf_adds(&part, left > 0 ? "..." : "");
    sg_text_inlined(t, sg_buf_cstr(&part), part.len);
}

/* Cut in their middle, two long values that differ there would look alike. */
static void add_what_differs(const struct sg_text *t, const char *old, const char *new,
                             struct sg_adopt_values *out) {
    struct sg_str a = sg_str_from(old), b = sg_str_from(new);
    size_t head = common_head(a, b);
    struct sg_str a_rest = {a.ptr + head, a.len - head};
    struct sg_str b_rest = {b.ptr + head, b.len - head};
    size_t tail = common_tail(a_rest, b_rest);
    head = head > 2 * AROUND ? head - AROUND : 0;
    tail = tail > 2 * AROUND ? tail - AROUND : 0;
    struct sg_text to = *t;
    to.out = &out->old;
    add_window(&to, a, head, tail);
    to.out = &out->new;
    add_window(&to, b, head, tail);
}

static void add_value(const struct sg_text *t, const char *value, bool secret,
                      struct sg_buf *out) {
    if (value == NULL) {
        sg_buf_adds(out, "(none)");
    } else if (secret) {
        sg_buf_adds(out, "(secret)");
    } else {
        struct sg_text to = *t;
        to.out = out;
        sg_text_inlined(&to, value, strlen(value));
    }
}

void sg_adopt_values_of(const struct sg_text *t, const char *object, const char *path,
                        const char *old, const char *new, struct sg_adopt_values *out) {
    bool secret = sg_adopt_is_secret(object, path);
    bool both = old != NULL && new != NULL && !secret;
    bool is_long = both && (strlen(old) > SG_TEXT_VALUE || strlen(new) > SG_TEXT_VALUE);
    if (is_long && !t->opts->full) {
        add_what_differs(t, old, new, out);
        return;
    }
    add_value(t, old, secret, &out->old);
    if (old != NULL && new != NULL && secret) {
        sg_buf_adds(&out->new, "(another secret)");
    } else {
        add_value(t, new, secret, &out->new);
    }
}

/* --- customisations --------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end) {
    size_t len = strlen(text), n = strlen(end);
    return len >= n && strcmp(text + len - n, end) == 0;
}

static bool is_of_metadata(const char *path, const char *field) {
    const char *at = strstr(path, field);
    return at != NULL && (at == path || at[-1] == '.') && is_below(at, field);
}

static enum sg_adopt_effect effect_of(const char *path) {
    if (strcmp(path, "spec.replicas") == 0) {
        return SG_EFFECT_REPLICAS;
    }
    if (ends_with(path, ".image")) {
        return SG_EFFECT_IMAGE;
    }
    if (is_of_metadata(path, "metadata.labels") || strstr(path, ".matchLabels") ||
        is_below(path, "spec.selector")) {
        return SG_EFFECT_LABELS;
    }
    if (is_of_metadata(path, "metadata.annotations")) {
        return SG_EFFECT_ANNOTATIONS;
    }
    return ends_with(path, ".namespace") ? SG_EFFECT_NAMESPACE : SG_EFFECT_OTHER;
}

static struct sg_adopt_kind *kind_of(struct sg_adopt_view *view, struct sg_strmap *kinds,
                                     struct sg_str name) {
    struct sg_adopt_kind *kind = sg_strmap_get(kinds, name.ptr, name.len);
    if (kind == NULL) {
        kind = sg_xcalloc(1, sizeof(*kind));
        kind->kind = name;
        sg_strmap_put(kinds, name.ptr, name.len, kind);
        sg_vec_push(&view->kinds, kind);
    }
    return kind;
}

static struct sg_adopt_group *group_of(struct sg_adopt_view *view,
                                       struct sg_strmap *groups, struct sg_strmap *kinds,
                                       const char *object) {
    struct sg_adopt_group *group = sg_strmap_get(groups, object, strlen(object));
    if (group == NULL) {
        group = sg_xcalloc(1, sizeof(*group));
        group->object = object;
        group->id = sg_adopt_id_of(object);
        sg_strmap_put(groups, object, strlen(object), group);
        sg_vec_push(&view->groups, group);
        struct sg_adopt_kind *kind = kind_of(view, kinds, group->id.kind);
        sg_vec_push(&kind->objects, group);
    }
    return group;
}

static void add_change(struct sg_adopt_group *group,
                       const struct sg_adopt_change *change) {
    group->ways[change->way]++;
    enum sg_adopt_effect effect = effect_of(change->path);
    bool transformer = change->way == SG_WAY_TRANSFORMER;
    group->effects[effect] += transformer;
    if (transformer && effect != SG_EFFECT_REPLICAS) {
        sg_vec_push(&group->shared, change);
    } else {
        sg_vec_push(&group->changes, change);
    }
}

static void count_objects(struct sg_adopt_kind *kind) {
    for (size_t i = 0; i < kind->objects.len; i++) {
        const struct sg_adopt_group *group = kind->objects.items[i];
        bool own = group->ways[SG_WAY_RESOURCE] > 0;
        bool deleted = group->ways[SG_WAY_DELETION] > 0;
        kind->own += own;
        kind->deleted += deleted;
        kind->patched += !own && !deleted && group->changes.len > 0;
    }
}

void sg_adopt_view_of(const struct sg_adopted *adopted, struct sg_adopt_view *out) {
    sg_auto_strmap groups = {0}, kinds = {0};
    for (size_t i = 0; i < adopted->changes.len; i++) {
        const struct sg_adopt_change *change = &adopted->changes.items[i];
        add_change(group_of(out, &groups, &kinds, change->object), change);
    }
    for (size_t i = 0; i < out->kinds.len; i++) {
        count_objects(out->kinds.items[i]);
    }
}

void sg_adopt_view_release(struct sg_adopt_view *view) {
    for (size_t i = 0; i < view->kinds.len; i++) {
        sg_vec_release(&view->kinds.items[i]->objects);
        free(view->kinds.items[i]);
    }
    for (size_t i = 0; i < view->groups.len; i++) {
        sg_vec_release(&view->groups.items[i]->changes);
        sg_vec_release(&view->groups.items[i]->shared);
        free(view->groups.items[i]);
    }
    sg_vec_release(&view->kinds);
    sg_vec_release(&view->groups);
}
