/* fields.c - see fields.h. Names and types are those of kustomize.config.k8s.io/v1beta1.
 */
#include "fields.h"

#include <stddef.h>

#define STRING(field)                                                                    \
    { .name = field, .want = SG_WANT_STRING }
#define BOOL(field)                                                                      \
    { .name = field, .want = SG_WANT_BOOL }
#define INT(field)                                                                       \
    { .name = field, .want = SG_WANT_INT }
#define STRINGS(field)                                                                   \
    { .name = field, .want = SG_WANT_STRINGS }
#define PAIRS(field)                                                                     \
    { .name = field, .want = SG_WANT_STRING_MAP }
#define MAP(field, of)                                                                   \
    { .name = field, .want = SG_WANT_MAP, .fields = (of) }
#define MAPS(field, of)                                                                  \
    { .name = field, .want = SG_WANT_MAPS, .fields = (of) }
#define END                                                                              \
    { .name = NULL }

#define GVK STRING("group"), STRING("version"), STRING("kind")

const struct sg_strict_field sg_fields_fieldspec[] = {GVK, STRING("path"), BOOL("create"),
                                                      END};

const struct sg_strict_field sg_fields_selector[] = {GVK,
                                                     STRING("name"),
                                                     STRING("namespace"),
                                                     STRING("labelSelector"),
                                                     STRING("annotationSelector"),
                                                     END};

static const struct sg_strict_field metadata[] = {
    STRING("name"), STRING("namespace"), PAIRS("labels"), PAIRS("annotations"), END};

static const struct sg_strict_field label[] = {PAIRS("pairs"), BOOL("includeSelectors"),
                                               BOOL("includeTemplates"),
                                               MAPS("fields", sg_fields_fieldspec), END};

const struct sg_strict_field sg_fields_image[] = {STRING("name"),      STRING("newName"),
                                                  STRING("tagSuffix"), STRING("newTag"),
                                                  STRING("digest"),    END};

const struct sg_strict_field sg_fields_replica[] = {STRING("name"), INT("count"), END};

static const struct sg_strict_field patch_options[] = {BOOL("allowNameChange"),
                                                       BOOL("allowKindChange"), END};

const struct sg_strict_field sg_fields_patch[] = {STRING("path"), STRING("patch"),
                                                  MAP("target", sg_fields_selector),
                                                  MAP("options", patch_options), END};

static const struct sg_strict_field replacement_options[] = {
    STRING("delimiter"), INT("index"), STRING("encoding"), BOOL("create"), END};

static const struct sg_strict_field replacement_source[] = {
    GVK,
    STRING("name"),
    STRING("namespace"),
    STRING("fieldPath"),
    MAP("options", replacement_options),
    END};

static const struct sg_strict_field replacement_target[] = {
    MAP("select", sg_fields_selector), MAPS("reject", sg_fields_selector),
    STRINGS("fieldPaths"), MAP("options", replacement_options), END};

const struct sg_strict_field sg_fields_replacement[] = {
    STRING("path"), MAP("source", replacement_source), STRING("sourceValue"),
    MAPS("targets", replacement_target), END};

static const struct sg_strict_field objref[] = {STRING("apiVersion"), GVK, STRING("name"),
                                                STRING("namespace"), END};
static const struct sg_strict_field fieldref[] = {STRING("fieldPath"), END};
static const struct sg_strict_field variable[] = {STRING("name"), MAP("objref", objref),
                                                  MAP("fieldref", fieldref), END};

static const struct sg_strict_field generator_options[] = {
    PAIRS("labels"), PAIRS("annotations"), BOOL("disableNameSuffixHash"),
    BOOL("immutable"), END};

#define GENERATOR                                                                        \
    STRING("name"), STRING("namespace"), STRING("behavior"), STRINGS("files"),           \
        STRINGS("literals"), STRINGS("envs"), STRING("env"),                             \
        MAP("options", generator_options)

const struct sg_strict_field sg_fields_config_map[] = {GENERATOR, END};
const struct sg_strict_field sg_fields_secret[] = {GENERATOR, STRING("type"), END};

static const struct sg_strict_field legacy_sort[] = {STRINGS("orderFirst"),
                                                     STRINGS("orderLast"), END};
const struct sg_strict_field sg_fields_sort[] = {
    STRING("order"), MAP("legacySortOptions", legacy_sort), END};

static const struct sg_strict_field helm_globals[] = {STRING("chartHome"),
                                                      STRING("configHome"), END};

const struct sg_strict_field sg_fields_kustomization[] = {
    STRING("apiVersion"),
    STRING("kind"),
    MAP("metadata", metadata),
    PAIRS("openapi"),
    STRING("namePrefix"),
    STRING("nameSuffix"),
    STRING("namespace"),
    PAIRS("commonLabels"),
    MAPS("labels", label),
    PAIRS("commonAnnotations"),
    STRINGS("patchesStrategicMerge"),
    MAPS("patchesJson6902", sg_fields_patch),
    MAPS("patches", sg_fields_patch),
    MAPS("images", sg_fields_image),
    MAPS("imageTags", sg_fields_image),
    MAPS("replacements", sg_fields_replacement),
    MAPS("replicas", sg_fields_replica),
    MAPS("vars", variable),
    MAP("sortOptions", sg_fields_sort),
    STRINGS("resources"),
    STRINGS("components"),
    STRINGS("crds"),
    STRINGS("bases"),
    MAPS("configMapGenerator", sg_fields_config_map),
    MAPS("secretGenerator", sg_fields_secret),
    MAP("helmGlobals", helm_globals),
    {.name = "helmCharts", .want = SG_WANT_LIST},
    {.name = "helmChartInflationGenerator", .want = SG_WANT_LIST},
    MAP("generatorOptions", generator_options),
    STRINGS("configurations"),
    STRINGS("generators"),
    STRINGS("transformers"),
    STRINGS("validators"),
    STRINGS("buildMetadata"),
    END,
};
