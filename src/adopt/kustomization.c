/* kustomization.c - the kustomization of entries, and the tree that it makes. */
#include "adopting.h"
#include "sg/path.h"

/* What entries stand below, in the order of the file: `first` before those of `field`,
 * and `head` once for all that have it. */
static const struct list {
    const char *field, *head, *item, *first;
} lists[] = {
    {"configMapGenerator", "configMapGenerator:\n", "", ""},
    {"commonAnnotations", "commonAnnotations:\n", "", ""},
    {"labels", "labels:\n", "- pairs:\n", ""},
    {"template labels", "labels:\n", "- includeTemplates: true\n  pairs:\n", ""},
    {"selector labels", "labels:\n", "- includeSelectors: true\n  pairs:\n", ""},
    {"images", "images:\n", "", ""},
    {"replicas", "replicas:\n", "", ""},
    {"patches", "patches:\n", "", "contents"},
    {"transformers", "transformers:\n", "", ""},
};

static void add_entries(const struct sg_adopted *adopted, const char *field,
                        struct sg_buf *out) {
    for (size_t i = 0; i < adopted->entries.len; i++) {
        const struct sg_adopt_entry *entry = &adopted->entries.items[i];
        sg_buf_adds(out, strcmp(entry->field, field) == 0 ? entry->text : "");
    }
}

/* `last`: the head of the list before it, which may be the same one. */
static void add_list(const struct sg_adopted *adopted, const struct list *list,
                     const char **last, struct sg_buf *out) {
    sg_auto_buf entries = SG_BUF_INIT;
    add_entries(adopted, list->first, &entries);
    add_entries(adopted, list->field, &entries);
    if (entries.len > 0) {
        sg_buf_adds(out, strcmp(*last, list->head) != 0 ? list->head : "");
        sg_buf_addf(out, "%s%s", list->item, sg_buf_cstr(&entries));
        *last = list->head;
    }
}

static void add_lists(const struct sg_adopted *adopted, struct sg_buf *out) {
    const char *last = "";
    for (size_t i = 0; i < SG_ARRAY_LEN(lists); i++) {
        add_list(adopted, &lists[i], &last, out);
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

void inner_text(const struct sg_adopted *inner, const char *folder, const char *base,
                struct sg_buf *out) {
    sg_buf_adds(out, "# What is said of most of upstream's objects, before anything is "
                     "patched or beside them.\n"
                     "apiVersion: kustomize.config.k8s.io/v1beta1\n"
                     "kind: Kustomization\n");
    add_entries(inner, "namespace", out);
    sg_buf_adds(out, "resources:\n");
    add_path(folder, base, out);
    add_lists(inner, out);
}

void component_text(const struct sg_adopted *component, struct sg_buf *out) {
    sg_buf_adds(out, "# What all environments change alike.\n"
                     "apiVersion: kustomize.config.k8s.io/v1alpha1\n"
                     "kind: Component\n");
    const struct list resources = {"resources", "resources:\n", "", ""};
    const char *last = "";
    add_list(component, &resources, &last, out);
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
