/*
 * json_state.c - version, status, versions, log, codes and what a command did, as trees.
 * Each has a schema of its own name; keys never change meaning.
 */
#include "tree.h"

static void begin(struct sg_jwriter *w, const char *schema,
                  const struct sg_report_opts *opts) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, "schema", schema);
    sg_jw_put(w, "tool", opts->tool);
}

static int end(struct sg_jwriter *w) {
    sg_jw_end(w, '}');
    return 0;
}

int sg_tree_version(const struct sg_report *report, const struct sg_report_opts *opts,
                    struct sg_jwriter *w, struct sg_err *err) {
    (void)err;
    begin(w, "sgupgrade.version/v1", opts);
    sg_jw_put(w, "version", report->version.tool);
    sg_jw_put(w, "renderer", report->version.renderer);
    return end(w);
}

static void put_overlay(struct sg_jwriter *w, const struct sg_report_overlay *overlay) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, "name", overlay->name);
    sg_jw_put_number(w, "objects", overlay->objects);
    sg_jw_key(w, "findings");
    sg_jw_begin(w, '{');
    sg_jw_put_number(w, "error", overlay->errors);
    sg_jw_put_number(w, "warning", overlay->warnings);
    sg_jw_put_number(w, "info", overlay->infos);
    sg_jw_end(w, '}');
    sg_jw_put(w, "problem", overlay->problem);
    sg_jw_put_place(w, "location", overlay->at);
    sg_jw_end(w, '}');
}

void sg_jw_put_status(struct sg_jwriter *w, const struct sg_report_status *status,
                      const struct sg_report_opts *opts) {
    sg_jw_put(w, "schema", "sgupgrade.status/v1");
    sg_jw_put(w, "tool", opts->tool);
    sg_jw_put(w, "upstream", status->upstream);
    sg_jw_put(w, "current", status->current);
    sg_jw_put(w, "commit", status->commit);
    sg_jw_put(w, "next", status->next);
    sg_jw_put(w, "latest", status->latest);
    sg_jw_put_number(w, "newer", status->newer);
    sg_jw_put_number(w, "hops", status->hops);
    sg_jw_put_bool(w, "blocked", status->blocked);
    sg_jw_put_bool(w, "dirty", status->dirty);
    sg_jw_put_bool(w, "contacted", status->contacted == NULL);
    sg_jw_put(w, "notContacted", status->contacted);
    sg_jw_key(w, "overlays");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < status->overlays_len; i++) {
        put_overlay(w, &status->overlays[i]);
    }
    sg_jw_end(w, ']');
    sg_jw_put_findings(w, status->plan, status->plan->findings.items,
                       status->plan->findings.len);
}

int sg_tree_status(const struct sg_report *report, const struct sg_report_opts *opts,
                   struct sg_jwriter *w, struct sg_err *err) {
    (void)err;
    sg_jw_begin(w, '{');
    sg_jw_put_status(w, &report->status, opts);
    return end(w);
}

int sg_tree_releases(const struct sg_report *report, const struct sg_report_opts *opts,
                     struct sg_jwriter *w, struct sg_err *err) {
    (void)err;
    begin(w, "sgupgrade.versions/v1", opts);
    sg_jw_key(w, "versions");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < report->releases.len; i++) {
        const struct sg_report_release *release = &report->releases.items[i];
        sg_jw_begin(w, '{');
        sg_jw_put(w, "version", release->version);
        sg_jw_put(w, "tag", release->tag);
        sg_jw_put(w, "commit", release->commit);
        sg_jw_put(w, "date", release->date[0] ? release->date : NULL);
        sg_jw_put_bool(w, "current", release->current);
        sg_jw_put_bool(w, "skipped", release->skipped);
        sg_jw_put_bool(w, "prerelease", release->prerelease);
        if (release->hop) {
            sg_jw_put_number(w, "hop", release->hop);
        }
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
    return end(w);
}

int sg_tree_log(const struct sg_report *report, const struct sg_report_opts *opts,
                struct sg_jwriter *w, struct sg_err *err) {
    (void)err;
    begin(w, "sgupgrade.log/v1", opts);
    sg_jw_key(w, "entries");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < report->log.len; i++) {
        const struct sg_report_entry *entry = &report->log.items[i];
        sg_jw_begin(w, '{');
        sg_jw_put(w, "version", entry->version);
        sg_jw_put(w, "tag", entry->tag);
        sg_jw_put(w, "commit", entry->commit);
        sg_jw_put(w, "date", entry->date[0] ? entry->date : NULL);
        sg_jw_put_bool(w, "current", entry->current);
        sg_jw_put_list(w, "files", entry->files, entry->files_len);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
    return end(w);
}

int sg_tree_done(const struct sg_report *report, const struct sg_report_opts *opts,
                 struct sg_jwriter *w, struct sg_err *err) {
    (void)err;
    const struct sg_report_done *done = &report->done;
    begin(w, "sgupgrade.result/v1", opts);
    sg_jw_put(w, "command", done->verb);
    sg_jw_put(w, "from", done->from[0] ? done->from : NULL);
    sg_jw_put(w, "to", done->to[0] ? done->to : NULL);
    sg_jw_put_bool(w, "nothing", done->nothing);
    sg_jw_put_bool(w, "dryRun", done->dry_run);
    sg_jw_put_list(w, "files", done->files, done->files_len);
    sg_jw_put_list(w, "undecided", done->undecided, done->undecided_len);
    return end(w);
}

int sg_tree_codes(const struct sg_report *report, const struct sg_report_opts *opts,
                  struct sg_jwriter *w, struct sg_err *err) {
    (void)err;
    begin(w, "sgupgrade.codes/v1", opts);
    sg_jw_key(w, "codes");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < report->codes.len; i++) {
        const struct sg_report_code *code = &report->codes.items[i];
        sg_jw_begin(w, '{');
        sg_jw_put(w, "code", code->code);
        sg_jw_put(w, "rule", code->rule);
        sg_jw_put(w, "title", code->title);
        sg_jw_put(w, "severity", code->severity);
        sg_jw_put(w, "when", code->when);
        sg_jw_put(w, "means", code->means);
        sg_jw_put(w, "apply", code->apply);
        sg_jw_put(w, "fix", code->fix);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
    return end(w);
}
