/* libyaml's complaints in our words: what was found, what was expected, the next step. */
#include "reader.h"

#include <stdio.h>
#include <string.h>

struct fault {
    const char *problem;  /* libyaml's text */
    const char *context;  /* its context, or NULL for any */
    const char *expected; /* ours */
    const char *hint;     /* or NULL */
};

static const struct fault faults[] = {
    {"mapping values are not allowed in this context", NULL,
     "expected no second ': ' on this line",
     "quote the value if it holds ': ', or check the indentation"},
    {"could not find expected ':'", NULL, "expected ': ' after the key above",
     "write 'key: value', or indent the line under the text it continues"},
    {"did not find expected key", NULL, "expected a key of the map above",
     "check the indentation: keys of one map begin in one column"},
    {"did not find expected '-' indicator", NULL, "expected '- ' and the next item",
     "check the indentation: items of one list begin in one column"},
    {"block sequence entries are not allowed in this context", NULL,
     "expected no list item here", "start the list on a line of its own"},
    {"block mapping entries are not allowed in this context", NULL,
     "expected no map here", "start the map on a line of its own"},
    {"mapping keys are not allowed in this context", NULL, "expected no key here", NULL},
    {"did not find expected ',' or '}'", NULL, "expected ',' or '}'",
     "close the '{' before it, or quote the value"},
    {"did not find expected ',' or ']'", NULL, "expected ',' or ']'",
     "close the '[' before it, or quote the value"},
    {"found character that cannot start any token", NULL,
     "expected a key, a value or an item", "quote the text if it is a value"},
    {"found a tab character that violates indentation", NULL, "expected spaces",
     "YAML is indented with spaces only"},
    {"found a tab character where an indentation space is expected", NULL,
     "expected spaces", "YAML is indented with spaces only"},
    {"found a tab character where an intendation space is expected", NULL,
     "expected spaces", "YAML is indented with spaces only"},
    {"found unexpected end of stream", NULL, "expected the closing quote", NULL},
    {"found unexpected document indicator", NULL,
     "expected the closing quote before the next document", NULL},
    {"found unknown escape character", NULL, "expected a known escape after '\\'",
     "write '\\\\' for a backslash, or use single quotes"},
    {"did not find expected hexdecimal number", NULL,
     "expected hexadecimal digits after the escape", NULL},
    {"found invalid Unicode character escape code", NULL,
     "expected the code of a character", NULL},
    {"did not find expected <document start>", NULL,
     "expected the end of the document or '---'",
     "check the indentation: the root of the document ended above"},
    {"did not find expected node content", NULL, "expected a value", NULL},
    {"did not find expected alphabetic or numeric character", "while scanning an alias",
     "expected a name after '*'", "quote the text if it is a value"},
    {"did not find expected alphabetic or numeric character", NULL,
     "expected a name after '&'", "quote the text if it is a value"},
    {"did not find expected comment or line break", NULL, "expected the end of the line",
     NULL},
    {"found undefined tag handle", NULL, "expected a tag whose prefix is known",
     "quote the text if it is a value"},
    {"did not find expected whitespace or line break", NULL,
     "expected a blank after the tag", "quote the text if it is a value"},
    {"found incompatible YAML document", NULL, "expected YAML 1.1",
     "take the %YAML line out"},
    {"found unknown directive name", NULL, "expected %YAML or %TAG",
     "quote the text if it is a value"},
};

static const struct fault *find_fault(const char *problem, const char *context) {
    for (size_t i = 0; i < SG_ARRAY_LEN(faults); i++) {
        if (strcmp(faults[i].problem, problem) == 0 &&
            (!faults[i].context ||
             (context && strcmp(faults[i].context, context) == 0))) {
            return &faults[i];
        }
    }
    return NULL;
}

/* Names what stands at byte `at` of the file: "the end of the file", "a tab", "'}'", "the
 * text 'foo'". */
static void name_found(const struct sg_reader *r, size_t at, char *out, size_t cap) {
    const struct sg_marks *marks = &r->marks;
    const char *text = r->text + at;
    size_t end = marks->start + marks->len + marks->dropped_len;
    size_t left = at < end ? end - at : 0, shown = 0;
    if (left == 0) {
        snprintf(out, cap, "the end of the %s", r->opts->manifests ? "document" : "file");
    } else if (*text == '\t') {
        snprintf(out, cap, "a tab");
    } else if (*text == '\n' || *text == '\r') {
        snprintf(out, cap, "the end of the line");
    } else {
        while (shown < left && shown < 24 && (unsigned char)text[shown] > ' ' &&
               (shown == 0 || !strchr(",]}:", text[shown]))) {
            shown++;
        }
        snprintf(out, cap, "'%.*s'", (int)(shown ? shown : 1), text);
    }
}

/* Bytes that are no text: libyaml names the offset in bytes and the value. */
static int reader_fault(struct sg_reader *r) {
    const char *problem = r->parser.problem;
    uint32_t loc = r->base + sg_marks_file(&r->marks, r->parser.problem_offset);
    unsigned value = (unsigned)r->parser.problem_value;
    if (strcmp(problem, "control characters are not allowed") == 0) {
        sg_reader_fail(r, SG_E_INPUT, loc,
                       "found the control character U+%04X, expected printable text",
                       value);
        return sg_err_hint(r->err, "remove it, or write it as \\x%02X in double quotes",
                           value & 0xFF);
    }
    sg_reader_fail(r, SG_E_INPUT, loc,
                   "found bytes that are no UTF-8 (%s), expected text", problem);
    return sg_err_hint(r->err, "save the file as UTF-8");
}

int sg_reader_fault(struct sg_reader *r) {
    const yaml_parser_t *parser = &r->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        SG_BUG("libyaml: out of memory");
    }
    if (parser->error == YAML_READER_ERROR) {
        return reader_fault(r);
    }
    uint32_t loc = sg_reader_loc(r, &parser->problem_mark);
    const char *problem = parser->problem ? parser->problem : "a syntax error";
    const struct fault *fault = find_fault(problem, parser->context);
    char found[64];
    name_found(r, loc - r->base, found, sizeof(found));
    if (!fault) {
        return sg_reader_fail(r, SG_E_INPUT, loc, "found %s: %s", found, problem);
    }
    sg_reader_fail(r, SG_E_INPUT, loc, "found %s, %s", found, fault->expected);
    return fault->hint ? sg_err_hint(r->err, "%s", fault->hint) : -1;
}
