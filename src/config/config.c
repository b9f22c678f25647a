/* config.c - reading sgupgrade.yaml. */
#include "reader.h"

#include "sg/config.h"
#include "sg/path.h"

#include <string.h>

static const struct sg_strict_field verify_fields[] = {
    {.name = "tags", .want = SG_WANT_STRING},
    {0},
};
static const struct sg_strict_field upstream_fields[] = {
    {.name = "url", .want = SG_WANT_STRING, .required = true},
    {.name = "paths", .want = SG_WANT_LIST},
    {.name = "tag", .want = SG_WANT_STRING},
    {.name = "skip", .want = SG_WANT_STRINGS},
    {.name = "notes", .want = SG_WANT_STRING},
    {.name = "verify", .want = SG_WANT_MAP, .fields = verify_fields},
    {0},
};
static const struct sg_strict_field path_fields[] = {
    {.name = "from", .want = SG_WANT_STRING, .required = true},
    {.name = "to", .want = SG_WANT_STRING, .required = true},
    {0},
};
static const struct sg_strict_field step_fields[] = {
    {.name = "step", .want = SG_WANT_STRING},
    {0},
};
static const struct sg_strict_field merge_key_fields[] = {
    {.name = "group", .want = SG_WANT_STRING},
    {.name = "kind", .want = SG_WANT_STRING, .required = true},
    {.name = "path", .want = SG_WANT_STRING, .required = true},
    {.name = "keys", .want = SG_WANT_STRINGS, .required = true},
    {0},
};
static const struct sg_strict_field accept_fields[] = {
    {.name = "code", .want = SG_WANT_STRING, .required = true},
    {.name = "object", .want = SG_WANT_STRING, .required = true},
    {.name = "overlay", .want = SG_WANT_STRING},
    {.name = "path", .want = SG_WANT_STRING},
    {.name = "to", .want = SG_WANT_STRING},
    {.name = "reason", .want = SG_WANT_STRING, .required = true},
    {.name = "expires", .want = SG_WANT_STRING},
    {0},
};
static const struct sg_strict_field config_fields[] = {
    {.name = "apiVersion", .want = SG_WANT_STRING, .required = true},
    {.name = "kind", .want = SG_WANT_STRING, .required = true},
    {.name = "upstream",
     .want = SG_WANT_MAP,
     .required = true,
     .fields = upstream_fields},
    {.name = "overlays", .want = SG_WANT_STRINGS},
    {.name = "path", .want = SG_WANT_MAP, .fields = step_fields},
    /* 1.29 without quotes is a number, and clear enough */
    {.name = "kubernetes", .want = SG_WANT_SCALAR},
    {.name = "rendered", .want = SG_WANT_STRING},
    {.name = "renderedSecrets", .want = SG_WANT_STRING},
    {.name = "repair", .want = SG_WANT_STRING},
    {.name = "external", .want = SG_WANT_STRINGS},
    {.name = "mergeKeys", .want = SG_WANT_MAPS, .fields = merge_key_fields},
    {.name = "accept", .want = SG_WANT_MAPS, .fields = accept_fields},
    {0},
};

static uint32_t count(const struct sg_node *list) {
    return list ? list->len : 0;
}

static struct sg_pos at_field(const struct reader *r, const struct sg_node *map,
                              const char *name) {
    const struct sg_node *node = config_get(map, name);
    return node ? config_at(r, node) : (struct sg_pos){0};
}

/* --- upstream --------------------------------------------------------------------- */

static int read_path(const struct reader *r, const struct sg_node *node,
                     struct sg_config *out) {
    struct sg_config_path path = {.at = config_at(r, node)};
    if (sg_is_map(node)) {
        if (sg_strict_check(r->set, node, path_fields, NULL, r->err) ||
            config_path(r, config_get(node, "from"), true, &path.from) ||
            config_path(r, config_get(node, "to"), false, &path.to)) {
            return -1;
        }
    } else if (sg_is_scalar(node)) {
        if (config_path(r, node, false, &path.from)) {
            return -1;
        }
        path.to = path.from;
    } else {
        config_fail(r, node, "found a list, expected a path or {from: …, to: …}");
        return sg_err_hint(r->err, "for example `- base`");
    }
    for (size_t i = 0; i < out->upstream.paths.len; i++) {
        const struct sg_config_path *other = &out->upstream.paths.items[i];
        if (strcmp(other->to, path.to) == 0) {
            config_fail(r, node,
                        "found \"%s\" as the place of a second path (line %u has "
                        "it too)",
                        path.to, (unsigned)other->at.line);
            return sg_err_hint(r->err, "give each path a `to` of its own");
        }
    }
    sg_vec_push(&out->upstream.paths, path);
    return 0;
}

