/* Edits of a customer's file, as splices. */
#include "inline.h"
#include "spans.h"

#include <string.h>

static bool place_of(const struct sg_docs *set, const struct sg_node *owner,
                     uint32_t index, struct sg_yaml_place *out) {
    return sg_is_map(owner) ? sg_yaml_entry_place(set, owner, index, out)
                            : sg_yaml_item_place(set, owner, index, out);
}

static bool has_comment(const struct sg_source *source, uint32_t start, uint32_t end) {
    return start < end && memchr(source->text + start, '#', end - start) != NULL;
}

/* Where the contents of a flow collection begin; false for the pair in [a: 1], a map
 * without braces. */
static bool after_brace(const struct sg_docs *set, const struct sg_node *owner,
                        const struct sg_yaml_place *place, struct sg_span *inside) {
    if (!sg_yaml_span(set, owner, inside)) {
        return false;
    }
    const char *text = place->source->text + inside->start;
    const char *open =
        memchr(text, sg_is_map(owner) ? '{' : '[', place->text.start - inside->start);
    inside->start = (uint32_t)((open ? open + 1 : text) - place->source->text);
    inside->end--;
    return open != NULL;
}

/* {a: 1, b: 2}: with the comma after it, or for the last with the one before it. */
static bool delete_flow(const struct sg_docs *set, const struct sg_node *owner,
                        uint32_t index, const struct sg_yaml_place *place,
                        struct sg_splices *out) {
    struct sg_yaml_place near;
    struct sg_span inside;
    uint32_t start, end;
    if (!after_brace(set, owner, place, &inside)) {
        return false;
    }
    if (owner->len == 1) {
        start = inside.start;
        end = inside.end;
    } else if (index + 1 < owner->len) {
        if (!place_of(set, owner, index + 1, &near)) {
            return false;
        }
        start = place->text.start;
        end = near.text.start;
    } else {
        if (!place_of(set, owner, index - 1, &near)) {
            return false;
        }
        start = near.text.end;
        end = place->text.end;
    }
    if (has_comment(place->source, start, place->text.start) ||
        has_comment(place->source, place->text.end, end)) {
        return false;
    }
    sg_splices_add(out, start, end, "", 0);
    return true;
}

/* "- a: 1" with b below it: b moves up behind the dash. */
static bool delete_shared_line(const struct sg_docs *set, const struct sg_node *owner,
                               uint32_t index, const struct sg_yaml_place *place,
                               struct sg_splices *out) {
    struct sg_yaml_place next;
    if (index + 1 >= owner->len || !place_of(set, owner, index + 1, &next)) {
        return false;
    }
    uint32_t end = place->text.end;
    bool at_line = end > 0 && place->source->text[end - 1] == '\n';
    if (has_comment(place->source, at_line ? end : sg_line_end(place->source, end),
                    next.text.start)) {
        return false;
    }
    sg_splices_add(out, place->text.start, next.text.start, "", 0);
    return true;
}

/* The last one: {} or [] in its place, the list deeper than a key it stood flush with. */
static void leave_empty(const struct sg_node *owner, const struct sg_yaml_place *place,
                        struct sg_splices *out) {
    bool at_line = place->source->text[place->text.end - 1] == '\n';
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_addf(&text, "%s%s%s", !sg_is_map(owner) && place->own_lines ? "  " : "",
                sg_is_map(owner) ? "{}" : "[]", at_line ? "\n" : "");
    sg_splices_add(out, place->text.start, place->text.end, text.ptr, text.len);
}

static bool delete_at(const struct sg_docs *set, const struct sg_node *owner,
                      uint32_t index, struct sg_splices *out) {
    struct sg_yaml_place place;
    if (!place_of(set, owner, index, &place)) {
        return false;
    }
    if (place.flow) {
        return delete_flow(set, owner, index, &place, out);
    }
    if (owner->len == 1) {
        leave_empty(owner, &place, out);
        return true;
    }
    if (!place.own_lines) {
        return delete_shared_line(set, owner, index, &place, out);
    }
    sg_splices_add(out, place.lines.start, place.lines.end, "", 0);
    return true;
}

bool sg_yaml_delete_entry(const struct sg_docs *set, const struct sg_node *map,
                          uint32_t index, struct sg_splices *out) {
    return delete_at(set, map, index, out);
}

bool sg_yaml_delete_item(const struct sg_docs *set, const struct sg_node *seq,
                         uint32_t index, struct sg_splices *out) {
    return delete_at(set, seq, index, out);
}

