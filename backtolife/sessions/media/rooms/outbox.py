"""Signals to one client, in order, over the WebSocket it has at present."""

import asyncio
import contextlib

import structlog
from aiohttp import web
from livekit.protocol import models, rtc

log = structlog.get_logger()

Reason = models.DisconnectReason
Action = rtc.LeaveRequest.Action
LONGEST, HEAVIEST = 2000, 8 << 20
"""Signals, and bytes of them, that may wait for a slow client; beyond, it is cut off and must resume."""


class Outbox:
    """Begins with the WebSocket and ends with it."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue(LONGEST)
        self._octets = 0
        """Of what waits."""
        self._writer = asyncio.ensure_future(self._write())

    def send(self, signal: rtc.SignalResponse) -> None:
        self.send_bytes(signal.SerializeToString())

    def send_bytes(self, signal: bytes) -> None:
        """Queue an encoded signal: a broadcast is encoded once."""
        if self._waiting.full() or self._octets > HEAVIEST:
            self._writer.cancel()
            return
        self._octets += len(signal)
        self._waiting.put_nowait(signal)

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
                self._octets -= len(signal)
                await self._socket.send_bytes(signal)
        except (ConnectionError, RuntimeError):
            log.info("a signal connection ended while writing")
        finally:
            with contextlib.suppress(ConnectionError, RuntimeError):
                await self._socket.close()


def leaving(reason: Reason, action: Action) -> rtc.SignalResponse:
    """The signal that ends a connection, with what the client should do next."""
    can_reconnect = action != Action.DISCONNECT
    return rtc.SignalResponse(leave=rtc.LeaveRequest(reason=reason, action=action, can_reconnect=can_reconnect))
