"""One upgrade of one generated overlay: made, upgraded by sgupgrade, compared with what is expected."""
import json
import shutil
from collections import Counter

from bench import KUSTOMIZE, SGUPGRADE, run
from edits import customer
from oracle import CODES, differences, expected, images_carried, made, predecessor, tokens
from releases import MISSING, load_objects, spell
from overlay import Overlay

OWN_NAMES = ("acme-nginx",)


class Case:
    """A customer of one jump, in one profile of shapes. `faults` holds (cause, text) of all that is wrong."""

    def __init__(self, old, new, seed, profile):
        self.old, self.new, self.seed, self.profile = old, new, seed, profile
        self.name = f"{old}-{new}-{seed}-{profile}"
        self.faults = []
        self.findings = []
        self.settings = 0

    def fault(self, cause, text):
        self.faults.append((cause, text))

    def run(self, bench):
        self.customer = customer(self.old, self.new, self.seed)
        self.overlay = Overlay(self.customer, self.profile)
        self.settings = len(self.customer.edits)
        home = bench.project(self.name, self.old)
        folder = home / "overlays" / "acme"
        self.overlay.write_to(folder)
        if self.is_as_meant(home, folder):
            self.upgrade(home, folder)
        return self

    # -- the two sides of a comparison

    def is_as_meant(self, home, folder):
        """Whether the overlay on the old release is what the model says: a check of the test itself."""
        want = self.reference(home, made(self.customer, self.overlay))
        got = self.build(folder)
        if want is None or got is None:
            return False
        self.compare("generator", want, got)
        return not self.faults

    def build(self, folder):
        """What the overlay renders; kustomize must render the same bytes."""
        built = run(SGUPGRADE, "build", folder)
        if built.returncode:
            self.fault("build", " ".join(l for l in built.stderr.splitlines() if "deprecated" not in l)[:400])
            return None
        other = run(KUSTOMIZE, "build", folder)
        if other.stdout != built.stdout:
            self.fault("parity", f"kustomize renders otherwise: {other.stderr.strip()[-300:]}")
        return load_objects(built.stdout)

    def reference(self, home, objects, images=()):
        """Objects with the transformers of the overlay run over them, by kustomize; `images`: entries more."""
        rest = self.overlay.rendered_by_kustomize()
        if not rest:
            return objects
        if images:
            rest["images"] = rest["images"] + list(images)
        folder = home / "reference"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "objects.yaml").write_text("---\n".join(self.overlay.dump(o) for o in objects.values()))
        for name, text in self.overlay.files.items():
            if name.startswith("text-"):
                (folder / name).write_text(text)
        (folder / "kustomization.yaml").write_text(self.overlay.dump({"resources": ["objects.yaml"], **rest}))
        built = run(KUSTOMIZE, "build", folder)
        if built.returncode:
            self.fault("reference", built.stderr.strip()[-300:])
            return None
        return load_objects(built.stdout)

    def compare(self, cause, want, got):
        for who, place, left, right in differences(want, got):
            text = f"{who[0]} {who[1]} {spell(place)}: expected {brief(left)}, is {brief(right)}"
            self.fault(cause, text + self.written_by(who, place))

    # -- the upgrade

    def upgrade(self, home, folder):
        applied = run(SGUPGRADE, "apply", "--to", self.new, "--allow-dirty", "-o", "json", cwd=home)
        try:
            plan = json.loads(applied.stdout)
        except ValueError:
            self.fault("apply", f"exit {applied.returncode}: {applied.stderr.strip()[-400:]}")
            return
        self.findings = [f for o in plan["overlays"] for f in o["findings"]]
        self.check_lost(plan)
        if applied.returncode:
            self.stopped(plan, applied)
            return
        got = self.build(folder)
        if got is not None:
            self.check_result(home, got)

    def stopped(self, plan, applied):
        stops = [f for f in self.findings + plan["findings"] if f.get("stops")]
        for f in stops:
            where = f["location"]
            text = f"{f['object']} {f['path']}: {f['message']} ({where['file']}:{where['line']})"
            self.fault(f"stop {f['code']}", text)
        if not stops:
            self.fault("stop", applied.stderr.strip()[-400:])

    def check_result(self, home, got):
        shown = {(kind, original(name)): o for (kind, name), o in got.items()}
        want, faults = expected(self.customer, self.overlay, shown, self.findings)
        images, more = images_carried(self.customer, self.overlay, shown, self.findings)
        for edit, cause, text in faults + more:
            self.fault(cause, f"{self.describe(edit)}: {text}")
        want = self.reference(home, want, images)
        if want is not None:
            self.compare("result", want, got)

    def check_lost(self, plan):
        """Every lost location is named by a record at or above it."""
        for overlay in plan["overlays"]:
            records = [(f["object"], tokens(f["path"])) for f in overlay["findings"] if f["code"] in CODES]
            for o in overlay["objects"]:
                near = [steps for who, steps in records if who == o["id"] or predecessor(who, o["id"])]
                for row in o["fields"]:
                    if row.get("state") == "lost" and not any(tokens(row["path"])[: len(n)] == n for n in near):
                        where = row.get("location", {})
                        text = f"{o['id']} {row['path']} ({where.get('file')}:{where.get('line')})"
                        self.fault("lost, unnamed", text)

    # -- words

    def written_by(self, who, place):
        """The shape of the edit that is behind a difference, if one is."""
        for e in self.customer.edits:
            near = e.place[: len(place)] == place or place[: len(e.place)] == e.place
            if near and e.who == (who[0], original(who[1])):
                return f"  <- {self.overlay.shape_of[e.number]}"
        return ""

    def describe(self, edit):
        shape = self.overlay.shape_of.get(edit.number, "images")
        return f"{edit.who[0]} {edit.who[1]} {spell(edit.place)} = {brief(edit.value)} ({shape})"

    def counts(self):
        """Findings by code, and records by what became of them."""
        records = [f for f in self.findings if f["code"] in CODES]
        return Counter(f["code"] for f in self.findings), Counter(f["resolved"] for f in records)


def original(name):
    return name if name in OWN_NAMES else name.removeprefix("acme-")


def brief(value):
    text = "nothing" if value is MISSING else json.dumps(value)
    return text if len(text) < 80 else text[:60] + "..."
