/*
 * Power cuts and failing calls at every point of a transaction, its recovery included:
 * what is found afterwards is exactly the old or the new state.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crashdisk.h"
#include "sg/txn.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* --- the example: replaced, removed, new, emptied and new folders, file and folder that
 * change places, a mode alone, and the lock that goes last --- */

static struct crashdisk *old_disk(void) {
    struct crashdisk *crash = crashdisk_new();
    crashdisk_add(crash, "sgupgrade.lock", "version 1", 0644);
    crashdisk_add(crash, "base/a.yaml", "old a", 0644);
    crashdisk_add(crash, "base/run.sh", "script", 0644);
    crashdisk_add(crash, "base/gone/x.yaml", "old x", 0600);
    crashdisk_add(crash, "base/turn", "a file", 0644);
    crashdisk_add(crash, "base/swap/y.yaml", "in a folder", 0644);
    crashdisk_add(crash, "mine.yaml", "untouched", 0644);
    return crash;
}

static void put(struct sg_txn *txn, const char *path, const char *text, uint32_t mode) {
    sg_txn_put(txn, path, text, strlen(text), mode);
}

static void put_all(struct sg_txn *txn) {
    put(txn, "sgupgrade.lock", "version 2", 0);
    put(txn, "base/a.yaml", "new a", 0);
    put(txn, "base/run.sh", "script", 0755);
    put(txn, "base/new/deep/b.yaml", "new b", 0);
    sg_txn_remove(txn, "base/gone/x.yaml");
    sg_txn_remove(txn, "base/turn");
    put(txn, "base/turn/z.yaml", "in a folder now", 0);
    sg_txn_remove(txn, "base/swap/y.yaml");
    put(txn, "base/swap", "a file now", 0);
}

static const struct sg_txn_opts opts = {.write = true, .last = "sgupgrade.lock"};

/* Opens (which recovers) and commits; 0 where both went well. */
static int run(struct crashdisk *crash, struct sg_err *err) {
    sg_auto_txn txn = sg_txn_open(crashdisk_disk(crash), &opts, err);
    if (!txn) {
        return -1;
    }
    put_all(txn);
    return sg_txn_commit(txn, NULL, NULL, err);
}

static int recover(struct crashdisk *crash, struct sg_err *err) {
    sg_auto_txn txn = sg_txn_open(crashdisk_disk(crash), &opts, err);
    return txn ? 0 : -1;
}

struct states {
    struct sg_buf old, new, now;
};

static void states_init(struct states *s) {
    struct sg_err err = {0};
    struct crashdisk *crash = old_disk();
    *s = (struct states){0};
    crashdisk_state(crash, &s->old);
    assert_int_equal(run(crash, &err), 0);
    crashdisk_state(crash, &s->new);
    crashdisk_free(crash);
}

static void states_release(struct states *s) {
    sg_buf_release(&s->old);
    sg_buf_release(&s->new);
    sg_buf_release(&s->now);
}

/* 'o', 'n', or '?' for a mix. */
static char which(struct states *s, const struct crashdisk *crash) {
    crashdisk_state(crash, &s->now);
    if (strcmp(s->now.ptr, s->old.ptr) == 0) {
        return 'o';
    }
    return strcmp(s->now.ptr, s->new.ptr) == 0 ? 'n' : '?';
}

/* --- choosing what survives --- */

/* Sets of survivors a cut: all of them where there are few, else random ones. The second
 * cut, in recovery, is tried for the first sets of each. */
enum { SAMPLES = 48, DEEP_SETS = 3, DEEP_SAMPLES = 4 };

struct picker {
    uint64_t seed;
    size_t count;       /* choices */
    size_t values[512]; /* how many each has */
    size_t picked[512];
    size_t left; /* samples left, or SIZE_MAX while counting through */
};

static uint64_t next_random(struct picker *p) {
    p->seed ^= p->seed << 13;
    p->seed ^= p->seed >> 7;
    p->seed ^= p->seed << 17;
    return p->seed;
}

