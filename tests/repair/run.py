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

Words after the name of a file: readonly, and those of tests/cases.py. Upstream's kustomization is made where a
case has none. Of every case is checked: `diff` writes nothing, finds and plans what `apply` does; `check --to`
exits 4 where apply does; a stop writes nothing; files and findings; what we build is what kustomize builds; a
second apply changes nothing; two hops at once leave what two applies do; `rollback` brings every byte back, and
apply after it does the same again.
"""
import json
import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import cases
from cases import Failed, differing, shown, snapshot, write

VERSIONS = {"old": "1.0.0", "new": "1.1.0", "third": "1.2.0"}
FILES = ("old", "new", "third", "file", "after", "mid")
LINES = ("config", "flags", "exit", "findings", "silent", "says", "holds")


class Case:
    def __init__(self, path):
        self.files = {kind: {} for kind in FILES}
        self.readonly = []
        self.lines = {}
        for title, body in cases.sections(path):
            self.section(title, body)

    def section(self, title, body):
        kind, *rest = title
        if kind not in FILES:
            if rest or kind not in LINES:
                raise Failed("unknown section: " + " ".join(title))
            self.lines[kind] = [line for line in body.split("\n") if line]
            return
        name, *words = rest
        if not set(words) <= {*cases.WORDS, "readonly"}:
            raise Failed("unknown word: " + " ".join(title))
        if "readonly" in words:
            self.readonly.append(name)
        self.files[kind][name] = cases.contents(name, words, body, lambda: self.latest(name))

    def latest(self, name):
        return [self.files[kind][name] for kind in FILES if name in self.files[kind]][-1].decode()


    def of(self, kind, default=()):
        return self.lines.get(kind, list(default))


class Box(cases.Box):
    """An upstream and a project of a case, in a folder of their own."""

    def upstream(self):
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
            self.release({"base/" + name: data for name, data in base.items()}, version)

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
    box = Box(top, case, program, "work")
    box.upstream()
    box.project()
    before = snapshot(box.work)
    flags = [word for line in case.of("flags") for word in line.split()]
    expected = int(case.of("exit", ["0"])[0])
    if os.environ.get("QUICK"):
        run_quick(box, case, before, flags, expected)
        return
    built = {overlay: box.build(overlay, kustomize) for overlay in box.overlays()}
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
    renders = {overlay: box.build(overlay, kustomize) for overlay in box.overlays()}
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
            box.build(overlay, kustomize)
        box.sg("apply", "--to", "1.2.0", *flags, want=[0])
        compare_files(before, snapshot(box.work), case.files["after"], "after two applies")


if __name__ == "__main__":
    cases.main("repair", run)
