/* stage.c - see stage.h. */
#include "stage.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builtin.h"
#include "sg/process.h"
#include "sg/yaml.h"

static void count_warning(void *ctx, const struct sg_diag *diag)
{
    struct stage *stage = ctx;
    stage->warnings += strcmp(diag->code, "SG104") == 0;
}

void stage_init(struct stage *stage, const char *objects)
{
    memset(stage, 0, sizeof(*stage));
    stage->atoms = sg_atoms_new();
    sg_docs_init(&stage->docs, stage->atoms);
    stage->paths = sg_fieldpaths_new(stage->atoms);
    sg_trace_init(&stage->trace, stage->paths);
    stage->trace.arena = &stage->docs.arena;
    stage->sink = (struct sg_diag_sink){.emit = count_warning, .ctx = stage};
    stage->fs = sg_fs_memory();
    stage->opts = (struct sg_render_opts){.fs = stage->fs,
                                          .dir = "",
                                          .diag = &stage->sink,
                                          .trace = &stage->trace};
    stage->k = (struct sg_kustomize){
        .opts = &stage->opts,
        .set = &stage->docs,
        .atoms = stage->atoms,
        .trace = &stage->trace,
        .diag = &stage->sink,
        .empty = sg_atom_of(stage->atoms, ""),
        .default_ns = sg_atom_of(stage->atoms, "default"),
        .kustomization = "kustomization.yaml",
        .file = "kustomization.yaml",
    };
    sg_resmap_init(&stage->map);
    sg_auto_nodes nodes = {0};
    assert_int_equal(sg_objects_read(&stage->k, "objects.yaml", objects, strlen(objects),
                                     &nodes, &stage->err),
                     0);
    for (size_t i = 0; i < nodes.items.len; i++) {
        struct sg_resource *res =
            sg_resource_new(&stage->k, nodes.items.items[i], "objects.yaml");
        assert_int_equal(sg_resmap_append(&stage->k, &stage->map, res, &stage->err), 0);
    }
}

void stage_release(struct stage *stage)
{
    sg_resmap_release(&stage->map);
    sg_fs_free(stage->fs);
    sg_trace_release(&stage->trace);
    sg_fieldpaths_free(stage->paths);
    sg_docs_release(&stage->docs);
    sg_atoms_free(stage->atoms);
}

const struct sg_node *stage_read(struct stage *stage, const char *text)
{
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .yaml11 = true};
    sg_auto_yaml_docs docs = {0};
    if (sg_yaml_read(&stage->docs, "config.yaml", text, strlen(text), &opts, &docs,
                     &stage->err) < 0) {
        fail_msg("%s", stage->err.text);
    }
    assert_int_equal(docs.roots.len, 1);
    return docs.roots.items[0];
}

void stage_write(struct stage *stage, struct sg_buf *out)
{
    for (size_t i = 0; i < stage->map.items.len; i++) {
        sg_buf_adds(out, i > 0 ? "---\n" : "");
        if (sg_yaml_write(&stage->docs, stage->map.items.items[i]->node, out,
                          &stage->err) < 0) {
            return;
        }
    }
}

/* --- the oracle
 * ---------------------------------------------------------------------------- */

static const char *oracle(void)
{
    static char found[512];
    const char *named = getenv("KUSTOMIZE");
    snprintf(found, sizeof(found), "%s", named != NULL ? named : "kustomize");
    char command[600], version[64] = "";
    snprintf(command, sizeof(command), "'%s' version 2>/dev/null", found);
    FILE *pipe = popen(command, "r");
    if (pipe != NULL) {
        if (fgets(version, sizeof(version), pipe) == NULL) {
            version[0] = '\0';
        }
        pclose(pipe);
    }
    return strstr(version, "5.8.1") != NULL ? found : NULL;
}

static void write_file(const char *dir, const char *name, const char *text)
{
    char path[600];
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void compare_with_oracle(const char *program, const struct stage_case *c,
                                const char *config)
{
    char dir[] = "/tmp/stage-XXXXXX";
    assert_non_null(mkdtemp(dir));
    write_file(dir, "objects.yaml", c->objects);
    write_file(dir, "config.yaml", config);
    write_file(dir, "kustomization.yaml",
               "resources: [objects.yaml]\ntransformers: [config.yaml]\n"
               "sortOptions: {order: fifo}\n");
    char command[700];
    snprintf(command, sizeof(command), "'%s' build '%s' 2>/dev/null", program, dir);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    sg_auto_buf out = SG_BUF_INIT;
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof(block), pipe)) > 0;) {
        sg_buf_add(&out, block, n);
    }
    int status = pclose(pipe);
    if (c->expected != NULL) {
        assert_string_equal(sg_buf_cstr(&out), c->expected);
        assert_int_equal(status, 0);
    } else {
        assert_int_not_equal(status, 0);
    }
    snprintf(command, sizeof(command), "rm -r '%s'", dir);
    assert_int_equal(system(command), 0);
}

/* --- cases
 * --------------------------------------------------------------------------------- */

static void run_case(const struct stage_case *c, const char *config)
{
    struct stage stage;
    stage_init(&stage, c->objects);
    struct sg_loader loader = {.fs = stage.fs, .root = ""};
    int result = sg_builtin_transform(&stage.k, &loader, &stage.map,
                                      stage_read(&stage, config), 0, &stage.err);
    sg_auto_buf out = SG_BUF_INIT;
    if (result == 0) {
        stage_write(&stage, &out);
    }
    if (c->expected != NULL) {
        assert_string_equal(stage.err.text, "");
        assert_string_equal(sg_buf_cstr(&out), c->expected);
    } else if (strstr(stage.err.text, c->error) == NULL) {
        fail_msg("expected an error with \"%s\", found \"%s\"", c->error, stage.err.text);
    }
    assert_int_equal(stage.warnings, c->warnings);
    stage_release(&stage);
}

void stage_run_cases(const struct stage_case *cases, size_t len)
{
    const char *program = oracle();
    if (program == NULL) {
        print_message("kustomize 5.8.1 is not here: compared with the table only\n");
    }
    for (size_t i = 0; i < len; i++) {
        print_message("  %s\n", cases[i].name);
        sg_auto_buf config = SG_BUF_INIT;
        if (strstr(cases[i].config, "metadata:") == NULL) {
            sg_buf_adds(&config, "metadata: {name: any}\n");
        }
        sg_buf_addf(&config, "apiVersion: builtin\n%s", cases[i].config);
        run_case(&cases[i], sg_buf_cstr(&config));
        if (program != NULL) {
            compare_with_oracle(program, &cases[i], sg_buf_cstr(&config));
        }
    }
}
