/*
 * saved.c - a plan as a file to keep: written, and read again.
 */
#include "sg/saved.h"

#include <string.h>

#include "jwriter.h"
#include "sg/json.h"
#include "sg/strict.h"

/* --- writing ---------------------------------------------------------------------- */

static void put_files(struct sg_jwriter *w, const struct sg_plan *plan) {
    sg_jw_key(w, "files");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < plan->inputs.files.len; i++) {
        sg_jw_begin(w, '{');
        sg_jw_put(w, "file", plan->inputs.files.items[i].file);
        sg_jw_put(w, "sha256", plan->inputs.files.items[i].sha256);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
}

static void put_decisions(struct sg_jwriter *w, const struct sg_saved_decision *decisions,
                          size_t n) {
    sg_jw_key(w, "decisions");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < n; i++) {
        sg_jw_begin(w, '{');
        sg_jw_put(w, "option", decisions[i].option);
        sg_jw_put(w, "value", decisions[i].value);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
}

/* What each overlay renders to after each hop. */
static void put_rendered(struct sg_jwriter *w, const struct sg_plan *plan) {
    sg_jw_key(w, "rendered");
    sg_jw_begin(w, '[');
    for (size_t h = 0; h < plan->hops.len; h++) {
        const struct sg_plan_hop *hop = &plan->hops.items[h];
        for (size_t i = 0; i < hop->rendered.len && i < plan->overlays.len; i++) {
            sg_jw_begin(w, '{');
            sg_jw_put(w, "hop", hop->version);
            sg_jw_put(w, "overlay", plan->overlays.items[i].name);
            sg_jw_put(w, "sha256", hop->rendered.items[i]);
            sg_jw_end(w, '}');
        }
    }
    sg_jw_end(w, ']');
}

int sg_saved_write(const struct sg_report_plan *report,
                   const struct sg_saved_decision *decisions, size_t n,
                   const struct sg_report_opts *opts, struct sg_buf *out,
                   struct sg_err *err) {
    const struct sg_plan *plan = report->plan;
    struct sg_jwriter w = {.out = out};
    sg_jw_begin(&w, '{');
    if (sg_jw_put_plan(&w, report, opts, err) < 0) {
        return -1;
    }
    sg_jw_key(&w, "saved");
    sg_jw_begin(&w, '{');
    sg_jw_put(&w, "project", plan->inputs.project);
    sg_jw_put(&w, "config", plan->inputs.config);
    put_files(&w, plan);
    put_decisions(&w, decisions, n);
    put_rendered(&w, plan);
    sg_jw_end(&w, '}');
    sg_jw_end(&w, '}');
    sg_buf_addc(out, '\n');
    return 0;
}

/* --- reading ---------------------------------------------------------------------- */

static const struct sg_strict_field file_fields[] = {
    {.name = "file", .want = SG_WANT_STRING, .required = true},
    {.name = "sha256", .want = SG_WANT_STRING, .required = true},
    {0},
};
static const struct sg_strict_field decision_fields[] = {
    {.name = "option", .want = SG_WANT_STRING, .required = true},
    {.name = "value", .want = SG_WANT_STRING},
    {0},
};
static const struct sg_strict_field saved_fields[] = {
    {.name = "project", .want = SG_WANT_STRING, .required = true},
    {.name = "config", .want = SG_WANT_STRING, .required = true},
    {.name = "files", .want = SG_WANT_MAPS, .required = true, .fields = file_fields},
    {.name = "decisions",
     .want = SG_WANT_MAPS,
     .required = true,
     .fields = decision_fields},
    {.name = "rendered", .want = SG_WANT_LIST, .required = true},
    {0},
};
static const struct sg_strict_field input_fields[] = {
    {.name = "lock", .want = SG_WANT_STRING, .required = true},
    {.name = "overlays", .want = SG_WANT_STRING, .required = true},
    {.name = "to", .want = SG_WANT_STRING, .required = true},
    {0},
};
static const struct sg_strict_field release_fields[] = {
    {.name = "version", .want = SG_WANT_STRING, .required = true},
    {.name = "commit", .want = SG_WANT_STRING, .required = true},
    {0},
};

static struct sg_pos pos_of(const struct sg_saved *saved, const struct sg_node *node) {
    return sg_docs_pos(&saved->docs, node == NULL ? 0 : node->loc);
}

static int fail_schema(const struct sg_saved *saved, const struct sg_node *schema,
                       struct sg_err *err) {
    sg_auto_buf found = SG_BUF_INIT;
    sg_strict_describe(schema, &found);
    sg_fail_at(err, SG_E_INPUT, pos_of(saved, schema == NULL ? saved->root : schema),
               "this is no saved plan: found %.100s as its schema, expected "
               "\"" SG_PLAN_SCHEMA "\"",
               schema == NULL ? "nothing" : sg_buf_cstr(&found));
    return sg_err_hint(err, "save one with `sgupgrade diff --plan-out FILE`");
}

