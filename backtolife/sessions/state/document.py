"""One change of the room: a document goes in, a new one comes out, nothing else happens. Pure.

A change is a function that takes a document of its own and alters it, or raises a named error. It is passed by name,
with what it needs, so that a change that does not exist, or an argument it does not take, fails `make check`.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Concatenate, ParamSpec

from backtolife.sessions.state import script
from backtolife.sessions.state.room_state import RoomState, StaffPlaceWord, before_start
from backtolife.sessions.state.rules import refuse_after_end

Given = ParamSpec("Given")
Change = Callable[Concatenate[RoomState, Given], None]


def empty(places: dict[str, StaffPlaceWord]) -> RoomState:
    """The document of a session nobody has come to. `places` maps staff (person ids) to lead or spotter."""
    return {"status": "open", "section": before_start(), "seats": {}, "alerts": {}, "places": places}


def changed(state: RoomState, change: Change[Given], /, *args: Given.args, **given: Given.kwargs) -> RoomState:
    """The document after `change`. Raises the named errors of the change; Conflict after the end, but to open again."""
    if change != script.open_again:
        refuse_after_end(state["status"])
    after = deepcopy(state)
    change(after, *args, **given)
    return after
