/* web.h - files that a kustomization names by a http(s) URL. */
#ifndef SG_UPSTREAM_WEB_H
#define SG_UPSTREAM_WEB_H

#include "sg/base.h"
#include "sg/err.h"

/*
 * Appends the bytes behind `url` (redirections followed, to http and https only) and
 * keeps them in the folder `cache`, by the digest of the URL. With `offline` they come
 * from there. SG_E_NOTFOUND: the server has no such file (a status of 400 or more), or
 * offline it was never fetched. SG_E_IO: no answer. SG_E_LIMIT: over SG_FS_MAX_FILE
 * bytes.
 */
SG_MUST_USE int upstream_web_get(const char *url, const char *cache, bool offline,
                                 struct sg_buf *out, struct sg_err *err);

#endif
