"""Signals to one client, in order, over the WebSocket it has at present."""

import asyncio
import contextlib

import structlog
from aiohttp import web
from livekit.protocol import rtc

log = structlog.get_logger()

LONGEST = 2000
"""Signals that may wait for a slow client; beyond, it is cut off and must resume."""


class Outbox:
    """Begins with the WebSocket and ends with it."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue(LONGEST)
        self._writer = asyncio.ensure_future(self._write())

    def send(self, signal: rtc.SignalResponse) -> None:
        self.send_bytes(signal.SerializeToString())

    def send_bytes(self, signal: bytes) -> None:
        """Queue an encoded signal: a broadcast is encoded once."""
        try:
            self._waiting.put_nowait(signal)
        except asyncio.QueueFull:
            self._writer.cancel()

    def finish(self) -> None:
        """Close the WebSocket once everything queued so far is out."""
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(None)

    async def finished(self, patience: float) -> None:
        """Wait until the writer is done, at most `patience` seconds."""
        await asyncio.wait({self._writer}, timeout=patience)
        self._writer.cancel()

    async def _write(self) -> None:
        try:
            while (signal := await self._waiting.get()) is not None:
                await self._socket.send_bytes(signal)
        except (ConnectionError, RuntimeError):
            log.info("a signal connection ended while writing")
        finally:
            with contextlib.suppress(ConnectionError, RuntimeError):
                await self._socket.close()
