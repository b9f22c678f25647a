/*
 * measure.c - how near releases are to a fork, by the words that they have.
 */
#include <string.h>

#include "nearest.h"
#include "sg/path.h"
#include "sg/sort.h"

/* --- counting --------------------------------------------------------------------- */

/* By a word's number: how often it stands there, and in how many files. */
struct tally {
    uint32_t *count, *files;
    size_t len;
};

static struct tally tally_new(size_t len) {
    return (struct tally){sg_xcalloc(len + 1, sizeof(uint32_t)),
                          sg_xcalloc(len + 1, sizeof(uint32_t)), len};
}

static void tally_release(struct tally *tally) {
    free(tally->count);
    free(tally->files);
}

static void tally_side(struct tally *tally, const struct texts *texts) {
    memset(tally->count, 0, tally->len * sizeof(*tally->count));
    memset(tally->files, 0, tally->len * sizeof(*tally->files));
    for (size_t i = 0; i < texts->items.len; i++) {
        const struct word_counts *counts = texts->items.items[i];
        for (size_t k = 0; k < counts->items.len; k++) {
            const struct word_count *word = &counts->items.items[k];
            tally->count[word->word] += word->count;
            tally->files[word->word]++;
        }
    }
}

/*
 * What releases have of each word. What all of them have alike says nothing, unless there
 * is nothing else: of one release, or of several that are the same, every word counts.
 */
struct spread {
    uint32_t *common;   /* what every release has of it */
    uint32_t *most;     /* what one of them has */
    uint32_t *releases; /* that have it */
    size_t all;         /* releases */
};

static struct spread spread_new(size_t len, size_t releases) {
    return (struct spread){sg_xcalloc(len + 1, sizeof(uint32_t)),
                           sg_xcalloc(len + 1, sizeof(uint32_t)),
                           sg_xcalloc(len + 1, sizeof(uint32_t)), releases};
}

static void spread_release(struct spread *spread) {
    free(spread->common);
    free(spread->most);
    free(spread->releases);
}

static void find_spread(const struct ranking *r, struct tally *tally,
                        struct spread *out) {
    bool differ = false;
    for (size_t i = 0; i < r->releases.len; i++) {
        tally_side(tally, &r->releases.items[i].texts);
        for (size_t w = 0; w < tally->len; w++) {
            uint32_t count = tally->count[w];
            out->releases[w] += count > 0;
            out->most[w] = count > out->most[w] ? count : out->most[w];
            out->common[w] = i == 0 || count < out->common[w] ? count : out->common[w];
        }
    }
    for (size_t w = 0; w < tally->len; w++) {
        differ = differ || out->most[w] != out->common[w];
    }
    if (!differ) {
        memset(out->common, 0, tally->len * sizeof(*out->common));
    }
}

/* --- measuring -------------------------------------------------------------------- */

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

/*
 * How much of a release a fork has, a Tversky index. The weights are those with which
 * forks of the eleven real releases, heavily edited, came out right:
 * - What the release has and the fork has not tells a little more than the other way
 *   round, for who edits a fork adds more than they take away. A fork's own words, which
 * no release has, say nothing.
 * - A word that every release has somewhere, and they only differ in how often, tells a
 *   fifth.
 * - What is missing because the fork deleted the whole file tells next to nothing; just
 *   so much that of two releases, of which one has a file more, the other is nearer.
 */
static const double lost_weight = 0.6, common_weight = 0.2, deleted_weight = 0.025;

static double likeness_of(const struct tally *fork, const struct tally *release,
                          const struct tally *kept, const struct spread *spread) {
    /* not from nothing: of releases of which the fork has lost all that is special, the
     * one with least more is nearest */
    double both = 1, lost = 0, more = 0;
    for (size_t w = 0; w < fork->len; w++) {
        if (spread->most[w] == 0) {
            continue;
        }
        uint32_t f = fork->count[w] - smaller(fork->count[w], spread->common[w]);
        uint32_t c = release->count[w] - spread->common[w];
        uint32_t k = smaller(kept->count[w], c);
        uint32_t here = k - smaller(k, f), all = c - smaller(c, f);
        double weight = spread->releases[w] == spread->all ? common_weight : 1;
        both += weight * smaller(f, c);
        lost += weight * (here + deleted_weight * (all - here));
        more += weight * (f - smaller(f, c));
    }
    return ratio(both, both + lost_weight * lost + (1 - lost_weight) * more);
}

