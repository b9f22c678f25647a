/*
 * transformers.c - the entries of the kustomization that are for all objects: namespace,
 * labels, annotations, images, the number of copies.
 */
#include "adopting.h"

/* --- labels and annotations ------------------------------------------------------- */

/* A pair of a map that stands `depth` levels below the top. */
static void list_pair(struct adopting *a, const char *field, const struct sg_entry *pair,
                      int depth, struct sg_adopted *out) {
    struct sg_node *map = sg_map_new(a->docs);
    (void)sg_map_append(a->docs, map, pair->key, pair->value);
    for (int i = 0; i < depth; i++) {
        struct sg_node *outer = sg_map_new(a->docs);
        (void)sg_map_append(a->docs, outer, sg_atom_of(a->docs->atoms, "-"), map);
        map = outer;
    }
    sg_auto_buf text = SG_BUF_INIT;
    text_write(map, NULL, &text);
    const char *line = sg_buf_cstr(&text);
    for (int i = 0; i < depth; i++) {
        line = strchr(line, '\n') + 1;
    }
    put_entry(out, field, line, NULL);
}

/* Those of the base alone, or of all that the overlay has. */
static void list_pairs(struct adopting *a, bool inner, struct sg_adopted *out) {
    static const char *const labels[] = {
        [ON_OBJECTS] = "labels",
        [ON_TEMPLATES] = "template labels",
        [ON_SELECTORS] = "selector labels",
    };
    for (size_t i = 0; i < a->shared.labels.len; i++) {
        const struct shared_pair *label = &a->shared.labels.items[i];
        if (label->inner == inner) {
            list_pair(a, labels[label->reach], &label->pair, 2, out);
        }
    }
    for (size_t i = 0; i < a->shared.annotations.len; i++) {
        const struct shared_pair *annotation = &a->shared.annotations.items[i];
        bool all = annotation->reach != ON_OBJECTS;
        if (annotation->inner == inner) {
            list_pair(a, all ? "commonAnnotations" : "annotation transformer",
                      &annotation->pair, 1, out);
        }
    }
}

/* --- images and copies ------------------------------------------------------------ */

/* The first line of an entry, with the comment that stands beside the change. */
static void add_name(const struct adopting *a, const char *name, uint32_t loc,
                     struct sg_buf *out) {
    sg_buf_adds(out, "name: ");
    sg_yaml_inline(sg_str_new(a->docs, name), out);
    comments_beside(&a->comments, loc, out);
    sg_buf_addc(out, '\n');
}

static void list_image(struct adopting *a, const struct image_change *change,
                       bool transformer) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_adds(&text, transformer ? "imageTag:\n" : "");
    comments_above(&a->comments, change->loc, transformer ? 2 : 0, &text);
    sg_buf_adds(&text, transformer ? "  " : "- ");
    add_name(a, change->name, change->loc, &text);
    put_field("  newName:", change->to, &text);
    put_field("  newTag:", change->tag, &text);
    put_field("  digest:", change->digest, &text);
    put_entry(a->out, transformer ? "image transformer" : "images", sg_buf_cstr(&text),
              NULL);
}

static void list_images(struct adopting *a) {
    bool transformers = a->shared.images.len > 0 && shared_images_apart(a);
    for (size_t i = 0; i < a->shared.images.len; i++) {
        list_image(a, &a->shared.images.items[i], transformers);
    }
}

void layout_replicas(struct adopting *a) {
    for (size_t i = 0; i < a->shared.replicas.len; i++) {
        const struct replica_change *change = &a->shared.replicas.items[i];
        sg_auto_buf text = SG_BUF_INIT;
        comments_above(&a->comments, change->loc, 0, &text);
        sg_buf_adds(&text, "- ");
        add_name(a, change->name, change->loc, &text);
        sg_buf_addf(&text, "  count: %s\n", change->count);
        put_entry(a->out, "replicas", sg_buf_cstr(&text), NULL);
    }
}

/* --- files of transformers -------------------------------------------------------- */

