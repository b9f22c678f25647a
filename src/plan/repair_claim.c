/*
 * repair_claim.c - patches of a PersistentVolumeClaim that became a volumeClaimTemplate.
 *
 * The templates of a StatefulSet are a list without merge keys: a strategic merge patch
 * would replace it whole. So the settings go into a JSON patch of the StatefulSet, beside
 * the old one, whose comments come along.
 */
#include <string.h>

#include "repair.h"
#include "sg/path.h"

struct claim_move {
    struct overlay_plan *op;
    const struct match *heir;
    struct step_text text;
    const char *id, *tag;
    struct sg_docs *set;
    struct sg_node *ops;
    const char *why;
};

static const char *template_name(const struct match *heir) {
    const struct sg_node *metadata = sg_map_get(heir->element, SG_ATOM(metadata));
    const char *name = sg_text(sg_map_get(metadata, SG_ATOM(name)));
    return name == NULL ? "" : name;
}

static sg_atom atom_of(struct claim_move *move, const char *text) {
    struct sg_err ignored = {0};
    return sg_atom_intern(move->set->atoms, text, strlen(text), &ignored);
}

static void put(struct claim_move *move, struct sg_node *map, const char *key,
                struct sg_node *value) {
    (void)sg_map_put(move->set, map, atom_of(move, key), value);
}

static void add_token(struct sg_buf *pointer, const char *key) {
    sg_buf_addc(pointer, '/');
    for (; *key != '\0'; key++) {
        if (*key == '~' || *key == '/') {
            sg_buf_adds(pointer, *key == '~' ? "~0" : "~1");
        } else {
            sg_buf_addc(pointer, *key);
        }
    }
}

/* --- from a strategic merge patch ------------------------------------------------- */

static void add_op(struct claim_move *move, const char *name, const char *pointer,
                   const struct sg_node *value) {
    struct sg_node *op = sg_map_new(move->set);
    put(move, op, "op", sg_str_new(move->set, name));
    put(move, op, "path", sg_str_new(move->set, pointer));
    if (value != NULL) {
        put(move, op, "value", sg_node_clone(move->set, value));
    }
    sg_seq_push(move->set, move->ops, op);
}

/* One operation a setting: maps that the template has are gone into, for a patch sets
 * only the keys it names. */
static bool add_settings(struct claim_move *move, const struct sg_node *patch,
                         const struct sg_node *there, struct sg_buf *pointer) {
    for (uint32_t i = 0; i < patch->len; i++) {
        const struct sg_entry *entry = &patch->entries[i];
        const struct sg_node *now = sg_map_get(there, entry->key);
        size_t len = pointer->len;
        if (entry->key->text[0] == '$') {
            move->why = "it holds a directive";
            return false;
        }
        add_token(pointer, entry->key->text);
        if (sg_is_map(entry->value) && sg_is_map(now)) {
            if (!add_settings(move, entry->value, now, pointer)) {
                return false;
            }
        } else if (!sg_is_null(entry->value)) {
            add_op(move, "add", sg_buf_cstr(pointer), entry->value);
        } else if (now != NULL) {
            add_op(move, "remove", sg_buf_cstr(pointer), NULL);
        }
        pointer->len = len;
        pointer->ptr[len] = '\0';
    }
    return true;
}

static void template_pointer(const struct claim_move *move, struct sg_buf *out) {
    sg_buf_addf(out, "/spec/volumeClaimTemplates/%u", move->heir->index);
}

