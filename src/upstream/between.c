/*
 * between.c - the commits between two releases.
 */
#include "git.h"

void sg_upstream_between(struct sg_upstream *up, const char *from, const char *to,
                         size_t most, struct sg_commit_ids *out) {
    git_revwalk *walk = NULL;
    git_oid start, end, next;
    if (!up->repo || git_oid_fromstr(&start, from) < 0 || git_oid_fromstr(&end, to) < 0 ||
        git_revwalk_new(&walk, up->repo) < 0) {
        return;
    }
    if (git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME) == 0 &&
        git_revwalk_push(walk, &end) == 0 && git_revwalk_hide(walk, &start) == 0) {
        while (out->items.len < most && git_revwalk_next(&next, walk) == 0) {
            struct sg_commit_id id;
            git_oid_tostr(id.hex, sizeof(id.hex), &next);
            sg_vec_push(&out->items, id);
        }
    }
    git_revwalk_free(walk);
}
