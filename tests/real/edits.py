"""What a customer changes about a release: every place that upstream changes on the way, and thirty others.

The kinds of edits are those that real forks held: storage classes and sizes, hosts and TLS, resources,
replicas, env, secrets mounted, schedules, probes, text of ConfigMaps, objects removed and objects added.
A seed decides values and which edits; the same seed makes the same edits.
"""
import copy
import random
import re
from dataclasses import dataclass, field

from catalogue import OWN_OBJECTS, OTHERS, REMOVABLE
from releases import At, MISSING, Nth, changed_places, hops, leaves, release, value_at

DELETE = "\0delete"
IDENTITY = {("kind",), ("apiVersion",), ("metadata", "name"), ("metadata", "namespace")}
KEY_FIELDS = {"ports": {"port", "containerPort", "protocol"}, "volumeMounts": {"mountPath"}}
# An element of these that upstream adds is no place of the customer's before: adding it too is a collision.
WHOLE = {"containers", "initContainers", "volumes", "volumeClaimTemplates"}
WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet"}


@dataclass(frozen=True)
class Edit:
    """One setting: at this place of this object, this value, or DELETE. `changed`: upstream touches it too."""

    number: int
    who: tuple
    place: tuple
    value: object = field(hash=False)
    changed: bool

    @property
    def deletes(self):
        return isinstance(self.value, str) and self.value == DELETE


@dataclass
class Customer:
    """All that one customer does to one release."""

    old: str
    new: str
    seed: int
    edits: list
    own: dict


def customer(old, new, seed):
    """The edits on `old` of a customer who will go to `new`."""
    return Generator(old, new, seed).customer()


