"""A room page without a browser: it gets ready as a patient does, holds the socket, and keeps the room's state."""

import asyncio
import re
import uuid
from collections.abc import Mapping
from typing import Any

import aiohttp
import socketio
from socketio.exceptions import SocketIOError

from backtolife.errors import BacktolifeError

CSRF = re.compile(r'name="csrf[-_]token" (?:content|value)="([^"]+)"')
ANSWER_SECONDS = 10
TRANSPORTS = ["websocket"]
ROOM = "data-rehearsal"
"""What only the room's own page holds: the page of a room that is over has the same address."""


class NotLetIn(BacktolifeError):
    """The site did not let the simulated person in."""


class RoomOver(BacktolifeError):
    """There is no room any more: it was ended while nobody told us, or deleted."""


class RoomPage:
    """One person's page. `changed` is set each time the room changed; `seen` is what this person may see of it."""

    def __init__(self, site: str, group_session_id: str, cookies: Mapping[str, str]) -> None:
        self.site, self.group_session_id = site, group_session_id
        self.http = aiohttp.ClientSession(
            cookies=dict(cookies), cookie_jar=aiohttp.CookieJar(unsafe=True), headers=self.told()
        )
        self.seen: dict[str, Any] = {}
        self.version = -1
        self.changed = asyncio.Event()
        self.tab = uuid.uuid4().hex
        self.csrf = ""
        self.socket: socketio.AsyncClient | None = None

    def address(self, what: str) -> str:
        return f"{self.site}/sessions/{self.group_session_id}/{what}"

    def told(self) -> dict[str, str]:
        """Where a request comes from, as every browser says it: over https the site takes no form without."""
        return {"Origin": self.site, "Referer": self.address("room")}

    async def get_ready(self, answers: Mapping[str, str]) -> None:
        """Fill in the page before the session and take a place in the waiting room. Raises NotLetIn."""
        await self.read("get-ready")
        form = {**answers, "csrf_token": self.csrf}
        async with self.http.post(self.address("get-ready"), data=form, allow_redirects=False) as answer:
            if answer.status != 302:
                raise NotLetIn(f"The page before the room answered {answer.status}.")

    async def read(self, what: str) -> str:
        """Open a page, keep its token and return its text. Raises NotLetIn, RoomOver when it is not there."""
        async with self.http.get(self.address(what)) as answer:
            text = await answer.text()
        if answer.status == 404:
            raise RoomOver("The rehearsal is gone.")
        found = CSRF.search(text)
        if answer.status != 200 or found is None:
            raise NotLetIn(f"The page {what} answered {answer.status}.")
        self.csrf = found[1]
        return text

    async def enter(self) -> None:
        """Open the room page and its socket. Raises NotLetIn, RoomOver, or socketio's ConnectionError."""
        if ROOM not in await self.read("room"):
            raise RoomOver("The room has ended.")
        await self.hang_up()
        self.socket = socketio.AsyncClient(http_session=self.http, reconnection=False)
        self.socket.on("patch", self.take_patch)
        self.socket.on("here", self.here)
        self.socket.on("disconnect", self.note)
        auth = {"session": self.group_session_id, "csrf": self.csrf, "tab": self.tab}
        await self.socket.connect(self.site, auth=auth, transports=TRANSPORTS, wait_timeout=ANSWER_SECONDS)
        await self.refresh()

    @property
    def connected(self) -> bool:
        return self.socket is not None and self.socket.connected

    async def ask(self, name: str, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send one event; what the room answered, `ok` false when it did not."""
        if self.socket is None or not self.socket.connected:
            return {"ok": False}
        try:
            answer = await self.socket.call(name, dict(given or {}), timeout=ANSWER_SECONDS)
        except (SocketIOError, OSError):
            return {"ok": False}
        return answer if isinstance(answer, dict) else {"ok": False}

    async def refresh(self) -> None:
        answer = await self.ask("state")
        if answer["ok"]:
            self.version, self.seen = answer["version"], answer["state"]
        self.note()

    async def take_patch(self, message: dict[str, Any]) -> None:
        if message["version"] == self.version + 1:
            self.version = message["version"]
            self.seen = merged(self.seen, message["patch"])
            self.note()
        elif message["version"] > self.version:
            await self.refresh()

    def note(self, *_: object) -> None:
        self.changed.set()

    def here(self, *_: object) -> None:
        """The room asks every facilitator's page each second whether it is there; being called is the answer."""

    async def media_token(self) -> tuple[str, str]:
        """Address of the media engine, and a token for it. Raises NotLetIn."""
        headers = {"X-CSRFToken": self.csrf}
        async with self.http.post(self.address("media-token"), headers=headers) as answer:
            if answer.status != 200:
                raise NotLetIn(f"The token for sound and picture was refused with {answer.status}.")
            given = await answer.json()
        return given["url"], given["token"]

    async def hang_up(self) -> None:
        if self.socket is not None:
            await self.socket.disconnect()
            self.socket = None

    async def close(self) -> None:
        await self.hang_up()
        await self.http.close()


def merged(before: Any, patch: Any) -> Any:
    """The merge patch of RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    after = dict(before) if isinstance(before, dict) else {}
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        else:
            after[key] = merged(after.get(key), value)
    return after
