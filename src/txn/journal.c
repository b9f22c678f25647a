/*
 * journal.c - the journal's text: one line a fact, the digest of all lines before it at
 * the end. Paths have '%' and control bytes percent-encoded, so a line is a line.
 *
 *     sgupgrade-journal 1
 *     commit PARENT TREE
 *     make PATH
 *     drop PATH
 *     item OLD NEW PATH        a side is "-", or MODE:SHA256 (mode in octal)
 *     sum SHA256
 */
#include "state.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char header[] = "sgupgrade-journal 1\n";

void sg_txn_paths_release(struct sg_txn_paths *paths) {
    for (size_t i = 0; i < paths->items.len; i++) {
        free(paths->items.items[i]);
    }
    sg_vec_release(&paths->items);
}

void sg_txn_journal_release(struct sg_txn_journal *journal) {
    for (size_t i = 0; i < journal->items.len; i++) {
        free(journal->items.items[i].path);
        free(journal->items.items[i].bytes);
    }
    sg_vec_release(&journal->items);
    sg_txn_paths_release(&journal->make);
    sg_txn_paths_release(&journal->drop);
    free(journal->parent);
    free(journal->tree);
    *journal = (struct sg_txn_journal){0};
}

/* "..", or a name of git's folder as some disk spells it. */
static bool is_bad_part(const char *part, size_t len) {
    return len == 0 || (len == 1 && part[0] == '.') ||
           (len == 2 && part[0] == '.' && part[1] == '.') ||
           (len == 4 && strncasecmp(part, ".git", 4) == 0);
}

bool sg_txn_is_item_path(const char *path) {
    if (strcmp(path, SG_TXN_DIR) == 0 ||
        strncmp(path, SG_TXN_JOURNAL, sizeof(SG_TXN_DIR)) == 0) {
        return false;
    }
    for (const char *part = path;;) {
        size_t len = strcspn(part, "/");
        if (is_bad_part(part, len)) {
            return false;
        }
        if (!part[len]) {
            return true;
        }
        part += len + 1;
    }
}

/* --- writing --- */

static void add_escaped(struct sg_buf *out, const char *text) {
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c <= ' ' || c == '%' || c == 0x7f) {
            sg_buf_addf(out, "%%%02x", c);
        } else {
            sg_buf_addc(out, *text);
        }
    }
}

static void add_path(struct sg_buf *out, const char *word, const char *path) {
    sg_buf_addf(out, "%s ", word);
    add_escaped(out, path);
    sg_buf_addc(out, '\n');
}

static void add_side(struct sg_buf *out, const struct sg_txn_side *side) {
    if (side->kind == SG_TXN_FILE) {
        sg_buf_addf(out, " %04o:%s", side->mode, side->sha256);
    } else {
        sg_buf_adds(out, " -");
    }
}

static void add_sum(struct sg_buf *out) {
    char sum[SG_SHA256_HEX + 1];
    sg_sha256_hex(out->ptr, out->len, sum);
    sg_buf_addf(out, "sum %s\n", sum);
}

void sg_txn_journal_encode(const struct sg_txn_journal *journal, struct sg_buf *out) {
    sg_buf_adds(out, header);
    if (journal->parent) {
        sg_buf_adds(out, "commit ");
        add_escaped(out, journal->parent);
        sg_buf_addc(out, ' ');
        add_escaped(out, journal->tree);
        sg_buf_addc(out, '\n');
    }
    for (size_t i = 0; i < journal->make.items.len; i++) {
        add_path(out, "make", journal->make.items.items[i]);
    }
    for (size_t i = 0; i < journal->drop.items.len; i++) {
        add_path(out, "drop", journal->drop.items.items[i]);
    }
    for (size_t i = 0; i < journal->items.len; i++) {
        const struct sg_txn_item *item = &journal->items.items[i];
        sg_buf_adds(out, "item");
        add_side(out, &item->old);
        add_side(out, &item->new);
        sg_buf_addc(out, ' ');
        add_escaped(out, item->path);
        sg_buf_addc(out, '\n');
    }
    add_sum(out);
}

/* --- reading --- */

