"""Everybody's browsers in one house, what they send, and whatever comes of it that should not."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, Response
from playwright.sync_api import TimeoutError as Slow
from werkzeug.routing import Rule

from backtolife.people.models import Role
from tests.access.decided.roles import PUBLIC, ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import SIGNS_OUT, address, rules
from tests.access.world import House as World
from tests.soak.payloads.forms import Form, send
from tests.support.running import House

NOBODY = "nobody signed in"
LAST = (
    "leave",
    "died",
    "erase",
    "erasure",
    "switch",
    "close",
    "cancel",
    "remove",
    "delete",
    "merge",
    "take_back",
    "end",
)
"""Words of endpoints after which there is less to try: each role tries these last, in a service of its own."""
OURS = re.compile(r"alert(?:\(|%28)\d")
DAYS = frozenset({"first", "last"})
"""What an address may be asked with as it was typed: the days of a list, chosen from a calendar."""
"""Stands in each payload, however it is encoded."""
LISTEN = """addEventListener('securitypolicyviolation', (event) => window.brokenPolicy(JSON.stringify({
  page: location.pathname, what: event.effectiveDirective, from: event.blockedURI, sample: event.sample})))"""


@dataclass
class Tried:
    """What came of it all."""

    dialogs: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    fell: list[str] = field(default_factory=list)
    """Answers that were an error of ours."""
    turned_away: list[str] = field(default_factory=list)
    """Answers that only said that it was too often: they tried nothing."""
    slow: list[str] = field(default_factory=list)
    """What did not answer in half a minute: nobody saw what came of it."""
    addressed: list[str] = field(default_factory=list)
    """Addresses that a page asked for with words of ours in them."""
    came_back: Counter[str] = field(default_factory=Counter)
    """How many sends were kept, shown back in words, refused, or answered with a file."""
    sent: Counter[str] = field(default_factory=Counter)
    """By role."""
    seen: int = 0
    """Pages opened in the browser, beside those that answered a send."""
    shows: set[tuple[str, str]] = field(default_factory=set)
    """Role and rule of pages on which words of ours were found."""
    no_page: set[tuple[str, str]] = field(default_factory=set)
    """Role and rule of what is a file, a picture or data; nothing is sent there and nothing runs."""
    callers: Iterator[int] = field(default_factory=itertools.count)


@dataclass
class Hands:
    """One role's browser, and what it may open."""

    role: str
    url: str
    page: Page
    paths: list[tuple[str, str]]
    """Rule and address, in the order of the rules."""
    tried: Tried

    def look(self, rule: str, path: str) -> bool:
        """Open a page. False for what is none: a file, a picture, an address that leads to an error."""
        if (self.role, rule) in self.tried.no_page:
            return False
        self.come_from_elsewhere()
        try:
            answer = self.page.goto(self.url + path, wait_until="load", timeout=30_000)
        except Slow:
            self.tried.slow.append(f"{self.role} GET {path}")
            return False
        except Error:  # a download
            self.tried.no_page.add((self.role, rule))
            return False
        self.tried.seen += 1
        self.judge(answer, f"GET {path}")
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            self.tried.no_page.add((self.role, rule))
            return False
        if OURS.search(self.page.content()):
            self.tried.shows.add((self.role, rule))
        return answer.ok

    def come_from_elsewhere(self) -> None:
        """Each request by an address of its own, so that no count of callers turns it away."""
        number = next(self.tried.callers)
        source = f"10.{number // 62500 % 250}.{number // 250 % 250}.{1 + number % 250}"
        self.page.context.set_extra_http_headers({"X-Forwarded-For": source})

    def judge(self, answer: Response | None, what: str) -> None:
        if answer is not None and answer.status >= 500:
            self.tried.fell.append(f"{self.role} {what}: {answer.status}")
        if answer is not None and answer.status == 429:
            self.tried.turned_away.append(f"{self.role} {what}")

    def send(self, path: str, form: Form, values: dict[str, str]) -> None:
        """Send a form of the page that is open."""
        try:
            answer = send(self.page, form, values)
        except Slow:
            self.tried.slow.append(f"{self.role} sends {path} {json.dumps(values)[:200]}")
        except Error:  # what was sent is kept as a file, or the page said why not and stayed
            self.tried.came_back["no page"] += 1
        else:
            self.judge(answer, f"sends {path} {json.dumps(values)[:200]}")
            self.tried.came_back[manner(answer)] += 1
        self.tried.sent[self.role] += 1


def manner(answer: Response | None) -> str:
    """How it came back."""
    if answer is None:
        return "no page"
    if answer.request.redirected_from is not None:
        return "taken, led on"
    return {200: "shown back", 400: "shown back", 409: "shown back"}.get(answer.status, f"refused, {answer.status}")


def paths_of(house: House, world: World, role: Role | None, *, ends: bool) -> list[tuple[str, str]]:
    """Every page this role may open: those that end something, or all others."""
    found = []
    for rule, method in rules(house.app):
        if method == "GET" and rule.endpoint not in SIGNS_OUT and may(role, rule):
            try:
                path = address(house.app, rule, world)
            except KeyError:
                continue
            if ends == any(word in rule.endpoint for word in LAST):
                found.append((rule.rule, path))
    return sorted(found)


def asked_with(address: str) -> list[tuple[str, str]]:
    """What an address says: its path, and what it is asked with."""
    parts = urlsplit(address)
    return [("", parts.path), ("", parts.fragment), *parse_qsl(parts.query, keep_blank_values=True)]


def may(role: Role | None, rule: Rule) -> bool:
    action = ROUTES[rule.endpoint]
    return action == PUBLIC or (role is not None and role in ROLES[action])


def cookie_of(house: House, world: World, role: Role | None) -> dict[str, str]:
    if role is None:
        return {}
    serializer = house.app.session_interface.get_signing_serializer(house.app)  # type: ignore[attr-defined]
    return {house.app.config["SESSION_COOKIE_NAME"]: serializer.dumps({"signed_in": world.tokens[role]})}


@contextmanager
def hands(
    house: House, browser: Browser, world: World, role: Role | None, tried: Tried, *, ends: bool = False
) -> Iterator[Hands]:
    context: BrowserContext = browser.new_context()
    name = role or NOBODY
    cookie = cookie_of(house, world, role)
    context.add_cookies([{"name": key, "value": value, "url": house.url} for key, value in cookie.items()])
    context.expose_function("brokenPolicy", lambda what: tried.broken.append(f"{name}: {what}"))
    context.add_init_script(LISTEN)
    page = context.new_page()

    def show(dialog: Any) -> None:
        if dialog.type != "beforeunload":
            tried.dialogs.append(f"{name} at {page.url}: {dialog.message}")
        dialog.dismiss()

    def note(request: Request) -> None:
        if any(OURS.search(value) for key, value in asked_with(request.url) if key not in DAYS):
            tried.addressed.append(f"{name}: {request.url[:200]}")

    page.on("dialog", show)
    page.on("request", note)
    try:
        yield Hands(name, house.url, page, paths_of(house, world, role, ends=ends), tried)
    finally:
        context.close()
