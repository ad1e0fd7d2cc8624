"""OWASP ASVS 5, chapter by chapter: each requirement in our own words, where we stand, and the test behind it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import StringConstraints, model_validator

from backtolife.config import ROOT
from tools.assurance.hazard_pages import flat
from tools.assurance.hazards import Whole, Words
from tools.assurance.named_tests import named_in

FOLDER = ROOT / "docs" / "safety" / "asvs"
State = Literal["holds", "partly", "missing", "not ours", "none here"]
STATES: Mapping[State, str] = {
    "holds": "it holds, and a test fails where it does not; the few that no test can show say where it is written",
    "partly": "it holds for some of it",
    "missing": "it does not hold",
    "not ours": "the service's machines or people decide",
    "none here": "there is nothing of that kind in the product",
}


class Line(Whole):
    number: Annotated[str, StringConstraints(pattern=r"^\d{1,2}\.\d{1,2}\.\d{1,2}$")]
    level: Literal[1, 2, 3]
    asks: Words
    state: State
    why: Words = "–"
    """The tests that show it, or what is so instead."""

    @model_validator(mode="after")
    def says_why(self) -> "Line":
        if self.why == "–":
            raise ValueError(f"{self.number} is {self.state!r} and says nothing of why. Name the test, or what is so.")
        return self


class Chapter(Whole):
    chapter: int
    title: Words
    lines: tuple[Line, ...]


def read(folder: Path = FOLDER) -> list[Chapter]:
    """Every chapter, in order. A line is written as number, level, what is asked, state, why."""
    found = [
        Chapter(chapter=each["chapter"], title=each["title"], lines=tuple(map(line, each["lines"])))
        for path in folder.glob("*.yml")
        for each in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return sorted(found, key=lambda each: each.chapter)


def line(parts: Sequence[object]) -> Line:
    names = ("number", "level", "asks", "state", "why")
    return Line.model_validate(dict(zip(names, parts, strict=False)))


def text(folder: Path = FOLDER) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml")))


def tables(chapters: Sequence[Chapter]) -> str:
    counts = Counter((each.level, each.state) for chapter in chapters for each in chapter.lines)
    levels = sorted({level for level, _ in counts})
    head = [
        "| state | " + " | ".join(f"level {level}" for level in levels) + " | |",
        "|---|" + "---|" * (len(levels) + 1),
    ]
    rows = [
        f"| {state} | " + " | ".join(str(counts[level, state]) for level in levels) + f" | {meaning} |"
        for state, meaning in STATES.items()
    ]
    return "\n".join([*head, *rows, "", *(one(each) for each in chapters)])


def one(chapter: Chapter) -> str:
    head = [
        f"## {chapter.chapter} {chapter.title}",
        "",
        "| | level | asks | state | shown by, or why |",
        "|---|---|---|---|---|",
    ]
    rows = [
        f"| {each.number} | {each.level} | {flat(each.asks)} | {each.state} | {linked(flat(each.why))} |"
        for each in chapter.lines
    ]
    return "\n".join([*head, *rows, ""])


def linked(why: str) -> str:
    """The names of tests set apart from the words."""
    for name in sorted(named_in(why), key=len, reverse=True):
        why = why.replace(name, f"`{name}`") if f"`{name}" not in why else why
    return why
