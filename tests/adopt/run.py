#!/usr/bin/env python3
"""Forks that become a base and an overlay, case by case, through the program as people run it.

usage: tests/adopt/run.py [FILTER]…       cases whose path holds one of the words; none: all

  SHOW=1      print what adopt says and the files of the overlay: to write a case
  SLOW=1      a slow build: times are not looked at
  the others  in tests/cases.py

A case is one file tests/adopt/cases/<group>/<name>.case: a line that says what it shows, and sections that start
with "== ". They lie in one folder, in which the command is run: upstream, fork (or fork.ENVIRONMENT), out.

  == base FILE            a file of upstream's release 1.0.0, below its folder base/; "/NAME": from the root of the
                          repository
  == later FILE           the same in release 1.1.0, == early FILE in 0.9.0; what is not named is as in 1.0.0. A case
                          with none has no such release
  == fork FILE            a file of the fork's, named in the same way; the fork starts as 1.0.0. "staging:FILE": of
                          that environment. {TOP} is the folder of all
  == setup                commands of bash before it
  == args                 all arguments; default: fork --upstream upstream --out out (NAME=fork.NAME of each
                          environment)
  == flags                options that come to them
  == folder               the fork's folder that was upstream's, where that is not of upstream's name; "." the fork
  == below                the project is this folder in the one to write
  == unprivileged         the command is run by nobody
  == exit                 exit code; default 0
  == overlay FILE         the bytes of overlays/default/FILE; "/NAME": from the root of the project
  == exact                nothing else than that, but kustomization.yaml, is in overlays/default
  == says                 parts of lines that the text must hold; "! ": must not
  == markdown             the same of -o markdown
  == hidden               what no output must hold, in any format
  == oddities             all of them: "kind file:line [path]" (without a line for a whole file); none is the default
  == error                parts of lines of standard error
  == want FILE            the render is to be the fork with this file instead
  == seconds              how long it may take; the render of such a case is not compared

Words after the name of a file are those of tests/cases.py. Of every case with exit 0 is checked: sgupgrade and
kustomize build each overlay to the same bytes; tests/adopt/cluster.py finds the render to be the fork, and the same
workloads to restart as are said to; base/ is upstream's to the byte; all that is written was said to be; a second run,
into another folder, writes the same. Of every case: fork, upstream and all else are as before. Of one with exit 2:
nothing is written.

tests/adopt/known.txt has the cases that show a fault that is still there.
"""
import io
import json
import os
import sys
import tarfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import cases
import cluster
from cases import Failed, differing, shown, snapshot, write

RELEASES = {"early": "0.9.0", "base": "1.0.0", "later": "1.1.0"}
FILES = (*RELEASES, "fork", "overlay", "want")
LINES = ("setup", "args", "flags", "folder", "below", "unprivileged", "exit", "exact", "says", "markdown", "hidden",
         "oddities", "error", "seconds")
NOBODY = 65534


def in_tree(name):
    """The path in the repository of a name in a case."""
    return name[1:] if name.startswith("/") else "base/" + name


class Case:
    def __init__(self, path):
        self.files = {kind: {} for kind in FILES}
        self.lines = {}
        for title, body in cases.sections(path):
            self.section(title, body)
        named = {name.split(":")[0] for name in self.files["fork"] if ":" in name}
        self.environments = sorted(named)

    def section(self, title, body):
        kind, *rest = title
        if kind not in FILES:
            if rest or kind not in LINES:
                raise Failed("unknown section: " + " ".join(title))
            self.lines[kind] = [line for line in body.split("\n") if line]
            return
        name, *words = rest
        if not set(words) <= set(cases.WORDS):
            raise Failed("unknown word: " + " ".join(title))
        self.files[kind][name] = cases.contents(name, words, body, lambda: self.before(name))

    def before(self, name):
        """What an `edit` changes: upstream's file, or what an earlier section made of it."""
        for kind in ("fork", "base"):
            data = self.files[kind].get(name, self.files[kind].get(name.split(":")[-1]))
            if data is not None:
                return data.decode()
        raise Failed("there is no file to edit: " + name)

    def of(self, kind, default=()):
        return self.lines.get(kind, list(default))

    def release(self, kind):
        tree = dict(self.files["base"])
        tree.update(self.files[kind])
        return {in_tree(name): data for name, data in tree.items() if data is not None}

    def fork(self, environment, kind="fork"):
        tree = dict(self.files["base"])
        for name, data in [*self.files["fork"].items(), *self.files[kind].items()]:
            of, _, rest = name.rpartition(":")
            if of in ("", environment):
                tree[rest] = data
        return {in_tree(name): data for name, data in tree.items() if data is not None}


