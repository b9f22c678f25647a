/*
 * test_keyed.c - the fast merge of keyed lists against the general one, on random lists
 * that both can merge; and that a long list is no trouble.
 */
#include "helper.h"

#include "merge.h"

#include <stdio.h>

static const struct sg_field by_name = {
    .type = SG_FIELD_LIST, .merge = true, .keys_len = 1, .keys = {"name"}};
static const struct sg_field by_port = {
    .type = SG_FIELD_LIST, .merge = true, .keys_len = 2, .keys = {"port", "protocol"}};
static const struct sg_field by_value = {.type = SG_FIELD_LIST, .merge = true};

/* A small generator of our own: the same rows on every machine. */
static uint32_t next(uint32_t *seed, uint32_t below) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 16) % below;
}

static struct sg_node *element(struct fixture *f, const struct sg_field *field,
                               uint32_t *seed, const char *mark) {
    char text[32];
    snprintf(text, sizeof(text), "k%u", next(seed, 5));
    if (field->keys_len == 0) {
        return sg_str_new(&f->set, text);
    }
    struct sg_node *map = sg_map_new(&f->set);
    for (size_t k = 0; k < field->keys_len; k++) {
        sg_map_put(&f->set, map, sg_atom_of(f->atoms, field->keys[k]),
                   sg_str_new(&f->set, text));
        snprintf(text, sizeof(text), "p%u", next(seed, 2));
    }
    if (next(seed, 8) == 0) {
        sg_map_put(&f->set, map, SG_ATOM(patch_directive),
                   sg_str_new(&f->set, next(seed, 2) == 0 ? "delete" : "replace"));
    }
    snprintf(text, sizeof(text), "%s%u", mark, next(seed, 1000));
    sg_map_put(&f->set, map, sg_atom_of(f->atoms, mark), sg_str_new(&f->set, text));
    return map;
}

static struct sg_node *list(struct fixture *f, const struct sg_field *field,
                            uint32_t *seed, const char *mark) {
    struct sg_node *seq = sg_seq_new(&f->set);
    for (uint32_t n = next(seed, 7) + 1; n > 0; n--) {
        sg_seq_push(&f->set, seq, element(f, field, seed, mark));
    }
    return seq;
}

/* What the general steps make of the lists. */
static struct sg_node *general(struct fixture *f, const struct place *at,
                               struct sg_node *base, struct sg_node *patch) {
    struct merger m = {.ctx = &f->ctx, .err = &f->err};
    auto_outcomes outcomes = {0};
    auto_nodes result = {0};
    struct sg_node *seq = sg_seq_new(&f->set);
    assert_int_equal(merge_associative(&m, at, base, patch, &outcomes, &result), 0);
    for (size_t i = 0; i < result.v.len; i++) {
        sg_seq_push(&f->set, seq, result.v.items[i]);
    }
    return seq;
}

static void compare(const struct sg_field *field, uint32_t seed) {
    struct fixture f;
    fixture_init(&f);
    f.ctx.trace = NULL;
    f.ctx.diag = NULL;
    const struct place at = {.known = true, .field = *field};
    struct sg_node *base = list(&f, field, &seed, "b");
    struct sg_node *patch = next(&seed, 5) > 0 ? list(&f, field, &seed, "p") : NULL;
    struct sg_node *base_copy = sg_node_clone(&f.set, base);
    struct sg_node *patch_copy = patch != NULL ? sg_node_clone(&f.set, patch) : NULL;
    struct sg_node *expected = general(&f, &at, base_copy, patch_copy);
    struct sg_node *out = NULL;
    struct merger m = {.ctx = &f.ctx, .err = &f.err};
    assert_int_equal(merge_keyed(&m, &at, base, patch, &out), 0);
    sg_auto_cstr wanted = sg_xstrdup(fixture_print(&f, expected));
    assert_string_equal(fixture_print(&f, out), wanted);
    fixture_release(&f);
}

static void fast_equals_general(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 500; seed++) {
        compare(&by_name, seed);
        compare(&by_port, seed);
        compare(&by_value, seed);
    }
}

/* 200,000 elements on each side: done at once if linear, not to be waited for if
 * quadratic. */
static void long_lists(void **state) {
    (void)state;
    enum { COUNT = 200000 };
    struct fixture f;
    fixture_init(&f);
    struct sg_node *base = sg_seq_new(&f.set);
    struct sg_node *patch = sg_seq_new(&f.set);
    for (int i = 0; i < COUNT; i++) {
        char name[32];
        struct sg_node *had = sg_map_new(&f.set);
        struct sg_node *said = sg_map_new(&f.set);
        snprintf(name, sizeof(name), "n%d", i);
        sg_map_put(&f.set, had, SG_ATOM(name), sg_str_new(&f.set, name));
        snprintf(name, sizeof(name), "n%d", COUNT / 2 + i);
        sg_map_put(&f.set, said, SG_ATOM(name), sg_str_new(&f.set, name));
        sg_map_put(&f.set, said, SG_ATOM(value), sg_str_new(&f.set, "x"));
        sg_seq_push(&f.set, base, had);
        sg_seq_push(&f.set, patch, said);
    }
    const struct place at = {.known = true, .field = by_name};
    struct merger m = {.ctx = &f.ctx, .paths = f.paths, .err = &f.err};
    struct sg_node *out = NULL;
    assert_int_equal(merge_keyed(&m, &at, base, patch, &out), 0);
    assert_int_equal(out->len, COUNT + COUNT / 2);
    assert_string_equal(sg_text(sg_map_get(out->items[0], SG_ATOM(name))), "n100000");
    assert_string_equal(sg_text(sg_map_get(out->items[COUNT], SG_ATOM(name))), "n0");
    fixture_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fast_equals_general),
        cmocka_unit_test(long_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
