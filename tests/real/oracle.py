"""What the upgrade must come to: every edit made again on the new release, where its place is now.

An edit goes hop by hop through the releases, as the upgrade does. Over a hop its place stays, moves
(moves.py), or is gone: then the plan must name it. Where more than one outcome is right, the first that the
result shows is taken, and the rest of the result must still be exactly the new release.
"""
import copy
from dataclasses import dataclass, field

from edits import Edit
from moves import GONE, MOVES, moved
from releases import At, MISSING, hops, leaves, reach, release, spell, value_at
from patches import JSON_SHAPES, make, repository

CODES = {"SG201", "SG202", "SG203", "SG205"}
RESOLVED = {"kept", "carried", "retired", "reanchored", "rewritten"}
# What an element must have to be one without the base.
COMPLETE = {
    "env": [{"value"}, {"valueFrom"}],
    "volumes": [{"secret"}, {"configMap"}, {"persistentVolumeClaim"}, {"emptyDir"}],
    "volumeMounts": [{"name"}],
    "containers": [{"image"}],
    "initContainers": [{"image"}],
    "ports": [set()],
    "imagePullSecrets": [set()],
}


@dataclass
class Outcome:
    """The places that an edit may have in the end, by preference; whether it may be gone; whether the plan
    must name it, and where it was when the plan had to."""

    edit: object
    places: list
    gone: bool = False
    named: list = field(default_factory=list)


def outcome(edit, shape, customer, group):
    """Follow one edit through the hops. `group`: all edits of the same object."""
    result = Outcome(edit, [(edit.who, edit.place)])
    for hop in hops(customer.old, customer.new):
        later = []
        for who, place in result.places:
            alternatives, by_row = moved(hop, who, place)
            if by_row:
                result.named.append((who, place))
            for alternative in alternatives:
                stays, may_go = False, True
                if alternative is not GONE:
                    stays, may_go = stands(hop, (who, place), alternative, edit, shape, group)
                if stays and alternative not in later:
                    later.append(alternative)
                if may_go:
                    result.gone = True
                    result.named.append((who, place))
        result.places = later
    if edit.deletes and not result.places:
        result.gone, result.named = True, []  # nothing to lose: what it deletes is gone
    return result


def stands(hop, was, alternative, edit, shape, group):
    """Whether an edit can go from its place to one of the later release, and whether it may be gone instead."""
    who, place = alternative
    now = release(hop[1]).get(who)
    if now is None:
        return False, True
    count, _ = reach(now, place)
    if count == len(place) or (count == len(place) - 1 and shape not in JSON_SHAPES and isinstance(place[-1], str)):
        return True, False
    existed, _ = reach(release(hop[0]).get(was[0], {}), was[1])
    if existed <= count:
        return True, False  # it is the customer who adds this
    if edit.deletes:
        return True, True
    if isinstance(place[count], At):
        return complete(place[: count + 1], group), True
    return True, shape in JSON_SHAPES


def complete(element, group):
    """Whether what the customer sets in an element makes one alone."""
    given = set()
    for edit in group:
        if edit.place == element and not edit.deletes:
            given |= edit.value.keys()
        elif edit.place[: len(element)] == element and not edit.deletes:
            given.add(edit.place[len(element)])
    return any(need <= given for need in COMPLETE.get(element[-2], []))


def made(customer, overlay):
    """The objects of the old release with every edit where it was made."""
    objects = copy.deepcopy(release(customer.old))
    for edit in overlay.modelled:
        if edit.place:
            make(objects[edit.who], edit)
        else:
            del objects[edit.who]
    objects.update(copy.deepcopy(customer.own))
    return objects


def expected(customer, overlay, actual, findings):
    """The objects that the new overlay must render, and the faults in how lost settings are reported.

    `actual` holds the objects as rendered, names and namespaces as upstream's; it decides only between
    alternatives that are both right.
    """
    objects = copy.deepcopy(release(customer.new))
    faults = []
    for edit in overlay.modelled:
        shape = overlay.shape_of[edit.number]
        group = [e for e in overlay.modelled if e.who == edit.who]
        settle(outcome(edit, shape, customer, group), objects, actual, findings, faults)
    objects.update(copy.deepcopy(customer.own))
    return objects, faults


