#include "bases.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "lists.h"

void bases_init(struct bases *bases) {
    memset(bases, 0, sizeof(*bases));
    bases->atoms = sg_atoms_new();
    bases->paths = sg_fieldpaths_new(bases->atoms);
    sg_plan_init(&bases->plan, bases->atoms);
    bases->fs[0] = sg_fs_memory();
    bases->fs[1] = sg_fs_memory();
    bases->op = (struct overlay_plan){
        .plan = &bases->plan, .atoms = bases->atoms, .paths = bases->paths};
}

void bases_release(struct bases *bases) {
    matcher_free(bases->op.matcher);
    tree_free(bases->op.trees[T_UO]);
    tree_free(bases->op.trees[T_UN]);
    sg_plan_release(&bases->plan);
    sg_fs_free(bases->fs[0]);
    sg_fs_free(bases->fs[1]);
    sg_fieldpaths_free(bases->paths);
    sg_atoms_free(bases->atoms);
}

void bases_put(struct bases *bases, const char *name, const char *old_text,
               const char *new_text) {
    const char *texts[2] = {old_text, new_text};
    sg_auto_cstr path = sg_xasprintf("base/%s", name);
    for (int side = 0; side < 2; side++) {
        if (texts[side] != NULL) {
            sg_fs_memory_put(bases->fs[side], path, texts[side], strlen(texts[side]));
        }
    }
}

/* --- folders ---------------------------------------------------------------------- */

static void read_file(struct bases *bases, int side, const char *path, const char *name) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static char text[1 << 20];
    size_t len = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[len] = '\0';
    bases_put(bases, name, side == 0 ? text : NULL, side == 1 ? text : NULL);
}

/* Files of all folders go into one: `name` has the folder's. */
static bool read_folder(struct bases *bases, int side, const char *folder,
                        const char *name) {
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return false;
    }
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        sg_auto_cstr path = sg_xasprintf("%s/%s", folder, entry->d_name);
        sg_auto_cstr flat = sg_xasprintf("%s%s", name, entry->d_name);
        const char *dot = strrchr(entry->d_name, '.');
        struct stat info;
        if (entry->d_name[0] == '.' || stat(path, &info) != 0) {
            continue;
        }
        if (S_ISDIR(info.st_mode)) {
            sg_auto_cstr below = sg_xasprintf("%s_", flat);
            read_folder(bases, side, path, below);
        } else if (dot != NULL && strcmp(dot, ".yaml") == 0 &&
                   strcmp(entry->d_name, "kustomization.yaml") != 0) {
            read_file(bases, side, path, flat);
        }
    }
    closedir(dir);
    return true;
}

bool bases_read(struct bases *bases, int side, const char *folder) {
    return read_folder(bases, side, folder, "");
}

static void list_base(struct sg_fs *fs) {
    sg_auto_fs_list files = {0};
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err err = {0};
    assert_int_equal(sg_fs_readdir(fs, "base", &files, &err), 0);
    sg_buf_adds(&text, "resources:\n");
    for (size_t i = 0; i < files.entries.len; i++) {
        sg_buf_addf(&text, "- %s\n", files.entries.items[i].name);
    }
    sg_fs_memory_put(fs, "base/kustomization.yaml", sg_buf_cstr(&text), text.len);
}

static bool vendored(void *ctx, const char *path) {
    (void)ctx;
    (void)path;
    return true;
}

void bases_render(struct bases *bases) {
    bases->op.owners = (struct owners){vendored, NULL};
    for (int side = 0; side < 2; side++) {
        struct tree *tree = tree_new(bases->atoms, bases->paths);
        const struct tree_opts opts = {.fs = bases->fs[side],
                                       .dir = "base",
                                       .owners = &bases->op.owners,
                                       .upstream_only = true};
        struct sg_err err = {0};
        list_base(bases->fs[side]);
        assert_int_equal(tree_render(tree, &opts, &err), 0);
        if (!tree->rendered) {
            fail_msg("%s: %s", tree->err.file, tree->err.text);
        }
        bases->op.trees[side == 0 ? T_UO : T_UN] = tree;
    }
}

const struct sg_resource *bases_object(struct bases *bases, int tree, const char *id) {
    const struct sg_render *render = &bases->op.trees[tree]->render;
    for (size_t i = 0; i < render->items.len; i++) {
        const struct sg_resid *orig = &render->items.items[i]->orig;
        sg_auto_cstr here = sg_xasprintf("%s/%s", orig->kind->text, orig->name->text);
        if (strcmp(here, id) == 0) {
            return render->items.items[i];
        }
    }
    fail_msg("no %s", id);
    return NULL;
}

/* --- changes ---------------------------------------------------------------------- */

void changes_release(struct changes *changes) {
    sg_vec_release(&changes->items);
}

static const char *id_of(struct bases *bases, const struct sg_resource *res) {
    return sg_arena_printf(&bases->plan.docs.arena, "%s/%s", res->orig.kind->text,
                           res->orig.name->text);
}

static const char *match_text(struct bases *bases, const struct match *match) {
    struct sg_arena *arena = &bases->plan.docs.arena;
    if (match == NULL) {
        return "";
    }
    if (match->res == NULL) {
        return match->key->text;
    }
    const char *id = id_of(bases, match->res);
    return match->element == NULL
               ? id
               : sg_arena_printf(arena, "%s template %u", id, match->index);
}

