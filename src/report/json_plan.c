/*
 * json_plan.c - a plan as a tree, schema "sgupgrade.plan/v1". Keys never change meaning;
 * an absent value has no key; a value of a Secret is {"masked": true, "changed": …}.
 */
#include "tree.h"

#include <string.h>

static const char *hop_version(const struct sg_plan *plan, uint32_t hop) {
    return hop < plan->hops.len ? plan->hops.items[hop].version : NULL;
}

int sg_jw_put_value(struct sg_jwriter *w, const char *key,
                    const struct sg_plan_value *value, struct sg_err *err) {
    if (value->kind == SG_VALUE_ABSENT) {
        return 0;
    }
    sg_jw_key(w, key);
    if (value->kind == SG_VALUE_NODE) {
        return sg_jw_node(w, value->node, err);
    }
    sg_jw_begin(w, '{');
    sg_jw_put_bool(w, "masked", true);
    sg_jw_put_bool(w, "changed", value->changed);
    sg_jw_end(w, '}');
    return 0;
}

static int put_field(struct sg_jwriter *w, const struct sg_plan *plan,
                     const struct sg_plan_field *field, struct sg_err *err) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, "path", field->path);
    sg_jw_put(w, "pointer", field->pointer);
    sg_jw_put(w, "owner", sg_owner_word(field->owner));
    if (field->state != SG_STATE_NONE) {
        sg_jw_put(w, "state", sg_state_word(field->state));
    }
    sg_jw_put(w, "hop", hop_version(plan, field->hop));
    if (sg_jw_put_value(w, "base_old", &field->base_old, err) < 0 ||
        sg_jw_put_value(w, "base_new", &field->base_new, err) < 0 ||
        sg_jw_put_value(w, "before", &field->before, err) < 0 ||
        sg_jw_put_value(w, "after", &field->after, err) < 0) {
        return -1;
    }
    sg_jw_put_place(w, "location", field->at);
    sg_jw_end(w, '}');
    return 0;
}

static int put_object(struct sg_jwriter *w, const struct sg_plan *plan,
                      const struct sg_plan_object *object, struct sg_err *err) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, "id", object->id);
    sg_jw_put(w, "was", object->was);
    sg_jw_put(w, "change", sg_change_word(object->change));
    if (object->change == SG_CHANGE_ADDED || object->change == SG_CHANGE_REMOVED) {
        sg_jw_put(w, "owner", sg_owner_word(object->owner));
    }
    sg_jw_put(w, "hop", hop_version(plan, object->hop));
    sg_jw_key(w, "fields");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < object->fields.len; i++) {
        if (put_field(w, plan, &object->fields.items[i], err) < 0) {
            return -1;
        }
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
    return 0;
}

static void put_decision(struct sg_jwriter *w, const struct sg_finding *finding) {
    sg_jw_key(w, "decision");
    sg_jw_begin(w, '{');
    sg_jw_put_list(w, "flags", finding->flags.items, finding->flags.len);
    sg_jw_key(w, "candidates");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < finding->candidates.len; i++) {
        sg_jw_begin(w, '{');
        sg_jw_put(w, "id", finding->candidates.items[i].id);
        sg_jw_key(w, "score");
        sg_jw_real(w, finding->candidates.items[i].score);
        sg_jw_put(w, "why", finding->candidates.items[i].why);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
}

