/*
 * adopt_words.c - what is said of an adopted fork in sentences, the same in every format
 * that people read.
 */
#include "adopt_view.h"

#include <stdio.h>
#include <string.h>

#define MUCH_NEARER   0.1 /* in likeness, for a warning */
#define MOST_VERSIONS 4   /* that are named of those that changes were taken from */

const char *sg_adopt_way_word(enum sg_adopt_way way) {
    static const char *const words[SG_ADOPT_WAYS] = {
        [SG_WAY_PATCH] = "patch",       [SG_WAY_OPERATION] = "operation",
        [SG_WAY_TEXT] = "text",         [SG_WAY_TRANSFORMER] = "transformer",
        [SG_WAY_RESOURCE] = "resource", [SG_WAY_DELETION] = "deletion",
    };
    return words[way];
}

const enum sg_adopt_oddity_kind sg_adopt_oddity_order[SG_ADOPT_ODDITIES] = {
    SG_ODD_UNREADABLE,     SG_ODD_CONFLICT,  SG_ODD_TWICE,  SG_ODD_REPEATED_KEY,
    SG_ODD_REPEATED_ENTRY, SG_ODD_EXPORTED,  SG_ODD_LIMITS, SG_ODD_DANGLING,
    SG_ODD_OLD_BOOLEAN,    SG_ODD_OLD_IMAGE, SG_ODD_STALE,  SG_ODD_NO_OBJECT,
    SG_ODD_BINARY,
};

static const struct sg_adopt_oddity_words oddities[SG_ADOPT_ODDITIES] = {
    [SG_ODD_REPEATED_KEY] =
        {"repeated-key", "a key written twice",
         "The last value counts, as in the cluster, and the overlay has "
         "that one; kustomize refuses the file. Check that it is the "
         "value you meant.",
         false},
    [SG_ODD_REPEATED_ENTRY] =
        {"repeated-entry", "an entry of a list written twice",
         "Of an env the last one counts, as in the cluster; another list a "
         "cluster may refuse. The overlay has both: take one out.",
         false},
    [SG_ODD_EXPORTED] =
        {"exported", "fields that only a cluster writes",
         "With a uid or resourceVersion kubectl apply may fail with a conflict. Take "
         "them out of the fork and adopt again.",
         false},
    [SG_ODD_OLD_BOOLEAN] = {"old-boolean", "a boolean that kustomize takes for a text",
                            "The overlay has true or false, which is what the cluster "
                            "got. Write it so in the "
                            "fork, too, while it lives.",
                            false},
    [SG_ODD_TWICE] = {"twice", "an object in two places",
                      "The last one counts, as in the cluster; the others are left out. "
                      "Compare them, and put what is missing into the overlay.",
                      false},
    [SG_ODD_UNREADABLE] = {"unreadable", "YAML that cannot be read",
                           "Nothing of it is in the overlay. Mend it in the fork and "
                           "adopt again.",
                           true},
    [SG_ODD_NO_OBJECT] = {"no-object", "a document that is no object",
                          "Without apiVersion, kind or name the cluster takes nothing of "
                          "it, so it is left out. Add what is missing if it should run.",
                          false},
    [SG_ODD_CONFLICT] = {"conflict", "marks of an unfinished merge",
                         "Which side counts is not known, so nothing of it is in the "
                         "overlay. Finish the merge in the fork and adopt again.",
                         true},
    [SG_ODD_BINARY] = {"binary", "a file that is no text",
                       "It cannot be a manifest and is left out. Copy it by hand if "
                       "something needs it.",
                       false},
    [SG_ODD_STALE] = {"stale", "an object that upstream removed before",
                      "It stays, as one of your own, but upstream mends it no more. "
                      "Delete it from the overlay if nothing uses it.",
                      false},
    [SG_ODD_OLD_IMAGE] = {"old-image", "an image of another release",
                          "It stays, and upgrades will not move it. Take the change out "
                          "of the overlay if it is not pinned on purpose.",
                          false},
    [SG_ODD_LIMITS] = {"limits", "a request above its limit",
                       "The cluster refuses such a pod. Raise the limit or lower the "
                       "request.",
                       false},
    [SG_ODD_DANGLING] = {"dangling", "a reference to nothing",
                         "What it names is not in the fork, so pods may wait for it for "
                         "ever. Make sure that the cluster has it, or take it out.",
                         false},
};

