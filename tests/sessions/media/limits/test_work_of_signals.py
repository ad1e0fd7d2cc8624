"""What signals make the engine do is paid for by who sends them: counted by a clock that the tests turn."""

from types import SimpleNamespace
from typing import Any

import pytest
from livekit.protocol import rtc

from backtolife.errors import Conflict
from backtolife.sessions.media.access.policy import Narrowing
from backtolife.sessions.media.limits.budget import LIMITS, PATIENCE, WORK, Budget
from backtolife.sessions.media.signalling.requests import MOST_NAMED, MOST_PERMITTED, handle

TRACKS, PEOPLE, A_SECOND = 16, 13, 38
WHOLE = [rtc.TrackPermission(participant_identity=f"x{number}", all_tracks=True) for number in range(MOST_PERMITTED)]
SIDS = [f"TR_{number}" for number in range(MOST_NAMED)]


class Member:
    """Somebody with sixteen tracks before twelve others, and what the engine did for their signals."""

    def __init__(self) -> None:
        self.budget, self.clock = Budget(), 100.0
        self.publications = dict.fromkeys(range(TRACKS))
        self.room = SimpleNamespace(participants=dict.fromkeys(range(PEOPLE)), find_track=self._found)
        self.subscriptions = SimpleNamespace(get=self._found)
        self.narrowed: list[Narrowing] = []
        self.looked_up = 0
        self.put_out: str | None = None

    def now(self) -> float:
        return self.clock

    def narrow(self, narrowing: Narrowing) -> None:
        self.narrowed.append(narrowing)

    def _found(self, _sid: str) -> None:
        self.looked_up += 1

    def says(self, request: rtc.SignalRequest, times: int, seconds: int) -> int:
        """So many times a second; how often it was refused."""
        refused, this = 0, self.as_participant()
        for _ in range(seconds):
            for _ in range(times):
                try:
                    handle(this, request)
                except Conflict:
                    refused += 1
            self.clock += 1
            self.put_out = self.put_out or self.budget.look()
        return refused

    def as_participant(self) -> Any:
        return self


def permissions(*given: rtc.TrackPermission) -> rtc.SignalRequest:
    return rtc.SignalRequest(subscription_permission=rtc.SubscriptionPermission(track_permissions=given))


def test_a_flood_of_permissions_is_paid_for_by_entries_tracks_and_viewers_and_puts_out() -> None:
    member = Member()
    refused = member.says(permissions(*WHOLE), A_SECOND, PATIENCE + 1)
    cost, limit = len(WHOLE) + TRACKS * PEOPLE, LIMITS[WORK]
    assert 0 < len(member.narrowed) <= (limit.most + limit.rate * (PATIENCE + 1)) / cost + 1
    assert refused == A_SECOND * (PATIENCE + 1) - len(member.narrowed)
    assert member.put_out == WORK


@pytest.mark.parametrize(
    "request_",
    [
        rtc.SignalRequest(subscription=rtc.UpdateSubscription(track_sids=SIDS, subscribe=True)),
        rtc.SignalRequest(track_setting=rtc.UpdateTrackSettings(track_sids=SIDS)),
        rtc.SignalRequest(sync_state=rtc.SyncState(track_sids_disabled=SIDS)),
    ],
    ids=["subscriptions", "settings", "states"],
)
def test_a_flood_of_named_tracks_is_paid_for_by_each_and_puts_out(request_: rtc.SignalRequest) -> None:
    member = Member()
    assert member.says(request_, A_SECOND, PATIENCE + 1)
    limit = LIMITS[WORK]
    assert 0 < member.looked_up <= limit.most + limit.rate * (PATIENCE + 1) + len(SIDS)
    assert member.put_out == WORK


def test_who_narrows_two_tracks_for_fifteen_others_ten_times_a_second_is_never_refused() -> None:
    member = Member()
    member.publications = dict.fromkeys(range(2))
    member.room.participants = dict.fromkeys(range(16))
    everyone = [rtc.TrackPermission(participant_identity=f"x{number}", all_tracks=True) for number in range(15)]
    assert member.says(permissions(*everyone), 10, 60) == 0
    assert len(member.narrowed) == 600
    assert member.put_out is None
