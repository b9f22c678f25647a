/* test_tables.c - the compiled-in facts: counts that are known, samples, and
 * regeneration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tables.h"

static sg_type kind_of(enum sg_schema_set set, const char *api_version,
                       const char *kind) {
    sg_type type = sg_schema_kind(set, api_version, kind);
    assert_int_not_equal(type, 0);
    return type;
}

/* Follows field names from a kind, through lists and maps to their items. */
static struct sg_field field_at(enum sg_schema_set set, sg_type type, const char *path) {
    struct sg_field field = {0};
    char copy[256];
    char *rest = NULL;
    snprintf(copy, sizeof(copy), "%s", path);
    for (char *name = strtok_r(copy, ".", &rest); name != NULL;
         name = strtok_r(NULL, ".", &rest)) {
        if (!sg_schema_field(set, type, name, &field)) {
            fail_msg("no field %s of %s", name, path);
        }
        type = field.def;
    }
    return field;
}

/* The figures kustomize is frozen at: 41 keyed lists, 2 merged lists of plain values. */
static void merge_set_counts(void **state) {
    (void)state;
    const struct sg_schema_tables *merge = &sg_schema_sets[SG_SCHEMA_MERGE];
    size_t keyed = 0;
    size_t plain = 0;
    for (size_t i = 0; i < merge->fields_len; i++) {
        const struct sg_schema_field_row *row = &merge->fields[i];
        if (row->type == SG_FIELD_LIST && (row->flags & SG_SCHEMA_FLAG_MERGE) != 0) {
            keyed += row->keys != 0;
            plain += row->keys == 0;
        }
        if ((row->flags & SG_SCHEMA_FLAG_MERGE) == 0) {
            assert_int_equal(row->keys, 0);
        }
    }
    assert_int_equal(keyed, 41);
    assert_int_equal(plain, 2);
}

static void rows_are_sorted(void **state) {
    (void)state;
    for (int set = SG_SCHEMA_MERGE; set <= SG_SCHEMA_UNION; set++) {
        const struct sg_schema_tables *tables = &sg_schema_sets[set];
        for (size_t t = 0; t < tables->types_len; t++) {
            const struct sg_schema_type_row *type = &tables->types[t];
            for (size_t i = 1; i < type->len; i++) {
                const struct sg_schema_field_row *row = &tables->fields[type->first + i];
                assert_true(strcmp(sg_schema_strings[row[-1].name],
                                   sg_schema_strings[row->name]) < 0);
            }
        }
        for (size_t i = 0; i < tables->kinds_len; i++) {
            const struct sg_schema_kind_row *row = &tables->kinds[i];
            assert_int_equal(sg_schema_kind((enum sg_schema_set)set,
                                            sg_schema_strings[row->api_version],
                                            sg_schema_strings[row->kind]),
                             row->def);
        }
    }
}

struct key_row {
    enum sg_schema_set set;
    const char *api_version, *kind, *path;
    bool merge;
    const char *keys; /* joined by a space */
};

static const struct key_row key_rows[] = {
    {SG_SCHEMA_MERGE, "apps/v1", "Deployment", "spec.template.spec.containers", true,
     "name"},
    {SG_SCHEMA_MERGE, "apps/v1", "Deployment", "spec.template.spec.containers.ports",
     true, "containerPort protocol"},
    {SG_SCHEMA_MERGE, "apps/v1", "Deployment",
     "spec.template.spec.containers.volumeMounts", true, "mountPath"},
    {SG_SCHEMA_MERGE, "apps/v1", "Deployment", "spec.template.spec.volumes", true,
     "name"},
    {SG_SCHEMA_MERGE, "apps/v1", "Deployment", "spec.template.spec.tolerations", false,
     ""},
    {SG_SCHEMA_MERGE, "apps/v1", "Deployment",
     "spec.template.spec.topologySpreadConstraints", true,
     "topologyKey whenUnsatisfiable"},
    {SG_SCHEMA_MERGE, "apps/v1", "Deployment", "metadata.finalizers", true, ""},
    {SG_SCHEMA_MERGE, "v1", "Service", "spec.ports", true, "port protocol"},
    {SG_SCHEMA_MERGE, "networking.k8s.io/v1", "Ingress", "spec.rules", false, ""},
    /* list map keys without a patch strategy do not merge, but they do tell elements
       apart */
    {SG_SCHEMA_MERGE, "certificates.k8s.io/v1", "CertificateSigningRequest",
     "status.conditions", false, ""},
    {SG_SCHEMA_UNION, "certificates.k8s.io/v1", "CertificateSigningRequest",
     "status.conditions", false, "type"},
    {SG_SCHEMA_UNION, "apps/v1", "Deployment", "spec.template.spec.resourceClaims", true,
     "name"},
    {SG_SCHEMA_UNION, "resource.k8s.io/v1", "ResourceClaim", "status.devices", false,
     "driver device pool shareID"},
};

