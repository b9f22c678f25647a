/* Arena, atoms, string map, buffers, errors, sort, digests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/arena.h"
#include "sg/atom.h"
#include "sg/buf.h"
#include "sg/diag.h"
#include "sg/sha256.h"
#include "sg/sort.h"
#include "sg/strmap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void test_arena(void **state) {
    struct sg_arena arena;
    (void)state;
    sg_arena_init(&arena);
    char *texts[3000];
    for (size_t i = 0; i < SG_ARRAY_LEN(texts); i++) {
        uint64_t *piece = sg_arena_alloc(&arena, i % 100);
        assert_int_equal((uintptr_t)piece % 8, 0);
        for (size_t j = 0; j < i % 100; j++) {
            assert_int_equal(((char *)piece)[j], 0);
        }
        memset(piece, 0xff, i % 100);
        texts[i] = sg_arena_printf(&arena, "text %zu", i);
    }
    char *large = sg_arena_alloc(&arena, 5000000);
    assert_int_equal(large[4999999], 0);
    for (size_t i = 0; i < SG_ARRAY_LEN(texts); i++) {
        char expected[32];
        snprintf(expected, sizeof(expected), "text %zu", i);
        assert_string_equal(texts[i], expected);
    }
    sg_arena_release(&arena);
}

static void test_atoms(void **state) {
    (void)state;
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_err err = {0};
    char text[16];
    assert_ptr_equal(sg_atom_of(atoms, "metadata"), SG_ATOM(metadata));
    assert_null(sg_atom_find(atoms, "k0", 2));
    for (unsigned i = 0; i < 20000; i++) {
        int len = snprintf(text, sizeof(text), "k%u", i);
        assert_non_null(sg_atom_intern(atoms, text, (size_t)len, &err));
    }
    sg_atom one = sg_atom_of(atoms, "k77");
    assert_ptr_equal(sg_atom_find(atoms, "k77", 3), one);
    assert_ptr_not_equal(sg_atom_intern(atoms, "a\0b", 3, &err),
                         sg_atom_intern(atoms, "a\0c", 3, &err));
    unsigned i = 0;
    while (i < SG_ATOM_MAX && err.code == SG_OK) {
        int len = snprintf(text, sizeof(text), "m%u", i++);
        (void)!sg_atom_intern(atoms, text, (size_t)len, &err);
    }
    assert_int_equal(err.code, SG_E_LIMIT);
    assert_ptr_equal(sg_atom_of(atoms, "k77"), one);
    sg_atoms_free(atoms);
}

/* Against an array of what must be there. */
static void test_strmap(void **state) {
    enum { KEYS = 300 };
    void *expected[KEYS] = {0};
    sg_auto_strmap map = {0};
    uint64_t seed = 7;
    char key[16];
    (void)state;
    for (unsigned step = 0; step < 20000; step++) {
        seed = seed * UINT64_C(6364136223846793005) + 1;
        unsigned n = (unsigned)(seed >> 33) % KEYS;
        size_t len = (size_t)snprintf(key, sizeof(key), "%u", n);
        if (seed >> 63) {
            assert_int_equal(sg_strmap_remove(&map, key, len), expected[n] != NULL);
            expected[n] = NULL;
        } else {
            assert_ptr_equal(sg_strmap_put(&map, key, len, &expected[n]), expected[n]);
            expected[n] = &expected[n];
        }
        assert_ptr_equal(sg_strmap_get(&map, key, len), expected[n]);
    }
    size_t there = 0;
    for (unsigned n = 0; n < KEYS; n++) {
        size_t len = (size_t)snprintf(key, sizeof(key), "%u", n);
        assert_int_equal(sg_strmap_has(&map, key, len), expected[n] != NULL);
        there += expected[n] != NULL;
    }
    assert_int_equal(map.len, there);
}

static void test_buf(void **state) {
    (void)state;
    sg_auto_buf buf = {.max = 10};
    assert_string_equal(sg_buf_cstr(&buf), "");
    sg_buf_addf(&buf, "%s-%d", "ab", 12);
    assert_false(buf.over);
    sg_buf_adds(&buf, "123456789");
    assert_true(buf.over);
    assert_string_equal(buf.ptr, "ab-1212345");
    sg_buf_addc(&buf, 'x');
    sg_buf_addf(&buf, "%d", 7);
    assert_int_equal(buf.len, 10);
    sg_buf_clear(&buf);
    assert_false(buf.over);
    sg_auto_cstr taken = sg_buf_take(&buf);
    assert_string_equal(taken, "");
}

