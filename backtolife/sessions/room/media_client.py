"""The only file that talks to the media engine: tokens for browsers, and RoomService for who may send what.

Every call ends within `PATIENCE_SECONDS` or raises MediaAway; callers hold no database transaction meanwhile. A person
who is not connected is no fault: their next token, or the webhook of their joining, brings them what holds then.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta

import aiohttp
from livekit import api
from livekit.api.twirp_client import ServerError

from backtolife.config import Settings
from backtolife.errors import BacktolifeError
from backtolife.sessions.media.limits import echoes
from backtolife.sessions.room import private_cameras
from backtolife.sessions.state.rules import Publishing

PATIENCE_SECONDS = 2.0
TOKEN_LIFE = timedelta(seconds=60)
SOURCES = {
    "camera": api.TrackSource.CAMERA,
    "microphone": api.TrackSource.MICROPHONE,
    "screen_share": api.TrackSource.SCREEN_SHARE,
    "screen_share_audio": api.TrackSource.SCREEN_SHARE_AUDIO,
}
PICTURES = frozenset({SOURCES["camera"], SOURCES["screen_share"]})
Call = Callable[[api.LiveKitAPI], Awaitable[None]]


class MediaAway(BacktolifeError):
    """Sound and picture cannot be reached at present; everything else in the room goes on."""

    status = 503

    def __init__(self) -> None:
        super().__init__("We cannot reach sound and picture just now. The rest works. We keep trying.")


class MediaEngine:
    """The media engine named in the settings; a room is the group session's id, or that of a small group in it."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.media_api_url
        self._key, self._secret = settings.media_api_key, settings.media_api_secret
        self.two_rooms = settings.media_engine == "livekit"
        """Whether private cameras go into a room of their own, as on a LiveKit server."""

    def tokens(
        self, *, room: str, seat: str, name: str, may: Publishing, seats: Iterable[str] = ()
    ) -> dict[str, str | dict[str, str]]:
        """With what one browser joins as one seat, within the next 60 seconds.

        `token` is for the group's room. `staff_cameras` is for the room of private cameras, where there is one and the
        seat belongs in it; `names` are the names there, of all `seats` for a facilitator, of their own for a patient.
        """
        if not self.two_rooms:
            return {"token": self._token(room, seat, name, may)}
        tokens: dict[str, str | dict[str, str]] = {
            "token": self._token(room, seat, name, private_cameras.in_group(may))
        }
        beside = private_cameras.in_staff_room(may)
        if beside is not None:
            receives = private_cameras.may_receive(may)
            names = self.names_beside(room, {seat, *seats} if receives else {seat})
            there = private_cameras.beside(room)
            tokens |= {"staff_cameras": self._token(there, names[seat], "", beside, can_subscribe=receives)}
            tokens |= {"names": names}
        return tokens

    def check_token(self) -> str:
        """For a room with nobody else in it, where nothing is sent or received: only to see that there is a way."""
        name = f"check-{secrets.token_hex(12)}"
        grants = api.VideoGrants(
            room_join=True, room=name, can_publish=False, can_subscribe=False, can_publish_data=False
        )
        token = api.AccessToken(self._key, self._secret).with_identity(name).with_grants(grants)
        return token.with_ttl(TOKEN_LIFE).to_jwt()

    def echo_tokens(self) -> dict[str, str]:
        """For a room of their own: with `speak` a page sends picture and sound there, with `listen` they come back."""
        room = f"{echoes.PREFIX}{secrets.token_hex(12)}"
        sends = api.VideoGrants(
            room_join=True,
            room=room,
            can_publish=True,
            can_publish_sources=["camera", "microphone"],
            can_subscribe=False,
            can_publish_data=False,
        )
        receives = api.VideoGrants(
            room_join=True, room=room, can_publish=False, can_subscribe=True, can_publish_data=False
        )
        return {
            name: api.AccessToken(self._key, self._secret)
            .with_identity(f"{room}-{name}")
            .with_grants(grants)
            .with_ttl(TOKEN_LIFE)
            .to_jwt()
            for name, grants in (("speak", sends), ("listen", receives))
        }

    def has_room_for_echo(self, now: datetime) -> bool:
        """Whether one more may try camera and sound. Raises MediaAway unless the engine answers.

        Ours ends such rooms by itself; on a LiveKit server those that are overdue are ended here.
        """
        running: list[str] = []

        async def work(service: api.LiveKitAPI) -> None:
            rooms = (await service.room.list_rooms(api.ListRoomsRequest())).rooms
            ages = {each.name: now.timestamp() - each.creation_time for each in rooms}
            overdue = {name for name, age in ages.items() if echoes.is_over(name, age=age, level=0)}
            await together(service.room.delete_room(api.DeleteRoomRequest(room=name)) for name in sorted(overdue))
            running.extend(ages.keys() - overdue)

        self._run(work)
        return echoes.another(running)

    def names_beside(self, room: str, seats: Iterable[str]) -> dict[str, str]:
        """By seat, the names in the room of private cameras."""
        return {seat: private_cameras.name_beside(room, seat, self._secret) for seat in seats}

    def _token(self, room: str, seat: str, name: str, may: Publishing, *, can_subscribe: bool = True) -> str:
        grants = api.VideoGrants(
            room_join=True,
            room=room,
            can_publish=bool(may.sources),
            can_publish_sources=list(may.sources),
            can_subscribe=can_subscribe,
            can_publish_data=False,
        )
        token = api.AccessToken(self._key, self._secret).with_identity(seat).with_name(name).with_grants(grants)
        return token.with_attributes(self._attributes(may)).with_ttl(TOKEN_LIFE).to_jwt()

    def _attributes(self, may: Publishing) -> dict[str, str]:
        """What the engine is told beside the grants. A LiveKit server tells it to everybody, so not who is private."""
        return {} if self.two_rooms else {"role": may.role.value, "camera_to": may.camera_to}

    def settle(self, room: str, seats: Mapping[str, Publishing]) -> None:
        """Let each seat send what it may now and nothing else; tracks it may not send any more end at once."""

        group = private_cameras.in_group if self.two_rooms else None
        requests = [
            update(room, seat, group(may) if group else may, self._attributes(may)) for seat, may in seats.items()
        ]
        not_beside = [seat for seat, may in seats.items() if self.two_rooms and not private_cameras.in_staff_room(may)]

        async def work(service: api.LiveKitAPI) -> None:
            await together(
                [
                    *(service.room.update_participant(request) for request in requests),
                    *(removal(service, each, name) for each, name in self._beside(room, not_beside)),
                ]
            )

        self._run(work)

    def mute(self, room: str, seats: Iterable[str]) -> None:
        """Stop the sound of these seats, wherever it says it comes from, until they turn it on again."""
        wanted = list(seats)
        everywhere = {room: set(wanted)}
        for beside, name in self._beside(room, wanted):
            everywhere.setdefault(beside, set()).add(name)

        async def work(service: api.LiveKitAPI) -> None:
            asked = [service.room.list_participants(api.ListParticipantsRequest(room=each)) for each in everywhere]
            requests = [
                api.MuteRoomTrackRequest(room=each, identity=person.identity, track_sid=track.sid, muted=True)
                for each, found in zip(everywhere, await asyncio.gather(*asked), strict=True)
                for person in found.participants
                if person.identity in everywhere[each]
                for track in person.tracks
                if track.type == api.TrackType.AUDIO
            ]
            await together(service.room.mute_published_track(request) for request in requests)

        self._run(work)

    def remove(self, room: str, seats: Iterable[str]) -> None:
        """Cut these seats off; tokens they were given before stop working."""
        wanted = list(seats)
        everywhere = [*((room, seat) for seat in wanted), *self._beside(room, wanted)]

        async def work(service: api.LiveKitAPI) -> None:
            await together(removal(service, each, name) for each, name in everywhere)

        self._run(work)

    def put_out(self, room: str, identity: str) -> None:
        """Cut off whoever goes by this name in this one room, as the engine told of them."""

        async def work(service: api.LiveKitAPI) -> None:
            await together([removal(service, room, identity)])

        self._run(work)

    def close(self, *rooms: str) -> None:
        """End sound and picture for everyone in these rooms."""
        named = [each for room in rooms for each in self._rooms(room)]

        async def work(service: api.LiveKitAPI) -> None:
            await together(service.room.delete_room(api.DeleteRoomRequest(room=each)) for each in named)

        self._run(work)

    def _beside(self, room: str, seats: Iterable[str]) -> list[tuple[str, str]]:
        """Room and name of these seats beside the group, where there is such a room."""
        names = self.names_beside(room, seats) if self.two_rooms else {}
        return [(private_cameras.beside(room), name) for name in names.values()]

    def _rooms(self, room: str) -> list[str]:
        return [room, private_cameras.beside(room)] if self.two_rooms else [room]

    def receive(self, body: str, authorisation: str) -> api.WebhookEvent:
        """A webhook of the engine, checked against its signature. Raises ValueError for one that is not ours."""
        try:
            return api.WebhookReceiver(api.TokenVerifier(self._key, self._secret)).receive(body, authorisation)
        except Exception as error:  # the library raises plain Exception for a digest that does not fit
            raise ValueError("not signed by our media engine") from error

    def _run(self, call: Call) -> None:
        async def whole() -> None:
            timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
            async with aiohttp.ClientSession(timeout=timeout) as session:
                service = api.LiveKitAPI(self._url, self._key, self._secret, session=session, failover=False)
                await call(service)

        try:
            asyncio.run(whole())
        except (aiohttp.ClientError, TimeoutError, OSError, ServerError) as error:
            raise MediaAway from error


