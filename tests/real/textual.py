"""What people do to the text beside an edit: comments, flow style, an element at the front of its list."""
import yaml

from fork import end_of, find, line_end, line_start
from releases import Dumper, Loader, identity, value_at


def locate(text, place):
    """The key node and value node of a place; an element has no key, what is not there neither."""
    node, key = yaml.compose(text, Loader), None
    for index, step in enumerate(place):
        key, node = find(node, place[index - 1] if index else "", step)
        if node is None:
            return None, None
    return key, node


def parsed(text):
    return list(yaml.load_all(text, Loader))


class Text:
    """The files of a fork, each with one object. No change here changes a meaning, but `move_first`."""

    def __init__(self, files, rng):
        self.files, self.random = files, rng
        self.where = {identity(parsed(text)[0]): name for name, text in files.items()}
        self.comments = []

    def some(self, edits, count):
        """Some edits that set something in a file that is there."""
        there = [e for e in edits if e.place and not e.deletes and e.who in self.where]
        return self.random.sample(there, min(count, len(there)))

    def keep_if_same(self, name, text):
        if parsed(text) != parsed(self.files[name]):
            return False
        self.files[name] = text
        return True

    def comment(self, edits, count):
        """A comment above an edit, or at the end of its line."""
        for edit in self.some(edits, count):
            name = self.where[edit.who]
            text = self.files[name]
            key, node = locate(text, edit.place)
            if key is None:
                continue
            words = f"# OPS-{edit.number}: agreed with {self.random.choice(['Ana', 'the storage team', 'legal'])}"
            start = line_start(text, key.start_mark.index)
            if isinstance(node, yaml.ScalarNode) and node.style is None and self.random.random() < 0.5:
                at = line_end(text, end_of(node)) - 1
                commented = text[:at] + "  " + words + text[at:]
            else:
                indent = len(text[start:]) - len(text[start:].lstrip(" "))
                commented = text[:start] + " " * indent + words + "\n" + text[start:]
            if self.keep_if_same(name, commented):
                self.comments.append(words)

    def flow(self, edits, count):
        """The map or list around an edit on one line."""
        for edit in self.some(edits, count):
            name = self.where[edit.who]
            text = self.files[name]
            key, node = locate(text, edit.place[:-1])
            if key is None or not isinstance(node, yaml.CollectionNode) or node.flow_style or edit.place[0] == "data":
                continue
            if "#" in text[key.end_mark.index : end_of(node)]:
                continue
            value = value_at(parsed(text)[0], edit.place[:-1])
            flat = yaml.dump(value, Dumper=Dumper, default_flow_style=True, sort_keys=False, width=10000)
            self.keep_if_same(name, text[: key.end_mark.index] + ": " + flat + text[line_end(text, end_of(node)) :])

    def move_first(self, edits, step):
        """The element that these edits added to the end of a list, moved to its front."""
        for edit in edits:
            if edit.place[-1:] != (step,):
                continue
            name = self.where[edit.who]
            text = self.files[name]
            nodes = locate(text, edit.place[:-1])[1].value
            _, added = locate(text, edit.place)
            first, start = line_start(text, nodes[0].start_mark.index), line_start(text, added.start_mark.index)
            end = line_end(text, end_of(added))
            self.files[name] = text[:first] + text[start:end] + text[first:start] + text[end:]
