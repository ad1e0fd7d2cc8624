"""Waiting for something that another process does."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(true: Callable[[], Awaitable[bool]], *, seconds: float = 20.0, what: str = "it") -> None:
    """Look every 100 ms until it is true. Raises AssertionError when it does not become so."""
    for _ in range(int(seconds * 10)):
        if await true():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} s")
