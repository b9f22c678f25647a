/* What became of everything that went away between real releases, each line looked up in
 * the data by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bases.h"

#define CONTAINERS "spec.template.spec.containers"
#define BUNDLES                                                                          \
    "Deployment/precise-code-intel-bundle-manager " CONTAINERS                           \
    "[precise-code-intel-bundle-manager]"
#define WORKER                                                                           \
    "Deployment/precise-code-intel-worker " CONTAINERS "[precise-code-intel-worker]"
#define FRONTEND "Deployment/sourcegraph-frontend " CONTAINERS "[frontend]"

static const char *const versions[] = {"3.10.4", "3.11.4", "3.12.5", "3.13.1",
                                       "3.14.4", "3.15.1", "3.16.0", "3.17.2",
                                       "3.18.0", "3.19.2", "3.20.1"};

static bool read_version(struct bases *bases, int side, const char *version) {
    const char *shared = getenv("SG_SHARED");
    sg_auto_cstr folder = sg_xasprintf("%s/real/upstream/v%s/kubernetes/base",
                                       shared != NULL ? shared : "/nowhere", version);
    return bases_read(bases, side, folder);
}

/* What is gone in `version` and was in the one before; "" where nothing took over. */
static const struct {
    const char *version, *place, *became;
} verified[] = {
    {"3.11.4", "Deployment/management-console", ""},
    {"3.11.4", "PersistentVolumeClaim/management-console", ""},
    {"3.11.4", "Service/management-console", ""},
    {"3.12.5", "Deployment/redis-cache " CONTAINERS "[redis]", "redis-cache"},
    {"3.12.5", "Deployment/redis-store " CONTAINERS "[redis]", "redis-store"},
    {"3.14.4", "ClusterRole/grafana", ""},
    {"3.14.4", "ClusterRoleBinding/grafana", ""},
    {"3.15.1", "Ingress/sourcegraph-frontend", "Ingress/sourcegraph-frontend"},
    /* one server became three, and none of them is it */
    {"3.15.1", "Deployment/lsif-server", ""},
    {"3.15.1", "PersistentVolumeClaim/lsif-server", ""},
    {"3.15.1", "Service/lsif-server", ""},
    {"3.16.0", "Deployment/grafana", "StatefulSet/grafana"},
    {"3.16.0", "PersistentVolumeClaim/grafana", "StatefulSet/grafana template 0"},
    {"3.16.0", "Deployment/grafana spec.template.spec.volumes[data]", ""},
    {"3.16.0", BUNDLES ".env[LSIF_STORAGE_ROOT]", "PRECISE_CODE_INTEL_BUNDLE_DIR"},
    {"3.16.0", WORKER ".ports[9090/TCP]", ""},
    {"3.16.0", "Service/precise-code-intel-worker spec.ports[9090/TCP]", ""},
    {"3.17.2", "Deployment/precise-code-intel-api-server", ""},
    {"3.17.2", "Service/precise-code-intel-api-server", ""},
    {"3.17.2", FRONTEND ".env[LSIF_API_SERVER_URL]", ""},
    {"3.17.2", FRONTEND ".env[PRECISE_CODE_INTEL_API_SERVER_URL]", ""},
    {"3.17.2", BUNDLES ".env[PRECISE_CODE_INTEL_API_SERVER_URL]", ""},
    {"3.19.2", "Deployment/replacer", ""},
    {"3.19.2", "Service/replacer", ""},
};

/* The line of the table, SIZE_MAX where it has none. */
static size_t line_of(const char *version, const char *place) {
    for (size_t i = 0; i < SG_ARRAY_LEN(verified); i++) {
        if (strcmp(verified[i].version, version) == 0 &&
            strcmp(verified[i].place, place) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool read_pair(struct bases *bases, const char *old, const char *new) {
    bases_init(bases);
    if (!read_version(bases, 0, old)) {
        bases_release(bases);
        return false;
    }
    assert_true(read_version(bases, 1, new));
    bases_render(bases);
    return true;
}

/* What is gone is in the table, as it is there. */
static size_t check_pair(const char *old, const char *new) {
    struct bases bases;
    struct changes changes = {0};
    if (!read_pair(&bases, old, new)) {
        print_message("skipped: no SG_SHARED with the releases\n");
        skip();
    }
    bases_changes(&bases, &changes);
    for (size_t i = 0; i < changes.items.len; i++) {
        const struct change *change = &changes.items.items[i];
        size_t line = line_of(new, change->place);
        if (line == SIZE_MAX) {
            fail_msg("%s: %s is not in the table", new, change->place);
        }
        if (strcmp(verified[line].became, change->became) != 0) {
            fail_msg("%s: %s became \"%s\" (%.2f %s), not \"%s\"", new, change->place,
                     change->became, change->score, change->why, verified[line].became);
        }
    }
    size_t len = changes.items.len;
    changes_release(&changes);
    bases_release(&bases);
    return len;
}

static void test_neighbours(void **state) {
    (void)state;
    size_t found = 0;
    for (size_t i = 1; i < SG_ARRAY_LEN(versions); i++) {
        found += check_pair(versions[i - 1], versions[i]);
    }
    assert_int_equal(found, SG_ARRAY_LEN(verified));
}

/* Some line of the table says that this became that. */
static bool is_true(const struct change *change) {
    for (size_t i = 0; i < SG_ARRAY_LEN(verified); i++) {
        if (strcmp(verified[i].place, change->place) == 0 &&
            strcmp(verified[i].became, change->became) == 0) {
            return true;
        }
    }
    return false;
}

/* Whatever is skipped on the way: nothing is certain but what the single steps say. */
static void test_all_pairs(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(versions); i++) {
        for (size_t k = i + 2; k < SG_ARRAY_LEN(versions); k++) {
            struct bases bases;
            struct changes changes = {0};
            if (!read_pair(&bases, versions[i], versions[k])) {
                skip();
            }
            bases_changes(&bases, &changes);
            for (size_t c = 0; c < changes.items.len; c++) {
                const struct change *change = &changes.items.items[c];
                if (change->became[0] != '\0' && !is_true(change)) {
                    fail_msg("%s to %s: %s is no %s", versions[i], versions[k],
                             change->place, change->became);
                }
            }
            changes_release(&changes);
            bases_release(&bases);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_all_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
