/*
 * text_lines.c - values too long for one line: a text, a list or a map, of which a reader
 * wants the lines that differ.
 */
#include "text.h"

#include <string.h>

#include "sg/yaml.h"

static bool is_collection(const struct sg_plan_value *value) {
    return value->kind == SG_VALUE_NODE && !sg_is_scalar(value->node);
}

/* A list or map that sg_text_value would cut. */
static bool is_long(const struct sg_plan_value *value) {
    if (!is_collection(value)) {
        return false;
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_yaml_inline(value->node, &text);
    return text.len > SG_TEXT_VALUE;
}

bool sg_text_in_lines(const struct sg_plan_value *before,
                      const struct sg_plan_value *after) {
    if (before->kind == SG_VALUE_MASKED || after->kind == SG_VALUE_MASKED ||
        sg_value_same(before, after)) {
        return false;
    }
    return sg_value_is_block(before) || sg_value_is_block(after) || is_long(before) ||
           is_long(after);
}

/* The value as text of many lines: a string itself, beside a list or map all as YAML. */
static void add_whole(const struct sg_text *t, const struct sg_plan_value *value,
                      bool yaml, struct sg_buf *out) {
    if (value->kind != SG_VALUE_NODE) {
        return;
    }
    struct sg_err err = {0};
    if (!yaml) {
        sg_buf_add(out, value->node->text, value->node->len);
    } else if (sg_yaml_write(&t->plan->docs, value->node, out, &err) < 0) {
        sg_buf_clear(out); /* what kustomize would not print, such as .nan */
        sg_yaml_inline(value->node, out);
    }
}

void sg_text_lines(const struct sg_text *t, const struct sg_plan_value *before,
                   const struct sg_plan_value *after, int indent, size_t max_lines) {
    bool yaml = is_collection(before) || is_collection(after);
    sg_auto_buf old = SG_BUF_INIT, new = SG_BUF_INIT;
    add_whole(t, before, yaml, &old);
    add_whole(t, after, yaml, &new);
    sg_text_line_diff(t, sg_buf_cstr(&old), old.len, sg_buf_cstr(&new), new.len, indent,
                      max_lines);
}
