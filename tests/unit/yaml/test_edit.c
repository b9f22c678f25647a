/* Edit mode: spans, places, comments and edits, on texts and on every real file. */
#include "yaml_helper.h"

#include <stdio.h>
#include <string.h>

static const struct sg_yaml_opts edit = {.edit = true};

static void span_is(const struct fixture *f, struct sg_span span, const char *text) {
    const struct sg_source *source = &f->set.sources.items[f->set.sources.len - 1];
    sg_auto_cstr got = sg_xstrndup(source->text + span.start, span.end - span.start);
    assert_string_equal(got, text);
}

static void finds_comments(void **state) {
    struct fixture *f = *state;
    struct sg_node *root = fixture_read(f,
                                        "# head\n\n"
                                        "# top\n# top 2\na: 1 # right\n"
                                        "# own\nb: # key right\n  c: '#x'\n  # below\n"
                                        "d:\n- x # item\n# top of y\n- y\n",
                                        &edit);
    struct sg_yaml_place place;
    struct sg_yaml_comments comments;
    assert_true(sg_yaml_entry_place(&f->set, root, 0, &place));
    assert_true(place.own_lines);
    sg_yaml_comments_of(&place, &comments);
    span_is(f, comments.top, "# top\n# top 2\n");
    span_is(f, comments.right, "# right");
    span_is(f, comments.bottom, "");
    span_is(f, place.lines, "# top\n# top 2\na: 1 # right\n");
    assert_true(sg_yaml_entry_place(&f->set, root, 1, &place));
    sg_yaml_comments_of(&place, &comments);
    span_is(f, comments.top, "# own\n");
    span_is(f, comments.right, "# key right");
    span_is(f, comments.bottom, "  # below\n");
    span_is(f, place.text, "b: # key right\n  c: '#x'");
    span_is(f, place.value, "c: '#x'");
    const struct sg_node *seq = root->entries[2].value;
    assert_true(sg_yaml_item_place(&f->set, seq, 0, &place));
    sg_yaml_comments_of(&place, &comments);
    span_is(f, comments.right, "# item");
    span_is(f, comments.bottom, "");
    assert_true(sg_yaml_item_place(&f->set, seq, 1, &place));
    span_is(f, place.lines, "# top of y\n- y\n");
    assert_int_equal(place.indent, 0);
}

/* Applies the splices to the last source, checks the way back, returns the new text. */
static char *applied(const struct fixture *f, struct sg_splices *splices) {
    const struct sg_source *source = &f->set.sources.items[f->set.sources.len - 1];
    struct sg_buf out = SG_BUF_INIT;
    sg_auto_buf back = SG_BUF_INIT;
    struct sg_splices reverse = {0};
    const struct sg_str in = {source->text, source->len};
    sg_splices_apply(splices, in, &out);
    sg_splices_reverse(splices, in, &reverse);
    sg_splices_apply(&reverse, (struct sg_str){sg_buf_cstr(&out), out.len}, &back);
    assert_string_equal(sg_buf_cstr(&back), source->text);
    sg_splices_release(&reverse);
    sg_splices_release(splices);
    return sg_buf_take(&out);
}

/* Follows keys and indexes: "a.0.b"; the last step is the index in the owner. */
static struct sg_node *walk(struct sg_node *root, const char *path, uint32_t *last) {
    struct sg_node *node = root;
    for (;;) {
        size_t len = strcspn(path, ".");
        *last = (uint32_t)strtoul(path, NULL, 10);
        if (sg_is_map(node)) {
            for (*last = 0; node->entries[*last].key->len != len ||
                            strncmp(node->entries[*last].key->text, path, len) != 0;) {
                ++*last;
            }
        }
        if (!path[len]) {
            return node;
        }
        node = sg_is_map(node) ? node->entries[*last].value : node->items[*last];
        path += len + 1;
    }
}

