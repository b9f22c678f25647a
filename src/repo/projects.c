/*
 * projects.c - every project of a git repository: the folders with a sgupgrade.yaml.
 */
#include <limits.h>
#include <string.h>

#include "project.h"
#include "sg/sort.h"

void sg_repo_projects_release(struct sg_repo_projects *projects) {
    for (size_t i = 0; i < projects->dirs.len; i++) {
        free(projects->dirs.items[i]);
    }
    sg_vec_release(&projects->dirs);
    free(projects->top);
}

/* Folders are kept in a list of their own: a deep tree costs heap and not stack. */
struct hunt {
    const struct sg_fs *fs;
    const struct sg_diag_sink *diag;
    SG_VEC(char *) folders; /* still to be looked into */
    struct sg_strmap ours;  /* folders that hold nothing but what sgupgrade wrote */
    struct sg_repo_projects *out;
};

static void hunt_release(struct hunt *hunt) {
    for (size_t i = 0; i < hunt->folders.len; i++) {
        free(hunt->folders.items[i]);
    }
    sg_vec_release(&hunt->folders);
    sg_strmap_release(&hunt->ours);
}

static void keep_out(struct hunt *hunt, const char *dir, const char *folder) {
    sg_auto_buf path = SG_BUF_INIT;
    repo_path(dir, folder, &path);
    sg_strmap_put(&hunt->ours, sg_buf_cstr(&path), path.len, hunt);
}

/* Upstream may have a project of its own in what is vendored, and rendered/ is made. A
 * config that cannot be read keeps nothing out: its project will say what is wrong. */
static void read_borders(struct hunt *hunt, const char *dir) {
    sg_auto_buf path = SG_BUF_INIT, text = SG_BUF_INIT;
    struct sg_err ignored = {0};
    sg_auto_config config;
    repo_path(dir, SG_CONFIG_FILE, &path);
    memset(&config, 0, sizeof(config));
    if (sg_fs_read(hunt->fs, sg_buf_cstr(&path), &text, &ignored) != 0 ||
        sg_config_read(&config, SG_CONFIG_FILE, sg_buf_cstr(&text), text.len, &ignored) !=
            0) {
        return;
    }
    for (size_t i = 0; i < config.upstream.paths.len; i++) {
        keep_out(hunt, dir, config.upstream.paths.items[i].to);
    }
    if (config.rendered != NULL) {
        keep_out(hunt, dir, config.rendered);
    }
}

/* Nobody keeps a project in there: git's folder and other tools', packages of npm. */
static bool is_tools(const char *name) {
    return name[0] == '.' || strcmp(name, "node_modules") == 0;
}

static void look_into(struct hunt *hunt, const char *dir) {
    sg_auto_fs_list list = {0};
    struct sg_err why = {0};
    bool project = false, repository = false;
    if (sg_fs_readdir(hunt->fs, dir, &list, &why) != 0) {
        sg_diag(hunt->diag, "", "", SG_WARNING, (struct sg_pos){0},
                "not looked into for projects: %s", why.text);
        return;
    }
    for (size_t i = 0; i < list.entries.len; i++) {
        const struct sg_fs_entry *entry = &list.entries.items[i];
        project = project ||
                  (entry->type == SG_FS_FILE && strcmp(entry->name, SG_CONFIG_FILE) == 0);
        repository = repository || strcmp(entry->name, ".git") == 0;
    }
    if (repository && dir[0] != '\0') {
        return; /* a submodule is a repository of its own */
    }
    if (project) {
        sg_vec_push(&hunt->out->dirs, sg_xstrdup(dir));
        read_borders(hunt, dir);
    }
    for (size_t i = 0; i < list.entries.len; i++) {
        const struct sg_fs_entry *entry = &list.entries.items[i];
        sg_auto_buf path = SG_BUF_INIT;
        repo_path(dir, entry->name, &path);
        if (entry->type == SG_FS_DIR && !entry->link && !is_tools(entry->name) &&
            !sg_strmap_has(&hunt->ours, sg_buf_cstr(&path), path.len)) {
            sg_vec_push(&hunt->folders, sg_buf_take(&path));
        }
    }
}

static bool by_text(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return strcmp(*(const char *const *)a, *(const char *const *)b) < 0;
}

int sg_repo_find_projects(const char *dir, const struct sg_diag_sink *diag,
                          struct sg_repo_projects *out, struct sg_err *err) {
    char start[PATH_MAX];
    memset(out, 0, sizeof(*out));
    if (realpath(dir, start) == NULL) {
        return sg_fail(err, SG_E_NOTFOUND, "there is no folder %s", dir);
    }
    out->top = find_top(start);
    if (out->top == NULL) {
        out->top = sg_xstrdup(start);
    }
    sg_auto_fs fs = sg_fs_disk(out->top, err);
    if (fs == NULL) {
        return -1;
    }
    struct hunt hunt = {.fs = fs, .diag = diag, .out = out};
    sg_vec_push(&hunt.folders, sg_xstrdup(""));
    while (hunt.folders.len > 0) {
        sg_auto_cstr next = hunt.folders.items[--hunt.folders.len];
        look_into(&hunt, next);
    }
    hunt_release(&hunt);
    sg_sort(out->dirs.items, out->dirs.len, sizeof(*out->dirs.items), by_text, NULL);
    if (out->dirs.len > 0) {
        return 0;
    }
    sg_fail(err, SG_E_NOTFOUND, "there is no %s in %s or any folder below it",
            SG_CONFIG_FILE, out->top);
    return sg_err_hint(err, "start a project with `sgupgrade init --upstream URL`");
}
