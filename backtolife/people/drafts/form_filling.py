"""Putting words into the forms of a page that is already made, as a script does it in the browser. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urljoin, urlsplit

Told = Mapping[str, str | None]
Attributes = Sequence[tuple[str, str | None]]
PRESSED = frozenset({"hidden", "submit", "button", "image", "reset"})
NOT_TYPED = PRESSED | {"password", "file"}
TICKS = frozenset({"checkbox", "radio"})


@dataclass(frozen=True)
class Words:
    """What goes into one form, and what is said above it (HTML)."""

    fields: Sequence[tuple[str, str]]
    note: str


def filled(page: str, given: Mapping[str, Words], *, here: str) -> str:
    """The page, with words in those of its forms that are sent to an address in `given`.

    `here` is the page's own address. Where there is nothing to fill in, the page comes back as it was.
    """
    changes = Filling(page, given, here).changes
    for start, end, new in sorted(changes, reverse=True):
        page = page[:start] + new + page[end:]
    return page


class Filling(HTMLParser):
    """Reads a page once and notes what is to stand instead of what."""

    def __init__(self, page: str, given: Mapping[str, Words], here: str) -> None:
        super().__init__()
        self.given, self.here = given, here
        self.lines = [0, *accumulate(len(line) + 1 for line in page.split("\n"))]
        self.changes: list[tuple[int, int, str]] = []
        """From where to where in the page, and what stands there from now on."""
        self.left: dict[str, list[str]] | None = None
        """Inside a form: the words that have not found their field yet."""
        self.chosen: list[str] | None = None
        """Inside a select: what is chosen in it."""
        self.text: tuple[int, str] | None = None
        """Inside a textarea: where its words begin, and what they are from now on."""
        self.folded: list[tuple[int, int] | None] = []
        """The details elements around us that are closed: where their first tag is."""
        self.begun, self.typed = 0, False
        """Inside a form: how many changes stood before it, and whether it has a field for anybody to fill in."""
        self.feed(page)
        self.close()

    @property
    def start(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    @property
    def end(self) -> int:
        return self.start + len(self.get_starttag_text() or "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "details":
            self.folded.append(None if "open" in told else (self.start, self.end))
        elif tag == "form":
            self.begin_form(told)
        elif self.left is not None:
            self.fill(tag, attrs, told, self.left)

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self.folded:
            self.folded.pop()
        elif tag == "form":
            if self.left is not None and not self.typed:
                del self.changes[self.begun :]  # a button alone: nothing was written, so nothing is said
            self.left = None
        elif tag == "select":
            self.chosen = None
        elif tag == "textarea" and self.text is not None:
            start, words = self.text
            self.changes.append((start, self.start, "\n" + escape(words)))  # browsers leave out the first line end
            self.text = None

    def begin_form(self, told: Told) -> None:
        found = self.given.get(urlsplit(urljoin(self.here, told.get("action") or "")).path)
        if (told.get("method") or "").lower() != "post" or found is None:
            return
        self.left, self.begun, self.typed = {}, len(self.changes), False
        for name, value in found.fields:
            self.left.setdefault(name, []).append(value)
        self.changes.append((self.start, self.start, found.note))
        for place, closed in enumerate(self.folded):
            if closed is not None:
                self.changes.append((closed[1] - 1, closed[1] - 1, " open"))
                self.folded[place] = None

    def fill(self, tag: str, attrs: Attributes, told: Told, left: dict[str, list[str]]) -> None:
        name = told.get("name") or ""
        self.typed = self.typed or tag in ("textarea", "select") or (tag == "input" and kind_of(told) not in PRESSED)
        if tag == "input" and kind_of(told) in TICKS:
            self.mark(tag, attrs, "checked", on=(told.get("value") or "on") in left.get(name, ()))
        elif tag == "option" and self.chosen is not None and "value" in told:
            self.mark(tag, attrs, "selected", on=told["value"] in self.chosen)
        elif not left.get(name):
            return
        elif tag == "input" and kind_of(told) not in NOT_TYPED:
            self.change(tag, [*without(attrs, "value"), ("value", left[name].pop(0))])
        elif tag == "textarea":
            self.text = self.end, left[name].pop(0)
        elif tag == "select":
            self.chosen = left[name] if "multiple" in told else [left[name].pop(0)]

    def mark(self, tag: str, attrs: Attributes, name: str, *, on: bool) -> None:
        self.change(tag, [*without(attrs, name), *([(name, None)] if on else ())])

    def change(self, tag: str, attrs: Attributes) -> None:
        said = (name if value is None else f'{name}="{escape(value)}"' for name, value in attrs)
        self.changes.append((self.start, self.end, f"<{' '.join([tag, *said])}>"))


def without(attrs: Attributes, name: str) -> Attributes:
    return [each for each in attrs if each[0] != name]


def kind_of(told: Told) -> str:
    return (told.get("type") or "text").lower()