const struct sg_adopt_oddity_words *
sg_adopt_oddity_words_of(enum sg_adopt_oddity_kind kind) {
    return &oddities[kind];
}

/* --- counts ----------------------------------------------------------------------- */

/* "2,431": what is over three digits is hard to read without. */
static void add_number(struct sg_buf *out, size_t n) {
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%zu", n);
    for (int i = 0; i < len; i++) {
        sg_buf_adds(out, i > 0 && (len - i) % 3 == 0 ? "," : "");
        sg_buf_addc(out, digits[i]);
    }
}

void sg_adopt_count(struct sg_buf *out, size_t n, const char *one, const char *many) {
    add_number(out, n);
    if (n == 1 || many == NULL) {
        sg_buf_addf(out, " %s%s", one, n == 1 ? "" : "s");
    } else {
        sg_buf_addf(out, " %s", many);
    }
}

/* Another item of an enumeration; nothing for none. */
static void add_item(struct sg_buf *out, size_t start, size_t n, const char *one,
                     const char *many) {
    if (n > 0) {
        sg_buf_adds(out, out->len > start ? ", " : "");
        sg_adopt_count(out, n, one, many);
    }
}

/* "namespace on 64 objects". */
static void add_on_objects(struct sg_buf *out, size_t start, const char *what, size_t n) {
    if (n > 0) {
        sg_buf_addf(out, "%s%s ", out->len > start ? ", " : "", what);
        sg_adopt_count(out, n, "object", NULL);
    }
}

/* --- the release ------------------------------------------------------------------ */

/* Never 100 for what is not the same; a digit more where two would look alike. */
static void add_percent(struct sg_buf *out, double likeness, double other) {
    double percent = likeness * 100, beside = other * 100;
    bool alike = (int)(percent + 0.5) == (int)(beside + 0.5) && percent != beside;
    bool close = likeness < 1 && percent > 99.4;
    double shown = close && percent > 99.9 ? 99.9 : percent;
    sg_buf_addf(out, alike || close ? "%.1f %%" : "%.0f %%", shown);
}

/* The candidate of the release that was taken: it need not be the nearest. */
static const struct sg_adopt_candidate *taken_of(const struct sg_adopt_ranking *ranking,
                                                 const char *version) {
    for (size_t i = 0; i < ranking->items.len; i++) {
        char text[SG_VERSION_TEXT];
        sg_version_text(&ranking->items.items[i].version, text);
        if (strcmp(text, version) == 0) {
            return &ranking->items.items[i];
        }
    }
    return NULL;
}

static void add_next_nearest(const struct sg_adopt_ranking *ranking,
                             const struct sg_adopt_candidate *taken, struct sg_buf *out) {
    size_t at = taken == &ranking->items.items[0] ? 1 : 0;
    if (at >= ranking->items.len) {
        return;
    }
    const struct sg_adopt_candidate *next = &ranking->items.items[at];
    char text[SG_VERSION_TEXT];
    sg_version_text(&next->version, text);
    if (next->likeness == taken->likeness) {
        sg_buf_addf(out, "; %s is as near, --from decides", text);
        return;
    }
    sg_buf_addf(out, "; %s %s with ", at == 0 ? "nearer" : "next", text);
    add_percent(out, next->likeness, taken->likeness);
}

/* Why it is this release; `taken` NULL where the fork is not compared with it. */
static void add_reason(const struct sg_report_adopt *report,
                       const struct sg_adopt_ranking *ranking,
                       const struct sg_adopt_candidate *taken, struct sg_buf *out) {
    if (report->remote) {
        sg_buf_adds(out, ", which the base's URL names");
    } else if (report->follows) {
        sg_buf_adds(out, ", as of the first fork");
    } else if (report->said || taken == NULL) {
        sg_buf_adds(out, ", as you said");
    } else if (ranking->items.len == 1) {
        sg_buf_adds(out, ", the only release");
    } else {
        sg_buf_addf(out, ", the nearest of %zu releases", ranking->items.len);
    }
    sg_buf_adds(out, taken != NULL ? ": " : "");
}

