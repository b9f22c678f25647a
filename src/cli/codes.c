#include "codes.h"

#include <stddef.h>

const struct sg_report_code sg_code_pages[] = {
    {
        .code = "SG101",
        .rule = "masked",
        .title = "Your setting hides a change of upstream's",
        .severity = "warning; info where you delete the field",
        .when = "Upstream changed a field between the two releases, your overlay writes "
                "the same field, and the result is the same before and after.",
        .means =
            "The upgrade arrives everywhere but here. Often that is what you want (a "
            "replica count); sometimes the reason upstream changed it is a fix that "
            "you now miss (a memory limit, an image).",
        .apply = "Keeps your value.",
        .fix = "Compare the two values. Delete the line from your overlay to follow "
               "upstream, or accept the finding with a reason.",
    },
    {
        .code = "SG102",
        .rule = "hidden",
        .title = "Upstream changed something inside what you replace as a whole",
        .severity = "warning",
        .when = "Your overlay writes a whole list, a whole text of several lines or a "
                "whole map, upstream changed a part of it, and the result is the same "
                "before and after.",
        .means = "Upstream's new item, line or key does not reach you: a list without "
                 "merge keys (args, tolerations, rules) and a text in a ConfigMap cannot "
                 "be merged in part.",
        .apply = "Keeps yours; with --merge-hidden lays upstream's items or lines over "
                 "yours where the two did not change the same ones, as an edit of your "
                 "file.",
        .fix = "`sgupgrade diff` shows upstream's lines beside yours. Take over what you "
               "need, or accept the finding with a reason.",
    },
    {
        .code = "SG103",
        .rule = "redundant",
        .title = "Upstream says now what you say",
        .severity = "info",
        .when =
            "Your overlay writes or deletes something that differed in the old release, "
            "and on the new base the write changes nothing: upstream has the same value, "
            "or has removed it too. An entry of a transformer, such as images, counts "
            "where that is so of everything it finds.",
        .means =
            "The setting has done its work. It does no harm, but hides what upstream "
            "does there in a later release.",
        .apply = "Leaves it; with --tidy drops it from your file.",
        .fix =
            "Delete it from the overlay to follow upstream from here on, or keep it to "
            "hold the value.",
    },
    {
        .code = "SG104",
        .rule = "no-op",
        .title = "A step of yours does nothing",
        .severity = "warning",
        .when =
            "Without this patch, transformer or entry the result would be the same on "
            "the old and on the new base; or its selector matches no object on either.",
        .means = "A leftover, or a spelling mistake in a name or selector: what it was "
                 "meant to do is not being done.",
        .apply = "Leaves it.",
        .fix = "Correct the name or selector, or delete the step.",
    },
    {
        .code = "SG105",
        .rule = "dropped",
        .title = "kustomize drops a part of what the file says",
        .severity = "error",
        .when = "A file says something that kustomize reads without complaint and then "
                "loses: a list element without its merge key, a repeated key, a port "
                "merged without its protocol, a directive it ignores. The rule names "
                "which.",
        .means = "The cluster does not get what is written there, with any tool that "
                 "renders like kustomize.",
        .apply = "Leaves it.",
        .fix = "Write it so that it survives; the finding says how.",
    },
    {
        .code = "SG201",
        .rule = "orphan-object",
        .title = "You change an object that upstream no longer has",
        .severity = "error where it stops; warning where it was resolved",
        .when = "A patch, replica count or generator merge of yours has an object as its "
                "target that is in the old release and not in the new one.",
        .means = "Upstream renamed, replaced or removed the object. kustomize would "
                 "refuse the overlay, or your setting would silently go.",
        .apply =
            "Where one object certainly took over (the same content, images, labels and "
            "references, never a like name alone), edits the entry to mean that one, its "
            "apiVersion, kind and moved fields included; a claim that became a "
            "StatefulSet's template gets a JSON patch of it. Where nothing comes close, "
            "moves the entry to overlays/NAME/retired/VERSION, and puts it back when "
            "upstream brings the object back. Else it stops with nothing written "
            "(exit 4). `repair: report` in the config makes it stop always.",
        .fix = "Look at the edit in `diff`. At a stop: --retarget OBJECT=HEIR says what "
               "took over, --retire OBJECT lets the settings go; or edit the entry.",
    },
    {
        .code = "SG202",
        .rule = "orphan-element",
        .title = "You change a part of an object that upstream no longer has",
        .severity = "error where it stops; warning where it was resolved",
        .when = "The container, variable, volume, port or JSON path that your patch "
                "addresses is in the old release's object and not in the new one's; or "
                "upstream takes an image from a repository that your images entry does "
                "not name.",
        .means = "A strategic merge patch would bring the element back half empty (a "
                 "container without an image); a JSON patch would fail.",
        .apply =
            "In this order: carries the setting to the element that certainly took over; "
            "keeps a variable whose value you give yourself, and a value that a JSON "
            "patch replaced and can add; retires the part of the patch, kept in "
            "overlays/NAME/retired/VERSION, where nothing comes close; else stops with "
            "nothing written (exit 4).",
        .fix = "Look at the edit in `diff`. At a stop: --retarget OBJECT:PATH=KEY names "
               "the new element, --retire OBJECT:PATH lets the settings go.",
    },
    {
        .code = "SG203",
        .rule = "moved-index",
        .title = "Your operation by position reaches another element",
        .severity = "error where it stops; warning where it was resolved",
        .when = "A JSON patch names a list element by its number, and in the new release "
                "another element stands there: upstream renamed it, or put one in front.",
        .means = "The patch would apply without complaint, to the wrong container, "
                 "variable or port.",
        .apply =
            "Writes the number at which the element stands when the operation runs; "
            "retires an operation whose element is gone; stops where nobody can know.",
        .fix = "Look at the edit in `diff`; a strategic merge patch goes by name and "
               "needs none. At a stop correct the number, or accept the finding where "
               "any element is meant.",
    },
    {
        .code = "SG204",
        .rule = "collision",
        .title = "Upstream brings now what your overlay brings",
        .severity = "error where it stops; warning where it was resolved",
        .when = "The new release adds an object, a container, an init container or a "
                "volume with the name of one of yours, or a variable that an operation "
                "of yours adds at the end of a list.",
        .means = "kustomize refuses two objects of one name, merges two containers "
                 "without a word, and leaves a variable in the list twice.",
        .apply =
            "Takes upstream's object where yours is equal; replaces a variable instead "
            "of adding it twice; else stops with nothing written (exit 4).",
        .fix = "--retire OBJECT takes upstream's, --as-patch OBJECT lays yours over it; "
               "give a container or volume of yours another name, or accept the merge.",
    },
    {
        .code = "SG205",
        .rule = "api-change",
        .title = "Your patch names the object's old API version",
        .severity = "error where it stops; warning where it was resolved",
        .when = "The object is in both releases, upstream moved it to another version "
                "of its API group, and your patch finds it by the old one.",
        .means = "kustomize looks for exactly that version and refuses the overlay.",
        .apply =
            "Rewrites apiVersion in the patch, and the fields that are known to have "
            "moved; stops where a field's new place is not known.",
        .fix =
            "Look at the edit in `diff`. A patch with a `target` of kind and name needs "
            "none.",
    },
    {
        .code = "SG206",
        .rule = "refused",
        .title = "The overlay does not render on the new base",
        .severity = "error; info where it did not render on the old base",
        .when = "kustomize refuses the overlay on the new base for a reason that no "
                "other finding names, such as a failing `test` operation. Or it refuses "
                "the overlay on the old base alone. Or a patch would have to be edited "
                "for one overlay, and serves another one as it is.",
        .means = "There is no result for this overlay until it is mended. Where only the "
                 "old base fails, there is one, but nothing to compare it with.",
        .apply = "Stops with nothing written (exit 4), unless it failed alike before.",
        .fix = "Mend what the message names. To accept it does not help: kustomize would "
               "still refuse.",
    },
    {
        .code = "SG301",
        .rule = "immutable",
        .title = "A field changes that Kubernetes refuses to change in place",
        .severity = "warning; error in `check --since` and `--to` until accepted",
        .when = "A field differs between the two results, in an object that keeps its "
                "name and namespace, and the API server takes no update of it: the "
                "selector of a Deployment or DaemonSet; of a StatefulSet all but "
                "replicas, template, updateStrategy, minReadySeconds, the retention "
                "policy of its claims and ordinals; a Service's clusterIP; the roleRef "
                "of a binding; a Job's selector and template; a claim's spec, but that "
                "its storage grows; a StorageClass; the data of a ConfigMap or Secret "
                "that is immutable; a Secret's type.",
        .means = "The deploy fails at this object, with the others already changed. What "
                 "Kubernetes fills in by itself, and a size written in another way, are "
                 "no change.",
        .apply = "Writes it, and prints the step that lets the deploy go through.",
        .fix = "Take the step (most often: delete the object and deploy; of a "
               "StatefulSet with --cascade=orphan, so that its pods go on), or keep the "
               "old value in your overlay. Then accept the finding with a reason.",
    },
    {
        .code = "SG302",
        .rule = "data-at-risk",
        .title = "A claim with data is lost sight of",
        .severity = "error",
        .when = "A claim of the old result is not in the new one, or asks for less "
                "storage there. Claims are PersistentVolumeClaims, and what a "
                "StatefulSet makes of its claim templates, one a pod; their namespace "
                "counts. So it is found where a claim, a template or a StatefulSet is "
                "removed or gets another name or namespace, and where replicas are "
                "lowered.",
        .means = "Nothing uses the data any more, and what takes over begins empty. A "
                 "claim that a StatefulSet made stays in the cluster; a "
                 "PersistentVolumeClaim is deleted by a deploy that prunes.",
        .apply = "Writes it, and shows the finding first.",
        .fix = "Back up or copy the data before you deploy, or keep the claim in your "
               "overlay. Then accept the finding with a reason.",
    },
    {
        .code = "SG303",
        .rule = "dangling",
        .title = "A reference leads nowhere",
        .severity = "error where the old result had what is named; else info",
        .when = "An object names another one (a ConfigMap, Secret, claim, Service, "
                "ServiceAccount, role, class, scale target), or a key of a ConfigMap or "
                "Secret, that is not in the new result. Not where the reference is "
                "`optional`, where `external` of sgupgrade.yaml lists the object, where "
                "every cluster has it, or where it is a class or a volume that the "
                "old result did not have either: those the cluster's administrator "
                "brings.",
        .means = "Pods that need it do not start. Where the old result did not have it "
                 "either, something else brings it, most likely.",
        .apply = "Writes it.",
        .fix = "Name what is there now, bring the object with the overlay, or list it "
               "under `external`.",
    },
    {
        .code = "SG304",
        .rule = "removed-api",
        .title = "The cluster does not serve this API version",
        .severity = "error",
        .when = "sgupgrade.yaml names the cluster's version (`kubernetes:`), and an "
                "object of the result has an apiVersion that this version serves no "
                "more, or not yet.",
        .means = "The deploy fails at this object.",
        .apply = "Writes it.",
        .fix =
            "Use the version that the finding names; a patch in the overlay can change "
            "upstream's. Or correct `kubernetes:`.",
    },
    {
        .code = "SG305",
        .rule = "schema",
        .title = "An object does not fit its schema",
        .severity = "error; info where upstream's part alone has the same fault",
        .when =
            "An object of the result has a field that its kind does not have, a value "
            "of another type, or lacks a required field, by the schemas of "
            "Kubernetes 1.21 and 1.35 together. Kinds that neither has are left "
            "out, and so is `status`.",
        .means = "The API server refuses the object, or drops the field without a word.",
        .apply = "Writes it.",
        .fix = "Correct the spelling, the place or the type.",
    },
    {
        .code = "SG401",
        .rule = "base-edited",
        .title = "A vendored file was edited",
        .severity = "error, exit 3",
        .when = "The raw bytes of a vendored file differ from what the lock records.",
        .means = "The base is upstream's, byte for byte; an edit there would be lost in "
                 "the next upgrade. A difference in line ends alone is said so: a "
                 "checkout rewrote them.",
        .apply = "Stops with nothing written (exit 3).",
        .fix = "Move the edit into an overlay and restore the file from git; for line "
               "ends, keep the .gitattributes that init wrote.",
    },
    {
        .code = "SG402",
        .rule = "tag-moved",
        .title = "Upstream moved the tag you are on",
        .severity = "error, exit 3",
        .when = "Upstream was asked, and the tag of the locked version leads to another "
                "commit than the lock records, or is gone.",
        .means = "What the version stands for changed after you took it. That is how a "
                 "mistake is covered up, and how an attack looks.",
        .apply = "Stops with nothing written (exit 3).",
        .fix = "Ask upstream why. If the new contents are right, start from them with a "
               "fresh lock.",
    },
    {
        .code = "SG403",
        .rule = "unsigned",
        .title = "The tag's signature is not verified",
        .severity = "error, exit 3",
        .when = "sgupgrade.yaml asks for signed tags (`verify: {tags: signed}`).",
        .means = "This version of sgupgrade cannot verify signatures, and does not "
                 "pretend to.",
        .apply = "Stops with nothing written (exit 3).",
        .fix = "Verify the tag with `git verify-tag`, and set `verify: {tags: none}`.",
    },
    {
        .code = "SG404",
        .rule = "stale-render",
        .title = "rendered/ is not what the overlay renders to",
        .severity = "error",
        .when = "A file in rendered/ differs from what rendering writes there now (in "
                "more than its line ends), is missing, or is left over, also of an "
                "overlay that is gone.",
        .means = "What GitOps deploys from rendered/ is not what the overlays say.",
        .apply = "Rewrites rendered/, and removes what is left over.",
        .fix = "Commit what `apply` wrote; never edit rendered/ by hand.",
    },
    {
        .code = "SG405",
        .rule = "opaque",
        .title = "A part of the overlay was not rendered",
        .severity = "warning",
        .when = "A generator's input file is missing (a secret that is not in git), or "
                "the overlay has a step that runs a program (a Helm chart, an exec "
                "plugin, a container).",
        .means = "The comparison leaves this part out; rendered/ of this overlay is left "
                 "alone.",
        .apply = "Goes on.",
        .fix = "Nothing, where that is meant. Compare such an overlay in the pipeline "
               "that has the missing input.",
    },
    {
        .code = "SG501",
        .rule = "step",
        .title = "The upgrade takes more than one step at once",
        .severity = "error in `check --since`; info in a plan",
        .when = "The two locks are further apart than `path.step` of sgupgrade.yaml "
                "allows in one deployment.",
        .means = "The releases between must be deployed too, each before the next: their "
                 "migrations run when they start.",
        .apply = "Plans every hop and says which releases to deploy.",
        .fix = "Deploy the hops in order; in a pull request, one hop each.",
    },
    {
        .code = "SG502",
        .rule = "notes",
        .title = "Upstream asks for a manual step",
        .severity = "warning; error in `check --since` and `--to` until accepted",
        .when = "Upstream's notes have an entry for a version that the upgrade crosses.",
        .means = "Something must be done by hand before or after the deployment.",
        .apply = "Shows the note and goes on.",
        .fix = "Read it, do it, and accept the finding with a reason.",
    },
    {0},
};
