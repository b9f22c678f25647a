#include "sample.h"

#include <string.h>

void sample_open(struct sample *sample) {
    sample->atoms = sg_atoms_new();
    sg_plan_init(&sample->plan, sample->atoms);
    sample->plan.from =
        (struct sg_plan_release){"3.19.2", "1111111111111111111111111111111111111111"};
    sample->plan.to =
        (struct sg_plan_release){"3.20.1", "2222222222222222222222222222222222222222"};
    sample->plan.inputs.lock = "aa";
    sample->plan.inputs.overlays = "bb";
    sample->plan.inputs.to = sample->plan.to.commit;
    struct sg_plan_hop hop = {.version = "3.20.1", .commit = sample->plan.to.commit};
    sg_vec_push(&sample->plan.hops, hop);
}

void sample_close(struct sample *sample) {
    sg_plan_release(&sample->plan);
    sg_atoms_free(sample->atoms);
}

struct sg_plan_overlay *sample_overlay(struct sample *sample, const char *name) {
    struct sg_plan_overlay overlay = {.name = name, .dir = "overlays/x"};
    sg_vec_push(&sample->plan.overlays, overlay);
    return &sample->plan.overlays.items[sample->plan.overlays.len - 1];
}

struct sg_plan_object *sample_object(struct sg_plan_overlay *overlay, const char *kind,
                                     const char *name, enum sg_change change) {
    struct sg_plan_object object = {
        .id = name, .kind = kind, .namespace = "prod", .name = name, .change = change};
    sg_vec_push(&overlay->objects, object);
    return &overlay->objects.items[overlay->objects.len - 1];
}

static struct sg_plan_value value(struct sample *sample, const char *text) {
    if (!text) {
        return (struct sg_plan_value){.kind = SG_VALUE_ABSENT};
    }
    if (strcmp(text, "(secret)") == 0) {
        return (struct sg_plan_value){.kind = SG_VALUE_MASKED, .changed = true};
    }
    return (struct sg_plan_value){
        .kind = SG_VALUE_NODE,
        .node =
            sg_scalar_new(&sample->plan.docs, text, strlen(text), SG_TAG_STR, SG_PLAIN),
    };
}

struct sg_plan_field *sample_field(struct sample *sample, struct sg_plan_object *object,
                                   const char *path, enum sg_owner owner,
                                   enum sg_state state, const char *const values[4]) {
    struct sg_plan_field field = {
        .path = path,
        .pointer = "/x",
        .owner = owner,
        .state = state,
        .base_old = value(sample, values[0]),
        .base_new = value(sample, values[1]),
        .before = value(sample, values[2]),
        .after = value(sample, values[3]),
    };
    sg_vec_push(&object->fields, field);
    return &object->fields.items[object->fields.len - 1];
}

/* What a repair would do: a renamed container followed, a patch that went. */
static void add_edits(struct sample *sample, struct sg_plan_overlay *overlay) {
    struct sg_finding *carried = sg_plan_add_finding(
        &sample->plan, overlay,
        &(struct sg_finding_in){
            .code = "SG202",
            .rule = "orphan-element",
            .object = "apps/v1/Deployment/prod/searcher",
            .path = "spec.template.spec.containers[search]",
            .severity = SG_WARNING,
            .at = {"overlays/production/searcher.yaml", 9, 9},
            .message = "upstream renamed container search to searcher; yours follows",
            .fix = ""});
    carried->resolved = SG_RESOLVED_CARRIED;
    const struct sg_edit edits[] = {
        {.file = "overlays/production/searcher.yaml",
         .op = SG_EDIT_SPLICE,
         .text = "searcher",
         .text_len = 8,
         .finding = sg_arena_strdup(&sample->plan.docs.arena, carried->fingerprint),
         .line = 9,
         .was = "      - name: search\n",
         .now = "      - name: searcher\n"},
        {.file = "overlays/production/searcher.yaml",
         .op = SG_EDIT_SPLICE,
         .finding = "",
         .line = 9},
        {.file = "overlays/production/tls.yaml",
         .op = SG_EDIT_SPLICE,
         .finding = "",
         .line = 4,
         .withheld = true},
        {.file = "overlays/production/old.yaml",
         .op = SG_EDIT_MOVE,
         .text = "overlays/production/retired/3.20.1/old.yaml",
         .text_len = 43,
         .finding = ""},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(edits); i++) {
        sg_vec_push(&sample->plan.edits, edits[i]);
    }
}

