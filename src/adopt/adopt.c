/* adopt.c - from a fork's objects to the overlay, and its proof. */
#include "adopting.h"

/* --- texts ----------------------------------------------------------------------- */

const char *object_text(struct adopting *a, const struct sg_node *node) {
    const struct sg_node *metadata = sg_map_get(node, SG_ATOM(metadata));
    const char *version = sg_text(sg_map_get(node, SG_ATOM(apiVersion)));
    const char *kind = sg_text(sg_map_get(node, SG_ATOM(kind)));
    const char *namespace = sg_text(sg_map_get(metadata, SG_ATOM(namespace)));
    const char *name = sg_text(sg_map_get(metadata, SG_ATOM(name)));
    return sg_arena_printf(&a->out->arena, "%s/%s/%s%s%s", version != NULL ? version : "",
                           kind != NULL ? kind : "", namespace != NULL ? namespace : "",
                           namespace != NULL ? "/" : "", name != NULL ? name : "");
}

const char *value_text(struct adopting *a, const struct sg_node *node) {
    if (node == NULL) {
        return NULL;
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_yaml_inline(node, &text);
    return sg_arena_strndup(&a->out->arena, sg_buf_cstr(&text), text.len);
}

struct sg_pos place_in_fork(const struct adopting *a, const struct sg_node *object,
                            const struct difference *found) {
    struct sg_pos at =
        sg_docs_pos(&a->fork->docs,
                    found->b != NULL ? found->b->loc : place_around(object, found->path));
    if (at.file != NULL) {
        at.file = sg_arena_strdup(&a->out->arena, at.file);
    }
    return at;
}

/* --- one way to say it ----------------------------------------------------------- */

static void find_wants(struct adopting *a) {
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        pair->want = NULL;
        if (pair->base != NULL && pair->fork != NULL) {
            const struct sg_node *from = start_of(pair);
            const struct sg_node *shared = pair->shared != NULL ? pair->shared : from;
            pair->want = before_shared(a->docs, from, shared, pair->fork->node);
            keep_hash(a, pair);
        }
    }
}

/* What the fork changes on all objects alike. */
struct sharing_found {
    bool labels, selectors, images, namespace;
    bool inner; /* the namespace */
};

/* What is said for all objects, from the most to nothing. Pairs once parted stay so. */
enum attempt {
    ALL,
    INNER_NAMESPACE,
    NO_RENAMES,
    OWN_ACCOUNTS,
    OWN_GENERATED,
    NO_SELECTORS,
    NO_LABELS,
    NO_IMAGES,
    NO_NAMESPACE,
    NOTHING,
    ATTEMPTS
};

static bool any_selectors(const struct shared *shared) {
    bool found = false;
    for (size_t i = 0; i < shared->labels.len; i++) {
        found = found || shared->labels.items[i].reach == ON_SELECTORS;
    }
    return found;
}

static void limit_labels(struct shared *shared, enum attempt attempt) {
    for (size_t i = 0; attempt == NO_SELECTORS && i < shared->labels.len; i++) {
        struct shared_pair *label = &shared->labels.items[i];
        label->reach = label->reach == ON_SELECTORS ? ON_TEMPLATES : label->reach;
    }
    if (attempt == NO_LABELS || attempt == NOTHING) {
        shared->labels.len = shared->annotations.len = 0;
    }
}

static void limit_shared(struct adopting *a, enum attempt attempt) {
    limit_labels(&a->shared, attempt);
    if (attempt == NO_IMAGES || attempt == NOTHING) {
        a->shared.images.len = 0;
    }
    a->shared.inner = a->shared.inner || attempt == INNER_NAMESPACE;
    if (attempt == NO_NAMESPACE || attempt == NOTHING) {
        a->shared.namespace = NULL;
        a->shared.inner = false;
    }
}

