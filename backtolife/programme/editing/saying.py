"""A YAML file that says something else: what does not change stays as it is, byte for byte, with its comments.

Only the places whose value is another are written anew, in the style in which they were written before.
"""

import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import yaml
from yaml.constructor import SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from backtolife.errors import Invalid
from backtolife.programme.plan.yaml_nodes import nodes_of

WIDTH = 100
COMMENT_BEHIND = re.compile(r"[ \t]+#[^\r\n]*")
NOT_WRITTEN = "These words hold a character that cannot be kept. Type them again without it."


def said(text: str) -> Any:
    """What a YAML file says, in lists, mappings, words and numbers."""
    return Saying(text).plain(Saying(text).root())


def saying(text: str, data: Any) -> str:
    """The file so that it says `data`. Raises Invalid for a character that YAML cannot hold."""
    before = Saying(text)
    root = before.root()
    if before.plain(root) == data:
        return text
    found = text[: before.start(root)] + before.written(root, data, 0) + text[before.end(root) :]
    try:
        same = said(found) == data
    except yaml.YAMLError:
        same = False
    if not same:
        raise Invalid(NOT_WRITTEN)
    return found


def place_on(text: str, line: int) -> tuple[str | int, ...]:
    """The way to the innermost value that begins on this line (from 1), or whose name does; empty for none."""
    found: tuple[str | int, ...] = ()
    waiting: list[tuple[Node, tuple[str | int, ...], int]] = [(cast("Node", nodes_of(text)), (), 0)]
    while waiting:
        node, way, named_on = waiting.pop()
        if line - 1 in (node.start_mark.line, named_on) and len(way) > len(found):
            found = way
        if isinstance(node, MappingNode):
            waiting += [(child, (*way, key.value), key.start_mark.line) for key, child in node.value]
        elif isinstance(node, SequenceNode):
            waiting += [(each, (*way, at), each.start_mark.line) for at, each in enumerate(node.value)]
    return found


class Saying:
    """One file with its nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line_end = "\r\n" if "\r\n" in text else "\n"
        self.read = SafeConstructor()
        self.known: dict[int, Any] = {}

    def root(self) -> Node:
        return cast("Node", nodes_of(self.text))

    def plain(self, node: Node) -> Any:
        """What the node says."""
        if id(node) not in self.known:
            self.known[id(node)] = self.construct(node)
        return self.known[id(node)]

    def construct(self, node: Node) -> Any:
        if isinstance(node, MappingNode):
            return {key.value: self.plain(value) for key, value in node.value}
        if isinstance(node, SequenceNode):
            return [self.plain(each) for each in node.value]
        try:
            return self.read.construct_object(node)
        except (ValueError, OverflowError):
            return node.value

    def start(self, node: Node) -> int:
        return int(node.start_mark.index)

    def end(self, node: Node) -> int:
        """Behind the last character of what the node says, with a comment behind the last item of a list."""
        if not isinstance(node, MappingNode | SequenceNode) or not is_block(node):
            inside = self.text[self.start(node) : node.end_mark.index]
            return self.start(node) + len(inside.rstrip())
        if isinstance(node, MappingNode):
            return self.end(node.value[-1][1])
        return self.end_of_item(node.value[-1])

    def end_of_item(self, node: Node) -> int:
        end = self.end(node)
        behind = COMMENT_BEHIND.match(self.text, end)
        return behind.end() if behind else end

    def written(self, node: Node, value: Any, indent: int) -> str:
        """The node's place in the file so that it says `value`. `indent`: of what holds it."""
        own = self.text[self.start(node) : self.end(node)]
        if self.plain(node) == value and type(self.plain(node)) is type(value):
            return own
        if isinstance(node, MappingNode) and isinstance(value, Mapping) and not node.flow_style:
            return self.mapping(node, value)
        if isinstance(node, SequenceNode) and is_block(node) and isinstance(value, list) and value:
            return self.sequence(node, value)
        if isinstance(node, MappingNode | SequenceNode) and node.flow_style and node.value:
            return flow(value)
        if isinstance(node, ScalarNode):
            return self.lines(scalar(value, style=node.style or None, indent=indent))
        return self.lines(fresh(value, indent).lstrip())

    def mapping(self, node: MappingNode, value: Mapping[str, Any]) -> str:
        """Its names in the order in which they stand; a new one behind the one that it follows in `value`."""
        indent, at = node.start_mark.column, self.start(node)
        found, following = "", followers(value, {key.value for key, _ in node.value})
        for key, child in node.value:
            name, key_end = key.value, int(key.end_mark.index)
            if name in value:
                between = self.text[at : self.start(child)]
                words = self.written(child, value[name], indent)
                if is_block(child) and not isinstance(value[name], list | dict | tuple):
                    raise Invalid(NOT_WRITTEN)
                if is_block(child) and not value[name]:
                    between, words = self.text[at:key_end] + ": ", flow(value[name])
                elif not isinstance(child, ScalarNode) and not child.value and value[name]:
                    between, words = self.text[at:key_end] + ":", self.lines(fresh(value[name], indent))
                elif self.start(child) == self.end(child) and words and not between.endswith(" "):
                    between += " "
                found += between + words
            at = self.end(child)
            for new in following.get(name, ()):
                found += self.lines(f"\n{' ' * indent}{new}:{fresh(value[new], indent)}")
        return found.lstrip() if found[:1].isspace() else found

    def sequence(self, node: SequenceNode, values: Sequence[Any]) -> str:
        """Its items in the order of `values`: what is known is taken as it stands, with the comment above it."""
        indent, old = node.start_mark.column, list(node.value)
        chosen = matched([self.plain(each) for each in old], values)
        new_line, found = self.line_end + " " * indent, ""
        for place, (value, which) in enumerate(zip(values, chosen, strict=True)):
            if which is None:
                item = self.lines("- " + fresh(value, indent, in_list=True).lstrip())
                above = ""
            else:
                first = self.start(old[which])
                dash = self.text.rfind("-", self.end_of_item(old[which - 1]) if which else self.start(node), first)
                item = self.text[dash:first] + self.written(old[which], value, indent + 2)
                item += self.text[self.end(old[which]) : self.end_of_item(old[which])]
                above = self.text[self.end_of_item(old[which - 1]) : dash].strip() if which else ""
            found += (new_line if place else "") + (above + new_line if above else "") + item
        return found

    def lines(self, words: str) -> str:
        return words.replace("\n", self.line_end)


