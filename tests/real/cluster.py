"""Manifests as a cluster reads them, and what differs between two sets of them, field by field.

Of a key written twice the last counts; a null in a map is no field; numbers and booleans are what kubectl takes
them for. Lists that Kubernetes merges by key compare by key and without order, but for initContainers and env
that uses $(NAME); every other list compares with order.
"""
import re
from typing import NamedTuple

import yaml

from releases import At, ELEMENT_KEYS, MISSING, Nth, element_key, identity

MERGED = ELEMENT_KEYS.keys() - {"volumeClaimTemplates"}
INT = r"[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
FLOAT = r"[-+]?(?:[0-9][0-9_]*)?\.?[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"


class ClusterLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """kubectl knows no dates and no numbers to the base of 60, and takes 1e3 for a number."""


ClusterLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if tag.split(":")[-1] not in ("int", "float", "timestamp")]
    for first, rows in ClusterLoader.yaml_implicit_resolvers.items()
}
for name, pattern in (("int", INT), ("float", FLOAT)):
    number = re.compile(rf"^(?=[-+.]?[0-9]|[-+]?\.[inIN])(?:{pattern})$")
    ClusterLoader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", number, list("-+.0123456789"))


def documents(text):
    return list(yaml.load_all(text, ClusterLoader))


def objects_in(texts):
    """The objects in the texts of some files, by identity; an object written twice counts as the last."""
    found = {}
    for text in texts:
        for document in documents(text):
            if is_object(document):
                found[identity(document)] = as_stored(normal(document))
    return found


def as_stored(document):
    """An object without an empty map of annotations, which no API server keeps and kustomize never writes; and with
    the namespace of the service accounts that a RoleBinding names, which is its own where nothing is said."""
    metadata, subjects = document["metadata"], document.get("subjects")
    if metadata.get("annotations") == {}:
        del metadata["annotations"]
    for subject in subjects if document["kind"] == "RoleBinding" and isinstance(subjects, list) else []:
        if isinstance(subject, dict) and subject.get("kind") == "ServiceAccount" and "namespace" in metadata:
            subject.setdefault("namespace", metadata["namespace"])
    return document


def is_object(document):
    metadata = document.get("metadata") if isinstance(document, dict) else None
    return isinstance(metadata, dict) and bool(document.get("kind")) and isinstance(metadata.get("name"), str)


def normal(node):
    """A node as the API gets it, in JSON: without nulls in maps, and 1e3 is 1000."""
    if isinstance(node, dict):
        return {k: normal(v) for k, v in node.items() if v is not None}
    if isinstance(node, list):
        return [normal(e) for e in node]
    return int(node) if isinstance(node, float) and node.is_integer() else node


class Difference(NamedTuple):
    """Where two sets of objects differ; MISSING where there is nothing."""

    who: tuple
    place: tuple
    want: object
    got: object


def differences(want, got):
    """Every Difference between two sets of objects."""
    for who in sorted(want.keys() | got.keys()):
        for place, left, right in differ(want.get(who, MISSING), got.get(who, MISSING), ()):
            yield Difference(who, place, left, right)


def differ(left, right, place):
    """Every (place, left, right) in which two nodes differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys(), key=str):
            yield from differ(left.get(key, MISSING), right.get(key, MISSING), place + (key,))
    elif isinstance(left, list) and isinstance(right, list):
        yield from differ_lists(left, right, place)
    elif type(left) is not type(right) or left != right:
        yield place, left, right


def differ_lists(left, right, place):
    holder = place[-1] if isinstance(place[-1], str) else ""
    mine, theirs = by_key(holder, left), by_key(holder, right)
    if mine is None or theirs is None:
        if len(left) != len(right):
            yield place, left, right
            return
        for index, pair in enumerate(zip(left, right)):
            yield from differ(*pair, place + (Nth(index),))
        return
    for key in list(mine) + [k for k in theirs if k not in mine]:
        yield from differ(mine.get(key, MISSING), theirs.get(key, MISSING), place + (At(key),))
    if is_ordered(holder, left + right) and in_both(mine, theirs) != in_both(theirs, mine):
        yield place, list(mine), list(theirs)


def by_key(holder, elements):
    """The elements of a list by merge key; None where it has none, or one twice."""
    if holder not in MERGED or not all(isinstance(e, dict) for e in elements):
        return None
    keys = [element_key(holder, e) for e in elements]
    plain = all(k is not None and not isinstance(k, (dict, list)) for k in keys)
    unique = plain and len({str(k) for k in keys}) == len(keys)
    return {str(k): e for k, e in zip(keys, elements)} if unique else None


def is_ordered(holder, elements):
    """Whether the order of a merged list means something."""
    uses = holder == "env" and any("$(" in str(e.get("value")) for e in elements)
    return uses or holder == "initContainers"


def in_both(mine, theirs):
    return [key for key in mine if key in theirs]
