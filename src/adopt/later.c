/*
 * later.c - what upstream itself did later: a change of the fork that a later release
 * has, too, is no customisation. A fork between two releases is full of them.
 */
#include "adopting.h"
#include "place.h"

/* --- files of later releases ----------------------------------------------------- */

struct cherries {
    struct adopting *a;
    /* blob id, for those that were read; id, kind and name -> the first such object */
    struct sg_strmap read;
};
static void release_cherries(struct cherries *c) {
    sg_strmap_release(&c->read);
}

void later_release(struct later_releases *later) {
    sg_git_files_release(&later->now);
    sg_git_files_release(&later->before.files);
    for (size_t i = 0; i < later->items.len; i++) {
        sg_git_files_release(&later->items.items[i].files);
    }
    sg_vec_release(&later->items);
}

static const char *version_in(struct adopting *a, const struct sg_release *release) {
    char text[SG_VERSION_TEXT];
    sg_version_text(&release->version, text);
    return sg_arena_strdup(&a->docs->arena, text);
}

static void read_before(struct adopting *a, const struct sg_release *release) {
    struct sg_err ignored = {0};
    if (release != NULL && sg_upstream_files(a->opts->up, release->commit, a->opts->from,
                                             &a->later.before.files, &ignored) == 0) {
        a->later.before.version = version_in(a, release);
    }
}

static int find_releases(struct adopting *a, struct sg_err *err) {
    const struct sg_adopt_opts *opts = a->opts;
    sg_auto_releases releases = {0};
    if (sg_upstream_releases(opts->up, &releases, err) != 0) {
        return -1;
    }
    const struct sg_release *before = NULL;
    for (size_t i = 0; i < releases.items.len; i++) {
        const struct sg_release *release = &releases.items.items[i];
        int order = sg_version_cmp(&release->version, &opts->version);
        struct later later = {0};
        struct sg_err ignored = {0}; /* a release that cannot be vendored tells nothing */
        bool stable = release->version.pre[0] == '\0';
        before = order < 0 && stable ? release : before;
        if (order < 0 || !stable ||
            sg_upstream_files(opts->up, release->commit, opts->from,
                              order == 0 ? &a->later.now : &later.files, &ignored) != 0) {
            continue;
        }
        memcpy(order == 0 ? a->later.commit : later.commit, release->commit,
               sizeof(later.commit));
        if (order > 0) {
            later.version = version_in(a, release);
            sg_vec_push(&a->later.items, later);
        }
    }
    read_before(a, before);
    return 0;
}

static void add_name(const char *kind, const char *name, struct sg_buf *out) {
    sg_buf_addf(out, "%s\n%s", kind, name);
}

static void object_key(const char *id, const char *kind, const char *name,
                       struct sg_buf *out) {
    sg_buf_addf(out, "%s\n", id);
    add_name(kind, name, out);
}

/* Text that cannot be read has no objects. */
static void read_blob(struct cherries *c, const char *id) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_auto_yaml_docs docs = {0};
    struct sg_err ignored = {0};
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .tolerant = true};
    sg_strmap_put(&c->read, id, SG_GIT_HEX, c);
    if (sg_upstream_blob(c->a->opts->up, id, &text, &ignored) != 0 ||
        sg_yaml_read(c->a->docs, id, sg_buf_cstr(&text), text.len, &opts, &docs,
                     &ignored) != 0) {
        return;
    }
    for (size_t i = 0; i < docs.roots.len; i++) {
        struct sg_node *node = docs.roots.items[i];
        const struct sg_node *metadata = sg_map_get(node, SG_ATOM(metadata));
        sg_auto_buf key = SG_BUF_INIT;
        object_key(id, field_text(node, SG_ATOM(kind)),
                   field_text(metadata, SG_ATOM(name)), &key);
        if (!sg_strmap_has(&c->read, key.ptr, key.len)) {
            sg_strmap_put(&c->read, key.ptr, key.len, node);
        }
    }
}

/* An object of a blob, which is read once; NULL where it has none of this name. */
static const struct sg_node *find_in(struct cherries *c, const char *id, const char *kind,
                                     const char *name) {
    if (!sg_strmap_has(&c->read, id, SG_GIT_HEX)) {
        read_blob(c, id);
    }
    sg_auto_buf key = SG_BUF_INIT;
    object_key(id, kind, name, &key);
    return sg_strmap_get(&c->read, key.ptr, key.len);
}

