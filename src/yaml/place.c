/* The place of map entries and list items, and the comments around them. */
#include "spans.h"

#include <string.h>

uint32_t sg_line_start(const struct sg_source *source, uint32_t at) {
    while (at > 0 && source->text[at - 1] != '\n') {
        at--;
    }
    return at;
}

uint32_t sg_line_end(const struct sg_source *source, uint32_t at) {
    const char *end = memchr(source->text + at, '\n', source->len - at);
    return end ? (uint32_t)(end - source->text) + 1 : source->len;
}

uint32_t sg_skip_blanks(const struct sg_source *source, uint32_t at, uint32_t end) {
    while (at < end && (source->text[at] == ' ' || source->text[at] == '\t')) {
        at++;
    }
    return at;
}

/* Whether nothing but blanks and a comment stands from `at` to its line's end. */
static bool rest_is_free(const struct sg_source *source, uint32_t at) {
    if (at > 0 && source->text[at - 1] == '\n') {
        return true; /* a block scalar took the line end along */
    }
    uint32_t next = sg_skip_blanks(source, at, source->len);
    return next == source->len || strchr("\r\n#", source->text[next]) != NULL;
}

/* Whether the line at `line` holds a comment alone; `*indent` is set then. */
static bool comment_line(const struct sg_source *source, uint32_t line,
                         uint32_t *indent) {
    uint32_t at = sg_skip_blanks(source, line, source->len);
    *indent = at - line;
    return at < source->len && source->text[at] == '#';
}

static struct sg_span comments_above(const struct sg_yaml_place *place) {
    uint32_t end = sg_line_start(place->source, place->text.start), start = end, indent;
    while (start > 0) {
        uint32_t line = sg_line_start(place->source, start - 1);
        if (!comment_line(place->source, line, &indent) || indent != place->indent) {
            break;
        }
        start = line;
    }
    return (struct sg_span){start, end};
}

static uint32_t after_text(const struct sg_yaml_place *place) {
    uint32_t end = place->text.end;
    bool at_line = end > 0 && place->source->text[end - 1] == '\n';
    return at_line ? end : sg_line_end(place->source, end);
}

static struct sg_span comments_below(const struct sg_yaml_place *place) {
    uint32_t start = after_text(place), end = start, indent;
    while (end < place->source->len && comment_line(place->source, end, &indent) &&
           indent > place->indent) {
        end = sg_line_end(place->source, end);
    }
    return (struct sg_span){start, end};
}

void sg_yaml_comments_of(const struct sg_yaml_place *place,
                         struct sg_yaml_comments *out) {
    const struct sg_source *source = place->source;
    *out = (struct sg_yaml_comments){0};
    /* a collection below its key: the comment stands behind the ':' */
    uint32_t head_line = sg_line_end(source, place->head_end);
    uint32_t at = place->value.start >= head_line ? place->head_end : place->text.end;
    uint32_t next = sg_skip_blanks(source, at, source->len);
    if (next < source->len && source->text[next] == '#' && next > at) {
        uint32_t end = sg_line_end(source, next);
        while (end > next && strchr("\r\n", source->text[end - 1])) {
            end--;
        }
        out->right = (struct sg_span){next, end};
    }
    if (place->flow) {
        return;
    }
    uint32_t line = sg_line_start(source, place->text.start);
    if (sg_skip_blanks(source, line, source->len) == place->text.start) {
        out->top = comments_above(place);
    }
    out->bottom = comments_below(place);
}

/* Fills what follows from `source`, `text` and `flow`. */
static void finish(struct sg_yaml_place *place) {
    const struct sg_source *source = place->source;
    uint32_t line = sg_line_start(source, place->text.start);
    struct sg_yaml_comments comments;
    place->indent = place->text.start - line;
    place->own_lines = !place->flow &&
                       sg_skip_blanks(source, line, source->len) == place->text.start &&
                       rest_is_free(source, place->text.end);
    if (!place->own_lines) {
        return;
    }
    sg_yaml_comments_of(place, &comments);
    place->lines = (struct sg_span){comments.top.start, comments.bottom.end};
}

/* The '?' of a complex key is part of the entry. */
static uint32_t entry_start(const struct sg_source *source, uint32_t key) {
    uint32_t at = key;
    while (at > 0 && (source->text[at - 1] == ' ' || source->text[at - 1] == '\t')) {
        at--;
    }
    return at > 0 && at < key && source->text[at - 1] == '?' ? at - 1 : key;
}

/* Past the ':' after a key, over line ends and comments of a complex key. */
static uint32_t key_end(const struct sg_source *source, uint32_t at, uint32_t limit) {
    uint32_t start = at;
    while (at < limit && source->text[at] != ':') {
        at = source->text[at] == '#' ? sg_line_end(source, at) : at + 1;
    }
    return at < limit ? at + 1 : start;
}

bool sg_yaml_entry_place(const struct sg_docs *set, const struct sg_node *map,
                         uint32_t index, struct sg_yaml_place *out) {
    const struct sg_entry *entry = &map->entries[index];
    struct sg_span key;
    *out = (struct sg_yaml_place){.flow = map->flow};
    if (!sg_yaml_key_span(set, entry, &key) ||
        !sg_yaml_span(set, entry->value, &out->value)) {
        return false;
    }
    out->source = sg_docs_source(set, entry->key_loc);
    uint32_t end = out->value.end > key.end ? out->value.end : key.end;
    out->text = (struct sg_span){entry_start(out->source, key.start), end};
    out->head_end = key_end(out->source, key.end, end);
    finish(out);
    return true;
}

/* The dash of a block item stands between the item before and its own node. */
static bool find_dash(const struct sg_source *source, uint32_t from, uint32_t to,
                      uint32_t *dash) {
    while (from < to && source->text[from] != '-') {
        from = source->text[from] == '#' ? sg_line_end(source, from) : from + 1;
    }
    *dash = from;
    return from < to;
}

bool sg_yaml_item_place(const struct sg_docs *set, const struct sg_node *seq,
                        uint32_t index, struct sg_yaml_place *out) {
    struct sg_span before;
    *out = (struct sg_yaml_place){.flow = seq->flow};
    if (!sg_yaml_span(set, seq->items[index], &out->value) ||
        !sg_yaml_span(set, index ? seq->items[index - 1] : seq, &before)) {
        return false;
    }
    out->source = sg_docs_source(set, seq->loc);
    out->text = out->value;
    out->head_end = out->value.start;
    uint32_t from = index ? before.end : before.start;
    if (!seq->flow) {
        if (!find_dash(out->source, from, out->value.start, &out->text.start)) {
            return false;
        }
        out->head_end = out->text.start + 1;
    }
    finish(out);
    return true;
}
