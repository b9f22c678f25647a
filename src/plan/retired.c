/*
 * retired.c - settings whose place is gone: taken out of the overlay, kept beside it.
 *
 * overlays/<name>/retired/<version>/ gets the text, and retired.yaml there says what it
 * was for and where it stood, so that it can go back when upstream brings its object back
 * (restore.c). Everything kept is a whole entry or a patch of its own.
 */
#include "retired.h"

#include <ctype.h>
#include <string.h>

#include "sg/path.h"

/* --- names ------------------------------------------------------------------------ */

static const char *dir_of(struct overlay_plan *op) {
    return sg_arena_printf(&op->draft->arena, "%s/retired/%s", overlay_of(op)->dir,
                           op->version);
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* The folder of a path with its '/', or "". */
static struct sg_str folder_of(const char *path) {
    return (struct sg_str){path, (size_t)(base_name(path) - path)};
}

static bool taken(const struct overlay_plan *op, const char *name) {
    for (size_t i = 0; i < op->retired.len; i++) {
        const char *other = op->retired.items[i].text_name;
        if (other != NULL && strcmp(other, name) == 0) {
            return true;
        }
    }
    return false;
}

/* A file name of letters, digits, '-' and '.' that no other text of this hop has. */
static const char *fresh_name(struct overlay_plan *op, const char *wish) {
    struct sg_arena *arena = &op->draft->arena;
    sg_auto_buf name = SG_BUF_INIT;
    for (const char *at = wish; *at != '\0' && name.len < 100; at++) {
        bool plain = isalnum((unsigned char)*at) || *at == '.' || *at == '-';
        sg_buf_addc(&name, plain ? (char)tolower((unsigned char)*at) : '-');
    }
    const char *base = sg_arena_strdup(arena, sg_buf_cstr(&name));
    const char *found = sg_arena_printf(arena, "%s.yaml", base);
    for (unsigned i = 2; taken(op, found); i++) {
        found = sg_arena_printf(arena, "%s-%u.yaml", base, i);
    }
    return found;
}

/* --- texts ------------------------------------------------------------------------ */

static const char *written(struct overlay_plan *op, struct sg_docs *set,
                           const struct sg_node *node) {
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err ignored = {0};
    if (sg_is_scalar(node)) {
        sg_yaml_inline(node, &text);
        sg_buf_addc(&text, '\n');
    } else if (sg_yaml_write(set, node, &text, &ignored) != 0) {
        return NULL;
    }
    return sg_arena_strndup(&op->draft->arena, sg_buf_cstr(&text), text.len);
}

static struct sg_node *text_node(struct sg_docs *set, const char *text) {
    return sg_str_new(set, text);
}

static void put(struct sg_docs *set, struct sg_node *map, const char *key,
                struct sg_node *value) {
    struct sg_err ignored = {0};
    sg_atom atom = sg_atom_intern(set->atoms, key, strlen(key), &ignored);
    if (atom != NULL) {
        (void)sg_map_put(set, map, atom, value);
    }
}

/* The entry as it was, but naming another file; a scalar where the list holds paths. */
static const char *entry_with(struct overlay_plan *op, struct step_text *text,
                              const char *path) {
    struct sg_docs *set = &text->kustomization->set;
    if (sg_is_scalar(text->entry)) {
        return sg_arena_printf(&op->draft->arena, "%s\n", path);
    }
    struct sg_node *copy = sg_node_clone(set, text->entry);
    (void)sg_map_remove(copy, sg_atom_find(set->atoms, "patch", 5));
    put(set, copy, "path", text_node(set, path));
    return written(op, set, copy);
}

/* Where a text that is made of `text` will go back to: beside the kustomization. */
static const char *home_of(struct overlay_plan *op, const struct step_text *text,
                           const char *name) {
    struct sg_str folder = folder_of(text->kustomization->file->path);
    return sg_arena_printf(&op->draft->arena, "%.*s%s", (int)folder.len, folder.ptr,
                           name);
}

static bool keep(struct overlay_plan *op, struct retired *item, const char *tag) {
    if (item->entry == NULL || (item->text_name != NULL && item->text.ptr == NULL)) {
        return false;
    }
    item->tag = tag;
    sg_vec_push(&op->retired, *item);
    return true;
}

static struct retired item_for(struct overlay_plan *op, const struct step_text *text,
                               const char *object, const char *path) {
    struct sg_arena *arena = &op->draft->arena;
    const struct draft_parent *list = draft_parent(text->kustomization, text->list);
    return (struct retired){
        .object = sg_arena_strdup(arena, object),
        .path = sg_arena_strdup(arena, path),
        .kustomization = text->kustomization->file->path,
        .list = list->owner->entries[list->index].key->text,
    };
}

/* --- whole patches ---------------------------------------------------------------- */

bool retire_entry(struct overlay_plan *op, const struct step_text *text,
                  const char *object, const char *tag) {
    if (draft_removed(text->kustomization, text->list, text->item)) {
        return true;
    }
    struct retired item = item_for(op, text, object, "");
    item.entry = written(op, &text->kustomization->set, text->entry);
    return draft_remove(text->kustomization, text->list, text->item, tag) &&
           keep(op, &item, tag);
}

/* A file of one patch goes as it is. */
static bool retire_file(struct overlay_plan *op, const struct step_text *text,
                        const char *object, const char *tag) {
    if (draft_removed(text->doc, NULL, 0)) {
        return true;
    }
    struct retired item = item_for(op, text, object, "");
    struct draft_file *file = text->doc->file;
    const char *name = base_name(file->path);
    item.text_name = taken(op, name) ? fresh_name(op, object) : name;
    item.text = file->now;
    item.home = file->path;
    item.entry = written(op, &text->kustomization->set, text->entry);
    text->doc->moved =
        sg_arena_printf(&op->draft->arena, "%s/%s", dir_of(op), item.text_name);
    return draft_remove(text->doc, NULL, 0, tag) && keep(op, &item, tag);
}

static struct sg_str document_text(struct overlay_plan *op,
                                   const struct step_text *text) {
    struct sg_span span = draft_document_span(text->doc, text->document);
    const struct sg_source *source = sg_docs_source(&text->doc->set, text->root->loc);
    size_t len = span.end - span.start;
    return (struct sg_str){
        sg_arena_strndup(&op->draft->arena, source->text + span.start, len), len};
}

/* One document of several. */
static bool retire_document(struct overlay_plan *op, struct step_text *text,
                            const char *object, const char *tag) {
    struct retired item = item_for(op, text, object, "");
    item.text_name = fresh_name(op, sg_object_unversioned(object));
    item.text = document_text(op, text);
    item.home = home_of(op, text, item.text_name);
    item.entry = entry_with(op, text, item.text_name);
    return draft_remove(text->doc, NULL, text->document, tag) && keep(op, &item, tag);
}

bool retire_patch(struct overlay_plan *op, struct step_text *text, const char *object,
                  const char *tag) {
    bool alone = text->op != NULL || text->doc->docs.roots.len == 1;
    if (alone && text->doc->outer != NULL) {
        return retire_entry(op, text, object, tag);
    }
    return alone ? retire_file(op, text, object, tag)
                 : retire_document(op, text, object, tag);
}

/* --- parts of a patch ------------------------------------------------------------- */

bool retire_operation(struct overlay_plan *op, struct step_text *text, const char *object,
                      const char *path, const char *tag) {
    struct sg_docs *set = &text->doc->set;
    struct retired item = item_for(op, text, object, path);
    struct sg_node *list = sg_seq_new(set);
    sg_seq_push(set, list, sg_node_clone(set, text->op));
    const char *ops = written(op, set, list);
    if (ops == NULL) {
        return false;
    }
    item.text_name = fresh_name(op, sg_object_unversioned(object));
    item.text = sg_str_from(ops);
    item.home = home_of(op, text, item.text_name);
    item.entry = entry_with(op, text, item.text_name);
    return draft_remove(text->doc, text->root, text->document, tag) &&
           keep(op, &item, tag);
}

static struct sg_node *spine(struct draft_doc *doc, const struct sg_node *node,
                             struct sg_node *inner);

/* The map that holds a node, with the names in it and nothing else of it. */
static struct sg_node *around(struct draft_doc *doc, const struct draft_parent *at,
                              struct sg_node *inner) {
    struct sg_docs *set = &doc->set;
    if (sg_is_seq(at->owner)) {
        struct sg_node *seq = sg_seq_new(set);
        sg_seq_push(set, seq, inner);
        return spine(doc, at->owner, seq);
    }
    struct sg_node *map = sg_map_new(set);
    for (uint32_t i = 0; i < at->owner->len; i++) {
        const struct sg_entry *entry = &at->owner->entries[i];
        if (i == at->index) {
            (void)sg_map_put(set, map, entry->key, inner);
        } else if (draft_is_name(doc, at->owner, i) || entry->key == SG_ATOM(metadata)) {
            (void)sg_map_put(set, map, entry->key, sg_node_clone(set, entry->value));
        }
    }
    return spine(doc, at->owner, map);
}

/* A patch that holds this node alone. */
static struct sg_node *spine(struct draft_doc *doc, const struct sg_node *node,
                             struct sg_node *inner) {
    const struct draft_parent *at = draft_parent(doc, node);
    return at == NULL ? inner : around(doc, at, inner);
}

/* Labels and annotations of the patch are not what is kept. */
static void only_names(struct sg_docs *set, struct sg_node *root,
                       const struct sg_node *kept) {
    struct sg_node *metadata = sg_map_get(root, SG_ATOM(metadata));
    if (!sg_is_map(metadata) || metadata == kept) {
        return;
    }
    struct sg_node *names = sg_map_new(set);
    for (uint32_t i = 0; i < metadata->len; i++) {
        const struct sg_entry *entry = &metadata->entries[i];
        if (entry->key == SG_ATOM(name) || entry->key == SG_ATOM(namespace) ||
            entry->value == kept) {
            (void)sg_map_put(set, names, entry->key, entry->value);
        }
    }
    (void)sg_map_put(set, root, SG_ATOM(metadata), names);
}

bool keep_node(struct overlay_plan *op, struct step_text *text,
               const struct sg_node *node, const char *object, const char *path,
               const char *tag) {
    struct draft_doc *doc = text->doc;
    struct sg_node *copy = sg_node_clone(&doc->set, node);
    struct sg_node *patch = spine(doc, node, copy);
    struct retired item = item_for(op, text, object, path);
    sg_auto_buf wish = SG_BUF_INIT;
    only_names(&doc->set, patch, copy);
    const char *words = written(op, &doc->set, patch);
    if (words == NULL) {
        return false;
    }
    sg_buf_addf(&wish, "%s-%s", sg_object_unversioned(object), path);
    item.text_name = fresh_name(op, sg_buf_cstr(&wish));
    item.text = sg_str_from(words);
    item.home = home_of(op, text, item.text_name);
    item.entry = entry_with(op, text, item.text_name);
    return keep(op, &item, tag);
}

bool retire_node(struct overlay_plan *op, struct step_text *text,
                 const struct sg_node *node, const char *object, const char *path,
                 const char *tag) {
    const struct draft_parent *at = draft_parent(text->doc, node);
    return at != NULL && keep_node(op, text, node, object, path, tag) &&
           draft_remove(text->doc, at->owner, at->index, tag);
}

/* --- the index -------------------------------------------------------------------- */

static struct sg_node *item_node(struct sg_docs *set, const struct retired *item) {
    struct sg_node *map = sg_map_new(set);
    put(set, map, "object", text_node(set, item->object));
    if (item->path[0] != '\0') {
        put(set, map, "path", text_node(set, item->path));
    }
    put(set, map, "kustomization", text_node(set, item->kustomization));
    put(set, map, "list", text_node(set, item->list));
    put(set, map, "entry", text_node(set, item->entry));
    if (item->text_name != NULL) {
        put(set, map, "text", text_node(set, item->text_name));
        put(set, map, "file", text_node(set, item->home));
    }
    return map;
}

static void write_index(struct overlay_plan *op, const char *dir) {
    sg_auto_docs set;
    sg_docs_init(&set, op->atoms);
    struct sg_node *root = sg_map_new(&set), *items = sg_seq_new(&set);
    put(&set, root, "apiVersion", text_node(&set, "sgupgrade/v1"));
    put(&set, root, "kind", text_node(&set, "Retired"));
    put(&set, root, "items", items);
    for (size_t i = 0; i < op->retired.len; i++) {
        sg_seq_push(&set, items, item_node(&set, &op->retired.items[i]));
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_addf(&text,
                "# Taken out of this overlay on the way to %s, for what it was about is "
                "gone upstream.\n# Nothing reads it; sgupgrade puts it back when a later "
                "release brings that back.\n",
                op->version);
    struct sg_err ignored = {0};
    if (sg_yaml_write(&set, root, &text, &ignored) != 0) {
        SG_BUG("a list of retired texts that cannot be written");
    }
    draft_create(op->draft, op->files,
                 sg_arena_printf(&op->draft->arena, "%s/" RETIRED_INDEX, dir),
                 sg_buf_cstr(&text), text.len, op->retired.items[0].tag);
}

void retired_write(struct overlay_plan *op) {
    if (op->retired.len == op->retired_written) {
        return;
    }
    const char *dir = dir_of(op);
    for (size_t i = op->retired_written; i < op->retired.len; i++) {
        const struct retired *item = &op->retired.items[i];
        if (item->text_name != NULL) {
            draft_create(
                op->draft, op->files,
                sg_arena_printf(&op->draft->arena, "%s/%s", dir, item->text_name),
                item->text.ptr, item->text.len, item->tag);
        }
    }
    write_index(op, dir);
    op->retired_written = op->retired.len;
}
