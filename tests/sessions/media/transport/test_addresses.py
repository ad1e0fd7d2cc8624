"""Which addresses media uses: one, another behind a router, or IPv4 and IPv6 on one port."""

import asyncio

import aiohttp
import pytest

from backtolife.sessions.media import settings
from benchmarks.media.client.synthetic import SyntheticClient
from tests.support.media.engine import running_engine
from tests.support.media.signals import signal_connection
from tests.support.patience import until

TEST = {"BACKTOLIFE_ENV": "test"}


def test_clients_are_told_the_address_media_leaves_from() -> None:
    given = settings.read(["--host", "127.0.0.1"], {})
    assert (given.udp_address, given.advertised) == ("127.0.0.1", ("127.0.0.1",))


def test_behind_a_router_clients_are_told_its_addresses_instead() -> None:
    given = settings.read(["--public-address", "203.0.113.7, 2001:db8::7"], {})
    assert (given.udp_address, given.advertised) == ("127.0.0.1", ("203.0.113.7", "2001:db8::7"))


def test_an_engine_on_every_address_tells_real_ones() -> None:
    every = settings.read(["--host", "::"], TEST)
    assert every.udp_address == "::"
    assert every.advertised
    assert not {"::", "0.0.0.0"} & {*every.advertised, settings.read(["--host", "0.0.0.0"], TEST).udp_address}  # noqa: S104


@pytest.mark.media
@pytest.mark.parametrize("loop", ["python", "compiled"])
async def test_people_on_ipv4_and_ipv6_hear_each_other_over_one_port(room_name: str, loop: str) -> None:
    with running_engine(udp_address="::", public_address="127.0.0.1,::1", loop=loop) as engine:
        async with aiohttp.ClientSession() as http:
            people = [SyntheticClient(address, listens_to=1, address=address) for address in ("127.0.0.1", "::1")]
            try:
                for one in people:
                    await one.join(http, engine.url, engine.token(one.name, room_name))
                    one.start()

                async def all_hear() -> bool:
                    return all(one.received.packets > 100 for one in people)

                await until(all_hear, what="packets at both ends")
            finally:
                await asyncio.gather(*(one.close() for one in people))


@pytest.mark.media
async def test_signals_arrive_over_ipv6(room_name: str) -> None:
    with running_engine(host="::1") as engine:
        async with signal_connection(engine, engine.token("ana", room_name)) as signals:
            assert (await signals.until("join")).participant.identity == "ana"
