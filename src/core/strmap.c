/* strmap.c - open addressing over SipHash-1-3 with a key drawn once a process. */
#include "sg/strmap.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

struct sg_strmap_slot {
    char *key; /* NULL: empty */
    size_t len;
    uint64_t hash;
    void *value;
};

/* --- the keyed hash --- */

static struct {
    pthread_once_t once;
    uint64_t k0, k1;
} secret = {.once = PTHREAD_ONCE_INIT};

static void draw_secret(void) {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    return; /* a fuzzer's run is repeated by its seed */
#endif
    uint64_t keys[2];
    if (getrandom(keys, sizeof(keys), GRND_NONBLOCK) != (ssize_t)sizeof(keys)) {
        /* early boot or a strict sandbox: unpredictable enough against a file written
         * before the process started */
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        keys[0] = (uint64_t)now.tv_nsec * UINT64_C(0x9E3779B97F4A7C15);
        keys[1] = (uint64_t)(uintptr_t)&now ^ ((uint64_t)getpid() << 32);
    }
    secret.k0 = keys[0];
    secret.k1 = keys[1];
}

static inline uint64_t rotl(uint64_t x, int bits) {
    return (x << bits) | (x >> (64 - bits));
}

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline void sip_round(struct sip *s) {
    s->v0 += s->v1;
    s->v1 = rotl(s->v1, 13) ^ s->v0;
    s->v0 = rotl(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotl(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotl(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotl(s->v1, 17) ^ s->v2;
    s->v2 = rotl(s->v2, 32);
}

/* SipHash (Aumasson and Bernstein, 2012) with one compression and three final rounds. */
uint64_t sg_hash(const void *bytes, size_t len) {
    pthread_once(&secret.once, draw_secret);
    struct sip s = {
        secret.k0 ^ UINT64_C(0x736f6d6570736575),
        secret.k1 ^ UINT64_C(0x646f72616e646f6d),
        secret.k0 ^ UINT64_C(0x6c7967656e657261),
        secret.k1 ^ UINT64_C(0x7465646279746573),
    };
    const unsigned char *at = bytes;
    size_t left = len;
    for (; left >= 8; at += 8, left -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        s.v3 ^= word;
        sip_round(&s);
        s.v0 ^= word;
    }
    uint64_t last = (uint64_t)len << 56;
    for (size_t i = 0; i < left; i++) {
        last |= (uint64_t)at[i] << (8 * i);
    }
    s.v3 ^= last;
    sip_round(&s);
    s.v0 ^= last;
    s.v2 ^= 0xff;
    sip_round(&s);
    sip_round(&s);
    sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

/* --- the table --- */

void sg_strmap_release(struct sg_strmap *map) {
    for (size_t i = 0; i < map->cap; i++) {
        free(map->slots[i].key);
    }
    free(map->slots);
    *map = (struct sg_strmap){0};
}

/* The slot that holds the key, or the empty one where it would go. cap is a power of two
 * and never full. */
static size_t probe(const struct sg_strmap *map, const char *key, size_t len,
                    uint64_t hash) {
    size_t i = (size_t)hash & (map->cap - 1);
    for (;; i = (i + 1) & (map->cap - 1)) {
        const struct sg_strmap_slot *slot = &map->slots[i];
        if (!slot->key || (slot->hash == hash && slot->len == len &&
                           (len == 0 || memcmp(slot->key, key, len) == 0))) {
            return i;
        }
    }
}

static const struct sg_strmap_slot *find(const struct sg_strmap *map, const char *key,
                                         size_t len) {
    if (map->len == 0) {
        return NULL;
    }
    const struct sg_strmap_slot *slot =
        &map->slots[probe(map, key, len, sg_hash(key, len))];
    return slot->key ? slot : NULL;
}

void *sg_strmap_get(const struct sg_strmap *map, const char *key, size_t len) {
    const struct sg_strmap_slot *slot = find(map, key, len);
    return slot ? slot->value : NULL;
}

bool sg_strmap_has(const struct sg_strmap *map, const char *key, size_t len) {
    return find(map, key, len) != NULL;
}

static void grow(struct sg_strmap *map) {
    struct sg_strmap bigger = {.len = map->len, .cap = map->cap ? map->cap * 2 : 16};
    bigger.slots = sg_xcalloc(bigger.cap, sizeof(*bigger.slots));
    for (size_t i = 0; i < map->cap; i++) {
        const struct sg_strmap_slot *slot = &map->slots[i];
        if (slot->key) {
            bigger.slots[probe(&bigger, slot->key, slot->len, slot->hash)] = *slot;
        }
    }
    free(map->slots);
    *map = bigger;
}

void *sg_strmap_put(struct sg_strmap *map, const char *key, size_t len, void *value) {
    if ((map->len + 1) * 4 > map->cap * 3) {
        grow(map);
    }
    uint64_t hash = sg_hash(key, len);
    struct sg_strmap_slot *slot = &map->slots[probe(map, key, len, hash)];
    if (slot->key) {
        void *before = slot->value;
        slot->value = value;
        return before;
    }
    *slot = (struct sg_strmap_slot){sg_xstrndup(key, len), len, hash, value};
    map->len++;
    return NULL;
}

bool sg_strmap_remove(struct sg_strmap *map, const char *key, size_t len) {
    if (map->len == 0) {
        return false;
    }
    size_t mask = map->cap - 1;
    size_t hole = probe(map, key, len, sg_hash(key, len));
    if (!map->slots[hole].key) {
        return false;
    }
    free(map->slots[hole].key);
    /* close the hole: move back every later slot of the run that may live in it */
    for (size_t i = (hole + 1) & mask; map->slots[i].key; i = (i + 1) & mask) {
        size_t home = (size_t)map->slots[i].hash & mask;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            map->slots[hole] = map->slots[i];
            hole = i;
        }
    }
    map->slots[hole] = (struct sg_strmap_slot){0};
    map->len--;
    return true;
}
