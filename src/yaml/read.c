/* Events to nodes, and the walk over a file's chunks and documents. */
#include "chunks.h"
#include "reader.h"
#include "spans.h"
#include "utf16.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

uint32_t sg_reader_loc(struct sg_reader *r, const yaml_mark_t *mark) {
    return r->base + sg_marks_byte(&r->marks, mark->index);
}

int sg_reader_fail(struct sg_reader *r, enum sg_code code, uint32_t loc, const char *fmt,
                   ...) {
    char text[sizeof(r->err->text)];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return sg_fail_at(r->err, code, sg_docs_pos(r->set, loc), "%s", text);
}

/* A file that kustomize reads. */
static bool is_kustomize(const struct sg_reader *r) {
    return r->opts->manifests || r->opts->yaml11;
}

static int next_event(struct sg_reader *r, yaml_event_t *event) {
    if (!yaml_parser_parse(&r->parser, event)) {
        return sg_reader_fault(r);
    }
    if (r->mend.text && event->type == YAML_SCALAR_EVENT) {
        sg_reader_unmend(r, event);
    }
    return is_kustomize(r) ? sg_reader_refuse(r, event) : 0;
}

static void event_delete(yaml_event_t *event) {
    yaml_event_delete(event);
}
#define auto_event SG_CLEANUP(event_delete) yaml_event_t

static enum sg_tag tag_of_suffix(const char *suffix) {
    static const struct {
        const char *name;
        enum sg_tag tag;
    } known[] = {
        {"str", SG_TAG_STR},     {"null", SG_TAG_NULL},
        {"bool", SG_TAG_BOOL},   {"int", SG_TAG_INT},
        {"float", SG_TAG_FLOAT}, {"timestamp", SG_TAG_TIMESTAMP},
        {"merge", SG_TAG_MERGE}, {"binary", SG_TAG_BINARY},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(known); i++) {
        if (strcmp(suffix, known[i].name) == 0) {
            return known[i].tag;
        }
    }
    return SG_TAG_OTHER;
}

/* An explicit tag, or what the text resolves to. The tag "!" alone is no tag where
 * kustomize reads a resource, and a string's by YAML 1.1. */
static enum sg_tag scalar_tag(const struct sg_reader *r, const yaml_event_t *event) {
    static const char core[] = "tag:yaml.org,2002:";
    const char *tag = (const char *)event->data.scalar.tag;
    const char *text = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    if (tag && strncmp(tag, core, sizeof(core) - 1) == 0) {
        return tag_of_suffix(tag + sizeof(core) - 1);
    }
    if (tag && (strcmp(tag, "!") != 0 || r->opts->yaml11)) {
        return strcmp(tag, "!") == 0 ? SG_TAG_STR : SG_TAG_OTHER;
    }
    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) {
        return SG_TAG_STR;
    }
    return r->opts->yaml11 ? sg_resolve_yaml11(text, len) : sg_resolve_read(text, len);
}

static enum sg_style scalar_style(yaml_scalar_style_t style) {
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return SG_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return SG_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE:
        return SG_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE:
        return SG_FOLDED;
    case YAML_ANY_SCALAR_STYLE:
    case YAML_PLAIN_SCALAR_STYLE:
        break;
    }
    return SG_PLAIN;
}

static struct sg_anchor *open_anchor(struct sg_reader *r, const yaml_char_t *name) {
    if (!name) {
        return NULL;
    }
    struct sg_anchor *anchor = sg_arena_alloc(&r->set->arena, sizeof(*anchor));
    sg_strmap_put(&r->anchors, (const char *)name, strlen((const char *)name), anchor);
    return anchor;
}

static struct sg_node *read_scalar(struct sg_reader *r, const yaml_event_t *event) {
    struct sg_node *node = sg_scalar_new(r->set, (const char *)event->data.scalar.value,
                                         event->data.scalar.length, scalar_tag(r, event),
                                         scalar_style(event->data.scalar.style));
    struct sg_anchor *anchor = open_anchor(r, event->data.scalar.anchor);
    if (anchor) {
        anchor->node = node;
    }
    return node;
}

/* For kustomize a key that is a map or a list is equal to no other, and fails only where
 * it is written: its name is one that no text has. */
static int name_odd_key(struct sg_reader *r, struct sg_entry *entry) {
    char name[32];
    int len = snprintf(name, sizeof(name), SG_YAML_ODD_KEY "%u", entry->key_loc);
    entry->key = sg_atom_intern(r->set->atoms, name, (size_t)len, r->err);
    entry->key_tag = SG_TAG_OTHER;
    return entry->key ? 0 : -1;
}

