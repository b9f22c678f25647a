/*
 * ranked.h - findings in the order in which a person acts on them.
 */
#ifndef SG_REPORT_RANKED_H
#define SG_REPORT_RANKED_H

#include "sg/report.h"

/* What stops, then what is wrong, then what to know. */
enum sg_rank {
    SG_RANK_STOPS,
    SG_RANK_ERROR,
    SG_RANK_WARNING,
    SG_RANK_INFO,
    SG_RANK_ACCEPTED,
    SG_RANKS,
};
enum sg_rank sg_finding_rank(const struct sg_finding *finding);
/* "stop", "error", "warning", "info", "accepted" */
const char *sg_rank_word(enum sg_rank rank);
/* "stops" and so on, where `n` is not 1. */
const char *sg_rank_words(enum sg_rank rank, size_t n);

/* The finding has an object to name: without one its path holds what the message tells
 * (a file, a note's title), and a finding about a file has it as its object. */
bool sg_finding_has_object(const struct sg_finding *finding);

struct sg_ranked_finding {
    const struct sg_plan_overlay *overlay; /* NULL: of the whole project */
    const struct sg_finding *finding;
    bool again; /* says of another place what the one before it says */
};
struct sg_ranked {
    SG_VEC(struct sg_ranked_finding) items;
    size_t counts[SG_RANKS];
};
/* Every finding of the plan, those of one rank in the plan's order, but that what says
 * the same (code, hop, message, fix; nothing to decide) stands together; borrowed. */
void sg_ranked_of(const struct sg_plan *plan, struct sg_ranked *out);
/* The same of one list. */
void sg_ranked_of_list(const struct sg_finding *findings, size_t n,
                       struct sg_ranked *out);
void sg_ranked_release(struct sg_ranked *ranked);
#define sg_auto_ranked SG_CLEANUP(sg_ranked_release) struct sg_ranked

#endif
