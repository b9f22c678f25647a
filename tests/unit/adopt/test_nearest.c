/* Which release a fork is of: edited forks of releases that differ little, folders that
 * are no fork, and forks of the real releases. */
#include "releases.h"

#include <stdio.h>
#include <string.h>

#define WEB(tag, replicas)                                                               \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"             \
    "  replicas: " replicas "\n  template:\n    spec:\n      containers:\n"              \
    "      - name: web\n        image: index.docker.io/acme/web:" tag "@sha256:a" tag    \
    "\n        env:\n        - name: LEVEL\n          value: info\n"
#define SERVICE                                                                          \
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n"           \
    "  - port: 80\n    targetPort: http\n"

static void make_upstream(struct releases *u) {
    releases_start(u);
    releases_commit(u, "one");
    releases_file(u, "base/web.Deployment.yaml", WEB("1.0.0", "1"));
    releases_file(u, "base/web.Service.yaml", SERVICE);
    releases_file(u, "base/run.sh", "#!/bin/sh\n");
    releases_tag(u, "v1.0.0");
    releases_commit(u, "two");
    releases_file(u, "base/web.Deployment.yaml", WEB("1.1.0", "1"));
    releases_tag(u, "v1.1.0");
    releases_commit(u, "three");
    releases_file(u, "base/more.Service.yaml", SERVICE "    name: more\n");
    releases_tag(u, "v1.2.0");
    releases_commit(u, "no base any more");
    releases_file(u, "base/web.Deployment.yaml", NULL);
    releases_file(u, "base/web.Service.yaml", NULL);
    releases_file(u, "base/more.Service.yaml", NULL);
    releases_file(u, "base/run.sh", NULL);
    releases_file(u, "other/x.yaml", SERVICE);
    releases_tag(u, "v2.0.0");
    releases_make(u);
}

static int make(void **state) {
    struct releases *u = sg_xcalloc(1, sizeof(*u));
    make_upstream(u);
    *state = u;
    return 0;
}

static int drop(void **state) {
    releases_drop(*state);
    free(*state);
    return 0;
}

static void put(struct sg_fs *fs, const char *path, const char *text) {
    sg_fs_memory_put(fs, path, text, strlen(text));
}

static int rank(struct releases *u, const struct sg_fs *fs, const char *dir,
                struct sg_adopt_ranking *out, struct sg_err *err) {
    return sg_adopt_rank(u->up, "base", fs, dir, out, err);
}

/* --- small releases --------------------------------------------------------------- */

static void test_same(void **state) {
    sg_auto_fs fs = sg_fs_memory();
    put(fs, "fork/web.Deployment.yaml", WEB("1.1.0", "1"));
    put(fs, "fork/web.Service.yaml", SERVICE);
    put(fs, "fork/run.sh", "#!/bin/sh\n");
    sg_auto_adopt_ranking ranking = {0};
    struct sg_err err = {0};
    assert_int_equal(rank(*state, fs, "fork", &ranking, &err), 0);
    assert_int_equal(ranking.items.len, 3); /* v2.0.0 has no such folder */
    const struct sg_adopt_candidate *first = &ranking.items.items[0];
    assert_string_equal(first->tag, "v1.1.0");
    assert_int_equal(first->files, 3);
    assert_int_equal(first->same, 3);
    assert_int_equal(first->missing, 0);
    assert_true(first->likeness > 0.99);
    const struct sg_adopt_candidate *second = &ranking.items.items[1];
    assert_string_equal(second->tag, "v1.2.0");
    assert_int_equal(second->missing, 1);
    assert_int_equal(second->same, 3);
    assert_true(second->likeness < first->likeness);
}

/* Every file is edited, re-indented and moved; the digest is gone, CRLF came. */
static void test_edited(void **state) {
    sg_auto_fs fs = sg_fs_memory();
    put(fs, "k8s/deploy.yml",
        "kind: Deployment\r\napiVersion: apps/v1\r\nmetadata: {namespace: prod, name: "
        "web}"
        "\r\nspec:\r\n    replicas: 7\r\n    template:\r\n        spec:\r\n"
        "            containers:\r\n              - image: "
        "\"mirror.example/acme/web:1.0.0\""
        "\r\n                name: 'web'\r\n");
    put(fs, "k8s/service.yml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n");
    sg_auto_adopt_ranking ranking = {0};
    struct sg_err err = {0};
    assert_int_equal(rank(*state, fs, "", &ranking, &err), 0);
    assert_string_equal(ranking.items.items[0].tag, "v1.0.0");
    assert_int_equal(ranking.items.items[0].same, 0);
    assert_int_equal(ranking.items.items[0].missing, 3);
}

