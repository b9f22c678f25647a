#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sg/fs.h"
#include "sg/process.h"

/* The customer's git configuration must not decide the tests. */
#define GIT_ENV                                                                          \
    "export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null "                    \
    "GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t "             \
    "GIT_COMMITTER_EMAIL=t@example.com GIT_AUTHOR_DATE='1577836800 +0000' "              \
    "GIT_COMMITTER_DATE='1577836800 +0000'; set -e; "

static int shell(const char *dir, const char *script) {
    sg_auto_cstr text = sg_xasprintf("%s%s", GIT_ENV, script);
    const char *const argv[] = {"sh", "-c", text, NULL};
    sg_auto_buf words = SG_BUF_INIT;
    struct sg_process process = {.argv = argv, .cwd = dir, .err = &words};
    struct sg_err err = {0};
    int status = 0;
    if (sg_process_run(&process, &status, &err) != 0) {
        return -1;
    }
    if (status != 0) {
        fprintf(stderr, "%s: %s\n", script, sg_buf_cstr(&words));
    }
    return status;
}

/* A web server that is moved along, and a worker that comes and goes. */
static const char upstream_script[] =
    "git init -q -b main .; mkdir -p base/web\n"
    "web() { cat > base/web/web.Deployment.yaml <<E\n"
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"
    "  replicas: 1\n  template:\n    spec:\n      containers:\n"
    "      - name: web\n        image: corp/web:$1\n"
    "        env:\n        - name: LEVEL\n          value: \"$2\"\nE\n}\n"
    "service() { cat > base/$1.Service.yaml <<E\n"
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: $1\nspec:\n  ports:\n"
    "  - port: 80\nE\n}\n"
    "tag() { git add -A; git commit -qm \"release $1\"; git tag -a -m $1 v$1; }\n"
    "mkdir docs; printf '# Notes\\n\\n## 1.1\\n\\nRestart it.\\n' > docs/notes.md\n"
    "web 1.0.0 info; service web; tag 1.0.0\n"
    "web 1.1.0 warn; service worker; printf '#!/bin/sh\\n' > base/run.sh\n"
    "chmod 755 base/run.sh; tag 1.1.0\n"
    "git rm -q base/worker.Service.yaml; web 1.2.0 warn; tag 1.2.0\n"
    "web 2.0.0 error; printf 'resources:\\n- web\\n- web.Service.yaml\\n' > "
    "base/kustomization.yaml\n"
    "printf 'resources: [web.Deployment.yaml]\\n' > base/web/kustomization.yaml\n"
    "tag 2.0.0\n";

bool world_init(struct world *world) {
    memset(world, 0, sizeof(*world));
    snprintf(world->root, sizeof(world->root), "%s/world-XXXXXX", SG_TEST_TMP);
    if (shell("/", "git --version >/dev/null") != 0) {
        print_message("skipped: there is no git\n");
        return false;
    }
    assert_non_null(mkdtemp(world->root));
    snprintf(world->up, sizeof(world->up), "%s/up", world->root);
    snprintf(world->dir, sizeof(world->dir), "%s/project", world->root);
    assert_int_equal(mkdir(world->up, 0777), 0);
    assert_int_equal(shell(world->up, upstream_script), 0);
    sg_auto_cstr cache = sg_xasprintf("%s/cache", world->root);
    world->opts =
        (struct sg_repo_opts){.dir = world->dir, .writes = true, .cache_dir = NULL};
    assert_int_equal(setenv("XDG_CACHE_HOME", cache, 1), 0);
    /* the build folder may lie in a repository of its own */
    assert_int_equal(setenv("GIT_CEILING_DIRECTORIES", SG_TEST_TMP, 1), 0);
    assert_int_equal(setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1), 0);
    assert_int_equal(setenv("GIT_AUTHOR_NAME", "t", 1), 0);
    assert_int_equal(setenv("GIT_AUTHOR_EMAIL", "t@example.com", 1), 0);
    assert_int_equal(setenv("GIT_COMMITTER_NAME", "t", 1), 0);
    assert_int_equal(setenv("GIT_COMMITTER_EMAIL", "t@example.com", 1), 0);
    return true;
}

void world_release(struct world *world) {
    const char *const argv[] = {"rm", "-rf", "--", world->root, NULL};
    struct sg_process process = {.argv = argv};
    struct sg_err err = {0};
    int status = 0;
    assert_int_equal(sg_process_run(&process, &status, &err), 0);
}

void world_run(const struct world *world, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    char script[4096];
    vsnprintf(script, sizeof(script), fmt, args);
    va_end(args);
    if (shell(world->dir, script) != 0) {
        fail_msg("%s", script);
    }
}