def is_block(node: Node) -> bool:
    return isinstance(node, MappingNode | SequenceNode) and bool(node.value) and not node.flow_style


def followers(value: Mapping[str, Any], known: set[str]) -> dict[str, list[str]]:
    """The new names, by the known one that each comes after."""
    found: dict[str, list[str]] = {}
    before = next((name for name in value if name in known), "")
    for name in value:
        if name in known:
            before = name
        else:
            found.setdefault(before, []).append(name)
    return found


def matched(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """For each of the new values, which of the old it was: the same one, the one of that id, or none."""
    free = dict(enumerate(old))
    chosen: list[int | None] = [None] * len(new)
    ways: tuple[Callable[[int, int, Any], bool], ...] = (
        lambda place, index, value: old[index] == value and place == index,
        lambda place, index, value: old[index] == value,
        lambda place, index, value: named(value) is not None and named(old[index]) == named(value),
        lambda place, index, value: place == index and alike(old[index], value),
    )
    for way in ways:
        for place, value in enumerate(new):
            which = next((index for index in free if way(place, index, value)), None) if chosen[place] is None else None
            if which is not None:
                chosen[place] = which
                del free[which]
    return chosen


def named(value: Any) -> Any:
    """What an item of a list is known by."""
    return (value.get("id") or value.get("exercise")) if isinstance(value, Mapping) else None


def alike(one: Any, other: Any) -> bool:
    """Whether one may have become the other in its place: not where both are known by something."""
    return named(one) is None and named(other) is None and isinstance(one, Mapping) == isinstance(other, Mapping)


def fresh(value: Any, indent: int, *, in_list: bool = False) -> str:
    """A value that was not there, behind its name or dash: " word", or lines of its own."""
    inner = indent + 2
    if isinstance(value, Mapping) and value:
        rows = [f"{name}:{fresh(each, inner)}" for name, each in value.items()]
        return (" " if in_list else "\n" + " " * inner) + ("\n" + " " * inner).join(rows)
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return "".join(f"\n{' ' * inner}- {fresh(each, inner, in_list=True).lstrip()}" for each in value)
    if isinstance(value, Mapping | Sequence) and not isinstance(value, str):
        return " " + flow(value)
    return " " + scalar(value, style=None, indent=inner if in_list else indent)


def flow(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def scalar(value: Any, *, style: str | None, indent: int) -> str:
    """Words or a number as YAML, in `style` where that can hold them: None (plain), a quote, `|` or `>`."""
    if not isinstance(value, str):
        return json.dumps(value)
    lines = value.split("\n")
    awkward = any(line[:1].isspace() or line.rstrip() != line for line in lines) or not lines[0]
    block = (len(lines) > 1 or style in ("|", ">")) and not awkward and lines != [""]
    if block and (style == "|" or (len(lines) > 1 and style != ">")):
        return literal(value, indent)
    if block or (style is None and not awkward and len(value) > WIDTH - indent - 10):
        return folded(value, indent)
    if style == "'" or (style is None and not holds(value)):
        quoted = "'" + value.replace("'", "''") + "'"
        return quoted if len(lines) == 1 else flow(value)
    return value if style is None and len(lines) == 1 else flow(value)


def holds(value: str) -> bool:
    """Whether plain words are read as what they are, and not as a number, a comment or a mapping."""
    try:
        return bool(yaml.safe_load(f"x: {value}") == {"x": value}) and yaml.safe_load(f"- [{value}]") == [[value]]
    except yaml.YAMLError:
        return False


def literal(value: str, indent: int) -> str:
    end = "" if value.endswith("\n") else "-"
    rows = value.rstrip("\n").split("\n")
    return "\n".join([f"|{end}", *(" " * (indent + 2) + row if row else "" for row in rows)])


def folded(value: str, indent: int) -> str:
    """Lines of the file are no lines of the words: one of those is an empty line here."""
    end, rows = ("" if value.endswith("\n") else "-"), []
    for paragraph in value.rstrip("\n").split("\n"):
        rows.append(textwrap.wrap(paragraph, WIDTH - indent, break_long_words=False, break_on_hyphens=False))
    pad = "\n" + " " * (indent + 2)
    found = f">{end}"
    for number, row in enumerate(rows):
        found += ("\n" if number else "") + "".join(pad + line for line in row)
    return found
