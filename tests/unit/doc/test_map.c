/* Maps: order, look-ups, the index of large maps against a plain list, equality. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/doc.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct fixture {
    struct sg_atoms *atoms;
    struct sg_docs docs;
};

static int setup(void **state) {
    struct fixture *f = sg_xcalloc(1, sizeof(*f));
    f->atoms = sg_atoms_new();
    sg_docs_init(&f->docs, f->atoms);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    sg_docs_release(&f->docs);
    sg_atoms_free(f->atoms);
    free(f);
    return 0;
}

static sg_atom key(struct fixture *f, unsigned n) {
    char text[16];
    snprintf(text, sizeof(text), "k%u", n);
    return sg_atom_of(f->atoms, text);
}

/* Every key of 0..limit: sg_map_find agrees with a scan. */
static void check_against_scan(struct fixture *f, const struct sg_node *map,
                               unsigned limit) {
    for (unsigned n = 0; n < limit; n++) {
        sg_atom wanted = key(f, n);
        const struct sg_entry *first = NULL;
        for (uint32_t i = 0; i < map->len && !first; i++) {
            first = map->entries[i].key == wanted ? &map->entries[i] : NULL;
        }
        assert_ptr_equal(sg_map_find(map, wanted), first);
    }
}

static bool drop_some(const struct sg_entry *entry, void *ctx) {
    return (entry->key->text[entry->key->len - 1] - '0') % 3 == *(int *)ctx;
}

/* Random puts, repeats and removals on a map that passes the border both ways. */
static void test_index_agrees_with_scan(void **state) {
    struct fixture *f = *state;
    enum { KEYS = 200 };
    uint64_t seed = 42;
    struct sg_node *map = sg_map_new(&f->docs);
    struct sg_node *value = sg_str_new(&f->docs, "v");
    for (unsigned step = 0; step < 6000; step++) {
        seed = seed * UINT64_C(6364136223846793005) + 1;
        sg_atom chosen = key(f, (unsigned)(seed >> 33) % KEYS);
        unsigned what = (unsigned)(seed >> 60);
        if (what < 8) {
            sg_map_put(&f->docs, map, chosen, value);
        } else if (what < 9) {
            sg_map_append(&f->docs, map, chosen, value);
        } else if (what < 15) {
            bool had = sg_map_get(map, chosen) != NULL;
            assert_int_equal(sg_map_remove(map, chosen), had);
            assert_null(sg_map_get(map, chosen));
        } else if (step % 7 == 0) {
            int rest = (int)(step % 3);
            sg_map_remove_if(map, drop_some, &rest);
        }
        if (step % 20 == 0) {
            check_against_scan(f, map, KEYS);
        }
    }
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Not a benchmark: a quadratic map of this size would take minutes. */
static void test_many_keys(void **state) {
    struct fixture *f = *state;
    enum { MANY = 200000 };
    double start = seconds();
    struct sg_node *map = sg_map_new(&f->docs);
    struct sg_node *value = sg_str_new(&f->docs, "v");
    for (unsigned n = 0; n < MANY; n++) {
        sg_map_put(&f->docs, map, key(f, n), value);
    }
    assert_int_equal(map->len, MANY);
    for (unsigned n = 0; n < MANY; n++) {
        assert_ptr_equal(sg_map_get(map, key(f, n)), value);
    }
    const struct sg_node *copy = sg_node_clone(&f->docs, map);
    assert_true(sg_node_equal(map, copy));
    print_message("%d keys: %.2f s\n", MANY, seconds() - start);
}

static void test_order_and_edit(void **state) {
    struct fixture *f = *state;
    struct sg_docs *d = &f->docs;
    struct sg_node *map = sg_map_new(d);
    sg_map_put(d, map, SG_ATOM(name), sg_str_new(d, "one"));
    sg_map_put(d, map, SG_ATOM(kind), sg_null_new(d));
    sg_map_put(d, map, SG_ATOM(name), sg_str_new(d, "two"));
    assert_int_equal(map->len, 2);
    assert_string_equal(sg_text(map->entries[0].value), "two");
    assert_string_equal(sg_text(sg_map_gets(map, "name")), "two");
    assert_null(sg_map_gets(map, "nam"));
    assert_true(sg_is_null(sg_map_get(map, SG_ATOM(kind))));
    assert_true(sg_is_map(sg_map_ensure(d, map, SG_ATOM(kind))));
    assert_null(sg_map_ensure(d, map, SG_ATOM(name)));
    const sg_atom way[] = {SG_ATOM(kind), SG_ATOM(name)};
    assert_null(sg_map_path(map, way, 2));

    struct sg_node *seq = sg_seq_new(d);
    for (unsigned n = 0; n < 10; n++) {
        sg_seq_insert(d, seq, n / 2, sg_str_new(d, "x"));
    }
    sg_seq_remove(seq, 9);
    sg_seq_remove(seq, 0);
    assert_int_equal(seq->len, 8);
}

static struct sg_node *plain(struct sg_docs *d, const char *text, enum sg_style style) {
    return sg_scalar_new(d, text, strlen(text), SG_TAG_NONE, style);
}

static void test_equal(void **state) {
    struct fixture *f = *state;
    struct sg_docs *d = &f->docs;
    assert_true(sg_node_equal(plain(d, "~", SG_PLAIN), sg_null_new(d)));
    assert_false(sg_node_equal(plain(d, "1", SG_PLAIN), plain(d, "1", SG_DOUBLE)));
    assert_true(sg_node_equal(plain(d, "a", SG_PLAIN), plain(d, "a", SG_LITERAL)));
    struct sg_node *a = sg_map_new(d), *b = sg_map_new(d);
    sg_map_put(d, a, SG_ATOM(name), sg_str_new(d, "x"));
    sg_map_put(d, a, SG_ATOM(kind), sg_str_new(d, "y"));
    sg_map_put(d, b, SG_ATOM(kind), sg_str_new(d, "y"));
    assert_false(sg_node_equal(a, b));
    sg_map_put(d, b, SG_ATOM(name), sg_str_new(d, "x"));
    assert_true(sg_node_equal(a, b));
    struct sg_node *c = sg_map_new(d); /* name twice: not the same as name and kind */
    sg_map_append(d, c, SG_ATOM(name), sg_str_new(d, "x"));
    sg_map_append(d, c, SG_ATOM(name), sg_str_new(d, "x"));
    assert_false(sg_node_equal(c, a));
    assert_false(sg_node_equal(a, c));
}

static void test_positions(void **state) {
    struct fixture *f = *state;
    struct sg_err err = {0};
    int one = sg_docs_add_source(&f->docs, "one", "a\nb\xC3\xA9x", 6, &err);
    int two = sg_docs_add_source(&f->docs, "two", "", 0, &err);
    assert_true(one == 0 && two == 1);
    uint32_t base = f->docs.sources.items[0].base;
    assert_null(sg_docs_pos(&f->docs, 0).file);
    struct sg_pos at = sg_docs_pos(&f->docs, base + 5); /* the x */
    assert_string_equal(at.file, "one");
    assert_true(at.line == 2 && at.column == 3);
    at = sg_docs_pos(&f->docs, base + 6);
    assert_true(at.line == 2 && at.column == 4);
    at = sg_docs_pos(&f->docs, f->docs.sources.items[1].base);
    assert_string_equal(at.file, "two");
    assert_true(at.line == 1 && at.column == 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_index_agrees_with_scan),
        TEST(test_many_keys),
        TEST(test_order_and_edit),
        TEST(test_equal),
        TEST(test_positions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
