#include "vocabulary.h"

#include "sg/strmap.h"
#include "words.h"

void vocabulary_release(struct vocabulary *vocabulary) {
    sg_vec_release(&vocabulary->hashes);
    sg_vec_release(&vocabulary->keys);
    sg_vec_release(&vocabulary->places);
    sg_vec_release(&vocabulary->texts);
    free(vocabulary->slots);
    vocabulary->slots = NULL;
    vocabulary->cap = 0;
}

/* The slot of a word, or the empty one where it would go. */
static uint32_t *slot_of(const struct vocabulary *vocabulary, uint64_t hash) {
    size_t at = (size_t)hash & (vocabulary->cap - 1);
    for (;; at = (at + 1) & (vocabulary->cap - 1)) {
        uint32_t *slot = &vocabulary->slots[at];
        if (*slot == 0 || vocabulary->hashes.items[*slot - 1] == hash) {
            return slot;
        }
    }
}

static void grow(struct vocabulary *vocabulary) {
    size_t cap = vocabulary->cap == 0 ? 4096 : vocabulary->cap * 2;
    free(vocabulary->slots);
    vocabulary->slots = sg_xcalloc(cap, sizeof(*vocabulary->slots));
    vocabulary->cap = cap;
    for (size_t i = 0; i < vocabulary->hashes.len; i++) {
        *slot_of(vocabulary, vocabulary->hashes.items[i]) = (uint32_t)i + 1;
    }
}

/* The hash is 64 bits wide and keyed: no two words that anybody meets share one. */
static uint32_t number_of(struct vocabulary *vocabulary, uint64_t hash, bool key) {
    if ((vocabulary->hashes.len + 1) * 2 > vocabulary->cap) {
        grow(vocabulary);
    }
    uint32_t *slot = slot_of(vocabulary, hash);
    if (*slot == 0) {
        sg_vec_push(&vocabulary->hashes, hash);
        sg_vec_push(&vocabulary->keys, key);
        sg_vec_push(&vocabulary->places, 0);
        sg_vec_push(&vocabulary->texts, 0);
        *slot = (uint32_t)vocabulary->hashes.len;
    }
    return *slot - 1;
}

/* A value is told by its key: "replicas: 1" is another word than "cpu: 1". */
static uint64_t below(uint64_t key, uint64_t hash) {
    return (key ^ (hash << 1 | hash >> 63)) * UINT64_C(0x9E3779B97F4A7C15);
}

void vocabulary_count(struct vocabulary *vocabulary, const char *text, size_t len,
                      struct word_counts *out) {
    uint32_t now = ++vocabulary->text;
    struct words words = words_of(text, len);
    struct word word;
    uint64_t key = 0;
    while (words_next(&words, &word)) {
        uint64_t hash = sg_hash(word.text.ptr, word.text.len);
        key = word.key ? hash : key;
        uint32_t number =
            number_of(vocabulary, word.key ? hash : below(key, hash), word.key);
        if (vocabulary->texts.items[number] == now) {
            out->items.items[vocabulary->places.items[number]].count++;
            continue;
        }
        vocabulary->texts.items[number] = now;
        vocabulary->places.items[number] = (uint32_t)out->items.len;
        sg_vec_push(&out->items, (struct word_count){number, 1});
    }
}
