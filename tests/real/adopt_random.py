#!/usr/bin/env python3
"""Adopt random forks: the proof holds, or says what could not be expressed, exactly where something differs.

usage: tests/real/adopt_random.py [--cases N] [--seed S] [--keep DIR] [-j N] [-v]

Each case changes one to thirty places of the objects of a release at random (scramble.py). -v prints the faults and
what was changed; --keep leaves the forks and projects that are at fault in DIR. One case again: --cases 1 --seed S.
"""
import argparse
import copy
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import yaml

from adopt import show
from adoption import NOT_EXPRESSED, Adoption
from bench import KUSTOMIZE, Bench
from cluster import objects_in
from overlay import LiteralDumper
from releases import Dumper, UPSTREAM, base_folder, load_objects, manifests, release, versions
from scramble import Scrambler


def scrambled(version, rng):
    """The files of a random fork, its objects, and what was done to them."""
    before = release(version)
    scrambler = Scrambler(copy.deepcopy(before), rng)
    scrambler.change(min(rng.randint(1, 30), rng.randint(1, 30)))
    files, left = {}, dict(scrambler.objects)
    for name in manifests(base_folder(version)):
        data = (base_folder(version) / name).read_bytes()
        who = next(iter(load_objects(data)))
        if who in left:
            now = left.pop(who)
            files[name] = data if now == before[who] else dump(now, rng)
    for who, now in left.items():
        files[f"acme/{who[1]}.{who[0]}.yaml"] = dump(now, rng)
    return files, objects_in(data.decode() for data in files.values()), scrambler.log


def dump(node, rng):
    dumper = Dumper if rng.random() < 0.5 else LiteralDumper
    return yaml.dump(node, Dumper=dumper, sort_keys=False, allow_unicode=rng.random() < 0.5).encode()


def case(bench, seed, keep):
    """One random fork adopted, the release found or given; returns the adoption and what was changed."""
    rng = random.Random(f"random fork {seed}")
    version = rng.choice(versions())
    files, objects, log = scrambled(version, rng)
    adoption = Adoption(f"random-{seed}", version, files, objects)
    adoption.run(bench, given=rng.choice(["auto", version]))
    if not (keep and adoption.faults):
        shutil.rmtree(adoption.home, ignore_errors=True)
    return adoption, log


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("-v", action="store_true")
    return parser.parse_args()


def main():
    given = options()
    if not UPSTREAM.is_dir() or not KUSTOMIZE:
        print("skipped: random adoptions: no ../shared/real, or no kustomize")
        return 0
    started, count = time.time(), Counter()
    seeds = range(given.seed, given.seed + given.cases)
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(given.keep or scratch)
        with ThreadPoolExecutor(given.j) as pool:
            for adoption, log in pool.map(lambda seed: case(bench, seed, given.keep), seeds):
                count["bad"] += bool(adoption.faults)
                count["listed"] += adoption.exit == NOT_EXPRESSED
                if adoption.faults:
                    show(adoption.name, adoption.faults, f"{adoption.version}, {len(log)} changes", given.v)
                    print(f"       {', '.join(log)}" if given.v else "", end="\n" if given.v else "")
    print(
        f"random adoptions: {given.cases - count['bad']} of {given.cases} as expected, in {count['listed']} "
        f"something could not be expressed, {time.time() - started:.0f} s"
    )
    return bool(count["bad"])


if __name__ == "__main__":
    sys.exit(main())
