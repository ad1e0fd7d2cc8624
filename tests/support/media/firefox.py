"""Debian's Firefox, driven through WebDriver BiDi, which it speaks itself: no driver program in between."""

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.support.media.engine import free_port
from tests.support.patience import until

FIREFOX = os.environ.get("FIREFOX", "firefox-esr")
READY_WITHIN = 90.0
PREFERENCES: dict[str, bool | int] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.autoplay.default": 0,
    "media.suspend-background-video.enabled": False,
    "dom.min_background_timeout_value": 4,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
"""A fake camera and microphone without questions, loopback as a network like any other, nobody called outside."""
EVALUATE = """async (text, argument) => {
  const value = (0, eval)(`(${text})`);
  const result = await (typeof value === "function" ? value(JSON.parse(argument)) : value);
  return result === undefined ? "null" : JSON.stringify(result);
}"""


class PageError(Exception):
    """What the page threw."""


class FirefoxPage:
    """As much of Playwright's page as the tests of the media engine use."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._last = 0
        self._context = ""
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reader = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            answer = json.loads(message.data)
            waiting = self._answers.pop(answer.get("id"), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    async def _tell(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._last += 1
        number, self._answers[self._last] = self._last, asyncio.get_running_loop().create_future()
        waiting = self._answers[number]
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(READY_WITHIN):
            answer = await waiting
        if answer["type"] == "error":
            raise PageError(f"{method}: {answer['error']}: {answer['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    async def open(self) -> None:
        await self._tell("session.new", capabilities={})
        tree = await self._tell("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]

    async def goto(self, url: str) -> None:
        await self._tell("browsingContext.navigate", context=self._context, url=url, wait="complete")

    async def reload(self) -> None:
        await self._tell("browsingContext.reload", context=self._context, wait="complete")

    async def evaluate(self, expression: str, argument: Any = None) -> Any:
        """The value of an expression, or of a function called with `argument`. Raises PageError."""
        words = [{"type": "string", "value": text} for text in (expression, json.dumps(argument))]
        answer = await self._tell(
            "script.callFunction",
            functionDeclaration=EVALUATE,
            target={"context": self._context},
            awaitPromise=True,
            arguments=words,
        )
        if answer["type"] == "exception":
            raise PageError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    async def wait_for_function(self, expression: str, *, timeout: float, polling: float) -> None:  # noqa: ASYNC109 - Playwright's name
        """Look every `polling` ms until it is true, at most `timeout` ms."""

        async def true() -> bool:
            return bool(await self.evaluate(expression))

        await until(true, seconds=timeout / 1000, every=polling / 1000, what=expression)

    async def close(self) -> None:
        await self._socket.close()
        await self._reader


@asynccontextmanager
async def firefox_page(base: str) -> AsyncIterator[FirefoxPage]:
    """A Firefox of its own, with one page open at `base`."""
    assert shutil.which(FIREFOX), (
        "Firefox is missing. Run `make soak`, which installs it, or: apt-get install firefox-esr"
    )
    profile, port = Path(tempfile.mkdtemp(prefix="media-firefox-")), free_port()
    lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = (FIREFOX, "--headless", "--no-remote", "--profile", str(profile), f"--remote-debugging-port={port}")
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with aiohttp.ClientSession() as session:
            page = FirefoxPage(await connected(session, f"ws://127.0.0.1:{port}/session"))
            await page.open()
            await page.goto(base)
            yield page
            await page.close()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        shutil.rmtree(profile, ignore_errors=True)


async def connected(session: aiohttp.ClientSession, url: str) -> aiohttp.ClientWebSocketResponse:
    async with asyncio.timeout(READY_WITHIN):
        while True:
            try:
                return await session.ws_connect(url, max_msg_size=0)
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)
