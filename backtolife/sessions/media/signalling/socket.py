"""The signal connection: `/rtc/v1` as LiveKit's clients speak it, one WebSocket per client, protobuf inside."""

import base64
import binascii
import time
import zlib

import aiohttp
import structlog
from aiohttp import web
from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from backtolife.errors import BacktolifeError, Conflict, Invalid, NotPermitted
from backtolife.sessions.media.access import turn
from backtolife.sessions.media.access.tokens import Visitor
from backtolife.sessions.media.limits.budget import SIGNALS
from backtolife.sessions.media.rooms.engine import Engine
from backtolife.sessions.media.rooms.outbox import Action, Outbox, Reason, leaving
from backtolife.sessions.media.rooms.participant import MOST_TRACKS, Participant
from backtolife.sessions.media.rooms.room import CODECS, Room
from backtolife.sessions.media.signalling import requests

log = structlog.get_logger()

SERVER = models.ServerInfo(edition=models.ServerInfo.Edition.Standard, version="1.9.0", protocol=16, region="local")
LARGEST_SIGNAL = 1 << 20
LARGEST_JOIN = 1 << 20
CLIENT_PATIENCE = 2
"""How many times our own patience a client should wait for an answer to its pings. A thin link that was just flooded
holds five seconds of packets each way; to begin anew there would take three times as long as to wait. Whose address
changes is found by connectivity checks meanwhile."""
SECOND_CHANCE = 1.0
"""A loop that was starved sees the timeout before the ping that already lies in its buffer: look once more."""
GZIP = 31
OLD_CLIENT = (
    "This server takes clients that use one peer connection: livekit-client 2.17 or newer, without the option "
    "singlePeerConnection: false. Update the client."
)


