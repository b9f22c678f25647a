"""An overlay folder that makes the edits of a customer, in all the shapes that customers write.

Each object's edits are dealt out to one to three shapes. The order in which kustomize runs them is fixed:
components, patchesStrategicMerge, patches (strategic before JSON here), patchesJson6902; so an index in a JSON
patch is computed on a copy of the object to which the earlier edits were made.
"""
import copy
import dataclasses
import json
import random

import yaml

from releases import At, Dumper, MISSING, Nth, REPLACED_WHOLE, element_key, hops, is_keyed, new_element, position, put
from releases import release, take, value_at

# In the order in which kustomize runs them.
SHAPES = ["component", "component-json", "legacy", "file", "inline", "several", "json", "json-inline", "json6902"]
JSON_SHAPES = {"component-json", "json", "json-inline", "json6902"}
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
        self.modelled = []  # edits that the model makes, as written and in order; the others are made by kustomize's transformers
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
        shapes = sorted(self.random.sample(self.profile, self.random.randint(1, min(3, len(self.profile)))), key=SHAPES.index)
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
            return self.random.choice(strategic or ["file"])  # an `add` would make the port that upstream adds a second time
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
        entry = {"target": {"version": root["apiVersion"].rpartition("/")[2], **target}} if shape == "json6902" else {"target": target}
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
        """Text as people write it: long strings as literal blocks, now and then quoted with their line ends escaped."""
        dumper = Dumper if self.random.random() < 0.15 else LiteralDumper
        return yaml.dump(node, Dumper=dumper, sort_keys=False, width=110)

    def dump_inline(self, document):
        """An inline patch; kustomize drops its last line end, so no literal block may stand there."""
        return self.dump(document) if document["kind"] != "ConfigMap" else yaml.dump(document, Dumper=Dumper, sort_keys=False)

    def write_to(self, folder):
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def repository(image):
    """An image's name without tag and digest."""
    image = image.split("@")[0]
    return image.rsplit(":", 1)[0] if ":" in image.split("/")[-1] else image


def is_json_patch(entry):
    return entry.get("patch", "").startswith("- op:")


def only_by_index(place):
    """Whether no strategic merge patch reaches that place alone."""
    inside = any(isinstance(s, At) and place[i - 1] in REPLACED_WHOLE for i, s in enumerate(place))
    return inside or any(isinstance(s, Nth) for s in place)


def make(root, edit):
    if edit.deletes:
        take(root, edit.place)
    else:
        put(root, edit.place, edit.value)


def strategic_patch(who, root, edits):
    """A strategic merge patch with these edits."""
    patch = {"apiVersion": root["apiVersion"], "kind": who[0], "metadata": {"name": who[1]}}
    for edit in edits:
        if not edit.place:
            return {**patch, "$patch": "delete"}
        put_patch(patch, root, edit)
    return patch


def put_patch(patch, root, edit):
    """Add one edit, with the merge keys that lead to it."""
    node, last = patch, len(edit.place) - 1
    for index, step in enumerate(edit.place):
        if isinstance(step, At):
            node = patch_element(node, root, edit.place[: index + 1])
            if index == last:
                node.update({"$patch": "delete"} if edit.deletes else edit.value)
        elif index == last:
            node[step] = None if edit.deletes else copy.deepcopy(edit.value)
        else:
            node = node.setdefault(step, [] if isinstance(edit.place[index + 1], At) else {})


def patch_element(elements, root, place):
    """The element of a list in the patch, made with the merge key as the base writes it."""
    for element in elements:
        if element_key(place[-2], element) == place[-1].key:
            return element
    found = value_at(root, place)
    element = new_element(place[-2], place[-1].key)
    if place[-2] == "ports" and found is not MISSING:
        element = {k: found[k] for k in ("containerPort", "port", "protocol") if k in found}
    elif place[-2] == "ports" and "containers" in place:
        element["containerPort"] = element.pop("port")
    elements.append(element)
    return element


def patched_first(node, patch, holder=""):
    """Order lists as kustomize leaves them: the elements that a patch names come first."""
    if isinstance(patch, dict) and isinstance(node, dict):
        for key, inner in patch.items():
            patched_first(node.get(key), inner, key)
    elif is_keyed(holder, patch) and isinstance(node, list) and holder not in REPLACED_WHOLE:
        place = {element_key(holder, e): i for i, e in enumerate(patch)}
        node.sort(key=lambda e: place.get(element_key(holder, e), len(patch)))
        for element in node:
            if element_key(holder, element) in place:
                patched_first(element, patch[place[element_key(holder, element)]])


def removals_last(edit):
    return edit.deletes, isinstance(edit.place[-1], At)


def operation(root, edit):
    """One JSON operation with a comment that names the elements; makes the edit to the object.

    Returns the edit as written with the text: where a map or list is not there yet, the operation adds all of it,
    and on a release that has it, replaces it.
    """
    pointer, names, node, left = "", [], root, edit.place
    while len(left) > 1:
        holder = edit.place[-len(left) - 1] if len(left) < len(edit.place) else ""
        try:
            below = node[left[0]] if isinstance(left[0], str) else node[position(node, holder, left[0])]
        except KeyError:
            break
        if below is None:
            break
        pointer += "/" + token(node, holder, left[0], names)
        node, left = below, left[1:]
    holder = edit.place[-len(left) - 1] if len(left) < len(edit.place) else ""
    there = value_at(root, edit.place) not in (MISSING, None)  # a strategic patch before takes a null away
    pointer += "/-" if isinstance(left[0], At) and not there else "/" + token(node, holder, left[0], names)
    value = None if edit.deletes else wrap(left, edit.value)
    op = "remove" if edit.deletes else "replace" if there else "add"
    make(root, edit)
    comment = f"  # {' '.join(names)}" if names else ""
    text = f"- op: {op}{comment}\n  path: {json.dumps(pointer) if pointer.endswith('-') else pointer}\n"
    if edit.deletes:
        return edit, text
    written = dataclasses.replace(edit, place=edit.place[: len(edit.place) - len(left) + 1], value=value)
    return written, text + f"  value: {json.dumps(value)}\n"


def wrap(left, value):
    """The value of an `add` above the place, with what is missing between."""
    for holder, step in reversed(list(zip(left, left[1:]))):
        value = [value] if isinstance(step, At) else {step: value}
    return value


def token(node, holder, step, names):
    if isinstance(step, str):
        return escape(step)
    if isinstance(step, At):
        names.append(step.key)
    return str(position(node, holder, step))


def escape(key):
    return key.replace("~", "~0").replace("/", "~1")
