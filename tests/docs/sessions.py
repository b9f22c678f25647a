#!/usr/bin/env python3
"""Run the ```console sessions of README.md and docs/*.md and compare what they show.

usage: tests/docs/sessions.py [FILE.md]…

The sessions of one file are one session: they run in order, each where the one before ended (cd), at first
in a fresh git repository beside the example upstream ../harbour; $EXAMPLES is this repository's examples/. A
line that starts with "$ " is a command, the lines below it are what it prints on both streams; a line "..." stands
for any number of lines. Exit codes are for the reader to see in the text: diff exits 1 when something
changes.
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def sessions(path):
    """-> [(line number, command, expected lines)] of every console block of a file."""
    steps, inside = [], False
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            line = line.rstrip("\n")
            if line.startswith("```"):
                inside = line == "```console"
            elif inside and line.startswith("$ "):
                steps.append((number, line[2:], []))
            elif inside and steps:
                steps[-1][2].append(line)
    return steps


def matches(expected, got):
    """Line by line; "..." in `expected` matches any number of lines."""
    if not expected:
        return not got
    if expected[0] == "...":
        return any(matches(expected[1:], got[n:]) for n in range(len(got) + 1))
    return bool(got) and expected[0].rstrip() == got[0].rstrip() and matches(expected[1:], got[1:])


def run(path, program):
    steps = sessions(path)
    bad = 0
    with tempfile.TemporaryDirectory(prefix="sg-docs-") as top:
        work = os.path.join(top, "customer")
        os.makedirs(os.path.join(top, "bin"))
        os.symlink(os.path.abspath(program), os.path.join(top, "bin", "sgupgrade"))
        env = dict(os.environ, PATH=os.path.join(top, "bin") + ":" + os.environ["PATH"], LC_ALL="C.UTF-8",
                   XDG_CACHE_HOME=os.path.join(top, "cache"), EXAMPLES=os.path.join(ROOT, "examples"),
                   GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null", GIT_AUTHOR_NAME="You",
                   GIT_AUTHOR_EMAIL="you@example.com", GIT_COMMITTER_NAME="You",
                   GIT_COMMITTER_EMAIL="you@example.com", TERM="dumb")
        env.pop("GITHUB_ACTIONS", None)  # there check says more
        env["SG_DOCS_CWD"] = os.path.join(top, "cwd")
        subprocess.run(["bash", os.path.join(ROOT, "examples", "upstream", "make.sh"),
                        os.path.join(top, "harbour")], check=True, env=env)
        subprocess.run(["git", "init", "-q", "-b", "main", work], check=True, env=env)
        for number, command, expected in steps:
            while expected and not expected[-1]:
                expected.pop()
            done = subprocess.run(["bash", "-c", "trap 'pwd >\"$SG_DOCS_CWD\"' EXIT; " + command], cwd=work, env=env,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            with open(env["SG_DOCS_CWD"], encoding="utf-8") as cwd:
                work = cwd.read().rstrip("\n")
            got = done.stdout.rstrip("\n").split("\n") if done.stdout.strip() else []
            if done.returncode > 1 or not matches(expected, got):
                bad += 1
                print("%s:%d: '%s' (exit %d) prints\n%s" % (os.path.relpath(path, ROOT), number, command,
                                                           done.returncode, done.stdout))
    return len(steps), bad


def main():
    program = os.environ.get("SGUPGRADE", os.path.join(ROOT, "build", "release", "sgupgrade"))
    docs = os.path.join(ROOT, "docs")
    files = sys.argv[1:] or [os.path.join(ROOT, "README.md")] + sorted(
        os.path.join(docs, name) for name in os.listdir(docs) if name.endswith(".md"))
    total = failed = 0
    for path in files:
        count, bad = run(path, program) if sessions(path) else (0, 0)
        total += count
        failed += bad
    print("docs: %d commands, %d differ" % (total, failed))
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