/* The entries [from, to) of a flow map, with the commas between them and what stays. */
static bool delete_flow_run(const struct sg_docs *set, const struct sg_node *map,
                            uint32_t from, uint32_t to, struct sg_splices *out) {
    struct sg_yaml_place first, last, near;
    bool at_end = to == map->len;
    if (!place_of(set, map, from, &first) || !place_of(set, map, to - 1, &last) ||
        !place_of(set, map, at_end ? from - 1 : to, &near)) {
        return false;
    }
    uint32_t start = at_end ? near.text.end : first.text.start;
    uint32_t end = at_end ? last.text.end : near.text.start;
    if (has_comment(first.source, start, end)) {
        return false;
    }
    sg_splices_add(out, start, end, "", 0);
    return true;
}

/* The entries [from, to) of a block map; the first may share its line with a dash, which
 * then takes what follows. */
static bool delete_block_run(const struct sg_docs *set, const struct sg_node *map,
                             uint32_t from, uint32_t to, struct sg_splices *out) {
    struct sg_yaml_place place, next;
    if (!place_of(set, map, from, &place)) {
        return false;
    }
    if (!place.own_lines) {
        if (to == from + 1) {
            return delete_shared_line(set, map, from, &place, out);
        }
        if (to == map->len || !place_of(set, map, to, &next) ||
            has_comment(place.source, place.text.start, next.text.start)) {
            return false;
        }
        sg_splices_add(out, place.text.start, next.text.start, "", 0);
        return true;
    }
    for (uint32_t i = from; i < to; i++) {
        if (!place_of(set, map, i, &place) || !place.own_lines) {
            return false;
        }
        sg_splices_add(out, place.lines.start, place.lines.end, "", 0);
    }
    return true;
}

bool sg_yaml_delete_entries(const struct sg_docs *set, const struct sg_node *map,
                            const bool *gone, struct sg_splices *out) {
    size_t before = out->items.len;
    for (uint32_t from = 0, to; from < map->len; from = to + 1) {
        for (to = from; to < map->len && gone[to];) {
            to++;
        }
        if (to == from) {
            continue;
        }
        bool all = from == 0 && to == map->len;
        if (all ||
            !(map->flow ? delete_flow_run : delete_block_run)(set, map, from, to, out)) {
            while (out->items.len > before) {
                free(out->items.items[--out->items.len].text);
            }
            return false;
        }
    }
    return true;
}

/* The line end this file uses, by the line of `at`. */
static const char *line_end_of(const struct sg_source *source, uint32_t at) {
    uint32_t end = sg_line_end(source, at);
    return end >= 2 && source->text[end - 1] == '\n' && source->text[end - 2] == '\r'
               ? "\r\n"
               : "\n";
}

static void add_indented(const char *text, size_t len, uint32_t indent,
                         const char *line_end, struct sg_buf *out) {
    const char *at = text, *end = text + len;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t line = stop ? (size_t)(stop - at) : (size_t)(end - at);
        for (uint32_t i = 0; line > 0 && i < indent; i++) {
            sg_buf_addc(out, ' ');
        }
        sg_buf_add(out, at, line);
        sg_buf_adds(out, line_end);
        at += line + 1;
    }
}

/* "key: value" as a document of its own. */
static bool entry_text(const struct sg_docs *set, const char *key,
                       const struct sg_node *value, struct sg_buf *out) {
    const struct sg_atom atom = {key, (uint32_t)strlen(key)};
    struct sg_err unused = {0};
    struct sg_node *copy = sg_xmalloc(sizeof(*copy)); /* an entry's value is not const */
    memcpy(copy, value, sizeof(*copy));
    struct sg_entry entry = {.key = &atom, .value = copy, .key_tag = SG_TAG_STR};
    const struct sg_node map = {.kind = SG_MAP, .len = 1, .cap = 1, .entries = &entry};
    int rc = sg_yaml_write(set, &map, out, &unused);
    free(copy);
    return rc == 0;
}

static bool insert_flow(const struct sg_docs *set, const struct sg_node *map,
                        const struct sg_yaml_place *place, const char *key,
                        const struct sg_node *value, struct sg_splices *out) {
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_span inside;
    if (!after_brace(set, map, place, &inside)) {
        return false;
    }
    sg_buf_adds(&text, ", ");
    if (sg_inline_string_ok(key, strlen(key))) {
        sg_buf_adds(&text, key);
    } else {
        sg_inline_quote(key, strlen(key), &text);
    }
    sg_buf_adds(&text, ": ");
    sg_yaml_inline(value, &text);
    sg_splices_add(out, place->text.end, place->text.end, sg_buf_cstr(&text), text.len);
    return true;
}

