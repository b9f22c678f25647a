/* stage.c - see stage.h. */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- a render in memory
 * -------------------------------------------------------------------- */

static void count_warning(void *ctx, const struct sg_diag *diag) {
    struct stage *stage = ctx;
    stage->warnings += diag->code[0] == 'S';
}

static void put(struct stage *stage, const char *name, const char *text) {
    sg_fs_memory_put(stage->fs, name, text, strlen(text));
}

int stage_render(struct stage *stage, const char *objects, const char *kustomization,
                 const char *config) {
    memset(stage, 0, sizeof(*stage));
    stage->fs = sg_fs_memory();
    stage->atoms = sg_atoms_new();
    stage->paths = sg_fieldpaths_new(stage->atoms);
    put(stage, "objects.yaml", objects);
    put(stage, "config.yaml", config);
    put(stage, "kustomization.yaml", kustomization);
    sg_render_init(&stage->render, stage->atoms);
    sg_trace_init(&stage->trace, stage->paths);
    const struct sg_diag_sink sink = {.emit = count_warning, .ctx = stage};
    const struct sg_render_opts opts = {
        .fs = stage->fs, .dir = "", .diag = &sink, .trace = &stage->trace};
    return sg_render(&opts, &stage->render, &stage->err);
}

void stage_release(struct stage *stage) {
    sg_trace_release(&stage->trace);
    sg_render_release(&stage->render);
    sg_fieldpaths_free(stage->paths);
    sg_atoms_free(stage->atoms);
    sg_fs_free(stage->fs);
}

/* --- the oracle
 * ---------------------------------------------------------------------------- */

static void read_command(const char *command, struct sg_buf *out, int *status) {
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof(block), pipe)) > 0;) {
        sg_buf_add(out, block, n);
    }
    *status = pclose(pipe);
}

/* The program's name, or NULL where version 5.8.1 is not installed. KUSTOMIZE is
 * believed: builds of distributions do not tell their version. */
static const char *oracle(void) {
    const char *program = getenv("KUSTOMIZE");
    int status;
    sg_auto_buf version = SG_BUF_INIT;
    if (program != NULL && program[0] != '\0') {
        return program;
    }
    read_command("kustomize version 2>/dev/null", &version, &status);
    return strstr(sg_buf_cstr(&version), "5.8.1") != NULL ? "kustomize" : NULL;
}

