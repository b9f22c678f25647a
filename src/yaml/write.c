/* Nodes to YAML text as kustomize prints it, through libyaml's emitter. */
#include "escape.h"
#include "order.h"
#include "value.h"

#include "sg/yaml.h"

#include <string.h>
#include <yaml.h>

/* In kustomize's output a key longer than this (as JSON, in code points) is an error: its
 * reader looks no further for the ':'. */
#define KEY_POINTS_MAX 1024

struct writer {
    const struct sg_docs *set;
    struct sg_err *err;
    yaml_emitter_t emitter;
    struct sg_buf scratch, stand_in;
    struct sg_escapes escapes;
    SG_VEC(const struct sg_entry *) sorted; /* a stack: the entries of the open maps */
};

static int sink(void *ctx, unsigned char *bytes, size_t len) {
    sg_buf_add(ctx, bytes, len);
    return 1;
}

/* Only what is ours can fail in here: the events are well formed. */
static int emit(struct writer *w, yaml_event_t *event, int made) {
    if (!made) {
        return sg_fail(w->err, SG_E_INPUT, "found a string that is no UTF-8");
    }
    if (!yaml_emitter_emit(&w->emitter, event)) {
        SG_BUG(w->emitter.problem ? w->emitter.problem : "yaml_emitter_emit");
    }
    return 0;
}

static int emit_text(struct writer *w, struct sg_str text, yaml_scalar_style_t style) {
    yaml_event_t event;
    int made = yaml_scalar_event_initialize(
        &event, NULL, NULL, (const yaml_char_t *)text.ptr, (int)text.len, 1, 1, style);
    return emit(w, &event, made);
}

/*
 * Sexagesimal numbers such as 12:30 or 190:20:30.15: kustomize reads them as strings and
 * quotes them for readers that do not. [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?
 */
static bool is_sexagesimal(struct sg_str text) {
    const char *at = text.ptr, *end = text.ptr + text.len;
    unsigned parts = 0;
    if (at < end && (*at == '-' || *at == '+')) {
        at++;
    }
    if (at == end || *at < '0' || *at > '9') {
        return false;
    }
    while (at < end && ((*at >= '0' && *at <= '9') || *at == '_')) {
        at++;
    }
    for (; at < end && *at == ':'; parts++) {
        const char *digits = ++at;
        while (at < end && *at >= '0' && *at <= '9') {
            at++;
        }
        if (at == digits || at - digits > 2 || (at - digits == 2 && *digits > '5')) {
            return false;
        }
    }
    if (at < end && *at == '.') {
        for (at++; at < end && ((*at >= '0' && *at <= '9') || *at == '_');) {
            at++;
        }
    }
    return parts > 0 && at == end;
}

static bool reads_as_string(struct sg_str text) {
    enum sg_tag tag = sg_resolve_yaml11(text.ptr, text.len);
    return (tag == SG_TAG_STR || tag == SG_TAG_MERGE) && !is_sexagesimal(text);
}

/* A string: a literal block where it has lines, plain where a YAML 1.1 reader finds a
 * string again; the emitter itself then quotes what cannot be written so. */
static int emit_string(struct writer *w, uint32_t loc, struct sg_str text, bool key) {
    if (sg_value_pass_json(w->set, loc, &w->scratch, &text, w->err)) {
        return -1;
    }
    if (sg_escape_wanted(text)) {
        text = sg_escape_text(&w->escapes, text, key, &w->stand_in);
        return emit_text(w, text, YAML_PLAIN_SCALAR_STYLE);
    }
    sg_escape_see(&w->escapes, text);
    yaml_scalar_style_t style = YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    if (memchr(text.ptr, '\n', text.len)) {
        style = YAML_LITERAL_SCALAR_STYLE;
    } else if (reads_as_string(text)) {
        style = YAML_PLAIN_SCALAR_STYLE;
    }
    return emit_text(w, text, style);
}

static int write_scalar(struct writer *w, const struct sg_node *scalar, bool in_flow) {
    struct sg_value value;
    if (sg_value_of(w->set, scalar, in_flow, &w->scratch, &value, w->err)) {
        return -1;
    }
    return value.string ? emit_string(w, scalar->loc, value.text, false)
                        : emit_text(w, value.text, YAML_PLAIN_SCALAR_STYLE);
}

/* Keys of the root may be of any type but null, all others must be strings (the root is
 * decoded into a Go map with string keys). */
static int write_key(struct writer *w, const struct sg_entry *entry, unsigned depth) {
    struct sg_str text = {entry->key->text, entry->key->len};
    bool odd = entry->key_tag == SG_TAG_OTHER &&
               strncmp(text.ptr, SG_YAML_ODD_KEY, sizeof(SG_YAML_ODD_KEY) - 1) == 0;
    if (odd) {
        return sg_fail_at(w->err, SG_E_INPUT, sg_docs_pos(w->set, entry->key_loc),
                          "found a map or list as a key, expected a string");
    }
    if (!sg_key_fits(entry, depth == 0)) {
        return sg_fail_at(w->err, SG_E_INPUT, sg_docs_pos(w->set, entry->key_loc),
                          "found the key %.60s, which is no string, expected a string "
                          "(quote it)",
                          text.ptr);
    }
    if (text.len > KEY_POINTS_MAX / 6 && sg_value_json_points(text) > KEY_POINTS_MAX) {
        return sg_fail_at(w->err, SG_E_LIMIT, sg_docs_pos(w->set, entry->key_loc),
                          "found a key of more than %d characters", KEY_POINTS_MAX - 2);
    }
    if (memchr(text.ptr, '\xC2', text.len) != NULL &&
        memmem(text.ptr, text.len, "\xC2\x85", 2) != NULL) { /* ends a line of its JSON */
        return sg_fail_at(w->err, SG_E_INPUT, sg_docs_pos(w->set, entry->key_loc),
                          "found the control character U+0085 in a key, expected "
                          "printable text");
    }
    return emit_string(w, entry->key_loc, text, true);
}

