"""Files as years of editors and merges leave them: other indents and quotes, CRLF, keys written twice, files moved,
several objects in one file, and things beside that are no manifests. What the cluster reads stays the same."""
import random
from typing import NamedTuple

import yaml

from cluster import documents
from fork import line_start, scalar
from releases import MISSING, Dumper, identity, release, value_at
from textual import locate


class Twice(NamedTuple):
    """A key that a merge wrote twice, in two lines of a file."""

    who: tuple
    key: str
    file: str
    lines: tuple


class Beautifier(yaml.SafeDumper):
    """An editor's way: elements indented below their key."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


def quoted(style):
    """A dumper that quotes every value of one line, and leaves keys and long texts."""

    class Quoter(Dumper):
        pass

    def represent(dumper, text):
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else style)

    Quoter.add_representer(str, represent)
    return Quoter


QUOTERS = [quoted("'"), quoted('"')]
BESIDE = {
    "README.md": b"# Our Sourcegraph\n\nAsk #ops before you touch this.\n",
    "apply.sh": b"#!/bin/sh\nkubectl apply --prune -l deploy=sourcegraph -f . --recursive\n",
    "docs/topology.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\xff\xfe\x00: - {",
    "frontend/sourcegraph-frontend.Deployment.yaml.orig": b"apiVersion: apps/v1\n<<<<<<< HEAD\nkind: Deployment\n",
    ".DS_Store": bytes(random.Random(1).randrange(256) for _ in range(600)),
}


class Dirt:
    """Makes the files of a fork dirty; `twice` lists what a report must name."""

    def __init__(self, texts, customer, rng):
        self.texts, self.customer, self.random = dict(texts), customer, rng
        self.twice = []
        self.where = {identity(documents(t)[0]): name for name, t in texts.items()}

    def spread(self):
        """The files, as bytes."""
        for edit in self.random.sample(self.customer.edits, len(self.customer.edits)):
            if len(self.twice) < 4:
                self.write_twice(edit)
        marked = {t.file for t in self.twice}
        clean = sorted(self.texts.keys() - marked)
        self.random.shuffle(clean)
        count = len(clean) // 5
        for name in clean[:count]:
            self.keep_if_same(name, self.beautified(self.texts[name]))
        for name in clean[count : 2 * count]:
            self.keep_if_same(name, "---\n# edited by hand, see the wiki\n\n" + self.texts[name] + "\n\n# end\n")
        self.join(clean[2 * count : 2 * count + 3], "all-in-one.yaml")
        self.join(clean[2 * count + 3 : 2 * count + 5], "misc/two.yml")
        for name in clean[2 * count + 5 : 3 * count + 5]:
            self.move(name)
        return {**self.in_bytes(), **BESIDE}

    def in_bytes(self):
        """Every fourth file with CRLF."""
        files = {}
        for name, text in sorted(self.texts.items()):
            crlf = self.random.random() < 0.25
            files[name] = (text.replace("\n", "\r\n") if crlf else text).encode()
        return files

    def keep_if_same(self, name, text):
        if [d for d in documents(text) if d] == documents(self.texts[name]):
            self.texts[name] = text

    def beautified(self, text):
        """The text as an editor writes it: comments are gone."""
        document = documents(text)[0]
        if len(text) < 8000 and self.random.random() < 0.5:
            return yaml.dump(document, Dumper=Beautifier, indent=4, width=70, sort_keys=self.random.random() < 0.5)
        return yaml.dump(document, Dumper=self.random.choice(QUOTERS), indent=4, sort_keys=False)

    def join(self, names, target):
        self.texts[target] = "---\n".join(self.texts.pop(name).rstrip("\n") + "\n" for name in names)

    def move(self, name):
        folder = self.random.choice(["moved", name.split("/")[0] + "-2", "."])
        target = f"{folder}/{name.split('/')[-1].replace('.', '-', 1)}".removeprefix("./")
        if target not in self.texts:
            self.texts[target] = self.texts.pop(name)

    def write_twice(self, edit):
        """The key of an edit stands there with upstream's value, too, before the customer's."""
        if not edit.place or edit.deletes or not isinstance(edit.place[-1], str):
            return
        name = self.where[edit.who]
        text = self.texts[name]
        key, node = locate(text, edit.place)
        was = value_at(release(self.customer.old)[edit.who], edit.place)
        if key is None or not isinstance(node, yaml.ScalarNode) or node.style == "|" or isinstance(was, (dict, list)):
            return
        start = line_start(text, key.start_mark.index)
        if text[start : key.start_mark.index].strip() or "\n" in str(was) or any(t.file == name for t in self.twice):
            return
        value = "acme-before" if was is MISSING else scalar(was)
        line = f"{text[start : key.start_mark.index]}{text[key.start_mark.index : key.end_mark.index]}: {value}\n"
        self.texts[name] = text[:start] + line + text[start:]
        number = text.count("\n", 0, start) + 1
        self.twice.append(Twice(edit.who, edit.place[-1], name, (number, number + 1)))
