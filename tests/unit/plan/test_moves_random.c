/*
 * Random patches, in the shapes that people write: what the patch makes of the old
 * object, converted by the code below, is what the moved patch makes of the new one. No
 * comment is lost, and a patch that stands inside a kustomization comes out alike.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "moves_run.h"
#include "sg/patch.h"
#include "sg/process.h"

/* --- random text --- */

struct writer {
    uint32_t seed;
    struct sg_buf out;
    unsigned indent, comments;
    bool crlf, json;
};

static uint32_t dice(struct writer *w, uint32_t sides) {
    w->seed ^= w->seed << 13;
    w->seed ^= w->seed >> 17;
    w->seed ^= w->seed << 5;
    return w->seed % sides;
}

static void end_line(struct writer *w) {
    if (!w->json && dice(w, 5) == 0) {
        sg_buf_addf(&w->out, " # c%u", w->comments++);
    }
    sg_buf_adds(&w->out, w->crlf ? "\r\n" : "\n");
}

static void put_scalar(struct writer *w, const struct sg_node *node) {
    bool text = sg_scalar_type(node) == SG_TAG_STR;
    const char *quote = !text                      ? ""
                        : w->json                  ? "\""
                        : node->style == SG_DOUBLE ? "\""
                                                   : "";
    if (text && !w->json && *quote == '\0') {
        quote = dice(w, 4) == 0 ? "'" : "";
    }
    sg_buf_addf(&w->out, "%s%s%s", quote, node->text, quote);
}

static void put_key(struct writer *w, const char *key) {
    const char *quote = w->json ? "\"" : dice(w, 8) == 0 ? "\"" : "";
    sg_buf_addf(&w->out, "%s%s%s:", quote, key, quote);
}

static void put_flow(struct writer *w, const struct sg_node *node) {
    if (sg_is_scalar(node)) {
        put_scalar(w, node);
        return;
    }
    sg_buf_adds(&w->out, sg_is_map(node) ? "{" : "[");
    for (uint32_t i = 0; i < node->len; i++) {
        sg_buf_adds(&w->out, i > 0 ? ", " : "");
        if (sg_is_map(node)) {
            put_key(w, node->entries[i].key->text);
            sg_buf_adds(&w->out, " ");
            put_flow(w, node->entries[i].value);
        } else {
            put_flow(w, node->items[i]);
        }
    }
    sg_buf_adds(&w->out, sg_is_map(node) ? "}" : "]");
}

static void spaces(struct writer *w, unsigned count) {
    sg_buf_addf(&w->out, "%*s", (int)count, "");
}

static void put_block(struct writer *w, const struct sg_node *node, unsigned col,
                      bool first_here);

/* What follows "key:" or "-". */
static void put_value(struct writer *w, const struct sg_node *node, unsigned col) {
    if (sg_is_scalar(node) || node->len == 0 || dice(w, 6) == 0) {
        sg_buf_adds(&w->out, " ");
        put_flow(w, node);
        end_line(w);
        return;
    }
    end_line(w);
    bool flush = sg_is_seq(node) && dice(w, 2) == 0;
    put_block(w, node, flush ? col : col + w->indent, false);
}

static void put_block(struct writer *w, const struct sg_node *node, unsigned col,
                      bool first_here) {
    for (uint32_t i = 0; i < node->len; i++) {
        if (!(first_here && i == 0)) {
            if (dice(w, 8) == 0) {
                spaces(w, col);
                sg_buf_addf(&w->out, "# c%u%s", w->comments++, w->crlf ? "\r\n" : "\n");
            }
            spaces(w, col);
        }
        if (sg_is_map(node)) {
            put_key(w, node->entries[i].key->text);
            put_value(w, node->entries[i].value, col);
        } else if (sg_is_map(node->items[i]) && node->items[i]->len > 0) {
            sg_buf_adds(&w->out, "- ");
            put_block(w, node->items[i], col + 2, true);
        } else {
            sg_buf_adds(&w->out, "-");
            put_value(w, node->items[i], col);
        }
    }
}