static int check_repeat(struct writer *w, const struct sg_entry *first,
                        const struct sg_entry *again) {
    if (first->key != again->key) {
        return 0;
    }
    struct sg_pos at = sg_docs_pos(w->set, first->key_loc);
    return sg_fail_at(w->err, SG_E_INPUT, sg_docs_pos(w->set, again->key_loc),
                      "found the key \"%.60s\" a second time, the first is at line %u, "
                      "column %u",
                      again->key->text, at.line, at.column);
}

static int write_node(struct writer *w, const struct sg_node *node, bool in_flow,
                      unsigned depth);

static int write_map(struct writer *w, const struct sg_node *map, bool in_flow,
                     unsigned depth) {
    size_t first = w->sorted.len;
    yaml_event_t event;
    for (uint32_t i = 0; i < map->len; i++) {
        sg_vec_push(&w->sorted, &map->entries[i]);
    }
    sg_order_entries(w->sorted.items + first, map->len);
    for (uint32_t i = 1; i < map->len; i++) {
        if (check_repeat(w, w->sorted.items[first + i - 1], w->sorted.items[first + i])) {
            return -1;
        }
    }
    if (emit(w, &event,
             yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
                                                 YAML_BLOCK_MAPPING_STYLE))) {
        return -1;
    }
    for (uint32_t i = 0; i < map->len; i++) {
        const struct sg_entry *entry = w->sorted.items[first + i];
        if (write_key(w, entry, depth) ||
            write_node(w, entry->value, in_flow, depth + 1)) {
            return -1;
        }
    }
    w->sorted.len = first;
    return emit(w, &event, yaml_mapping_end_event_initialize(&event));
}

static int write_seq(struct writer *w, const struct sg_node *seq, bool in_flow,
                     unsigned depth) {
    yaml_event_t event;
    if (emit(w, &event,
             yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
                                                  YAML_BLOCK_SEQUENCE_STYLE))) {
        return -1;
    }
    for (uint32_t i = 0; i < seq->len; i++) {
        if (write_node(w, seq->items[i], in_flow, depth + 1)) {
            return -1;
        }
    }
    return emit(w, &event, yaml_sequence_end_event_initialize(&event));
}

static int write_node(struct writer *w, const struct sg_node *node, bool in_flow,
                      unsigned depth) {
    if (sg_is_scalar(node)) {
        return write_scalar(w, node, in_flow);
    }
    in_flow |= node->flow;
    return sg_is_map(node) ? write_map(w, node, in_flow, depth)
                           : write_seq(w, node, in_flow, depth);
}

static int write_document(struct writer *w, const struct sg_node *node) {
    yaml_event_t event;
    if (emit(w, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)) ||
        emit(w, &event,
             yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1)) ||
        write_node(w, node, false, 0) ||
        emit(w, &event, yaml_document_end_event_initialize(&event, 1)) ||
        emit(w, &event, yaml_stream_end_event_initialize(&event))) {
        return -1;
    }
    return 0;
}

int sg_yaml_write(const struct sg_docs *set, const struct sg_node *node,
                  struct sg_buf *out, struct sg_err *err) {
    struct writer w = {.set = set, .err = err};
    size_t start = out->len;
    sg_vec_reserve(&w.sorted, 64); /* never NULL, so that slices of none are fine */
    if (!yaml_emitter_initialize(&w.emitter)) {
        SG_BUG("yaml_emitter_initialize: out of memory");
    }
    yaml_emitter_set_unicode(&w.emitter, 1);
    yaml_emitter_set_output(&w.emitter, sink, out);
    int rc = write_document(&w, node);
    yaml_emitter_delete(&w.emitter);
    sg_buf_release(&w.scratch);
    sg_buf_release(&w.stand_in);
    sg_vec_release(&w.sorted);
    /* after a literal block that keeps its last line ends libyaml closes the document;
     * kustomize's emitter does not */
    static const char end[] = "\n...\n";
    if (rc == 0 && out->len - start >= 5 &&
        memcmp(out->ptr + out->len - 5, end, 5) == 0) {
        out->ptr[out->len -= 4] = '\0';
    }
    if (rc == 0 && !sg_escapes_apply(&w.escapes, out, start)) {
        rc = sg_fail_at(err, SG_E_INPUT, sg_docs_pos(set, node->loc),
                        "found U+E000 and U+F8FF in a text beside one that begins with "
                        "U+FEFF, which is not supported");
    }
    sg_escapes_release(&w.escapes);
    return rc;
}
