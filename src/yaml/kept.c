/* kept.c - nodes to YAML text in their own order and styles, through libyaml's emitter.
 */
#include "sg/yaml.h"

#include <string.h>
#include <yaml.h>

struct kept {
    struct sg_err *err;
    yaml_emitter_t emitter;
};

static int sink(void *ctx, unsigned char *bytes, size_t len) {
    sg_buf_add(ctx, bytes, len);
    return 1;
}

static int emit(struct kept *w, yaml_event_t *event, int made) {
    if (!made) {
        return sg_fail(w->err, SG_E_INPUT, "found a string that is no UTF-8");
    }
    if (!yaml_emitter_emit(&w->emitter, event)) {
        SG_BUG(w->emitter.problem ? w->emitter.problem : "yaml_emitter_emit");
    }
    return 0;
}

/* A string whose text reads as something else is quoted, however it was written. */
static yaml_scalar_style_t style_of(const char *text, size_t len, enum sg_tag tag,
                                    enum sg_style style) {
    switch (style) {
    case SG_SINGLE:
        return YAML_SINGLE_QUOTED_SCALAR_STYLE;
    case SG_DOUBLE:
        return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    case SG_LITERAL:
        return YAML_LITERAL_SCALAR_STYLE;
    case SG_FOLDED:
        return YAML_FOLDED_SCALAR_STYLE;
    case SG_PLAIN:
    default:
        break;
    }
    if (tag == SG_TAG_STR && sg_resolve_read(text, len) != SG_TAG_STR) {
        return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    }
    return memchr(text, '\n', len) ? YAML_LITERAL_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
}

/* The tag of a plain scalar whose text reads as another type, or NULL. */
static const char *explicit_tag(const char *text, size_t len, enum sg_tag tag) {
    static const struct {
        enum sg_tag tag;
        const char *name;
    } names[] = {
        {SG_TAG_NULL, "tag:yaml.org,2002:null"},
        {SG_TAG_BOOL, "tag:yaml.org,2002:bool"},
        {SG_TAG_INT, "tag:yaml.org,2002:int"},
        {SG_TAG_FLOAT, "tag:yaml.org,2002:float"},
        {SG_TAG_TIMESTAMP, "tag:yaml.org,2002:timestamp"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        if (names[i].tag == tag && sg_resolve_read(text, len) != tag) {
            return names[i].name;
        }
    }
    return NULL;
}

static int emit_text(struct kept *w, const char *text, size_t len, enum sg_tag tag,
                     enum sg_style style) {
    yaml_event_t event;
    const char *name = style == SG_PLAIN ? explicit_tag(text, len, tag) : NULL;
    int made = yaml_scalar_event_initialize(
        &event, NULL, (const yaml_char_t *)name, (const yaml_char_t *)text, (int)len,
        name == NULL, name == NULL, style_of(text, len, tag, style));
    return emit(w, &event, made);
}

static int write_node(struct kept *w, const struct sg_node *node);

static int write_map(struct kept *w, const struct sg_node *map) {
    yaml_event_t event;
    yaml_mapping_style_t style =
        map->flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE;
    if (emit(w, &event,
             yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, style))) {
        return -1;
    }
    for (uint32_t i = 0; i < map->len; i++) {
        const struct sg_entry *entry = &map->entries[i];
        if (emit_text(w, entry->key->text, entry->key->len, (enum sg_tag)entry->key_tag,
                      (enum sg_style)entry->key_style) ||
            write_node(w, entry->value)) {
            return -1;
        }
    }
    return emit(w, &event, yaml_mapping_end_event_initialize(&event));
}

static int write_seq(struct kept *w, const struct sg_node *seq) {
    yaml_event_t event;
    yaml_sequence_style_t style =
        seq->flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE;
    if (emit(w, &event,
             yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, style))) {
        return -1;
    }
    for (uint32_t i = 0; i < seq->len; i++) {
        if (write_node(w, seq->items[i])) {
            return -1;
        }
    }
    return emit(w, &event, yaml_sequence_end_event_initialize(&event));
}

/* Depth is bounded by the reader's limit on nesting. */
static int write_node(struct kept *w, const struct sg_node *node) {
    if (sg_is_map(node)) {
        return write_map(w, node);
    }
    if (sg_is_seq(node)) {
        return write_seq(w, node);
    }
    return emit_text(w, node->text, node->len, (enum sg_tag)node->tag,
                     (enum sg_style)node->style);
}

int sg_yaml_write_kept(const struct sg_node *node, struct sg_buf *out,
                       struct sg_err *err) {
    struct kept w = {.err = err};
    yaml_event_t event;
    if (!yaml_emitter_initialize(&w.emitter)) {
        SG_BUG("yaml_emitter_initialize: out of memory");
    }
    yaml_emitter_set_unicode(&w.emitter, 1);
    yaml_emitter_set_width(&w.emitter, -1);
    yaml_emitter_set_output(&w.emitter, sink, out);
    int rc = 0;
    if (emit(&w, &event,
             yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)) ||
        emit(&w, &event,
             yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1)) ||
        write_node(&w, node) ||
        emit(&w, &event, yaml_document_end_event_initialize(&event, 1)) ||
        emit(&w, &event, yaml_stream_end_event_initialize(&event))) {
        rc = -1;
    }
    yaml_emitter_delete(&w.emitter);
    return rc;
}
