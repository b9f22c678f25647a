/* Who made each change of a fork, and when: from repositories that git makes here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "adopting.h"
#include "history.h"
#include "sg/process.h"
#include "sg/yaml.h"

struct fork {
    char root[256]; /* goes with the test */
    char dir[300];  /* the fork: its repository, or a folder in it */
    struct sg_adopted adopted;
    struct sg_err err;
};

static int run(const char *const *argv, const char *cwd, struct sg_buf *out) {
    sg_auto_buf words = SG_BUF_INIT;
    struct sg_err err = {0};
    struct sg_process process = {.argv = argv, .cwd = cwd, .out = out, .err = &words};
    int status = -1;
    if (sg_process_run(&process, &status, &err) != 0 || status != 0) {
        print_error("%s%s\n", err.text, sg_buf_cstr(&words));
    }
    return status;
}

/* `as NAME DAY` sets who commits, and on which day of March 2020; `save SUBJECT` does. */
static const char prelude[] =
    "set -e\n"
    "as() { export GIT_AUTHOR_NAME=\"$1\" GIT_AUTHOR_EMAIL=a@example.com "
    "GIT_COMMITTER_NAME=c GIT_COMMITTER_EMAIL=c@example.com "
    "GIT_AUTHOR_DATE=\"2020-03-$2T12:00:00+0000\" "
    "GIT_COMMITTER_DATE=\"2020-03-$2T12:00:00+0000\"; }\n"
    "save() { git add -A .; git commit -qm \"$1\"; }\n";

static void in(const struct fork *fork, const char *script) {
    sg_auto_cstr text = sg_xasprintf("%s%s", prelude, script);
    const char *const argv[] = {"sh", "-c", text, NULL};
    if (run(argv, fork->dir, NULL) != 0) {
        fail_msg("%s", script);
    }
}

/* A fork with base/web.yaml: Up wrote it, Jane Doe set `b` on the 4th. */
static void start(struct fork *fork) {
    *fork = (struct fork){0};
    snprintf(fork->root, sizeof(fork->root), "%s/history-XXXXXX", SG_TEST_TMP);
    assert_non_null(mkdtemp(fork->root));
    snprintf(fork->dir, sizeof(fork->dir), "%s/fork", fork->root);
    assert_int_equal(mkdir(fork->dir, 0777), 0);
    assert_int_equal(setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1), 0);
    assert_int_equal(setenv("GIT_CONFIG_NOSYSTEM", "1", 1), 0);
    assert_int_equal(setenv("GIT_CEILING_DIRECTORIES", SG_TEST_TMP, 1), 0);
}

static void start_web(struct fork *fork) {
    start(fork);
    in(fork, "git init -q -b main .; mkdir base\n"
             "printf 'a: 1\\nb: 1\\nc: 1\\nd: 1\\n' > base/web.yaml; as Up 01; save one\n"
             "sed -i 's/b: 1/b: 2/' base/web.yaml; as 'Jane Doe' 04\n"
             "save 'Raise the memory of gitserver'\n");
}

static void drop(struct fork *fork) {
    const char *const argv[] = {"rm", "-rf", "--", fork->root, NULL};
    sg_adopted_release(&fork->adopted);
    assert_int_equal(run(argv, "/", NULL), 0);
}

static struct sg_adopt_change *push(struct fork *fork, struct sg_adopt_change change) {
    change.object = change.object != NULL ? change.object : "v1/Service/web";
    change.path = change.path != NULL ? change.path : "spec";
    sg_vec_push(&fork->adopted.changes, change);
    return &fork->adopted.changes.items[fork->adopted.changes.len - 1];
}

/* A field that the fork has at this line. */
static void add(struct fork *fork, const char *file, uint32_t line) {
    push(fork, (struct sg_adopt_change){.after = "1", .file = file, .line = line});
}

/* A field that upstream has, and on this line of its file. */
static void add_gone(struct fork *fork, const char *file, const char *gone) {
    push(fork,
         (struct sg_adopt_change){
             .before = "1", .file = file, .line = 1, .base_file = file, .gone = gone});
}

/* An object that upstream has in this file. */
static void add_object(struct fork *fork, const char *file, const char *gone) {
    push(fork, (struct sg_adopt_change){.way = SG_WAY_DELETION,
                                        .path = "",
                                        .before = "{}",
                                        .base_file = file,
                                        .gone = gone});
}

/* Both ways to ask say the same. */
static void ask(struct fork *fork, const char *revision) {
    size_t len = fork->adopted.changes.len;
    if (sg_adopt_history(fork->dir, revision, "base", &fork->adopted, &fork->err) != 0) {
        fail_msg("%s", fork->err.text);
    }
    const char **commits = sg_xcalloc(len + 1, sizeof(*commits));
    for (size_t i = 0; i < len; i++) {
        commits[i] = fork->adopted.changes.items[i].commit;
    }
    if (history_find(fork->dir, revision, "base", true, &fork->adopted, &fork->err) !=
        0) {
        fail_msg("%s", fork->err.text);
    }
    for (size_t i = 0; i < len; i++) {
        const char *commit = fork->adopted.changes.items[i].commit;
        assert_string_equal(commit != NULL ? commit : "",
                            commits[i] != NULL ? commits[i] : "");
    }
    free(commits);
}

