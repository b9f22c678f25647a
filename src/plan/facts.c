#include "facts.h"

#include <ctype.h>
#include <string.h>

#include "sg/sort.h"

/* --- how much a text tells -------------------------------------------------------- */

/* Words that stand in any manifest. */
static bool is_common(struct sg_str text) {
    static const char *const words[] = {
        "Always",         "ClusterFirst", "ClusterIP",     "FallbackToLogsOnError",
        "File",           "HTTP",         "IfNotPresent",  "NodePort",
        "Opaque",         "Prefix",       "ReadWriteOnce", "RollingUpdate",
        "RuntimeDefault", "Recreate",     "TCP",           "UDP",
        "false",          "http",         "null",          "true",
        "Never",          "OnDelete",     "Parallel",      "OrderedReady",
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(words); i++) {
        if (sg_str_eq(text, sg_str_from(words[i]))) {
            return true;
        }
    }
    return false;
}

static uint32_t text_weight(struct sg_str text) {
    return text.len <= 3 || is_common(text) ? LEAF_WEIGHT / 10 : LEAF_WEIGHT;
}

static bool in_name(char c) {
    return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* Length of `name` where it stands whole at text[at], else 0. */
static size_t whole(const char *text, size_t len, size_t at, const char *name) {
    size_t size = strlen(name);
    if (size == 0 || len - at < size || memcmp(text + at, name, size) != 0 ||
        (at > 0 && in_name(text[at - 1])) ||
        (at + size < len && in_name(text[at + size]))) {
        return 0;
    }
    return size;
}

void mask_names(const struct sg_resource *res, const char *text, size_t len,
                struct sg_buf *out) {
    const char *now = text_at(sg_map_get(res->node, SG_ATOM(metadata)), "name");
    for (size_t i = 0; i < len;) {
        size_t size = whole(text, len, i, now);
        size = size > 0 ? size : whole(text, len, i, res->orig.name->text);
        sg_buf_addc(out, size > 0 ? '\1' : text[i]);
        i += size > 0 ? size : 1;
    }
}

/* --- leaves ----------------------------------------------------------------------- */

static uint64_t place_below(uint64_t place, const char *key, size_t len) {
    return place * 0x9E3779B97F4A7C15u ^ sg_hash(key, len);
}

static void add_line(struct facts *facts, uint64_t place, struct sg_str line) {
    sg_auto_buf text = SG_BUF_INIT;
    mask_names(facts->res, line.ptr, line.len, &text);
    sg_vec_push(&facts->leaves,
                (struct leaf){place_below(place, sg_buf_cstr(&text), text.len),
                              text_weight(line)});
}

static struct sg_str trimmed(struct sg_str line) {
    while (line.len > 0 && isspace((unsigned char)line.ptr[0])) {
        line = (struct sg_str){line.ptr + 1, line.len - 1};
    }
    while (line.len > 0 && isspace((unsigned char)line.ptr[line.len - 1])) {
        line.len--;
    }
    return line;
}

static void add_text(struct facts *facts, uint64_t place, const struct sg_node *scalar) {
    const char *at = scalar->text, *end = at + scalar->len;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop == NULL ? end : stop;
        struct sg_str line = trimmed((struct sg_str){at, (size_t)(stop - at)});
        if (line.len > 0) {
            add_line(facts, place, line);
        }
        at = stop + 1;
    }
}

static void add_leaves(struct facts *facts, uint64_t place, const struct sg_node *node) {
    if (sg_is_scalar(node)) {
        add_text(facts, place, node);
    }
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        add_leaves(facts, place, node->items[i]);
    }
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        const struct sg_entry *entry = &node->entries[i];
        add_leaves(facts, place_below(place, entry->key->text, entry->key->len),
                   entry->value);
    }
}

/* All of the object but what names it; the names in metadata are not leaves. */
static void read_leaves(struct facts *facts, const struct sg_node *object) {
    for (uint32_t i = 0; i < object->len; i++) {
        const struct sg_entry *entry = &object->entries[i];
        uint64_t place = place_below(1, entry->key->text, entry->key->len);
        bool metadata = entry->key == SG_ATOM(metadata) && sg_is_map(entry->value);
        for (uint32_t k = 0; metadata && k < entry->value->len; k++) {
            const struct sg_entry *field = &entry->value->entries[k];
            if (field->key == SG_ATOM(labels) || field->key == SG_ATOM(annotations)) {
                add_leaves(facts, place_below(place, field->key->text, field->key->len),
                           field->value);
            }
        }
        if (!metadata && entry->key != SG_ATOM(apiVersion) &&
            entry->key != SG_ATOM(kind) && strcmp(entry->key->text, "status") != 0) {
            add_leaves(facts, place, entry->value);
        }
    }
}

static bool by_hash(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return ((const struct leaf *)a)->hash < ((const struct leaf *)b)->hash;
}

static void sort_leaves(struct facts *facts) {
    sg_sort(facts->leaves.items, facts->leaves.len, sizeof(*facts->leaves.items), by_hash,
            NULL);
    size_t kept = 0;
    for (size_t i = 0; i < facts->leaves.len; i++) {
        if (kept == 0 ||
            facts->leaves.items[kept - 1].hash != facts->leaves.items[i].hash) {
            facts->leaves.items[kept++] = facts->leaves.items[i];
        }
    }
    facts->leaves.len = kept;
}

/* --- all -------------------------------------------------------------------------- */

struct image_reader {
    struct facts *facts;
    struct sg_arena *arena;
};

static void add_image(void *ctx, const struct sg_node *container) {
    const struct image_reader *reader = ctx;
    struct facts *facts = reader->facts;
    struct sg_str repository = image_repository(text_at(container, "image"));
    for (size_t i = 0; i < facts->images.len; i++) {
        if (sg_str_eq(sg_str_from(facts->images.items[i]), repository)) {
            return;
        }
    }
    if (repository.len > 0) {
        sg_vec_push(&facts->images,
                    sg_arena_strndup(reader->arena, repository.ptr, repository.len));
    }
}

void facts_read(struct facts *facts, const struct sg_resource *res,
                const struct identity *identity, struct sg_arena *arena) {
    *facts = (struct facts){.res = res, .identity = *identity, .pod = pod_of(res->node)};
    read_leaves(facts, res->node);
    sort_leaves(facts);
    struct image_reader reader = {facts, arena};
    pod_containers(&facts->pod, add_image, &reader);
}

void facts_release(struct facts *facts) {
    sg_vec_release(&facts->leaves);
    sg_vec_release(&facts->images);
}

struct overlap facts_overlap(const struct facts *a, const struct facts *b) {
    struct overlap overlap = {0, 0};
    size_t i = 0, k = 0;
    while (i < a->leaves.len && k < b->leaves.len) {
        const struct leaf *x = &a->leaves.items[i], *y = &b->leaves.items[k];
        overlap.all += x->hash <= y->hash ? x->weight : y->weight;
        overlap.shared += x->hash == y->hash ? x->weight : 0;
        i += x->hash <= y->hash;
        k += y->hash <= x->hash;
    }
    for (; i < a->leaves.len; i++) {
        overlap.all += a->leaves.items[i].weight;
    }
    for (; k < b->leaves.len; k++) {
        overlap.all += b->leaves.items[k].weight;
    }
    return overlap;
}
