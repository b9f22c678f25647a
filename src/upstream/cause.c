/*
 * cause.c - the commit between two releases that last changed a path.
 */
#include "git.h"

#include "sg/path.h"
#include "sg/strmap.h"

#include <stdint.h>
#include <string.h>

struct answer {
    bool known;
    git_oid commit;
};

struct sg_upstream_cause {
    struct sg_upstream *up;
    char *from, *to;
    bool walked;
    struct sg_commit_ids commits; /* in `to` and not in `from` */
    struct sg_strmap answers;
    SG_VEC(struct answer *) owned;
};

struct sg_upstream_cause *sg_upstream_cause_new(struct sg_upstream *up, const char *from,
                                                const char *to) {
    struct sg_upstream_cause *cause = sg_xcalloc(1, sizeof(*cause));
    cause->up = upstream_ref(up);
    cause->from = sg_xstrdup(from);
    cause->to = sg_xstrdup(to);
    return cause;
}

void sg_upstream_cause_free(struct sg_upstream_cause *cause) {
    if (!cause) {
        return;
    }
    for (size_t i = 0; i < cause->owned.len; i++) {
        free(cause->owned.items[i]);
    }
    sg_vec_release(&cause->owned);
    sg_vec_release(&cause->commits.items);
    sg_strmap_release(&cause->answers);
    free(cause->from);
    free(cause->to);
    sg_upstream_free(cause->up);
    free(cause);
}

/* The id of what is at `path` in a commit; zero where nothing is. */
static bool id_at(const git_commit *commit, const char *path, git_oid *out) {
    git_tree *tree = NULL;
    git_tree_entry *entry = NULL;
    if (git_commit_tree(&tree, commit) < 0) {
        return false;
    }
    int rc = git_tree_entry_bypath(&entry, tree, path);
    if (rc == 0) {
        git_oid_cpy(out, git_tree_entry_id(entry));
    } else {
        memset(out, 0, sizeof(*out));
    }
    git_tree_entry_free(entry);
    git_tree_free(tree);
    return rc == 0 || rc == GIT_ENOTFOUND;
}

/* A commit changed a path where it differs from every parent: a merge that took over one
 * side did not. */
static bool changed(const git_commit *commit, const char *path) {
    git_oid mine, theirs;
    if (!id_at(commit, path, &mine)) {
        return false;
    }
    unsigned parents = git_commit_parentcount(commit);
    for (unsigned i = 0; i < parents; i++) {
        git_commit *parent = NULL;
        bool same = git_commit_parent(&parent, commit, i) < 0 ||
                    !id_at(parent, path, &theirs) || git_oid_equal(&mine, &theirs);
        git_commit_free(parent);
        if (same) {
            return false;
        }
    }
    return parents > 0 || !git_oid_is_zero(&mine);
}

static struct answer *look(struct sg_upstream_cause *cause, const char *path) {
    struct answer *answer = sg_xcalloc(1, sizeof(*answer));
    sg_vec_push(&cause->owned, answer);
    for (size_t i = 0; !answer->known && i < cause->commits.items.len; i++) {
        git_commit *commit = NULL;
        git_oid id;
        if (git_oid_fromstr(&id, cause->commits.items.items[i].hex) == 0 &&
            git_commit_lookup(&commit, cause->up->repo, &id) == 0 &&
            changed(commit, path)) {
            answer->known = true;
            answer->commit = id;
        }
        git_commit_free(commit);
    }
    return answer;
}

static bool find_cause(void *ctx, const char *path, char commit[41], char *subject,
                       size_t cap) {
    struct sg_upstream_cause *cause = ctx;
    if (!cause->walked) {
        cause->walked = true;
        sg_upstream_between(cause->up, cause->from, cause->to, SIZE_MAX, &cause->commits);
    }
    struct answer *answer = sg_strmap_get(&cause->answers, path, strlen(path));
    if (!answer) {
        answer = look(cause, path);
        sg_strmap_put(&cause->answers, path, strlen(path), answer);
    }
    if (!answer->known) {
        return false;
    }
    struct sg_commit found;
    struct sg_err unreadable = {0};
    git_oid_tostr(commit, SG_GIT_HEX + 1, &answer->commit);
    if (sg_upstream_commit(cause->up, commit, &found, &unreadable)) {
        return false;
    }
    upstream_copy_cut(subject, cap, found.subject);
    return true;
}

struct sg_cause sg_upstream_cause_as(struct sg_upstream_cause *cause) {
    return (struct sg_cause){.find = find_cause, .ctx = cause};
}
