#include "cli.h"
#include "codes.h"
#include "commands.h"
#include "plan_args.h"

#include <string.h>
#include <strings.h>

#include "sg/suggest.h"

static const struct sg_opt options[] = {
    {.name = "overlay",
     .value = "NAME",
     .many = true,
     .help = "Look at this overlay; default: every one that has the object"},
    SG_OPT_FULL,
    {.name = "markdown", .help = "Print codes as Markdown; without a code every page"},
    SG_OPT_END,
};

static const struct sg_word words[] = {
    {.name = "CODE|OBJECT",
     .optional = true,
     .help = "the code of a finding, such as SG201 (none lists them), or an object: "
             "NAME, KIND/NAME or KIND/NAMESPACE/NAME, perhaps behind its apiVersion"},
    {.name = "PATH",
     .optional = true,
     .help = "a field of the object as reports show it, or a JSON pointer; none: "
             "everything that wrote to the object"},
    SG_WORD_END,
};

static const struct sg_example examples[] = {
    {"sgupgrade explain SG201", "what a finding means and what to do"},
    {"sgupgrade explain Deployment/web", "which steps make this object"},
    {"sgupgrade explain web 'spec.template.spec.containers[web].image'",
     "where a value comes from"},
    {0},
};

static const struct sg_report_code *find_page(const char *code, struct sg_err *err) {
    struct sg_suggest near;
    sg_suggest_init(&near, code);
    for (const struct sg_report_code *page = sg_code_pages; page->code; page++) {
        if (strcasecmp(page->code, code) == 0) {
            return page;
        }
        sg_suggest_offer(&near, page->code);
    }
    const char *best = sg_suggest_best(&near);
    sg_fail(err, SG_E_USAGE, "no finding has the code '%s'", code);
    if (best) {
        sg_err_hint(err, "did you mean %s? `sgupgrade explain` lists the codes", best);
    } else {
        sg_err_hint(err, "`sgupgrade explain` lists the codes");
    }
    return NULL;
}

static void add_markdown_page(struct sg_buf *out, const struct sg_report_code *page) {
    sg_buf_addf(out, "## %s %s\n\n**%s.**\n\n", page->code, page->rule, page->title);
    sg_buf_addf(out, "- **When:** %s\n- **What it means:** %s\n", page->when,
                page->means);
    sg_buf_addf(out, "- **Severity:** %s\n- **`apply`:** %s\n- **What to do:** %s\n",
                page->severity, page->apply, page->fix);
}

static void add_markdown(struct sg_buf *out) {
    sg_buf_adds(out, "# Findings\n\nWhat `sgupgrade explain CODE` prints; this file is "
                     "written by `sgupgrade explain --markdown`.\n");
    for (const struct sg_report_code *page = sg_code_pages; page->code; page++) {
        sg_buf_addc(out, '\n');
        add_markdown_page(out, page);
    }
}

static int write_markdown(struct sg_cli *cli, const struct sg_report_code *page) {
    sg_auto_buf text = SG_BUF_INIT;
    if (page) {
        add_markdown_page(&text, page);
    } else {
        add_markdown(&text);
    }
    sg_cli_write(cli, sg_buf_cstr(&text), text.len);
    return SG_EXIT_OK;
}

static size_t count_pages(void) {
    size_t n = 0;
    while (sg_code_pages[n].code) {
        n++;
    }
    return n;
}

/* "SG201", in any case; no object has such a name. */
static bool is_code(const char *word) {
    if (strncasecmp(word, "SG", 2) != 0 || word[2] == '\0') {
        return false;
    }
    return word[2 + strspn(word + 2, "0123456789")] == '\0';
}

static int explain_codes(struct sg_cli *cli, const struct sg_args *args, const char *code,
                         struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_CODES, &outputs, err) < 0) {
        return -1;
    }
    if (sg_args_word(args, 1, NULL) || sg_args_has(args, "overlay")) {
        return sg_fail(err, SG_E_USAGE, "a code has no path and no overlay");
    }
    const struct sg_report_code *page = code ? find_page(code, err) : NULL;
    if (code && !page) {
        return -1;
    }
    if (sg_args_has(args, "markdown")) {
        if (sg_args_has(args, "output")) {
            return sg_fail(err, SG_E_USAGE, "--markdown and --output exclude each other");
        }
        return write_markdown(cli, page);
    }
    struct sg_report report = {
        .kind = SG_REPORT_CODES,
        .codes = {.items = page ? page : sg_code_pages,
                  .len = page ? 1 : count_pages(),
                  .pages = page != NULL},
    };
    return sg_outputs_write(cli, &outputs, &report, NULL, err) < 0 ? -1 : SG_EXIT_OK;
}

static int explain_object(struct sg_cli *cli, const struct sg_args *args,
                          const char *object, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_CHAIN, &outputs, err) < 0) {
        return -1;
    }
    if (sg_args_has(args, "markdown")) {
        return sg_fail(err, SG_E_USAGE, "--markdown is for codes");
    }
    if (sg_cli_open_repo(cli, SG_NEEDS_PROJECT, SG_REPO_ASK, err) < 0) {
        return -1;
    }
    struct sg_arg_values overlays = {0};
    struct sg_repo_explain_opts opts = {
        .query = {.object = object, .path = sg_args_word(args, 1, NULL)},
        .overlays_len = sg_args_all(args, "overlay", &overlays),
    };
    opts.overlays = overlays.items;
    sg_auto_chains chains;
    sg_chains_init(&chains, sg_repo_atoms(cli->repo));
    int status = sg_repo_explain(cli->repo, &opts, &chains, err);
    for (size_t i = 0; status == 0 && i < chains.left_out.len; i++) {
        sg_auto_buf note = SG_BUF_INIT;
        sg_buf_addf(&note, "note: %s", chains.left_out.items[i]);
        sg_cli_note(cli, sg_buf_cstr(&note));
    }
    if (status == 0) {
        struct sg_report report = {.kind = SG_REPORT_CHAIN, .chain = {&chains}};
        struct sg_report_opts view = {.full = sg_args_has(args, "full")};
        status = sg_outputs_write(cli, &outputs, &report, &view, err);
    }
    sg_arg_values_release(&overlays);
    return status < 0 ? -1 : SG_EXIT_OK;
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    const char *word = sg_args_word(args, 0, NULL);
    return !word || is_code(word) ? explain_codes(cli, args, word, err)
                                  : explain_object(cli, args, word, err);
}

const struct sg_cmd sg_cmd_explain = {
    .name = "explain",
    .group = "Look",
    .summary = "Explain where a value comes from, or the code of a finding",
    .details =
        "With an object: where it comes from, and every generator, patch, transformer "
        "and replacement that wrote to it, in order; with a path the chain of that one "
        "field, from the file and line of the base to the value that is there now, with "
        "the text to change at the end. Of a list or map, all that is below it. Values "
        "of Secrets are not shown, nor what was copied from them. The network is never "
        "touched.\n\n"
        "With a code: what a finding means, when it is reported, what `apply` does about "
        "it and what you can do.",
    .options = options,
    .words = words,
    .examples = examples,
    .run = run,
};
