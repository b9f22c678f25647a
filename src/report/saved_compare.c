/*
 * saved_compare.c - is the plan that was made now the one that was saved? Both are
 * compared as documents, so that how the file is laid out does not count.
 */
#include <stdio.h>
#include <string.h>

#include "sg/json.h"
#include "sg/saved.h"

/* --- the first place that differs ------------------------------------------------- */

struct differ {
    struct sg_buf path;         /* JSON pointer */
    const struct sg_node *then; /* there; where it is not, what should hold it */
    const struct sg_node *held;
};

static void add_key(struct sg_buf *path, const char *key) {
    sg_buf_addc(path, '/');
    for (; *key != '\0'; key++) {
        if (*key == '~' || *key == '/') {
            sg_buf_adds(path, *key == '~' ? "~0" : "~1");
        } else {
            sg_buf_addc(path, *key);
        }
    }
}

static bool same(struct differ *d, const struct sg_node *then, const struct sg_node *now);

/* Goes down to a child; the path stays where a difference was found. */
static bool same_child(struct differ *d, const char *key, const struct sg_node *holder,
                       const struct sg_node *then, const struct sg_node *now) {
    size_t len = d->path.len;
    add_key(&d->path, key);
    if (then != NULL && now != NULL) {
        if (!same(d, then, now)) {
            return false;
        }
    } else if (then != now) {
        d->then = then;
        d->held = holder;
        return false;
    }
    d->path.len = len;
    d->path.ptr[len] = '\0';
    return true;
}

/* Who made the document, and how it was asked for. */
static bool is_volatile(const char *key) {
    static const char *const keys[] = {"tool",  "command", "exit",  "applied",
                                       "files", "commits", "deploy"};
    for (size_t i = 0; i < SG_ARRAY_LEN(keys); i++) {
        if (strcmp(keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

/* Both were written by one writer, so their keys mostly stand in one order. */
static const struct sg_node *counterpart(const struct sg_node *map, uint32_t at,
                                         sg_atom key) {
    if (at < map->len && map->entries[at].key == key) {
        return map->entries[at].value;
    }
    const struct sg_entry *entry = sg_map_find(map, key);
    return entry == NULL ? NULL : entry->value;
}

static bool same_maps(struct differ *d, const struct sg_node *then,
                      const struct sg_node *now) {
    bool root = d->path.len == 0;
    for (uint32_t i = 0; i < now->len; i++) {
        const struct sg_entry *entry = &now->entries[i];
        if (!(root && is_volatile(entry->key->text)) &&
            !same_child(d, entry->key->text, then, counterpart(then, i, entry->key),
                        entry->value)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < then->len; i++) {
        const struct sg_entry *entry = &then->entries[i];
        if (!(root && is_volatile(entry->key->text)) &&
            counterpart(now, i, entry->key) == NULL) {
            return same_child(d, entry->key->text, then, entry->value, NULL);
        }
    }
    return true;
}

static bool same_lists(struct differ *d, const struct sg_node *then,
                       const struct sg_node *now) {
    uint32_t longer = then->len > now->len ? then->len : now->len;
    for (uint32_t i = 0; i < longer; i++) {
        char key[16];
        snprintf(key, sizeof key, "%u", i);
        if (!same_child(d, key, then, i < then->len ? then->items[i] : NULL,
                        i < now->len ? now->items[i] : NULL)) {
            return false;
        }
    }
    return true;
}

static bool same(struct differ *d, const struct sg_node *then,
                 const struct sg_node *now) {
    if (sg_is_map(then) && sg_is_map(now)) {
        return same_maps(d, then, now);
    }
    if (sg_is_seq(then) && sg_is_seq(now)) {
        return same_lists(d, then, now);
    }
    if (sg_node_equal(then, now)) {
        return true;
    }
    d->then = then;
    return false;
}

/* --- what people ask first -------------------------------------------------------- */

static void add_way(const struct sg_node *hops, struct sg_buf *out) {
    for (uint32_t i = 0; i < hops->len; i++) {
        const char *version = sg_text(sg_map_gets(hops->items[i], "version"));
        sg_buf_addf(out, "%s%.40s", i > 0 ? ", " : "", version != NULL ? version : "?");
    }
    sg_buf_adds(out, hops->len == 0 ? "no release" : "");
}

/* Upstream has a newer patch release on the way, or the releases of the way moved. */
static int compare_way(const struct sg_node *then, const struct sg_plan *now,
                       struct sg_err *err) {
    sg_auto_buf was = SG_BUF_INIT, is = SG_BUF_INIT;
    if (!sg_is_seq(then)) {
        return 0;
    }
    add_way(then, &was);
    for (size_t i = 0; i < now->hops.len; i++) {
        sg_buf_addf(&is, "%s%.40s", i > 0 ? ", " : "", now->hops.items[i].version);
    }
    sg_buf_adds(&is, now->hops.len == 0 ? "no release" : "");
    if (strcmp(sg_buf_cstr(&was), sg_buf_cstr(&is)) != 0) {
        return sg_fail(err, SG_E_DIRTY,
                       "upstream offers another way now: the plan goes over %.160s, and "
                       "it would be %.160s",
                       sg_buf_cstr(&was), sg_buf_cstr(&is));
    }
    for (uint32_t i = 0; i < then->len; i++) {
        const char *commit = sg_text(sg_map_gets(then->items[i], "commit"));
        const struct sg_plan_hop *hop = &now->hops.items[i];
        if (commit != NULL && strcmp(commit, hop->commit) != 0) {
            return sg_fail(err, SG_E_DIRTY,
                           "upstream's tag of %.40s has moved: the plan was made from "
                           "%.12s, and it is %.12s now",
                           hop->version, commit, hop->commit);
        }
    }
    return 0;
}

/* The files the plan names were compared before it was made again: here is one more. */
static int compare_files(const struct sg_saved *saved, const struct sg_plan *now,
                         struct sg_err *err) {
    size_t k = 0;
    for (size_t i = 0; i < now->inputs.files.len; i++) {
        const char *file = now->inputs.files.items[i].file;
        if (k < saved->files.len && strcmp(saved->files.items[k].file, file) == 0) {
            k++;
            continue;
        }
        return sg_fail(err, SG_E_DIRTY,
                       "%s is read now, and the plan was made without it", file);
    }
    return 0;
}

int sg_saved_compare(const struct sg_saved *saved, const struct sg_report_plan *now,
                     const struct sg_report_opts *opts, struct sg_err *err) {
    if (compare_way(sg_map_gets(saved->root, "hops"), now->plan, err) != 0 ||
        compare_files(saved, now->plan, err) != 0) {
        return -1;
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_auto_docs docs;
    sg_docs_init(&docs, saved->docs.atoms);
    if (sg_saved_write(now, saved->decisions.items, saved->decisions.len, opts, &text,
                       err) != 0) {
        return -1;
    }
    const struct sg_node *root =
        sg_json_read(&docs, "the plan made now", sg_buf_cstr(&text), text.len, err);
    if (root == NULL) {
        return -1;
    }
    struct differ d = {.path = SG_BUF_INIT};
    int status = 0;
    if (!same(&d, saved->root, root)) {
        const struct sg_node *at = d.then != NULL ? d.then : d.held;
        status = sg_fail_at(
            err, SG_E_DIRTY, sg_docs_pos(&saved->docs, at != NULL ? at->loc : 0),
            "the saved plan is not what would be done now: %.200s differs",
            sg_buf_cstr(&d.path));
    }
    sg_buf_release(&d.path);
    return status;
}