/* spec, labels and annotations; what addresses the claim stays behind. */
static bool settings_of(struct claim_move *move) {
    const struct sg_node *root = move->text.root;
    const struct sg_node *metadata = sg_map_get(root, SG_ATOM(metadata));
    struct sg_node *wanted = sg_map_new(move->set), *names = sg_map_new(move->set);
    for (uint32_t i = 0; sg_is_map(metadata) && i < metadata->len; i++) {
        const struct sg_entry *entry = &metadata->entries[i];
        if (entry->key != SG_ATOM(name) && entry->key != SG_ATOM(namespace)) {
            (void)sg_map_put(move->set, names, entry->key, entry->value);
        }
    }
    if (names->len > 0) {
        (void)sg_map_put(move->set, wanted, SG_ATOM(metadata), names);
    }
    for (uint32_t i = 0; i < root->len; i++) {
        const struct sg_entry *entry = &root->entries[i];
        if (entry->key != SG_ATOM(metadata) && entry->key != SG_ATOM(apiVersion) &&
            entry->key != SG_ATOM(kind)) {
            (void)sg_map_put(move->set, wanted, entry->key, entry->value);
        }
    }
    sg_auto_buf pointer = SG_BUF_INIT;
    template_pointer(move, &pointer);
    return add_settings(move, wanted, move->heir->element, &pointer);
}

/* --- the new patch ---------------------------------------------------------------- */

/* Lines of the old text that are comments and nothing else. */
static void add_comments(const struct claim_move *move, struct sg_buf *out) {
    struct sg_span span = draft_document_span(move->text.doc, move->text.document);
    const struct sg_source *source =
        sg_docs_source(&move->text.doc->set, move->text.root->loc);
    for (uint32_t at = span.start; at < span.end;) {
        const char *line = source->text + at;
        const char *end = memchr(line, '\n', span.end - at);
        size_t len = end == NULL ? span.end - at : (size_t)(end - line) + 1;
        size_t blanks = strspn(line, " \t");
        if (blanks < len && line[blanks] == '#') {
            sg_buf_add(out, line + blanks, len - blanks);
        }
        at += (uint32_t)len;
    }
}

static const char *entry_text(struct claim_move *move, const char *path) {
    const struct sg_resid *to = &move->heir->res->orig;
    struct sg_node *entry = sg_map_new(move->set), *target = sg_map_new(move->set);
    put(move, target, "group", sg_str_new(move->set, to->group->text));
    put(move, target, "kind", sg_str_new(move->set, to->kind->text));
    put(move, target, "name", sg_str_new(move->set, to->name->text));
    put(move, entry, "path", sg_str_new(move->set, path));
    put(move, entry, "target", target);
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err ignored = {0};
    if (sg_yaml_write(move->set, entry, &text, &ignored) != 0) {
        return NULL;
    }
    return sg_arena_strdup(&move->op->draft->arena, sg_buf_cstr(&text));
}

/* A file name that is free beside the kustomization; the project path of it in `path`. */
static const char *free_name(struct claim_move *move, const char **path) {
    struct overlay_plan *op = move->op;
    struct sg_arena *arena = &op->draft->arena;
    const char *home = move->text.kustomization->file->path;
    int folder = (int)(sg_path_base(home) - home);
    for (unsigned i = 1;; i++) {
        sg_auto_buf suffix = SG_BUF_INIT;
        if (i > 1) {
            sg_buf_addf(&suffix, "-%u", i);
        }
        const char *name =
            sg_arena_printf(arena, "%s-%s%s.yaml", move->heir->res->orig.name->text,
                            template_name(move->heir), sg_buf_cstr(&suffix));
        *path = sg_arena_printf(arena, "%.*s%s", folder, home, name);
        if (draft_open(op->draft, op->files, *path) == NULL) {
            return name;
        }
    }
}

static bool write_patch(struct claim_move *move) {
    struct overlay_plan *op = move->op;
    const char *path;
    const char *entry = entry_text(move, free_name(move, &path));
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err ignored = {0};
    add_comments(move, &text);
    if (entry == NULL || sg_yaml_write(move->set, move->ops, &text, &ignored) != 0 ||
        !draft_append(move->text.kustomization, "patches", entry, move->tag) ||
        !draft_remove(move->text.doc, NULL, move->text.document, move->tag)) {
        return false;
    }
    draft_create(op->draft, op->files, path, sg_buf_cstr(&text), text.len, move->tag);
    return true;
}

