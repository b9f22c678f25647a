/*
 * accept.c - decisions given in advance: `accept` entries, --accept and --retire.
 */
#include <string.h>

#include "planner.h"

static bool unset(const char *text) {
    return text == NULL || text[0] == '\0';
}

static bool is_orphan(const char *code) {
    return strcmp(code, "SG201") == 0 || strcmp(code, "SG202") == 0 ||
           strcmp(code, "SG203") == 0 || strcmp(code, "SG204") == 0;
}

static bool covers(const struct sg_plan_accept *accept, const struct sg_finding *finding,
                   const char *version) {
    if (accept->as_patch) {
        return strcmp(finding->code, "SG204") == 0 && !unset(accept->object) &&
               object_matches(accept->object, finding->object, false) &&
               (unset(accept->path) ? finding->path[0] == '\0'
                                    : glob_matches(accept->path, finding->path, false));
    }
    if (accept->retire || accept->heir != NULL) {
        return is_orphan(finding->code) && !unset(accept->object) &&
               object_matches(accept->object, finding->object, false) &&
               (unset(accept->path) ? finding->path[0] == '\0' || accept->retire
                                    : glob_matches(accept->path, finding->path, false));
    }
    if (unset(accept->code) || strcmp(accept->code, finding->code) != 0) {
        return false;
    }
    /* a finding of the whole project has no object: "*" and "" cover it */
    if (!unset(accept->object) && strcmp(accept->object, "*") != 0 &&
        !object_matches(accept->object, finding->object, false)) {
        return false;
    }
    if (!unset(accept->overlay) &&
        (finding->overlay == NULL ||
         !glob_matches(accept->overlay, finding->overlay, false))) {
        return false;
    }
    if (!unset(accept->path) && !glob_matches(accept->path, finding->path, false)) {
        return false;
    }
    return unset(accept->to) || strcmp(accept->to, version) == 0;
}

const struct sg_plan_accept *sg_plan_accept_find(const struct sg_plan_accept *accepts,
                                                 size_t count,
                                                 const struct sg_finding *finding,
                                                 const char *version) {
    for (size_t i = 0; i < count; i++) {
        if (covers(&accepts[i], finding, version)) {
            return &accepts[i];
        }
    }
    return NULL;
}

/* Nobody can agree to a base that is not the one that was released. */
static bool is_pin(const struct sg_finding *finding) {
    return strcmp(finding->code, "SG401") == 0 || strcmp(finding->code, "SG402") == 0 ||
           strcmp(finding->code, "SG403") == 0;
}

static void accept_open(struct sg_plan *plan, struct sg_finding *finding,
                        const struct sg_plan_accept *accepts, size_t count,
                        const char *version) {
    if (is_pin(finding) || finding->accepted != NULL) {
        return;
    }
    const struct sg_plan_accept *accept =
        sg_plan_accept_find(accepts, count, finding, version);
    if (accept != NULL) {
        finding->accepted = sg_arena_strdup(&plan->docs.arena, accept->reason);
    }
}

void sg_plan_accept_open(struct sg_plan *plan, const struct sg_plan_accept *accepts,
                         size_t count, const char *version) {
    for (size_t i = 0; i < plan->findings.len; i++) {
        accept_open(plan, &plan->findings.items[i], accepts, count, version);
    }
    for (size_t i = 0; i < plan->overlays.len; i++) {
        struct sg_plan_overlay *overlay = &plan->overlays.items[i];
        for (size_t k = 0; k < overlay->findings.len; k++) {
            if (overlay->findings.items[k].hop == SG_NO_HOP) {
                accept_open(plan, &overlay->findings.items[k], accepts, count, version);
            }
        }
    }
}

static bool is_code(const char *text, size_t len) {
    if (len != 5 || strncmp(text, "SG", 2) != 0) {
        return false;
    }
    for (size_t i = 2; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return true;
}

static int refuse(const char *text, const char *found, struct sg_err *err) {
    sg_fail(err, SG_E_USAGE, "--accept '%s': %s", text, found);
    return sg_err_hint(err, "write CODE:OBJECT[:PATH]=REASON, for example "
                            "SG202:Deployment/web=moved by hand");
}

/* OBJECT[:PATH][=REST]: where the parts end; a '=' or ':' inside brackets belongs to a
 * path such as args[--a=b]. */
struct subject_text {
    const char *object_end, *equals; /* equals: the end where there is none */
};

static struct subject_text split_subject(const char *text) {
    int depth = 0;
    struct subject_text out = {NULL, text};
    for (; *out.equals != '\0' && (*out.equals != '=' || depth > 0); out.equals++) {
        depth += *out.equals == '[';
        depth -= *out.equals == ']' && depth > 0;
        if (*out.equals == ':' && depth == 0 && out.object_end == NULL) {
            out.object_end = out.equals;
        }
    }
    out.object_end = out.object_end != NULL ? out.object_end : out.equals;
    return out;
}

static void take_subject(const char *text, const struct subject_text *parts,
                         struct sg_arena *arena, struct sg_plan_accept *out) {
    out->object = sg_arena_strndup(arena, text, (size_t)(parts->object_end - text));
    if (parts->object_end != parts->equals) {
        out->path = sg_arena_strndup(arena, parts->object_end + 1,
                                     (size_t)(parts->equals - parts->object_end) - 1);
    }
}

int sg_plan_accept_parse(const char *text, struct sg_arena *arena,
                         struct sg_plan_accept *out, struct sg_err *err) {
    memset(out, 0, sizeof(*out));
    const char *colon = strchr(text, ':');
    if (colon == NULL || !is_code(text, (size_t)(colon - text))) {
        return refuse(text, "it does not begin with a code such as SG202 and a ':'", err);
    }
    struct subject_text parts = split_subject(colon + 1);
    if (*parts.equals == '\0' || parts.equals[1] == '\0') {
        return refuse(text, "the reason is missing", err);
    }
    if (parts.object_end == colon + 1) {
        return refuse(text, "the object is missing", err);
    }
    out->code = sg_arena_strndup(arena, text, (size_t)(colon - text));
    take_subject(colon + 1, &parts, arena, out);
    out->reason = sg_arena_strdup(arena, parts.equals + 1);
    return 0;
}

void sg_plan_retire_parse(const char *text, struct sg_arena *arena,
                          struct sg_plan_accept *out) {
    *out = (struct sg_plan_accept){.reason = "--retire", .retire = true};
    struct subject_text parts = split_subject(text);
    take_subject(text, &parts, arena, out);
}

void sg_plan_as_patch_parse(const char *text, struct sg_arena *arena,
                            struct sg_plan_accept *out) {
    *out = (struct sg_plan_accept){.reason = "--as-patch", .as_patch = true};
    struct subject_text parts = split_subject(text);
    take_subject(text, &parts, arena, out);
}

int sg_plan_retarget_parse(const char *text, struct sg_arena *arena,
                           struct sg_plan_accept *out, struct sg_err *err) {
    *out = (struct sg_plan_accept){.reason = "--retarget"};
    struct subject_text parts = split_subject(text);
    if (*parts.equals == '\0' || parts.equals[1] == '\0' || parts.object_end == text) {
        sg_fail(err, SG_E_USAGE, "--retarget '%s': found no OBJECT=HEIR", text);
        return sg_err_hint(err, "write OBJECT[:PATH]=HEIR, for example "
                                "Deployment/web=StatefulSet/web");
    }
    take_subject(text, &parts, arena, out);
    out->heir = sg_arena_strdup(arena, parts.equals + 1);
    return 0;
}