static void pick_random(struct picker *p) {
    /* all durable, all newest, else each on its own */
    for (size_t i = 0; i < p->count; i++) {
        p->picked[i] = p->left == 1   ? 0
                       : p->left == 2 ? p->values[i] - 1
                                      : next_random(p) % p->values[i];
    }
}

static void picker_init(struct picker *p, const struct crashdisk *crash, uint64_t seed,
                        size_t samples) {
    size_t all = 1;
    memset(p, 0, sizeof(*p));
    p->seed = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    p->count = crashdisk_choices(crash);
    assert_true(p->count < SG_ARRAY_LEN(p->values));
    for (size_t i = 0; i < p->count; i++) {
        p->values[i] = crashdisk_values(crash, i);
        all = all > samples ? all : all * p->values[i];
    }
    p->left = all <= samples ? SIZE_MAX : samples;
    if (p->left != SIZE_MAX) {
        pick_random(p);
    }
}

/* The next set of survivors; false after the last. */
static bool picker_next(struct picker *p) {
    if (p->left != SIZE_MAX) {
        p->left--;
        if (p->left > 0) {
            pick_random(p);
        }
        return p->left > 0;
    }
    for (size_t i = 0; i < p->count; i++) {
        if (++p->picked[i] < p->values[i]) {
            return true;
        }
        p->picked[i] = 0;
    }
    return false;
}

/* --- power cuts --- */

struct tally {
    size_t cuts, old, new, mixes;
    char first[600]; /* where the first mix was seen */
};

static void note_mix(struct tally *tally, const char *what, size_t n) {
    if (tally->mixes++ == 0) {
        snprintf(tally->first, sizeof(tally->first), "%s at call %zu", what, n);
    }
}

/* Recovers without trouble and looks what came of it. */
static void settle(struct states *s, struct crashdisk *crash, struct tally *tally,
                   const char *what, size_t n) {
    struct sg_err err = {0};
    if (recover(crash, &err)) {
        note_mix(tally, err.text, n);
        return;
    }
    char state = which(s, crash);
    tally->old += state == 'o';
    tally->new += state == 'n';
    if (state == '?') {
        note_mix(tally, what, n);
    }
}

/* Cuts the power at every call of the recovery of `crash`. */
static void cut_recovery(struct states *s, const struct crashdisk *crash,
                         const size_t *survivors, unsigned lies, struct tally *tally,
                         size_t first) {
    for (size_t n = 0;; n++) {
        struct sg_err err = {0};
        struct picker p;
        struct crashdisk *again = crashdisk_after_cut(crash, survivors);
        crashdisk_reset_calls(again);
        crashdisk_lie(again, lies);
        crashdisk_cut_at(again, n);
        (void)!recover(again, &err);
        bool cut = crashdisk_is_cut(again);
        picker_init(&p, again, first * 1000 + n, DEEP_SAMPLES);
        do {
            struct crashdisk *after = crashdisk_after_cut(again, p.picked);
            tally->cuts++;
            settle(s, after, tally, "second cut, in recovery", n);
            crashdisk_free(after);
        } while (cut && picker_next(&p));
        crashdisk_free(again);
        if (!cut) {
            return;
        }
    }
}

/* Cuts the power at every call of a transaction. `deep`: also at every call of every
 * recovery that follows, for some of the survivors. */
static struct tally cut_everywhere(unsigned lies, int no_links, bool deep) {
    struct tally tally = {0};
    struct states s;
    states_init(&s);
    for (size_t n = 0;; n++) {
        struct sg_err err = {0};
        struct picker p;
        struct crashdisk *crash = old_disk();
        crashdisk_reset_calls(crash);
        crashdisk_no_links(crash, no_links);
        crashdisk_lie(crash, lies);
        crashdisk_cut_at(crash, n);
        int rc = run(crash, &err);
        bool cut = crashdisk_is_cut(crash);
        picker_init(&p, crash, n + 1, SAMPLES);
        size_t sets = 0;
        do {
            struct crashdisk *after = crashdisk_after_cut(crash, p.picked);
            size_t new_before = tally.new;
            tally.cuts++;
            settle(&s, after, &tally, "cut", n);
            if (rc == 0 && tally.new == new_before) {
                note_mix(&tally, "success was reported, the new state is not there", n);
            }
            crashdisk_free(after);
            if (deep && sets++ < DEEP_SETS) {
                cut_recovery(&s, crash, p.picked, lies, &tally, n);
            }
        } while (picker_next(&p));
        crashdisk_free(crash);
        if (!cut) {
            states_release(&s);
            return tally;
        }
    }
}