static void note_text(void *ctx, const struct sg_diag *diag) {
    snprintf(ctx, 64, "%s", diag->text);
}

/* What a message quotes must not break its line, nor act on a terminal. */
static void test_messages_are_one_line(void **state) {
    struct sg_err err = {0};
    char text[64] = "";
    const struct sg_diag_sink sink = {note_text, text};
    (void)state;
    sg_fail(&err, SG_E_INPUT, "found '%s'", "a\r\n\tb\033[1m\x7f");
    sg_err_hint(&err, "say\nit");
    sg_err_wrap(&err, "file %s", "x\ny");
    assert_string_equal(err.text, "file x\\ny: found 'a\\r\\n\\tb\\x1b[1m\\x7f'");
    assert_string_equal(err.hint, "say\\nit");
    sg_diag(&sink, "", "", SG_WARNING, (struct sg_pos){0}, "a%cb", '\n');
    assert_string_equal(text, "a\\nb");

    char lines[600];
    memset(lines, '\n', sizeof(lines) - 1);
    lines[sizeof(lines) - 1] = '\0';
    sg_err_clear(&err);
    sg_fail(&err, SG_E_INPUT, "%s", lines);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    assert_null(strchr(err.text, '\n'));
}

static void test_err(void **state) {
    (void)state;
    struct sg_err err = {0};
    char longer[600];
    assert_int_equal(sg_fail_sys(&err, ENOENT, "cannot read %s", "x"), -1);
    assert_string_equal(err.text, "cannot read x: No such file or directory");
    (void)sg_fail(&err, SG_E_INPUT, "second");
    assert_int_equal(err.code, SG_E_IO);
    sg_err_wrap(&err, "overlay %d", 1);
    assert_string_equal(err.text, "overlay 1: cannot read x: No such file or directory");
    sg_err_locate(&err, (struct sg_pos){"f", 2, 3});
    sg_err_locate(&err, (struct sg_pos){"g", 4, 5});
    assert_true(strcmp(err.file, "f") == 0 && err.line == 2);
    sg_err_clear(&err);
    /* two bytes a letter, so that the cut falls into one */
    for (size_t i = 0; i < sizeof(longer) - 1; i++) {
        longer[i] = (i & 1) ? '\xA9' : '\xC3';
    }
    longer[sizeof(longer) - 1] = '\0';
    (void)sg_fail(&err, SG_E_INPUT, "%s", longer);
    assert_int_equal(strlen(err.text), 510);
    assert_int_equal(sg_fail(NULL, SG_E_INPUT, "nobody listens"), -1);
}

static bool tens_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return *(const int *)a / 10 < *(const int *)b / 10;
}

static void test_sort_is_stable(void **state) {
    int items[] = {31, 12, 30, 11, 25, 10, 39, 24};
    const int sorted[] = {12, 11, 10, 25, 24, 31, 30, 39};
    (void)state;
    sg_sort(items, SG_ARRAY_LEN(items), sizeof(items[0]), tens_less, NULL);
    assert_memory_equal(items, sorted, sizeof(items));
    assert_true(sg_bytes_cmp("a", 1, "ab", 2) < 0 && sg_bytes_cmp("b", 1, "ab", 2) > 0);
    assert_int_equal(sg_bytes_cmp("ab", 2, "ab", 2), 0);
}

static void test_sha256(void **state) {
    char hex[SG_SHA256_HEX + 1];
    (void)state;
    sg_sha256_hex(NULL, 0, hex); /* FIPS 180-4 examples */
    assert_string_equal(
        hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sg_sha256_hex("abc", 3, hex);
    assert_string_equal(
        hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_atoms),
        cmocka_unit_test(test_strmap),
        cmocka_unit_test(test_buf),
        cmocka_unit_test(test_err),
        cmocka_unit_test(test_messages_are_one_line),
        cmocka_unit_test(test_sort_is_stable),
        cmocka_unit_test(test_sha256),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
