/*
 * reader.h - the state of one sg_yaml_read, shared by the files that make it up.
 */
#ifndef SG_YAML_READER_H
#define SG_YAML_READER_H

#include "marks.h"

#include "sg/strmap.h"
#include "sg/yaml.h"

#include <yaml.h>

/* What a name after '&' stands for. The node is NULL until its last event is read, so an
 * alias inside its own anchor is seen. */
struct sg_anchor {
    struct sg_node *node;
};

struct sg_reader {
    struct sg_docs *set;
    const struct sg_yaml_opts *opts;
    struct sg_err *err;
    const char *text; /* the file's bytes, in the set */
    uint32_t base;    /* location of its first byte */
    yaml_parser_t parser;
    struct sg_marks marks; /* of the chunk being parsed */
    struct sg_strmap anchors;
    uint32_t content_end;  /* edit mode: where the last scalar so far ends in the file */
    uint32_t flow;         /* flow collections that are open (refuse.c) */
    struct {               /* of the chunk being parsed (mend.c) */
        char *text;        /* the copy that libyaml reads; NULL: the file's own bytes */
        char colon, quote; /* stand for ':' and the backslash before '; NUL: none */
        uint32_t parses;
    } mend;
    struct sg_comments_at {
        bool on;         /* the file has some that may be schemas (comment.c) */
        bool key;        /* the last scalar is a key, without a value so far */
        uint32_t from;   /* where the last scalar ends: none begins before */
        uint32_t closed; /* column of the outermost block that ended since then … */
        uint32_t inner;  /* … and of the one in it; UINT32_MAX: none */
    } comments;
    size_t alias_nodes; /* made by aliases and merges so far, in the whole file */
    /* entries and items of the collections that are open, outermost first */
    SG_VEC(struct sg_entry) entries;
    SG_VEC(struct sg_node *) items;
};

/* Location in the set of a mark of the parser. */
uint32_t sg_reader_loc(struct sg_reader *r, const yaml_mark_t *mark);
/* Fails at `loc`; returns -1. */
SG_PRINTF(4, 5)
int sg_reader_fail(struct sg_reader *r, enum sg_code code, uint32_t loc, const char *fmt,
                   ...);
/* Puts libyaml's complaint into our words (fault.c); returns -1. */
int sg_reader_fault(struct sg_reader *r);

/* --- refuse.c --- */

/* Fails on what kustomize refuses in its files though libyaml accepts it. */
SG_MUST_USE int sg_reader_refuse(struct sg_reader *r, const yaml_event_t *event);

/* --- mend.c --- */

/* After libyaml refused the chunk: true where it was put in a form to parse again. */
bool sg_reader_mend(struct sg_reader *r);
/* Takes the stand-ins of sg_reader_mend out of a scalar event's text. */
void sg_reader_unmend(const struct sg_reader *r, yaml_event_t *event);

/* --- alias.c --- */

/* A copy of what `event` (an alias) stands for, or NULL. */
struct sg_node *sg_reader_alias(struct sg_reader *r, const yaml_event_t *event);
/* Adds the nodes of `node` to the alias count; -1 with SG_E_LIMIT past the cap. */
SG_MUST_USE int sg_reader_charge(struct sg_reader *r, const struct sg_node *node,
                                 uint32_t loc);

/* --- comment.c: comments that may be schemas; no-ops in a file without one --- */

void sg_comments_begin(struct sg_reader *r, size_t len);
/* A key that was read: its line comment, else the one above it. */
void sg_comments_key(struct sg_reader *r, struct sg_entry *entry,
                     const yaml_event_t *key);
/* A value, or an item of a list, that was read: the comment above it. `at`: the reader's
 * state before. */
void sg_comments_above(struct sg_reader *r, struct sg_node *node,
                       const yaml_event_t *start, const struct sg_comments_at *at,
                       bool item);
/* A scalar or collection that ends with `end`: the comment after it. */
void sg_comments_end(struct sg_reader *r, struct sg_node *node, const yaml_event_t *start,
                     const yaml_event_t *end);

/* --- map.c --- */

/* Closes a map: takes the entries from `first` on off the stack, applies merge keys and
 * the repeat option, and stores them in `map`. */
SG_MUST_USE int sg_reader_close_map(struct sg_reader *r, struct sg_node *map,
                                    size_t first);

#endif
