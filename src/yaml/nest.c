/*
 * nest.c - entries that go deeper: "serviceName: x" as "service: {name: x}".
 *
 * Nothing is written anew that can stay. The key gives way to the keys that now lead to
 * the value, lines below it are indented more, and in flow style brackets close after the
 * value. Only an entry that joins one it does not follow takes its lines along.
 */
#include "spans.h"

#include <string.h>

enum { STEPS_MAX = 16, NESTS_MAX = 64 };

struct step {
    enum { STEP_KEY, STEP_ITEM, STEP_ENTRY } kind;
    struct sg_str key, value; /* value: of an ENTRY */
};

/* One entry on its way. */
struct member {
    uint32_t index;
    struct sg_yaml_place place;
    struct sg_span key;
    struct sg_span lines; /* block: with its comments; from the key where it shares one */
    struct step steps[STEPS_MAX];
    size_t len, leaf;   /* steps; the one that takes the value */
    size_t shared;      /* steps it has in common with the member before it */
    bool away;          /* stands elsewhere, and is brought */
    char quote;         /* of its key, 0: plain */
    const char *breaks; /* the file's line end */
};

struct nesting {
    const struct sg_docs *set;
    const struct sg_node *map;
    uint32_t indent;
    struct member *members;
    size_t len;
};

/* --- steps --- */

static bool parse_step(const char *text, size_t len, struct step *out) {
    const char *equals = memchr(text, '=', len);
    *out = (struct step){.kind = STEP_KEY, .key = {text, len}};
    if (len == 1 && *text == '-') {
        out->kind = STEP_ITEM;
    } else if (equals != NULL) {
        out->kind = STEP_ENTRY;
        out->key.len = (size_t)(equals - text);
        out->value = (struct sg_str){equals + 1, len - out->key.len - 1};
    }
    return len > 0;
}

static void parse_steps(const char *to, struct member *out) {
    bool keyed = false;
    for (const char *at = to;; at++) {
        size_t len = strcspn(at, "/|");
        if (out->len == STEPS_MAX || !parse_step(at, len, &out->steps[out->len])) {
            SG_BUG("a new place that cannot be read");
        }
        if (out->steps[out->len].kind == STEP_KEY) {
            out->leaf = out->len;
            keyed = true;
        }
        out->len++;
        at += len;
        if (*at == '\0') {
            break;
        }
    }
    if (!keyed) {
        SG_BUG("a new place without a key");
    }
}

static bool step_equal(const struct step *a, const struct step *b) {
    return a->kind == b->kind && sg_str_eq(a->key, b->key) &&
           sg_str_eq(a->value, b->value);
}

/* How many steps lead to both values. */
static size_t steps_shared(const struct member *a, const struct member *b) {
    size_t n = 0;
    while (n < a->leaf && n < b->leaf && step_equal(&a->steps[n], &b->steps[n])) {
        n++;
    }
    return n;
}

/* --- members --- */

static bool member_init(const struct nesting *n, const struct sg_yaml_nest *nest,
                        struct member *out) {
    struct sg_yaml_comments comments;
    *out = (struct member){.index = nest->index};
    parse_steps(nest->to, out);
    const struct sg_entry *entry = &n->map->entries[nest->index];
    if (!sg_yaml_entry_place(n->set, n->map, nest->index, &out->place) ||
        !sg_yaml_key_span(n->set, entry, &out->key) ||
        out->place.text.start != out->key.start) {
        return false; /* from elsewhere, or "? key" */
    }
    const struct sg_source *source = out->place.source;
    char first = source->text[out->key.start];
    if (out->key.end <= out->key.start || strchr("&!*", first) != NULL) {
        return false;
    }
    out->quote = first == '"' || first == '\'' ? first : 0;
    sg_yaml_comments_of(&out->place, &comments);
    out->lines = (struct sg_span){out->place.text.start, comments.bottom.end};
    if (out->place.own_lines) {
        out->lines = out->place.lines;
    }
    uint32_t end = sg_line_end(source, out->key.start);
    out->breaks = end >= 2 && source->text[end - 2] == '\r' ? "\r\n" : "\n";
    return true;
}

/* Puts the members that share their first step one after the other, each at the place of
 * the first of them; their order is kept. */
