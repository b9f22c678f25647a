#include "all.h"

#include <string.h>

static void run_free(struct sg_project_run *run) {
    sg_repo_applying_free(run->applying);
    sg_plan_narrow_release(&run->part);
    if (run->repo) {
        sg_plan_release(&run->plan);
        sg_repo_result_release(&run->result);
        sg_repo_status_release(&run->status);
    }
    sg_repo_free(run->repo);
    sg_vec_release(&run->health.items);
    free(run->root);
    free(run->dir);
    free(run);
}

void sg_all_release(struct sg_all *all) {
    for (size_t i = 0; i < all->runs.len; i++) {
        run_free(all->runs.items[i]);
    }
    sg_vec_release(&all->runs);
    sg_repo_projects_release(&all->found);
}

/* --- options ---------------------------------------------------------------------- */

bool sg_all_wanted(const struct sg_args *args) {
    for (size_t i = 0; i < args->given.len; i++) {
        if (args->given.items[i].opt->projects) { /* `versions --all` is another */
            return true;
        }
    }
    return false;
}

int sg_all_check(const struct sg_args *args, const char *const *options,
                 struct sg_err *err) {
    for (; *options; options++) {
        if (sg_args_has(args, *options)) {
            return sg_fail(err, SG_E_USAGE, "--all and --%s exclude each other",
                           *options);
        }
    }
    if (args->words.len > 0) {
        sg_fail(err, SG_E_USAGE, "--all takes every overlay of every project");
        return sg_err_hint(err, "name overlays of one project: sgupgrade -C FOLDER …");
    }
    return 0;
}

/* --- which project a message is about --------------------------------------------- */

/* A path of the project as a path of the disk: messages show it as seen from here. */
static const char *file_on_disk(const struct sg_project_run *run, const char *file,
                                struct sg_buf *out) {
    if (!file || file[0] == '\0' || file[0] == '/' || strstr(file, "://")) {
        return file;
    }
    sg_buf_addf(out, "%s/%s", run->root, file);
    return sg_buf_cstr(out);
}

static void emit(void *ctx, const struct sg_diag *diag) {
    const struct sg_project_run *run = ctx;
    sg_auto_buf file = SG_BUF_INIT, text = SG_BUF_INIT;
    struct sg_diag mine = *diag;
    struct sg_diag_sink sink = sg_cli_diag(run->cli);
    mine.at.file = file_on_disk(run, diag->at.file, &file);
    if (!mine.at.file || mine.at.file[0] == '\0') {
        sg_buf_addf(&text, "%s: %s", run->dir, diag->text);
        mine.text = sg_buf_cstr(&text);
    }
    sink.emit(sink.ctx, &mine);
}

static void fail_run(struct sg_project_run *run, const struct sg_err *why) {
    sg_auto_buf file = SG_BUF_INIT;
    run->failed = true;
    run->err = *why;
    const char *shown = file_on_disk(run, why->file, &file);
    if (shown && strlen(shown) < sizeof run->err.file) {
        memcpy(run->err.file, shown, strlen(shown) + 1);
    }
    struct sg_err told = run->err;
    if (!shown || shown[0] == '\0') {
        sg_err_wrap(&told, "project %s", run->dir);
    }
    sg_cli_error(run->cli, &told);
}

/* --- running ---------------------------------------------------------------------- */

static void open_run(struct sg_cli *cli, enum sg_needs needs,
                     struct sg_project_run *run) {
    struct sg_repo_opts opts;
    struct sg_err why = {0};
    sg_cli_repo_opts(cli, needs == SG_NEEDS_WRITING, &opts);
    run->diag = (struct sg_diag_sink){emit, run};
    opts.dir = run->root;
    opts.diag = &run->diag;
    run->repo = sg_repo_open(&opts, &why);
    if (!run->repo) {
        fail_run(run, &why);
        return;
    }
    sg_plan_init(&run->plan, sg_repo_atoms(run->repo));
    sg_repo_result_init(&run->result);
}

int sg_all_open(struct sg_cli *cli, enum sg_needs needs, struct sg_all *all,
                struct sg_err *err) {
    struct sg_diag_sink sink = sg_cli_diag(cli);
    if (sg_repo_find_projects(cli->cwd, &sink, &all->found, err) < 0) {
        return -1;
    }
    const char *top = strcmp(all->found.top, "/") == 0 ? "" : all->found.top;
    for (size_t i = 0; i < all->found.dirs.len; i++) {
        const char *dir = all->found.dirs.items[i];
        struct sg_project_run *run = sg_xcalloc(1, sizeof *run);
        run->cli = cli;
        run->dir = sg_xstrdup(dir[0] ? dir : ".");
        run->root = dir[0] ? sg_xasprintf("%s/%s", top, dir) : sg_xstrdup(all->found.top);
        sg_vec_push(&all->runs, run);
        open_run(cli, needs, run);
    }
    return 0;
}

size_t sg_all_each(struct sg_cli *cli, const struct sg_args *args, struct sg_all *all,
                   sg_project_fn *each, void *ctx) {
    size_t failed = 0;
    for (size_t i = 0; i < all->runs.len; i++) {
        struct sg_project_run *run = all->runs.items[i];
        struct sg_err why = {0};
        if (!run->failed && each(cli, args, ctx, run, &why) < 0) {
            fail_run(run, &why);
        }
        failed += run->failed;
    }
    return failed;
}

/* --- the end ---------------------------------------------------------------------- */

int sg_all_report(struct sg_cli *cli, const struct sg_outputs *outputs,
                  const struct sg_all *all, enum sg_report_kind kind,
                  const struct sg_report_opts *view, struct sg_err *err) {
    SG_VEC(struct sg_report_part) parts = {0};
    for (size_t i = 0; i < all->runs.len; i++) {
        const struct sg_project_run *run = all->runs.items[i];
        sg_vec_push(&parts, (struct sg_report_part){
                                .dir = run->dir,
                                .error = run->failed ? run->err.text : NULL,
                                .report = run->report,
                            });
    }
    struct sg_report report = {
        .kind = SG_REPORT_MANY,
        .many = {.items = parts.items, .len = parts.len, .each = kind},
    };
    int status = sg_outputs_write(cli, outputs, &report, view, err);
    sg_vec_release(&parts);
    return status;
}

int sg_all_exit(const struct sg_all *all) {
    static const int order[] = {SG_EXIT_ERROR, SG_EXIT_PIN, SG_EXIT_DECISION,
                                SG_EXIT_CHANGES};
    for (size_t k = 0; k < SG_ARRAY_LEN(order); k++) {
        for (size_t i = 0; i < all->runs.len; i++) {
            const struct sg_project_run *run = all->runs.items[i];
            int code = run->failed ? SG_EXIT_ERROR : run->plan.exit;
            if (code == order[k]) {
                return code;
            }
        }
    }
    return SG_EXIT_OK;
}

void sg_all_unused(struct sg_cli *cli, const struct sg_plan_args *lists,
                   const struct sg_all *all) {
    SG_VEC(const struct sg_plan *) plans = {0};
    for (size_t i = 0; i < all->runs.len; i++) {
        if (!all->runs.items[i]->failed) {
            sg_vec_push(&plans, &all->runs.items[i]->plan);
        }
    }
    sg_plan_args_unused(cli, lists, plans.items, plans.len);
    sg_vec_release(&plans);
}
