#include "adopted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static const char *const next[] = {"cd new && git init", "sgupgrade diff --to next"};
static const char *const files[] = {"base/a.yaml",
                                    "base/b.yaml",
                                    "base/c.yaml",
                                    "base/d.yaml",
                                    "base/e.yaml",
                                    "base/f.yaml",
                                    "base/g.yaml",
                                    "overlays/default/kustomization.yaml",
                                    "overlays/default/patches/web.Deployment.yaml",
                                    "sgupgrade.lock",
                                    "sgupgrade.yaml"};

void adopted_open(struct adopted *sample) {
    memset(sample, 0, sizeof(*sample));
    sg_arena_init(&sample->ranking.arena);
    sg_arena_init(&sample->adopted.arena);
    sg_arena_init(&sample->fork.arena);
    sample->adopted.objects = sample->adopted.equal = sample->adopted.matched = 68;
    sample->adopted.fields = 2431;
    sample->report = (struct sg_report){.kind = SG_REPORT_ADOPT,
                                        .adopt = {.fork = "../fork",
                                                  .folder = "base",
                                                  .upstream = "https://git.example/up",
                                                  .version = "3.10.4",
                                                  .dir = "../new",
                                                  .overlay = "default",
                                                  .source = &sample->fork,
                                                  .adopted = &sample->adopted,
                                                  .outside = &sample->outside,
                                                  .files = files,
                                                  .files_len = SG_ARRAY_LEN(files),
                                                  .next = next,
                                                  .next_len = SG_ARRAY_LEN(next)}};
}

void adopted_close(struct adopted *sample) {
    sg_vec_release(&sample->ranking.items);
    sg_arena_release(&sample->ranking.arena);
    sg_vec_release(&sample->adopted.changes);
    sg_vec_release(&sample->adopted.drops);
    sg_vec_release(&sample->adopted.reformatted);
    sg_vec_release(&sample->adopted.moved);
    sg_vec_release(&sample->adopted.differences);
    sg_vec_release(&sample->adopted.restarts);
    sg_arena_release(&sample->adopted.arena);
    sg_adopt_outside_release(&sample->outside);
    sg_vec_release(&sample->fork.oddities);
    sg_vec_release(&sample->fork.others);
    sg_arena_release(&sample->fork.arena);
}

void adopted_candidate(struct adopted *sample, const char *version, size_t same,
                       double likeness) {
    struct sg_adopt_candidate candidate = {
        .tag = sg_arena_printf(&sample->ranking.arena, "v%s", version),
        .files = 63,
        .same = same,
        .missing = same < 20 ? 7 : 0,
        .likeness = likeness};
    struct sg_err err = {0};
    assert_int_equal(sg_version_parse(version, &candidate.version, &err), 0);
    sg_vec_push(&sample->ranking.items, candidate);
    sample->report.adopt.ranking = &sample->ranking;
}

void adopted_change(struct adopted *sample, enum sg_adopt_way way, const char *object,
                    const char *path, const char *before, const char *after) {
    struct sg_adopt_change change = {
        .way = way,
        .object = object,
        .path = path,
        .before = before,
        .after = after,
        .file = way == SG_WAY_DELETION ? NULL : "web/web.yaml",
        .line = way == SG_WAY_DELETION ? 0 : (uint32_t)sample->adopted.changes.len + 3,
        .column = way == SG_WAY_DELETION ? 0 : 5,
    };
    sg_vec_push(&sample->adopted.changes, change);
}

void adopted_oddity(struct adopted *sample, enum sg_adopt_oddity_kind kind,
                    const char *object, const char *path, const char *message) {
    struct sg_adopt_oddity oddity = {.kind = kind,
                                     .object = object,
                                     .path = path,
                                     .file = "web/web.yaml",
                                     .line = (uint32_t)sample->fork.oddities.len + 9,
                                     .column = 3,
                                     .message = message};
    sg_vec_push(&sample->fork.oddities, oddity);
}

static void differ(struct adopted *sample, const char *object, const char *path,
                   const char *fork, const char *render) {
    struct sg_adopt_difference difference = {.object = object,
                                             .path = path,
                                             .fork = fork,
                                             .render = render,
                                             .file = fork ? "web/web.yaml" : NULL,
                                             .line = fork ? 40 : 0};
    sg_vec_push(&sample->adopted.differences, difference);
}

static void restart(struct adopted *sample, const char *object, const char *path) {
    struct sg_adopt_restart item = {object, path};
    sg_vec_push(&sample->adopted.restarts, item);
}

void adopted_drop(struct adopted *sample, const char *object, const char *path,
                  const char *before, const char *after, bool older_image) {
    struct sg_adopt_drop item = {.object = object,
                                 .path = path,
                                 .version = "3.11.4",
                                 .before = before,
                                 .after = after,
                                 .file = "web/web.yaml",
                                 .line = (uint32_t)sample->adopted.drops.len + 50,
                                 .column = 7,
                                 .older_image = older_image};
    sg_vec_push(&sample->adopted.drops, item);
}

#define WEB    "apps/v1/Deployment/prod/web"
#define SEARCH "apps/v1/Deployment/prod/search"
#define CONF   "v1/ConfigMap/prod/conf"
#define SIXTY  "sixty characters of a text that is the same in both of them "

