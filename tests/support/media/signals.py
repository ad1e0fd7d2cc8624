"""A bare signal connection: what a client says and hears, without media."""

import asyncio
import base64
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from livekit.protocol import rtc

from tests.support.media.engine import RunningEngine

PATIENCE_SECONDS = 90.0
PING_SECONDS = 2.0


class Signals:
    """Sends requests and waits for responses."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, **message: Any) -> None:
        await self.socket.send_bytes(rtc.SignalRequest(**message).SerializeToString())

    async def until(self, kind: str) -> Any:
        """The next response of this kind; the others before it are passed over. Who waits long pings, as clients do."""
        pinging = asyncio.ensure_future(self._ping())
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    response = rtc.SignalResponse.FromString(await self.socket.receive_bytes())
                    if response.WhichOneof("message") == kind:
                        return getattr(response, kind)
        finally:
            pinging.cancel()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            await self.send(ping=1)


def join_request(*, reconnect: bool = False, participant_sid: str = "") -> str:
    """What the address of a signal connection carries."""
    join = rtc.JoinRequest(
        connection_settings=rtc.ConnectionSettings(auto_subscribe=True),
        reconnect=reconnect,
        participant_sid=participant_sid,
    )
    wrapped = rtc.WrappedJoinRequest(
        join_request=gzip.compress(join.SerializeToString()), compression=rtc.WrappedJoinRequest.Compression.GZIP
    )
    return base64.urlsafe_b64encode(wrapped.SerializeToString()).decode().rstrip("=")


@asynccontextmanager
async def signal_connection(engine: RunningEngine, token: str, join: str | None = None) -> AsyncIterator[Signals]:
    """Raises aiohttp.WSServerHandshakeError when the engine refuses."""
    query = {"access_token": token, "join_request": join_request() if join is None else join}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{engine.api_url}/rtc/v1", params=query) as socket,
    ):
        yield Signals(socket)