static void deletes(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *in, *path, *out; /* out NULL: refused */
    } cases[] = {
        {"a: 1\nb: 2\n", "a", "b: 2\n"},
        {"a: 1\nb: 2", "b", "a: 1\n"},
        {"a:\n  x: 1\nb: 2\n", "a.x", "a:\n  {}\nb: 2\n"},
        {"a:\n- 1\nb: 2\n", "a.0", "a:\n  []\nb: 2\n"},
        {"# t\na:\n- 1\n# u\n\nb: 2\n", "a", "# u\n\nb: 2\n"},
        {"a:\n- x: 1\n  y: 2\n- z\n", "a.0.x", "a:\n- y: 2\n- z\n"},
        {"a:\n- x: 1\n  # why\n  y: 2\n", "a.0.x", NULL},
        {"a:\n- x: 1 # gone\n  y: 2\n", "a.0.x", "a:\n- y: 2\n"},
        {"a:\n- x: 1\n  y: 2\n- z\n", "a.0", "a:\n- z\n"},
        {"a: [1, 2, 3]\n", "a.0", "a: [2, 3]\n"},
        {"a: [1, 2, 3]\n", "a.2", "a: [1, 2]\n"},
        {"a: [ 1 ]\n", "a.0", "a: []\n"},
        {"a: {x: 1, y: 2}\n", "a.y", "a: {x: 1}\n"},
        {"a: [x: 1]\n", "a.0.x", NULL},
        {"a: {x: 1, # c\n  y: 2}\n", "a.x", NULL},
        {"a: |\n  x\n\nb: 1\n", "a", "\nb: 1\n"},
        {"a: |\n  x\n\n  y\nb: 1\n", "a", "b: 1\n"},
        {"- - 1\n  - 2\n- 3\n", "0.0", "- - 2\n- 3\n"},
        {"a: 1\r\nb: 2\r\n", "a", "b: 2\r\n"},
        {"? a\n: 1\nb: 2\n", "a", "b: 2\n"},
        {"a: &x {k: 1, l: 2}\nb: *x\n", "b.k", NULL},
        {"a: &x {k: 1, l: 2}\nb: *x\n", "b", "a: &x {k: 1, l: 2}\n"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        struct sg_splices splices = {0};
        uint32_t index;
        const struct sg_node *owner =
            walk(fixture_read(f, cases[i].in, &edit), cases[i].path, &index);
        bool done = sg_is_map(owner)
                        ? sg_yaml_delete_entry(&f->set, owner, index, &splices)
                        : sg_yaml_delete_item(&f->set, owner, index, &splices);
        assert_true(done == (cases[i].out != NULL));
        sg_auto_cstr out = applied(f, &splices);
        assert_string_equal(out, done ? cases[i].out : cases[i].in);
    }
}

static void inserts(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *in, *path, *value, *out;
    } cases[] = {
        {"a: 1\nc: 2\n", "a", "x", "a: 1\nb: x\nc: 2\n"},
        {"a: 1", "a", "x", "a: 1\nb: x\n"},
        {"a: 1 # c\n", "a", "'1'", "a: 1 # c\nb: \"1\"\n"},
        {"- a: 1\n- c\n", "0.a", "[x, {y: z}]",
         "- a: 1\n  b:\n  - x\n  - \"y\": z\n- c\n"},
        {"k:\n    a:\n      x: |\n        t\n    c: 1\n", "k.a", "\"x\\n\\ny\\n\"",
         "k:\n    a:\n      x: |\n        t\n    b: |\n      x\n\n      y\n    c: 1\n"},
        {"k: {a: 1}\n", "k.a", "{x: [1, ~]}", "k: {a: 1, b: {x: [1, null]}}\n"},
        {"a: 1\r\nc: 2\r\n", "a", "x", "a: 1\r\nb: x\r\nc: 2\r\n"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        struct sg_splices splices = {0};
        uint32_t index;
        struct sg_node *value = fixture_read(f, cases[i].value, NULL);
        const struct sg_node *map =
            walk(fixture_read(f, cases[i].in, &edit), cases[i].path, &index);
        assert_true(sg_yaml_insert_entry(&f->set, map, index, "b", value, &splices));
        sg_auto_cstr out = applied(f, &splices);
        assert_string_equal(out, cases[i].out);
    }
}

