/* plugin_config.c - see plugin_config.h. */
#include "plugin_config.h"

#include "fields.h"
#include "reprint.h"
#include "sg/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- the fields of each kind ---------------------------------------------------------
 */

#define FIELD(field, type)                                                               \
    { .name = field, .want = SG_WANT_##type }
#define FIELDS_OF(field, type, of)                                                       \
    { .name = field, .want = SG_WANT_##type, .fields = of }
#define SPECS FIELDS_OF("fieldSpecs", MAPS, sg_fields_fieldspec)
#define END                                                                              \
    { .name = NULL }

static const struct sg_strict_field metadata_fields[] = {
    FIELD("name", STRING), FIELD("namespace", STRING), FIELD("labels", STRING_MAP),
    FIELD("annotations", STRING_MAP), END};
static const struct sg_strict_field annotations_fields[] = {
    FIELD("annotations", STRING_MAP), SPECS, END};
static const struct sg_strict_field labels_fields[] = {FIELD("labels", STRING_MAP), SPECS,
                                                       END};
static const struct sg_strict_field config_map_fields[] = {
    FIELDS_OF("metadata", MAP, metadata_fields), END};
static const struct sg_strict_field image_fields[] = {
    FIELDS_OF("imageTag", MAP, sg_fields_image), SPECS, END};
static const struct sg_strict_field account_fields[] = {
    FIELD("name", STRING), FIELD("namespace", STRING), FIELD("projectId", STRING), END};
static const struct sg_strict_field iam_fields[] = {
    FIELD("cloud", STRING), FIELDS_OF("kubernetesService", MAP, account_fields),
    FIELDS_OF("serviceAccount", MAP, account_fields), END};
static const struct sg_strict_field namespace_fields[] = {
    FIELDS_OF("metadata", MAP, metadata_fields), FIELD("unsetOnly", BOOL),
    FIELD("setRoleBindingSubjects", STRING), SPECS, END};
static const struct sg_strict_field json_fields[] = {
    FIELDS_OF("target", MAP, sg_fields_selector), FIELD("path", STRING),
    FIELD("jsonOp", STRING), END};
static const struct sg_strict_field strategic_fields[] = {FIELD("paths", STRINGS),
                                                          FIELD("patches", STRING), END};
static const struct sg_strict_field affix_fields[] = {
    FIELD("prefix", STRING), FIELD("suffix", STRING), SPECS, END};
static const struct sg_strict_field replacements_fields[] = {
    FIELDS_OF("replacements", MAPS, sg_fields_replacement), END};
static const struct sg_strict_field replica_fields[] = {
    FIELDS_OF("replica", MAP, sg_fields_replica), SPECS, END};
static const struct sg_strict_field value_target[] = {
    FIELDS_OF("selector", MAP, sg_fields_selector), FIELD("fieldPath", STRING),
    FIELD("filePathPosition", INT), END};
static const struct sg_strict_field value_fields[] = {
    FIELD("value", STRING), FIELD("targetFilePath", STRING),
    FIELDS_OF("targets", MAPS, value_target), END};

/* Where kustomize takes a number or a boolean for a string: the field itself, each item
 * of a list, each value of a map. Fields of a struct that it embeds in another (group,
 * version and kind, most of a generator's) take strings only. */
struct loose_field {
    const char *name;
    const struct loose_field *fields; /* of a map or a list of maps; NULL: strings */
};
static const struct loose_field loose_fieldspec[] = {{"path", NULL}, {NULL, NULL}};
static const struct loose_field loose_selector[] = {
    {"labelSelector", NULL}, {"annotationSelector", NULL}, {NULL, NULL}};
static const struct loose_field loose_metadata[] = {{"name", NULL},
                                                    {"namespace", NULL},
                                                    {"labels", NULL},
                                                    {"annotations", NULL},
                                                    {NULL, NULL}};
#define LOOSE_SPECS                                                                      \
    { "fieldSpecs", loose_fieldspec }
static const struct loose_field loose_annotations[] = {
    {"annotations", NULL}, LOOSE_SPECS, {NULL, NULL}};
static const struct loose_field loose_labels[] = {
    {"labels", NULL}, LOOSE_SPECS, {NULL, NULL}};
static const struct loose_field loose_generator[] = {{"metadata", loose_metadata},
                                                     {NULL, NULL}};
static const struct loose_field loose_image_tag[] = {
    {"name", NULL},   {"newName", NULL}, {"tagSuffix", NULL},
    {"newTag", NULL}, {"digest", NULL},  {NULL, NULL}};
static const struct loose_field loose_image[] = {
    {"imageTag", loose_image_tag}, LOOSE_SPECS, {NULL, NULL}};
static const struct loose_field loose_namespace[] = {{"metadata", loose_metadata},
                                                     {"setRoleBindingSubjects", NULL},
                                                     LOOSE_SPECS,
                                                     {NULL, NULL}};
static const struct loose_field loose_json[] = {
    {"target", loose_selector}, {"path", NULL}, {"jsonOp", NULL}, {NULL, NULL}};
static const struct loose_field loose_strategic[] = {
    {"paths", NULL}, {"patches", NULL}, {NULL, NULL}};
static const struct loose_field loose_patch[] = {
    {"target", loose_selector}, {"path", NULL}, {"patch", NULL}, {NULL, NULL}};
/* Read by another reader, which takes any scalar for a string. */
static const struct loose_field loose_affix_spec[] = {
    {"group", NULL}, {"version", NULL}, {"kind", NULL}, {"path", NULL}, {NULL, NULL}};
static const struct loose_field loose_affix[] = {
    {"prefix", NULL}, {"suffix", NULL}, {"fieldSpecs", loose_affix_spec}, {NULL, NULL}};
static const struct loose_field loose_path[] = {{"path", NULL}, {NULL, NULL}};
static const struct loose_field loose_replacements[] = {{"replacements", loose_path},
                                                        {NULL, NULL}};
static const struct loose_field loose_name[] = {{"name", NULL}, {NULL, NULL}};
static const struct loose_field loose_replica[] = {
    {"replica", loose_name}, LOOSE_SPECS, {NULL, NULL}};
static const struct loose_field loose_target[] = {
    {"selector", loose_selector}, {"fieldPath", NULL}, {NULL, NULL}};
static const struct loose_field loose_value[] = {
    {"value", NULL}, {"targetFilePath", NULL}, {"targets", loose_target}, {NULL, NULL}};

/* A generator's own table may come second. HashTransformer has no field. */
static const struct shape {
    const char *kind;
    const struct sg_strict_field *fields, *more;
    const struct loose_field *loose;
    bool raw; /* a number is the string that was printed */
} shapes[] = {
    {"AnnotationsTransformer", annotations_fields, NULL, loose_annotations, false},
    {"ConfigMapGenerator", config_map_fields, sg_fields_config_map, loose_generator,
     false},
    {"IAMPolicyGenerator", iam_fields, NULL, NULL, false},
    {"ImageTagTransformer", image_fields, NULL, loose_image, false},
    {"LabelTransformer", labels_fields, NULL, loose_labels, false},
    {"NamespaceTransformer", namespace_fields, NULL, loose_namespace, false},
    {"PatchJson6902Transformer", json_fields, NULL, loose_json, false},
    {"PatchStrategicMergeTransformer", strategic_fields, NULL, loose_strategic, false},
    {"PatchTransformer", sg_fields_patch, NULL, loose_patch, false},
    {"PrefixSuffixTransformer", affix_fields, NULL, loose_affix, true},
    {"PrefixTransformer", affix_fields, NULL, loose_affix, true},
    {"ReplacementTransformer", replacements_fields, NULL, loose_replacements, false},
    {"ReplicaCountTransformer", replica_fields, NULL, loose_replica, false},
    {"SecretGenerator", config_map_fields, sg_fields_secret, loose_generator, false},
    {"SuffixTransformer", affix_fields, NULL, loose_affix, true},
    {"ValueAddTransformer", value_fields, NULL, loose_value, false},
};

/* --- strings --------------------------------------------------------------------------
 */

/* A number as text has the digits of a float of 32 bits, as Go's %g writes them:
 * 3.14159265 is "3.1415927". */
static void write_float(const struct sg_node *node, struct sg_buf *out) {
    enum { EXACT = 9, PLAIN_EXPONENT = 6 }; /* 9 digits tell any two floats apart */
    float value = strtof(node->text, NULL);
    char text[32] = "";
    int digits = 0;
    if (isinf(value)) {
        sg_buf_adds(out, value > 0 ? "+Inf" : "-Inf");
        return;
    }
    for (; digits < EXACT; digits++) {
        snprintf(text, sizeof(text), "%.*e", digits, (double)value);
        if (strtof(text, NULL) == value) {
            break;
        }
    }
    long exponent = strtol(strchr(text, 'e') + 1, NULL, 10);
    if (exponent < -4 || exponent >= PLAIN_EXPONENT) {
        sg_buf_adds(out, text);
    } else {
        int decimals = digits > exponent ? digits - (int)exponent : 0;
        sg_buf_addf(out, "%.*f", decimals, (double)value);
    }
}

/* Numbers are as sg_reprint left them. */
static void make_string(struct sg_kustomize *k, struct sg_node *node, bool raw) {
    enum sg_tag type = sg_is_scalar(node) ? sg_scalar_type(node) : SG_TAG_NONE;
    sg_auto_buf text = SG_BUF_INIT;
    if (raw && type != SG_TAG_NULL && type != SG_TAG_NONE) {
        node->tag = SG_TAG_STR;
        return;
    }
    if (type == SG_TAG_BOOL) {
        sg_buf_adds(&text, sg_strict_bool(node, false) ? "true" : "false");
    } else if (type == SG_TAG_INT) {
        (void)sg_number_write(node->text, node->len, SG_NUMBER_YAML, &text);
    } else if (type == SG_TAG_FLOAT) {
        write_float(node, &text);
    } else {
        return;
    }
    sg_scalar_set(k->set, node, sg_buf_cstr(&text), text.len);
    node->tag = SG_TAG_STR;
}

/* A value and what is right below it. */
static void make_strings(struct sg_kustomize *k, struct sg_node *node, bool raw) {
    make_string(k, node, raw);
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        make_string(k, node->items[i], raw);
    }
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        make_string(k, node->entries[i].value, raw);
    }
}

