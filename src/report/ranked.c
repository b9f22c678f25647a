#include "ranked.h"

#include <string.h>

#include "sg/strmap.h"

enum sg_rank sg_finding_rank(const struct sg_finding *finding) {
    if (finding->stops) { /* also where it was agreed to, and kustomize refuses still */
        return SG_RANK_STOPS;
    }
    if (finding->accepted) {
        return SG_RANK_ACCEPTED;
    }
    switch (finding->severity) {
    case SG_ERROR:
        return SG_RANK_ERROR;
    case SG_WARNING:
        return SG_RANK_WARNING;
    case SG_INFO:
        return SG_RANK_INFO;
    }
    return SG_RANK_INFO;
}

const char *sg_rank_word(enum sg_rank rank) {
    return sg_rank_words(rank, 1);
}

const char *sg_rank_words(enum sg_rank rank, size_t n) {
    static const char *const one[] = {"stop", "error", "warning", "info", "accepted", ""};
    static const char *const many[] = {"stops", "errors",   "warnings",
                                       "info",  "accepted", ""};
    return n == 1 ? one[rank] : many[rank];
}

bool sg_finding_has_object(const struct sg_finding *finding) {
    bool file = finding->at.file && strcmp(finding->object, finding->at.file) == 0;
    return finding->object[0] && !file;
}

/* --- what says the same ------------------------------------------------------------ */

/* A finding and those of one list that say the same, as a chain of indices. */
struct same {
    size_t next; /* the next one plus 1; 0: the last */
    size_t last; /* of a first one: the last of its chain */
    bool again;
};

static bool may_join(const struct sg_finding *finding) {
    return finding->flags.len == 0 && finding->candidates.len == 0;
}

static void same_key(const struct sg_finding *finding, struct sg_buf *key) {
    sg_buf_addf(key, "%s\n%u\n%d\n%d\n%s\n%s\n%s", finding->code, finding->hop,
                (int)sg_finding_rank(finding), (int)finding->resolved, finding->message,
                finding->fix, finding->accepted ? finding->accepted : "");
}

static void chain(const struct sg_finding *findings, size_t n, struct same *same) {
    sg_auto_strmap first = {0}; /* struct same * */
    for (size_t i = 0; i < n; i++) {
        sg_auto_buf key = SG_BUF_INIT;
        same[i].last = i;
        if (!may_join(&findings[i])) {
            continue;
        }
        same_key(&findings[i], &key);
        struct same *head = sg_strmap_get(&first, key.ptr, key.len);
        if (head) {
            same[head->last].next = i + 1;
            head->last = i;
            same[i].again = true;
        } else {
            sg_strmap_put(&first, key.ptr, key.len, &same[i]);
        }
    }
}

static void push(struct sg_ranked *out, const struct sg_plan_overlay *overlay,
                 const struct sg_finding *finding, bool again) {
    struct sg_ranked_finding item = {overlay, finding, again};
    sg_vec_push(&out->items, item);
    out->counts[sg_finding_rank(finding)]++;
}

/* Findings of one list, and how they are chained. */
struct list {
    const struct sg_plan_overlay *overlay;
    const struct sg_finding *findings;
    size_t n;
    struct same *same;
};

static struct list open_list(const struct sg_plan_overlay *overlay,
                             const struct sg_finding *findings, size_t n) {
    struct list list = {overlay, findings, n, sg_xcalloc(n + 1, sizeof(struct same))};
    chain(findings, n, list.same);
    return list;
}

static void add_rank(struct sg_ranked *out, enum sg_rank rank, const struct list *list) {
    for (size_t i = 0; i < list->n; i++) {
        if (list->same[i].again || sg_finding_rank(&list->findings[i]) != rank) {
            continue;
        }
        push(out, list->overlay, &list->findings[i], false);
        for (size_t at = list->same[i].next; at; at = list->same[at - 1].next) {
            push(out, list->overlay, &list->findings[at - 1], true);
        }
    }
}

void sg_ranked_of_list(const struct sg_finding *findings, size_t n,
                       struct sg_ranked *out) {
    struct list list = open_list(NULL, findings, n);
    for (int rank = 0; rank < SG_RANKS; rank++) {
        add_rank(out, (enum sg_rank)rank, &list);
    }
    free(list.same);
}

void sg_ranked_of(const struct sg_plan *plan, struct sg_ranked *out) {
    size_t n = plan->overlays.len + 1;
    struct list *lists = sg_xcalloc(n, sizeof *lists);
    lists[0] = open_list(NULL, plan->findings.items, plan->findings.len);
    for (size_t i = 1; i < n; i++) {
        const struct sg_plan_overlay *overlay = &plan->overlays.items[i - 1];
        lists[i] = open_list(overlay, overlay->findings.items, overlay->findings.len);
    }
    for (int rank = 0; rank < SG_RANKS; rank++) {
        for (size_t i = 0; i < n; i++) {
            add_rank(out, (enum sg_rank)rank, &lists[i]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        free(lists[i].same);
    }
    free(lists);
}

void sg_ranked_release(struct sg_ranked *ranked) {
    sg_vec_release(&ranked->items);
}
