#!/usr/bin/env python3
"""Random documents through kustomize and through us: the bytes must be the same.

usage: yaml_random.py PROGRAM [ARG...] [--seed N] [--count N] [--keep DIR]

PROGRAM ARG... DIR renders the kustomization in DIR to standard output, for example
"build/release/sgupgrade build". kustomize 5.8.1 is $KUSTOMIZE or the one on the PATH; where
there is none the test says so and exits 0. Also rendered: every manifest of the real
releases in $SG_SHARED (or ../shared), where they are there.
"""
import argparse
import difflib
import glob
import os
import random
import shutil
import subprocess
import sys
import tempfile

# Left out: U+2028 and a leading U+FEFF, where kustomize's emitter differs from libyaml.
WORDS = ["a", "b1", "web", "yes", "No", "on", "y", "true", "Null", "~", "0", "1", "-1", "007",
         "0x1F", "0o17", "0b101", "1_000", "1e3", "1.50", ".5", "5.", "-0.0", "1e400", "1.5e300",
         "123456789.5", "0.00001", "18446744073709551615", "18446744073709551616",
         "-9223372036854775808", "-9223372036854775809", "1:30", "190:20:30.15", "2001-01-01",
         "2001-1-1", "2001-01-01T10:00:00Z", "2001-12-14 21:59:43.10", "2001-01-01T1:2:3.120+02:00",
         "=", "<<", "-", "--", "---", "...", "?", ":", "#", "a: b", "a:", "a #b", "a#b", "- a",
         "? a", "{a", "[a", "a]", "a,b", "&a", "*a", "!a", "%a", "@a", "`a", "'a'", '"a"', "|", ">",
         "é", "日本", "\U0001F600", "\u00a0", "\u0085", "\t", "a\tb", "\x01",
         "\x1b[0m", "\r", "", " ", "  ", " a", "a ", "a  b", "\\", "a\\nb", "$(X)", "<tag>&amp;",
         "image:1.2.3", "http://example.com:80/x?y=z#f", "100m", "2Gi", "0.1.2", "12e03", "1__",
         "_1", "+1", "+.inf", ".NaN", "0x_", "08", "09.5", "1e", "e1", "TRUE", "nULL"]


def text(rng):
    shape = rng.random()
    if shape < 0.5:
        return rng.choice(WORDS)
    if shape < 0.7:
        return " ".join(rng.choice(WORDS) for _ in range(rng.randint(2, 30)))
    if shape < 0.9:
        return rng.choice(["", "\n", " ", ""]) + "\n".join(
            rng.choice(["", " ", "  ", "\t", ""]) + rng.choice(WORDS) + rng.choice(["", "", "", " "])
            for _ in range(rng.randint(1, 6))) + rng.choice(["", "\n", "\n\n"])
    return "".join(rng.choice("ab1 :-#'\"\n,[]{}&*!|>%@") for _ in range(rng.randint(0, 200)))


def double_quoted(value):
    out = '"'
    for c in value:
        if c in '"\\':
            out += "\\" + c
        elif c.isascii() and c.isprintable():
            out += c
        elif ord(c) < 0x10000:
            out += "\\u%04x" % ord(c)
        else:
            out += "\\U%08x" % ord(c)
    return out + '"'


def plain_ok(value):
    return value and value.isascii() and value.isprintable() and value == value.strip() and \
        value[0] not in "-?:,[]{}#&*!|>'\"%@`=" and ": " not in value and " #" not in value and \
        value[-1] != ":" and not any(c in value for c in ",[]{}") and value != "<<" and \
        len(value) < 900


def block_scalar(rng, indent):
    """A literal or folded block for a value at this indent."""
    lines = [rng.choice(["", "", "", " ", "  ", "\t"]) + rng.choice(WORDS)
             for _ in range(rng.randint(1, 6))]
    lines = [line if line.strip() and line.isprintable() and line.isascii() else "" for line in lines]
    lines[0] = rng.choice(["x", "x y"])
    pad = "\n" + "  " * (indent + 1)
    return (rng.choice("|>>") + rng.choice(["", "-", "+"]) +
            "".join(pad + line if line else "\n" for line in lines))


def scalar(rng):
    value = text(rng)
    shape = rng.random()
    if shape < 0.45 and plain_ok(value):
        return value
    if shape < 0.6 and value.isprintable() and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    return double_quoted(value)


def key(rng, used):
    while True:
        value = text(rng)
        if rng.random() < 0.6:
            value = rng.choice("abcfXY_-./é1") + str(rng.randint(0, 30)) + rng.choice(
                ["", "a", "-", "b2", "_", ".", "/x"])
        if value not in used and value != "<<" and "\u0085" not in value and len(value) < 300:
            used.add(value)
            return double_quoted(value)