bool sg_yaml_insert_entry(const struct sg_docs *set, const struct sg_node *map,
                          uint32_t after, const char *key, const struct sg_node *value,
                          struct sg_splices *out) {
    struct sg_yaml_place place;
    sg_auto_buf lines = SG_BUF_INIT, text = SG_BUF_INIT;
    if (!sg_yaml_entry_place(set, map, after, &place)) {
        return false;
    }
    if (place.flow) {
        return insert_flow(set, map, &place, key, value, out);
    }
    if (!entry_text(set, key, value, &lines)) {
        return false;
    }
    struct sg_yaml_comments comments;
    sg_yaml_comments_of(&place, &comments);
    uint32_t at = comments.bottom.end;
    const char *line_end = line_end_of(place.source, place.text.start);
    if (at > 0 && place.source->text[at - 1] != '\n') {
        sg_buf_adds(&text, line_end); /* the file's last line has no end */
    }
    add_indented(lines.ptr, lines.len, place.indent, line_end, &text);
    sg_splices_add(out, at, at, sg_buf_cstr(&text), text.len);
    return true;
}

/* --- scalars --- */

static void single_quoted(const char *text, size_t len, struct sg_buf *out) {
    sg_buf_addc(out, '\'');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\'') {
            sg_buf_addc(out, '\'');
        }
        sg_buf_addc(out, text[i]);
    }
    sg_buf_addc(out, '\'');
}

static bool is_one_line(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F) {
            return false;
        }
    }
    return true;
}

/* Whether a literal block can hold the text without an indentation indicator. */
static bool fits_literal(const char *text, size_t len) {
    if (len == 0 || strchr(" \n\t", text[0])) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (((unsigned char)text[i] < 0x20 && text[i] != '\n' && text[i] != '\t') ||
            text[i] == 0x7F) {
            return false;
        }
    }
    return true;
}

/* A literal block at the indent the scalar's lines have now; ends with a line end. */
static bool literal_block(const struct sg_docs *set, const struct sg_node *scalar,
                          const char *text, size_t len, struct sg_buf *out) {
    const struct sg_source *source = sg_docs_source(set, scalar->loc);
    struct sg_span span;
    if (!fits_literal(text, len) || !sg_yaml_span(set, scalar, &span)) {
        return false;
    }
    uint32_t line = sg_line_end(source, span.start);
    while (line < span.end && sg_skip_blanks(source, line, span.end) < span.end &&
           strchr("\r\n", source->text[sg_skip_blanks(source, line, span.end)])) {
        line = sg_line_end(source, line);
    }
    uint32_t indent = sg_skip_blanks(source, line, span.end) - line;
    if (indent == 0 || line >= span.end) {
        return false;
    }
    size_t breaks = 0;
    while (breaks < len && text[len - 1 - breaks] == '\n') {
        breaks++;
    }
    const char *line_end = line_end_of(source, span.start);
    sg_buf_addf(out, "|%s%s", breaks == 0 ? "-" : breaks == 1 ? "" : "+", line_end);
    add_indented(text, len, indent, line_end, out);
    return true;
}

static void plain_or_quoted(const struct sg_node *scalar, const char *text, size_t len,
                            struct sg_buf *out) {
    enum sg_tag type = sg_scalar_type(scalar);
    bool plain = type == SG_TAG_STR ? sg_inline_string_ok(text, len)
                                    : sg_inline_plain_ok(text, len) &&
                                          sg_resolve_read(text, len) == type;
    if (plain) {
        sg_buf_add(out, text, len);
    } else {
        sg_inline_quote(text, len, out);
    }
}

bool sg_yaml_replace_scalar(const struct sg_docs *set, const struct sg_node *scalar,
                            const char *text, size_t len, struct sg_splices *out) {
    sg_auto_buf now = SG_BUF_INIT;
    struct sg_span span;
    if (!sg_is_scalar(scalar) || !sg_yaml_span(set, scalar, &span)) {
        return false;
    }
    const struct sg_source *source = sg_docs_source(set, scalar->loc);
    if (span.end > span.start && strchr("&!*", source->text[span.start])) {
        return false;
    }
    switch ((enum sg_style)scalar->style) {
    case SG_PLAIN:
        if (span.start == span.end) {
            sg_buf_addc(&now, ' '); /* nothing was there: right behind the ':' */
        }
        plain_or_quoted(scalar, text, len, &now);
        break;
    case SG_SINGLE:
        if (is_one_line(text, len)) {
            single_quoted(text, len, &now);
        } else {
            sg_inline_quote(text, len, &now);
        }
        break;
    case SG_DOUBLE:
        sg_inline_quote(text, len, &now);
        break;
    case SG_LITERAL:
    case SG_FOLDED:
        if (!literal_block(set, scalar, text, len, &now)) {
            return false;
        }
        break;
    }
    sg_splices_add(out, span.start, span.end, sg_buf_cstr(&now), now.len);
    return true;
}
