"""Everything we touch inside aiortc and pylibsrtp that is not theirs to promise, in one file, checked at the start.

The engine goes below RTCPeerConnection: it needs the SRTP sessions that a DTLS transport made, and the C function
that protects a packet without copying it twice. An upgrade of either package is a change of this file or of nothing.
"""

import contextlib
from collections.abc import Callable
from importlib.metadata import version
from typing import NewType

import pylibsrtp
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from pylibsrtp import _binding

from backtolife.errors import Invalid

NEEDED = {"aiortc": "1.16.0", "pylibsrtp": "1.0.0"}

Context = NewType("Context", object)
"""The libsrtp handle of a session: its keys, and what was seen of its streams."""

Session = pylibsrtp.Session

ffi = _binding.ffi
_lib = _binding.lib
srtp_protect: Callable[[Context | None, object, object], int] = _lib.srtp_protect
"""srtp_protect(context, bytes, length pointer): zero when the packet was encrypted in place."""
_unprotect: Callable[[Context, object, object], int] = _lib.srtp_unprotect

SrtpError: type[Exception] = pylibsrtp.Error

LARGEST = 2048
_scratch = ffi.new(f"unsigned char[{LARGEST}]")
_scratch_view = ffi.buffer(_scratch)
_scratch_length = ffi.new("int *")


def check() -> None:
    """Try each private thing once. Raises Invalid naming the versions that are needed."""
    try:
        key = bytes(30)
        sender = pylibsrtp.Session(pylibsrtp.Policy(key=key, ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND))
        receiver = pylibsrtp.Session(pylibsrtp.Policy(key=key, ssrc_type=pylibsrtp.Policy.SSRC_ANY_INBOUND))
        packet = bytes([0x80, 96, 0, 1]) + bytes(12)
        sealed = sender.protect(packet)
        works = unprotect(context(receiver), sealed) == packet
        for name in ("_set_role", "_setup_srtp"):
            works = works and hasattr(RTCDtlsTransport, name)
    except (AttributeError, TypeError, pylibsrtp.Error):
        works = False
    if not works:
        found = ", ".join(f"{name} {version(name)} (needed {needed})" for name, needed in NEEDED.items())
        raise Invalid(f"The media engine does not fit the installed packages: {found}. Install the needed versions.")


def context(session: pylibsrtp.Session) -> Context:
    """The libsrtp handle of a session. The session must outlive every use of it."""
    return Context(session._srtp[0])


def unprotect(handle: Context, packet: bytes) -> bytes | None:
    """The clear RTP packet, or None when it is forged, replayed or damaged."""
    size = len(packet)
    if size > LARGEST:
        return None
    _scratch_view[0:size] = packet
    _scratch_length[0] = size
    if _unprotect(handle, _scratch, _scratch_length):
        return None
    clear: bytes = _scratch_view[0 : _scratch_length[0]]
    return clear


def protect_address() -> int:
    """Where the C function srtp_protect lies, for our compiled loop."""
    return int(ffi.cast("uintptr_t", ffi.addressof(_lib, "srtp_protect")))


def unprotect_address() -> int:
    """Where the C function srtp_unprotect lies."""
    return int(ffi.cast("uintptr_t", ffi.addressof(_lib, "srtp_unprotect")))


def context_address(handle: Context) -> int:
    """The libsrtp handle as a number, for our compiled loop."""
    return int(ffi.cast("uintptr_t", handle))


def forget_stream(session: pylibsrtp.Session, ssrc: int) -> None:
    """Drop the keys of a stream that is over: libsrtp keeps one set for each, and looks through all for each packet."""
    with contextlib.suppress(pylibsrtp.Error):
        session.remove_stream(ssrc)


def take_role(dtls: RTCDtlsTransport, role: str) -> None:
    """Make the transport the DTLS `client` or `server`, as the answer promised."""
    dtls._set_role(role)


def srtp_sessions(dtls: RTCDtlsTransport) -> tuple[pylibsrtp.Session, pylibsrtp.Session]:
    """The sessions of a connected transport: (receiving, sending)."""
    return dtls._rx_srtp, dtls._tx_srtp


def fingerprint(certificate: RTCCertificate) -> str:
    """The SHA-256 fingerprint for the SDP answer."""
    return next(item.value for item in certificate.getFingerprints() if item.algorithm == "sha-256")