static void loosen(struct sg_kustomize *k, struct sg_node *map,
                   const struct loose_field *loose, bool raw);

static void loosen_field(struct sg_kustomize *k, struct sg_node *value,
                         const struct loose_field *field, bool raw) {
    if (field->fields == NULL) {
        make_strings(k, value, raw);
        return;
    }
    loosen(k, value, field->fields, raw);
    for (uint32_t i = 0; sg_is_seq(value) && i < value->len; i++) {
        loosen(k, value->items[i], field->fields, raw);
    }
}

/* Depth is that of the tables. */
static void loosen(struct sg_kustomize *k, struct sg_node *map,
                   const struct loose_field *loose, bool raw) {
    for (uint32_t i = 0; sg_is_map(map) && i < map->len; i++) {
        const struct sg_entry *entry = &map->entries[i];
        for (const struct loose_field *field = loose; field->name != NULL; field++) {
            if (strcasecmp(field->name, entry->key->text) == 0) {
                loosen_field(k, entry->value, field, raw);
            }
        }
    }
}

void sg_fieldspecs_loosen(struct sg_kustomize *k, struct sg_node *list) {
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        loosen(k, list->items[i], loose_fieldspec, false);
    }
}

/* --- checks ---------------------------------------------------------------------------
 */

static void ignore_unknown(void *ctx, const char *name, const char *near,
                           struct sg_pos at) {
    (void)ctx, (void)name, (void)near, (void)at;
}