def images_carried(customer, overlay, actual, findings):
    """The entries of `images` that the new overlay must have besides its old ones, and the faults.

    Where upstream takes an image from another repository, an entry for the old one has no effect: the upgrade
    carries it to the new name, or says that it is retired.
    """
    carried, faults = {}, []
    for entry in overlay.transformers.get("images", {}).values():
        for who, place in image_places(made(customer, overlay), entry["name"]):
            edit = Edit(-1, who, place, entry, True)
            for where, there in outcome(edit, "images", customer, []).places:
                image = value_at(release(customer.new).get(where, {}), there)
                if image is MISSING or repository(image) == entry["name"]:
                    continue
                shown = value_at(actual.get(where, {}), there)
                if isinstance(shown, str) and has_entry(shown, entry):
                    carried[repository(image)] = {**entry, "name": repository(image)}
                elif not any(names(f, who, place) for f in findings):
                    faults.append((edit, "unnamed", f"the image is now {repository(image)}"))
    return list(carried.values()), faults


def has_entry(image, entry):
    """Whether an image is one that an entry of `images` made."""
    return entry.get("newName") == repository(image) or image.endswith(":" + entry.get("newTag", ":"))


def image_places(objects, name):
    """Where an image of that name is used."""
    for who, o in sorted(objects.items()):
        for place, value in leaves(o):
            if place[-1:] == ("image",) and isinstance(value, str) and repository(value) == name:
                yield who, place


def settle(found, objects, actual, findings, faults):
    """Take the outcome that the result shows, and write it to the expected objects."""
    edit = found.edit
    places = [p for p in found.places if p[0] in objects]
    if edit.deletes:
        for who, place in places[:1]:
            if place:
                make(objects[who], _moved_edit(edit, who, place))
            else:
                objects.pop(who, None)
        return
    shown = next((p for p in places if value_at(actual.get(p[0], {}), p[1]) == edit.value), None)
    if shown is None and not found.gone:
        shown = places[0] if places else None
    if shown:
        make(objects[shown[0]], _moved_edit(edit, *shown))
    if shown == (edit.who, edit.place):
        return
    were = found.named or [(edit.who, edit.place)]
    if not any(names(f, who, place, shown is None and bool(places)) for f in findings for who, place in were):
        faults.append((edit, "unnamed", f"no record says that it is {'elsewhere' if shown else 'retired'}"))


def _moved_edit(edit, who, place):
    return type(edit)(edit.number, who, place, edit.value, edit.changed)


def names(finding, who, place, retired=False):
    """Whether a finding is a record of what became of this place; `retired`: that it was set aside.

    A record of an object that was carried names what could not go along in its message.
    """
    if finding["code"] not in CODES or finding.get("resolved") not in RESOLVED:
        return False
    if not same_object(finding["object"], who) and not became(who, finding["object"]):
        return False
    if not covers(finding["path"], place):
        return False
    return not retired or finding["resolved"] == "retired" or spell(place) in finding["message"]


def same_object(identity, who):
    parts = identity.split("/")
    return parts[-1].removeprefix("acme-") == who[1] and who[0] in parts


def became(who, identity):
    """Whether an object became, on some hop, the one that sgupgrade calls by this identity."""
    for _, was, _, alternatives in MOVES:
        if was == who and any(a is not GONE and same_object(identity, a[0]) for a in alternatives):
            return True
    return False


def predecessor(identity, heir):
    """Whether the object of a record became the object of a row: the record speaks of it too."""
    return any(same_object(identity, was) and became(was, heir) for _, was, _, _ in MOVES)


def covers(path, place):
    """Whether a path as sgupgrade spells it is at or above a place."""
    steps = tokens(path)
    mine = [str(s[0]) if isinstance(s, tuple) else s for s in place]
    return [s.lstrip("#") for s in steps] == mine[: len(steps)]


def tokens(path):
    """The steps of a spelled path: `a.b[c]["d.e"]` are a, b, c and d.e."""
    steps, at = [], 0
    while at < len(path):
        if path.startswith('["', at):
            end = path.index('"]', at)
            steps.append(path[at + 2 : end])
            at = end + 2
        elif path[at] == "[":
            end = path.index("]", at)
            steps.append(path[at + 1 : end])
            at = end + 1
        else:
            at += path[at] == "."
            end = min((i for i in (path.find(".", at), path.find("[", at)) if i >= 0), default=len(path))
            steps.append(path[at:end])
            at = end
    return steps


def differences(want, got):
    """Every (identity, place, expected, found) in which two sets of objects differ; order aside."""
    for who in sorted(want.keys() | got.keys()):
        if who not in want or who not in got:
            yield who, (), MISSING if who not in want else "the object", MISSING if who not in got else "the object"
            continue
        left, right = plain(want[who]), plain(got[who])
        for place in sorted(left.keys() | right.keys(), key=repr):
            if left.get(place, MISSING) != right.get(place, MISSING):
                yield who, place, left.get(place, MISSING), right.get(place, MISSING)


def plain(node):
    """The leaves of an object, without what says nothing: null, an empty map or list."""
    return {p: v for p, v in leaves(node) if v is not None and v != {} and v != []}
