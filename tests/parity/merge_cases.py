"""Random pairs of a manifest and a strategic merge patch, as YAML text; see patches.py.

A case is a function of its seed alone. Values are drawn so that everything the merge decides by
occurs often: elements with equal, missing and repeated keys, nulls in each spelling, empty maps
and lists, directives in every place, scalars in every style.
"""

import random

NAMES = ["a", "b", "c", "d"]
SCALARS = ["1", "2", '"1"', "'2'", "x", '"y z"', "true", '"true"', "0x1f", "1.50", "yes", '"no"',
           "'a: b'", '""', '"null"', "~x", "08"]
NULLS = ["null", "~", ""]
DIRECTIVES = ["delete", "replace", "merge"]


class Case:
    """One pair; `base` and `patch` are the texts of `spec` and what goes beside it."""

    def __init__(self, seed, wild=True):
        self.rng = random.Random(seed)
        self.wild = wild
        self.in_patch = False

    def chance(self, p):
        return self.rng.random() < p

    def scalar(self):
        return self.rng.choice(SCALARS)

    def null(self):
        return self.rng.choice(NULLS if self.in_patch or self.chance(0.5) else ["null"])

    def map(self, pairs, directive=0.06):
        """`{k: v, …}` of the pairs, in random order, sometimes with a directive."""
        pairs = list(pairs)
        if self.in_patch and self.chance(directive):
            value = self.rng.choice(DIRECTIVES) if self.chance(0.97) else "odd"
            pairs.append(("$patch", value))
        self.rng.shuffle(pairs)
        return "{" + ", ".join("%s: %s" % pair for pair in pairs) + "}"

    def some(self, makers, p=0.5):
        """Pairs of a random subset of `makers`, now and then nulled."""
        for key, make in makers.items():
            if self.chance(p):
                yield key, (self.null() if self.chance(0.08) else make())

    def list(self, make, most=4):
        items = [make() for _ in range(self.rng.randint(0, most))]
        if self.wild and self.chance(0.04):
            items.insert(self.rng.randint(0, len(items)), self.rng.choice(["null", "{}"]))
        if self.in_patch and self.chance(0.08):
            marker = "{$patch: %s}" % self.rng.choice(DIRECTIVES)
            items.insert(self.rng.randint(0, len(items)), marker)
        return "[" + ", ".join(items) + "]"

    def plain_list(self):
        return self.list(self.scalar, 3)

    def any_map(self, depth=2):
        def value():
            roll = self.rng.random()
            if depth > 0 and roll < 0.3:
                return self.any_map(depth - 1)
            if roll < 0.45:
                return self.plain_list()
            if roll < 0.5:
                return "{}"
            return self.scalar()
        return self.map(self.some({name: value for name in NAMES}, 0.4))

    def keyed(self, keys, rest, p_key=0.96):
        """An element: key -> values to draw from; a key is missing now and then."""
        pairs = [(key, self.rng.choice(values)) for key, (values, p) in keys.items()
                 if self.chance(p if p < 1 or not self.wild else p_key)]
        if self.wild and self.chance(0.01):
            pairs = [(key, self.null()) for key, _ in pairs]
        return self.map(pairs + list(self.some(rest, 0.4)), 0.1)

    def port(self, key):
        return lambda: self.keyed(
            {key: (["80", "81", '"80"'], 1), "protocol": (["TCP", "UDP"], 0.6)},
            {"name": self.scalar, "targetPort": self.scalar})

    def env(self):
        return self.keyed({"name": (NAMES, 1)}, {"value": self.scalar,
                                                 "valueFrom": self.any_map})

    def mount(self):
        return self.keyed({"mountPath": (["/x", "/y", "/z"], 1)}, {"name": self.scalar})

    def container(self):
        return self.keyed({"name": (NAMES, 1)}, {
            "image": self.scalar,
            "args": self.plain_list,
            "env": lambda: self.list(self.env),
            "ports": lambda: self.list(self.port("containerPort"), 3),
            "volumeMounts": lambda: self.list(self.mount),
            "resources": self.any_map,
            "envFrom": lambda: self.list(self.any_map, 2)}, 0.98)

    def pod_spec(self):
        return self.map(self.some({
            "containers": lambda: self.list(self.container),
            "initContainers": lambda: self.list(self.container, 2),
            "volumes": lambda: self.list(
                lambda: self.keyed({"name": (NAMES, 1)}, {"emptyDir": self.any_map,
                                                          "secret": self.any_map})),
            "tolerations": lambda: self.list(self.any_map, 2),
            "nodeSelector": self.any_map,
            "imagePullSecrets": lambda: self.list(lambda: self.keyed({"name": (NAMES, 1)}, {})),
            "topologySpreadConstraints": lambda: self.list(lambda: self.keyed(
                {"topologyKey": (["h", "z"], 1), "whenUnsatisfiable": (["D", "S"], 0.8)},
                {"maxSkew": self.scalar}), 3)}, 0.55), 0.02)

    def template(self):
        return self.map(self.some({"spec": self.pod_spec}, 0.95), 0.01)

    def workload(self):
        return self.map(self.some({"template": self.template, "replicas": self.scalar,
                                   "strategy": self.any_map}, 0.8), 0.01)

    def metadata(self):
        pairs = [("finalizers", lambda: self.list(
            lambda: self.rng.choice(["f/a", "f/b", "f/c", "1", '"1"']), 3)),
            ("ownerReferences", lambda: self.list(
                lambda: self.keyed({"uid": (["u", "v"], 1)}, {"name": self.scalar}), 2))]
        return list(self.some(dict(pairs), 0.25))

    def body(self):
        kinds = [
            ("apps/v1", "Deployment", "spec", self.workload, 5),
            ("apps/v1", "StatefulSet", "spec", self.workload, 2),
            ("v1", "Service", "spec", lambda: self.map(self.some({
                "ports": lambda: self.list(self.port("port")),
                "selector": self.any_map, "type": self.scalar}, 0.8), 0.01), 3),
            ("v1", "ServiceAccount", "secrets", lambda: self.list(
                lambda: self.keyed({"name": (NAMES, 1)}, {"kind": self.scalar})), 1),
            ("example.com/v1", "Widget", "spec", self.workload, 1),
            ("example.com/v1", "Widget", "spec", lambda: self.map(
                [("apiVersion", "apps/v1"), ("kind", "Deployment"),
                 ("spec", self.workload())], 0), 1),
        ]
        return self.rng.choices(kinds, [kind[-1] for kind in kinds])[0]

    def documents(self, name):
        """(base, patch) for an object of this name."""
        api_version, kind, field, make, _ = self.body()
        texts = []
        for self.in_patch in (False, True):
            meta = "{" + ", ".join(["name: " + name] + ["%s: %s" % p for p in self.metadata()]) + "}"
            lines = ["apiVersion: " + api_version, "kind: " + kind, "metadata: " + meta]
            if self.chance(0.95):
                lines.append("%s: %s" % (field, make()))
            if self.in_patch and self.wild and self.chance(0.02):
                lines.append("$patch: " + self.rng.choice(DIRECTIVES))
            texts.append("\n".join(lines) + "\n")
        return texts