def update(room: str, seat: str, may: Publishing, attributes: dict[str, str]) -> api.UpdateParticipantRequest:
    permission = api.ParticipantPermission(
        can_subscribe=True,
        can_publish=bool(may.sources),
        can_publish_sources=[SOURCES[name] for name in may.sources],
        can_publish_data=False,
    )
    return api.UpdateParticipantRequest(room=room, identity=seat, permission=permission, attributes=attributes)


def misnamed(track: api.TrackInfo) -> bool:
    """Whether sound goes by the name of a picture, or a picture by that of sound, or either by none.

    A LiveKit server holds people to the names alone: under a camera's, sound would go on in a section without sound.
    """
    if track.type == api.TrackType.AUDIO:
        return track.source not in (SOURCES["microphone"], SOURCES["screen_share_audio"])
    return track.source not in PICTURES


def removal(service: api.LiveKitAPI, room: str, seat: str) -> Awaitable[object]:
    return service.room.remove_participant(api.RoomParticipantIdentity(room=room, identity=seat))


async def together(calls: Iterable[Awaitable[object]]) -> None:
    """Make the calls side by side; somebody who is not connected is passed over."""
    for outcome in await asyncio.gather(*calls, return_exceptions=True):
        if isinstance(outcome, ServerError) and outcome.code == "not_found":
            continue
        if isinstance(outcome, BaseException):
            raise outcome
