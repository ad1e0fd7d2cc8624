"""On a LiveKit server a private camera has a room of its own: what the tokens allow, and what its webhooks do."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from livekit import api
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.errors import Invalid
from backtolife.sessions.realtime import media_webhooks
from backtolife.sessions.room import private_cameras
from backtolife.sessions.room.media_client import MediaEngine
from backtolife.sessions.room.models import AttendanceSpan, MediaEvent
from backtolife.sessions.state.rules import Camera, Publishing, SeatRole, publishing
from tests.support.sessions.gathering import gather

PRIVATE = publishing(SeatRole.PATIENT, Camera.FACILITATORS, "open")
SHOWN = publishing(SeatRole.PATIENT, Camera.EVERYONE, "open")
OFF = publishing(SeatRole.PATIENT, Camera.OFF, "open")
STAFF = publishing(SeatRole.FACILITATOR, Camera.EVERYONE, "open")


@pytest.fixture
def on_livekit(settings: Settings) -> Settings:
    return replace(settings, media_engine="livekit")


def grants(settings: Settings, may: Publishing) -> dict[str, tuple[str, list[str], bool]]:
    """By name of the token: its room, what may be sent there, and whether anything is received there."""
    tokens = MediaEngine(settings).tokens(room="g1", seat="s1", name="Linda", may=may)
    verifier = api.TokenVerifier(settings.media_api_key, settings.media_api_secret)
    found: dict[str, Any] = {name: verifier.verify(str(tokens[name])).video for name in tokens.keys() - {"names"}}
    assert not any(video.can_publish_data or video.room_admin for video in found.values())
    return {
        name: (video.room, (video.can_publish_sources or []) if video.can_publish else [], video.can_subscribe)
        for name, video in found.items()
    }


def test_a_private_camera_may_be_sent_only_where_patients_receive_nothing(on_livekit: Settings) -> None:
    assert grants(on_livekit, PRIVATE) == {
        "token": ("g1", ["microphone"], True),
        "staff_cameras": ("g1-staff-cameras", ["camera"], False),
    }


def test_facilitators_receive_private_cameras_and_send_nothing_there(on_livekit: Settings) -> None:
    assert grants(on_livekit, STAFF) == {
        "token": ("g1", ["camera", "microphone", "screen_share", "screen_share_audio"], True),
        "staff_cameras": ("g1-staff-cameras", [], True),
    }


@pytest.mark.parametrize(("may", "sources"), [(SHOWN, ["camera", "microphone"]), (OFF, ["microphone"])])
def test_who_is_not_private_has_no_business_in_the_room_beside(
    on_livekit: Settings, may: Publishing, sources: list[str]
) -> None:
    assert grants(on_livekit, may) == {"token": ("g1", sources, True)}


def test_a_quiet_private_patient_sends_nothing_to_the_group(on_livekit: Settings) -> None:
    quiet = publishing(SeatRole.PATIENT, Camera.FACILITATORS, "muted")
    assert grants(on_livekit, quiet)["token"] == ("g1", [], True)


def test_our_own_engine_holds_the_ceiling_in_one_room(settings: Settings) -> None:
    assert grants(settings, PRIVATE) == {"token": ("g1", ["camera", "microphone"], True)}


def test_nobody_is_told_who_is_private(on_livekit: Settings) -> None:
    engine = MediaEngine(on_livekit)
    verifier = api.TokenVerifier(on_livekit.media_api_key, on_livekit.media_api_secret)
    tokens = engine.tokens(room="g1", seat="s1", name="Linda", may=PRIVATE, seats=["s1", "s2"])
    group, beside = (verifier.verify(str(tokens[name])) for name in ("token", "staff_cameras"))
    assert (group.identity, group.name, group.attributes) == ("s1", "Linda", {})
    assert (beside.name or "", beside.attributes) == ("", {})
    assert tokens["names"] == {"s1": beside.identity}
    assert "s1" not in beside.identity


def test_facilitators_learn_whose_pictures_they_are(on_livekit: Settings) -> None:
    engine = MediaEngine(on_livekit)
    given = engine.tokens(room="g1", seat="lead", name="Priya", may=STAFF, seats=["s1", "s2"])
    names = engine.names_beside("g1", ["lead", "s1", "s2"])
    assert given["names"] == names
    assert len(set(names.values())) == 3
    assert engine.names_beside("g2", ["s1"]) != engine.names_beside("g1", ["s1"])


def test_a_ceiling_nobody_knows_is_not_shown_to_the_group() -> None:
    strange = replace(SHOWN, camera_to="friends")
    assert not private_cameras.in_group(strange).camera
    assert private_cameras.in_staff_room(strange) is None


@pytest.mark.parametrize("room", ["g1", "", "g1-staff-cameras-2"])
def test_only_the_room_beside_is_taken_for_one(room: str) -> None:
    assert private_cameras.group_of(room) is None
    assert private_cameras.group_of(private_cameras.beside("g1")) == "g1"


def test_coming_into_the_room_beside_is_no_attendance_but_is_held_to_the_rules(db: Session, now: datetime) -> None:
    group = gather(db, now)
    seat = group.sit(group.patients[0], now=now, camera=Camera.FACILITATORS)
    event = api.WebhookEvent(
        event="participant_joined",
        id="EV_1",
        created_at=int(datetime.now(UTC).timestamp()),
        room=api.Room(name=private_cameras.beside(group.group_session.id)),
        participant=api.ParticipantInfo(identity=seat.id, sid="PA_1"),
    )
    assert media_webhooks.take(db, event, now) is None
    assert not db.exec(select(AttendanceSpan)).all()
    assert not db.exec(select(MediaEvent)).all()
    state = media_webhooks.beside(db, event)
    assert state is not None
    assert seat.id in state["seats"]


def test_a_name_that_is_no_engine_is_refused() -> None:
    from backtolife.config import from_environment

    with pytest.raises(Invalid, match="embedded, livekit"):
        from_environment({"MEDIA_ENGINE": "janus"})
