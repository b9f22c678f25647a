#include "words.h"

#include <string.h>

struct words words_of(const char *text, size_t len) {
    return (struct words){text, text + len, text};
}

static bool divides(char c) {
    static const bool marks[256] = {
        [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true,
        ['"'] = true, ['\''] = true, [','] = true,  ['['] = true,
        [']'] = true, ['{'] = true,  ['}'] = true,
    };
    return marks[(unsigned char)c];
}

static bool divides_value(char c) {
    return c == '/' || c == '@';
}

/* A ':' that ends a word, or comes after its closing quote. */
static bool is_colon(const struct words *words, const char *at) {
    at += at < words->end && (*at == '"' || *at == '\'');
    return at < words->end && *at == ':' && (at + 1 == words->end || divides(at[1]));
}

/* The key that begins here, with what ends it. */
static bool take_key(struct words *words, struct word *out) {
    const char *start = words->at, *end = words->part;
    bool plain = end > start && end[-1] == ':';
    if (!plain && !is_colon(words, end)) {
        return false;
    }
    *out = (struct word){{start, (size_t)(end - start) - plain}, true};
    words->at = plain ? end : end + 1 + (*end != ':');
    return out->text.len > 0;
}

static bool take_value(struct words *words, struct word *out) {
    const char *start = words->at;
    while (words->at < words->part && !divides_value(*words->at)) {
        words->at++;
    }
    size_t len = (size_t)(words->at - start);
    words->at += words->at < words->part;
    *out = (struct word){{start, len}, false};
    return len > 1 || (len == 1 && start[0] != '-');
}

bool words_next(struct words *words, struct word *out) {
    while (words->at < words->end) {
        if (words->at < words->part) {
            if (take_value(words, out)) {
                return true;
            }
            continue;
        }
        while (words->at < words->end && divides(*words->at)) {
            words->at++;
        }
        words->part = words->at;
        while (words->part < words->end && !divides(*words->part)) {
            words->part++;
        }
        if (take_key(words, out)) {
            return true;
        }
    }
    return false;
}
