"""Data packets between the people of a room, over the channels their clients opened.

Nothing of a reliable stream is lost where receivers keep up: a sender who fills somebody's buffer is slowed down.
"""

from collections.abc import Callable, Iterable

from aiortc import RTCDataChannel
from google.protobuf.message import DecodeError
from livekit.protocol import models

from backtolife.sessions.media.limits.budget import DATA
from backtolife.sessions.media.rooms.ports import MemberPort

RELIABLE, LOSSY = "_reliable", "_lossy"
LONGEST = 65536
MOST_BUFFERED = 1 << 20
"""Bytes waiting for a slow client; more packets for it are dropped."""
CROWDED, EASED = 1 << 18, 1 << 17
"""Bytes waiting for a client from which on its sender is slowed down, and those at which it may go on."""
SLOWLY = 0.1
"""Seconds between two datagrams of a sender who is slowed down: enough for it to stay connected."""
PATIENCE, LEAST_EASED = 3.0, 24_000
"""Bytes that a crowded client must take within so many seconds, or its senders wait for it no longer."""
PACKET = 1150
"""Bytes of a message that go in one datagram."""


class Crowd:
    """A channel in which too much waits, as it was when last looked at."""

    def __init__(self, channel: RTCDataChannel, now: float) -> None:
        self.channel, self._waiting, self._since = channel, channel.bufferedAmount, now
        self.given_up = False

    def look(self, now: float) -> bool:
        """Whether its senders should wait."""
        if now - self._since > PATIENCE:
            self.given_up = self._waiting - self.channel.bufferedAmount < LEAST_EASED
            self._waiting, self._since = self.channel.bufferedAmount, now
        return not self.given_up

    def over(self) -> bool:
        return self.channel.readyState != "open" or self.channel.bufferedAmount < EASED


class Relay:
    """Passes each packet on to those it is for, stamped with who sent it."""

    def __init__(self, members: Callable[[], Iterable[MemberPort]]) -> None:
        self._members = members
        self._crowds: dict[str, Crowd] = {}
        """By the receiver's sid."""
        self._slowed: set[str] = set()
        """The sids of those who sent to a crowded receiver."""

    def open(self, participant: MemberPort, channel: RTCDataChannel) -> None:
        """Use a channel that a client opened. Channels of other names are left alone."""
        if channel.label not in (RELIABLE, LOSSY):
            return
        participant.channels[channel.label] = channel

        def received(data: str | bytes) -> None:
            if isinstance(data, bytes) and len(data) <= LONGEST and participant.grants.can_publish_data:
                self._pass_on(participant, channel.label, data)

        channel.on("message", received)

    def wait(self, sender: MemberPort, now: float) -> float:
        """Seconds that this sender's next datagram has to wait for others to catch up."""
        if sender.sid not in self._slowed:
            return 0.0
        self._crowds = {sid: crowd for sid, crowd in self._crowds.items() if not crowd.over()}
        if any(crowd.look(now) for crowd in self._crowds.values()):
            return SLOWLY
        self._slowed.discard(sender.sid)
        return 0.0

    def _pass_on(self, sender: MemberPort, label: str, data: bytes) -> None:
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
        self._send(packet, label, wanted, sids, by=sender)

    def from_server(self, packet: models.DataPacket, identities: set[str], sids: set[str]) -> None:
        """Send a packet that RoomService was given."""
        label = RELIABLE if packet.kind == models.DataPacket.Kind.RELIABLE else LOSSY
        self._send(packet, label, identities, sids, by=None)

    def _send(
        self, packet: models.DataPacket, label: str, identities: set[str], sids: set[str], *, by: MemberPort | None
    ) -> None:
        encoded = packet.SerializeToString()
        for receiver in self._members():
            channel = receiver.channels.get(label)
            if receiver is by or channel is None or channel.readyState != "open":
                continue
            named = receiver.identity in identities or receiver.sid in sids
            if (named or not (identities or sids)) and channel.bufferedAmount < MOST_BUFFERED:
                channel.send(encoded)
                if by is not None:
                    self._sent(by, receiver, channel, len(encoded))

    def _sent(self, sender: MemberPort, receiver: MemberPort, channel: RTCDataChannel, size: int) -> None:
        """Note what this cost, and who has to wait for whom."""
        sender.budget.spend(DATA, 1 + size // PACKET)
        if channel.label != RELIABLE:
            return
        known = self._crowds.get(receiver.sid)
        if known is not None and known.over():
            del self._crowds[receiver.sid]  # it caught up: should it fall behind again, its senders wait for it again
        if channel.bufferedAmount > CROWDED:
            crowd = self._crowds.setdefault(receiver.sid, Crowd(channel, sender.now()))
            if not crowd.given_up:
                self._slowed.add(sender.sid)
