"""Forks of different character: what a customer made of `base/` by hand, in files, and what it comes to.

The edits are a Customer's (edits.py), made in upstream's text by fork.py; what goes beyond is text as well
(textual.py, sweep.py, dirt.py). The files are held to a model of the same edits, so a fork is right before a program
sees it.
"""
import copy
import random
from dataclasses import dataclass, field

from catalogue import MORE_OBJECTS, OWN_OBJECTS, STRUCTURE
from cluster import differences, objects_in, normal
from dirt import Dirt
from edits import DELETE, Customer, Generator
from fork import fork
from patches import make
from releases import At, identity, position, release, take, value_at, versions
from sweep import sweep, sweep_text
from textual import Text

CHARACTERS = ["plain", "sweeping", "only-sweeping", "structural", "text", "dirty"]
FIRST = At("acme-first")  # an init container that must come before upstream's


@dataclass
class Fork:
    """The files of a fork's base, as bytes by name, and what a report on it must say."""

    character: str
    customer: Customer
    files: dict = field(default_factory=dict)
    sweeps: bool = False
    twice: list = field(default_factory=list)  # keys written twice (dirt.Twice)
    comments: list = field(default_factory=list)  # texts that stand beside edits
    renamed: set = field(default_factory=set)  # identities, the old and the new

    @property
    def version(self):
        return self.customer.old

    def objects(self):
        """What the files hold, read as a cluster would."""
        names = sorted((n for n in self.files if n.endswith((".yaml", ".yml"))), key=lambda n: n.split("/"))
        return objects_in(self.files[name].decode() for name in names)

    def model(self):
        """What they must hold: the release with every edit made."""
        objects = copy.deepcopy(release(self.version))
        for edit in self.customer.edits:
            if not edit.place:
                del objects[edit.who]
                continue
            make(objects[edit.who], edit)
            if edit.deletes and value_at(objects[edit.who], edit.place[:-1]) in ({}, []):
                take(objects[edit.who], edit.place[:-1])  # in the text, a key with nothing after it
            if edit.place[-1] == FIRST:
                elements = value_at(objects[edit.who], edit.place[:-1])
                elements.insert(0, elements.pop(position(elements, edit.place[-2], FIRST)))
        objects.update(copy.deepcopy(self.customer.own))
        return {who: normal(o) for who, o in (sweep(objects) if self.sweeps else objects).items()}

    def faults(self):
        """In what the files are not as meant."""
        return list(differences(self.model(), self.objects()))


class Editor(Generator):
    """20 to 160 edits of one release, of one character."""

    def __init__(self, version, character, seed):
        super().__init__(version, versions()[-1], seed)
        self.random = random.Random(f"fork {version} {character} {seed}")
        self.character = character
        self.own, self.renamed = {}, set()

    def edited(self):
        getattr(self, self.character.replace("-", "_"))()
        edits = sorted((e for e in self.edits if self.changes(e)), key=lambda e: e.number)
        return Fork(self.character, Customer(self.old, self.new, self.seed, edits, self.own), renamed=self.renamed)

    def changes(self, edit):
        """What sets a place to what it has leaves nothing in a fork to adopt."""
        return edit.deletes or value_at(self.objects[edit.who], edit.place) != edit.value

    def sample(self, low, high):
        """So many of the edits that customers make, where upstream makes changes later and elsewhere."""
        someone = self.customer()
        count = min(len(someone.edits), self.random.randint(low, high))
        self.edits, self.own = self.random.sample(someone.edits, count), someone.own

    def plain(self):
        self.sample(20, 160)

    dirty = plain

    def sweeping(self):
        self.sample(20, 60)

    def only_sweeping(self):
        pass

    def structural(self):
        self.remove_objects()
        for who in self.random.sample(sorted(self.objects), 2):
            self.add(who, (), DELETE, False)
        self.rename("Service|PersistentVolumeClaim")
        self.edit_others(self.random.randint(20, 60), STRUCTURE)
        self.edit_others(self.random.randint(0, 60))
        self.own.update(copy.deepcopy({**OWN_OBJECTS, **MORE_OBJECTS}))

    def rename(self, kinds):
        """One object goes by another name: to the cluster, one removed and one added."""
        who = self.random.choice(self.matching((kinds, ".*")))
        if not self.add(who, (), DELETE, False):
            return
        other = copy.deepcopy(self.objects[who])
        other["metadata"]["name"] = f"acme-{who[1]}"
        self.own[identity(other)] = other
        self.renamed = {who, identity(other)}

    def text(self):
        for who in self.matching(("ConfigMap", ".*")):
            for key, value in self.objects[who]["data"].items():
                if "\n" in value:
                    self.add(who, ("data", key), self.hunks(value), False)
        self.edit_others(self.random.randint(25, 80))

    def hunks(self, text):
        """A text changed in one to six places; its first line and how it ends stay."""
        lines = text.split("\n")
        for _ in range(self.random.randint(1, 6)):
            if len(lines) < 4:
                lines.insert(1, "# acme")
                continue
            at = self.random.randrange(1, len(lines) - 1)
            change = self.random.choice(["add", "add", "remove", "alter"])
            if change == "add":
                lines.insert(at, f"# acme {self.random.randrange(1000)}: 'so' it is, \"really\"")
            elif change == "remove":
                del lines[at]
            else:
                lines[at] = lines[at].rstrip() + " # acme"
        return "\n".join(lines)


def make_fork(version, character, seed):
    """The fork of a release, a character and a seed: always the same."""
    made = Editor(version, character, seed).edited()
    texts = {name: text for name, text in fork(made.customer).items() if text is not None}
    text = Text(texts, random.Random(f"files {version} {character} {seed}"))
    if character == "structural":
        text.move_first(made.customer.edits, FIRST)
    elif character == "text":
        text.comment(made.customer.edits, 12)
        text.flow(made.customer.edits, 8)
        made.comments = text.comments
    elif character in ("sweeping", "only-sweeping"):
        made.sweeps = True
        text.files = {name: sweep_text(t) for name, t in text.files.items()}
    made.files = {name: t.encode() for name, t in text.files.items()}
    if character == "dirty":
        dirt = Dirt(text.files, made.customer, text.random)
        made.files, made.twice = dirt.spread(), dirt.twice
    return made
