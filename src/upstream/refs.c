/*
 * refs.c - tags as releases, and what is known of a commit.
 */
#include "git.h"

#include "sg/sort.h"

#include <string.h>
#include <time.h>

void sg_releases_release(struct sg_releases *list) {
    for (size_t i = 0; i < list->items.len; i++) {
        free(list->items.items[i].tag);
    }
    sg_vec_release(&list->items);
}

static char *tag_of(const struct sg_upstream *up, const struct sg_version *version) {
    char text[SG_VERSION_TEXT];
    sg_version_text(version, text);
    return sg_xasprintf("%s%s%s", up->tag_prefix, text, up->tag_suffix);
}

/* True where `tag` is what the pattern makes of a version, spelled the one right way
 * (v3.08.1 is not): then tag and version lead to each other. */
static bool version_of(const struct sg_upstream *up, const char *tag,
                       struct sg_version *out) {
    size_t prefix = strlen(up->tag_prefix), suffix = strlen(up->tag_suffix);
    size_t len = strlen(tag);
    if (len <= prefix + suffix || strncmp(tag, up->tag_prefix, prefix) != 0 ||
        strcmp(tag + len - suffix, up->tag_suffix) != 0) {
        return false;
    }
    sg_auto_cstr text = sg_xstrndup(tag + prefix, len - prefix - suffix);
    struct sg_err not_one = {0};
    char again[SG_VERSION_TEXT];
    if (sg_version_parse(text, out, &not_one)) {
        return false;
    }
    sg_version_text(out, again);
    return strcmp(text, again) == 0;
}

/* 1: the tag is there and leads to a commit. 0: it is not, or leads elsewhere. */
static int find_tag(const struct sg_upstream *up, const char *tag, git_oid *commit,
                    struct sg_err *err) {
    sg_auto_cstr name = sg_xasprintf("refs/tags/%s", tag);
    git_reference *ref = NULL;
    int rc = git_reference_lookup(&ref, up->repo, name);
    if (rc == GIT_ENOTFOUND || rc == GIT_EINVALIDSPEC) {
        return 0;
    }
    if (rc < 0) {
        return upstream_fail_object(err, up, rc, "cannot read tag %s of %s", tag,
                                    up->shown);
    }
    git_object *object = NULL;
    rc = git_reference_peel(&object, ref, GIT_OBJECT_COMMIT);
    if (rc == 0) {
        git_oid_cpy(commit, git_object_id(object));
    } else if (rc != GIT_EPEEL && rc != GIT_EINVALIDSPEC) {
        upstream_fail_object(err, up, rc, "cannot read what tag %s of %s leads to", tag,
                             up->shown);
    }
    git_object_free(object);
    git_reference_free(ref);
    if (rc == GIT_EPEEL || rc == GIT_EINVALIDSPEC) {
        return 0; /* a tag of a tree or a blob is no release */
    }
    return rc == 0 ? 1 : -1;
}

static int add_release(const struct sg_upstream *up, const char *tag,
                       struct sg_releases *out, struct sg_err *err) {
    struct sg_release release = {0};
    if (!version_of(up, tag, &release.version)) {
        return 0;
    }
    git_oid commit;
    int found = find_tag(up, tag, &commit, err);
    if (found <= 0) {
        return found;
    }
    release.tag = sg_xstrdup(tag);
    git_oid_tostr(release.commit, sizeof(release.commit), &commit);
    sg_vec_push(&out->items, release);
    return 0;
}

static bool version_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_release *left = a, *right = b;
    return sg_version_cmp(&left->version, &right->version) < 0;
}

int sg_upstream_releases(struct sg_upstream *up, struct sg_releases *out,
                         struct sg_err *err) {
    if (upstream_need(up, err)) {
        return -1;
    }
    git_strarray names = {0};
    int rc = git_tag_list(&names, up->repo);
    if (rc < 0) {
        return upstream_fail_object(err, up, rc, "cannot list the tags of %s", up->shown);
    }
    for (size_t i = 0; rc == 0 && i < names.count; i++) {
        rc = add_release(up, names.strings[i], out, err);
    }
    git_strarray_dispose(&names);
    sg_sort(out->items.items, out->items.len, sizeof(*out->items.items), version_less,
            NULL);
    return rc;
}

/* --- commits ---------------------------------------------------------------------- */

