"""How the sections of a client's session are answered."""

import pytest
from livekit.protocol import models, rtc

from backtolife.sessions.media.rooms.negotiation import Section
from backtolife.sessions.media.rooms.publication import Publication
from backtolife.sessions.media.sdp import answer


def sending(*, disable_red: bool = False) -> Section:
    kind, source = models.TrackType.AUDIO, models.TrackSource.MICROPHONE
    announced = rtc.AddTrackRequest(cid="mic", type=kind, source=source, disable_red=disable_red)
    return Section("0", "audio", direction="sendonly", carries=Publication(announced))


@pytest.mark.parametrize(
    ("disable_red", "thin", "redundant"), [(False, False, True), (False, True, False), (True, False, False)]
)
def test_sound_is_asked_for_twice_over_unless_its_owner_or_their_link_says_once(
    disable_red: bool, thin: bool, redundant: bool
) -> None:
    assert sending(disable_red=disable_red).reply(thin=thin) == answer.Reply("recvonly", redundant=redundant)


def test_a_section_that_carries_nothing_is_inactive() -> None:
    assert Section("0", "audio", direction="recvonly").reply(thin=False) == answer.Reply("inactive")
