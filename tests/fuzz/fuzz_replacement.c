/*
 * fuzz_replacement.c - the paths of a replacement. The first line is the path of the
 * source, the second that of the target, the third the options (any of: c for create, d
 * and a character for the delimiter, i and a digit for the index, r for reject), the rest
 * the object's spec. What the kustomization is made of is quoted, so that every input
 * reaches the paths.
 */
#include "render_tree.h"

/* Takes the next line of the input; without its line end. */
static struct sg_str next_line(const char **at, const char *end) {
    const char *stop = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;
    struct sg_str line = {*at, (size_t)((stop != NULL ? stop : end) - *at)};
    *at = stop != NULL ? stop + 1 : end;
    return line;
}

/* As a single-quoted YAML scalar. */
static void add_quoted(struct sg_buf *out, struct sg_str text) {
    sg_buf_addc(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'') {
            sg_buf_addc(out, '\'');
        }
        sg_buf_addc(out, text.ptr[i]);
    }
    sg_buf_addc(out, '\'');
}

static void add_options(struct sg_buf *out, struct sg_str letters) {
    sg_buf_adds(out, "{create: ");
    sg_buf_adds(out, memchr(letters.ptr, 'c', letters.len) ? "true" : "false");
    for (size_t i = 0; i + 1 < letters.len; i++) {
        struct sg_str value = {letters.ptr + i + 1, 1};
        if (letters.ptr[i] == 'd') {
            sg_buf_adds(out, ", delimiter: ");
            add_quoted(out, value);
        } else if (letters.ptr[i] == 'i' && value.ptr[0] >= '0' && value.ptr[0] <= '9') {
            sg_buf_addf(out, ", index: %c", value.ptr[0]);
        }
    }
    sg_buf_addc(out, '}');
}

static void add_kustomization(struct sg_buf *out, struct sg_str source,
                              struct sg_str target, struct sg_str letters) {
    sg_buf_adds(out, "resources: [a.yaml, b.yaml]\nreplacements:\n- source: {kind: A, "
                     "fieldPath: ");
    add_quoted(out, source);
    sg_buf_adds(out, ", options: ");
    add_options(out, letters);
    sg_buf_addf(out, "}\n  targets:\n  - select: {kind: '%s'}\n",
                memchr(letters.ptr, 'b', letters.len) ? "[AB]" : "A");
    if (memchr(letters.ptr, 'r', letters.len)) {
        sg_buf_adds(out, "    reject: [{name: b}]\n");
    }
    sg_buf_adds(out, "    fieldPaths: [");
    add_quoted(out, target);
    sg_buf_adds(out, "]\n    options: ");
    add_options(out, letters);
    sg_buf_addc(out, '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char other[] = "apiVersion: e/v1\nkind: B\nmetadata: {name: b}\n"
                                "spec: {l: [{name: x, v: 1}], text: '{\"a\": [1]}'}\n";
    static const char head[] = "apiVersion: e/v1\nkind: A\nmetadata: {name: a}\nspec:\n";
    if (size == 0 || memchr(data, '\0', size) != NULL) {
        return 0; /* YAML has no NUL, and nothing would be reached */
    }
    const char *at = (const char *)data, *end = at + size;
    struct sg_str source = next_line(&at, end), target = next_line(&at, end);
    struct sg_str letters = next_line(&at, end);
    sg_auto_buf kustomization = SG_BUF_INIT, object = SG_BUF_INIT;
    sg_auto_fs fs = sg_fs_memory();
    add_kustomization(&kustomization, source, target, letters);
    sg_buf_adds(&object, head);
    sg_buf_add(&object, at, (size_t)(end - at));
    sg_fs_memory_put(fs, "k/kustomization.yaml", kustomization.ptr, kustomization.len);
    sg_fs_memory_put(fs, "k/a.yaml", object.ptr, object.len);
    sg_fs_memory_put(fs, "k/b.yaml", other, sizeof(other) - 1);
    render_all(fs, "k");
    return 0;
}
