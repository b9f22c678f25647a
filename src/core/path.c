/* path.c - file paths as text. */
#include "sg/path.h"

#include <string.h>

/* Drops the last part of a clean path in a buffer. False when there is none. */
static bool pop_part(struct sg_buf *path) {
    if (path->len == 0) {
        return false;
    }
    const char *slash = memrchr(path->ptr, '/', path->len);
    path->len = slash ? (size_t)(slash - path->ptr) : 0;
    path->ptr[path->len] = '\0';
    return true;
}

/* Appends the parts of `path` to a clean path; false where ".." leaves the root. */
static bool add_parts(struct sg_buf *out, const char *path) {
    while (*path) {
        size_t len = strcspn(path, "/");
        if (len == 2 && path[0] == '.' && path[1] == '.') {
            if (!pop_part(out)) {
                return false;
            }
        } else if (len > 0 && !(len == 1 && path[0] == '.')) {
            if (out->len > 0) {
                sg_buf_addc(out, '/');
            }
            sg_buf_add(out, path, len);
        }
        path += len;
        path += *path == '/';
    }
    return true;
}

int sg_path_join(const char *dir, const char *path, struct sg_buf *out,
                 struct sg_err *err) {
    if (path[0] == '/') {
        return sg_fail(err, SG_E_INPUT, "%s is an absolute path, expected a relative one",
                       path);
    }
    sg_auto_buf joined = SG_BUF_INIT;
    if (!add_parts(&joined, dir) || !add_parts(&joined, path)) {
        return sg_fail(err, SG_E_INPUT, "%s, seen from %s, leads out of the root folder",
                       path, dir[0] ? dir : "the root folder");
    }
    sg_buf_clear(out);
    sg_buf_add(out, sg_buf_cstr(&joined), joined.len);
    return 0;
}

void sg_path_dir(const char *path, struct sg_buf *out) {
    const char *slash = strrchr(path, '/');
    sg_buf_clear(out);
    sg_buf_add(out, path, slash ? (size_t)(slash - path) : 0);
}

const char *sg_path_base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* How many ".." parts the path begins with; `*rest` is what follows them. */
static size_t ups_of(const char *path, const char **rest) {
    size_t ups = 0;
    while (path[0] == '.' && path[1] == '.' && (path[2] == '/' || path[2] == '\0')) {
        path += path[2] == '/' ? 3 : 2;
        ups++;
    }
    *rest = path;
    return ups;
}

bool sg_path_within(const char *path, const char *dir) {
    const char *name, *rest;
    size_t ups = ups_of(dir, &name);
    if (name[0] == '\0') { /* the root, or a folder above it */
        return ups_of(path, &rest) <= ups;
    }
    size_t len = strlen(dir);
    return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/* Length of the leading parts that both paths share, without the '/' after them. */
static size_t shared_parts(const char *a, const char *b) {
    size_t shared = 0;
    for (size_t i = 0;; i++) {
        bool a_ends = a[i] == '\0' || a[i] == '/';
        bool b_ends = b[i] == '\0' || b[i] == '/';
        if (a_ends && b_ends) {
            shared = i;
        }
        if (a[i] != b[i] || a[i] == '\0') {
            return shared;
        }
    }
}

void sg_path_relative(const char *dir, const char *path, struct sg_buf *out) {
    size_t shared = shared_parts(dir, path);
    sg_buf_clear(out);
    sg_buf_add(out, "", 0);
    for (const char *up = dir + shared; *up; up += strcspn(up, "/")) {
        up += *up == '/';
        if (*up) {
            sg_buf_adds(out, out->len ? "/.." : "..");
        }
    }
    const char *rest = path + shared;
    rest += *rest == '/';
    if (*rest) {
        if (out->len) {
            sg_buf_addc(out, '/');
        }
        sg_buf_adds(out, rest);
    }
    if (out->len == 0) {
        sg_buf_addc(out, '.');
    }
}