static int read_paths(const struct reader *r, const struct sg_node *map,
                      struct sg_config *out) {
    const struct sg_node *paths = config_get(map, "paths");
    if (!paths) {
        sg_vec_push(&out->upstream.paths,
                    (struct sg_config_path){.from = "base", .to = "base"});
        return 0;
    }
    if (paths->len == 0) {
        config_fail(r, paths, "found no path, expected at least one to vendor");
        return sg_err_hint(r->err, "for example paths: [base]");
    }
    for (uint32_t i = 0; i < paths->len; i++) {
        if (read_path(r, paths->items[i], out)) {
            return -1;
        }
    }
    return 0;
}

static int read_tag(const struct reader *r, const struct sg_node *map,
                    struct sg_config *out) {
    static const char hole[] = "{version}";
    out->upstream.tag = "v{version}";
    if (config_field(r, map, "tag", &out->upstream.tag)) {
        return -1;
    }
    const char *first = strstr(out->upstream.tag, hole);
    if (!first || strstr(first + 1, hole)) {
        config_fail(r, config_get(map, "tag"),
                    "found the tag \"%.80s\", expected one that holds {version} once",
                    out->upstream.tag);
        return sg_err_hint(r->err, "for tags like v3.20.1 write \"v{version}\"");
    }
    return 0;
}

static int read_skip(const struct reader *r, const struct sg_node *map,
                     struct sg_config *out) {
    const struct sg_node *list = config_get(map, "skip");
    for (uint32_t i = 0; i < count(list); i++) {
        struct sg_config_skip skip = {.at = config_at(r, list->items[i])};
        if (config_version(r, list->items[i], &skip.version)) {
            return -1;
        }
        sg_vec_push(&out->upstream.skip, skip);
    }
    return 0;
}

static int read_url(const struct reader *r, const struct sg_node *map,
                    struct sg_config *out) {
    const struct sg_node *node = config_get(map, "url");
    if (config_field(r, map, "url", &out->upstream.url)) {
        return -1;
    }
    if (out->upstream.url[0] == '-') {
        config_fail(r, node,
                    "found a URL that starts with \"-\", which git would read as "
                    "an option");
        return sg_err_hint(r->err, "write a local path as ./%.80s", out->upstream.url);
    }
    return 0;
}

static int read_upstream(const struct reader *r, const struct sg_node *map,
                         struct sg_config *out) {
    static const char *const verify[] = {"none", "signed", NULL};
    const struct sg_node *tags = config_get(config_get(map, "verify"), "tags");
    size_t word = SG_VERIFY_NONE;
    if (read_url(r, map, out) || read_paths(r, map, out) || read_tag(r, map, out) ||
        read_skip(r, map, out) || config_field(r, map, "notes", &out->upstream.notes) ||
        (tags && config_word(r, tags, verify, &word))) {
        return -1;
    }
    out->upstream.verify = (enum sg_config_verify)word;
    out->upstream.at = config_at(r, map);
    out->upstream.url_at = at_field(r, map, "url");
    out->upstream.tag_at = at_field(r, map, "tag");
    out->upstream.notes_at = at_field(r, map, "notes");
    return 0;
}

/* --- the rest --------------------------------------------------------------------- */

static int read_overlays(const struct reader *r, const struct sg_node *root,
                         struct sg_config *out) {
    const struct sg_node *list = config_get(root, "overlays");
    out->overlays_at = at_field(r, root, "overlays");
    if (!list) {
        sg_vec_push(&out->overlays.items, (struct sg_config_text){.text = "overlays/*"});
        return 0;
    }
    for (uint32_t i = 0; i < list->len; i++) {
        struct sg_config_text glob = {.at = config_at(r, list->items[i])};
        if (config_path(r, list->items[i], false, &glob.text)) {
            return -1;
        }
        sg_vec_push(&out->overlays.items, glob);
    }
    return 0;
}

