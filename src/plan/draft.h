/*
 * draft.h - the customer's files as an upgrade will leave them.
 *
 * A draft holds the files that repairs touch: their bytes on disk, before the hop and
 * now. Repairs ask for changes (remove this entry, write that scalar), which are gathered
 * and made at once by draft_settle as replaced bytes, so that comments, order and quoting
 * of everything else stay. A place is kept through all edits: from the text now back to
 * the file on disk, and from the text before the hop to the text now.
 */
#ifndef SG_PLAN_DRAFT_H
#define SG_PLAN_DRAFT_H

#include "cuts.h"
#include "sg/fs.h"
#include "sg/plan.h"
#include "sg/strmap.h"
#include "sg/yaml.h"

struct draft_doc;

struct draft_file {
    const char *path;
    struct sg_str disk, before, now; /* ptr NULL: there is no such file */
    struct cuts since_disk, since_hop;
    struct cuts since_disk_before; /* since_disk, as it was before the hop */
    struct draft_doc *doc;         /* `now` read for editing, once it was asked for */
    bool cut;                      /* by draft_cut, since the last settling */
    const char *tag;               /* of what makes or removes the file */
    const char *moved; /* removed: the path its bytes went to unchanged, else NULL */
};

/* The documents or operations in a scalar whose places in the file are all the scalar's:
 * which of those on disk are still there, in order. */
struct draft_order {
    SG_VEC(uint32_t) before, now;
};

struct draft {
    struct sg_arena arena;
    struct sg_strmap orders; /* path and place on disk of the scalar -> order */
    SG_VEC(struct draft_order *) all_orders;
    struct sg_atoms *atoms;
    struct sg_strmap by_path;
    SG_VEC(struct draft_file *) files;
};
void draft_init(struct draft *draft, struct sg_atoms *atoms);
void draft_release(struct draft *draft);
/* What is now becomes what was before the hop. */
void draft_next_hop(struct draft *draft);

/* An item of a kustomization's list. */
struct draft_listing {
    struct draft_doc *doc;
    const struct sg_node *list;
    uint32_t index;
};

/* A text that is edited: a file, or YAML in a scalar of one (an inline patch). */
struct draft_doc {
    struct draft_file *file;
    struct draft_doc *outer; /* the file that holds the scalar; NULL: a whole file */
    const struct sg_node *scalar;
    struct sg_yaml_embed embed;
    struct draft *draft;
    bool exact; /* `embed` maps bytes to bytes; else the scalar is written anew */
    struct sg_docs set;
    struct sg_yaml_docs docs;
    struct sg_strmap parents; /* node -> its place in the tree above */
    struct sg_strmap removed; /* (owner, index) that go, -> tag */
    struct sg_strmap grown;   /* lists that get an item */
    struct cuts cuts;         /* pending, in the order they were asked for */
    SG_VEC(struct draft_doc *) inner;
    SG_VEC(struct draft_listing) hosts; /* items of kustomizations that list this file */
    const char *moved;       /* where a whole file goes, once nothing of it is left */
    const char *removed_tag; /* of the first removal */
    bool stays;              /* a kustomization: others name it, so it is never removed */
};

/* The file at `path`, as `fs` has it where the draft has not got it yet; NULL where there
 * is none that can be read and edited (no YAML, no plain file). Borrowed. */
struct draft_doc *draft_open(struct draft *draft, const struct sg_fs *fs,
                             const char *path);
/* The YAML in a scalar of `outer`; NULL where it is none. */
struct draft_doc *draft_inner(struct draft *draft, struct draft_doc *outer,
                              const struct sg_node *scalar);

/* Where a node stands: the collection that holds it, and at which index. */
struct draft_parent {
    const struct sg_node *owner;
    uint32_t index;
};
/* NULL for the root of a document. */
const struct draft_parent *draft_parent(const struct draft_doc *doc,
                                        const struct sg_node *node);

