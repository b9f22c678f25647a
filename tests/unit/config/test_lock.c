/* The lock: stable bytes, round trips, malformed files, history, undo. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/config.h"
#include "sg/sha256.h"

#include <stdio.h>
#include <string.h>

#define ID_A "0123456789012345678901234567890123456789" /* digits alone: not a number */
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define SHA  "1111111111111111111111111111111111111111111111111111111111111111"

/* The file as it is documented: a change of it is a change of the format. */
static const char full[] =
    "# Written by sgupgrade: commit it, review it, do not edit it.\n"
    "apiVersion: sgupgrade/v1\n"
    "kind: Lock\n"
    "version: 3.20.1\n"
    "tag: v3.20.1\n"
    "commit: \"" ID_A "\"\n"
    "date: \"2020-10-01T12:00:00Z\"\n"
    "renderer: kustomize-5.8.1\n"
    "schema: kubernetes-1.35.0\n"
    "paths:\n"
    "- from: \".\"\n"
    "  to: base\n"
    "  tree: " ID_B "\n"
    "- from: docs\n"
    "  to: docs/upstream\n"
    "  tree: " ID_B "\n"
    "generated:\n"
    "- path: base/kustomization.yaml\n"
    "  blob: " ID_B "\n"
    "history:\n"
    "- version: 3.19.2-1\n"
    "  tag: v3.19.2-1\n"
    "  commit: " ID_B "\n"
    "  date: \"2020-09-01T12:00:00Z\"\n"
    "  renderer: kustomize-5.8.1\n"
    "  schema: kubernetes-1.35.0\n"
    "  paths:\n"
    "  - from: base\n"
    "    to: base\n"
    "    tree: \"" ID_A "\"\n"
    "  files:\n"
    "  - path: overlays/prod/a.yaml\n"
    "    sha256: \"" SHA "\"\n"
    "    splices:\n"
    "    - {offset: 0, length: 3, text: \"replicas: "
    "\\\"1\\\"\\n\\t\\x00\\\\é\\u2028\"}\n"
    "    - {offset: 3, length: 0, base64: /wA=}\n"
    "  - path: overlays/prod/gone.yaml\n"
    "    undo: create\n"
    "    exec: true\n"
    "    text: \"\"\n"
    "  - path: overlays/prod/new.yaml\n"
    "    sha256: \"" SHA "\"\n"
    "    undo: remove\n";

static void read_ok(struct sg_lock *lock, const char *text) {
    struct sg_err err = {0};
    if (sg_lock_read(lock, "sgupgrade.lock", text, strlen(text), &err)) {
        fail_msg("%u:%u: %s", (unsigned)err.line, (unsigned)err.column, err.text);
    }
}

static void test_round_trip_is_byte_identical(void **state) {
    (void)state;
    sg_auto_lock lock;
    read_ok(&lock, full);
    assert_string_equal(lock.now.commit, ID_A);
    assert_string_equal(lock.now.paths.items[0].from, "");
    assert_int_equal(lock.history.len, 1);
    const struct sg_lock_entry *old = &lock.history.items[0];
    assert_int_equal(old->at.line, 21);
    assert_int_equal(old->files.len, 3);
    const struct sg_lock_splice *splice = old->files.items[0].splices.items;
    static const char expected[] = "replicas: \"1\"\n\t\0\\\xc3\xa9\xe2\x80\xa8";
    assert_int_equal(splice[0].text.len, sizeof(expected) - 1);
    assert_memory_equal(splice[0].text.ptr, expected, sizeof(expected) - 1);
    assert_int_equal(splice[1].text.len, 2);
    assert_memory_equal(splice[1].text.ptr, "\xff", 2);
    assert_int_equal(old->files.items[1].undo, SG_UNDO_CREATE);
    assert_true(old->files.items[1].exec);
    assert_null(old->files.items[1].sha256);

    sg_auto_buf out = SG_BUF_INIT;
    sg_lock_write(&lock, &out);
    assert_string_equal(out.ptr, full);
}

