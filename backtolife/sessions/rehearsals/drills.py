"""With whom a facilitator practises, and what they read when they press. Pure."""

from dataclasses import dataclass

from backtolife.errors import Conflict
from backtolife.sessions.rehearsal.orders import Practice
from backtolife.sessions.state.room_state import RoomState, SeatState

HERE = ("lobby", "held", "admitted")


@dataclass(frozen=True)
class Chosen:
    """Who it happens to, and what to look out for."""

    person_id: str
    words: str


def choose(state: RoomState, practice: Practice, own_seat: str) -> Chosen:
    """Pick somebody for it. `own_seat` is the facilitator's. Raises Conflict, saying what is missing."""
    return {Practice.ALERT: alert, Practice.DROP_OUT: drop_out, Practice.HAND_OVER: hand_over}[practice](
        state, own_seat
    )


def alert(state: RoomState, own_seat: str) -> Chosen:
    del own_seat
    calling = {each["seat"] for each in state["alerts"].values()}
    if calling:
        raise Conflict("Somebody is calling for help already. Answer and close that call first.")
    there = [entry for entry in patients(state) if entry["status"] in HERE]
    if not there:
        raise Conflict("Nobody has come yet. Wait a few seconds, then press again.")
    inside = [entry for entry in there if entry["status"] == "admitted"]
    one = (inside or there)[0]
    return Chosen(
        one["person"],
        f"{one['name']} presses I need help. Press I’ve got this within 20 seconds, or wait and see what happens then. "
        "In a real session the duty clinician is written to; nobody is now.",
    )


def drop_out(state: RoomState, own_seat: str) -> Chosen:
    del own_seat
    inside = [entry for entry in patients(state) if entry["status"] == "admitted"]
    if not inside:
        raise Conflict("Let people in first: only somebody in the room can drop out.")
    one = inside[-1]
    return Chosen(
        one["person"],
        f"{one['name']} drops out now. After 30 seconds they are in the list Ring them, with a made-up number. They "
        "come back by themselves a little later.",
    )


def hand_over(state: RoomState, own_seat: str) -> Chosen:
    if state.get("lead") != own_seat:
        raise Conflict("You are not leading just now. Wait until you have the lead back.")
    others = [
        entry
        for seat, entry in state["seats"].items()
        if seat != own_seat and entry["role"] == "facilitator" and entry["online"]
    ]
    if not others:
        raise Conflict("Your colleague has not come yet. Wait a few seconds, then press again.")
    one = others[0]
    return Chosen(
        one["person"],
        f"{one['name']} is ready to lead. Press Hand over to {one['name']} under the script. You get the lead back "
        "after 20 seconds.",
    )


def patients(state: RoomState) -> list[SeatState]:
    """Those whose page is here, in order of coming."""
    there = [one for one in state["seats"].values() if one["role"] == "patient" and one["online"]]
    return sorted(there, key=lambda one: (one["came_ms"], one["name"]))
