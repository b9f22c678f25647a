/*
 * bases.h - two bases without any overlay, and what the matcher makes of everything that
 * is in the old one and not in the new one.
 */
#ifndef BASES_H
#define BASES_H

#include "match.h"

struct bases {
    struct sg_atoms *atoms;
    struct sg_fieldpaths *paths;
    struct sg_fs *fs[2];
    struct sg_plan plan;
    struct overlay_plan op;
};
void bases_init(struct bases *bases);
void bases_release(struct bases *bases);
/* Puts base/NAME into the old or the new base; NULL leaves it out. */
void bases_put(struct bases *bases, const char *name, const char *old_text,
               const char *new_text);
/* All YAML files below a folder; false where it cannot be read. */
bool bases_read(struct bases *bases, int side, const char *folder);
/* Renders both; to be called before anything is asked. */
void bases_render(struct bases *bases);

/* The object of a tree by "Kind/name"; fails the test where there is none. */
const struct sg_resource *bases_object(struct bases *bases, int tree, const char *id);

/* Something that is gone and what it has become. `became` is the new object or key, ""
 * where there is no certain one. */
struct change {
    const char *place, *became;
    double score; /* of the best match, 0 without one */
    const char *why;
};
struct changes {
    SG_VEC(struct change) items;
};
void changes_release(struct changes *changes);
/* Every object that is gone, every gone element of a keyed list of those that stay or
 * have a certain heir (and of elements that do), in the order of the old base. */
void bases_changes(struct bases *bases, struct changes *out);

/* One base with this text in the old release and that in the new one: what is gone at
 * `place` has certainly become `became`, or "" nothing certain; `why` is in the reasons
 * of the best match ("" for any). */
void expect_change(const char *old_text, const char *new_text, const char *place,
                   const char *became, const char *why);

#endif