static int read_words(const struct reader *r, const struct sg_node *root,
                      struct sg_config *out) {
    static const char *const steps[] = {"minor", "major", "none", NULL};
    static const char *const secrets[] = {"refuse", "omit", "write", NULL};
    static const char *const repairs[] = {"auto", "report", NULL};
    const struct sg_node *step = config_get(config_get(root, "path"), "step");
    const struct sg_node *secret = config_get(root, "renderedSecrets");
    const struct sg_node *repair = config_get(root, "repair");
    size_t step_word = 0, secret_word = 0, repair_word = 0;
    if ((step && config_word(r, step, steps, &step_word)) ||
        (secret && config_word(r, secret, secrets, &secret_word)) ||
        (repair && config_word(r, repair, repairs, &repair_word))) {
        return -1;
    }
    out->step = (enum sg_config_step)step_word;
    out->rendered_secrets = (enum sg_config_secrets)secret_word;
    out->repair = (enum sg_config_repair)repair_word;
    out->step_at = step ? config_at(r, step) : (struct sg_pos){0};
    return 0;
}

/* "1.29" or "1.29.3": two or three numbers. */
static bool is_kubernetes(const char *text) {
    size_t numbers = 0;
    for (;;) {
        size_t digits = strspn(text, "0123456789");
        if (digits == 0 || digits > 3) {
            return false;
        }
        numbers++;
        text += digits;
        if (!*text) {
            return numbers == 2 || numbers == 3;
        }
        if (*text++ != '.') {
            return false;
        }
    }
}

static int read_kubernetes(const struct reader *r, const struct sg_node *root,
                           struct sg_config *out) {
    if (config_field(r, root, "kubernetes", &out->kubernetes)) {
        return -1;
    }
    if (out->kubernetes && !is_kubernetes(out->kubernetes)) {
        config_fail(r, config_get(root, "kubernetes"),
                    "found the Kubernetes version \"%.40s\", expected one like \"1.29\"",
                    out->kubernetes);
        return sg_err_hint(r->err,
                           "see `kubectl version`; without the field the check of "
                           "removed APIs is off");
    }
    out->kubernetes_at = at_field(r, root, "kubernetes");
    return 0;
}

static int read_rendered(const struct reader *r, const struct sg_node *root,
                         struct sg_config *out) {
    const struct sg_node *node = config_get(root, "rendered");
    if (!node) {
        return 0;
    }
    if (config_path(r, node, false, &out->rendered)) {
        return -1;
    }
    out->rendered_at = config_at(r, node);
    for (size_t i = 0; i < out->upstream.paths.len; i++) {
        const char *to = out->upstream.paths.items[i].to;
        if (sg_path_within(to, out->rendered) || sg_path_within(out->rendered, to)) {
            config_fail(r, node,
                        "found \"%s\", which shares a place with the vendored "
                        "path \"%s\"",
                        out->rendered, to);
            return sg_err_hint(r->err, "give rendered manifests a folder of their own");
        }
    }
    return 0;
}

/* [group/version/]Kind[/namespace]/name: two to five parts, none empty. */
static bool is_object_name(const char *text) {
    size_t parts = 1;
    for (const char *p = text; *p; p++) {
        if (*p == '/') {
            parts++;
            if (p == text || p[1] == '/' || !p[1]) {
                return false;
            }
        }
    }
    return parts >= 2 && parts <= 5;
}

static int read_external(const struct reader *r, const struct sg_node *root,
                         struct sg_config *out) {
    const struct sg_node *list = config_get(root, "external");
    for (uint32_t i = 0; i < count(list); i++) {
        struct sg_config_text object = {.at = config_at(r, list->items[i])};
        object.text = config_text(r, list->items[i]);
        if (!object.text) {
            return -1;
        }
        if (!is_object_name(object.text)) {
            config_fail(r, list->items[i],
                        "found \"%.100s\", expected Kind/namespace/name "
                        "or Kind/name",
                        object.text);
            return sg_err_hint(r->err, "for example Secret/sourcegraph/pgsql-auth");
        }
        sg_vec_push(&out->external.items, object);
    }
    return 0;
}

static int read_merge_key(const struct reader *r, const struct sg_node *map,
                          struct sg_config *out) {
    sg_vec_push(&out->merge_keys,
                (struct sg_config_merge_key){.group = "", .at = config_at(r, map)});
    struct sg_config_merge_key *added = &out->merge_keys.items[out->merge_keys.len - 1];
    const struct sg_node *group = config_get(map, "group");
    const struct sg_node *keys = config_get(map, "keys");
    if ((group && group->len && config_field(r, map, "group", &added->group)) ||
        config_field(r, map, "kind", &added->kind) ||
        config_field(r, map, "path", &added->path)) {
        return -1;
    }
    if (keys->len == 0) {
        config_fail(r, keys, "found no key, expected at least one");
        return sg_err_hint(r->err, "for example keys: [name]");
    }
    for (uint32_t i = 0; i < keys->len; i++) {
        struct sg_config_text key = {.text = config_text(r, keys->items[i]),
                                     .at = config_at(r, keys->items[i])};
        if (!key.text) {
            return -1;
        }
        sg_vec_push(&added->keys.items, key);
    }
    return 0;
}

