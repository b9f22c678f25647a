/*
 * selector.c - label selectors in text form, as Kubernetes reads them: requirements
 * joined by commas, "key", "!key", "key=value", "key==value", "key!=value", "key in (a,
 * b)", "key notin (a, b)", "key>1", "key<1". Annotation selectors are the same.
 */
#include "sg/patch.h"

#include <errno.h>
#include <string.h>

#define SELECTOR_MAX 65536 /* bytes of a selector's text */

enum token {
    T_END,
    T_NAME,
    T_IN,
    T_NOTIN,
    T_EQ,
    T_NE,
    T_GT,
    T_LT,
    T_NOT,
    T_OPEN,
    T_CLOSE,
    T_COMMA
};

enum operator{ OP_EXISTS, OP_ABSENT, OP_IN, OP_NOTIN, OP_GT, OP_LT };

struct requirement {
    char *key;
    enum operator op;
    int64_t number; /* GT and LT */
    SG_VEC(char *) values;
};

struct sg_label_selector {
    SG_VEC(struct requirement) requirements;
};

struct lexer {
    const char *text; /* all of it, for messages */
    const char *at;
    enum token token;
    struct sg_str word; /* what the token is written as */
    struct sg_err *err;
};

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_special(char c) {
    return c != '\0' && strchr("=!(),><", c) != NULL;
}

static enum token special(const char *at, size_t *len) {
    *len = 1;
    switch (at[0]) {
    case '=':
        *len = at[1] == '=' ? 2 : 1;
        return T_EQ;
    case '!':
        *len = at[1] == '=' ? 2 : 1;
        return at[1] == '=' ? T_NE : T_NOT;
    case '>':
        return T_GT;
    case '<':
        return T_LT;
    case '(':
        return T_OPEN;
    case ')':
        return T_CLOSE;
    default:
        return T_COMMA;
    }
}

static void advance(struct lexer *lexer) {
    while (is_space(*lexer->at)) {
        lexer->at++;
    }
    lexer->word = (struct sg_str){lexer->at, 0};
    if (*lexer->at == '\0') {
        lexer->token = T_END;
        return;
    }
    if (is_special(*lexer->at)) {
        lexer->token = special(lexer->at, &lexer->word.len);
    } else {
        const char *end = lexer->at;
        while (*end != '\0' && !is_special(*end) && !is_space(*end)) {
            end++;
        }
        lexer->word.len = (size_t)(end - lexer->at);
        lexer->token = sg_str_eq(lexer->word, SG_STR("in"))      ? T_IN
                       : sg_str_eq(lexer->word, SG_STR("notin")) ? T_NOTIN
                                                                 : T_NAME;
    }
    lexer->at += lexer->word.len;
}

/* `in` and `notin` are names where a key or a value stands. */
static bool at_name(const struct lexer *lexer) {
    return lexer->token == T_NAME || lexer->token == T_IN || lexer->token == T_NOTIN;
}

static int refuse(const struct lexer *lexer, const char *expected) {
    if (lexer->token == T_END) {
        return sg_fail(lexer->err, SG_E_INPUT,
                       "the selector '%s' ends where %s was expected", lexer->text,
                       expected);
    }
    return sg_fail(lexer->err, SG_E_INPUT,
                   "the selector '%s' has '%.*s' where %s was expected", lexer->text,
                   (int)lexer->word.len, lexer->word.ptr, expected);
}

static bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Letters, digits, '-', '_' and '.', at both ends a letter or digit; at most 63 bytes. */
static bool is_label_name(const char *text, size_t len) {
    if (len == 0 || len > 63 || !is_alnum(text[0]) || !is_alnum(text[len - 1])) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (!is_alnum(text[i]) && strchr("-_.", text[i]) == NULL) {
            return false;
        }
    }
    return true;
}

