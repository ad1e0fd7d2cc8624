"""YAML that remembers its lines, so that a refusal can name the file, the line and the rule that was broken."""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn, TypeVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

from backtolife.errors import Invalid
from backtolife.programme.plan.yaml_nodes import nodes_of

Word = TypeVar("Word", bound=str)
LARGEST_FILE_BYTES = 2_000_000
DEEPEST = 30
"""How many lists and mappings may stand inside one another: more would end the process that reads them."""
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
PATH = re.compile(r"[A-Za-z0-9._ /-]{1,120}")
FAST = getattr(yaml, "CSafeLoader", None)
"""Reads twenty times as fast where it is built in. What it refuses is read again by the other, whose words are plainer.
"""


class Broken(Invalid):
    """A rule that a file breaks: in which file, on which line (from 1), and which."""

    def __init__(self, file: str, line: int, rule: str) -> None:
        super().__init__(f"{file}, line {line}: {rule}")
        self.file, self.line, self.rule = file, line, rule


@dataclass(frozen=True)
class Marked:
    """One node of a file. Every reading method raises Invalid naming file, line and rule."""

    file: str
    node: Node
    first_line: int = 1
    asked: dict[int, set[str]] = field(default_factory=dict, compare=False, repr=False)
    """Which names of which mapping somebody asked for, by the mapping's node; one for the whole file."""

    @property
    def line(self) -> int:
        """The line of the file on which this node begins, counted from 1."""
        return int(self.node.start_mark.line) + self.first_line

    def refuse(self, rule: str) -> NoReturn:
        """Raise Invalid for this place."""
        raise Broken(self.file, self.line, rule)

    def child(self, node: Node) -> "Marked":
        return Marked(self.file, node, self.first_line, self.asked)

    def note_asked(self, *names: str) -> None:
        self.asked.setdefault(id(self.node), set()).update(names)

    def refuse_unread(self, *spare: str) -> None:
        """Refuse the first name in here for which nobody asked: most often it is misspelt.

        `spare` are names that only people read, such as "licence" or "review.needs", with all that is inside them.
        """
        for node in self.node.value if isinstance(self.node, SequenceNode) else ():
            self.child(node).refuse_unread(*spare)
        for key, value in self.node.value if isinstance(self.node, MappingNode) else ():
            name, known = str(key.value), self.asked.get(id(self.node), set())
            if name in spare:
                continue
            if name not in known:
                names = ", ".join(sorted({*known, *(each for each in spare if "." not in each)}))
                self.child(key).refuse(f"{name} is not a known name here. Known: {names}.")
            inside = [each.removeprefix(f"{name}.") for each in spare if each.startswith(f"{name}.")]
            self.child(value).refuse_unread(*inside)

    def fields(self) -> Mapping[str, "Marked"]:
        """The entries of a mapping; a name given twice is refused."""
        return self.entries

    @cached_property
    def entries(self) -> Mapping[str, "Marked"]:
        """Put together once: each name in a mapping is looked for in them."""
        if not isinstance(self.node, MappingNode):
            self.refuse("expected names with values here.")
        found: dict[str, Marked] = {}
        for key, value in self.node.value:
            name = str(key.value)
            if name in found:
                self.child(key).refuse(f"{name} is given twice.")
            found[name] = self.child(value)
        return found

    def only(self, known: Collection[str]) -> "Marked":
        """Refuse a name that nothing reads: most often it is misspelt."""
        for name, value in self.fields().items():
            if name not in known:
                value.refuse(f"{name} is not a known name here. Known: {', '.join(sorted(known))}.")
        return self

    def has(self, name: str) -> bool:
        self.note_asked(name)
        return name in self.fields()

    def at(self, name: str) -> "Marked":
        """The entry `name`, which must be there."""
        self.note_asked(name)
        entry = self.fields().get(name)
        if entry is None:
            self.refuse(f"{name} is missing.")
        return entry

    def each(self, name: str, at_least: int = 0) -> list["Marked"]:
        """The items of the list `name`; none when it is absent and `at_least` is 0."""
        if not at_least and not self.has(name):
            return []
        entry = self.at(name)
        if not isinstance(entry.node, SequenceNode):
            entry.refuse(f"{name} must be a list.")
        if len(entry.node.value) < at_least:
            entry.refuse(f"{name} needs at least {at_least}.")
        return [entry.child(node) for node in entry.node.value]

    def items(self) -> list["Marked"]:
        """The items of this list."""
        if not isinstance(self.node, SequenceNode):
            self.refuse("expected a list here.")
        return [self.child(node) for node in self.node.value]

    @property
    def is_one_value(self) -> bool:
        """Whether there is nothing inside this node."""
        return isinstance(self.node, ScalarNode)

    def value(self) -> Any:
        """The plain Python value of a node that has nothing inside it."""
        if not isinstance(self.node, ScalarNode):
            self.refuse("expected one value here.")
        try:
            return yaml.SafeLoader("").construct_object(self.node, deep=True)
        except (ValueError, OverflowError):
            self.refuse(f"{self.node.value[:40]!r} is no value that can be kept. Put quotes around words.")

    def as_text(self) -> str:
        """The words of this node, with something in them."""
        if not isinstance(self.node, ScalarNode) or not self.node.value.strip():
            self.refuse("expected words here.")
        return str(self.node.value).strip()

    def text(self, name: str) -> str:
        return self.at(name).as_text()

    def identifier(self, name: str = "id") -> str:
        """What the entry is known by, also in the addresses of pages."""
        if not IDENTIFIER.fullmatch(self.text(name)):
            self.at(name).refuse(f"{name} needs small letters, digits and - only, 40 at most: such as s3-check-in.")
        return self.text(name)

    def inner_path(self, name: str) -> str:
        """The name of a file or folder inside the programme's folder."""
        path = PurePosixPath(self.text(name))
        if path.is_absolute() or ".." in path.parts or not PATH.fullmatch(str(path)):
            self.at(name).refuse(f"{name} must be a file or folder of the programme: {str(path)[:60]!r} is none.")
        return str(path)

    def optional_text(self, name: str, default: str = "") -> str:
        return self.text(name) if self.has(name) else default

    def texts(self, name: str, at_least: int = 0) -> tuple[str, ...]:
        return tuple(item.as_text() for item in self.each(name, at_least))

    def as_whole(self, low: int, high: int) -> int:
        value = self.value()
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.refuse(f"expected a whole number from {low} to {high}.")
        return value

    def as_number(self) -> float:
        """A finite number."""
        value = self.value()
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            self.refuse("expected a number.")
        return value

    def whole(self, name: str, low: int = 0, high: int = 100_000, default: int | None = None) -> int:
        """The whole number `name` between `low` and `high`; `default` when it is absent and one is given."""
        if default is not None and not self.has(name):
            return default
        return self.at(name).as_whole(low, high)

    def flag(self, name: str, default: bool = False) -> bool:
        if not self.has(name):
            return default
        value = self.at(name).value()
        if not isinstance(value, bool):
            self.at(name).refuse(f"{name} must be true or false.")
        return value

    def choice(self, name: str, allowed: Collection[Word]) -> Word:
        """The text `name`, which must be one of `allowed`."""
        text = self.text(name)
        found = next((word for word in allowed if word == text), None)
        if found is None:
            self.at(name).refuse(f"{name} is {text!r}. Use one of: {', '.join(sorted(allowed))}.")
        return found

    def choices(self, name: str, allowed: Collection[str], at_least: int = 0) -> tuple[str, ...]:
        for item in self.each(name, at_least):
            if item.as_text() not in allowed:
                item.refuse(f"{item.as_text()!r} in {name} is not known. Use one of: {', '.join(sorted(allowed))}.")
        return self.texts(name, at_least)

    def keyed(self, name: str) -> Iterator[tuple[str, "Marked"]]:
        """The (key, node) pairs of the mapping `name`."""
        entry = self.at(name)
        entry.note_asked(*entry.fields())
        yield from entry.fields().items()


