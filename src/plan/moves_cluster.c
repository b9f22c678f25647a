/*
 * moves_cluster.c - kinds whose fields stayed where they were but for a few: webhooks,
 * CustomResourceDefinitions, PodDisruptionBudgets; and a ConfigMap that became a Secret.
 *
 * RBAC, CronJob, NetworkPolicy, StorageClass, PriorityClass, CSIDriver and APIService
 * need no table: the schemas of v1beta1 and v1 have the same fields.
 */
#include <string.h>

#include "moves_rules.h"

/* --- webhooks: admissionregistration.k8s.io/v1beta1 to v1 --------------------------- */

static bool fits_admission(const struct moves_in *in) {
    static const char *const kinds[] = {"MutatingWebhookConfiguration",
                                        "ValidatingWebhookConfiguration", NULL};
    return moves_same_kind(in, kinds) &&
           strcmp(in->old_api, "admissionregistration.k8s.io/v1beta1") == 0 &&
           strcmp(in->new_api, "admissionregistration.k8s.io/v1") == 0;
}

static bool effects_unsaid(const struct moves *m, const struct sg_node *value) {
    (void)m;
    const char *text = sg_text(value);
    return text != NULL && (strcmp(text, "Unknown") == 0 || strcmp(text, "Some") == 0);
}

static const struct move_rule admission_rules[] = {
    {.at = "webhooks[].sideEffects",
     .why = "v1 takes only a webhook without side effects: None or NoneOnDryRun",
     .when = effects_unsaid},
};

const struct move_family moves_admission = {
    .fits = fits_admission,
    .rules = admission_rules,
    .len = SG_ARRAY_LEN(admission_rules),
};

/* --- CustomResourceDefinition: apiextensions.k8s.io/v1beta1 to v1 ------------------- */

static bool fits_crd(const struct moves_in *in) {
    static const char *const kinds[] = {"CustomResourceDefinition", NULL};
    return moves_same_kind(in, kinds) &&
           strcmp(in->old_api, "apiextensions.k8s.io/v1beta1") == 0 &&
           strcmp(in->new_api, "apiextensions.k8s.io/v1") == 0;
}

static bool is_true(const struct moves *m, const struct sg_node *value) {
    (void)m;
    return sg_text(value) != NULL && strcmp(sg_text(value), "true") == 0;
}

/* What v1beta1 had once for all versions, v1 has in each of them: whose it is then is not
 * certain, and the schema tells that it has no place. */
static const struct move_rule crd_rules[] = {
    {.at = "spec.preserveUnknownFields",
     .why = "v1 keeps unknown fields only where the schema of a version says so",
     .when = is_true},
    {.at = "spec.versions[].additionalPrinterColumns[].JSONPath", .to = "jsonPath"},
    {.at = "spec.conversion.webhookClientConfig", .to = "webhook/clientConfig"},
    {.at = "spec.conversion.conversionReviewVersions",
     .to = "webhook/conversionReviewVersions"},
};

const struct move_family moves_crd = {
    .fits = fits_crd,
    .rules = crd_rules,
    .len = SG_ARRAY_LEN(crd_rules),
};

/* --- PodDisruptionBudget: policy/v1beta1 to v1 -------------------------------------- */

static bool fits_policy(const struct moves_in *in) {
    static const char *const kinds[] = {"PodDisruptionBudget", NULL};
    return moves_same_kind(in, kinds) && strcmp(in->old_api, "policy/v1beta1") == 0 &&
           strcmp(in->new_api, "policy/v1") == 0;
}

static bool is_empty_map(const struct moves *m, const struct sg_node *value) {
    (void)m;
    return sg_is_map(value) && value->len == 0;
}

static const struct move_rule policy_rules[] = {
    {.at = "spec.selector",
     .why =
         "an empty selector stood for no pod in v1beta1, and stands for every pod in v1",
     .when = is_empty_map},
};

const struct move_family moves_policy = {
    .fits = fits_policy,
    .rules = policy_rules,
    .len = SG_ARRAY_LEN(policy_rules),
};

/* --- ConfigMap and Secret ----------------------------------------------------------- */

static bool fits_config(const struct moves_in *in) {
    return (strcmp(in->old_kind, "ConfigMap") == 0 &&
            strcmp(in->new_kind, "Secret") == 0) ||
           (strcmp(in->old_kind, "Secret") == 0 &&
            strcmp(in->new_kind, "ConfigMap") == 0);
}

static const struct move_rule config_rules[] = {
    {.at = "data",
     .why = "the data of a Secret is in base64, that of a ConfigMap is not"},
};

const struct move_family moves_config = {
    .fits = fits_config,
    .rules = config_rules,
    .len = SG_ARRAY_LEN(config_rules),
};
