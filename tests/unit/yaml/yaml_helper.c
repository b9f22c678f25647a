#include "yaml_helper.h"

#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int fixture_setup(void **state) {
    struct fixture *f = sg_xcalloc(1, sizeof(*f));
    f->atoms = sg_atoms_new();
    sg_docs_init(&f->set, f->atoms);
    *state = f;
    return 0;
}

int fixture_teardown(void **state) {
    struct fixture *f = *state;
    sg_yaml_docs_release(&f->docs);
    sg_docs_release(&f->set);
    sg_atoms_free(f->atoms);
    free(f);
    return 0;
}

struct sg_node *fixture_read(struct fixture *f, const char *text,
                             const struct sg_yaml_opts *opts) {
    sg_err_clear(&f->err);
    f->docs.roots.len = 0;
    int rc = sg_yaml_read(&f->set, "x.yaml", text, strlen(text), opts, &f->docs, &f->err);
    assert_true((rc == 0) == (f->err.code == SG_OK));
    return rc == 0 && f->docs.roots.len > 0 ? f->docs.roots.items[0] : NULL;
}

char *fixture_render(struct fixture *f, const char *text) {
    const struct sg_yaml_opts opts = {.manifests = true};
    struct sg_buf out = SG_BUF_INIT;
    struct sg_node *root = fixture_read(f, text, &opts);
    if (!root || sg_yaml_write(&f->set, root, &out, &f->err)) {
        sg_buf_release(&out);
        return NULL;
    }
    return sg_buf_take(&out);
}

void assert_fault(const struct fixture *f, uint32_t line, uint32_t column,
                  const char *text) {
    if (f->err.line != line || f->err.column != column || !strstr(f->err.text, text)) {
        fail_msg("expected %u:%u: …%s…, got %s:%u:%u: %s", line, column, text,
                 f->err.file, f->err.line, f->err.column, f->err.text);
    }
    assert_string_equal(f->err.file, "x.yaml");
}

const char *real_folder(void) {
    static char path[4096];
    const char *shared = getenv("SG_SHARED");
    snprintf(path, sizeof(path), "%s/real/upstream",
             shared ? shared : SG_TEST_DIR "/../../shared");
    if (access(path, R_OK) == 0) {
        return path;
    }
    printf("skipped: no real releases at $SG_SHARED or ../shared\n");
    return NULL;
}

static char *read_file(const char *path, size_t *len) {
    struct sg_buf buf = SG_BUF_INIT;
    char piece[65536];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t n; (n = fread(piece, 1, sizeof(piece), file)) > 0;) {
        sg_buf_add(&buf, piece, n);
    }
    fclose(file);
    *len = buf.len;
    return sg_buf_take(&buf);
}

size_t each_yaml_file(const char *folder,
                      void (*each)(const char *path, const char *text, size_t len,
                                   void *ctx),
                      void *ctx) {
    char *root = sg_xstrdup(folder);
    char *roots[] = {root, NULL};
    size_t count = 0;
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    assert_non_null(walk);
    for (FTSENT *entry; (entry = fts_read(walk)) != NULL;) {
        const char *dot = strrchr(entry->fts_name, '.');
        if (entry->fts_info != FTS_F || !dot ||
            (strcmp(dot, ".yaml") != 0 && strcmp(dot, ".yml") != 0)) {
            continue;
        }
        size_t len;
        char *text = read_file(entry->fts_path, &len);
        each(entry->fts_path, text, len, ctx);
        free(text);
        count++;
    }
    fts_close(walk);
    free(root);
    return count;
}