class Box(cases.Box):
    def __init__(self, top, case, program):
        super().__init__(top, case, program, ".")
        self.work = top
        self.forks = {name: "fork." + name for name in case.environments} or {"": "fork"}

    def prepare(self):
        for kind, version in RELEASES.items():
            if kind == "base" or self.case.files[kind]:
                self.release(self.case.release(kind), version)
        for environment, folder in self.forks.items():
            for name, data in self.case.fork(environment).items():
                write(self.top, f"{folder}/{name}", data.replace(b"{TOP}", self.top.encode()))
            os.makedirs(os.path.join(self.top, folder), exist_ok=True)
        if self.case.of("setup"):
            self.run("bash", "-ec", "\n".join(self.case.of("setup")), want=[0])
        os.makedirs(os.path.join(self.top, "cache"), exist_ok=True)
        if os.path.exists(os.path.join(self.top, ".gitconfig")):
            # libgit2 1.5.1 forgets PCRE2's match data whenever it looks for url.*.insteadOf
            write(self.top, "cache/leaks", b"leak:libpcre2-8.so\n")
            self.env["LSAN_OPTIONS"] = f"suppressions={self.top}/cache/leaks:print_suppressions=0"

    def adopt(self, out, *more):
        forks = [f"{name}={folder}" if name else folder for name, folder in self.forks.items()]
        args = self.words("args") or [*forks, "--upstream", "upstream", "--out", "{OUT}"]
        args = [word.replace("{OUT}", self.project(out)) for word in args]
        how = {}
        if "unprivileged" in self.case.lines and os.getuid() == 0:
            self.run("chown", "-R", "nobody:", self.top, want=[0])
            how = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        return self.run(self.program, "adopt", *args, *self.words("flags"), *more, **how)

    def words(self, kind):
        return [word.replace("{TOP}", self.top) for line in self.case.of(kind) for word in cases.shlex.split(line)]

    def project(self, out):
        """The folder of the project that a run writes."""
        return os.path.join(out, *self.case.of("below"))

    def written(self, out="out"):
        return snapshot(os.path.join(self.top, self.project(out)))

    def outside(self):
        """All but what adopt is to write, and the cache of upstream's."""
        found = snapshot(self.top, skip=(".sgupgrade",))
        return {name: data for name, data in found.items() if not name.startswith(("cache/", "out"))}

    def lock(self):
        with open(os.path.join(self.top, self.project("out"), "sgupgrade.lock"), encoding="utf-8") as text:
            return cluster.yaml.safe_load(text)

    def upstream(self, tag, folder):
        """The files of a folder of a release's."""
        archive = self.run("git", "archive", tag, folder, cwd=os.path.join(self.top, "upstream"), want=[0]).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as tree:
            return {item.name[len(folder) + 1:]: tree.extractfile(item).read() for item in tree if item.isfile()}

    def overlays(self, out):
        top = os.path.join(self.top, self.project(out), "overlays")
        found = [name for name in sorted(os.listdir(top))
                 if os.path.exists(os.path.join(top, name, "kustomization.yaml"))]
        if len(found) != len(self.forks):
            raise Failed("the overlays are " + (", ".join(found) or "none"))
        return found


def parts_of(report):
    """The report of each environment."""
    return report["projects"] if "projects" in report else [report]


# --- what it says -----------------------------------------------------------------------


def compare_says(case, kind, said):
    for line in case.of(kind):
        word, negated = line.removeprefix("! "), line.startswith("! ")
        if (word in said) == negated:
            raise Failed(f"adopt {'says' if negated else 'does not say'}: {word}\n{said}")


def oddity(item):
    place = f"{item['file']}:{item['line']}" if item.get("line") else item["file"]
    return " ".join(filter(None, (item["kind"], place, item.get("path"))))


def compare_oddities(case, report):
    got = sorted(oddity(item) for part in parts_of(report) for item in part["oddities"])
    want = sorted(case.of("oddities"))
    if got != want:
        raise Failed("oddities:\n  " + "\n  ".join([f"missing: {o}" for o in want if o not in got] +
                                                   [f"not expected: {o}" for o in got if o not in want] or
                                                   [f"repeated: {o}" for o in got if got.count(o) > 1]))


def compare_markdown(box, said, structured):
    done = box.adopt("out3", "-o", "markdown")
    markdown = shown(done.stdout + done.stderr)
    compare_says(box.case, "markdown", markdown)
    for what, text in (("the text", said), ("JSON", structured), ("Markdown", markdown)):
        for word in box.case.of("hidden"):
            if word in text:
                raise Failed(f"{what} shows {word}:\n{text}")


# --- what it writes ---------------------------------------------------------------------


def compare_overlay(box):
    case, out = box.case, box.written()
    wanted = {name[1:] if name.startswith("/") else "overlays/default/" + name: data
              for name, data in case.files["overlay"].items()}
    for name, data in wanted.items():
        if out.get(name) != data:
            raise Failed(f"{name}\n--- expected\n{shown(data)}--- found\n{shown(out.get(name))}")
    if "exact" in case.lines:
        more = [name for name in out if name.startswith(("overlays/", "components/")) and name not in wanted and
                name != "overlays/default/kustomization.yaml"]
        if more:
            raise Failed("more files:\n" + "\n".join(f"{name}\n{shown(out[name])}" for name in sorted(more)))


