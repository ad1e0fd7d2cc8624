"""A browser nobody knows, from an address of its own, that opens pages and sends forms."""

import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"
PATIENCE_SECONDS = 120.0


def address_of(number: int) -> str:
    """The address of visitor `number`: each comes from a network of its own, so that no count holds them together."""
    return f"10.{number // 250 % 250}.{number % 250}.{1 + number // 62500}"


@dataclass
class Visitor:
    """It keeps cookies, as a browser does; each request has a line of its own, so that none was closed meanwhile."""

    url: str
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        self.line = HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE_SECONDS)

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes, float]:
        """Status, page and milliseconds."""
        headers = {"X-Forwarded-For": self.address, "Referer": self.url, "Origin": self.url}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = FORM
        self.line.close()
        self.line.connect()
        began = time.perf_counter()
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        page = answer.read()
        took = (time.perf_counter() - began) * 1000
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page, took

    def open(self, path: str) -> bytes:
        """Read a page, and keep its form's token."""
        status, page, _ = self.ask("GET", path)
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
        if status != 200 or found is None:
            raise RuntimeError(f"{path}: {status}, no form")
        self.token = found[1].decode()
        return page

    def send(self, path: str, **fields: str) -> tuple[int, float]:
        """Send the form that was opened last. Status and milliseconds."""
        status, _, took = self.ask("POST", path, urlencode({**fields, "csrf_token": self.token}))
        return status, took

    def close(self) -> None:
        self.line.close()