/* Drops entries by chance and changes the order of the rest; `keep` says what stays. */
static void thin(struct writer *w, struct sg_docs *set, struct sg_node *node,
                 bool (*keep)(const char *key)) {
    for (uint32_t i = 0; sg_is_map(node) && i < node->len;) {
        const char *key = node->entries[i].key->text;
        if (!keep(key) && dice(w, 3) == 0) {
            sg_map_remove(node, node->entries[i].key);
            continue;
        }
        thin(w, set, node->entries[i].value, keep);
        i++;
    }
    for (uint32_t i = 1; sg_is_map(node) && i < node->len; i++) {
        uint32_t other = dice(w, i + 1);
        struct sg_entry entry = node->entries[i];
        node->entries[i] = node->entries[other];
        node->entries[other] = entry;
    }
    if (sg_is_map(node)) {
        sg_map_reordered(set, node);
    }
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        thin(w, set, node->items[i], keep);
    }
}

/* --- conversions, by hand --- */

static void rename_key(struct moves_run *run, struct sg_node *map, const char *from,
                       const char *to) {
    struct sg_err err = {0};
    struct sg_node *value = sg_map_gets(map, from);
    if (value == NULL) {
        return;
    }
    sg_map_remove(map, sg_atom_intern(run->atoms, from, strlen(from), &err));
    sg_map_put(&run->set, map, sg_atom_intern(run->atoms, to, strlen(to), &err), value);
}

static struct sg_node *map_in(struct moves_run *run, struct sg_node *map,
                              const char *key) {
    struct sg_err err = {0};
    return sg_map_ensure(&run->set, map,
                         sg_atom_intern(run->atoms, key, strlen(key), &err));
}

/* Puts what is under `key` at a/b, with a `type` beside it where one is given. */
static void deepen(struct moves_run *run, struct sg_node *map, const char *key,
                   const char *a, const char *b, const char *type) {
    struct sg_err err = {0};
    struct sg_node *value = sg_map_gets(map, key);
    if (value == NULL) {
        return;
    }
    sg_map_remove(map, sg_atom_intern(run->atoms, key, strlen(key), &err));
    struct sg_node *inner = map_in(run, map, a);
    sg_map_put(&run->set, inner, sg_atom_intern(run->atoms, b, strlen(b), &err), value);
    if (type != NULL) {
        sg_map_put(&run->set, inner, sg_atom_intern(run->atoms, "type", 4, &err),
                   sg_str_new(&run->set, type));
    }
}

static void drop_key(struct moves_run *run, struct sg_node *map, const char *key) {
    struct sg_err err = {0};
    if (sg_is_map(map)) {
        sg_map_remove(map, sg_atom_intern(run->atoms, key, strlen(key), &err));
    }
}

static void set_identity(struct moves_run *run, struct sg_node *object,
                         const struct moves_change *change) {
    sg_map_put(&run->set, object, SG_ATOM(apiVersion),
               sg_str_new(&run->set, change->new_api));
    sg_map_put(&run->set, object, SG_ATOM(kind), sg_str_new(&run->set, change->new_kind));
}

static void convert_backend(struct moves_run *run, struct sg_node *backend) {
    struct sg_node *port = sg_map_gets(backend, "servicePort");
    bool number = port != NULL && sg_scalar_type(port) == SG_TAG_INT;
    deepen(run, backend, "serviceName", "service", "name", NULL);
    if (port != NULL) {
        deepen(run, map_in(run, backend, "service"), "", "", "", NULL);
        rename_key(run, backend, "servicePort", "port");
        deepen(run, backend, "port", "service", "port", NULL);
        struct sg_node *service = sg_map_gets(backend, "service");
        deepen(run, service, "port", "port2", number ? "number" : "name", NULL);
        rename_key(run, service, "port2", "port");
    }
}

