/* kustomization.c - the kustomization of entries, and the tree that it makes. */
#include "adopting.h"
#include "sg/path.h"

/* What entries stand below, in the order of the file; `first` before those of `field`. */
static const struct {
    const char *field, *head, *first;
} lists[] = {
    {"commonAnnotations", "commonAnnotations:\n", ""},
    {"labels", "labels:\n- pairs:\n", ""},
    {"template labels", "labels:\n- includeTemplates: true\n  pairs:\n", ""},
    {"images", "images:\n", ""},
    {"replicas", "replicas:\n", ""},
    {"patches", "patches:\n", "contents"},
    {"transformers", "transformers:\n", ""},
};

static void add_entries(const struct sg_adopted *adopted, const char *field,
                        struct sg_buf *out) {
    for (size_t i = 0; i < adopted->entries.len; i++) {
        const struct sg_adopt_entry *entry = &adopted->entries.items[i];
        sg_buf_adds(out, strcmp(entry->field, field) == 0 ? entry->text : "");
    }
}

static void add_list(const struct sg_adopted *adopted, const char *first,
                     const char *field, const char *head, struct sg_buf *out) {
    size_t before = out->len;
    sg_buf_adds(out, head);
    size_t empty = out->len;
    add_entries(adopted, first, out);
    add_entries(adopted, field, out);
    if (out->len == empty) {
        sg_buf_truncate(out, before);
    }
}

static void add_lists(const struct sg_adopted *adopted, struct sg_buf *out) {
    for (size_t i = 0; i < SG_ARRAY_LEN(lists); i++) {
        add_list(adopted, lists[i].first, lists[i].field, lists[i].head, out);
    }
}

static void add_path(const char *from, const char *to, struct sg_buf *out) {
    sg_auto_buf path = SG_BUF_INIT;
    sg_path_relative(from, to, &path);
    sg_buf_addf(out, "- %s\n", sg_buf_cstr(&path));
}

void kustomization_text(const struct sg_adopted *adopted,
                        const struct sg_adopt_opts *opts, const char *component,
                        struct sg_buf *out) {
    if (opts->made_of != NULL) {
        sg_buf_addf(out,
                    "# What is changed about upstream's manifests; made by sgupgrade "
                    "adopt of %s.\n",
                    opts->made_of);
    }
    sg_buf_adds(out, "apiVersion: kustomize.config.k8s.io/v1beta1\n"
                     "kind: Kustomization\n");
    add_entries(adopted, "namespace", out);
    sg_buf_adds(out, "resources:\n");
    size_t empty = out->len;
    add_entries(adopted, "base", out);
    if (out->len == empty) {
        add_path(opts->overlay, opts->base, out);
    }
    add_entries(adopted, "resources", out);
    if (component != NULL) {
        sg_buf_adds(out, "components:\n");
        add_path(opts->overlay, component, out);
    }
    add_lists(adopted, out);
}

void component_text(const struct sg_adopted *component, struct sg_buf *out) {
    sg_buf_adds(out, "# What all environments change alike.\n"
                     "apiVersion: kustomize.config.k8s.io/v1alpha1\n"
                     "kind: Component\n");
    add_list(component, "", "resources", "resources:\n", out);
    add_lists(component, out);
}

struct sg_fs *overlay_view(const struct sg_adopted *adopted,
                           const struct sg_adopt_opts *opts) {
    struct sg_fs *view = sg_fs_over(opts->project);
    sg_auto_buf text = SG_BUF_INIT, path = SG_BUF_INIT;
    kustomization_text(adopted, opts, NULL, &text);
    sg_buf_addf(&path, "%s/kustomization.yaml", opts->overlay);
    sg_fs_over_put(view, sg_buf_cstr(&path), sg_buf_cstr(&text), text.len);
    for (size_t i = 0; i < adopted->files.len; i++) {
        const struct sg_adopt_file *file = &adopted->files.items[i];
        sg_fs_over_put(view, file->path, file->text, file->len);
    }
    return view;
}