/* The object of a pair in a later release; NULL where its file is the same, or gone. */
static const struct sg_node *object_in(struct cherries *c, const struct later *later,
                                       const struct pair *pair) {
    const char *path = base_file(c->a, pair->base);
    if (path == NULL) {
        return NULL;
    }
    const struct sg_git_file *file = sg_git_files_find(&later->files, path),
                             *now = sg_git_files_find(&c->a->later.now, path);
    if (file == NULL || (now != NULL && strcmp(file->id, now->id) == 0)) {
        return NULL;
    }
    return find_in(c, file->id, pair->base->orig.kind->text, pair->base->orig.name->text);
}

/* --- picking --------------------------------------------------------------------- */

/* `path` NULL: the whole object. The first release that has it counts. */
static void note_picked(struct adopting *a, struct sg_strmap *out,
                        const struct sg_node *object, const struct sg_fieldpath *path,
                        const char *version) {
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s\n", object_text(a, object));
    sg_fieldpath_text(path, &key);
    if (!sg_strmap_has(out, sg_buf_cstr(&key), key.len)) {
        sg_strmap_put(out, sg_buf_cstr(&key), key.len,
                      sg_arena_strdup(&a->docs->arena, version));
    }
}

/* Notes every difference of the fork that the later object has, too, and was not noted.
 */
static size_t note_picks(struct cherries *c, struct sg_strmap *out,
                         const struct pair *pair, const struct comparison *own,
                         const struct sg_node *later, const char *version) {
    struct adopting *a = c->a;
    auto_comparison upstream = {.paths = a->paths};
    sg_auto_strmap by_path = {0};
    size_t picks = 0;
    compare_objects(&upstream, pair->base->node, later);
    for (size_t i = 0; i < upstream.differences.len; i++) {
        const void *path = upstream.differences.items[i].path;
        sg_strmap_put(&by_path, (const char *)&path, sizeof(path),
                      &upstream.differences.items[i]);
    }
    for (size_t i = 0; i < own->differences.len; i++) {
        const struct difference *mine = &own->differences.items[i];
        const void *path = mine->path;
        const struct difference *theirs =
            sg_strmap_get(&by_path, (const char *)&path, sizeof(path));
        if (theirs == NULL || (mine->b == NULL) != (theirs->b == NULL) ||
            (mine->b != NULL && !sg_node_equal(mine->b, theirs->b))) {
            continue;
        }
        picks++;
        note_picked(a, out, pair->fork->node, mine->path, version);
    }
    return picks;
}

/* What the fork has of the later object goes back to the base's. */
static void drop_picks(struct adopting *a, struct pair *pair, const struct sg_node *later,
                       const char *version) {
    struct sg_adopt_object *fork =
        &a->fork->objects.items[pair->fork - a->fork->objects.items];
    const struct sg_node *before = fork->node;
    fork->node = before_shared(a->docs, pair->base->node, later, before);
    drops_find(a, before, fork->node, version);
    pair->differs = true;
}

/* A merge may have left it behind. */
static void note_left(struct cherries *c, const struct pair *pair,
                      const struct comparison *own) {
    const struct later *before = &c->a->later.before;
    const struct sg_node *object = before->version == NULL || own->differences.len == 0
                                       ? NULL
                                       : object_in(c, before, pair);
    if (object != NULL) {
        (void)note_picks(c, &c->a->left, pair, own, object, before->version);
    }
}

static void pick(struct cherries *c, struct pair *pair) {
    auto_comparison own = {.paths = c->a->paths};
    compare_objects(&own, pair->base->node, pair->fork->node);
    note_left(c, pair, &own);
    const struct later_releases *releases = &c->a->later;
    for (size_t i = 0; own.differences.len > 0 && i < releases->items.len; i++) {
        const struct later *later = &releases->items.items[i];
        const struct sg_node *object = object_in(c, later, pair);
        if (object != NULL &&
            note_picks(c, &c->a->picked, pair, &own, object, later->version) > 0 &&
            c->a->opts->drop_picks) {
            drop_picks(c->a, pair, object, later->version);
        }
    }
}

/* --- whole objects ------------------------------------------------------------------ */

/* The same, but for the namespace that the fork is in. */
static bool is_as_later(const struct adopting *a, const struct sg_node *fork,
                        const struct sg_node *later) {
    static const char namespace[] = "metadata.namespace";
    auto_comparison comparison = {.paths = a->paths};
    compare_objects(&comparison, later, fork);
    for (size_t i = 0; i < comparison.differences.len; i++) {
        sg_auto_buf path = SG_BUF_INIT;
        sg_fieldpath_text(comparison.differences.items[i].path, &path);
        if (strcmp(sg_buf_cstr(&path), namespace) != 0) {
            return false;
        }
    }
    return true;
}

