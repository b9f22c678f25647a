#include "sg/suggest.h"

#include <limits.h>
#include <string.h>

static int fold(char c) {
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static unsigned min2(unsigned a, unsigned b) {
    return a < b ? a : b;
}

/* Optimal string alignment: three rows of the edit matrix are enough, the third for
 * swaps. */
unsigned sg_suggest_distance(const char *a, const char *b) {
    size_t alen = strlen(a), blen = strlen(b);
    if (alen > SG_SUGGEST_MAX || blen > SG_SUGGEST_MAX) {
        return UINT_MAX;
    }
    unsigned rows[3][SG_SUGGEST_MAX + 1];
    for (size_t j = 0; j <= blen; j++) {
        rows[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= alen; i++) {
        unsigned *now = rows[i % 3], *above = rows[(i + 2) % 3];
        const unsigned *two_above = rows[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= blen; j++) {
            unsigned change = fold(a[i - 1]) == fold(b[j - 1]) ? 0 : 1;
            now[j] = min2(above[j - 1] + change, min2(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1])) {
                now[j] = min2(now[j], two_above[j - 2] + 1);
            }
        }
    }
    return rows[alen % 3][blen];
}

void sg_suggest_init(struct sg_suggest *suggest, const char *word) {
    *suggest = (struct sg_suggest){.word = word, .distance = UINT_MAX};
}

void sg_suggest_offer(struct sg_suggest *suggest, const char *candidate) {
    unsigned distance = sg_suggest_distance(suggest->word, candidate);
    if (distance < suggest->distance) {
        suggest->best = candidate;
        suggest->distance = distance;
    }
}

const char *sg_suggest_best(const struct sg_suggest *suggest) {
    size_t limit = strlen(suggest->word) / 3;
    if (limit == 0) {
        limit = 1;
    }
    return suggest->best && suggest->distance <= limit ? suggest->best : NULL;
}
