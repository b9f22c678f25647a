/*
 * url.c - telling local repositories from URLs that need the network, and refusing what
 * must never reach git's command line.
 */
#include "git.h"

#include "sg/suggest.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static int refuse(const char *url, struct sg_err *err) {
    if (!*url) {
        sg_fail(err, SG_E_INPUT, "the URL is empty");
        return sg_err_hint(err, "set upstream.url to a git URL or a path");
    }
    if (*url == '-') {
        sg_fail(err, SG_E_INPUT,
                "the URL starts with \"-\", which git would read as an option");
        return sg_err_hint(err, "write a local path as ./%.60s", url);
    }
    for (const char *p = url; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            sg_fail(err, SG_E_INPUT, "the URL holds a control character (byte %zu)",
                    (size_t)(p - url) + 1);
            return sg_err_hint(err, "remove line breaks and tabs from it");
        }
    }
    return 0;
}

/* The byte after "scheme://", or NULL where the URL has no scheme. */
static const char *after_scheme(const char *url) {
    const char *p = url;
    while (isalnum((unsigned char)*p) || *p == '+' || *p == '-' || *p == '.') {
        p++;
    }
    return p > url && strncmp(p, "://", 3) == 0 ? p + 3 : NULL;
}

static int check_scheme(const char *url, const char *rest, struct sg_err *err) {
    static const char *const known[] = {"https", "ssh",     "git",    "http",
                                        "file",  "git+ssh", "ssh+git"};
    sg_auto_cstr scheme = sg_xstrndup(url, (size_t)(rest - url) - 3);
    struct sg_suggest near;
    sg_suggest_init(&near, scheme);
    for (size_t i = 0; i < SG_ARRAY_LEN(known); i++) {
        if (strcasecmp(scheme, known[i]) == 0) {
            return 0;
        }
        sg_suggest_offer(&near, known[i]);
    }
    sg_fail(err, SG_E_INPUT,
            "the URL has scheme \"%.40s\"; https, ssh, git, http and file are "
            "known",
            scheme);
    const char *best = sg_suggest_best(&near);
    return best ? sg_err_hint(err, "did you mean %s://%.100s?", best, rest)
                : sg_err_hint(err, "use https:// or ssh://");
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The path of a file:// URL (what follows the scheme), %XX decoded as git does. */
static int file_path(const char *rest, char **path, struct sg_err *err) {
    if (strncasecmp(rest, "localhost/", 10) == 0) {
        rest += 9;
    }
    if (*rest != '/') {
        sg_fail(err, SG_E_INPUT, "file://%.100s names another host", rest);
        return sg_err_hint(err, "write file:///absolute/path, or just the path");
    }
    struct sg_buf out = SG_BUF_INIT;
    for (; *rest; rest++) {
        int high = *rest == '%' ? hex_digit(rest[1]) : -1;
        int low = high >= 0 ? hex_digit(rest[2]) : -1;
        if (low >= 0 && high + low > 0) {
            sg_buf_addc(&out, (char)(high * 16 + low));
            rest += 2;
        } else {
            sg_buf_addc(&out, *rest);
        }
    }
    *path = sg_buf_take(&out);
    return 0;
}

/* git's rule: "host:path" is ssh where the colon comes before any slash. */
static bool looks_like_scp(const char *url) {
    const char *colon = strchr(url, ':');
    const char *slash = strchr(url, '/');
    return colon && (!slash || colon < slash);
}

int upstream_url_local(const char *url, const char *dir, char **path,
                       struct sg_err *err) {
    *path = NULL;
    if (refuse(url, err)) {
        return -1;
    }
    const char *rest = after_scheme(url);
    if (rest) {
        if (check_scheme(url, rest, err)) {
            return -1;
        }
        return strncasecmp(url, "file:", 5) == 0 ? file_path(rest, path, err) : 0;
    }
    if (strstr(url, "::")) {
        sg_fail(err, SG_E_INPUT, "the URL \"%.100s\" asks for a helper program", url);
        return sg_err_hint(err, "use a plain https://, ssh:// or file:// URL, or a path");
    }
    if (looks_like_scp(url)) {
        return 0;
    }
    *path = *url == '/' || !dir ? sg_xstrdup(url) : sg_xasprintf("%s/%s", dir, url);
    return 0;
}

size_t sg_upstream_url_host(const char *url) {
    if (strncmp(url, "git::", 5) == 0) { /* kustomize's word for a git URL */
        return 5 + sg_upstream_url_host(url + 5);
    }
    const char *rest = after_scheme(url);
    if (rest) {
        return (size_t)(rest - url) + strcspn(rest, "/?#");
    }
    return looks_like_scp(url) ? strcspn(url, ":") + 1 : 0;
}

char *sg_upstream_url_shown(const char *url) {
    const char *rest = after_scheme(url);
    if (!rest) {
        return sg_xstrdup(url); /* a path, or user@host:path, which holds no secret */
    }
    size_t authority = strcspn(rest, "/?#");
    const char *at = memrchr(rest, '@', authority);
    if (!at) {
        return sg_xstrdup(url);
    }
    return sg_xasprintf("%.*s%s", (int)(rest - url), url, at + 1);
}
