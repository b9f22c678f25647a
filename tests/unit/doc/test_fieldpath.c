/* Field paths and the trace that is keyed by them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/trace.h"

#include <string.h>

static void test_text_and_identity(void **state) {
    (void)state;
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_fieldpaths *paths = sg_fieldpaths_new(atoms);
    const struct sg_fieldpath *spec = sg_fieldpath_key(paths, NULL, SG_ATOM(spec));
    const struct sg_fieldpath *list = sg_fieldpath_key(paths, spec, SG_ATOM(env));
    const struct sg_fieldpath *foo =
        sg_fieldpath_element(paths, list, sg_atom_of(atoms, "FOO"), 0);
    const struct sg_fieldpath *again =
        sg_fieldpath_element(paths, list, sg_atom_of(atoms, "FOO"), 1);
    const struct sg_fieldpath *note =
        sg_fieldpath_key(paths, foo, sg_atom_of(atoms, "a.b/\"c"));
    sg_auto_buf text = SG_BUF_INIT;
    sg_fieldpath_text(note, &text);
    assert_string_equal(text.ptr, "spec.env[FOO][\"a.b/\\\"c\"]");
    sg_buf_clear(&text);
    sg_fieldpath_text(sg_fieldpath_index(paths, again, 2), &text);
    assert_string_equal(text.ptr, "spec.env[FOO#1][#2]");
    assert_ptr_equal(sg_fieldpath_key(paths, NULL, SG_ATOM(spec)), spec);
    assert_true(sg_fieldpath_within(note, list) && sg_fieldpath_within(note, NULL));
    assert_false(sg_fieldpath_within(list, note) || sg_fieldpath_within(again, foo));
    for (uint32_t i = 0; i < 5000; i++) {
        assert_int_equal(sg_fieldpath_index(paths, list, i)->index, i);
    }
    assert_ptr_equal(sg_fieldpath_index(paths, list, 77)->parent, list);
    sg_fieldpaths_free(paths);
    sg_atoms_free(atoms);
}

static void test_trace(void **state) {
    (void)state;
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_fieldpaths *paths = sg_fieldpaths_new(atoms);
    struct sg_arena arena;
    struct sg_trace trace;
    sg_arena_init(&arena);
    sg_trace_init(&trace, paths);
    trace.arena = &arena;
    const struct sg_fieldpath *spec = sg_fieldpath_key(paths, NULL, SG_ATOM(spec));
    char name[] = "images";
    uint32_t step = sg_trace_step(&trace, &(struct sg_step){.name = name});
    name[0] = 'X';
    assert_string_equal(trace.steps.items[step].name, "images");
    for (uint32_t object = 0; object < 3000; object++) {
        struct sg_event event = {.object = object, .path = spec};
        assert_int_equal(sg_trace_event(&trace, &event), object);
    }
    struct sg_event event = {.object = 7, .path = spec};
    uint32_t id = sg_trace_event(&trace, &event);
    assert_int_equal(trace.events.items[id].overrode, 7);
    assert_int_equal(sg_trace_last(&trace, 7, spec), id);
    assert_int_equal(sg_trace_last(&trace, 7, NULL), SG_NO_EVENT);
    assert_int_equal(sg_trace_event(NULL, &event), SG_NO_EVENT);
    sg_trace_release(&trace);
    sg_arena_release(&arena);
    sg_fieldpaths_free(paths);
    sg_atoms_free(atoms);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_and_identity),
        cmocka_unit_test(test_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
