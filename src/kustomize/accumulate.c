/* accumulate.c - see accumulate.h. */
#include "accumulate.h"

#include "generator.h"
#include "metadata.h"
#include "openapi.h"
#include "plugin.h"
#include "sg/strict.h"
#include "sg/yaml.h"

#include <string.h>

void sg_accumulator_release(struct sg_accumulator *acc) {
    sg_resmap_release(&acc->map);
    sg_vars_release(&acc->vars);
}

/* --- resources ---------------------------------------------------------------------- */

static int load_file(struct sg_kustomize *k, const struct sg_target *target,
                     const char *name, const struct sg_text_at *path, uint32_t item,
                     struct sg_accumulator *acc, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_auto_nodes nodes = {0};
    const char *file = NULL;
    if (sg_loader_read(k, target->loader, path->text, path->loc, &text, &file, err) !=
        0) {
        return -1;
    }
    k->file = file;
    bool keep = sg_step_begin(k, SG_STEP_LOAD, name, path->loc, item);
    k->file = NULL;
    if (!keep) {
        return 0;
    }
    if (sg_objects_read(k, sg_loader_shown(k, target->loader, file), sg_buf_cstr(&text),
                        text.len, &nodes, err) != 0) {
        return -1;
    }
    sg_step_matched(k, (uint32_t)nodes.items.len);
    for (size_t i = 0; i < nodes.items.len; i++) {
        struct sg_resource *res = sg_resource_new(k, nodes.items.items[i], file);
        res->state->origin = sg_origin_file(k, target, path->text);
        if (sg_resmap_append(k, &acc->map, res, err) != 0) {
            return -1;
        }
        sg_k_wrote(k, res, NULL, SG_OP_SET, NULL, res->node, res->loc);
    }
    return 0;
}

/* Merges, also into nothing yet. Then a list is compared with itself, in the order of
 * kinds: a spec for every kind comes after those of one kind, and is dropped or a
 * conflict where it repeats one. The built-in tables alone are known to repeat nothing.
 */
static int merge_tables(struct sg_kustomize *k, const struct sg_tables **tables,
                        const struct sg_tables *more, struct sg_err *err) {
    static const struct sg_tables none = {0};
    if (more == NULL) {
        return -1;
    }
    *tables = *tables == NULL && more == sg_tables_default(k)
                  ? more
                  : sg_tables_merge(k, *tables != NULL ? *tables : &none, more, err);
    return *tables == NULL ? -1 : 0;
}

static int merge_accumulator(struct sg_kustomize *k, struct sg_accumulator *acc,
                             struct sg_accumulator *from, struct sg_err *err) {
    if (sg_resmap_append_all(k, &acc->map, &from->map, err) != 0) {
        return -1;
    }
    if (merge_tables(k, &acc->tables, from->tables, err) != 0) {
        return -1;
    }
    return sg_vars_merge(k, &acc->vars, &from->vars, err);
}

static int check_kind(struct sg_kustomize *k, const struct sg_kustomization *kz,
                      bool component, const struct sg_text_at *path, struct sg_err *err) {
    if (kz->component == component) {
        return 0;
    }
    if (component) {
        (void)sg_k_fail(k, err, path->loc, "%s is a Kustomization; expected a Component",
                        path->text);
        return sg_err_hint(err, "list it under resources:");
    }
    (void)sg_k_fail(k, err, path->loc, "%s is a Component; expected a Kustomization",
                    path->text);
    return sg_err_hint(err, "list it under components:");
}

