/*
 * draft_doc.c - a text of a draft as a tree with byte spans, and what is asked of it.
 */
#include "draft_doc.h"

#include <string.h>

/* --- reading ---------------------------------------------------------------------- */

static void note_parents(struct draft_doc *doc, const struct sg_node *node) {
    for (uint32_t i = 0; !sg_is_scalar(node) && i < node->len; i++) {
        const struct sg_node *child =
            sg_is_map(node) ? node->entries[i].value : node->items[i];
        struct draft_parent *parent = sg_arena_alloc(&doc->set.arena, sizeof(*parent));
        *parent = (struct draft_parent){node, i};
        sg_strmap_put(&doc->parents, (const char *)&child, sizeof(child), parent);
        note_parents(doc, child);
    }
}

const struct draft_parent *draft_parent(const struct draft_doc *doc,
                                        const struct sg_node *node) {
    return sg_strmap_get(&doc->parents, (const char *)&node, sizeof(node));
}

struct draft_doc *draft_doc_read(struct draft *draft, struct draft_file *file,
                                 const char *name, struct sg_str text) {
    struct draft_doc *doc = sg_xcalloc(1, sizeof(*doc));
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_KEEP, .edit = true};
    struct sg_err ignored = {0};
    doc->file = file;
    doc->draft = draft;
    sg_docs_init(&doc->set, draft->atoms);
    if (sg_yaml_read(&doc->set, name, text.ptr, text.len, &opts, &doc->docs, &ignored) !=
        0) {
        draft_doc_free(doc);
        return NULL;
    }
    for (size_t i = 0; i < doc->docs.roots.len; i++) {
        note_parents(doc, doc->docs.roots.items[i]);
    }
    return doc;
}

void draft_doc_free(struct draft_doc *doc) {
    if (doc == NULL) {
        return;
    }
    for (size_t i = 0; i < doc->inner.len; i++) {
        draft_doc_free(doc->inner.items[i]);
    }
    sg_vec_release(&doc->inner);
    sg_yaml_embed_release(&doc->embed);
    sg_strmap_release(&doc->parents);
    sg_strmap_release(&doc->removed);
    sg_strmap_release(&doc->grown);
    cuts_release(&doc->cuts);
    sg_vec_release(&doc->hosts);
    sg_yaml_docs_release(&doc->docs);
    sg_docs_release(&doc->set);
    free(doc);
}

struct draft_doc *draft_inner(struct draft *draft, struct draft_doc *outer,
                              const struct sg_node *scalar) {
    for (size_t i = 0; i < outer->inner.len; i++) {
        if (outer->inner.items[i]->scalar == scalar) {
            return outer->inner.items[i];
        }
    }
    struct draft_doc *doc = draft_doc_read(draft, outer->file, outer->file->path,
                                           (struct sg_str){scalar->text, scalar->len});
    if (doc == NULL) {
        return NULL;
    }
    doc->outer = outer;
    doc->scalar = scalar;
    doc->exact = sg_yaml_embed_init(&outer->set, scalar, &doc->embed);
    sg_vec_push(&outer->inner, doc);
    return doc;
}

/* --- asking ----------------------------------------------------------------------- */

static char *copy_text(struct draft_doc *doc, const char *text, size_t len) {
    return sg_arena_strndup(&doc->set.arena, text, len);
}

/* 0: put aside; 1: nothing else is there; -1: something else was asked for these bytes.
 */
static int meets(const struct draft_doc *doc, const struct cut *cut, bool after) {
    for (size_t i = 0; i < doc->cuts.items.len; i++) {
        const struct cut *other = &doc->cuts.items.items[i];
        bool same = other->start == cut->start && other->end == cut->end &&
                    other->len == cut->len &&
                    memcmp(other->text, cut->text, cut->len) == 0;
        if (same) {
            return 0;
        }
        if (other->start < cut->end && cut->start < other->end) {
            return -1;
        }
        if (other->start == cut->start && other->end == cut->end && !after) {
            return -1; /* two insertions at one place have no order */
        }
    }
    return 1;
}

static bool ask(struct draft_doc *doc, const struct sg_splices *splices, const char *tag,
                bool after) {
    size_t before = doc->cuts.items.len;
    for (size_t i = 0; i < splices->items.len; i++) {
        const struct sg_splice *splice = &splices->items.items[i];
        struct cut cut = {splice->start,         splice->end, splice->text,
                          (uint32_t)splice->len, tag,         after};
        int met = meets(doc, &cut, after);
        if (met < 0) {
            doc->cuts.items.len = before;
            return false;
        }
        if (met > 0) {
            cut.text = copy_text(doc, splice->text, splice->len);
            sg_vec_push(&doc->cuts.items, cut);
        }
    }
    return true;
}

bool draft_splice(struct draft_doc *doc, const struct sg_splices *splices,
                  const char *tag) {
    return ask(doc, splices, tag, false);
}

bool draft_splice_after(struct draft_doc *doc, const struct sg_splices *splices,
                        const char *tag) {
    return ask(doc, splices, tag, true);
}

bool draft_write(struct draft_doc *doc, const struct sg_node *scalar, const char *text,
                 const char *tag) {
    const char *now = sg_text(scalar);
    if (now == NULL || strcmp(now, text) == 0) {
        return now != NULL;
    }
    struct sg_splices splices = {0};
    bool done = sg_yaml_replace_scalar(&doc->set, scalar, text, strlen(text), &splices) &&
                draft_splice(doc, &splices, tag);
    sg_splices_release(&splices);
    return done;
}

struct removed_key {
    const struct sg_node *owner;
    uintptr_t index;
};

void draft_host(struct draft_doc *doc, struct draft_doc *kustomization,
                const struct sg_node *list, uint32_t item) {
    for (size_t i = 0; i < doc->hosts.len; i++) {
        if (doc->hosts.items[i].list == list && doc->hosts.items[i].index == item) {
            return;
        }
    }
    sg_vec_push(&doc->hosts, (struct draft_listing){kustomization, list, item});
}

bool draft_removed(const struct draft_doc *doc, const struct sg_node *owner,
                   uint32_t index) {
    struct removed_key key = {owner, index};
    return sg_strmap_has(&doc->removed, (const char *)&key, sizeof(key));
}

bool draft_remove(struct draft_doc *doc, const struct sg_node *owner, uint32_t index,
                  const char *tag) {
    struct removed_key key = {owner, index};
    if (owner != NULL) {
        struct sg_splices tried = {0};
        bool can = sg_is_map(owner)
                       ? sg_yaml_delete_entry(&doc->set, owner, index, &tried)
                       : sg_yaml_delete_item(&doc->set, owner, index, &tried);
        sg_splices_release(&tried);
        if (!can) {
            return false;
        }
    }
    if (!sg_strmap_has(&doc->removed, (const char *)&key, sizeof(key))) {
        /* it outlives the text: a file that goes with its last entry keeps it */
        char *copy = sg_arena_strdup(&doc->draft->arena, tag);
        sg_strmap_put(&doc->removed, (const char *)&key, sizeof(key), copy);
        doc->removed_tag = doc->removed_tag != NULL ? doc->removed_tag : copy;
    }
    return true;
}
