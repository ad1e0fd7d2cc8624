"""What the programme says is shown, counted or sent by something: a field that only its loader reads is refused."""

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import Environment, nodes

from backtolife.programme.plan import material, moving_safely, template

ROOT = Path(__file__).parents[3]
LOADERS = {
    *("about_read", "keeping", "loading", "material", "material_read", "moving_safely", "template", "template_check"),
    *("template_read", "yaml_lines"),
}
CALLED = {
    "Station": ("station", "each"),
    "Section": ("section", "circuit", "part", "each"),
    "HomePractice": ("practice", "each"),
    "MilestoneDue": ("due", "each"),
    "Session": ("session", "each", "found", "plan", r"session\(.*?\)", "lesson"),
    "Schedule": ("schedule", "each", r"schedule\(.*?\)"),
    "Milestone": ("milestone", "each", "anchored"),
    "Music": ("music", "each"),
    "GroupRules": ("group", "rules"),
    "Safety": ("safety",),
    "Review": ("review",),
    "About": ("about",),
    "Programme": ("programme", "plan", "ours", r"shipped\(\)", r"programme_of\(.*?\)", r"programme_in\(.*?\)"),
    "Exercise": ("exercise", "move", "each"),
    "ScriptChapter": ("chapter", "each"),
    "VideoScript": ("script", "video", r"videos\[\w+\]"),
    "Spoken": ("part", "spoken", "each"),
    "RelaxationScript": ("script", r"relaxation\[[\w.]+\]"),
    "Guide": ("guide", "each", "welcome", "agreement", "facilitator_guide"),
    "Placeholder": ("placeholder", "each", r"placeholders\[\w+\]"),
    "MessageTemplate": ("template", "message", "words", "ours", "theirs", "each"),
    "Urgent": ("urgent",),
    "MovingSafely": ("safely", r"moving_safely\(\)"),
}
"""What the code and the pages call one of them. A new kind of thing is named here before its fields count as read."""


def fields() -> Iterator[tuple[str, str]]:
    modules: tuple[ModuleType, ...] = (template, material, moving_safely)
    for module in modules:
        for name, kind in vars(module).items():
            if dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__:
                yield from ((name, field.name) for field in dataclasses.fields(kind))


FIELDS = list(fields())


@pytest.fixture(scope="module")
def outside() -> str:
    """What all code and pages but what loads and checks a programme read of anything, one a line: as they are parsed,
    so that neither a comment nor a sentence counts.
    """
    found: set[str] = set()
    for path in (ROOT / "backtolife").rglob("*.py"):
        if not (path.parent.name == "plan" and path.stem in LOADERS):
            found |= read_in_python(path.read_text(encoding="utf-8"))
    pages = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for path in (ROOT / "templates").rglob("*.jinja"):
        found |= read_in_page(pages.parse(path.read_text(encoding="utf-8")))
    return "\n".join(sorted(found))


def read_in_python(code: str) -> set[str]:
    reads = (each for each in ast.walk(ast.parse(code)) if isinstance(each, ast.Attribute))
    return {ast.unparse(each).replace("\n", " ") for each in reads if isinstance(each.ctx, ast.Load)}


def read_in_page(page: nodes.Template) -> set[str]:
    return {said(each) for each in page.find_all(nodes.Getattr)} | named_in_filters(page)


def named_in_filters(page: nodes.Template) -> set[str]:
    """`videos | map(attribute="title")` reads the title of each."""
    found = set()
    for each in page.find_all(nodes.Filter):
        names = [*(kw.value for kw in each.kwargs if kw.key == "attribute"), *(each.args[:1])]
        found |= {f"each.{name.value}" for name in names if isinstance(name, nodes.Const)}
    return found


def said(node: nodes.Node) -> str:
    """The expression as somebody writes it."""
    if isinstance(node, nodes.Getattr):
        return f"{said(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        return f"{said(node.node)}[{said(node.arg)}]"
    if isinstance(node, nodes.Call):
        return f"{said(node.node)}(…)"
    return str(getattr(node, "name", getattr(node, "value", "…")))


def is_read(outside: str, kind: str, field: str) -> bool:
    return bool(re.search(rf"(?:^|[\s.(\[])(?:{'|'.join(CALLED[kind])})\.{field}$", outside, re.MULTILINE))


def test_every_field_of_the_programme_is_read_by_something_beside_its_loader(outside: str) -> None:
    assert not {each for each in FIELDS if not is_read(outside, *each)}


def test_words_that_only_look_like_reading_do_not_count() -> None:
    code = 'x = "group.patients_min"  # group.patients_min\ngroup.patients_min = 3\n'
    assert not is_read("\n".join(read_in_python(code)), "GroupRules", "patients_min")
    assert is_read("\n".join(read_in_python("print(plan.group.patients_min)")), "GroupRules", "patients_min")
    page = Environment(autoescape=True).parse("{# group.patients_min #} group.patients_min {{ 'group.patients_min' }}")
    assert not is_read("\n".join(read_in_page(page)), "GroupRules", "patients_min")


def test_nothing_is_excused_any_more_as_words_for_people() -> None:
    loader = (ROOT / "backtolife/programme/plan/loading.py").read_text(encoding="utf-8")
    assert "document.refuse_unread()" in loader
