/* What is odd in a fork beside its release: found where it is, silent where it is not. */
#include "releases.h"

#include <stdio.h>
#include <string.h>

#define OBJECT(version, kind, name)                                                      \
    "apiVersion: " version "\nkind: " kind "\nmetadata:\n  name: " name "\n"
/* The container begins at line 11, what a test is about at line 12. */
#define POD(name, rest)                                                                  \
    OBJECT("apps/v1", "Deployment", name)                                                \
    "spec:\n  replicas: 1\n  template:\n    spec:\n      serviceAccountName: default\n"  \
    "      containers:\n      - name: c\n" rest
#define IMAGE(image) POD("web", "        image: " image "\n")
#define SPEC         "spec.template.spec."
#define C            SPEC "containers[c]."

struct fixture {
    struct sg_atoms *atoms;
    struct sg_fs *fork_fs, *base_fs;
    struct sg_adopt_fork fork, base;
    struct sg_adopt_past past;
};

static struct sg_version version(const char *text) {
    struct sg_version v;
    struct sg_err err = {0};
    assert_int_equal(sg_version_parse(text, &v, &err), 0);
    return v;
}

static int setup(void **state) {
    struct fixture *f = sg_xcalloc(1, sizeof(*f));
    struct sg_version chosen = version("2.0.0");
    f->atoms = sg_atoms_new();
    f->fork_fs = sg_fs_memory();
    f->base_fs = sg_fs_memory();
    sg_adopt_fork_init(&f->fork, f->atoms);
    sg_adopt_fork_init(&f->base, f->atoms);
    sg_adopt_past_init(&f->past, &chosen);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    sg_adopt_past_release(&f->past);
    sg_adopt_fork_release(&f->fork);
    sg_adopt_fork_release(&f->base);
    sg_fs_free(f->fork_fs);
    sg_fs_free(f->base_fs);
    sg_atoms_free(f->atoms);
    free(f);
    return 0;
}

static void put(struct sg_fs *fs, const char *path, const char *text) {
    sg_fs_memory_put(fs, path, text, strlen(text));
}

/* A release by hand: an object of it, and an image. */
static void past_has(struct fixture *f, const char *release, const char *kind,
                     const char *name, const char *image, const char *tag) {
    struct sg_adopt_release r = {.version = version(release)};
    r.tag = sg_arena_printf(&f->past.arena, "v%s", release);
    if (kind != NULL) {
        sg_vec_push(&r.objects, (struct sg_adopt_thing){.kind = kind, .name = name});
    }
    if (image != NULL) {
        sg_vec_push(&r.images, (struct sg_adopt_image){image, tag});
    }
    sg_vec_push(&f->past.items, r);
}

static void read_both(struct fixture *f) {
    struct sg_err err = {0};
    assert_int_equal(sg_adopt_fork_read(&f->fork, f->fork_fs, "", &err), 0);
    assert_int_equal(sg_adopt_fork_read(&f->base, f->base_fs, "", &err), 0);
    assert_int_equal(f->fork.oddities.len, 0);
}

static void expect_nothing(struct fixture *f) {
    read_both(f);
    sg_adopt_oddities(&f->fork, &f->base, &f->past);
    if (f->fork.oddities.len > 0) {
        const struct sg_adopt_oddity *odd = &f->fork.oddities.items[0];
        fail_msg("%s %s: %s", odd->object, odd->path, odd->message);
    }
}

/* One oddity, of an object whose id ends so, and "file:line" of it. */
static void expect(struct fixture *f, enum sg_adopt_oddity_kind kind, const char *object,
                   const char *path, const char *where, const char *message) {
    read_both(f);
    sg_adopt_oddities(&f->fork, &f->base, &f->past);
    assert_int_equal(f->fork.oddities.len, 1);
    const struct sg_adopt_oddity *odd = &f->fork.oddities.items[0];
    sg_auto_cstr at = sg_xasprintf("%s:%u", odd->file, odd->line);
    assert_int_equal(odd->kind, kind);
    assert_string_equal(odd->object, object);
    assert_string_equal(odd->path != NULL ? odd->path : "", path);
    assert_string_equal(at, where);
    assert_string_equal(odd->message, message);
}

/* --- stale objects ---------------------------------------------------------------- */

static void test_stale(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "old.yaml",
        "---\n" OBJECT("v1", "Service", "old") "  namespace: x\n");
    past_has(f, "1.0.0", "Service", "old", NULL, NULL);
    past_has(f, "1.1.0", "Service", "old", NULL, NULL);
    past_has(f, "1.2.0", NULL, NULL, NULL, NULL);
    expect(f, SG_ODD_STALE, "v1/Service/x/old", "", "old.yaml:2",
           "upstream removed this object: the last release that has it is v1.1.0, this "
           "fork is of 2.0.0");
}

