"""RoomService as `livekit-api` calls it: Twirp, so POST with protobuf to `/twirp/livekit.RoomService/METHOD`."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from aiohttp import web
from google.protobuf.message import DecodeError, Message
from livekit.api.access_token import Claims
from livekit.protocol import models, room, rtc

from backtolife.errors import BacktolifeError, Invalid, NotFound, NotPermitted
from backtolife.sessions.media.access import policy
from backtolife.sessions.media.rooms.engine import Engine
from backtolife.sessions.media.rooms.outbox import Reason
from backtolife.sessions.media.rooms.participant import Participant
from backtolife.sessions.media.rooms.room import Room
from backtolife.sessions.media.signalling import requests

STATUS = {400: "invalid_argument", 403: "permission_denied", 404: "not_found", 409: "resource_exhausted"}
CREATE, LIST, ADMIN = "room_create", "room_list", "room_admin"
REMOVE = "RemoveParticipant"


class Method(NamedTuple):
    """One RoomService method: what it reads, what it needs to be granted, what it does."""

    request: type[Any]
    grant: str
    work: Callable[[Any], Message]


class RoomService:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._methods = {
            "CreateRoom": Method(room.CreateRoomRequest, CREATE, self._create),
            "ListRooms": Method(room.ListRoomsRequest, LIST, self._list),
            "DeleteRoom": Method(room.DeleteRoomRequest, CREATE, self._delete),
            "ListParticipants": Method(room.ListParticipantsRequest, ADMIN, self._participants),
            "GetParticipant": Method(room.RoomParticipantIdentity, ADMIN, self._participant),
            REMOVE: Method(room.RoomParticipantIdentity, ADMIN, self._remove),
            "MutePublishedTrack": Method(room.MuteRoomTrackRequest, ADMIN, self._mute),
            "UpdateParticipant": Method(room.UpdateParticipantRequest, ADMIN, self._update),
            "UpdateSubscriptions": Method(room.UpdateSubscriptionsRequest, ADMIN, self._subscriptions),
            "SendData": Method(room.SendDataRequest, ADMIN, self._send_data),
            "UpdateRoomMetadata": Method(room.UpdateRoomMetadataRequest, ADMIN, self._room_metadata),
        }

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call; errors leave as Twirp's JSON."""
        try:
            bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
            claims, issued, _ = self._engine.tokens.dated(bearer)
        except NotPermitted as error:
            return refusal("unauthenticated", error.message, 401)
        method = self._methods.get(request.match_info["method"])
        if method is None:
            return refusal("bad_route", "This engine has no such method.", 404)
        try:
            asked = method.request.FromString(await request.read())
            permit(claims, method.grant, asked)
            if request.match_info["method"] == REMOVE:
                self._bar(asked, issued)
            answer = method.work(asked)
        except DecodeError:
            return refusal("malformed", "The body is not the protobuf message of this method.", 400)
        except BacktolifeError as error:
            return refusal(STATUS.get(error.status, "internal"), error.message, error.status)
        return web.Response(body=answer.SerializeToString(), content_type="application/protobuf")

    def _room(self, name: str) -> Room:
        found = self._engine.rooms.get(name)
        if found is None:
            raise NotFound("There is no such room at present.")
        return found

    def _person(self, name: str, identity: str) -> Participant:
        found = self._room(name).participants.get(identity)
        if found is None:
            raise NotFound("This participant is not in the room.")
        return found

    def _create(self, asked: room.CreateRoomRequest) -> Message:
        if not asked.name:
            raise Invalid("A room needs a name.", "name")
        found = self._engine.room(asked.name)
        found.metadata = asked.metadata or found.metadata
        found.max_participants = asked.max_participants or found.max_participants
        found.empty_timeout = asked.empty_timeout or found.empty_timeout
        found.departure_timeout = asked.departure_timeout or found.departure_timeout
        return found.info()

    def _list(self, asked: room.ListRoomsRequest) -> Message:
        wanted = set(asked.names)
        rooms = [one.info() for one in self._engine.rooms.values() if not wanted or one.name in wanted]
        return room.ListRoomsResponse(rooms=rooms)

    def _delete(self, asked: room.DeleteRoomRequest) -> Message:
        self._engine.finish(self._room(asked.room), Reason.ROOM_DELETED)
        return room.DeleteRoomResponse()

    def _participants(self, asked: room.ListParticipantsRequest) -> Message:
        found = self._engine.rooms.get(asked.room)
        people = [one.info() for one in found.participants.values()] if found is not None else []
        return room.ListParticipantsResponse(participants=people)

    def _participant(self, asked: room.RoomParticipantIdentity) -> Message:
        return self._person(asked.room, asked.identity).info()

    def _bar(self, asked: room.RoomParticipantIdentity, called: int) -> None:
        """Also who is not here just now, or whose room is over, has no token any more.

        The caller makes the tokens: what its clock says (`called`) counts where it is ahead of ours.
        """
        self._engine.removals.add(asked.room, asked.identity, max(called, int(time.time())))

    def _remove(self, asked: room.RoomParticipantIdentity) -> Message:
        person = self._person(asked.room, asked.identity)
        person.room.remove(person)
        return room.RemoveParticipantResponse()

    def _mute(self, asked: room.MuteRoomTrackRequest) -> Message:
        person = self._person(asked.room, asked.identity)
        publication = person.mute(asked.track_sid, asked.muted)
        if publication is None:
            raise NotFound("This participant has no such track.")
        person.send(rtc.SignalResponse(mute=rtc.MuteTrackRequest(sid=asked.track_sid, muted=asked.muted)))
        person.room.changed(person)
        return room.MuteRoomTrackResponse(track=publication.info)

    def _update(self, asked: room.UpdateParticipantRequest) -> Message:
        person = self._person(asked.room, asked.identity)
        person.metadata = asked.metadata or person.metadata
        person.name = asked.name or person.name
        person.set_attributes(dict(asked.attributes))
        if asked.HasField("permission"):
            person.set_grants(policy.changed(person.grants, asked.permission))
        person.room.changed(person)
        person.room.refresh_token(person)
        return person.info()

    def _subscriptions(self, asked: room.UpdateSubscriptionsRequest) -> Message:
        person = self._person(asked.room, asked.identity)
        sids = [*asked.track_sids, *(sid for item in asked.participant_tracks for sid in item.track_sids)]
        requests.subscribe(person, sids, wanted=asked.subscribe)
        return room.UpdateSubscriptionsResponse()

    def _send_data(self, asked: room.SendDataRequest) -> Message:
        user = models.UserPacket(payload=asked.data, topic=asked.topic if asked.HasField("topic") else None)
        packet = models.DataPacket(kind=asked.kind, user=user, destination_identities=asked.destination_identities)
        found = self._room(asked.room)
        found.data.from_server(packet, set(asked.destination_identities), set(asked.destination_sids))
        return room.SendDataResponse()

    def _room_metadata(self, asked: room.UpdateRoomMetadataRequest) -> Message:
        found = self._room(asked.room)
        found.metadata = asked.metadata
        update = rtc.SignalResponse(room_update=rtc.RoomUpdate(room=found.info()))
        found.broadcast(update.SerializeToString())
        return found.info()


def permit(claims: Claims, grant: str, asked: Any) -> None:
    """Raises NotPermitted when the caller's token does not grant this, or grants it for another room."""
    video = claims.video
    granted = video is not None and bool(getattr(video, grant))
    if not granted or (grant == ADMIN and video is not None and video.room != asked.room):
        raise NotPermitted(f"The token does not grant {grant} here.")


def refusal(code: str, message: str, status: int) -> web.Response:
    return web.json_response({"code": code, "msg": message}, status=status)