/* Another renderer may render the same text otherwise: nothing else in the file counts
 * then. */
static int check_renderer(const struct sg_saved *saved, struct sg_err *err) {
    const struct sg_node *node = sg_map_gets(saved->root, "renderer");
    const char *renderer = sg_text(node);
    if (renderer != NULL && strcmp(renderer, sg_plan_renderer()) == 0) {
        return 0;
    }
    sg_fail_at(err, SG_E_INPUT, pos_of(saved, node != NULL ? node : saved->root),
               "the plan was made by the renderer %.60s, and this one is %s",
               renderer != NULL ? renderer : "of no name", sg_plan_renderer());
    return sg_err_hint(err, "save the plan again with this sgupgrade");
}

static int check_kind(const struct sg_saved *saved, struct sg_err *err) {
    const struct sg_node *schema = sg_map_gets(saved->root, "schema");
    if (!sg_is_scalar(schema) || strcmp(schema->text, SG_PLAN_SCHEMA) != 0) {
        return fail_schema(saved, schema, err);
    }
    if (!sg_is_map(sg_map_gets(saved->root, "saved"))) {
        sg_fail_at(err, SG_E_INPUT, pos_of(saved, saved->root),
                   "this is the report of a plan, not a saved plan: it does not say what "
                   "it was made from");
        return sg_err_hint(err, "save one with `sgupgrade diff --plan-out FILE`");
    }
    return check_renderer(saved, err);
}

static int check_part(const struct sg_saved *saved, const char *part,
                      const struct sg_strict_field *fields, struct sg_err *err) {
    const struct sg_node *node = sg_map_gets(saved->root, part);
    if (!sg_is_map(node)) {
        return sg_fail_at(err, SG_E_INPUT, pos_of(saved, node ? node : saved->root),
                          "a saved plan has a map `%s`, and this one has not", part);
    }
    return sg_strict_check(&saved->docs, node, fields, NULL, err);
}

static const char *text_of(const struct sg_saved *saved, const char *part,
                           const char *key) {
    return sg_text(sg_map_gets(sg_map_gets(saved->root, part), key));
}

static void take_lists(struct sg_saved *out) {
    const struct sg_node *saved = sg_map_gets(out->root, "saved");
    const struct sg_node *files = sg_map_gets(saved, "files");
    for (uint32_t i = 0; i < files->len; i++) {
        struct sg_plan_input file = {sg_text(sg_map_gets(files->items[i], "file")),
                                     sg_text(sg_map_gets(files->items[i], "sha256"))};
        sg_vec_push(&out->files, file);
    }
    const struct sg_node *decisions = sg_map_gets(saved, "decisions");
    for (uint32_t i = 0; i < decisions->len; i++) {
        const struct sg_node *value = sg_map_gets(decisions->items[i], "value");
        struct sg_saved_decision decision = {
            sg_text(sg_map_gets(decisions->items[i], "option")),
            sg_is_null(value) ? NULL : sg_text(value)};
        sg_vec_push(&out->decisions, decision);
    }
}

void sg_saved_init(struct sg_saved *saved, struct sg_atoms *atoms) {
    memset(saved, 0, sizeof(*saved));
    sg_docs_init(&saved->docs, atoms);
}

int sg_saved_read(struct sg_saved *out, const char *name, const char *text, size_t len,
                  struct sg_err *err) {
    out->name = sg_arena_strdup(&out->docs.arena, name);
    out->root = sg_json_read(&out->docs, name, text, len, err);
    if (out->root == NULL) {
        return -1;
    }
    if (check_kind(out, err) != 0 || check_part(out, "saved", saved_fields, err) != 0 ||
        check_part(out, "inputs", input_fields, err) != 0 ||
        check_part(out, "from", release_fields, err) != 0 ||
        check_part(out, "to", release_fields, err) != 0) {
        return -1;
    }
    take_lists(out);
    out->to = text_of(out, "to", "version");
    out->origin = (struct sg_plan_origin){
        .project = text_of(out, "saved", "project"),
        .lock = text_of(out, "inputs", "lock"),
        .config = text_of(out, "saved", "config"),
        .from = text_of(out, "from", "version"),
        .files = out->files.items,
        .files_len = out->files.len,
    };
    return 0;
}

void sg_saved_release(struct sg_saved *saved) {
    sg_vec_release(&saved->files);
    sg_vec_release(&saved->decisions);
    sg_docs_release(&saved->docs);
}
