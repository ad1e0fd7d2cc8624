"""What one signal may name: more than any room has is refused in words, and costs nobody time."""

from types import SimpleNamespace
from typing import Any

import pytest
from livekit.protocol import models, rtc

from backtolife.errors import Invalid
from backtolife.sessions.media.limits.budget import Budget
from backtolife.sessions.media.rooms.allocation import Allocation
from backtolife.sessions.media.rooms.negotiation import Negotiation
from backtolife.sessions.media.rooms.publication import Publication
from backtolife.sessions.media.sdp.offer import MOST_SECTIONS
from backtolife.sessions.media.signalling.requests import MOST_NAMED, MOST_PERMITTED, handle
from tests.sessions.media.sdp.test_offer import FREE, HEAD, TRANSPORT

MANY = ["TR_one"] * (MOST_NAMED + 1)
PERMITTED = ["TR_one"] * MOST_PERMITTED


def nobody() -> Any:
    """Somebody whom no signal may reach."""
    return SimpleNamespace()


@pytest.mark.parametrize(
    "request_",
    [
        rtc.SignalRequest(subscription=rtc.UpdateSubscription(track_sids=MANY)),
        rtc.SignalRequest(
            subscription=rtc.UpdateSubscription(participant_tracks=[models.ParticipantTracks(track_sids=MANY)])
        ),
        rtc.SignalRequest(track_setting=rtc.UpdateTrackSettings(track_sids=MANY)),
        rtc.SignalRequest(sync_state=rtc.SyncState(track_sids_disabled=MANY)),
        rtc.SignalRequest(
            subscription_permission=rtc.SubscriptionPermission(
                track_permissions=[rtc.TrackPermission()] * (MOST_PERMITTED + 1)
            )
        ),
        rtc.SignalRequest(
            subscription_permission=rtc.SubscriptionPermission(
                track_permissions=[rtc.TrackPermission(track_sids=PERMITTED)]
            )
        ),
    ],
)
def test_a_signal_that_names_more_than_any_room_has_is_refused(request_: rtc.SignalRequest) -> None:
    with pytest.raises(Invalid, match=f"At most ({MOST_NAMED}|{MOST_PERMITTED}) "):
        handle(nobody(), request_)


def test_a_track_that_is_named_often_is_set_once() -> None:
    applied: list[rtc.UpdateTrackSettings] = []
    shown = {"TR_one": SimpleNamespace(apply=applied.append)}
    viewer: Any = SimpleNamespace(subscriptions=shown, budget=Budget(), now=lambda: 100.0)
    handle(viewer, rtc.SignalRequest(track_setting=rtc.UpdateTrackSettings(track_sids=["TR_one"] * 900)))
    assert len(applied) == 1


@pytest.mark.parametrize(
    "asked",
    [
        rtc.AddTrackRequest(type=models.TrackType.VIDEO, layers=[models.VideoLayer()] * 100),
        rtc.AddTrackRequest(type=models.TrackType.VIDEO, cid="x" * 1000),
        rtc.AddTrackRequest(type=models.TrackType.VIDEO, stream="x" * 1000),
    ],
)
def test_an_announcement_with_more_than_a_track_has_is_refused(asked: rtc.AddTrackRequest) -> None:
    with pytest.raises(Invalid, match="A track"):
        Publication(asked)


def test_offers_cannot_name_new_sections_for_ever() -> None:
    taken: list[object] = []
    publisher: Any = SimpleNamespace(transport=SimpleNamespace(accept=taken.append))
    received: Any = SimpleNamespace(waiting=list)
    negotiation = Negotiation(publisher, received, Allocation(publisher, received))
    negotiation._sections = dict.fromkeys(map(str, range(MOST_SECTIONS)))  # type: ignore[arg-type]
    offer = HEAD + FREE.replace("a=mid:2", "a=mid:new") + TRANSPORT
    with pytest.raises(Invalid, match="Join again"):
        negotiation.answer(rtc.SessionDescription(type="offer", sdp=offer))
    assert not taken
