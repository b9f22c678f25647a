/*
 * json.h - JSON through jansson; nothing else sees <jansson.h>.
 */
#ifndef SG_JSON_H
#define SG_JSON_H

#include "sg/doc.h"

/* Reads one JSON text; errors carry name, line and column. Repeated keys are an error. */
SG_MUST_USE struct sg_node *sg_json_read(struct sg_docs *set, const char *name,
                                         const char *text, size_t len,
                                         struct sg_err *err);

enum sg_json_style {
    SG_JSON_COMPACT = 0,
    SG_JSON_INDENT = 1, /* two spaces */
    SG_JSON_SORTED = 2, /* keys bytewise; else insertion order */
    SG_JSON_GO_HTML =
        4, /* <, >, & and U+2028/9 escaped as Go's encoding/json does (the name hash) */
};
/* Appends the node as JSON; scalars by their resolved type. What JSON cannot say (.nan)
 * is SG_E_INPUT. */
SG_MUST_USE int sg_json_write(const struct sg_node *node, unsigned style,
                              struct sg_buf *out, struct sg_err *err);
/* Appends `text` as a JSON string with quotes. */
void sg_json_quote(const char *text, size_t len, struct sg_buf *out);

#endif