/* A key that is an alias of a scalar. */
static int alias_key(struct sg_reader *r, const yaml_event_t *event,
                     struct sg_entry *entry) {
    const struct sg_node *key = sg_reader_alias(r, event);
    if (!key) {
        return -1;
    }
    if (!sg_is_scalar(key) && r->opts->manifests) {
        return name_odd_key(r, entry);
    }
    if (!sg_is_scalar(key)) {
        return sg_reader_fail(r, SG_E_INPUT, key->loc,
                              "found an alias of a map or list as a key, expected one of "
                              "a scalar");
    }
    entry->key = sg_atom_intern(r->set->atoms, key->text, key->len, r->err);
    entry->key_tag = key->tag;
    entry->key_style = key->style;
    return entry->key ? 0 : -1;
}

/* No node is made for the usual key. */
static int scalar_key(struct sg_reader *r, const yaml_event_t *event,
                      struct sg_entry *entry) {
    if (event->data.scalar.anchor) {
        (void)read_scalar(r, event);
    }
    entry->key = sg_atom_intern(r->set->atoms, (const char *)event->data.scalar.value,
                                event->data.scalar.length, r->err);
    entry->key_tag = (uint8_t)scalar_tag(r, event);
    entry->key_style = (uint8_t)scalar_style(event->data.scalar.style);
    return entry->key ? 0 : -1;
}

static struct sg_node *read_node(struct sg_reader *r, const yaml_event_t *event,
                                 unsigned depth);

static int odd_key(struct sg_reader *r, const yaml_event_t *event, unsigned depth,
                   struct sg_entry *entry) {
    if (!r->opts->manifests) {
        return sg_reader_fail(r, SG_E_INPUT, entry->key_loc,
                              "found a map or list as a key, expected a scalar");
    }
    return name_odd_key(r, entry) == 0 && read_node(r, event, depth) ? 0 : -1;
}

static int read_key(struct sg_reader *r, const yaml_event_t *event, unsigned depth,
                    struct sg_entry *entry) {
    entry->key_loc = sg_reader_loc(r, &event->start_mark);
    int rc = event->type == YAML_SCALAR_EVENT  ? scalar_key(r, event, entry)
             : event->type == YAML_ALIAS_EVENT ? alias_key(r, event, entry)
                                               : odd_key(r, event, depth, entry);
    return rc == 0 ? 0 : sg_err_locate(r->err, sg_docs_pos(r->set, entry->key_loc));
}

/* The value of a key, or an item of a list, with the comment above it. */
static struct sg_node *read_value(struct sg_reader *r, const yaml_event_t *event,
                                  unsigned depth, bool item) {
    if (!r->comments.on) {
        return read_node(r, event, depth);
    }
    struct sg_comments_at at = r->comments;
    struct sg_node *node = read_node(r, event, depth);
    if (node) {
        sg_comments_above(r, node, event, &at, item);
    }
    return node;
}

static int read_map(struct sg_reader *r, const yaml_event_t *start, struct sg_node *map,
                    unsigned depth) {
    size_t first = r->entries.len;
    for (;;) {
        auto_event key = {0};
        if (next_event(r, &key)) {
            return -1;
        }
        if (key.type == YAML_MAPPING_END_EVENT) {
            sg_spans_collection(r, map, start, &key);
            sg_comments_end(r, map, start, &key);
            return sg_reader_close_map(r, map, first);
        }
        struct sg_entry entry = {0};
        auto_event value = {0};
        if (read_key(r, &key, depth, &entry)) {
            return -1;
        }
        if (r->comments.on) {
            sg_comments_key(r, &entry, &key);
        }
        if (next_event(r, &value)) {
            return -1;
        }
        entry.value = read_value(r, &value, depth, false);
        if (!entry.value) {
            return -1;
        }
        sg_spans_key(r, entry.key_loc, &key);
        sg_vec_push(&r->entries, entry);
    }
}

static int read_seq(struct sg_reader *r, const yaml_event_t *start, struct sg_node *seq,
                    unsigned depth) {
    size_t first = r->items.len;
    for (;;) {
        auto_event event = {0};
        if (next_event(r, &event)) {
            return -1;
        }
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            sg_spans_collection(r, seq, start, &event);
            sg_comments_end(r, seq, start, &event);
            break;
        }
        struct sg_node *item = read_value(r, &event, depth, true);
        if (!item) {
            return -1;
        }
        sg_vec_push(&r->items, item);
    }
    size_t count = r->items.len - first;
    seq->items = sg_arena_alloc(&r->set->arena, count * sizeof(*seq->items));
    if (count > 0) {
        memcpy(seq->items, r->items.items + first, count * sizeof(*seq->items));
    }
    seq->len = seq->cap = (uint32_t)count;
    r->items.len = first;
    return 0;
}

