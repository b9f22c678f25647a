/*
 * fork.c - the objects of a fork's folder, as a cluster would take them: the last of a
 * repeated key counts, and the last of an object that stands twice. What kustomize would
 * refuse is told and read all the same; what nothing can read is told and left out.
 */
#include <string.h>

#include "booleans.h"
#include "cut.h"
#include "meaning.h"
#include "names.h"
#include "place.h"
#include "repeats.h"
#include "sg/schema.h"
#include "sg/sort.h"
#include "sg/yaml.h"

void sg_adopt_fork_init(struct sg_adopt_fork *fork, struct sg_atoms *atoms) {
    *fork = (struct sg_adopt_fork){0};
    sg_docs_init(&fork->docs, atoms);
    sg_arena_init(&fork->arena);
}

void sg_adopt_fork_release(struct sg_adopt_fork *fork) {
    sg_docs_release(&fork->docs);
    sg_arena_release(&fork->arena);
    sg_vec_release(&fork->objects);
    sg_vec_release(&fork->shadowed);
    sg_vec_release(&fork->oddities);
    sg_vec_release(&fork->others);
}

bool sg_adopt_is_unread(enum sg_adopt_oddity_kind kind) {
    return kind == SG_ODD_UNREADABLE || kind == SG_ODD_CONFLICT;
}

/* One file on its way. */
struct reading {
    struct sg_adopt_fork *fork;
    const char *file;
    struct cut cut;
    uint32_t base; /* where the file's source begins in the set */
    struct repeats repeats;
    size_t first_object, first_oddity;
    bool manifest; /* a document says that it is an object, or could not be read */
};

static void add_at(struct reading *r, enum sg_adopt_oddity_kind kind, uint32_t line,
                   uint32_t column, const char *message) {
    struct sg_adopt_oddity oddity = {.kind = kind,
                                     .file = r->file,
                                     .line = line,
                                     .column = column,
                                     .message = message};
    sg_vec_push(&r->fork->oddities, oddity);
}

/* --- one document ----------------------------------------------------------------- */

/* What is missing of an object that a cluster would take, or NULL. */
static const char *lacking(const struct sg_adopt_object *object) {
    if (object->api_version[0] == '\0') {
        return "this document has no apiVersion";
    }
    if (object->kind[0] == '\0') {
        return "this document has no kind";
    }
    return object->name[0] == '\0' ? "this object has no metadata.name" : NULL;
}

/* Configuration of kustomize's under another name. */
static bool is_kustomization(const struct sg_adopt_object *object) {
    static const char group[] = "kustomize.config.k8s.io/";
    return strncmp(object->api_version, group, sizeof(group) - 1) == 0;
}

static struct sg_adopt_object object_of(const struct reading *r, struct sg_node *node,
                                        uint32_t document) {
    const struct sg_node *metadata = sg_map_get(node, SG_ATOM(metadata));
    return (struct sg_adopt_object){
        .api_version = field_text(node, SG_ATOM(apiVersion)),
        .kind = field_text(node, SG_ATOM(kind)),
        .namespace = field_text(metadata, SG_ATOM(namespace)),
        .name = field_text(metadata, SG_ATOM(name)),
        .node = node,
        .file = r->file,
        .document = document,
    };
}

/* As kubectl and kustomize take it: any kind that ends so, and has items. */
static bool is_list(const struct sg_adopt_object *object) {
    static const char end[] = "List";
    size_t len = strlen(object->kind), tail = sizeof(end) - 1;
    return strcmp(object->kind, end) == 0 ||
           (len > tail && strcmp(object->kind + len - tail, end) == 0 &&
            sg_is_seq(sg_map_get(object->node, SG_ATOM(items))));
}

/* An item of a list has its list's document, however it came there. */
static void take(struct reading *r, struct sg_node *node, uint32_t document) {
    struct sg_adopt_object object = object_of(r, node, document);
    r->manifest = r->manifest || object.api_version[0] != '\0' || object.kind[0] != '\0';
    if (is_kustomization(&object)) {
        return;
    }
    if (is_list(&object)) {
        const struct sg_node *items = sg_map_get(node, SG_ATOM(items));
        for (uint32_t i = 0; sg_is_seq(items) && i < items->len; i++) {
            take(r, items->items[i], document);
        }
        return;
    }
    const char *fault = sg_is_map(node) ? lacking(&object) : "this document is no object";
    if (fault != NULL) {
        add_oddity(r->fork, SG_ODD_NO_OBJECT, NULL, NULL, node->loc, fault);
        return;
    }
    say_plainly(&r->fork->docs, node);
    read_booleans(r->fork, &object);
    sg_vec_push(&r->fork->objects, object);
}

