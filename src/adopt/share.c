/*
 * share.c - several environments: what all of their overlays say alike becomes a
 * component that they use.
 *
 * A component's entries run before the overlay's own, and the operations of a JSON patch
 * go by position, so all patches of one object are shared, or none.
 */
#include "adopting.h"

struct sharing {
    struct sg_adopt_env *envs;
    size_t len;
    struct sg_strmap counts; /* what an entry says -> in how many environments */
    struct sg_strmap files;
    struct sg_strmap apart; /* objects with a patch that is not everywhere */
};

static void release(struct sharing *s) {
    sg_strmap_release(&s->counts);
    sg_strmap_release(&s->apart);
    sg_strmap_release(&s->files);
}

/* --- what is alike ---------------------------------------------------------------- */

/* The files of all environments by their whole paths. */
static void index_files(struct sharing *s) {
    for (size_t e = 0; e < s->len; e++) {
        for (size_t i = 0; i < s->envs[e].adopted->files.len; i++) {
            struct sg_adopt_file *file = &s->envs[e].adopted->files.items[i];
            sg_strmap_put(&s->files, file->path, strlen(file->path), file);
        }
    }
}

static const struct sg_adopt_file *file_of(const struct sharing *s,
                                           const struct sg_adopt_env *env,
                                           const struct sg_adopt_entry *entry) {
    sg_auto_buf path = SG_BUF_INIT;
    if (entry->file == NULL) {
        return NULL;
    }
    sg_buf_addf(&path, "%s/%s", env->opts->overlay, entry->file);
    return sg_strmap_get(&s->files, sg_buf_cstr(&path), path.len);
}

/* The entry with the text of its file. */
static void add_key(const struct sharing *s, const struct sg_adopt_env *env,
                    const struct sg_adopt_entry *entry, struct sg_buf *out) {
    const struct sg_adopt_file *file = file_of(s, env, entry);
    sg_buf_addf(out, "%s\n%s\n", entry->field, entry->text);
    if (file != NULL) {
        sg_buf_add(out, file->text, file->len);
    }
}

static bool is_everywhere(const struct sharing *s, const struct sg_adopt_env *env,
                          const struct sg_adopt_entry *entry) {
    sg_auto_buf key = SG_BUF_INIT;
    add_key(s, env, entry, &key);
    return strcmp(entry->field, "namespace") != 0 && strcmp(entry->field, "base") != 0 &&
           (uintptr_t)sg_strmap_get(&s->counts, sg_buf_cstr(&key), key.len) == s->len;
}

static bool is_shared(const struct sharing *s, const struct sg_adopt_env *env,
                      const struct sg_adopt_entry *entry) {
    bool apart = entry->object != NULL &&
                 sg_strmap_has(&s->apart, entry->object, strlen(entry->object));
    return !apart && is_everywhere(s, env, entry);
}

static void count(struct sharing *s) {
    for (size_t e = 0; e < s->len; e++) {
        const struct sg_adopt_env *env = &s->envs[e];
        for (size_t i = 0; i < env->adopted->entries.len; i++) {
            sg_auto_buf key = SG_BUF_INIT;
            add_key(s, env, &env->adopted->entries.items[i], &key);
            uintptr_t before =
                (uintptr_t)sg_strmap_get(&s->counts, sg_buf_cstr(&key), key.len);
            sg_strmap_put(&s->counts, sg_buf_cstr(&key), key.len,
                          (void *)(before + 1)); // NOLINT
        }
    }
    for (size_t e = 0; e < s->len; e++) {
        const struct sg_adopt_env *env = &s->envs[e];
        for (size_t i = 0; i < env->adopted->entries.len; i++) {
            const struct sg_adopt_entry *entry = &env->adopted->entries.items[i];
            if (entry->object != NULL && !is_everywhere(s, env, entry)) {
                sg_strmap_put(&s->apart, entry->object, strlen(entry->object), s);
            }
        }
    }
}

/* --- parting ------------------------------------------------------------------------ */

static void push_entry(const struct sharing *s, const struct sg_adopt_env *env,
                       const struct sg_adopt_entry *entry, const char *folder,
                       struct sg_adopted *to) {
    const struct sg_adopt_file *file = file_of(s, env, entry);
    struct sg_adopt_entry copy = {
        .field = entry->field,
        .text = sg_arena_strdup(&to->arena, entry->text),
        .file = entry->file == NULL ? NULL : sg_arena_strdup(&to->arena, entry->file),
        .object =
            entry->object == NULL ? NULL : sg_arena_strdup(&to->arena, entry->object),
    };
    sg_vec_push(&to->entries, copy);
    if (file != NULL) {
        put_file(to, folder, copy.file, file->text, file->len);
    }
}

/* The part of an environment that is shared, or that is not. */
static void part_of(const struct sharing *s, const struct sg_adopt_env *env, bool shared,
                    const char *folder, struct sg_adopted *out) {
    for (size_t i = 0; i < env->adopted->entries.len; i++) {
        const struct sg_adopt_entry *entry = &env->adopted->entries.items[i];
        if (is_shared(s, env, entry) == shared) {
            push_entry(s, env, entry, folder, out);
        }
    }
}

/* --- proving again ------------------------------------------------------------------ */

/* The overlay with the component renders no less of the fork than without. */
static bool holds(const struct sg_adopt_env *env, const struct sg_adopted *component,
                  struct sg_adopted *own) {
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
    struct sg_err ignored = {0};
    bool done = prove_view(&a, view, &ignored) == 0 &&
                own->differences.len <= env->adopted->differences.len;
    sg_fieldpaths_free(a.paths);
    return done;
}

/* What an environment keeps of its first result: the changes, which are the same. */
static void replace(struct sg_adopt_env *env, struct sg_adopted *own) {
    struct sg_adopted *to = env->adopted;
    to->files.len = to->entries.len = 0;
    for (size_t i = 0; i < own->files.len; i++) {
        const struct sg_adopt_file *file = &own->files.items[i];
        struct sg_adopt_file copy = {sg_arena_strdup(&to->arena, file->path),
                                     sg_arena_strndup(&to->arena, file->text, file->len),
                                     file->len};
        sg_vec_push(&to->files, copy);
    }
}

void sg_adopt_share(struct sg_adopt_env *envs, size_t len, const char *folder,
                    struct sg_adopted *component) {
    struct sharing s SG_CLEANUP(release) = {.envs = envs, .len = len};
    index_files(&s);
    count(&s);
    part_of(&s, &envs[0], true, folder, component);
    if (len < 2 || component->entries.len == 0) {
        sg_adopted_release(component);
        *component = (struct sg_adopted){0};
        return;
    }
    sg_auto_buf text = SG_BUF_INIT;
    component_text(component, &text);
    put_file(component, folder, "kustomization.yaml", sg_buf_cstr(&text), text.len);
    struct sg_adopted *own = sg_xcalloc(len, sizeof(*own));
    bool all = true;
    for (size_t e = 0; e < len; e++) {
        part_of(&s, &envs[e], false, envs[e].opts->overlay, &own[e]);
        put_kustomization(&own[e], envs[e].opts, folder);
        all = all && holds(&envs[e], component, &own[e]);
    }
    for (size_t e = 0; e < len; e++) {
        if (all) {
            replace(&envs[e], &own[e]);
        }
        sg_adopted_release(&own[e]);
    }
    free(own);
    if (!all) {
        sg_adopted_release(component);
        *component = (struct sg_adopted){0};
    }
}
