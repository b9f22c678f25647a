/* A transaction on the real disk: what is refused, noticed, saved, resumed and undone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/txn.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- a folder of the real disk for each test --- */

struct project {
    char root[256];
    struct sg_disk *disk;
    struct sg_err err;
};

static void full_path(const struct project *p, const char *path, char out[512]) {
    snprintf(out, 512, "%s/%s", p->root, path);
}

static void spill(const struct project *p, const char *path, const char *text) {
    char full[512];
    full_path(p, path, full);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* The text of a file, "" when it is not there; static. */
static const char *slurp(const struct project *p, const char *path) {
    static char text[256];
    char full[512];
    full_path(p, path, full);
    FILE *file = fopen(full, "r");
    text[0] = '\0';
    if (file) {
        text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
        fclose(file);
    }
    return text;
}

static int setup(void **state) {
    struct project *p = sg_xcalloc(1, sizeof(*p));
    char dir[512];
    snprintf(p->root, sizeof(p->root), "%s/txn-XXXXXX", SG_TEST_TMP);
    assert_non_null(mkdtemp(p->root));
    full_path(p, "base", dir);
    assert_int_equal(mkdir(dir, 0777), 0);
    spill(p, "base/a.yaml", "old a");
    spill(p, "base/b.yaml", "old b");
    p->disk = sg_disk_open(p->root, &p->err);
    assert_non_null(p->disk);
    *state = p;
    return 0;
}

static int teardown(void **state) {
    struct project *p = *state;
    char command[512];
    sg_disk_free(p->disk);
    snprintf(command, sizeof(command), "rm -rf '%s'", p->root);
    int rc = system(command);
    free(p);
    return rc;
}

static const struct sg_txn_opts writer = {.write = true};

static struct sg_txn *begin(struct project *p) {
    struct sg_txn *txn = sg_txn_open(p->disk, &writer, &p->err);
    assert_non_null(txn);
    return txn;
}

static void put_ab(struct sg_txn *txn) {
    sg_txn_put(txn, "base/a.yaml", "new a", 5, 0);
    sg_txn_put(txn, "base/b.yaml", "new b", 5, 0);
}

/* --- the straight way --- */

static int see_staged(void *ctx, struct sg_txn *txn, struct sg_err *err) {
    struct project *p = ctx;
    sg_auto_fs under = sg_fs_disk(p->root, err);
    sg_auto_fs over = sg_fs_over(under);
    sg_auto_buf text = SG_BUF_INIT;
    assert_int_equal(sg_txn_stage_over(txn, over, err), 0);
    assert_int_equal(sg_fs_read(over, "base/a.yaml", &text, err), 0);
    assert_string_equal(text.ptr, "new a");
    assert_string_equal(slurp(p, "base/a.yaml"), "old a");
    return 0;
}

static void test_commit(void **state) {
    struct project *p = *state;
    struct stat st;
    char full[512];
    sg_auto_txn txn = begin(p);
    put_ab(txn);
    sg_txn_remove(txn, "base/b.yaml"); /* the last word wins */
    sg_txn_put(txn, "base/deep/er/c.sh", "c", 1, 0755);
    assert_int_equal(sg_txn_count(txn), 3);
    assert_int_equal(sg_txn_commit(txn, see_staged, p, &p->err), 0);
    assert_string_equal(slurp(p, "base/a.yaml"), "new a");
    assert_string_equal(slurp(p, "base/b.yaml"), "");
    assert_string_equal(slurp(p, ".sgupgrade/.gitignore"), "*\n");
    full_path(p, "base/deep/er/c.sh", full);
    assert_int_equal(stat(full, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0755);
    full_path(p, ".sgupgrade/txn", full);
    assert_int_equal(access(full, F_OK), -1);
    assert_false(sg_txn_pending(p->disk));
}

static int refuse(void *ctx, struct sg_txn *txn, struct sg_err *err) {
    (void)ctx;
    (void)txn;
    return sg_fail(err, SG_E_INPUT, "renders otherwise");
}

static void test_verify_stops(void **state) {
    struct project *p = *state;
    sg_auto_txn txn = begin(p);
    put_ab(txn);
    assert_int_equal(sg_txn_commit(txn, refuse, NULL, &p->err), -1);
    assert_string_equal(p->err.text, "renders otherwise");
    assert_string_equal(slurp(p, "base/a.yaml"), "old a");
    assert_false(sg_txn_pending(p->disk));
}

/* --- what is noticed and refused --- */

static int edit_b(void *ctx, struct sg_txn *txn, struct sg_err *err) {
    (void)txn;
    (void)err;
    spill(ctx, "base/b.yaml", "edited");
    return 0;
}

static int add_file(void *ctx, struct sg_txn *txn, struct sg_err *err) {
    (void)txn;
    (void)err;
    spill(ctx, "base/z.yaml", "appeared");
    return 0;
}

static void test_watched_change_stops(void **state) {
    struct project *p = *state;
    static sg_txn_verify_fn *const changes[] = {edit_b, add_file};
    static const char *const watched[] = {"base/b.yaml", "base"};
    for (size_t i = 0; i < SG_ARRAY_LEN(changes); i++) {
        sg_auto_txn txn = begin(p);
        sg_err_clear(&p->err);
        assert_int_equal(sg_txn_watch(txn, watched[i], &p->err), 0);
        sg_txn_put(txn, "base/a.yaml", "new a", 5, 0);
        assert_int_equal(sg_txn_commit(txn, changes[i], p, &p->err), -1);
        assert_int_equal(p->err.code, SG_E_DIRTY);
        assert_non_null(strstr(p->err.text, watched[i]));
        assert_string_equal(slurp(p, "base/a.yaml"), "old a");
    }
    sg_auto_txn txn = begin(p);
    sg_err_clear(&p->err);
    sg_txn_expect(txn, "base/a.yaml", NULL);
    sg_txn_put(txn, "base/b.yaml", "new b", 5, 0);
    assert_int_equal(sg_txn_commit(txn, NULL, NULL, &p->err), -1);
    assert_int_equal(p->err.code, SG_E_DIRTY);
}

static void check_refused(struct project *p, const char *path, enum sg_code code) {
    sg_auto_txn txn = begin(p);
    sg_err_clear(&p->err);
    sg_txn_put(txn, "base/a.yaml", "new a", 5, 0);
    sg_txn_put(txn, path, "x", 1, 0);
    assert_int_equal(sg_txn_commit(txn, NULL, NULL, &p->err), -1);
    assert_int_equal(p->err.code, code);
    assert_string_equal(slurp(p, "base/a.yaml"), "old a");
}

static void test_refused(void **state) {
    struct project *p = *state;
    char full[512];
    full_path(p, "link", full);
    assert_int_equal(symlink("base", full), 0);
    full_path(p, "link.yaml", full);
    assert_int_equal(symlink("base/b.yaml", full), 0);
    spill(p, "base/c.yaml~sg", "mine");
    check_refused(p, "link/x.yaml", SG_E_INPUT);
    check_refused(p, "link.yaml", SG_E_INPUT);
    check_refused(p, "base", SG_E_EXISTS);
    check_refused(p, "base/b.yaml/x", SG_E_EXISTS);
    check_refused(p, "base/a.yaml/x", SG_E_EXISTS);
    check_refused(p, "base/c.yaml", SG_E_EXISTS);
    assert_string_equal(slurp(p, "base/c.yaml~sg"), "mine");
}

static void test_locked(void **state) {
    struct project *p = *state;
    struct sg_txn_opts reader = {.wait_ms = 0};
    sg_auto_disk other = sg_disk_open(p->root, &p->err);
    {
        sg_auto_txn txn = begin(p);
        assert_null(sg_txn_open(other, &writer, &p->err));
        assert_int_equal(p->err.code, SG_E_LOCKED);
        assert_non_null(strstr(p->err.text, "process"));
        sg_err_clear(&p->err);
        assert_null(sg_txn_open(other, &reader, &p->err));
        assert_int_equal(p->err.code, SG_E_LOCKED);
    }
    sg_err_clear(&p->err);
    sg_auto_txn one = sg_txn_open(other, &reader, &p->err);
    sg_auto_txn two = sg_txn_open(p->disk, &reader, &p->err);
    assert_true(one && two); /* readers share */
}

static void test_reader_makes_nothing(void **state) {
    struct project *p = *state;
    char full[512];
    struct sg_txn_opts reader = {0};
    sg_auto_txn txn = sg_txn_open(p->disk, &reader, &p->err);
    assert_non_null(txn);
    full_path(p, ".sgupgrade", full);
    assert_int_equal(access(full, F_OK), -1);
}

/* --- permissions --- */

static uint32_t mode_of(const struct project *p, const char *path) {
    struct stat st;
    char full[512];
    full_path(p, path, full);
    assert_int_equal(stat(full, &st), 0);
    return st.st_mode & 07777;
}

/* A file that is there keeps its bits but for the execute bit; a new one gets what the
 * umask leaves. */
static void test_modes(void **state) {
    struct project *p = *state;
    char full[512];
    full_path(p, "base/a.yaml", full);
    assert_int_equal(chmod(full, 0660), 0);
    full_path(p, "base/b.yaml", full);
    assert_int_equal(chmod(full, 0750), 0);
    mode_t before = umask(077);
    sg_auto_txn txn = begin(p);
    umask(before);
    sg_txn_put(txn, "base/a.yaml", "new a", 5, 0755);
    sg_txn_put(txn, "base/b.yaml", "new b", 5, 0644);
    sg_txn_put(txn, "base/c.yaml", "new c", 5, 0644);
    sg_txn_put(txn, "base/d.sh", "new d", 5, 0755);
    assert_int_equal(sg_txn_commit(txn, NULL, NULL, &p->err), 0);
    assert_int_equal(mode_of(p, "base/a.yaml"), 0770);
    assert_int_equal(mode_of(p, "base/b.yaml"), 0640);
    assert_int_equal(mode_of(p, "base/c.yaml"), 0600);
    assert_int_equal(mode_of(p, "base/d.sh"), 0700);
}

/* --- readers beside a writer --- */

/* A child reads the project for `ms`, or until it is killed where that is 0. */
static pid_t start_reader(struct project *p, long ms) {
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct sg_err err = {0};
        const struct sg_txn_opts reader = {0};
        const struct timespec span = {ms ? ms / 1000 : 60, ms % 1000 * 1000000};
        struct sg_disk *disk = sg_disk_open(p->root, &err);
        struct sg_txn *txn = disk ? sg_txn_open(disk, &reader, &err) : NULL;
        (void)!write(ready[1], "r", 1);
        nanosleep(&span, NULL);
        _exit(txn ? 0 : 1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return pid;
}

static void test_writer_waits_for_readers(void **state) {
    struct project *p = *state;
    const struct sg_txn_opts patient = {.write = true, .wait_ms = 30000};
    int status;
    sg_txn_free(begin(p));
    pid_t pid = start_reader(p, 100);
    struct sg_txn *txn = sg_txn_open(p->disk, &patient, &p->err);
    assert_non_null(txn);
    sg_txn_free(txn);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);

    pid = start_reader(p, 0);
    assert_null(sg_txn_open(p->disk, &writer, &p->err));
    assert_int_equal(p->err.code, SG_E_LOCKED);
    assert_non_null(strstr(p->err.text, "other sgupgrade commands are reading"));
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
}

/* --- interrupted: a child is killed in its finish hook, all files switched --- */

static int die(void *ctx, const char *parent, const char *tree, struct sg_err *err) {
    (void)ctx;
    (void)parent;
    (void)tree;
    (void)err;
    _exit(0);
}

static void interrupt(struct project *p) {
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct sg_err err = {0};
        const struct sg_txn_opts opts = {.write = true, .finish = die};
        struct sg_txn *txn = sg_txn_open(p->disk, &opts, &err);
        if (txn) {
            put_ab(txn);
            sg_txn_put(txn, "base/c.yaml", "new c", 5, 0);
            sg_txn_set_commit(txn, "parent id", "tree%id");
            (void)!sg_txn_commit(txn, NULL, NULL, &err);
        }
        _exit(1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_true(sg_txn_pending(p->disk));
}

static int note_commit(void *ctx, const char *parent, const char *tree,
                       struct sg_err *err) {
    (void)err;
    assert_string_equal(parent, "parent id");
    assert_string_equal(tree, "tree%id");
    ++*(int *)ctx;
    return 0;
}

static void test_recovery_finishes(void **state) {
    struct project *p = *state;
    int commits = 0;
    const struct sg_txn_opts reader = {.finish = note_commit, .finish_ctx = &commits};
    interrupt(p);
    spill(p, "base/a.yaml~sg", "left over");
    sg_auto_txn txn = sg_txn_open(p->disk, &reader, &p->err);
    assert_non_null(txn);
    assert_int_equal(sg_txn_recovered(txn), SG_TXN_REDONE);
    assert_int_equal(commits, 1);
    assert_string_equal(slurp(p, "base/a.yaml"), "new a");
    assert_string_equal(slurp(p, "base/a.yaml~sg"), "");
    assert_false(sg_txn_pending(p->disk));
}

static int not_now(void *ctx, const char *parent, const char *tree, struct sg_err *err) {
    (void)ctx;
    (void)parent;
    (void)tree;
    return sg_fail(err, SG_E_LOCKED, "git is busy");
}

/* What keeps recovery from its commit will be over: nothing is undone for it. */
static void test_recovery_waits_for_the_commit(void **state) {
    struct project *p = *state;
    int commits = 0;
    const struct sg_txn_opts busy = {.write = true, .finish = not_now};
    const struct sg_txn_opts free_again = {
        .write = true, .finish = note_commit, .finish_ctx = &commits};
    interrupt(p);
    assert_null(sg_txn_open(p->disk, &busy, &p->err));
    assert_int_equal(p->err.code, SG_E_LOCKED);
    assert_string_equal(slurp(p, "base/a.yaml"), "new a");
    assert_true(sg_txn_pending(p->disk));
    sg_err_clear(&p->err);
    sg_auto_txn txn = sg_txn_open(p->disk, &free_again, &p->err);
    assert_non_null(txn);
    assert_int_equal(commits, 1);
    assert_false(sg_txn_pending(p->disk));
}

static void test_damaged_journal(void **state) {
    struct project *p = *state;
    interrupt(p);
    spill(p, ".sgupgrade/journal", "sgupgrade-journal 1\nitem\n");
    assert_null(sg_txn_open(p->disk, &writer, &p->err));
    assert_int_equal(p->err.code, SG_E_INPUT);
    assert_string_equal(slurp(p, "base/a.yaml"), "new a");
    assert_true(sg_txn_pending(p->disk));
}

/* A repository may bring a journal whose sum is right and whose paths are not ours. */
static void test_foreign_journal(void **state) {
    struct project *p = *state;
    static const char *const lines[] = {
        "item - %s ../a",        "item - %s base/../../a", "item - %s .git/hooks/x",
        "item - %s base/.GIT/x", "item - %s .sgupgrade/x", "item - %s /a",
        "item - %s base//a",     "make ../%.1s",           "drop base/../../%.1s",
    };
    char sha[SG_SHA256_HEX + 1], dir[512];
    interrupt(p);
    sg_sha256_hex("new a", 5, sha);
    sg_auto_cstr side = sg_xasprintf("0644:%s", sha);
    for (size_t i = 0; i < SG_ARRAY_LEN(lines); i++) {
        sg_auto_buf text = SG_BUF_INIT;
        sg_buf_adds(&text, "sgupgrade-journal 1\n");
        const char *hole = strchr(lines[i], '%');
        sg_buf_add(&text, lines[i], (size_t)(hole - lines[i]));
        sg_buf_add(&text, side, hole[1] == 's' ? strlen(side) : 1);
        sg_buf_adds(&text, hole + (hole[1] == 's' ? 2 : 4));
        sg_buf_addc(&text, '\n');
        sg_sha256_hex(text.ptr, text.len, sha);
        sg_buf_addf(&text, "sum %s\n", sha);
        spill(p, ".sgupgrade/journal", text.ptr);
        sg_err_clear(&p->err);
        assert_null(sg_txn_open(p->disk, &writer, &p->err));
        assert_int_equal(p->err.code, SG_E_INPUT);
        assert_true(sg_txn_pending(p->disk));
    }
    full_path(p, "../0", dir);
    assert_int_equal(access(dir, F_OK), -1);
}

static void test_neither(void **state) {
    struct project *p = *state;
    interrupt(p);
    spill(p, "base/b.yaml.tmp", "mine");
    char from[512], to[512];
    full_path(p, "base/b.yaml.tmp", from);
    full_path(p, "base/b.yaml", to);
    assert_int_equal(rename(from, to), 0);
    assert_null(sg_txn_open(p->disk, &writer, &p->err));
    assert_int_equal(p->err.code, SG_E_DIRTY);
    assert_non_null(strstr(p->err.text, "base/b.yaml"));
    assert_non_null(strstr(p->err.hint, "--resume"));
    assert_string_equal(slurp(p, "base/b.yaml"), "mine");

    struct sg_txn_opts abort = {.write = true, .decision = SG_TXN_ABORT};
    sg_err_clear(&p->err);
    sg_auto_txn txn = sg_txn_open(p->disk, &abort, &p->err);
    assert_non_null(txn);
    assert_int_equal(sg_txn_recovered(txn), SG_TXN_UNDONE);
    assert_string_equal(slurp(p, "base/a.yaml"), "old a");
    assert_string_equal(slurp(p, "base/b.yaml"), "old b");
    assert_string_equal(slurp(p, "base/c.yaml"), "");
    assert_string_equal(slurp(p, "base/b.yaml.sgupgrade-saved"), "mine");
}

static void test_resume(void **state) {
    struct project *p = *state;
    interrupt(p);
    char full[512];
    full_path(p, "base/b.yaml", full);
    assert_int_equal(unlink(full), 0);
    struct sg_txn_opts resume = {.write = true, .decision = SG_TXN_RESUME};
    sg_auto_txn txn = sg_txn_open(p->disk, &resume, &p->err);
    assert_non_null(txn);
    assert_int_equal(sg_txn_recovered(txn), SG_TXN_REDONE);
    assert_string_equal(slurp(p, "base/b.yaml"), "new b");
}

/* Staged files are gone: forward where all is new, backward where it can, else stop. */
static void test_lost_stage(void **state) {
    struct project *p = *state;
    char full[512];
    interrupt(p);
    spill(p, "base/tmp", "old a");
    char to[512];
    full_path(p, "base/tmp", full);
    full_path(p, "base/a.yaml", to);
    assert_int_equal(rename(full, to), 0);
    full_path(p, ".sgupgrade/txn/new/0", full);
    assert_int_equal(unlink(full), 0);
    sg_auto_txn txn = sg_txn_open(p->disk, &writer, &p->err);
    assert_non_null(txn);
    assert_int_equal(sg_txn_recovered(txn), SG_TXN_UNDONE);
    assert_string_equal(slurp(p, "base/b.yaml"), "old b");
    assert_string_equal(slurp(p, "base/c.yaml"), "");
}

static int fail_commit(void *ctx, const char *parent, const char *tree,
                       struct sg_err *err) {
    (void)parent;
    (void)tree;
    spill(ctx, "base/a.yaml", "reformatted by a hook");
    return sg_fail(err, SG_E_IO, "the commit hook said no");
}

static void test_failing_finish_undoes(void **state) {
    struct project *p = *state;
    const struct sg_txn_opts opts = {
        .write = true, .finish = fail_commit, .finish_ctx = p};
    sg_auto_txn txn = sg_txn_open(p->disk, &opts, &p->err);
    assert_non_null(txn);
    put_ab(txn);
    sg_txn_set_commit(txn, "p", "t");
    assert_int_equal(sg_txn_commit(txn, NULL, NULL, &p->err), -1);
    assert_string_equal(p->err.text, "the commit hook said no");
    assert_string_equal(slurp(p, "base/a.yaml"), "old a");
    assert_string_equal(slurp(p, "base/b.yaml"), "old b");
    assert_string_equal(slurp(p, "base/a.yaml.sgupgrade-saved"), "reformatted by a hook");
    assert_false(sg_txn_pending(p->disk));
}

static bool is_base_a(void *ctx, const char *path) {
    (void)ctx;
    return strcmp(path, "base/a.yaml") == 0;
}

static void test_hooked_file_of_ours_is_not_saved(void **state) {
    struct project *p = *state;
    const struct sg_txn_opts opts = {
        .write = true, .finish = fail_commit, .finish_ctx = p, .is_ours = is_base_a};
    sg_auto_txn txn = sg_txn_open(p->disk, &opts, &p->err);
    assert_non_null(txn);
    put_ab(txn);
    sg_txn_set_commit(txn, "p", "t");
    assert_int_equal(sg_txn_commit(txn, NULL, NULL, &p->err), -1);
    assert_string_equal(slurp(p, "base/a.yaml"), "old a");
    assert_string_equal(slurp(p, "base/a.yaml.sgupgrade-saved"), "");
    assert_string_equal(p->err.hint,
                        "a git hook changed base/a.yaml, which must stay as it was "
                        "written: exclude such files from the hook");
}

/* A program that held the old file open writes to it during the switch. */
static int write_through(void *ctx, const char *parent, const char *tree,
                         struct sg_err *err) {
    (void)parent;
    (void)tree;
    (void)err;
    FILE *file = ctx;
    fputs(" and more", file);
    fclose(file);
    return 0;
}

static void test_edit_during_switch_is_saved(void **state) {
    struct project *p = *state;
    char full[512];
    full_path(p, "base/a.yaml", full);
    const struct sg_txn_opts opts = {
        .write = true, .finish = write_through, .finish_ctx = fopen(full, "a")};
    sg_auto_txn txn = sg_txn_open(p->disk, &opts, &p->err);
    assert_non_null(txn);
    put_ab(txn);
    sg_txn_set_commit(txn, "p", "t");
    assert_int_equal(sg_txn_commit(txn, NULL, NULL, &p->err), 0);
    assert_string_equal(slurp(p, "base/a.yaml"), "new a");
    assert_string_equal(slurp(p, "base/a.yaml.sgupgrade-saved"), "old a and more");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_commit),
        TEST(test_verify_stops),
        TEST(test_watched_change_stops),
        TEST(test_refused),
        TEST(test_locked),
        TEST(test_modes),
        TEST(test_writer_waits_for_readers),
        TEST(test_reader_makes_nothing),
        TEST(test_recovery_finishes),
        TEST(test_recovery_waits_for_the_commit),
        TEST(test_damaged_journal),
        TEST(test_foreign_journal),
        TEST(test_neither),
        TEST(test_resume),
        TEST(test_lost_stage),
        TEST(test_failing_finish_undoes),
        TEST(test_hooked_file_of_ours_is_not_saved),
        TEST(test_edit_during_switch_is_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
