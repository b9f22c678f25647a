/*
 * restore.c - what was retired comes back when upstream brings its object back.
 */
#include <string.h>

#include "pod.h"
#include "repair.h"
#include "retired.h"
#include "sg/path.h"

struct restore {
    struct overlay_plan *op;
    const char *folder; /* overlays/<name>/retired/<version> */
    struct draft_doc *index;
    const struct sg_node *items;
    const char *tag;
};

/* --- is it back? ------------------------------------------------------------------ */

/* Objects of a tree by what their ids say without the version. */
static void names_of(struct overlay_plan *op, const struct tree *tree,
                     struct sg_strmap *out) {
    for (size_t i = 0; i < tree->render.items.len; i++) {
        struct sg_resource *res = tree->render.items.items[i];
        const char *id = sg_object_unversioned(object_id(op, tree, res));
        sg_strmap_put(out, id, strlen(id), res);
    }
}

struct known {
    struct sg_strmap before, now;
};

static const struct sg_resource *find(const struct sg_strmap *map, const char *id) {
    const char *name = sg_object_unversioned(id);
    return sg_strmap_get(map, name, strlen(name));
}

static bool has_place(struct overlay_plan *op, const struct sg_resource *res,
                      const char *text) {
    const struct sg_fieldpath *path = NULL;
    struct sg_err ignored = {0};
    if (res == NULL || sg_fieldpath_parse(op->paths, text, &path, &ignored) != 0) {
        return false;
    }
    return node_at(res->node, type_of(res), path) != NULL;
}

/* The innermost list element that a path goes through; itself where it goes through none:
 * a field in it may be the overlay's alone. */
static const char *element_text(struct overlay_plan *op, const char *text) {
    const struct sg_fieldpath *path = NULL;
    struct sg_err ignored = {0};
    if (sg_fieldpath_parse(op->paths, text, &path, &ignored) != 0) {
        return text;
    }
    while (path != NULL && path->seg != SG_SEG_ELEMENT) {
        path = path->parent;
    }
    return path == NULL ? text : path_text(op, path);
}

/* The place was not there on the old base, and is on the new one. */
static bool is_back(struct overlay_plan *op, const struct known *known,
                    const struct sg_node *item) {
    const char *object = text_at(item, "object");
    const char *path = element_text(op, text_at(item, "path"));
    return has_place(op, find(&known->now, object), path) &&
           !has_place(op, find(&known->before, object), path);
}

/* A file of the customer's in this project: the list is a file that anybody may edit. */
static bool is_own(const struct overlay_plan *op, const char *path) {
    sg_auto_buf clean = SG_BUF_INIT;
    struct sg_err ignored = {0};
    return sg_path_join("", path, &clean, &ignored) == 0 &&
           strcmp(sg_buf_cstr(&clean), path) == 0 &&
           sg_path_within(path, overlay_of(op)->dir) &&
           !op->owners.vendored(op->owners.ctx, path);
}

/* --- bringing back ---------------------------------------------------------------- */

/* Whether a text holds operations that go by position: what they meant on a base that is
 * gone nobody can tell from the new one. */
static bool goes_by_position(const struct draft_doc *doc) {
    if (doc == NULL || doc->docs.roots.len == 0 || !sg_is_seq(doc->docs.roots.items[0])) {
        return false;
    }
    const struct sg_node *ops = doc->docs.roots.items[0];
    for (uint32_t i = 0; i < ops->len; i++) {
        const char *at = sg_text(sg_map_get(ops->items[i], SG_ATOM(path)));
        for (; at != NULL && (at = strchr(at, '/')) != NULL; at++) {
            size_t digits = strspn(at + 1, "0123456789");
            if (digits > 0 && (at[digits + 1] == '/' || at[digits + 1] == '\0')) {
                return true;
            }
        }
    }
    return false;
}

static bool put_text(struct restore *restore, const struct sg_node *item) {
    struct overlay_plan *op = restore->op;
    struct sg_arena *arena = &op->draft->arena;
    const char *name = text_at(item, "text"), *home = text_at(item, "file");
    if (name[0] == '\0') {
        return true;
    }
    const char *from = sg_arena_printf(arena, "%s/%s", restore->folder, name);
    struct draft_doc *text = draft_open(op->draft, op->files, from);
    if (text == NULL || goes_by_position(text) || strchr(name, '/') != NULL ||
        !is_own(op, home) || draft_open(op->draft, op->files, home) != NULL) {
        return false;
    }
    draft_move(op->draft, op->files, from, home, restore->tag);
    return true;
}