/* It is another one than those before; what the fork shares is `all`. */
static bool says_something(struct adopting *a, enum attempt attempt,
                           const struct sharing_found *all) {
    switch (attempt) {
    case ALL:
        return true;
    case INNER_NAMESPACE:
        return all->namespace && !all->inner;
    case NO_RENAMES:
        return pairs_part(a, pair_renamed);
    case OWN_ACCOUNTS:
        return pairs_part(a, pair_account);
    case OWN_GENERATED:
        return pairs_part(a, pair_generated);
    case NO_SELECTORS:
        return all->selectors;
    case NO_LABELS:
        return all->labels;
    case NO_IMAGES:
        return all->images;
    case NO_NAMESPACE:
        return all->namespace;
    case NOTHING:
        return all->labels + all->images + all->namespace > 1;
    case ATTEMPTS:
        break;
    }
    return false;
}

int lay_out(struct adopting *a, struct sg_err *err) {
    a->out->entries.len = a->shared_entries;
    a->out->files.len = a->shared_files;
    a->out->said.len = 0;
    a->out->differences.len = a->out->restarts.len = 0;
    a->out->equal = a->out->fields = 0;
    limit_wants(a);
    return layout_overlay(a, err) != 0 ? -1 : prove(a, err);
}

static int make_once(struct adopting *a, enum attempt attempt, struct sharing_found *all,
                     struct sg_err *err) {
    shared_release(&a->shared);
    shared_find(a);
    forget_left_out(a);
    *all = (struct sharing_found){
        .labels = a->shared.labels.len + a->shared.annotations.len > 0,
        .selectors = any_selectors(&a->shared),
        .images = a->shared.images.len > 0,
        .namespace = a->shared.namespace != NULL,
        .inner = a->shared.inner,
    };
    limit_shared(a, attempt);
    struct layers layers SG_CLEANUP(layers_release) = {0};
    if (layers_render(a, &layers, err) != 0) {
        return -1;
    }
    a->shared_files = a->out->files.len;
    a->shared_entries = a->out->entries.len;
    find_wants(a);
    shared_replicas(a);
    if (lay_out_most(a, err) != 0) {
        return -1;
    }
    put_kustomization(a->out, a->opts, NULL);
    note_changes(a);
    note_noise(a);
    return 0;
}

/* Where files of large texts make something else of their objects, again without them;
 * the first stays where that is no better. */
static int make_overlay(struct adopting *a, enum attempt attempt,
                        struct sharing_found *all, struct sg_err *err) {
    int status = make_once(a, attempt, all, err);
    if (!texts_back(a, status == 0)) {
        return status;
    }
    struct sg_adopted first = *a->out;
    struct sg_err ignored = {0};
    *a->out = (struct sg_adopted){.objects = 0};
    bool better = make_once(a, attempt, all, &ignored) == 0 &&
                  (status != 0 || a->out->differences.len < first.differences.len);
    if (!better) {
        struct sg_adopted again = *a->out;
        *a->out = first;
        first = again;
        texts_forth(a);
    }
    sg_adopted_release(&first);
    if (better) {
        *err = (struct sg_err){0};
    }
    return better ? 0 : status;
}

/* --- the best of them ------------------------------------------------------------ */

/* A file of the fork that could not be read is no file that was deleted. */
static void mark_unread(struct adopting *a) {
    sg_auto_strmap broken = {0};
    for (size_t i = 0; i < a->fork->oddities.len; i++) {
        const struct sg_adopt_oddity *oddity = &a->fork->oddities.items[i];
        if (sg_adopt_is_unread(oddity->kind) && oddity->file != NULL) {
            sg_strmap_put(&broken, oddity->file, strlen(oddity->file), a);
        }
    }
    size_t named = 0;
    for (size_t i = 0; broken.len > 0 && i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        const char *file = pair->base != NULL ? base_file(a, pair->base) : NULL;
        bool here = file != NULL && sg_strmap_has(&broken, file, strlen(file));
        named += here;
        pair->unread = here && pair->fork == NULL;
    }
    /* a file that was moved may hold any object that is missing */
    for (size_t i = 0; broken.len > 0 && named == 0 && i < a->pairs.len; i++) {
        a->pairs.items[i].unread = a->pairs.items[i].fork == NULL;
    }
}

