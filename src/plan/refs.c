#include "refs.h"

#include <string.h>

#include "facts.h"
#include "postings.h"

/* --- fields that name objects ----------------------------------------------------- */

/* A field and what holds it (a list's items are held by the list's name); a NULL holder
 * is any. Without a kind, the field beside it has it. */
struct named {
    const char *holder, *field, *kind;
};
static const struct named names[] = {
    {"persistentVolumeClaim", "claimName", "PersistentVolumeClaim"},
    {"configMap", "name", "ConfigMap"},
    {"configMapRef", "name", "ConfigMap"},
    {"configMapKeyRef", "name", "ConfigMap"},
    {"secret", "secretName", "Secret"},
    {"secret", "name", "Secret"},
    {"secretRef", "name", "Secret"},
    {"secretKeyRef", "name", "Secret"},
    {"imagePullSecrets", "name", "Secret"},
    {"tls", "secretName", "Secret"},
    {NULL, "serviceAccountName", "ServiceAccount"},
    {NULL, "serviceName", "Service"},
    {"service", "name", "Service"},
    {NULL, "storageClassName", "StorageClass"},
    {NULL, "priorityClassName", "PriorityClass"},
    {NULL, "ingressClassName", "IngressClass"},
    {NULL, "volumeName", "PersistentVolume"},
    {"roleRef", "name", NULL},
    {"subjects", "name", NULL},
    {"scaleTargetRef", "name", NULL},
};

static const char *named_kind(const char *holder, const char *field,
                              const struct sg_node *map) {
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        if (strcmp(names[i].field, field) == 0 &&
            (names[i].holder == NULL || strcmp(names[i].holder, holder) == 0)) {
            return names[i].kind != NULL ? names[i].kind : text_at(map, "kind");
        }
    }
    return NULL;
}

/* --- finding the named ------------------------------------------------------------ */

struct reader {
    struct refs *refs;
    const struct sg_render *render;
    struct counters named;    /* kind, namespace, name -> position + 1 */
    struct postings labelled; /* namespace, label, value -> positions of pods */
    uint32_t from;
    const char *name, *namespace;
};

static void name_key(const char *kind, const char *namespace, const char *name,
                     struct sg_buf *out) {
    sg_buf_addf(out, "%s\n%s\n%s", kind, namespace, name);
}

static size_t find_named(const struct reader *reader, const char *kind,
                         const char *namespace, const char *name) {
    sg_auto_buf key = SG_BUF_INIT;
    name_key(kind, namespace, name, &key);
    size_t at = counters_get(&reader->named, sg_buf_cstr(&key), key.len);
    if (at == 0 && namespace[0] != '\0') { /* an object of the cluster */
        sg_buf_clear(&key);
        name_key(kind, "", name, &key);
        at = counters_get(&reader->named, sg_buf_cstr(&key), key.len);
    }
    return at;
}

struct spot {
    uint64_t place, rough;
    const char *holder; /* the last map key above */
};

static uint64_t mixed(uint64_t place, const char *text, size_t len) {
    return place * 0x9E3779B97F4A7C15u ^ sg_hash(text, len);
}

static struct spot spot_below(struct spot spot, sg_atom key) {
    return (struct spot){mixed(spot.place, key->text, key->len),
                         mixed(spot.rough, key->text, key->len), key->text};
}

/* An element is known by its name; the object's own name is left out. */
static struct spot spot_in(const struct reader *reader, struct spot spot,
                           const struct sg_node *element) {
    sg_auto_buf text = SG_BUF_INIT;
    const char *name = text_at(element, "name");
    mask_names(reader->render->items.items[reader->from], name, strlen(name), &text);
    spot.place = mixed(spot.place, sg_buf_cstr(&text), text.len);
    return spot;
}

static void add_ref(const struct reader *reader, size_t to, struct spot spot) {
    if (to > 0 && to - 1 != reader->from) {
        sg_vec_push(&reader->refs->items, (struct ref){reader->from, (uint32_t)(to - 1),
                                                       spot.place, spot.rough});
    }
}

static void read_field(const struct reader *reader, struct spot spot,
                       const struct sg_node *map, const struct sg_entry *entry) {
    const char *kind = named_kind(spot.holder, entry->key->text, map);
    if (kind == NULL) {
        return;
    }
    const char *namespace = text_at(map, "namespace");
    add_ref(reader,
            find_named(reader, kind, namespace[0] != '\0' ? namespace : reader->namespace,
                       entry->value->text),
            spot_below(spot, entry->key));
}

