#!/usr/bin/env python3
"""The same upgrades without sgupgrade: a fork under `git merge`, and kustomize alone with the base swapped.

usage: tests/real/rivals.py [--all] [--seed N] [--pair OLD NEW]

Counted for git: conflicting files and hunks, and settings that are silently not in what merged. For kustomize:
builds that fail, the settings that must be taken out by hand until it builds, and settings that are then
silently not in the result, or fields that nobody asked for.
"""
import argparse
import copy
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter

import yaml

from bench import KUSTOMIZE, Bench, pairs_of, run
from edits import customer
from fork import fork
from oracle import differences, outcome
from releases import Loader, MISSING, UPSTREAM, base_folder, load_objects, manifests, release, value_at
from overlay import Overlay
from patches import JSON_SHAPES, make, patched_first, strategic_patch

AUTHOR = {f"GIT_{who}_{what}": "ops@acme.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def lost(edits, shape_of, customer, objects):
    """The edits that have no place in the result where they should have one; nobody says so."""
    missing = []
    for edit in edits:
        if edit.deletes:
            continue
        group = [e for e in edits if e.who == edit.who]
        found = outcome(edit, shape_of.get(edit.number, "file"), customer, group)
        was = value_at(release(customer.old)[edit.who], edit.place)
        if not any(holds(value_at(objects.get(who, {}), place), edit.value, was) for who, place in found.places):
            missing.append(edit)
    return missing


def holds(value, wanted, was):
    """Whether a value has all that the customer added: the lines of a text, the items of a list."""
    if isinstance(wanted, str) and "\n" in wanted and isinstance(value, str):
        added = set(wanted.splitlines()) - set(was.splitlines() if isinstance(was, str) else [])
        return added <= set(value.splitlines())
    if isinstance(wanted, list) and isinstance(value, list):
        return all(item in value for item in wanted if not isinstance(was, list) or item not in was)
    return value == wanted


def git_merge(customer, bench):
    """A fork on the old tag, its edits in one commit, and the new tag merged."""
    home = bench.folder / f"fork-{customer.old}-{customer.new}-{customer.seed}"

    def git(*words):
        command = ["git", "-C", home, *words]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **AUTHOR})

    run("git", "clone", "-q", bench.upstream, home)
    git("checkout", "-q", "-b", "fork", f"v{customer.old}")
    for name, text in fork(customer).items():
        path = home / "base" / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git("add", "-A")
    git("commit", "-q", "-m", "our changes")
    git("merge", "-q", "--no-edit", f"v{customer.new}")
    unmerged = sorted(set(git("diff", "--name-only", "--diff-filter=U").stdout.split()))
    releases = (f"v{customer.old}", f"v{customer.new}")
    renamed = git("diff", "--find-renames", "--diff-filter=R", "--name-status", *releases).stdout
    return merged(customer, home, unmerged, dict(line.split("\t")[1:] for line in renamed.splitlines()))


def merged(customer, home, unmerged, renamed):
    """What git left: conflicts, and the edits that are in none and not in the result. `renamed`: as git sees it."""
    hunks, objects = 0, {}
    for name in unmerged:
        text = (home / name).read_text() if (home / name).exists() else ""
        hunks += max(1, len(re.findall("^<<<<<<< ", text, re.M)))
    for path in sorted((home / "base").rglob("*.yaml")):
        if str(path.relative_to(home)) not in unmerged and path.name != "kustomization.yaml":
            objects.update(load_objects(path.read_text()))
    conflicting = set()
    for name in manifests(base_folder(customer.old)):
        path = f"base/{name}"
        if renamed.get(path, path) in unmerged or path in unmerged:
            conflicting |= load_objects((base_folder(customer.old) / name).read_text()).keys()
    quiet = [e for e in lost(customer.edits, {}, customer, objects) if e.who not in conflicting]
    return {"files": len(unmerged), "hunks": hunks, "lost": len(quiet)}


