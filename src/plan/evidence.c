#include "evidence.h"

#include <ctype.h>
#include <string.h>

#include "sg/buf.h"
#include "sg/suggest.h"

enum { SAID = 3 };

static void add_reason(struct evidence *evidence, double strength, const char *what,
                       const char *detail) {
    if (evidence->len < EVIDENCE_REASONS) {
        evidence->reasons[evidence->len++] = (struct reason){strength, what, detail};
    }
}

void evidence_for(struct evidence *evidence, double strength, const char *what,
                  const char *detail) {
    if (strength > 0) {
        evidence->missing *= 1 - strength;
        evidence->solid = true;
        add_reason(evidence, strength, what, detail);
    }
}

void evidence_against(struct evidence *evidence, double strength, const char *what,
                      const char *detail) {
    if (strength > 0) {
        evidence->kept *= 1 - strength;
        add_reason(evidence, -strength, what, detail);
    }
}

void evidence_names(struct evidence *evidence, double most, const char *a,
                    const char *b) {
    double likeness = name_likeness(a, b);
    if (likeness >= 0.5) {
        evidence->missing *= 1 - most * likeness;
        add_reason(evidence, most * likeness,
                   strcmp(a, b) == 0 ? "same name" : "similar name", NULL);
    }
}

double evidence_score(const struct evidence *evidence) {
    double score = (1 - evidence->missing) * evidence->kept;
    return evidence->solid || score < EVIDENCE_NAMES_ONLY ? score : EVIDENCE_NAMES_ONLY;
}

/* --- in words --------------------------------------------------------------------- */

/* The strongest reason that is not said yet: those for it before those against. */
static const struct reason *next_reason(const struct evidence *evidence, bool against,
                                        const bool *said) {
    const struct reason *best = NULL;
    for (size_t i = 0; i < evidence->len; i++) {
        const struct reason *reason = &evidence->reasons[i];
        double size = against ? -reason->strength : reason->strength;
        if (size > 0 && !said[i] &&
            (best == NULL || size > (against ? -best->strength : best->strength))) {
            best = reason;
        }
    }
    return best;
}

static void say(const struct evidence *evidence, bool against, size_t most,
                struct sg_buf *out) {
    bool said[EVIDENCE_REASONS] = {false};
    for (size_t i = 0; i < most; i++) {
        const struct reason *reason = next_reason(evidence, against, said);
        if (reason == NULL) {
            return;
        }
        said[reason - evidence->reasons] = true;
        sg_buf_adds(out, out->len > 0 ? ", " : "");
        sg_buf_adds(out, against && i == 0 ? "but " : "");
        sg_buf_adds(out, reason->what);
        sg_buf_adds(out, reason->detail != NULL ? reason->detail : "");
    }
}

const char *evidence_why(const struct evidence *evidence, struct sg_arena *arena) {
    sg_auto_buf text = SG_BUF_INIT;
    say(evidence, false, SAID, &text);
    say(evidence, true, 1, &text);
    return sg_arena_strndup(arena, sg_buf_cstr(&text), text.len);
}

/* --- names ------------------------------------------------------------------------ */

enum { WORDS = 16 };
struct words {
    struct sg_str word[WORDS];
    size_t len;
};

static struct words words_of(const char *name) {
    struct words words = {.len = 0};
    while (*name != '\0' && words.len < WORDS) {
        size_t skip = 0, len = 0;
        while (name[skip] != '\0' && !isalnum((unsigned char)name[skip])) {
            skip++;
        }
        name += skip;
        while (isalnum((unsigned char)name[len])) {
            len++;
        }
        if (len > 0) {
            words.word[words.len++] = (struct sg_str){name, len};
        }
        name += len;
    }
    return words;
}

static size_t common_words(const struct words *a, const struct words *b) {
    bool taken[WORDS] = {false};
    size_t common = 0;
    for (size_t i = 0; i < a->len; i++) {
        for (size_t k = 0; k < b->len; k++) {
            if (!taken[k] && a->word[i].len == b->word[k].len &&
                strncasecmp(a->word[i].ptr, b->word[k].ptr, a->word[i].len) == 0) {
                taken[k] = true;
                common++;
                break;
            }
        }
    }
    return common;
}

/* All words of the one are in the other: half of it and the share of the words. */
static double word_likeness(const char *a, const char *b) {
    struct words x = words_of(a), y = words_of(b);
    size_t common = common_words(&x, &y);
    if (common == 0) {
        return 0;
    }
    double share = 2.0 * (double)common / (double)(x.len + y.len);
    size_t fewer = x.len < y.len ? x.len : y.len;
    return common == fewer ? 0.5 + share / 2 : share;
}

double name_likeness(const char *a, const char *b) {
    size_t alen = strlen(a), blen = strlen(b), longer = alen > blen ? alen : blen;
    if (longer == 0) {
        return 0;
    }
    unsigned edits = sg_suggest_distance(a, b);
    double letters = edits >= longer ? 0 : 1 - (double)edits / (double)longer;
    double words = word_likeness(a, b);
    return letters > words ? letters : words;
}