static void replaces_in_style(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *in, *text, *out;
    } cases[] = {
        {"a: x # c\n", "y1", "a: y1 # c\n"},
        {"a: x\n", "yes", "a: \"yes\"\n"},
        {"a: x\n", "1", "a: \"1\"\n"},
        {"a: 3\n", "4", "a: 4\n"},
        {"a: 3\n", "x", "a: \"x\"\n"},
        {"a: 'x'\n", "it's", "a: 'it''s'\n"},
        {"a: 'x'\n", "1\n2", "a: \"1\\n2\"\n"},
        {"a: \"x\"\n", "q\"", "a: \"q\\\"\"\n"},
        {"a: |\n    x\nb: 1\n", "y\nz\n", "a: |\n    y\n    z\nb: 1\n"},
        {"a: |-\n    x\nb: 1\n", "y", "a: |-\n    y\nb: 1\n"},
        {"a: >\n  x\n  y\n", "y z\n\nw\n", "a: |\n  y z\n\n  w\n"},
        {"a: |\n  x\n", " y\n", NULL},
        {"a: &k x\n", "y", NULL},
        {"k: 1\na: x: y\n", "z", NULL},
        {"a: image:1.2\n", "registry/image:1.3@sha256:ab",
         "a: registry/image:1.3@sha256:ab\n"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        struct sg_splices splices = {0};
        uint32_t index;
        struct sg_node *root = fixture_read(f, cases[i].in, &edit);
        if (!root) {
            continue;
        }
        const struct sg_node *map = walk(root, "a", &index);
        bool done =
            sg_yaml_replace_scalar(&f->set, map->entries[index].value, cases[i].text,
                                   strlen(cases[i].text), &splices);
        assert_true(done == (cases[i].out != NULL));
        sg_auto_cstr out = applied(f, &splices);
        assert_string_equal(out, done ? cases[i].out : cases[i].in);
        if (!done) {
            continue;
        }
        root = fixture_read(f, out, &edit);
        assert_string_equal(sg_text(walk(root, "a", &index)->entries[index].value),
                            cases[i].text);
    }
}

static void maps_embedded_text(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *in;
        uint32_t start, end;
        const char *text, *out; /* out NULL: refused */
    } cases[] = {
        {"p: |-\n  ab\n  cd\n", 3, 5, "X", "p: |-\n  ab\n  X\n"},
        {"p: |\n    ab\n\n    cd\nq: 1\n", 0, 3, "", "p: |\n    \n    cd\nq: 1\n"},
        {"p: |\n  ab\n  cd\nq: 1\n", 0, 3, "", "p: |\n  cd\nq: 1\n"},
        {"p: |\n  ab\n  cd\nq: 1\n", 3, 6, "", "p: |\n  ab\nq: 1\n"},
        {"p: |\n  ab\n  cd\nq: 1\n", 3, 3, "x\n\ny\n",
         "p: |\n  ab\n  x\n\n  y\n  cd\nq: 1\n"},
        {"p: |\n  ab\nq: 1\n", 3, 3, "x\n", "p: |\n  ab\n  x\nq: 1\n"},
        {"p: |\n  ab\nq: 1\n", 2, 3, "", NULL},
        {"p: |\r\n  ab\r\n  cd\r\n", 4, 5, "X", "p: |\r\n  ab\r\n  cX\r\n"},
        {"p: 'abc'\n", 1, 2, "X", "p: 'aXc'\n"},
        {"p: abc\n", 1, 2, "X\nY", NULL},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_yaml_embed embed = {0};
        struct sg_splices inner = {0}, outer = {0};
        struct sg_node *root = fixture_read(f, cases[i].in, &edit);
        assert_true(sg_yaml_embed_init(&f->set, root->entries[0].value, &embed));
        sg_splices_add(&inner, cases[i].start, cases[i].end, cases[i].text,
                       strlen(cases[i].text));
        bool done = sg_yaml_embed_splices(&embed, &inner, &outer);
        assert_true(done == (cases[i].out != NULL));
        sg_auto_cstr out = applied(f, &outer);
        assert_string_equal(out, done ? cases[i].out : cases[i].in);
        sg_splices_release(&inner);
    }
    static const char *const refused[] = {"p: >\n  ab\n", "p: \"a\\tb\"\n", "p: 'a''b'\n",
                                          "p: ab\n  cd\n", "p: &x ab\n"};
    for (size_t i = 0; i < SG_ARRAY_LEN(refused); i++) {
        sg_auto_yaml_embed embed = {0};
        struct sg_node *root = fixture_read(f, refused[i], &edit);
        assert_false(sg_yaml_embed_init(&f->set, root->entries[0].value, &embed));
    }
}

