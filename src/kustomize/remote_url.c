/* remote_url.c - see remote_url.h. The rules are those of kustomize's repospec. */
#include "sg/remote_url.h"

#include <string.h>
#include <strings.h>

void sg_remote_url_release(struct sg_remote_url *url) {
    free(url->repo);
    free(url->path);
    free(url->ref);
    *url = (struct sg_remote_url){0};
}

static bool starts(const char *text, const char *prefix) {
    return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

/* Length of scheme and user ("https://", "ssh://git@", "git@"), 0 for a bare host or a
 * path. */
static size_t scheme_length(const char *text) {
    static const char *const schemes[] = {"https://", "http://", "ssh://", "file://",
                                          "git://"};
    size_t at = starts(text, "git::") ? 5 : 0;
    size_t prefix = at;
    for (size_t i = 0; i < SG_ARRAY_LEN(schemes); i++) {
        if (starts(text + at, schemes[i])) {
            at += strlen(schemes[i]);
            break;
        }
    }
    size_t user = strcspn(text + at, "@/");
    if (text[at + user] == '@' && user > 0 &&
        (at > prefix || strchr(text + at, ':') != NULL)) {
        at += user + 1;
    }
    return at;
}

/* Length of the host part that follows, its separator included; 0 where there is none. */
static size_t host_length(const char *text, bool has_scheme) {
    size_t len = strcspn(text, "/:");
    if (text[len] == '\0') {
        return 0;
    }
    if (text[len] == ':' && text[len + 1] >= '0' && text[len + 1] <= '9' && has_scheme) {
        len += 1 + strspn(text + len + 1, "0123456789"); /* a port */
    }
    if (text[len] == '\0') {
        return 0;
    }
    return len + 1;
}

/* Bytes of the repository part of `rest`, and where the path in it begins. */
static void split_repo(const char *rest, size_t len, bool two_parts, size_t *repo,
                       size_t *path) {
    const char *at;
    if ((at = memmem(rest, len, "//", 2)) != NULL) {
        *repo = (size_t)(at - rest);
        *path = *repo + 2;
    } else if ((at = memmem(rest, len, "/_git/", 6)) != NULL) {
        const char *end = memchr(at + 6, '/', len - (size_t)(at + 6 - rest));
        *repo = end == NULL ? len : (size_t)(end - rest);
        *path = end == NULL ? len : *repo + 1;
    } else if ((at = memmem(rest, len, ".git/", 5)) != NULL) {
        *repo = (size_t)(at - rest) + 4;
        *path = *repo + 1;
    } else {
        const char *end = two_parts ? memchr(rest, '/', len) : NULL;
        if (end != NULL) {
            end = memchr(end + 1, '/', len - (size_t)(end + 1 - rest));
        }
        *repo = end == NULL ? len : (size_t)(end - rest);
        *path = end == NULL ? len : *repo + 1;
    }
}

/* The form of a path alone says that it leads into a git repository. */
static bool says_git(const char *rest, size_t len) {
    return memmem(rest, len, "//", 2) != NULL || memmem(rest, len, "/_git/", 6) != NULL ||
           memmem(rest, len, ".git/", 5) != NULL ||
           (len >= 4 && memcmp(rest + len - 4, ".git", 4) == 0);
}

static char *query_ref(const char *query) {
    for (const char *at = query; *at != '\0';) {
        size_t len = strcspn(at, "&");
        size_t skip = strncmp(at, "ref=", 4) == 0       ? 4
                      : strncmp(at, "version=", 8) == 0 ? 8
                                                        : 0;
        if (skip > 0 && len > skip) {
            return sg_xstrndup(at + skip, len - skip);
        }
        at += len + (at[len] == '&');
    }
    return sg_xstrdup("");
}

static void trim_slashes(char *path) {
    size_t len = strlen(path);
    while (len > 0 && path[len - 1] == '/') {
        path[--len] = '\0';
    }
    size_t lead = strspn(path, "/");
    memmove(path, path + lead, len - lead + 1);
}

bool sg_remote_url_parse(const char *text, struct sg_remote_url *out) {
    size_t scheme = scheme_length(text);
    bool github = starts(text, "github.com/") || starts(text, "github.com:");
    if (scheme == 0 && !github) {
        return false;
    }
    bool local = starts(text + (starts(text, "git::") ? 5 : 0), "file://");
    size_t host = local ? 0 : host_length(text + scheme, strstr(text, "://") != NULL);
    if (!local && host == 0) {
        return false;
    }
    const char *rest = text + scheme + host;
    size_t len = strcspn(rest, "?");
    size_t repo, path;
    split_repo(rest, len, !local, &repo, &path);
    bool formed = says_git(rest, len);
    if (repo == 0 || (!local && !formed && memchr(rest, '/', repo) == NULL &&
                      memmem(rest, repo, ".git", 4) == NULL && !starts(text, "ssh://"))) {
        return false;
    }
    const char *from = starts(text, "git::") ? text + 5 : text;
    size_t whole = (size_t)(rest - from) + repo;
    out->repo = github ? sg_xasprintf("https://github.com/%.*s", (int)repo, rest)
                       : sg_xstrndup(from, whole);
    out->path = path >= len ? sg_xstrdup("") : sg_xstrndup(rest + path, len - path);
    trim_slashes(out->path);
    out->ref = query_ref(rest[len] == '?' ? rest + len + 1 : "");
    out->marked = formed || out->ref[0] != '\0';
    return true;
}
