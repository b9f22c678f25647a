/*
 * generated.c - the kustomization.yaml of a base that upstream ships without one: it
 * lists the manifests in path order.
 */
#include <string.h>

#include "project.h"
#include "sg/path.h"
#include "sg/yaml.h"

static bool is_kustomization(const char *name) {
    return strcmp(name, "kustomization.yaml") == 0 ||
           strcmp(name, "kustomization.yml") == 0 || strcmp(name, "Kustomization") == 0;
}

static bool ends_with(const char *text, const char *end) {
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* `key:` at the start of a line, also quoted: a look at the text instead of a parse, for
 * every file of every release is looked at. */
static bool has_key(const char *text, const char *key) {
    size_t len = strlen(key);
    for (const char *line = text; line != NULL;) {
        const char *at = line + (*line == '"' || *line == '\'');
        if (strncmp(at, key, len) == 0) {
            at += len + (at != line);
            if (*at == ':') {
                return true;
            }
        }
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return false;
}

static int is_manifest(const struct sg_fs *fs, const char *path, bool *manifest,
                       struct sg_err *err) {
    *manifest = false;
    if (!ends_with(path, ".yaml") && !ends_with(path, ".yml")) {
        return 0;
    }
    sg_auto_buf text = SG_BUF_INIT;
    if (sg_fs_read(fs, path, &text, err) != 0) {
        return -1;
    }
    *manifest =
        has_key(sg_buf_cstr(&text), "apiVersion") && has_key(sg_buf_cstr(&text), "kind");
    return 0;
}

/* A name as a list item; quoted where it is not plainly a string. */
static void add_item(struct sg_atoms *atoms, const char *path, struct sg_buf *out) {
    sg_auto_docs docs;
    sg_docs_init(&docs, atoms);
    sg_buf_adds(out, "  - ");
    sg_yaml_inline(sg_str_new(&docs, path), out);
    sg_buf_addc(out, '\n');
}

int generated_make(const struct sg_fs *fs, char **out, struct sg_err *err) {
    *out = NULL;
    sg_auto_fs_list files = {0};
    if (sg_fs_walk(fs, "", &files, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < files.entries.len; i++) {
        if (is_kustomization(sg_path_base(files.entries.items[i].name))) {
            return 0;
        }
    }
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_atoms *atoms = sg_atoms_new();
    size_t listed = 0;
    int status = 0;
    sg_buf_adds(&text, "# Made by sgupgrade: upstream ships these manifests without a "
                       "kustomization. Do not edit.\n"
                       "apiVersion: kustomize.config.k8s.io/v1beta1\n"
                       "kind: Kustomization\n"
                       "resources:\n");
    for (size_t i = 0; i < files.entries.len && status == 0; i++) {
        bool manifest = false;
        const char *path = files.entries.items[i].name;
        status = is_manifest(fs, path, &manifest, err);
        if (manifest) {
            add_item(atoms, path, &text);
        }
        listed += manifest;
    }
    sg_atoms_free(atoms);
    if (status == 0 && listed > 0) {
        *out = sg_buf_take(&text);
    }
    return status;
}
