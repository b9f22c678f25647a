/*
 * share_texts.c - the large texts of ConfigMaps that every environment says alike: each
 * is a file of the component's, beside others of the object that an overlay has for
 * itself.
 */
#include "share.h"

static bool same(const struct sg_adopt_text *a, const struct sg_adopt_text *b) {
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* Comments do not contradict each other where one is missing. */
static bool comments_agree(const struct sg_adopt_text *a, const struct sg_adopt_text *b) {
    return a->comment[0] == '\0' || b->comment[0] == '\0' ||
           strcmp(a->comment, b->comment) == 0;
}

/* The one with a comment, where all environments have the text; else NULL. */
static const struct sg_adopt_text *shared_text(const struct sharing *s,
                                               const struct sg_adopt_text *wanted) {
    const struct sg_adopt_text *best = NULL;
    if (sg_strmap_has(&s->apart, wanted->object, strlen(wanted->object))) {
        return NULL;
    }
    for (size_t e = 0; e < s->len; e++) {
        const struct sg_adopt_text *text = text_of(s->envs[e].adopted, wanted);
        if (text == NULL || !same(text, wanted) ||
            (best != NULL && !comments_agree(text, best))) {
            return NULL;
        }
        best = best == NULL || best->comment[0] == '\0' ? text : best;
    }
    return best;
}

void share_texts(const struct sharing *s, struct sg_adopted *component) {
    const struct sg_adopted *first = s->envs[0].adopted;
    for (size_t i = 0; i < first->texts.len; i++) {
        const struct sg_adopt_text *text = shared_text(s, &first->texts.items[i]);
        if (text != NULL) {
            sg_vec_push(&component->texts, *text);
        }
    }
    put_texts(component, s->folder);
}

void share_own_texts(const struct sharing *s, size_t e, struct sg_adopted *own) {
    const struct sg_adopt_env *env = &s->envs[e];
    for (size_t i = 0; i < env->adopted->texts.len; i++) {
        if (shared_text(s, &env->adopted->texts.items[i]) == NULL) {
            sg_vec_push(&own->texts, env->adopted->texts.items[i]);
        }
    }
    put_texts(own, env->opts->overlay);
}

void share_mark_texts(const struct sg_adopted *own, struct sg_adopted *to) {
    for (size_t i = 0; i < to->texts.len; i++) {
        struct sg_adopt_text *text = &to->texts.items[i];
        text->shared = text_of(own, text) == NULL;
    }
}

bool share_texts_apart(struct sharing *s, size_t e, const struct sg_strmap *objects) {
    bool some = false;
    const struct sg_adopted *adopted = s->envs[e].adopted;
    for (size_t i = 0; i < adopted->texts.len; i++) {
        const struct sg_adopt_text *text = &adopted->texts.items[i];
        if (sg_strmap_has(objects, text->changed, strlen(text->changed)) &&
            shared_text(s, text) != NULL) {
            sg_strmap_put(&s->apart, text->object, strlen(text->object), s);
            some = true;
        }
    }
    return some;
}
