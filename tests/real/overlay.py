"""An overlay folder that makes the edits of a customer, in all the shapes that customers write.

Each object's edits are dealt out to one to three shapes. The order in which kustomize runs them is fixed:
components, patchesStrategicMerge, patches (strategic before JSON here), patchesJson6902; so an index in a JSON
patch is computed on a copy of the object to which the earlier edits were made.
"""
import copy
import random

import yaml

from patches import JSON_SHAPES, make, only_by_index, operation, patched_first, removals_last, repository
from patches import strategic_patch
from releases import At, Dumper, hops, release, value_at

# In the order in which kustomize runs them.
SHAPES = ["component", "component-json", "legacy", "file", "inline", "several", "json", "json-inline", "json6902"]
PROFILES = {
    "mixed": SHAPES,
    "strategic": ["component", "legacy", "file", "inline", "several"],
    "json": ["component-json", "json", "json-inline", "json6902"],
    "plain": SHAPES,  # patches alone: no generators, no transformers
}


class LiteralDumper(Dumper):
    """Writes every text of several lines as a literal block."""


def represent_text(dumper, text):
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


LiteralDumper.add_representer(str, represent_text)


class Overlay:
    """The files of an overlay by name, and what its kustomization says that the model leaves to kustomize."""

    def __init__(self, customer, profile="mixed", without=frozenset()):
        self.customer, self.without = customer, without
        self.seed = f"{customer.old} {customer.new} {customer.seed} {profile}"
        self.random = random.Random(self.seed)
        self.name, self.profile = profile, PROFILES[profile]
        # `images` and a PodSecurityPolicy do not go together: kustomize refuses.
        line = {customer.old} | {h[1] for h in hops(customer.old, customer.new)}
        self.policies = any(kind == "PodSecurityPolicy" for v in line for kind, _ in release(v))
        self.files = {}
        self.patches, self.legacy, self.json6902, self.components = [], [], [], []
        self.generators, self.transformers = [], {}
        self.multi = {"several-0": [], "several-1": [], "component": []}
        self.shape_of = {}  # edit number: shape
        self.steps = []  # (shape, identity, edits, the JSON operations or None), as kustomize runs them
        self.modelled = []  # the edits by patches, as written and in order; the others are left to kustomize
        self.write()

    def write(self):
        self.add_transformers()
        by_object = {}
        for edit in self.customer.edits:
            if not self.by_transformer(edit):
                by_object.setdefault(edit.who, []).append(edit)
        for who, edits in by_object.items():
            self.write_object(who, edits)
        self.write_several()
        self.write_own()
        self.write_kustomization()

    # -- transformers and generators

    def by_transformer(self, edit):
        """Some images and ConfigMap texts by what kustomize has for them."""
        if self.name in ("json", "plain"):
            return False
        if edit.place[-1:] == ("image",) and not self.policies and self.random.random() < 0.3:
            self.add_image(edit)
        elif edit.who[0] == "ConfigMap" and edit.place[:1] == ("data",) and not edit.deletes:
            if self.random.random() >= 0.5:
                return False
            self.add_generator(edit)
        else:
            return False
        return True

    def add_image(self, edit):
        name = repository(value_at(release(self.customer.old)[edit.who], edit.place))
        entries = self.transformers.setdefault("images", {})
        if self.random.random() < 0.5:
            entries[name] = {"name": name, "newName": edit.value.split(":")[0]}
        else:
            entries[name] = {"name": name, "newTag": edit.value.split(":")[1]}
        self.shape_of[edit.number] = "images"

    def add_generator(self, edit):
        key = edit.place[-1]
        name = f"text-{edit.number}-{key}"
        self.files[name] = edit.value
        entry = next((g for g in self.generators if g["name"] == edit.who[1]), None)
        if entry is None:
            entry = {"name": edit.who[1], "behavior": "merge", "files": []}
            if self.random.random() < 0.5:
                entry["options"] = {"disableNameSuffixHash": True}
            self.generators.append(entry)
        entry["files"].append(f"{key}={name}")
        self.shape_of[edit.number] = "generator"

    # -- patches of one object

    def write_object(self, who, edits):
        self.random = random.Random(f"{self.seed} {who}")
        root = copy.deepcopy(release(self.customer.old)[who])
        count = self.random.randint(1, min(3, len(self.profile)))
        shapes = sorted(self.random.sample(self.profile, count), key=SHAPES.index)
        chunks = {shape: [] for shape in shapes}
        for edit in edits:
            shape = self.shape_for(edit, shapes)
            self.shape_of[edit.number] = shape
            chunks.setdefault(shape, []).append(edit)
        for shape in sorted(chunks, key=SHAPES.index):
            if chunks[shape]:
                self.write_chunk(shape, who, root, chunks[shape])

    def shape_for(self, edit, shapes):
        strategic = [s for s in shapes if s not in JSON_SHAPES]
        positional = [s for s in shapes if s in JSON_SHAPES]
        if not edit.place:
            return self.random.choice(strategic or ["file", "inline", "several"])
        if only_by_index(edit.place):
            return positional[-1] if positional else "json"
        if isinstance(edit.place[-1], At) and edit.changed and edit.place[-2] == "ports" and not edit.deletes:
            # An `add` would make the port that upstream adds a second time.
            return self.random.choice(strategic or ["file"])
        return self.random.choice(shapes)

    def write_chunk(self, shape, who, root, edits):
        self.random = random.Random(f"{self.seed} {who} {shape}")  # the same with and without some edits
        if shape in JSON_SHAPES:
            self.write_json(shape, who, root, edits)
            return
        self.modelled += edits
        kept = [e for e in edits if e.number not in self.without]
        self.steps.append((shape, who, kept, None))
        if not kept:
            return
        document = strategic_patch(who, root, kept)
        for edit in edits:
            if edit.place:
                make(root, edit)
        patched_first(root, document)
        name = f"{who[1]}.{who[0]}.yaml"
        if shape == "file":
            self.files[name] = self.dump(document)
            self.patches.append({"path": name})
        elif shape == "legacy":
            if self.random.random() < 0.5:
                self.files["legacy-" + name] = self.dump(document)
                self.legacy.append("legacy-" + name)
            else:
                self.legacy.append(self.dump_inline(document))
        elif shape == "inline":
            entry = {"patch": self.dump_inline(document)}
            if self.random.random() < 0.3 and edits[0].place:
                entry["target"] = {"kind": who[0], "name": who[1]}
            self.patches.append(entry)
        else:
            group = "component" if shape == "component" else self.random.choice(["several-0", "several-1"])
            self.multi[group].append(document)

    def write_several(self):
        for name in ("several-0", "several-1"):
            if self.multi[name]:
                self.files[f"{name}.yaml"] = "---\n".join(self.dump(d) for d in self.multi[name])
                self.patches.append({"path": f"{name}.yaml"})
        self.patches.sort(key=lambda p: "path" in p and p["path"].startswith("json-") or is_json_patch(p))

    def write_json(self, shape, who, root, edits):
        target = {"kind": who[0], "name": who[1]}
        group = root["apiVersion"].rpartition("/")[0]
        if group and self.random.random() < 0.5:
            target["group"] = group
            target["version"] = root["apiVersion"].rpartition("/")[2]
        operations = []
        for edit in sorted(edits, key=removals_last):
            edit, text = operation(root, edit)
            self.modelled.append(edit)
            if edit.number not in self.without:
                operations.append((edit, text))
        self.steps.append((shape, who, [e for e, _ in operations], [text for _, text in operations]))
        if not operations:
            return
        text = "".join(text for _, text in operations)
        name = f"{shape}-{who[1]}.{who[0]}.yaml"
        if shape == "json6902":
            target = {"version": root["apiVersion"].rpartition("/")[2], **target}
        entry = {"target": target}
        if shape == "component-json":
            self.files[f"component/{name}"] = text
            self.components.append({"path": name, "target": target})
        elif shape == "json-inline" or self.random.random() < 0.3:
            entry["patch"] = text
            (self.json6902 if shape == "json6902" else self.patches).append(entry)
        else:
            self.files[name] = text
            (self.json6902 if shape == "json6902" else self.patches).append({"path": name, **entry})

    # -- the rest

    def write_own(self):
        for who, document in sorted(self.customer.own.items()):
            self.files[f"own-{who[1]}.{who[0]}.yaml"] = self.dump(document)

    def write_kustomization(self):
        own = sorted(n for n in self.files if n.startswith("own-"))
        kustomization = {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": ["../../base"] + own,
        }
        if self.multi["component"]:
            self.files["component/several.yaml"] = "---\n".join(self.dump(d) for d in self.multi["component"])
            self.components.insert(0, {"path": "several.yaml"})
        if self.components:
            kustomization["components"] = ["component"]
            self.files["component/kustomization.yaml"] = self.dump(
                {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": self.components}
            )
        for field, value in (
            ("patchesStrategicMerge", self.legacy),
            ("patches", self.patches),
            ("patchesJson6902", self.json6902),
        ):
            if value:
                kustomization[field] = value
        kustomization.update(self.rendered_by_kustomize())
        self.files["kustomization.yaml"] = "# What we change about upstream's manifests.\n" + self.dump(kustomization)

    def add_transformers(self):
        if self.name != "mixed":
            return
        chance = self.random.random
        if chance() < 0.4:
            self.transformers["namespace"] = "code"
        if chance() < 0.2:
            self.transformers["namePrefix"] = "acme-"
        if chance() < 0.3:
            self.transformers["commonAnnotations"] = {"acme.example/owner": "platform"}
        if chance() < 0.3:
            self.transformers["labels"] = [{"pairs": {"acme.example/env": "prod"}, "includeTemplates": True}]
        if chance() < 0.4:
            self.transformers["replicas"] = [{"name": "gitserver", "count": 3}]
        if self.transformers.keys() & {"commonAnnotations", "labels"}:
            # patchesJson6902 run after these: a map that they add would replace what those wrote.
            self.profile = [s for s in self.profile if s != "json6902"]

    def rendered_by_kustomize(self):
        """The fields of the kustomization that the expected result leaves to kustomize."""
        fields = {k: (list(v.values()) if k == "images" else v) for k, v in self.transformers.items()}
        if self.generators:
            fields["configMapGenerator"] = self.generators
        return fields

    def dump(self, node):
        """Text as people write it: long strings as literal blocks, now and then quoted."""
        dumper = Dumper if self.random.random() < 0.15 else LiteralDumper
        return yaml.dump(node, Dumper=dumper, sort_keys=False, width=110)

    def dump_inline(self, document):
        """An inline patch; kustomize drops its last line end, so no literal block may stand there."""
        if document["kind"] != "ConfigMap":
            return self.dump(document)
        return yaml.dump(document, Dumper=Dumper, sort_keys=False)

    def write_to(self, folder):
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def is_json_patch(entry):
    return entry.get("patch", "").startswith("- op:")
