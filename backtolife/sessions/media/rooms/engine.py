"""The engine: its rooms, its socket, its clock."""

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Coroutine

import structlog
from aiortc.rtcdtlstransport import RTCCertificate

from backtolife.errors import Conflict, NotPermitted
from backtolife.sessions.media.access.removals import Removals
from backtolife.sessions.media.access.tokens import Tokens, Visitor
from backtolife.sessions.media.datapath import aiortc_internals
from backtolife.sessions.media.limits import echoes
from backtolife.sessions.media.limits.budget import Allowance, Limit
from backtolife.sessions.media.limits.overload import Overload
from backtolife.sessions.media.rooms.outbox import Action, Reason
from backtolife.sessions.media.rooms.participant import Participant
from backtolife.sessions.media.rooms.room import Room
from backtolife.sessions.media.rooms.totals import Totals
from backtolife.sessions.media.rooms.webhooks import Webhooks
from backtolife.sessions.media.settings import EngineSettings
from backtolife.sessions.media.tracks import choice as loops
from backtolife.sessions.media.transport.udp import Socket

log = structlog.get_logger()

TURN = 0.1
"""Seconds between two looks at everything."""
FAREWELL = 2.0
"""Seconds that webhooks and goodbyes get when the engine stops."""
REFRESH_TURNS = 2400
JOINS = Limit(0.5, 20)
"""How often one person may come in."""
LOAD_TURNS = 10
STALL, AFTER_STALL = 0.2, 0.5
"""Seconds by which a turn is late when we stood still ourselves, and in which we read what came meanwhile."""
TIDY_TURNS = 300
"""Someone who left is a ring of objects with seconds of packets in it, about 0.7 MB. Forwarding makes so few objects
that Python by itself would look for such rings only after a hundred people."""

FULL = "The server is full at the moment. Those inside can carry on. Please try again in a few minutes."


class Engine:
    """Made inside a running loop. `close` ends everything it began."""

    def __init__(self, settings: EngineSettings) -> None:
        aiortc_internals.check()
        self.settings = settings
        self.tokens = Tokens(settings.key, settings.secret)
        self.certificate = RTCCertificate.generateCertificate()
        self.socket = Socket(settings.udp_address, settings.udp_port, settings.advertised)
        self.forwarding = loops.choose(settings.loop, self.socket)
        self.webhooks = Webhooks(settings.webhook_urls, self.tokens)
        self.totals = Totals()
        self.removals = Removals()
        self.overload = Overload(settings.cpu_limit)
        self.rooms: dict[str, Room] = {}
        self.started = time.time()
        self.lag = 0.0
        """How late the loop was at worst in the last ten seconds."""
        self.put_out: Counter[str] = Counter()
        """Members put out, by what they did too much of."""
        self._joins: dict[tuple[str, str], Allowance] = {}
        self._late = 0.0
        self._reports_from = 0.0
        """Until then reports may still lie in the socket that we did not read."""
        self._load = (time.process_time(), asyncio.get_running_loop().time())
        self._tasks: set[asyncio.Task[None]] = set()
        self.webhooks.start()
        self._clock = asyncio.ensure_future(self._run())

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Do something that nobody waits for, but which must not be forgotten."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def admit(self, visitor: Visitor) -> None:
        """Raises NotPermitted or Conflict, saying why, when this person cannot be let in now."""
        if self.removals.bars(visitor.room, visitor.identity, visitor.issued):
            raise NotPermitted("You were removed from this session. Ask a facilitator to let you in again.")
        room = self.rooms.get(visitor.room)
        if room is not None:
            room.admit(visitor)
        if room is None and echoes.is_echo(visitor.room) and not echoes.another(self.rooms):
            raise Conflict(FULL)
        returns = room is not None and visitor.identity in room.participants
        if not returns and not self.overload.admits(visitor.attributes.get("role")):
            raise Conflict(FULL)

    def count_join(self, visitor: Visitor) -> None:
        """Raises Conflict when this person comes in again and again: each time costs as much as seconds of sound."""
        key, now = (visitor.room, visitor.identity), asyncio.get_running_loop().time()
        if not self._joins.setdefault(key, Allowance(JOINS)).take(1, now):
            raise Conflict("You have joined too many times in a short time. Wait a minute, then try again.")

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
                self._tidy(now)
            for room in list(self.rooms.values()):
                try:
                    self._tick(room, turn, now)
                except Exception:
                    log.exception("a room's turn failed", room=room.sid)

    def _tidy(self, now: float) -> None:
        gc.collect()
        self.removals.forget(time.time())
        self._joins = {key: one for key, one in self._joins.items() if one.missing(now)}

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
            if turn % 10 == 0:
                self._hold_to_budget(participant)
            if participant.closed:
                continue
            participant.peer.tick(turn, now)
            if now >= self._reports_from:
                participant.allocation.look(now)
                participant.sending.look(now)
            if turn % 10 == 0:
                participant.allocation.tick(now)
        room.tell_owed(now)
        room.voices.tick()
        for participant in list(room.participants.values()):
            participant.allocation.voices(now)
        if turn % 3 == 0:
            room.tell_speakers()
        if turn % 30 == 0:
            room.tell_quality()
        if turn % REFRESH_TURNS == 0:
            room.refresh_tokens()
        over = echoes.is_over(room.name, age=time.time() - room.created, level=self.overload.level)
        if over or room.expired(now):
            self.finish(room, Reason.ROOM_CLOSED)

    def _hold_to_budget(self, participant: Participant) -> None:
        """Put out who did too much of something for too long."""
        kind = participant.budget.look()
        if kind is not None:
            self.put_out[kind] += 1
            log.warning("a member was put out: too much at once for too long", participant=participant.sid, of=kind)
            participant.room.remove(participant)

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
