/*
 * doc.h - the document tree: YAML and JSON documents as nodes in one arena.
 *
 * A set owns every node, string and source made in it; they live until the set is freed
 * and are passed around as borrowed pointers. Map entries keep the order they were added
 * in; sorting is the writer's business. Nodes are mutable and have one place each, but
 * for scalars marked `shared`; sg_node_clone makes a copy for another place.
 */
#ifndef SG_DOC_H
#define SG_DOC_H

#include "sg/arena.h"
#include "sg/atom.h"
#include "sg/buf.h"
#include "sg/err.h"
#include "sg/strmap.h"

enum sg_kind { SG_SCALAR, SG_MAP, SG_SEQ };

/* The explicit or resolved tag of a scalar. NONE: made by us, resolves when it is
 * written. */
enum sg_tag {
    SG_TAG_NONE,
    SG_TAG_STR,
    SG_TAG_NULL,
    SG_TAG_BOOL,
    SG_TAG_INT,
    SG_TAG_FLOAT,
    SG_TAG_TIMESTAMP,
    SG_TAG_BINARY,
    SG_TAG_MERGE, /* the key << */
    SG_TAG_OTHER, /* a local tag such as !foo; its text is not kept */
};

enum sg_style { SG_PLAIN, SG_SINGLE, SG_DOUBLE, SG_LITERAL, SG_FOLDED };

struct sg_node;

struct sg_entry {
    sg_atom key;
    struct sg_node *value;
    uint32_t key_loc;
    uint8_t key_tag;   /* enum sg_tag: `1: x` has an INT key, which the writer refuses */
    uint8_t key_style; /* enum sg_style */
    bool comment;      /* its key has one in the set (sg_docs_comment) */
};

struct sg_map_index; /* hash of a map with over SG_MAP_LINEAR keys, kept by the functions
                        below: do not change `entries[i].key` or the order by hand, or
                        call sg_map_reordered after */
#define SG_MAP_LINEAR 32

struct sg_node {
    uint8_t kind;     /* enum sg_kind */
    uint8_t tag;      /* enum sg_tag; scalars only */
    uint8_t style;    /* enum sg_style; scalars only */
    bool flow : 1;    /* a collection written [in flow style] */
    bool shared : 1;  /* a scalar that several maps hold on purpose: writing it in place
                         writes all of them (kustomize's labels; see docs/KUSTOMIZE.md).
                         A clone is not shared */
    bool comment : 1; /* has one in the set (sg_docs_comment) */
    uint32_t loc;     /* offset in the set's source space of its first byte, 0: none */
    uint32_t len; /* bytes of a scalar's text, entries of a map, items of a sequence */
    uint32_t cap; /* room for entries or items */
    union {
        const char *text; /* a scalar's decoded text: NUL after it, may hold NULs */
        struct {
            struct sg_entry *entries;
            struct sg_map_index *index;
        };
        struct sg_node **items;
    };
};

/* A file whose text was read into the set: the offsets [base, base + len] are its. */
struct sg_source {
    const char *name; /* as shown in messages */
    const char *text; /* the bytes as they are on disk; borrowed copy in the arena */
    uint32_t base, len;
    uint32_t *line_starts; /* made on the first question for a line */
    uint32_t lines;
    uint32_t outer;   /* text that is a scalar of another file: the scalar's location */
    uint32_t skipped; /* … and how many lines of the scalar are left out before it */
};

/* Byte span of a node, edit mode only (see yaml.h); indexed by node through sg_docs_span.
 */
struct sg_span {
    uint32_t start, end; /* [start, end) in the file's bytes */
};

/* A comment that looks like a JSON object: kustomize takes it for the schema of the field
 * it stands at. */
struct sg_comment {
    struct sg_str text;           /* from the brace to the end of the line */
    const struct sg_node *schema; /* NULL: not read yet, or no schema */
};

struct sg_docs {
    struct sg_arena arena;
    struct sg_atoms *atoms; /* borrowed: belongs to the command */
    SG_VEC(struct sg_source) sources;
    uint32_t next_base;
    struct sg_span_table *spans; /* NULL outside edit mode */
    SG_VEC(struct sg_comment) comments;
    struct sg_strmap commented; /* place of a key or node -> position in `comments` */
};

void sg_docs_init(struct sg_docs *set, struct sg_atoms *atoms);
void sg_docs_release(struct sg_docs *set);
#define sg_auto_docs SG_CLEANUP(sg_docs_release) struct sg_docs

/* Copies `text`; returns the source's index. Over 4 GiB in one set is SG_E_LIMIT (-1). */
SG_MUST_USE int sg_docs_add_source(struct sg_docs *set, const char *name,
                                   const char *text, size_t len, struct sg_err *err);
/* File, line and column of an offset; all zero and file NULL for 0. */
struct sg_pos sg_docs_pos(const struct sg_docs *set, uint32_t loc);
/*
 * The sources from index `first` on are the decoded text of the scalar at `outer` (an
 * inline patch), but for its first `skipped` lines: their places are named in the file
 * that holds the scalar, exactly in a literal block, else as the scalar's own place.
 */
void sg_docs_embed(struct sg_docs *set, size_t first, uint32_t outer, uint32_t skipped);
/* The source that holds `loc`, or NULL. */
const struct sg_source *sg_docs_source(const struct sg_docs *set, uint32_t loc);

