/*
 * neighbours.c - projects of one repository may share components. An edit of a file that
 * another project reads must leave what that project renders as it is: nobody who
 * upgrades staging expects production to change with it.
 */
#include <string.h>

#include "edits.h"
#include "sg/path.h"
#include "upgrade.h"

/* The files that the edits touch, as paths below the top of the repository. */
struct touched {
    struct sg_strmap files; /* path -> struct sg_edit * */
    SG_VEC(char *) order;
};

static void touched_release(struct touched *touched) {
    for (size_t i = 0; i < touched->order.len; i++) {
        free(touched->order.items[i]);
    }
    sg_vec_release(&touched->order);
    sg_strmap_release(&touched->files);
}

static void below_top(const struct sg_repo *repo, const char *path, struct sg_buf *out) {
    struct sg_err ignored = {0};
    sg_buf_clear(out);
    if (sg_path_join(place_in_git(repo), path, out, &ignored) != 0) {
        sg_buf_adds(out, path);
    }
}

static void touch(const struct sg_repo *repo, const char *path, struct sg_edit *edit,
                  struct touched *touched) {
    sg_auto_buf top = SG_BUF_INIT;
    below_top(repo, path, &top);
    if (!sg_strmap_has(&touched->files, top.ptr, top.len)) {
        sg_strmap_put(&touched->files, top.ptr, top.len, edit);
        sg_vec_push(&touched->order, sg_buf_take(&top));
    }
}

static void collect(const struct sg_repo *repo, struct sg_plan *plan,
                    struct touched *touched) {
    for (size_t i = 0; i < plan->edits.len; i++) {
        struct sg_edit *edit = &plan->edits.items[i];
        touch(repo, edit->file, edit, touched);
        if (edit->op == SG_EDIT_MOVE) {
            sg_auto_cstr to = sg_xstrndup(edit->text, edit->text_len);
            touch(repo, to, edit, touched);
        }
    }
}

/* --- the stop --------------------------------------------------------------------- */

/* The findings of a plan by their fingerprint. Where two hops have one, the first. */
struct place {
    size_t overlay, at; /* overlay SIZE_MAX: of the project */
};
struct stops {
    struct sg_plan *plan;
    struct sg_arena arena;
    struct sg_strmap places; /* fingerprint -> struct place * */
};

static void stops_add(struct stops *stops, const struct sg_finding *findings, size_t from,
                      size_t n, size_t overlay) {
    for (size_t i = from; i < n; i++) {
        const char *key = findings[i].fingerprint;
        if (!sg_strmap_has(&stops->places, key, strlen(key))) {
            struct place *place = sg_arena_alloc(&stops->arena, sizeof(*place));
            *place = (struct place){overlay, i};
            sg_strmap_put(&stops->places, key, strlen(key), place);
        }
    }
}

static void stops_init(struct stops *stops, struct sg_plan *plan) {
    memset(stops, 0, sizeof(*stops));
    stops->plan = plan;
    sg_arena_init(&stops->arena);
    stops_add(stops, plan->findings.items, 0, plan->findings.len, SIZE_MAX);
    for (size_t i = 0; i < plan->overlays.len; i++) {
        stops_add(stops, plan->overlays.items[i].findings.items, 0,
                  plan->overlays.items[i].findings.len, i);
    }
}

static void stops_release(struct stops *stops) {
    sg_strmap_release(&stops->places);
    sg_arena_release(&stops->arena);
}

static struct sg_finding *finding_of(const struct stops *stops,
                                     const struct sg_edit *edit) {
    struct sg_plan *plan = stops->plan;
    const struct place *place =
        sg_strmap_get(&stops->places, edit->finding, strlen(edit->finding));
    if (place == NULL) {
        return NULL;
    }
    return place->overlay == SIZE_MAX
               ? &plan->findings.items[place->at]
               : &plan->overlays.items[place->overlay].findings.items[place->at];
}

