/* lock.c - reading sgupgrade.lock. */
#include "reader.h"

#include "sg/config.h"

#include <string.h>

enum { COMMIT_HEX = 40, SHA256_HEX = 64 };

static const struct sg_strict_field path_fields[] = {
    {.name = "from", .want = SG_WANT_STRING, .required = true},
    {.name = "to", .want = SG_WANT_STRING, .required = true},
    {.name = "tree", .want = SG_WANT_SCALAR, .required = true},
    {0},
};
static const struct sg_strict_field generated_fields[] = {
    {.name = "path", .want = SG_WANT_STRING, .required = true},
    {.name = "blob", .want = SG_WANT_SCALAR, .required = true},
    {0},
};
static const struct sg_strict_field splice_fields[] = {
    {.name = "offset", .want = SG_WANT_INT, .required = true},
    {.name = "length", .want = SG_WANT_INT, .required = true},
    {.name = "text", .want = SG_WANT_STRING},
    {.name = "base64", .want = SG_WANT_STRING},
    {0},
};
static const struct sg_strict_field file_fields[] = {
    {.name = "path", .want = SG_WANT_STRING, .required = true},
    {.name = "sha256", .want = SG_WANT_SCALAR},
    {.name = "undo", .want = SG_WANT_STRING},
    {.name = "exec", .want = SG_WANT_BOOL},
    {.name = "text", .want = SG_WANT_STRING},
    {.name = "base64", .want = SG_WANT_STRING},
    {.name = "splices", .want = SG_WANT_MAPS, .fields = splice_fields},
    {0},
};
/* A commit of digits alone reads as a number: scalar, not string. */
#define STATE_FIELDS                                                                     \
    {.name = "version", .want = SG_WANT_STRING, .required = true},                       \
        {.name = "tag", .want = SG_WANT_SCALAR, .required = true},                       \
        {.name = "commit", .want = SG_WANT_SCALAR, .required = true},                    \
        {.name = "date", .want = SG_WANT_STRING, .required = true},                      \
        {.name = "renderer", .want = SG_WANT_STRING, .required = true},                  \
        {.name = "schema", .want = SG_WANT_STRING, .required = true},                    \
        {.name = "paths",                                                                \
         .want = SG_WANT_MAPS,                                                           \
         .required = true,                                                               \
         .fields = path_fields},                                                         \
    {                                                                                    \
        .name = "generated", .want = SG_WANT_MAPS, .fields = generated_fields            \
    }
static const struct sg_strict_field entry_fields[] = {
    STATE_FIELDS,
    {.name = "files", .want = SG_WANT_MAPS, .fields = file_fields},
    {0},
};
static const struct sg_strict_field lock_fields[] = {
    {.name = "apiVersion", .want = SG_WANT_STRING, .required = true},
    {.name = "kind", .want = SG_WANT_STRING, .required = true},
    STATE_FIELDS,
    {.name = "history", .want = SG_WANT_MAPS, .fields = entry_fields},
    {0},
};

static uint32_t count(const struct sg_node *list) {
    return list ? list->len : 0;
}

/* --- a customer's file ------------------------------------------------------------ */

/* The bytes of `text:` or `base64:` of a map; exactly one of them is there. */
static int read_bytes(const struct reader *r, const struct sg_node *map,
                      struct sg_str *out) {
    const struct sg_node *text = config_get(map, "text");
    const struct sg_node *encoded = config_get(map, "base64");
    if (!text == !encoded) {
        return config_fail(r, map, "found %s, expected one of text and base64",
                           text ? "both" : "neither");
    }
    sg_auto_buf bytes = SG_BUF_INIT;
    if (text) {
        sg_buf_add(&bytes, text->text, text->len);
    } else if (!config_get_base64(&bytes, encoded->text, encoded->len)) {
        return config_fail(r, encoded, "found text that is no base64");
    }
    out->ptr = sg_arena_strndup(r->arena, sg_buf_cstr(&bytes), bytes.len);
    out->len = bytes.len;
    return 0;
}

