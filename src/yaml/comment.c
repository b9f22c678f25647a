/*
 * comment.c - comments that may be schemas, attached as kustomize's parser does it: after
 * a key or a value on its line, or above a key or an item.
 *
 * libyaml drops comments. Where a file has one that begins with a brace, the text around
 * each key and value is looked at; only what stands between tokens is, so that a hash
 * inside a scalar is none.
 */
#include "reader.h"

#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* The text of a comment from its brace on; NULL where it has none. */
static const char *brace_of(const char *hash) {
    const char *at = hash + strspn(hash, "#");
    at += strspn(at, " \t\r");
    return *at == '{' ? at : NULL;
}

/* A scalar, a flow collection or an alias ends here. */
static void leaf(struct sg_reader *r, uint32_t end) {
    r->comments.from = end;
    r->comments.key = false;
    r->comments.closed = r->comments.inner = UINT32_MAX;
}

void sg_comments_begin(struct sg_reader *r, size_t len) {
    const char *end = r->text + len;
    for (const char *at = r->text; (at = memchr(at, '#', (size_t)(end - at))) != NULL;) {
        if (brace_of(at) != NULL) {
            r->comments.on = true;
            leaf(r, 0);
            return;
        }
        at += strspn(at, "#");
    }
}

static void note(struct sg_reader *r, uint32_t loc, bool key, const char *brace) {
    struct sg_str text = {brace, strcspn(brace, "\r\n")};
    sg_docs_add_comment(r->set, loc, key, text);
}

static uint32_t byte_of(struct sg_reader *r, const yaml_mark_t *mark) {
    return sg_reader_loc(r, mark) - r->base;
}

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t");
}

/* The comment on the key's line: after the key, or after its colon. */
static const char *after_key(const char *at) {
    at = skip_blanks(at);
    if (*at == '#') {
        return at;
    }
    at += strspn(at, " \t\r\n"); /* the colon of a ? key stands on a line of its own */
    if (*at != ':') {
        return NULL;
    }
    at = skip_blanks(at + 1);
    return *at == '#' ? at : NULL;
}

/* The blocks of comment lines above a key or item, from below. */
struct above {
    const char *begin; /* where the last scalar ends */
    uint32_t deep;     /* a line indented so deep belongs to what stands above */
    const char *first; /* the hash of the upper block's first line; NULL: none */
    const char *lower; /* that of the block below it */
    bool any;          /* a block was seen */
    bool parted;       /* an empty line stands below the upper block */
    bool gap;          /* … or above what was seen so far */
    bool open;         /* above stand a key or a dash, which are followed by nothing */
};

static const char *line_start(const struct sg_reader *r, const char *at) {
    while (at > r->text && at[-1] != '\n') {
        at--;
    }
    return at;
}

/* The comment that alone stands on a line, also behind the dash of an item. */
static const char *hash_of_line(const char *line, bool *dash) {
    static const char bom[] = "\xEF\xBB\xBF";
    const char *at = skip_blanks(line + (strncmp(line, bom, 3) == 0 ? 3 : 0));
    *dash = *at == '-' && is_blank(at[1]);
    if (*dash) {
        at = skip_blanks(at + 1);
    }
    return *at == '#' ? at : NULL;
}

static bool is_empty_line(const char *line) {
    const char *at = skip_blanks(line);
    return *at == '\n' || *at == '\r';
}

static void add_line(struct above *above, const char *line, const char *hash) {
    if (!above->any || above->gap) {
        above->lower = above->first;
        above->first = NULL;
        above->parted = above->gap;
    }
    above->any = true;
    above->gap = false;
    if ((size_t)(hash - line) < above->deep) {
        above->first = hash;
    }
}

static void look_up(const struct sg_reader *r, struct above *above, const char *line) {
    while (line > above->begin) {
        bool dash;
        line = line_start(r, line - 1);
        if (line < above->begin) {
            return;
        }
        const char *hash = hash_of_line(line, &dash);
        if (hash != NULL) {
            add_line(above, line, hash);
            above->open = above->open || dash;
        } else if (is_empty_line(line)) {
            above->gap = line > r->text; /* at the top it makes no difference */
        }
        if (dash || (hash == NULL && !is_empty_line(line))) {
            return;
        }
    }
    /* a block scalar ends behind the empty lines after it */
    above->gap = above->gap || (line > r->text && line == above->begin &&
                                is_empty_line(line_start(r, line - 1)));
}

/* The hash of the comment above the line `line`, or NULL. A block that touches what
 * stands above it, but not what follows, belongs to the former. */
static const char *head_of(const struct sg_reader *r, const char *line,
                           struct above above) {
    look_up(r, &above, line);
    bool foot = above.parted && !above.gap && !above.open;
    return foot || above.first == NULL ? above.lower : above.first;
}

/* The column from which on a comment belongs to a block that ended before `column`. */
static uint32_t deep_at(const struct sg_comments_at *at, uint32_t column) {
    uint32_t closed = at->closed > column ? at->closed : at->inner;
    return closed != UINT32_MAX && closed > column ? column + 1 : UINT32_MAX;
}