#define assert_change(fork, i, a, s)                                                     \
    do {                                                                                 \
        const struct sg_adopt_change *change_ = &(fork)->adopted.changes.items[i];       \
        assert_non_null(change_->commit);                                                \
        assert_string_equal(change_->author, (a));                                       \
        assert_string_equal(change_->subject, (s));                                      \
    } while (0)
#define assert_unknown(fork, i)                                                          \
    do {                                                                                 \
        assert_null((fork)->adopted.changes.items[i].commit);                            \
        assert_null((fork)->adopted.changes.items[i].author);                            \
    } while (0)
#define assert_uncommitted(fork, i)                                                      \
    do {                                                                                 \
        assert_null((fork)->adopted.changes.items[i].commit);                            \
        assert_non_null((fork)->adopted.changes.items[i].author);                        \
        assert_string_equal((fork)->adopted.changes.items[i].author,                     \
                            SG_ADOPT_UNCOMMITTED);                                       \
    } while (0)

/* What comes to stand above a patch of the object. */
static char *comment(const struct fork *fork, const char *object) {
    sg_auto_adopted patches = {0};
    struct sg_adopt_said said = {
        .object = object, .changed = object, .patch_file = "patch.yaml"};
    sg_vec_push(&patches.said, said);
    put_file(&patches, "overlay", said.patch_file, "", 0);
    struct sg_adopted known = fork->adopted;
    known.said = patches.said;
    const struct sg_adopt_env env = {.adopted = &known};
    sg_adopt_history_patches(&patches, "overlay", &env, 1);
    return sg_xstrdup(patches.files.items[0].text);
}

/* --- lines ------------------------------------------------------------------------ */

static void test_known(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    add(&f, "web.yaml", 2);
    add(&f, "web.yaml", 3);
    ask(&f, NULL);
    assert_change(&f, 0, "Jane Doe", "Raise the memory of gitserver");
    assert_change(&f, 1, "Up", "one");
    const struct sg_adopt_change *change = &f.adopted.changes.items[0];
    assert_int_equal(strlen(change->commit), 40);
    assert_string_equal(change->date, "2020-03-04");
    assert_int_equal(change->time, 1583323200);
    sg_auto_buf head = SG_BUF_INIT;
    const char *const argv[] = {"git", "rev-parse", "HEAD", NULL};
    assert_int_equal(run(argv, f.dir, &head), 0);
    assert_memory_equal(change->commit, head.ptr, 40);
    drop(&f);
}

static void test_what_has_no_place(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    add(&f, NULL, 0);
    add(&f, "web.yaml", 0);
    add(&f, "web.yaml", 99);
    add_object(&f, NULL, NULL);
    add(&f, "none.yaml", 1);
    ask(&f, NULL);
    for (size_t i = 0; i < f.adopted.changes.len; i++) {
        assert_unknown(&f, i);
    }
    f.adopted.changes.len = 0;
    ask(&f, NULL); /* nothing to ask */
    drop(&f);
}

/* On disk `b` is changed, a line is put before all, and one file is new. */
static void test_uncommitted(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "sed -i -e 's/c: 1/c: 3/' -e '1i new: 1' base/web.yaml; cp base/web.yaml "
           "base/new.yaml");
    add(&f, "web.yaml", 1);
    add(&f, "web.yaml", 3); /* b */
    add(&f, "web.yaml", 4); /* c */
    add(&f, "web.yaml", 5); /* d */
    add(&f, "new.yaml", 2);
    ask(&f, NULL);
    assert_uncommitted(&f, 0);
    assert_change(&f, 1, "Jane Doe", "Raise the memory of gitserver");
    assert_uncommitted(&f, 2);
    assert_change(&f, 3, "Up", "one");
    assert_uncommitted(&f, 4);
    assert_null(f.adopted.changes.items[0].date);
    drop(&f);
}

static void test_no_commit_yet(void **state) {
    (void)state;
    struct fork f;
    start(&f);
    in(&f, "git init -q -b main .; mkdir base; echo a: 1 > base/web.yaml");
    add(&f, "web.yaml", 1);
    add_object(&f, "gone.yaml", "name: gone");
    add_gone(&f, "web.yaml", "b: 1");
    ask(&f, NULL);
    assert_uncommitted(&f, 0);
    assert_uncommitted(&f, 1);
    assert_uncommitted(&f, 2);
    drop(&f);
}

