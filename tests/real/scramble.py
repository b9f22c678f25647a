"""Random changes to real manifests: set, delete, add, move, rename, reorder, retype, anywhere in an object.

An object stays one: it keeps its kind, and has an apiVersion and a name.
"""
import copy

from releases import identity

VALUES = ["acme", "", "1", "true", "null", "a: b", "- x", "#", "12:30", " two  words ", "line\nline\n", "~", "é"]
VALUES += [0, 7, -1, 1.5, True, False, "$(NAME)", "*", "&a", "yes", "0644", "1e3", "2020-01-01", [], {}]
SUBTREES = [["a", "b"], {"acme": "yes"}, {"acme": {"deep": [1, {"x": "y"}]}}, [{"name": "acme", "value": "1"}]]
FIXED = [("apiVersion",), ("kind",), ("metadata",), ("metadata", "name")]
FIXED_KEYS = ["apiVersion", "kind", "metadata"]


def free_key(root, node, key):
    """A key that may be written there: not what the object is found by."""
    fixed = FIXED_KEYS if node is root else ["name"] if node is root["metadata"] else []
    return "acme" if key in fixed or not isinstance(key, str) else key


class Scrambler:
    """Random changes of objects; `log` says which."""

    def __init__(self, objects, rng):
        self.objects, self.random = objects, rng
        self.log = []

    def change(self, count):
        for _ in range(count):
            who = self.random.choice(sorted(self.objects))
            how = self.random.choice(HOW)
            getattr(self, how)(self.objects[who], who)
            self.log.append(f"{how} {who[0]}/{who[1]}")

    # -- choosing places

    def holders(self, root, kinds=(dict, list), place=()):
        """Every (place, node) of a map or list."""
        if isinstance(root, kinds):
            yield place, root
        for key, child in root.items() if isinstance(root, dict) else enumerate(root):
            if isinstance(child, (dict, list)):
                yield from self.holders(child, kinds, place + (key,))

    def spot(self, root, accepts=lambda value: True):
        """A (holder, key) whose value may change, or None."""
        spots = []
        for place, node in self.holders(root):
            for key, value in node.items() if isinstance(node, dict) else enumerate(node):
                if place + (key,) not in FIXED and accepts(value):
                    spots.append((node, key))
        return self.random.choice(spots) if spots else None

    def holder(self, root, kinds=(dict, list)):
        return self.random.choice([n for _, n in self.holders(root, kinds)])

    def value(self):
        many = VALUES if self.random.random() < 0.8 else SUBTREES
        return copy.deepcopy(self.random.choice(many))

    # -- the changes

    def set(self, root, _):
        node, key = self.spot(root, lambda v: not isinstance(v, (dict, list)))
        was = node[key]
        if isinstance(was, str) and "\n" in was:
            lines = was.split("\n")
            lines.insert(self.random.randrange(len(lines)), self.random.choice(["# acme", "", "  x", "\tx ", "a: b"]))
            node[key] = "\n".join(lines)
        elif isinstance(was, int) and not isinstance(was, bool):
            node[key] = was + self.random.randrange(1, 9)
        else:
            node[key] = f"{was}-acme" if self.random.random() < 0.5 else self.value()

    def delete(self, root, _):
        node, key = self.spot(root)
        del node[key]

    def add(self, root, _):
        node = self.holder(root)
        if isinstance(node, dict):
            key = self.random.choice(["acme", "acme.example/key", "a b", "1", "yes", "~tilde", "name", "value"])
            node[free_key(root, node, key)] = self.value()
            return
        element = copy.deepcopy(self.random.choice(node)) if node and self.random.random() < 0.7 else self.value()
        if isinstance(element, dict) and "name" in element and self.random.random() < 0.8:
            element["name"] = f"acme-{self.random.randrange(100)}"
        node.insert(self.random.randrange(len(node) + 1), element)

    def move(self, root, _):
        node, key = self.spot(root)
        value = node.pop(key)
        target = self.holder(root)
        if isinstance(target, dict):
            target[free_key(root, target, key)] = value
        else:
            target.insert(self.random.randrange(len(target) + 1), value)

    def rename(self, root, who):
        """A key, an element, the object, or the API it is of."""
        roll = self.random.random()
        if roll < 0.05:
            root["apiVersion"] = self.random.choice(["v1", "acme.example/v1", "apps/v1beta2", "extensions/v1beta1"])
            return
        if roll < 0.2:
            root["metadata"]["name"] = f"acme-{who[1]}-{self.random.randrange(1000)}"
            self.objects[identity(root)] = self.objects.pop(who)
            return
        if roll < 0.6:
            named = [n for p, n in self.holders(root, dict) if "name" in n and p != ("metadata",)]
            if named:
                self.random.choice(named)["name"] = f"acme-{self.random.randrange(1000)}"
                return
        node = self.holder(root, dict)
        keys = [k for k in node if node is not root and free_key(root, node, k) == k]
        if keys:
            key = self.random.choice(keys)
            node[f"{key}-acme"] = node.pop(key)

    def reorder(self, root, _):
        lists = [n for _, n in self.holders(root, list) if len(n) > 1]
        if lists:
            self.random.shuffle(self.random.choice(lists))

    def retype(self, root, _):
        node, key = self.spot(root)
        was = node[key]
        if isinstance(was, (dict, list)):
            node[key] = self.random.choice([None, "acme", {}, [], list(was), {"acme": was}, [was]])
        elif isinstance(was, str):
            node[key] = self.random.choice([[was], {was: was}, None, len(was), was.isdigit()])
        else:
            node[key] = self.random.choice([str(was), [was], None, {"acme": was}])

    def drop_object(self, _, who):
        del self.objects[who]

    def add_object(self, root, _):
        other = copy.deepcopy(root)
        other["metadata"]["name"] += f"-acme-{self.random.randrange(1000)}"
        self.objects[identity(other)] = other


HOW = 4 * ["set", "delete", "add", "move", "rename", "reorder", "retype"] + ["drop_object", "add_object"]