static void test_not_stale(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "own.yaml", OBJECT("v1", "Service", "own"));
    put(f->fork_fs, "later.yaml", OBJECT("v1", "Service", "later"));
    put(f->fork_fs, "moved.yaml", OBJECT("extensions/v1beta1", "Ingress", "moved"));
    put(f->base_fs, "moved.yaml", OBJECT("networking.k8s.io/v1", "Ingress", "moved"));
    past_has(f, "1.0.0", "Ingress", "moved", NULL, NULL);
    past_has(f, "1.1.0", "ConfigMap", "own", NULL, NULL);
    past_has(f, "2.1.0", "Service", "later", NULL, NULL);
    expect_nothing(f);
}

/* --- images ----------------------------------------------------------------------- */

static void test_old_image(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "web.yaml", IMAGE("mirror.example:5000/acme/web:1.1@sha256:aa"));
    put(f->base_fs, "web.yaml", IMAGE("index.docker.io/acme/web:2.0@sha256:bb"));
    past_has(f, "1.0.0", NULL, NULL, "index.docker.io/acme/web", "1.0");
    past_has(f, "1.1.0", NULL, NULL, "index.docker.io/acme/web", "1.1");
    past_has(f, "2.1.0", NULL, NULL, "index.docker.io/acme/web", "1.1");
    expect(f, SG_ODD_OLD_IMAGE, "apps/v1/Deployment/web", C "image", "web.yaml:12",
           "the tag 1.1 is of release v1.1.0; 2.0.0 has 2.0");
}

static void test_later_image(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "web.yaml", IMAGE("mirror.example/web:2.1"));
    put(f->base_fs, "web.yaml", IMAGE("acme/web:2.0"));
    past_has(f, "2.1.0", NULL, NULL, "acme/web", "2.1");
    past_has(f, "2.2.0", NULL, NULL, "acme/web", "2.1");
    expect(f, SG_ODD_OLD_IMAGE, "apps/v1/Deployment/web", C "image", "web.yaml:12",
           "the tag 2.1 is of release v2.1.0; 2.0.0 has 2.0");
}

static void test_removed_image(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "web.yaml", IMAGE("acme/agent:1.0"));
    put(f->base_fs, "web.yaml", IMAGE("acme/web:2.0"));
    past_has(f, "1.0.0", NULL, NULL, "acme/agent", "1.0");
    expect(f, SG_ODD_OLD_IMAGE, "apps/v1/Deployment/web", C "image", "web.yaml:12",
           "the tag 1.0 is of release v1.0.0; 2.0.0 has no such image");
}

static void test_image_of_a_cron_job(void **state) {
    struct fixture *f = *state;
#define CRON(image)                                                                      \
    OBJECT("batch/v1", "CronJob", "job")                                                 \
    "spec: {jobTemplate: {spec: {template: {spec: {initContainers: [{name: i, image: "   \
    "'" image "'}]}}}}}\n"
    put(f->fork_fs, "job.yaml", CRON("acme/job:1"));
    put(f->base_fs, "job.yaml", CRON("acme/job:2"));
    past_has(f, "1.0.0", NULL, NULL, "acme/job", "1");
    expect(f, SG_ODD_OLD_IMAGE, "batch/v1/CronJob/job",
           "spec.jobTemplate.spec.template.spec.initContainers[i].image", "job.yaml:5",
           "the tag 1 is of release v1.0.0; 2.0.0 has 2");
}

/* The release's own tag, a tag of nobody's, no tag, another image of a like name, and
 * what is told as stale already. */
static void test_no_old_image(void **state) {
    static const char *const images[] = {"mirror.example/acme/web:2.0@sha256:cc",
                                         "acme/web:acme-7",
                                         "acme/web",
                                         "web:1.0",
                                         "other/web:1.0",
                                         "acme/more-web:1.0"};
    for (size_t i = 0; i < SG_ARRAY_LEN(images); i++) {
        struct fixture *f;
        (void)setup((void **)&f);
        sg_auto_cstr text =
            sg_xasprintf("%s%s\n", POD("web", "        image: "), images[i]);
        put(f->fork_fs, "web.yaml", text);
        put(f->fork_fs, "old.yaml", POD("old", "        image: acme/old:1.0\n"));
        put(f->base_fs, "web.yaml", IMAGE("index.docker.io/acme/web:2.0"));
        past_has(f, "1.0.0", "Deployment", "old", "acme/web", "1.0");
        past_has(f, "1.1.0", NULL, NULL, "acme/old", "1.0");
        read_both(f);
        sg_adopt_oddities(&f->fork, &f->base, &f->past);
        assert_int_equal(f->fork.oddities.len, 1);
        assert_int_equal(f->fork.oddities.items[0].kind, SG_ODD_STALE);
        (void)teardown((void **)&f);
    }
    (void)state;
}

