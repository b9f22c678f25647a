"""How much an overlay says, and how much a fork changed: leaves set or deleted, identity keys excepted."""
import pathlib

from cluster import by_key, documents, in_both, is_ordered
from releases import ELEMENT_KEYS, MISSING

IDENTITY = [("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace")]
ELEMENT_IDENTITY = {"ports": {"port", "containerPort", "protocol"}}
# What a kustomization says that sets something, but for resources, components, patches and transformers.
SETTINGS = ["namespace", "namePrefix", "nameSuffix", "commonLabels", "commonAnnotations", "labels"]
SETTINGS += ["replicas", "configMapGenerator", "secretGenerator", "replacements"]
PATCHES = ["patches", "patchesStrategicMerge", "patchesJson6902"]
NO_SETTING = ["name", "behavior", "options", "includeSelectors", "includeTemplates", "fieldSpecs", "fields"]
NO_SETTING += ["apiVersion", "kind", "metadata"]


def weight(node, holder=""):
    """The leaves of a node."""
    if isinstance(node, dict) and node:
        return sum(weight(v, k) for k, v in node.items() if not str(k).startswith("$"))
    if isinstance(node, list) and node:
        return sum(weight_of_element(e, holder) for e in node)
    return 1


def weight_of_element(element, holder):
    """Without its merge key; an element that is nothing else is one leaf, as one that is deleted."""
    if not isinstance(element, dict) or holder not in ELEMENT_KEYS:
        return weight(element)
    keys = ELEMENT_IDENTITY.get(holder, {ELEMENT_KEYS[holder]})
    rest = {k: v for k, v in element.items() if k not in keys and not str(k).startswith("$")}
    return weight(rest) if rest else 1


def weight_of_object(document):
    """The leaves of an object: whole, or a strategic merge patch."""
    if document.get("$patch") == "delete":
        return 1
    rest = {k: v for k, v in document.items() if (k,) not in IDENTITY}
    metadata = document.get("metadata") or {}
    rest["metadata"] = {k: v for k, v in metadata.items() if ("metadata", k) not in IDENTITY}
    return sum(weight(v, k) for k, v in rest.items() if v != {} or k != "metadata")


# -- the fork


def changed(base, fork):
    """The leaf differences of a fork from its base."""
    total = 0
    for who in base.keys() | fork.keys():
        if who not in fork:
            total += 1
        elif who not in base:
            total += weight_of_object(fork[who])
        else:
            total += changed_node(base[who], fork[who], "")
    return total


def changed_node(before, after, holder):
    if after is MISSING:
        return 1
    if isinstance(before, dict) and isinstance(after, dict):
        keys = before.keys() | after.keys()
        return sum(changed_node(before.get(k, MISSING), after.get(k, MISSING), k) for k in keys)
    if isinstance(before, list) and isinstance(after, list):
        old, new = by_key(holder, before), by_key(holder, after)
        if old is not None and new is not None:
            return changed_list(old, new, holder)
    if type(before) is type(after) and before == after:
        return 0
    return weight(after, holder)


def changed_list(old, new, holder):
    if is_ordered(holder, [*old.values(), *new.values()]) and in_both(old, new) != in_both(new, old):
        return weight(list(new.values()), holder)
    total = sum(k not in new for k in old)
    for key, element in new.items():
        total += changed_node(old[key], element, "") if key in old else weight_of_element(element, holder)
    return total


# -- the overlay


def said(folder):
    """The leaves that a kustomization sets or deletes, with its components and files."""
    folder = pathlib.Path(folder)
    kustomization = read(folder / "kustomization.yaml")[0]
    total = sum(setting(kustomization[name]) for name in SETTINGS if name in kustomization)
    total += len(kustomization.get("images", []))  # name and tag are one field
    for _, document in patches_of(folder, kustomization):
        total += weight_of_patch(document)
    for text in kustomization.get("transformers", []):
        total += sum(setting(d) for d in (documents(text) if "\n" in text else read(folder / text)))
    for name in kustomization.get("resources", []) + kustomization.get("components", []):
        if (folder / name).is_file():
            total += sum(weight_of_object(d) for d in read(folder / name) if d)
        elif (folder / name).resolve().name != "base":
            total += said(folder / name)
    return total


def setting(node):
    """What one entry sets: not the name that it is found by, nor where it goes."""
    if isinstance(node, dict) and node.get("kind") == "ImageTagTransformer":
        return 1  # as an entry of images
    if isinstance(node, dict) and "behavior" in node:
        node = {k: v for k, v in node.items() if k != "namespace"}  # of a generator; a file is one leaf
    if isinstance(node, dict):
        return sum(setting(v) for k, v in node.items() if k not in NO_SETTING)
    return sum(setting(e) for e in node) if isinstance(node, list) else 1


def patches_of(folder, kustomization):
    """Every (target, document) of the patches of a kustomization; a document is a list of operations, or a patch."""
    for field in PATCHES:
        for entry in kustomization.get(field, []):
            inline = entry if isinstance(entry, str) and "\n" in entry else None
            entry = entry if isinstance(entry, dict) else {"path": entry}
            inline = entry.get("patch", inline)
            for document in documents(inline) if inline else read(folder / entry["path"]):
                if document:
                    yield entry.get("target", {}), document


def weight_of_patch(document):
    if isinstance(document, list):
        return sum(weight_of_operation(o) for o in document)
    return weight_of_object(document)


def weight_of_operation(operation):
    if operation["op"] == "test":
        return 0
    if "value" not in operation:
        return 1
    tokens = operation["path"].split("/")
    at_element = tokens[-1].isdigit() or tokens[-1] == "-"
    holder = next(t for t in reversed(tokens) if not t.isdigit() and t != "-")
    return (weight_of_element if at_element else weight)(operation["value"], holder)


def read(path):
    return documents(path.read_text())
