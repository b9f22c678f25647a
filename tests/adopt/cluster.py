"""Manifests as a cluster takes them, and whether two sets of them are the same: no code of the program's is behind it.

Of a key written twice the last counts, of an object in two places the last that `kubectl apply -R` reads; null in a
map is no field; an item of a list with a merge key is where its key is, but for the order of initContainers and of
env with $(NAME).
"""
import json
import os
import re

import yaml

FIELDS = {  # lists with merge keys, by their parent's field and their own; "": any parent
    ("", "containers"): ("name",), ("", "initContainers"): ("name",), ("", "env"): ("name",),
    ("", "volumes"): ("name",), ("", "volumeMounts"): ("mountPath",), ("", "volumeDevices"): ("devicePath",),
    ("containers", "ports"): ("containerPort", "protocol"), ("initContainers", "ports"): ("containerPort", "protocol"),
    ("spec", "ports"): ("port", "protocol"), ("", "imagePullSecrets"): ("name",), ("", "hostAliases"): ("ip",),
    ("", "topologySpreadConstraints"): ("topologyKey", "whenUnsatisfiable"), ("", "secrets"): ("name",),
}
KINDS = ("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Service",
         "ServiceAccount")


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML as Kubernetes' Go library reads it: no times, and y, on, 1e3 are what YAML 1.1 has them for."""
    yaml_implicit_resolvers = {}


for tag, pattern, first in (
        ("bool", r"y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF", "yYnNtTfFoO"),
        ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
         "-+.0123456789"),
        ("int", r"[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+", "-+0123456789"),
        ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]), ("merge", r"<<", "<")):
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(f"^(?:{pattern})$"), list(first))
for letters in Loader.yaml_implicit_resolvers.values():  # an int is tried before a float
    letters.sort(key=lambda rule: rule[0].endswith(":float"))


def number(loader, node):
    """As JSON has it, where 1.0 is 1."""
    value = float(node.value.lower().replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
    return int(value) if value.is_integer() else value


Loader.bool_values = dict(yaml.SafeLoader.bool_values, y=True, n=False)
Loader.add_constructor("tag:yaml.org,2002:float", number)
Loader.add_constructor("tag:yaml.org,2002:merge", lambda loader, node: node.value)  # as a value it is text


def documents(text):
    """-> the objects of a file, lists taken apart."""
    if text.lstrip()[:1] in (b"{", "{"):
        yield from items(json.loads(text))
        return
    for document in yaml.load_all(text, Loader):
        yield from items(document)


def items(document):
    if not isinstance(document, dict):
        return
    if str(document.get("kind", "")).endswith("List") and isinstance(document.get("items"), list):
        for item in document["items"]:
            yield from items(item)
    elif all(name_of(document)[at] for at in (1, 3)):
        yield document


def name_of(document):
    """-> group, kind, namespace, name."""
    metadata, group = document.get("metadata") or {}, str(document.get("apiVersion")).rpartition("/")[0]
    return group, document.get("kind"), metadata.get("namespace") or "", metadata.get("name")


def plain(value):
    """Without null in maps."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items() if item is not None}
    return [plain(item) for item in value] if isinstance(value, list) else value


def walk(folder):
    """As kubectl's: the entries of a folder by name, each folder where its name is."""
    for name in sorted(os.listdir(folder), key=os.fsencode):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            yield from walk(path)
        elif name.endswith((".yaml", ".yml", ".json")) and not name.startswith("kustomization."):
            yield path


def of_folder(folder):
    found = {}
    for path in walk(folder):
        with open(path, "rb") as data:
            text = data.read()
        if text[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" not in text:
            found.update(of_text(text))
    return found


def stored(document):
    """As an API server takes it: it knows no empty map of annotations (and kustomize writes none), and a service
    account that a RoleBinding names without a namespace is of the binding's (and kustomize writes that)."""
    document = plain(document)
    metadata = document["metadata"]
    if metadata.get("annotations") == {}:
        del metadata["annotations"]
    for subject in document.get("subjects") or [] if document["kind"] == "RoleBinding" else []:
        if isinstance(subject, dict) and subject.get("kind") == "ServiceAccount" and "namespace" in metadata:
            subject.setdefault("namespace", metadata["namespace"])
    return document


def of_text(text):
    return {name_of(d): stored(d) for d in documents(text)}


def differences(one, two):
    """-> a line for each difference of two sets of objects."""
    lines = []
    for name in sorted(one.keys() | two.keys()):
        label = "/".join(filter(None, name))
        if name not in one or name not in two:
            lines.append(f"{label}: only in the {'fork' if name in one else 'render'}")
        else:
            compare(one[name], two[name], label, one[name]["kind"] in KINDS, "", "", lines)
    return lines


def restarts(one, two):
    """-> kind, namespace and name of the workloads that are the same but for the order of a list in their template."""
    def rolls(name):
        spec = one[name].get("spec") or {}
        return (name[1] in ("Deployment", "StatefulSet", "DaemonSet") and
                (spec.get("updateStrategy") or {}).get("type") != "OnDelete" and
                spec.get("template") != (two[name].get("spec") or {}).get("template"))
    return [name[1:] for name in one if name in two and not differences({name: one[name]}, {name: two[name]}) and
            rolls(name)]


def compare(a, b, path, known, parent, field, lines):
    if type(a) is not type(b):
        lines.append(f"{path}: {a!r} is not {b!r}")
    elif isinstance(a, dict):
        for key in sorted(a.keys() | b.keys()):
            if key in a and key in b:
                compare(a[key], b[key], f"{path}.{key}", known, field, key, lines)
            else:
                lines.append(f"{path}.{key}: {a.get(key, '(nothing)')!r} is not {b.get(key, '(nothing)')!r}")
    elif isinstance(a, list):
        compare_lists(a, b, path, known, parent, field, lines)
    elif a != b:
        lines.append(f"{path}: {a!r} is not {b!r}")


def compare_lists(a, b, path, known, parent, field, lines):
    key = (FIELDS.get((parent, field)) or FIELDS.get(("", field))) if known else None
    named = [by_key(items, key) for items in (a, b)]
    if len(a) != len(b):
        lines.append(f"{path}: {len(a)} elements are not {len(b)}: {a!r}, {b!r}")
    elif None in named or ordered(field, a + b):
        for index, (one, two) in enumerate(zip(a, b)):
            compare(one, two, f"{path}[{index}]", known, "", field, lines)
    elif named[0].keys() != named[1].keys():
        lines.append(f"{path}: {sorted(named[0])} is not {sorted(named[1])}")
    else:
        for name in named[0]:
            compare(named[0][name], named[1][name], f"{path}[{name}]", known, "", field, lines)


def by_key(elements, key):
    """None where the key does not tell all of them apart."""
    if key is None or not all(isinstance(e, dict) and key[0] in e for e in elements):
        return None
    found = {tuple(str(e.get(k, "TCP")) for k in key): e for e in elements}
    return found if len(found) == len(elements) else None


def ordered(field, elements):
    return field == "initContainers" or (field == "env" and any("$(" in str(e.get("value", "")) for e in elements))
