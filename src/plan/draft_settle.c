/*
 * draft_settle.c - from what was asked of a text to the bytes that are replaced.
 *
 * A removal takes with it what would be left holding nothing but names: the map of an
 * element whose settings all go, the document of a patch, the item of the kustomization
 * that lists it. So a patch never ends as `containers: []`, which would delete them all.
 */
#include <string.h>

#include "draft_doc.h"
#include "sg/sort.h"

struct settle {
    struct draft_doc *doc;
    struct cuts *out;
    struct sg_strmap weights; /* node -> weight */
    const char *tag;
};

/* Whether a node says anything, before and after the removals. */
enum { SAID = 1, SAYS = 2 };
static char weights[4];

static const char *removed(const struct settle *settle, const struct sg_node *owner,
                           uint32_t index) {
    struct {
        const struct sg_node *owner;
        uintptr_t index;
    } key = {owner, index};
    return sg_strmap_get(&settle->doc->removed, (const char *)&key, sizeof(key));
}

/* The key that says which list element is meant: the merge keys of Kubernetes' lists, the
 * more telling first, for a port has a name too that is but a setting. */
static const char *main_key(const struct sg_node *element) {
    static const char *const keys[] = {"containerPort", "mountPath", "devicePath", "port",
                                       "topologyKey",   "ip",        "name"};
    for (size_t i = 0; i < SG_ARRAY_LEN(keys); i++) {
        if (sg_map_gets(element, keys[i]) != NULL) {
            return keys[i];
        }
    }
    return "";
}

static bool names_element(const struct sg_node *element, sg_atom key) {
    const char *main = main_key(element);
    bool port = strcmp(main, "containerPort") == 0 || strcmp(main, "port") == 0;
    return strcmp(key->text, main) == 0 || strcmp(key->text, "$patch") == 0 ||
           (port && strcmp(key->text, "protocol") == 0);
}

bool draft_is_name(const struct draft_doc *doc, const struct sg_node *map,
                   uint32_t index) {
    sg_atom key = map->entries[index].key;
    const struct draft_parent *up = draft_parent(doc, map);
    if (up == NULL) {
        return key == SG_ATOM(apiVersion) || key == SG_ATOM(kind);
    }
    if (sg_is_seq(up->owner)) {
        return draft_parent(doc, up->owner) != NULL && names_element(map, key);
    }
    bool metadata = draft_parent(doc, up->owner) == NULL &&
                    up->owner->entries[up->index].key == SG_ATOM(metadata);
    return metadata && (key == SG_ATOM(name) || key == SG_ATOM(namespace));
}

static int weigh(struct settle *settle, const struct sg_node *node) {
    int weight = sg_is_scalar(node) || node->len == 0 ? SAID | SAYS : 0;
    for (uint32_t i = 0; !sg_is_scalar(node) && i < node->len; i++) {
        bool name = sg_is_map(node) && draft_is_name(settle->doc, node, i);
        int child =
            weigh(settle, sg_is_map(node) ? node->entries[i].value : node->items[i]);
        if (removed(settle, node, i) != NULL) {
            child = SAID;
        }
        weight |= name ? 0 : child;
    }
    if (sg_strmap_has(&settle->doc->grown, (const char *)&node, sizeof(node))) {
        weight |= SAYS;
    }
    sg_strmap_put(&settle->weights, (const char *)&node, sizeof(node), &weights[weight]);
    return weight;
}

static bool is_gone(const struct settle *settle, const struct sg_node *owner,
                    uint32_t index, const struct sg_node *child) {
    const char *tag = removed(settle, owner, index);
    const char *weight =
        sg_strmap_get(&settle->weights, (const char *)&child, sizeof(child));
    return tag != NULL || (weight != NULL && weight - weights == SAID);
}

/* --- one collection --------------------------------------------------------------- */

static bool place_of(const struct settle *settle, const struct sg_node *owner,
                     uint32_t index, struct sg_yaml_place *out) {
    return sg_is_map(owner) ? sg_yaml_entry_place(&settle->doc->set, owner, index, out)
                            : sg_yaml_item_place(&settle->doc->set, owner, index, out);
}

static void cut_out(struct settle *settle, uint32_t start, uint32_t end,
                    const char *tag) {
    tag = tag != NULL ? tag : settle->tag;
    sg_vec_push(&settle->out->items, (struct cut){start, end, "", 0, tag, false});
}

/* [start, end) of the children; all of them only where something is put in their place. A
 * run that the text cannot lose stays: the next round finds it again, and stops. */