def few(names):
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def compare_base(box):
    """Each vendored path is upstream's tree; beside it stands only what the lock says was generated."""
    out, lock = os.path.join(box.top, box.project("out")), box.lock()
    generated = {item["path"] for item in lock.get("generated") or []}
    for path in lock["paths"]:
        got = {name: data for name, data in snapshot(os.path.join(out, path["to"])).items()
               if f"{path['to']}/{name}" not in generated}
        want = box.upstream(lock["tag"], path["from"])
        if got != want:
            raise Failed(f"{path['to']}/ is not upstream's: " + few(differing(got, want)))


def compare_written(box, report):
    got = set(box.written())
    said = {name for part in parts_of(report) for name in part["files"]}
    if got != said:
        raise Failed("written and said to be are not the same files: " + few(sorted(got ^ said)))


def wanted(box, environment, kustomize):
    """The objects of a fork; of one that is a kustomization, what that builds. None: nobody here can say."""
    folder = os.path.join(box.top, box.forks[environment])
    if box.case.files["want"]:
        folder = os.path.join(box.top, "cache", "want." + environment)
        for name, data in box.case.fork(environment, "want").items():
            write(folder, name, data)
    tops = [folder] if os.path.exists(os.path.join(folder, "kustomization.yaml")) else [
        os.path.join(folder, name)
        for name in box.case.of("folder", [path["from"] for path in box.lock()["paths"]])]
    objects = {}
    for top in tops:
        if not os.path.exists(os.path.join(top, "kustomization.yaml")):
            objects.update(cluster.of_folder(top))
        elif kustomize or top != folder:
            objects.update(cluster.of_text(box.run(kustomize or box.program, "build", top, want=[0]).stdout))
        else:  # its base is a URL, which our own `build` does not open
            return None
    return objects


def compare_render(box, report, kustomize):
    for name in box.overlays("out"):
        render = box.build(box.project("out") + "/overlays/" + name, kustomize)
        objects = wanted(box, name if name in box.forks else "", kustomize)
        if objects is None:
            continue
        found = cluster.of_text(render)
        wrong = cluster.differences(objects, found)
        if wrong:
            raise Failed(f"{name} renders what the fork is not:\n  " + "\n  ".join(wrong) + "\n" + render)
        said = [item["object"] for part in parts_of(report) if part["overlay"] == name for item in part["restarts"]]
        restarts = ["/".join(filter(None, item)) for item in cluster.restarts(objects, found)]
        if sorted(object_name(item) for item in said) != sorted(restarts):
            raise Failed(f"{name} restarts {few(restarts) or 'nothing'}, said is {few(said) or 'nothing'}")


def object_name(text):
    """Kind, namespace and name of "apps/v1/Deployment/web"."""
    return text.split("/", 2)[2]


def compare_again(box):
    one, two = (box.written(out) for out in ("out", "out2"))
    if one != two:
        raise Failed("a second run writes another: " + few(differing(one, two)))


# --- a case -----------------------------------------------------------------------------


def show(box, said):
    print(said)
    for name, data in sorted(box.written().items()):
        if name.startswith(("overlays/", "components/")):
            print(f"== overlay {name.removeprefix('overlays/default/')}\n{shown(data)}", end="")


def refused(box, before, done):
    for line in box.case.of("error"):
        if line not in shown(done.stderr):
            raise Failed(f"standard error lacks: {line}\n{shown(done.stderr)}")
    if not done.stderr.startswith(b"sgupgrade: error: ") and not done.stderr.startswith(b"error: "):
        raise Failed("no error is told:\n" + shown(done.stderr))
    changed = differing(before, snapshot(box.top, skip=("cache",)))
    if changed:
        raise Failed("an error wrote: " + few(changed))


def run(path, top, program, kustomize):
    box = Box(top, Case(path), program)
    box.prepare()
    case, expected = box.case, int(box.case.of("exit", ["0"])[0])
    whole, before = snapshot(top, skip=("cache",)), box.outside()
    start = time.monotonic()
    done = box.adopt("out")
    took, said = time.monotonic() - start, shown(done.stdout + done.stderr)
    if os.environ.get("SHOW"):
        show(box, said)
    if done.returncode != expected:
        raise Failed(f"adopt exits {done.returncode}, not {expected}\n{said}")
    if case.of("seconds") and not os.environ.get("SLOW") and took > float(case.of("seconds")[0]):
        raise Failed(f"it takes {took:.1f} s")
    compare_says(case, "says", said)
    if expected not in (0, 4):
        refused(box, whole, done)
        return
    structured = shown(box.adopt("out2", "-o", "json").stdout)
    report = json.loads(structured)
    compare_overlay(box)
    compare_base(box)
    compare_written(box, report)
    compare_oddities(case, report)
    compare_again(box)
    if (expected == 0 or case.files["want"]) and not case.of("seconds"):
        compare_render(box, report, kustomize)
    if case.of("hidden") or case.of("markdown"):
        compare_markdown(box, said, structured)
    changed = differing(before, box.outside())
    if changed:
        raise Failed("adopt changed: " + few(changed))


def known():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "known.txt"), encoding="utf-8") as text:
        lines = [line.strip() for line in text if line.strip() and not line.startswith("#")]
    return dict(line.split(": ", 1) for line in lines)


if __name__ == "__main__":
    cases.main("adopt", run, known())
