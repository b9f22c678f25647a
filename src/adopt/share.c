/*
 * share.c - several environments: what all of their overlays say alike becomes a
 * component that they use.
 *
 * A component's entries run before the overlay's own. So every overlay is rendered and
 * compared with its fork again, and what does not hold is said in each overlay: first the
 * objects that came out different, then what is said for all objects at once.
 */
#include "share.h"

static void release(struct sharing *s) {
    voices_release(&s->voices);
    sg_strmap_release(&s->counts);
    sg_strmap_release(&s->files);
    sg_vec_release(&s->objects);
    sg_strmap_release(&s->by_object);
    sg_strmap_release(&s->apart);
}

/* --- entries that are alike --------------------------------------------------------- */

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

static void count_entries(struct sharing *s) {
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
}

static bool is_field(const struct sg_adopt_entry *entry, const char *field) {
    return strcmp(entry->field, field) == 0;
}

static bool is_shared(const struct sharing *s, const struct sg_adopt_env *env,
                      const struct sg_adopt_entry *entry) {
    sg_auto_buf key = SG_BUF_INIT;
    add_key(s, env, entry, &key);
    return !is_field(entry, "namespace") && !is_field(entry, "base") &&
           !(s->transformers_apart && !is_field(entry, "resources")) &&
           (uintptr_t)sg_strmap_get(&s->counts, sg_buf_cstr(&key), key.len) == s->len;
}

/* --- objects of which all say something --------------------------------------------- */

static const struct sg_adopt_said *said_of(const struct sg_strmap *said,
                                           const char *object) {
    return sg_strmap_get(said, object, strlen(object));
}

static void index_said(const struct sg_adopted *adopted, struct sg_strmap *out) {
    for (size_t i = 0; i < adopted->said.len; i++) {
        struct sg_adopt_said *said = &adopted->said.items[i];
        sg_strmap_put(out, said->object, strlen(said->object), said);
    }
}

static void add_object(struct sharing *s, const struct sg_adopt_said **of) {
    struct shared_object object = {.of = of};
    share_object(&s->voices, &object);
    if (!says_nothing(&object.common)) {
        sg_vec_push(&s->objects, object);
        sg_strmap_put(&s->by_object, of[0]->object, strlen(of[0]->object),
                      (void *)s->objects.len); // NOLINT
    }
}

static void find_objects(struct sharing *s) {
    struct sg_strmap *said = sg_xcalloc(s->len, sizeof(*said));
    for (size_t e = 0; e < s->len; e++) {
        index_said(s->envs[e].adopted, &said[e]);
    }
    for (size_t i = 0; i < s->envs[0].adopted->said.len; i++) {
        const char *name = s->envs[0].adopted->said.items[i].object;
        const struct sg_adopt_said **of = voice_room(&s->voices, s->len, sizeof(*of));
        bool all = true;
        for (size_t e = 0; e < s->len; e++) {
            of[e] = said_of(&said[e], name);
            all = all && of[e] != NULL;
        }
        if (all) {
            add_object(s, of);
        }
    }
    for (size_t e = 0; e < s->len; e++) {
        sg_strmap_release(&said[e]);
    }
    free(said);
}

/* NULL where nothing of it is shared. */
static const struct shared_object *object_of(const struct sharing *s, const char *name) {
    uintptr_t at = (uintptr_t)sg_strmap_get(&s->by_object, name, strlen(name));
    return at == 0 || says_nothing(&s->objects.items[at - 1].common)
               ? NULL
               : &s->objects.items[at - 1];
}

/* --- the component and what each overlay keeps -------------------------------------- */

static void copy_entries(const struct sharing *s, const struct sg_adopt_env *env,
                         bool shared, const char *folder, struct sg_adopted *to) {
    for (size_t i = 0; i < env->adopted->entries.len; i++) {
        const struct sg_adopt_entry *entry = &env->adopted->entries.items[i];
        const struct sg_adopt_file *file = file_of(s, env, entry);
        bool made = is_field(entry, "patches") || is_field(entry, "transformers") ||
                    is_field(entry, "configMapGenerator");
        if (made || is_shared(s, env, entry) != shared) {
            continue;
        }
        put_entry(to, entry->field, entry->text, entry->file);
        if (file != NULL) {
            put_file(to, folder, entry->file, file->text, file->len);
        }
    }
}

/* Patches of generated content whose files all have. */
static void copy_contents(const struct sharing *s, struct sg_adopted *to) {
    sg_auto_strmap shared = {0};
    const struct sg_adopted *first = s->envs[0].adopted;
    for (size_t i = 0; i < to->entries.len; i++) {
        const char *file = to->entries.items[i].file;
        if (is_field(&to->entries.items[i], "contents")) {
            sg_strmap_put(&shared, file, strlen(file), to);
        }
    }
    for (size_t i = 0; i < first->contents.len; i++) {
        const char *file = first->contents.items[i].file;
        if (sg_strmap_has(&shared, file, strlen(file))) {
            sg_vec_push(&to->contents, first->contents.items[i]);
        }
    }
}

static void make_component(const struct sharing *s, struct sg_adopted *out) {
    copy_entries(s, &s->envs[0], true, s->folder, out);
    copy_contents(s, out);
    share_texts(s, out);
    for (size_t i = 0; i < s->objects.len; i++) {
        if (!says_nothing(&s->objects.items[i].common)) {
            sg_vec_push(&out->said, s->objects.items[i].common);
        }
    }
    put_transformers(out, s->folder);
    put_patches(out, s->folder, &s->voices.items.items[0].comments);
    sg_auto_buf text = SG_BUF_INIT;
    component_text(out, &text);
    if (out->entries.len > 0) {
        put_file(out, s->folder, "kustomization.yaml", sg_buf_cstr(&text), text.len);
    }
}