/* New blanks and line ends are no new writing, committed or not. */
static void test_blanks(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "sed -i 's/^/  /' base/web.yaml; as Format 05; save indent\n"
           "sed -i 's/$/\\r/' base/web.yaml; as Windows 06; save crlf\n"
           "sed -i 's/^/  /' base/web.yaml");
    add(&f, "web.yaml", 2);
    ask(&f, NULL);
    assert_change(&f, 0, "Jane Doe", "Raise the memory of gitserver");
    drop(&f);
}

/* Two thousand lines, most of them new: the large way to compare. */
static void test_many_lines(void **state) {
    (void)state;
    struct fork f;
    start(&f);
    in(&f, "git init -q -b main .; mkdir base; seq 1 3000 > base/web.yaml; as Up 01\n"
           "save one; seq 4000 6500 > base/web.yaml; echo 1500 >> base/web.yaml\n"
           "seq 7000 9000 >> base/web.yaml");
    add(&f, "web.yaml", 1);
    add(&f, "web.yaml", 2502); /* "1500" */
    ask(&f, NULL);
    assert_uncommitted(&f, 0);
    assert_change(&f, 1, "Up", "one");
    drop(&f);
}

/* More ranges than a command line should have. */
static void test_many_ranges(void **state) {
    (void)state;
    struct fork f;
    start(&f);
    in(&f, "git init -q -b main .; mkdir base; seq 1 3000 > base/web.yaml; as Up 01\n"
           "save one; sed -i '2999s/.*/x/' base/web.yaml; as Two 02; save two");
    for (uint32_t line = 1; line < 3000; line += 2) {
        add(&f, "web.yaml", line);
    }
    ask(&f, NULL);
    assert_change(&f, 0, "Up", "one");
    assert_change(&f, 1499, "Two", "two");
    drop(&f);
}

static void test_renamed(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "mkdir base/front; git mv base/web.yaml base/front/site.yaml\n"
           "as Mover 05; save move");
    add(&f, "front/site.yaml", 2);
    ask(&f, NULL);
    assert_change(&f, 0, "Jane Doe", "Raise the memory of gitserver");
    drop(&f);
}

/* A merge brings upstream's line: that stays upstream's; the other stays the fork's. */
static void test_merged(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "git checkout -q -b up HEAD~1; sed -i 's/d: 1/d: 9/' base/web.yaml\n"
           "as Up 06; save 'release two'; git checkout -q main; as 'Jane Doe' 07\n"
           "git merge -q -m 'merge upstream' up");
    add(&f, "web.yaml", 2);
    add(&f, "web.yaml", 4);
    ask(&f, NULL);
    assert_change(&f, 0, "Jane Doe", "Raise the memory of gitserver");
    assert_change(&f, 1, "Up", "release two");
    drop(&f);
}

/* --- where ------------------------------------------------------------------------ */

static void test_revision(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f,
       "git tag before; sed -i 's/b: 2/b: 3/' base/web.yaml; as Later 08; save later\n"
       "git rm -q base/web.yaml; as Last 09; save last; mkdir -p base; echo x > "
       "base/web.yaml");
    add(&f, "web.yaml", 2);
    ask(&f, "before");
    assert_change(&f, 0, "Jane Doe", "Raise the memory of gitserver");
    ask(&f, "HEAD~1");
    assert_change(&f, 0, "Later", "later");
    ask(&f, "HEAD"); /* the file is not there: what was known is forgotten */
    assert_unknown(&f, 0);
    static const char *const wrong[] = {"none", "--all", "-h", "", "HEAD:base"};
    for (size_t i = 0; i < SG_ARRAY_LEN(wrong); i++) {
        struct sg_err err = {0};
        assert_int_equal(sg_adopt_history(f.dir, wrong[i], "base", &f.adopted, &err), -1);
        assert_int_equal(err.code, SG_E_NOTFOUND);
        assert_int_not_equal(err.hint[0], '\0');
    }
    drop(&f);
}

static void test_no_repository(void **state) {
    (void)state;
    struct fork f;
    start(&f);
    in(&f, "mkdir base; echo a: 1 > base/web.yaml");
    add(&f, "web.yaml", 1);
    assert_int_equal(sg_adopt_history(f.dir, NULL, "base", &f.adopted, &f.err), -1);
    assert_int_equal(f.err.code, SG_E_NOTFOUND);
    assert_non_null(strstr(f.err.text, "no git repository"));
    assert_int_not_equal(f.err.hint[0], '\0');
    assert_unknown(&f, 0);
    drop(&f);
}