static void put_finding(struct sg_jwriter *w, const struct sg_plan *plan,
                        const struct sg_finding *finding) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, "code", finding->code);
    sg_jw_put(w, "rule", finding->rule);
    sg_jw_put(w, "severity", sg_severity_word(finding->severity));
    sg_jw_put(w, "object", finding->object);
    sg_jw_put(w, "path", finding->path);
    sg_jw_put(w, "hop", hop_version(plan, finding->hop));
    sg_jw_put(w, "fingerprint", finding->fingerprint);
    sg_jw_put_place(w, "location", finding->at);
    if (finding->cause_commit) {
        sg_jw_key(w, "cause");
        sg_jw_begin(w, '{');
        sg_jw_put(w, "commit", finding->cause_commit);
        sg_jw_put(w, "subject", finding->cause_subject);
        sg_jw_end(w, '}');
    }
    sg_jw_put(w, "message", finding->message);
    sg_jw_put(w, "fix", finding->fix);
    sg_jw_key(w, "accepted");
    if (finding->accepted) {
        sg_jw_string(w, finding->accepted, strlen(finding->accepted));
    } else {
        sg_jw_null(w);
    }
    sg_jw_put(w, "resolved", sg_resolved_word(finding->resolved));
    sg_jw_put_bool(w, "stops", finding->stops);
    put_decision(w, finding);
    sg_jw_end(w, '}');
}

void sg_jw_put_findings(struct sg_jwriter *w, const struct sg_plan *plan,
                        const struct sg_finding *findings, size_t n) {
    sg_jw_key(w, "findings");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < n; i++) {
        put_finding(w, plan, &findings[i]);
    }
    sg_jw_end(w, ']');
}

static int put_overlay(struct sg_jwriter *w, const struct sg_plan *plan,
                       const struct sg_plan_overlay *overlay, struct sg_err *err) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, "name", overlay->name);
    sg_jw_put_bool(w, "opaque", overlay->opaque);
    sg_jw_put_bool(w, "broken", overlay->broken);
    sg_jw_put_bool(w, "compared", !overlay->uncompared);
    sg_jw_put_bool(w, "gone", overlay->gone);
    sg_jw_key(w, "objects");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < overlay->objects.len; i++) {
        if (put_object(w, plan, &overlay->objects.items[i], err) < 0) {
            return -1;
        }
    }
    sg_jw_end(w, ']');
    sg_jw_put_findings(w, plan, overlay->findings.items, overlay->findings.len);
    sg_json_capacity(w, plan, overlay);
    sg_jw_end(w, '}');
    return 0;
}

static void put_release(struct sg_jwriter *w, const char *key,
                        const struct sg_plan_release *release) {
    sg_jw_key(w, key);
    sg_jw_begin(w, '{');
    sg_jw_put(w, "version", release->version);
    sg_jw_put(w, "commit", release->commit);
    sg_jw_end(w, '}');
}

static void put_hops(struct sg_jwriter *w, const struct sg_plan *plan) {
    sg_jw_key(w, "hops");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < plan->hops.len; i++) {
        const struct sg_plan_hop *hop = &plan->hops.items[i];
        sg_jw_begin(w, '{');
        sg_jw_put(w, "version", hop->version);
        sg_jw_put(w, "commit", hop->commit);
        sg_jw_key(w, "notes");
        sg_jw_begin(w, '[');
        for (size_t n = 0; n < hop->notes.len; n++) {
            sg_jw_begin(w, '{');
            sg_jw_put(w, "title", hop->notes.items[n].title);
            sg_jw_put(w, "text", hop->notes.items[n].text);
            sg_jw_put(w, "source", hop->notes.items[n].where);
            sg_jw_end(w, '}');
        }
        sg_jw_end(w, ']');
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
}

/* What may hold a secret is told by its digest. */
static void put_new_bytes(struct sg_jwriter *w, const struct sg_edit *edit) {
    if (edit->secret) {
        char hex[SG_SHA256_HEX + 1];
        sg_sha256_hex(edit->text, edit->text_len, hex);
        sg_jw_put(w, "sha256", hex);
    } else {
        sg_jw_key(w, "text");
        sg_jw_string(w, edit->text, edit->text_len);
    }
}

