"""What each seat may see of the room's document, and the small patches that keep a page up to date. Pure."""

from typing import Any

from backtolife.sessions.document import BEFORE_START, Document, seat_in
from backtolife.sessions.histogram import for_the_group
from backtolife.sessions.rules import Camera, SeatRole, SeatStatus, patients_may_speak
from backtolife.sessions.small_rules import small_of
from backtolife.sessions.together import poll_seen_by

GROUP_SEES = ("name", "role", "beside", "hand_ms", "online", "sign")
STAFF_SEE = (
    "person",
    "status",
    "camera",
    "came_ms",
    "admitted_ms",
    "here_ms",
    "media",
    "cut_ms",
    "dropped_ms",
    "news",
    "news_read",
    "word",
    "way",
    "feels",
    "small",
    "at",
)
OWN = ("name", "role", "beside", "status", "camera", "hand_ms", "quiet_ms", "way", "feels", "small", "word")


def view(document: Document, seat_id: str) -> dict[str, Any]:
    """The part of the document that one seat is shown. Before admission that is little more than the seat itself."""
    own = seat_in(document, seat_id)
    staff = own["role"] == SeatRole.FACILITATOR
    seen: dict[str, Any] = {"status": document["status"], "me": {"seat": seat_id, **picked(own, OWN)}}
    seen["me"]["may_speak"] = staff or patients_may_speak(document["section"]["mic"])
    seen["alerts"] = document["alerts"] if staff else own_alerts(document, seat_id)
    if "word" in own and not staff:
        return seen | in_private(document, own, seen["me"])
    if own["status"] != SeatStatus.ADMITTED:
        return seen
    seen |= {key: document[key] for key in ("section", "lead", "started_ms", "ended_ms") if key in document}
    seen |= {key: document[key] for key in ("film",) if key in document}
    poll = poll_seen_by(document, staff=staff)
    if poll is not None:
        seen["poll"] = poll
    checks = document.get("checks", {})
    seen["checks"] = checks if staff else for_the_group(checks)
    if "small" in document and (staff or document["small"]["open"]):
        seen["small"] = document["small"]
    if staff:
        seen["late"] = document.get("late", {})
        seen["checks_said"] = document.get("checks_said", 0)
        seen["people"] = {seat: as_staff_see(document, entry) for seat, entry in document["seats"].items()}
        return seen
    seen["people"] = {
        seat: as_the_group_sees(entry)
        for seat, entry in document["seats"].items()
        if entry["status"] == SeatStatus.ADMITTED and together(document, own, entry)
    }
    seen["me"].pop("small", None)
    if document.get("small", {}).get("open") and small_of(document, own):
        seen["me"]["small"] = small_of(document, own)
    return seen


def in_private(document: Document, own: dict[str, Any], me: dict[str, Any]) -> dict[str, Any]:
    """What somebody taken aside is shown: a room with one facilitator in it, and nothing of the group."""
    alone = {seat: entry for seat, entry in document["seats"].items() if entry.get("word") == own["word"]}
    me |= {"status": SeatStatus.ADMITTED.value, "may_speak": True}
    return {"section": dict(BEFORE_START), "people": {seat: as_the_group_sees(entry) for seat, entry in alone.items()}}


def together(document: Document, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two people are in the same place: the whole group, one small group, or a word in private."""
    if one.get("word") != other.get("word"):
        return False
    return not document.get("small", {}).get("open") or small_of(document, one) == small_of(document, other)


def own_alerts(document: Document, seat_id: str) -> dict[str, Any]:
    """A patient's own calls for help, so that the page can say who has taken one."""
    return {
        alert: {key: value for key, value in entry.items() if key != "seat"}
        for alert, entry in document["alerts"].items()
        if entry["seat"] == seat_id
    }


def as_staff_see(document: Document, entry: dict[str, Any]) -> dict[str, Any]:
    """With the small group that a companion is in, which is their patient's."""
    group = small_of(document, entry)
    return picked(entry, GROUP_SEES + STAFF_SEE) | ({"small": group} if group else {})


def as_the_group_sees(entry: dict[str, Any]) -> dict[str, Any]:
    """Camera private and camera off look the same to the group: off."""
    shown = entry["camera"] == Camera.EVERYONE
    return {**picked(entry, GROUP_SEES), "camera": "on" if shown else "off"}


def picked(entry: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: entry[key] for key in keys if key in entry}


def patch(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The merge patch (RFC 7396) that turns `before` into `after`: what is gone becomes None."""
    changes: dict[str, Any] = dict.fromkeys(before.keys() - after.keys())
    for key, value in after.items():
        old = before.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            inner = patch(old, value)
            if inner:
                changes[key] = inner
        elif key not in before or value != old:
            changes[key] = value
    return changes


def patch_for(before: Document, after: Document, seat_id: str) -> dict[str, Any]:
    """What changed for one seat; everything when it was not in the room before."""
    earlier = view(before, seat_id) if seat_id in before["seats"] else {}
    return patch(earlier, view(after, seat_id))
