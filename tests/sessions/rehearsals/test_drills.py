"""With whom a facilitator practises."""

from typing import Any

import pytest

from backtolife.errors import Conflict
from backtolife.sessions.rehearsal.orders import Practice
from backtolife.sessions.rehearsals.drills import choose
from backtolife.sessions.state.document import empty
from backtolife.sessions.state.room_state import RoomState


def entry(name: str, role: str = "patient", **other: Any) -> dict[str, Any]:
    return {
        "person": f"p-{name}",
        "name": name,
        "role": role,
        "status": "admitted",
        "online": True,
        "came_ms": 0,
    } | other


def room(**seats: dict[str, Any]) -> RoomState:
    me = entry("Priya", "facilitator")
    return empty({}) | {"lead": "me", "seats": {"me": me, **seats}}


def test_an_alert_comes_from_somebody_inside_before_somebody_who_waits() -> None:
    document = room(a=entry("Alma", status="lobby"), b=entry("Basil", came_ms=5))
    assert choose(document, Practice.ALERT, "me").person_id == "p-Basil"
    alone = room(a=entry("Alma", status="lobby"))
    chosen = choose(alone, Practice.ALERT, "me")
    assert chosen.person_id == "p-Alma"
    assert "nobody is now" in chosen.words


def test_one_alert_at_a_time_and_not_without_people() -> None:
    document = room(a=entry("Alma")) | {"alerts": {"x": {"seat": "a"}}}
    with pytest.raises(Conflict, match="close that call first"):
        choose(document, Practice.ALERT, "me")
    with pytest.raises(Conflict, match="Nobody has come yet"):
        choose(room(a=entry("Alma", online=False), b=entry("Basil", status="removed")), Practice.ALERT, "me")


def test_only_somebody_in_the_room_drops_out() -> None:
    document = room(a=entry("Alma", came_ms=1), b=entry("Basil", came_ms=2), c=entry("Carys", online=False))
    assert choose(document, Practice.DROP_OUT, "me").person_id == "p-Basil"
    with pytest.raises(Conflict, match="Let people in first"):
        choose(room(a=entry("Alma", status="lobby")), Practice.DROP_OUT, "me")


def test_the_lead_is_handed_to_the_colleague_who_is_there() -> None:
    robin = entry("Robin", "facilitator")
    document = room(a=entry("Alma"), r=robin)
    assert choose(document, Practice.HAND_OVER, "me").person_id == "p-Robin"
    with pytest.raises(Conflict, match="have the lead back"):
        choose(document | {"lead": "r"}, Practice.HAND_OVER, "me")
    with pytest.raises(Conflict, match="colleague has not come"):
        choose(room(r=robin | {"online": False}), Practice.HAND_OVER, "me")