static int set_date(struct sg_commit *out, struct sg_err *err) {
    struct tm tm;
    time_t when = (time_t)out->time;
    if (out->time < 0 || !gmtime_r(&when, &tm) || tm.tm_year > 9999 - 1900 ||
        strftime(out->date, sizeof(out->date), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
        return sg_fail(err, SG_E_INPUT, "commit %.12s has an impossible date (%lld)",
                       out->id, (long long)out->time);
    }
    return 0;
}

void upstream_copy_cut(char *out, size_t cap, const char *text) {
    size_t len = strlen(text);
    if (len >= cap) {
        len = cap - 1;
        while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    memcpy(out, text, len);
    out[len] = '\0';
}

static int read_commit(const struct sg_upstream *up, const git_oid *oid,
                       struct sg_commit *out, struct sg_err *err) {
    git_commit *commit = NULL;
    git_oid_tostr(out->id, sizeof(out->id), oid);
    int rc = git_commit_lookup(&commit, up->repo, oid);
    if (rc == GIT_ENOTFOUND) {
        sg_fail(err, SG_E_NOTFOUND, "%s has no commit %.12s", up->shown, out->id);
        return sg_err_hint(err, up->local ? "check that upstream.url is the repository "
                                            "the lock was made from"
                                          : "run `sgupgrade fetch`");
    }
    if (rc < 0) {
        return upstream_fail_object(err, up, rc, "cannot read commit %.12s of %s",
                                    out->id, up->shown);
    }
    out->time = git_commit_time(commit);
    const char *summary = git_commit_summary(commit);
    upstream_copy_cut(out->subject, sizeof(out->subject), summary ? summary : "");
    git_commit_free(commit);
    return set_date(out, err);
}

int sg_upstream_commit(struct sg_upstream *up, const char *id, struct sg_commit *out,
                       struct sg_err *err) {
    memset(out, 0, sizeof(*out));
    git_oid oid;
    if (strlen(id) != SG_GIT_HEX || git_oid_fromstr(&oid, id) < 0) {
        return sg_fail(err, SG_E_INPUT, "\"%.60s\" is no commit id (40 hex digits)", id);
    }
    return upstream_need(up, err) ? -1 : read_commit(up, &oid, out, err);
}

/* The releases just below and above `version`, for the next step. */
static void hint_nearest(struct sg_upstream *up, const struct sg_version *version,
                         struct sg_err *err) {
    sg_auto_releases all = {0};
    struct sg_err ignored = {0};
    if (sg_upstream_releases(up, &all, &ignored) || all.items.len == 0) {
        sg_err_hint(err, "no tag of it matches %s{version}%s; see upstream.tag",
                    up->tag_prefix, up->tag_suffix);
        return;
    }
    size_t above = 0;
    while (above < all.items.len &&
           sg_version_cmp(&all.items.items[above].version, version) < 0) {
        above++;
    }
    char below_text[SG_VERSION_TEXT] = "", above_text[SG_VERSION_TEXT] = "";
    if (above > 0) {
        sg_version_text(&all.items.items[above - 1].version, below_text);
    }
    if (above < all.items.len) {
        sg_version_text(&all.items.items[above].version, above_text);
    }
    sg_err_hint(err, "the nearest: %s%s%s; %s", below_text,
                *below_text && *above_text ? ", " : "", above_text,
                up->current ? "`sgupgrade versions` lists all"
                            : "`sgupgrade fetch` looks for newer ones");
}

int sg_upstream_release(struct sg_upstream *up, const struct sg_version *v,
                        struct sg_commit *out, struct sg_err *err) {
    memset(out, 0, sizeof(*out));
    if (upstream_need(up, err)) {
        return -1;
    }
    sg_auto_cstr tag = tag_of(up, v);
    git_oid commit;
    int found = find_tag(up, tag, &commit, err);
    if (found < 0) {
        return -1;
    }
    if (!found) {
        char text[SG_VERSION_TEXT];
        sg_version_text(v, text);
        sg_fail(err, SG_E_NOTFOUND, "%s has no release %s (tag %s)", up->shown, text,
                tag);
        hint_nearest(up, v, err);
        return -1;
    }
    upstream_copy_cut(out->tag, sizeof(out->tag), tag);
    return read_commit(up, &commit, out, err);
}

int sg_upstream_pin(struct sg_upstream *up, const char *tag, const char *commit,
                    struct sg_err *err) {
    if (upstream_need(up, err)) {
        return -1;
    }
    git_oid now;
    int found = find_tag(up, tag, &now, err);
    if (found < 0) {
        return -1;
    }
    char id[SG_GIT_HEX + 1] = "";
    if (found) {
        git_oid_tostr(id, sizeof(id), &now);
        if (strcmp(id, commit) == 0) {
            return 0;
        }
        sg_fail(err, SG_E_PIN,
                "tag %s of %s moved: it leads to commit %.12s, the lock "
                "has %.12s",
                tag, up->shown, id, commit);
    } else {
        sg_fail(err, SG_E_PIN, "tag %s of %s is gone; the lock has commit %.12s", tag,
                up->shown, commit);
    }
    return sg_err_hint(err, "ask upstream why: a release must not change after it is "
                            "published; `sgupgrade versions` lists what it offers");
}