static void cut_run(struct settle *settle, const struct sg_node *owner, uint32_t start,
                    uint32_t end) {
    struct sg_yaml_place first, last, beside; /* the neighbour that stays */
    const char *tag = removed(settle, owner, start);
    bool at_end = end == owner->len, all = at_end && start == 0;
    if (!place_of(settle, owner, start, &first) ||
        !place_of(settle, owner, end - 1, &last) ||
        (!all && !place_of(settle, owner, at_end ? start - 1 : end, &beside))) {
        return;
    }
    if (!first.flow && first.own_lines) {
        cut_out(settle, first.lines.start, last.lines.end, tag);
    } else if (!at_end) {
        cut_out(settle, first.text.start, beside.text.start, tag);
    } else if (first.flow && !all) {
        cut_out(settle, beside.text.end, last.text.end, tag);
    }
}

static void cut_children(struct settle *settle, const struct sg_node *node) {
    uint32_t run = UINT32_MAX;
    for (uint32_t i = 0; !sg_is_scalar(node) && i <= node->len; i++) {
        const struct sg_node *child = i == node->len    ? NULL
                                      : sg_is_map(node) ? node->entries[i].value
                                                        : node->items[i];
        if (child != NULL && is_gone(settle, node, i, child)) {
            run = run == UINT32_MAX ? i : run;
            continue;
        }
        if (run != UINT32_MAX) {
            cut_run(settle, node, run, i);
            run = UINT32_MAX;
        }
        if (child != NULL) {
            cut_children(settle, child);
        }
    }
}

/* --- documents -------------------------------------------------------------------- */

static bool is_separator(const struct sg_source *source, uint32_t at) {
    return source->len - at >= 3 && memcmp(source->text + at, "---", 3) == 0 &&
           (at + 3 == source->len || strchr(" \t\r\n", source->text[at + 3]) != NULL);
}

static uint32_t next_line(const struct sg_source *source, uint32_t at) {
    const char *end = memchr(source->text + at, '\n', source->len - at);
    return end == NULL ? source->len : (uint32_t)(end - source->text) + 1;
}

/* Where the document begins: at the "---" before it, after the document before. */
static uint32_t document_start(const struct draft_doc *doc, size_t index) {
    const struct sg_node *root = doc->docs.roots.items[index];
    const struct sg_source *source = sg_docs_source(&doc->set, root->loc);
    struct sg_span before = {0, 0};
    uint32_t start = UINT32_MAX;
    if (index > 0) {
        (void)sg_yaml_span(&doc->set, doc->docs.roots.items[index - 1], &before);
    }
    uint32_t at = before.end;
    if (at > 0 && source->text[at - 1] != '\n') {
        at = next_line(source, at);
    }
    while (at < root->loc - source->base && start == UINT32_MAX) {
        if (is_separator(source, at)) {
            start = at;
        }
        at = next_line(source, at);
    }
    return start != UINT32_MAX ? start : before.end;
}

static bool document_gone(const struct settle *settle, uint32_t index) {
    return is_gone(settle, NULL, index, settle->doc->docs.roots.items[index]);
}

struct sg_span draft_document_span(const struct draft_doc *doc, size_t index) {
    const struct sg_source *source =
        sg_docs_source(&doc->set, doc->docs.roots.items[index]->loc);
    return (struct sg_span){
        document_start(doc, index),
        index + 1 < doc->docs.roots.len ? document_start(doc, index + 1) : source->len};
}

static void cut_documents(struct settle *settle) {
    struct draft_doc *doc = settle->doc;
    for (uint32_t i = 0; i < doc->docs.roots.len; i++) {
        if (document_gone(settle, i)) {
            struct sg_span span = draft_document_span(doc, i);
            cut_out(settle, span.start, span.end, removed(settle, NULL, i));
        } else {
            cut_children(settle, doc->docs.roots.items[i]);
        }
    }
}

static bool all_gone(const struct settle *settle) {
    for (uint32_t i = 0; i < settle->doc->docs.roots.len; i++) {
        if (!document_gone(settle, i)) {
            return false;
        }
    }
    return settle->doc->docs.roots.len > 0;
}

/* --- texts inside ----------------------------------------------------------------- */

/* The item of the kustomization that holds the scalar goes with it. */
static bool remove_holder(struct draft_doc *doc, const char *tag) {
    const struct draft_parent *up = draft_parent(doc->outer, doc->scalar);
    if (up != NULL && sg_is_map(up->owner)) {
        up = draft_parent(doc->outer, up->owner);
    }
    return up != NULL && draft_remove(doc->outer, up->owner, up->index, tag);
}

static bool write_anew(struct draft_doc *doc, const struct cuts *cuts) {
    sg_auto_buf text = SG_BUF_INIT;
    cuts_apply(cuts, (struct sg_str){doc->scalar->text, doc->scalar->len}, &text);
    return draft_write(doc->outer, doc->scalar, sg_buf_cstr(&text),
                       cuts->items.items[0].tag);
}