/*
 * Whether it is a fork at all. Any two folders of manifests share their keys, and some
 * values stand in every manifest: so only values count, each once, and as much less as
 * more files have it. A fork that kept a few of upstream's files is one, too.
 */
static double kinship_of(const struct vocabulary *vocabulary, const struct tally *fork,
                         const struct tally *release) {
    double both = 0, of_fork = 0, of_release = 0;
    for (size_t w = 0; w < fork->len; w++) {
        double weight = release->files[w] > 0 ? 1.0 / release->files[w] : 1;
        if (!vocabulary->keys.items[w]) {
            both += fork->files[w] > 0 && release->files[w] > 0 ? weight : 0;
            of_fork += fork->files[w] > 0 ? weight : 0;
            of_release += release->files[w] > 0 ? weight : 0;
        }
    }
    return ratio(both, of_fork < of_release ? of_fork : of_release);
}

/* What a fork has, by which a release's files are told from those that it deleted. */
struct presence {
    struct sg_strmap ids, paths, names; /* names: without folders, for files were moved */
    size_t upstreams;                   /* files whose name some release has */
    struct sg_strmap telling; /* ids of its files that some releases have, and not all */
};

static void presence_of(const struct side *fork, struct presence *out) {
    *out = (struct presence){0};
    for (size_t i = 0; i < fork->files.items.len; i++) {
        const struct sg_git_file *file = &fork->files.items.items[i];
        const char *name = sg_path_base(file->path);
        (void)sg_strmap_put(&out->ids, file->id, SG_GIT_HEX, out);
        (void)sg_strmap_put(&out->paths, file->path, strlen(file->path), out);
        (void)sg_strmap_put(&out->names, name, strlen(name), out);
    }
}

/* Counts the fork's files whose names some release has. */
static void count_upstreams(const struct ranking *r, struct presence *fork) {
    sg_auto_strmap known = {0};
    for (size_t i = 0; i < r->releases.len; i++) {
        const struct sg_git_files *files = &r->releases.items[i].files;
        for (size_t k = 0; k < files->items.len; k++) {
            const char *name = sg_path_base(files->items.items[k].path);
            sg_strmap_put(&known, name, strlen(name), fork);
        }
    }
    for (size_t i = 0; i < r->fork.files.items.len; i++) {
        const char *name = sg_path_base(r->fork.files.items.items[i].path);
        fork->upstreams += sg_strmap_has(&known, name, strlen(name));
    }
}

/* Files that were never touched, of which upstream made others in some release. */
static void find_telling(const struct ranking *r, struct presence *fork) {
    sg_auto_strmap releases = {0}; /* id -> how many have it */
    for (size_t i = 0; i < r->releases.len; i++) {
        const struct sg_git_files *files = &r->releases.items[i].files;
        sg_auto_strmap seen = {0};
        for (size_t k = 0; k < files->items.len; k++) {
            const char *id = files->items.items[k].id;
            if (sg_strmap_has(&fork->ids, id, SG_GIT_HEX) &&
                !sg_strmap_put(&seen, id, SG_GIT_HEX, fork)) {
                uintptr_t before = (uintptr_t)sg_strmap_get(&releases, id, SG_GIT_HEX);
                sg_strmap_put(&releases, id, SG_GIT_HEX, (void *)(before + 1)); // NOLINT
            }
        }
    }
    for (size_t i = 0; i < r->fork.files.items.len; i++) {
        const char *id = r->fork.files.items.items[i].id;
        uintptr_t have = (uintptr_t)sg_strmap_get(&releases, id, SG_GIT_HEX);
        if (have > 0 && have < r->releases.len) {
            sg_strmap_put(&fork->telling, id, SG_GIT_HEX, fork);
        }
    }
}

static void presence_release(struct presence *presence) {
    sg_strmap_release(&presence->telling);
    sg_strmap_release(&presence->ids);
    sg_strmap_release(&presence->paths);
    sg_strmap_release(&presence->names);
}

/*
 * Returns how well the names of the files go together, 0 to 1. A fork may have deleted
 * what the release has, so that says less; but a file that it has, that upstream has
 * somewhere and not in this release, it cannot have from here.
 */
