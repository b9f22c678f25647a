/*
 * actions.c - what a step of GitHub Actions has to look out for: its runner takes every
 * line of the output that begins with "::" (blanks before it are skipped), and every
 * "##[" in one, for a command.
 */
#include "cli.h"

#include <string.h>

#include "sg/sha256.h"

static bool holds_command(const struct sg_buf *text) {
    for (const char *line = sg_buf_cstr(text); line != NULL;) {
        line += strspn(line, " \t");
        if (strncmp(line, "::", 2) == 0) {
            return true;
        }
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return strstr(sg_buf_cstr(text), "##[") != NULL;
}

void sg_actions_guard(struct sg_buf *text) {
    if (!holds_command(text)) {
        return;
    }
    char token[SG_SHA256_HEX + 1];
    sg_sha256_hex(text->ptr, text->len, token);
    sg_auto_buf guarded = SG_BUF_INIT;
    sg_buf_addf(&guarded, "::stop-commands::%s\n", token);
    sg_buf_add(&guarded, text->ptr, text->len);
    sg_buf_addf(&guarded, "%s::%s::\n",
                text->len > 0 && text->ptr[text->len - 1] != '\n' ? "\n" : "", token);
    sg_buf_clear(text);
    sg_buf_add(text, guarded.ptr, guarded.len);
}