static int read_splice(const struct reader *r, const struct sg_node *map, uint64_t *past,
                       struct sg_lock_file *file) {
    struct sg_lock_splice splice = {0};
    int64_t offset = sg_strict_int(config_get(map, "offset"), -1);
    int64_t length = sg_strict_int(config_get(map, "length"), -1);
    if (offset < 0 || length < 0 || offset > INT64_MAX - length) {
        return config_fail(r, map, "found a splice of %lld bytes at %lld",
                           (long long)length, (long long)offset);
    }
    splice.offset = (uint64_t)offset;
    splice.length = (uint64_t)length;
    if (splice.offset < *past) {
        return config_fail(r, map,
                           "found a splice at byte %lld, expected one after byte %llu",
                           (long long)offset, (unsigned long long)*past);
    }
    *past = splice.offset + splice.length;
    if (read_bytes(r, map, &splice.text)) {
        return -1;
    }
    sg_vec_push(&file->splices, splice);
    return 0;
}

static int read_undo(const struct reader *r, const struct sg_node *map,
                     struct sg_lock_file *file) {
    static const char *const words[] = {"splice", "remove", "create", NULL};
    const struct sg_node *undo = config_get(map, "undo");
    size_t word = SG_UNDO_SPLICE;
    if (undo && config_word(r, undo, words, &word)) {
        return -1;
    }
    file->undo = (enum sg_lock_undo)word;
    file->exec = sg_strict_bool(config_get(map, "exec"), false);
    bool has_bytes = config_get(map, "text") || config_get(map, "base64");
    const struct sg_node *splices = config_get(map, "splices");
    if (has_bytes != (file->undo == SG_UNDO_CREATE) ||
        (splices && file->undo != SG_UNDO_SPLICE) ||
        (!file->sha256) != (file->undo == SG_UNDO_CREATE)) {
        return config_fail(r, map,
                           "found fields that do not go with undo: %s (splice has sha256 "
                           "and splices, remove has sha256, create has text or base64)",
                           words[word]);
    }
    if (file->undo == SG_UNDO_CREATE) {
        struct sg_lock_splice whole = {0};
        if (read_bytes(r, map, &whole.text)) {
            return -1;
        }
        sg_vec_push(&file->splices, whole);
    }
    uint64_t past = 0;
    for (uint32_t i = 0; i < count(splices); i++) {
        if (read_splice(r, splices->items[i], &past, file)) {
            return -1;
        }
    }
    return 0;
}

static int read_file(const struct reader *r, const struct sg_node *map,
                     struct sg_lock_entry *entry) {
    struct sg_lock_file file = {0};
    sg_vec_push(&entry->files, file); /* owned by the entry whatever comes */
    struct sg_lock_file *added = &entry->files.items[entry->files.len - 1];
    return config_path(r, config_get(map, "path"), false, &added->path) ||
                   config_hex(r, map, "sha256", SHA256_HEX, &added->sha256) ||
                   read_undo(r, map, added)
               ? -1
               : 0;
}

/* --- a state ---------------------------------------------------------------------- */

static int read_path(const struct reader *r, const struct sg_node *map,
                     struct sg_lock_entry *entry) {
    struct sg_lock_path path = {0};
    if (config_path(r, config_get(map, "from"), true, &path.from) ||
        config_path(r, config_get(map, "to"), false, &path.to) ||
        config_hex(r, map, "tree", COMMIT_HEX, &path.tree)) {
        return -1;
    }
    for (size_t i = 0; i < entry->paths.len; i++) {
        if (strcmp(entry->paths.items[i].to, path.to) == 0) {
            return config_fail(r, map, "found \"%s\" as the place of a second path",
                               path.to);
        }
    }
    sg_vec_push(&entry->paths, path);
    return 0;
}

