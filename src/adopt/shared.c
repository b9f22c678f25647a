/*
 * shared.c - what a fork changes on all objects alike, for one entry of the kustomization
 * to say: the namespace, labels, the names of images. The number of copies has an entry
 * of its own, too, since that goes by name and survives a new kind.
 */
#include "adopting.h"
#include "beside.h"

void shared_release(struct shared *shared) {
    sg_vec_release(&shared->labels);
    sg_vec_release(&shared->annotations);
    sg_vec_release(&shared->images);
    sg_strmap_release(&shared->by_image);
    sg_vec_release(&shared->replicas);
    *shared = (struct shared){0};
}

/* --- namespace ------------------------------------------------------------------- */

static bool is_namespaced(const struct sg_adopt_object *object) {
    return sg_schema_scope(SG_SCHEMA_UNION, object->api_version, object->kind) !=
           SG_SCOPE_CLUSTER;
}

/* How many of upstream's objects are in each namespace of the fork, and in how many the
 * fork's own are. */
struct namespaces {
    struct sg_strmap counts;
    const char *most; /* of upstream's */
    size_t in_most, all, changed /* upstream's */;
    bool elsewhere; /* an object of the fork's own is not in `most` */
};

static void count_namespaces(const struct adopting *a, struct namespaces *out) {
    for (size_t i = 0; i < a->pairs.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        if (pair->base == NULL || pair->fork == NULL || !is_namespaced(pair->fork)) {
            continue;
        }
        const char *here = pair->fork->namespace;
        size_t count = (size_t)sg_strmap_get(&out->counts, here, strlen(here)) + 1;
        sg_strmap_put(&out->counts, here, strlen(here), (void *)count); // NOLINT
        out->all++;
        if (here[0] != '\0' && count > out->in_most) {
            out->most = here;
            out->in_most = count;
        }
    }
}

static void compare_with_most(const struct adopting *a, struct namespaces *out) {
    for (size_t i = 0; out->most != NULL && i < a->pairs.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        if (pair->fork == NULL || !is_namespaced(pair->fork)) {
            continue;
        }
        bool here = strcmp(pair->fork->namespace, out->most) == 0;
        if (pair->base == NULL) {
            out->elsewhere = out->elsewhere || !here;
        } else {
            out->changed += here && strcmp(pair->id.namespace->text, out->most) != 0;
        }
    }
}

/*
 * The namespace of every object that can have one, where upstream's have another. Where
 * it is only of most of upstream's, or an object of the fork's own is elsewhere, it is
 * said of the base alone: kustomize would give it to all that an overlay has.
 */
static void find_namespace(struct adopting *a) {
    struct namespaces found = {0};
    count_namespaces(a, &found);
    compare_with_most(a, &found);
    bool everywhere = found.in_most == found.all && !found.elsewhere;
    if (found.changed > 0 &&
        (everywhere || (found.in_most * 2 > found.all && found.changed > 1))) {
        a->shared.namespace = found.most;
        a->shared.inner = !everywhere;
    }
    sg_strmap_release(&found.counts);
}

/* --- images ---------------------------------------------------------------------- */

typedef void image_fn(struct adopting *a, const struct sg_node *base,
                      const struct sg_node *fork);

/* The images of containers, in the base (or NULL) and the fork, wherever they are. */
static void each_image(struct adopting *a, const struct spot *at,
                       const struct sg_node *base, const struct sg_node *fork,
                       image_fn *each) {
    bool containers =
        strcmp(at->name, "containers") == 0 || strcmp(at->name, "initContainers") == 0;
    auto_keyed old = {0};
    keyed_init(&old, at, base);
    struct spot item = spot_item(at, NULL, fork, 0);
    for (uint32_t i = 0; sg_is_seq(fork) && i < fork->len; i++) {
        const struct sg_node *was =
            old.valid ? keyed_find(&old, at, fork->items[i]) : NULL;
        const struct sg_node *image = sg_map_get(fork->items[i], SG_ATOM(image));
        if (containers && sg_is_scalar(image)) {
            each(a, sg_map_get(was, SG_ATOM(image)), image);
        }
        each_image(a, &item, was, fork->items[i], each);
    }
    for (uint32_t i = 0; sg_is_map(fork) && i < fork->len; i++) {
        struct spot below = spot_key(at, NULL, fork->entries[i].key);
        each_image(a, &below, sg_map_get(base, fork->entries[i].key),
                   fork->entries[i].value, each);
    }
}

