"""Who may send and receive what."""

import pytest
from livekit.protocol import models, rtc

from backtolife.sessions.media.access import policy

CAMERA, MICROPHONE = models.TrackSource.CAMERA, models.TrackSource.MICROPHONE


@pytest.mark.parametrize(
    ("camera_to", "viewer", "allowed"),
    [
        ("everyone", "patient", True),
        ("everyone", None, True),
        ("facilitators", "facilitator", True),
        ("facilitators", "patient", False),
        ("facilitators", "companion", False),
        ("facilitators", "observer", False),
        ("facilitators", None, False),
        ("nobody", "facilitator", False),
        ("something else", "facilitator", False),
        (None, "patient", True),
    ],
)
def test_a_camera_goes_no_further_than_its_ceiling(camera_to: str | None, viewer: str | None, allowed: bool) -> None:
    given = policy.under_ceiling(kind="video", source=CAMERA, camera_to=camera_to, viewer_role=viewer)
    assert given is allowed


def test_an_unnamed_picture_counts_as_a_camera() -> None:
    unknown = models.TrackSource.UNKNOWN
    assert not policy.under_ceiling(kind="video", source=unknown, camera_to="nobody", viewer_role="facilitator")


def test_sound_has_no_ceiling() -> None:
    assert policy.under_ceiling(kind="audio", source=MICROPHONE, camera_to="nobody", viewer_role="patient")


def test_a_publisher_narrows_by_identity_and_track() -> None:
    permission = rtc.TrackPermission(participant_identity="ana", track_sids=["TR_1"])
    narrowing = policy.narrowed(False, [permission])
    assert narrowing.allows(identity="ana", sid="PA_1", track_sid="TR_1")
    assert not narrowing.allows(identity="ana", sid="PA_1", track_sid="TR_2")
    assert not narrowing.allows(identity="ben", sid="PA_2", track_sid="TR_1")


def test_a_publisher_lets_somebody_have_every_track_by_sid_and_not_by_an_identity_that_reads_the_same() -> None:
    permissions = [rtc.TrackPermission(participant_sid="PA_1", all_tracks=True), rtc.TrackPermission()]
    narrowing = policy.narrowed(False, permissions)
    assert narrowing.allows(identity="ana", sid="PA_1", track_sid="TR_1")
    assert narrowing.allows(identity="ana", sid="PA_1", track_sid="TR_2")
    assert not narrowing.allows(identity="PA_1", sid="PA_2", track_sid="TR_1")
    assert policy.narrowed(True, permissions).allows(identity="ben", sid="PA_2", track_sid="TR_1")


def test_an_empty_permission_names_nobody() -> None:
    narrowing = policy.narrowed(False, [rtc.TrackPermission(all_tracks=True)])
    assert not narrowing.allows(identity="ana", sid="PA_1", track_sid="TR_1")


def test_named_sources_limit_publishing_and_unknown_names_grant_nothing() -> None:
    camera = policy.Grants(sources=policy.named_sources(["camera"]))
    assert camera.may_publish(CAMERA)
    assert not camera.may_publish(MICROPHONE)
    assert not policy.Grants(sources=policy.named_sources(["hologram"])).may_publish(CAMERA)
    assert not policy.Grants(can_publish=False, sources=policy.named_sources(["camera"])).may_publish(CAMERA)


@pytest.mark.parametrize(
    ("kind", "sources"),
    [
        ("video", {CAMERA, models.TrackSource.SCREEN_SHARE}),
        ("audio", {MICROPHONE, models.TrackSource.SCREEN_SHARE_AUDIO}),
    ],
)
def test_a_picture_comes_from_a_camera_or_screen_and_sound_from_a_microphone_or_screen(
    kind: str, sources: set[int]
) -> None:
    assert {source for source in range(-1, 100) if policy.fits(kind, source)} == sources


def test_a_client_cannot_set_what_belongs_to_the_server() -> None:
    asked = {"role": "facilitator", "camera_to": "everyone", "mood": "fine"}
    assert policy.clients_attributes(asked) == {"mood": "fine"}
    assert not policy.leaves_servers({"role": "patient"}, {"role": "facilitator"})
    assert not policy.leaves_servers({"role": "patient"}, {"role": ""})
    assert policy.leaves_servers({"role": "patient"}, {"role": "patient", "mood": "fine"})


def test_an_empty_value_removes_an_attribute() -> None:
    assert policy.merged({"a": "1", "b": "2"}, {"a": "", "c": "3"}) == {"b": "2", "c": "3"}