/* Lower-case labels joined by dots, at most 253 bytes. */
static bool is_subdomain(const char *text, size_t len) {
    bool edge = true; /* at the start of a label */
    for (size_t i = 0; i < len; i++) {
        bool letter = is_alnum(text[i]) && !(text[i] >= 'A' && text[i] <= 'Z');
        if (!letter && (edge || (text[i] != '-' && text[i] != '.') ||
                        (text[i] == '.' && text[i - 1] == '-'))) {
            return false;
        }
        edge = text[i] == '.';
    }
    return len > 0 && len <= 253 && !edge && text[len - 1] != '-';
}

static bool is_label_key(const char *key) {
    const char *slash = strchr(key, '/');
    const char *name = slash != NULL ? slash + 1 : key;
    return is_label_name(name, strlen(name)) &&
           (slash == NULL || is_subdomain(key, (size_t)(slash - key)));
}

static int check(const struct lexer *lexer, const struct requirement *requirement) {
    if (!is_label_key(requirement->key)) {
        return sg_fail(lexer->err, SG_E_INPUT,
                       "the selector '%s' has '%s' where the key of a label was expected",
                       lexer->text, requirement->key);
    }
    for (size_t i = 0; i < requirement->values.len; i++) {
        const char *value = requirement->values.items[i];
        if (value[0] != '\0' && !is_label_name(value, strlen(value))) {
            return sg_fail(lexer->err, SG_E_INPUT,
                           "the selector '%s' has '%s' where the value of a label was "
                           "expected",
                           lexer->text, value);
        }
    }
    return 0;
}

/* A whole decimal number in 64 bits. */
static bool parse_number(const char *text, int64_t *out) {
    char *end = NULL;
    if (text[0] == '\0' || is_space(text[0])) {
        return false;
    }
    errno = 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0';
}

static void add_value(struct requirement *requirement, struct sg_str word) {
    sg_vec_push(&requirement->values, sg_xstrndup(word.ptr, word.len));
}

/* After "in" or "notin": "(a, b)"; an empty place between commas is the empty value. */
static int parse_set(struct lexer *lexer, struct requirement *requirement) {
    if (lexer->token != T_OPEN) {
        return refuse(lexer, "(");
    }
    advance(lexer);
    bool value_due = true;
    for (; lexer->token != T_CLOSE; advance(lexer)) {
        if (lexer->token == T_COMMA) {
            if (value_due) {
                add_value(requirement, SG_STR(""));
            }
            value_due = true;
        } else if (at_name(lexer) && value_due) {
            add_value(requirement, lexer->word);
            value_due = false;
        } else {
            return refuse(lexer, value_due ? "a value" : ", or )");
        }
    }
    if (value_due) {
        add_value(requirement, SG_STR(""));
    }
    advance(lexer);
    return 0;
}

/* After a comparison: one value, which may be empty. */
static int parse_value(struct lexer *lexer, struct requirement *requirement) {
    if (at_name(lexer)) {
        add_value(requirement, lexer->word);
        advance(lexer);
    } else if (lexer->token == T_END || lexer->token == T_COMMA) {
        add_value(requirement, SG_STR(""));
    } else {
        return refuse(lexer, "a value");
    }
    bool compares = requirement->op == OP_GT || requirement->op == OP_LT;
    if (compares && !parse_number(requirement->values.items[0], &requirement->number)) {
        return sg_fail(lexer->err, SG_E_INPUT,
                       "the selector '%s' compares with '%s'; > and < take whole numbers",
                       lexer->text, requirement->values.items[0]);
    }
    return 0;
}

static int parse_operator(struct lexer *lexer, struct requirement *requirement) {
    static const enum operator operators[] = {
        [T_IN] = OP_IN,    [T_NOTIN] = OP_NOTIN, [T_EQ] = OP_IN,
        [T_NE] = OP_NOTIN, [T_GT] = OP_GT,       [T_LT] = OP_LT,
    };
    enum token token = lexer->token;
    if (token < T_IN || token > T_LT) {
        return refuse(lexer, "an operator");
    }
    requirement->op = operators[token];
    advance(lexer);
    return token == T_IN || token == T_NOTIN ? parse_set(lexer, requirement)
                                             : parse_value(lexer, requirement);
}

