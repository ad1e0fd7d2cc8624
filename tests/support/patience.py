"""Waiting for something that another process does."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(
    true: Callable[[], Awaitable[bool]], *, seconds: float = 20.0, what: str = "it", every: float = 0.1
) -> None:
    """Look `every` so many seconds until it is true. Raises AssertionError when it does not become so."""
    for _ in range(int(seconds / every)):
        if await true():
            return
        await asyncio.sleep(every)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} s")
