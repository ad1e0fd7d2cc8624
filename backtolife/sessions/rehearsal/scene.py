"""A whole rehearsal: everyone in it, what is practised, and when it ends."""

import asyncio
import time

import structlog

from backtolife.errors import BacktolifeError
from backtolife.sessions.rehearsal.orders import Orders, Practice, Press
from backtolife.sessions.rehearsal.person import SimulatedPerson

log = structlog.get_logger(__name__)
LOOK_SECONDS = 1.0
ABSENT_SECONDS = 90.0
"""How long the facilitator may be away, or take to come, before it ends."""


class Scene:
    """`play` until it is over: the room ended, the facilitator stayed away, or its time ran out."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.people = {part.person_id: SimulatedPerson(part, orders) for part in orders.parts}
        self.colleague = next(one for one in self.people.values() if one.part.staff)

    async def play(self) -> None:
        living = [asyncio.ensure_future(one.live()) for one in self.people.values()]
        try:
            await self.watch(living)
        finally:
            for task in living:
                task.cancel()
            await asyncio.gather(*living, return_exceptions=True)
            for one in self.people.values():
                await one.close()

    async def watch(self, living: list["asyncio.Task[None]"]) -> None:
        """Until one of the reasons to end; a person who cannot come at all ends it with their error."""
        until, seen = time.monotonic() + self.orders.seconds, time.monotonic()
        while time.monotonic() < until and not self.colleague.over:
            await asyncio.sleep(LOOK_SECONDS)
            for task in living:
                if task.done() and not task.cancelled() and task.exception() is not None:
                    await task
            if self.colleague.facilitator_here:
                seen = time.monotonic()
            elif time.monotonic() - seen > ABSENT_SECONDS:
                log.info("rehearsal_left_alone")
                return

    def practise(self, press: Press) -> None:
        """Have it happen. Raises BacktolifeError for somebody who is not in the rehearsal."""
        person = self.people.get(press.person_id)
        if person is None:
            raise BacktolifeError("Nobody of that name is in the rehearsal.")
        if press.practice is Practice.ALERT:
            person.do(person.call_for_help())
        elif press.practice is Practice.DROP_OUT:
            person.do(person.drop_out())
        else:
            person.do(person.offer_to_lead())
