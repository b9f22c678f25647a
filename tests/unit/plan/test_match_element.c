/* Elements that are gone and what they became: each kind of list, and where nobody
 * knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bases.h"

#define POD "Deployment/web spec.template.spec."
#define HEAD                                                                             \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"             \
    "  template:\n    spec:\n"
/* One container with the rest of it, as flow maps. */
#define WITH(rest)       HEAD "      containers: [{name: c, image: example/c, " rest "}]\n"
#define CONTAINERS(list) HEAD "      containers: [" list "]\n"

static void test_container_by_image(void **state) {
    (void)state;
    const char *side = "{name: side, image: example/side:1}";
    sg_auto_cstr old =
        sg_xasprintf(CONTAINERS("{name: redis, image: docker.io/library/redis:5, "
                                "ports: [{containerPort: 6379}]}, %s"),
                     side);
    sg_auto_cstr new = sg_xasprintf(CONTAINERS("%s, {name: cache, image: redis:6, "
                                               "ports: [{containerPort: 6379}]}"),
                                    side);
    expect_change(old, new, POD "containers[redis]", "cache",
                  "the only one with image redis, same ports");
}

static void test_container_of_other_image(void **state) {
    (void)state;
#define SURFACE                                                                          \
    "ports: [{containerPort: 80}], volumeMounts: [{name: data, mountPath: /data}]}"
    expect_change(CONTAINERS("{name: web, image: example/web:1, " SURFACE),
                  CONTAINERS("{name: web2, image: example/other:1, " SURFACE),
                  POD "containers[web]", "", "another image");
#undef SURFACE
}

/* Two of one image, and both have new names. */
static void test_containers_alike(void **state) {
    (void)state;
    const char *old =
        CONTAINERS("{name: a, image: busybox:1}, {name: b, image: busybox:1}");
    const char *new =
        CONTAINERS("{name: c, image: busybox:1}, {name: d, image: busybox:1}");
    expect_change(old, new, POD "containers[a]", "", "");
    expect_change(old, new, POD "containers[b]", "", "");
}

#define ENV POD "containers[c].env"

static void test_env_by_value(void **state) {
    (void)state;
    expect_change(
        WITH("env: [{name: LSIF_ROOT, value: /lsif-storage}, {name: A, value: b}]"),
        WITH("env: [{name: BUNDLE_DIR, value: /lsif-storage}, {name: A, value: b}]"),
        ENV "[LSIF_ROOT]", "BUNDLE_DIR", "same value");
    expect_change(
        WITH("env: [{name: PASS, valueFrom: {secretKeyRef: {name: db, key: pass}}}]"),
        WITH("env: [{name: SECRET, valueFrom: {secretKeyRef: {name: db, key: pass}}}]"),
        ENV "[PASS]", "SECRET", "same source of the value");
}

static void test_env_by_plain_value(void **state) {
    (void)state;
    /* "true" and "5432" are anybody's, however like the names are */
    expect_change(WITH("env: [{name: WEB_DEBUG, value: 'true'}]"),
                  WITH("env: [{name: WEB_DEBUGGING, value: 'true'}]"), ENV "[WEB_DEBUG]",
                  "", "similar name");
    expect_change(WITH("env: [{name: PGPORT, value: '5432'}]"),
                  WITH("env: [{name: PG_PORT, value: '5432'}]"), ENV "[PGPORT]", "", "");
    expect_change(WITH("env: [{name: WEB_URL, value: 'http://a:1'}]"),
                  WITH("env: [{name: WEB_URLS, value: 'http://b:2'}]"), ENV "[WEB_URL]",
                  "", "");
}

static void test_env_of_shared_value(void **state) {
    (void)state;
    /* two had it, and one has it now */
    const char *old = WITH("env: [{name: A_URL, value: 'http://web:80'}, "
                           "{name: B_URL, value: 'http://web:80'}]");
    const char *new = WITH("env: [{name: WEB_URL, value: 'http://web:80'}]");
    expect_change(old, new, ENV "[A_URL]", "", "");
    expect_change(old, new, ENV "[B_URL]", "", "");
}

static void test_volume(void **state) {
    (void)state;
#define VOLUMES(name, source)                                                            \
    WITH("volumeMounts: [{name: " name ", mountPath: /data}]")                           \
    "      volumes: [{name: " name ", " source "}]\n"
    expect_change(VOLUMES("data", "persistentVolumeClaim: {claimName: web}"),
                  VOLUMES("web-data", "persistentVolumeClaim: {claimName: web}"),
                  POD "volumes[data]", "web-data", "same source web");
    expect_change(VOLUMES("scratch", "emptyDir: {}"), VOLUMES("tmp", "emptyDir: {}"),
                  POD "volumes[scratch]", "tmp", "mounted at the same path /data");
    /* a mount is not enough where the volume is of another kind */
    expect_change(VOLUMES("data", "emptyDir: {}"),
                  VOLUMES("web-data", "persistentVolumeClaim: {claimName: web}"),
                  POD "volumes[data]", "", "it is a persistentVolumeClaim");
    expect_change(WITH("tty: true") "      volumes: [{name: a, emptyDir: {}}]\n",
                  WITH("tty: true") "      volumes: [{name: b, emptyDir: {}}]\n",
                  POD "volumes[a]", "", "");
#undef VOLUMES
}