static struct sg_node *read_collection(struct sg_reader *r, const yaml_event_t *event,
                                       unsigned depth) {
    bool is_map = event->type == YAML_MAPPING_START_EVENT;
    if (depth >= SG_YAML_MAX_DEPTH) {
        sg_reader_fail(r, SG_E_LIMIT, sg_reader_loc(r, &event->start_mark),
                       "found more than %d levels of nesting", SG_YAML_MAX_DEPTH);
        return NULL;
    }
    struct sg_node *node = is_map ? sg_map_new(r->set) : sg_seq_new(r->set);
    node->loc = sg_reader_loc(r, &event->start_mark);
    node->flow = is_map ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                        : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    struct sg_anchor *anchor = open_anchor(r, is_map ? event->data.mapping_start.anchor
                                                     : event->data.sequence_start.anchor);
    if (is_map ? read_map(r, event, node, depth + 1)
               : read_seq(r, event, node, depth + 1)) {
        return NULL;
    }
    if (anchor) {
        anchor->node = node;
    }
    return node;
}

static struct sg_node *read_node(struct sg_reader *r, const yaml_event_t *event,
                                 unsigned depth) {
    struct sg_node *node = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        node = read_scalar(r, event);
        node->loc = sg_reader_loc(r, &event->start_mark);
        sg_spans_scalar(r, node, event);
        sg_comments_end(r, node, event, event);
    } else if (event->type == YAML_ALIAS_EVENT) {
        node = sg_reader_alias(r, event);
        if (node) {
            sg_spans_scalar(r, node, event);
            sg_comments_end(r, node, event, event);
        }
    } else {
        node = read_collection(r, event, depth);
    }
    return node;
}

/* Reads the next document's root. 1: it was there (NULL for an empty document); 0: the
 * stream is over; -1: error. */
static int read_document(struct sg_reader *r, struct sg_node **root) {
    auto_event event = {0};
    do {
        yaml_event_delete(&event);
        if (next_event(r, &event)) {
            return -1;
        }
        if (event.type == YAML_STREAM_END_EVENT) {
            return 0;
        }
    } while (event.type == YAML_STREAM_START_EVENT ||
             event.type == YAML_DOCUMENT_START_EVENT ||
             event.type == YAML_DOCUMENT_END_EVENT);
    *root = read_node(r, &event, 0);
    if (!*root) {
        return -1;
    }
    auto_event end = {0};
    if (next_event(r, &end)) {
        return -1;
    }
    if (sg_is_null(*root)) {
        *root = NULL;
    }
    sg_strmap_release(&r->anchors);
    return 1;
}

static int keep_root(struct sg_reader *r, struct sg_node *root,
                     struct sg_yaml_docs *out) {
    if (root && out->roots.len >= SG_YAML_MAX_DOCUMENTS) {
        return sg_reader_fail(r, SG_E_LIMIT, root->loc,
                              "found more than %d documents in one file",
                              SG_YAML_MAX_DOCUMENTS);
    }
    if (root) {
        sg_vec_push(&out->roots, root);
    }
    return 0;
}

/* Kustomize turns CRLF into LF before it parses. libyaml takes CRLF as one line break
 * anyway, so only a CR before a CRLF makes a difference: without its neighbour it would
 * be a line break of its own. */
static void drop_returns(struct sg_reader *r, struct sg_chunk chunk) {
    const char *text = r->text + chunk.start;
    size_t len = chunk.end - chunk.start;
    sg_marks_init(&r->marks, text, len, chunk.start);
    if (!r->opts->manifests || !memchr(text, '\r', len) ||
        !memmem(text, len, "\r\r\n", 3)) {
        return;
    }
    char *copy = sg_arena_alloc(&r->set->arena, len);
    uint32_t *dropped = sg_arena_alloc(&r->set->arena, len * sizeof(*dropped));
    size_t kept = 0, count = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n') {
            dropped[count++] = (uint32_t)kept;
        } else {
            copy[kept++] = text[i];
        }
    }
    sg_marks_init(&r->marks, copy, kept, chunk.start);
    r->marks.dropped = dropped;
    r->marks.dropped_len = count;
}

static void parser_release(struct sg_reader *r) {
    yaml_parser_delete(&r->parser);
    sg_strmap_release(&r->anchors);
    r->entries.len = r->items.len = 0;
    r->flow = 0;
}

static int check_directives(struct sg_reader *r, struct sg_chunk chunk) {
    static const char tag[] = "%TAG";
    const char *at = r->text + chunk.start, *end = r->text + chunk.end;
    for (size_t count = 0; at != NULL && (size_t)(end - at) >= sizeof(tag) - 1;) {
        if (memcmp(at, tag, sizeof(tag) - 1) == 0 && ++count > SG_YAML_MAX_TAGS) {
            return sg_reader_fail(r, SG_E_LIMIT, r->base + (uint32_t)(at - r->text),
                                  "found more than %d %%TAG directives",
                                  SG_YAML_MAX_TAGS);
        }
        at = memchr(at, '\n', (size_t)(end - at));
        if (at != NULL) {
            at++;
        }
    }
    return 0;
}