/* The objects of the fork's own by what names them; the value is a pair's position + 1.
 */
static void index_own(const struct adopting *a, struct sg_strmap *out) {
    for (size_t i = 0; i < a->pairs.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        if (pair->base == NULL) {
            sg_auto_buf key = SG_BUF_INIT;
            add_name(pair->fork->kind, pair->fork->name, &key);
            sg_strmap_put(out, sg_buf_cstr(&key), key.len, (void *)(i + 1)); // NOLINT
        }
    }
}

static void pick_object(struct cherries *c, struct pair *pair,
                        const struct sg_adopt_thing *thing,
                        const struct sg_version *version) {
    const struct sg_node *later = find_in(c, thing->blob, thing->kind, thing->name);
    if (later != NULL && is_as_later(c->a, pair->fork->node, later)) {
        char text[SG_VERSION_TEXT];
        sg_version_text(version, text);
        note_picked(c->a, &c->a->picked, pair->fork->node, NULL, text);
        pair->picked = true;
        if (c->a->opts->drop_picks) {
            drops_find_object(c->a, pair->fork->node,
                              sg_arena_strdup(&c->a->docs->arena, text));
        }
    }
}

static void pick_objects(struct cherries *c) {
    const struct sg_adopt_past *past = c->a->opts->past;
    sg_auto_strmap own = {0};
    index_own(c->a, &own);
    for (size_t i = 0; past != NULL && own.len > 0 && i < past->items.len; i++) {
        const struct sg_adopt_release *release = &past->items.items[i];
        bool later = sg_version_cmp(&release->version, &past->version) > 0 &&
                     release->version.pre[0] == '\0';
        for (size_t k = 0; later && k < release->objects.len; k++) {
            const struct sg_adopt_thing *thing = &release->objects.items[k];
            sg_auto_buf key = SG_BUF_INIT;
            add_name(thing->kind, thing->name, &key);
            uintptr_t at = (uintptr_t)sg_strmap_get(&own, sg_buf_cstr(&key), key.len);
            if (at > 0 && !c->a->pairs.items[at - 1].picked) {
                pick_object(c, &c->a->pairs.items[at - 1], thing, &release->version);
            }
        }
    }
}

static void drop_objects(struct adopting *a) {
    size_t left = 0;
    for (size_t i = 0; i < a->pairs.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        if (pair->picked) {
            a->fork->objects.items[pair->fork - a->fork->objects.items].dropped = true;
        } else {
            a->pairs.items[left++] = *pair;
        }
    }
    a->pairs.len = left;
}

/* --- what is to come ---------------------------------------------------------------- */

static bool blob_has(const struct adopting *a, const char *id, const char *text) {
    sg_auto_buf bytes = SG_BUF_INIT;
    struct sg_err ignored = {0};
    return sg_upstream_blob(a->opts->up, id, &bytes, &ignored) == 0 &&
           memmem(sg_buf_cstr(&bytes), bytes.len, text, strlen(text)) != NULL;
}

/* Each blob is looked at once. */
bool kind_comes(struct adopting *a, const char *kind) {
    sg_auto_strmap seen = {0};
    sg_auto_cstr text = sg_xasprintf("kind: %s", kind);
    for (size_t i = 0; i < a->later.items.len; i++) {
        const struct sg_git_files *files = &a->later.items.items[i].files;
        for (size_t k = 0; k < files->items.len; k++) {
            const char *id = files->items.items[k].id;
            if (!sg_strmap_has(&seen, id, SG_GIT_HEX) && blob_has(a, id, text)) {
                return true;
            }
            sg_strmap_put(&seen, id, SG_GIT_HEX, a);
        }
    }
    return false;
}

int find_cherries(struct adopting *a, struct sg_err *err) {
    struct cherries c SG_CLEANUP(release_cherries) = {.a = a};
    if (a->opts->up == NULL) {
        return 0;
    }
    if (find_releases(a, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        if (pair->base != NULL && pair->fork != NULL) {
            pick(&c, pair);
        }
    }
    pick_objects(&c);
    if (a->opts->drop_picks) {
        drop_objects(a);
    }
    return 0;
}
