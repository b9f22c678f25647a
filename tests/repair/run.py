#!/usr/bin/env python3
"""Upgrades that need a repair, case by case, through the program as people run it.

usage: tests/repair/run.py [FILTER]…       cases whose path holds one of the words; none: all

  SGUPGRADE   the program; default build/dev/sgupgrade
  KUSTOMIZE   kustomize 5.8.1, optional: what we build is compared with what it builds
  KEEP=1      keep the temporary folder
  QUICK=1     apply and rollback alone, for a slow build: what the other commands make of the same plan is the
              fast one's to show
  SHOW=1      print findings and changed files of each case: to write one

A case is one file tests/repair/cases/<group>/<name>.case: a line that says what it shows, and sections
that start with "== ":

  == old FILE             a file of upstream's first release 1.0.0, below its folder base/
  == new FILE, third FILE the same in release 1.1.0, 1.2.0; `gone` after the name: not in it any more.
                          What is not named is as in the release before
  == file FILE            a file of the customer's, from the root of the project
  == after FILE           what it must be when the upgrade is done; not named: as it was; `gone`: removed
  == mid FILE             the same after the first of two hops
  == config               lines at the end of sgupgrade.yaml
  == flags                options of apply
  == exit                 exit code of apply; default 0. 4: a stop, nothing may change
  == findings             of the last plan: "[OVERLAY: ]CODE RESOLVED OBJECT [PATH]". All of SG2xx, of others
                          those to be there
  == silent               codes that must not occur
  == says                 lines (parts of them) that apply must print as text
  == holds                lines (parts of them) of overlays/a as rendered after the upgrade; "! ": must not be
                          there; "before: ", "before! ": the same of the render before it

Words after the name of a file: `stock`: it is that of tests/repair/stock/; `edit`: what follows are changes to
what it was (or to that of the stock), each of lines that stay (' '), go ('-') and come ('+'), and a line "@@"
between two; crlf (line ends), bom, nonl (no newline at the end), readonly. Upstream's kustomization is made
where a case has none. Of every case is checked: `diff` writes nothing, finds and plans
what `apply` does; `check --to` exits 4 where apply does; a stop writes nothing; files and findings; what we
build is what kustomize builds; a second apply changes nothing; two hops at once leave what two applies do;
`rollback` brings every byte back, and apply after it does the same again.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CASES = os.path.join(ROOT, "tests", "repair", "cases")
VERSIONS = {"old": "1.0.0", "new": "1.1.0", "third": "1.2.0"}
FILES = ("old", "new", "third", "file", "after", "mid")
WORDS = ("stock", "edit", "crlf", "bom", "nonl", "readonly", "gone")


class Failed(Exception):
    """What a case must show and does not."""


def stock(name):
    with open(os.path.join(os.path.dirname(CASES), "stock", name), encoding="utf-8") as text:
        return text.read()


class Case:
    def __init__(self, path):
        self.files = {kind: {} for kind in FILES}
        self.readonly = []
        self.lines = {}
        with open(path, encoding="utf-8") as text:
            head, *sections = text.read().removesuffix("\n").split("\n== ")
        if not head.strip():
            raise Failed("the first line must say what the case shows")
        for section in sections:
            title, _, body = section.partition("\n")
            self.section(title.split(), body + "\n" if body else "")

    def section(self, title, body):
        kind, *rest = title
        if kind not in FILES:
            if rest or kind not in ("config", "flags", "exit", "findings", "silent", "says", "holds"):
                raise Failed("unknown section: " + " ".join(title))
            self.lines[kind] = [line for line in body.split("\n") if line]
            return
        name, *words = rest
        if not set(words) <= set(WORDS):
            raise Failed("unknown word: " + " ".join(title))
        data = (self.edited(name, words, body) if "edit" in words else
                stock(name) if "stock" in words else body).encode()
        if "crlf" in words:
            data = data.replace(b"\n", b"\r\n")
        if "bom" in words:
            data = b"\xef\xbb\xbf" + data
        if "nonl" in words:
            data = data.rstrip(b"\r\n")
        if "readonly" in words:
            self.readonly.append(name)
        self.files[kind][name] = None if "gone" in words else data

    def edited(self, name, words, body):
        before = [self.files[kind][name] for kind in FILES if name in self.files[kind]]
        text, start = stock(name) if "stock" in words else before[-1].decode(), 0
        for change in body.removesuffix("\n").split("\n@@\n"):
            lines = change.split("\n")
            old = "".join(line[1:] + "\n" for line in lines if line[0] in " -")
            new = "".join(line[1:] + "\n" for line in lines if line[0] in " +")
            at = text.find(old, start)
            if at < 0:
                raise Failed(f"{name} has not got these lines:\n{old}")
            text, start = text[:at] + new + text[at + len(old):], at + len(new)
        return text

    def of(self, kind, default=()):
        return self.lines.get(kind, list(default))


def write(top, name, data):
    path = os.path.join(top, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(data)


def snapshot(top):
    """-> {name: bytes} of every file but git's and our own bookkeeping."""
    found = {}
    for folder, folders, names in os.walk(top):
        folders[:] = [f for f in folders if f not in (".git", ".sgupgrade")]
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as data:
                found[os.path.relpath(path, top)] = data.read()
    return found


