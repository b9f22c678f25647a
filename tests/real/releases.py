"""The eleven real releases as objects, and places inside an object.

A place is a tuple of steps: a map's key (str), or an element of a list: At(key) by its merge key, Nth(index)
where the list has none. Nothing here comes from sgupgrade: what the upgrade should do is computed beside it.
"""
import copy
import functools
import glob
import os
import pathlib
from typing import NamedTuple

import yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("SG_SHARED", ROOT.parent / "shared"))
UPSTREAM = SHARED / "real" / "upstream"


class At(NamedTuple):
    """An element by its merge key, written as sgupgrade's paths write it."""

    key: str


class Nth(NamedTuple):
    """An element of a list without a merge key."""

    index: int


# What tells the elements of a list apart, by the key that holds the list. A claim template has no merge key
# for kustomize: a strategic merge replaces the list, only a JSON patch reaches into it.
ELEMENT_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "volumes": "name",
    "env": "name",
    "imagePullSecrets": "name",
    "volumeMounts": "mountPath",
    "volumeClaimTemplates": "name",
    "ports": "port",
}
REPLACED_WHOLE = {"volumeClaimTemplates"}


def versions():
    """The releases, oldest first."""
    return sorted((name[1:] for name in os.listdir(UPSTREAM)), key=lambda v: [int(n) for n in v.split(".")])


def hops(old, new):
    """The neighbouring pairs that lead from one release to another."""
    line = versions()
    line = line[line.index(old) : line.index(new) + 1]
    return list(zip(line, line[1:]))


def base_folder(version):
    return UPSTREAM / f"v{version}" / "kubernetes" / "base"


def manifests(folder):
    """The manifests of a base, as paths from its folder, in the order in which they are listed."""
    found = glob.glob(f"{folder}/**/*.yaml", recursive=True)
    return sorted(os.path.relpath(f, folder) for f in found if not f.endswith("kustomization.yaml"))


def identity(document):
    """Kind and name: no release has one name twice in a kind."""
    return document["kind"], document["metadata"]["name"]


def load_objects(text):
    return {identity(d): d for d in yaml.load_all(text, Loader) if d}


@functools.lru_cache(maxsize=None)
def release(version):
    """The objects of a release by identity, parsed once; do not change them."""
    folder = base_folder(version)
    objects = {}
    for manifest in manifests(folder):
        objects.update(load_objects((folder / manifest).read_text()))
    return objects


def element_key(holder, element):
    """The merge key of an element of the list at `holder`, or None."""
    if not isinstance(element, dict) or holder not in ELEMENT_KEYS:
        return None
    if holder == "volumeClaimTemplates":
        return (element.get("metadata") or {}).get("name")
    if holder == "ports":
        number = element.get("containerPort", element.get("port"))
        return None if number is None else f"{number}/{element.get('protocol', 'TCP')}"
    return element.get(ELEMENT_KEYS[holder])


def step_of(holder, index, element):
    key = element_key(holder, element)
    return Nth(index) if key is None else At(str(key))


def is_keyed(holder, node):
    return isinstance(node, list) and bool(node) and all(element_key(holder, e) is not None for e in node)


def leaves(node, place=()):
    """Every (place, value) below a node: scalars, empty maps, and lists without merge keys as a whole."""
    if isinstance(node, dict) and node:
        for key, child in node.items():
            yield from leaves(child, place + (key,))
    elif place and is_keyed(place[-1], node):
        for index, element in enumerate(node):
            yield from leaves(element, place + (step_of(place[-1], index, element),))
    else:
        yield place, node


def child(node, holder, step):
    """The node below by one step; KeyError where there is none."""
    if isinstance(step, str):
        if not isinstance(node, dict):
            raise KeyError(step)
        return node[step]
    return node[position(node, holder, step)]


def position(node, holder, step):
    """The index in a list that a step means; KeyError where there is none. Of two env of a name the last counts."""
    if isinstance(node, list):
        for index, element in reversed(list(enumerate(node))):
            if step == Nth(index) or step == step_of(holder, index, element):
                return index
    raise KeyError(step)


def reach(node, place):
    """How many steps of the place lead somewhere, and the node that they lead to."""
    holder = ""
    for count, step in enumerate(place):
        try:
            node = child(node, holder, step)
        except KeyError:
            return count, node
        holder = step if isinstance(step, str) else ""
    return len(place), node


MISSING = object()


def value_at(node, place):
    count, found = reach(node, place)
    return found if count == len(place) else MISSING


def new_element(holder, key):
    """A fresh element that has nothing but its key."""
    if holder == "volumeClaimTemplates":
        return {"metadata": {"name": key}}
    if holder == "ports":
        number, protocol = key.split("/")
        return {"port": int(number)} if protocol == "TCP" else {"port": int(number), "protocol": protocol}
    return {ELEMENT_KEYS[holder]: key}


def put(root, place, value):
    """Set a value, making the maps and elements that lead there."""
    node = root
    for index, step in enumerate(place[:-1]):
        node = below(node, place, index, step)
    if isinstance(place[-1], str):
        node[place[-1]] = copy.deepcopy(value)
        return
    try:
        node[position(node, place[-2], place[-1])] = copy.deepcopy(value)
    except KeyError:
        node.append(copy.deepcopy(value))


def below(node, place, index, step):
    """The node under one step of a place, made where there is none."""
    if isinstance(step, str):
        if node.get(step) is None:
            node[step] = [] if isinstance(place[index + 1], At) else {}
        return node[step]
    holder = place[index - 1]
    try:
        return node[position(node, holder, step)]
    except KeyError:
        element = new_element(holder, step.key)
        if "port" in element and "containers" in place:
            element = {"containerPort": element.pop("port"), **element}
        node.append(element)
        return element


def take(root, place):
    """Delete what is at a place, if it is there; a list or map that it empties stays empty."""
    node = value_at(root, place[:-1])
    try:
        if node is MISSING or node is None:
            return
        if isinstance(place[-1], str):
            del node[place[-1]]
        else:
            del node[position(node, place[-2], place[-1])]
    except KeyError:
        pass


def spell(place):
    """A place for people, as sgupgrade spells it."""
    text = ""
    for step in place:
        if isinstance(step, At):
            text += f"[{step.key}]"
        elif isinstance(step, Nth):
            text += f"[#{step.index}]"
        elif any(c in step for c in './"'):
            text += f'["{step}"]'
        else:
            text += f".{step}" if text else step
    return text


def changed_places(old, new):
    """Every (identity, place) whose value differs between two neighbouring releases."""
    before, after = release(old), release(new)
    for who in sorted(before.keys() | after.keys()):
        was = dict(leaves(before.get(who, {})))
        now = dict(leaves(after.get(who, {})))
        for place in sorted(was.keys() | now.keys(), key=repr):
            if place and was.get(place, MISSING) != now.get(place, MISSING):
                yield who, place
