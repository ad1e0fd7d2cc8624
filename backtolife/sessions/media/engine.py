"""The engine: its rooms, its socket, its clock."""

import asyncio
import gc
import time
from collections.abc import Coroutine
from typing import Any

import structlog
from aiortc.rtcdtlstransport import RTCCertificate

from backtolife.errors import Conflict
from backtolife.sessions.media import loops, private
from backtolife.sessions.media.overload import Overload
from backtolife.sessions.media.participant import Action, Reason
from backtolife.sessions.media.room import Room
from backtolife.sessions.media.settings import EngineSettings
from backtolife.sessions.media.tokens import Tokens, Visitor
from backtolife.sessions.media.totals import Totals
from backtolife.sessions.media.udp import Socket
from backtolife.sessions.media.webhooks import Webhooks

log = structlog.get_logger()

TURN = 0.1
"""Seconds between two looks at everything."""
FAREWELL = 2.0
"""Seconds that webhooks and goodbyes get when the engine stops."""
REFRESH_TURNS = 2400
LOAD_TURNS = 10
STALL, AFTER_STALL = 0.2, 0.5
"""Seconds by which a turn is late when we stood still ourselves, and in which we read what came meanwhile."""
TIDY_TURNS = 300
"""Someone who left is a ring of objects with seconds of packets in it, about 0.7 MB. Forwarding makes so few objects
that Python by itself would look for such rings only after a hundred people."""


class Engine:
    """Made inside a running loop. `close` ends everything it began."""

    def __init__(self, settings: EngineSettings) -> None:
        private.check()
        self.settings = settings
        self.tokens = Tokens(settings.key, settings.secret)
        self.certificate = RTCCertificate.generateCertificate()
        self.socket = Socket(settings.udp_address, settings.udp_port, settings.advertised)
        self.forwarding = loops.choose(settings.loop, self.socket)
        self.webhooks = Webhooks(settings.webhook_urls, self.tokens)
        self.totals = Totals()
        self.overload = Overload(settings.cpu_limit)
        self.rooms: dict[str, Room] = {}
        self.started = time.time()
        self.lag = 0.0
        """How late the loop was at worst in the last ten seconds."""
        self._late = 0.0
        self._reports_from = 0.0
        """Until then reports may still lie in the socket that we did not read."""
        self._load = (time.process_time(), asyncio.get_running_loop().time())
        self._tasks: set[asyncio.Future[Any]] = set()
        self.webhooks.start()
        self._clock = asyncio.ensure_future(self._run())

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for, but which must not be forgotten."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def admit(self, visitor: Visitor) -> None:
        """Raises NotPermitted or Conflict, saying why, when this person cannot be let in now."""
        room = self.rooms.get(visitor.room)
        if room is not None:
            room.admit(visitor)
        returns = room is not None and visitor.identity in room.participants
        if not returns and not self.overload.admits(visitor.attributes.get("role")):
            raise Conflict("The server is full at the moment. Those inside go on; please try again in a few minutes.")

    def room(self, name: str) -> Room:
        """The room of this name, begun now if there is none."""
        room = self.rooms.get(name)
        if room is None:
            room = self.rooms[name] = Room(self, name)
            room.announce("room_started")
        return room

    def finish(self, room: Room, reason: Reason, action: Action = Action.DISCONNECT) -> None:
        """End a room and send everyone in it away."""
        if self.rooms.get(room.name) is room:
            del self.rooms[room.name]
            room.finish(reason, action)

    async def _run(self) -> None:
        turn, loop = 0, asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += TURN
            await asyncio.sleep(max(0.0, due - loop.time()))
            now = loop.time()
            self.lag = max(now - due, self.lag * 0.97)
            self._late += max(0.0, now - due)
            if now - due > STALL:
                self._reports_from = now + AFTER_STALL
            if now - due > 1:
                due = now
            turn += 1
            if turn % LOAD_TURNS == 0:
                self._look_at_load(now)
            if turn % TIDY_TURNS == 0:
                gc.collect()
            for room in list(self.rooms.values()):
                try:
                    self._tick(room, turn, now)
                except Exception:
                    log.exception("a room's turn failed", room=room.sid)

    def _look_at_load(self, now: float) -> None:
        used, since = self._load
        self._load = (time.process_time(), now)
        before = self.overload.level
        level = self.overload.look((self._load[0] - used) / max(0.1, now - since), self._late / LOAD_TURNS, now)
        self._late = 0.0
        if level != before:
            log.warning("load changed: from level 1 on patients' pictures are withheld", level=level)

    def _tick(self, room: Room, turn: int, now: float) -> None:
        for participant in list(room.participants.values()):
            participant.peer.tick(turn, now)
            if now >= self._reports_from:
                participant.allocation.look(now)
            if turn % 10 == 0:
                participant.allocation.tick(now)
        room.voices.tick()
        for participant in list(room.participants.values()):
            participant.allocation.voices(now)
        if turn % 3 == 0:
            room.tell_speakers()
        if turn % 30 == 0:
            room.tell_quality()
        if turn % REFRESH_TURNS == 0:
            room.refresh_tokens()
        if room.expired(now):
            self.finish(room, Reason.ROOM_CLOSED)

    async def close(self) -> None:
        """Tell everyone to come back to the next engine, deliver what is owed, and stop."""
        self._clock.cancel()
        outboxes = [one.outbox for room in self.rooms.values() for one in room.participants.values() if one.outbox]
        for room in list(self.rooms.values()):
            self.finish(room, Reason.SERVER_SHUTDOWN, Action.RECONNECT)
        if outboxes:
            await asyncio.gather(*(outbox.finished(FAREWELL) for outbox in outboxes))
        await self.webhooks.close(FAREWELL)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FAREWELL)
        self.socket.close()
