"""The room's state as one document: how each named event changes it, and what each seat may see of it.

Pure: a document goes in, a new one comes out, nothing else happens. Moments are milliseconds on the server's clock.
Nothing here holds an address, a phone number or a word about health; those stay in their rows.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, cast

from backtolife.errors import Conflict, NotFound
from backtolife.programme.template import Section
from backtolife.sessions import script, small_rules
from backtolife.sessions.rules import (
    Camera,
    Publishing,
    SeatRole,
    SeatStatus,
    publishing,
    refuse_after_end,
    who_leads,
)

Document = dict[str, Any]
Change = Callable[..., None]
STAYS = (SeatStatus.ADMITTED, SeatStatus.HELD)
BEFORE_START = {"index": script.BEFORE, "id": "", "mic": "open", "layout": "gallery", "entered_ms": 0, "deadline_ms": 0}
CHANGES: dict[str, Change] = {}
"""Every way in which the document may change, by name."""


def empty(places: dict[str, str]) -> Document:
    """The document of a session nobody has come to. `places` maps staff (person ids) to lead or spotter."""
    return {"status": "open", "section": dict(BEFORE_START), "seats": {}, "alerts": {}, "places": places}


def changed(document: Document, event: str, /, **given: Any) -> Document:
    """The document after `event`. Raises the named errors of the event; Conflict after the end."""
    refuse_after_end(document["status"])
    after = deepcopy(document)
    CHANGES[event](after, **given)
    return after


def change(function: Change) -> Change:
    """Enter a function into the table under its own name."""
    CHANGES[function.__name__] = function
    return function


def seat_in(document: Document, seat_id: str) -> dict[str, Any]:
    """The seat's entry. Raises NotFound for one of another room."""
    found: dict[str, Any] | None = document["seats"].get(seat_id)
    if found is None:
        raise NotFound("This person is not in your session.")
    return found


@change
def take_seat(
    document: Document, *, seat: str, person: str, name: str, role: SeatRole, camera: Camera, news: str, now_ms: int,
    beside: dict[str, str] | None = None
) -> None:  # fmt: skip
    """Sit down: staff in the room, others in the waiting room. Coming back while admitted or held changes neither."""
    earlier = document["seats"].get(seat, {})
    kept = {key: earlier[key] for key in ("here_ms", "admitted_ms", "small") if key in earlier}
    usual = SeatStatus.ADMITTED if role is SeatRole.FACILITATOR else SeatStatus.LOBBY
    status = SeatStatus(earlier["status"]) if earlier.get("status") in STAYS else usual
    document["seats"][seat] = {
        **kept,
        **({"beside": beside} if beside else {}),
        "person": person,
        "name": name,
        "role": role.value,
        "status": status.value,
        "camera": camera.value,
        "came_ms": now_ms,
        "online": False,
        "news": news,
    }
    choose_lead(document)


def choose_lead(document: Document) -> None:
    """Whoever is the cohort's lead leads; while they are not here, the other facilitator does."""
    staff = {
        seat: entry["person"]
        for seat, entry in sorted(document["seats"].items(), key=lambda item: item[1]["came_ms"])
        if entry["role"] == SeatRole.FACILITATOR and entry["status"] == SeatStatus.ADMITTED
    }
    lead = who_leads(document["places"], staff)
    if lead is not None:
        document["lead"] = lead


@change
def arrive(document: Document, *, seat: str) -> None:
    entry = seat_in(document, seat)
    entry["online"] = True
    entry.pop("dropped_ms", None)


@change
def drop(document: Document, *, seat: str, now_ms: int) -> None:
    entry = seat_in(document, seat)
    entry["online"] = False
    entry["dropped_ms"] = now_ms


@change
def present(document: Document, *, seat: str, place: str, now_ms: int) -> None:
    """The media engine has this seat's sound and picture in that place: "" for the whole group, or a small group."""
    entry = seat_in(document, seat)
    entry |= {"media": True, "at": place}
    entry.setdefault("here_ms", now_ms)


@change
def absent(document: Document, *, seat: str, now_ms: int) -> None:
    seat_in(document, seat).update(media=False, cut_ms=now_ms)


@change
def admit(document: Document, *, seat: str, now_ms: int) -> None:
    entry = seat_in(document, seat)
    if entry["status"] not in (SeatStatus.LOBBY, SeatStatus.HELD):
        raise Conflict(f"{entry['name']} is not in the waiting room any more.")
    entry["status"] = SeatStatus.ADMITTED.value
    entry["admitted_ms"] = now_ms
    small_rules.put_late(document, seat)


@change
def hold(document: Document, *, seat: str) -> None:
    """Into the waiting room, and kept there when everybody else is let in."""
    entry = seat_in(document, seat)
    small_rules.end_word(document, seat)
    if entry["role"] == SeatRole.FACILITATOR:
        raise Conflict("A facilitator cannot be put into the waiting room.")
    entry["status"] = SeatStatus.HELD.value
    entry.pop("hand_ms", None)


