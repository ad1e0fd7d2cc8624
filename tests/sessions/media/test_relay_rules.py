"""The relay of the documents: who may use it, for how long, and where it takes them."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aioice import stun

from backtolife.sessions.media.access.turn import LIFETIME, ice_servers
from tests.support.media.coturn import SECRET, Relay, allocate, asking, refusal_of, running_coturn

ENGINE = "203.0.113.10"
NEVER_4 = ["0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.0.1"]  # noqa: S104
NEVER_4 += ["198.18.0.1", "198.51.100.7", "203.0.113.11", "224.0.0.1", "255.255.255.255", "8.8.8.8"]
NEVER_6 = ["::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:203.0.113.10", "64:ff9b::a00:1"]
NEVER_6 += ["fc00::1", "fd12:3456::1", "fe80::1", "2001:db8::1", "2002:7f00:1::1", "ff02::1", "2606:4700::1111"]
HOUR = 3600


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with running_coturn(tmp_path_factory.mktemp("relay")) as running:
        yield running


@pytest.fixture(autouse=True)
def families(monkeypatch: pytest.MonkeyPatch) -> None:
    """aioice knows no request for IPv6 relay addresses; this teaches it the attribute."""
    name = "REQUESTED-ADDRESS-FAMILY"
    monkeypatch.setitem(stun.ATTRIBUTES_BY_NAME, name, (0x0017, name, stun.pack_unsigned, stun.unpack_unsigned))


def credentials(*, made: float, secret: str = SECRET) -> tuple[str, str]:
    """User and password as the engine makes them at a moment, in seconds since 1970."""
    (server,) = ice_servers(("turn:example.org",), secret, "PA_1", now=made)
    return server.username, server.credential


def test_credentials_last_no_longer_than_an_hour() -> None:
    assert credentials(made=1000)[0] == f"{1000 + LIFETIME}:PA_1"
    assert 0 < LIFETIME <= HOUR


@pytest.mark.parametrize("tls", [False, True])
async def test_fresh_credentials_open_the_relay(relay: Relay, tls: bool) -> None:
    async with asking(relay, *credentials(made=time.time()), tls=tls) as client:
        await allocate(client)
        assert await refusal_of(client, ENGINE, 0x4000) == 0


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(
    ("user", "password"),
    [
        credentials(made=time.time() - LIFETIME - 2),
        credentials(made=time.time(), secret="not-the-secret-of-this-relay-at-all-1234"),
        (credentials(made=time.time())[0], credentials(made=time.time() - LIFETIME - 2)[1]),
        ("someone", "something"),
    ],
    ids=["expired", "of another secret", "prolonged by hand", "made up"],
)
async def test_other_credentials_do_not(relay: Relay, user: str, password: str, tls: bool) -> None:
    async with asking(relay, user, password, tls=tls) as client:
        with pytest.raises(stun.TransactionFailed) as refused:
            await allocate(client)
        assert refused.value.response.error_code == 401


async def test_a_relay_in_use_outlives_its_credentials_and_gives_no_second_one(relay: Relay) -> None:
    """So an hour is enough for a session of ninety minutes: whoever reconnects gets new ones first."""
    user, password = credentials(made=time.time() - LIFETIME + 3)
    async with asking(relay, user, password) as client:
        await allocate(client)
        await asyncio.sleep(4.5)
        refresh = stun.Message(message_method=stun.Method.REFRESH, message_class=stun.Class.REQUEST)
        refresh.attributes["LIFETIME"] = 600
        answer, _ = await client.request_with_retry(refresh)
        assert answer.attributes["LIFETIME"] == 600
        assert await refusal_of(client, ENGINE, 0x4000) == 0
        async with asking(relay, user, password) as second:
            with pytest.raises(stun.TransactionFailed):
                await allocate(second)


@pytest.mark.parametrize(("family", "peers"), [(1, NEVER_4), (2, NEVER_6)])
async def test_it_relays_to_the_engine_and_nowhere_else(relay: Relay, family: int, peers: list[str]) -> None:
    async with asking(relay, *credentials(made=time.time())) as client:
        await allocate(client, family=family)
        refused = {peer: await refusal_of(client, peer, 0x4000 + count) for count, peer in enumerate(peers)}
    assert refused == dict.fromkeys(peers, 403)


async def test_without_the_rules_the_same_question_is_allowed(tmp_path: Path) -> None:
    """The refusals above come from the rules, not from the way of asking."""
    with running_coturn(tmp_path, engine_address="127.0.0.1") as open_relay:
        async with asking(open_relay, *credentials(made=time.time())) as client:
            await allocate(client)
            assert await refusal_of(client, "127.0.0.1", 0x4000) == 0
            assert await refusal_of(client, "127.0.0.2", 0x4001) == 403