static int read_generated(const struct reader *r, const struct sg_node *map,
                          struct sg_lock_entry *entry) {
    struct sg_lock_generated generated = {0};
    if (config_path(r, config_get(map, "path"), false, &generated.path) ||
        config_hex(r, map, "blob", COMMIT_HEX, &generated.blob)) {
        return -1;
    }
    sg_vec_push(&entry->generated, generated);
    return 0;
}

/* "2020-10-01T12:00:00Z"; a leap second counts. */
static bool is_time(const char *text) {
    if (strlen(text) != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        text[19] != 'Z') {
        return false;
    }
    sg_auto_cstr day = sg_xstrndup(text, 10);
    int hour = config_digits(text + 11, 2);
    int minute = config_digits(text + 14, 2);
    int second = config_digits(text + 17, 2);
    return config_is_date(day) && hour >= 0 && hour <= 23 && minute >= 0 &&
           minute <= 59 && second >= 0 && second <= 60;
}

static int check_date(const struct reader *r, const struct sg_node *node,
                      const char *text) {
    return is_time(text) ? 0
                         : config_fail(r, node,
                                       "found the date \"%.60s\", expected one like "
                                       "2020-10-01T12:00:00Z",
                                       text);
}

typedef int read_item_fn(const struct reader *r, const struct sg_node *map,
                         struct sg_lock_entry *entry);

static int read_list(const struct reader *r, const struct sg_node *map, const char *name,
                     read_item_fn *read, struct sg_lock_entry *entry) {
    const struct sg_node *list = config_get(map, name);
    for (uint32_t i = 0; i < count(list); i++) {
        if (read(r, list->items[i], entry)) {
            return -1;
        }
    }
    return 0;
}

static int read_entry(const struct reader *r, const struct sg_node *map,
                      struct sg_lock_entry *entry) {
    struct sg_version version;
    entry->at = config_at(r, map);
    return config_field(r, map, "version", &entry->version) ||
                   config_version(r, config_get(map, "version"), &version) ||
                   config_field(r, map, "tag", &entry->tag) ||
                   config_hex(r, map, "commit", COMMIT_HEX, &entry->commit) ||
                   config_field(r, map, "date", &entry->date) ||
                   check_date(r, config_get(map, "date"), entry->date) ||
                   config_field(r, map, "renderer", &entry->renderer) ||
                   config_field(r, map, "schema", &entry->schema) ||
                   read_list(r, map, "paths", read_path, entry) ||
                   read_list(r, map, "generated", read_generated, entry) ||
                   read_list(r, map, "files", read_file, entry)
               ? -1
               : 0;
}

/* --- the lock --------------------------------------------------------------------- */

static int read_lock(const struct reader *r, const struct sg_node *root,
                     struct sg_lock *out) {
    if (read_entry(r, root, &out->now)) {
        return -1;
    }
    const struct sg_node *history = config_get(root, "history");
    for (uint32_t i = 0; i < count(history); i++) {
        struct sg_lock_entry entry = {0};
        sg_vec_push(&out->history, entry);
        if (read_entry(r, history->items[i], &out->history.items[i])) {
            return -1;
        }
    }
    return 0;
}

int sg_lock_read(struct sg_lock *out, const char *name, const char *text, size_t len,
                 struct sg_err *err) {
    static const char restore[] =
        "the lock is written by sgupgrade: restore it with `git checkout -- " SG_LOCK_FILE
        "`";
    sg_lock_init(out);
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_docs set;
    sg_docs_init(&set, atoms);
    const struct sg_node *root =
        config_parse(&set, name, text, len, lock_fields, "Lock", restore, err);
    struct reader r = {.set = &set,
                       .arena = &out->arena,
                       .name = sg_arena_strdup(&out->arena, name),
                       .err = err};
    int rc = root ? read_lock(&r, root, out) : -1;
    if (rc) {
        sg_err_hint(err, "%s", restore);
    }
    sg_docs_release(&set);
    sg_atoms_free(atoms);
    return rc;
}
