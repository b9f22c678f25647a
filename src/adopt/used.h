/*
 * used.h - what a fork's own kustomization uses of the fork's files, and as what.
 */
#ifndef SG_ADOPT_USED_H
#define SG_ADOPT_USED_H

#include "sg/adopt.h"
#include "sg/fs.h"
#include "sg/kustomize.h"

struct used {
    const char *dir;         /* the fork's folder */
    struct sg_strmap read;   /* files, by their paths in the tree */
    struct sg_strmap loaded; /* of them those whose objects are in the render */
    struct sg_strmap anew;   /* written anew for the render; paths in the fork's folder */
};
void used_release(struct used *used);
#define auto_used SG_CLEANUP(used_release) struct used

/* All that was read of the fork, in the order of files and documents: its objects, and
 * those that stand again in another file. */
struct all_read {
    SG_VEC(struct sg_adopt_object) items;
};

/*
 * The fork's files as its kustomization can take them: one that kustomize refuses to load
 * (a key twice, a document that nothing reads) is written anew from what was read.
 * Borrows `fs`.
 */
struct sg_fs *used_view(const struct sg_adopt_fork *fork, const struct all_read *all,
                        const struct sg_fs *fs, struct used *used);
/* What is read of it. */
sg_fs_seen_fn used_note;

/* Forgets of the fork's what is not so: that files of no object are not taken, which the
 * kustomization reads (patches, inputs of generators); that an object stands twice, which
 * is a patch of it; that what is no object should be one, where it is not loaded. */
void used_tell(struct used *used, const struct sg_render *render,
               struct sg_adopt_fork *fork);

#endif
