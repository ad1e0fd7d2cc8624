"""What is different between two versions of a programme, place by place, in words. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backtolife.programme.editing.documents import HEAD, document_of

NAMES = {
    "live_plan": "sections",
    "mic": "microphones",
    "layout": "picture",
    "sms": "text message",
    "email": "e-mail",
    "window_days": "days open",
    "patient_text": "words for patients",
    "facilitator_notes": "notes for facilitators",
    "lead_notes": "notes for whoever leads",
    "live_minutes": "minutes in all",
    "work_seconds": "seconds of work",
    "rest_seconds": "seconds of rest",
}
"""What a name of the file is called on the pages of the editor, where that is not the name with blanks."""
Way = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One place that says something else: what it said, and what it says; None where it is not there."""

    file: str
    way: Way
    where: str
    before: str | None
    after: str | None


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """Every place that differs, file by file in the order of the newer one."""
    found: list[Difference] = []
    for file in dict.fromkeys([*sorted(after), *sorted(before)]):
        if before.get(file) != after.get(file):
            old, new = places(file, before.get(file)), places(file, after.get(file))
            labels = {**old[1], **new[1]}
            ways = dict.fromkeys([*new[0], *old[0]])
            found += [
                Difference(file, way, labels[way], old[0].get(way), new[0].get(way))
                for way in ways
                if old[0].get(way) != new[0].get(way)
            ]
    return found


def places(file: str, text: str | None) -> tuple[dict[Way, str], dict[Way, str]]:
    """Each place of a file with what it says, and with what it is called."""
    said, called = {}, {}
    if text is not None:
        document = document_of(file, text)
        title = str(document[HEAD].get("title", file)) if file.endswith(".md") else ""
        for way, names, words in leaves(document, (), (title,) if title else ()):
            said[way], called[way] = words, ": ".join(names)
    return said, called


def leaves(value: Any, way: Way, names: Way) -> Iterator[tuple[Way, Way, str]]:
    """Each place that says something; a list of things that are known by an id also says their order."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from leaves(each, (*way, name), named(name, names))
    elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        keys = [str(each.get("id", at)) for at, each in enumerate(value, start=1)]
        if "id" in value[0]:
            order = " → ".join(titled(each, key) for each, key in zip(value, keys, strict=True))
            yield (*way, "order"), (*names, "order"), order
        for each, key in zip(value, keys, strict=True):
            yield from leaves(each, (*way, key), (*names[:-1], titled(each, key, names[-1] if names else "")))
    elif isinstance(value, list):
        yield way, names, "\n".join(str(each) for each in value)
    else:
        yield way, names, "" if value is None else str(value).strip()


def named(name: str, names: Way) -> Way:
    return names if name in (HEAD, "words") and names else (*names, NAMES.get(name, name.replace("_", " ")))


def titled(each: Mapping[str, Any], key: str, kind: str = "") -> str:
    title = each.get("title") or each.get("name") or each.get("label") or ""
    if "number" in each and kind:
        return f"session {each['number']}"
    if re.fullmatch(r"\d+", key):
        return f"{kind} {key}"
    return str(title or key)
