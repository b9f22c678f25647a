/*
 * plan.c - a plan as data: its life, its words, its findings, its summary.
 */
#include "planner.h"

#include <string.h>

#include "sg/strmap.h"

const char *sg_plan_renderer(void) {
    return "kustomize-5.8.1";
}

const char *sg_owner_word(enum sg_owner owner) {
    static const char *const words[] = {"upstream", "overlay", "both", "effect"};
    return words[owner];
}

const char *sg_state_word(enum sg_state state) {
    static const char *const words[] = {"", "masked", "passed", "converged", "lost"};
    return words[state];
}

const char *sg_change_word(enum sg_change change) {
    static const char *const words[] = {"modified", "added", "removed", "renamed",
                                        "unchanged"};
    return words[change];
}

const char *sg_resolved_word(enum sg_resolved resolved) {
    static const char *const words[] = {"none",    "kept",       "carried",
                                        "retired", "reanchored", "rewritten"};
    return words[resolved];
}

const char *sg_severity_word(enum sg_severity severity) {
    static const char *const words[] = {"info", "warning", "error"};
    return words[severity];
}

const char *sg_edit_word(enum sg_edit_op op) {
    static const char *const words[] = {"splice", "create", "move", "delete"};
    return words[op];
}

void sg_plan_init(struct sg_plan *plan, struct sg_atoms *atoms) {
    memset(plan, 0, sizeof(*plan));
    sg_docs_init(&plan->docs, atoms);
    plan->inputs.lock = plan->inputs.overlays = plan->inputs.to = "";
    plan->inputs.config = plan->inputs.project = "";
    plan->from.version = plan->from.commit = "";
    plan->to.version = plan->to.commit = "";
}

void finding_release(struct sg_finding *finding) {
    sg_vec_release(&finding->flags);
    sg_vec_release(&finding->candidates);
}

static void overlay_release(struct sg_plan_overlay *overlay) {
    for (size_t i = 0; i < overlay->objects.len; i++) {
        sg_vec_release(&overlay->objects.items[i].fields);
    }
    for (size_t i = 0; i < overlay->findings.len; i++) {
        finding_release(&overlay->findings.items[i]);
    }
    for (size_t i = 0; i < overlay->capacity.len; i++) {
        sg_vec_release(&overlay->capacity.items[i].daemons);
    }
    sg_vec_release(&overlay->objects);
    sg_vec_release(&overlay->findings);
    sg_vec_release(&overlay->capacity);
}

void sg_plan_release(struct sg_plan *plan) {
    for (size_t i = 0; i < plan->hops.len; i++) {
        sg_vec_release(&plan->hops.items[i].notes);
        sg_vec_release(&plan->hops.items[i].rendered);
    }
    for (size_t i = 0; i < plan->overlays.len; i++) {
        overlay_release(&plan->overlays.items[i]);
    }
    for (size_t i = 0; i < plan->findings.len; i++) {
        finding_release(&plan->findings.items[i]);
    }
    sg_vec_release(&plan->hops);
    sg_vec_release(&plan->overlays);
    sg_vec_release(&plan->findings);
    sg_vec_release(&plan->edits);
    sg_vec_release(&plan->inputs.files);
    sg_docs_release(&plan->docs);
}

void sg_finding_fingerprint(const char *code, const char *overlay, const char *object,
                            const char *path, char out[17]) {
    const char *const parts[] = {code, overlay, object, path};
    sg_auto_buf text = SG_BUF_INIT;
    for (size_t i = 0; i < SG_ARRAY_LEN(parts); i++) {
        sg_buf_add(&text, parts[i], strlen(parts[i]) + 1);
    }
    char hex[SG_SHA256_HEX + 1];
    sg_sha256_hex(sg_buf_cstr(&text), text.len, hex);
    memcpy(out, hex, 16);
    out[16] = '\0';
}