static int parse_chunk(struct sg_reader *r, struct sg_yaml_docs *out) {
    if (!yaml_parser_initialize(&r->parser)) {
        SG_BUG("yaml_parser_initialize: out of memory");
    }
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)r->marks.text,
                                 r->marks.len);
    int more;
    do {
        struct sg_node *root = NULL;
        more = read_document(r, &root);
        if (more > 0 && keep_root(r, root, out)) {
            more = -1;
        }
    } while (more > 0 && !is_kustomize(r));
    return more < 0 ? -1 : 0;
}

static int read_chunk(struct sg_reader *r, struct sg_chunk chunk,
                      struct sg_yaml_docs *out) {
    static const char bom[] = "\xEF\xBB\xBF";
    if (chunk.end - chunk.start >= 3 && memcmp(r->text + chunk.start, bom, 3) == 0) {
        chunk.start += 3;
    }
    if (check_directives(r, chunk)) {
        return -1;
    }
    drop_returns(r, chunk);
    size_t roots = out->roots.len, alias_nodes = r->alias_nodes;
    uint32_t content_end = r->content_end;
    int rc = parse_chunk(r, out);
    while (rc < 0 && is_kustomize(r) && sg_reader_mend(r)) {
        parser_release(r);
        out->roots.len = roots;
        r->alias_nodes = alias_nodes;
        r->content_end = content_end;
        sg_err_clear(r->err);
        rc = parse_chunk(r, out);
    }
    parser_release(r);
    sg_marks_release(&r->marks);
    memset(&r->mend, 0, sizeof(r->mend));
    return rc;
}

static int read_chunks(struct sg_reader *r, const struct sg_chunks *chunks,
                       struct sg_yaml_docs *out) {
    for (size_t i = 0; i < chunks->items.len; i++) {
        if (read_chunk(r, chunks->items.items[i], out) == 0) {
            continue;
        }
        if (!r->opts->tolerant) {
            return -1;
        }
        if (r->opts->broken) {
            r->opts->broken(r->opts->broken_ctx, r->err);
        }
        sg_err_clear(r->err);
    }
    return 0;
}

/* Splices need the file's own bytes, and half a character is no text. */
static int refuse_utf16(const char *name, struct sg_err *err) {
    sg_fail_at(err, SG_E_INPUT, (struct sg_pos){name, 1, 1},
               "found UTF-16 text, expected UTF-8");
    return sg_err_hint(err, "save the file as UTF-8");
}

int sg_yaml_read(struct sg_docs *set, const char *name, const char *text, size_t len,
                 const struct sg_yaml_opts *opts, struct sg_yaml_docs *out,
                 struct sg_err *err) {
    static const struct sg_yaml_opts defaults = {0};
    struct sg_err unseen = {0};
    sg_auto_buf decoded = SG_BUF_INIT;
    bool utf16 = sg_utf16_is(text, len);
    if (utf16) {
        if ((opts && opts->edit) || !sg_utf16_decode(text, len, &decoded)) {
            return refuse_utf16(name, err);
        }
        text = sg_buf_cstr(&decoded);
        len = decoded.len;
    }
    int index = sg_docs_add_source(set, name, text, len, err);
    if (index < 0) {
        return -1;
    }
    const struct sg_source *source = &set->sources.items[index];
    struct sg_reader r = {.set = set,
                          .opts = opts ? opts : &defaults,
                          .err = err ? err : &unseen,
                          .text = source->text,
                          .base = source->base};
    struct sg_chunks chunks = {0};
    sg_vec_reserve(&r.entries, 64); /* never NULL, so that slices of none are fine */
    sg_vec_reserve(&r.items, 64);
    if (r.opts->edit) {
        sg_spans_begin(&r);
    }
    if (r.opts->comments) {
        sg_comments_begin(&r, len);
    }
    int rc = 0;
    /* kustomize splits bytes, and finds no line of dashes in UTF-16 */
    if (!utf16 && (r.opts->manifests || r.opts->tolerant)) {
        rc = sg_chunks_split(set, r.text, len, r.base, !r.opts->tolerant, &chunks, r.err);
    } else {
        sg_vec_push(&chunks.items, (struct sg_chunk){0, (uint32_t)len});
    }
    if (rc == 0) {
        rc = read_chunks(&r, &chunks, out);
    }
    sg_vec_release(&chunks.items);
    sg_vec_release(&r.entries);
    sg_vec_release(&r.items);
    return rc;
}

void sg_yaml_docs_release(struct sg_yaml_docs *docs) {
    sg_vec_release(&docs->roots);
}
