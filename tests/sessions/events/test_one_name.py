"""An event has one name from the page to the room's document."""

import inspect
import re

import pytest

from backtolife.sessions.events.registry import EVENTS

SAME_ACT = {"mute_all": "mute", "admit_all": "admit", "lower_hand": "hand_down", "help_over": "help_close"}
"""Events that share another's change: it is the same act, done by somebody else or to everybody."""


@pytest.mark.parametrize("name", EVENTS)
def test_handler_and_change_are_called_what_the_event_is_called(name: str) -> None:
    handler = EVENTS[name].handler
    changes = set(re.findall(r"act\.apply\(\s*\w+\.(\w+)", inspect.getsource(handler)))
    assert handler.__name__ == name
    assert changes <= {SAME_ACT.get(name, name)}
