#!/usr/bin/env python3
"""Patches against kustomize: random manifests and patches, rendered by both, compared.

usage: patches.py [--json] [--seed N] [--cases N] [--batch N] [--tame] PROGRAM

PROGRAM is the sgupgrade to test. kustomize is taken from $KUSTOMIZE or the PATH; without version
5.8.1 the test is skipped (exit 77). Each difference is printed with its seed;
`--seed N --cases 1` runs that case alone.
"""

import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import json_cases  # noqa: E402  (neighbours, found through the line above)
import merge_cases  # noqa: E402


def run(command):
    """(succeeded, output, message) of a command."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout, done.stderr.strip()


def kustomize_program():
    program = os.environ.get("KUSTOMIZE") or shutil.which("kustomize")
    if not program:
        return None
    done, version, _ = run([program, "version"])
    return program if done and (version.strip() in ("v5.8.1", "(devel)")) else None


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def write_kustomization(folder, cases):
    """One kustomization with every object and its patch."""
    lines = ["sortOptions: {order: fifo}", "resources:"]
    patches = ["patches:"]
    for name, base, patch in cases:
        write(folder, name + "-b.yaml", base)
        write(folder, name + "-p.yaml", patch)
        lines.append("- %s-b.yaml" % name)
        patches.append("- path: %s-p.yaml" % name)
        if patch.startswith("- "):
            patches.append("  target: {name: %s}" % name)
    write(folder, "kustomization.yaml", "\n".join(lines + patches) + "\n")


def render(program, folder):
    """The objects of a build, name -> text, or None and the message."""
    done, text, message = run([program, "build", folder])
    if not done:
        return None, message
    documents = {}
    for document in text.split("---\n"):
        for line in document.split("\n"):
            if line.startswith("  name: case-"):
                documents[line.split(": ")[1]] = document
    return documents, ""


def compare(programs, cases):
    """The differences of a batch: (name, base, patch, kustomize's, ours); None: both refuse."""
    with tempfile.TemporaryDirectory() as folder:
        write_kustomization(folder, cases)
        (theirs, their_message), (mine, my_message) = [
            render(program, folder) for program in programs]
    if (theirs is None or mine is None) and len(cases) > 1:
        for case in cases:
            yield from compare(programs, [case])
    elif theirs is None and mine is None:
        yield None
    else:
        for case in cases:
            left = theirs.get(case[0], "") if theirs is not None else "error: " + their_message
            right = mine.get(case[0], "") if mine is not None else "error: " + my_message
            if left != right:
                yield case + (left, right)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--batch", type=int, default=40)
    parser.add_argument("--json", action="store_true", help="JSON patches")
    parser.add_argument("--tame", action="store_true", help="no nulls, every key there")
    parser.add_argument("program")
    args = parser.parse_args()
    program = kustomize_program()
    if program is None:
        print("skipped: no kustomize 5.8.1 in $KUSTOMIZE or on the PATH")
        return 77
    numbers = range(args.seed, args.seed + args.cases)
    cases = []
    for number in numbers:
        name = "case-%d" % number
        case = (json_cases.Case(number) if args.json
                else merge_cases.Case(number, not args.tame))
        base, patch = case.documents(name)
        cases.append((name, base, patch))
    batches = [cases[i:i + args.batch] for i in range(0, len(cases), args.batch)]
    differences = refused = 0
    programs = (program, args.program)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        work = [pool.submit(lambda b=batch: list(compare(programs, b))) for batch in batches]
        for done in work:
            for difference in done.result():
                if difference is None:
                    refused += 1
                    continue
                name, base, patch, theirs, mine = difference
                differences += 1
                if differences <= 5:
                    print("== %s\n-- base\n%s-- patch\n%s-- kustomize\n%s\n-- sgupgrade\n%s"
                          % (name, base, patch, theirs, mine))
    print("%d cases, %d refused by both, %d differences" % (len(cases), refused, differences))
    return 1 if differences else 0


sys.exit(main())