static void take_documents(struct reading *r, const struct sg_yaml_docs *docs) {
    for (size_t i = 0; i < docs->roots.len; i++) {
        struct sg_node *root = docs->roots.items[i];
        uint32_t document = cut_at(&r->cut, root->loc - r->base);
        if (!cut_in_conflict(&r->cut, document)) {
            take(r, root, document);
        }
    }
}

/* --- what the reader tells -------------------------------------------------------- */

static bool in_conflict(const struct reading *r, uint32_t line) {
    return cut_in_conflict(&r->cut, cut_at_line(&r->cut, line));
}

static void note_broken(void *ctx, const struct sg_err *err) {
    struct reading *r = ctx;
    r->manifest = r->fork->broken = true;
    if (err->line == 0 || !in_conflict(r, err->line)) {
        add_at(r, SG_ODD_UNREADABLE, err->line, err->column,
               sg_arena_strdup(&r->fork->arena, err->text));
    }
}

static void note_repeated(void *ctx, const char *key, struct sg_pos first,
                          struct sg_pos again) {
    struct reading *r = ctx;
    if (!in_conflict(r, first.line)) {
        repeats_add(&r->repeats, key, first, again);
    }
}

static void tell_conflicts(struct reading *r) {
    for (size_t i = 0; i < r->cut.marks.len; i++) {
        r->manifest = r->fork->broken = true;
        add_at(r, SG_ODD_CONFLICT, r->cut.marks.items[i].line, 1,
               "a merge was not finished here: this document is left out");
    }
}

/* --- one file --------------------------------------------------------------------- */

static bool is_utf16(const struct sg_buf *text) {
    return text->len >= 2 && (memcmp(text->ptr, "\xFF\xFE", 2) == 0 ||
                              memcmp(text->ptr, "\xFE\xFF", 2) == 0);
}

static void read_text(struct reading *r, const struct sg_buf *text) {
    struct sg_docs *docs = &r->fork->docs;
    bool utf16 = is_utf16(text);
    struct sg_yaml_opts opts = {
        .repeat = SG_REPEAT_LAST,
        .edit = !utf16, /* which has no bytes that could be spliced */
        .tolerant = true,
        .broken = note_broken,
        .broken_ctx = r,
        .repeated = note_repeated,
        .repeated_ctx = r,
    };
    sg_auto_yaml_docs roots = {0};
    struct sg_err why = {0};
    r->base = docs->next_base;
    cut_make(&r->cut, sg_buf_cstr(text), utf16 ? 0 : text->len);
    tell_conflicts(r);
    if (sg_yaml_read(docs, r->file, sg_buf_cstr(text), text->len, &opts, &roots, &why)) {
        note_broken(r, &why);
    }
    take_documents(r, &roots);
}

/* A file of no object says nothing odd: it is not for a cluster. */
static void finish_file(struct reading *r) {
    struct sg_adopt_fork *fork = r->fork;
    if (r->manifest) {
        repeats_tell(&r->repeats, fork, r->first_object, r->base);
    } else {
        fork->oddities.len = r->first_oddity;
    }
    bool told = fork->oddities.len > r->first_oddity;
    if (fork->objects.len == r->first_object && !told) {
        sg_vec_push(&fork->others, r->file);
    }
    repeats_release(&r->repeats);
    cut_release(&r->cut);
}

static void read_manifest(struct sg_adopt_fork *fork, const char *file,
                          const struct sg_buf *text) {
    struct reading r = {.fork = fork,
                        .file = file,
                        .first_object = fork->objects.len,
                        .first_oddity = fork->oddities.len};
    if (text->len > 0 && !is_utf16(text) && memchr(text->ptr, '\0', text->len) != NULL) {
        add_at(&r, SG_ODD_BINARY, 0, 0, "this file is binary: nothing in it is read");
        sg_vec_push(&fork->others, file);
        return;
    }
    read_text(&r, text);
    finish_file(&r);
}

/* A file that is refused (too large, a link that leads out) is one oddity; that the disk
 * does not answer is an error. */