/* The fork merged upstream's main, and not a tag. */
static void add_midway(const struct sg_adopt_midway *midway, struct sg_buf *out) {
    if (midway->commit != NULL) {
        sg_buf_addf(out,
                    "; nearer still is upstream's commit %.10s of %s on the way to %s, "
                    "\"%s\": %zu of ",
                    midway->commit, midway->date, midway->next, midway->subject,
                    midway->same);
        sg_adopt_count(out, midway->files, "file", NULL);
        sg_buf_adds(out, midway->same == 1 ? " as it is" : " as they are");
    }
}

void sg_adopt_evidence(const struct sg_report_adopt *report, struct sg_buf *out) {
    const struct sg_adopt_ranking *ranking = report->ranking;
    const struct sg_adopt_candidate *taken =
        ranking == NULL ? NULL : taken_of(ranking, report->version);
    add_reason(report, ranking, taken, out);
    if (taken == NULL) {
        return;
    }
    size_t beside = taken == ranking->items.items && ranking->items.len > 1 ? 1 : 0;
    add_percent(out, taken->likeness, ranking->items.items[beside].likeness);
    sg_buf_addf(out, " alike, %zu of ", taken->same);
    sg_adopt_count(out, taken->files, "file", NULL);
    sg_buf_adds(out, taken->same == 1 ? " as it is" : " as they are");
    if (taken->missing > 0) {
        sg_buf_addf(out, ", %zu not there", taken->missing);
    }
    add_next_nearest(ranking, taken, out);
    add_midway(&report->adopted->midway, out);
}

void sg_adopt_nearer(const struct sg_report_adopt *report, struct sg_buf *out) {
    const struct sg_adopt_candidate *taken =
        report->ranking == NULL ? NULL : taken_of(report->ranking, report->version);
    if (taken == NULL) {
        return;
    }
    const struct sg_adopt_candidate *nearest = &report->ranking->items.items[0];
    if (nearest->likeness - taken->likeness < MUCH_NEARER) {
        return;
    }
    char text[SG_VERSION_TEXT];
    sg_version_text(&nearest->version, text);
    sg_buf_addf(out, "%s is much nearer to this fork: ", text);
    add_percent(out, nearest->likeness, taken->likeness);
    sg_buf_addf(out, " alike, %s ", report->version);
    add_percent(out, taken->likeness, nearest->likeness);
    if (report->follows) {
        sg_buf_adds(out, "; a project of its own has a smaller overlay");
    } else {
        sg_buf_addf(out, "; --from %s makes a smaller overlay", text);
    }
}

/* --- the proof -------------------------------------------------------------------- */

static bool proof_holds(const struct sg_adopted *adopted) {
    return adopted->differences.len == 0 && adopted->equal == adopted->objects;
}

int sg_report_adopt_exit(const struct sg_report_adopt *report) {
    return proof_holds(report->adopted) && !report->source->broken ? 0 : 4;
}

static void add_equal(const struct sg_adopted *adopted, struct sg_buf *out) {
    add_number(out, adopted->equal);
    sg_buf_adds(out, " of ");
    sg_adopt_count(out, adopted->objects, "object", NULL);
    sg_buf_adds(out, ", ");
    sg_adopt_count(out, adopted->fields, "field", NULL);
    sg_buf_adds(out,
                adopted->objects == 1 ? ", renders as the fork" : ", render as the fork");
    if (adopted->drops.len > 0) {
        sg_buf_adds(out, " without the ");
        sg_adopt_count(out, adopted->drops.len, "change below", "changes below");
    }
}

void sg_adopt_proof(const struct sg_report_adopt *report, struct sg_buf *out) {
    const struct sg_adopted *adopted = report->adopted;
    if (adopted->objects == 0) {
        sg_buf_adds(out, "nothing to prove, for the fork has no objects");
    } else {
        add_equal(adopted, out);
    }
    if (!proof_holds(adopted)) {
        sg_buf_adds(out, "; ");
        sg_adopt_count(out, adopted->differences.len, "difference is left",
                       "differences are left");
    }
    if (adopted->unread > 0) {
        sg_buf_adds(out, "; ");
        sg_adopt_count(out, adopted->unread, "object was not compared, for",
                       "objects were not compared, for");
        sg_buf_adds(out, " parts of the fork could not be read");
    } else if (report->source->broken) {
        sg_buf_adds(out, "; parts of the fork could not be read");
    }
}

