/* share_proof.c - every overlay with the component, against its fork again. */
#include "share.h"

/* Renders the overlay with the component; the differences are `own`'s. */
static int prove_again(const struct sg_adopt_env *env, const struct sg_adopted *component,
                       struct sg_adopted *own, struct sg_err *err) {
    sg_auto_fs view = sg_fs_over(env->opts->project);
    const struct sg_adopted *parts[] = {component, own};
    for (size_t p = 0; p < SG_ARRAY_LEN(parts); p++) {
        for (size_t i = 0; i < parts[p]->files.len; i++) {
            const struct sg_adopt_file *file = &parts[p]->files.items[i];
            sg_fs_over_put(view, file->path, file->text, file->len);
        }
    }
    struct adopting a = {
        .fork = env->fork, .opts = env->opts, .docs = &env->fork->docs, .out = own};
    a.paths = sg_fieldpaths_new(a.docs->atoms);
    for (size_t i = 0; i < env->adopted->unread_ids.len; i++) {
        sg_vec_push(&own->unread_ids, env->adopted->unread_ids.items[i]);
    }
    int status = prove_view(&a, view, err);
    sg_fieldpaths_free(a.paths);
    return status;
}

static void add_difference(const struct sg_adopt_difference *difference,
                           struct sg_buf *out) {
    sg_buf_addf(out, "%s\n%s", difference->object, difference->path);
}

/* The objects that have a difference which they have not without a component. */
static void find_worse(const struct sg_adopted *own, const struct sg_adopted *alone,
                       struct sg_strmap *out) {
    sg_auto_strmap before = {0};
    for (size_t i = 0; i < alone->differences.len; i++) {
        sg_auto_buf key = SG_BUF_INIT;
        add_difference(&alone->differences.items[i], &key);
        sg_strmap_put(&before, sg_buf_cstr(&key), key.len, out);
    }
    for (size_t i = 0; i < own->differences.len; i++) {
        const struct sg_adopt_difference *difference = &own->differences.items[i];
        sg_auto_buf key = SG_BUF_INIT;
        add_difference(difference, &key);
        if (!sg_strmap_has(&before, sg_buf_cstr(&key), key.len)) {
            sg_strmap_put(out, difference->object, strlen(difference->object), out);
        }
    }
}

static bool is_file(const char *path, const char *folder, const char *name) {
    size_t len = strlen(folder);
    return name != NULL && strncmp(path, folder, len) == 0 && path[len] == '/' &&
           strcmp(path + len + 1, name) == 0;
}

/* The file that kustomize refuses is a patch of the object. */
static bool is_refused(const struct sharing *s, const struct shared_object *object,
                       size_t e, const char *path) {
    const struct sg_adopt_said *said = object->of[e], *common = &object->common;
    const char *overlay = s->envs[e].opts->overlay;
    return is_file(path, s->folder, common->patch_file) ||
           is_file(path, s->folder, common->operations_file) ||
           is_file(path, overlay, said->patch_file) ||
           is_file(path, overlay, said->operations_file);
}

void share_prove(const struct sharing *s, size_t e, const struct sg_adopted *component,
                 struct sg_adopted *own, struct finding *out) {
    if (prove_again(&s->envs[e], component, own, &out->refused) == 0) {
        find_worse(own, s->envs[e].adopted, &out->worse);
        out->holds = out->worse.len == 0;
    }
}

bool share_part(struct sharing *s, size_t e, const struct finding *finding) {
    bool some = share_texts_apart(s, e, &finding->worse);
    for (size_t i = 0; i < s->objects.len; i++) {
        struct shared_object *object = &s->objects.items[i];
        const char *name = object->of[e]->changed != NULL ? object->of[e]->changed
                                                          : object->of[e]->object;
        bool wrong = sg_strmap_has(&finding->worse, name, strlen(name)) ||
                     is_refused(s, object, e, finding->refused.file);
        if (wrong && !says_nothing(&object->common)) {
            object->common = (struct sg_adopt_said){.patch = NULL};
            some = true;
        }
    }
    return some;
}
