"""A room page without a browser: signed in, with the page's own token, connected to the real server."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import requests
import socketio

from backtolife.people.models import Person
from tests.support.running import House

PATIENCE_SECONDS = 90.0


class SocketPage:
    """Connected as one person. `heard` keeps every event that came in, with its payload."""

    def __init__(self, house: House, person: Person, group_session_id: str) -> None:
        self.group_session_id = group_session_id
        self.http = requests.Session()
        self.http.cookies.update(house.sign_in(person))
        self.house, self.heard = house, list[tuple[str, Any]]()
        self.opened: list[Any] = []
        self.tab = uuid.uuid4().hex
        page = self.http.get(f"{house.url}/sessions/{group_session_id}/room", timeout=90)
        token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
        assert token is not None, f"no room page: {page.status_code}"
        self.csrf = token[1]
        self.client = self.new_client()

    def new_client(self) -> socketio.Client:
        client = socketio.Client(http_session=self.http, reconnection_delay=0.2, reconnection_delay_max=1)
        client.on("connect", lambda: self.opened.append(client.eio.ws))
        client.on("*", lambda name, *given: self.heard.append((name, given[0] if given else None)))
        return client

    def connect(self, **headers: str) -> "SocketPage":
        auth = {"session": self.group_session_id, "csrf": self.csrf, "tab": self.tab}
        self.client.connect(self.house.url, auth=auth, headers=headers, transports=["websocket"], wait_timeout=90)
        return self

    def ask(self, name: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.client.call(name, given or {}, timeout=90)
        assert isinstance(answer, dict)
        return answer

    def close(self) -> None:
        """Leave, and close the sockets that the client library forgets when the server ends a connection."""
        self.client.disconnect()
        for connection in self.opened:
            connection.shutdown()
        self.http.close()


def until(true: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Look until it is so. Raises AssertionError when it does not become so in good time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} s")