static int enter_folder(struct sg_kustomize *k, const struct sg_target *target,
                        const struct sg_text_at *path, bool component,
                        struct sg_accumulator *acc, struct sg_err *err) {
    struct sg_target sub = {0};
    sub.loader = sg_loader_enter(k, target->loader, path->text, path->loc, err);
    if (sub.loader == NULL) {
        return -1;
    }
    sub.kz = sg_kustomization_load(k, sub.loader, err);
    if (sub.kz == NULL) {
        return sg_err_locate(err, sg_docs_pos(k->set, path->loc));
    }
    if (check_kind(k, sub.kz, component, path, err) != 0 ||
        sg_openapi_use(k, sub.loader, sub.kz, err) != 0) {
        return -1;
    }
    sub.origin = sg_origin_folder(k, target, path->text, sub.loader);
    const char *outer = k->kustomization;
    int status;
    if (component) { /* what it made goes into an empty accumulator then */
        const struct sg_tables *tables = NULL;
        status = sg_accumulate(k, &sub, acc, err) != 0
                     ? -1
                     : merge_tables(k, &tables, acc->tables, err);
        acc->tables = tables;
    } else {
        sg_auto_accumulator own = {0};
        status = sg_accumulate(k, &sub, &own, err);
        k->kustomization = outer;
        if (status == 0) {
            status = merge_accumulator(k, acc, &own, err);
        }
    }
    k->kustomization = outer;
    return status;
}

/* A URL that may be a file or a repository: a file first, as kustomize does. */
static int load_or_enter(struct sg_kustomize *k, const struct sg_target *target,
                         const char *name, const struct sg_text_at *path, uint32_t item,
                         struct sg_accumulator *acc, struct sg_err *err) {
    struct sg_err as_file = {0}, as_repo = {0};
    size_t before = acc->map.items.len;
    if (load_file(k, target, name, path, item, acc, &as_file) == 0) {
        return 0;
    }
    if (acc->map.items.len > before) { /* it was a file, of objects that do not fit */
        *err = as_file;
        return -1;
    }
    if (enter_folder(k, target, path, false, acc, &as_repo) == 0) {
        return 0;
    }
    (void)sg_fail_at(err, as_file.code, sg_docs_pos(k->set, path->loc),
                     "%s; nor is it a repository: %s", as_file.text, as_repo.text);
    return sg_err_hint(err, "%s", as_file.hint);
}