static bool arrange(struct nesting *n, const struct sg_yaml_nest *nests) {
    struct member *sorted = sg_xcalloc(n->len, sizeof(*sorted));
    bool *taken = sg_xcalloc(n->len, sizeof(*taken));
    size_t len = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < n->len; i++) {
        ok = member_init(n, &nests[i], &n->members[i]);
    }
    for (size_t i = 0; ok && i < n->len; i++) {
        for (size_t k = i; !taken[i] && k < n->len; k++) {
            if (k > i &&
                (taken[k] || steps_shared(&n->members[i], &n->members[k]) == 0)) {
                continue;
            }
            taken[k] = k > i;
            sorted[len] = n->members[k];
            sorted[len].shared =
                k > i ? steps_shared(&sorted[len - 1], &n->members[k]) : 0;
            sorted[len].away = k > i && sorted[len].index != sorted[len - 1].index + 1;
            len++;
        }
    }
    free(taken);
    free(n->members);
    n->members = sorted;
    return ok;
}

/* --- keys that would stand twice --- */

static bool key_taken(const struct nesting *n, const struct member *member) {
    const struct step *step = &member->steps[0];
    for (size_t i = 0; i < n->len; i++) {
        const struct member *other = &n->members[i];
        if (other != member && other->shared == 0 && member->shared == 0 &&
            sg_str_eq(other->steps[0].key, step->key)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < n->map->len; i++) {
        bool moved = false;
        for (size_t k = 0; k < n->len && !moved; k++) {
            moved = n->members[k].index == i;
        }
        sg_atom key = n->map->entries[i].key;
        if (!moved && sg_str_eq((struct sg_str){key->text, key->len}, step->key)) {
            return true;
        }
    }
    return false;
}

/* Two members of a group part at one step, which must not name one key twice; and what
 * `b` shares with one farther back must still be open. */
static bool clash(const struct member *a, const struct member *b) {
    size_t at = steps_shared(a, b);
    const struct step *x = &a->steps[at], *y = &b->steps[at];
    return at > b->shared || x->kind == STEP_ITEM || y->kind == STEP_ITEM ||
           sg_str_eq(x->key, y->key);
}

static bool keys_free(const struct nesting *n) {
    for (size_t i = 0, first = 0; i < n->len; i++) {
        first = n->members[i].shared > 0 ? first : i;
        if (key_taken(n, &n->members[i])) {
            return false;
        }
        for (size_t k = first; k < i; k++) {
            if (clash(&n->members[k], &n->members[i])) {
                return false;
            }
        }
    }
    return true;
}

/* --- text --- */

static void add_spaces(struct sg_buf *out, uint32_t count) {
    while (count-- > 0) {
        sg_buf_addc(out, ' ');
    }
}

static void add_word(const struct member *member, struct sg_str word, bool value,
                     struct sg_buf *out) {
    bool null = value && sg_str_eq(word, SG_STR("null"));
    if (member->quote && !null) {
        sg_buf_addc(out, member->quote);
    }
    sg_buf_add(out, word.ptr, word.len);
    if (member->quote && !null) {
        sg_buf_addc(out, member->quote);
    }
}

static void add_entry(const struct member *member, const struct step *step,
                      struct sg_buf *out) {
    add_word(member, step->key, false, out);
    sg_buf_adds(out, ": ");
    add_word(member, step->value, true, out);
}

/* The column where step `at` stands in block style. */
static uint32_t column(const struct nesting *n, const struct member *member, size_t at) {
    uint32_t col = member->place.indent;
    for (size_t i = 0; i < at; i++) {
        if (member->steps[i].kind == STEP_ITEM) {
            col += 2;
        } else if (member->steps[i].kind == STEP_KEY &&
                   member->steps[i + 1].kind != STEP_ITEM) {
            col += n->indent;
        }
    }
    return col;
}

/* What takes the key's place, from the first step that is its own. */
static void block_key(const struct nesting *n, const struct member *member,
                      struct sg_buf *out) {
    for (size_t i = member->shared; i <= member->leaf; i++) {
        const struct step *step = &member->steps[i];
        if (i > member->shared && member->steps[i - 1].kind != STEP_ITEM) {
            sg_buf_adds(out, member->breaks);
            add_spaces(out, column(n, member, i));
        }
        if (step->kind == STEP_ITEM) {
            sg_buf_adds(out, "- ");
        } else if (step->kind == STEP_ENTRY) {
            add_entry(member, step, out);
        } else {
            add_word(member, step->key, false, out);
            sg_buf_adds(out, i < member->leaf ? ":" : "");
        }
    }
}

static void flow_key(const struct member *member, struct sg_buf *out) {
    for (size_t i = member->shared; i <= member->leaf; i++) {
        const struct step *step = &member->steps[i];
        if (step->kind == STEP_ITEM) {
            sg_buf_addc(out, '{');
        } else if (step->kind == STEP_ENTRY) {
            add_entry(member, step, out);
            sg_buf_adds(out, ", ");
        } else {
            add_word(member, step->key, false, out);
            if (i < member->leaf) {
                sg_buf_adds(out, member->steps[i + 1].kind == STEP_ITEM ? ": [" : ": {");
            }
        }
    }
}

/* Closes what was opened for the steps from `from` on. */
static void flow_close(const struct member *member, size_t from, struct sg_buf *out) {
    for (size_t i = member->leaf; i-- > from;) {
        if (member->steps[i].kind == STEP_ITEM) {
            sg_buf_addc(out, '}');
        } else if (member->steps[i].kind == STEP_KEY) {
            sg_buf_addc(out, member->steps[i + 1].kind == STEP_ITEM ? ']' : '}');
        }
    }
}

/* Entries after the value. */
static void flow_after(const struct member *member, struct sg_buf *out) {
    for (size_t i = member->leaf + 1; i < member->len; i++) {
        sg_buf_adds(out, ", ");
        add_entry(member, &member->steps[i], out);
    }
}

static void block_after(const struct nesting *n, const struct member *member,
                        struct sg_splices *out) {
    const char *text = member->place.source->text;
    sg_auto_buf lines = SG_BUF_INIT;
    uint32_t at = member->lines.end;
    for (size_t i = member->leaf + 1; i < member->len; i++) {
        bool open = at > 0 && text[at - 1] != '\n'; /* the last line of the file */
        sg_buf_adds(&lines, open ? member->breaks : "");
        add_spaces(&lines, column(n, member, member->leaf));
        add_entry(member, &member->steps[i], &lines);
        sg_buf_adds(&lines, open ? "" : member->breaks);
    }
    if (lines.len > 0) {
        sg_splices_add(out, at, at, lines.ptr, lines.len);
    }
}

/* Moves the lines that begin in [start, end) to the right. */
static void shift(const struct sg_source *source, uint32_t start, uint32_t end,
                  uint32_t by, struct sg_splices *out) {
    sg_auto_buf spaces = SG_BUF_INIT;
    add_spaces(&spaces, by);
    for (uint32_t at = start; by > 0 && at < end; at = sg_line_end(source, at)) {
        if (strchr("\r\n", source->text[at]) == NULL) {
            sg_splices_add(out, at, at, spaces.ptr, spaces.len);
        }
    }
}

static void block_edits(const struct nesting *n, const struct member *member,
                        struct sg_splices *out) {
    const struct sg_source *source = member->place.source;
    sg_auto_buf key = SG_BUF_INIT;
    uint32_t indent = member->place.indent;
    uint32_t below = sg_line_end(source, member->key.start);
    if (member->shared > 0) {
        shift(source, member->lines.start, below,
              column(n, member, member->shared) - indent, out);
    }
    block_key(n, member, &key);
    sg_splices_add(out, member->key.start, member->key.end, key.ptr, key.len);
    shift(source, below, member->lines.end, column(n, member, member->leaf) - indent,
          out);
    block_after(n, member, out);
}

static void flow_edits(const struct member *member, size_t close,
                       struct sg_splices *out) {
    sg_auto_buf key = SG_BUF_INIT, after = SG_BUF_INIT;
    flow_key(member, &key);
    sg_splices_add(out, member->key.start, member->key.end, key.ptr, key.len);
    flow_after(member, &after);
    flow_close(member, close, &after);
    if (after.len > 0) {
        sg_splices_add(out, member->place.text.end, member->place.text.end, after.ptr,
                       after.len);
    }
}

/* --- members that are brought from elsewhere in the map --- */

/* The text of `span` with its splices made. */
static void edited(const struct member *member, struct sg_span span,
                   struct sg_splices *edits, struct sg_buf *out) {
    for (size_t i = 0; i < edits->items.len; i++) {
        edits->items.items[i].start -= span.start;
        edits->items.items[i].end -= span.start;
    }
    struct sg_str text = {member->place.source->text + span.start, span.end - span.start};
    sg_splices_apply(edits, text, out);
}

/* Appends `member` as it will stand to what is put at the end of its group. */
static void bring(const struct member *member, struct sg_splices *edits,
                  struct sg_buf *out) {
    const struct sg_source *source = member->place.source;
    if (member->place.flow) {
        sg_buf_adds(out, ", ");
        edited(member, member->place.text, edits, out);
        return;
    }
    edited(member, member->lines, edits, out);
    if (source->text[member->lines.end - 1] != '\n') {
        sg_buf_adds(out, member->breaks);
    }
}

/* Where what is brought to the member is put. */
static uint32_t end_of(const struct member *member) {
    return member->place.flow ? member->place.text.end : member->lines.end;
}

/* The members [from, to) are one group. */
static void nest_group(const struct nesting *n, size_t from, size_t to, bool *gone,
                       struct sg_splices *out) {
    sg_auto_buf brought = SG_BUF_INIT;
    uint32_t at = end_of(&n->members[from]);
    for (size_t i = from; i < to; i++) {
        const struct member *member = &n->members[i];
        struct sg_splices own = {0};
        size_t close = i + 1 < to ? n->members[i + 1].shared : 0;
        if (member->place.flow) {
            flow_edits(member, close, &own);
        } else {
            block_edits(n, member, &own);
        }
        if (member->away) {
            gone[member->index] = true;
            bring(member, &own, &brought);
            sg_splices_release(&own);
            continue;
        }
        for (size_t k = 0; k < own.items.len; k++) { /* hands the texts over */
            sg_vec_push(&out->items, own.items.items[k]);
        }
        sg_vec_release(&own.items);
        at = end_of(member);
    }
    if (brought.len > 0) {
        sg_splices_add(out, at, at, brought.ptr, brought.len);
    }
}

/* Whether a block member can be brought: not from a dash's line, nor to the end of a file
 * whose last line does not end. */
static bool can_bring(const struct member *member, const struct member *before) {
    const char *text = before->place.source->text;
    return member->place.flow || (member->place.own_lines &&
                                  (before->away || text[before->lines.end - 1] == '\n'));
}

/* Once a member of a group is brought, those after it are, too. */
static bool settle(struct nesting *n) {
    for (size_t i = 1; i < n->len; i++) {
        struct member *member = &n->members[i];
        const struct member *before = &n->members[i - 1];
        member->away = member->shared > 0 && (member->away || before->away);
        if (member->away && !can_bring(member, before)) {
            return false;
        }
    }
    return true;
}

static bool nest_all(struct nesting *n, const struct sg_yaml_nest *nests,
                     struct sg_splices *out) {
    if (!arrange(n, nests) || !keys_free(n) || !settle(n)) {
        return false;
    }
    bool *gone = sg_xcalloc(n->map->len, sizeof(*gone));
    for (size_t i = 0, to; i < n->len; i = to) {
        for (to = i + 1; to < n->len && n->members[to].shared > 0;) {
            to++;
        }
        nest_group(n, i, to, gone, out);
    }
    bool ok = sg_yaml_delete_entries(n->set, n->map, gone, out);
    free(gone);
    return ok;
}

bool sg_yaml_nest_entries(const struct sg_docs *set, const struct sg_node *map,
                          const struct sg_yaml_nest *nests, size_t len, uint32_t indent,
                          struct sg_splices *out) {
    if (len == 0 || len > NESTS_MAX) {
        return len == 0;
    }
    size_t before = out->items.len;
    struct nesting n = {.set = set, .map = map, .indent = indent, .len = len};
    n.members = sg_xcalloc(len, sizeof(*n.members));
    bool ok = nest_all(&n, nests, out);
    free(n.members);
    while (!ok && out->items.len > before) {
        free(out->items.items[--out->items.len].text);
    }
    return ok;
}