/* What tells the releases apart is gone: the newest comes first. */
static void test_equals(void **state) {
    sg_auto_fs fs = sg_fs_memory();
    put(fs, "web.Deployment.yaml", WEB("acme", "1"));
    put(fs, "web.Service.yaml", SERVICE);
    sg_auto_adopt_ranking ranking = {0};
    struct sg_err err = {0};
    assert_int_equal(rank(*state, fs, "", &ranking, &err), 0);
    const struct sg_adopt_candidate *items = ranking.items.items;
    assert_string_equal(items[0].tag, "v1.1.0");
    assert_string_equal(items[1].tag, "v1.0.0");
    assert_true(items[0].likeness <= items[1].likeness);
    assert_string_equal(items[2].tag, "v1.2.0"); /* it has a file more */
}

static void expect_foreign(struct releases *u, const struct sg_fs *fs) {
    sg_auto_adopt_ranking ranking = {0};
    struct sg_err err = {0};
    assert_int_equal(rank(u, fs, "", &ranking, &err), -1);
    assert_int_equal(err.code, SG_E_NOTFOUND);
    assert_non_null(strstr(err.text, "is no fork of"));
    assert_non_null(strstr(err.text, " % in common"));
    assert_true(err.hint[0] != '\0');
}

static void test_foreign(void **state) {
    sg_auto_fs fs = sg_fs_memory();
    put(fs, "a.yaml",
        "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: night\nspec:\n"
        "  schedule: \"0 3 * * *\"\n  jobTemplate:\n    spec:\n      backoffLimit: 4\n"
        "      template:\n        spec:\n          restartPolicy: Never\n"
        "          containers:\n          - name: sweep\n            image: broom:9\n"
        "            args: [--all, --quiet, --under-the-bed]\n");
    expect_foreign(*state, fs);
}

static void test_no_manifests(void **state) {
    sg_auto_fs fs = sg_fs_memory();
    put(fs, "README.md", WEB("1.0.0", "1"));
    expect_foreign(*state, fs);
}

static void test_no_folder(void **state) {
    struct releases *u = *state;
    sg_auto_fs fs = sg_fs_memory();
    put(fs, "a.yaml", SERVICE);
    sg_auto_adopt_ranking mine = {0}, theirs = {0};
    struct sg_err err = {0}, other = {0};
    assert_int_equal(rank(u, fs, "nowhere", &mine, &err), -1);
    assert_int_equal(err.code, SG_E_NOTFOUND);
    assert_int_equal(sg_adopt_rank(u->up, "bsae", fs, "", &theirs, &other), -1);
    assert_int_equal(other.code, SG_E_NOTFOUND);
    assert_non_null(strstr(other.text, "bsae"));
}

static void test_one_release(void **state) {
    (void)state;
    struct releases u;
    releases_start(&u);
    releases_commit(&u, "one");
    releases_file(&u, "base/web.yaml", WEB("1.0.0", "1"));
    releases_tag(&u, "v1.0.0");
    releases_make(&u);
    sg_auto_fs fs = sg_fs_memory();
    put(fs, "web.yaml", WEB("1.0.0", "3"));
    sg_auto_adopt_ranking ranking = {0};
    struct sg_err err = {0};
    assert_int_equal(rank(&u, fs, "", &ranking, &err), 0);
    assert_true(ranking.items.items[0].likeness > 0.9);
    sg_auto_fs other = sg_fs_memory();
    put(other, "x.yaml", "a: b\nc: [d, e]\n");
    expect_foreign(&u, other);
    releases_drop(&u);
}

/* --- the real ones ---------------------------------------------------------------- */

static unsigned draw(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33);
}