static int find_best(struct adopting *a, struct sg_adopted *out, struct sg_err *err) {
    bool found = false;
    struct sg_err first = {0};
    struct sharing_found all = {0};
    for (enum attempt attempt = ALL; attempt < ATTEMPTS; attempt++) {
        if (!says_something(a, attempt, &all)) {
            continue;
        }
        struct sg_adopted made = {0};
        struct sg_err failed = {0};
        a->out = &made;
        bool done = make_overlay(a, attempt, &all, &failed) == 0;
        bool better = done && (!found || made.differences.len < out->differences.len);
        if (better) {
            sg_adopted_release(out);
            *out = made;
        } else {
            sg_adopted_release(&made);
        }
        if (!done && first.code == 0) {
            first = failed;
        }
        found = found || done;
        if (found && out->differences.len == 0) {
            break;
        }
    }
    if (!found) {
        *err = first;
        return -1;
    }
    a->out = out;
    note_drops(a);
    return 0;
}

static void release(struct adopting *a) {
    sg_render_release(&a->base);
    for (size_t i = 0; i < a->pairs.len; i++) {
        sg_strmap_release(&a->pairs.items[i].operated);
    }
    sg_vec_release(&a->pairs);
    sg_vec_release(&a->drops);
    comments_release(&a->comments);
    later_release(&a->later);
    sg_strmap_release(&a->picked);
    sg_strmap_release(&a->left);
    sg_strmap_release(&a->laid);
    shared_release(&a->shared);
    sg_fieldpaths_free(a->paths);
}

/* Under a twentieth of upstream's objects, and most are others. */
static int refuse_stranger(const struct adopting *a, struct sg_err *err) {
    size_t both = 0, upstreams = a->base.items.len;
    for (size_t i = 0; i < a->pairs.len; i++) {
        both += a->pairs.items[i].base != NULL && a->pairs.items[i].fork != NULL;
    }
    bool few = both * 20 < upstreams && both * 2 < a->fork->objects.len;
    if (!a->opts->guessed || a->fork->broken || upstreams == 0 || (both > 0 && !few)) {
        return 0;
    }
    char version[SG_VERSION_TEXT];
    sg_version_text(&a->opts->version, version);
    sg_fail(
        err, SG_E_NOTFOUND,
        "\"%.100s\" is no fork of this upstream: it has %zu of the %zu objects of %s, "
        "the nearest release",
        a->opts->dir[0] != '\0' ? a->opts->dir : ".", both, upstreams, version);
    return sg_err_hint(err, "name the folder that was copied from upstream, or say which "
                            "release it was with --from VERSION");
}

int sg_adopt_overlay(struct sg_adopt_fork *fork, const struct sg_adopt_opts *opts,
                     struct sg_adopted *out, struct sg_err *err) {
    struct adopting a SG_CLEANUP(release) = {
        .fork = fork, .opts = opts, .docs = &fork->docs, .out = out};
    a.paths = sg_fieldpaths_new(a.docs->atoms);
    sg_render_init(&a.base, a.docs->atoms);
    struct sg_render_opts base = {.fs = opts->project, .dir = opts->base};
    if (sg_render(&base, &a.base, err) != 0) {
        return -1;
    }
    comments_init(&a.comments, a.docs, &a.base.docs);
    pairs_find(&a);
    mark_unread(&a);
    if (refuse_stranger(&a, err) != 0) {
        return -1;
    }
    if (find_cherries(&a, err) != 0 || find_best(&a, out, err) != 0) {
        return -1;
    }
    find_midway(&a, &out->midway);
    return 0;
}
