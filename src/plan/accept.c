/*
 * accept.c - decisions given in advance: `accept` entries, --accept and --retire.
 */
#include <string.h>

#include "sg/plan.h"

/* '*' is any run of characters, '?' any one. Linear but for backing up to the last star.
 */
static bool glob(const char *pattern, const char *text) {
    const char *star = NULL, *from = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            from = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}

static bool unset(const char *text) {
    return text == NULL || text[0] == '\0';
}

/*
 * A person writes "Deployment/prod/web" or "Deployment/web" for
 * "apps/v1/Deployment/prod/web": each end of the id that begins at a part matches, and
 * the namespace may be left out.
 */
static bool object_matches(const char *pattern, const char *id) {
    const char *part = id;
    do {
        part += *part == '/';
        if (glob(pattern, part)) {
            return true;
        }
        part = strchr(part, '/');
    } while (part != NULL);
    const char *name = strrchr(id, '/');
    if (name == NULL) {
        return false;
    }
    /* the part before the last slash is the namespace, the one before that the kind */
    const char *ns = name;
    while (ns > id && ns[-1] != '/') {
        ns--;
    }
    const char *kind = ns - (ns > id);
    while (kind > id && kind[-1] != '/') {
        kind--;
    }
    sg_auto_buf brief = SG_BUF_INIT;
    if (ns > kind) {
        sg_buf_add(&brief, kind, (size_t)(ns - kind) - 1);
    }
    sg_buf_adds(&brief, name);
    return glob(pattern, sg_buf_cstr(&brief));
}

static bool is_orphan(const char *code) {
    return strcmp(code, "SG201") == 0 || strcmp(code, "SG202") == 0;
}

static bool covers(const struct sg_plan_accept *accept, const struct sg_finding *finding,
                   const char *version) {
    if (accept->retire) {
        return is_orphan(finding->code) && !unset(accept->object) &&
               object_matches(accept->object, finding->object);
    }
    if (unset(accept->code) || strcmp(accept->code, finding->code) != 0) {
        return false;
    }
    /* a finding of the whole project has no object: "*" and "" cover it */
    if (!unset(accept->object) && strcmp(accept->object, "*") != 0 &&
        !object_matches(accept->object, finding->object)) {
        return false;
    }
    if (!unset(accept->overlay) &&
        (finding->overlay == NULL || !glob(accept->overlay, finding->overlay))) {
        return false;
    }
    if (!unset(accept->path) && !glob(accept->path, finding->path)) {
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

int sg_plan_accept_parse(const char *text, struct sg_arena *arena,
                         struct sg_plan_accept *out, struct sg_err *err) {
    memset(out, 0, sizeof(*out));
    const char *colon = strchr(text, ':');
    if (colon == NULL || !is_code(text, (size_t)(colon - text))) {
        return refuse(text, "it does not begin with a code such as SG202 and a ':'", err);
    }
    /* a '=' inside brackets belongs to a path such as args[--a=b] */
    int depth = 0;
    const char *equals = colon + 1, *second = NULL;
    for (; *equals != '\0' && (*equals != '=' || depth > 0); equals++) {
        depth += *equals == '[';
        depth -= *equals == ']' && depth > 0;
        if (*equals == ':' && second == NULL) {
            second = equals;
        }
    }
    if (*equals == '\0' || equals[1] == '\0') {
        return refuse(text, "the reason is missing", err);
    }
    const char *object_end = second != NULL ? second : equals;
    if (object_end == colon + 1) {
        return refuse(text, "the object is missing", err);
    }
    out->code = sg_arena_strndup(arena, text, (size_t)(colon - text));
    out->object = sg_arena_strndup(arena, colon + 1, (size_t)(object_end - colon) - 1);
    if (second != NULL) {
        out->path = sg_arena_strndup(arena, second + 1, (size_t)(equals - second) - 1);
    }
    out->reason = sg_arena_strdup(arena, equals + 1);
    return 0;
}
