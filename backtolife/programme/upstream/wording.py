"""A change between two versions in the words of the editor's forms: which page, which field, what it says. Pure."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from backtolife.programme.editing import pages
from backtolife.programme.editing.documents import HEAD, WORDS, titled
from backtolife.programme.editing.parts import Kind as Typed
from backtolife.programme.editing.parts import Page, Part
from backtolife.programme.plan.template import Programme
from backtolife.programme.upstream.comparing import Change, Documents, Kind, Way, named

FILES = {"programme.yaml": "The programme", "messages.yaml": "Messages", "exercises.yaml": "Exercises"}
NAMES = {
    "live_plan": "Sections",
    "home_practice": "Home practice",
    "templates": "Messages",
    "sms": "Text message",
    "letter": "Letter",
    "video_ids": "Videos",
    "ref": "Which one",
    "kind": "What it is",
}
"""What a name of the file is called, where no form has a field for it."""
COUNTED = {"work_seconds": "{} seconds of work", "rest_seconds": "{} seconds of rest"}
"""What a station says of itself."""
HIDDEN = frozenset({"id", HEAD, WORDS})
SAME = "…"
LONG = 400
"""Signs from which on only the lines that differ are shown."""


@dataclass(frozen=True)
class Told:
    """A change as somebody reads it. `was` is empty where yours says the same as the earlier version."""

    change: Change
    page: str
    label: str
    yours: str
    newer: str

    @property
    def key(self) -> str:
        return self.change.key


class Wording:
    """The words for a draft's changes: its documents, the newer version's, and what the forms call each place."""

    def __init__(self, yours: Documents, newer: Documents, plan: Programme, files: Mapping[str, str]) -> None:
        self.yours, self.newer = yours, newer
        self.fields = dict(fields(yours, plan, files))
        self.titles = dict(titles(newer)) | dict(titles(yours))

    def told(self, change: Change) -> Told:
        page, part = self.fields.get(change.way, (None, None))
        where = page.title if page else self.where(change.way[:-1])
        label = part.label if part else self.called(change.way)
        before, after = change.yours, change.newer
        if change.kind is Kind.ORDER:
            label = f"{label}: order"
        yours, newer = self.words(before, part), self.words(after, part)
        if before is not None and after is not None and max(len(yours), len(newer)) > LONG:
            yours, newer = differing(yours, newer)
        return Told(change, where, label, yours, newer)

    def where(self, way: Way) -> str:
        """What the place is in: the innermost thing that has a title, with its session."""
        ways = [way[:length] for length in range(1, len(way) + 1)]
        known = [self.titles[each] for each in ways[1:] if each in self.titles]
        return ": ".join(known) or (self.called(ways[0]) if ways else "The whole programme")

    def called(self, way: Way) -> str:
        """What the last step of a way is called."""
        if len(way) == 1:
            return FILES.get(way[0]) or self.titles.get(way, way[0])
        if way in self.titles:
            return self.titles[way]
        if way[-1] == WORDS:
            return "Words"
        name = NAMES.get(way[-1], way[-1].replace("_", " "))
        return f"{name[:1].upper()}{name[1:]}"

    def words(self, value: Any, part: Part | None = None) -> str:
        """What a place says, as a person reads it; empty for nothing."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, Mapping) and "exercise" in value:
            return ", ".join(COUNTED.get(name, "{}").format(self.words(each)) for name, each in value.items())
        if isinstance(value, Mapping):
            rows = ((name, self.words(each)) for name, each in value.items() if name != "id")
            said = (f"{self.called(('', str(name)))}: {words}" if name not in HIDDEN else words for name, words in rows)
            return "\n".join(each for each in said if each)
        if isinstance(value, list):
            inside = (self.words(each) for each in value)
            return "\n".join(", ".join(each.split("\n")) for each in inside)
        words = str(value).strip()
        return dict(part.choices if part else ()).get(words) or self.titles.get((words,), words)


def fields(yours: Documents, plan: Programme, files: Mapping[str, str]) -> Iterator[tuple[Way, tuple[Page, Part]]]:
    """For each field of each form of a draft, the way to its place."""
    for page in all_pages(plan, files):
        for part in page.parts:
            if part.kind not in (Typed.ORDER, Typed.ASIDE):
                yield way_of(yours[page.file], page, part), (page, part)


def way_of(document: Any, page: Page, part: Part) -> Way:
    """The way to a field's place by names and ids."""
    found: list[str] = [page.file]
    for step in (*page.base, *part.place):
        inside = named(document)
        if isinstance(document, list) and isinstance(step, int):
            found.append(list(inside)[step] if inside and step < len(inside) else str(step))
            document = document[step] if step < len(document) else None
        else:
            found.append(str(step))
            document = document.get(step) if isinstance(document, Mapping) else None
    return tuple(found)


def all_pages(plan: Programme, files: Mapping[str, str]) -> Iterator[Page]:
    for session in plan.sessions:
        yield pages.order_page(session)
        yield pages.practice_page(plan, session)
        yield pages.session_page(session)
        for place in range(len(session.sections)):
            yield pages.section_page(plan, session, place)
    for message in plan.messages:
        yield pages.message_page(plan, message)
    for exercise in plan.exercises.values():
        yield pages.exercise_page(plan, exercise)
    for milestone in plan.milestones:
        yield pages.milestone_page(plan, milestone)
    for file, text in files.items():
        if file.endswith(".md"):
            yield pages.text_page(file, titled(text))


def titles(documents: Documents) -> Iterator[tuple[Way, str]]:
    """What each thing with an id is called: by the way to it, and by its id alone."""
    for file, document in documents.items():
        if file.endswith(".md"):
            yield (file,), str(document[HEAD].get("title", file))
        yield from titles_in(document, (file,))


def titles_in(value: Any, way: Way) -> Iterator[tuple[Way, str]]:
    for name, each in (named(value) or {}).items():
        here = (*way, name)
        if isinstance(value, list):
            title = title_of(each, name)
            yield here, title
            yield (name,), title
        yield from titles_in(each, here)


def title_of(item: Mapping[str, Any], name: str) -> str:
    if "number" in item:
        return f"Session {item['number']}"
    words = item.get("title") or item.get("name") or item.get("label") or item.get("text") or name
    return re.sub(r"\s+", " ", str(words)).strip()[:80]


def differing(before: str, after: str) -> tuple[str, str]:
    """Of two long texts the lines that differ, with … for what is the same."""
    old, new = before.split("\n"), after.split("\n")
    found: tuple[list[str], list[str]] = ([], [])
    for what, first, last, begin, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            old_lines, new_lines = [SAME], [SAME]
        else:
            old_lines, new_lines = old[first:last], new[begin:end]
        found[0].extend(old_lines)
        found[1].extend(new_lines)
    before, after = ("\n".join(each for each, _ in groupby(lines)) for lines in found)
    return ("" if before == SAME else before), ("" if after == SAME else after)