static void test_mount(void **state) {
    (void)state;
#define PARTS(n)                                                                         \
    WITH("volumeMounts: [{name: data, mountPath: /x/" n ", subPath: a}, "                \
         "{name: data, mountPath: /y/" n ", subPath: b}]")
    expect_change(WITH("volumeMounts: [{name: data, mountPath: /redis}]"),
                  WITH("volumeMounts: [{name: data, mountPath: /var/lib/db}]"),
                  POD "containers[c].volumeMounts[/redis]", "/var/lib/db",
                  "the only mount of volume data");
    expect_change(PARTS("1"), PARTS("2"), POD "containers[c].volumeMounts[/y/1]", "/y/2",
                  "same part of the volume");
    expect_change(WITH("volumeMounts: [{name: data, mountPath: /redis}]"),
                  WITH("volumeMounts: [{name: conf, mountPath: /redis.d}]"),
                  POD "containers[c].volumeMounts[/redis]", "", "");
}

static void test_port(void **state) {
    (void)state;
    expect_change(WITH("ports: [{name: http, containerPort: 80}]"),
                  WITH("ports: [{name: http, containerPort: 8080}]"),
                  POD "containers[c].ports[80/TCP]", "8080/TCP", "same port name http");
    expect_change(WITH("ports: [{name: metrics, containerPort: 9090}]"),
                  WITH("ports: [{name: debug, containerPort: 6060}]"),
                  POD "containers[c].ports[9090/TCP]", "", "");
#define SERVICE(ports)                                                                   \
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [" ports "]}\n"
    expect_change(SERVICE("{port: 80, targetPort: http}"),
                  SERVICE("{port: 8080, targetPort: http}"),
                  "Service/web spec.ports[80/TCP]", "8080/TCP", "same target http");
    /* two names for one container port: which is which? */
    expect_change(SERVICE("{name: a, port: 80, targetPort: http}"),
                  SERVICE("{name: b, port: 81, targetPort: http}, "
                          "{name: c, port: 82, targetPort: http}"),
                  "Service/web spec.ports[80/TCP]", "", "");
#undef SERVICE
}

static void test_any_list(void **state) {
    (void)state;
#define HOSTS(name, ip, host)                                                            \
    WITH("tty: true")                                                                    \
    "      ephemeralContainers: [{name: " name ", image: " ip ", workingDir: " host "}]" \
    "\n"
    expect_change(HOSTS("shell", "example/shell", "/srv/shell"),
                  HOSTS("debug", "example/shell", "/srv/shell"),
                  POD "ephemeralContainers[shell]", "debug",
                  "all other fields are the same");
    expect_change(HOSTS("shell", "example/shell", "/srv/shell"),
                  HOSTS("shell2", "example/x", "/srv/y"),
                  POD "ephemeralContainers[shell]", "", "");
#undef HOSTS
}

/* A thousand variables with new names, each with its own value. */
static void test_many(void **state) {
    (void)state;
    enum { MANY = 1000 };
    sg_auto_buf old = SG_BUF_INIT;
    sg_auto_buf new = SG_BUF_INIT;
    for (int i = 0; i < MANY; i++) {
        sg_buf_addf(&old, "{name: OLD%d, value: /old/place/%d}, ", i, i);
        sg_buf_addf(&new, "{name: NEW%d, value: /old/place/%d}, ", MANY - i, i);
    }
    sg_auto_cstr a = sg_xasprintf(WITH("env: [%s]"), sg_buf_cstr(&old));
    sg_auto_cstr b = sg_xasprintf(WITH("env: [%s]"), sg_buf_cstr(&new));
    expect_change(a, b, ENV "[OLD123]", "NEW877", "same value");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_container_by_image),
        cmocka_unit_test(test_container_of_other_image),
        cmocka_unit_test(test_containers_alike),
        cmocka_unit_test(test_env_by_value),
        cmocka_unit_test(test_env_by_plain_value),
        cmocka_unit_test(test_env_of_shared_value),
        cmocka_unit_test(test_volume),
        cmocka_unit_test(test_mount),
        cmocka_unit_test(test_port),
        cmocka_unit_test(test_any_list),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
