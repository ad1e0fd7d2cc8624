"""How small groups change the room's document. Pure."""

from collections.abc import Mapping
from typing import Any

from backtolife.errors import Conflict
from backtolife.sessions import small_rules
from backtolife.sessions.document import Document, change, seat_in
from backtolife.sessions.rules import SeatRole, SeatStatus

MINUTE_MS = 60_000


@change
def small_plan(document: Document, *, groups: int, division: Mapping[str, str]) -> None:
    """Divide the patients anew. Nobody moves until the groups are opened."""
    if document["status"] != "running":
        raise Conflict("Start the session first.")
    if document.get("small", {}).get("open"):
        raise Conflict("People are in their small groups. Call them back first, then make new groups.")
    small_rules.come_together(document)
    document["small"] = {"groups": [str(number + 1) for number in range(groups)], "open": False}
    for seat, group in division.items():
        seat_in(document, seat)["small"] = group


@change
def small_move(document: Document, *, seat: str, group: str) -> None:
    """Put one patient into another group, before or after the groups were opened."""
    small_rules.refuse_unknown(document, group)
    entry = seat_in(document, seat)
    if entry["role"] != SeatRole.PATIENT or entry["status"] != SeatStatus.ADMITTED:
        raise Conflict(f"{entry['name']} is not in a small group.")
    entry["small"] = group


@change
def small_open(document: Document, *, minutes: int, now_ms: int) -> None:
    small = small_rules.small_in(document)
    if small["open"]:
        raise Conflict("The small groups are open already.")
    small |= {"open": True, "opened_ms": now_ms, "until_ms": now_ms + minutes * MINUTE_MS}


@change
def small_visit(document: Document, *, seat: str, group: str) -> None:
    """A facilitator goes into a small group, or with "" back to the main room."""
    if not small_rules.small_in(document)["open"]:
        raise Conflict("The small groups are not open yet.")
    entry: dict[str, Any] = seat_in(document, seat)
    if group:
        small_rules.refuse_unknown(document, group)
        entry["small"] = group
    else:
        entry.pop("small", None)


@change
def small_back(document: Document, *, seconds: int, now_ms: int) -> None:
    """Everyone comes back when the countdown ends; asking again sets it anew."""
    small = small_rules.small_in(document)
    if not small["open"]:
        raise Conflict("The small groups are not open yet.")
    small["back_ms"] = now_ms + seconds * 1000


@change
def small_end(document: Document) -> None:
    small_rules.come_together(document)