/* --- limits ----------------------------------------------------------------------- */

static void test_limits(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "web.yaml",
        POD("web", "        resources:\n          limits: {cpu: 1500m, memory: 2Gi}\n"
                   "          requests: {memory: 2G,\n            cpu: 2}\n"));
    expect(
        f, SG_ODD_LIMITS, "apps/v1/Deployment/web", C "resources.requests.cpu",
        "web.yaml:15",
        "the request of cpu, 2, is above its limit, 1500m (line 13): a cluster refuses "
        "this");
}

static void test_no_limits(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "a.yaml",
        POD("a", "        resources: {limits: {cpu: 1}, requests: {cpu: 1000m}}\n"));
    put(f->fork_fs, "b.yaml", POD("b", "        resources: {requests: {cpu: 4}}\n"));
    put(f->fork_fs, "c.yaml",
        POD("c", "        resources: {limits: {cpu: much}, requests: {cpu: 4}}\n"));
    put(f->fork_fs, "d.yaml",
        POD("d", "        resources: {limits: null, requests: []}\n"));
    put(f->fork_fs, "e.yaml", OBJECT("apps/v1", "Deployment", "e") "spec: null\n");
    expect_nothing(f);
}

/* --- references ------------------------------------------------------------------- */

#define VOLUME(source) POD("web", "      volumes:\n      - {name: v, " source "}\n")

static void test_dangling_config(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "web.yaml", VOLUME("configMap: {name: x}"));
    expect(f, SG_ODD_DANGLING, "apps/v1/Deployment/web", SPEC "volumes[v].configMap.name",
           "web.yaml:13", "the ConfigMap x is neither in the fork nor upstream's");
}

static void test_dangling_claim_half_removed(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "web.yaml", VOLUME("persistentVolumeClaim: {claimName: x}"));
    put(f->base_fs, "web.yaml", VOLUME("persistentVolumeClaim: {claimName: x}"));
    put(f->base_fs, "x.yaml", OBJECT("v1", "PersistentVolumeClaim", "x"));
    expect(f, SG_ODD_DANGLING, "apps/v1/Deployment/web",
           SPEC "volumes[v].persistentVolumeClaim.claimName", "web.yaml:13",
           "the PersistentVolumeClaim x was removed from the fork, and this still refers "
           "to it");
}

static void test_dangling_secret_half_removed(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "web.yaml",
        POD("web", "        env:\n        - name: A\n          valueFrom:\n"
                   "            secretKeyRef: {name: x, key: k}\n"));
    put(f->base_fs, "x.yaml", OBJECT("v1", "Secret", "x"));
    expect(f, SG_ODD_DANGLING, "apps/v1/Deployment/web",
           C "env[A].valueFrom.secretKeyRef.name", "web.yaml:15",
           "the Secret x was removed from the fork, and this still refers to it");
}

#define BINDING(namespace)                                                               \
    OBJECT("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "b")                    \
    "roleRef: {kind: ClusterRole, name: r}\nsubjects:\n- kind: ServiceAccount\n"         \
    "  name: x\n  namespace: " namespace "\n- kind: User\n  name: y\n"

static void test_dangling_in_another_namespace(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "b.yaml", BINDING("default"));
    put(f->fork_fs, "x.yaml", OBJECT("v1", "ServiceAccount", "x") "  namespace: prod\n");
    put(f->base_fs, "x.yaml", OBJECT("v1", "ServiceAccount", "x"));
    expect(f, SG_ODD_DANGLING, "rbac.authorization.k8s.io/v1/ClusterRoleBinding/b",
           "subjects[x].name", "b.yaml:8",
           "the ServiceAccount x is in namespace prod, not in default");
}

/* Present, with a namespace on one side alone, optional, made by hand, or the cluster's;
 * and what upstream refers to without having it. */