class Signalling:
    """The HTTP handlers of signalling."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def validate(self, request: web.Request) -> web.Response:
        """Tell a client why its WebSocket was refused."""
        self._admit(request)
        return web.Response(text="success")

    async def refuse_old(self, _request: web.Request) -> web.StreamResponse:
        """Clients that speak two peer connections come here, and read why they are refused."""
        raise NotPermitted(OLD_CLIENT)

    async def validate_old(self, request: web.Request) -> web.StreamResponse:
        """The first clients that speak one peer connection ask here too, with their join request."""
        if "join_request" not in request.query:
            raise NotPermitted(OLD_CLIENT)
        return await self.validate(request)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        visitor = self._admit(request)
        self._engine.count_join(visitor)
        join = read_join(request.query.get("join_request", ""))
        socket = web.WebSocketResponse(max_msg_size=LARGEST_SIGNAL, autoping=True)
        await socket.prepare(request)
        outbox = Outbox(socket)
        room = self._engine.room(visitor.room)
        participant = (
            self._resume(room, visitor, join, outbox) if join.reconnect else self._join(room, visitor, join, outbox)
        )
        if participant is None:
            outbox.send(leaving(Reason.STATE_MISMATCH, Action.RECONNECT))
            outbox.finish()
            await outbox.finished(SECOND_CHANCE)
            return socket
        try:
            await self._listen(socket, participant, outbox)
        finally:
            participant.disconnected(outbox, self._engine.settings.grace)
            outbox.finish()
            await outbox.finished(SECOND_CHANCE)
        return socket

    def _admit(self, request: web.Request) -> Visitor:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        visitor = self._engine.tokens.visitor(request.query.get("access_token") or bearer)
        try:
            self._engine.admit(visitor)
        except Conflict as error:  # clients read why only from 401 and 403
            raise NotPermitted(error.message) from None
        return visitor

    def _join(self, room: Room, visitor: Visitor, join: rtc.JoinRequest, outbox: Outbox) -> Participant:
        participant = room.join(visitor, automatic=join.connection_settings.auto_subscribe)
        if participant.grants.can_update_metadata:
            requests.own_attributes(participant, join.metadata, "", dict(join.participant_attributes))
        participant.connect(outbox)
        settings = self._engine.settings
        outbox.send(
            rtc.SignalResponse(
                join=rtc.JoinResponse(
                    room=room.info(),
                    participant=participant.info(),
                    other_participants=room.others(participant),
                    server_version=SERVER.version,
                    server_info=SERVER,
                    subscriber_primary=False,
                    fast_publish=True,
                    ping_interval=settings.ping_interval,
                    ping_timeout=CLIENT_PATIENCE * settings.ping_timeout,
                    ice_servers=self._relays(participant),
                    enabled_publish_codecs=CODECS,
                )
            )
        )
        room.changed(participant)
        for request in join.add_track_requests[:MOST_TRACKS]:
            attempt(participant, rtc.SignalRequest(add_track=request))
        if join.HasField("publisher_offer"):
            attempt(participant, rtc.SignalRequest(offer=join.publisher_offer))
        room.reconsider(participant)
        return participant

    def _resume(self, room: Room, visitor: Visitor, join: rtc.JoinRequest, outbox: Outbox) -> Participant | None:
        """Take up a session again; None when there is none like it, and the client must join anew."""
        participant = room.participants.get(visitor.identity)
        if participant is None or join.participant_sid not in ("", participant.sid):
            return None
        participant.connect(outbox)
        reconnect = rtc.ReconnectResponse(ice_servers=self._relays(participant), server_info=SERVER)
        outbox.send(rtc.SignalResponse(reconnect=reconnect))
        people = [participant.info(), *room.others(participant)]
        outbox.send(rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=people)))
        if join.HasField("sync_state"):
            attempt(participant, rtc.SignalRequest(sync_state=join.sync_state))
        for part in (participant.negotiation, participant.allocation, participant.sending):
            part.resumed()
        return participant

    def _relays(self, participant: Participant) -> list[rtc.ICEServer]:
        settings = self._engine.settings
        return turn.ice_servers(settings.turn_urls, settings.turn_secret, participant.sid, time.time())

    async def _listen(self, socket: web.WebSocketResponse, participant: Participant, outbox: Outbox) -> None:
        """Take signals until the connection ends, or neither signals nor connectivity checks come for too long.

        On a full link signals wait behind media for seconds: whose checks or media still arrive is not gone.
        """
        patience: float = self._engine.settings.ping_timeout
        while not participant.closed and participant.outbox is outbox:
            try:
                message = await socket.receive(timeout=patience)
            except TimeoutError:
                silent = participant.now() - max(participant.transport.heard, participant.peer.heard)
                if patience == SECOND_CHANCE and silent > self._engine.settings.ping_timeout:
                    return
                patience = SECOND_CHANCE
                continue
            patience = self._engine.settings.ping_timeout
            if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED):
                return
            if participant.budget.allows(SIGNALS, participant.now()) and message.type is aiohttp.WSMsgType.BINARY:
                take(participant, message.data)


def take(participant: Participant, signal: bytes) -> None:
    """Do what an encoded signal asks; what cannot be read is logged."""
    try:
        request = rtc.SignalRequest.FromString(signal)
    except DecodeError as error:
        log.warning("a signal was refused", participant=participant.sid, why=str(error))
    else:
        attempt(participant, request)


def attempt(participant: Participant, request: rtc.SignalRequest) -> None:
    """Do what a signal asks; what cannot be done is logged, whatever it was, and refused in words."""
    try:
        requests.handle(participant, request)
    except BacktolifeError as error:
        log.warning("a signal was refused", participant=participant.sid, why=error.message)
        participant.send(requests.refusal(error, request))
    except Exception:
        log.exception("a signal could not be handled", participant=participant.sid)


def read_join(text: str) -> rtc.JoinRequest:
    """The join request in the address of the WebSocket. Raises Invalid for anything that is none.

    Newer clients write it in the alphabet for addresses, livekit-client 2.17 and the next ones in the common one.
    """
    if not text:
        raise Invalid("The join_request is missing. Use a LiveKit client that speaks /rtc/v1.")
    try:
        plain = text.replace("-", "+").replace("_", "/").rstrip("=")
        packed = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        wrapped = rtc.WrappedJoinRequest.FromString(packed)
        body = wrapped.join_request
        if wrapped.compression == rtc.WrappedJoinRequest.Compression.GZIP:
            unpacker = zlib.decompressobj(GZIP)
            body = unpacker.decompress(body, LARGEST_JOIN)
            if unpacker.unconsumed_tail:
                raise Invalid("The join request is too large.")
        return rtc.JoinRequest.FromString(body)
    except (binascii.Error, ValueError, DecodeError, zlib.error):
        raise Invalid("The join_request cannot be read.") from None