static void fill_changes(struct adopted *s) {
    static const char *const shared[] = {WEB, SEARCH, CONF};
    for (size_t i = 0; i < SG_ARRAY_LEN(shared); i++) {
        adopted_change(s, SG_WAY_TRANSFORMER, shared[i], "metadata.namespace", "default",
                       "prod");
        adopted_change(s, SG_WAY_TRANSFORMER, shared[i], "metadata.labels.team", NULL,
                       "a");
    }
    adopted_change(s, SG_WAY_TRANSFORMER, WEB, "spec.template.spec.containers[web].image",
                   "up/web:1", "mirror/web:1");
    adopted_change(s, SG_WAY_TRANSFORMER, WEB, "spec.replicas", "1", "3");
    adopted_change(s, SG_WAY_PATCH, WEB,
                   "spec.template.spec.containers[web].resources.limits.memory", "2Gi",
                   "8Gi");
    adopted_change(s, SG_WAY_PATCH, WEB, "metadata.annotations.a", NULL, "b");
    adopted_change(s, SG_WAY_PATCH, WEB, "metadata.annotations.c", "d", NULL);
    adopted_change(s, SG_WAY_PATCH, WEB, "metadata.annotations.e", "f", "g");
    s->adopted.changes.items[s->adopted.changes.len - 1].picked = "3.11.4";
    adopted_change(s, SG_WAY_OPERATION, SEARCH, "spec.template.spec.initContainers[0]",
                   NULL, "{name: init}");
    adopted_change(s, SG_WAY_PATCH, CONF, "data[\"nginx.conf\"]",
                   "\"" SIXTY "one" SIXTY "\"", "\"" SIXTY "two" SIXTY "\"");
    adopted_change(s, SG_WAY_PATCH, "v1/Secret/prod/tls", "data.key", "SECRETA",
                   "SECRETB");
    adopted_change(s, SG_WAY_RESOURCE, "v1/Secret/prod/own", "", NULL,
                   "{data: {key: SECRETC}}");
    adopted_change(s, SG_WAY_RESOURCE, CONF "-own", "", NULL, "{data: {}}");
    adopted_change(s, SG_WAY_DELETION, "rbac.authorization.k8s.io/v1/ClusterRole/gone",
                   "", "{rules: []}", NULL);
    for (size_t i = 0; i < 8; i++) {
        adopted_change(s, SG_WAY_DELETION,
                       sg_arena_printf(&s->adopted.arena, "v1/Service/prod/s%zu", i), "",
                       "{}", NULL);
    }
}

static void fill_drops(struct adopted *s) {
    adopted_drop(s, WEB, "spec.template.spec.containers[web].image", "up/web:1",
                 "up/web:2", true);
    adopted_drop(s, WEB, "spec.z", NULL, "3", false);
    adopted_drop(s, "v1/Secret/prod/tls", "data.more", "SECRETA", "SECRETB", false);
    for (size_t i = 0; i < 4; i++) {
        adopted_drop(s, CONF "-next", "", NULL, "{data: {}}", false);
    }
}

static void fill_noise(struct adopted *s) {
    sg_vec_push(&s->adopted.reformatted, "web/conf.yaml");
    for (size_t i = 0; i < 2; i++) {
        struct sg_adopt_moved moved = {SEARCH, "all.yaml", "search/search.yaml"};
        sg_vec_push(&s->adopted.moved, moved);
    }
}

static void fill_fork(struct adopted *s) {
    s->fork.broken = true;
    for (int kind = SG_ODD_REPEATED_KEY; kind <= SG_ODD_OLD_BOOLEAN; kind++) {
        adopted_oddity(s, (enum sg_adopt_oddity_kind)kind, WEB, "spec.x", "what is so");
    }
    adopted_oddity(s, SG_ODD_BINARY, NULL, NULL, "bytes that are no text");
    for (size_t i = 0; i < 9; i++) {
        adopted_oddity(s, SG_ODD_DANGLING, WEB, NULL, "no ConfigMap of this name");
        sg_vec_push(&s->fork.others,
                    sg_arena_printf(&s->fork.arena, "docs/page-%zu.md", i));
    }
    sg_vec_push(&s->outside.items, "overlays/namespaced");
    sg_vec_push(&s->outside.items, "overlays/small");
}

void adopted_fill(struct adopted *sample) {
    adopted_candidate(sample, "3.10.4", 41, 0.974);
    adopted_candidate(sample, "3.11.4", 12, 0.71);
    adopted_candidate(sample, "3.20.1", 3, 0.5);
    fill_changes(sample);
    fill_drops(sample);
    fill_noise(sample);
    fill_fork(sample);
    differ(sample, WEB, "spec.x", "1", "2");
    differ(sample, WEB, "spec.y", "1", NULL);
    differ(sample, "v1/Secret/prod/tls", "data.key", "SECRETA", "SECRETB");
    differ(sample, CONF "-extra", "", NULL, "{data: {}}");
    for (size_t i = 0; i < 8; i++) {
        restart(
            sample,
            sg_arena_printf(&sample->adopted.arena, "apps/v1/Deployment/prod/web-%zu", i),
            "spec.template.spec.containers[web].env");
    }
    struct sg_adopted *adopted = &sample->adopted;
    sample->report.adopt.by_hand = "mend web/web.yaml:11 in ../fork";
    adopted->equal = 66;
    adopted->matched = 58;
    adopted->added = 2;
    adopted->removed = 9;
    adopted->unread = 1;
    adopted->without_commit = 12;
    adopted->changed = 45;
}

void adopted_write(const struct adopted *sample, const char *format,
                   const struct sg_report_opts *view, struct sg_buf *out) {
    struct sg_report_opts opts = *view;
    struct sg_err err = {0};
    opts.paint = opts.paint ? opts.paint : sg_palette_get(false);
    opts.tool = "1.2.3";
    const struct sg_report_format *known = sg_report_format_find(format);
    assert_non_null(known);
    assert_int_equal(sg_report_write(known, &sample->report, &opts, out, &err), 0);
}