/* The bytes of the document `index`, from its "---" to the next one's. */
struct sg_span draft_document_span(const struct draft_doc *doc, size_t index);

/* The entry of a map only addresses what the others are about: apiVersion, kind and names
 * of an object, the merge key of a list element. */
bool draft_is_name(const struct draft_doc *doc, const struct sg_node *map,
                   uint32_t index);

/* --- asking for changes ----------------------------------------------------------- */

/* Each returns false where the text cannot take it, or where something else was asked for
 * the same bytes; nothing is changed then. `tag` is borrowed: the fingerprint of the
 * finding. */

/* An entry or item goes; `owner` NULL: the document `index`. What holds nothing more but
 * the names that address it goes with it, up to the item of the kustomization. */
bool draft_remove(struct draft_doc *doc, const struct sg_node *owner, uint32_t index,
                  const char *tag);
/* Notes the kustomization's item that lists this file: it goes with the last of the file.
 */
void draft_host(struct draft_doc *doc, struct draft_doc *kustomization,
                const struct sg_node *list, uint32_t item);
/* Whether that was asked for already. */
bool draft_removed(const struct draft_doc *doc, const struct sg_node *owner,
                   uint32_t index);
bool draft_write(struct draft_doc *doc, const struct sg_node *scalar, const char *text,
                 const char *tag);
bool draft_splice(struct draft_doc *doc, const struct sg_splices *splices,
                  const char *tag);
/* The text of an insertion follows what was inserted at the same place before. */
bool draft_splice_after(struct draft_doc *doc, const struct sg_splices *splices,
                        const char *tag);
/* Adds an item (YAML, ending in a line end) to the list `list` of a kustomization, which
 * is made where it is missing. False where the list is in flow style or empty. */
bool draft_append(struct draft_doc *doc, const char *list, const char *item,
                  const char *tag);
/* The file gets this text; it is made where it is missing. */
void draft_create(struct draft *draft, const struct sg_fs *fs, const char *path,
                  const char *text, size_t len, const char *tag);

/* The bytes of a file of any kind now, ptr NULL where there is none that can be read; and
 * some of them replaced, at once. Borrowed. */
struct sg_str draft_bytes(struct draft *draft, const struct sg_fs *fs, const char *path);
void draft_cut(struct draft *draft, const struct sg_fs *fs, const char *path,
               const struct cuts *cuts);

/* The bytes of `from` go to `to`, which is not there. */
void draft_move(struct draft *draft, const struct sg_fs *fs, const char *from,
                const char *to, const char *tag);

/* Makes the changes that were asked for; true where there were any. */
bool draft_settle(struct draft *draft);

/* --- places and results ----------------------------------------------------------- */

enum draft_era { DRAFT_BEFORE, DRAFT_NOW };
/* Line and column on disk of a place in the text now, or before the hop; unchanged for
 * files the draft has not, and where `draft` is NULL. */
struct sg_place draft_on_disk(const struct draft *draft, enum draft_era era,
                              struct sg_place at);
/* The offset in the text now of a place in the text before the hop; UINT32_MAX where it
 * has none. */
uint32_t draft_offset(const struct draft_file *file, uint32_t line, uint32_t column);

/* Whether what is in the text has places of its own in the file: a whole file, a literal
 * block. Of any other scalar all that a render tells of is where the scalar is. */
bool draft_places(const struct draft_doc *doc);
/* The place on disk of the scalar that holds a text. */
struct sg_place draft_scalar_place(const struct draft_doc *doc);
/* Position on disk of document or operation `index` of such a scalar, whose place on disk
 * is `scalar`. */
uint32_t draft_ordinal(const struct draft *draft, enum draft_era era,
                       struct sg_place scalar, uint32_t index);

/* Lays all that differs from the disk over a view. */
void draft_lay(const struct draft *draft, struct sg_fs *over);
/* Appends the edits of this hop to the plan. */
void draft_report(const struct draft *draft, struct sg_plan *plan, uint32_t hop);

#endif
