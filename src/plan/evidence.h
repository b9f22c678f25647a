/*
 * evidence.h - what speaks for and against two things being one, as a score with reasons.
 *
 * Each reason has a strength in 0 … 1. Reasons for it add up as independent chances do
 * (two of 0.6 make 0.84), a reason against takes its share away. A likeness of names is a
 * reason too, but never enough: without another one the score stays below
 * EVIDENCE_NAMES_ONLY.
 */
#ifndef SG_PLAN_EVIDENCE_H
#define SG_PLAN_EVIDENCE_H

#include "sg/arena.h"

#define EVIDENCE_NAMES_ONLY 0.6
enum { EVIDENCE_REASONS = 10 };

/* Said as its two texts one after the other. Borrowed. */
struct reason {
    double strength;
    const char *what, *detail;
};
struct evidence {
    double missing; /* chance that all that speaks for it is an accident; 1 - product */
    double kept;    /* what the reasons against leave of it */
    bool solid;     /* something other than names speaks for it */
    size_t len;
    struct reason reasons[EVIDENCE_REASONS];
};
#define EVIDENCE_INIT ((struct evidence){.missing = 1, .kept = 1})

/* `detail` may be NULL. A strength of 0 or less is no reason. */
void evidence_for(struct evidence *evidence, double strength, const char *what,
                  const char *detail);
void evidence_against(struct evidence *evidence, double strength, const char *what,
                      const char *detail);
/* Names `a` and `b` are like each other: `most` is the strength of two that are alike. */
void evidence_names(struct evidence *evidence, double most, const char *a, const char *b);

double evidence_score(const struct evidence *evidence);
/* The three strongest reasons, those against last: "same image sourcegraph/gitserver,
 * same port, but another kind". */
const char *evidence_why(const struct evidence *evidence, struct sg_arena *arena);

/* 0 for names that share nothing, 1 for the same name; words count, and letters. Bounded
 * by SG_SUGGEST_MAX, so it costs the same for any two names. */
double name_likeness(const char *a, const char *b);

#endif
