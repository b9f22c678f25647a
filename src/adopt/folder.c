/*
 * folder.c - where in a fork the folder is that was upstream's.
 *
 * Forks rename it and move it, or hold nothing else, but most files keep their paths
 * inside of it: the folder below which upstream's paths are found again is the one.
 */
#include <string.h>

#include "names.h"
#include "sg/adopt.h"
#include "sg/path.h"
#include "sg/strmap.h"

/* A folder of the fork, "" its root, and how many of upstream's paths lead on from it. */
struct place {
    char *dir;
    size_t paths;
};

struct search {
    const struct sg_fs *fork;
    struct sg_fs_list files;
    struct sg_strmap upstream; /* the paths of its manifests */
    struct sg_strmap by_dir;   /* folder -> struct place */
    SG_VEC(struct place *) places;
};

static void search_release(struct search *s) {
    for (size_t i = 0; i < s->places.len; i++) {
        free(s->places.items[i]->dir);
        free(s->places.items[i]);
    }
    sg_vec_release(&s->places);
    sg_strmap_release(&s->by_dir);
    sg_strmap_release(&s->upstream);
    sg_fs_list_release(&s->files);
}

/* Its name tells something: every second folder has a kustomization. */
static bool is_telling(const char *path) {
    return is_manifest_name(path) && !is_kustomization_name(path);
}

/* --- upstream's paths ------------------------------------------------------------- */

/* Of the newest release that has the folder; of none, where none has: to say so is for
 * the comparison with all of them. */
static int read_upstream(struct search *s, struct sg_upstream *up, const char *from,
                         struct sg_err *err) {
    sg_auto_releases releases = {0};
    sg_auto_git_files files = {0};
    bool found = false;
    if (sg_upstream_releases(up, &releases, err) != 0) {
        return -1;
    }
    for (size_t i = releases.items.len; i > 0 && !found; i--) {
        struct sg_err ignored = {0};
        sg_git_files_release(&files);
        files = (struct sg_git_files){0};
        found = sg_upstream_files(up, releases.items.items[i - 1].commit, from, &files,
                                  &ignored) == 0 &&
                files.items.len > 0;
    }
    for (size_t i = 0; i < files.items.len; i++) {
        const char *path = files.items.items[i].path;
        if (is_telling(path)) {
            (void)sg_strmap_put(&s->upstream, path, strlen(path), s);
        }
    }
    return 0;
}

/* --- the fork's folders ----------------------------------------------------------- */

static struct place *place_of(struct search *s, const char *dir, size_t len) {
    struct place *place = sg_strmap_get(&s->by_dir, dir, len);
    if (place == NULL) {
        place = sg_xcalloc(1, sizeof(*place));
        place->dir = sg_xstrndup(dir, len);
        (void)sg_strmap_put(&s->by_dir, dir, len, place);
        sg_vec_push(&s->places, place);
    }
    return place;
}

/* For each folder above the file: is it one of upstream's paths, seen from there? */
static void count_paths(struct search *s, const char *path) {
    for (const char *rest = path; rest != NULL;) {
        if (sg_strmap_has(&s->upstream, rest, strlen(rest))) {
            place_of(s, path, rest == path ? 0 : (size_t)(rest - path) - 1)->paths++;
        }
        const char *slash = strchr(rest, '/');
        rest = slash != NULL ? slash + 1 : NULL;
    }
}

/* The folder with most of upstream's paths, the first of them; NULL where none has any.
 */
static const struct place *find_likeliest(const struct search *s) {
    const struct place *best = NULL;
    for (size_t i = 0; i < s->places.len; i++) {
        const struct place *place = s->places.items[i];
        if (best == NULL || place->paths > best->paths) {
            best = place;
        }
    }
    return best;
}

/* The first folder that has upstream's name, and a manifest in or below it. */
static bool find_namesake(const struct search *s, const char *from, struct sg_buf *out) {
    sg_auto_cstr name = sg_xasprintf("/%s/", sg_path_base(from));
    for (size_t i = 0; i < s->files.entries.len; i++) {
        const char *path = s->files.entries.items[i].name;
        sg_auto_cstr rooted = sg_xasprintf("/%s", path);
        const char *at = is_telling(path) ? strstr(rooted, name) : NULL;
        if (at != NULL) {
            sg_buf_add(out, path, (size_t)(at - rooted) + strlen(name) - 2);
            return true;
        }
    }
    return false;
}

/* The file says what every object says. No YAML is read for it: what is an object, and
 * whose, is found out later. */
static bool is_object(const struct search *s, const struct sg_fs_entry *file) {
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err ignored = {0};
    return file->type == SG_FS_FILE && is_telling(file->name) &&
           sg_fs_read(s->fork, file->name, &text, &ignored) == 0 &&
           strstr(sg_buf_cstr(&text), "apiVersion") != NULL &&
           strstr(sg_buf_cstr(&text), "kind") != NULL;
}

/* In the fork's root itself, or also below. */
static bool has_object(const struct search *s, bool below) {
    for (size_t i = 0; i < s->files.entries.len; i++) {
        const struct sg_fs_entry *file = &s->files.entries.items[i];
        if ((below || strchr(file->name, '/') == NULL) && is_object(s, file)) {
            return true;
        }
    }
    return false;
}

/* --- all -------------------------------------------------------------------------- */

static int look_below(struct search *s, struct sg_upstream *up, const char *from,
                      bool *found, struct sg_buf *out, struct sg_err *err) {
    if (read_upstream(s, up, from, err) != 0 ||
        sg_fs_walk(s->fork, "", &s->files, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < s->files.entries.len; i++) {
        if (is_telling(s->files.entries.items[i].name)) {
            count_paths(s, s->files.entries.items[i].name);
        }
    }
    if (sg_strmap_has(&s->by_dir, "", 0) || has_object(s, false)) {
        *found = true;
        return 0;
    }
    const struct place *likeliest = find_likeliest(s);
    if (likeliest != NULL) {
        sg_buf_adds(out, likeliest->dir);
    } else if (!find_namesake(s, from, out)) {
        *found = has_object(s, true);
    }
    return 0;
}

int sg_adopt_folder(struct sg_upstream *up, const char *from, const struct sg_fs *fork,
                    bool *found, struct sg_buf *out, struct sg_err *err) {
    enum sg_fs_type type;
    sg_buf_clear(out);
    *found = false;
    if (sg_fs_stat(fork, from, &type, NULL, err) != 0) {
        return -1;
    }
    if (type == SG_FS_DIR) {
        *found = true;
        sg_buf_adds(out, from);
        return 0;
    }
    struct search s SG_CLEANUP(search_release) = {.fork = fork};
    return look_below(&s, up, from, found, out, err);
}