/* The fork is a folder with a strange name in a larger repository. */
static void test_below_the_top(void **state) {
    (void)state;
    struct fork f;
    start(&f);
    in(&f, "git init -q -b main .; mkdir -p 'my fork/-k8s/base' base\n"
           "echo a: 1 > base/web.yaml; cp base/web.yaml base/old.yaml\n"
           "cp base/* 'my fork/-k8s/base'; as Up 01; save one\n"
           "cd 'my fork/-k8s'; echo b: 1 >> base/web.yaml; as Jane 04; save two\n"
           "git rm -q base/old.yaml; as Jim 05; save three");
    sg_auto_cstr top = sg_xstrdup(f.dir);
    snprintf(f.dir, sizeof(f.dir), "%.200s/my fork/-k8s", top);
    add(&f, "web.yaml", 2);
    add_object(&f, "old.yaml", NULL);
    ask(&f, NULL);
    assert_change(&f, 0, "Jane", "two");
    assert_change(&f, 1, "Jim", "three");
    ask(&f, "HEAD");
    assert_change(&f, 0, "Jane", "two");
    assert_change(&f, 1, "Jim", "three");
    /* the same from the top, and with the base itself as the fork */
    assert_int_equal(
        sg_adopt_history(top, "HEAD", "my fork/-k8s/base", &f.adopted, &f.err), 0);
    assert_change(&f, 1, "Jim", "three");
    sg_auto_cstr base = sg_xasprintf("%s/base", f.dir);
    assert_int_equal(sg_adopt_history(base, NULL, "", &f.adopted, &f.err), 0);
    assert_change(&f, 0, "Jane", "two");
    assert_change(&f, 1, "Jim", "three");
    drop(&f);
}

static void test_bare(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "git rm -q base/web.yaml; mkdir base; echo a: 1 > base/b.yaml; as Jim 05; "
           "save two\n"
           "git clone -q --bare . ../bare.git");
    snprintf(f.dir, sizeof(f.dir), "%s/bare.git", f.root);
    add(&f, "b.yaml", 1);
    add_object(&f, "web.yaml", NULL);
    ask(&f, "main");
    assert_change(&f, 0, "Jim", "two");
    assert_change(&f, 1, "Jim", "two");
    ask(&f, "main~1");
    assert_unknown(&f, 0);
    drop(&f);
}

/* What a shallow clone's first commit seems to have made is not known. */
static void test_shallow(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "sed -i 's/c: 1/c: 3/' base/web.yaml; as Jim 05; save three\n"
           "git clone -q --depth 2 file://$(pwd) ../shallow");
    snprintf(f.dir, sizeof(f.dir), "%s/shallow", f.root);
    add(&f, "web.yaml", 2);
    add(&f, "web.yaml", 3);
    ask(&f, NULL);
    assert_unknown(&f, 0);
    assert_change(&f, 1, "Jim", "three");
    assert_int_equal(f.adopted.without_commit, 1);
    drop(&f);
}

/* --- what is gone ----------------------------------------------------------------- */

static void test_deleted_file(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "echo x: 1 > base/x.yaml; cp base/x.yaml base/y.yaml; as A 05; save add\n"
           "git rm -q base/x.yaml; as B 06; save 'remove x'\n"
           "echo x: 2 > base/x.yaml; as C 07; save 'x again'\n"
           "git rm -q base/x.yaml; as D 08; save 'remove x again'\n"
           "rm base/y.yaml");
    add_object(&f, "x.yaml", "x: 1");
    add_object(&f, "y.yaml", "x: 1");
    add_object(&f, "never.yaml", "x: 1");
    ask(&f, NULL);
    assert_change(&f, 0, "D", "remove x again");
    assert_uncommitted(&f, 1);
    assert_unknown(&f, 2);
    ask(&f, "HEAD~2");
    assert_change(&f, 0, "B", "remove x");
    drop(&f);
}

/* A file that moved, and went later; and one that moved and is there. */
static void test_moved_and_deleted(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "seq 1 50 > base/x.yaml; seq 100 150 > base/y.yaml; as A 05; save add\n"
           "mkdir base/in; git mv base/x.yaml base/y.yaml base/in; as B 06; save move\n"
           "git mv base/in/x.yaml base/in/z.yaml; as C 07; save rename\n"
           "git rm -q base/in/z.yaml; as D 08; save delete");
    add_object(&f, "x.yaml", "1");
    add_object(&f, "y.yaml", "100");
    ask(&f, NULL);
    assert_change(&f, 0, "D", "delete");
    assert_unknown(&f, 1);
    drop(&f);
}

/* An object of a file that is there still. */
static void test_object_of_a_file(void **state) {
    (void)state;
    struct fork f;
    start(&f);
    in(&f, "git init -q -b main .; mkdir base\n"
           "printf 'name: a\\n---\\nname: b\\n---\\nname: c\\n' > base/all.yaml\n"
           "as Up 01; save one\n"
           "sed -i '/name: b/d' base/all.yaml; as Jim 05; save 'b goes'\n"
           "sed -i '/name: c/d' base/all.yaml");
    add_object(&f, "all.yaml", "name: b");
    add_object(&f, "all.yaml", "name: c");
    add_object(&f, "all.yaml", "name: a");
    ask(&f, NULL);
    assert_change(&f, 0, "Jim", "b goes");
    assert_uncommitted(&f, 1);
    assert_unknown(&f, 2); /* there is one: some other's */
    drop(&f);
}

