"""A fork: the customer's edits made by hand in upstream's own files, comments and order kept.

Each edit is a splice of the text, at the position that the YAML parser gives; the result is parsed and must be
what the model makes of the same edits, so a merge tool is judged on a fork that is right.
"""
import yaml

from releases import At, Dumper, Loader, base_folder, identity, manifests, new_element, step_of


def fork(customer):
    """The files of the fork's base by name; None for a file that the customer deleted."""
    folder = base_folder(customer.old)
    files, where = {}, {}
    for name in manifests(folder):
        text = (folder / name).read_text()
        files[name] = text
        where[identity(next(d for d in yaml.load_all(text, Loader) if d))] = name
    for edit in customer.edits:
        name = where[edit.who]
        if not edit.place:
            files[name] = None
        else:
            files[name] = edited(files[name], edit.place, edit.value, edit.deletes)
    for who, document in customer.own.items():
        files[f"own/{who[1]}.{who[0]}.yaml"] = dump(document)
    return files


def dump(node):
    return yaml.dump(node, Dumper=Dumper, sort_keys=False, width=110)


def edited(text, place, value, deletes):
    """The text with one edit."""
    node, key, above = yaml.compose(text, Loader), None, None
    for index, step in enumerate(place):
        above, holder = node, place[index - 1] if index else ""
        key, node = find(above, holder, step)
        if node is None:
            return text if deletes else added(text, above, place[index:], holder, value)
        if is_null(node) and index + 1 < len(place) and not deletes:
            return replaced(text, node, key, nested(place[index + 1 :], step, value))
    if deletes:
        return deleted(text, above, key, node)
    return replaced(text, node, key, value)


def is_null(node):
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")


def find(node, holder, step):
    """The key node and value node under one step; an element has no key."""
    if isinstance(node, yaml.MappingNode):
        return next(((k, v) for k, v in node.value if k.value == step), (None, None))
    for index, element in enumerate(node.value if isinstance(node, yaml.SequenceNode) else []):
        if step_of(holder, index, plain(element)) == step or step == step_of("", index, None):
            return None, element
    return None, None


def plain(node):
    """What an element is told by: its scalars, and those of its metadata."""
    if isinstance(node, yaml.MappingNode):
        return {k.value: plain(v) for k, v in node.value if isinstance(v, yaml.ScalarNode) or k.value == "metadata"}
    return node.value if isinstance(node, yaml.ScalarNode) else None


def nested(left, holder, value):
    """The value with the maps and elements around it that are not there yet."""
    if not left:
        return value
    inner = nested(left[1:], left[0], value)
    if not isinstance(left[0], At):
        return {left[0]: inner}
    return [value if len(left) == 1 else {**new_element(holder, left[0].key), **inner}]


def end_of(node):
    """Where the text of a node ends, without the comments and blank lines after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.index


def line_end(text, at):
    """The start of the line after the one that holds a position; a block scalar ends at one."""
    if at and text[at - 1] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def line_start(text, at):
    return text.rfind("\n", 0, at) + 1


def indented(lines, column):
    return "".join(" " * column + line if line.strip() else line for line in lines.splitlines(True))


def added(text, above, left, holder, value):
    """The text with a new key or element after the last one of what is above."""
    new = nested(left, holder, value)
    at = line_end(text, end_of(above))
    column = above.start_mark.column
    if isinstance(above, yaml.MappingNode) and above.value and not above.flow_style:
        column = above.value[0][0].start_mark.column
    elif above.flow_style:
        return flow_added(text, above, new)
    before = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
    return before + indented(block(new), column) + text[at:]


def flow_added(text, above, new):
    at = above.end_mark.index - 1
    inner = yaml.dump(new, Dumper=Dumper, default_flow_style=True, width=1000).strip()[1:-1]
    return text[:at] + (", " if above.value else "") + inner + text[at:]


def block(value):
    """A value in block style; long text as a literal block."""
    if isinstance(value, dict):
        return "".join(f"{dump(k).strip().removesuffix('...').strip()}:{after_key(v)}" for k, v in value.items())
    return dump(value)


def after_key(value):
    """What follows `key:`, with the line's end."""
    if isinstance(value, str) and "\n" in value:
        return " " + literal(value, 2)
    if isinstance(value, (dict, list)) and value:
        return "\n" + indented(block(value), 2)
    return " " + scalar(value) + "\n"


def scalar(value):
    return yaml.dump(value, Dumper=Dumper, width=1000).removesuffix("...\n").strip()


def literal(value, column):
    head = "|+\n" if value.endswith("\n\n") else "|\n" if value.endswith("\n") else "|-\n"
    lines = value if value.endswith("\n") else value + "\n"
    return head + indented(lines, column)


def replaced(text, node, key, value):
    """The text with another value for a node."""
    start, end = node.start_mark.index, end_of(node)
    if isinstance(value, str) and "\n" in value:
        column = key.start_mark.column + 2
        first = text[line_end(text, start) :] if text[start] == "|" else ""
        column = len(first) - len(first.lstrip(" ")) if first.strip() else column
        return text[:start] + literal(value, column) + text[line_end(text, end) :]
    if not isinstance(value, (dict, list)) or not value:
        return text[:start] + (" " if start == end else "") + scalar(value) + text[end:]
    if key is None:
        return text[:start] + indented(block(value), node.start_mark.column).lstrip() + text[line_end(text, end) :]
    start = key.end_mark.index + 1
    return text[:start] + "\n" + indented(block(value), key.start_mark.column + 2) + text[line_end(text, end) :]


def deleted(text, above, key, node):
    """The text without a key and its value, or without an element."""
    children = above.value
    index = next(i for i, c in enumerate(children) if (c[1] if key else c) is node)
    start = line_start(text, (key or node).start_mark.index)
    if key and text[start : key.start_mark.index].strip() == "-" and index + 1 < len(children):
        return text[: key.start_mark.index] + text[children[index + 1][0].start_mark.index :]
    return text[:start] + text[line_end(text, end_of(node)) :]