static int check_accept(const struct reader *r, const struct sg_node *map,
                        const struct sg_config_accept *accept) {
    const char *code = accept->code;
    if (strncmp(code, "SG", 2) != 0 || strlen(code) != 5 ||
        strspn(code + 2, "0123456789") != 3) {
        config_fail(r, config_get(map, "code"),
                    "found the code \"%.40s\", expected one like SG101", code);
        return sg_err_hint(r->err, "`sgupgrade explain SG101` tells what a code means");
    }
    if (accept->expires && !config_is_date(accept->expires)) {
        config_fail(r, config_get(map, "expires"),
                    "found \"%.40s\", expected a date like 2027-03-31", accept->expires);
        return sg_err_hint(r->err, "write the last day the entry shall hold");
    }
    return 0;
}

static int read_accept(const struct reader *r, const struct sg_node *map,
                       struct sg_config *out) {
    struct sg_config_accept accept = {.at = config_at(r, map)};
    if (config_field(r, map, "code", &accept.code) ||
        config_field(r, map, "object", &accept.object) ||
        config_field(r, map, "overlay", &accept.overlay) ||
        config_field(r, map, "path", &accept.path) ||
        config_field(r, map, "to", &accept.to) ||
        config_field(r, map, "reason", &accept.reason) ||
        config_field(r, map, "expires", &accept.expires) ||
        check_accept(r, map, &accept)) {
        return -1;
    }
    sg_vec_push(&out->accept, accept);
    return 0;
}

typedef int read_item_fn(const struct reader *r, const struct sg_node *map,
                         struct sg_config *out);

static int read_list(const struct reader *r, const struct sg_node *root, const char *name,
                     read_item_fn *read, struct sg_config *out) {
    const struct sg_node *list = config_get(root, name);
    for (uint32_t i = 0; i < count(list); i++) {
        if (read(r, list->items[i], out)) {
            return -1;
        }
    }
    return 0;
}

static int read_config(const struct reader *r, const struct sg_node *root,
                       struct sg_config *out) {
    return read_upstream(r, config_get(root, "upstream"), out) ||
                   read_overlays(r, root, out) || read_words(r, root, out) ||
                   read_kubernetes(r, root, out) || read_rendered(r, root, out) ||
                   read_external(r, root, out) ||
                   read_list(r, root, "mergeKeys", read_merge_key, out) ||
                   read_list(r, root, "accept", read_accept, out)
               ? -1
               : 0;
}

int sg_config_read(struct sg_config *out, const char *name, const char *text, size_t len,
                   struct sg_err *err) {
    memset(out, 0, sizeof(*out));
    sg_arena_init(&out->arena);
    out->name = sg_arena_strdup(&out->arena, name);
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_docs set;
    sg_docs_init(&set, atoms);
    const struct sg_node *root =
        config_parse(&set, name, text, len, config_fields, "Upgrade",
                     "start a project with `sgupgrade init --upstream URL`", err);
    struct reader r = {.set = &set, .arena = &out->arena, .name = out->name, .err = err};
    int rc = root ? read_config(&r, root, out) : -1;
    sg_docs_release(&set);
    sg_atoms_free(atoms);
    return rc;
}

void sg_config_release(struct sg_config *config) {
    for (size_t i = 0; i < config->merge_keys.len; i++) {
        sg_vec_release(&config->merge_keys.items[i].keys.items);
    }
    sg_vec_release(&config->merge_keys);
    sg_vec_release(&config->accept);
    sg_vec_release(&config->external.items);
    sg_vec_release(&config->overlays.items);
    sg_vec_release(&config->upstream.paths);
    sg_vec_release(&config->upstream.skip);
    sg_arena_release(&config->arena);
}

/* --- names of overlays ------------------------------------------------------------ */

/* Bytes of `glob` up to and with the '/' before its first wildcard; all but the last part
 * of one without. */
static size_t literal_prefix(const char *glob) {
    size_t end = strcspn(glob, "*?[");
    while (end > 0 && glob[end - 1] != '/') {
        end--;
    }
    return end;
}

const char *sg_config_overlay_name(const struct sg_config *config, const char *dir) {
    for (size_t i = 0; i < config->overlays.items.len; i++) {
        const char *glob = config->overlays.items.items[i].text;
        if (sg_path_glob(glob, dir)) {
            return dir + literal_prefix(glob);
        }
    }
    return NULL;
}
