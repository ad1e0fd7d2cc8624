"""Connectivity checks, against aioice as the other side."""

import pytest
from aioice import stun as reference

from backtolife.errors import Invalid
from backtolife.sessions.media.packets import stun

TRANSACTION = b"abcdefghijkl"


def test_a_check_of_another_implementation_is_read_and_believed() -> None:
    message = reference.Message(reference.Method.BINDING, reference.Class.REQUEST, TRANSACTION)
    message.attributes["USERNAME"] = "ours:theirs"
    message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(b"password")
    message.add_fingerprint()
    request = stun.parse_request(bytes(message))
    assert (request.fragment, request.nominated, request.transaction) == ("ours", True, TRANSACTION)
    assert request.is_signed_with("password")
    assert not request.is_signed_with("another")


@pytest.mark.parametrize("address", [("192.0.2.7", 50000), ("2001:db8::7", 443)])
def test_our_answer_is_read_by_another_implementation(address: tuple[str, int]) -> None:
    answer = reference.parse_message(stun.success(TRANSACTION, address, "password"))
    assert answer.check_message_integrity(b"password")
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == address
    assert answer.message_class == reference.Class.RESPONSE


def test_our_own_checks_are_read() -> None:
    request = stun.parse_request(stun.request(TRANSACTION, "ours:theirs", "password", nominate=True))
    assert request.nominated
    assert request.is_signed_with("password")


def test_an_unsigned_check_is_refused() -> None:
    name = b"ours:theirs\x00"
    body = stun.ATTRIBUTE.pack(stun.USERNAME, 11) + name
    with pytest.raises(Invalid):
        stun.parse_request(stun.HEADER.pack(1, len(body), stun.MAGIC, TRANSACTION) + body)


def test_a_changed_check_is_not_believed() -> None:
    signed = bytearray(stun.request(TRANSACTION, "ours:theirs", "password", nominate=True))
    signed[25] ^= 1
    assert not stun.parse_request(bytes(signed)).is_signed_with("password")