static void test_not_dangling(void **state) {
    struct fixture *f = *state;
    put(f->fork_fs, "a.yaml", VOLUME("configMap: {name: there}"));
    put(f->fork_fs, "there.yaml", OBJECT("v1", "ConfigMap", "there") "  namespace: n\n");
    put(f->fork_fs, "b.yaml", BINDING("prod"));
    put(f->fork_fs, "x.yaml", OBJECT("v1", "ServiceAccount", "x"));
    put(f->fork_fs, "c.yaml",
        OBJECT("v1", "Pod",
               "c") "spec:\n  serviceAccountName: default\n  imagePullSecrets: [{name: "
                    "by-hand}]\n"
                    "  volumes:\n  - {name: a, configMap: {name: gone, optional: true}}\n"
                    "  - {name: b, secret: {secretName: by-hand}}\n"
                    "  - {name: c, secret: {secretName: gone, optional: true}}\n"
                    "  - {name: d, configMap: {name: kube-root-ca.crt}}\n"
                    "  - {name: e, configMap: {name: upstreams}}\n"
                    "  - {name: f, configMap: {name: ''}}\n  - {name: g, configMap: "
                    "null}\n");
    put(f->base_fs, "gone.yaml", OBJECT("v1", "Secret", "gone"));
    put(f->base_fs, "up.yaml", VOLUME("configMap: {name: upstreams}"));
    put(f->fork_fs, "role.yaml",
        OBJECT("rbac.authorization.k8s.io/v1", "Role",
               "r") "rules:\n- {apiGroups: [''], resources: [configmaps], resourceNames: "
                    "[later]}\n");
    expect_nothing(f);
}

/* --- the past --------------------------------------------------------------------- */

static void make_past(struct releases *u) {
    releases_start(u);
    releases_commit(u, "one");
    releases_file(u, "base/web.yaml", IMAGE("acme/web:1.0"));
    releases_file(u, "base/old.yaml",
                  "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n"
                  "  kind: Service\n  metadata: {name: old}\n");
    releases_file(u, "base/broken.yaml", "kind: [old\n");
    releases_tag(u, "v1.0.0");
    releases_commit(u, "two");
    releases_file(u, "base/web.yaml", IMAGE("acme/web:1.1"));
    releases_tag(u, "v1.1.0");
    releases_commit(u, "three");
    releases_file(u, "base/web.yaml", IMAGE("acme/web:2.0"));
    releases_file(u, "base/old.yaml", NULL);
    releases_file(u, "base/broken.yaml", NULL);
    releases_tag(u, "v2.0.0");
    releases_make(u);
}

static void read_past(struct fixture *f, struct releases *u) {
    struct sg_err err = {0};
    read_both(f);
    if (sg_adopt_past_read(&f->past, u->up, "base", &f->fork, &f->base, &err) != 0) {
        fail_msg("%s", err.text);
    }
}

static void test_past(void **state) {
    struct fixture *f = *state;
    struct releases u;
    make_past(&u);
    put(f->fork_fs, "web.yaml", IMAGE("mirror.example/acme/web:1.1"));
    put(f->fork_fs, "old.yaml", OBJECT("v1", "Service", "old"));
    put(f->base_fs, "web.yaml", IMAGE("acme/web:2.0"));
    read_past(f, &u);
    assert_int_equal(f->past.items.len, 2);
    assert_string_equal(f->past.items.items[0].tag, "v1.0.0");
    assert_int_equal(f->past.items.items[0].objects.len, 1);
    assert_string_equal(f->past.items.items[1].images.items[0].tag, "1.1");
    sg_adopt_oddities(&f->fork, &f->base, &f->past);
    assert_int_equal(f->fork.oddities.len, 2);
    assert_int_equal(f->fork.oddities.items[0].kind, SG_ODD_STALE);
    assert_non_null(strstr(f->fork.oddities.items[0].message, "v1.1.0"));
    assert_int_equal(f->fork.oddities.items[1].kind, SG_ODD_OLD_IMAGE);
    releases_drop(&u);
}

/* A fork whose objects and tags are the release's asks nothing. */
static void test_no_past(void **state) {
    struct fixture *f = *state;
    struct releases u;
    make_past(&u);
    put(f->fork_fs, "web.yaml", IMAGE("mirror.example/acme/web:2.0"));
    put(f->base_fs, "web.yaml", IMAGE("acme/web:2.0"));
    read_past(f, &u);
    assert_int_equal(f->past.items.len, 0);
    releases_drop(&u);
}

#define odd(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        odd(test_stale),
        odd(test_not_stale),
        odd(test_old_image),
        odd(test_later_image),
        odd(test_removed_image),
        odd(test_image_of_a_cron_job),
        cmocka_unit_test(test_no_old_image),
        odd(test_limits),
        odd(test_no_limits),
        odd(test_dangling_config),
        odd(test_dangling_claim_half_removed),
        odd(test_dangling_secret_half_removed),
        odd(test_dangling_in_another_namespace),
        odd(test_not_dangling),
        odd(test_past),
        odd(test_no_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
