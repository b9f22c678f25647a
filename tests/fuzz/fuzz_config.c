/*
 * fuzz_config.c - the readers of sgupgrade.yaml and sgupgrade.lock on any bytes. What is
 * read must be written so that it reads back to the same bytes, and a config must take an
 * accept entry or refuse it, with the rest of the file as it was.
 */
#include "sg/config.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds, const char *what) {
    if (!holds) {
        SG_BUG(what);
    }
}

static void undo_all(const struct sg_lock *lock) {
    static const char text[] = "a: 1\nb: 2\n";
    for (size_t i = 0; i < lock->history.len; i++) {
        const struct sg_lock_entry *entry = &lock->history.items[i];
        for (size_t j = 0; j < entry->files.len; j++) {
            sg_auto_buf out = SG_BUF_INIT;
            struct sg_err err = {0};
            if (entry->files.items[j].undo != SG_UNDO_REMOVE &&
                sg_lock_undo(&entry->files.items[j], SG_STR(text), &out, &err)) {
                check(err.text[0], "an error without a text");
            }
        }
    }
}

static void try_lock(const char *text, size_t len) {
    struct sg_err err = {0};
    sg_auto_lock lock;
    if (sg_lock_read(&lock, "sgupgrade.lock", text, len, &err)) {
        check(err.text[0] && err.hint[0], "an error without a text or a next step");
        return;
    }
    sg_auto_buf once = SG_BUF_INIT, twice = SG_BUF_INIT;
    sg_lock_write(&lock, &once);
    sg_auto_lock again;
    check(sg_lock_read(&again, "sgupgrade.lock", once.ptr, once.len, &err) == 0,
          "a lock that does not read back");
    sg_lock_write(&again, &twice);
    check(once.len == twice.len && memcmp(once.ptr, twice.ptr, once.len) == 0,
          "a lock that is not stable");
    undo_all(&lock);
    sg_auto_lock next, back;
    sg_lock_advance(&next, &lock);
    sg_lock_back(&back, &next, 1);
    sg_auto_buf restored = SG_BUF_INIT;
    sg_lock_write(&back, &restored);
    check(once.len == restored.len && memcmp(once.ptr, restored.ptr, once.len) == 0,
          "a lock that does not come back");
}

static void try_config(const char *text, size_t len) {
    struct sg_err err = {0};
    sg_auto_config config;
    if (sg_config_read(&config, "sgupgrade.yaml", text, len, &err)) {
        check(err.text[0], "an error without a text");
        return;
    }
    const struct sg_config_accept entry = {
        .code = "SG301", .object = "apps/*", .reason = "a: \"b\" # c"};
    sg_auto_buf out = SG_BUF_INIT;
    if (sg_config_add_accept("sgupgrade.yaml", text, len, &entry, &out, &err)) {
        check(err.hint[0], "a refusal without a next step");
        return;
    }
    sg_auto_config after;
    check(sg_config_read(&after, "sgupgrade.yaml", out.ptr, out.len, &err) == 0 &&
              after.accept.len == config.accept.len + 1,
          "an accept entry that is not there");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    /* a copy of the exact size, so that reading past the end is seen */
    char *text = sg_xmalloc(size ? size : 1);
    if (size) {
        memcpy(text, data, size);
    }
    try_config(text, size);
    try_lock(text, size);
    free(text);
    return 0;
}
