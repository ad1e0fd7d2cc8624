"""Data packets between the people of a room, over the channels their clients opened."""

from typing import TYPE_CHECKING

from aiortc import RTCDataChannel
from google.protobuf.message import DecodeError
from livekit.protocol import models

if TYPE_CHECKING:
    from backtolife.sessions.media.participant import Participant
    from backtolife.sessions.media.room import Room

RELIABLE, LOSSY = "_reliable", "_lossy"
LONGEST = 65536
MOST_BUFFERED = 1 << 20
"""Bytes waiting for a slow client; more packets for it are dropped."""


class Relay:
    """Passes each packet on to those it is for, stamped with who sent it."""

    def __init__(self, room: "Room") -> None:
        self._room = room

    def open(self, participant: "Participant", channel: RTCDataChannel) -> None:
        """Use a channel that a client opened. Channels of other names are left alone."""
        if channel.label not in (RELIABLE, LOSSY):
            return
        participant.channels[channel.label] = channel

        def received(data: str | bytes) -> None:
            if isinstance(data, bytes) and len(data) <= LONGEST and participant.grants.can_publish_data:
                self._pass_on(participant, channel.label, data)

        channel.on("message", received)

    def _pass_on(self, sender: "Participant", label: str, data: bytes) -> None:
        try:
            packet = models.DataPacket.FromString(data)
        except DecodeError:
            return
        packet.participant_sid, packet.participant_identity = sender.sid, sender.identity
        wanted = set(packet.destination_identities)
        sids: set[str] = set()
        if packet.HasField("user"):
            packet.user.participant_sid, packet.user.participant_identity = sender.sid, sender.identity
            wanted |= set(packet.user.destination_identities)
            sids = set(packet.user.destination_sids)
        self._send(packet, label, wanted, sids, but=sender)

    def from_server(self, packet: models.DataPacket, identities: set[str], sids: set[str]) -> None:
        """Send a packet that RoomService was given."""
        label = RELIABLE if packet.kind == models.DataPacket.Kind.RELIABLE else LOSSY
        self._send(packet, label, identities, sids, but=None)

    def _send(
        self, packet: models.DataPacket, label: str, identities: set[str], sids: set[str], *, but: "Participant | None"
    ) -> None:
        encoded = packet.SerializeToString()
        for receiver in self._room.participants.values():
            channel = receiver.channels.get(label)
            if receiver is but or channel is None or channel.readyState != "open":
                continue
            named = receiver.identity in identities or receiver.sid in sids
            if (named or not (identities or sids)) and channel.bufferedAmount < MOST_BUFFERED:
                channel.send(encoded)
