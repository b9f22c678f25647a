/*
 * text_chain.c - where a value comes from, for people: a line a step, below it what the
 * step made of the value, at the end what is there now and the text to change.
 */
#include <string.h>

#include "text.h"
#include "writers.h"

#define INDENT      12 /* of values: behind the column of owners */
#define DIFF_LINES  12
#define STEP_FIELDS 10 /* shown of one step, without --full */

static const char *owner_word(enum sg_owner owner) {
    switch (owner) {
    case SG_OWNER_UPSTREAM:
        return "upstream";
    case SG_OWNER_OVERLAY:
    case SG_OWNER_BOTH:
        return "yours";
    case SG_OWNER_EFFECT:
        return "follows";
    }
    return "";
}

static void add_header(const struct sg_text *t, const struct sg_chain *chain) {
    sg_buf_adds(t->out, t->paint->bold);
    sg_text_adds(t->out, chain->kind);
    sg_buf_addc(t->out, ' ');
    if (chain->namespace[0] != '\0') {
        sg_text_adds(t->out, chain->namespace);
        sg_buf_addc(t->out, '/');
    }
    sg_text_adds(t->out, chain->name);
    sg_buf_addf(t->out, "%s in overlay ", t->paint->reset);
    sg_text_adds(t->out, chain->overlay);
    sg_buf_addc(t->out, '\n');
    if (chain->path[0] != '\0') {
        sg_buf_adds(t->out, "  ");
        sg_text_adds(t->out, chain->path);
        sg_buf_addc(t->out, '\n');
    }
    sg_buf_addc(t->out, '\n');
}

/* --- values ----------------------------------------------------------------------- */

static bool is_block(const struct sg_chain_link *link) {
    bool texts =
        (link->before.kind == SG_VALUE_ABSENT || sg_value_is_block(&link->before)) &&
        (link->after.kind == SG_VALUE_ABSENT || sg_value_is_block(&link->after));
    return texts && sg_text_in_lines(&link->before, &link->after);
}

static void add_text_diff(const struct sg_text *t, const struct sg_chain_link *link) {
    const struct sg_node *before = link->before.node, *after = link->after.node;
    sg_buf_addc(t->out, '\n');
    sg_text_line_diff(t, before == NULL ? "" : before->text,
                      before == NULL ? 0 : before->len, after == NULL ? "" : after->text,
                      after == NULL ? 0 : after->len, INDENT,
                      t->opts->full ? 0 : DIFF_LINES);
}

/* "a -> b", "b" where nothing was before the first, "deleted (was a)". */
static void add_change(const struct sg_text *t, const struct sg_chain_link *link,
                       bool first) {
    if (link->op == SG_OP_MOVE) {
        sg_buf_adds(t->out, "other order");
    } else if (link->op == SG_OP_NOOP) {
        sg_text_value(t, &link->after);
        sg_buf_adds(t->out, ", as it was");
    } else if (link->after.kind == SG_VALUE_ABSENT) {
        sg_buf_addf(t->out, "%sdeleted%s", t->paint->removed, t->paint->reset);
        if (link->before.kind != SG_VALUE_ABSENT) {
            sg_buf_adds(t->out, ", was ");
            sg_text_value(t, &link->before);
        }
    } else {
        if (!first || link->before.kind != SG_VALUE_ABSENT) {
            sg_text_value(t, &link->before);
            sg_buf_adds(t->out, " -> ");
        }
        sg_text_value(t, &link->after);
    }
}

static void add_source(const struct sg_text *t, const struct sg_chain_link *link) {
    if (link->source.object == NULL) {
        return;
    }
    sg_buf_addf(t->out, "%*s%scopied from ", INDENT, "", t->paint->dim);
    sg_text_adds(t->out, link->source.object);
    sg_buf_addc(t->out, ' ');
    sg_text_adds(t->out, link->source.path);
    sg_buf_addf(t->out, "%s\n", t->paint->reset);
}

/* --- steps ------------------------------------------------------------------------ */

static void add_step(const struct sg_text *t, const struct sg_chain_link *link,
                     struct sg_place at) {
    const char *color =
        link->owner == SG_OWNER_OVERLAY ? t->paint->changed : t->paint->dim;
    sg_buf_addf(t->out, "  %s%-8s%s  ", color, owner_word(link->owner), t->paint->reset);
    sg_text_adds(t->out, link->what);
    if (at.file != NULL) {
        sg_buf_addc(t->out, ' ');
        sg_text_place(t, at);
    }
    sg_buf_addc(t->out, '\n');
}

static bool has_value(const struct sg_chain_link *link) {
    return link->op == SG_OP_MOVE || link->op == SG_OP_DELETE ||
           link->before.kind != SG_VALUE_ABSENT || link->after.kind != SG_VALUE_ABSENT;
}

