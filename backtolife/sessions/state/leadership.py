"""How the room's document changes with who leads. Pure."""

from backtolife.errors import Conflict
from backtolife.sessions.state.room_state import RoomState, StaffPlaceWord, seat_in
from backtolife.sessions.state.rules import who_leads


def choose_lead(state: RoomState) -> None:
    """Whoever is the cohort's lead leads; while they are not here, the other facilitator does."""
    staff = {
        seat: entry["person"]
        for seat, entry in sorted(state["seats"].items(), key=lambda item: item[1]["came_ms"])
        if entry["role"] == "facilitator" and entry["status"] == "admitted"
    }
    lead = who_leads(state["places"], staff)
    if lead is not None:
        state["lead"] = lead


def hand_over(state: RoomState, *, seat: str, to: str) -> None:
    """The lead (`seat`) gives the lead to another facilitator. Raises Conflict unless `seat` leads and `to` can."""
    if state.get("lead") != seat:
        raise Conflict("Only the facilitator who leads can hand over.")
    make_lead(state, to)


def take_lead(state: RoomState, *, seat: str) -> None:
    """A facilitator takes the lead while whoever leads is away. Raises Conflict when they are here."""
    lead = state.get("lead")
    if lead is not None and lead != seat:
        leading = seat_in(state, lead)
        if leading["online"] and leading["status"] == "admitted":
            raise Conflict(f"{leading['name']} is here and leads. Ask them to hand over.")
    make_lead(state, seat)


def make_lead(state: RoomState, seat: str) -> None:
    """From now on the person in `seat` is the lead, also when the other one comes back."""
    entry = seat_in(state, seat)
    if entry["role"] != "facilitator" or entry["status"] != "admitted" or not entry["online"]:
        raise Conflict(f"{entry['name']} is not here to lead. Choose a facilitator who is in the room.")
    places: dict[str, StaffPlaceWord] = dict.fromkeys(state["places"], "spotter")
    places[entry["person"]] = "lead"
    state["places"] = places
    choose_lead(state)