def node(rng, depth, indent):
    """Returns (text, is_block): flow or scalar text follows on the line."""
    shape = rng.random()
    if shape < 0.06:
        return block_scalar(rng, indent), False
    if depth > 4 or shape < 0.5:
        return scalar(rng), False
    count = rng.randint(0, 5)
    pad = "\n" + "  " * indent
    if shape < 0.55:
        return "[" + ", ".join(scalar(rng) for _ in range(count)) + "]", False
    if shape < 0.6:
        used = set()
        return "{" + ", ".join(key(rng, used) + ": " + rng.choice([scalar(rng), ""])
                               for _ in range(count)) + "}", False
    if count == 0:
        return rng.choice(["{}", "[]", "", "~", "null"]), False
    out = ""
    used = set()
    is_map = shape < 0.85
    for _ in range(count):
        value, block = node(rng, depth + 1, indent + 1)
        head = "? " + key(rng, used) + pad + ":" if is_map else "-"
        out += pad + head + ("" if block else " ") + value
    return out, True


def document(rng, number):
    value, block = node(rng, 0, 1)
    return ("apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: n%05d\nspec:%s%s\n"
            % (number, "" if block else " ", value))


def render(command, documents, keep):
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/x.yaml", "w", newline="") as file:
            file.write("---\n".join(documents))
        with open(folder + "/kustomization.yaml", "w") as file:
            file.write("resources: [x.yaml]\nsortOptions: {order: fifo}\n")
        done = subprocess.run(command + [folder], capture_output=True)
        if keep:
            shutil.copytree(folder, keep, dirs_exist_ok=True)
        return done.returncode, done.stdout, done.stderr


def compare(oracle, ours, documents, report, keep):
    """Both fail, or both print the same bytes. Splits a batch until the culprit is alone."""
    want, got = render(oracle, documents, None), render(ours, documents, None)
    if want[0] == 0 and got[0] == 0 and want[1] == got[1]:
        return len(documents)
    if len(documents) > 1:
        half = len(documents) // 2
        return (compare(oracle, ours, documents[:half], report, keep) +
                compare(oracle, ours, documents[half:], report, keep))
    if (want[0] == 0) == (got[0] == 0) and (want[0] != 0 or want[1] == got[1]):
        report["refused"] += want[0] != 0
        return 1
    report["different"] += 1
    print("DIFFERENT (exit %d and %d)" % (want[0], got[0]))
    if want[0] or got[0]:
        print("kustomize: %s\nours: %s" % (want[2].decode()[-400:], got[2].decode()[-400:]))
    else:
        print("\n".join(difflib.unified_diff(want[1].decode().split("\n"), got[1].decode().split("\n"),
                                             "kustomize", "ours", lineterm="", n=1)))
    if keep:
        render(ours, documents, keep)
    return 1


def find_kustomize():
    """$KUSTOMIZE is believed (tests/run.sh looked at it); one on the PATH must say its version."""
    if os.environ.get("KUSTOMIZE"):
        return os.environ["KUSTOMIZE"]
    path = shutil.which("kustomize")
    version = subprocess.run([path, "version"], capture_output=True, text=True).stdout if path else ""
    return path if "5.8.1" in version else None


def real_files():
    shared = os.environ.get("SG_SHARED", os.path.join(os.path.dirname(__file__), "../../../shared"))
    pattern = shared + "/real/upstream/**/kubernetes/base/**/*.yaml"
    return [f for f in sorted(glob.glob(pattern, recursive=True))
            if os.path.basename(f) != "kustomization.yaml"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--keep")
    args = parser.parse_args()
    kustomize = find_kustomize()
    if not kustomize:
        print("skipped: kustomize 5.8.1 is neither $KUSTOMIZE nor on the PATH")
        return 0
    oracle = [kustomize, "build"]
    report = {"different": 0, "refused": 0}
    rng = random.Random(args.seed)
    documents = [document(rng, i) for i in range(args.count)]
    done = 0
    for i in range(0, len(documents), 20):
        done += compare(oracle, args.program, documents[i:i + 20], report, args.keep)
    files = real_files()
    for name in files:
        with open(name, encoding="utf-8", newline="") as file:
            compare(oracle, args.program, [file.read()], report, args.keep)
    print("%d random documents (seed %d, %d refused by both) and %d real files: %d different" % (
        done, args.seed, report["refused"], len(files), report["different"]))
    if not files:
        print("skipped: no real releases at $SG_SHARED or ../shared")
    return 1 if report["different"] or done == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