static void add_change(struct bases *bases, const char *place,
                       const struct matches *matches, struct changes *out) {
    const struct match *best = matches->items.items;
    bool any = matches->items.len > 0;
    struct change change = {.place = place,
                            .became = match_text(bases, match_certain(matches)),
                            .score = any ? best->score : 0,
                            .why = any ? best->why : ""};
    sg_vec_push(&out->items, change);
    if (getenv("SHOW_MATCHES") != NULL) {
        printf("  %s -> %s\n", place, change.became[0] != '\0' ? change.became : "?");
        for (size_t i = 0; i < matches->items.len; i++) {
            printf("      %.3f %s: %s\n", matches->items.items[i].score,
                   match_text(bases, &matches->items.items[i]),
                   matches->items.items[i].why);
        }
    }
}

/* The object of U_O and the one of U_N that it is compared with. */
struct walk {
    struct bases *bases;
    const struct sg_resource *old, *now;
    struct changes *out;
};

static void walk_node(const struct walk *walk, const struct sg_fieldpath *path,
                      const struct sg_field *field, const struct sg_node *old,
                      const struct sg_node *now);

static void walk_element(const struct walk *walk, const struct sg_fieldpath *list,
                         const struct sg_field *item, const struct element *element,
                         const struct sg_node *old, const struct sg_node *now) {
    struct bases *bases = walk->bases;
    const struct sg_fieldpath *path =
        sg_fieldpath_element(bases->paths, list, element->key, element->repeat);
    const struct sg_node *other = element->node[T_UN];
    if (other == NULL) {
        auto_matches matches = {0};
        match_element(&bases->op, walk->old, walk->now, list, old, now,
                      element->node[T_UO], &matches);
        sg_auto_buf text = SG_BUF_INIT;
        sg_fieldpath_text(path, &text);
        add_change(bases,
                   sg_arena_printf(&bases->plan.docs.arena, "%s %s",
                                   id_of(bases, walk->old), sg_buf_cstr(&text)),
                   &matches, walk->out);
        const struct match *certain = match_certain(&matches);
        other = certain == NULL ? NULL : certain->element;
    }
    walk_node(walk, path, item, element->node[T_UO], other);
}

static void walk_list(const struct walk *walk, const struct sg_fieldpath *path,
                      const struct sg_field *field, const struct sg_node *old,
                      const struct sg_node *now) {
    const struct sg_node *lists[T_COUNT] = {[T_UO] = old, [T_UN] = now};
    struct elements elements = {0};
    struct sg_field item = {.type = field->item, .def = field->def};
    if (elements_match(walk->bases->atoms, field, NULL, lists, &elements)) {
        for (size_t i = 0; i < elements.items.len; i++) {
            if (elements.items.items[i].node[T_UO] != NULL) {
                walk_element(walk, path, &item, &elements.items.items[i], old, now);
            }
        }
    }
    elements_release(&elements);
}

static void walk_node(const struct walk *walk, const struct sg_fieldpath *path,
                      const struct sg_field *field, const struct sg_node *old,
                      const struct sg_node *now) {
    if (sg_is_seq(old) && sg_is_seq(now)) {
        walk_list(walk, path, field, old, now);
    }
    for (uint32_t i = 0; sg_is_map(old) && sg_is_map(now) && i < old->len; i++) {
        sg_atom key = old->entries[i].key;
        struct sg_field below = {0};
        (void)sg_schema_field(SG_SCHEMA_UNION, field->def, key->text, &below);
        walk_node(walk, sg_fieldpath_key(walk->bases->paths, path, key), &below,
                  old->entries[i].value, sg_map_get(now, key));
    }
}

static const struct sg_resource *
object_change(struct bases *bases, const struct sg_resource *gone, struct changes *out) {
    auto_matches matches = {0};
    match_object(&bases->op, gone, &matches);
    match_claim(&bases->op, gone, &matches);
    add_change(bases, id_of(bases, gone), &matches, out);
    const struct match *certain = match_certain(&matches);
    return certain == NULL || certain->element != NULL ? NULL : certain->res;
}

void bases_changes(struct bases *bases, struct changes *out) {
    const struct sg_render *render = &bases->op.trees[T_UO]->render;
    for (size_t i = 0; i < render->items.len; i++) {
        const struct sg_resource *res = render->items.items[i];
        struct identity identity = identity_of(&res->orig);
        const struct sg_resource *now =
            index_find(&bases->op.trees[T_UN]->index, &identity);
        if (now == NULL) {
            now = object_change(bases, res, out);
        }
        if (now == NULL) {
            continue;
        }
        const struct walk walk = {bases, res, now, out};
        const char *version = sg_text(sg_map_get(res->node, SG_ATOM(apiVersion)));
        struct sg_field root = {
            .type = SG_FIELD_OBJECT,
            .def = sg_schema_kind(SG_SCHEMA_UNION, version, res->orig.kind->text)};
        walk_node(&walk, NULL, &root, res->node, now->node);
    }
}

static void show(const struct changes *changes) {
    for (size_t i = 0; i < changes->items.len; i++) {
        const struct change *change = &changes->items.items[i];
        fprintf(stderr, "%s -> %s (%.3f %s)\n", change->place, change->became,
                change->score, change->why);
    }
}

void expect_change(const char *old_text, const char *new_text, const char *place,
                   const char *became, const char *why) {
    struct bases bases;
    struct changes changes = {0};
    bases_init(&bases);
    bases_put(&bases, "a.yaml", old_text, new_text);
    bases_render(&bases);
    bases_changes(&bases, &changes);
    const struct change *found = NULL;
    for (size_t i = 0; i < changes.items.len; i++) {
        if (strcmp(changes.items.items[i].place, place) == 0) {
            found = &changes.items.items[i];
        }
    }
    if (found == NULL || strcmp(found->became, became) != 0 ||
        strstr(found->why, why) == NULL) {
        show(&changes);
        fail_msg("expected %s to become \"%s\"", place, became);
    }
    changes_release(&changes);
    bases_release(&bases);
}
