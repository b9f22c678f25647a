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

static const struct sg_code_page *find_page(const char *code, struct sg_err *err) {
    struct sg_suggest near;
    sg_suggest_init(&near, code);
    for (const struct sg_code_page *page = sg_code_pages; page->code; page++) {
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

static void add_part(struct sg_buf *out, const char *label, const char *text) {
    sg_buf_addf(out, "%s\n", label);
    sg_help_wrap(out, text, 2);
    sg_buf_addc(out, '\n');
}

static void add_text_page(struct sg_buf *out, const struct sg_code_page *page,
                          const struct sg_palette *paint) {
    sg_buf_addf(out, "%s%s %s: %s%s\n\n", paint->bold, page->code, page->rule,
                page->title, paint->reset);
    add_part(out, "When", page->when);
    add_part(out, "What it means", page->means);
    add_part(out, "Severity", page->severity);
    add_part(out, "What apply does", page->apply);
    add_part(out, "What to do", page->fix);
    out->ptr[--out->len] = '\0'; /* the empty line after the last part */
}

static void add_markdown_page(struct sg_buf *out, const struct sg_code_page *page) {
    sg_buf_addf(out, "## %s %s\n\n**%s.**\n\n", page->code, page->rule, page->title);
    sg_buf_addf(out, "- **When:** %s\n- **What it means:** %s\n", page->when,
                page->means);
    sg_buf_addf(out, "- **Severity:** %s\n- **`apply`:** %s\n- **What to do:** %s\n",
                page->severity, page->apply, page->fix);
}

static void add_markdown(struct sg_buf *out) {
    sg_buf_adds(out, "# Findings\n\nWhat `sgupgrade explain CODE` prints; this file is "
                     "written by `sgupgrade explain --markdown`.\n");
    for (const struct sg_code_page *page = sg_code_pages; page->code; page++) {
        sg_buf_addc(out, '\n');
        add_markdown_page(out, page);
    }
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    const char *code = sg_args_word(args, 0, NULL);
    bool markdown = sg_args_has(args, "markdown");
    const struct sg_code_page *page = code ? find_page(code, err) : NULL;
    if (code && !page) {
        return -1;
    }
    sg_auto_buf text = SG_BUF_INIT;
    if (page && markdown) {
        add_markdown_page(&text, page);
    } else if (page) {
        add_text_page(&text, page, cli->out_paint);
    } else if (markdown) {
        add_markdown(&text);
    } else {
        for (page = sg_code_pages; page->code; page++) {
            sg_buf_addf(&text, "%s%s%s  %-15s%s\n", cli->out_paint->bold, page->code,
                        cli->out_paint->reset, page->rule, page->title);
        }
    }
    sg_cli_write(cli, sg_buf_cstr(&text), text.len);
    return SG_EXIT_OK;
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
