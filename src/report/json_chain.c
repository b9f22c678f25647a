/*
 * json_chain.c - where a value comes from, as a tree: sgupgrade.chain/v1.
 */
#include "tree.h"

static const char *op_word(enum sg_op op) {
    static const char *const words[] = {
        [SG_OP_SET] = "set",       [SG_OP_DELETE] = "delete", [SG_OP_REPLACE] = "replace",
        [SG_OP_INSERT] = "insert", [SG_OP_MOVE] = "move",     [SG_OP_RENAME] = "rename",
        [SG_OP_NOOP] = "same",
    };
    return words[op];
}

static int put_link(struct sg_jwriter *w, const struct sg_chain_link *link,
                    struct sg_err *err) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, "step", link->what);
    sg_jw_put(w, "owner", sg_owner_word(link->owner));
    sg_jw_put(w, "op", op_word(link->op));
    sg_jw_put(w, "path", link->path);
    if (sg_jw_put_value(w, "before", &link->before, err) < 0 ||
        sg_jw_put_value(w, "after", &link->after, err) < 0) {
        return -1;
    }
    sg_jw_put_bool(w, "overwritten", !link->last);
    if (link->source.object != NULL) {
        sg_jw_key(w, "source");
        sg_jw_begin(w, '{');
        sg_jw_put(w, "object", link->source.object);
        sg_jw_put(w, "path", link->source.path);
        sg_jw_end(w, '}');
    }
    sg_jw_put_place(w, "location", link->at);
    sg_jw_end(w, '}');
    return 0;
}

static int put_chain(struct sg_jwriter *w, const struct sg_chain *chain,
                     struct sg_err *err) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, "overlay", chain->overlay);
    sg_jw_put(w, "object", chain->id);
    sg_jw_put(w, "path", chain->path);
    sg_jw_put(w, "pointer", chain->pointer);
    sg_jw_put(w, "owner", sg_owner_word(chain->owner));
    sg_jw_put_bool(w, "gone", chain->gone);
    if (sg_jw_put_value(w, "value", &chain->now, err) < 0) {
        return -1;
    }
    sg_jw_put_place(w, "edit", chain->edit);
    sg_jw_key(w, "chain");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < chain->links.len; i++) {
        if (put_link(w, &chain->links.items[i], err) < 0) {
            return -1;
        }
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
    return 0;
}

int sg_tree_chain(const struct sg_report *report, const struct sg_report_opts *opts,
                  struct sg_jwriter *w, struct sg_err *err) {
    const struct sg_chains *chains = report->chain.chains;
    sg_jw_begin(w, '{');
    sg_jw_put(w, "schema", "sgupgrade.chain/v1");
    sg_jw_put(w, "tool", opts->tool);
    sg_jw_key(w, "overlays");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < chains->items.len; i++) {
        if (put_chain(w, &chains->items.items[i], err) < 0) {
            return -1;
        }
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
    return 0;
}
