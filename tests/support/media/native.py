"""The PyPI `livekit` SDK as a participant: a client that nobody here wrote, in a process of its own."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from backtolife.config import ROOT

JOIN_SECONDS = 90.0
LEAVE_SECONDS = 10.0


class NativePerson:
    """What the client has so far, at most a tenth of a second old: frames and energy of sound by identity."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._news = asyncio.Condition()
        self._state: dict[str, Any] = {}

    @property
    def state(self) -> dict[str, Any]:
        """All of it (`native_client.state`)."""
        return self._state

    @property
    def frames(self) -> Counter[str]:
        return Counter(self._state["frames"])

    @property
    def energy(self) -> Counter[str]:
        return Counter(self._state["energy"])

    @property
    def sid(self) -> str:
        return str(self._state["sid"])

    @property
    def tracks(self) -> dict[str, int]:
        """The source of each track it publishes, by the track's sid."""
        return dict(self._state["tracks"])

    async def follow(self) -> None:
        """Read what the client prints, until it ends."""
        assert self._process.stdout
        async for line in self._process.stdout:
            async with self._news:
                self._state = json.loads(line)
                self._news.notify_all()

    async def join(self, url: str, token: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{url} {token}\n".encode())
        await self.until(lambda state: bool(state.get("connected") or state.get("refused")))

    def tell(self, command: str, argument: object = None) -> None:
        """One of the client's commands (`native_client`)."""
        assert self._process.stdin
        self._process.stdin.write(f"{command} {'' if argument is None else json.dumps(argument)}\n".encode())

    async def publish(self, *, simulcast: bool = False) -> None:
        """A moving picture and a tone; returns when both are published."""
        self.tell("publish", simulcast)
        await self.until(lambda state: bool(state.get("published")))

    async def sees(self, identity: str, more: int = 10) -> None:
        """Wait for so many further pictures of somebody."""
        before = self.frames[identity]
        await self.until(lambda state: state["frames"].get(identity, 0) >= before + more)

    async def hears(self, identity: str) -> None:
        """Wait for more sound of somebody."""
        before = self.energy[identity]
        await self.until(lambda state: state["energy"].get(identity, 0) > before + 1000)

    def vanish(self) -> None:
        """End without a word."""
        self._process.kill()

    async def reconnecting(self) -> None:
        """Wait until the client has noticed that its connection was lost."""
        await self.until(lambda state: bool(state.get("reconnecting")))

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until this holds of what the client says it has."""
        async with asyncio.timeout(JOIN_SECONDS), self._news:
            await self._news.wait_for(lambda: holds(self._state))


@asynccontextmanager
async def waiting_native() -> AsyncIterator[NativePerson]:
    """Ready to join, so that joining itself is quick; leaves at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.media.native_client", stdin=PIPE, stdout=PIPE, cwd=ROOT
    )
    assert process.stdin
    assert process.stdout
    following = None
    try:
        await process.stdout.readline()
        person = NativePerson(process)
        following = asyncio.ensure_future(person.follow())
        yield person
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), LEAVE_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if following:
            await following


@asynccontextmanager
async def native_person(url: str, token: str) -> AsyncIterator[NativePerson]:
    """Joins with `token`, and leaves at the end of the block."""
    async with waiting_native() as person:
        await person.join(url, token)
        yield person
