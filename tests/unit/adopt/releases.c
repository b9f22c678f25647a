#include "releases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sg/process.h"

/* libgit2 1.5.1 forgets PCRE2's match data whenever it looks for url.*.insteadOf in a
 * configuration. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libpcre2-8.so";
}

const char *const real_versions[11] = {"3.10.4", "3.11.4", "3.12.5", "3.13.1",
                                       "3.14.4", "3.15.1", "3.16.0", "3.17.2",
                                       "3.18.0", "3.19.2", "3.20.1"};

static void run(const char *const *argv, const struct sg_buf *in) {
    sg_auto_buf said = SG_BUF_INIT;
    struct sg_err err = {0};
    struct sg_process process = {.argv = argv, .err = &said};
    int status = -1;
    if (in != NULL) {
        process.in = in->ptr;
        process.in_len = in->len;
    }
    if (sg_process_run(&process, &status, &err) != 0 || status != 0) {
        fail_msg("%s: %s%s", argv[0], err.text, sg_buf_cstr(&said));
    }
}

void releases_start(struct releases *releases) {
    *releases = (struct releases){0};
    snprintf(releases->dir, sizeof(releases->dir), "%s/adopt-XXXXXX", SG_TEST_TMP);
    assert_non_null(mkdtemp(releases->dir));
    assert_int_equal(setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1), 0);
    assert_int_equal(setenv("GIT_CONFIG_NOSYSTEM", "1", 1), 0);
}

void releases_drop(struct releases *releases) {
    const char *const argv[] = {"rm", "-rf", "--", releases->dir, NULL};
    sg_upstream_free(releases->up);
    sg_buf_release(&releases->script);
    run(argv, NULL);
}

static void data(struct releases *releases, const char *bytes, size_t len) {
    sg_buf_addf(&releases->script, "data %zu\n", len);
    sg_buf_add(&releases->script, bytes, len);
    sg_buf_addc(&releases->script, '\n');
}

void releases_commit(struct releases *releases, const char *subject) {
    sg_buf_adds(&releases->script, "commit refs/heads/main\n"
                                   "committer Up <up@example.com> 1570000000 +0000\n");
    data(releases, subject, strlen(subject));
}

static void put(struct releases *releases, const char *path, const char *bytes,
                size_t len) {
    sg_buf_addf(&releases->script, "M 100644 inline %s\n", path);
    data(releases, bytes, len);
}

void releases_file(struct releases *releases, const char *path, const char *text) {
    if (text == NULL) {
        sg_buf_addf(&releases->script, "D %s\n", path);
    } else {
        put(releases, path, text, strlen(text));
    }
}

void releases_tag(struct releases *releases, const char *tag) {
    sg_buf_addf(&releases->script, "reset refs/tags/%s\nfrom refs/heads/main\n\n", tag);
}

void releases_folder(struct releases *releases, const struct sg_fs *fs) {
    sg_auto_fs_list list = {0};
    struct sg_err err = {0};
    sg_buf_adds(&releases->script, "deleteall\n");
    assert_int_equal(sg_fs_walk(fs, "", &list, &err), 0);
    for (size_t i = 0; i < list.entries.len; i++) {
        sg_auto_buf text = SG_BUF_INIT;
        sg_auto_cstr path = sg_xasprintf("base/%s", list.entries.items[i].name);
        assert_int_equal(sg_fs_read(fs, list.entries.items[i].name, &text, &err), 0);
        put(releases, path, sg_buf_cstr(&text), text.len);
    }
}

void releases_make(struct releases *releases) {
    struct sg_err err = {0};
    const char *const init[] = {"git", "init", "-q",          "--bare",
                                "-b",  "main", releases->dir, NULL};
    const char *const import[] = {"git",         "-C",      releases->dir,
                                  "fast-import", "--quiet", NULL};
    run(init, NULL);
    run(import, &releases->script);
    releases->up =
        sg_upstream_open(&(struct sg_upstream_opts){.url = releases->dir}, &err);
    if (releases->up == NULL) {
        fail_msg("%s", err.text);
    }
}

struct sg_fs *real_base(const char *version) {
    const char *shared = getenv("SG_SHARED");
    sg_auto_cstr folder = sg_xasprintf("%s/real/upstream/v%s/kubernetes/base",
                                       shared != NULL ? shared : "/nowhere", version);
    struct sg_err err = {0};
    struct sg_fs *fs = sg_fs_disk(folder, &err);
    if (fs == NULL) {
        print_message("skipped: no SG_SHARED with the releases\n");
    }
    return fs;
}
