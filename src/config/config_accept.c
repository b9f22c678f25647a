/*
 * config_accept.c - one more `accept` entry in a sgupgrade.yaml, every other byte kept.
 */
#include "reader.h"

#include "sg/config.h"

#include <string.h>

/* Where the new text goes and what it replaces. */
struct edit {
    struct sg_str in;
    const char *newline; /* of this file */
    struct sg_splices splices;
};

static bool is_crlf(struct sg_str text) {
    const char *end = memchr(text.ptr, '\n', text.len);
    return end && end > text.ptr && end[-1] == '\r';
}

/* The start of the line after the one that holds byte `at`, or the end of the file. */
static size_t next_line(struct sg_str text, size_t at) {
    if (at > 0 && at <= text.len && text.ptr[at - 1] == '\n') {
        return at; /* a block scalar ends after its line */
    }
    const char *end = at < text.len ? memchr(text.ptr + at, '\n', text.len - at) : NULL;
    return end ? (size_t)(end - text.ptr) + 1 : text.len;
}

static size_t line_start(struct sg_str text, size_t at) {
    while (at > 0 && text.ptr[at - 1] != '\n') {
        at--;
    }
    return at;
}

/* --- the entry -------------------------------------------------------------------- */

struct field {
    const char *name, *value;
};

enum { FIELDS = 7 };

static void list_fields(const struct sg_config_accept *entry, struct field out[FIELDS]) {
    const struct field fields[FIELDS] = {
        {"code", entry->code},       {"object", entry->object},
        {"overlay", entry->overlay}, {"path", entry->path},
        {"to", entry->to},           {"reason", entry->reason},
        {"expires", entry->expires},
    };
    memcpy(out, fields, sizeof(fields));
}

static void put_block(const struct edit *edit, const struct sg_config_accept *entry,
                      int indent, struct sg_buf *out) {
    struct field fields[FIELDS];
    list_fields(entry, fields);
    const char *dash = "- ";
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].value) {
            sg_buf_addf(out, "%*s%s%s: ", indent, "", dash, fields[i].name);
            config_put_scalar(out, fields[i].value);
            sg_buf_adds(out, edit->newline);
            dash = "  ";
        }
    }
}

static void put_flow(const struct sg_config_accept *entry, struct sg_buf *out) {
    struct field fields[FIELDS];
    list_fields(entry, fields);
    const char *comma = "{";
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].value) {
            sg_buf_addf(out, "%s%s: ", comma, fields[i].name);
            /* in a flow map a plain scalar ends at more than its line's end */
            config_put_quoted(out, fields[i].value, strlen(fields[i].value));
            comma = ", ";
        }
    }
    sg_buf_addc(out, '}');
}

/* --- the places ------------------------------------------------------------------- */

static void splice(struct edit *edit, size_t start, size_t end,
                   const struct sg_buf *text) {
    sg_splices_add(&edit->splices, (uint32_t)start, (uint32_t)end, sg_buf_cstr(text),
                   text->len);
}

/* Lines at `at`, which a line end precedes, or gets to precede. */
static void insert_lines(struct edit *edit, size_t at, const char *head, int indent,
                         const struct sg_config_accept *entry) {
    sg_auto_buf text = SG_BUF_INIT;
    if (at > 0 && edit->in.ptr[at - 1] != '\n') {
        sg_buf_adds(&text, edit->newline);
    }
    sg_buf_adds(&text, head);
    put_block(edit, entry, indent, &text);
    splice(edit, at, at, &text);
}

/* `accept: []` or `accept:`: what stands there goes, the entry starts on the next line.
 */
static void open_empty(struct edit *edit, struct sg_span value,
                       const struct sg_config_accept *entry) {
    size_t start = value.start;
    while (start > 0 && value.end > value.start && edit->in.ptr[start - 1] == ' ') {
        start--;
    }
    sg_auto_buf nothing = SG_BUF_INIT;
    if (start < value.end) {
        splice(edit, start, value.end, &nothing);
    }
    insert_lines(edit, next_line(edit->in, value.end), "", 2, entry);
}

