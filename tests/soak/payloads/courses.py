"""The two courses of sends: words that are kept wherever they may be, and words that are refused and shown back."""

from dataclasses import dataclass, field
from typing import Protocol

from tests.soak.payloads.forms import Form, forms_of, without_records
from tests.soak.payloads.trying import Hands
from tests.soak.payloads.words import EVERYTHING, PAYLOADS, pack

IN_A_ROUND = 6
"""How often a form is sent before everybody opens what shows it: a short field takes one payload at a time."""
Key = tuple[str, str, str, str]
"""A field: who sees it, by which rule, in which form of that page, and its name."""


@dataclass(frozen=True)
class Send:
    """What goes into a form at once, and how many of the payloads each of its fields has had after that."""

    values: dict[str, str]
    after: dict[Key, int]


class Course(Protocol):
    """Says what is still to be sent."""

    had: dict[Key, int]

    def next(self, role: str, rule: str, form: Form) -> list[Send]:
        """What this form is to be sent in this round, one after the other."""


@dataclass
class Kept:
    """Where people write words of their own, as many payloads as the field takes; the rest of the form is in order."""

    had: dict[Key, int] = field(default_factory=dict)

    def next(self, role: str, rule: str, form: Form) -> list[Send]:
        keys = {each: (role, rule, form.key, without_records(each.name)) for each in form.fields if each.writes}
        had = {each: self.had.setdefault(key, 0) for each, key in keys.items()}
        sends: list[Send] = []
        while len(sends) < IN_A_ROUND and any(count < len(PAYLOADS) for count in had.values()):
            packed = {each: pack(each.most, count % len(PAYLOADS)) for each, count in had.items()}
            had = {each: max(count, packed[each][1]) for each, count in had.items()}
            values = {each.name: words for each, (words, _) in packed.items() if words}
            sends.append(Send(values, {keys[each]: count for each, count in had.items()}))
        return sends


@dataclass
class ShownBack:
    """Everything in every field, longer than any may be: once in all that are typed, once in all that are not."""

    had: dict[Key, int] = field(default_factory=dict)

    def next(self, role: str, rule: str, form: Form) -> list[Send]:
        keys = {each: (role, rule, form.key, without_records(each.name)) for each in form.fields}
        for key in keys.values():
            self.had.setdefault(key, 0)
        sends = []
        for typed in (True, False):
            ours = {each.name: key for each, key in keys.items() if each.typed == typed}
            if any(self.had[key] < len(PAYLOADS) for key in ours.values()):
                sends.append(Send(dict.fromkeys(ours, EVERYTHING), dict.fromkeys(ours.values(), len(PAYLOADS))))
        return sends


def is_done(course: Course) -> bool:
    return all(count == len(PAYLOADS) for count in course.had.values())


def send_all(one: Hands, course: Course, *, pages: set[tuple[str, str]] | None = None) -> None:
    """Every form of every page that still lacks something. `pages`, if given, are the only ones looked at."""
    for rule, path in one.paths:
        if (pages is not None and (one.role, rule) not in pages) or not one.look(rule, path):
            continue
        plan = [(form.key, send) for form in forms_of(one.page) for send in course.next(one.role, rule, form)]
        for number, (key, send) in enumerate(plan):
            if number and not one.look(rule, path):
                break
            form = next((each for each in forms_of(one.page) if each.key == key), None)
            if form is not None:
                one.send(path, form, send.values)
                course.had |= send.after


def unfinished(course: Course) -> set[tuple[str, str]]:
    """Whose pages still have a field that lacks something."""
    return {(role, rule) for (role, rule, _, _), count in course.had.items() if count < len(PAYLOADS)}
