/* report.c - the trace events of a merge, and what it silently loses (SG105). */
#include "merge.h"

#include <stdarg.h>
#include <stdio.h>

void place_text(const struct place *at, struct sg_buf *out) {
    if (at->up == NULL) {
        return;
    }
    place_text(at->up, out);
    if (at->key != NULL) {
        sg_buf_addf(out, "%s%s", out->len > 0 ? "." : "", at->key->text);
        return;
    }
    sg_buf_addc(out, '[');
    if (at->list->keys_len == 0 || !sg_schema_element_key(at->list, at->element, out)) {
        sg_buf_addc(out, '?');
    }
    sg_buf_addc(out, ']');
}

void report_event(struct merger *m, const struct place *at, enum sg_op op,
                  const struct sg_node *before, const struct sg_node *after,
                  const struct sg_node *text) {
    if (m->ctx->trace == NULL || at->quiet) {
        return;
    }
    struct sg_event event = {
        .object = m->ctx->object,
        .path = at->path,
        .op = (uint8_t)op,
        .index = UINT32_MAX,
        .before = before,
        .after = after,
        .loc = text != NULL ? text->loc : 0,
        .source = SG_NO_EVENT,
    };
    sg_trace_event(m->ctx->trace, &event);
}

void report_lost(struct merger *m, const char *rule, const struct sg_node *node,
                 const char *fmt, ...) {
    if (m->ctx->diag == NULL) {
        return;
    }
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    sg_diag(m->ctx->diag, "SG105", rule, SG_WARNING,
            sg_docs_pos(m->ctx->set, node != NULL ? node->loc : 0), "%s", text);
}

static bool starts(sg_atom key, const char *prefix) {
    return strncmp(key->text, prefix, strlen(prefix)) == 0;
}

void report_literal_key(struct merger *m, const struct sg_entry *entry) {
    if (m->ctx->diag == NULL || entry->key->len == 0 || entry->key->text[0] != '$') {
        return;
    }
    if (starts(entry->key, "$retainKeys") || starts(entry->key, "$setElementOrder/") ||
        starts(entry->key, "$deleteFromPrimitiveList/") ||
        entry->key == SG_ATOM(patch_directive)) {
        sg_diag(m->ctx->diag, "SG105", RULE_LITERAL, SG_WARNING,
                sg_docs_pos(m->ctx->set, entry->key_loc),
                "%s is written into the manifest: kustomize does not know it here",
                entry->key->text);
    }
}

void report_literals(struct merger *m, const struct sg_node *patch) {
    if (m->ctx->diag == NULL) {
        return;
    }
    if (sg_is_map(patch)) {
        for (uint32_t i = 0; i < patch->len; i++) {
            report_literal_key(m, &patch->entries[i]);
            report_literals(m, patch->entries[i].value);
        }
    } else if (sg_is_seq(patch)) {
        for (uint32_t i = 0; i < patch->len; i++) {
            report_literals(m, patch->items[i]);
        }
    }
}
