/*
 * cache.h - the bare repository that mirrors a URL, and the lock around changing it.
 */
#ifndef SG_UPSTREAM_CACHE_H
#define SG_UPSTREAM_CACHE_H

#include "git.h"

/* mkdir -p, private to the user: a cache may hold a private repository. */
SG_MUST_USE int upstream_make_folders(const char *path, struct sg_err *err);

/*
 * Takes the cache's lock (waiting for another fetch to end) and makes the repository
 * where it is missing or half made. `*lock` is to be closed with upstream_cache_unlock.
 */
SG_MUST_USE int upstream_cache_lock(struct sg_upstream *up, int *lock,
                                    struct sg_err *err);
void upstream_cache_unlock(const int *lock);
#define auto_cache_lock SG_CLEANUP(upstream_cache_unlock) int

/* Packs the loose references a fetch leaves and notes that it succeeded. */
SG_MUST_USE int upstream_cache_seal(struct sg_upstream *up, struct sg_err *err);

#endif
