/*
 * left_out.c - what kustomize refuses. An error names a file: what was to be said of its
 * objects is left out until the rest renders. Then of each of them as much is said as can
 * be: halves of its differences are tried, and halves of those that are refused.
 */
#include "adopting.h"

enum {
    LEFT_OUT_MAX = 64, /* objects */
    TRIALS_MAX = 48,   /* renders of the project, for all objects */
};

/* --- whole objects ---------------------------------------------------------------- */

static size_t leave_pair(struct pair *pair) {
    bool now = !pair->left_out;
    pair->left_out = true;
    return now;
}

/* A file of the overlay's is for one pair; of the base's, the pairs of its objects that a
 * patch is for. */
static size_t leave_file(struct adopting *a, const char *file) {
    size_t prefix = strlen(a->opts->overlay), left = 0;
    if (strncmp(file, a->opts->overlay, prefix) == 0 && file[prefix] == '/') {
        const char *name = file + prefix + 1;
        uintptr_t at = (uintptr_t)sg_strmap_get(&a->laid, name, strlen(name));
        return at == 0 ? 0 : leave_pair(&a->pairs.items[at - 1]);
    }
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        bool here = pair->want != NULL && pair->base->file != NULL &&
                    strcmp(pair->base->file, file) == 0;
        left += here ? leave_pair(pair) : 0;
    }
    return left;
}

/* The objects of the file that kustomize refuses go without what was to be said of them,
 * and are found different; false where the error is not about one. */
static bool leave_out(struct adopting *a, const struct sg_err *err) {
    size_t left = leave_file(a, err->file);
    a->left_out += left;
    return left > 0;
}

static void choose_none(struct pair *pair) {
    pair->chosen = NULL;
    pair->sayable = NULL;
}

void forget_left_out(struct adopting *a) {
    a->left_out = 0;
    for (size_t i = 0; i < a->pairs.len; i++) {
        a->pairs.items[i].left_out = false;
        choose_none(&a->pairs.items[i]);
    }
}

/* --- parts of them ---------------------------------------------------------------- */

const struct sg_node *start_of(const struct pair *pair) {
    return pair->content != NULL ? pair->content : pair->start;
}

const struct sg_node *sayable(const struct pair *pair) {
    if (pair->left_out) {
        return start_of(pair);
    }
    return pair->sayable != NULL ? pair->sayable : pair->want;
}

void limit_wants(struct adopting *a) {
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        pair->sayable = pair->chosen == NULL ? NULL
                                             : blend_objects(a->docs, start_of(pair),
                                                             pair->want, pair->chosen);
    }
}

/* Chooses of the differences from `first` on all that can be said beside those chosen
 * before; returns how many. */
static size_t choose_some(struct adopting *a, struct pair *pair, size_t first, size_t end,
                          size_t *trials) {
    struct sg_err refused = {0};
    if (first == end || *trials == 0) {
        return 0;
    }
    memset(pair->chosen + first, true, end - first);
    --*trials;
    if (lay_out(a, &refused) == 0) {
        return end - first;
    }
    memset(pair->chosen + first, false, end - first);
    if (end - first == 1) {
        return 0;
    }
    size_t middle = first + (end - first) / 2;
    size_t found = choose_some(a, pair, first, middle, trials);
    return found + choose_some(a, pair, middle, end, trials);
}

/* All of its differences together are refused already. */
static void say_some(struct adopting *a, struct pair *pair, size_t *trials) {
    size_t units = count_units(a->docs, start_of(pair), pair->want);
    pair->chosen = sg_arena_alloc(&a->docs->arena, units + 1);
    pair->left_out = false;
    size_t middle = units / 2;
    size_t found = units < 2 ? 0 : choose_some(a, pair, 0, middle, trials);
    found += units < 2 ? 0 : choose_some(a, pair, middle, units, trials);
    if (found == 0) {
        choose_none(pair);
        pair->left_out = true;
    }
}

/* The last trial may have been of what is refused, so that all is laid out once more. */
static int say_rest(struct adopting *a, struct sg_err *err) {
    size_t trials = TRIALS_MAX;
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        if (pair->left_out && pair->base != NULL && pair->want != NULL && trials > 0) {
            say_some(a, pair, &trials);
        }
    }
    return trials == TRIALS_MAX ? 0 : lay_out(a, err);
}

int lay_out_most(struct adopting *a, struct sg_err *err) {
    while (lay_out(a, err) != 0) {
        if (a->left_out >= LEFT_OUT_MAX || !leave_out(a, err)) {
            return -1;
        }
        *err = (struct sg_err){0};
    }
    return a->left_out == 0 ? 0 : say_rest(a, err);
}