static void test_removed_line(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "printf '  e: \"[x]*\" # why?\\n' >> base/web.yaml; as A 05; save e\n"
           "sed -i -e '/e:/d' -e 's/$/\\r/' base/web.yaml; as B 06; save 'no e'\n"
           "git mv base/web.yaml base/site.yaml; as C 07; save move\n"
           "sed -i '/c: 1/d' base/site.yaml; as D 08; save 'no c'\n"
           "echo f: 1 >> base/site.yaml; as E 09; save f\n"
           "sed -i '/d: 1/d' base/site.yaml");
    push(&f, (struct sg_adopt_change){.before = "1",
                                      .file = "site.yaml",
                                      .line = 1,
                                      .base_file = "web.yaml",
                                      .gone = "e: \"[x]*\" # why?"});
    push(&f, (struct sg_adopt_change){.before = "1",
                                      .file = "site.yaml",
                                      .line = 1,
                                      .base_file = "web.yaml",
                                      .gone = "c: 1"});
    add_gone(&f, "site.yaml", "d: 1");
    add_gone(&f, "site.yaml", "f: 1");
    add_gone(&f, "site.yaml", "-never: 1");
    add_gone(&f, "site.yaml", NULL);
    ask(&f, NULL);
    assert_change(&f, 0, "B", "no e");
    assert_change(&f, 1, "D", "no c");
    assert_uncommitted(&f, 2);
    assert_unknown(&f, 3);
    assert_unknown(&f, 4);
    assert_unknown(&f, 5);
    ask(&f, "HEAD");
    assert_change(&f, 0, "B", "no e");
    assert_unknown(&f, 2);
    drop(&f);
}

/* A merge that takes out what both sides had. */
static void test_removed_by_a_merge(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f,
       "echo x > base/x.yaml; as A 05; save x; git checkout -q -b side\n"
       "echo z > z; as A 06; save z; git checkout -q main; echo y > y; as A 07; save y\n"
       "git merge -q --no-commit side 2>&1; git rm -q base/x.yaml\n"
       "sed -i '/d: 1/d' base/web.yaml; as Merger 08; save merge");
    add_gone(&f, "web.yaml", "d: 1");
    add_object(&f, "x.yaml", "x");
    ask(&f, NULL);
    assert_change(&f, 0, "Merger", "merge");
    assert_change(&f, 1, "Merger", "merge");
    drop(&f);
}

static void test_many_searches(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f,
       "seq 1 99 > base/x.yaml; as A 05; save x; : > base/x.yaml; as B 06; save none");
    char lines[SG_ADOPT_MAX_SEARCHES + 1][8];
    for (size_t i = 0; i < SG_ARRAY_LEN(lines); i++) {
        snprintf(lines[i], sizeof(lines[i]), "%zu", i + 1);
        add_gone(&f, "x.yaml", lines[i]);
    }
    add_gone(&f, "x.yaml", lines[0]);
    ask(&f, NULL);
    assert_change(&f, SG_ADOPT_MAX_SEARCHES - 1, "B", "none");
    assert_unknown(&f, SG_ADOPT_MAX_SEARCHES);
    assert_change(&f, SG_ADOPT_MAX_SEARCHES + 1, "B", "none");
    drop(&f);
}

/* --- hostile ---------------------------------------------------------------------- */

static void test_file_names(void **state) {
    (void)state;
    static const char *const names[] = {
        "a b.yaml",         "grün.yaml",    "-x.yaml",      "--all",
        "it's \"so\".yaml", ":(top)x.yaml", "*.yaml",       "tab\there.yaml",
        "back\\slash.yaml", "[a].yaml",     " blob 3.yaml", "#.yaml",
    };
    struct fork f;
    start(&f);
    in(&f, "git init -q -b main .; mkdir base");
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        sg_auto_cstr path = sg_xasprintf("%s/base/%s", f.dir, names[i]);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file, "name: %zu\nother: %zu\n", i, i);
        assert_int_equal(fclose(file), 0);
        add(&f, names[i], 2);
        add_gone(&f, names[i], "gone: 1");
    }
    in(&f,
       "as A 01; save one; for f in base/*; do echo 'gone: 1' >> \"$f\"; done; as B 02\n"
       "save two; for f in base/*; do sed -i '/gone/d' \"$f\"; done; as C 03; save "
       "three");
    ask(&f, NULL);
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        assert_change(&f, 2 * i, "A", "one");
        assert_change(&f, 2 * i + 1, "C", "three");
    }
    f.adopted.changes.len = 0;
    in(&f, "rm base/*; touch base/keep; as D 04; save four");
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        add_object(&f, names[i], NULL);
    }
    ask(&f, NULL);
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        assert_change(&f, i, "D", "four");
    }
    drop(&f);
}