/* By position + 1; NULL for 0. */
static struct image_change *change_at(const struct adopting *a, uintptr_t at) {
    struct image_change *changes = a->shared.images.items;
    return at == 0 || changes == NULL ? NULL : &changes[at - 1];
}

static struct image_change *change_of(struct adopting *a, struct sg_str name) {
    return change_at(a,
                     (uintptr_t)sg_strmap_get(&a->shared.by_image, name.ptr, name.len));
}

static const char *said(struct adopting *a, struct sg_str text) {
    return text.len == 0 ? NULL : sg_arena_strndup(&a->out->arena, text.ptr, text.len);
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_change(const struct image_change *a, const struct image_change *b) {
    return same_text(a->to, b->to) && same_text(a->tag, b->tag) &&
           same_text(a->digest, b->digest) && a->bare == b->bare;
}

/* Before the others of the same image. */
static void add_change(struct shared *shared, struct sg_str name,
                       struct image_change change) {
    change.uses = 1;
    change.next = (uintptr_t)sg_strmap_get(&shared->by_image, name.ptr, name.len);
    sg_vec_push(&shared->images, change);
    sg_strmap_put(&shared->by_image, name.ptr, name.len,
                  (void *)(uintptr_t)shared->images.len); // NOLINT
}

static void note_image(struct adopting *a, const struct sg_node *base,
                       const struct sg_node *fork) {
    if (!sg_is_scalar(base)) {
        return;
    }
    struct image was = image_of(base->text), now = image_of(fork->text);
    /* an entry with a tag alone takes the digest away, and one with a digest the tag */
    bool pinned = !sg_str_eq(was.tag, now.tag) || !sg_str_eq(was.digest, now.digest);
    struct image_change change = {
        .name = said(a, was.name),
        .to = sg_str_eq(was.name, now.name) ? NULL : said(a, now.name),
        .tag = pinned ? said(a, now.tag) : NULL,
        .digest = pinned ? said(a, now.digest) : NULL,
        .bare = pinned && now.tag.len + now.digest.len == 0,
        .loc = fork->loc,
    };
    struct image_change *known = change_of(a, was.name);
    while (known != NULL && !same_change(known, &change)) {
        known = change_at(a, known->next);
    }
    if (known != NULL) {
        known->uses++;
        return;
    }
    add_change(&a->shared, was.name, change);
}

/* An object of the customer's own with an image of this name would be changed as well. */
static void note_own_image(struct adopting *a, const struct sg_node *base,
                           const struct sg_node *fork) {
    struct image_change *known =
        sg_is_scalar(base) ? NULL : change_of(a, image_of(fork->text).name);
    if (known != NULL) {
        known->conflict = true;
    }
}

static void each_pair(struct adopting *a, image_fn *each) {
    for (size_t i = 0; i < a->pairs.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        if (pair->fork != NULL) {
            struct spot root = spot_root(pair->fork->node);
            each_image(a, &root, pair->base == NULL ? NULL : pair->base->node,
                       pair->fork->node, each);
        }
    }
}

bool shared_images_apart(struct adopting *a) {
    static const char kind[] = "PodSecurityPolicy";
    for (size_t i = 0; a->policy == POLICY_UNKNOWN && i < a->fork->objects.len; i++) {
        if (strcmp(a->fork->objects.items[i].kind, kind) == 0) {
            a->policy = POLICY_SOME;
        }
    }
    for (size_t i = 0; a->policy == POLICY_UNKNOWN && i < a->base.items.len; i++) {
        if (strcmp(a->base.items.items[i]->orig.kind->text, kind) == 0) {
            a->policy = POLICY_SOME;
        }
    }
    if (a->policy == POLICY_UNKNOWN) {
        a->policy = kind_comes(a, kind) ? POLICY_SOME : POLICY_NONE;
    }
    return a->policy == POLICY_SOME;
}

/* Of the changes of one image, the one of most containers: an entry says it, and patches
 * say the rest, which must have another name then. NULL: none will do. */
static const struct image_change *choose(const struct adopting *a, uintptr_t first) {
    const struct image_change *best = NULL, *change;
    size_t uses = 0;
    for (uintptr_t at = first; (change = change_at(a, at)) != NULL; at = change->next) {
        uses += change->uses;
        best = best == NULL || change->uses > best->uses ? change : best;
    }
    for (uintptr_t at = first; (change = change_at(a, at)) != NULL; at = change->next) {
        if (change->conflict || (change != best && change->to == NULL)) {
            return NULL;
        }
    }
    return best != NULL && best->uses * 2 > uses ? best : NULL;
}

/* An entry can say it: it cannot take tag and digest both away, and what one entry
 * makes no other may change again. */
static bool can_say(struct adopting *a, const struct image_change *change) {
    bool says = change->to != NULL || change->tag != NULL || change->digest != NULL;
    bool again = change->to != NULL && change_of(a, sg_str_from(change->to)) != NULL;
    return says && !again && !change->bare;
}

static void find_images(struct adopting *a) {
    each_pair(a, note_image);
    each_pair(a, note_own_image);
    SG_VEC(struct image_change) chosen = {0};
    for (size_t i = 0; i < a->shared.images.len; i++) {
        const char *name = a->shared.images.items[i].name;
        uintptr_t first =
            (uintptr_t)sg_strmap_get(&a->shared.by_image, name, strlen(name));
        const struct image_change *best = choose(a, first);
        if (best == &a->shared.images.items[i] && can_say(a, best)) {
            sg_vec_push(&chosen, *best);
        }
    }
    sg_vec_release(&a->shared.images);
    a->shared.images.items = chosen.items;
    a->shared.images.len = chosen.len;
    a->shared.images.cap = chosen.cap;
}

void shared_find(struct adopting *a) {
    find_namespace(a);
    labels_find(a);
    find_images(a);
}

/* --- replicas -------------------------------------------------------------------- */

static bool takes_replicas(const struct sg_resid *id) {
    return strcmp(id->kind->text, "Deployment") == 0 ||
           strcmp(id->kind->text, "StatefulSet") == 0;
}

/* How many objects of those that `replicas` is for have a name. */
static void count_names(const struct adopting *a, struct sg_strmap *out) {
    for (size_t i = 0; i < a->pairs.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        const char *kind = pair->base != NULL ? pair->id.kind->text : pair->fork->kind;
        const char *name = pair->base != NULL ? pair->id.name->text : pair->fork->name;
        if (strcmp(kind, "Deployment") == 0 || strcmp(kind, "StatefulSet") == 0 ||
            strncmp(kind, "Replica", strlen("Replica")) == 0) {
            uintptr_t before = (uintptr_t)sg_strmap_get(out, name, strlen(name));
            sg_strmap_put(out, name, strlen(name), (void *)(before + 1)); // NOLINT
        }
    }
}

void shared_replicas(struct adopting *a) {
    sg_auto_strmap names = {0};
    count_names(a, &names);
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        if (pair->base == NULL || pair->want == NULL || !takes_replicas(&pair->id)) {
            continue;
        }
        const struct sg_node *was =
            field_of(sg_map_get(pair->start, SG_ATOM(spec)), SG_ATOM(replicas));
        struct sg_node *spec = sg_map_get(pair->want, SG_ATOM(spec));
        const struct sg_node *now = field_of(spec, SG_ATOM(replicas));
        const struct sg_atom *name = pair->id.name;
        bool only = (uintptr_t)sg_strmap_get(&names, name->text, name->len) == 1;
        if (!sg_is_scalar(now) || sg_scalar_type(now) != SG_TAG_INT || was == NULL ||
            scalars_equal(was, now) || !only) {
            continue;
        }
        struct replica_change change = {name->text, now->text, now->loc};
        sg_vec_push(&a->shared.replicas, change);
        (void)sg_map_put(a->docs, spec, SG_ATOM(replicas), sg_node_clone(a->docs, was));
    }
}