static void read_node(const struct reader *reader, struct spot spot,
                      const struct sg_node *node) {
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        read_node(reader, spot_in(reader, spot, node->items[i]), node->items[i]);
    }
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        const struct sg_entry *entry = &node->entries[i];
        if (sg_is_scalar(entry->value)) {
            read_field(reader, spot, node, entry);
        } else {
            read_node(reader, spot_below(spot, entry->key), entry->value);
        }
    }
}

/* --- Services --------------------------------------------------------------------- */

/* One that selects more kinds of pods than this does not tell them apart. */
enum { PODS_MAX = 8 };

static uint64_t label_key(const char *namespace, const struct sg_entry *label) {
    sg_auto_buf key = SG_BUF_INIT;
    const char *value = sg_text(label->value);
    sg_buf_addf(&key, "%s\n%s\n%s", namespace, label->key->text,
                value == NULL ? "" : value);
    return sg_hash(sg_buf_cstr(&key), key.len);
}

static bool selects(const struct sg_node *selector, const struct sg_node *labels) {
    for (uint32_t i = 0; i < selector->len; i++) {
        const char *wanted = sg_text(selector->entries[i].value);
        const char *has = sg_text(sg_map_get(labels, selector->entries[i].key));
        if (wanted == NULL || has == NULL || strcmp(wanted, has) != 0) {
            return false;
        }
    }
    return selector->len > 0;
}

/* The pods that have the rarest of the labels. */
static const struct posting *rarest(const struct reader *reader,
                                    const struct sg_node *selector, size_t *count) {
    const struct posting *best = NULL;
    *count = SIZE_MAX;
    for (uint32_t i = 0; i < selector->len; i++) {
        size_t here = 0;
        const struct posting *found =
            postings_find(&reader->labelled,
                          label_key(reader->namespace, &selector->entries[i]), &here);
        if (here < *count) {
            best = found;
            *count = here;
        }
    }
    return best;
}

static void read_selector(const struct reader *reader, const struct sg_node *object) {
    const struct sg_node *spec = sg_map_get(object, SG_ATOM(spec));
    const struct sg_node *selector = sg_map_get(spec, SG_ATOM(selector));
    if (!sg_is_map(selector) || !same_text(text_at(object, "kind"), "Service")) {
        return;
    }
    size_t count = 0;
    const struct posting *pods = rarest(reader, selector, &count);
    struct spot spot = {mixed(0, "selector", 8), mixed(0, "selector", 8), ""};
    for (size_t i = 0; pods != NULL && count <= PODS_MAX && i < count; i++) {
        const struct sg_node *other = reader->render->items.items[pods[i].value]->node;
        struct pod pod = pod_of(other);
        if (selects(selector, pod_labels(&pod))) {
            add_ref(reader, (size_t)pods[i].value + 1, spot);
        }
    }
}

/* --- all -------------------------------------------------------------------------- */

static void enter(struct reader *reader, uint32_t at) {
    const struct sg_node *object = reader->render->items.items[at]->node;
    const struct sg_node *metadata = sg_map_get(object, SG_ATOM(metadata));
    reader->from = at;
    reader->name = text_at(metadata, "name");
    reader->namespace = text_at(metadata, "namespace");
}

static void index_object(struct reader *reader, const struct sg_node *object) {
    sg_auto_buf key = SG_BUF_INIT;
    name_key(text_at(object, "kind"), reader->namespace, reader->name, &key);
    *counters_at(&reader->named, sg_buf_cstr(&key), key.len) = (size_t)reader->from + 1;
    struct pod pod = pod_of(object);
    const struct sg_node *labels = pod_labels(&pod);
    for (uint32_t i = 0; sg_is_map(labels) && i < labels->len; i++) {
        sg_vec_push(&reader->labelled.items,
                    (struct posting){label_key(reader->namespace, &labels->entries[i]),
                                     reader->from});
    }
}

void refs_read(struct refs *refs, const struct sg_render *render) {
    struct reader reader = {.refs = refs, .render = render};
    for (uint32_t i = 0; i < render->items.len; i++) {
        enter(&reader, i);
        index_object(&reader, render->items.items[i]->node);
    }
    postings_sort(&reader.labelled);
    for (uint32_t i = 0; i < render->items.len; i++) {
        enter(&reader, i);
        read_node(&reader, (struct spot){0, 0, ""}, render->items.items[i]->node);
        read_selector(&reader, render->items.items[i]->node);
    }
    counters_release(&reader.named);
    postings_release(&reader.labelled);
}

void refs_release(struct refs *refs) {
    sg_vec_release(&refs->items);
}
