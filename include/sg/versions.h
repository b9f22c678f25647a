/*
 * versions.h - what a user asks for ("3.20.1", "3.20", "3.x", "next", "latest") against
 * what upstream has, and the way from one version to another in allowed steps.
 *
 * A set holds the versions upstream has, those never to take, and how far a cluster may
 * jump at once. What it *offers* is every plain N.N.N that is not skipped; where upstream
 * has no plain N.N.N, its newest re-release N.N.N-K stands for it. Pre-releases, and
 * re-releases beside a plain version, are found only by their full name. Skipping a plain
 * N.N.N skips what would stand for it.
 */
#ifndef SG_VERSIONS_H
#define SG_VERSIONS_H

#include "sg/version.h"

enum sg_versions_step {
    SG_VERSIONS_MINOR, /* to the next minor, after a major's last one to the next major's
                          first */
    SG_VERSIONS_MAJOR, /* anywhere in this major, or into the next */
    SG_VERSIONS_ANY,   /* anywhere */
};

struct sg_version_list {
    SG_VEC(struct sg_version) items;
};
void sg_version_list_release(struct sg_version_list *list);
#define sg_auto_version_list SG_CLEANUP(sg_version_list_release) struct sg_version_list

struct sg_versions {
    struct sg_version_list known;   /* all of upstream, oldest first */
    struct sg_version_list skipped; /* oldest first */
    struct sg_version_list offered; /* see above, oldest first */
    enum sg_versions_step step;
};

/* Copies both arrays (any order, repeats allowed). Costs a sort. */
void sg_versions_init(struct sg_versions *set, enum sg_versions_step step,
                      const struct sg_version *known, size_t known_len,
                      const struct sg_version *skip, size_t skip_len);
void sg_versions_release(struct sg_versions *set);
#define sg_auto_versions SG_CLEANUP(sg_versions_release) struct sg_versions

/*
 * The version that `wanted` names, seen from `from` (NULL: nothing is installed yet,
 * where "next" is "latest"). "next" is the newest patch of the next allowed step, or of
 * the present one; "next" and "latest" are `from` itself where nothing is newer. A
 * leading "v" is accepted. Errors, each with a hint: SG_E_USAGE for what is no such name,
 * SG_E_NOTFOUND where upstream has none, SG_E_INPUT for one that is skipped.
 */
SG_MUST_USE int sg_versions_resolve(const struct sg_versions *set, const char *wanted,
                                    const struct sg_version *from, struct sg_version *out,
                                    struct sg_err *err);

/*
 * The hops that lead to `to`, the last one included, appended to `out`: the newest patch
 * of each step between, then `to`. None where both are equal. SG_E_USAGE, with a hint at
 * rollback, where `to` is older.
 */
SG_MUST_USE int sg_versions_hops(const struct sg_versions *set,
                                 const struct sg_version *from,
                                 const struct sg_version *to, struct sg_version_list *out,
                                 struct sg_err *err);

/* How many offered versions are newer than `from`. */
size_t sg_versions_newer(const struct sg_versions *set, const struct sg_version *from);
bool sg_versions_is_skipped(const struct sg_versions *set, const struct sg_version *v);

#endif