static bool splice_through(struct draft_doc *doc, const struct cuts *cuts) {
    struct sg_splices inner = {0}, outer = {0};
    for (size_t i = 0; i < cuts->items.len; i++) {
        const struct cut *cut = &cuts->items.items[i];
        sg_splices_add(&inner, cut->start, cut->end, cut->text, cut->len);
    }
    bool done = doc->exact && sg_yaml_embed_splices(&doc->embed, &inner, &outer) &&
                draft_splice(doc->outer, &outer, cuts->items.items[0].tag);
    sg_splices_release(&inner);
    sg_splices_release(&outer);
    return done;
}

/* The items that stay, where only their order tells which is which. */
static void keep_ordinals(struct draft_doc *doc) {
    const struct sg_node *root =
        doc->docs.roots.len == 1 ? doc->docs.roots.items[0] : NULL;
    const struct sg_node *owner = sg_is_seq(root) ? root : NULL;
    uint32_t len = owner != NULL ? owner->len : (uint32_t)doc->docs.roots.len;
    for (uint32_t i = len; doc->removed.len > 0 && i-- > 0;) {
        if (draft_removed(doc, owner, i)) {
            draft_drop_ordinal(doc, i, len);
        }
    }
}

static void settle_inner(struct draft_doc *doc) {
    struct cuts cuts = {0};
    const char *tag = NULL;
    if (!draft_places(doc)) {
        keep_ordinals(doc);
    }
    if (draft_doc_settle(doc, &cuts, &tag)) {
        (void)!remove_holder(doc, tag);
    } else if (cuts.items.len > 0 && !splice_through(doc, &cuts)) {
        (void)!write_anew(doc, &cuts);
    }
    cuts_release(&cuts);
}

/* --- all -------------------------------------------------------------------------- */

/* Stable: insertions at one place stay in the order they were asked for. */
static bool before(const void *a, const void *b, void *ctx) {
    const struct cut *x = a, *y = b;
    (void)ctx;
    return x->start != y->start ? x->start < y->start : x->end < y->end;
}

/* A change inside what is removed goes with it; the removals do not overlap each other.
 */
static void add_changes(struct draft_doc *doc, struct cuts *out) {
    size_t removals = out->items.len;
    for (size_t i = 0; i < doc->cuts.items.len; i++) {
        const struct cut *cut = &doc->cuts.items.items[i];
        bool inside = false;
        for (size_t k = 0; k < removals && !inside; k++) {
            const struct cut *removal = &out->items.items[k];
            inside = removal->start <= cut->start && cut->end <= removal->end &&
                     !(cut->appended && cut->start == removal->end);
        }
        if (!inside) {
            sg_vec_push(&out->items, *cut);
        }
    }
    if (out->items.len > 1) {
        sg_sort(out->items.items, out->items.len, sizeof(*out->items.items), before,
                NULL);
    }
}

/* Two that meet are made one; a removal that a change reaches into is left for the next
 * round. */
static void join(struct cuts *cuts) {
    size_t kept = 0;
    for (size_t i = 0; i < cuts->items.len; i++) {
        struct cut *cut = &cuts->items.items[i];
        struct cut *last = kept > 0 ? &cuts->items.items[kept - 1] : NULL;
        if (last != NULL && cut->start < last->end) {
            continue;
        }
        cuts->items.items[kept++] = *cut;
    }
    cuts->items.len = kept;
}

/* kustomize refuses a kustomization that is empty, but takes one with an empty list. */
static void leave_empty(struct settle *settle) {
    const struct sg_node *root = settle->doc->docs.roots.items[0];
    for (uint32_t i = 0; sg_is_map(root) && i < root->len; i++) {
        struct sg_yaml_place place;
        if (!is_gone(settle, root, i, root->entries[i].value) ||
            !place_of(settle, root, i, &place)) {
            continue;
        }
        bool line = place.source->text[place.text.end - 1] == '\n';
        struct cut cut = {.start = place.head_end,
                          .end = place.text.end,
                          .text = line ? " []\n" : " []",
                          .len = line ? 4 : 3,
                          .tag = settle->tag};
        sg_vec_push(&settle->out->items, cut);
    }
}

static void add_removals(struct settle *settle) {
    for (uint32_t i = 0; i < settle->doc->docs.roots.len; i++) {
        (void)weigh(settle, settle->doc->docs.roots.items[i]);
    }
    if (!all_gone(settle)) {
        cut_documents(settle);
    }
}

bool draft_doc_settle(struct draft_doc *doc, struct cuts *out, const char **tag) {
    for (size_t i = 0; i < doc->inner.len; i++) {
        settle_inner(doc->inner.items[i]);
    }
    struct settle settle = {.doc = doc, .out = out, .tag = ""};
    bool gone = false;
    if (doc->removed.len > 0) {
        settle.tag = doc->removed_tag;
        add_removals(&settle);
        gone = all_gone(&settle);
    }
    if (gone && doc->stays) {
        leave_empty(&settle);
        gone = false;
    }
    if (!gone) {
        add_changes(doc, out);
        join(out);
    }
    *tag = settle.tag;
    sg_strmap_release(&settle.weights);
    return gone;
}
