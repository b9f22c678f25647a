/*
 * draft_append.c - a new item at the end of a kustomization's list.
 */
#include <string.h>

#include "draft.h"

static const char *line_end_of(struct sg_str text) {
    const char *end = memchr(text.ptr, '\n', text.len);
    return end != NULL && end > text.ptr && end[-1] == '\r' ? "\r\n" : "\n";
}

/* "- " before the first line of the item, blanks before the others. */
static void add_item(struct sg_buf *out, const char *item, uint32_t indent,
                     const char *line_end) {
    bool first = true;
    for (const char *at = item; *at != '\0'; first = false) {
        size_t len = strcspn(at, "\n");
        for (uint32_t i = 0; i < indent; i++) {
            sg_buf_addc(out, ' ');
        }
        sg_buf_addf(out, "%s%.*s%s", first ? "- " : "  ", (int)len, at, line_end);
        at += len + (at[len] == '\n');
    }
}

static bool insert(struct draft_doc *doc, uint32_t at, const struct sg_buf *text,
                   const char *tag) {
    struct sg_splices splices = {0};
    sg_splices_add(&splices, at, at, sg_buf_cstr(text), text->len);
    /* two items at one end have an order: the first asked comes first */
    bool done = draft_splice_after(doc, &splices, tag);
    sg_splices_release(&splices);
    return done;
}

/* Whether the last thing that was asked for the end of the file began this list. */
static bool adds_list(const struct draft_doc *doc, uint32_t end, const char *list) {
    size_t len = strlen(list);
    bool last = false;
    for (size_t i = 0; i < doc->cuts.items.len; i++) {
        const struct cut *cut = &doc->cuts.items.items[i];
        if (cut->start == end && cut->end == end) {
            const char *text = cut->text + strspn(cut->text, "\r\n");
            bool begins = text[0] != '-' && text[0] != ' ';
            bool same = strncmp(text, list, len) == 0 && text[len] == ':';
            last = begins ? same : last;
        }
    }
    return last;
}

/* A list of its own at the end of the file. */
static bool add_list(struct draft_doc *doc, const char *list, const char *item,
                     const char *tag) {
    struct sg_str now = doc->file->now;
    const char *line_end = line_end_of(now);
    sg_auto_buf text = SG_BUF_INIT;
    bool again = adds_list(doc, (uint32_t)now.len, list);
    if (!again && now.len > 0 && now.ptr[now.len - 1] != '\n') {
        sg_buf_adds(&text, line_end);
    }
    if (!again) {
        sg_buf_addf(&text, "%s:%s", list, line_end);
    }
    add_item(&text, item, 0, line_end);
    return insert(doc, (uint32_t)now.len, &text, tag);
}

bool draft_append(struct draft_doc *doc, const char *list, const char *item,
                  const char *tag) {
    struct sg_node *root = doc->docs.roots.len > 0 ? doc->docs.roots.items[0] : NULL;
    const struct sg_node *node = sg_map_gets(root, list);
    struct sg_yaml_place place;
    if (!sg_is_map(root) || root->flow) {
        return false;
    }
    if (node == NULL) {
        return add_list(doc, list, item, tag);
    }
    if (!sg_is_seq(node) || node->len == 0 ||
        !sg_yaml_item_place(&doc->set, node, node->len - 1, &place) || place.flow ||
        !place.own_lines) {
        return false;
    }
    struct sg_yaml_comments comments;
    sg_yaml_comments_of(&place, &comments);
    uint32_t at =
        comments.bottom.end > place.lines.end ? comments.bottom.end : place.lines.end;
    sg_auto_buf text = SG_BUF_INIT;
    const char *line_end = line_end_of(doc->file->now);
    if (at > 0 && doc->file->now.ptr[at - 1] != '\n') {
        sg_buf_adds(&text, line_end);
    }
    add_item(&text, item, place.indent, line_end);
    sg_strmap_put(&doc->grown, (const char *)&node, sizeof(node), doc);
    return insert(doc, at, &text, tag);
}