@change
def remove(document: Document, *, seat: str) -> None:
    entry = seat_in(document, seat)
    small_rules.end_word(document, seat)
    if entry["role"] == SeatRole.FACILITATOR:
        raise Conflict("A facilitator cannot be removed from the session.")
    entry["status"] = SeatStatus.REMOVED.value
    entry.pop("hand_ms", None)


@change
def leave(document: Document, *, seat: str) -> None:
    entry = seat_in(document, seat)
    small_rules.end_word(document, seat)
    entry["status"] = SeatStatus.LEFT.value
    entry["online"] = False
    entry.pop("hand_ms", None)
    choose_lead(document)


@change
def start(document: Document, *, sections: Sequence[Section], now_ms: int) -> None:
    if document["status"] == "running":
        raise Conflict("The session has started already.")
    document["status"] = "running"
    document["started_ms"] = now_ms
    enter(document, sections, 0, now_ms)


def enter(document: Document, sections: Sequence[Section], index: int, now_ms: int) -> None:
    section = sections[index]
    document["section"] = {
        "index": index,
        "id": section.id,
        "mic": section.mic,
        "layout": section.layout,
        "entered_ms": now_ms,
        "deadline_ms": script.deadline(section, now_ms),
    }
    small_rules.come_together(document)
    for entry in document["seats"].values():
        entry.pop("feels", None)


@change
def next(document: Document, *, sections: Sequence[Section], seen: int, now_ms: int) -> None:  # noqa: A001 - the event
    index = running_index(document, seen)
    enter(document, sections, script.following(index, len(sections)), now_ms)


@change
def back(document: Document, *, sections: Sequence[Section], seen: int, now_ms: int) -> None:
    enter(document, sections, script.preceding(running_index(document, seen)), now_ms)


@change
def go_to(document: Document, *, sections: Sequence[Section], seen: int, index: int, now_ms: int) -> None:
    running_index(document, seen)
    enter(document, sections, script.chosen(index, len(sections)), now_ms)


@change
def stretch(document: Document, *, seen: int, minutes: int, now_ms: int) -> None:
    running_index(document, seen)
    section = document["section"]
    section["deadline_ms"] = script.stretched(section["deadline_ms"], minutes, now_ms)


def running_index(document: Document, seen: int) -> int:
    if document["status"] != "running":
        raise Conflict("Start the session first.")
    index: int = document["section"]["index"]
    script.refuse_stale(seen, index)
    return index


@change
def hand(document: Document, *, seat: str, up: bool, now_ms: int) -> None:
    entry = seat_in(document, seat)
    if up:
        entry.setdefault("hand_ms", now_ms)
    else:
        entry.pop("hand_ms", None)


@change
def quieten(document: Document, *, seats: Sequence[str], now_ms: int) -> None:
    """A facilitator turned these people's sound off. They may turn it on again where the section lets them."""
    for seat in seats:
        seat_in(document, seat)["quiet_ms"] = now_ms


@change
def camera(document: Document, *, seat: str, choice: Camera) -> None:
    seat_in(document, seat)["camera"] = choice.value


@change
def exercising(document: Document, *, seat: str, way: str, feels: str) -> None:
    entry = seat_in(document, seat)
    entry |= {key: value for key, value in (("way", way), ("feels", feels)) if value}


@change
def count_checks(document: Document, *, moment: str, counts: dict[str, Any]) -> None:
    document.setdefault("checks", {})[moment] = counts
    document["checks_said"] = document.get("checks_said", 0) + 1


@change
def ask_help(document: Document, *, alert: str, seat: str, now_ms: int) -> None:
    seat_in(document, seat)
    document["alerts"][alert] = {"seat": seat, "at_ms": now_ms, "reason": ""}


@change
def help_reason(document: Document, *, alert: str, reason: str) -> None:
    alert_in(document, alert)["reason"] = reason


@change
def take_help(document: Document, *, alert: str, by: str) -> None:
    entry = alert_in(document, alert)
    if entry.get("taken_by"):
        raise Conflict(f"{entry['taken_by']} has this already.")
    entry["taken_by"] = by


@change
def close_help(document: Document, *, alert: str) -> None:
    alert_in(document, alert)
    del document["alerts"][alert]


def alert_in(document: Document, alert: str) -> dict[str, Any]:
    if alert not in document["alerts"]:
        raise NotFound("This call for help is closed already.")
    return cast("dict[str, Any]", document["alerts"][alert])


@change
def end(document: Document, *, now_ms: int) -> None:
    small_rules.come_together(document)
    document["status"] = "ended"
    document["ended_ms"] = now_ms


def admitted_seats(document: Document) -> list[str]:
    return [seat for seat, entry in document["seats"].items() if entry["status"] == SeatStatus.ADMITTED]


def publishing_of(document: Document, seat_id: str) -> Publishing:
    """What the media engine should let this seat send at present."""
    entry = seat_in(document, seat_id)
    mic = "open" if "word" in entry else document["section"]["mic"]
    return publishing(SeatRole(entry["role"]), Camera(entry["camera"]), mic)
