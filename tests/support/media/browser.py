"""Real browsers with a fake camera and microphone, and the page they use against the media engine."""

import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import BrowserContext, Page, Playwright, async_playwright

from tests.support.browser import FLAGS
from tests.support.media.engine import RunningEngine, free_port

ROOT = Path(__file__).resolve().parents[3]
CLIENT = ROOT / "static" / "vendor" / "livekit-client" / "livekit-client.umd.js"
PAGE = ROOT / "tests" / "sessions" / "media" / "page.html"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


class Person:
    """One browser page in a room."""

    def __init__(self, engine: RunningEngine, page: Page, identity: str, room: str) -> None:
        self.engine, self.page, self.identity, self.room = engine, page, identity, room

    async def join(
        self,
        *,
        options: dict[str, Any] | None = None,
        connect: dict[str, Any] | None = None,
        attributes: dict[str, str] | None = None,
        **grants: object,
    ) -> None:
        """Join; `options` are those of Room, `connect` those of its connect, `grants` those of VideoGrants."""
        token = self.engine.token(self.identity, self.room, attributes=attributes, **grants)
        given = [self.engine.url, token, options or {}, connect or {}]
        await self.page.evaluate("([url, token, options, connect]) => join(url, token, options, connect)", given)

    async def publish(self) -> None:
        await self.page.evaluate("publish()")

    async def received(self) -> dict[str, dict[str, dict[str, float]]]:
        """By identity and source: packets, lost, frames, energy and more."""
        result: dict[str, dict[str, dict[str, float]]] = await self.page.evaluate("received()")
        return result

    async def until(self, expression: str, seconds: float = 15.0) -> None:
        """Wait until a JavaScript expression is true in the page."""
        await self.page.wait_for_function(expression, timeout=seconds * 1000, polling=100)

    async def sees(self, identity: str, source: str = "camera", more: int = 10) -> None:
        """Wait until `more` further frames (packets of sound) of someone's track arrived."""
        field = "frames" if source == "camera" else "packets"
        await self.page.evaluate(
            """async ([identity, source, field, more]) => {
              const count = async () => ((await received())[identity]?.[source]?.[field] ?? 0);
              const before = await count();
              for (let turn = 0; turn < 200; turn++) {
                if (await count() >= before + more) return;
                await new Promise((resolve) => setTimeout(resolve, 100));
              }
              throw new Error(`nothing of ${identity}'s ${source} arrives (${before} before)`);
            }""",
            [identity, source, field, more],
        )

    async def events(self, name: str) -> list[dict[str, Any]]:
        result: list[dict[str, Any]] = await self.page.evaluate(
            "name => events.filter(item => item.name === name)", name
        )
        return result


@asynccontextmanager
async def browser_page(
    playwright: Playwright, base: str, *, executable: str = CHROMIUM, flags: tuple[str, ...] = ()
) -> AsyncIterator[Page]:
    """A Chromium of its own, so that its fake devices and its sockets are its own too."""
    profile = tempfile.mkdtemp(prefix="media-browser-")
    context: BrowserContext = await playwright.chromium.launch_persistent_context(
        profile,
        executable_path=executable,
        headless=False,
        args=[*FLAGS, *flags],
        ignore_default_args=["--enable-automation", "--mute-audio"],
    )
    try:
        page = context.pages[0] if context.pages else await context.new_page()
        await page.goto(base)
        yield page
    finally:
        await context.close()
        shutil.rmtree(profile, ignore_errors=True)


@asynccontextmanager
async def page_server(
    host: str = "127.0.0.1", port: int = 0, listening: socket.socket | None = None, library: Path = CLIENT
) -> AsyncIterator[str]:
    """Serves the participant's page and the client's `library`; its address. `listening` is used where given."""

    async def page(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE)

    async def client(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(library)

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/livekit-client.umd.js", client)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    port = port or free_port()
    await (web.SockSite(runner, listening) if listening else web.TCPSite(runner, host, port)).start()
    try:
        yield f"http://{host}:{port}/"
    finally:
        await runner.cleanup()


class Browsers:
    """Opens pages; closes every one at the end."""

    def __init__(self, engine: RunningEngine, opener: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
        """`opener` opens a browser of its own at the participant's page."""
        self._engine, self._opener = engine, opener
        self._open: list[Any] = []

    async def person(self, identity: str, room: str) -> Person:
        entered = self._opener()
        page = await entered.__aenter__()
        self._open.append(entered)
        return Person(self._engine, page, identity, room)

    async def close(self) -> None:
        for entered in reversed(self._open):
            await entered.__aexit__(None, None, None)


@asynccontextmanager
async def browsers(engine: RunningEngine, library: Path = CLIENT) -> AsyncIterator[Browsers]:
    async with page_server(library=library) as base, async_playwright() as playwright:
        opened = Browsers(engine, partial(browser_page, playwright, base))
        try:
            yield opened
        finally:
            await opened.close()
