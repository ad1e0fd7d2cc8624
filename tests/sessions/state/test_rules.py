"""Who may do what in the room, and how often."""

import pytest

from backtolife.errors import NotPermitted
from backtolife.programme.plan.template import Microphones
from backtolife.sessions.state import rules
from backtolife.sessions.state.rules import Bucket, Camera, SeatRole, SeatStatus


def test_who_waits_may_not_do_what_needs_admission() -> None:
    for status in (SeatStatus.LOBBY, SeatStatus.HELD):
        with pytest.raises(NotPermitted, match="lets you in"):
            rules.refuse_unless_in(status, admitted_needed=True)


def test_who_waits_may_ask_for_help() -> None:
    rules.refuse_unless_in(SeatStatus.LOBBY, admitted_needed=False)
    assert SeatStatus.LOBBY in SeatStatus


def test_who_was_removed_may_do_nothing() -> None:
    with pytest.raises(NotPermitted, match="cannot come back in today"):
        rules.refuse_unless_in(SeatStatus.REMOVED, admitted_needed=False)


def test_who_was_removed_gets_no_new_seat() -> None:
    with pytest.raises(NotPermitted):
        rules.may_take_a_seat(SeatStatus.REMOVED)


@pytest.mark.parametrize(("microphones", "allowed"), [("open", True), ("muted", False), ("facilitator_only", False)])
def test_patients_speak_only_where_the_section_is_open(microphones: Microphones, allowed: bool) -> None:
    assert rules.publishing(SeatRole.PATIENT, Camera.EVERYONE, microphones).microphone is allowed


def test_facilitators_may_always_speak_and_show_their_screen() -> None:
    sources = rules.publishing(SeatRole.FACILITATOR, Camera.EVERYONE, "muted").sources
    assert sources == ("camera", "microphone", "screen_share", "screen_share_audio")


def test_twenty_events_at_once_pass_and_the_next_waits() -> None:
    bucket = Bucket(20, 0.0)
    taken = [rules.take_token(bucket, 0.0, per_second=20, at_once=20) for _ in range(21)]
    assert taken == [True] * 20 + [False]


def test_an_allowance_comes_back_with_time() -> None:
    bucket = Bucket(0, 0.0)
    assert not rules.take_token(bucket, 0.01, per_second=20, at_once=20)
    assert rules.take_token(bucket, 0.2, per_second=20, at_once=20)