static void convert_ingress(struct moves_run *run, struct sg_node *spec) {
    rename_key(run, spec, "backend", "defaultBackend");
    convert_backend(run, sg_map_gets(spec, "defaultBackend"));
    struct sg_node *rules = sg_map_gets(spec, "rules");
    for (uint32_t i = 0; sg_is_seq(rules) && i < rules->len; i++) {
        struct sg_node *paths =
            sg_map_gets(sg_map_gets(rules->items[i], "http"), "paths");
        for (uint32_t k = 0; sg_is_seq(paths) && k < paths->len; k++) {
            struct sg_err err = {0};
            struct sg_node *item = paths->items[k];
            convert_backend(run, sg_map_gets(item, "backend"));
            if (sg_map_gets(item, "pathType") == NULL) {
                sg_map_put(&run->set, item,
                           sg_atom_intern(run->atoms, "pathType", 8, &err),
                           sg_str_new(&run->set, "ImplementationSpecific"));
            }
        }
    }
}

static void convert_autoscaler(struct moves_run *run, struct sg_node *spec) {
    struct sg_node *metrics = sg_map_gets(spec, "metrics");
    for (uint32_t i = 0; sg_is_seq(metrics) && i < metrics->len; i++) {
        struct sg_node *resource = sg_map_gets(metrics->items[i], "resource");
        struct sg_node *pods = sg_map_gets(metrics->items[i], "pods");
        struct sg_node *external = sg_map_gets(metrics->items[i], "external");
        struct sg_node *object = sg_map_gets(metrics->items[i], "object");
        deepen(run, resource, "targetAverageUtilization", "target", "averageUtilization",
               "Utilization");
        deepen(run, resource, "targetAverageValue", "target", "averageValue",
               "AverageValue");
        deepen(run, pods, "metricName", "metric", "name", NULL);
        deepen(run, pods, "selector", "metric", "selector", NULL);
        deepen(run, pods, "targetAverageValue", "target", "averageValue", "AverageValue");
        deepen(run, external, "metricName", "metric", "name", NULL);
        deepen(run, external, "metricSelector", "metric", "selector", NULL);
        deepen(run, external, "targetValue", "target", "value", "Value");
        rename_key(run, object, "target", "describedObject");
        deepen(run, object, "metricName", "metric", "name", NULL);
        deepen(run, object, "targetValue", "target", "value", "Value");
    }
}

/* Drops the map under `key` where nothing is left of the `before` entries it had. */
static bool drop_emptied(struct moves_run *run, struct sg_node *map, const char *key,
                         uint32_t before) {
    const struct sg_node *value = sg_map_gets(map, key);
    bool emptied = sg_is_map(value) && value->len == 0 && before > 0;
    if (emptied) {
        drop_key(run, map, key);
    }
    return emptied;
}

static void convert_workload(struct moves_run *run, struct sg_node *spec) {
    rename_key(run, spec, "strategy", "updateStrategy");
    struct sg_node *strategy = sg_map_gets(spec, "updateStrategy");
    struct sg_node *rolling = sg_map_gets(strategy, "rollingUpdate");
    uint32_t had = rolling != NULL ? rolling->len : 0;
    drop_key(run, rolling, "maxSurge");
    drop_key(run, rolling, "maxUnavailable");
    if (drop_emptied(run, strategy, "rollingUpdate", had)) {
        (void)drop_emptied(run, spec, "updateStrategy", 1);
    }
    drop_key(run, spec, "paused");
    drop_key(run, spec, "progressDeadlineSeconds");
}

/* --- what is tried --- */

struct kind {
    struct moves_change change;
    void (*convert)(struct moves_run *run, struct sg_node *spec);
    bool (*keep)(const char *key);
    const char *base; /* complete, of the old API */
    const char *spec; /* of which patches have a part */
    bool retires;     /* comments may go with what is retired */
};