static void make_own(const struct sharing *s, size_t e, struct sg_adopted *out) {
    const struct sg_adopt_env *env = &s->envs[e];
    copy_entries(s, env, false, env->opts->overlay, out);
    share_own_texts(s, e, out);
    for (size_t i = 0; i < env->adopted->said.len; i++) {
        const struct sg_adopt_said *said = &env->adopted->said.items[i];
        const struct shared_object *object = object_of(s, said->object);
        if (object == NULL || !says_nothing(&object->rest[e])) {
            sg_vec_push(&out->said, object != NULL ? object->rest[e] : *said);
        }
    }
    put_transformers(out, env->opts->overlay);
    put_patches(out, env->opts->overlay, &s->voices.items.items[e].comments);
    put_kustomization(out, env->opts, s->folder);
}

/* --- from the most to nothing ------------------------------------------------------- */

/* Parts of a patch that go apart may put elements in another order. */
static void replace_restarts(struct sg_adopted *to, const struct sg_adopted *own) {
    to->restarts.len = 0;
    for (size_t i = 0; i < own->restarts.len; i++) {
        const struct sg_adopt_restart *restart = &own->restarts.items[i];
        struct sg_adopt_restart copy = {sg_arena_strdup(&to->arena, restart->object),
                                        sg_arena_strdup(&to->arena, restart->path)};
        sg_vec_push(&to->restarts, copy);
    }
}

/* What an environment keeps of its first result: the changes, which are the same. */
static void replace(const struct sharing *s, size_t e, const struct sg_adopted *own) {
    struct sg_adopted *to = s->envs[e].adopted;
    to->files.len = to->entries.len = 0;
    replace_restarts(to, own);
    share_mark_texts(own, to);
    for (size_t i = 0; i < own->files.len; i++) {
        const struct sg_adopt_file *file = &own->files.items[i];
        struct sg_adopt_file copy = {sg_arena_strdup(&to->arena, file->path),
                                     sg_arena_strndup(&to->arena, file->text, file->len),
                                     file->len};
        sg_vec_push(&to->files, copy);
    }
    for (size_t i = 0; i < to->said.len; i++) {
        struct sg_adopt_said *said = &to->said.items[i];
        const struct shared_object *object = object_of(s, said->object);
        if (object != NULL) {
            said->paths = object->rest[e].paths;
            said->paths_len = object->rest[e].paths_len;
        }
    }
}

/* One try: what each overlay keeps, and what comes of it. */
struct try {
    struct sg_adopted own;
    struct finding finding;
};

/* True where the component is one that every overlay holds with. */
static bool try_to_share(struct sharing *s, const struct sg_adopted *component,
                         struct try *tries) {
    bool holds = true;
    for (size_t e = 0; e < s->len; e++) {
        make_own(s, e, &tries[e].own);
        share_prove(s, e, component, &tries[e].own, &tries[e].finding);
        holds = holds && tries[e].finding.holds;
    }
    for (size_t e = 0; e < s->len && holds; e++) {
        replace(s, e, &tries[e].own);
    }
    return holds;
}

/* Shares less than the try did; false where there is nothing left to take back. */
static bool share_less(struct sharing *s, const struct try *tries) {
    bool less = false;
    for (size_t e = 0; e < s->len; e++) {
        less = share_part(s, e, &tries[e].finding) || less;
    }
    if (!less && !s->transformers_apart) {
        s->transformers_apart = less = true;
    }
    return less;
}

static void forget(struct sg_adopted *component) {
    sg_adopted_release(component);
    *component = (struct sg_adopted){.objects = 0};
}

static void share_most(struct sharing *s, struct sg_adopted *component) {
    bool again = true;
    while (again) {
        struct try *tries = sg_xcalloc(s->len, sizeof(*tries));
        make_component(s, component);
        bool done = component->entries.len == 0 || try_to_share(s, component, tries);
        again = !done && share_less(s, tries);
        if (!done) {
            forget(component);
        }
        for (size_t e = 0; e < s->len; e++) {
            sg_adopted_release(&tries[e].own);
            sg_strmap_release(&tries[e].finding.worse);
        }
        free(tries);
    }
}

/* The environments' voices, beside what upstream says. */
static int listen(struct sharing *s) {
    sg_auto_render base;
    struct sg_err ignored = {0};
    const struct sg_adopt_opts *opts = s->envs[0].opts;
    struct sg_atoms *atoms = s->envs[0].fork->docs.atoms;
    sg_render_init(&base, atoms);
    struct sg_render_opts render = {.fs = opts->project, .dir = opts->base};
    if (sg_render(&render, &base, &ignored) != 0) {
        return -1;
    }
    s->voices.paths = sg_fieldpaths_new(atoms);
    for (size_t e = 0; e < s->len; e++) {
        struct voice voice = {.docs = &s->envs[e].fork->docs};
        comments_init(&voice.comments, voice.docs, &base.docs);
        sg_vec_push(&s->voices.items, voice);
    }
    return 0;
}

void sg_adopt_share(struct sg_adopt_env *envs, size_t len, const char *folder,
                    struct sg_adopted *component) {
    struct sharing s SG_CLEANUP(release) = {.envs = envs, .len = len, .folder = folder};
    if (len < 2 || listen(&s) != 0) {
        return;
    }
    index_files(&s);
    count_entries(&s);
    find_objects(&s);
    share_most(&s, component);
}
