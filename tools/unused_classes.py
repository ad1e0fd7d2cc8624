"""Classes that a sheet styles and no page bears, and classes that a page bears and no sheet styles.

`python -m tools.unused_classes` names them and exits 1. A name put together from parts ("btl-tag--" and "ok") counts as
borne where its beginning is followed by what is put in, and the rest is a word of its own somewhere.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from backtolife.config import ROOT

SHEETS = ROOT / "static" / "css"
TEMPLATES = ROOT / "templates"
SCRIPTS = ROOT / "static" / "js"
PYTHON = ROOT / "backtolife"
NHS = ROOT / "static" / "vendor" / "nhsuk-frontend" / "nhsuk-frontend.min.css"

CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
NAME = re.compile(r"[A-Za-z][\w-]*")
ATTRIBUTE = re.compile(r'\bclass="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\}|\{)*)"', re.DOTALL)
BLOCK = re.compile(r"\{%-? *block (\w*(?:class|width)) *-?%\}([\w -]+)\{%")
"""What a page puts into a class attribute of the page it extends."""
TEMPLATE_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
QUOTED = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'")
SCRIPT = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[`{}]", re.DOTALL)
"""What a script's strings are found by: comments, plain strings, and where a template begins or a brace stands."""
TEMPLATE = re.compile(r"((?:[^`\\$]|\\.|\$(?!\{))*)(`|\$\{|$)", re.DOTALL)
ASKED_FOR = re.compile(r"\.([A-Za-z][\w-]*)")
GLUED = "\0"
"""Stands where something is put into a text."""


def styled(text: str) -> set[str]:
    """The classes in the selectors of a sheet."""
    text = re.sub(r"/\*.*?\*/|\"[^\"]*\"|url\([^)]*\)", "", text, flags=re.DOTALL)
    return {name for selector in re.findall(r"([^{};]+)\{", text) for name in CLASS.findall(selector)}


def in_template(text: str) -> Iterator[str]:
    """Texts of a template in which a class may be named: class attributes, and strings given to macros and scripts."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    yield from class_attributes(text)
    for code in TEMPLATE_CODE.findall(text):
        yield from quoted(code)


def class_attributes(template: str) -> Iterator[str]:
    """What stands in class attributes, with GLUED for what is put in."""
    yield from (words for _, words in BLOCK.findall(template))
    for attribute in ATTRIBUTE.findall(template):
        yield TEMPLATE_CODE.sub(lambda code: GLUED if code[0].startswith("{{") else " ", attribute)


def in_script(text: str) -> Iterator[str]:
    """The strings of a script; what stands in a template's ${} is read as well."""
    at, depth, open_at = 0, 0, list[int]()
    while found := SCRIPT.search(text, at):
        piece, at = found[0], found.end()
        if piece[0] in "\"'":
            yield piece[1:-1] + (GLUED if text[at:].lstrip().startswith("+") else "")
        depth += {"{": 1, "}": -1}.get(piece, 0)
        goes_on = piece == "}" and open_at[-1:] == [depth]
        if goes_on:
            open_at.pop()
        if goes_on or piece == "`":
            words, end = TEMPLATE.match(text, at).groups()  # type: ignore[union-attr]  # it matches nothing as well
            at += len(words) + len(end)
            yield words + (GLUED if end == "${" else "")
            if end == "${":
                open_at.append(depth)
                depth += 1


def in_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else GLUED for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def quoted(code: str) -> Iterator[str]:
    """The strings in a template's code; one that something is added to says so at its end."""
    for found in QUOTED.finditer(code):
        words = next(group for group in found.groups() if group is not None)
        follows = code[found.end() :].lstrip()
        yield words + (GLUED if follows.startswith("~") else "")


class Borne:
    """The names in all texts in which a class may be named, and the beginnings that something is added to."""

    def __init__(self, texts: Iterator[str]) -> None:
        self.names: set[str] = set()
        self.beginnings: set[str] = set()
        for text in texts:
            self.names |= {*NAME.findall(text)}
            self.beginnings |= {*re.findall(rf"([A-Za-z][\w-]*[-_]){GLUED}", text)}

    def __contains__(self, name: str) -> bool:
        if name in self.names:
            return True
        return any(name.startswith(each) and name[len(each) :] in self.names for each in self.beginnings)


def files(folder: Path, kind: str) -> list[Path]:
    return sorted(folder.rglob(f"*.{kind}"))


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def texts() -> Iterator[str]:
    for path in files(TEMPLATES, "jinja"):
        yield from in_template(read(path))
    for path in files(SCRIPTS, "js"):
        yield from in_script(read(path))
    for path in files(PYTHON, "py"):
        yield from in_python(read(path))


def never_borne() -> list[str]:
    """Where a sheet styles a class that nothing bears. NHS.UK's own are borne by what its macros write."""
    borne = Borne(texts())
    by_macros = styled(read(NHS))
    return [
        f"{path.relative_to(ROOT)}: .{name} is on no page"
        for path in files(SHEETS, "css")
        for name in sorted(styled(read(path)))
        if name not in borne and name not in by_macros
    ]


def never_styled() -> list[str]:
    """Where a template names a class that no sheet styles and no script asks for."""
    known = styled(read(NHS)).union(*(styled(read(path)) for path in files(SHEETS, "css")))
    scripts = (text for path in files(SCRIPTS, "js") for text in in_script(read(path)))
    known |= {name for text in scripts for name in ASKED_FOR.findall(text)}
    return [
        f"{path.relative_to(ROOT)}: {name} is in no sheet"
        for path in files(TEMPLATES, "jinja")
        for name in sorted(whole_names(read(path)) - known)
    ]


def whole_names(template: str) -> set[str]:
    """The names that stand in class attributes as they are."""
    return {name for attribute in class_attributes(template) for name in attribute.split() if GLUED not in name}


def main() -> int:
    found = [*never_borne(), *never_styled()]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
