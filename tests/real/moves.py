"""Where things went between two neighbouring releases, by hand, from reading the two.

Each row: the hop, what it was (kind, name, place), what it became, as a list of alternatives in order of
preference. GONE stands for "there is no such place any more": the setting is retired, and said so. What no row
names stays where it is; an object or element that is then absent is gone.
"""
from releases import At

GONE = None
POD = ("spec", "template", "spec")
CONTAINERS = POD + ("containers",)


def same_object(hop, who, place, *alternatives):
    return (hop, who, place, [a if a is GONE else (who, a) for a in alternatives])


GRAFANA = ("3.15.1", "3.16.0")
DEPLOYED = ("Deployment", "grafana")
STATEFUL = ("StatefulSet", "grafana")
CLAIM = ("PersistentVolumeClaim", "grafana")
TEMPLATE = ("spec", "volumeClaimTemplates", At("grafana-data"))
BUNDLES = ("Deployment", "precise-code-intel-bundle-manager")
BUNDLE_ENV = CONTAINERS + (At("precise-code-intel-bundle-manager"), "env")

MOVES = [
    # Redis: the container takes the name of its Deployment.
    same_object(
        ("3.11.4", "3.12.5"),
        ("Deployment", "redis-cache"),
        CONTAINERS + (At("redis"),),
        CONTAINERS + (At("redis-cache"),),
    ),
    same_object(
        ("3.11.4", "3.12.5"),
        ("Deployment", "redis-store"),
        CONTAINERS + (At("redis"),),
        CONTAINERS + (At("redis-store"),),
    ),
    # Grafana: a Deployment with a claim becomes a StatefulSet with a claim template. How a Deployment replaces
    # its pods has no exact counterpart in a StatefulSet; the volume of the claim is no volume of the pod now.
    (GRAFANA, DEPLOYED, ("spec", "strategy"), [(STATEFUL, ("spec", "updateStrategy")), GONE]),
    (GRAFANA, DEPLOYED, ("spec", "progressDeadlineSeconds"), [GONE]),
    (GRAFANA, DEPLOYED, POD + ("volumes", At("data")), [(STATEFUL, POD + ("volumes", At("data"))), GONE]),
    (GRAFANA, DEPLOYED, (), [(STATEFUL, ())]),
    (GRAFANA, CLAIM, ("spec",), [(STATEFUL, TEMPLATE + ("spec",))]),
    (GRAFANA, CLAIM, ("metadata",), [(STATEFUL, TEMPLATE + ("metadata",)), GONE]),
    (GRAFANA, CLAIM, (), [GONE]),
    # Another name for the same folder; the old one set beside it is complete and stays.
    same_object(
        GRAFANA,
        BUNDLES,
        BUNDLE_ENV + (At("LSIF_STORAGE_ROOT"),),
        BUNDLE_ENV + (At("LSIF_STORAGE_ROOT"),),
        BUNDLE_ENV + (At("PRECISE_CODE_INTEL_BUNDLE_DIR"),),
        GONE,
    ),
    # Grafana's data sources: the same text under another file name.
    same_object(
        ("3.17.2", "3.18.0"),
        ("ConfigMap", "grafana"),
        ("data", "prometheus.yml"),
        ("data", "datasources.yml"),
        ("data", "prometheus.yml"),
    ),
]


def moved(hop, who, place):
    """The alternatives for a place over one hop; the place itself where no row names it."""
    for at, whose, above, alternatives in MOVES:
        if at == hop and whose == who and place[: len(above)] == above:
            return [a if a is GONE else (a[0], a[1] + place[len(above) :]) for a in alternatives], True
    return [(who, place)], False
