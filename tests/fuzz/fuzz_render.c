/*
 * fuzz_render.c - a tree of files, rendered. The input is an archive in text: a line
 * "-- path --" starts a file, its bytes go to the next such line. The folder of the first
 * file is the one that is rendered.
 */
#include "render_tree.h"

#include "sg/path.h"

/* True where the line is "-- path --"; `path` gets what stands between, cleaned. */
static bool names_file(const char *line, size_t len, struct sg_buf *path) {
    if (len < 7 || memcmp(line, "-- ", 3) != 0 || memcmp(line + len - 3, " --", 3) != 0) {
        return false;
    }
    sg_auto_buf raw = SG_BUF_INIT;
    struct sg_err err = {0};
    sg_buf_add(&raw, line + 3, len - 6);
    sg_buf_clear(path);
    return memchr(raw.ptr, '\0', raw.len) == NULL &&
           sg_path_join("", sg_buf_cstr(&raw), path, &err) == 0 && path->len > 0 &&
           path->len < 60;
}

/* A file where a folder is already, or below a file, cannot be on any disk. */
static bool fits(const struct sg_fs *fs, const char *path) {
    enum sg_fs_type type;
    struct sg_err err = {0};
    sg_auto_buf above = SG_BUF_INIT;
    if (sg_fs_stat(fs, path, &type, NULL, &err) != 0 || type == SG_FS_DIR) {
        return false;
    }
    for (size_t i = 0; path[i] != '\0'; i++) {
        if (path[i] != '/') {
            continue;
        }
        sg_buf_clear(&above);
        sg_buf_add(&above, path, i);
        if (sg_fs_stat(fs, sg_buf_cstr(&above), &type, NULL, &err) != 0 ||
            type == SG_FS_FILE) {
            return false;
        }
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    sg_auto_fs fs = sg_fs_memory();
    sg_auto_buf path = SG_BUF_INIT, next = SG_BUF_INIT, dir = SG_BUF_INIT;
    const char *at = (const char *)data, *end = at + size, *body = NULL;
    bool first = true;
    while (at <= end) {
        const char *stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        size_t len = (size_t)((stop != NULL ? stop : end) - at);
        bool header = at < end && names_file(at, len, &next);
        if ((header || stop == NULL) && body != NULL && fits(fs, sg_buf_cstr(&path))) {
            sg_fs_memory_put(fs, sg_buf_cstr(&path), body,
                             (size_t)((header ? at : end) - body));
        }
        if (header) {
            sg_buf_clear(&path);
            sg_buf_add(&path, next.ptr, next.len);
            body = stop != NULL ? stop + 1 : end;
            if (first) {
                sg_path_dir(sg_buf_cstr(&path), &dir);
            }
            first = false;
        }
        if (stop == NULL) {
            break;
        }
        at = stop + 1;
    }
    if (!first) {
        render_all(fs, sg_buf_cstr(&dir));
    }
    return 0;
}