/* Before the bracket that ends a flow list. */
static void append_flow(struct edit *edit, struct sg_span list,
                        const struct sg_config_accept *entry) {
    size_t at = list.end - 1;
    while (at > list.start && strchr(" \t\r\n", edit->in.ptr[at - 1])) {
        at--;
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_adds(&text, edit->in.ptr[at - 1] == ',' ? " " : ", ");
    put_flow(entry, &text);
    splice(edit, at, at, &text);
}

/* After the last item, indented as the first one. */
static void append_block(struct edit *edit, const struct sg_docs *set,
                         const struct sg_node *list, struct sg_span span,
                         const struct sg_config_accept *entry) {
    struct sg_span first = {0};
    if (!sg_yaml_span(set, list->items[0], &first)) {
        SG_BUG("no span in edit mode");
    }
    size_t start = line_start(edit->in, first.start);
    int indent = 0;
    while (edit->in.ptr[start + (size_t)indent] == ' ') {
        indent++;
    }
    insert_lines(edit, next_line(edit->in, span.end), "", indent, entry);
}

static void place(struct edit *edit, const struct sg_docs *set,
                  const struct sg_node *root, const struct sg_config_accept *entry) {
    const struct sg_node *list = sg_map_gets(root, "accept");
    struct sg_span span = {0};
    if (!list) {
        sg_auto_cstr head = sg_xasprintf("accept:%s", edit->newline);
        insert_lines(edit, edit->in.len, head, 2, entry);
    } else if (!sg_yaml_span(set, list, &span)) {
        SG_BUG("no span in edit mode");
    } else if (!sg_is_seq(list) || list->len == 0) {
        open_empty(edit, span, entry);
    } else if (list->flow) {
        append_flow(edit, span, entry);
    } else {
        append_block(edit, set, list, span, entry);
    }
}

/* --- all of it -------------------------------------------------------------------- */

static int splice_entry(const char *name, struct sg_str in,
                        const struct sg_config_accept *entry, struct sg_buf *out,
                        struct sg_err *err) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_docs set;
    sg_docs_init(&set, atoms);
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_ERROR, .edit = true};
    sg_auto_yaml_docs docs = {0};
    int rc = sg_yaml_read(&set, name, in.ptr, in.len, &opts, &docs, err);
    if (rc == 0) {
        struct edit edit = {.in = in, .newline = is_crlf(in) ? "\r\n" : "\n"};
        place(&edit, &set, docs.roots.items[0], entry);
        sg_splices_apply(&edit.splices, in, out);
        sg_splices_release(&edit.splices);
    }
    sg_docs_release(&set);
    sg_atoms_free(atoms);
    return rc;
}

static bool same(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_entry(const struct sg_config_accept *a,
                       const struct sg_config_accept *b) {
    struct field left[FIELDS], right[FIELDS];
    list_fields(a, left);
    list_fields(b, right);
    for (size_t i = 0; i < FIELDS; i++) {
        if (!same(left[i].value, right[i].value)) {
            return false;
        }
    }
    return true;
}

/* The result says what the file said and one entry more. */
static int verify(const char *name, const struct sg_buf *text, size_t before,
                  const struct sg_config_accept *entry, struct sg_err *err) {
    struct sg_err odd = {0};
    sg_auto_config after;
    if (sg_config_read(&after, name, text->ptr, text->len, &odd) == 0 &&
        after.accept.len == before + 1 &&
        same_entry(&after.accept.items[before], entry)) {
        return 0;
    }
    sg_auto_buf flow = SG_BUF_INIT;
    put_flow(entry, &flow);
    sg_fail(err, SG_E_INPUT,
            "%s is written in a way that an accept entry cannot be added "
            "to%s%s",
            name, odd.code ? ": " : "", odd.text);
    return sg_err_hint(err, "add it by hand: accept: [%.200s]", flow.ptr);
}

static int check_entry(const struct sg_config_accept *entry, struct sg_err *err) {
    struct field fields[FIELDS];
    list_fields(entry, fields);
    for (size_t i = 0; i < FIELDS; i++) {
        const char *value = fields[i].value;
        if (value && (!*value || !config_is_utf8(value, strlen(value)))) {
            sg_fail(err, SG_E_INPUT, "the %s of the accept entry is %s", fields[i].name,
                    *value ? "not valid UTF-8" : "empty");
            return sg_err_hint(err, "write it as CODE:OBJECT[:PATH]=REASON");
        }
    }
    return 0;
}

int sg_config_add_accept(const char *name, const char *text, size_t len,
                         const struct sg_config_accept *entry, struct sg_buf *out,
                         struct sg_err *err) {
    sg_auto_config before;
    if (sg_config_read(&before, name, text, len, err) || check_entry(entry, err)) {
        return -1;
    }
    sg_auto_buf result = SG_BUF_INIT;
    if (splice_entry(name, (struct sg_str){text, len}, entry, &result, err) ||
        verify(name, &result, before.accept.len, entry, err)) {
        return -1;
    }
    sg_buf_add(out, result.ptr, result.len);
    return 0;
}