/* Lines that go one by one, to the end of the block. */
static void embeds_splices_that_touch(void **state) {
    struct fixture *f = *state;
    sg_auto_yaml_embed embed = {0};
    struct sg_splices inner = {0}, outer = {0};
    struct sg_node *root = fixture_read(f, "p: |\n  ab\n  cd\n  ef\nq: 1\n", &edit);
    assert_true(sg_yaml_embed_init(&f->set, root->entries[0].value, &embed));
    sg_splices_add(&inner, 6, 9, "", 0);
    sg_splices_add(&inner, 3, 3, "x\n", 2);
    sg_splices_add(&inner, 3, 6, "", 0);
    assert_true(sg_yaml_embed_splices(&embed, &inner, &outer));
    sg_auto_cstr joined = applied(f, &outer);
    assert_string_equal(joined, "p: |\n  ab\n  x\nq: 1\n");
    sg_splices_release(&inner);
}

static void splices_compose(void **state) {
    struct fixture *f = *state;
    assert_non_null(fixture_read(f, "0123456789", &edit));
    struct sg_splices splices = {0};
    sg_splices_add(&splices, 8, 9, "", 0);
    sg_splices_add(&splices, 2, 4, "xyz", 3);
    sg_splices_add(&splices, 4, 4, "a", 1);
    sg_splices_add(&splices, 4, 4, "b", 1);
    sg_splices_add(&splices, 0, 0, "<", 1);
    sg_auto_cstr out = applied(f, &splices);
    assert_string_equal(out, "<01xyzab45679");
    sg_auto_cstr same = applied(f, &splices);
    assert_string_equal(same, "0123456789");
}

/* --- real files --- */

struct tally {
    size_t nodes, deleted, refused, replaced;
};

/* The bytes of a span, moved to the column they stand at, read as the same node. */
static void check_span(struct fixture *f, const struct sg_node *node,
                       struct tally *tally) {
    struct sg_span span;
    sg_auto_docs other;
    sg_auto_yaml_docs docs = {0};
    sg_auto_buf text = SG_BUF_INIT;
    const struct sg_source *source = sg_docs_source(&f->set, node->loc);
    sg_docs_init(&other, f->atoms);
    assert_true(sg_yaml_span(&f->set, node, &span));
    for (uint32_t i = span.start; i > 0 && source->text[i - 1] != '\n'; i--) {
        sg_buf_addc(&text, ' ');
    }
    sg_buf_add(&text, source->text + span.start, span.end - span.start);
    if (sg_yaml_read(&other, "span", sg_buf_cstr(&text), text.len, NULL, &docs,
                     &f->err)) {
        fail_msg("%s: span %u-%u: %s", source->name, span.start, span.end, f->err.text);
    }
    assert_true(sg_is_null(node)
                    ? docs.roots.len == 0
                    : docs.roots.len == 1 && sg_node_equal(node, docs.roots.items[0]));
    tally->nodes++;
}

