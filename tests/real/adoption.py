"""One fork adopted: what comes out is held to the fork, by a comparison that knows nothing of sgupgrade's."""
import json
import os
import shutil
import subprocess

from bench import KUSTOMIZE, SGUPGRADE, run
from case import brief
from cluster import differences, objects_in, normal
from oracle import tokens
from releases import MISSING, UPSTREAM, At, Nth, base_folder, release, spell
from sizes import PATCHES, changed, patches_of, read, said

EQUAL, NOT_EXPRESSED = 0, 4
AUTHOR = {f"GIT_{who}_{what}": "ops@acme.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class Adoption:
    """The files of a fork's base, and the project that `adopt` makes of them. `faults` holds (cause, text)."""

    def __init__(self, name, version, files, objects):
        self.name, self.version, self.files, self.objects = name, version, files, objects
        self.faults = []
        self.report = None
        self.sizes = (0, 0)  # leaves of the overlay, leaf differences of the fork

    def fault(self, cause, text):
        self.faults.append((cause, text))

    def run(self, bench, given="auto", committed=False):
        self.home = bench.folder / self.name
        shutil.rmtree(self.home, ignore_errors=True)
        self.out = self.home / "project"
        self.overlay = self.out / "overlays" / "default"
        source = self.write(committed)
        words = ["--upstream", bench.upstream, "--from", given, "--out", self.out, "-o", "json"]
        adopted = run(SGUPGRADE, "adopt", source, *words)
        self.exit = adopted.returncode
        self.report = report_of(adopted)
        if self.report is None:
            self.fault("adopt", f"exit {self.exit}: {(adopted.stderr or adopted.stdout).strip()[-400:]}")
            return self
        if not committed and contents(source / "base") != self.files:
            self.fault("fork", "adopt changed the customer's files")
        self.check()
        return self

    def write(self, committed):
        """The fork as a folder, or as a commit whose files are gone from the folder; returns what names it."""
        folder = self.home / "fork"
        shutil.copytree(UPSTREAM / f"v{self.version}" / "kubernetes", folder, copy_function=shutil.copyfile)
        for path, _, _ in os.walk(folder):
            os.chmod(path, 0o755)
        shutil.rmtree(folder / "base")
        for name, data in self.files.items():
            path = folder / "base" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if not committed:
            return folder
        for words in (["init", "-q", "-b", "ours"], ["add", "-A", "-f"], ["commit", "-q", "-m", "our changes"]):
            command = ["git", "-C", folder, "-c", "core.autocrlf=false", *words]
            subprocess.run(command, check=True, env={**os.environ, **AUTHOR}, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder / "base")
        return f"{folder}@ours"

    # -- what must hold

    def check(self):
        missing = {"version", "proof", "oddities", "customisations"} - self.report.keys()
        missing |= {"objects", "equal", "fields", "differences"} - self.report.get("proof", {}).keys()
        if missing:
            self.fault("report", f"has no {', '.join(sorted(missing))}")
            return
        self.check_version()
        self.check_base()
        built = self.build(self.overlay)
        if built is not None:
            self.check_proof(list(differences(self.objects, built)), len(self.objects.keys() | built.keys()))
        self.measure()
        self.check_oddities()

    def check_version(self):
        if self.report["version"].removeprefix("v") != self.version:
            self.fault("version", f"is {self.version}, taken for {self.report['version']}")
        for name in ("sgupgrade.yaml", "sgupgrade.lock", "overlays/default/kustomization.yaml"):
            if not (self.out / name).is_file():
                self.fault("project", f"has no {name}")

    def check_base(self):
        """Every byte of the release's base, and nothing else but the kustomization that upstream has not."""
        want, got = contents(base_folder(self.version)), contents(self.out / "base")
        if "kustomization.yaml" not in want:
            got.pop("kustomization.yaml", None)
        for name in sorted(want.keys() | got.keys()):
            if want.get(name) != got.get(name):
                state = "is missing" if name not in got else "is not upstream's" if name in want else "is too many"
                self.fault("base", f"{name} {state}")

    def build(self, folder):
        """What kustomize and sgupgrade make of the overlay: the same bytes."""
        ours, theirs = run(SGUPGRADE, "build", folder), run(KUSTOMIZE, "build", folder)
        for name, built in (("sgupgrade", ours), ("kustomize", theirs)):
            if built.returncode:
                self.fault("build", f"{name}: {built.stderr.strip()[-300:]}")
                return None
        if ours.stdout != theirs.stdout:
            self.fault("parity", "kustomize and sgupgrade render different bytes")
            for d in differences(objects_in([theirs.stdout]), objects_in([ours.stdout])):
                self.fault("parity", describe(d))
        return objects_in([theirs.stdout])

    def check_proof(self, found, count):
        """The exit code and the proof say what the comparison here finds: no more and no less."""
        proof = self.report["proof"]
        listed = proof["differences"]
        if (self.exit == EQUAL) != (not listed):
            self.fault("proof", f"exit {self.exit} with {len(listed)} differences listed")
        for d in found:
            if not any(is_about(entry, d.who, d.place) for entry in listed):
                self.fault("result" if self.exit == EQUAL else "unlisted", describe(d))
        for entry in listed:
            if not any(is_about(entry, d.who, d.place) for d in found):
                self.fault("proof", f"lists {entry['object']} {entry['path']}, which is equal")
        if proof["objects"] != count:
            self.fault("proof", f"compares {proof['objects']} objects of {count}")
        unequal = len({entry["object"] for entry in listed})
        if proof["equal"] != proof["objects"] - unequal or proof["fields"] < proof["objects"]:
            self.fault("proof", f"counts {proof['equal']} of {proof['objects']} equal, {proof['fields']} fields")

    def measure(self):
        base = {who: normal(o) for who, o in release(self.version).items()}
        self.sizes = said(self.overlay), changed(base, self.objects)

    def check_oddities(self):
        """Every oddity is at a line that is there."""
        for oddity in self.report["oddities"]:
            name, line = in_base(oddity["file"]), oddity.get("line") or 1
            if name not in self.files:
                self.fault("oddity", f"in no file of the fork: {oddity['file']}")
            elif line > self.files[name].count(b"\n") + 1:
                self.fault("oddity", f"{oddity['file']} has no line {line}")


class ForkAdoption(Adoption):
    """The adoption of a made-up fork (characters.py): everything must be expressed, as short as an expert would."""

    def __init__(self, fork):
        self.fork = fork
        name = f"{fork.version}-{fork.character}-{fork.customer.seed}"
        super().__init__(name, fork.version, fork.files, fork.objects())
        for d in fork.faults():
            self.fault("generator", describe(d))

    def check(self):
        super().check()
        if not self.report.get("proof", {}).get("objects"):
            return
        for d in self.report["proof"]["differences"]:
            self.fault("not expressed", f"{d['object']} {d['path']}: {d.get('message', '')}")
        if self.sizes[0] > self.sizes[1]:
            self.fault("size", f"the overlay says {self.sizes[0]} leaves, the fork changed {self.sizes[1]}")
        if self.fork.character == "only-sweeping":
            self.check_no_patch()
        self.check_comments()
        if not self.report["customisations"]:
            self.fault("report", "has no customisation")

    def check_no_patch(self):
        """A namespace, a mirror and a label make a kustomization alone.

        kustomize refuses `images` beside a PodSecurityPolicy: there patches of images are right, too.
        """
        kustomization = read(self.overlay / "kustomization.yaml")[0]
        policy = any(kind == "PodSecurityPolicy" for kind, _ in self.objects)
        for field in [*PATCHES, "components", "replacements"]:
            if kustomization.get(field) and not (policy and field in PATCHES):
                self.fault("patch", f"the overlay has {field}, where transformers say it all")
        for _, document in patches_of(self.overlay, kustomization):
            if policy and not sets_images_only(document):
                self.fault("patch", f"a patch sets more than images: {brief(document)}")
        if kustomization.get("namespace") != "code" or kustomization.get("resources") != ["../../base"]:
            self.fault("patch", "the overlay is not the base with a namespace")

    def check_oddities(self):
        """Each key written twice is named, at one of its lines."""
        super().check_oddities()
        for twice in self.fork.twice:
            near = [o for o in self.report["oddities"] if in_base(o["file"]) == twice.file]
            if not any(o.get("line") in twice.lines and twice.key in tokens(o.get("path") or "") for o in near):
                self.fault("oddity", f"{twice.file}:{twice.lines[0]}: nothing says that {twice.key} is there twice")

    def check_comments(self):
        """What the customer wrote beside an edit is in the overlay."""
        texts = [p.read_text(errors="replace") for p in self.overlay.rglob("*") if p.is_file()]
        for comment in self.fork.comments:
            if not any(comment in text for text in texts):
                self.fault("comment", f"is not in the overlay: {comment}")


def report_of(adopted):
    """What a run of `adopt` reports; None where it fails or reports nothing."""
    try:
        return json.loads(adopted.stdout) if adopted.returncode in (EQUAL, NOT_EXPRESSED) else None
    except ValueError:
        return None


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def in_base(path):
    return path.removeprefix("./").removeprefix("base/")


def is_about(entry, who, place):
    """Whether a listed difference is at, above or below a place. Where one element of a list has no name, the place
    goes by position, and the program still names the others."""
    parts = entry["object"].split("/")
    if parts[-1] != who[1] or who[0] not in parts:
        return False
    return all(is_step(text, step) for text, step in zip(tokens(entry["path"] or ""), place))


def is_step(text, step):
    if isinstance(step, Nth):
        return not text.startswith("#") or text == f"#{step.index}"
    return text == str(step.key if isinstance(step, At) else step)


def sets_images_only(document):
    """Whether a patch, strategic or of operations, sets nothing but images."""
    if isinstance(document, list):
        return all(o["op"] == "test" or o["path"].endswith("/image") for o in document)
    beside = document.keys() - {"apiVersion", "kind", "metadata", "spec"}
    return not beside and set(fields_of(document.get("spec", {}))) <= {"image", "name"}


def fields_of(node):
    """The keys of all scalars in a node."""
    for key, child in node.items() if isinstance(node, dict) else ((None, e) for e in node):
        if isinstance(child, (dict, list)):
            yield from fields_of(child)
        else:
            yield key


def describe(d):
    left, right = (brief(v) if v is MISSING or is_plain(v) else "the object" for v in (d.want, d.got))
    return f"{d.who[0]} {d.who[1]} {spell(d.place)}: the fork has {left}, the overlay {right}"


def is_plain(value):
    return not isinstance(value, dict) or "kind" not in value
