#include "ranked.h"

#include <string.h>

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

static void add_rank(struct sg_ranked *out, enum sg_rank rank,
                     const struct sg_plan_overlay *overlay,
                     const struct sg_finding *findings, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (sg_finding_rank(&findings[i]) == rank) {
            sg_vec_push(&out->items, ((struct sg_ranked_finding){overlay, &findings[i]}));
            out->counts[rank]++;
        }
    }
}

void sg_ranked_of(const struct sg_plan *plan, struct sg_ranked *out) {
    for (int rank = 0; rank < SG_RANKS; rank++) {
        add_rank(out, (enum sg_rank)rank, NULL, plan->findings.items, plan->findings.len);
        for (size_t i = 0; i < plan->overlays.len; i++) {
            const struct sg_plan_overlay *overlay = &plan->overlays.items[i];
            add_rank(out, (enum sg_rank)rank, overlay, overlay->findings.items,
                     overlay->findings.len);
        }
    }
}

void sg_ranked_release(struct sg_ranked *ranked) {
    sg_vec_release(&ranked->items);
}