int sg_accumulate_paths(struct sg_kustomize *k, const struct sg_target *target,
                        const char *name, const struct sg_texts *paths,
                        struct sg_accumulator *acc, struct sg_err *err) {
    for (size_t i = 0; i < paths->len; i++) {
        const struct sg_text_at *path = &paths->items[i];
        enum sg_fs_type type;
        if (sg_loader_type(k, target->loader, path->text, path->loc, &type, err) != 0) {
            return -1;
        }
        enum sg_remote_form form =
            type == SG_FS_NONE ? sg_loader_remote(path->text) : SG_REMOTE_NONE;
        int status = type == SG_FS_DIR || form == SG_REMOTE_REPO
                         ? enter_folder(k, target, path, false, acc, err)
                     : form == SG_REMOTE_MAYBE
                         ? load_or_enter(k, target, name, path, (uint32_t)i, acc, err)
                         : load_file(k, target, name, path, (uint32_t)i, acc, err);
        if (status != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- configuration ------------------------------------------------------------------ */

const struct sg_node *sg_read_config(struct sg_kustomize *k,
                                     const struct sg_loader *loader,
                                     const struct sg_text_at *path, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    const char *file = NULL;
    if (sg_loader_read(k, loader, path->text, path->loc, &text, &file, err) != 0) {
        return NULL;
    }
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .yaml11 = true};
    sg_auto_yaml_docs docs = {0};
    if (sg_yaml_read(k->set, sg_loader_shown(k, loader, file), sg_buf_cstr(&text),
                     text.len, &opts, &docs, err) != 0) {
        return NULL;
    }
    return docs.roots.len > 0 ? docs.roots.items[0] : sg_null_new(k->set);
}

/* What the files of one list say, in order; NULL at first and without files. */
static int read_tables(struct sg_kustomize *k, const struct sg_target *target,
                       const struct sg_texts *paths,
                       const struct sg_tables *(*read)(struct sg_kustomize *,
                                                       const struct sg_node *,
                                                       struct sg_err *),
                       const struct sg_tables **tables, struct sg_err *err) {
    for (size_t i = 0; i < paths->len; i++) {
        const struct sg_node *node =
            sg_read_config(k, target->loader, &paths->items[i], err);
        if (node == NULL || merge_tables(k, tables, read(k, node, err), err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* kustomize merges the files with each other, then into the built-in tables, and that
 * into what the bases brought. */
static int configure(struct sg_kustomize *k, const struct sg_target *target,
                     struct sg_accumulator *acc, struct sg_err *err) {
    const struct sg_tables *all = sg_tables_default(k), *own = NULL, *types = NULL;
    const struct sg_kustomization *kz = target->kz;
    if (read_tables(k, target, &kz->configurations, sg_tables_read, &own, err) != 0 ||
        (own != NULL && merge_tables(k, &all, own, err) != 0) ||
        merge_tables(k, &acc->tables, all, err) != 0 ||
        read_tables(k, target, &kz->crds, sg_tables_read_crd, &types, err) != 0) {
        return -1;
    }
    return types == NULL ? 0 : merge_tables(k, &acc->tables, types, err);
}

/* --- generators --------------------------------------------------------------------- */

static int run_generators(struct sg_kustomize *k, const struct sg_target *target,
                          struct sg_accumulator *acc, struct sg_err *err) {
    const struct sg_kustomization *kz = target->kz;
    const struct {
        const char *name, *kind, *plugin;
        const struct sg_generator_args *args;
        size_t len;
    } lists[] = {
        {"configMapGenerator", "ConfigMap", "ConfigMapGenerator", kz->config_maps,
         kz->config_maps_len},
        {"secretGenerator", "Secret", "SecretGenerator", kz->secrets, kz->secrets_len},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(lists); i++) {
        for (size_t j = 0; j < lists[i].len; j++) {
            const struct sg_generator_args *args = &lists[i].args[j];
            if (!sg_step_begin(k, SG_STEP_GENERATE, lists[i].name, args->loc,
                               (uint32_t)j)) {
                continue;
            }
            struct sg_resource *res = sg_generate(k, target->loader, lists[i].kind, args,
                                                  &kz->generator_options, err);
            if (res == NULL) {
                return -1;
            }
            res->state->origin = sg_origin_builtin(k, target, lists[i].plugin);
            if (sg_absorb_one(k, &acc->map, res, err) != 0) {
                return -1;
            }
        }
    }
    return sg_plugin_generators(k, target, acc, err);
}

static int refuse_helm(struct sg_kustomize *k, const struct sg_kustomization *kz,
                       struct sg_err *err) {
    if (kz->helm_loc == 0) {
        return 0;
    }
    if (k->opts->lenient) {
        k->opaque = true;
        sg_k_warn(k, "SG405", "opaque", kz->helm_loc,
                  "helmCharts is not run: its objects are missing");
        return 0;
    }
    (void)sg_k_fail(k, err, kz->helm_loc,
                    "helmCharts runs another program, which we do not do");
    return sg_err_hint(
        err, "render the chart with `helm template` into a file and list that as a "
             "resource");
}

int sg_accumulate(struct sg_kustomize *k, const struct sg_target *target,
                  struct sg_accumulator *acc, struct sg_err *err) {
    const struct sg_kustomization *kz = target->kz;
    k->kustomization = kz->file;
    k->file = NULL;
    if (sg_accumulate_paths(k, target, "resources", &kz->resources, acc, err) != 0) {
        return -1;
    }
    k->kustomization = kz->file;
    if (configure(k, target, acc, err) != 0 || refuse_helm(k, kz, err) != 0 ||
        run_generators(k, target, acc, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < kz->components.len; i++) {
        if (enter_folder(k, target, &kz->components.items[i], true, acc, err) != 0) {
            return -1;
        }
    }
    if (sg_run_transformers(k, target, acc, err) != 0 ||
        sg_plugin_transformers(k, target, acc, err) != 0 ||
        sg_plugin_validators(k, target, acc, err) != 0) {
        return -1;
    }
    if (k->late.code != SG_OK) {
        *err = k->late;
        return -1;
    }
    return sg_vars_add(k, &acc->vars, kz, &acc->map, err);
}
