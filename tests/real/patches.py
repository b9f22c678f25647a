"""The text of patches: strategic merge patches, and JSON operations by index, as a customer writes them."""
import copy
import dataclasses
import json

from releases import At, MISSING, Nth, REPLACED_WHOLE, element_key, is_keyed, new_element
from releases import position, put, take, value_at

JSON_SHAPES = {"component-json", "json", "json-inline", "json6902"}


def repository(image):
    """An image's name without tag and digest."""
    image = image.split("@")[0]
    return image.rsplit(":", 1)[0] if ":" in image.split("/")[-1] else image


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