/* An edit without a finding is of nothing that could be decided: it gets one. */
static struct sg_finding *add_finding(struct sg_plan *plan, const struct sg_edit *edit) {
    struct sg_finding_in in = {
        .code = "SG206",
        .rule = "refused",
        .path = edit->file,
        .hop = edit->hop,
        .at = {.file = edit->file},
        .message = sg_arena_printf(&plan->docs.arena, "apply would edit %s", edit->file),
    };
    return sg_plan_add_finding(plan, NULL, &in);
}

/* To agree does not help: the file would still be written. */
static void stop(struct stops *stops, const struct sg_edit *edit, const char *why,
                 const char *fix) {
    struct sg_plan *plan = stops->plan;
    struct sg_finding *finding = finding_of(stops, edit);
    if (finding == NULL) {
        finding = add_finding(plan, edit);
        stops_add(stops, plan->findings.items, plan->findings.len - 1, plan->findings.len,
                  SIZE_MAX);
    }
    if (finding->stops && finding->refused) {
        return; /* said already */
    }
    finding->message =
        sg_arena_printf(&plan->docs.arena, "%s; %s", finding->message, why);
    finding->fix = fix;
    finding->severity = SG_ERROR;
    finding->stops = finding->refused = true;
    finding->resolved = SG_RESOLVED_NONE;
    finding->flags.len = 0;
}

static void stop_outside(struct stops *stops) {
    struct sg_plan *plan = stops->plan;
    for (size_t i = 0; i < plan->edits.len; i++) {
        const struct sg_edit *edit = &plan->edits.items[i];
        if (is_beside(edit->file)) {
            stop(stops, edit,
                 sg_arena_printf(&plan->docs.arena,
                                 "%s lies outside the project, and apply writes only in "
                                 "it",
                                 edit->file),
                 "edit the file, see that the other projects that read it still render "
                 "as they should, and run the command again");
        }
    }
}

/* --- the other projects ----------------------------------------------------------- */

/* What a render of one overlay asks for, of what is touched. */
struct look {
    const struct sg_repo *of;
    const struct touched *touched;
    const struct sg_edit *hit; /* of the first file that is */
};

static void asked(void *ctx, const char *path, enum sg_fs_type type) {
    struct look *look = ctx;
    (void)type; /* a file that the edit makes is not there yet */
    sg_auto_buf top = SG_BUF_INIT;
    if (look->hit == NULL) {
        below_top(look->of, path, &top);
        look->hit = sg_strmap_get(&look->touched->files, sg_buf_cstr(&top), top.len);
    }
}

/* The digest of what the overlay renders to; "" where it does not. */
static int digest(struct sg_repo *other, const struct sg_fs *fs, const char *dir,
                  char hex[SG_SHA256_HEX + 1], struct sg_err *err) {
    struct sg_err refused = {0};
    sg_auto_render render;
    sg_render_init(&render, other->atoms);
    struct sg_render_opts opts = {
        .fs = fs, .dir = dir, .remote = repo_remote(other), .lenient = true};
    hex[0] = '\0';
    return sg_render(&opts, &render, &refused) != 0 ? 0
                                                    : render_digest(&render, hex, err);
}

/* The edited files, laid over the other project. */
static int lay_over(const struct sg_repo *repo, const struct touched *touched,
                    const struct sg_fs *edited, const struct sg_repo *other,
                    struct sg_fs *view, struct sg_err *err) {
    for (size_t i = 0; i < touched->order.len; i++) {
        const char *path = touched->order.items[i];
        sg_auto_buf mine = SG_BUF_INIT, theirs = SG_BUF_INIT, bytes = SG_BUF_INIT;
        enum sg_fs_type type;
        sg_path_relative(place_in_git(repo), path, &mine);
        sg_path_relative(place_in_git(other), path, &theirs);
        if (sg_fs_stat(edited, sg_buf_cstr(&mine), &type, NULL, err) != 0) {
            return -1;
        }
        if (type != SG_FS_FILE) {
            sg_fs_over_remove(view, sg_buf_cstr(&theirs));
        } else if (sg_fs_read(edited, sg_buf_cstr(&mine), &bytes, err) == 0) {
            sg_fs_over_put(view, sg_buf_cstr(&theirs), sg_buf_cstr(&bytes), bytes.len);
        } else {
            return -1;
        }
    }
    return 0;
}

