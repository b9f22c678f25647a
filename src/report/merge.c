/*
 * merge.c - the plans of several projects as one, for formats that know one plan: lists
 * of findings, pages.
 */
#include <string.h>

#include "sg/path.h"
#include "sg/strmap.h"
#include "writers.h"

struct merge {
    struct sg_plan *out;
    const char *dir;         /* of the project whose plan is being added */
    uint32_t hops;           /* of the projects before it */
    struct sg_strmap prints; /* of its findings: the fingerprint here by the one there */
};

/* A file of the project, seen from the top. */
static const char *file_of(const struct merge *m, const char *file) {
    struct sg_arena *arena = &m->out->docs.arena;
    sg_auto_buf path = SG_BUF_INIT;
    struct sg_err ignored = {0};
    if (file == NULL || sg_path_join(m->dir, file, &path, &ignored) != 0) {
        return file; /* of another place: a URL */
    }
    return sg_arena_strdup(arena, sg_buf_cstr(&path));
}

static const char *name_of(const struct merge *m, const char *overlay) {
    return strcmp(m->dir, ".") == 0
               ? overlay
               : sg_arena_printf(&m->out->docs.arena, "%s/%s", m->dir, overlay);
}

static uint32_t hop_of(const struct merge *m, uint32_t hop) {
    return hop == SG_NO_HOP ? hop : hop + m->hops;
}

/* What has no place of its own is of the project: of its lock where it is about a hop,
 * else of its config. The merged plan knows no folder that could say so. */
static struct sg_place place_of(const struct merge *m, const struct sg_finding *from) {
    struct sg_place at = from->at;
    if (at.file == NULL) {
        at = (struct sg_place){.file = from->hop == SG_NO_HOP ? "sgupgrade.yaml"
                                                              : "sgupgrade.lock",
                               .line = 1};
    }
    at.file = file_of(m, at.file);
    return at;
}

/* Two projects may have an overlay of one name: the fingerprint tells them apart. */
static struct sg_finding finding_of(struct merge *m, const struct sg_finding *from) {
    struct sg_finding finding = *from;
    memset(&finding.flags, 0, sizeof finding.flags);
    memset(&finding.candidates, 0, sizeof finding.candidates);
    for (size_t i = 0; i < from->flags.len; i++) {
        sg_vec_push(&finding.flags, from->flags.items[i]);
    }
    for (size_t i = 0; i < from->candidates.len; i++) {
        sg_vec_push(&finding.candidates, from->candidates.items[i]);
    }
    finding.at = place_of(m, from);
    finding.hop = hop_of(m, from->hop);
    finding.overlay = from->overlay ? name_of(m, from->overlay) : NULL;
    sg_finding_fingerprint(finding.code, finding.overlay ? finding.overlay : m->dir,
                           sg_object_unversioned(finding.object), finding.path,
                           finding.fingerprint);
    sg_strmap_put(&m->prints, from->fingerprint, strlen(from->fingerprint),
                  sg_arena_strdup(&m->out->docs.arena, finding.fingerprint));
    return finding;
}

static struct sg_plan_object object_of(const struct merge *m,
                                       const struct sg_plan_object *from) {
    struct sg_plan_object object = *from;
    memset(&object.fields, 0, sizeof object.fields);
    object.hop = hop_of(m, from->hop);
    for (size_t i = 0; i < from->fields.len; i++) {
        struct sg_plan_field field = from->fields.items[i];
        field.hop = hop_of(m, field.hop);
        field.at.file = file_of(m, field.at.file);
        sg_vec_push(&object.fields, field);
    }
    return object;
}

static struct sg_plan_capacity capacity_of(const struct merge *m,
                                           const struct sg_plan_capacity *from) {
    struct sg_plan_capacity capacity = *from;
    memset(&capacity.daemons, 0, sizeof capacity.daemons);
    capacity.hop = hop_of(m, from->hop);
    for (size_t i = 0; i < from->daemons.len; i++) {
        sg_vec_push(&capacity.daemons, from->daemons.items[i]);
    }
    return capacity;
}

static void add_overlay(struct merge *m, const struct sg_plan_overlay *from) {
    struct sg_plan_overlay overlay = *from;
    memset(&overlay.objects, 0, sizeof overlay.objects);
    memset(&overlay.findings, 0, sizeof overlay.findings);
    memset(&overlay.capacity, 0, sizeof overlay.capacity);
    overlay.name = name_of(m, from->name);
    overlay.dir = file_of(m, from->dir);
    for (size_t i = 0; i < from->objects.len; i++) {
        sg_vec_push(&overlay.objects, object_of(m, &from->objects.items[i]));
    }
    for (size_t i = 0; i < from->findings.len; i++) {
        sg_vec_push(&overlay.findings, finding_of(m, &from->findings.items[i]));
    }
    for (size_t i = 0; i < from->capacity.len; i++) {
        sg_vec_push(&overlay.capacity, capacity_of(m, &from->capacity.items[i]));
    }
    sg_vec_push(&m->out->overlays, overlay);
}

