/*
 * changes.c - the list of what the fork changes: every difference from upstream, how the
 * overlay says it, and where it stands.
 */
#include "adopting.h"
#include "lines.h"

/* Upstream's line that a value of the base's render stands on, without blanks around. */
static const char *line_in_base(struct adopting *a, const struct sg_node *node) {
    const struct sg_source *source =
        node == NULL || node->loc == 0 ? NULL : sg_docs_source(&a->base.docs, node->loc);
    if (source == NULL || source->outer != 0) {
        return NULL;
    }
    const char *start = start_of_line(source, node->loc);
    struct sg_str line = trimmed(start, end_of_line(start, source->text + source->len));
    return line.len > 0 ? sg_arena_strndup(&a->out->arena, line.ptr, line.len) : NULL;
}

const char *file_in_base(struct adopting *a, const struct sg_resource *base) {
    const char *file = base != NULL ? base_file(a, base) : NULL;
    return file != NULL ? sg_arena_strdup(&a->out->arena, file) : NULL;
}

/* What the fork has not of the base: the name of a whole object, else the value. */
static const struct sg_node *what_is_gone(enum sg_adopt_way way,
                                          const struct difference *found) {
    if (way == SG_WAY_DELETION) {
        const struct sg_node *metadata = sg_map_get(found->a, SG_ATOM(metadata));
        return sg_map_get(metadata, SG_ATOM(name));
    }
    return found->b == NULL ? found->a : NULL;
}

/* Of a text in a block: how far below its header the first line stands that is changed.
 */
static uint32_t lines_to_change(const struct difference *found) {
    const struct sg_node *was = found->a, *now = found->b;
    if (was == NULL || now == NULL || !sg_is_scalar(was) || !sg_is_scalar(now) ||
        now->style != SG_LITERAL) {
        return 0;
    }
    uint32_t lines = 1;
    for (uint32_t i = 0; i + 1 < now->len && i < was->len && now->text[i] == was->text[i];
         i++) {
        lines += now->text[i] == '\n';
    }
    return lines;
}

static void note_change(struct adopting *a, enum sg_adopt_way way,
                        const struct pair *pair, const struct difference *found) {
    const struct sg_node *object =
        pair->fork != NULL ? pair->fork->node : pair->base->node;
    sg_auto_buf path = SG_BUF_INIT;
    sg_fieldpath_text(found->path, &path);
    struct sg_pos at = {0}; /* what is deleted has none in the fork */
    if (way != SG_WAY_DELETION) {
        at = place_in_fork(a, object, found);
        uint32_t below = at.line > 0 ? lines_to_change(found) : 0;
        at.line += below;
        at.column = below > 0 ? 1 : at.column;
    }
    const char *object_id = object_text(a, object);
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s\n%s", object_id, sg_buf_cstr(&path));
    const char *picked = sg_strmap_get(&a->picked, sg_buf_cstr(&key), key.len);
    const char *left = sg_strmap_get(&a->left, sg_buf_cstr(&key), key.len);
    struct sg_adopt_change change = {
        .way = way,
        .picked = picked == NULL ? NULL : sg_arena_strdup(&a->out->arena, picked),
        .left = left == NULL ? NULL : sg_arena_strdup(&a->out->arena, left),
        .object = object_id,
        .path = sg_arena_strndup(&a->out->arena, sg_buf_cstr(&path), path.len),
        .before = value_text(a, found->a),
        .after = value_text(a, found->b),
        .file = at.file,
        .line = at.line,
        .column = at.column,
        .base_file = file_in_base(a, pair->base),
        .gone = line_in_base(a, what_is_gone(way, found)),
    };
    sg_vec_push(&a->out->changes, change);
}

/* How what `path` leads to is said; `own`: of this object alone. */
static enum sg_adopt_way way_of(struct adopting *a, const struct pair *pair,
                                const struct sg_fieldpath *path, bool own) {
    const void *key = path;
    if (!own) {
        return SG_WAY_TRANSFORMER;
    }
    if (sg_strmap_has(&pair->operated, (const char *)&key, sizeof(key))) {
        return SG_WAY_OPERATION;
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_fieldpath_text(path, &text);
    return said_by_text(a->out, object_text(a, pair->fork->node), sg_buf_cstr(&text))
               ? SG_WAY_TEXT
               : SG_WAY_PATCH;
}

static void add_paths(struct adopting *a, const struct sg_node *from,
                      const struct sg_node *to, struct sg_strmap *out) {
    auto_comparison comparison = {.paths = a->paths};
    compare_objects(&comparison, from, to);
    for (size_t i = 0; i < comparison.differences.len; i++) {
        const void *path = comparison.differences.items[i].path;
        sg_strmap_put(out, (const char *)&path, sizeof(path), a);
    }
}

/* What differs in a pair: what its own patches say, and what is said for all objects.
 * What cannot be said is among the differences. */
static void note_pair(struct adopting *a, struct pair *pair) {
    auto_comparison all = {.paths = a->paths};
    sg_auto_strmap own = {0}, said = {0};
    compare_objects(&all, pair->base->node, pair->fork->node);
    add_paths(a, pair->start, pair->want, &own);
    add_paths(a, pair->start, sayable(pair), &said);
    for (size_t i = 0; i < all.differences.len; i++) {
        const void *path = all.differences.items[i].path;
        bool is_own = sg_strmap_has(&own, (const char *)&path, sizeof(path));
        if (!is_own || sg_strmap_has(&said, (const char *)&path, sizeof(path))) {
            note_change(a, way_of(a, pair, path, is_own), pair,
                        &all.differences.items[i]);
        }
    }
    a->out->changed += all.differences.len > 0;
    pair->differs = pair->differs || all.differences.len > 0;
}

void note_changes(struct adopting *a) {
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        if (pair->want != NULL) {
            a->out->matched++;
            note_pair(a, pair);
        } else if (pair->base == NULL) {
            a->out->added++;
            note_change(a, SG_WAY_RESOURCE, pair,
                        &(struct difference){NULL, NULL, pair->fork->node});
        } else if (pair->unread) {
            a->out->unread++;
        } else {
            a->out->removed++;
            note_change(a, SG_WAY_DELETION, pair,
                        &(struct difference){NULL, pair->base->node, NULL});
        }
    }
}
