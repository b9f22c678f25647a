"""The same three changes on all objects: a namespace, a mirror registry, a label. As a model, and as `sed` does it."""
import copy
import re

from cluster import documents
from patches import repository

NAMESPACE = "code"
LABEL = ("acme.example/site", "berlin")
MIRROR = "mirror.acme.example"
OWN_REGISTRY = "registry.acme.example/"
UPSTREAM_REGISTRY = "index.docker.io/"
IN_NO_NAMESPACE = {"ClusterRole", "ClusterRoleBinding", "PodSecurityPolicy", "StorageClass"}


def mirrored(image):
    """The image in the mirror; the customer's own registry needs none."""
    if image.startswith((OWN_REGISTRY, MIRROR)):
        return image
    return f"{MIRROR}/{image.removeprefix(UPSTREAM_REGISTRY)}"


def images(node):
    """Every map with an image in a node."""
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from images(child)
    if isinstance(node, dict) and isinstance(node.get("image"), str):
        yield node


def repositories(objects):
    """The images in use, without tag and digest."""
    return {repository(c["image"]) for o in objects.values() for c in images(o.get("spec"))}


def sweep(objects):
    """The objects with all three changes."""
    objects = copy.deepcopy(objects)
    for (kind, _), o in objects.items():
        o["metadata"]["labels"] = {**(o["metadata"].get("labels") or {}), LABEL[0]: LABEL[1]}
        if kind not in IN_NO_NAMESPACE:
            o["metadata"]["namespace"] = NAMESPACE
        for subject in o.get("subjects") or []:
            subject["namespace"] = NAMESPACE
        for container in images(o.get("spec")):
            container["image"] = mirrored(container["image"])
    return objects


def sweep_text(text):
    """The text of one object's file with all three changes."""
    kind = documents(text)[0]["kind"]
    label = f"    {LABEL[0]}: {LABEL[1]}\n"
    text, found = re.subn(r"^(  labels:[ \t]*\n)(?=    )", rf"\g<1>{label}", text, count=1, flags=re.M)
    if not found:
        text = re.sub(r"^metadata:[ \t]*\n", rf"\g<0>  labels:\n{label}", text, count=1, flags=re.M)
    if kind not in IN_NO_NAMESPACE:
        text = re.sub(r"^  namespace: .*\n", "", text, flags=re.M)
        text = re.sub(r"^metadata:[ \t]*\n", rf"\g<0>  namespace: {NAMESPACE}\n", text, count=1, flags=re.M)
    text = re.sub(r"^(\s+-? ?image: )(\S+)", lambda m: m.group(1) + mirrored(m.group(2)), text, flags=re.M)
    return sweep_subjects(text)


def sweep_subjects(text):
    head, subjects, rest = text.partition("\nsubjects:\n")
    rest = re.sub(r"^ +namespace: .*\n?", "", rest, flags=re.M)
    rest = re.sub(r"^( *)- .*\n", rf"\g<0>\g<1>  namespace: {NAMESPACE}\n", rest, flags=re.M)
    return head + subjects + rest
