/*
 * part.c - what the patches of one object say alike in several environments, and what is
 * left of each: maps by key, lists by the keys that Kubernetes merges them by. Scalars,
 * directives and other lists are alike as a whole or not at all.
 */
#include "share.h"

/* What is said at one place, taken apart. */
struct parted {
    struct sg_entry common; /* value NULL: they have nothing alike */
    struct sg_entry *rest;  /* one each; value NULL: nothing is left */
};

static bool part_value(struct voices *v, const struct spot *at,
                       const struct sg_node *base, const struct sg_entry *of,
                       struct parted *out);

/* --- what is of one piece ----------------------------------------------------------- */

static bool has_directive(const struct sg_node *map) {
    bool found = false;
    for (uint32_t i = 0; i < map->len; i++) {
        found = found || map->entries[i].key->text[0] == '$';
    }
    return found;
}

static bool is_apart(const struct voices *v, const struct sg_entry *of,
                     const struct sg_node *common, const char *key) {
    bool said = false;
    for (size_t e = 0; e < v->items.len; e++) {
        said = said || sg_map_gets(of[e].value, key) != NULL;
    }
    return said && sg_map_gets(common, key) == NULL;
}

struct requirement {
    const struct voices *v;
    const struct sg_entry *of;
    const struct sg_node *common;
    bool lacking;
};

static void find_lacking(void *ctx, const char *name) {
    struct requirement *r = ctx;
    r->lacking = r->lacking || is_apart(r->v, r->of, r->common, name);
}

/* What refers to another thing in each says nothing of its own that could be shared; and
 * what upstream has not is nothing without the fields that it must have. */
static bool is_one_piece(const struct voices *v, const struct spot *at,
                         const struct sg_node *base, const struct sg_entry *of,
                         const struct sg_node *common) {
    static const char *const names[] = {"name", "secretName"};
    struct requirement r = {v, of, common, false};
    for (size_t i = 0; at->field.type == SG_FIELD_OBJECT && i < SG_ARRAY_LEN(names);
         i++) {
        find_lacking(&r, names[i]);
    }
    if (base == NULL && at->field.type == SG_FIELD_OBJECT) {
        sg_schema_required(SG_SCHEMA_MERGE, at->field.def, find_lacking, &r);
    }
    return r.lacking;
}

/* --- maps ------------------------------------------------------------------------ */

/* What each says under a key that the first one has. */
static void part_field(struct voices *v, const struct spot *at,
                       const struct sg_node *base, const struct sg_entry *of, sg_atom key,
                       struct parted *out) {
    struct sg_entry *fields = voice_room(v, v->items.len, sizeof(*fields));
    for (size_t e = 0; e < v->items.len; e++) {
        const struct sg_entry *found = sg_map_find(of[e].value, key);
        fields[e] = found != NULL ? *found : (struct sg_entry){0};
    }
    struct spot below = spot_key(at, NULL, key);
    (void)part_value(v, &below, field_of(base, key), fields, out);
}

/* The map without what all have; NULL where that was all. `fields` are the first one's.
 */
static struct sg_node *rest_of_map(struct sg_docs *docs, const struct sg_node *map,
                                   const struct sg_node *first,
                                   const struct parted *fields, size_t e) {
    struct sg_node *out = sg_map_new(docs);
    for (uint32_t i = 0; i < map->len; i++) {
        const struct sg_entry *entry = &map->entries[i];
        const struct sg_entry *found = sg_map_find(first, entry->key);
        const struct parted *field =
            found != NULL ? &fields[found - first->entries] : NULL;
        if (field != NULL && field->common.value != NULL) {
            entry = &field->rest[e];
        }
        if (entry->value != NULL) {
            append_entry(docs, out, entry, entry->value);
        }
    }
    return out->len > 0 ? out : NULL;
}

static bool part_maps(struct voices *v, const struct spot *at, const struct sg_node *base,
                      const struct sg_entry *of, struct parted *out) {
    const struct sg_node *first = of[0].value;
    struct parted *fields = voice_room(v, first->len, sizeof(*fields));
    struct sg_node *common = sg_map_new(voice_docs(v, 0));
    for (uint32_t i = 0; i < first->len; i++) {
        part_field(v, at, base, of, first->entries[i].key, &fields[i]);
        if (fields[i].common.value != NULL) {
            append_entry(voice_docs(v, 0), common, &fields[i].common,
                         fields[i].common.value);
        }
    }
    if (common->len == 0 || is_one_piece(v, at, base, of, common)) {
        return false;
    }
    out->common.value = common;
    for (size_t e = 0; e < v->items.len; e++) {
        out->rest[e].value = rest_of_map(voice_docs(v, e), of[e].value, first, fields, e);
    }
    return true;
}

