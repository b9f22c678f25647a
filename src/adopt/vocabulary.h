/*
 * vocabulary.h - words as small numbers, so that what releases hold can be counted in
 * arrays.
 */
#ifndef SG_ADOPT_VOCABULARY_H
#define SG_ADOPT_VOCABULARY_H

#include "sg/base.h"

/* How often a text holds a word. */
struct word_count {
    uint32_t word, count;
};
struct word_counts {
    SG_VEC(struct word_count) items; /* each word once */
};

struct vocabulary {
    SG_VEC(uint64_t) hashes; /* of the words, by number */
    SG_VEC(bool) keys;       /* it is a key, not a value */
    SG_VEC(uint32_t) places; /* in the counts being made; valid where `texts` says so */
    SG_VEC(uint32_t) texts;  /* the text that was counted last */
    uint32_t *slots;         /* numbers plus one, by hash; 0: empty */
    size_t cap;              /* of the slots, a power of two */
    uint32_t text;
};
void vocabulary_release(struct vocabulary *vocabulary);
/* Appends the words of a text, those that are new get a number. Linear. */
void vocabulary_count(struct vocabulary *vocabulary, const char *text, size_t len,
                      struct word_counts *out);

#endif