static bool keep_in_list(const char *key) {
    static const char *const keys[] = {"metadata", "name", "type",    "paths",
                                       "http",     "spec", "backend", "metrics"};
    for (size_t i = 0; i < SG_ARRAY_LEN(keys); i++) {
        if (strcmp(keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

#define HEAD(api, kind) "apiVersion: " api "\nkind: " kind "\nmetadata: {name: x}\n"
#define POD                                                                              \
    "  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: "     \
    "i}]}}\n"

static const struct kind kinds[] = {
    {.change = {"extensions/v1beta1", "Ingress", "networking.k8s.io/v1", "Ingress"},
     .convert = convert_ingress,
     .keep = keep_in_list,
     .base = HEAD("extensions/v1beta1",
                  "Ingress") "spec:\n"
                             "  backend: {serviceName: all, servicePort: 1}\n"
                             "  rules: [{http: {paths: [{path: /, backend: {serviceName: "
                             "a, servicePort: 2}}]}}]\n",
     .spec = "{ingressClassName: n, backend: {serviceName: b, servicePort: 80}, tls: "
             "[{hosts: "
             "[h], secretName: s}], rules: [{host: h, http: {paths: [{path: /a, backend: "
             "{serviceName: c, servicePort: http}}, {path: /b, pathType: Exact, backend: "
             "{servicePort: 3, serviceName: d}}, {backend: {serviceName: e, servicePort: "
             "4}}]}}]}"},
    {.change = {"networking.k8s.io/v1beta1", "Ingress", "networking.k8s.io/v1",
                "Ingress"},
     .convert = convert_ingress,
     .keep = keep_in_list,
     .base = HEAD("networking.k8s.io/v1beta1",
                  "Ingress") "spec:\n"
                             "  backend: {serviceName: all, servicePort: 1}\n",
     .spec = "{backend: {servicePort: http, serviceName: b}, rules: [{http: {paths: "
             "[{backend: "
             "{servicePort: 80, serviceName: c}}]}}]}"},
    {.change = {"autoscaling/v2beta1", "HorizontalPodAutoscaler", "autoscaling/v2",
                "HorizontalPodAutoscaler"},
     .convert = convert_autoscaler,
     .keep = keep_in_list,
     .base =
         HEAD("autoscaling/v2beta1",
              "HorizontalPodAutoscaler") "spec:\n"
                                         "  maxReplicas: 2\n"
                                         "  scaleTargetRef: {kind: Deployment, name: x}\n"
                                         "  metrics: [{type: Resource, resource: {name: "
                                         "cpu, targetAverageUtilization: 9}}]\n",
     .spec =
         "{minReplicas: 1, maxReplicas: 9, metrics: [{type: Resource, resource: {name: "
         "cpu, "
         "targetAverageUtilization: 50}}, {type: Resource, resource: {name: memory, "
         "targetAverageValue: 1Gi}}, {type: Pods, pods: {metricName: m, selector: "
         "{matchLabels: {a: b, c: d}}, targetAverageValue: 10}}, {type: External, "
         "external: "
         "{metricName: q, metricSelector: {matchLabels: {a: b}}, targetValue: 3}}, "
         "{type: "
         "Object, object: {target: {kind: Service, name: s}, metricName: o, targetValue: "
         "4}}]}"},
    {.change = {"apps/v1", "Deployment", "apps/v1", "StatefulSet"},
     .convert = convert_workload,
     .keep = keep_in_list,
     .base = HEAD("apps/v1", "Deployment") "spec:\n  replicas: 1\n" POD,
     .spec =
         "{replicas: 3, paused: true, progressDeadlineSeconds: 3, minReadySeconds: 2, "
         "strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 2}, type: "
         "RollingUpdate}, "
         "template: {spec: {serviceAccountName: z, containers: [{name: c, image: j}]}}}",
     .retires = true},
};

/* A random part of the kind's spec as a patch, as text. */
static void make_patch(struct writer *w, struct moves_run *run, const struct kind *kind) {
    struct sg_node *spec = moves_read(run, kind->spec, NULL);
    thin(w, &run->set, spec, kind->keep);
    w->json = dice(w, 8) == 0;
    w->crlf = !w->json && dice(w, 4) == 0;
    w->indent = dice(w, 3) == 0 ? 4 : 2;
    struct sg_node *root = sg_map_new(&run->set);
    struct moves_change from = {NULL, NULL, kind->change.old_api, kind->change.old_kind};
    set_identity(run, root, &from);
    struct sg_node *meta = sg_map_ensure(&run->set, root, SG_ATOM(metadata));
    sg_map_put(&run->set, meta, SG_ATOM(name), sg_str_new(&run->set, "x"));
    sg_map_put(&run->set, root, SG_ATOM(spec), spec);
    if (w->json) {
        put_flow(w, root);
    } else {
        put_block(w, root, 0, false);
    }
}

static struct sg_node *merged(struct moves_run *run, struct sg_node *base,
                              const char *patch) {
    static const struct sg_yaml_opts first = {.repeat = SG_REPEAT_FIRST};
    struct sg_err err = {0};
    struct sg_patch_ctx ctx = {.set = &run->set};
    struct sg_node *object = sg_node_clone(&run->set, base);
    if (sg_patch_strategic(&ctx, &object, moves_read(run, patch, &first), &err) != 0) {
        fail_msg("%s\n%s", err.text, patch);
    }
    return object;
}

static unsigned count_comments(const char *text) {
    unsigned n = 0;
    for (const char *at = text; (at = strstr(at, "# c")) != NULL; at++) {
        n++;
    }
    return n;
}

static void show(const struct moves_run *run, const char *in, const struct sg_node *want,
                 const struct sg_node *got) {
    sg_auto_buf a = SG_BUF_INIT, b = SG_BUF_INIT;
    sg_yaml_inline(want, &a);
    if (got != NULL) {
        sg_yaml_inline(got, &b);
    }
    fail_msg("%s\n---\n%s\nwant %s\ngot  %s", in, sg_buf_cstr(&run->text),
             sg_buf_cstr(&a), sg_buf_cstr(&b));
}

/* The same patch inside a kustomization. */
static void check_embedded(struct moves_run *run, const char *text) {
    static const struct sg_yaml_opts opts = {.yaml11 = true, .edit = true};
    sg_auto_buf outer = SG_BUF_INIT, after = SG_BUF_INIT;
    sg_buf_adds(&outer, "patch: |\n  ");
    for (const char *at = text; *at != '\0'; at++) {
        sg_buf_addc(&outer, *at);
        sg_buf_adds(&outer, *at == '\n' && at[1] != '\0' ? "  " : "");
    }
    sg_buf_adds(&outer, "z: 1\n");
    sg_auto_yaml_embed embed = {0};
    struct sg_splices splices = {0};
    const struct sg_node *scalar =
        sg_map_gets(moves_read(run, sg_buf_cstr(&outer), &opts), "patch");
    assert_string_equal(scalar->text, text);
    assert_true(sg_yaml_embed_init(&run->set, scalar, &embed));
    assert_true(sg_yaml_embed_splices(&embed, &run->out.splices, &splices));
    sg_splices_apply(&splices, (struct sg_str){outer.ptr, outer.len}, &after);
    scalar = sg_map_gets(moves_read(run, sg_buf_cstr(&after), NULL), "patch");
    assert_string_equal(scalar->text, sg_buf_cstr(&run->text));
    sg_splices_release(&splices);
}

/* A patch and the object in the new base. */
struct trial {
    struct writer w;
    struct moves_run made; /* owns what was made on the way */
    struct sg_buf now;
};

static void trial_make(struct trial *trial, const struct kind *kind, uint32_t seed) {
    *trial = (struct trial){.w.seed = seed * 2654435761U + 1};
    struct moves_run *made = &trial->made;
    made->atoms = sg_atoms_new();
    sg_docs_init(&made->set, made->atoms);
    make_patch(&trial->w, made, kind);
    struct sg_node *now = moves_read(made, kind->base, NULL);
    set_identity(made, now, &kind->change);
    kind->convert(made, sg_map_gets(now, "spec"));
    struct sg_err err = {0};
    assert_int_equal(sg_yaml_write(&made->set, now, &trial->now, &err), 0);
}

static void trial_release(struct trial *trial) {
    sg_buf_release(&trial->w.out);
    sg_buf_release(&trial->now);
    moves_run_release(&trial->made);
}

static void try_once(const struct kind *kind, uint32_t seed) {
    struct moves_run run;
    struct trial trial;
    trial_make(&trial, kind, seed);
    const struct writer *w = &trial.w;
    const char *text = sg_buf_cstr(&w->out), *now = sg_buf_cstr(&trial.now);
    moves_run(&run, kind->change, text, now);
    if (!run.ok) {
        fail_msg("%s\n%s", run.out.why, text);
    }
    struct sg_node *want = merged(&run, moves_read(&run, kind->base, NULL), text);
    set_identity(&run, want, &kind->change);
    kind->convert(&run, sg_map_gets(want, "spec"));
    struct sg_node *got =
        merged(&run, moves_read(&run, now, NULL), sg_buf_cstr(&run.text));
    if (!sg_node_equal(want, got)) {
        show(&run, text, want, got);
    }
    if (!kind->retires) {
        assert_int_equal(count_comments(sg_buf_cstr(&run.text)), w->comments);
        assert_int_equal(run.out.left.len, 0);
    }
    if (!w->crlf && !w->json) {
        check_embedded(&run, text);
    }
    moves_run_release(&run);
    trial_release(&trial);
}

static void patches_say_the_same(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(kinds); i++) {
        for (uint32_t seed = 0; seed < 1000; seed++) {
            try_once(&kinds[i], seed);
        }
    }
}

/* --- the oracle: kustomize itself renders alike ------------------------------------ */

/* The program, or NULL: Debian's build does not know its version, so the environment says
 * that this is 5.8.1. */
static const char *oracle(void) {
    const char *program = getenv("KUSTOMIZE");
    return program != NULL && program[0] != '\0' ? program : NULL;
}

static void write_file(const char *folder, const char *name, const char *text) {
    sg_auto_cstr path = sg_xasprintf("%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* What kustomize makes of a base and a patch, as a node of the run; NULL: it refuses. */
static struct sg_node *rendered(struct moves_run *run, const char *program,
                                const char *base, const char *patch) {
    const char *folder = SG_TEST_TMP "/moves";
    const char *const argv[] = {program, "build", folder, NULL};
    sg_auto_buf out = SG_BUF_INIT;
    struct sg_process process = {.argv = argv, .out = &out};
    struct sg_err err = {0};
    int status;
    (void)mkdir(folder, 0700);
    write_file(folder, "base.yaml", base);
    write_file(folder, "patch.yaml", patch);
    write_file(folder, "kustomization.yaml",
               "resources: [base.yaml]\npatches: [{path: patch.yaml}]\n");
    assert_int_equal(sg_process_run(&process, &status, &err), 0);
    return status == 0 ? moves_read(run, sg_buf_cstr(&out), NULL) : NULL;
}

/* False where kustomize cannot read the patch as it was: a comment after the key that
 * begins a list's item is such a text. */
static bool try_oracle(const char *program, const struct kind *kind, uint32_t seed) {
    struct moves_run run;
    struct trial trial;
    trial_make(&trial, kind, seed);
    const char *text = sg_buf_cstr(&trial.w.out), *now = sg_buf_cstr(&trial.now);
    moves_run(&run, kind->change, text, now);
    assert_true(run.ok);
    struct sg_node *want = rendered(&run, program, kind->base, text);
    if (want != NULL) {
        set_identity(&run, want, &kind->change);
        kind->convert(&run, sg_map_gets(want, "spec"));
        struct sg_node *got = rendered(&run, program, now, sg_buf_cstr(&run.text));
        if (got == NULL || !sg_node_equal(want, got)) {
            show(&run, text, want, got);
        }
    }
    moves_run_release(&run);
    trial_release(&trial);
    return want != NULL;
}

static void kustomize_renders_the_same(void **state) {
    (void)state;
    const char *program = oracle();
    if (program == NULL) {
        print_message("skipped: $KUSTOMIZE names no kustomize 5.8.1\n");
        skip();
    }
    unsigned compared = 0, tried = 0;
    for (size_t i = 0; i < SG_ARRAY_LEN(kinds); i++) {
        for (uint32_t seed = 5000; seed < 5006; seed++, tried++) {
            compared += try_oracle(program, &kinds[i], seed) ? 1 : 0;
        }
    }
    print_message("%u of %u patches compared\n", compared, tried);
    assert_true(compared * 4 > tried * 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patches_say_the_same),
        cmocka_unit_test(kustomize_renders_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
