"""Clients whose UDP is blocked reach the engine through coturn: sound and picture over TCP and over TLS."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from benchmarks.media.rig import hosts
from benchmarks.media.rig.hosts import SERVER, available, bad_network
from benchmarks.media.rig.listening import group
from tests.support.media.browser import Browsers, Person, browsers
from tests.support.media.coturn import SECRET, Relay, running_coturn
from tests.support.media.engine import RunningEngine, start_engine
from tests.support.network.certificates import home_that_trusts

pytestmark = [pytest.mark.media, pytest.mark.browser, pytest.mark.timeout(240)]
RELAYED = {"rtcConfig": {"iceTransportPolicy": "relay"}}
WAY = """async () => {
  const report = await room.engine.pcManager.publisher._pc.getStats();
  const used = new Set();
  report.forEach((item) => { if (item.type === "transport") used.add(item.selectedCandidatePairId); });
  return [...used].map((pair) => report.get(report.get(pair).localCandidateId))
    .map((candidate) => [candidate.candidateType, candidate.relayProtocol ?? ""]);
}"""


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with running_coturn(tmp_path_factory.mktemp("relay"), engine_address="127.0.0.1") as running:
        yield running


@pytest.fixture(params=["tcp", "tls"])
async def relayed(
    request: pytest.FixtureRequest, relay: Relay, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[tuple[str, RunningEngine]]:
    """How the relay is reached, and an engine that tells its clients so; their browsers trust the relay's authority."""
    monkeypatch.setenv("TURN_URLS", relay.over_tls if request.param == "tls" else relay.over_tcp)
    monkeypatch.setenv("TURN_SECRET", SECRET)
    monkeypatch.setenv("HOME", str(home_that_trusts(relay.authority, tmp_path)))
    engine = await asyncio.to_thread(start_engine)
    try:
        yield request.param, engine
    finally:
        await asyncio.to_thread(engine.stop)


async def joined(people: Browsers, room: str) -> tuple[Person, Person]:
    ana, ben = [await people.person(name, room) for name in ("ana", "ben")]
    await ana.join(connect=RELAYED)
    await ben.join()
    await asyncio.gather(ana.publish(), ben.publish())
    return ana, ben


async def test_a_client_that_may_only_use_the_relay_sees_and_hears(
    relayed: tuple[str, RunningEngine], room_name: str
) -> None:
    way, engine = relayed
    async with browsers(engine) as people:
        ana, ben = await joined(people, room_name)
        for one, other in ((ana, "ben"), (ben, "ana")):
            await asyncio.gather(one.sees(other, more=40), one.sees(other, "microphone", more=100))
        assert await ana.page.evaluate(WAY) == [["relay", way]]
        assert (await ben.page.evaluate(WAY))[0][0] != "relay"
        assert (await ana.received())["ben"]["microphone"]["energy"] > 0


async def test_firewalls_at_work_that_drop_udp_are_passed_by_the_relay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a network of its own, with the client's default policy: nothing tells it to use the relay."""
    assert available(), "This test makes network namespaces: run it as root on a machine with iproute2."
    with (
        bad_network() as rig,
        running_coturn(tmp_path / "relay", engine_address=SERVER, address=SERVER, prefix=rig.server) as relay,
    ):
        monkeypatch.setenv("TURN_URLS", relay.over_tls)
        monkeypatch.setenv("TURN_SECRET", SECRET)
        monkeypatch.setenv("HOME", str(home_that_trusts(relay.authority, tmp_path)))
        hosts.run(*rig.client, "iptables", "-A", "OUTPUT", "-p", "udp", "-j", "DROP")
        async with group(rig) as people:
            behind, beside = await people.watch(5)
            assert await people.far.page.evaluate(WAY) == [["relay", "tls"]]
            assert (await people.near.page.evaluate(WAY))[0][0] != "relay"
    for experience in (behind, beside):
        assert experience.frames_per_second > 3, experience
        assert experience.packets > 100, experience
