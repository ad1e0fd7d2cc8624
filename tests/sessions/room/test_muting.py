"""Muting at a server that holds people to the names of their tracks only: by what a track is, not what it says."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from livekit import api

from backtolife.config import Settings
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.room import private_cameras
from backtolife.sessions.room.media_client import MediaEngine

AUDIO, VIDEO = api.TrackType.AUDIO, api.TrackType.VIDEO
MICROPHONE, CAMERA, SCREEN = api.TrackSource.MICROPHONE, api.TrackSource.CAMERA, api.TrackSource.SCREEN_SHARE
SOUND_OF_SCREEN, UNKNOWN = api.TrackSource.SCREEN_SHARE_AUDIO, api.TrackSource.UNKNOWN


def track(sid: str, kind: Any, source: Any) -> api.TrackInfo:
    return api.TrackInfo(sid=sid, type=kind, source=source)


class Server(MediaEngine):
    """A server with these people in its rooms, and what it was asked for."""

    def __init__(self, settings: Settings, rooms: dict[str, list[api.ParticipantInfo]]) -> None:
        super().__init__(settings)
        self.rooms = rooms
        self.muted: list[tuple[str, str, str]] = []
        self.removed: list[tuple[str, str]] = []
        self.room = SimpleNamespace(
            list_participants=self._list, mute_published_track=self._mute, remove_participant=self._remove
        )

    def _run(self, call: Callable[[Any], Awaitable[None]]) -> None:
        asyncio.run(call(self))  # type: ignore[arg-type]

    async def _list(self, asked: api.ListParticipantsRequest) -> api.ListParticipantsResponse:
        return api.ListParticipantsResponse(participants=self.rooms.get(asked.room, []))

    async def _mute(self, asked: api.MuteRoomTrackRequest) -> None:
        assert asked.muted
        self.muted.append((asked.room, asked.identity, asked.track_sid))

    async def _remove(self, asked: api.RoomParticipantIdentity) -> None:
        self.removed.append((asked.room, asked.identity))


def test_every_sound_of_a_muted_seat_is_muted_whatever_it_calls_itself(settings: Settings) -> None:
    tracks = [
        track("TR_1", AUDIO, MICROPHONE),
        track("TR_2", AUDIO, CAMERA),
        track("TR_3", AUDIO, UNKNOWN),
        track("TR_4", VIDEO, CAMERA),
    ]
    people = [api.ParticipantInfo(identity=seat, tracks=tracks) for seat in ("s1", "s2")]
    server = Server(settings, {"g1": people})
    server.mute("g1", ["s1"])
    assert server.muted == [("g1", "s1", "TR_1"), ("g1", "s1", "TR_2"), ("g1", "s1", "TR_3")]


def test_sound_in_the_room_for_private_cameras_is_muted_too(settings: Settings) -> None:
    server = Server(replace(settings, media_engine="livekit"), {})
    name, room = server.names_beside("g1", ["s1"])["s1"], private_cameras.beside("g1")
    tracks = [track("TR_1", AUDIO, CAMERA), track("TR_2", VIDEO, CAMERA)]
    server.rooms[room] = [api.ParticipantInfo(identity=each, tracks=tracks) for each in (name, "another")]
    server.mute("g1", ["s1"])
    assert server.muted == [(room, name, "TR_1")]


@pytest.mark.parametrize(
    ("kind", "source", "stays"),
    [
        (AUDIO, MICROPHONE, True),
        (AUDIO, SOUND_OF_SCREEN, True),
        (VIDEO, CAMERA, True),
        (VIDEO, SCREEN, True),
        (AUDIO, CAMERA, False),
        (AUDIO, UNKNOWN, False),
        (VIDEO, MICROPHONE, False),
        (VIDEO, UNKNOWN, False),
    ],
)
def test_who_sends_something_by_another_name_is_put_out_of_that_room(
    app: Flask, monkeypatch: pytest.MonkeyPatch, kind: Any, source: Any, stays: bool
) -> None:
    server = Server(app.extensions["backtolife.settings"], {})
    event = api.WebhookEvent(
        event="track_published",
        id="EV_1",
        room=api.Room(name="g1"),
        participant=api.ParticipantInfo(identity="s1", sid="PA_1"),
        track=track("TR_1", kind, source),
    )
    monkeypatch.setattr(server, "receive", lambda *_: event)
    monkeypatch.setattr(live(app), "engine", server)
    answer = app.test_client().post("/webhooks/media", data=b"{}", buffered=True)
    assert answer.status_code == 204
    assert server.removed == ([] if stays else [("g1", "s1")])
