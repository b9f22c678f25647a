#!/usr/bin/env python3
"""Upgrade generated overlays over real releases and compare the result with what test code expects.

usage: tests/real/jumps.py [--all] [--seeds N] [--first N] [--pair OLD NEW] [--profile P] [--keep DIR] [-j N] [-v]

--all takes all 55 jumps among the eleven releases instead of the ten neighbouring pairs.
"""
import argparse
import collections
import concurrent.futures
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from bench import KUSTOMIZE, SGUPGRADE, Bench, pairs_of, run
from edits import customer
from oracle import CODES, differences, expected, images_carried, tokens
from releases import MISSING, ROOT, SHARED, UPSTREAM, load_objects, release, spell, versions
from shapes import PROFILES, Overlay

class Case:
    """One customer of one jump, in one profile of shapes."""

    def __init__(self, old, new, seed, profile):
        self.old, self.new, self.seed, self.profile = old, new, seed, profile
        self.name = f"{old}-{new}-{seed}-{profile}"
        self.faults = []  # (cause, text)
        self.findings = []
        self.plan = {}
        self.edits = 0

    def fault(self, cause, text):
        self.faults.append((cause, text))

    def run(self, bench):
        self.customer = customer(self.old, self.new, self.seed)
        self.overlay = Overlay(self.customer, self.profile)
        self.edits = len(self.customer.edits)
        home = bench.project(self.name, self.old)
        folder = home / "overlays" / "acme"
        self.overlay.write_to(folder)
        if self.builds_as_meant(home, folder):
            self.upgrade(home, folder)
        return self

    def builds_as_meant(self, home, folder):
        """The overlay on the old release is what the model says: a check of the test itself."""
        objects = {w: o for w, o in release(self.old).items()}
        want, got = self.reference(home, made_on(objects, self)), self.build(folder)
        if want is None or got is None:
            return False
        bad = list(differences(want, got))
        for who, place, left, right in bad[:5]:
            self.fault("generator", f"{who[0]} {who[1]} {spell(place)}: meant {brief(left)}, rendered {brief(right)}")
        return not bad

    def build(self, folder):
        built = run(SGUPGRADE, "build", folder)
        if built.returncode:
            self.fault("build", [l for l in built.stderr.splitlines() if "deprecated" not in l][:3])
            return None
        if KUSTOMIZE and getattr(self, "with_kustomize", True):
            other = run(KUSTOMIZE, "build", folder)
            if other.stdout != built.stdout:
                self.fault("parity", f"kustomize renders otherwise: {other.stderr.strip()[-300:]}")
        return load_objects(built.stdout)

    def reference(self, home, objects, images=()):
        """Objects with the transformers of the overlay run over them, by kustomize; `images`: entries more."""
        rest = self.overlay.rendered_by_kustomize()
        if images:
            rest["images"] = rest["images"] + list(images)
        if not rest:
            return objects
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

    def upgrade(self, home, folder):
        applied = run(SGUPGRADE, "apply", "--to", self.new, "--allow-dirty", "-o", "json", cwd=home)
        try:
            self.plan = json.loads(applied.stdout)
        except ValueError:
            self.fault("apply", f"exit {applied.returncode}: {applied.stderr.strip()[-400:]}")
            return
        self.findings = [f for o in self.plan["overlays"] for f in o["findings"]]
        self.check_lost()
        if applied.returncode:
            for f in self.findings + self.plan["findings"]:
                if f.get("stops"):
                    where = f["location"]
                    self.fault(f"stop {f['code']}", f"{f['object']} {f['path']}: {f['message']} ({where['file']}:{where['line']})")
            if not self.faults:
                self.fault("stop", applied.stderr.strip()[-400:])
            return
        got = self.build(folder)
        if got is None:
            return
        shown = without_prefix(got)
        want, faults = expected(self.customer, self.overlay, shown, self.findings)
        images, more = images_carried(self.customer, self.overlay, shown, self.findings)
        for edit, cause, text in faults + more:
            self.fault(cause, f"{self.describe(edit)}: {text}")
        want = self.reference(home, want, images)
        for who, place, left, right in differences(want, got) if want else ():
            self.fault("result", f"{who[0]} {who[1]} {spell(place)}: expected {brief(left)}, is {brief(right)}{self.by(who, place)}")

    def check_lost(self):
        """Every lost location is named by a record."""
        for overlay in self.plan["overlays"]:
            for o in overlay["objects"]:
                for row in o["fields"]:
                    if row.get("state") == "lost" and not any(
                        f["code"] in CODES and f["object"] == o["id"] and above(f["path"], row["path"]) for f in overlay["findings"]
                    ):
                        self.fault("lost, unnamed", f"{o['id']} {row['path']} ({row['location']['file']}:{row['location']['line']})")

    def by(self, who, place):
        edit = next((e for e in self.customer.edits if e.who == who and (e.place[: len(place)] == place or place[: len(e.place)] == e.place)), None)
        return f"  <- {self.overlay.shape_of[edit.number]}" if edit else ""

    def describe(self, edit):
        return f"{edit.who[0]} {edit.who[1]} {spell(edit.place)} = {brief(edit.value)} ({self.overlay.shape_of.get(edit.number, 'images')})"


def made_on(objects, case):
    """The model on the old release: every edit where it was made."""
    import copy

    from shapes import make

    objects = copy.deepcopy(objects)
    for edit in case.overlay.modelled:
        if edit.place:
            make(objects[edit.who], edit)
        else:
            del objects[edit.who]
    objects.update(case.customer.own)
    return objects


def without_prefix(objects):
    return {(kind, name.removeprefix("acme-") if name not in ("acme-nginx",) else name): o for (kind, name), o in objects.items()}


def above(path, place):
    steps = tokens(path)
    return tokens(place)[: len(steps)] == steps


def brief(value):
    text = "nothing" if value is MISSING else json.dumps(value)
    return text if len(text) < 80 else text[:60] + "..."


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--pair", nargs=2)
    parser.add_argument("--profile", choices=PROFILES)
    parser.add_argument("--keep")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("-v", action="store_true")
    options = parser.parse_args()
    if not UPSTREAM.is_dir():
        print("skipped: real jumps: no ../shared/real")
        return 0
    pairs = pairs_of(options)
    profiles = [options.profile] if options.profile else ["mixed", "strategic", "json"]
    started = time.time()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(options.keep or scratch)
        for old in {p[0] for p in pairs}:
            bench.fresh(old)
        cases = [Case(*p, s, f) for p in pairs for s in range(options.first, options.first + options.seeds) for f in profiles]
        with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
            cases = list(pool.map(lambda c: c.run(bench), cases))
    return report(cases, options.v, started)


def report(cases, verbose, started):
    for case in cases:
        causes = collections.Counter(c for c, _ in case.faults)
        print(f"{'FAILED' if case.faults else 'ok':6} {case.name:24} {case.edits} edits  {dict(causes) if causes else ''}")
        for cause, text in case.faults if verbose else case.faults[:0]:
            print(f"       {cause}: {text}")
    bad = sum(bool(c.faults) for c in cases)
    edits = sum(c.edits for c in cases)
    print(f"real jumps: {len(cases) - bad} of {len(cases)} upgrades as expected, {edits} edits, {time.time() - started:.1f} s")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