/* A name with a line end cannot be asked for in a list; the others can. */
static void test_line_end_in_a_name(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "printf 'a: 1\\n' > 'base/one\ntwo.yaml'; as A 05; save odd");
    add(&f, "one\ntwo.yaml", 1);
    add(&f, "web.yaml", 2);
    ask(&f, "HEAD");
    assert_unknown(&f, 0);
    assert_change(&f, 1, "Jane Doe", "Raise the memory of gitserver");
    ask(&f, NULL);
    assert_unknown(&f, 0);
    drop(&f);
}

/* Authors and subjects that look like git's output, or like a terminal's orders. */
static void test_hostile_words(void **state) {
    (void)state;
    struct fork f;
    start(&f);
    in(&f, "git init -q -b main .; mkdir base\n"
           "printf 'a: 1\\nb: 1\\nc: 1\\nauthor X\\n' > base/web.yaml\n"
           "as \"Doe, Jane; $(printf '\\033[31m\\001\\342\\200\\256')\" 01\n"
           "save \"$(printf 'Line one,\\nstill \\033]0;x\\007 one\\tand\\n\\nbody')\"\n"
           "sed -i 's/b: 1/b: 2/' base/web.yaml; as 'author Mallory' 02\n"
           "save '1111111111111111111111111111111111111111 1 1 1'\n"
           "sed -i 's/c: 1/c: 2/' base/web.yaml; as \"$(printf 'J\\374rgen')\" 03\n"
           "git add -A; git commit -q --allow-empty-message -m ''\n");
    for (uint32_t line = 1; line <= 4; line++) {
        add(&f, "web.yaml", line);
    }
    ask(&f, NULL);
    assert_change(&f, 0, "Doe, Jane; \033[31m\001\xE2\x80\xAE",
                  "Line one, still \033]0;x\007 one\tand");
    assert_change(&f, 1, "author Mallory",
                  "1111111111111111111111111111111111111111 1 1 1");
    assert_non_null(f.adopted.changes.items[2].commit);
    assert_null(f.adopted.changes.items[2].subject);
    assert_change(&f, 3, "Doe, Jane; \033[31m\001\xE2\x80\xAE",
                  "Line one, still \033]0;x\007 one\tand");
    sg_auto_cstr text = comment(&f, "v1/Service/web");
    for (const char *p = text; *p != '\0'; p++) {
        assert_true((unsigned char)*p >= ' ' || *p == '\n');
    }
    assert_non_null(strstr(text,
                           " 2020-03-01 Doe, Jane; \uFFFD[31m\uFFFD\uFFFD: Line one, "
                           "still \uFFFD]0;x\uFFFD one\uFFFDand\n# "));
    /* and the comments are YAML's */
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_docs docs;
    sg_docs_init(&docs, atoms);
    sg_auto_cstr patch = sg_xasprintf("%skind: X\n", text);
    sg_auto_yaml_docs read = {0};
    assert_int_equal(sg_yaml_read(&docs, "x", patch, strlen(patch), NULL, &read, &f.err),
                     0);
    assert_int_equal(read.roots.len, 1);
    sg_docs_release(&docs);
    sg_atoms_free(atoms);
    drop(&f);
}

/* Nothing that a stranger's repository names is run. */
static void test_nothing_is_run(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "echo '*.yaml filter=a=b diff=d' > .gitattributes; as A 05; save attributes\n"
           "printf '#!/bin/sh\\necho $0 >> %s/ran\\ncat\\n' \"$(pwd)/..\" > ../hit\n"
           "chmod +x ../hit; hit=$(cd ..; pwd)/hit\n"
           "git config filter.a=b.clean $hit; git config filter.a=b.smudge $hit\n"
           "git config filter.a=b.required true\n"
           "git config diff.d.textconv $hit; git config diff.d.command $hit\n"
           "git config diff.external $hit; git config core.fsmonitor $hit\n"
           "git config core.pager $hit; git config pager.log true\n"
           "git config pager.blame true; git config log.showSignature true\n"
           "git config gpg.program $hit; git config core.hooksPath ..\n"
           "sed -i 's/d: 1//' base/web.yaml; touch base/web.yaml");
    add(&f, "web.yaml", 2);
    add_gone(&f, "web.yaml", "b: 1");
    add_object(&f, "x.yaml", "d: 1");
    ask(&f, NULL);
    assert_change(&f, 0, "Jane Doe", "Raise the memory of gitserver");
    assert_change(&f, 1, "Jane Doe", "Raise the memory of gitserver");
    ask(&f, "HEAD");
    sg_auto_cstr ran = sg_xasprintf("%s/ran", f.root);
    assert_int_not_equal(access(ran, F_OK), 0);
    drop(&f);
}