/* Notes the comment of the key (or else the node) at `loc`; the text is copied. */
void sg_docs_add_comment(struct sg_docs *set, uint32_t loc, bool key, struct sg_str text);
/* The comment of the key or node at `loc`, NULL where it has none. */
const struct sg_comment *sg_docs_comment(const struct sg_docs *set, uint32_t loc,
                                         bool key);

/* --- making nodes
 * ------------------------------------------------------------------------- */

/* `text` is copied. */
struct sg_node *sg_scalar_new(struct sg_docs *set, const char *text, size_t len,
                              enum sg_tag tag, enum sg_style style);
/* A string that stays a string however it is written (tag STR, plain style). */
struct sg_node *sg_str_new(struct sg_docs *set, const char *text);
struct sg_node *sg_null_new(struct sg_docs *set);
struct sg_node *sg_map_new(struct sg_docs *set);
struct sg_node *sg_seq_new(struct sg_docs *set);
/* A deep copy in `set` (atoms must be of one table); locations are kept when the set is
 * the same. */
struct sg_node *sg_node_clone(struct sg_docs *set, const struct sg_node *node);

/* --- reading nodes
 * ------------------------------------------------------------------------ */

/* NULL is none of these. Inline: they are asked at every step of every walk. */
static inline bool sg_is_map(const struct sg_node *node) {
    return node != NULL && node->kind == SG_MAP;
}
static inline bool sg_is_seq(const struct sg_node *node) {
    return node != NULL && node->kind == SG_SEQ;
}
static inline bool sg_is_scalar(const struct sg_node *node) {
    return node != NULL && node->kind == SG_SCALAR;
}
/* An explicit null, `~`, or an empty plain scalar; NULL too. */
bool sg_is_null(const struct sg_node *node);
/* Same kind, keys (in any order), items (in order) and scalars (resolved type and text).
 */
bool sg_node_equal(const struct sg_node *a, const struct sg_node *b);
/* Whether JSON can have this key, as kustomize judges it: a string, and in the object
 * itself
 * (`root`) any type but null. An empty null becomes the empty string on its way. */
bool sg_key_fits(const struct sg_entry *entry, bool root);
/* A scalar's text, or NULL for anything else. */
const char *sg_text(const struct sg_node *node);

/* The value under `key` (the first where it repeats), or NULL; NULL for what is no map.
 */
struct sg_node *sg_map_get(const struct sg_node *map, sg_atom key);
struct sg_entry *sg_map_find(const struct sg_node *map, sg_atom key);
/* As sg_map_get by text: compares bytes, for keys that are no well-known atom. */
struct sg_node *sg_map_gets(const struct sg_node *map, const char *key);
/* Follows `n` keys through maps; NULL where one is missing. */
struct sg_node *sg_map_path(const struct sg_node *map, const sg_atom *keys, size_t n);

/* --- changing nodes
 * ----------------------------------------------------------------------- */

/* Sets or appends; an existing entry keeps its place, key style and key location. */
struct sg_entry *sg_map_put(struct sg_docs *set, struct sg_node *map, sg_atom key,
                            struct sg_node *value);
/* Appends even when the key is there (a reader that keeps repeats). */
struct sg_entry *sg_map_append(struct sg_docs *set, struct sg_node *map, sg_atom key,
                               struct sg_node *value);
/* Removes every entry with this key; false when there was none. Moves the entries behind
 * it: to drop many use sg_map_remove_if. */
bool sg_map_remove(struct sg_node *map, sg_atom key);
/* Removes every entry that `drop` says yes to, in one pass; returns how many. */
uint32_t sg_map_remove_if(struct sg_node *map,
                          bool (*drop)(const struct sg_entry *entry, void *ctx),
                          void *ctx);
/* To be called after keys or the order of `entries` were changed by hand. */
void sg_map_reordered(struct sg_docs *set, struct sg_node *map);
/* The map under `key`, made when it is missing or null. NULL when it is something else.
 */
struct sg_node *sg_map_ensure(struct sg_docs *set, struct sg_node *map, sg_atom key);
void sg_seq_push(struct sg_docs *set, struct sg_node *seq, struct sg_node *item);
void sg_seq_insert(struct sg_docs *set, struct sg_node *seq, size_t at,
                   struct sg_node *item);
void sg_seq_remove(struct sg_node *seq, size_t at);
/* New text for a scalar; tag NONE and the old style kept, as a kustomize transformer
 * does. */
void sg_scalar_set(struct sg_docs *set, struct sg_node *scalar, const char *text,
                   size_t len);

/* --- resolving scalars
 * -------------------------------------------------------------------- */

/* The type a plain scalar has where resources are read (YAML 1.2-minded: `yes` is a
 * string). */
enum sg_tag sg_resolve_read(const char *text, size_t len);
/* The type a YAML 1.1 reader gives it (the kustomization file, JSON patch values, the
 * writer). */
enum sg_tag sg_resolve_yaml11(const char *text, size_t len);
/* The type of this scalar as written: its tag, or for NONE what its text resolves to. */
enum sg_tag sg_scalar_type(const struct sg_node *scalar);

#endif