static void list_keys(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(key_rows); i++) {
        const struct key_row *row = &key_rows[i];
        sg_type type = kind_of(row->set, row->api_version, row->kind);
        struct sg_field field = field_at(row->set, type, row->path);
        sg_auto_buf keys = SG_BUF_INIT;
        for (size_t k = 0; k < field.keys_len; k++) {
            sg_buf_addf(&keys, "%s%s", k > 0 ? " " : "", field.keys[k]);
        }
        assert_int_equal(field.type, SG_FIELD_LIST);
        assert_int_equal(field.merge, row->merge);
        assert_string_equal(sg_buf_cstr(&keys), row->keys);
    }
}

static void field_types(void **state) {
    (void)state;
    sg_type pod = kind_of(SG_SCHEMA_UNION, "v1", "Pod");
    sg_type deployment = kind_of(SG_SCHEMA_UNION, "apps/v1", "Deployment");
    struct sg_field field = field_at(SG_SCHEMA_UNION, pod, "spec.containers");
    assert_int_equal(field.item, SG_FIELD_OBJECT);
    assert_true(field.required);
    field = field_at(SG_SCHEMA_UNION, pod, "spec.containers.resources.limits");
    assert_int_equal(field.type, SG_FIELD_MAP);
    assert_int_equal(field.item, SG_FIELD_QUANTITY);
    field = field_at(SG_SCHEMA_UNION, pod, "spec.containers.livenessProbe.httpGet.port");
    assert_int_equal(field.type, SG_FIELD_INT_OR_STRING);
    field = field_at(SG_SCHEMA_UNION, pod, "spec.volumes");
    assert_true(field.retain_keys);
    field = field_at(SG_SCHEMA_UNION, deployment, "spec.replicas");
    assert_int_equal(field.type, SG_FIELD_INTEGER);
    assert_false(sg_schema_field(SG_SCHEMA_UNION, deployment, "spek", &field));
    assert_false(sg_schema_field(SG_SCHEMA_UNION, 0, "spec", &field));
}

static void count_required(void *ctx, const char *name) {
    if (strcmp(name, "selector") == 0 || strcmp(name, "template") == 0) {
        ++*(int *)ctx;
    }
}

static void required_fields(void **state) {
    (void)state;
    int count = 0;
    sg_type deployment = kind_of(SG_SCHEMA_UNION, "apps/v1", "Deployment");
    struct sg_field spec = field_at(SG_SCHEMA_UNION, deployment, "spec");
    sg_schema_required(SG_SCHEMA_UNION, spec.def, count_required, &count);
    assert_int_equal(count, 2);
}

static void scopes(void **state) {
    (void)state;
    assert_int_equal(sg_schema_scope(SG_SCHEMA_MERGE, "v1", "Namespace"),
                     SG_SCOPE_CLUSTER);
    assert_int_equal(sg_schema_scope(SG_SCHEMA_MERGE, "apps/v1", "Deployment"),
                     SG_SCOPE_NAMESPACED);
    assert_int_equal(sg_schema_scope(SG_SCHEMA_MERGE, "example.com/v1", "Deployment"),
                     SG_SCOPE_UNKNOWN);
    /* younger than 1.21 */
    assert_int_equal(
        sg_schema_kind(SG_SCHEMA_MERGE, "autoscaling/v2", "HorizontalPodAutoscaler"), 0);
    kind_of(SG_SCHEMA_UNION, "autoscaling/v2", "HorizontalPodAutoscaler");
    /* gone since, but part of the union */
    kind_of(SG_SCHEMA_UNION, "extensions/v1beta1", "Ingress");
}

static void removals(void **state) {
    (void)state;
    struct sg_removal removal;
    assert_true(sg_schema_removal("extensions/v1beta1", "Ingress", &removal));
    assert_string_equal(removal.removed_in, "1.22");
    assert_string_equal(removal.successor, "networking.k8s.io/v1");
    assert_true(sg_schema_removal("apps/v1beta1", "Deployment", &removal));
    assert_string_equal(removal.removed_in, "1.16");
    assert_false(sg_schema_removal("apps/v1", "Deployment", &removal));
}

/* tables.c is what generate.py makes of ../shared/schema, byte for byte. */
static void regenerates(void **state) {
    (void)state;
    const char *shared = getenv("SG_SHARED");
    char folder[1024];
    char command[4096];
    snprintf(folder, sizeof(folder), "%s%s",
             shared != NULL ? shared : SG_TEST_DIR "/../../shared", "/schema");
    snprintf(command, sizeof(command), "%s/removals.tsv", folder);
    FILE *facts = fopen(command, "r");
    if (facts == NULL) {
        print_message("skipped: no schema facts in %s\n", folder);
        skip();
    }
    fclose(facts);
    snprintf(
        command, sizeof(command),
        "python3 '%s/../src/schema/generate.py' '%s' | cmp - '%s/../src/schema/tables.c'",
        SG_TEST_DIR, folder, SG_TEST_DIR);
    assert_int_equal(system(command), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merge_set_counts), cmocka_unit_test(rows_are_sorted),
        cmocka_unit_test(list_keys),        cmocka_unit_test(field_types),
        cmocka_unit_test(required_fields),  cmocka_unit_test(scopes),
        cmocka_unit_test(removals),         cmocka_unit_test(regenerates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
