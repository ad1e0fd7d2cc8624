"""coturn with the example configuration of the documents, and a client that asks it for a relay."""

import asyncio
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from aioice import stun
from aioice.turn import UDP_TRANSPORT, TurnClientTcpProtocol

from backtolife.config import ROOT
from tests.support.media.engine import free_port
from tests.support.network.certificates import make_certificates

EXAMPLE = ROOT / "docs" / "examples" / "turnserver.conf"
SECRET = "a-turn-secret-that-only-the-tests-use-123456"
READY_WITHIN = 90.0


@dataclass(frozen=True)
class Relay:
    """A running coturn."""

    address: str
    port: int
    tls_port: int
    authority: Path
    """The certificate of who signed for its TLS."""

    @property
    def over_tcp(self) -> str:
        return f"turn:{self.address}:{self.port}?transport=tcp"

    @property
    def over_tls(self) -> str:
        return f"turns:{self.address}:{self.tls_port}?transport=tcp"


@contextmanager
def running_coturn(
    folder: Path, *, engine_address: str = "", address: str = "127.0.0.1", prefix: tuple[str, ...] = ()
) -> Iterator[Relay]:
    """The example as it stands but for ports, secret and certificate, and `engine_address` as one more peer."""
    program = shutil.which("turnserver")
    assert program, "This test needs coturn: apt-get install coturn."
    folder.mkdir(parents=True, exist_ok=True)
    authority, certificate, key = make_certificates(folder, address)
    relay = Relay(address, free_port(), free_port(), authority)
    ours = {"static-auth-secret": SECRET, "cert": certificate, "pkey": key}
    ours |= {"listening-port": relay.port, "tls-listening-port": relay.tls_port}
    text = EXAMPLE.read_text()
    for name, value in ours.items():
        text, count = re.subn(rf"(?m)^{name}=.*$", f"{name}={value}", text)
        assert count == 1, f"the example does not set {name} once"
    here = [f"listening-ip={address}", f"relay-ip={address}", f"userdb={folder}/turndb", f"pidfile={folder}/pid"]
    here += ["log-file=stdout", "no-dtls", "min-port=46000", "max-port=46999"]
    here += ["relay-ip=::1"] if address == "127.0.0.1" else []
    here += [f"allowed-peer-ip={engine_address}", "allow-loopback-peers"] if engine_address else []
    settings, log = folder / "turnserver.conf", folder / "coturn.log"
    settings.write_text("\n".join([text, *here, ""]))
    with log.open("wb") as output:
        process = subprocess.Popen([*prefix, program, "-c", str(settings)], stdout=output, stderr=output, cwd=folder)
    try:
        if not prefix:
            wait(relay, process, log)
        yield relay
    finally:
        process.terminate()
        process.wait()


def wait(relay: Relay, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            for port in (relay.port, relay.tls_port):
                socket.create_connection((relay.address, port), timeout=2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"coturn did not start: {log.read_text()}")


@asynccontextmanager
async def asking(relay: Relay, user: str, password: str, *, tls: bool = False) -> AsyncIterator[TurnClientTcpProtocol]:
    """A connection to the relay on which nothing has been asked yet."""
    port = relay.tls_port if tls else relay.port
    trust = ssl.create_default_context(cafile=str(relay.authority)) if tls else None

    def protocol() -> TurnClientTcpProtocol:
        return TurnClientTcpProtocol((relay.address, port), user, password, 600, 500)

    transport, client = await asyncio.get_running_loop().create_connection(protocol, relay.address, port, ssl=trust)
    try:
        yield client
    finally:
        if client.refresh_task:
            client.refresh_task.cancel()
        transport.abort()
        await asyncio.sleep(0)


async def allocate(client: TurnClientTcpProtocol, *, family: int = 0) -> None:
    """Ask for a relay address. Raises aioice.stun.TransactionFailed with the refusal; `family` 2 is IPv6."""
    request = stun.Message(message_method=stun.Method.ALLOCATE, message_class=stun.Class.REQUEST)
    request.attributes["LIFETIME"] = 600
    request.attributes["REQUESTED-TRANSPORT"] = UDP_TRANSPORT
    if family:
        request.attributes["REQUESTED-ADDRESS-FAMILY"] = family << 24
    await client.request_with_retry(request)


async def refusal_of(client: TurnClientTcpProtocol, peer: str, channel: int) -> int:
    """The error code with which relaying to a peer is refused; 0 when it is allowed."""
    try:
        await client.channel_bind(channel, (peer, 9))
    except stun.TransactionFailed as refused:
        return int(refused.response.error_code)
    return 0