/* --- from a JSON patch ------------------------------------------------------------ */

static bool write_text(struct claim_move *move, struct draft_doc *doc,
                       const struct sg_node *map, const char *key, const char *text) {
    const struct sg_node *scalar = sg_map_gets(map, key);
    return scalar == NULL || draft_write(doc, scalar, text, move->tag);
}

/* The operation goes below the template, and the entry selects the StatefulSet. */
static bool repoint(struct claim_move *move) {
    const struct sg_node *target =
        sg_is_map(move->text.entry) ? sg_map_gets(move->text.entry, "target") : NULL;
    const struct sg_resid *to = &move->heir->res->orig;
    const char *path = sg_text(sg_map_get(move->text.op, SG_ATOM(path)));
    if (sg_map_gets(target, "name") == NULL || path == NULL ||
        sg_map_gets(move->text.op, "from") != NULL) {
        return false;
    }
    sg_auto_buf pointer = SG_BUF_INIT;
    template_pointer(move, &pointer);
    sg_buf_adds(&pointer, path);
    struct draft_doc *home = move->text.kustomization;
    return write_text(move, home, target, "group", to->group->text) &&
           write_text(move, home, target, "version", to->version->text) &&
           write_text(move, home, target, "kind", to->kind->text) &&
           write_text(move, home, target, "name", to->name->text) &&
           write_text(move, move->text.doc, move->text.op, "path", sg_buf_cstr(&pointer));
}

/* --- deciding --------------------------------------------------------------------- */

/* The overlay has no claim: of a template there is nothing to delete. */
static bool deletes(const struct claim_move *move) {
    const char *directive =
        move->text.op != NULL ? NULL : sg_text(sg_map_gets(move->text.root, "$patch"));
    return directive != NULL && strcmp(directive, "delete") == 0;
}

static void let_go(struct claim_move *move, struct fate *fate) {
    struct overlay_plan *op = move->op;
    if (!retire_patch(op, &move->text, move->id, move->tag)) {
        return;
    }
    fate->resolved = SG_RESOLVED_RETIRED;
    fate->edits = true;
    fate->message =
        sg_arena_printf(&op->plan->docs.arena,
                        "%s is the claim template %s now, which a patch cannot delete",
                        move->id, fate->heir);
    fate->fix = "delete the volume in the StatefulSet where it is not to be";
}

void repair_claim(struct overlay_plan *op, uint32_t step, const char *id,
                  const struct match *heir, struct fate *fate) {
    const struct sg_step *at = &op->trees[T_RO]->trace.steps.items[step];
    struct sg_arena *arena = &op->plan->docs.arena;
    struct claim_move move = {
        .op = op, .heir = heir, .id = id, .tag = fingerprint_of(op, "SG201", id, "")};
    fate->heir =
        sg_arena_printf(arena, "%s spec.volumeClaimTemplates[%s]",
                        object_id(op, op->trees[T_UN], heir->res), template_name(heir));
    bool done = step_text_find(op, at, &move.text) && move.text.doc != NULL;
    if (done && deletes(&move)) {
        let_go(&move, fate);
        return;
    }
    if (done && move.text.op != NULL) {
        done = repoint(&move);
    } else if (done) {
        move.set = &move.text.doc->set;
        move.ops = sg_seq_new(move.set);
        done = settings_of(&move) && write_patch(&move);
    }
    fate->resolved = done ? SG_RESOLVED_CARRIED : SG_RESOLVED_NONE;
    fate->edits = done;
    fate->message = sg_arena_printf(
        arena,
        done ? "%s is the claim template %s now (%s); the overlay's settings go along"
             : "%s is the claim template %s now (%s), and this patch cannot be moved "
               "there",
        id, fate->heir, heir->why);
    fate->fix = done ? "look at the edit; what is on the old claim stays there"
                     : "write a JSON patch for that template";
}
