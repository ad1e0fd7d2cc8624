"""Webhooks: what happens in the rooms, told to the application in order, until it has heard.

Each receiver has its own queue. A delivery that fails is tried again before the next is sent, so that the order
holds. The event's `id` stays the same over all tries: a receiver that keeps the ids it has seen counts everything
once.
"""

import asyncio
import base64
import contextlib
import hashlib
import time

import aiohttp
import structlog
from google.protobuf.json_format import MessageToJson
from livekit.protocol import models, webhook

from backtolife.sessions.media.access.ids import new_id
from backtolife.sessions.media.access.tokens import Tokens

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 15.0
PATIENCE = 3600.0
"""Seconds after which an event that nobody takes is given up."""
ANSWER_TIME = 10.0
MOST_WAITING = 10000


class Webhooks:
    def __init__(self, urls: tuple[str, ...], tokens: Tokens) -> None:
        self._tokens = tokens
        self._queues = {url: asyncio.Queue[tuple[str, float]](MOST_WAITING) for url in urls}
        self._session: aiohttp.ClientSession | None = None
        self._senders: list[asyncio.Task[None]] = []
        self.delivered = self.retried = self.given_up = 0

    def start(self) -> None:
        if self._queues:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_TIME))
            self._senders = [asyncio.ensure_future(self._send_all(url)) for url in self._queues]

    def announce(
        self,
        event: str,
        room: models.Room,
        participant: models.ParticipantInfo | None,
        track: models.TrackInfo | None,
    ) -> None:
        """Queue an event for every receiver."""
        if not self._queues:
            return
        body = webhook.WebhookEvent(
            event=event, room=room, participant=participant, track=track, id=new_id("EV_"), created_at=int(time.time())
        )
        text = MessageToJson(body, indent=None)
        for queue in self._queues.values():
            try:
                queue.put_nowait((text, asyncio.get_running_loop().time()))
            except asyncio.QueueFull:
                self.given_up += 1
                log.error("a webhook receiver is too far behind; an event is lost")

    async def _send_all(self, url: str) -> None:
        queue = self._queues[url]
        while True:
            body, queued = await queue.get()
            pause = FIRST_PAUSE
            while not await self._send(url, body):
                if asyncio.get_running_loop().time() - queued > PATIENCE:
                    self.given_up += 1
                    log.error("a webhook was given up after an hour")
                    break
                self.retried += 1
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            queue.task_done()

    async def _send(self, url: str, body: str) -> bool:
        """Whether the receiver took it."""
        assert self._session is not None  # noqa: S101 - senders run only after start
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        headers = {"Authorization": self._tokens.signed(digest), "Content-Type": "application/webhook+json"}
        try:
            async with self._session.post(url, data=body.encode(), headers=headers) as answer:
                taken = answer.status < 300
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False
        self.delivered += taken
        return taken

    async def close(self, patience: float) -> None:
        """Give what is queued `patience` seconds to get out, then stop."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                for queue in self._queues.values():
                    await queue.join()
        for sender in self._senders:
            sender.cancel()
        await asyncio.gather(*self._senders, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