static int read_file(struct sg_adopt_fork *fork, const struct sg_fs *fs, const char *dir,
                     const char *file, struct sg_buf *text, struct sg_err *err) {
    sg_auto_buf path = SG_BUF_INIT;
    struct sg_err why = {0};
    sg_buf_addf(&path, "%s%s%s", dir, *dir != '\0' ? "/" : "", file);
    sg_buf_clear(text);
    if (sg_fs_read(fs, path.ptr, text, &why) == 0) {
        read_manifest(fork, file, text);
        return 0;
    }
    if (why.code != SG_E_INPUT && why.code != SG_E_LIMIT) {
        return sg_err_pass(err, &why);
    }
    struct reading r = {.fork = fork, .file = file};
    note_broken(&r, &why);
    return 0;
}

/* --- objects in two places -------------------------------------------------------- */

/* The namespace of what is the whole cluster's does not tell it apart. */
static void key_of(const struct sg_adopt_object *object, struct sg_buf *out) {
    struct sg_str group = api_group(object->api_version);
    bool wide = object->namespace[0] != '\0' &&
                sg_schema_scope(SG_SCHEMA_UNION, object->api_version, object->kind) ==
                    SG_SCOPE_CLUSTER;
    sg_buf_clear(out);
    sg_buf_add(out, group.ptr, group.len);
    sg_buf_addf(out, "%c%s%c%s%c", 0, object->kind, 0, wide ? "" : object->namespace, 0);
    sg_buf_adds(out, object->name);
}

static void tell_twice(struct sg_adopt_fork *fork, const struct sg_adopt_object *object,
                       const struct sg_adopt_object *counts) {
    struct sg_pos at = sg_docs_pos(&fork->docs, counts->node->loc);
    add_oddity(fork, SG_ODD_TWICE, object, NULL, object->node->loc,
               sg_arena_printf(&fork->arena,
                               "this object stands again at %s:%u, and that one counts",
                               counts->file, at.line));
}

static void drop_twice(struct sg_adopt_fork *fork) {
    sg_auto_strmap last = {0};
    sg_auto_buf key = SG_BUF_INIT;
    for (size_t i = 0; i < fork->objects.len; i++) {
        key_of(&fork->objects.items[i], &key);
        (void)sg_strmap_put(&last, key.ptr, key.len, (void *)(i + 1));
    }
    size_t kept = 0;
    if (last.len == fork->objects.len) {
        return;
    }
    /* what counts comes later, so that it is not moved yet */
    for (size_t i = 0; i < fork->objects.len; i++) {
        struct sg_adopt_object object = fork->objects.items[i];
        key_of(&object, &key);
        size_t counts = (size_t)sg_strmap_get(&last, key.ptr, key.len) - 1;
        if (counts == i) {
            fork->objects.items[kept++] = object;
            continue;
        }
        const struct sg_adopt_object *again = &fork->objects.items[counts];
        tell_twice(fork, &object, again);
        if (strcmp(object.file, again->file) != 0) {
            sg_vec_push(&fork->shadowed, object);
        }
    }
    fork->objects.len = kept;
}

/* --- all -------------------------------------------------------------------------- */

static bool comes_before(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_fs_entry *x = a, *y = b;
    return file_order(x->name, y->name) < 0;
}

static void add_broken_link(struct sg_adopt_fork *fork, const char *file) {
    struct sg_adopt_oddity oddity = {
        .kind = SG_ODD_UNREADABLE,
        .file = file,
        .line = 1,
        .column = 1,
        .message = "a link that leads out of the fork, or nowhere",
    };
    sg_vec_push(&fork->oddities, oddity);
    fork->broken = true;
}

int sg_adopt_fork_read(struct sg_adopt_fork *fork, const struct sg_fs *fs,
                       const char *dir, struct sg_err *err) {
    sg_auto_fs_list list = {0};
    sg_auto_buf text = SG_BUF_INIT;
    if (sg_fs_walk(fs, dir, &list, err)) {
        return -1;
    }
    sg_sort(list.entries.items, list.entries.len, sizeof(*list.entries.items),
            comes_before, NULL);
    for (size_t i = 0; i < list.entries.len; i++) {
        const struct sg_fs_entry *entry = &list.entries.items[i];
        const char *file = sg_arena_strdup(&fork->arena, entry->name);
        if (entry->link && entry->type == SG_FS_NONE && is_manifest_name(file)) {
            add_broken_link(fork, file);
        } else if (entry->type != SG_FS_FILE || !is_manifest_name(file) ||
                   is_kustomization_name(file)) {
            sg_vec_push(&fork->others, file);
        } else if (read_file(fork, fs, dir, file, &text, err)) {
            return -1;
        }
    }
    drop_twice(fork);
    sort_oddities(fork);
    return 0;
}