/* Nor does a configuration change what is asked. */
static void test_configuration(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "echo x > base/x.yaml; as A 05; save x\n"
           "git rm -q base/x.yaml; as B 06; save 'no x'\n"
           "git config color.ui always; git config log.showRoot false\n"
           "git config diff.relative true\n"
           "git config log.date iso; git config format.pretty oneline\n"
           "git config blame.showEmail true; git config log.follow true\n"
           "git config diff.renames copies; git config core.quotePath true\n"
           "git config i18n.logOutputEncoding latin1; git config log.diffMerges on");
    add(&f, "web.yaml", 2);
    add_object(&f, "x.yaml", "x");
    ask(&f, NULL);
    assert_change(&f, 0, "Jane Doe", "Raise the memory of gitserver");
    assert_string_equal(f.adopted.changes.items[0].date, "2020-03-04");
    assert_change(&f, 1, "B", "no x");
    drop(&f);
}

/* A clone whose objects would have to be fetched: an error, and nobody is asked. */
static void test_partial_clone(void **state) {
    (void)state;
    struct fork f;
    start_web(&f);
    in(&f, "git config uploadpack.allowFilter true\n"
           "git clone -q --no-checkout --filter=blob:none file://$(pwd) ../partial");
    snprintf(f.dir, sizeof(f.dir), "%s/partial", f.root);
    add(&f, "web.yaml", 2);
    assert_int_equal(sg_adopt_history(f.dir, "HEAD", "base", &f.adopted, &f.err), -1);
    assert_int_equal(f.err.code, SG_E_IO);
    assert_int_not_equal(f.err.hint[0], '\0');
    drop(&f);
}

/* --- a fork that is adopted ------------------------------------------------------- */

static const char base_of_web[] =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"
    "  replicas: 1\n  template:\n    spec:\n      containers:\n      - name: web\n"
    "        image: web:1\n        env:\n        - name: LEVEL\n          value: info\n"
    "        resources:\n          limits:\n            cpu: \"4\"\n";

static void adopt(struct fork *fork, struct sg_atoms *atoms) {
    sg_auto_fs project = sg_fs_memory();
    sg_auto_fs disk = sg_fs_disk(fork->dir, &fork->err);
    static const char list[] = "resources: [web.yaml, extra.yaml]\n",
                      extra[] = "apiVersion: v1\nkind: Service\nmetadata:\n  name: "
                                "extra\n";
    sg_fs_memory_put(project, "up/base/kustomization.yaml", list, strlen(list));
    sg_fs_memory_put(project, "up/base/web.yaml", base_of_web, strlen(base_of_web));
    sg_fs_memory_put(project, "up/base/extra.yaml", extra, strlen(extra));
    struct sg_adopt_fork read;
    sg_adopt_fork_init(&read, atoms);
    struct sg_adopt_opts opts = {.project = project,
                                 .base = "up/base",
                                 .overlay = "overlays/default",
                                 .fork = disk,
                                 .dir = "base"};
    if (disk == NULL || sg_adopt_fork_read(&read, disk, "base", &fork->err) != 0 ||
        sg_adopt_overlay(&read, &opts, &fork->adopted, &fork->err) != 0) {
        fail_msg("%s", fork->err.text);
    }
    sg_adopt_fork_release(&read);
}

static size_t change_at(const struct fork *fork, const char *object, const char *path) {
    for (size_t i = 0; i < fork->adopted.changes.len; i++) {
        if (strcmp(fork->adopted.changes.items[i].object, object) == 0 &&
            strcmp(fork->adopted.changes.items[i].path, path) == 0) {
            return i;
        }
    }
    fail_msg("no change of %s at %s", object, path);
    return 0;
}

static void test_adopted(void **state) {
    (void)state;
    struct fork f;
    start(&f);
    sg_auto_cstr make = sg_xasprintf(
        "git init -q -b main .; mkdir base; cat > base/web.yaml <<'E'\n%sE\n"
        "printf 'apiVersion: v1\\nkind: Service\\nmetadata:\\n  name: extra\\n' "
        "> base/extra.yaml; as Up 01; save 'release 1'\n"
        "sed -i 's/replicas: 1/replicas: 3/' base/web.yaml; as Ann 02; save more\n"
        "sed -i '/limits/,$d' base/web.yaml; sed -i '/resources/d' base/web.yaml\n"
        "as Bob 03; save 'no limits'\n"
        "sed -i 's/value: info/&\\n        - name: MORE\\n          value: x/' "
        "base/web.yaml; as Cid 04; save 'one more'\n"
        "git rm -q base/extra.yaml; as Dan 05; save 'no extra'\n"
        "printf 'apiVersion: v1\\nkind: Service\\nmetadata:\\n  name: own\\n' "
        "> base/own.yaml; as Eve 06; save own\n",
        base_of_web);
    in(&f, make);
    struct sg_atoms *atoms = sg_atoms_new();
    adopt(&f, atoms);
    ask(&f, NULL);
    static const char web[] = "apps/v1/Deployment/web",
                      at[] = "spec.template.spec.containers";
    sg_auto_cstr limits = sg_xasprintf("%s[web].resources", at);
    sg_auto_cstr env = sg_xasprintf("%s[web].env[MORE]", at);
    assert_change(&f, change_at(&f, web, "spec.replicas"), "Ann", "more");
    assert_change(&f, change_at(&f, web, limits), "Bob", "no limits");
    assert_change(&f, change_at(&f, web, env), "Cid", "one more");
    assert_change(&f, change_at(&f, "v1/Service/extra", ""), "Dan", "no extra");
    assert_change(&f, change_at(&f, "v1/Service/own", ""), "Eve", "own");
    sg_auto_cstr text = comment(&f, web);
    const char *bob = strstr(text, "Bob: no limits\n"),
               *cid = strstr(text, "Cid: one more\n");
    assert_non_null(bob);
    assert_non_null(cid);
    assert_true(bob < cid);
    assert_null(strstr(text, "Ann")); /* no patch says the count of copies */
    sg_atoms_free(atoms);
    drop(&f);
}

