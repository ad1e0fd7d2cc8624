"""Clients whose UDP is blocked reach the engine through coturn, with credentials that expire."""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backtolife.sessions.media.turn import ice_servers
from tests.media_browser import browsers
from tests.media_engine import RunningEngine, free_port, start_engine

SECRET = "a-turn-secret-that-only-the-tests-use-123456"
RELAYED = {"rtcConfig": {"iceTransportPolicy": "relay"}}


def test_credentials_expire_and_are_signed_as_coturn_checks_them() -> None:
    (server,) = ice_servers(("turn:relay.example:3478",), "secret", "PA_1", now=1000.0)
    assert server.username == f"{1000 + 6 * 3600}:PA_1"
    assert server.credential == "uh3LHbvOTWF27cd02zq/lbp0HnQ="
    assert ice_servers((), "secret", "PA_1", now=1000.0) == []


@pytest.fixture
async def relayed_engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunningEngine]:
    """An engine that names a coturn of our own, reachable over TCP."""
    program = shutil.which("turnserver")
    assert program, "This test needs coturn: apt-get install coturn."
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="media-turn-") as folder:
        arguments = [
            *("-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}", "--no-udp"),
            *("--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=backtolife", "--no-cli", "--no-tls"),
            *("--no-dtls", "--allow-loopback-peers", "--min-port=46000", "--max-port=46100", "--log-file=stdout"),
            f"--userdb={folder}/turndb",
        ]
        with (Path(folder) / "log").open("wb") as log:
            command = [program, *arguments]
            relay = await asyncio.to_thread(subprocess.Popen, command, stdout=log, stderr=log, cwd=folder)
        monkeypatch.setenv("TURN_URLS", f"turn:127.0.0.1:{port}?transport=tcp")
        monkeypatch.setenv("TURN_SECRET", SECRET)
        engine = await asyncio.to_thread(start_engine)
        try:
            yield engine
        finally:
            await asyncio.to_thread(engine.stop)
            relay.kill()
            relay.wait()


@pytest.mark.media
@pytest.mark.browser
async def test_a_client_that_may_only_use_the_relay_sees_and_hears(
    relayed_engine: RunningEngine, room_name: str
) -> None:
    async with browsers(relayed_engine) as people:
        ana, ben = [await people.person(name, room_name) for name in ("ana", "ben")]
        await ana.join(connect=RELAYED)
        await ben.join()
        await asyncio.gather(ana.publish(), ben.publish())
        await asyncio.gather(ana.sees("ben"), ben.sees("ana"), ben.sees("ana", "microphone"))
        kinds = await ana.page.evaluate(
            """async () => {
              const report = await room.engine.pcManager.publisher._pc.getStats();
              const found = [];
              report.forEach((item) => {
                if (item.type === "candidate-pair" && item.nominated) found.push(report.get(item.localCandidateId));
              });
              return found.map((item) => item.candidateType);
            }"""
        )
    assert "relay" in kinds
