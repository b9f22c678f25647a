#include "cli.h"
#include "codes.h"
#include "commands.h"

#include <string.h>
#include <strings.h>

#include "sg/suggest.h"

static const struct sg_opt options[] = {
    {.name = "markdown", .help = "Print as Markdown; without a code every page"},
    SG_OPT_END,
};

static const struct sg_word words[] = {
    {.name = "CODE",
     .optional = true,
     .help = "the code of a finding, such as SG201; none lists them"},
    SG_WORD_END,
};

static const struct sg_example examples[] = {
    {"sgupgrade explain SG201", "what a finding means and what to do"},
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

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_CODES, &outputs, err) < 0) {
        return -1;
    }
    const char *code = sg_args_word(args, 0, NULL);
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

const struct sg_cmd sg_cmd_explain = {
    .name = "explain",
    .group = "Look",
    .summary = "Explain the code of a finding",
    .details =
        "Prints what a finding means, when it is reported, what `apply` does about "
        "it and what you can do.",
    .options = options,
    .words = words,
    .examples = examples,
    .run = run,
};