void sg_adopt_restarts(const struct sg_adopted *adopted, struct sg_buf *out) {
    size_t n = adopted->restarts.len;
    if (n > 0) {
        sg_adopt_count(out, n, "workload restarts", "workloads restart");
        sg_buf_addf(out,
                    " once when the project takes over: %s lists come in another order",
                    n == 1 ? "its" : "their");
    }
}

void sg_adopt_drops(const struct sg_adopted *adopted, struct sg_buf *out) {
    size_t n = adopted->drops.len;
    sg_adopt_count(out, n, "change that upstream made itself later",
                   "changes that upstream made itself later");
    sg_buf_addf(out, "; until that upgrade you run without %s", n == 1 ? "it" : "them");
}

void sg_adopt_drop_reason(const struct sg_adopt_drop *drop, struct sg_buf *out) {
    sg_buf_adds(out, drop->version);
    sg_buf_adds(out, drop->older_image ? ", an older image until that upgrade" : "");
}

void sg_adopt_noise(const struct sg_adopted *adopted, struct sg_buf *out) {
    if (adopted->reformatted.len > 0) {
        sg_adopt_count(out, adopted->reformatted.len, "file says what upstream's says",
                       "files say what upstream's say");
        sg_buf_adds(out, " in another form (line ends, indentation, quotes, comments)");
    }
    if (adopted->moved.len > 0) {
        sg_buf_adds(out, adopted->reformatted.len > 0 ? "; " : "");
        sg_adopt_count(out, adopted->moved.len, "object stands in another file",
                       "objects stand in other files");
        sg_buf_adds(out, " than upstream's");
    }
}

/* --- the overlay ------------------------------------------------------------------ */

/* What a view holds, counted. */
struct sums {
    size_t objects[SG_EFFECTS], changes[SG_EFFECTS], ways[SG_ADOPT_WAYS], patched;
};

static struct sums sums_of(const struct sg_adopt_view *view) {
    struct sums sums = {0};
    for (size_t i = 0; i < view->groups.len; i++) {
        const struct sg_adopt_group *group = view->groups.items[i];
        for (size_t k = 0; k < SG_EFFECTS; k++) {
            sums.objects[k] += group->effects[k] > 0;
            sums.changes[k] += group->effects[k];
        }
        for (size_t k = 0; k < SG_ADOPT_WAYS; k++) {
            sums.ways[k] += group->ways[k];
        }
        sums.patched += group->ways[SG_WAY_PATCH] > 0;
    }
    return sums;
}

void sg_adopt_sum(const struct sg_adopt_view *view, struct sg_buf *out) {
    struct sums sums = sums_of(view);
    size_t start = out->len;
    add_on_objects(out, start, "namespace on", sums.objects[SG_EFFECT_NAMESPACE]);
    add_on_objects(out, start, "labels on", sums.objects[SG_EFFECT_LABELS]);
    add_on_objects(out, start, "annotations on", sums.objects[SG_EFFECT_ANNOTATIONS]);
    add_item(out, start, sums.changes[SG_EFFECT_IMAGE], "image", NULL);
    add_on_objects(out, start, "replicas of", sums.objects[SG_EFFECT_REPLICAS]);
    add_item(out, start, sums.changes[SG_EFFECT_OTHER], "field that follows",
             "fields that follow");
    add_item(out, start, sums.patched, "patch", "patches");
    add_item(out, start, sums.ways[SG_WAY_OPERATION], "operation", NULL);
    add_item(out, start, sums.ways[SG_WAY_TEXT], "text file", NULL);
    add_item(out, start, sums.ways[SG_WAY_RESOURCE], "own object", NULL);
    add_item(out, start, sums.ways[SG_WAY_DELETION], "deletion", NULL);
    sg_buf_adds(out, out->len > start ? "" : "nothing but the base");
}