const char *sg_object_unversioned(const char *id) {
    const char *slash = strchr(id, '/');
    if (slash == NULL) {
        return id;
    }
    bool core = id[0] == 'v' && id[1] >= '0' && id[1] <= '9';
    const char *next = core ? slash : strchr(slash + 1, '/');
    return next == NULL ? id : next + 1;
}

static const char *copy(struct sg_plan *plan, const char *text) {
    return text == NULL ? "" : sg_arena_strdup(&plan->docs.arena, text);
}

struct sg_finding *sg_plan_add_finding(struct sg_plan *plan,
                                       struct sg_plan_overlay *overlay,
                                       const struct sg_finding_in *in) {
    struct sg_finding finding = {
        .code = copy(plan, in->code),
        .rule = copy(plan, in->rule),
        .overlay = overlay == NULL ? NULL : overlay->name,
        .severity = in->severity,
        .object = copy(plan, in->object),
        .path = copy(plan, in->path),
        .hop = in->hop,
        .at = {.line = in->at.line, .column = in->at.column},
        .message = copy(plan, in->message),
        .fix = copy(plan, in->fix),
        .stops = in->stops,
        .refused = in->refused,
    };
    if (in->at.file != NULL) {
        finding.at.file = copy(plan, in->at.file);
    }
    sg_finding_fingerprint(finding.code, overlay == NULL ? "" : overlay->name,
                           sg_object_unversioned(finding.object), finding.path,
                           finding.fingerprint);
    if (overlay == NULL) {
        sg_vec_push(&plan->findings, finding);
        return &plan->findings.items[plan->findings.len - 1];
    }
    sg_vec_push(&overlay->findings, finding);
    return &overlay->findings.items[overlay->findings.len - 1];
}

/* --- the summary ------------------------------------------------------------------ */

typedef void each_finding(void *ctx, struct sg_finding *finding);

static void for_each_finding(struct sg_plan *plan, each_finding *each, void *ctx) {
    for (size_t i = 0; i < plan->findings.len; i++) {
        each(ctx, &plan->findings.items[i]);
    }
    for (size_t i = 0; i < plan->overlays.len; i++) {
        struct sg_plan_overlay *overlay = &plan->overlays.items[i];
        for (size_t k = 0; k < overlay->findings.len; k++) {
            each(ctx, &overlay->findings.items[k]);
        }
    }
}

static void require_consent(void *ctx, struct sg_finding *finding) {
    (void)ctx;
    bool asks =
        strcmp(finding->code, "SG301") == 0 || strcmp(finding->code, "SG502") == 0;
    if (asks && finding->accepted == NULL) {
        finding->severity = SG_ERROR;
    }
}

void sg_plan_require_consent(struct sg_plan *plan) {
    for_each_finding(plan, require_consent, NULL);
}

static bool object_changes(const struct sg_plan_object *object) {
    return object->change != SG_CHANGE_NONE;
}

bool sg_plan_changes(const struct sg_plan *plan) {
    for (size_t i = 0; i < plan->overlays.len; i++) {
        /* an overlay that renders on neither base may change in whatever it holds */
        if (plan->overlays.items[i].uncompared || plan->overlays.items[i].broken) {
            return true;
        }
        for (size_t k = 0; k < plan->overlays.items[i].objects.len; k++) {
            if (object_changes(&plan->overlays.items[i].objects.items[k])) {
                return true;
            }
        }
    }
    return false;
}

/* What hops make of one object together: added and then modified is added. */
struct net {
    bool first_added, last_removed, renamed;
};
struct nets {
    struct sg_arena arena;
    struct sg_strmap by_id;     /* every id the object had -> struct net * */
    SG_VEC(struct net *) items; /* each object once */
};