static bool bring_back(struct restore *restore, uint32_t at) {
    struct overlay_plan *op = restore->op;
    const struct sg_node *item = restore->items->items[at];
    const char *path = text_at(item, "kustomization"), *entry = text_at(item, "entry");
    struct draft_doc *home =
        is_own(op, path) ? draft_open(op->draft, op->files, path) : NULL;
    return home != NULL && entry[0] != '\0' && put_text(restore, item) &&
           draft_append(home, text_at(item, "list"), entry, restore->tag) &&
           draft_remove(restore->index, restore->items, at, restore->tag);
}

static void tell(struct restore *restore, const struct sg_node *item, bool done) {
    struct overlay_plan *op = restore->op;
    struct sg_arena *arena = &op->plan->docs.arena;
    const char *object = text_at(item, "object"), *path = text_at(item, "path");
    struct sg_finding_in in = {
        .code = path[0] == '\0' ? "SG201" : "SG202",
        .rule = path[0] == '\0' ? "orphan-object" : "orphan-element",
        .object = object,
        .path = path,
        .severity = SG_WARNING,
        .hop = op->hop,
        .at = {.file = sg_arena_strdup(arena, restore->index->file->path)},
        .message = sg_arena_printf(
            arena,
            done ? "upstream has %s%s%s again; what the overlay set for it is put back"
                 : "upstream has %s%s%s again; what the overlay set for it cannot be put "
                   "back by itself",
            object, path[0] == '\0' ? "" : " ", path),
        .fix =
            done ? "look at the edit" : "put it back by hand, and drop it from the list",
    };
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    finding->resolved = done ? SG_RESOLVED_CARRIED : SG_RESOLVED_NONE;
    finding->edits = done;
}

static void restore_folder(struct restore *restore, const struct known *known) {
    struct overlay_plan *op = restore->op;
    restore->index = draft_open(
        op->draft, op->files,
        sg_arena_printf(&op->draft->arena, "%s/" RETIRED_INDEX, restore->folder));
    if (restore->index == NULL || restore->index->docs.roots.len == 0) {
        return;
    }
    const struct sg_node *root = restore->index->docs.roots.items[0];
    restore->items = sg_map_gets(root, "items");
    for (uint32_t i = 0; sg_is_seq(restore->items) && i < restore->items->len; i++) {
        const struct sg_node *item = restore->items->items[i];
        if (sg_is_map(item) && is_back(op, known, item)) {
            const char *object = text_at(item, "object"), *path = text_at(item, "path");
            restore->tag =
                fingerprint_of(op, path[0] == '\0' ? "SG201" : "SG202", object, path);
            tell(restore, item, bring_back(restore, i));
        }
    }
}

void restore_retired(struct overlay_plan *op) {
    struct sg_arena *arena = &op->draft->arena;
    const char *dir = sg_arena_printf(arena, "%s/retired", overlay_of(op)->dir);
    sg_auto_fs view = sg_fs_over(op->files);
    sg_auto_fs_list folders = {0};
    struct sg_err ignored = {0};
    enum sg_fs_type type;
    draft_lay(op->draft, view);
    if (!op->trees[T_UO]->rendered || !op->trees[T_UN]->rendered ||
        sg_fs_stat(view, dir, &type, NULL, &ignored) != 0 || type != SG_FS_DIR ||
        sg_fs_readdir(view, dir, &folders, &ignored) != 0) {
        return;
    }
    struct known known = {0};
    names_of(op, op->trees[T_UO], &known.before);
    names_of(op, op->trees[T_UN], &known.now);
    for (size_t i = 0; i < folders.entries.len; i++) {
        struct restore restore = {.op = op};
        restore.folder =
            sg_arena_printf(arena, "%s/%s", dir, folders.entries.items[i].name);
        restore_folder(&restore, &known);
    }
    sg_strmap_release(&known.before);
    sg_strmap_release(&known.now);
}
