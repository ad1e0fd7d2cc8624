"""One simulated person: comes into the room, sends a picture once let in, and does what is practised with them."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

import aiohttp
import structlog
from socketio.exceptions import SocketIOError

from backtolife.errors import BacktolifeError
from backtolife.sessions.rehearsal.looped import Looped
from backtolife.sessions.rehearsal.orders import Orders, Part
from backtolife.sessions.rehearsal.page import RoomOver, RoomPage
from backtolife.sessions.rehearsal.peer import Peer
from backtolife.sessions.rehearsal.picture import PICTURES_PER_SECOND, pictures
from backtolife.sessions.rehearsal.voice import PACKETS_PER_SECOND, murmur

log = structlog.get_logger(__name__)
AGAIN_SECONDS = 1.0
AWAY_SECONDS = 45.0
"""Long enough to come on the facilitators' list of whom to ring."""
REASON_SECONDS = 4.0
LEADS_SECONDS = 20.0
WENT_WRONG = (BacktolifeError, SocketIOError, aiohttp.ClientError, TimeoutError, OSError)


class SimulatedPerson:
    """`live` until it is cancelled or the room is over."""

    def __init__(self, part: Part, orders: Orders) -> None:
        self.part, self.orders = part, orders
        self.page = RoomPage(orders.site, orders.group_session_id, part.cookies)
        self.peer: Peer | None = None
        self.sent = ("", False)
        self.away = self.offered = self.shut = False
        self.doing: set[asyncio.Task[None]] = set()

    @property
    def me(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.seen.get("me", {})
        return found

    @property
    def people(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.page.seen.get("people", {})
        return found

    async def live(self) -> None:
        """Come, stay in the room and keep sound and picture up, whatever drops; until the room is over for us."""
        if not self.part.staff:
            await self.page.get_ready(self.part.answers)
        while not self.over:
            try:
                if not self.away:
                    await self.keep_up()
                self.follow()
            except RoomOver:
                # The word that it ended came while our page was not there to hear it.
                self.shut = True
            except WENT_WRONG as error:
                log.info("rehearsal_dropped", kind=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
            # Not wait_for: on Python 3.11 it loses a cancel that comes together with the news.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_SECONDS):
                    await self.page.changed.wait()
            self.page.changed.clear()

    @property
    def over(self) -> bool:
        return self.shut or self.page.seen.get("status") == "ended" or self.me.get("status") in ("removed", "left")

    async def keep_up(self) -> None:
        if not self.page.connected:
            await self.page.enter()
        inside = self.me.get("status") == "admitted"
        if self.peer is not None and (self.peer.ended.is_set() or not inside or self.sent != self.wanted):
            await self.put_away()
        if self.peer is None and inside:
            await self.show_up()

    @property
    def wanted(self) -> tuple[str, bool]:
        """Where sound and picture belong, the group or a smaller place, and whether sound belongs to it."""
        place = self.me.get("word") or self.me.get("small") or ""
        return str(place), self.voiced

    @property
    def voiced(self) -> bool:
        """Whether this one talks: every other patient, in sections where patients may."""
        return not self.part.staff and self.part.face % 2 == 0 and bool(self.me.get("may_speak"))

    async def show_up(self) -> None:
        face, wanted = self.part.face, self.wanted
        tracks = [Looped("video", await asyncio.to_thread(pictures, face), PICTURES_PER_SECOND)]
        if wanted[1]:
            tracks.append(Looped("audio", await asyncio.to_thread(murmur, face), PACKETS_PER_SECOND))
        url, token = await self.page.media_token()
        self.peer, self.sent = Peer(tracks), wanted
        try:
            await self.peer.join(self.page.http, url, token)
        except WENT_WRONG:
            await self.put_away()
            raise

    async def put_away(self) -> None:
        if self.peer is not None:
            gone, self.peer = self.peer, None
            await gone.leave()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside living."""
        task = asyncio.ensure_future(work)
        self.doing.add(task)
        task.add_done_callback(self.doing.discard)

    async def call_for_help(self) -> None:
        """Press "I need help", and say why a little later, as people do."""
        if (await self.page.ask("help"))["ok"]:
            await asyncio.sleep(REASON_SECONDS)
            await self.page.ask("help_reason", {"reason": "pain"})

    async def drop_out(self) -> None:
        """Be gone without a word, and come back by oneself."""
        self.away = True
        if self.peer is not None:
            gone, self.peer = self.peer, None
            await gone.drop()
        await self.page.hang_up()
        await asyncio.sleep(AWAY_SECONDS)
        self.away = False

    async def offer_to_lead(self) -> None:
        self.offered = True
        await self.say("I can take the next part. Press Hand over when you are ready.")

    def follow(self) -> None:
        """What we were given to do by what happened in the room."""
        if self.offered and self.leads:
            self.offered = False
            self.do(self.lead_for_a_while())

    async def lead_for_a_while(self) -> None:
        """Hold the lead we were given, then give it back to the facilitator."""
        await self.say("Thank you. I lead now. I hand back to you in a moment.")
        await asyncio.sleep(LEADS_SECONDS)
        seat = self.facilitator_seat
        if self.leads and seat:
            await self.page.ask("hand_over", {"seat": seat})
            await self.say("You lead again.")

    async def say(self, text: str) -> None:
        """To the other facilitator, in the chat."""
        sent = {"text": text, "audience": "facilitators", "client_id": f"{self.page.tab[:30]}-{self.page.version}"}
        await self.page.ask("chat", sent)

    @property
    def leads(self) -> bool:
        return bool(self.page.seen.get("lead")) and self.page.seen.get("lead") == self.me.get("seat")

    @property
    def facilitator_seat(self) -> str:
        """The seat of the person for whom this is held; empty while they have none."""
        mine = [seat for seat, one in self.people.items() if one.get("person") == self.orders.facilitator_id]
        return mine[0] if mine else ""

    @property
    def facilitator_here(self) -> bool:
        return bool(self.people.get(self.facilitator_seat, {}).get("online"))

    async def close(self) -> None:
        for task in tuple(self.doing):
            task.cancel()
        await self.put_away()
        await self.page.close()