class Generator:
    def __init__(self, old, new, seed):
        self.old, self.new, self.seed = old, new, seed
        self.random = random.Random(f"{old} {new} {seed}")
        self.objects = release(old)
        self.edits = []
        self.taken = {}  # identity: places edited, none above or below another

    def customer(self):
        self.remove_objects()
        for hop in hops(self.old, self.new):
            for who, place in changed_places(*hop):
                if who in self.objects:
                    self.edit_changed(who, place, release(hop[1]))
        self.edit_others(30)
        own = {name: copy.deepcopy(o) for name, o in OWN_OBJECTS.items() if self.random.random() < 0.5}
        return Customer(self.old, self.new, self.seed, self.edits, own)

    # -- choosing places

    def free(self, who, place):
        """Whether no edit is at, above or below a place."""
        mine = self.taken.setdefault(who, {})
        above = (place[:n] in mine for n in range(len(place) + 1))
        return not any(above) and not any(p[: len(place)] == place for p in mine)

    def add(self, who, place, value, changed):
        if not self.free(who, place):
            return False
        self.taken[who][place] = True
        self.edits.append(Edit(len(self.edits), who, place, value, changed))
        return True

    def remove_objects(self):
        """Objects that the customer does without, and those that upstream removes and the customer did before."""
        for group in REMOVABLE:
            if self.random.random() < 0.15 and all(who in self.objects for who in group):
                for who in group:
                    self.add(who, (), DELETE, False)
        for who in sorted(self.objects):
            if who not in release(self.new) and self.random.random() < 0.15:
                self.add(who, (), DELETE, True)

    def edit_changed(self, who, place, later):
        was = self.objects[who]
        if not editable(who, place):
            return
        if value_at(was, place) is MISSING:
            self.edit_before_upstream(who, place, later)
            return
        element = vanished_element(was, later.get(who, {}), place)
        if element and element[-2] not in WHOLE and self.random.random() < 0.15:
            self.add(who, element, DELETE, True)
            return
        value = value_at(was, place)
        if self.may_delete(was, place) and self.random.random() < 0.12:
            self.add(who, place, DELETE, True)
        else:
            self.add(who, place, self.another(place, value), True)

    def edit_before_upstream(self, who, place, later):
        """A place that upstream adds on the way: the customer may have set it already."""
        was = self.objects[who]
        for count, step in enumerate(place):
            if not isinstance(step, At) or value_at(was, place[: count + 1]) is not MISSING:
                continue
            holder = place[count - 1]
            element = value_at(later.get(who, {}), place[: count + 1])
            if holder in ("env", "ports") and element is not MISSING:
                self.add(who, place[: count + 1], self.own_element(holder, element), True)
            return
        value = value_at(later.get(who, {}), place)
        if value is MISSING or value is None or not parent_is_map(was, place):
            return
        self.add(who, place, self.another(place, value), True)

    def own_element(self, holder, element):
        if holder == "env":
            return {"name": element["name"], "value": f"acme-{self.random.randrange(100)}"}
        return {**element, "name": f"acme-{self.random.randrange(100)}"}

    def may_delete(self, root, place):
        """Not what an object cannot be without, nor more than one key of a map."""
        if place[-1] in ("image", "name", "type", "port", "claimName") or "selector" in place:
            return False
        if place[0] == "metadata":
            return False  # one of several patches with a null label makes it the text "null" in kustomize 5.8.1
        above = value_at(root, place[:-1])
        siblings = (e for e in self.edits if e.deletes and e.place[:-1] == place[:-1])
        return isinstance(above, dict) and len(above) > 1 and not any(siblings)

    def edit_others(self, count, catalogue=OTHERS):
        """Edits of the catalogue on objects of this release, where upstream leaves the customer alone."""
        many = [(who, place, value) for whose, place, value in catalogue for who in self.matching(whose)]
        self.random.shuffle(many)
        for who, place, value in many:
            if count == 0:
                break
            place = self.concrete(who, place)
            if place is None or not self.fits(who, place):
                continue
            value = value(self.objects[who]) if callable(value) else copy.deepcopy(value)
            count -= self.add(who, place, value, False)

    def matching(self, whose):
        kinds, names = whose
        return [w for w in sorted(self.objects) if re.fullmatch(kinds, w[0]) and re.fullmatch(names, w[1])]

    def concrete(self, who, place):
        """A place of the catalogue in this object: `containers[*]` is its first container."""
        if At("*") not in place:
            return place
        index = place.index(At("*"))
        elements = value_at(self.objects[who], place[:index])
        if elements is MISSING or not elements:
            return None
        first = elements[0]
        key = first["metadata"]["name"] if "metadata" in first else first["name"]
        return place[:index] + (At(key),) + place[index + 1 :]

    def fits(self, who, place):
        """The same list and elements lead there in every release on the way, where there is an index."""
        if not any(isinstance(step, Nth) for step in place):
            return True
        above = place[: next(i for i, s in enumerate(place) if isinstance(s, Nth))]
        line = [h[1] for h in hops(self.old, self.new)]
        lists = [value_at(release(v).get(who, {}), above) for v in line]
        return all(l == value_at(self.objects[who], above) for l in lists)

    # -- choosing values

    def another(self, place, value):
        """Another value of the same kind."""
        number = self.random.randrange(2, 90)
        name = place[-1]
        if name == "image":
            return f"registry.acme.example/{value.split('/')[-1].split(':')[0].split('@')[0]}:acme-{number}"
        if name in ("cpu", "memory", "storage"):
            return f"{number}00m" if name == "cpu" else f"{number}{'00' if name == 'storage' else ''}Gi"
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return value + number
        if isinstance(value, str) and "\n" in value:
            lines = value.split("\n")
            at = self.random.randrange(1, len(lines))
            return "\n".join(lines[:at] + [f"# acme {number}"] + lines[at:])
        if isinstance(value, list):
            return copy.deepcopy(value) + [self.another_item(value, number)]
        if value is None or isinstance(value, dict):
            return [{"name": f"ACME_{number}", "value": "1"}] if name == "env" else {}
        return f"acme-{number}"

    def another_item(self, value, number):
        if value and isinstance(value[0], dict):
            item = copy.deepcopy(value[0])
            for key, inner in item.items():
                if isinstance(inner, list) and inner and isinstance(inner[0], str):
                    item[key] = [f"acme{number}"]
                elif isinstance(inner, str) and key == "name":
                    item[key] = f"acme-{number}"
            return item
        return f"--acme={number}"


def editable(who, place):
    """Whether customers change this place: not what an object or element is found by."""
    if place in IDENTITY or (who[0] in WORKLOADS and place[:2] == ("spec", "selector")):
        return False
    if len(place) > 2 and isinstance(place[-2], At):
        return place[-1] not in KEY_FIELDS.get(place[-3], {"name"})
    return place[-3:-1] != ("metadata", At) and place[-2:] != ("metadata", "name")


def vanished_element(was, now, place):
    """The outermost element on the way to a place that the later object no longer has, or None."""
    for count in range(1, len(place)):
        if isinstance(place[count], At) and value_at(now, place[: count + 1]) is MISSING:
            return place[: count + 1]
    return None


def parent_is_map(root, place):
    """Whether a key can be added there: what is above is a map, or nothing yet."""
    for count in range(len(place)):
        node = value_at(root, place[:count])
        if node is MISSING:
            return True
        if not isinstance(node, dict) and not isinstance(node, list):
            return False
    return isinstance(value_at(root, place[:-1]), dict)