/* Every byte value, and every order of the lists, gives a file that reads back. */
static void test_any_bytes_and_any_order(void **state) {
    (void)state;
    sg_auto_lock lock;
    read_ok(&lock, full);
    char bytes[256];
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (char)i;
    }
    struct sg_lock_entry *old = &lock.history.items[0];
    for (size_t len = 0; len < sizeof(bytes); len++) {
        old->files.items[0].splices.items[0].text =
            (struct sg_str){bytes + 256 - len, len};
        sg_auto_buf out = SG_BUF_INIT;
        sg_lock_write(&lock, &out);
        sg_auto_lock again;
        read_ok(&again, out.ptr);
        struct sg_str got = again.history.items[0].files.items[0].splices.items[0].text;
        assert_int_equal(got.len, len);
        assert_memory_equal(got.ptr, bytes + 256 - len, len);
    }
    struct sg_lock_path path = lock.now.paths.items[0];
    lock.now.paths.items[0] = lock.now.paths.items[1];
    lock.now.paths.items[1] = path;
    struct sg_lock_file file = old->files.items[0];
    old->files.items[0] = old->files.items[2];
    old->files.items[2] = file;
    sg_auto_buf shuffled = SG_BUF_INIT;
    sg_lock_write(&lock, &shuffled);
    sg_auto_lock again;
    read_ok(&again, shuffled.ptr);
    assert_string_equal(again.now.paths.items[0].to, "base");
    assert_string_equal(again.history.items[0].files.items[0].path,
                        "overlays/prod/a.yaml");
}

/* Texts that a reader of YAML would take for something else. */
static void test_scalars_stay_strings(void **state) {
    (void)state;
    static const char *const odd[] = {
        "null", "true", "1e3", "0x1f",       "~",  "-",  "a: b",  "a #b",
        "'",    "\"",   "[",   "2020-10-01", "=",  "<<", ".inf",  "a\nb",
        "é",    "&x",   "*x",  "!x",         "@x", "%x", " lead", "trail "};
    for (size_t i = 0; i < SG_ARRAY_LEN(odd); i++) {
        sg_auto_lock lock;
        read_ok(&lock, full);
        lock.now.tag = odd[i];
        sg_auto_buf out = SG_BUF_INIT;
        sg_lock_write(&lock, &out);
        sg_auto_lock again;
        read_ok(&again, out.ptr);
        assert_string_equal(again.now.tag, odd[i]);
    }
}

struct fault {
    const char *from, *to; /* the first `from` of `full` becomes `to` */
    const char *text;      /* part of the message */
    uint32_t line, column; /* 0: not tested */
};

