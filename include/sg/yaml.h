/*
 * yaml.h - reading and writing YAML through libyaml; nothing else sees <yaml.h>.
 */
#ifndef SG_YAML_H
#define SG_YAML_H

#include "sg/doc.h"

/* What a repeated key in one map does. */
enum sg_repeat {
    SG_REPEAT_KEEP,  /* both entries are kept, in order; the writer refuses them */
    SG_REPEAT_FIRST, /* the later ones are dropped */
    SG_REPEAT_LAST,  /* the value of the last, at the place of the first */
    SG_REPEAT_ERROR, /* SG_E_INPUT naming both positions */
};

struct sg_yaml_opts {
    enum sg_repeat repeat;
    bool yaml11; /* resolve plain scalars by YAML 1.1 (kustomization files, JSON patches)
                  */
    bool edit;   /* record byte spans and comments, for splices */
    bool manifests; /* kustomize's reading of a resource file: CRLF to LF, split at
                       "\n---", first document of each chunk (reference: docs/KUSTOMIZE.md
                       "Reading") */
    bool tolerant;  /* adopt: go on after a broken document */
    /* with `tolerant`, told of every document that was left out, or NULL */
    void (*broken)(void *ctx, const struct sg_err *err);
    void *broken_ctx;
    /* told of every repeated key, or NULL: path text, first and later position */
    void (*repeated)(void *ctx, const char *key, struct sg_pos first,
                     struct sg_pos again);
    void *repeated_ctx;
};

/* Named limits of the reader; passing one is SG_E_LIMIT with the position. */
#define SG_YAML_MAX_DEPTH       256
#define SG_YAML_MAX_ALIAS_NODES 1000000
#define SG_YAML_MAX_DOCUMENTS   65536

struct sg_yaml_docs {
    SG_VEC(struct sg_node *)
    roots; /* borrowed from the set; empty documents are left out */
};
void sg_yaml_docs_release(struct sg_yaml_docs *docs);
#define sg_auto_yaml_docs SG_CLEANUP(sg_yaml_docs_release) struct sg_yaml_docs

/*
 * Reads all documents of `text` (named `name` in messages) into `set`; `opts` may be
 * NULL. Aliases are expanded and merge keys applied; a location inside an expanded alias
 * is that of the anchor. Appends to `out`, also what was read before an error. On
 * SG_E_INPUT the error holds file, line and column. A key that is a map or a list is
 * refused.
 */
SG_MUST_USE int sg_yaml_read(struct sg_docs *set, const char *name, const char *text,
                             size_t len, const struct sg_yaml_opts *opts,
                             struct sg_yaml_docs *out, struct sg_err *err);

/*
 * Appends one document as kustomize 5.8.1 prints it: keys in natural order, comments,
 * tags, anchors and quoting gone, sequences not indented (docs/KUSTOMIZE.md "Writing").
 * Fails with the position on what kustomize refuses: repeated keys, keys that are no
 * strings, .nan, .inf.
 */
SG_MUST_USE int sg_yaml_write(const struct sg_docs *set, const struct sg_node *node,
                              struct sg_buf *out, struct sg_err *err);

/*
 * Appends one document in its own order, with its quoting and flow style, lines never
 * folded; tags, anchors and comments are gone. For YAML held in a string that a
 * replacement changes.
 */
SG_MUST_USE int sg_yaml_write_kept(const struct sg_node *node, struct sg_buf *out,
                                   struct sg_err *err);

/* A value as it would stand after "key: " on one line, for messages and for text we
 * splice in. */
void sg_yaml_inline(const struct sg_node *node, struct sg_buf *out);

/* True where key `a` comes before `b` in kustomize's output (natural order; not a total
 * order). */
bool sg_yaml_key_less(const char *a, size_t alen, const char *b, size_t blen);

/* --- edit mode
 * ----------------------------------------------------------------------------- */

/* Byte span of a node or of a map entry (key start to value end) in its file; false
 * outside edit mode. */
bool sg_yaml_span(const struct sg_docs *set, const struct sg_node *node,
                  struct sg_span *out);

struct sg_splice {
    uint32_t start, end; /* bytes [start, end) of the file are replaced … */
    char *text;          /* … by these; owned */
    size_t len;
};
struct sg_splices {
    SG_VEC(struct sg_splice) items;
};
void sg_splices_release(struct sg_splices *splices);
/* `text` is copied. */
void sg_splices_add(struct sg_splices *splices, uint32_t start, uint32_t end,
                    const char *text, size_t len);
/* Applies all (sorted by start, not overlapping, else SG_BUG) to `in`; no splice: the
 * same bytes. */
void sg_splices_apply(struct sg_splices *splices, struct sg_str in, struct sg_buf *out);
/* The splices that turn the result back, for the lock's history; `in` is the text before.
 */
void sg_splices_reverse(struct sg_splices *splices, struct sg_str in,
                        struct sg_splices *out);

#endif