/* One field that a step wrote, under its step. */
static void add_field(const struct sg_text *t, const struct sg_chain *chain,
                      const struct sg_chain_link *link, bool first) {
    if (!has_value(link)) {
        return;
    }
    sg_buf_addf(t->out, "%*s", INDENT, "");
    bool part = strcmp(link->path, chain->path) != 0;
    if (part) {
        sg_text_adds(t->out, link->path);
        sg_buf_adds(t->out, "  ");
    }
    if (is_block(link)) {
        add_text_diff(t, link);
    } else {
        add_change(t, link, first);
        if (part && !link->last) {
            sg_buf_addf(t->out, "  %s(overwritten later)%s", t->paint->dim,
                        t->paint->reset);
        }
        sg_buf_addc(t->out, '\n');
    }
    add_source(t, link);
}

/* The links from `i` on that are of one step; returns the first of the next. */
static size_t add_group(const struct sg_text *t, const struct sg_chain *chain, size_t i) {
    const struct sg_chain_link *links = chain->links.items;
    size_t end = i + 1;
    while (end < chain->links.len && links[end].step == links[i].step &&
           strcmp(links[end].what, links[i].what) == 0) {
        end++;
    }
    struct sg_place at = links[i].at;
    if (end - i > 1) {
        at.line = at.column = 0; /* each field has its own */
    }
    add_step(t, &links[i], at);
    size_t shown = t->opts->full || end - i <= STEP_FIELDS + 1 ? end : i + STEP_FIELDS;
    for (size_t k = i; k < shown; k++) {
        add_field(t, chain, &links[k], k == 0);
    }
    if (shown < end) {
        sg_buf_addf(t->out, "%*s%s%zu more fields, with --full%s\n", INDENT, "",
                    t->paint->dim, end - shown, t->paint->reset);
    }
    return end;
}

/* --- the end ---------------------------------------------------------------------- */

static void add_now(const struct sg_text *t, const struct sg_chain *chain) {
    if (chain->gone) {
        sg_buf_addf(t->out, "\nNow it is not there: %s.\n",
                    chain->owner == SG_OWNER_OVERLAY ? "your overlay deletes it"
                                                     : "upstream deletes it");
    } else if (chain->path[0] != '\0') {
        sg_buf_adds(t->out, "\nNow ");
        sg_text_value(t, &chain->now);
        sg_buf_addf(t->out, ", which is %s.\n",
                    chain->owner == SG_OWNER_OVERLAY ? "yours" : "upstream's");
    } else {
        sg_buf_addc(t->out, '\n');
    }
}

/* A path as a shell takes it: brackets would be a pattern. */
static void add_quoted(const struct sg_text *t, const char *path) {
    bool plain = strcspn(path, "[\"' $\\") == strlen(path);
    const char *quote = plain ? "" : "'";
    sg_buf_adds(t->out, quote);
    sg_text_adds(t->out, path);
    sg_buf_adds(t->out, quote);
}

static void add_advice(const struct sg_text *t, const struct sg_chain *chain) {
    if (chain->path[0] == '\0' && !chain->gone) {
        sg_auto_buf command = SG_BUF_INIT;
        sg_buf_addf(&command, "sgupgrade explain %s PATH", chain->id);
        sg_buf_adds(t->out, "Of one field: ");
        sg_text_adds(t->out, sg_buf_cstr(&command));
    } else if (chain->edit.file != NULL) {
        sg_buf_adds(t->out, "To change it: ");
        sg_text_place(t, chain->edit);
    } else {
        sg_buf_adds(t->out, "To change it: a patch in ");
        sg_text_adds(t->out, chain->dir);
    }
    sg_buf_addc(t->out, '\n');
    if (chain->source.object != NULL) {
        sg_buf_adds(t->out, "What it copies: sgupgrade explain ");
        sg_text_adds(t->out, chain->source.object);
        sg_buf_addc(t->out, ' ');
        add_quoted(t, chain->source.path);
        sg_buf_addc(t->out, '\n');
    }
}

static void add_chain(const struct sg_text *t, const struct sg_chain *chain) {
    add_header(t, chain);
    for (size_t i = 0; i < chain->links.len;) {
        i = add_group(t, chain, i);
    }
    add_now(t, chain);
    if (!t->opts->quiet) {
        add_advice(t, chain);
    }
}

int sg_text_chain(const struct sg_report *report, const struct sg_report_opts *opts,
                  struct sg_buf *out, struct sg_err *err) {
    (void)err;
    const struct sg_text t = {.out = out, .opts = opts, .paint = opts->paint};
    const struct sg_chains *chains = report->chain.chains;
    for (size_t i = 0; i < chains->items.len; i++) {
        sg_buf_adds(out, i > 0 ? "\n" : "");
        add_chain(&t, &chains->items.items[i]);
    }
    return 0;
}
