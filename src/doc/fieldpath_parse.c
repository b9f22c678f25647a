/*
 * fieldpath_parse.c - a path of a field as people write it, which is as it is printed.
 */
#include <string.h>

#include "sg/fieldpath.h"

struct parser {
    struct sg_fieldpaths *paths;
    struct sg_atoms *atoms;
    const char *text, *at;
    struct sg_buf word; /* of the part that is read */
    struct sg_err *err;
};

static uint32_t column_of(const struct parser *p) {
    uint32_t column = 1;
    for (const char *c = p->text; c < p->at; c++) {
        column += ((unsigned char)*c & 0xC0) != 0x80;
    }
    return column;
}

static int refuse(const struct parser *p, const char *expected) {
    uint32_t column = column_of(p);
    char found[16] = "the end";
    if (*p->at != '\0') {
        size_t len = 1;
        while (((unsigned char)p->at[len] & 0xC0) == 0x80 && len < 4) {
            len++;
        }
        found[0] = '\'';
        memcpy(found + 1, p->at, len);
        memcpy(found + 1 + len, "'", 2);
    }
    if (p->err->code == SG_OK) {
        p->err->column = column;
    }
    return sg_fail(p->err, SG_E_USAGE, "the path %s: found %s at column %u, expected %s",
                   p->text, found, column, expected);
}

static sg_atom intern(const struct parser *p) {
    return sg_atom_intern(p->atoms, sg_buf_cstr(&p->word), p->word.len, p->err);
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind a backslash: a mark, another backslash, or xNN. */
static int read_escape(struct parser *p) {
    if (*p->at == '"' || *p->at == '\'' || *p->at == '\\') {
        sg_buf_addc(&p->word, *p->at++);
        return 0;
    }
    if (*p->at != 'x') {
        return refuse(p, "a quote, a backslash or xNN");
    }
    int byte = 0;
    p->at++;
    for (int i = 0; i < 2; i++, p->at++) {
        int digit = hex_digit(*p->at);
        if (digit < 0) {
            return refuse(p, "two hexadecimal digits");
        }
        byte = byte * 16 + digit;
    }
    sg_buf_addc(&p->word, (char)byte);
    return 0;
}

static int read_quoted(struct parser *p) {
    char mark = *p->at++;
    while (*p->at != mark) {
        if (*p->at == '\0') {
            return refuse(p, mark == '"' ? "the closing '\"'" : "the closing quote");
        }
        if (*p->at == '\\') {
            p->at++;
            if (read_escape(p) != 0) {
                return -1;
            }
            continue;
        }
        sg_buf_addc(&p->word, *p->at++);
    }
    p->at++;
    return 0;
}

/* "#12", with the position in `*out`; it fits 32 bits. */
static int read_number(struct parser *p, uint32_t *out) {
    uint64_t number = 0;
    p->at++;
    if (*p->at < '0' || *p->at > '9') {
        return refuse(p, "a number");
    }
    for (; *p->at >= '0' && *p->at <= '9'; p->at++) {
        number = number * 10 + (uint64_t)(*p->at - '0');
        if (number >= UINT32_MAX) {
            return refuse(p, "a smaller number");
        }
    }
    *out = (uint32_t)number;
    return 0;
}

static int close_bracket(struct parser *p) {
    if (*p->at != ']') {
        return refuse(p, "']'");
    }
    p->at++;
    return 0;
}

/* "[web]", "['a]b']", with "#1" behind the key for the second of that key. */
static int read_element(struct parser *p, const struct sg_fieldpath **path) {
    uint32_t repeat = 0;
    if (*p->at == '\'') {
        if (read_quoted(p) != 0) {
            return -1;
        }
    } else {
        size_t len = strcspn(p->at, "[]#\"'\\");
        if (len == 0) {
            return refuse(p, "the name of a list's element, a quoted key or #N");
        }
        sg_buf_add(&p->word, p->at, len);
        p->at += len;
    }
    sg_atom key = intern(p);
    if (key == NULL || (*p->at == '#' && read_number(p, &repeat) != 0)) {
        return -1;
    }
    *path = sg_fieldpath_element(p->paths, *path, key, repeat);
    return close_bracket(p);
}

static int read_bracket(struct parser *p, const struct sg_fieldpath **path) {
    p->at++;
    if (*p->at == '#') {
        uint32_t index = 0;
        if (read_number(p, &index) != 0) {
            return -1;
        }
        *path = sg_fieldpath_index(p->paths, *path, index);
        return close_bracket(p);
    }
    if (*p->at != '"') {
        return read_element(p, path);
    }
    if (read_quoted(p) != 0) {
        return -1;
    }
    sg_atom key = intern(p);
    if (key == NULL) {
        return -1;
    }
    *path = sg_fieldpath_key(p->paths, *path, key);
    return close_bracket(p);
}

static int read_key(struct parser *p, const struct sg_fieldpath **path) {
    size_t len = strcspn(p->at, ".[]");
    if (len == 0) {
        return refuse(p, "the name of a field");
    }
    sg_buf_add(&p->word, p->at, len);
    p->at += len;
    sg_atom key = intern(p);
    if (key == NULL) {
        return -1;
    }
    *path = sg_fieldpath_key(p->paths, *path, key);
    return 0;
}

static int read_part(struct parser *p, const struct sg_fieldpath **path) {
    sg_buf_clear(&p->word);
    if (*p->at == '[') {
        return read_bracket(p, path);
    }
    if (*path != NULL) {
        if (*p->at != '.') {
            return refuse(p, "'.', '[' or the end");
        }
        p->at++;
    }
    return read_key(p, path);
}

int sg_fieldpath_parse(struct sg_fieldpaths *paths, const char *text,
                       const struct sg_fieldpath **out, struct sg_err *err) {
    struct parser p = {.paths = paths,
                       .atoms = sg_fieldpaths_atoms(paths),
                       .text = text,
                       .at = text,
                       .err = err};
    int status = 0;
    *out = NULL;
    while (status == 0 && *p.at != '\0') {
        if (*out != NULL && (*out)->depth >= SG_FIELDPATH_MAX) {
            status = sg_fail(err, SG_E_LIMIT, "the path has more than %d parts",
                             SG_FIELDPATH_MAX);
        } else {
            status = read_part(&p, out);
        }
    }
    sg_buf_release(&p.word);
    return status;
}
