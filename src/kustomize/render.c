/* render.c - one build from its folder to the list of objects; see sg/kustomize.h. */
#include "accumulate.h"
#include "generator.h"
#include "metadata.h"
#include "nameref.h"
#include "openapi.h"
#include "order.h"
#include "sg/yaml.h"

#include <string.h>

void sg_render_init(struct sg_render *render, struct sg_atoms *atoms) {
    *render = (struct sg_render){0};
    sg_docs_init(&render->docs, atoms);
}

void sg_render_release(struct sg_render *render) {
    sg_docs_release(&render->docs);
    sg_vec_release(&render->items);
}

struct sg_resid sg_resource_id(const struct sg_render *render,
                               const struct sg_resource *res) {
    (void)render;
    return res->state->cur;
}

/* Takes out the objects that are only configuration for programs that build. kustomize
 * reads each object's metadata for this, and so finds a patch that took name or kind. */
static int drop_local(struct sg_kustomize *k, struct sg_resmap *map, struct sg_err *err) {
    size_t kept = 0;
    for (size_t i = 0; i < map->items.len; i++) {
        struct sg_resource *res = map->items.items[i];
        if (sg_object_check(k, res->node, err) != 0) {
            return sg_err_locate(err, sg_docs_pos(k->set, res->loc));
        }
        const struct sg_node *mark = sg_map_gets(sg_resource_annotations(res),
                                                 "config.kubernetes.io/local-config");
        const char *text = sg_text(mark);
        if (mark == NULL || (text != NULL && strcmp(text, "false") == 0)) {
            map->items.items[kept++] = res;
        } else {
            res->state->holder = NULL;
        }
    }
    map->items.len = kept;
    return 0;
}

/* Everything that happens once, at the root. */
static int finish(struct sg_kustomize *k, const struct sg_target *target,
                  struct sg_accumulator *acc, struct sg_err *err) {
    struct sg_step step = {.kind = SG_STEP_REFERENCES,
                           .name = "names",
                           .kustomization = target->kz->file,
                           .file = target->kz->file};
    if (k->trace != NULL) {
        (void)sg_trace_step(k->trace, &step);
    }
    if (sg_add_hashes(k, &acc->map, err) != 0 ||
        sg_fix_references(k, &acc->map, &acc->tables->name_reference, err) != 0) {
        return -1;
    }
    step.kind = SG_STEP_REPLACE;
    step.name = "vars";
    if (k->trace != NULL && acc->vars.items.len > 0) {
        (void)sg_trace_step(k->trace, &step);
    }
    if (sg_vars_resolve(k, &acc->vars, &acc->map, acc->tables->var_reference, err) != 0) {
        return -1;
    }
    /* kustomize adds what is left to an empty set, which finds ids that became equal */
    if (drop_local(k, &acc->map, err) != 0 ||
        sg_resmap_check_unique(k, &acc->map, err) != 0 ||
        sg_sort_resources(k, &acc->map, &target->kz->sort, err) != 0) {
        return -1;
    }
    if (sg_write_metadata(k, &acc->map, target->kz, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < acc->map.items.len; i++) {
        struct sg_resource *res = acc->map.items.items[i];
        if (sg_annotations_finish(k, target->kz, res, err) != 0 ||
            sg_resource_misfits(k, res, err)) {
            return -1;
        }
    }
    return 0;
}

static int render_root(struct sg_kustomize *k, struct sg_render *out,
                       struct sg_err *err) {
    static const struct sg_origin here = {"", "", "", "", "", "", "", ""};
    struct sg_target target = {.loader = sg_loader_first(k, err)};
    if (target.loader == NULL) {
        return -1;
    }
    target.kz = sg_kustomization_load(k, target.loader, err);
    if (target.kz == NULL || sg_openapi_use(k, target.loader, target.kz, err) != 0) {
        return -1;
    }
    target.origin = target.kz->has_metadata ? &here : NULL;
    sg_auto_accumulator acc = {0};
    if (sg_accumulate(k, &target, &acc, err) != 0 || finish(k, &target, &acc, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < acc.map.items.len; i++) {
        sg_vec_push(&out->items, acc.map.items.items[i]);
    }
    out->opaque = k->opaque;
    return 0;
}

int sg_render(const struct sg_render_opts *opts, struct sg_render *out,
              struct sg_err *err) {
    struct sg_kustomize k = {
        .opts = opts,
        .set = &out->docs,
        .atoms = out->docs.atoms,
        .trace = opts->trace,
        .diag = opts->diag,
    };
    k.empty = sg_atom_of(k.atoms, "");
    k.default_ns = sg_atom_of(k.atoms, "default");
    k.no_ns = sg_atom_of(k.atoms, "_non_namespaceable_");
    if (k.trace != NULL) {
        k.trace->arena = &out->docs.arena;
    }
    int status = render_root(&k, out, err);
    if (status == 0 && k.late.code != SG_OK) {
        *err = k.late;
        status = -1;
    }
    sg_strmap_release(&k.scopes);
    sg_openapi_free(k.openapi);
    for (size_t i = 0; i < k.mounts.len; i++) {
        sg_fs_free(k.mounts.items[i]);
    }
    sg_vec_release(&k.mounts);
    return status;
}

int sg_render_write(const struct sg_render *render, struct sg_buf *out,
                    struct sg_err *err) {
    for (size_t i = 0; i < render->items.len; i++) {
        const struct sg_resource *res = render->items.items[i];
        if (i > 0) {
            sg_buf_adds(out, "---\n");
        }
        if (sg_yaml_write(&render->docs, res->node, out, err) != 0) {
            (void)sg_err_wrap(err, "%s %s", res->state->cur.kind->text,
                              res->state->cur.name->text);
            return sg_err_locate(err, sg_docs_pos(&render->docs, res->loc));
        }
    }
    if (out->over) {
        return sg_fail(err, SG_E_LIMIT, "the output is over %zu MiB", SG_BUF_MAX >> 20);
    }
    return 0;
}