static int parse_requirement(struct lexer *lexer, struct requirement *requirement) {
    bool negated = lexer->token == T_NOT;
    if (negated) {
        advance(lexer);
    }
    if (!at_name(lexer)) {
        return refuse(lexer, "the key of a label");
    }
    requirement->key = sg_xstrndup(lexer->word.ptr, lexer->word.len);
    requirement->op = negated ? OP_ABSENT : OP_EXISTS;
    advance(lexer);
    if (!negated && lexer->token != T_END && lexer->token != T_COMMA &&
        parse_operator(lexer, requirement) != 0) {
        return -1;
    }
    return check(lexer, requirement);
}

static int parse(struct lexer *lexer, struct sg_label_selector *selector) {
    advance(lexer);
    while (lexer->token != T_END) {
        sg_vec_push(&selector->requirements, (struct requirement){0});
        struct requirement *requirement =
            &selector->requirements.items[selector->requirements.len - 1];
        if (parse_requirement(lexer, requirement) != 0) {
            return -1;
        }
        if (lexer->token == T_END) {
            break;
        }
        if (lexer->token != T_COMMA) {
            return refuse(lexer, "a comma");
        }
        advance(lexer);
        if (lexer->token == T_END) {
            return refuse(lexer, "the key of a label");
        }
    }
    return 0;
}

struct sg_label_selector *sg_label_selector_new(const char *text, struct sg_err *err) {
    if (strlen(text) > SELECTOR_MAX) {
        sg_fail(err, SG_E_LIMIT, "a selector of %zu bytes; at most %d are allowed",
                strlen(text), SELECTOR_MAX);
        return NULL;
    }
    struct lexer lexer = {.text = text, .at = text, .err = err};
    struct sg_label_selector *selector = sg_xcalloc(1, sizeof(*selector));
    if (parse(&lexer, selector) != 0) {
        sg_label_selector_free(selector);
        return NULL;
    }
    return selector;
}

void sg_label_selector_free(struct sg_label_selector *selector) {
    if (selector == NULL) {
        return;
    }
    for (size_t i = 0; i < selector->requirements.len; i++) {
        struct requirement *requirement = &selector->requirements.items[i];
        for (size_t v = 0; v < requirement->values.len; v++) {
            free(requirement->values.items[v]);
        }
        sg_vec_release(&requirement->values);
        free(requirement->key);
    }
    sg_vec_release(&selector->requirements);
    free(selector);
}

static bool has_value(const struct requirement *requirement, const char *value) {
    for (size_t i = 0; i < requirement->values.len; i++) {
        if (strcmp(requirement->values.items[i], value) == 0) {
            return true;
        }
    }
    return false;
}

static bool meets(const struct requirement *requirement, const struct sg_node *labels) {
    const struct sg_node *node = sg_map_gets(labels, requirement->key);
    const char *value = sg_is_scalar(node) && !sg_is_null(node) ? node->text : "";
    int64_t number;
    switch (requirement->op) {
    case OP_EXISTS:
        return node != NULL;
    case OP_ABSENT:
        return node == NULL;
    case OP_IN:
        return node != NULL && has_value(requirement, value);
    case OP_NOTIN:
        return node == NULL || !has_value(requirement, value);
    case OP_GT:
        return node != NULL && parse_number(value, &number) &&
               number > requirement->number;
    case OP_LT:
        return node != NULL && parse_number(value, &number) &&
               number < requirement->number;
    }
    SG_BUG("an operator that does not exist");
}

bool sg_label_selector_match(const struct sg_label_selector *selector,
                             const struct sg_node *labels) {
    for (size_t i = 0; i < selector->requirements.len; i++) {
        if (!meets(&selector->requirements.items[i], labels)) {
            return false;
        }
    }
    return true;
}