/* Deletes entry or item `index` of `owner` in the text, and by hand in the tree. */
static void check_delete(struct fixture *f, struct sg_node *owner, uint32_t index,
                         struct tally *tally) {
    struct sg_splices splices = {0};
    sg_auto_docs other;
    sg_auto_yaml_docs docs = {0};
    struct sg_node saved = *owner;
    struct sg_entry entries[64];
    struct sg_node *items[256];
    bool map = sg_is_map(owner);
    if (owner->len > (map ? SG_ARRAY_LEN(entries) : SG_ARRAY_LEN(items))) {
        return;
    }
    if (!(map ? sg_yaml_delete_entry(&f->set, owner, index, &splices)
              : sg_yaml_delete_item(&f->set, owner, index, &splices))) {
        tally->refused++;
        return;
    }
    sg_auto_cstr text = applied(f, &splices);
    sg_docs_init(&other, f->atoms);
    if (sg_yaml_read(&other, "deleted", text, strlen(text), NULL, &docs, &f->err)) {
        fail_msg("%s: %u:%u: %s\n%s", f->set.sources.items[0].name, f->err.line,
                 f->err.column, f->err.text, text);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < owner->len; i++) {
        if (i == index) {
            continue;
        }
        if (map) {
            entries[kept++] = owner->entries[i];
        } else {
            items[kept++] = owner->items[i];
        }
    }
    owner->len = kept;
    owner->index = map ? NULL : owner->index;
    if (map) {
        owner->entries = entries;
    } else {
        owner->items = items;
    }
    assert_int_equal(docs.roots.len, f->docs.roots.len);
    for (size_t i = 0; i < docs.roots.len; i++) {
        if (!sg_node_equal(docs.roots.items[i], f->docs.roots.items[i])) {
            fail_msg("%s: deleting gives another tree:\n%s", f->set.sources.items[0].name,
                     text);
        }
    }
    *owner = saved;
    tally->deleted++;
}

static void check_replace(struct fixture *f, struct sg_node *scalar,
                          struct tally *tally) {
    struct sg_splices splices = {0};
    sg_auto_docs other;
    sg_auto_yaml_docs docs = {0};
    if (!sg_yaml_replace_scalar(&f->set, scalar, scalar->text, scalar->len, &splices)) {
        return;
    }
    sg_auto_cstr text = applied(f, &splices);
    sg_docs_init(&other, f->atoms);
    if (sg_yaml_read(&other, "replaced", text, strlen(text), NULL, &docs, &f->err)) {
        fail_msg("%s: %s\n%s", f->set.sources.items[0].name, f->err.text, text);
    }
    for (size_t i = 0; i < docs.roots.len; i++) {
        if (!sg_node_equal(docs.roots.items[i], f->docs.roots.items[i])) {
            fail_msg("%s: replacing by itself gives another tree:\n%s",
                     f->set.sources.items[0].name, text);
        }
    }
    tally->replaced++;
}

static void check_tree(struct fixture *f, struct sg_node *node, struct tally *tally) {
    check_span(f, node, tally);
    if (sg_is_scalar(node) && !sg_is_null(node)) {
        check_replace(f, node, tally);
    }
    for (uint32_t i = 0; !sg_is_scalar(node) && i < node->len; i++) {
        check_delete(f, node, i, tally);
        check_tree(f, sg_is_map(node) ? node->entries[i].value : node->items[i], tally);
    }
}

static void check_file(const char *path, const char *text, size_t len, void *ctx) {
    struct fixture *f;
    if (len > 20000 || strstr(path, "docker-compose")) { /* the cost is quadratic */
        return;
    }
    fixture_setup((void **)&f);
    if (sg_yaml_read(&f->set, path, text, len, &edit, &f->docs, &f->err)) {
        fail_msg("%s:%u: %s", path, f->err.line, f->err.text);
    }
    for (size_t i = 0; i < f->docs.roots.len; i++) {
        check_tree(f, f->docs.roots.items[i], ctx);
    }
    fixture_teardown((void **)&f);
}

static void real_files_keep_their_meaning(void **state) {
    char folder[4200];
    struct tally tally = {0};
    (void)state;
    if (!real_folder()) {
        skip();
    }
    snprintf(folder, sizeof(folder), "%s/v3.20.1", real_folder());
    assert_true(each_yaml_file(folder, check_file, &tally) > 50);
    printf("%zu spans, %zu deletions (%zu refused), %zu replacements\n", tally.nodes,
           tally.deleted, tally.refused, tally.replaced);
    assert_true(tally.nodes > 3000 && tally.deleted > 3000 && tally.replaced > 1500);
    assert_true(tally.refused < tally.deleted / 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_comments, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(deletes, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(inserts, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(replaces_in_style, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(maps_embedded_text, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(embeds_splices_that_touch, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(splices_compose, fixture_setup, fixture_teardown),
        cmocka_unit_test(real_files_keep_their_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