/* Whether nothing but `marks` and blanks stand before `at` on its line. */
static bool opens_line(const struct sg_reader *r, const char *at, const char *marks) {
    while (at > r->text && at[-1] != '\n') {
        at--;
        if (!is_blank(*at) && (strchr(marks, *at) == NULL || *at == '\0')) {
            return false;
        }
    }
    return true;
}

void sg_comments_key(struct sg_reader *r, struct sg_entry *entry,
                     const yaml_event_t *key) {
    if (!r->comments.on) {
        return;
    }
    const char *start = r->text + byte_of(r, &key->start_mark);
    uint32_t end = byte_of(r, &key->end_mark);
    const char *hash = r->flow == 0 ? after_key(r->text + end) : NULL;
    if (hash == NULL && opens_line(r, start, "?")) {
        struct above above = {.begin = r->text + r->comments.from,
                              .deep =
                                  deep_at(&r->comments, (uint32_t)key->start_mark.column),
                              .open = r->comments.key};
        hash = head_of(r, line_start(r, start), above);
    }
    const char *brace = hash != NULL ? brace_of(hash) : NULL;
    if (brace != NULL) {
        note(r, entry->key_loc, true, brace);
        entry->comment = true;
    }
    leaf(r, end);
    r->comments.key = true;
}

/* The line that holds the dash of the item at `at`, which may stand above it. */
static const char *dash_line(const struct sg_reader *r, const char *at, uint32_t from) {
    const char *line = line_start(r, at);
    if (*skip_blanks(line) == '-') {
        return opens_line(r, at, "-") ? line : NULL;
    }
    while (line > r->text + from) {
        bool dash;
        line = line_start(r, line - 1);
        const char *hash = hash_of_line(line, &dash);
        const char *text = skip_blanks(line);
        if (dash || (*text == '-' && is_empty_line(text + 1))) {
            return line;
        }
        if (hash == NULL && !is_empty_line(line)) {
            return NULL;
        }
    }
    return NULL;
}

void sg_comments_above(struct sg_reader *r, struct sg_node *node,
                       const yaml_event_t *start, const struct sg_comments_at *at,
                       bool item) {
    if (!r->comments.on || node->comment || sg_is_scalar(node) ||
        (!item && !node->flow)) {
        return;
    }
    const char *begin = r->text + byte_of(r, &start->start_mark);
    const char *line = item && r->flow == 0       ? dash_line(r, begin, at->from)
                       : opens_line(r, begin, "") ? line_start(r, begin)
                                                  : NULL;
    if (line == NULL) {
        return;
    }
    uint32_t column = (uint32_t)(skip_blanks(line) - line);
    struct above above = {
        .begin = r->text + at->from, .deep = deep_at(at, column), .open = at->key};
    const char *hash = head_of(r, line, above);
    if (hash != NULL && item && r->flow == 0 &&
        (uint32_t)(hash - line_start(r, hash)) < column && !at->key) {
        hash = NULL;
    }
    const char *brace = hash != NULL ? brace_of(hash) : NULL;
    if (brace != NULL) {
        note(r, node->loc, false, brace);
        node->comment = true;
    }
}

static bool is_block(const yaml_event_t *start) {
    return (start->type == YAML_MAPPING_START_EVENT &&
            start->data.mapping_start.style != YAML_FLOW_MAPPING_STYLE) ||
           (start->type == YAML_SEQUENCE_START_EVENT &&
            start->data.sequence_start.style != YAML_FLOW_SEQUENCE_STYLE);
}

/* A comment after a value: of scalars only a null can be merged with a list, and that of
 * an empty one is its key's. One that is no schema still hides a comment above. */
static void note_after(struct sg_reader *r, struct sg_node *node, const char *at) {
    at = skip_blanks(at);
    if (*at == ',' && !sg_is_scalar(node)) {
        at = skip_blanks(at + 1);
    }
    bool null = node->kind == SG_SCALAR && node->tag == SG_TAG_NULL && node->len > 0;
    if (*at != '#' || (sg_is_scalar(node) && !null)) {
        return;
    }
    const char *brace = brace_of(at);
    note(r, node->loc, false, brace != NULL ? brace : "");
    node->comment = true;
}

void sg_comments_end(struct sg_reader *r, struct sg_node *node, const yaml_event_t *start,
                     const yaml_event_t *end) {
    if (!r->comments.on) {
        return;
    }
    if (is_block(start)) {
        r->comments.inner = r->comments.closed;
        r->comments.closed = (uint32_t)start->start_mark.column;
        return;
    }
    uint32_t at = byte_of(r, &end->end_mark);
    if (start->type != YAML_ALIAS_EVENT) {
        note_after(r, node, r->text + at);
    }
    bool written = !(sg_is_scalar(node) && end->start_mark.index == end->end_mark.index);
    if (at > r->comments.from && written) {
        leaf(r, at);
    }
}