/* What kustomization.yaml has no field for, or none that works. */
static const struct transformer {
    const char *entries, *file, *comment, *kind, *name;
    const char *before, *after; /* NULL: each entry is a transformer of its own */
} transformers[] = {
    {"annotation transformer", "annotations.yaml",
     "# Not commonAnnotations, which would annotate the pods, too.\n",
     "AnnotationsTransformer", "annotations", "annotations:\n",
     "fieldSpecs:\n- path: metadata/annotations\n  create: true\n"},
    {"image transformer", "images.yaml",
     "# Not `images` of kustomization.yaml, which fails on a PodSecurityPolicy.\n",
     "ImageTagTransformer", "image", NULL, NULL},
};

static void add_head(const struct transformer *t, size_t number, struct sg_buf *out) {
    sg_buf_addf(out, "apiVersion: builtin\nkind: %s\nmetadata:\n  name: %s", t->kind,
                t->name);
    if (t->before == NULL) {
        sg_buf_addf(out, "-%zu\n", number);
    } else {
        sg_buf_addf(out, "\n%s", t->before);
    }
}

static void add_transformers(const struct sg_adopted *adopted,
                             const struct transformer *t, struct sg_buf *out) {
    size_t number = 0;
    for (size_t i = 0; i < adopted->entries.len; i++) {
        const struct sg_adopt_entry *entry = &adopted->entries.items[i];
        if (strcmp(entry->field, t->entries) != 0) {
            continue;
        }
        if (number++ == 0) {
            sg_buf_adds(out, t->comment);
            add_head(t, number, out);
        } else if (t->before == NULL) {
            sg_buf_adds(out, "---\n");
            add_head(t, number, out);
        }
        sg_buf_adds(out, entry->text);
    }
    sg_buf_adds(out, number > 0 && t->after != NULL ? t->after : "");
}

void put_transformers(struct sg_adopted *adopted, const char *folder) {
    for (size_t i = 0; i < SG_ARRAY_LEN(transformers); i++) {
        sg_auto_buf text = SG_BUF_INIT;
        add_transformers(adopted, &transformers[i], &text);
        if (text.len > 0) {
            const char *name =
                sg_arena_printf(&adopted->arena, "transformers/%s", transformers[i].file);
            put_file(adopted, folder, name, sg_buf_cstr(&text), text.len);
            put_file_entry(adopted, "transformers", name);
        }
    }
}

/* --- the base's own kustomization ------------------------------------------------- */

static bool has_inner_pair(const struct shared_pair *pairs, size_t len) {
    bool found = false;
    for (size_t i = 0; i < len; i++) {
        found = found || pairs[i].inner;
    }
    return found;
}

bool shared_has_inner(const struct shared *shared) {
    return shared->inner || has_inner_pair(shared->labels.items, shared->labels.len) ||
           has_inner_pair(shared->annotations.items, shared->annotations.len);
}

static void put_namespace(struct adopting *a, struct sg_adopted *out) {
    sg_auto_buf text = SG_BUF_INIT;
    put_field("namespace:", a->shared.namespace, &text);
    if (text.len > 0) {
        put_entry(out, "namespace", sg_buf_cstr(&text), NULL);
    }
}

/* What is said of most of upstream's objects, for those that have it otherwise to be put
 * beside them, or patched. */
static void put_inner(struct adopting *a) {
    sg_auto_cstr folder = sg_xasprintf("%s/%s", a->opts->overlay, INNER);
    struct sg_adopted inner = {0};
    if (a->shared.inner) {
        put_namespace(a, &inner);
    }
    list_pairs(a, true, &inner);
    put_transformers(&inner, folder);
    sg_auto_buf text = SG_BUF_INIT;
    inner_text(&inner, folder, a->opts->base, &text);
    put_file(&inner, folder, "kustomization.yaml", sg_buf_cstr(&text), text.len);
    for (size_t i = 0; i < inner.files.len; i++) {
        const struct sg_adopt_file *file = &inner.files.items[i];
        put_file(a->out, folder, file->path + strlen(folder) + 1, file->text, file->len);
    }
    sg_adopted_release(&inner);
    put_entry(a->out, "base", "- " INNER "\n", INNER "/kustomization.yaml");
}

void layout_transformers(struct adopting *a) {
    if (shared_has_inner(&a->shared)) {
        put_inner(a);
    }
    if (!a->shared.inner) {
        put_namespace(a, a->out);
    }
    list_pairs(a, false, a->out);
    list_images(a);
    put_transformers(a->out, a->opts->overlay);
}