struct neighbour {
    struct sg_repo *repo, *other;
    struct stops *stops;
    const struct touched *touched;
    const struct sg_fs *edited; /* the project with its edits */
    const char *dir;            /* of the other, below the top */
};

/* An overlay that did not render before has nothing to lose. */
static int check_overlay(const struct neighbour *n, const struct sg_repo_overlay *overlay,
                         struct sg_err *err) {
    struct look look = {.of = n->other, .touched = n->touched};
    sg_auto_fs record = sg_fs_record(n->other->disk, asked, &look);
    sg_auto_fs view = sg_fs_over(n->other->disk);
    char before[SG_SHA256_HEX + 1], after[SG_SHA256_HEX + 1];
    if (digest(n->other, record, overlay->dir, before, err) != 0) {
        return -1;
    }
    if (look.hit == NULL || before[0] == '\0') {
        return 0;
    }
    if (lay_over(n->repo, n->touched, n->edited, n->other, view, err) != 0 ||
        digest(n->other, view, overlay->dir, after, err) != 0) {
        return -1;
    }
    if (strcmp(before, after) != 0) {
        stop(n->stops, look.hit,
             sg_arena_printf(&n->stops->plan->docs.arena,
                             "%s reads %s as well, and its overlay %s would %s with the "
                             "edit",
                             n->dir[0] != '\0' ? n->dir : "the project at the top",
                             look.hit->file, overlay->name,
                             after[0] != '\0' ? "change" : "not render"),
             "give each project a file of its own, or edit it when the other project is "
             "upgraded too");
    }
    return 0;
}

/* What another project says of itself is its own affair: where it cannot be read, that is
 * a warning. */
static struct sg_repo *open_other(const struct sg_repo *repo, const char *root,
                                  struct sg_err *why) {
    struct sg_repo_opts opts = repo->opts;
    opts.offline = true;
    struct sg_repo *other = repo_blank(root, &opts, why);
    if (other != NULL && repo_reload(other, why) != 0) {
        sg_repo_free(other);
        other = NULL;
    }
    return other;
}

static int check_project(struct neighbour *n, struct sg_err *err) {
    sg_auto_cstr root = sg_xasprintf("%s/%s", n->repo->top, n->dir);
    if (n->dir[0] == '\0') {
        root[strlen(root) - 1] = '\0';
    }
    sg_auto_repo_overlays overlays = {0};
    struct sg_err why = {0};
    sg_auto_repo other = open_other(n->repo, root, &why);
    if (other == NULL ||
        sg_repo_list_overlays(other, other->disk, &overlays, &why) != 0) {
        sg_diag(n->repo->opts.diag, "", "", SG_WARNING, (struct sg_pos){0},
                "whether the edits change project %s is not known: %s", n->dir, why.text);
        return 0;
    }
    n->other = other;
    for (size_t i = 0; i < overlays.items.len; i++) {
        if (check_overlay(n, &overlays.items.items[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int check_projects(struct neighbour *n, struct sg_err *err) {
    sg_auto_repo_projects found = {0};
    const char *here = place_in_git(n->repo);
    if (sg_repo_find_projects(n->repo->top, NULL, &found, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < found.dirs.len; i++) {
        n->dir = found.dirs.items[i];
        if (strcmp(n->dir, here) != 0 && check_project(n, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int check_edits(struct sg_repo *repo, struct stops *stops, struct sg_err *err) {
    struct touched touched = {0};
    sg_auto_fs edited = sg_fs_over(repo->disk);
    struct neighbour n = {
        .repo = repo, .stops = stops, .touched = &touched, .edited = edited};
    collect(repo, stops->plan, &touched);
    int status = edits_lay(stops->plan, edited, err);
    status = status != 0 ? status : check_projects(&n, err);
    touched_release(&touched);
    return status;
}

int neighbours_check(struct sg_repo *repo, struct sg_plan *plan, struct sg_err *err) {
    if (plan->edits.len == 0) {
        return 0;
    }
    struct stops stops;
    stops_init(&stops, plan);
    int status = repo->top != NULL ? check_edits(repo, &stops, err) : 0;
    stop_outside(&stops);
    stops_release(&stops);
    return status;
}
