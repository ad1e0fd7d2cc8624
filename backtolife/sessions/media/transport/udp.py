"""One UDP socket for everyone: STUN tells who an address belongs to, then packets go by address.

ICE-lite: clients check, we answer. An address is believed only after a check signed with our password. A client
whose network changes sends a check from its new address, and its media follows at once.
"""

import asyncio
import contextlib
import ipaddress
import socket
from typing import Protocol

from backtolife.errors import Conflict, Invalid
from backtolife.sessions.media.datapath.intake_python import Intake
from backtolife.sessions.media.datapath.ports import IntakePort, SourcePort
from backtolife.sessions.media.packets import stun
from backtolife.sessions.media.packets.rtp import Extensions

BUFFER = 4 << 20
FORCED_RECEIVE_BUFFER, FORCED_SEND_BUFFER = 33, 32
"""SO_RCVBUFFORCE and SO_SNDBUFFORCE of Linux: larger than the system's limit where we may."""
FIRST_PRIORITY = 2130706431
MOST_SPARE = 8
"""Addresses of one client besides the one it uses: its networks, as its relays show them."""

Address = stun.Address


def widen(endpoint: socket.socket) -> None:
    """Let as much wait at both ends of the socket as the system lets us."""
    for forced, allowed in ((FORCED_RECEIVE_BUFFER, socket.SO_RCVBUF), (FORCED_SEND_BUFFER, socket.SO_SNDBUF)):
        try:
            endpoint.setsockopt(socket.SOL_SOCKET, forced, BUFFER)
        except OSError:
            endpoint.setsockopt(socket.SOL_SOCKET, allowed, BUFFER)


class Peer(Protocol):
    """What a transport must offer the socket."""

    passwords: dict[str, str]
    source: SourcePort
    address: Address | None

    def may_check(self, now: float) -> bool: ...
    def checked(self, address: Address, fragment: str, *, nominated: bool) -> None: ...
    def received_media(self, datagram: bytes, now: float, clear: Extensions | None) -> None: ...
    def received_dtls(self, datagram: bytes) -> None: ...


class Socket:
    """The engine's one datagram socket, and who is behind which address."""

    def __init__(self, address: str, port: int, advertised: tuple[str, ...]) -> None:
        """Bind `address` (`::` for IPv4 too); clients are told `advertised`. Raises Conflict when it is taken."""
        family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        if family == socket.AF_INET6:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address != "::")
        widen(self._socket)
        try:
            self._socket.bind((address, port))
        except OSError as error:
            self._socket.close()
            raise Conflict(f"UDP port {port} on {address} cannot be used: {error.strerror}. Choose another.") from None
        self.port: int = self._socket.getsockname()[1]
        self.descriptor = self._socket.fileno()
        self.sendto = self._socket.sendto
        self.candidates = tuple(
            f"a=candidate:{number} 1 udp {FIRST_PRIORITY - number} {host} {self.port} typ host"
            for number, host in enumerate(advertised, start=1)
        )
        self._by_address: dict[Address, Peer] = {}
        self._by_fragment: dict[str, Peer] = {}
        self._changed: set[Address] = set()
        """Addresses that went from one peer to another while this batch was read."""
        self.refused = 0
        """Datagrams that were nobody's or made no sense."""
        self.intake: IntakePort = Intake(self._socket)
        self._time = asyncio.get_running_loop().time
        asyncio.get_running_loop().add_reader(self.descriptor, self._readable)

    def expect(self, fragment: str, peer: Peer) -> None:
        """Checks for this user name fragment belong to `peer` from now on."""
        self._by_fragment[fragment] = peer

    def disown(self, fragment: str) -> None:
        """Checks for this fragment are nobody's any more."""
        self._by_fragment.pop(fragment, None)

    def forget(self, peer: Peer) -> None:
        for fragment in [key for key, value in self._by_fragment.items() if value is peer]:
            del self._by_fragment[fragment]
        for address in [key for key, value in self._by_address.items() if value is peer]:
            del self._by_address[address]
        self.intake.forget(peer.source)

    def send(self, datagram: bytes, address: Address) -> None:
        """Send now or not at all: a full socket buffer loses packets as a network does."""
        with contextlib.suppress(OSError):
            self.sendto(datagram, address)

    @property
    def is_open(self) -> bool:
        return self._socket.fileno() >= 0

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.descriptor)
        self._socket.close()

    def _readable(self) -> None:
        known, now = self._by_address, self._time()
        self._changed.clear()
        for datagram, address, clear in self.intake.take():
            if not datagram:
                continue
            first, peer = datagram[0], known.get(address)
            if peer is not None and not peer.source.admits():
                continue
            if first < 2:
                self._check(datagram, address, now)
            elif peer is None or (clear is not None and address in self._changed):
                self.refused += 1
            elif 127 < first < 192:
                peer.received_media(datagram, now, clear)
            elif 19 < first < 64:
                peer.received_dtls(datagram)

    def _check(self, datagram: bytes, address: Address, now: float) -> None:
        try:
            request = stun.parse_request(datagram)
        except Invalid:
            self.refused += 1
            return
        fragment = request.fragment
        peer = self._by_fragment.get(fragment)
        if peer is None or not request.is_signed_with(peer.passwords[fragment]):
            self.refused += 1
            return
        if self._by_address.get(address) is peer:
            peer.source.proved()
        if not peer.may_check(now):
            return
        self.send(stun.success(request.transaction, address, peer.passwords[fragment]), address)
        if self._by_address.get(address) is not peer:
            self._give(address, peer)
        self.intake.remember(address, peer.source)
        peer.checked(address, fragment, nominated=request.nominated)

    def _give(self, address: Address, peer: Peer) -> None:
        """The address is this peer's now, in place of the oldest one of too many that it does not use."""
        if address in self._by_address:
            self._changed.add(address)
        self._by_address[address] = peer
        spare = [key for key, value in self._by_address.items() if value is peer and key not in (address, peer.address)]
        if len(spare) > MOST_SPARE:
            del self._by_address[spare[0]]
