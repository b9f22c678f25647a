/*
 * json_adopt.c - an adopted fork as a tree: sgupgrade.adopt/v1. Values are YAML on one
 * line; a secret is {"masked": true, "changed": true}, as in a plan.
 */
#include <string.h>

#include "adopt_view.h"
#include "tree.h"

static void put_value(struct sg_jwriter *w, const char *key, const char *value,
                      bool secret) {
    if (value == NULL || !secret) {
        sg_jw_put(w, key, value);
        return;
    }
    sg_jw_key(w, key);
    sg_jw_begin(w, '{');
    sg_jw_put_bool(w, "masked", true);
    sg_jw_put_bool(w, "changed", true);
    sg_jw_end(w, '}');
}

static void put_at(struct sg_jwriter *w, struct sg_place at) {
    sg_jw_put(w, "file", at.file);
    if (at.file != NULL && at.line > 0) {
        sg_jw_put_number(w, "line", at.line);
    }
    if (at.file != NULL && at.column > 0) {
        sg_jw_put_number(w, "column", at.column);
    }
}

static void put_candidates(struct sg_jwriter *w, const struct sg_adopt_ranking *ranking) {
    sg_jw_key(w, "candidates");
    sg_jw_begin(w, '[');
    for (size_t i = 0; ranking != NULL && i < ranking->items.len; i++) {
        const struct sg_adopt_candidate *candidate = &ranking->items.items[i];
        char version[SG_VERSION_TEXT];
        sg_version_text(&candidate->version, version);
        sg_jw_begin(w, '{');
        sg_jw_put(w, "version", version);
        sg_jw_put(w, "tag", candidate->tag);
        sg_jw_key(w, "likeness");
        sg_jw_real(w, candidate->likeness);
        sg_jw_put_number(w, "files", candidate->files);
        sg_jw_put_number(w, "same", candidate->same);
        sg_jw_put_number(w, "missing", candidate->missing);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
}

static void put_objects(struct sg_jwriter *w, const struct sg_adopted *adopted) {
    sg_jw_key(w, "objects");
    sg_jw_begin(w, '{');
    sg_jw_put_number(w, "total", adopted->objects);
    sg_jw_put_number(w, "matched", adopted->matched);
    sg_jw_put_number(w, "changed", adopted->changed);
    sg_jw_put_number(w, "added", adopted->added);
    sg_jw_put_number(w, "removed", adopted->removed);
    sg_jw_put_number(w, "unread", adopted->unread);
    sg_jw_end(w, '}');
}

static void put_proof(struct sg_jwriter *w, const struct sg_adopted *adopted) {
    sg_jw_key(w, "proof");
    sg_jw_begin(w, '{');
    sg_jw_put_number(w, "objects", adopted->objects);
    sg_jw_put_number(w, "equal", adopted->equal);
    sg_jw_put_number(w, "fields", adopted->fields);
    sg_jw_key(w, "differences");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < adopted->differences.len; i++) {
        const struct sg_adopt_difference *item = &adopted->differences.items[i];
        bool secret = sg_adopt_is_secret(item->object, item->path);
        sg_jw_begin(w, '{');
        sg_jw_put(w, "object", item->object);
        sg_jw_put(w, "path", item->path);
        put_value(w, "fork", item->fork, secret);
        put_value(w, "render", item->render, secret);
        put_at(w, (struct sg_place){item->file, item->line, 0});
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
}

static void put_midway(struct sg_jwriter *w, const struct sg_adopt_midway *midway) {
    if (midway->commit != NULL) {
        sg_jw_key(w, "midway");
        sg_jw_begin(w, '{');
        sg_jw_put(w, "commit", midway->commit);
        sg_jw_put(w, "date", midway->date);
        sg_jw_put(w, "subject", midway->subject);
        sg_jw_put(w, "next", midway->next);
        sg_jw_put_number(w, "same", midway->same);
        sg_jw_put_number(w, "files", midway->files);
        sg_jw_end(w, '}');
    }
}

static void put_restarts(struct sg_jwriter *w, const struct sg_adopted *adopted) {
    sg_jw_key(w, "restarts");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < adopted->restarts.len; i++) {
        sg_jw_begin(w, '{');
        sg_jw_put(w, "object", adopted->restarts.items[i].object);
        sg_jw_put(w, "path", adopted->restarts.items[i].path);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
}

static void put_drops(struct sg_jwriter *w, const struct sg_adopted *adopted) {
    sg_jw_key(w, "left_out");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < adopted->drops.len; i++) {
        const struct sg_adopt_drop *item = &adopted->drops.items[i];
        bool secret = sg_adopt_is_secret(item->object, item->path);
        sg_jw_begin(w, '{');
        sg_jw_put(w, "object", item->object);
        sg_jw_put(w, "path", item->path);
        put_value(w, "before", item->before, secret);
        put_value(w, "after", item->after, secret);
        sg_jw_put(w, "picked", item->version);
        sg_jw_put_bool(w, "older_image", item->older_image);
        put_at(w, (struct sg_place){item->file, item->line, item->column});
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
}

static void put_noise(struct sg_jwriter *w, const struct sg_adopted *adopted) {
    sg_jw_key(w, "noise");
    sg_jw_begin(w, '{');
    sg_jw_put_list(w, "files", adopted->reformatted.items, adopted->reformatted.len);
    sg_jw_key(w, "moved");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < adopted->moved.len; i++) {
        const struct sg_adopt_moved *item = &adopted->moved.items[i];
        sg_jw_begin(w, '{');
        sg_jw_put(w, "object", item->object);
        sg_jw_put(w, "file", item->file);
        sg_jw_put(w, "from", item->from);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
}

static void put_customisations(struct sg_jwriter *w, const struct sg_adopted *adopted) {
    sg_jw_key(w, "customisations");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < adopted->changes.len; i++) {
        const struct sg_adopt_change *item = &adopted->changes.items[i];
        bool secret = sg_adopt_is_secret(item->object, item->path);
        sg_jw_begin(w, '{');
        sg_jw_put(w, "way", sg_adopt_way_word(item->way));
        sg_jw_put(w, "object", item->object);
        sg_jw_put(w, "path", item->path);
        put_value(w, "before", item->before, secret);
        put_value(w, "after", item->after, secret);
        sg_jw_put(w, "picked", item->picked);
        sg_jw_put(w, "left", item->left);
        sg_jw_put(w, "commit", item->commit);
        sg_jw_put(w, "author", item->author);
        sg_jw_put(w, "date", item->date);
        sg_jw_put(w, "subject", item->subject);
        put_at(w, (struct sg_place){item->file, item->line, item->column});
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
}

static void put_oddities(struct sg_jwriter *w, const struct sg_adopt_fork *fork) {
    sg_jw_key(w, "oddities");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < fork->oddities.len; i++) {
        const struct sg_adopt_oddity *item = &fork->oddities.items[i];
        sg_jw_begin(w, '{');
        sg_jw_put(w, "kind", sg_adopt_oddity_words_of(item->kind)->word);
        sg_jw_put(w, "object", item->object);
        sg_jw_put(w, "path", item->path);
        put_at(w, (struct sg_place){item->file, item->line, item->column});
        sg_jw_put(w, "message", item->message);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
}

void sg_jw_put_adopt(struct sg_jwriter *w, const struct sg_report_adopt *adopt,
                     const struct sg_report_opts *opts) {
    const struct sg_adopt_fork *fork = adopt->source;
    sg_jw_put(w, "schema", "sgupgrade.adopt/v1");
    sg_jw_put(w, "tool", opts->tool);
    sg_jw_put(w, "fork", adopt->fork);
    sg_jw_put(w, "folder", adopt->folder);
    sg_jw_put(w, "upstream", adopt->upstream);
    sg_jw_put(w, "version", adopt->version);
    put_candidates(w, adopt->ranking);
    put_midway(w, &adopt->adopted->midway);
    sg_jw_put(w, "overlay", adopt->overlay);
    sg_jw_put(w, "dir", adopt->dir);
    put_objects(w, adopt->adopted);
    put_proof(w, adopt->adopted);
    put_restarts(w, adopt->adopted);
    put_customisations(w, adopt->adopted);
    sg_jw_put_number(w, "without_commit", adopt->adopted->without_commit);
    put_noise(w, adopt->adopted);
    put_oddities(w, fork);
    sg_jw_put_number(w, "dropped", adopt->adopted->drops.len);
    put_drops(w, adopt->adopted);
    sg_jw_put_bool(w, "broken", fork->broken);
    sg_jw_put_list(w, "others", fork->others.items, fork->others.len);
    size_t outside = adopt->outside != NULL ? adopt->outside->items.len : 0;
    sg_jw_put_list(w, "outside", outside > 0 ? adopt->outside->items.items : NULL,
                   outside);
    sg_jw_put_list(w, "files", adopt->files, adopt->files_len);
    sg_jw_put(w, "by_hand", adopt->by_hand);
    sg_jw_put_list(w, "next", adopt->next, adopt->next_len);
    sg_jw_put_number(w, "exit", (uint64_t)sg_report_adopt_exit(adopt));
}

int sg_tree_adopt(const struct sg_report *report, const struct sg_report_opts *opts,
                  struct sg_jwriter *w, struct sg_err *err) {
    (void)err;
    sg_jw_begin(w, '{');
    sg_jw_put_adopt(w, &report->adopt, opts);
    sg_jw_end(w, '}');
    return 0;
}