def read_yaml(path: Path, root: Path) -> Marked:
    """The whole of a YAML file. Errors name the file as it is called under `root`."""
    return compose(read_text(path, root), str(path.relative_to(root)))


def read_front_matter(path: Path, root: Path) -> tuple[Marked, str]:
    """A Markdown file's front matter, and the Markdown after it."""
    name = str(path.relative_to(root))
    text = read_text(path, root)
    head, mark, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not mark:
        raise Broken(name, 1, "the file must begin with front matter between two lines of ---.")
    return compose(head, name, first_line=2), body.strip()


def read_text(path: Path, root: Path) -> str:
    name = str(path.relative_to(root))
    if not path.is_file():
        raise Broken(name, 1, "the file is missing.")
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise Broken(name, 1, "the file is larger than 2 MB.")
    try:
        return path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Broken(name, line, "the text is not UTF-8. Save the file as UTF-8.") from None


def compose(text: str, name: str, first_line: int = 1) -> Marked:
    try:
        node = nodes_of(text)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        raise Broken(name, line, f"not valid YAML: {error.problem}.") from None
    except ReaderError as error:
        line = text[: error.position].count("\n") + first_line
        raise Broken(name, line, f"the character U+{error.character:04X} cannot be kept. Take it out.") from None
    except yaml.YAMLError as error:
        raise Broken(name, first_line, f"not valid YAML: {error}.") from None
    if node is None:
        raise Broken(name, first_line, "the file is empty.")
    return Marked(name, node, first_line)
