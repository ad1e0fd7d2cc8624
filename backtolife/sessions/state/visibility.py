"""What each seat may see of the room's document, and the small patches that keep a page up to date. Pure."""

from collections.abc import Mapping
from typing import TypeVar, cast

from backtolife.sessions.state.breakout_rules import small_of
from backtolife.sessions.state.room_state import (
    GroupSees,
    PollSeen,
    RoomState,
    SeatState,
    StaffSee,
    before_start,
    seat_in,
)
from backtolife.sessions.state.room_view import AlertSeen, Me, Member, OwnAlert, OwnSeat, PatientView, Shared, StaffView
from backtolife.sessions.state.rules import SeatRole, may_speak
from backtolife.sessions.state.small_counts import for_the_group

Kind = TypeVar("Kind")


def view(state: RoomState, seat_id: str) -> PatientView | StaffView:
    """The part of the document that one seat is shown. Before admission that is little more than the seat itself."""
    own = seat_in(state, seat_id)
    return for_staff(state, seat_id, own) if own["role"] == "facilitator" else for_patient(state, seat_id, own)


def for_staff(state: RoomState, seat_id: str, own: SeatState) -> StaffView:
    me: Me = {**part(own, OwnSeat), "seat": seat_id, "may_speak": True}
    seen: StaffView = {"status": state["status"], "me": me, "alerts": state["alerts"]}
    if own["status"] != "admitted":
        return seen
    seen = {
        **seen,
        **part(state, Shared),
        "people": {seat: as_staff_see(state, entry) for seat, entry in state["seats"].items()},
        "checks": state.get("checks", {}),
        "checks_said": state.get("checks_said", 0),
        "late": state.get("late", {}),
        "not_coming": state.get("not_coming", {}),
        "warned": state.get("warned", {}),
    }
    if "poll" in state:
        seen["poll"] = state["poll"]
    if "small" in state:
        seen["small"] = state["small"]
    return seen


def for_patient(state: RoomState, seat_id: str, own: SeatState) -> PatientView:
    me: Me = {
        **part(own, OwnSeat),
        "seat": seat_id,
        "may_speak": may_speak(SeatRole(own["role"]), state["section"]["mic"]),
    }
    seen: PatientView = {"status": state["status"], "me": me, "alerts": own_alerts(state, seat_id)}
    if "word" in own:
        return in_private(state, own, own["word"], seen)
    if own["status"] != "admitted":
        return seen
    seen = {
        **seen,
        **part(state, Shared),
        "people": {
            seat: as_one_sees(own, entry)
            for seat, entry in state["seats"].items()
            if entry["status"] == "admitted" and together(state, own, entry)
        },
        "checks": for_the_group(state.get("checks", {})),
    }
    if "poll" in state:  # how many have answered is told once there is a picture
        seen["poll"] = part(state["poll"], PollSeen)
    me.pop("small", None)
    if "small" in state and state["small"]["open"]:
        seen["small"] = state["small"]
        group = small_of(state, own)
        if group:
            me["small"] = group
    return seen


def in_private(state: RoomState, own: SeatState, word: str, seen: PatientView) -> PatientView:
    """What somebody taken aside is shown: a room with one facilitator in it, and nothing of the group."""
    seen["me"] |= {"status": "admitted", "may_speak": True}
    seen["section"] = before_start()
    seen["people"] = {
        seat: as_one_sees(own, entry) for seat, entry in state["seats"].items() if entry.get("word") == word
    }
    return seen


def together(state: RoomState, one: SeatState, other: SeatState) -> bool:
    """Whether two people are in the same place: the whole group, one small group, or a word in private."""
    if one.get("word") != other.get("word"):
        return False
    return "small" not in state or not state["small"]["open"] or small_of(state, one) == small_of(state, other)


def own_alerts(state: RoomState, seat_id: str) -> dict[str, OwnAlert]:
    """A patient's own calls for help, so that the page can say who was told and who has taken one."""
    told = [
        seat["name"]
        for seat in state["seats"].values()
        if seat["role"] == "facilitator" and seat["status"] == "admitted" and seat["online"]
    ]
    return {
        alert: {**part(entry, AlertSeen), "told": told}
        for alert, entry in state["alerts"].items()
        if entry["seat"] == seat_id
    }


def as_staff_see(state: RoomState, entry: SeatState) -> StaffSee:
    """With the small group that a companion is in, which is their patient's."""
    seen, group = part(entry, StaffSee), small_of(state, entry)
    if group:
        seen["small"] = group
    return seen


def as_one_sees(own: SeatState, entry: SeatState) -> Member:
    """Camera private and camera off look the same to the group: off."""
    yours = is_beside(own, entry) or is_beside(entry, own)
    return {**part(entry, GroupSees), "camera": "on" if entry["camera"] == "everyone" else "off", "yours": yours}


def is_beside(one: SeatState, other: SeatState) -> bool:
    return "beside" in one and one["beside"]["person"] == other["person"]


def part(entry: Kind, kind: type[Kind]) -> Kind:
    """Of `entry` what `kind` has keys for. That `entry` has keys of these names and types, mypy sees to."""
    whole = cast("Mapping[str, object]", entry)
    return cast("Kind", {key: whole[key] for key in kind.__annotations__ if key in whole})


def patch(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """The merge patch (RFC 7396) that turns `before` into `after`: what is gone becomes None."""
    changes: dict[str, object] = dict.fromkeys(before.keys() - after.keys())
    for key, value in after.items():
        old = before.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            inner = patch(old, value)
            if inner:
                changes[key] = inner
        elif key not in before or value != old:
            changes[key] = value
    return changes


def patch_for(before: RoomState, after: RoomState, seat_id: str) -> dict[str, object]:
    """What changed for one seat; everything when it was not in the room before."""
    earlier: Mapping[str, object] = view(before, seat_id) if seat_id in before["seats"] else {}
    return patch(earlier, view(after, seat_id))