/* What a customer does to a line; `kind` is the fork's character. */
static void edit_line(struct sg_buf *out, struct sg_str line, unsigned kind,
                      uint64_t *seed) {
    static const char registry[] = "index.docker.io/";
    const char *image = memmem(line.ptr, line.len, registry, sizeof(registry) - 1);
    const char *digest = memmem(line.ptr, line.len, "@sha256:", 8);
    if (image != NULL) {
        const char *rest = image + sizeof(registry) - 1;
        const char *end = digest != NULL && kind % 2 == 1 ? digest : line.ptr + line.len;
        sg_buf_add(out, line.ptr, (size_t)(image - line.ptr));
        sg_buf_adds(out, "mirror.acme.example/");
        sg_buf_add(out, rest, (size_t)(end - rest));
    } else if (draw(seed) % 100 < kind) {
        return; /* deleted */
    } else {
        sg_buf_add(out, line.ptr, line.len);
    }
    sg_buf_adds(out, kind % 3 == 0 ? "\r\n" : "\n");
    if (line.len == 9 && memcmp(line.ptr, "metadata:", 9) == 0) {
        sg_buf_adds(out, "  namespace: acme\n");
    }
}

static void edit_text(struct sg_buf *out, const struct sg_buf *text, unsigned kind,
                      uint64_t *seed) {
    const char *at = sg_buf_cstr(text), *end = at + text->len;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop == NULL ? end : stop;
        edit_line(out, (struct sg_str){at, (size_t)(stop - at)}, kind, seed);
        at = stop + 1;
    }
}

/* All of a release but some files, each edited. */
static struct sg_fs *edited_fork(const struct sg_fs *base, unsigned kind) {
    uint64_t seed = kind;
    sg_auto_fs_list list = {0};
    struct sg_err err = {0};
    struct sg_fs *fork = sg_fs_memory();
    assert_int_equal(sg_fs_walk(base, "", &list, &err), 0);
    for (size_t i = 0; i < list.entries.len; i++) {
        const char *path = list.entries.items[i].name;
        sg_auto_buf text = SG_BUF_INIT, edited = SG_BUF_INIT;
        assert_int_equal(sg_fs_read(base, path, &text, &err), 0);
        if (draw(&seed) % 20 < kind) {
            continue;
        }
        edit_text(&edited, &text, kind, &seed);
        sg_fs_memory_put(fork, path, sg_buf_cstr(&edited), edited.len);
    }
    return fork;
}

static void expect_release(struct releases *u, const struct sg_fs *base,
                           const char *version) {
    for (unsigned kind = 0; kind < 8; kind++) {
        sg_auto_fs fork = edited_fork(base, kind);
        sg_auto_adopt_ranking ranking = {0};
        struct sg_err err = {0};
        assert_int_equal(rank(u, fork, "", &ranking, &err), 0);
        if (strcmp(ranking.items.items[0].tag + 1, version) != 0) {
            fail_msg("fork %u of %s is taken for one of %s", kind, version,
                     ranking.items.items[0].tag);
        }
        assert_true(ranking.items.items[0].likeness > ranking.items.items[1].likeness);
    }
}

static void test_real_releases(void **state) {
    (void)state;
    struct sg_fs *bases[SG_ARRAY_LEN(real_versions)];
    struct releases u;
    if ((bases[0] = real_base(real_versions[0])) == NULL) {
        return;
    }
    releases_start(&u);
    for (size_t i = 0; i < SG_ARRAY_LEN(real_versions); i++) {
        bases[i] = i == 0 ? bases[0] : real_base(real_versions[i]);
        sg_auto_cstr tag = sg_xasprintf("v%s", real_versions[i]);
        assert_non_null(bases[i]);
        releases_commit(&u, tag);
        releases_folder(&u, bases[i]);
        releases_tag(&u, tag);
    }
    releases_make(&u);
    for (size_t i = 0; i < SG_ARRAY_LEN(real_versions); i++) {
        expect_release(&u, bases[i], real_versions[i]);
        sg_fs_free(bases[i]);
    }
    releases_drop(&u);
}

#define with_upstream(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_upstream(test_same),           with_upstream(test_edited),
        with_upstream(test_equals),         with_upstream(test_foreign),
        with_upstream(test_no_manifests),   with_upstream(test_no_folder),
        cmocka_unit_test(test_one_release), cmocka_unit_test(test_real_releases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
