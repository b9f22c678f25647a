/* versions.c - from what a user asks for to a version, and from version to version. */
#include "sg/versions.h"

#include "sg/sort.h"

#include <string.h>

void sg_version_list_release(struct sg_version_list *list) {
    sg_vec_release(&list->items);
}

static bool is_plain(const struct sg_version *v) {
    return v->rerelease == 0 && !v->pre[0];
}

static bool version_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return sg_version_cmp(a, b) < 0;
}

/* A sorted copy without repeats. */
static void copy_sorted(struct sg_version_list *to, const struct sg_version *from,
                        size_t len) {
    *to = (struct sg_version_list){0};
    sg_vec_reserve(&to->items, len);
    for (size_t i = 0; i < len; i++) {
        sg_vec_push(&to->items, from[i]);
    }
    struct sg_version *items = to->items.items;
    sg_sort(items, len, sizeof(*items), version_less, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < len; i++) {
        if (kept == 0 || sg_version_cmp(&items[kept - 1], &items[i]) != 0) {
            items[kept++] = items[i];
        }
    }
    to->items.len = kept;
}

/* Index of the first version of the list that is not before `v`. */
static size_t lower_bound(const struct sg_version_list *list,
                          const struct sg_version *v) {
    size_t low = 0, high = list->items.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sg_version_cmp(&list->items.items[middle], v) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool contains(const struct sg_version_list *list, const struct sg_version *v) {
    size_t at = lower_bound(list, v);
    return at < list->items.len && sg_version_cmp(&list->items.items[at], v) == 0;
}

bool sg_versions_is_skipped(const struct sg_versions *set, const struct sg_version *v) {
    return contains(&set->skipped, v);
}

/* What the run of one release's versions [from, to) offers: the plain one, else the
 * newest re-release that is not skipped. Re-releases sort behind the plain one. */
static void offer_release(struct sg_versions *set, size_t from, size_t to) {
    const struct sg_version *known = set->known.items.items;
    struct sg_version plain = {known[from].major, known[from].minor, known[from].patch, 0,
                               ""};
    if (sg_versions_is_skipped(set, &plain)) {
        return;
    }
    if (contains(&set->known, &plain)) {
        sg_vec_push(&set->offered.items, plain);
        return;
    }
    for (size_t i = to; i > from; i--) {
        const struct sg_version *v = &known[i - 1];
        if (v->rerelease && !sg_versions_is_skipped(set, v)) {
            sg_vec_push(&set->offered.items, *v);
            return;
        }
    }
}

void sg_versions_init(struct sg_versions *set, enum sg_versions_step step,
                      const struct sg_version *known, size_t known_len,
                      const struct sg_version *skip, size_t skip_len) {
    *set = (struct sg_versions){.step = step};
    copy_sorted(&set->known, known, known_len);
    copy_sorted(&set->skipped, skip, skip_len);
    const struct sg_version *items = set->known.items.items;
    for (size_t from = 0, to; from < set->known.items.len; from = to) {
        to = from + 1;
        while (to < set->known.items.len &&
               sg_version_same_release(&items[from], &items[to])) {
            to++;
        }
        offer_release(set, from, to);
    }
}

void sg_versions_release(struct sg_versions *set) {
    sg_version_list_release(&set->known);
    sg_version_list_release(&set->skipped);
    sg_version_list_release(&set->offered);
}

size_t sg_versions_newer(const struct sg_versions *set, const struct sg_version *from) {
    size_t at = lower_bound(&set->offered, from);
    at += contains(&set->offered, from);
    return set->offered.items.len - at;
}

/* --- steps ------------------------------------------------------------------------ */

/* The newest offered version below major.minor (exclusive), or NULL. */
static const struct sg_version *newest_below(const struct sg_versions *set,
                                             uint32_t major, uint32_t minor) {
    /* a re-release of patch 0 sorts behind its plain version, and nothing that is
     * offered sorts before it: a plain x.y.0 is the border */
    const struct sg_version border = {major, minor, 0, 0, ""};
    size_t at = lower_bound(&set->offered, &border);
    return at ? &set->offered.items.items[at - 1] : NULL;
}

static bool same_step(const struct sg_versions *set, const struct sg_version *a,
                      const struct sg_version *b) {
    switch (set->step) {
    case SG_VERSIONS_MINOR:
        return a->major == b->major && a->minor == b->minor;
    case SG_VERSIONS_MAJOR:
        return a->major == b->major;
    case SG_VERSIONS_ANY:
        return true;
    }
    SG_BUG("unknown step");
}

/* The newest offered version of the step that `v` belongs to. */
static const struct sg_version *newest_of_step(const struct sg_versions *set,
                                               const struct sg_version *v) {
    const struct sg_version *newest = NULL;
    switch (set->step) {
    case SG_VERSIONS_MINOR:
        newest = newest_below(set, v->major, v->minor + 1);
        break;
    case SG_VERSIONS_MAJOR:
        newest = newest_below(set, v->major + 1, 0);
        break;
    case SG_VERSIONS_ANY:
        newest = newest_below(set, UINT32_MAX, 0);
        break;
    }
    return newest && same_step(set, newest, v) ? newest : NULL;
}

/* The newest patch of the first step that upstream offers after that of `v`, or NULL. */
static const struct sg_version *next_step(const struct sg_versions *set,
                                          const struct sg_version *v) {
    struct sg_version border = {v->major, v->minor + 1, 0, 0, ""};
    if (set->step == SG_VERSIONS_ANY) {
        return NULL;
    }
    if (set->step == SG_VERSIONS_MAJOR) {
        border = (struct sg_version){v->major + 1, 0, 0, 0, ""};
    }
    size_t at = lower_bound(&set->offered, &border);
    return at < set->offered.items.len
               ? newest_of_step(set, &set->offered.items.items[at])
               : NULL;
}

int sg_versions_hops(const struct sg_versions *set, const struct sg_version *from,
                     const struct sg_version *to, struct sg_version_list *out,
                     struct sg_err *err) {
    char text[SG_VERSION_TEXT], here[SG_VERSION_TEXT];
    int order = sg_version_cmp(to, from);
    if (order < 0) {
        sg_version_text(to, text);
        sg_version_text(from, here);
        sg_fail(err, SG_E_USAGE, "%s is older than %s, which is installed", text, here);
        return sg_err_hint(err, "to go back, run: sgupgrade rollback --to %s", text);
    }
    if (order == 0) {
        return 0;
    }
    struct sg_version at = *from;
    while (!same_step(set, &at, to)) {
        const struct sg_version *next = next_step(set, &at);
        /* the target's own step is the last hop, whatever else upstream has there */
        if (!next || sg_version_cmp(next, to) >= 0 || same_step(set, next, to)) {
            break;
        }
        sg_vec_push(&out->items, *next);
        at = *next;
    }
    sg_vec_push(&out->items, *to);
    return 0;
}

/* --- names ------------------------------------------------------------------------ */

/* What the newest versions are, for a hint; "" when there are none. */
static void hint_offers(const struct sg_versions *set, struct sg_err *err) {
    char list[160] = "";
    size_t len = set->offered.items.len, used = 0;
    for (size_t i = 0; i < 4 && i < len; i++) {
        char text[SG_VERSION_TEXT];
        sg_version_text(&set->offered.items.items[len - 1 - i], text);
        size_t need = strlen(text) + (used ? 2 : 0);
        if (used + need >= sizeof(list)) {
            break;
        }
        memcpy(list + used, used ? ", " : "", used ? 2 : 0);
        used += used ? 2 : 0;
        memcpy(list + used, text, strlen(text) + 1);
        used += strlen(text);
    }
    if (used) {
        sg_err_hint(err, "the newest releases are %s; see: sgupgrade versions", list);
    } else {
        sg_err_hint(err, "upstream has no releases here; run: sgupgrade fetch");
    }
}

static int fail_missing(const struct sg_versions *set, const char *wanted,
                        struct sg_err *err) {
    sg_fail(err, SG_E_NOTFOUND, "upstream has no release %s", wanted);
    hint_offers(set, err);
    return -1;
}

static int fail_name(const char *wanted, struct sg_err *err) {
    sg_fail(err, SG_E_USAGE,
            "\"%s\" is no version, expected one such as 3.20.1, 3.20, 3.x, next or "
            "latest",
            wanted);
    if (*wanted && wanted[strspn(wanted, "0123456789")] == '\0') {
        sg_err_hint(err, "did you mean \"%s.x\"?", wanted);
    } else {
        sg_err_hint(err, "see what there is: sgupgrade versions");
    }
    return -1;
}

/* A full version: the one that is named, or for a plain N.N.N what stands for it. */
static int resolve_exact(const struct sg_versions *set, const struct sg_version *v,
                         const char *wanted, struct sg_version *out, struct sg_err *err) {
    if (sg_versions_is_skipped(set, v)) {
        sg_fail(err, SG_E_INPUT, "%s is listed in upstream.skip as never to be taken",
                wanted);
        return sg_err_hint(err, "take another one, or remove it from sgupgrade.yaml");
    }
    if (contains(&set->known, v)) {
        *out = *v;
        return 0;
    }
    if (is_plain(v)) {
        size_t at = lower_bound(&set->offered, v);
        if (at < set->offered.items.len &&
            sg_version_same_release(&set->offered.items.items[at], v)) {
            *out = set->offered.items.items[at];
            return 0;
        }
    }
    return fail_missing(set, wanted, err);
}

/* The parts of "3.20", "3.20.x" and "3.x"; `minor` is UINT32_MAX for the last. */
static bool parse_range(const char *text, uint32_t *major, uint32_t *minor) {
    uint32_t numbers[2] = {0, 0};
    size_t n = 0;
    for (; n < 2; n++) {
        size_t digits = strspn(text, "0123456789");
        if (digits == 0 || digits > 6 || (digits > 1 && text[0] == '0')) {
            break;
        }
        for (size_t i = 0; i < digits; i++) {
            numbers[n] = numbers[n] * 10 + (uint32_t)(text[i] - '0');
        }
        text += digits;
        if (*text != '.') {
            n++;
            break;
        }
        text++;
    }
    *major = numbers[0];
    *minor = n == 2 ? numbers[1] : UINT32_MAX;
    return (n == 1 && strcmp(text, "x") == 0) ||
           (n == 2 && (*text == '\0' || strcmp(text, "x") == 0));
}

static int resolve_range(const struct sg_versions *set, const char *wanted,
                         struct sg_version *out, struct sg_err *err) {
    uint32_t major, minor;
    if (!parse_range(wanted, &major, &minor)) {
        return fail_name(wanted, err);
    }
    const struct sg_version *found = minor == UINT32_MAX
                                         ? newest_below(set, major + 1, 0)
                                         : newest_below(set, major, minor + 1);
    if (!found || found->major != major ||
        (minor != UINT32_MAX && found->minor != minor)) {
        return fail_missing(set, wanted, err);
    }
    *out = *found;
    return 0;
}

/* "next" and "latest". */
static int resolve_moving(const struct sg_versions *set, bool next,
                          const struct sg_version *from, const char *wanted,
                          struct sg_version *out, struct sg_err *err) {
    size_t len = set->offered.items.len;
    const struct sg_version *found = len ? &set->offered.items.items[len - 1] : NULL;
    if (next && from) {
        const struct sg_version *step = next_step(set, from);
        found = step ? step : newest_of_step(set, from);
    }
    if (from && (!found || sg_version_cmp(found, from) < 0)) {
        found = from;
    }
    if (!found) {
        return fail_missing(set, wanted, err);
    }
    *out = *found;
    return 0;
}

int sg_versions_resolve(const struct sg_versions *set, const char *wanted,
                        const struct sg_version *from, struct sg_version *out,
                        struct sg_err *err) {
    if (strcmp(wanted, "next") == 0 || strcmp(wanted, "latest") == 0) {
        return resolve_moving(set, wanted[0] == 'n', from, wanted, out, err);
    }
    const char *name = wanted;
    if (name[0] == 'v' && name[1] >= '0' && name[1] <= '9') {
        name++;
    }
    struct sg_version v;
    struct sg_err ignored = {0};
    if (sg_version_parse(name, &v, &ignored) == 0) {
        return resolve_exact(set, &v, wanted, out, err);
    }
    return resolve_range(set, name, out, err);
}
