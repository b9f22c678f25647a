/* world.c - see world.h. */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void note_warning(void *ctx, const struct sg_diag *diag) {
    struct world *world = ctx;
    sg_buf_addf(&world->warnings, "%s %s\n", diag->code, diag->text);
}

int world_render(struct world *world, const struct world_case *c,
                 struct sg_render_opts *opts) {
    memset(world, 0, sizeof(*world));
    world->fs = sg_fs_memory();
    world->atoms = sg_atoms_new();
    world->paths = sg_fieldpaths_new(world->atoms);
    for (size_t i = 0; i < SG_ARRAY_LEN(c->files) && c->files[i].path != NULL; i++) {
        sg_fs_memory_put(world->fs, c->files[i].path, c->files[i].text,
                         strlen(c->files[i].text));
    }
    sg_render_init(&world->render, world->atoms);
    sg_trace_init(&world->trace, world->paths);
    const struct sg_diag_sink sink = {.emit = note_warning, .ctx = world};
    opts->fs = world->fs;
    opts->dir = c->dir != NULL ? c->dir : "";
    opts->diag = &sink;
    opts->trace = &world->trace;
    if (sg_render(opts, &world->render, &world->err) != 0) {
        return -1;
    }
    return sg_render_write(&world->render, &world->out, &world->err);
}

void world_release(struct world *world) {
    sg_trace_release(&world->trace);
    sg_render_release(&world->render);
    sg_fieldpaths_free(world->paths);
    sg_atoms_free(world->atoms);
    sg_fs_free(world->fs);
    sg_buf_release(&world->out);
    sg_buf_release(&world->warnings);
}

/* --- kustomize -------------------------------------------------------------------- */

static void read_command(const char *command, struct sg_buf *out, int *status) {
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof(block), pipe)) > 0;) {
        sg_buf_add(out, block, n);
    }
    *status = pclose(pipe);
}

static const char *oracle(void) {
    const char *program = getenv("KUSTOMIZE");
    if (program != NULL && program[0] != '\0') {
        return program;
    }
    int status;
    sg_auto_buf version = SG_BUF_INIT;
    read_command("kustomize version 2>/dev/null", &version, &status);
    return strstr(sg_buf_cstr(&version), "5.8.1") != NULL ? "kustomize" : NULL;
}

static void write_file(const char *top, const struct world_file *file) {
    sg_auto_buf path = SG_BUF_INIT;
    sg_buf_addf(&path, "%s/%s", top, file->path);
    for (char *at = path.ptr + strlen(top) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        assert_true(mkdir(path.ptr, 0777) == 0 || errno == EEXIST);
        *at = '/';
    }
    FILE *stream = fopen(sg_buf_cstr(&path), "w");
    assert_non_null(stream);
    assert_true(fputs(file->text, stream) >= 0);
    assert_int_equal(fclose(stream), 0);
}

static void compare_with_oracle(const struct world_case *c) {
    const char *program = oracle();
    if (program == NULL || c->ours) {
        return;
    }
    char top[] = "/tmp/sg-world-XXXXXX";
    assert_non_null(mkdtemp(top));
    for (size_t i = 0; i < SG_ARRAY_LEN(c->files) && c->files[i].path != NULL; i++) {
        write_file(top, &c->files[i]);
    }
    sg_auto_buf command = SG_BUF_INIT, out = SG_BUF_INIT, clean = SG_BUF_INIT,
                none = SG_BUF_INIT;
    int status;
    sg_buf_addf(&command, "%s build %s/%s 2>/dev/null", program, top,
                c->dir != NULL ? c->dir : "");
    read_command(sg_buf_cstr(&command), &out, &status);
    if (c->expected == NULL && status == 0) {
        fail_msg("%s: kustomize renders it", c->name);
    }
    if (c->expected != NULL && strcmp(sg_buf_cstr(&out), c->expected) != 0) {
        fail_msg("%s: kustomize prints\n%s", c->name, sg_buf_cstr(&out));
    }
    sg_buf_addf(&clean, "rm -rf %s", top);
    read_command(sg_buf_cstr(&clean), &none, &status);
}

/* --- tables ----------------------------------------------------------------------- */

static void check_error(const struct world *world, const struct world_case *c) {
    const struct sg_err *err = &world->err;
    sg_auto_buf at = SG_BUF_INIT;
    sg_buf_addf(&at, "%s:%u:%u", err->file, err->line, err->column);
    if (strstr(err->text, c->error) == NULL) {
        fail_msg("%s: the error is\n%s", c->name, err->text);
    }
    if (c->at != NULL && strcmp(sg_buf_cstr(&at), c->at) != 0) {
        fail_msg("%s: \"%s\" is at %s", c->name, err->text, sg_buf_cstr(&at));
    }
    if (c->hint != NULL && strstr(err->hint, c->hint) == NULL) {
        fail_msg("%s: the hint is \"%s\"", c->name, err->hint);
    }
}

static void run_case(const struct world_case *c) {
    struct world world;
    struct sg_render_opts opts = {0};
    int status = world_render(&world, c, &opts);
    if (status != 0 && c->expected != NULL) {
        fail_msg("%s: %s:%u: %s", c->name, world.err.file, world.err.line,
                 world.err.text);
    }
    if (status == 0 && c->expected == NULL) {
        fail_msg("%s: it renders\n%s", c->name, sg_buf_cstr(&world.out));
    }
    if (status != 0) {
        check_error(&world, c);
    } else if (strcmp(sg_buf_cstr(&world.out), c->expected) != 0) {
        fail_msg("%s: it renders\n%s", c->name, sg_buf_cstr(&world.out));
    }
    world_release(&world);
    compare_with_oracle(c);
}

void world_run_cases(const struct world_case *cases, size_t len) {
    for (size_t i = 0; i < len; i++) {
        run_case(&cases[i]);
    }
}
