"""Which question of a file is which item of the instrument, how sure that is, and which ones no score takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.instrument import Instrument, Item
from backtolife.outcomes.catalogue.shipped import shipped_instruments
from backtolife.outcomes.fhir.faults import Faults
from backtolife.outcomes.fhir.question import WRITTEN, Found
from backtolife.outcomes.fhir.reading import Questionnaire

ASKED, LEFT_OUT, OPEN = "asked", "left-out", ""
"""Beside an item's id: asked and not scored, not asked at all, and nobody has said yet."""


@dataclass(frozen=True, slots=True)
class Match:
    """One question and what becomes of it: `part` is an item's id, ASKED, LEFT_OUT or OPEN.

    `sure` where a code of the file or a person said so; False where only its place in the order did.
    """

    found: Found
    part: str
    sure: bool


def matched(
    found: Questionnaire, instrument: Instrument, chosen: Mapping[str, str], not_scored: Collection[str]
) -> list[Match]:
    """Each question with its part: as `chosen` by linkId, else by our ids, by LOINC code, or by order.

    A question with an alert is never matched by order alone: a person names it.
    """
    parts = {each.link_id: (ASKED if may_be_asked(each) else LEFT_OUT) for each in found.questions}
    given = {key: parts.get(key, ASKED) for key in not_scored} | dict(chosen)
    free = [each for each in found.questions if each.link_id not in given]
    known = by_code(free, instrument) or by_our_ids(free, found, instrument)
    if known:
        return [told(each, known.get(each.link_id, parts[each.link_id]), given, True) for each in found.questions]
    ordered = by_order(free, instrument, [part for part in given.values() if part in instrument.positions])
    return [
        told(each, ordered.get(each.link_id, parts[each.link_id]), given, each.link_id not in ordered)
        for each in found.questions
    ]


def told(each: Found, part: str, given: Mapping[str, str], sure: bool) -> Match:
    return Match(each, given[each.link_id], True) if each.link_id in given else Match(each, part, sure)


def may_be_asked(each: Found) -> bool:
    """Whether a question that no score takes is asked: a number without limits is more likely a total."""
    limits = each.minimum is not None and each.maximum is not None
    return each.askable and (each.type not in ("integer", "decimal") or limits or bool(each.options))


def by_code(free: Sequence[Found], instrument: Instrument) -> dict[str, str]:
    """The item of each question by its LOINC code, in its code or its linkId; empty unless all items are named."""
    loinc = {item.loinc: item.id for item in instrument.items if item.loinc}
    if len(loinc) < len(instrument.items):
        return {}
    found = {}
    for each in free:
        codes = (each.link_id.removeprefix("/"), *sorted(each.codes))
        if part := next((loinc[code] for code in codes if code in loinc), ""):
            found[each.link_id] = part
    return found if sorted(found.values()) == sorted(loinc.values()) else {}


def by_our_ids(free: Sequence[Found], found: Questionnaire, instrument: Instrument) -> dict[str, str]:
    """The item by our own id as the linkId. Mere numbers are ours only in a file that says it comes from ours."""
    ids = {each.link_id: each.link_id.removeprefix("/") for each in free}
    known = {link: part for link, part in ids.items() if part in instrument.positions}
    ours = found.instrument == instrument.id or not all(part.isdigit() for part in instrument.positions)
    return known if ours and sorted(known.values()) == sorted(instrument.positions) else {}


def by_order(free: Sequence[Found], instrument: Instrument, taken: Collection[str]) -> dict[str, str]:
    """The items that are left, in order, where exactly as many questions with answers are; else nothing is said."""
    asked = [each for each in free if each.askable and each.type not in WRITTEN]
    left = [item.id for item in instrument.items if item.id not in taken]
    if len(asked) != len(left):
        return {each.link_id: OPEN for each in asked}
    named = alerting(instrument)
    return {each.link_id: OPEN if part in named else part for each, part in zip(asked, left, strict=True)}


def alerting(instrument: Instrument) -> set[str]:
    """The items whose answers call a clinician."""
    return {instrument.items[alert.item].id for alert in instrument.alerts}


def check_matches(matches: Sequence[Match], instrument: Instrument, faults: Faults) -> dict[str, Item]:
    """The item of each linkId. Notes a fault for every item named twice or not at all."""
    wanted, parts = len(instrument.items), [each.part for each in matches]
    scored = [part for part in parts if part in instrument.positions or part == OPEN]
    if len({each.found.link_id for each in matches}) != len(matches):
        faults.add(Invalid("Two questions of this file have the same linkId."))
    elif len(scored) != wanted:
        faults.add(
            Invalid(
                f"{instrument.name} has {wanted} questions with a score, and this file has {len(scored)}. "
                "If one of them is not scored, name its linkId as not scored."
            )
        )
    else:
        check_each_once(matches, instrument, faults)
    for each in matches:
        if each.part not in (*instrument.positions, ASKED, LEFT_OUT, OPEN):
            faults.add(Invalid(f"{instrument.name} has no question “{each.part}” for {each.found.named}."))
    return {
        each.found.link_id: instrument.items[instrument.positions[each.part]]
        for each in matches
        if each.part in instrument.positions
    }


def check_each_once(matches: Sequence[Match], instrument: Instrument, faults: Faults) -> None:
    for item in instrument.items:
        named = [each.found.named for each in matches if each.part == item.id]
        if len(named) > 1:
            faults.add(Invalid(f"{' and '.join(named)} cannot both be {called(item)}. Choose one."))
        if not named and item.id in alerting(instrument):
            faults.add(
                Invalid(f"Say which question is {called(item)}. Its answers alert a clinician, and no code says it.")
            )
        elif not named:
            faults.add(Invalid(f"Say which question is {called(item)}."))


def called(item: Item) -> str:
    """An item by its number and topic, as people on the staff know it."""
    return f"“{item.id}. {item.topic}”" if item.id.isdigit() else f"“{item.topic}”"


@cache
def loinc_owners() -> dict[str, frozenset[str]]:
    """Which instruments a LOINC code belongs to: as a panel, or as one of the items."""
    owners: dict[str, set[str]] = {}
    for each in shipped_instruments():
        panel = dict(each.codes.get("loinc") or {}).get("panel", "")
        for code in (str(panel)[:7].strip(), *(item.loinc for item in each.items)):
            if code:
                owners.setdefault(code, set()).add(each.id)
    return {code: frozenset(ids) for code, ids in owners.items()}


def check_says_so(found: Questionnaire, instrument: Instrument, faults: Faults) -> None:
    """Note a fault where the file names another instrument: by our id, by its own code or by those of its questions."""
    if found.instrument and found.instrument != instrument.id:
        faults.add(another(found.instrument, instrument))
    codes = {code for each in found.questions for code in (each.link_id.removeprefix("/"), *each.codes)}
    for code in (*found.panels, *sorted(codes)):
        owners = loinc_owners().get(code, frozenset((instrument.id,)))
        if instrument.id not in owners and not shares(codes, instrument):
            faults.add(another(sorted(owners)[0], instrument))
            return
        if instrument.id not in owners and code in found.panels:
            faults.add(another(sorted(owners)[0], instrument))
            return


def shares(codes: Collection[str], instrument: Instrument) -> bool:
    return any(item.loinc in codes for item in instrument.items if item.loinc)


def another(said: str, instrument: Instrument) -> Invalid:
    names = {each.id: each.name for each in shipped_instruments()}
    return Invalid(f"This file says that it is {names.get(said, said)}, and you chose {instrument.name}.", "instrument")