void sg_adopt_matches(const struct sg_adopted *adopted, struct sg_buf *out) {
    add_number(out, adopted->matched);
    sg_buf_adds(out, " of ");
    size_t all = adopted->matched + adopted->removed + adopted->unread;
    sg_adopt_count(out, all, "object", NULL);
    sg_buf_addf(out, " of upstream's %s in the fork, ",
                adopted->matched == 1 ? "is" : "are");
    if (adopted->changed > 0) {
        add_number(out, adopted->changed);
    }
    sg_buf_adds(out, adopted->changed > 0 ? " changed" : "none changed");
    if (adopted->unread > 0) {
        sg_buf_adds(out, "; ");
        add_number(out, adopted->unread);
        sg_buf_addf(out, " %s not found in what could be read",
                    adopted->unread == 1 ? "was" : "were");
    }
    if (adopted->added > 0) {
        sg_buf_adds(out, "; ");
        sg_adopt_count(out, adopted->added, "object is", "objects are");
        sg_buf_adds(out, " the fork's own");
    }
}

void sg_adopt_left(const struct sg_adopted *adopted, struct sg_buf *out) {
    const char *version = NULL;
    size_t n = 0;
    for (size_t i = 0; i < adopted->changes.len; i++) {
        const struct sg_adopt_change *change = &adopted->changes.items[i];
        bool left = change->picked == NULL && change->left != NULL;
        version = left ? change->left : version;
        n += left;
    }
    if (n > 0) {
        add_number(out, n);
        sg_buf_addf(
            out,
            " of these changes %s as upstream had it in %s: a merge may have left "
            "%s behind",
            n == 1 ? "is" : "are", version, n == 1 ? "it" : "them");
    }
}

void sg_adopt_picks(const struct sg_adopted *adopted, struct sg_buf *out) {
    sg_auto_strmap seen = {0};
    sg_auto_buf versions = SG_BUF_INIT;
    size_t n = 0;
    for (size_t i = 0; i < adopted->changes.len; i++) {
        const char *picked = adopted->changes.items[i].picked;
        n += picked != NULL;
        if (picked == NULL || sg_strmap_has(&seen, picked, strlen(picked))) {
            continue;
        }
        sg_strmap_put(&seen, picked, strlen(picked), &seen);
        if (seen.len <= MOST_VERSIONS) {
            sg_buf_addf(&versions, "%s%s", versions.len ? ", " : "", picked);
        }
    }
    if (n == 0) {
        return;
    }
    add_number(out, n);
    sg_buf_addf(out, " of these changes upstream made itself later (%s%s)",
                sg_buf_cstr(&versions), seen.len > MOST_VERSIONS ? ", ..." : "");
    if (adopted->drops.len == 0) {
        sg_buf_addf(out, "; --cherry-picks drop leaves %s out", n == 1 ? "it" : "them");
    }
}

void sg_adopt_history_gap(const struct sg_adopted *adopted, struct sg_buf *out) {
    if (adopted->without_commit > 0) {
        sg_buf_adds(out, "who made ");
        sg_adopt_count(out, adopted->without_commit, "change", NULL);
        sg_buf_adds(out, " is not known, for the fork's clone is shallow; git fetch "
                         "--unshallow completes it");
    }
}

void sg_adopt_kind_sum(const struct sg_adopt_kind *kind, struct sg_buf *out) {
    size_t start = out->len;
    add_item(out, start, kind->patched, "changed", "changed");
    add_item(out, start, kind->own, "own", "own");
    add_item(out, start, kind->deleted, "not wanted", "not wanted");
}

void sg_adopt_outside_words(const struct sg_report_adopt *report, struct sg_buf *out) {
    size_t len = report->outside != NULL ? report->outside->items.len : 0;
    if (len > 0) {
        sg_buf_addf(out,
                    "kustomizations of the fork's own outside of %s/: ", report->folder);
    }
    for (size_t i = 0; i < len; i++) {
        sg_buf_addf(out, "%s%s", i > 0 ? ", " : "", report->outside->items.items[i]);
    }
    sg_buf_adds(out, len > 0 && report->outside->more ? ", and perhaps more" : "");
}
