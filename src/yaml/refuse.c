/*
 * What libyaml accepts and kustomize's readers refuse: its files must fail where
 * kustomize fails. All look at the file's bytes of one event.
 */
#include "reader.h"

#include <string.h>

/* "\/" is an escape of YAML 1.2 only. */
static int refuse_slash(struct sg_reader *r, uint32_t at, uint32_t end) {
    while (at < end) {
        const char *found = memchr(r->text + at, '\\', end - at);
        if (!found) {
            return 0;
        }
        at = (uint32_t)(found - r->text);
        if (at + 1 < end && found[1] == '/') {
            return sg_reader_fail(r, SG_E_INPUT, r->base + at,
                                  "found the escape \\/, expected one of YAML 1.1: "
                                  "kustomize reads no other (write / alone)");
        }
        at += 2;
    }
    return 0;
}

/* In {a: !!str, b: 1} the ',' would be part of the tag. */
static int refuse_tag(struct sg_reader *r, uint32_t at, uint32_t end) {
    if (at < end && r->text[at] == '&') {
        at += (uint32_t)strcspn(r->text + at, " \t\r\n");
        at += (uint32_t)strspn(r->text + at, " \t\r\n");
    }
    if (at >= end || r->text[at] != '!' || r->text[at + 1] == '<') {
        return 0;
    }
    at += (uint32_t)strcspn(r->text + at, " \t\r\n,[]{}");
    if (r->text[at] == '\0' || !strchr(",[]{}", r->text[at])) {
        return 0;
    }
    return sg_reader_fail(r, SG_E_INPUT, r->base + at,
                          "found '%c' right after a tag, expected a blank: kustomize "
                          "reads it as part of the tag",
                          r->text[at]);
}

/* Inside {} and [] a '?' ends plain text for kustomize: [http://x/?y] must be quoted. */
static int refuse_question(struct sg_reader *r, const yaml_event_t *event) {
    const char *text = (const char *)event->data.scalar.value;
    uint32_t loc = sg_reader_loc(r, &event->start_mark);
    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE || !strchr(text, '?')) {
        return 0;
    }
    sg_reader_fail(r, SG_E_INPUT, loc,
                   "found '?' in plain text inside {} or [], expected quotes around it: "
                   "kustomize takes it for a key");
    return sg_err_hint(r->err, "write \"%.80s\"", text);
}

/* Everything inside a flow collection is one too, so a count is enough. */
static void follow_flow(struct sg_reader *r, const yaml_event_t *event) {
    bool map = event->type == YAML_MAPPING_START_EVENT;
    bool seq = event->type == YAML_SEQUENCE_START_EVENT;
    bool flow = (map && event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE) ||
                (seq && event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
    if (flow || (r->flow > 0 && (map || seq))) {
        r->flow++;
    } else if (r->flow > 0 && (event->type == YAML_MAPPING_END_EVENT ||
                               event->type == YAML_SEQUENCE_END_EVENT)) {
        r->flow--;
    }
}

/* libyaml knows YAML 1.2 too. */
static int refuse_version(struct sg_reader *r, const yaml_event_t *event) {
    const yaml_version_directive_t *version =
        event->type == YAML_DOCUMENT_START_EVENT
            ? event->data.document_start.version_directive
            : NULL;
    if (version == NULL || (version->major == 1 && version->minor == 1)) {
        return 0;
    }
    sg_reader_fail(r, SG_E_INPUT, sg_reader_loc(r, &event->start_mark),
                   "found %%YAML %d.%d, expected YAML 1.1: kustomize reads no other",
                   version->major, version->minor);
    return sg_err_hint(r->err, "take the %%YAML line out");
}

int sg_reader_refuse(struct sg_reader *r, const yaml_event_t *event) {
    if (event->type != YAML_SCALAR_EVENT) {
        follow_flow(r, event);
        return refuse_version(r, event);
    }
    if (r->flow > 0 && refuse_question(r, event)) {
        return -1;
    }
    bool quoted = event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    if (!quoted && !event->data.scalar.tag) {
        return 0;
    }
    uint32_t start = sg_reader_loc(r, &event->start_mark) - r->base;
    uint32_t end = sg_reader_loc(r, &event->end_mark) - r->base;
    if (event->data.scalar.tag && refuse_tag(r, start, end)) {
        return -1;
    }
    return quoted ? refuse_slash(r, start, end) : 0;
}
