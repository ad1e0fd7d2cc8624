"""A viewer is told that a picture is paused while anything keeps it away, and that it is back when nothing does."""

from types import SimpleNamespace
from typing import Any

import pytest
from livekit.protocol import rtc

from backtolife.sessions.media.packets.uplink import ALL, NONE
from backtolife.sessions.media.rooms.allocation import NO_PICTURE, Allocation
from backtolife.sessions.media.rooms.sending import Sending, wanted
from backtolife.sessions.media.rooms.subscriptions import Subscription

CAMERA: Any = SimpleNamespace(sid="TR_camera", kind="video", up=None)


class Two:
    """Ana sends her camera, Ben watches it; `told` is what Ben's page was told of it, `asked` what Ana's was."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.asked: list[Any] = []
        self.overload = SimpleNamespace(sheds=lambda *_: False)
        self.ana: Any = SimpleNamespace(
            sid="PA_ana", role="patient", publications={CAMERA.sid: CAMERA}, send=self.asked.append
        )
        self.ana.peer = SimpleNamespace(layers=list)
        self.ana.sending = Sending(self.ana, lambda _sid: self.ben.allocation.tell(self.subscription))
        self.ana.withholds = self.ana.sending.paused
        self.ben: Any = SimpleNamespace(role="patient", overload=self.overload, send=self._told)
        self.ben.need_sections = lambda: None
        self.ben.peer = SimpleNamespace(layers=list, link=SimpleNamespace(forgive=lambda: None))
        self.subscription = Subscription(self.ben, self.ana, CAMERA)
        self.down: Any = SimpleNamespace(withheld=False, enabled=False, limit_to=lambda *_: None, fraction_lost=0.0)
        self.down.withhold = lambda withheld, _now: setattr(self.down, "withheld", withheld)
        self.subscription.down = self.down
        self.ben.subscriptions = SimpleNamespace(all=lambda: [self.subscription], get=lambda _sid: self.subscription)
        self.ben.allocation = Allocation(self.ben, self.ben.subscriptions)

    def _told(self, signal: rtc.SignalResponse) -> None:
        self.told += [rtc.StreamState.Name(one.state) for one in signal.stream_state_update.stream_states]

    def link_of_ana(self, step: int) -> None:
        self.ana.sending.uplink.step = step
        self.ana.sending.uplink._changed = 1000.0
        self.ana.sending.look(1000.0)

    def link_of_ben(self, step: int) -> None:
        downlink = self.ben.allocation.downlink
        downlink.step = step
        downlink.decide = lambda _rates, _now: step
        self.ben.allocation.tick(1000.0)


@pytest.fixture
def two() -> Two:
    return Two()


def test_a_picture_is_not_called_back_while_the_viewers_own_link_has_no_room(two: Two) -> None:
    two.link_of_ben(NO_PICTURE)
    two.link_of_ana(NONE)
    two.link_of_ana(ALL)
    assert two.told == ["PAUSED"]
    two.link_of_ben(0)
    assert two.told == ["PAUSED", "ACTIVE"]


def test_a_picture_is_not_called_back_while_its_sender_has_no_room(two: Two) -> None:
    two.link_of_ana(NONE)
    two.link_of_ben(NO_PICTURE)
    two.link_of_ben(0)
    assert two.told == ["PAUSED"]
    two.link_of_ana(ALL)
    assert two.told == ["PAUSED", "ACTIVE"]


def test_who_comes_while_a_sender_has_no_room_is_told_so(two: Two) -> None:
    two.link_of_ana(NONE)
    two.told.clear()
    two.subscription = Subscription(two.ben, two.ana, CAMERA)
    two.subscription.down = two.down
    two.link_of_ben(0)
    assert two.told == ["PAUSED"]


def test_what_was_said_while_the_signals_were_lost_is_said_again(two: Two) -> None:
    two.link_of_ana(NONE)
    two.told.clear()
    two.asked.clear()
    two.ben.allocation.resumed()
    two.ana.sending.resumed()
    assert two.told == ["PAUSED"]
    assert [one.subscribed_quality_update for one in two.asked] == [wanted(CAMERA.sid, NONE)]