static void test_malformed(void **state) {
    (void)state;
    static const struct fault faults[] = {
        {"kind: Lock", "kind: [", "", 5, 4},
        {"kind: Lock", "kind: Upgrade", "expected \"Lock\"", 3, 7},
        {"sgupgrade/v1", "sgupgrade/v2", "sgupgrade/v2", 2, 13},
        {"version: 3.20.1\n", "", "version", 0, 0},
        {"version: 3.20.1\n", "version: 3.20\n", "3.20", 4, 10},
        {"tag: v3.20.1", "tagg: v3.20.1", "unknown field \"tagg\"", 5, 1},
        {"tag: v3.20.1", "tag: v3.20.1\ntag: x", "tag", 6, 1},
        {"commit: \"" ID_A, "commit: \"0", "for commit, expected 40", 6, 9},
        {ID_B, "BBBBbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "for tree", 13, 9},
        {"2020-10-01T", "2020-02-30T", "2020-02-30T12:00:00Z", 7, 7},
        {"T12:00:00Z\"", "T25:00:00Z\"", "T25", 7, 7},
        {"to: base", "to: ../base", "", 12, 7},
        {"to: base", "to: /base", "", 12, 7},
        {"to: base", "to: .", "below the project", 12, 7},
        {"paths:\n", "paths:\n- from: x\n  to: base\n  tree: \"" ID_B "\"\n",
         "place of a second path", 14, 0},
        {"overlays/prod/a.yaml", ".git/hooks/pre-commit", "git's or sgupgrade's", 32, 11},
        {"overlays/prod/a.yaml", "x/.GIT/config", "git's or sgupgrade's", 32, 11},
        {"offset: 3", "offset: 2", "expected one after byte 3", 36, 7},
        {"offset: 3", "offset: -1", "-1", 36, 7},
        {"length: 3", "length: 9223372036854775807", "", 0, 0},
        {"base64: /wA=", "base64: /w=A", "no base64", 36, 0},
        {"base64: /wA=", "base64: \"/w\"", "no base64", 36, 0},
        {"base64: /wA=", "text: a, base64: /wA=", "found both", 36, 7},
        {", base64: /wA=", "", "found neither", 36, 7},
        {"undo: create", "undo: creat", "found \"creat\"", 38, 11},
        {"undo: create", "undo: remove", "do not go with", 37, 5},
        {"    exec: true\n    text: \"\"\n", "", "do not go with", 37, 5},
        {"kind: Lock", "<<<<<<< HEAD\nkind: Lock", "merge conflict marker", 3, 1},
        {"kind: Lock\n", "kind: Lock\n---\n", "", 0, 0},
        {"history:\n", "history:\n- ~\n", "is missing", 0, 0},
        {"paths:\n", "paths:\n- ~\n", "is missing", 0, 0},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(faults); i++) {
        const struct fault *fault = &faults[i];
        const char *at = strstr(full, fault->from);
        assert_non_null(at);
        sg_auto_buf text = SG_BUF_INIT;
        sg_buf_add(&text, full, (size_t)(at - full));
        sg_buf_adds(&text, fault->to);
        sg_buf_adds(&text, at + strlen(fault->from));
        struct sg_err err = {0};
        sg_auto_lock lock;
        if (sg_lock_read(&lock, "sgupgrade.lock", text.ptr, text.len, &err) == 0) {
            fail_msg("\"%s\" was read", fault->to);
        }
        if (!strstr(err.text, fault->text) || (fault->line && fault->line != err.line) ||
            (fault->column && fault->column != err.column)) {
            fail_msg("\"%s\": %u:%u: %s", fault->to, (unsigned)err.line,
                     (unsigned)err.column, err.text);
        }
        assert_int_equal(err.code, SG_E_INPUT);
        assert_string_equal(err.file, "sgupgrade.lock");
        assert_string_not_equal(err.hint, "");
    }
    struct sg_err err = {0};
    sg_auto_lock lock;
    assert_int_equal(sg_lock_read(&lock, "sgupgrade.lock", "", 0, &err), -1);
    assert_string_equal(err.text, "the file is empty");
    assert_non_null(strstr(err.hint, "git checkout"));
}

static void test_advance_then_back_restores_the_bytes(void **state) {
    (void)state;
    sg_auto_lock lock, next, back;
    read_ok(&lock, full);
    sg_lock_advance(&next, &lock);
    assert_int_equal(next.history.len, 2);
    assert_int_equal(next.history.items[0].files.len, 0);
    assert_string_equal(next.history.items[0].version, "3.20.1");
    assert_string_equal(next.now.renderer, "kustomize-5.8.1");
    assert_null(next.now.version);
    sg_vec_push(&next.history.items[0].files,
                (struct sg_lock_file){.path = "x", .sha256 = SHA});
    next.now.version = "3.21.0";
    next.now.tag = "v3.21.0";
    next.now.commit = next.now.date = "x";
    sg_lock_back(&back, &next, 1);
    sg_auto_buf out = SG_BUF_INIT;
    sg_lock_write(&back, &out);
    assert_string_equal(out.ptr, full);

    sg_auto_lock first;
    sg_lock_back(&first, &next, 2);
    assert_int_equal(first.history.len, 0);
    assert_string_equal(first.now.version, "3.19.2-1");
    assert_int_equal(first.now.files.len, 0);
}

static void test_undo(void **state) {
    (void)state;
    struct sg_lock_file file = {.path = "a.yaml", .sha256 = SHA};
    sg_vec_push(&file.splices, (struct sg_lock_splice){0, 1, SG_STR("AA")});
    sg_vec_push(&file.splices, (struct sg_lock_splice){2, 2, SG_STR("")});
    sg_vec_push(&file.splices, (struct sg_lock_splice){6, 0, SG_STR("Z")});
    sg_auto_buf out = SG_BUF_INIT;
    struct sg_err err = {0};
    assert_int_equal(sg_lock_undo(&file, SG_STR("abcdef"), &out, &err), 0);
    assert_string_equal(out.ptr, "AAbefZ");
    sg_buf_clear(&out);
    assert_int_equal(sg_lock_undo(&file, SG_STR("abcde"), &out, &err), -1);
    assert_non_null(strstr(err.text, "at byte 6 does not fit its 5 bytes"));
    sg_vec_release(&file.splices);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip_is_byte_identical),
        cmocka_unit_test(test_any_bytes_and_any_order),
        cmocka_unit_test(test_scalars_stay_strings),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_advance_then_back_restores_the_bytes),
        cmocka_unit_test(test_undo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
