/*
 * nearest.h - what releases and the fork were read to, and the measuring of it.
 */
#ifndef SG_ADOPT_NEAREST_H
#define SG_ADOPT_NEAREST_H

#include "sg/adopt.h"
#include "vocabulary.h"

/* The words of manifests. */
struct texts {
    SG_VEC(const struct word_counts *) items;
};

/* A release or the fork. */
struct side {
    const struct sg_release *tag; /* NULL: the fork */
    struct sg_git_files files; /* of a release its manifests have a text each, in order */
    struct texts texts;
};

struct ranking {
    struct sg_upstream *up;
    const char *from;
    struct sg_releases tags;
    SG_VEC(struct side) releases; /* that have the folder */
    struct side fork;
    struct vocabulary vocabulary;
    SG_VEC(struct word_counts *) counts; /* all that were made */
    struct sg_strmap blobs;              /* id -> struct word_counts */
    struct sg_err refused;               /* why a release was left out */
};

/* A file of a release whose words count. */
bool has_text(const struct sg_git_file *file);

/* Fills the ranking; returns how much of a fork of the nearest it is (0 to 1), which is
 * another question than how near. */
double measure_releases(const struct ranking *r, struct sg_adopt_ranking *out);

#endif
