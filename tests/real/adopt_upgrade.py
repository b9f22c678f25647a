"""An adopted fork upgraded with no hand edit: held to the customer's edits, made again on the new release."""
import shutil
from dataclasses import dataclass, field

from case import Case
from edits import Customer, Edit
from patches import make, repository
from releases import MISSING, leaves, release, value_at, versions
from sizes import patches_of, read
from sweep import mirrored, repositories, sweep


@dataclass
class Written:
    """What the oracle asks an overlay for: the edits, and the shape in which each is written."""

    modelled: list
    shape_of: dict
    transformers: dict = field(default_factory=dict)


def written(edits, folder):
    """The edits as an overlay has them: by operations, or by strategic patches."""
    targets = set()
    for target, document in patches_of(folder, read(folder / "kustomization.yaml")[0]):
        if isinstance(document, list):
            targets.add((target.get("kind"), target.get("name")))
    return Written(edits, {e.number: "json" if e.who in targets else "file" for e in edits})


def later(version):
    """The releases after one."""
    line = versions()
    return line[line.index(version) + 1 :]


class Upgrade(Case):
    """The project of one adoption, taken to one later release."""

    def __init__(self, adoption, new):
        fork = adoption.fork
        super().__init__(fork.version, new, fork.customer.seed, f"{fork.character}-adopted")
        self.fork, self.project = fork, adoption.out
        self.customer = Customer(self.old, new, fork.customer.seed, fork.customer.edits, fork.customer.own)
        self.settings = len(fork.customer.edits)

    def run(self, bench):
        home = bench.folder / self.name
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.project, home)
        folder = home / "overlays" / "default"
        self.overlay = written(self.customer.edits, folder)
        self.upgrade(home, folder)
        return self

    def reference(self, home, objects, images=()):
        return sweep(objects) if self.fork.sweeps else objects

    def compare(self, cause, want, got):
        """A renamed object may have become either: the old name's heir, or one of its own."""
        want, got = ({w: o for w, o in side.items() if w not in self.fork.renamed} for side in (want, got))
        for who, place, right in [*self.lists_apart(want, got), *self.images_apart(want, got)]:
            make(want[who], Edit(-1, who, place, right, False))
        super().compare(cause, want, got)

    def lists_apart(self, want, got):
        """Lists without merge keys that hold what the customer made of them beside what upstream made: an operation
        on one item leaves the others to upstream."""
        for edit in self.customer.edits:
            if edit.who not in want or not isinstance(edit.value, list):
                continue
            sides = (release(self.old), release(self.new), got)
            was, now, right = (value_at(o.get(edit.who, {}), edit.place) for o in sides)
            if isinstance(was, list) and isinstance(now, list) and right is not MISSING:
                left = [i for i in now if i in edit.value or i not in was] + [i for i in edit.value if i not in was]
                if sorted(map(repr, left)) == sorted(map(repr, right)):
                    yield edit.who, edit.place, right

    def images_apart(self, want, got):
        """Images that may be otherwise than in the mirror by their name of now."""
        if not self.fork.sweeps:
            return
        pinned = any(kind == "PodSecurityPolicy" for kind, _ in release(self.old))  # kustomize refuses `images`
        forked, known = sweep(release(self.old)), repositories(release(self.old))
        for who in want.keys() & got.keys():
            for place, right in image_places(got[who]):
                was, now = (value_at(o.get(who, {}), place) for o in (forked, release(self.new)))
                if pinned and right == was or now is not MISSING and new_image(now, right, known):
                    yield who, place, right


def new_image(now, right, known):
    """Whether this may become of an image that the fork knew not by its name: as upstream has it, or with the entry
    of `images` that the name before had (oracle.images_carried)."""
    if repository(now) in known or now == mirrored(now):
        return False
    carried = {mirrored(name) + now.removeprefix(repository(now)) for name in known}
    return right == now or right in carried


def image_places(node):
    return [(p, v) for p, v in leaves(node) if p and p[-1] == "image" and isinstance(v, str)]