void world_write(const struct world *world, const char *path, const char *text) {
    sg_auto_cstr full = sg_xasprintf("%s/%s", world->dir, path);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

bool world_has(const struct world *world, const char *path) {
    sg_auto_cstr full = sg_xasprintf("%s/%s", world->dir, path);
    return access(full, F_OK) == 0;
}

char *world_read(const struct world *world, const char *path) {
    struct sg_err err = {0};
    sg_auto_fs fs = sg_fs_disk(world->dir, &err);
    sg_auto_buf text = SG_BUF_INIT;
    assert_non_null(fs);
    assert_int_equal(sg_fs_read(fs, path, &text, &err), 0);
    return sg_buf_take(&text);
}

void world_digest(const struct world *world, char hex[SG_SHA256_HEX + 1]) {
    struct sg_err err = {0};
    sg_auto_fs fs = sg_fs_disk(world->dir, &err);
    sg_auto_fs_list files = {0};
    sg_auto_buf all = SG_BUF_INIT;
    assert_non_null(fs);
    assert_int_equal(sg_fs_walk(fs, "", &files, &err), 0);
    for (size_t i = 0; i < files.entries.len; i++) {
        const struct sg_fs_entry *file = &files.entries.items[i];
        if (strncmp(file->name, ".git/", 5) == 0 ||
            strncmp(file->name, ".sgupgrade/", 11) == 0) {
            continue;
        }
        sg_buf_addf(&all, "%s %d\n", file->name, file->exec);
        assert_int_equal(sg_fs_read(fs, file->name, &all, &err), 0);
    }
    sg_sha256_hex(sg_buf_cstr(&all), all.len, hex);
}

void world_start(struct world *world, const char *version) {
    struct sg_repo_init_opts opts = {
        .dir = world->dir,
        .upstream = world->up,
        .version = version,
        .common = &world->opts,
    };
    struct sg_repo_result result;
    struct sg_err err = {0};
    sg_repo_result_init(&result);
    if (sg_repo_init(&opts, &result, &err) != 0) {
        fail_msg("init: %s", err.text);
    }
    sg_repo_result_release(&result);
    world_write(world, "overlays/default/kustomization.yaml",
                "resources:\n- ../../base\nreplicas:\n- name: web\n  count: 4\n"
                "images:\n- name: corp/web\n  newName: mirror/web\n");
    world_run(world, "git init -q -b main .; git add -A; git commit -qm start");
}

struct sg_repo *world_open(struct world *world) {
    struct sg_err err = {0};
    struct sg_repo *repo = sg_repo_open(&world->opts, &err);
    if (repo == NULL) {
        fail_msg("open: %s", err.text);
    }
    return repo;
}

int world_apply(struct world *world, const char *to) {
    sg_auto_repo repo = world_open(world);
    struct sg_repo_apply_opts opts = {.plan = {.to = to}};
    struct sg_plan plan;
    sg_auto_repo_result result;
    struct sg_err err = {0};
    sg_repo_result_init(&result);
    sg_plan_init(&plan, sg_repo_atoms(repo));
    if (sg_repo_apply(repo, &opts, &plan, &result, &err) != 0) {
        fail_msg("apply %s: %s", to, err.text);
    }
    int code = plan.exit;
    sg_plan_release(&plan);
    return code;
}

void world_rollback(struct world *world, const char *to) {
    sg_auto_repo repo = world_open(world);
    struct sg_repo_rollback_opts opts = {.to = to};
    sg_auto_repo_result result;
    struct sg_err err = {0};
    sg_repo_result_init(&result);
    if (sg_repo_rollback(repo, &opts, &result, &err) != 0) {
        fail_msg("rollback: %s", err.text);
    }
}

static const char *first_error(const struct sg_plan *plan) {
    for (size_t i = 0; i < plan->findings.len; i++) {
        if (plan->findings.items[i].severity == SG_ERROR) {
            return plan->findings.items[i].code;
        }
    }
    for (size_t i = 0; i < plan->overlays.len; i++) {
        for (size_t k = 0; k < plan->overlays.items[i].findings.len; k++) {
            if (plan->overlays.items[i].findings.items[k].severity == SG_ERROR) {
                return plan->overlays.items[i].findings.items[k].code;
            }
        }
    }
    return "";
}

int world_check(struct world *world, char code[8]) {
    sg_auto_repo repo = world_open(world);
    struct sg_repo_check_opts opts = {0};
    struct sg_plan plan;
    struct sg_err err = {0};
    sg_plan_init(&plan, sg_repo_atoms(repo));
    if (sg_repo_check(repo, &opts, &plan, &err) != 0) {
        fail_msg("check: %s", err.text);
    }
    int status = plan.exit;
    snprintf(code, 8, "%s", first_error(&plan));
    sg_plan_release(&plan);
    return status;
}
