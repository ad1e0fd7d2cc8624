"""STUN binding requests and their answers (RFC 8489), as much as an ICE-lite server needs."""

import hashlib
import hmac
import ipaddress
import struct
import zlib
from dataclasses import dataclass

from backtolife.errors import Invalid

HEADER = struct.Struct("!HHI12s")
ATTRIBUTE = struct.Struct("!HH")
MAGIC = 0x2112A442
BINDING_REQUEST, BINDING_RESPONSE = 0x0001, 0x0101
USERNAME, MESSAGE_INTEGRITY, XOR_MAPPED_ADDRESS, FINGERPRINT = 0x0006, 0x0008, 0x0020, 0x8028
PRIORITY, USE_CANDIDATE, ICE_CONTROLLING = 0x0024, 0x0025, 0x802A
INTEGRITY_LENGTH, FINGERPRINT_LENGTH = 24, 8
HOST_PRIORITY = (2130706431).to_bytes(4, "big")
FINGERPRINT_MASK = 0x5354554E

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """A connectivity check, not yet believed: call `is_signed_with` first."""

    transaction: bytes
    username: str
    nominated: bool
    signed: bytes
    """The bytes that MESSAGE-INTEGRITY covers, with the length field as it was when signing."""
    signature: bytes

    @property
    def fragment(self) -> str:
        """The receiver's ICE user name fragment: what stands before the colon."""
        return self.username.partition(":")[0]

    def is_signed_with(self, password: str) -> bool:
        return hmac.compare_digest(_integrity(self.signed, password), self.signature)


def parse_request(data: bytes) -> BindingRequest:
    """Read a binding request. Raises Invalid for anything else, whatever the bytes."""
    if len(data) < HEADER.size:
        raise Invalid("A STUN message is at least 20 bytes.")
    kind, length, magic, transaction = HEADER.unpack_from(data)
    if kind != BINDING_REQUEST or magic != MAGIC or length % 4 or length != len(data) - HEADER.size:
        raise Invalid("This is not a STUN binding request.")
    username, signature, signed, nominated = "", b"", b"", False
    position = HEADER.size
    while position + 4 <= len(data):
        attribute, size = ATTRIBUTE.unpack_from(data, position)
        start, end = position + 4, position + 4 + size
        if end > len(data):
            raise Invalid("A STUN attribute runs past the end of the message.")
        if attribute == USERNAME:
            username = data[start:end].decode("utf-8", "replace")
        elif attribute == USE_CANDIDATE:
            nominated = True
        elif attribute == MESSAGE_INTEGRITY:
            covered = struct.pack("!H", position + INTEGRITY_LENGTH - HEADER.size)
            signed, signature = data[:2] + covered + data[4:position], data[start:end]
            break
        position = end + (-size % 4)
    if not username or len(signature) != hashlib.sha1().digest_size:  # noqa: S324 - the algorithm STUN prescribes
        raise Invalid("A connectivity check needs USERNAME and MESSAGE-INTEGRITY.")
    return BindingRequest(transaction, username, nominated, signed, signature)


def success(transaction: bytes, mapped: Address, password: str) -> bytes:
    """The answer to a request that came from address `mapped`, signed with our own `password`."""
    body = _attribute(XOR_MAPPED_ADDRESS, _xor_address(mapped, transaction))
    return _sealed(BINDING_RESPONSE, transaction, body, password)


def request(transaction: bytes, username: str, password: str, *, nominate: bool) -> bytes:
    """A connectivity check, for the load generator and the tests."""
    body = _attribute(USERNAME, username.encode()) + _attribute(PRIORITY, HOST_PRIORITY)
    body += _attribute(ICE_CONTROLLING, transaction[:8]) + (_attribute(USE_CANDIDATE, b"") if nominate else b"")
    return _sealed(BINDING_REQUEST, transaction, body, password)


def _sealed(kind: int, transaction: bytes, body: bytes, password: str) -> bytes:
    """The message with its signature and check sum; each covers a length that already counts it."""
    unsigned = HEADER.pack(kind, len(body) + INTEGRITY_LENGTH, MAGIC, transaction) + body
    body += _attribute(MESSAGE_INTEGRITY, _integrity(unsigned, password))
    unchecked = HEADER.pack(kind, len(body) + FINGERPRINT_LENGTH, MAGIC, transaction) + body
    return unchecked + _attribute(FINGERPRINT, struct.pack("!I", zlib.crc32(unchecked) ^ FINGERPRINT_MASK))


def _integrity(signed: bytes, password: str) -> bytes:
    return hmac.digest(password.encode(), signed, "sha1")


def _attribute(kind: int, value: bytes) -> bytes:
    return ATTRIBUTE.pack(kind, len(value)) + value + bytes(-len(value) % 4)


def _xor_address(address: Address, transaction: bytes) -> bytes:
    ip = ipaddress.ip_address(address[0].partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    mask = MAGIC.to_bytes(4, "big") + transaction
    family = 1 if ip.version == 4 else 2
    masked = bytes(a ^ b for a, b in zip(ip.packed, mask, strict=False))
    return struct.pack("!xBH", family, address[1] ^ (MAGIC >> 16)) + masked
