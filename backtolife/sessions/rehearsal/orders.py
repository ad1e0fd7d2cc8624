"""What the web process tells the process of the simulated people: one line of JSON at first, then one for each press.

The pipe is also what ties the two together: when it closes, the rehearsal is over.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from backtolife.text.from_json import read_json


class Practice(StrEnum):
    """What a facilitator can practise by one press."""

    ALERT = "alert"
    DROP_OUT = "drop_out"
    HAND_OVER = "hand_over"


@dataclass(frozen=True)
class Part:
    """One simulated person: who they are, the cookies of their browser, what they say on the page before the room."""

    person_id: str
    name: str
    face: int
    """Which drawn picture and which voice, from 0."""
    staff: bool
    cookies: Mapping[str, str]
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Orders:
    """A whole rehearsal. `facilitator_id` is the person for whom it is held; without them it ends."""

    site: str
    group_session_id: str
    facilitator_id: str
    seconds: float
    """After this long it ends by itself."""
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Press:
    """Practise this now. `person_id` says with whom."""

    practice: Practice
    person_id: str


def written(what: Orders | Press) -> str:
    """One line, with its end."""
    return json.dumps(asdict(what)) + "\n"


def read_orders(line: str) -> Orders:
    """The first line. Raises Invalid for anything that is none."""
    wrong = "These are not the orders of a rehearsal. It is started from the page Rehearse."
    return read_json(Orders, line, instead=wrong)


def read_press(line: str) -> Press:
    """A later line. Raises Invalid for anything that is none."""
    return read_json(Press, line, instead="This is nothing that can be practised.")