static void write_file(const char *dir, const char *name, const char *text) {
    sg_auto_buf path = SG_BUF_INIT;
    sg_buf_addf(&path, "%s/%s", dir, name);
    FILE *file = fopen(sg_buf_cstr(&path), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* `expected` NULL: it must fail. */
static void compare_with_oracle(const char *program, const struct stage_case *c,
                                const char *kustomization, const char *config,
                                const char *expected) {
    char dir[] = "/tmp/stage-XXXXXX";
    int status, removed;
    sg_auto_buf command = SG_BUF_INIT, out = SG_BUF_INIT, none = SG_BUF_INIT;
    assert_non_null(mkdtemp(dir));
    write_file(dir, "objects.yaml", c->objects);
    write_file(dir, "config.yaml", config);
    write_file(dir, "kustomization.yaml", kustomization);
    sg_buf_addf(&command, "'%s' build '%s' 2>/dev/null", program, dir);
    read_command(sg_buf_cstr(&command), &out, &status);
    sg_buf_clear(&command);
    sg_buf_addf(&command, "rm -r '%s'", dir);
    read_command(sg_buf_cstr(&command), &none, &removed);
    assert_int_equal(removed, 0);
    if (expected != NULL) {
        assert_string_equal(sg_buf_cstr(&out), expected);
    }
    assert_int_equal(status == 0, expected != NULL);
}

/* --- line differences
 * ---------------------------------------------------------------------- */

#define MAX_LINES 400

struct lines {
    struct sg_str items[MAX_LINES];
    size_t len;
};

static void split_lines(const char *text, struct lines *out) {
    out->len = 0;
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        assert_true(out->len < MAX_LINES);
        out->items[out->len++] = (struct sg_str){text, len};
        text += len + (text[len] == '\n');
    }
}

/* The longest common subsequence, by its lengths from each pair of lines on. */
static void line_diff(const char *before, const char *after, struct sg_buf *out) {
    static struct lines a, b;
    static unsigned short common[MAX_LINES + 1][MAX_LINES + 1];
    split_lines(before, &a);
    split_lines(after, &b);
    memset(common, 0, sizeof(common));
    for (size_t i = a.len; i-- > 0;) {
        for (size_t j = b.len; j-- > 0;) {
            unsigned short skip =
                common[i + 1][j] > common[i][j + 1] ? common[i + 1][j] : common[i][j + 1];
            common[i][j] = sg_str_eq(a.items[i], b.items[j])
                               ? (unsigned short)(common[i + 1][j + 1] + 1)
                               : skip;
        }
    }
    for (size_t i = 0, j = 0; i < a.len || j < b.len;) {
        bool same = i < a.len && j < b.len && sg_str_eq(a.items[i], b.items[j]);
        bool less = i < a.len && (j == b.len || common[i + 1][j] >= common[i][j + 1]);
        const struct sg_str *line = less || same ? &a.items[i] : &b.items[j];
        if (!same) {
            sg_buf_addf(out, "%c%.*s\n", less ? '-' : '+', (int)line->len, line->ptr);
        }
        i += same || less;
        j += same || !less;
    }
}

/* --- cases
 * --------------------------------------------------------------------------------- */

static const char plain[] = "resources: [objects.yaml]\nsortOptions: {order: fifo}\n";

static void expect_diff(const struct stage_case *c, const char *output) {
    struct stage stage;
    sg_auto_buf before = SG_BUF_INIT, diff = SG_BUF_INIT;
    assert_int_equal(stage_render(&stage, c->objects, plain, ""), 0);
    assert_int_equal(sg_render_write(&stage.render, &before, &stage.err), 0);
    line_diff(sg_buf_cstr(&before), output, &diff);
    assert_string_equal(sg_buf_cstr(&diff), c->diff);
    stage_release(&stage);
}

/* `out` gets the output; false where an error was expected and given. */
static bool run_case(const struct stage_case *c, const char *kustomization,
                     const char *config, struct sg_buf *out) {
    struct stage stage;
    int result = stage_render(&stage, c->objects, kustomization, config);
    if (result == 0) {
        result = sg_render_write(&stage.render, out, &stage.err);
    }
    if (c->error == NULL) {
        assert_string_equal(stage.err.text, "");
    } else if (result == 0 || strstr(stage.err.text, c->error) == NULL) {
        fail_msg("expected an error with \"%s\", found \"%s\"", c->error, stage.err.text);
    } else {
        assert_true(stage.err.line > 0);
    }
    if (c->expected != NULL) {
        assert_string_equal(sg_buf_cstr(out), c->expected);
    }
    if (c->diff != NULL) {
        expect_diff(c, sg_buf_cstr(out));
    }
    assert_int_equal(stage.warnings, c->warnings);
    stage_release(&stage);
    return c->error == NULL;
}

static void complete(const struct stage_case *c, struct sg_buf *kustomization,
                     struct sg_buf *config) {
    sg_buf_adds(kustomization, plain);
    if (c->kustomization != NULL) {
        sg_buf_adds(kustomization, c->kustomization);
        sg_buf_adds(config, c->config != NULL ? c->config : "");
        return;
    }
    sg_buf_adds(kustomization, "transformers: [config.yaml]\n");
    if (strstr(c->config, "metadata:") == NULL) {
        sg_buf_adds(config, "metadata: {name: any}\n");
    }
    sg_buf_addf(config, "apiVersion: builtin\n%s", c->config);
}

void stage_run_cases(const struct stage_case *cases, size_t len) {
    const char *program = oracle();
    if (program == NULL) {
        print_message("kustomize 5.8.1 is not here: compared with the table only\n");
    }
    for (size_t i = 0; i < len; i++) {
        sg_auto_buf kustomization = SG_BUF_INIT, config = SG_BUF_INIT;
        complete(&cases[i], &kustomization, &config);
        print_message("  %s\n", cases[i].name);
        sg_auto_buf out = SG_BUF_INIT;
        bool built =
            run_case(&cases[i], sg_buf_cstr(&kustomization), sg_buf_cstr(&config), &out);
        if (program != NULL) {
            compare_with_oracle(program, &cases[i], sg_buf_cstr(&kustomization),
                                sg_buf_cstr(&config), built ? sg_buf_cstr(&out) : NULL);
        }
    }
}