static double measure_files(const struct side *release, const struct presence *fork,
                            struct sg_adopt_candidate *out) {
    size_t named = 0;
    out->files = release->files.items.len;
    for (size_t i = 0; i < release->files.items.len; i++) {
        const struct sg_git_file *file = &release->files.items.items[i];
        out->same += sg_strmap_has(&fork->ids, file->id, SG_GIT_HEX);
        out->missing += !sg_strmap_has(&fork->paths, file->path, strlen(file->path));
        const char *name = sg_path_base(file->path);
        named += sg_strmap_has(&fork->names, name, strlen(name));
    }
    if (named * 4 < out->files) {
        return 1; /* put together anew, or renamed: names say nothing */
    }
    double from_here =
        fork->upstreams > named ? ratio((double)named, (double)fork->upstreams) : 1;
    return from_here * from_here * (9 + ratio((double)named, (double)out->files)) / 10;
}

/*
 * Returns what is left when the files are taken off that are another release's to the
 * byte, as a factor: a fork's own release has every file that nobody touched, but for
 * what was taken from elsewhere or left behind by a merge.
 */
static double measure_copies(const struct side *release, const struct presence *fork) {
    sg_auto_strmap here = {0};
    for (size_t i = 0; i < release->files.items.len; i++) {
        const char *id = release->files.items.items[i].id;
        if (sg_strmap_has(&fork->telling, id, SG_GIT_HEX)) {
            sg_strmap_put(&here, id, SG_GIT_HEX, &here);
        }
    }
    size_t others = fork->telling.len - here.len;
    return others < fork->upstreams ? 1 - ratio((double)others, (double)fork->upstreams)
                                    : ratio(1, (double)fork->upstreams + 1);
}

/* The texts of the files that the fork has kept, by their names. Where it has few of them
 * it was put together anew, and nobody knows: all. */
static void find_kept(const struct side *release, const struct presence *fork,
                      struct texts *out) {
    size_t text = 0;
    for (size_t i = 0; i < release->files.items.len; i++) {
        const struct sg_git_file *file = &release->files.items.items[i];
        const char *name = sg_path_base(file->path);
        if (has_text(file)) {
            const struct word_counts *counts = release->texts.items.items[text++];
            if (sg_strmap_has(&fork->names, name, strlen(name))) {
                sg_vec_push(&out->items, counts);
            }
        }
    }
    if (out->items.len * 4 < text) {
        out->items.len = 0;
        for (size_t i = 0; i < text; i++) {
            sg_vec_push(&out->items, release->texts.items.items[i]);
        }
    }
}

static bool is_nearer(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_adopt_candidate *x = a, *y = b;
    if (x->likeness > y->likeness || x->likeness < y->likeness) {
        return x->likeness > y->likeness;
    }
    return sg_version_cmp(&x->version, &y->version) > 0;
}

struct measures {
    struct presence presence;
    struct spread spread;
    struct tally fork, release, kept;
    double kinship; /* of the nearest in that */
};

static struct sg_adopt_candidate
measure_release(const struct ranking *r, struct measures *m, const struct side *side) {
    struct sg_adopt_candidate out = {.version = side->tag->version};
    struct texts kept = {0};
    find_kept(side, &m->presence, &kept);
    tally_side(&m->kept, &kept);
    tally_side(&m->release, &side->texts);
    double files =
        measure_files(side, &m->presence, &out) * measure_copies(side, &m->presence);
    out.likeness = files * likeness_of(&m->fork, &m->release, &m->kept, &m->spread);
    double kinship = kinship_of(&r->vocabulary, &m->fork, &m->release);
    m->kinship = kinship > m->kinship ? kinship : m->kinship;
    sg_vec_release(&kept.items);
    return out;
}

static void measures_release(struct measures *m) {
    presence_release(&m->presence);
    spread_release(&m->spread);
    tally_release(&m->fork);
    tally_release(&m->release);
    tally_release(&m->kept);
}

double measure_releases(const struct ranking *r, struct sg_adopt_ranking *out) {
    size_t len = r->vocabulary.hashes.len;
    struct measures m = {.spread = spread_new(len, r->releases.len),
                         .fork = tally_new(len),
                         .release = tally_new(len),
                         .kept = tally_new(len)};
    presence_of(&r->fork, &m.presence);
    count_upstreams(r, &m.presence);
    find_telling(r, &m.presence);
    find_spread(r, &m.release, &m.spread);
    tally_side(&m.fork, &r->fork.texts);
    for (size_t i = 0; i < r->releases.len; i++) {
        const struct side *side = &r->releases.items[i];
        struct sg_adopt_candidate candidate = measure_release(r, &m, side);
        candidate.tag = sg_arena_strdup(&out->arena, side->tag->tag);
        sg_vec_push(&out->items, candidate);
    }
    sg_sort(out->items.items, out->items.len, sizeof(*out->items.items), is_nearer, NULL);
    measures_release(&m);
    return m.kinship;
}