static void add_hops(struct merge *m, const struct sg_plan *plan) {
    for (size_t i = 0; i < plan->hops.len; i++) {
        struct sg_plan_hop hop = {.version = plan->hops.items[i].version,
                                  .commit = plan->hops.items[i].commit};
        for (size_t n = 0; n < plan->hops.items[i].notes.len; n++) {
            sg_vec_push(&hop.notes, plan->hops.items[i].notes.items[n]);
        }
        sg_vec_push(&m->out->hops, hop);
    }
}

/* Its finding has another fingerprint here. */
static const char *print_of(const struct merge *m, const char *finding) {
    const char *here =
        finding == NULL ? NULL : sg_strmap_get(&m->prints, finding, strlen(finding));
    return here != NULL ? here : finding;
}

static void add_edits(struct merge *m, const struct sg_plan *plan) {
    for (size_t i = 0; i < plan->edits.len; i++) {
        struct sg_edit edit = plan->edits.items[i];
        edit.file = file_of(m, edit.file);
        edit.hop = hop_of(m, edit.hop);
        edit.finding = print_of(m, edit.finding);
        if (edit.op == SG_EDIT_MOVE) {
            edit.text = file_of(m, edit.text);
            edit.text_len = strlen(edit.text);
        }
        sg_vec_push(&m->out->edits, edit);
    }
}

static void add_plan(struct merge *m, const struct sg_plan *plan) {
    for (size_t i = 0; i < plan->findings.len; i++) {
        sg_vec_push(&m->out->findings, finding_of(m, &plan->findings.items[i]));
    }
    for (size_t i = 0; i < plan->overlays.len; i++) {
        add_overlay(m, &plan->overlays.items[i]);
    }
    add_edits(m, plan);
    add_hops(m, plan);
    m->hops += (uint32_t)plan->hops.len;
    sg_strmap_release(&m->prints);
}

/* The version is one of "3.0.0, 3.1.0". */
static bool lists(const char *versions, const char *version) {
    size_t len = strlen(version);
    for (const char *at = versions; *at != '\0'; at += strspn(at, ", ")) {
        size_t part = strcspn(at, ",");
        if (part == len && strncmp(at, version, len) == 0) {
            return true;
        }
        at += part;
    }
    return false;
}

/* "3.0.0" where all are on it, else each release once, in the order of the projects. */
static void add_release(struct sg_plan *out, struct sg_plan_release *sum,
                        const struct sg_plan_release *one) {
    if (sum->version[0] == '\0') {
        *sum = *one;
    } else if (!lists(sum->version, one->version)) {
        sum->version =
            sg_arena_printf(&out->docs.arena, "%s, %s", sum->version, one->version);
        sum->commit = "";
    }
}

/* Also of what --only leaves out. */
static void add_summary(struct sg_plan_summary *sum, const struct sg_plan_summary *one) {
    sum->objects.added += one->objects.added;
    sum->objects.removed += one->objects.removed;
    sum->objects.modified += one->objects.modified;
    sum->objects.renamed += one->objects.renamed;
    sum->findings.error += one->findings.error;
    sum->findings.warning += one->findings.warning;
    sum->findings.info += one->findings.info;
}

/* By the contract's table; 2 is no plan's. */
static int worse(int a, int b) {
    static const int order[] = {3, 4, 1};
    for (size_t i = 0; i < SG_ARRAY_LEN(order); i++) {
        if (a == order[i] || b == order[i]) {
            return order[i];
        }
    }
    return 0;
}

/* What is said of the whole: of the first project, unless it is of all. */
static void merge_report(const struct sg_report_plan *one, bool first,
                         struct sg_report_plan *report) {
    if (first) {
        *report = *one;
        report->all = true;
        report->folder = NULL; /* files are seen from the top already */
        report->commits_len = report->deploy_len = report->files_len = 0;
        return;
    }
    report->nothing = report->nothing && one->nothing;
    report->applied = report->applied || one->applied;
    report->held = report->held || one->held;
}

void sg_plan_merge(const struct sg_report_many *many, struct sg_plan *out,
                   struct sg_report_plan *report) {
    struct merge m = {.out = out};
    bool first = true;
    for (size_t i = 0; i < many->len; i++) {
        const struct sg_report_part *part = &many->items[i];
        if (part->error) {
            continue; /* as of one project that fails: an error is in no report */
        }
        const struct sg_report_plan *one = &part->report.plan;
        m.dir = part->dir;
        merge_report(one, first, report);
        first = false;
        add_plan(&m, one->plan);
        add_release(out, &out->from, &one->plan->from);
        add_release(out, &out->to, &one->plan->to);
        add_summary(&out->summary, &one->plan->summary);
        out->blocked = out->blocked || one->plan->blocked;
        out->exit = worse(out->exit, one->plan->exit);
    }
    report->plan = out;
}

int sg_write_merged(sg_report_fn *write, const struct sg_report_many *many,
                    const struct sg_report_opts *opts, struct sg_buf *out,
                    struct sg_err *err) {
    struct sg_report merged = {.kind = SG_REPORT_PLAN};
    sg_auto_plan plan;
    sg_plan_init(&plan, NULL);
    sg_plan_merge(many, &plan, &merged.plan);
    return write(&merged, opts, out, err);
}