static void test_power_cuts(void **state) {
    (void)state;
    struct tally t = cut_everywhere(0, 0, true);
    print_message("%zu power cuts: %zu old, %zu new, %zu mixes %s\n", t.cuts, t.old,
                  t.new, t.mixes, t.first);
    assert_int_equal(t.mixes, 0);
    assert_true(t.cuts > 2000 && t.old > 0 && t.new > 0);
}

static void test_power_cuts_without_links(void **state) {
    (void)state;
    struct tally t = cut_everywhere(0, EPERM, true);
    print_message("%zu power cuts without hard links: %zu old, %zu new, %zu mixes %s\n",
                  t.cuts, t.old, t.new, t.mixes, t.first);
    assert_int_equal(t.mixes, 0);
    assert_true(t.old > 0 && t.new > 0);
}

/* The test would notice a missing sync: with each class off there is a mix. */
static void test_every_sync_is_needed(void **state) {
    static const struct {
        unsigned class;
        const char *name;
    } classes[] = {{CRASH_CONTENT, "contents"},
                   {CRASH_STAGE, "entries of .sgupgrade"},
                   {CRASH_PARENTS, "entries of the project's folders"}};
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(classes); i++) {
        struct tally t = cut_everywhere(classes[i].class, 0, false);
        print_message("without syncs of %s: %zu of %zu cuts end in a mix (%s)\n",
                      classes[i].name, t.mixes, t.cuts, t.first);
        assert_true(t.mixes > 0);
    }
}

/* --- failing calls --- */

/* One failing call: the state is old or new, an error is explained, and the next command
 * makes it whole. `on`: every later call fails too, so that not even the way back works.
 */
static size_t fail_everywhere(int errnum, bool on) {
    struct states s;
    size_t n = 0;
    states_init(&s);
    for (;; n++) {
        struct sg_err err = {0}, later = {0};
        struct crashdisk *crash = old_disk();
        crashdisk_reset_calls(crash);
        crashdisk_fail_at(crash, n, errnum, on);
        int rc = run(crash, &err);
        bool reached = crashdisk_calls(crash) > n;
        crashdisk_fail_at(crash, SIZE_MAX, 0, false);
        char seen = which(&s, crash);
        if (rc == 0) {
            assert_int_equal(seen, 'n');
        } else {
            assert_true(err.code == SG_E_IO && err.text[0] && err.hint[0]);
            bool kept = strstr(err.text, SG_TXN_JOURNAL) != NULL;
            assert_true(seen == 'o' || kept);
        }
        assert_int_equal(recover(crash, &later), 0);
        assert_true(which(&s, crash) != '?');
        crashdisk_free(crash);
        if (!reached) {
            break;
        }
    }
    states_release(&s);
    return n;
}

static void test_failing_calls(void **state) {
    static const int errors[] = {ENOSPC, EIO, EACCES, EROFS};
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(errors); i++) {
        size_t once = fail_everywhere(errors[i], false);
        size_t on = fail_everywhere(errors[i], true);
        print_message("%s: %zu calls failed once, %zu from there on\n",
                      strerror(errors[i]), once, on);
        assert_true(once > 60 && on > 60);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_power_cuts),
        cmocka_unit_test(test_power_cuts_without_links),
        cmocka_unit_test(test_every_sync_is_needed),
        cmocka_unit_test(test_failing_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
