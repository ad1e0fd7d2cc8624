"""A private camera on a LiveKit server: a room beside the group's, which only facilitators can receive from.

Our own engine takes a ceiling for each camera and holds it. A LiveKit server has none: whoever is in a room may ask for
every track in it. So there a camera for facilitators never enters the group's room. A room also tells everybody who is
in it: beside the group people go under names that only facilitators can read. Pure.
"""

import hashlib
import hmac
from dataclasses import replace

from backtolife.sessions.state.rules import CEILING, Camera, Publishing, SeatRole

ENDING = "-staff-cameras"


def beside(room: str) -> str:
    """The name of the room for private cameras beside a group's room."""
    return f"{room}{ENDING}"


def group_of(room: str) -> str | None:
    """The group's room that a room for private cameras belongs to; None for any other room."""
    return room.removesuffix(ENDING) if room.endswith(ENDING) else None


def name_beside(room: str, seat: str, secret: str) -> str:
    """Under which name a seat is in the room beside `room`; without `secret` nobody can tell whose it is."""
    return hmac.new(secret.encode(), f"{beside(room)}/{seat}".encode(), hashlib.sha256).hexdigest()[:32]


def is_private(may: Publishing) -> bool:
    """Whether this seat shows its picture to facilitators and to nobody else."""
    return may.camera and may.camera_to == CEILING[Camera.FACILITATORS]


def in_group(may: Publishing) -> Publishing:
    """What the seat may send into the group's own room: a camera only when everyone may see it."""
    return replace(may, camera=may.camera and may.camera_to == CEILING[Camera.EVERYONE])


def in_staff_room(may: Publishing) -> Publishing | None:
    """What the seat may send into the room beside it; None for one that has no business there."""
    if may.role is SeatRole.FACILITATOR:
        return replace(may, camera=False, microphone=False, screen=False)
    return replace(may, microphone=False) if is_private(may) else None


def may_receive(may: Publishing) -> bool:
    """Whether the seat receives what is sent in the room beside the group's."""
    return may.role is SeatRole.FACILITATOR