/* One word of a line, decoded; NULL where there is none or it is malformed. */
static char *take_word(const char **at) {
    sg_auto_buf word = SG_BUF_INIT;
    const char *p = *at;
    sg_buf_add(&word, "", 0);
    for (; *p && *p != ' ' && *p != '\n'; p++) {
        if (*p != '%') {
            sg_buf_addc(&word, *p);
            continue;
        }
        char hex[3] = {0};
        strncat(hex, p + 1, 2);
        if (strspn(hex, "0123456789abcdef") != 2) {
            return NULL;
        }
        sg_buf_addc(&word, (char)strtoul(hex, NULL, 16));
        p += 2;
    }
    *at = p + (*p == ' ');
    return sg_buf_take(&word);
}

static bool parse_side(const char *word, struct sg_txn_side *out) {
    *out = (struct sg_txn_side){0};
    if (strcmp(word, "-") == 0) {
        return true;
    }
    size_t octal = strspn(word, "01234567");
    const char *sha = word + octal + 1;
    if (octal != 4 || word[octal] != ':' || strlen(sha) != SG_SHA256_HEX ||
        sha[strspn(sha, "0123456789abcdef")] != '\0') {
        return false;
    }
    out->kind = SG_TXN_FILE;
    out->mode = (uint32_t)strtoul(word, NULL, 8);
    memcpy(out->sha256, sha, SG_SHA256_HEX + 1);
    return true;
}

static bool parse_item(const char **at, struct sg_txn_journal *out) {
    sg_auto_cstr old = take_word(at);
    sg_auto_cstr new = old ? take_word(at) : NULL;
    sg_auto_cstr path = new ? take_word(at) : NULL;
    struct sg_txn_item item = {0};
    if (!path || !sg_txn_is_item_path(path) || !parse_side(old, &item.old) ||
        !parse_side(new, &item.new)) {
        return false;
    }
    item.path = path;
    path = NULL;
    sg_vec_push(&out->items, item);
    return true;
}

static bool parse_path(const char **at, struct sg_txn_paths *paths) {
    char *path = take_word(at);
    if (path) {
        sg_vec_push(&paths->items, path);
    }
    return path && sg_txn_is_item_path(path);
}

static bool parse_line(const char **at, struct sg_txn_journal *out) {
    sg_auto_cstr word = take_word(at);
    bool good = false;
    if (word && strcmp(word, "item") == 0) {
        good = parse_item(at, out);
    } else if (word && strcmp(word, "make") == 0) {
        good = parse_path(at, &out->make);
    } else if (word && strcmp(word, "drop") == 0) {
        good = parse_path(at, &out->drop);
    } else if (word && strcmp(word, "commit") == 0 && !out->parent) {
        out->parent = take_word(at);
        out->tree = out->parent ? take_word(at) : NULL;
        good = out->tree != NULL;
    }
    good = good && **at == '\n';
    *at += good;
    return good;
}

/* The bytes before the "sum" line, or 0 where the sum is missing or wrong. */
static size_t checked_length(const char *text, size_t len) {
    static const size_t tail = sizeof("sum \n") - 1 + SG_SHA256_HEX;
    sg_auto_buf again = SG_BUF_INIT;
    if (len < tail || strlen(text) != len) {
        return 0;
    }
    sg_buf_add(&again, text, len - tail);
    add_sum(&again);
    return again.len == len && memcmp(again.ptr, text, len) == 0 ? len - tail : 0;
}

int sg_txn_journal_decode(const char *text, size_t len, struct sg_txn_journal *out,
                          struct sg_err *err) {
    size_t body = checked_length(text, len);
    if (body == 0) {
        return sg_fail(err, SG_E_INPUT, "its checksum does not match");
    }
    if (strncmp(text, header, sizeof(header) - 1) != 0) {
        return sg_fail(err, SG_E_INPUT, "it was written by another version of sgupgrade");
    }
    const char *at = text + sizeof(header) - 1;
    while (at < text + body) {
        if (!parse_line(&at, out)) {
            return sg_fail(
                err, SG_E_INPUT,
                "a line of it is malformed, or names what an upgrade never writes");
        }
    }
    return 0;
}