/* A reader that tells capitals apart does not see a field that is spelled otherwise. */
static void drop_misspelled(struct sg_node *map, const struct loose_field *fields) {
    uint32_t len = 0;
    for (uint32_t i = 0; sg_is_map(map) && i < map->len; i++) {
        const char *key = map->entries[i].key->text;
        bool near = false, exact = false;
        for (const struct loose_field *field = fields; field->name != NULL; field++) {
            near |= strcasecmp(field->name, key) == 0;
            exact |= strcmp(field->name, key) == 0;
        }
        if (exact || !near) {
            map->entries[len++] = map->entries[i];
        }
    }
    if (sg_is_map(map) && len < map->len) {
        map->len = len;
        map->index = NULL;
    }
}

static void drop_misspelled_affix(struct sg_node *config) {
    drop_misspelled(config, loose_affix);
    const struct sg_node *specs = sg_map_gets(config, "fieldSpecs");
    for (uint32_t i = 0; sg_is_seq(specs) && i < specs->len; i++) {
        drop_misspelled(specs->items[i], loose_affix_spec);
    }
}

int sg_plugin_fit(struct sg_kustomize *k, struct sg_node *node, const char *kind,
                  struct sg_err *err) {
    const struct sg_strict_opts opts = {.fold_case = true, .unknown = ignore_unknown};
    for (size_t i = 0; i < SG_ARRAY_LEN(shapes); i++) {
        const struct shape *shape = &shapes[i];
        if (strcmp(shape->kind, kind) != 0) {
            continue;
        }
        if (shape->raw) {
            drop_misspelled_affix(node);
        }
        if (shape->loose != NULL) {
            loosen(k, node, shape->loose, shape->raw);
        }
        if (sg_strict_check(k->set, node, shape->fields, &opts, err) != 0) {
            return -1;
        }
        return shape->more != NULL
                   ? sg_strict_check(k->set, node, shape->more, &opts, err)
                   : 0;
    }
    return 0;
}

const struct sg_resource *sg_plugin_config(struct sg_kustomize *k,
                                           const struct sg_resource *config,
                                           struct sg_err *err) {
    struct sg_node *node = sg_reprint(k, config->node, true, err);
    if (node == NULL || sg_plugin_fit(k, node, config->state->cur.kind->text, err) != 0) {
        return NULL;
    }
    struct sg_resource *copy = sg_arena_alloc(&k->set->arena, sizeof(*copy));
    *copy = *config;
    copy->node = node;
    return copy;
}
