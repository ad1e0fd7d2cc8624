"""What the programme says is shown, counted or sent by something: a field that only its loader reads is refused."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

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
HARD_CODED = {
    ("GroupRules", "opens_minutes_before"): "the waiting room opens 15 minutes before, in cohorts.rules",
    ("GroupRules", "stays_open_minutes_after"): "and stays open 15 minutes after, in cohorts.rules",
}
"""What is still missing, and where the product decides by itself instead."""


def fields() -> Iterator[tuple[str, str]]:
    modules: tuple[ModuleType, ...] = (template, material, moving_safely)
    for module in modules:
        for name, kind in vars(module).items():
            if dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__:
                yield from ((name, field.name) for field in dataclasses.fields(kind))


FIELDS = list(fields())


@pytest.fixture(scope="module")
def outside() -> str:
    """All code and pages but what loads and checks a programme."""
    code = (
        each
        for each in (ROOT / "backtolife").rglob("*.py")
        if not (each.parent.name == "plan" and each.stem in LOADERS)
    )
    paths = (*code, *(ROOT / "templates").rglob("*.jinja"))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def is_read(outside: str, kind: str, field: str) -> bool:
    return bool(re.search(rf"(?:\b|\.)(?:{'|'.join(CALLED[kind])})\.{field}\b", outside))


def test_every_field_of_the_programme_is_read_by_something_beside_its_loader(outside: str) -> None:
    unread = {each for each in FIELDS if not is_read(outside, *each)}
    assert unread == HARD_CODED.keys()


def test_nothing_is_excused_any_more_as_words_for_people() -> None:
    loader = (ROOT / "backtolife/programme/plan/loading.py").read_text(encoding="utf-8")
    assert "document.refuse_unread()" in loader