def differing(old, new):
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def shown(data):
    return "(no file)" if data is None else data.decode("utf-8", "backslashreplace").replace("\r", "\\r")


class Box:
    """An upstream and a project of a case, in a folder of their own."""

    def __init__(self, top, case, program):
        self.top, self.case, self.program = top, case, program
        self.work = os.path.join(top, "work")
        self.env = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC", TERM="dumb", HOME=top, GIT_CONFIG_GLOBAL="/dev/null",
                        GIT_CONFIG_SYSTEM="/dev/null", XDG_CACHE_HOME=os.path.join(top, "cache"))
        for role in ("AUTHOR", "COMMITTER"):
            self.env.update({f"GIT_{role}_NAME": "Test", f"GIT_{role}_EMAIL": "test@example.com",
                             f"GIT_{role}_DATE": "2021-01-01T00:00:00Z"})
        for name in ("NO_COLOR", "CLICOLOR_FORCE", "SGUPGRADE_UPSTREAM_URL", "GITHUB_ACTIONS", "PAGER"):
            self.env.pop(name, None)

    def run(self, *command, cwd=None, want=None):
        done = subprocess.run(command, cwd=cwd or self.work, env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode < 0 or b"Sanitizer" in done.stderr or (want is not None and done.returncode not in want):
            raise Failed(f"{' '.join(command)}: exit {done.returncode}\n{shown(done.stdout)}{shown(done.stderr)}")
        return done

    def sg(self, *args, want=None):
        return self.run(self.program, *args, want=want)

    def upstream(self):
        up = os.path.join(self.top, "upstream")
        os.makedirs(up)
        self.run("git", "init", "-q", "-b", "main", ".", cwd=up, want=[0])
        base, named = {}, False
        for kind, version in VERSIONS.items():
            files = self.case.files[kind]
            if kind == "third" and not files:
                break
            named = named or "kustomization.yaml" in files
            base.update(files)
            base = {name: data for name, data in base.items() if data is not None}
            if not named:
                base["kustomization.yaml"] = b"resources:\n" + b"".join(
                    b"- %s\n" % name.encode() for name in sorted(base) if name != "kustomization.yaml")
            shutil.rmtree(os.path.join(up, "base"), ignore_errors=True)
            for name, data in base.items():
                write(up, "base/" + name, data)
            self.run("git", "add", "-A", cwd=up, want=[0])
            self.run("git", "commit", "-q", "--allow-empty", "-m", "Release " + version, cwd=up, want=[0])
            self.run("git", "tag", "v" + version, cwd=up, want=[0])

    def project(self):
        os.makedirs(self.work)
        self.run("git", "init", "-q", "-b", "main", ".", want=[0])
        self.sg("init", "--upstream", "../upstream", "--version", "1.0.0", "--path", "base", want=[0])
        shutil.rmtree(os.path.join(self.work, "overlays"))
        for name, data in self.case.files["file"].items():
            write(self.work, name, data)
        for name in self.case.readonly:
            os.chmod(os.path.join(self.work, name), 0o444)
        with open(os.path.join(self.work, "sgupgrade.yaml"), "a", encoding="utf-8") as config:
            config.writelines(line + "\n" for line in self.case.of("config"))
        self.run("git", "add", "-A", want=[0])
        self.run("git", "commit", "-q", "-m", "Follow upstream", want=[0])

    def overlays(self):
        top = os.path.join(self.work, "overlays")
        return ["overlays/" + name for name in sorted(os.listdir(top))
                if os.path.exists(os.path.join(top, name, "kustomization.yaml"))]


def findings_of(plan):
    several = len(plan["overlays"]) > 1
    lines = []
    for overlay in plan["overlays"]:
        for finding in overlay["findings"]:
            line = f"{finding['code']} {finding['resolved']} {finding['object']} {finding['path']}".rstrip()
            lines.append(f"{overlay['name']}: {line}" if several else line)
    return sorted(lines)


def code_of(line):
    return line.split(": ")[-1].split()[0]


def compare_findings(case, plan):
    got, want = findings_of(plan), case.of("findings")
    wrong = ["missing: " + line for line in want if line not in got]
    wrong += ["not expected: " + line for line in got if code_of(line).startswith("SG2") and line not in want]
    wrong += ["not silent: " + line for line in got if code_of(line) in case.of("silent")]
    wrong += ["repeated: " + line for line in sorted(set(got))
              if code_of(line).startswith("SG2") and got.count(line) > max(1, want.count(line))]
    if wrong:
        raise Failed("findings:\n  " + "\n  ".join(wrong))


def unlike(preview, plan):
    one, two = ([json.dumps(edit, sort_keys=True) for edit in p["edits"]] + findings_of(p) for p in (preview, plan))
    return "\n".join(["diff:  " + line for line in one if line not in two] +
                     ["apply: " + line for line in two if line not in one])


def compare_files(before, got, wanted, what):
    """Every file of the customer's: as `wanted` has it, else as before."""
    want = {name: data for name, data in before.items() if not name.startswith("base/")}
    want.update(wanted)
    wrong = []
    for name in sorted(want.keys() | got.keys()):
        if name.startswith("base/") or name == "sgupgrade.lock":
            continue
        if want.get(name) != got.get(name):
            wrong.append(f"{what}: {name}\n--- expected\n{shown(want.get(name))}--- found\n{shown(got.get(name))}")
    if wrong:
        raise Failed("\n".join(wrong))


def build(box, overlay, kustomize):
    ours = box.sg("build", overlay, want=[0]).stdout
    if kustomize:
        theirs = box.run(kustomize, "build", overlay, want=[0]).stdout
        if ours != theirs:
            raise Failed(f"{overlay}: kustomize builds\n{shown(theirs)}--- and we\n{shown(ours)}")
    return ours.decode()


def compare_holds(case, before, after):
    for line in case.of("holds"):
        text = before if line.startswith("before") else after
        word = line.removeprefix("before: ").removeprefix("before").removeprefix("! ")
        negated = line.startswith(("! ", "before! "))
        if (word in text) == negated:
            raise Failed(f"the render {'has' if negated else 'lacks'} '{word}':\n{text}")


def show(box, before, plan, text):
    after = snapshot(box.work)
    print(shown(text) + "\n".join(findings_of(plan)))
    for name in differing(before, after):
        if not name.startswith("base/") and name != "sgupgrade.lock":
            print(f"== after {name}\n{shown(after.get(name))}", end="")


def stopped(box, case, before, flags):
    box.sg("check", "--to", "latest", want=[4] if not flags else None)
    changed = differing(before, snapshot(box.work))
    if changed:
        raise Failed("a stop changed: " + ", ".join(changed))


def back_and_again(box, before, done, flags):
    rolled_back(box, before)
    box.sg("apply", "--to", "latest", *flags, want=[0])
    changed = [name for name in differing(done, snapshot(box.work)) if name != "sgupgrade.lock"]
    if changed:
        raise Failed("after a rollback, apply leaves another: " + ", ".join(changed))


def rolled_back(box, before):
    box.sg("rollback", "--to", "1.0.0", want=[0])
    back = snapshot(box.work)
    changed = [name for name in differing(before, back) if name != "sgupgrade.lock"]
    if changed:
        raise Failed("rollback left: " + "\n".join(f"{n}\n{shown(back.get(n))}" for n in changed))


def run_quick(box, case, before, flags, expected):
    plan = json.loads(box.sg("apply", "--to", "latest", "-o", "json", *flags, want=[expected]).stdout)
    compare_findings(case, plan)
    if expected == 0:
        compare_files(before, snapshot(box.work), case.files["after"], "after the upgrade")
        rolled_back(box, before)


def run(path, top, program, kustomize):
    case = Case(path)
    box = Box(top, case, program)
    box.upstream()
    box.project()
    before = snapshot(box.work)
    flags = [word for line in case.of("flags") for word in line.split()]
    expected = int(case.of("exit", ["0"])[0])
    if os.environ.get("QUICK"):
        run_quick(box, case, before, flags, expected)
        return
    built = {overlay: build(box, overlay, kustomize) for overlay in box.overlays()}
    preview = json.loads(box.sg("diff", "--to", "latest", "-o", "json", want=[0, 1]).stdout)
    box.sg("diff", "--to", "latest", want=[0, 1])
    if differing(before, snapshot(box.work)):
        raise Failed("diff changed files")
    text = box.sg("apply", "--to", "latest", "--dry-run", *flags)
    printed = shown(text.stdout + text.stderr)
    done = box.sg("apply", "--to", "latest", "-o", "json", *flags)
    try:
        plan = json.loads(done.stdout)
    except ValueError:
        plan = None
    if os.environ.get("SHOW") and plan:
        show(box, before, plan, text.stdout + text.stderr)
    if done.returncode != expected or text.returncode != expected or plan is None:
        raise Failed(f"apply exits {done.returncode} (--dry-run {text.returncode}), not {expected}\n{printed}")
    for line in case.of("says"):
        if line not in printed:
            raise Failed(f"apply does not say: {line}\n{printed}")
    compare_findings(case, plan)
    if not flags and (findings_of(preview) != findings_of(plan) or preview["edits"] != plan["edits"]):
        raise Failed("diff and apply plan different things:\n" + unlike(preview, plan))
    if expected != 0:
        stopped(box, case, before, flags)
        return
    after = snapshot(box.work)
    compare_files(before, after, case.files["after"], "after the upgrade")
    renders = {overlay: build(box, overlay, kustomize) for overlay in box.overlays()}
    first = "overlays/a" if "overlays/a" in built else next(iter(built))
    compare_holds(case, built[first], renders.get(first, ""))
    box.sg("apply", "--to", "latest", *flags, want=[0])
    if differing(after, snapshot(box.work)):
        raise Failed("a second apply changes: " + ", ".join(differing(after, snapshot(box.work))))
    back_and_again(box, before, after, flags)
    if case.files["third"]:
        box.sg("rollback", "--to", "1.0.0", want=[0])
        box.sg("apply", "--to", "1.1.0", *flags, want=[0])
        compare_files(before, snapshot(box.work), case.files["mid"], "after the first hop")
        for overlay in box.overlays():
            build(box, overlay, kustomize)
        box.sg("apply", "--to", "1.2.0", *flags, want=[0])
        compare_files(before, snapshot(box.work), case.files["after"], "after two applies")


def main():
    program = os.path.realpath(os.environ.get("SGUPGRADE", os.path.join(ROOT, "build/dev/sgupgrade")))
    if not os.access(program, os.X_OK):
        sys.exit(f"repair: no program at {program}")
    kustomize = os.environ.get("KUSTOMIZE") or None
    cases = sorted(os.path.join(folder, name) for folder, _, names in os.walk(CASES)
                   for name in names if name.endswith(".case"))
    cases = [c for c in cases if not sys.argv[1:] or any(word in c for word in sys.argv[1:])]
    part, parts = map(int, os.environ.get("PART", "1/1").split("/"))
    cases = cases[part - 1::parts]
    top = tempfile.mkdtemp(prefix="sgupgrade-repair.")
    bad = 0
    for number, case in enumerate(cases):
        box = os.path.join(top, str(number))
        os.makedirs(box)
        try:
            run(case, box, program, kustomize)
        except Failed as why:
            bad += 1
            print(f"FAILED: {os.path.relpath(case, CASES)}\n{why}")
            if os.environ.get("KEEP"):
                print("in " + box)
        if not os.environ.get("KEEP"):
            shutil.rmtree(box)
    if not os.environ.get("KEEP"):
        shutil.rmtree(top)
    print(f"repair: {len(cases) - bad} passed, {bad} failed" + ("" if kustomize else "; kustomize is not here"))
    sys.exit(1 if bad or not cases else 0)


if __name__ == "__main__":
    main()
