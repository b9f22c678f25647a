/*
 * share.h - what several environments say alike: in the patches of one object, and in all
 * that their overlays hold.
 */
#ifndef SG_ADOPT_SHARE_H
#define SG_ADOPT_SHARE_H

#include "adopting.h"

/* The environments as those who say something. What all say is made in the set of the
 * first. */
struct voice {
    struct sg_docs *docs;
    struct comments comments;
};
struct voices {
    SG_VEC(struct voice) items;
    struct sg_strmap moved; /* text of a file -> its number in the first one's set + 1 */
    struct sg_fieldpaths *paths;
};
void voices_release(struct voices *voices);
/* One's set, and zeroed memory of the first one's. */
struct sg_docs *voice_docs(const struct voices *voices, size_t i);
void *voice_room(const struct voices *voices, size_t len, size_t size);
/* A copy for the first one's set, its comments found again there. */
struct sg_node *voice_moved(struct voices *voices, size_t from,
                            const struct sg_node *node);
uint32_t voice_moved_loc(struct voices *voices, size_t from, uint32_t loc);

/* agree.c: the voice that speaks for all, where they say the same and their comments do
 * not contradict each other: of those that have one all have the same. Else the number of
 * voices. */
typedef void say_fn(const struct spot *at, const struct sg_entry *said,
                    const struct comments *comments, struct sg_buf *out);
size_t agreed(const struct voices *voices, const struct spot *at,
              const struct sg_entry *said, say_fn *say);
/* What is written: the value with its key, or an item (of no key) … */
say_fn say_value;
/* … or the line that its parts stand below: the key, or the item's keys. */
say_fn say_line;

/* part.c: takes what all of `bodies` say out of them. `rest` has one each, NULL where
 * nothing is left; what is said by all, or NULL. `base` is upstream's object. */
struct sg_node *part_bodies(struct voices *voices, const struct sg_node *base,
                            const struct sg_node *const *bodies, struct sg_node **rest);

/* One object that every environment says something of. */
struct shared_object {
    const struct sg_adopt_said **of; /* each one's, as it is alone */
    struct sg_adopt_said common;     /* nothing: nothing is shared */
    struct sg_adopt_said *rest;      /* of each, the same */
};
bool says_nothing(const struct sg_adopt_said *said); /* no patch, no operations */
/* share_object.c: fills in `common` and `rest`, which make of upstream's object what
 * `of` makes. */
void share_object(struct voices *voices, struct shared_object *object);

/* A component on its way. */
struct sharing {
    struct sg_adopt_env *envs;
    size_t len;
    const char *folder; /* of the component */
    struct voices voices;
    struct sg_strmap counts; /* what an entry says -> in how many environments */
    struct sg_strmap files;  /* of all environments, by path */
    SG_VEC(struct shared_object) objects; /* of which all say something */
    struct sg_strmap by_object;           /* … by name; the position + 1 */
    struct sg_strmap apart;               /* objects whose large texts are not shared */
    bool transformers_apart;              /* no entry that is for all objects is shared */
};

/* share_texts.c: the large texts that all say, into the component; those that an
 * environment's overlay keeps. With their files and entries. */
void share_texts(const struct sharing *s, struct sg_adopted *component);
void share_own_texts(const struct sharing *s, size_t e, struct sg_adopted *own);
/* … marks in an environment's result those that are not its `own`. */
void share_mark_texts(const struct sg_adopted *own, struct sg_adopted *to);
/* … none is shared of `objects`, which the environment's changes name; false where none
 * was. */
bool share_texts_apart(struct sharing *s, size_t e, const struct sg_strmap *objects);

/* What an environment finds of what is shared. */
struct finding {
    bool holds;
    struct sg_strmap worse; /* objects, as the changes name them */
    struct sg_err refused;  /* code 0: nothing is */
};
/* share_proof.c: renders an environment's overlay, `own`, with the component. */
void share_prove(const struct sharing *s, size_t e, const struct sg_adopted *component,
                 struct sg_adopted *own, struct finding *out);
/* Nothing is shared of the objects that do not come out right; false where it was of
 * none. */
bool share_part(struct sharing *s, size_t e, const struct finding *finding);

#endif
