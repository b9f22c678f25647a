/*
 * sarif_rules.c - the tool of a SARIF log and its rules: the pages of `explain`. All of
 * them, whether found or not, so that a rule's index and text are the same in every log
 * of a version.
 */
#include <string.h>

#include "sarif.h"

const char *sg_sarif_level(enum sg_severity severity) {
    return severity == SG_ERROR ? "error" : severity == SG_WARNING ? "warning" : "note";
}

void sg_sarif_put_text(struct sg_jwriter *w, const char *key, const char *text) {
    sg_jw_key(w, key);
    sg_jw_begin(w, '{');
    sg_jw_put(w, "text", text);
    sg_jw_end(w, '}');
}

/* The page's severity is a sentence that begins with the word: "warning; info where …".
 */
static const char *page_level(const struct sg_report_code *page) {
    size_t len = strcspn(page->severity, " ,;");
    static const enum sg_severity all[] = {SG_ERROR, SG_WARNING, SG_INFO};
    for (size_t i = 0; i < SG_ARRAY_LEN(all); i++) {
        const char *word = sg_severity_word(all[i]);
        if (strlen(word) == len && strncmp(page->severity, word, len) == 0) {
            return sg_sarif_level(all[i]);
        }
    }
    return sg_sarif_level(SG_WARNING);
}

static void put_help(struct sg_jwriter *w, const struct sg_report_code *page) {
    sg_auto_buf plain = SG_BUF_INIT, markdown = SG_BUF_INIT;
    sg_buf_addf(&plain, "%s\n\nReported when: %s\n\nWhat apply does: %s\n\nFix: %s",
                page->means, page->when, page->apply, page->fix);
    sg_buf_addf(&markdown,
                "%s\n\n**Reported when:** %s\n\n**What apply does:** %s\n\n**Fix:** %s",
                page->means, page->when, page->apply, page->fix);
    sg_jw_key(w, "help");
    sg_jw_begin(w, '{');
    sg_jw_put(w, "text", sg_buf_cstr(&plain));
    sg_jw_put(w, "markdown", sg_buf_cstr(&markdown));
    sg_jw_end(w, '}');
}

static void put_rule(struct sg_jwriter *w, const struct sg_report_code *page) {
    static const char *const tags[] = {"kubernetes", "upgrade"};
    sg_jw_begin(w, '{');
    sg_jw_put(w, "id", page->code);
    sg_jw_put(w, "name", page->rule);
    sg_sarif_put_text(w, "shortDescription", page->title);
    sg_sarif_put_text(w, "fullDescription", page->when);
    put_help(w, page);
    sg_jw_key(w, "defaultConfiguration");
    sg_jw_begin(w, '{');
    sg_jw_put(w, "level", page_level(page));
    sg_jw_end(w, '}');
    sg_jw_key(w, "properties");
    sg_jw_begin(w, '{');
    sg_jw_put_list(w, "tags", tags, SG_ARRAY_LEN(tags));
    sg_jw_end(w, '}');
    sg_jw_end(w, '}');
}

void sg_sarif_put_tool(struct sg_jwriter *w, const char *version,
                       const struct sg_report_code *pages) {
    sg_jw_key(w, "tool");
    sg_jw_begin(w, '{');
    sg_jw_key(w, "driver");
    sg_jw_begin(w, '{');
    sg_jw_put(w, "name", "sgupgrade");
    sg_jw_put(w, "semanticVersion", version);
    sg_jw_key(w, "rules");
    sg_jw_begin(w, '[');
    for (; pages && pages->code; pages++) {
        put_rule(w, pages);
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
    sg_jw_end(w, '}');
}