static struct net *net_of(struct nets *nets, const struct sg_plan_object *object) {
    const char *before = object->was != NULL ? object->was : object->id;
    struct net *net = sg_strmap_get(&nets->by_id, before, strlen(before));
    if (net == NULL) {
        net = sg_arena_alloc(&nets->arena, sizeof(*net));
        net->first_added = object->change == SG_CHANGE_ADDED;
        sg_strmap_put(&nets->by_id, before, strlen(before), net);
        sg_vec_push(&nets->items, net);
    }
    if (object->was != NULL) {
        sg_strmap_put(&nets->by_id, object->id, strlen(object->id), net);
    }
    return net;
}

static void count_net(struct sg_plan_counts *counts, const struct net *net) {
    if (net->first_added && net->last_removed) {
        return;
    }
    if (net->first_added) {
        counts->added++;
    } else if (net->last_removed) {
        counts->removed++;
    } else if (net->renamed) {
        counts->renamed++;
    } else {
        counts->modified++;
    }
}

static void count_objects(struct sg_plan_overlay *overlay) {
    struct nets nets = {0};
    sg_arena_init(&nets.arena);
    for (size_t i = 0; i < overlay->objects.len; i++) {
        const struct sg_plan_object *object = &overlay->objects.items[i];
        if (!object_changes(object)) {
            continue;
        }
        struct net *net = net_of(&nets, object);
        net->last_removed = object->change == SG_CHANGE_REMOVED;
        net->renamed = net->renamed || object->change == SG_CHANGE_RENAMED;
    }
    overlay->net = (struct sg_plan_counts){0};
    for (size_t i = 0; i < nets.items.len; i++) {
        count_net(&overlay->net, nets.items.items[i]);
    }
    sg_vec_release(&nets.items);
    sg_strmap_release(&nets.by_id);
    sg_arena_release(&nets.arena);
}

static void count_all(struct sg_plan *plan) {
    struct sg_plan_counts *sum = &plan->summary.objects;
    for (size_t i = 0; i < plan->overlays.len; i++) {
        struct sg_plan_overlay *overlay = &plan->overlays.items[i];
        count_objects(overlay);
        sum->added += overlay->net.added;
        sum->removed += overlay->net.removed;
        sum->modified += overlay->net.modified;
        sum->renamed += overlay->net.renamed;
    }
}

struct tally {
    struct sg_plan *plan;
    enum sg_severity fail_on;
    bool pin, stops, fails;
};

static void tally_finding(void *ctx, struct sg_finding *finding) {
    struct tally *tally = ctx;
    struct sg_plan_summary *summary = &tally->plan->summary;
    switch (finding->severity) {
    case SG_ERROR:
        summary->findings.error++;
        break;
    case SG_WARNING:
        summary->findings.warning++;
        break;
    case SG_INFO:
        summary->findings.info++;
        break;
    }
    bool pin = strcmp(finding->code, "SG401") == 0 ||
               strcmp(finding->code, "SG402") == 0 || strcmp(finding->code, "SG403") == 0;
    tally->pin = tally->pin || pin;
    tally->stops = tally->stops || finding->stops;
    if (finding->accepted == NULL && finding->severity >= tally->fail_on) {
        tally->fails = true;
    }
}

void sg_plan_finish(struct sg_plan *plan, enum sg_plan_use use,
                    enum sg_severity fail_on) {
    memset(&plan->summary, 0, sizeof(plan->summary));
    count_all(plan);
    struct tally tally = {.plan = plan, .fail_on = fail_on};
    for_each_finding(plan, tally_finding, &tally);
    plan->blocked = tally.stops || tally.pin;
    if (tally.pin) {
        plan->exit = 3;
    } else if (tally.stops && (use == SG_USE_APPLY || use == SG_USE_CHECK_TO)) {
        plan->exit = 4;
    } else if (use == SG_USE_DIFF) {
        /* an overlay that does not render any more is no "nothing changes" */
        plan->exit = sg_plan_changes(plan) || tally.stops ? 1 : 0;
    } else {
        plan->exit = use != SG_USE_APPLY && tally.fails ? 1 : 0;
    }
}