/* --- comments --------------------------------------------------------------------- */

static void test_comment(void **state) {
    (void)state;
    struct fork f;
    start(&f);
    static const char new[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                      old[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    push(&f, (struct sg_adopt_change){.commit = new,
                                      .author = "Jane Doe",
                                      .date = "2020-03-04",
                                      .time = 20,
                                      .subject = "Raise the memory"});
    push(&f, (struct sg_adopt_change){.commit = old, .time = 10});
    push(&f, (struct sg_adopt_change){.commit = new, .time = 20});
    push(&f, (struct sg_adopt_change){.author = SG_ADOPT_UNCOMMITTED});
    push(&f, (struct sg_adopt_change){0});
    push(&f,
         (struct sg_adopt_change){
             .object = "v1/Service/other", .commit = new, .author = "X", .subject = "Y"});
    push(&f, (struct sg_adopt_change){.object = "v1/Service/none"});
    sg_auto_cstr web = comment(&f, "v1/Service/web");
    assert_string_equal(web, "# aaaaaaaaaa\n"
                             "# bbbbbbbbbb 2020-03-04 Jane Doe: Raise the memory\n"
                             "# not committed\n");
    sg_auto_cstr other = comment(&f, "v1/Service/other");
    assert_string_equal(other, "# bbbbbbbbbb X: Y\n");
    sg_auto_cstr none = comment(&f, "v1/Service/none");
    assert_string_equal(none, "");
    drop(&f);
}

/* Cut between characters, and no byte that YAML refuses. */
static void test_comment_text(void **state) {
    (void)state;
    struct fork f;
    start(&f);
    sg_auto_buf subject = SG_BUF_INIT, want = SG_BUF_INIT;
    for (size_t i = 0; i < 250; i++) {
        sg_buf_adds(&subject, "ü");
    }
    push(&f,
         (struct sg_adopt_change){.commit = "aaaaaaaaaaaaaaa",
                                  .author = "\xFF\xC3\xED\xA0\x80\xEF\xBB\xBFx\xF4\x90"
                                            "\x80\x80\xC0\xAF\xE2\x80\xA8 \xC2\x85\x7F",
                                  .subject = sg_buf_cstr(&subject)});
    sg_auto_cstr text = comment(&f, "v1/Service/web");
    sg_buf_adds(&want,
                "# aaaaaaaaaa \uFFFD\uFFFD\uFFFD\uFFFDx\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"
                "\uFFFD\uFFFD \uFFFD\uFFFD: ");
    for (size_t i = 0; i < 200; i++) {
        sg_buf_adds(&want, "ü");
    }
    sg_buf_adds(&want, "…\n");
    assert_string_equal(text, sg_buf_cstr(&want));
    drop(&f);
}

int main(void) {
    const char *const git[] = {"git", "--version", NULL};
    sg_auto_buf version = SG_BUF_INIT;
    if (run(git, "/", &version) != 0) {
        print_message("skipped: there is no git\n");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_what_has_no_place),
        cmocka_unit_test(test_uncommitted),
        cmocka_unit_test(test_no_commit_yet),
        cmocka_unit_test(test_blanks),
        cmocka_unit_test(test_many_lines),
        cmocka_unit_test(test_many_ranges),
        cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_revision),
        cmocka_unit_test(test_no_repository),
        cmocka_unit_test(test_below_the_top),
        cmocka_unit_test(test_bare),
        cmocka_unit_test(test_shallow),
        cmocka_unit_test(test_deleted_file),
        cmocka_unit_test(test_moved_and_deleted),
        cmocka_unit_test(test_object_of_a_file),
        cmocka_unit_test(test_removed_line),
        cmocka_unit_test(test_removed_by_a_merge),
        cmocka_unit_test(test_many_searches),
        cmocka_unit_test(test_file_names),
        cmocka_unit_test(test_line_end_in_a_name),
        cmocka_unit_test(test_hostile_words),
        cmocka_unit_test(test_nothing_is_run),
        cmocka_unit_test(test_configuration),
        cmocka_unit_test(test_partial_clone),
        cmocka_unit_test(test_adopted),
        cmocka_unit_test(test_comment),
        cmocka_unit_test(test_comment_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
