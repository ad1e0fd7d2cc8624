"""All that a programme's rules have against what was typed on a page: each at its field, in the words of the form."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from backtolife.errors import Invalid
from backtolife.programme.editing.documents import document_of, place_in, written
from backtolife.programme.editing.parts import (
    MESSAGES,
    Kind,
    Page,
    Part,
    about,
    at_place,
    changed,
    missing_gaps,
    shown,
)
from backtolife.programme.plan.keeping import from_files
from backtolife.programme.plan.yaml_lines import Broken

TYPED_FOR_THEM = "–"
"""Stands where words must be, while the rest of the page is read."""
TOO_FEW = re.compile(r"\w+ needs at least (\d+)\.")
MISSING = re.compile(r"(\w+) is missing\.")
POINTS_NOWHERE = re.compile(r"an? (\w+) needs (ref): which one\?")
POINTS_ELSEWHERE = re.compile(r"there is no (.+) '.*'\.")


class Refused(Invalid):
    """What was typed on a page breaks rules. `told`: what to do at each field, by the name of its part."""

    def __init__(self, told: Mapping[str, str]) -> None:
        super().__init__(" ".join(told.values()), next(iter(told)))
        self.told = told


def kept(files: Mapping[str, str], page: Page, typed: Mapping[str, Any]) -> dict[str, str]:
    """The files with what was typed on a page. Raises Refused naming each field that breaks a rule, in one go."""
    told = refusals(files, page, typed)
    if told:
        raise Refused(told)
    return with_typed(files, page, typed)


def refusals(
    files: Mapping[str, str], page: Page, typed: Mapping[str, Any], unread: Collection[str] = ()
) -> dict[str, str]:
    """What to do at each field that breaks a rule, by the name of its part.

    The loader stops at the first rule. So a field that it refused is read as it was before, and the page once more,
    until nothing more is refused. `unread`: fields whose words could not be read at all; the form tells of those.
    """
    document = document_of(page.file, files[page.file])
    data = page.fresh or at_place(document, page.base)
    parts = {part.name: part for part in page.parts}
    tried = {**typed} | {name: before(parts[name], data) for name in unread}
    told = missing_words(page, document, tried) if page.file == MESSAGES else {}
    tried |= {name: before(parts[name], data) for name in told}
    while True:
        found = first_refusal(files, page, tried)
        if found is None or found[0] in {*told, *unread}:
            return told
        told[found[0]] = found[1]
        tried[found[0]] = before(parts[found[0]], data)


def first_refusal(files: Mapping[str, str], page: Page, typed: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first rule broken: the name of the part and what to do there."""
    try:
        after = with_typed(files, page, typed)
    except Invalid as error:
        return error.field or page.parts[0].name, error.message
    try:
        from_files(after, of_today=True)
    except Broken as error:
        place = place_in(page.file, after[page.file], error.line) if error.file == page.file else None
        field = about(page, place, typed) if place is not None else None
        return in_words(page, field or page.parts[0].name, place or (), error.rule)
    return None


def with_typed(files: Mapping[str, str], page: Page, typed: Mapping[str, Any]) -> dict[str, str]:
    text = files[page.file]
    after = changed(document_of(page.file, text), page, typed)
    return {**files, page.file: written(page.file, text, after)}


def before(part: Part, data: Any) -> Any:
    """What the field said before anything was typed; something that any rule takes where it said nothing."""
    value = shown(part, data)
    if value is None and part.kind is Kind.NUMBER:
        return part.low
    if value not in ("", None) or part.optional:
        return value
    return part.choices[0][0] if part.choices else TYPED_FOR_THEM


def in_words(page: Page, field: str, place: tuple[str | int, ...], rule: str) -> tuple[str, str]:
    """A rule of the file as what to do at a field; the field of what it names, where the page has that."""
    names = MISSING.match(rule) or POINTS_NOWHERE.match(rule)
    wanted = names.group(names.lastindex or 1) if names else ""
    row = next(each for each in page.parts if each.name == field).place[:-1]
    part = next(
        (each for each in page.parts if wanted and each.place == (*row, wanted)),
        next(each for each in page.parts if each.name == field),
    )
    inside = place[len(page.base) :]
    exact = bool(inside) and inside[: len(part.place)] == part.place
    return part.name, said_at(part, rule, exact=exact or part.name != field)


def said_at(part: Part, rule: str, *, exact: bool) -> str:
    few, nowhere, elsewhere = TOO_FEW.match(rule), POINTS_NOWHERE.match(rule), POINTS_ELSEWHERE.match(rule)
    if few and part.kind is Kind.LINES:
        return f"{part.label}: enter at least {few[1]}, one on each line"
    if few:
        return f"{part.label}: choose at least {few[1]} to begin with"
    if nowhere:
        return f"{part.label}: choose the {nowhere[1]}"
    if elsewhere and part.choices:
        return f"{part.label}: choose {with_article(elsewhere[1])}, or another answer above for what it is"
    if exact and MISSING.match(rule):
        return f"{part.label}: {asks_for(part)}"
    return f"{part.label}: {rule}" if exact else f"{rule[:1].upper()}{rule[1:]}"


def with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def asks_for(part: Part) -> str:
    """What to do in a field with nothing in it."""
    return f"enter {part.low} to {part.high}" if part.kind is Kind.NUMBER else "this cannot be empty"


def missing_words(page: Page, document: Any, typed: Mapping[str, Any]) -> dict[str, str]:
    """Of each field that lost a placeholder without which its message does not work, what to put back."""
    after, found = changed(document, page, typed), {}
    for part in page.parts:
        place = (*page.base, *part.place)
        gone = missing_gaps(str(at_place(document, place) or ""), str(at_place(after, place) or ""))
        if gone:
            names = ", ".join(f"{{{name}}}" for name in gone)
            are, them = ("is", "it") if len(gone) == 1 else ("are", "them")
            words = f"{names} {are} missing. The message does not work without {them}: put {them} back."
            found[part.name] = f"{part.label}: {words}"
    return found
