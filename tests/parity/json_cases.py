"""Random manifests and JSON patches, as YAML text; see patches.py.

Most operations name a place that is there (or one beside it), so that most patches apply.
"""

import json
import random

SCALARS = ["1", "2", '"1"', "'2'", "x", "y z", "true", '"true"', "0x1f", "1.50", "yes", "'no'",
           "'a: b'", '""', "null", "2020-01-01", "1_000", "010", "[]", "{}", "12345678901234567",
           "1e3", "1.0", "-0.0", "~", "-5", "off", "'y'", '"l1\\nl2"']
KEYS = ["a", "b", "c", "x/y", "t~u"]
ODD = ["-", "-1", "-2", "-9", "01", "+1", "x~1y", "t~0u", "", "7", "a", "b", "0", "1", "name"]


class Case:
    """A widget with nested maps and lists, and a patch of a few operations on it."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.paths = []

    def value(self, depth, path=None):
        """Text of a random value; notes its places under `path`."""
        if path is not None:
            self.paths.append(path)
        roll = self.rng.random()
        if depth == 0 or roll < 0.3:
            return self.rng.choice(SCALARS)
        if roll < 0.7:
            keys = self.rng.sample(KEYS, self.rng.randint(1, 4))
            return "{" + ", ".join(
                "%s: %s" % (json.dumps(key), self.value(depth - 1, self.below(path, key)))
                for key in keys) + "}"
        return "[" + ", ".join(self.value(depth - 1, self.below(path, str(i)))
                               for i in range(self.rng.randint(0, 3))) + "]"

    def below(self, path, key):
        if path is None:
            return None
        return path + "/" + key.replace("~", "~0").replace("/", "~1")

    def path(self, beside):
        path = self.rng.choice(self.paths)
        roll = self.rng.random()
        if beside and roll < 0.4:
            return path.rpartition("/")[0] + "/" + self.rng.choice(ODD)
        if roll > 0.97:
            return path + "/" + self.rng.choice(ODD)
        if roll > 0.96:
            return self.rng.choice(["", "/", "spec/a", "x/spec", "spec", "/spec/"])
        return path

    def operation(self):
        op = self.rng.choice(["add", "add", "replace", "remove", "test", "move", "copy"])
        if self.rng.random() < 0.005:
            op = "Add"
        path = self.path(op in ("add", "move", "copy") or self.rng.random() < 0.15)
        fields = ["op: " + op, "path: " + json.dumps(path)]
        if op in ("move", "copy"):
            fields.append("from: " + json.dumps(self.path(self.rng.random() < 0.1)))
        elif op == "test":
            state = self.rng.getstate()
            fields.append("value: " + self.tested.get(path, self.value(1)))
            self.rng.setstate(state)
            self.rng.random()
        elif op != "remove" and self.rng.random() < 0.99:
            fields.append("value: " + self.value(2))
        return "- {" + ", ".join(fields) + "}"

    def documents(self, name):
        """(base, patch) for an object of this name."""
        self.tested = {}
        pairs = []
        for key in ["a", "b", "x/y"]:
            path = self.below("/spec", key)
            text = self.value(3, path)
            self.tested[path] = text
            pairs.append("%s: %s" % (json.dumps(key), text))
        base = ("apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: %s}\nspec: {%s}\n"
                % (name, ", ".join(pairs)))
        count = self.rng.choice([1, 1, 1, 2, 3])
        return base, "\n".join(self.operation() for _ in range(count)) + "\n"