void sample_fill(struct sample *sample) {
    struct sg_plan_overlay *o = sample_overlay(sample, "production");
    struct sg_plan_object *d =
        sample_object(o, "Deployment", "searcher", SG_CHANGE_MODIFIED);
    d->id = "apps/v1/Deployment/prod/searcher";
    sample_field(
        sample, d, "spec.template.spec.containers[searcher].image", SG_OWNER_UPSTREAM,
        SG_STATE_NONE,
        VALUES("index.docker.io/sg/"
               "searcher:3.19.2@sha256:"
               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
               "index.docker.io/sg/"
               "searcher:3.20.1@sha256:"
               "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
               "index.docker.io/sg/"
               "searcher:3.19.2@sha256:"
               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
               "index.docker.io/sg/"
               "searcher:3.20.1@sha256:"
               "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"));
    struct sg_plan_field *f = sample_field(sample, d, "spec.replicas", SG_OWNER_BOTH,
                                           SG_STATE_MASKED, VALUES("1", "2", "3", "3"));
    f->at = (struct sg_place){"overlays/production/searcher.yaml", 6, 3};
    sample_field(sample, d,
                 "spec.template.spec.containers[searcher].resources.limits.memory",
                 SG_OWNER_OVERLAY, SG_STATE_NONE, VALUES("1Gi", "1Gi", "4Gi", "4Gi"));
    f = sample_field(sample, d,
                     "spec.template.spec.containers[searcher].env[CACHE].value",
                     SG_OWNER_BOTH, SG_STATE_LOST, VALUES("1", "2", "3", NULL));
    f->at = (struct sg_place){"overlays/production/searcher.yaml", 16, 3};
    sample_field(sample, d, "spec.strategy.type", SG_OWNER_UPSTREAM, SG_STATE_NONE,
                 VALUES("Recreate", "RollingUpdate", "Recreate", "RollingUpdate"));
    d = sample_object(o, "ConfigMap", "frontend-conf", SG_CHANGE_MODIFIED);
    sample_field(sample, d, "data[\"nginx.conf\"]", SG_OWNER_BOTH, SG_STATE_PASSED,
                 VALUES("a\nb\n", "a\nc\n", "a\nb\nmine\n", "a\nc\nmine\n"));
    d = sample_object(o, "Secret", "tls", SG_CHANGE_MODIFIED);
    sample_field(sample, d, "data.key", SG_OWNER_EFFECT, SG_STATE_NONE,
                 VALUES("(secret)", "(secret)", "(secret)", "(secret)"));
    d = sample_object(o, "Deployment", "gitserver", SG_CHANGE_MODIFIED);
    sample_field(sample, d, "spec.template.spec.containers[gitserver].image",
                 SG_OWNER_UPSTREAM, SG_STATE_NONE,
                 VALUES("sg/g:3.19.2", "sg/g:3.20.1", "sg/g:3.19.2", "sg/g:3.20.1"));
    d = sample_object(o, "Deployment", "syntect", SG_CHANGE_MODIFIED);
    sample_field(sample, d, "spec.replicas", SG_OWNER_UPSTREAM, SG_STATE_NONE,
                 VALUES("1", "2", "1", "2"));
    d = sample_object(o, "Service", "new", SG_CHANGE_ADDED);
    d->owner = SG_OWNER_UPSTREAM;
    d = sample_object(o, "StatefulSet", "old", SG_CHANGE_REMOVED);
    d->owner = SG_OWNER_UPSTREAM;
    struct sg_finding *x = sg_plan_add_finding(
        &sample->plan, o,
        &(struct sg_finding_in){.code = "SG101",
                                .rule = "masked",
                                .object = "apps/v1/Deployment/prod/searcher",
                                .path = "spec.replicas",
                                .severity = SG_WARNING,
                                .hop = 0,
                                .at = {"overlays/production/searcher.yaml", 6, 3},
                                .message = "replicas stays 3; upstream went from 1 to 2",
                                .fix =
                                    "delete the line to follow upstream, or accept it"});
    x->cause_commit = "4f8a9c1d22334455";
    x->cause_subject = "searcher: run two replicas";
    x = sg_plan_add_finding(
        &sample->plan, o,
        &(struct sg_finding_in){
            .code = "SG201",
            .rule = "orphan-object",
            .object = "apps/v1/StatefulSet/prod/old",
            .path = "",
            .severity = SG_ERROR,
            .hop = 0,
            .at = {"overlays/production/old.yaml", 1, 1},
            .message = "the patch changes StatefulSet old, which 3.20.1 no longer has",
            .fix = "move the setting to what took its place, or let it go",
            .stops = true});
    sg_vec_push(&x->flags, "--retire apps/v1/StatefulSet/prod/old");
    sg_vec_push(&x->candidates, ((struct sg_candidate){"apps/v1/Deployment/prod/new",
                                                       0.82, "same labels and image"}));
    sg_plan_add_finding(&sample->plan, o,
                        &(struct sg_finding_in){.code = "SG103",
                                                .rule = "redundant",
                                                .object = "",
                                                .path = "",
                                                .severity = SG_INFO,
                                                .message = "x",
                                                .fix = ""});
    for (uint32_t line = 8; line < 10; line++) { /* two places, one thing to say */
        sg_plan_add_finding(
            &sample->plan, o,
            &(struct sg_finding_in){.code = "SG104",
                                    .rule = "no-op",
                                    .object = line == 8 ? "v1/Service/prod/a"
                                                        : "v1/Service/prod/b",
                                    .severity = SG_WARNING,
                                    .at = {"overlays/production/x.yaml", line, 1},
                                    .message = "the patch changes nothing",
                                    .fix = "remove it"});
    }
    add_edits(sample, o);
}