def kustomize_alone(customer, bench):
    """The untouched overlay on the new base; what fails is taken out, as a person would."""
    folder = bench.folder / f"alone-{customer.old}-{customer.new}-{customer.seed}"
    base = folder / "base"
    shutil.copytree(base_folder(customer.new), base)
    names = manifests(base)
    if not (base / "kustomization.yaml").exists():
        (base / "kustomization.yaml").write_text(yaml.dump({"resources": names}))
    overlay = Overlay(customer, "plain")
    overlay.write_to(folder / "overlays/acme")
    built = run(KUSTOMIZE, "build", folder / "overlays/acme")
    failed, removed = built.returncode != 0, set()
    if failed:
        removed = refused(overlay, customer)
        overlay = Overlay(customer, "plain", removed)
        shutil.rmtree(folder / "overlays")
        overlay.write_to(folder / "overlays/acme")
        built = run(KUSTOMIZE, "build", folder / "overlays/acme")
        if built.returncode:
            sys.exit(f"{folder}: kustomize fails for a reason that was not foreseen: {built.stderr}")
    objects = load_objects(built.stdout)
    left = [e for e in overlay.modelled if e.number not in removed]
    quiet = lost(left, overlay.shape_of, customer, objects)
    extra = stray(overlay, left, customer, objects)
    return {"failed": failed, "removed": len(removed), "lost": len(quiet), "stray": extra}


def stray(overlay, left, customer, objects):
    """Fields that are neither upstream's nor a setting in its place: half-made elements, settings misplaced."""
    want = copy.deepcopy(release(customer.new))
    for edit in left:
        found = outcome(edit, overlay.shape_of[edit.number], customer, [e for e in left if e.who == edit.who])
        places = [p for p in found.places if p[0] in want]
        shown = next((p for p in places if value_at(objects.get(p[0], {}), p[1]) == edit.value), None)
        if edit.deletes and places:
            shown = places[0]
        if shown and shown[1]:
            make(want[shown[0]], type(edit)(edit.number, *shown, edit.value, edit.changed))
        elif shown:
            want.pop(shown[0], None)
    want.update(customer.own)
    return sum(1 for _ in differences(want, objects))


def refused(overlay, customer):
    """The edits that kustomize refuses on the new base."""
    objects = copy.deepcopy(release(customer.new))
    gone = set()
    for shape, who, edits, operations in overlay.steps:
        if who not in objects:
            gone |= {e.number for e in edits if shape not in JSON_SHAPES}
        elif operations is None and objects[who]["apiVersion"] != release(customer.old)[who]["apiVersion"]:
            gone |= {e.number for e in edits}
        elif operations is None:
            patch = strategic_patch(who, objects[who], edits)
            for edit in edits:
                if edit.place:
                    make(objects[who], edit)
            patched_first(objects[who], patch)
        else:
            for edit, text in zip(edits, operations):
                if not operate(objects[who], yaml.load(text, Loader)[0]):
                    gone.add(edit.number)
    return gone


def operate(root, operation):
    """Run one JSON operation; False where it is refused."""
    *above, last = [t.replace("~1", "/").replace("~0", "~") for t in operation["path"].split("/")[1:]]
    node = root
    for token in above:
        node = step(node, token)
        if node is MISSING or node is None:
            return False
    if isinstance(node, list):
        index = len(node) if last == "-" else int(last)
        if index > len(node) or (operation["op"] != "add" and index >= len(node)):
            return False
        node[index : index + (operation["op"] != "add")] = [] if operation["op"] == "remove" else [operation["value"]]
        return True
    if not isinstance(node, dict) or (operation["op"] != "add" and last not in node):
        return False
    if operation["op"] == "remove":
        del node[last]
    else:
        node[last] = operation["value"]
    return True


def step(node, token):
    if isinstance(node, dict):
        return node.get(token, MISSING)
    if isinstance(node, list) and token.isdigit() and int(token) < len(node):
        return node[int(token)]
    return MISSING


def measure(old, new, seeds, bench):
    """What the two do to the overlays of these seeds, summed."""
    total = Counter()
    for seed in seeds:
        someone = customer(old, new, seed)
        total["settings"] += len(someone.edits)
        for name, counts in (("git", git_merge(someone, bench)), ("alone", kustomize_alone(someone, bench))):
            total.update({f"{name} {what}": int(n) for what, n in counts.items()})
    return total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pair", nargs=2)
    given = parser.parse_args()
    if not UPSTREAM.is_dir() or not KUSTOMIZE:
        print("skipped: rivals: no ../shared/real, or no kustomize")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(scratch)
        for old, new in pairs_of(given):
            print(old, new, dict(measure(old, new, [given.seed], bench)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
