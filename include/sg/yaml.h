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
    bool yaml11;    /* resolve plain scalars by YAML 1.1, and read the first document only
                       (kustomization files, JSON patches) */
    bool edit;      /* record byte spans and comments, for splices */
    bool manifests; /* kustomize's reading of a resource file: CRLF to LF, split at
                       "\n---", first document of each chunk (reference: docs/KUSTOMIZE.md
                       "Reading") */
    bool comments;  /* note comments that may be schemas in the set (sg_docs_comment) */
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
#define SG_YAML_MAX_TAGS        256 /* %TAG directives: libyaml compares each with all */

/* U+FFFF, which no file can hold as it is. */
#define SG_YAML_ODD_KEY "\xEF\xBF\xBF"

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
 * refused; with `manifests` it is SG_YAML_ODD_KEY and a number, tagged OTHER, which the
 * writer refuses.
 * UTF-16 with a byte order mark is read, but not with `edit`.
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

/* --- edit mode: where things stand in their file
 * ----------------------------------------
 *
 * All offsets are bytes of the file as it is on disk. Only nodes as they were read have
 * them: not what an alias or a merge key brought in from elsewhere, and nothing once it
 * was put in place of something else.
 */

/* The bytes of a node; of an alias: "*name". A block scalar ends where the line after it
 * begins, a block collection where its last scalar ends. False where there are none. */
bool sg_yaml_span(const struct sg_docs *set, const struct sg_node *node,
                  struct sg_span *out);
/* The bytes of an entry's key with its quotes. */
bool sg_yaml_key_span(const struct sg_docs *set, const struct sg_entry *entry,
                      struct sg_span *out);

/* The place of a map entry or a list item. */
struct sg_yaml_place {
    const struct sg_source *source;
    struct sg_span text;  /* from the key, '?' or '-' to the end of the value */
    struct sg_span value; /* empty where nothing is written */
    struct sg_span lines; /* with its own comments and the line end after it; valid where
                             `own_lines` */
    uint32_t head_end;    /* after the ':' or '-' */
    uint32_t indent;      /* bytes before the key or dash on its line */
    bool own_lines; /* nothing else stands on these lines: to delete them deletes it */
    bool flow;      /* inside {} or [] */
};
bool sg_yaml_entry_place(const struct sg_docs *set, const struct sg_node *map,
                         uint32_t index, struct sg_yaml_place *out);
bool sg_yaml_item_place(const struct sg_docs *set, const struct sg_node *seq,
                        uint32_t index, struct sg_yaml_place *out);

/* The comments of a place; an empty span where there is none. */
struct sg_yaml_comments {
    struct sg_span top;   /* full lines right above, of the same indent, no empty line
                             between */
    struct sg_span right; /* from '#' to the line's end: after a scalar, or after the key
                             of a collection */
    struct sg_span
        bottom; /* full lines right below, indented deeper than the key or dash */
};
void sg_yaml_comments_of(const struct sg_yaml_place *place, struct sg_yaml_comments *out);

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

/* --- edits, as splices
 * ------------------------------------------------------------------
 *
 * Each appends the splices of one edit and returns true, or false where the edit cannot
 * be said in bytes of this file (the node came through an alias, a comment would be lost,
 * the text cannot take the style): nothing is appended then and the caller stops.
 */

/* Deletes an entry or item with its own comments; the last one leaves {} or []. */
bool sg_yaml_delete_entry(const struct sg_docs *set, const struct sg_node *map,
                          uint32_t index, struct sg_splices *out);
bool sg_yaml_delete_item(const struct sg_docs *set, const struct sg_node *seq,
                         uint32_t index, struct sg_splices *out);
/* Adds "key: value" after the entry at `after`, in its indent. */
bool sg_yaml_insert_entry(const struct sg_docs *set, const struct sg_node *map,
                          uint32_t after, const char *key, const struct sg_node *value,
                          struct sg_splices *out);
/* Deletes the entries that `gone` says (by index, `map->len` of them); some must stay. */
bool sg_yaml_delete_entries(const struct sg_docs *set, const struct sg_node *map,
                            const bool *gone, struct sg_splices *out);
/*
 * A new place for an entry's value, told from the map that it stands in. Steps, with '/'
 * or '|' between them (the two mean the same here): a key, '-' for a list's only item, or
 * `key=value` for an entry that is made beside what follows. The last key takes the
 * value: "service/name", "target/type=Utilization/averageUtilization". Entries that
 * follow it are made after it: "path/pathType=Exact".
 */
struct sg_yaml_nest {
    uint32_t index;
    const char *to;
};
/*
 * Moves the entries of one map (`nests` by rising index); those whose steps begin alike
 * come to stand below one another. Lines keep their comments, keys their quotes; new
 * lines are indented by `indent` more. Values that are moved deeper must not be edited
 * by other splices. False also where a new key is there already.
 */
bool sg_yaml_nest_entries(const struct sg_docs *set, const struct sg_node *map,
                          const struct sg_yaml_nest *nests, size_t len, uint32_t indent,
                          struct sg_splices *out);
/* New text for a scalar in the style it has; a plain one gets quotes where it would read
 * as another type than before. */
bool sg_yaml_replace_scalar(const struct sg_docs *set, const struct sg_node *scalar,
                            const char *text, size_t len, struct sg_splices *out);

/* --- YAML inside a scalar (inline patches) ---------------------------------------------
 */

struct sg_embed_line {
    uint32_t decoded; /* offset of the line in the decoded text */
    uint32_t file;    /* its byte in the file, after the indent */
    uint32_t line;    /* where the file's line begins */
};
/* From offsets of a scalar's decoded text to bytes of the file, line by line. */
struct sg_yaml_embed {
    struct sg_str text; /* the decoded text; borrowed */
    SG_VEC(struct sg_embed_line) lines;
    uint32_t indent; /* bytes before each line of a literal block */
    bool block;      /* new lines are possible */
};
/* False where the decoded text is not the file's bytes line by line: folded scalars, and
 * quoted ones with escapes or over several lines. */
bool sg_yaml_embed_init(const struct sg_docs *set, const struct sg_node *scalar,
                        struct sg_yaml_embed *out);
void sg_yaml_embed_release(struct sg_yaml_embed *embed);
#define sg_auto_yaml_embed SG_CLEANUP(sg_yaml_embed_release) struct sg_yaml_embed
/* The file's byte of an offset of the decoded text (its end included). */
uint32_t sg_yaml_embed_offset(const struct sg_yaml_embed *embed, uint32_t decoded);
/* Splices on the decoded text as splices on the file; new lines get the block's indent.
 * False where a line end would go into a scalar of one line. */
bool sg_yaml_embed_splices(const struct sg_yaml_embed *embed,
                           const struct sg_splices *inner, struct sg_splices *out);

#endif