static void put_edits(struct sg_jwriter *w, const struct sg_plan *plan) {
    sg_jw_key(w, "edits");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < plan->edits.len; i++) {
        const struct sg_edit *edit = &plan->edits.items[i];
        sg_jw_begin(w, '{');
        sg_jw_put(w, "file", edit->file);
        sg_jw_put(w, "op", sg_edit_word(edit->op));
        if (edit->op == SG_EDIT_SPLICE) {
            sg_jw_put_number(w, "start", edit->start);
            sg_jw_put_number(w, "end", edit->end);
        }
        if (edit->op != SG_EDIT_DELETE) {
            put_new_bytes(w, edit);
        }
        sg_jw_put(w, "finding", edit->finding);
        sg_jw_put(w, "hop", hop_version(plan, edit->hop));
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
}

static void put_summary(struct sg_jwriter *w, const struct sg_plan_summary *summary) {
    sg_jw_key(w, "summary");
    sg_jw_begin(w, '{');
    sg_jw_key(w, "objects");
    sg_jw_begin(w, '{');
    sg_jw_put_number(w, "added", summary->objects.added);
    sg_jw_put_number(w, "removed", summary->objects.removed);
    sg_jw_put_number(w, "modified", summary->objects.modified);
    sg_jw_put_number(w, "renamed", summary->objects.renamed);
    sg_jw_end(w, '}');
    sg_jw_key(w, "findings");
    sg_jw_begin(w, '{');
    sg_jw_put_number(w, "error", summary->findings.error);
    sg_jw_put_number(w, "warning", summary->findings.warning);
    sg_jw_put_number(w, "info", summary->findings.info);
    sg_jw_end(w, '}');
    sg_jw_end(w, '}');
}

static const char *use_word(enum sg_plan_use use) {
    return use == SG_USE_DIFF ? "diff" : use == SG_USE_APPLY ? "apply" : "check";
}

static void put_head(struct sg_jwriter *w, const struct sg_report_plan *report,
                     const struct sg_report_opts *opts) {
    const struct sg_plan *plan = report->plan;
    sg_jw_put(w, "schema", SG_PLAN_SCHEMA);
    sg_jw_put(w, "tool", opts->tool);
    sg_jw_put(w, "renderer", sg_plan_renderer());
    sg_jw_put(w, "command", use_word(report->use));
    sg_jw_put(w, "only", opts->only ? sg_only_word(opts->only) : NULL);
    sg_jw_key(w, "inputs");
    sg_jw_begin(w, '{');
    sg_jw_put(w, "lock", plan->inputs.lock);
    sg_jw_put(w, "overlays", plan->inputs.overlays);
    sg_jw_put(w, "to", plan->inputs.to);
    sg_jw_end(w, '}');
    put_release(w, "from", &plan->from);
    put_release(w, "to", &plan->to);
    sg_jw_put_bool(w, "blocked", plan->blocked);
    sg_jw_put_number(w, "exit", (uint64_t)plan->exit);
    if (report->use == SG_USE_APPLY) {
        sg_jw_put_bool(w, "applied", report->applied);
        sg_jw_put_list(w, "files", report->files, report->files_len);
        sg_jw_put_list(w, "commits", report->commits, report->commits_len);
        sg_jw_put_list(w, "deploy", report->deploy, report->deploy_len);
    }
}

int sg_jw_put_plan(struct sg_jwriter *w, const struct sg_report_plan *report,
                   const struct sg_report_opts *opts, struct sg_err *err) {
    const struct sg_plan *plan = report->plan;
    put_head(w, report, opts);
    put_hops(w, plan);
    sg_jw_put_findings(w, plan, plan->findings.items, plan->findings.len);
    sg_jw_key(w, "overlays");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < plan->overlays.len; i++) {
        if (put_overlay(w, plan, &plan->overlays.items[i], err) < 0) {
            return -1;
        }
    }
    sg_jw_end(w, ']');
    put_edits(w, plan);
    put_summary(w, &plan->summary);
    return 0;
}

int sg_tree_plan(const struct sg_report *report, const struct sg_report_opts *opts,
                 struct sg_jwriter *w, struct sg_err *err) {
    sg_jw_begin(w, '{');
    if (sg_jw_put_plan(w, &report->plan, opts, err) < 0) {
        return -1;
    }
    sg_jw_end(w, '}');
    return 0;
}