/* --- lists that are merged by key ------------------------------------------------ */

static struct sg_node *without_keys(struct sg_docs *docs, const struct spot *at,
                                    const struct sg_node *element) {
    struct sg_node *out = sg_map_new(docs);
    for (uint32_t i = 0; i < element->len; i++) {
        if (!is_merge_key(at, element->entries[i].key)) {
            append_entry(docs, out, &element->entries[i], element->entries[i].value);
        }
    }
    return out;
}

/* The fields below the keys of an element, which is of `docs`. */
static struct sg_node *with_keys(struct sg_docs *docs, const struct spot *at,
                                 const struct sg_node *element,
                                 const struct sg_node *fields) {
    struct sg_node *out = sg_map_new(docs);
    out->loc = element->loc;
    for (uint32_t i = 0; i < element->len; i++) {
        if (is_merge_key(at, element->entries[i].key)) {
            append_entry(docs, out, &element->entries[i], element->entries[i].value);
        }
    }
    for (uint32_t i = 0; i < fields->len; i++) {
        append_entry(docs, out, &fields->entries[i], fields->entries[i].value);
    }
    return out;
}

/* To take a field away and to put another in its place is one change. */
static bool only_removes(const struct sg_node *fields) {
    bool removes = true;
    for (uint32_t i = 0; i < fields->len; i++) {
        removes = removes && sg_is_null(fields->entries[i].value);
    }
    return removes;
}

/* Elements of one key: the keys are needed in both parts, the comment on them in one,
 * from where `from` has it. */
static bool part_elements(struct voices *v, const struct spot *at,
                          const struct sg_node *base, const struct sg_entry *of,
                          size_t from, struct parted *out) {
    struct spot item = spot_item(at, NULL, of[0].value, 0);
    struct sg_entry *fields = voice_room(v, v->items.len, sizeof(*fields));
    for (size_t e = 0; e < v->items.len; e++) {
        fields[e].value = without_keys(voice_docs(v, e), at, of[e].value);
    }
    if (!part_maps(v, &item, base, fields, out) || only_removes(out->common.value)) {
        out->common.value = NULL;
        return false;
    }
    out->common.value = with_keys(
        voice_docs(v, 0), at, voice_moved(v, from, of[from].value), out->common.value);
    for (size_t e = 0; e < v->items.len; e++) {
        if (out->rest[e].value != NULL) {
            out->rest[e].value = with_keys(voice_docs(v, e), at,
                                           copy_unplaced(voice_docs(v, e), of[e].value),
                                           out->rest[e].value);
        }
    }
    return true;
}

/* Every environment's elements by their keys. */
struct keyed_lists {
    SG_VEC(struct keyed) items;
    struct sg_strmap parted; /* an element of one -> the sg_entry with its rest */
};

static void keyed_lists_release(struct keyed_lists *lists) {
    for (size_t e = 0; e < lists->items.len; e++) {
        keyed_release(&lists->items.items[e]);
    }
    sg_vec_release(&lists->items);
    sg_strmap_release(&lists->parted);
}

/* What each says of one element of the first one's. */
static void part_item(struct voices *v, const struct spot *at, const struct sg_node *base,
                      struct keyed_lists *lists, const struct sg_node *item,
                      struct parted *out) {
    struct sg_entry *of = voice_room(v, v->items.len, sizeof(*of));
    for (size_t e = 0; e < v->items.len; e++) {
        of[e].value = keyed_find(&lists->items.items[e], at, item);
    }
    if (!part_value(v, at, base, of, out)) {
        return;
    }
    for (size_t e = 0; e < v->items.len; e++) {
        sg_strmap_put(&lists->parted, (const char *)&of[e].value, sizeof(of[e].value),
                      &out->rest[e]);
    }
}

static struct sg_node *rest_of_list(struct sg_docs *docs, const struct sg_node *list,
                                    const struct keyed_lists *lists) {
    struct sg_node *out = sg_seq_new(docs);
    for (uint32_t i = 0; i < list->len; i++) {
        struct sg_node *item = list->items[i];
        const struct sg_entry *rest =
            sg_strmap_get(&lists->parted, (const char *)&item, sizeof(item));
        if (rest == NULL || rest->value != NULL) {
            sg_seq_push(docs, out, rest == NULL ? item : rest->value);
        }
    }
    return out->len > 0 ? out : NULL;
}

static bool part_lists(struct voices *v, const struct spot *at,
                       const struct sg_node *base, const struct sg_entry *of,
                       struct parted *out) {
    struct keyed_lists lists SG_CLEANUP(keyed_lists_release) = {0};
    for (size_t e = 0; e < v->items.len; e++) {
        struct keyed keyed;
        keyed_init(&keyed, at, of[e].value);
        sg_vec_push(&lists.items, keyed);
    }
    auto_keyed old = {0};
    keyed_init(&old, at, base);
    struct sg_node *common = sg_seq_new(voice_docs(v, 0));
    for (uint32_t i = 0; i < of[0].value->len; i++) {
        const struct sg_node *item = of[0].value->items[i];
        struct parted parted = {0};
        part_item(v, at, keyed_find(&old, at, item), &lists, item, &parted);
        if (parted.common.value != NULL) {
            sg_seq_push(voice_docs(v, 0), common, parted.common.value);
        }
    }
    for (size_t e = 0; e < v->items.len && common->len > 0; e++) {
        out->rest[e].value = rest_of_list(voice_docs(v, e), of[e].value, &lists);
    }
    out->common.value = common->len > 0 ? common : NULL;
    return common->len > 0;
}

/* --- values
 * ----------------------------------------------------------------------------- */

enum way { WHOLE, MAP, ELEMENT, LIST };

/* How a value is taken apart. */
static enum way way_of(const struct spot *at, const struct sg_node *base,
                       const struct sg_entry *said) {
    if (sg_is_map(said->value)) {
        return has_directive(said->value) ? WHOLE : said->key != NULL ? MAP : ELEMENT;
    }
    /* where the order counts, parts that come one after the other would change it */
    return sg_is_seq(said->value) && lists_keyed(at, said->value, said->value) &&
                   !list_ordered(at, base, said->value)
               ? LIST
               : WHOLE;
}

/* The parts stand below a line in each; its comment goes with what they have alike. */
static bool part_below_line(struct voices *v, const struct spot *at,
                            const struct sg_node *base, const struct sg_entry *of,
                            struct parted *out) {
    enum way way = way_of(at, base, &of[0]);
    for (size_t e = 0; e < v->items.len; e++) {
        if (way == WHOLE || way_of(at, base, &of[e]) != way) {
            return false;
        }
        out->rest[e] = (struct sg_entry){.key = of[e].key};
    }
    size_t from = agreed(v, at, of, say_line);
    if (from == v->items.len) {
        return false;
    }
    out->common.key = of[0].key;
    out->common.key_loc = voice_moved_loc(v, from, of[from].key_loc);
    return way == MAP    ? part_maps(v, at, base, of, out)
           : way == LIST ? part_lists(v, at, base, of, out)
                         : part_elements(v, at, base, of, from, out);
}

static bool part_value(struct voices *v, const struct spot *at,
                       const struct sg_node *base, const struct sg_entry *of,
                       struct parted *out) {
    size_t len = v->items.len;
    for (size_t e = 0; e < len; e++) {
        if (of[e].value == NULL) {
            return false;
        }
    }
    out->rest = voice_room(v, len, sizeof(*out->rest));
    size_t from = agreed(v, at, of, say_value);
    if (from == len) {
        return part_below_line(v, at, base, of, out);
    }
    out->common = of[from];
    out->common.key_loc = voice_moved_loc(v, from, of[from].key_loc);
    out->common.value = voice_moved(v, from, of[from].value);
    return true;
}

struct sg_node *part_bodies(struct voices *voices, const struct sg_node *base,
                            const struct sg_node *const *bodies, struct sg_node **rest) {
    size_t len = voices->items.len;
    struct sg_entry *of = voice_room(voices, len, sizeof(*of));
    struct parted out = {.rest = voice_room(voices, len, sizeof(*out.rest))};
    for (size_t e = 0; e < len; e++) {
        of[e].value = sg_node_clone(voice_docs(voices, e), bodies[e]);
    }
    struct spot root = spot_root(base);
    bool some = part_maps(voices, &root, base, of, &out);
    for (size_t e = 0; e < len; e++) {
        rest[e] = some ? out.rest[e].value : of[e].value;
    }
    return out.common.value;
}
