"""Twenty-five payloads in every field of every form as every role, in a real browser: no dialog, no broken policy.

Each field gets every payload, as many at once as it takes; what is refused is shown back to whoever sent it, what is
kept to everybody who may read it. Fields of the live room that go by its socket are tried in their own tests.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from backtolife import clock
from backtolife.people.models import Role
from tests.access.decided.roles import PUBLIC, ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import SIGNS_OUT, address, rules
from tests.access.world import House as World
from tests.access.world import build
from tests.support.browser import chromium
from tests.support.running import House, running_house

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><script>alert(2)</script>',
    "'><script>alert(3)</script>",
    "<img src=x onerror=alert(4)>",
    '"><img src=x onerror=alert(5)>',
    "<svg onload=alert(6)>",
    "<svg/onload=alert(7)//",
    "</title><script>alert(8)</script>",
    "</textarea><svg onload=alert(9)>",
    "</script><svg onload=alert(10)>",
    "<body onload=alert(11)>",
    "<iframe src=javascript:alert(12)>",
    "<a href=javascript:alert(13)>x</a>",
    "javascript:alert(14)",
    '" autofocus onfocus=alert(15) x="',
    "' autofocus onfocus=alert(16) x='",
    "<details open ontoggle=alert(17)>",
    "<input autofocus onfocus=alert(18)>",
    "<math><mi xlink:href=javascript:alert(19)>",
    "{{ 7*7 }}{% raw %}<b onclick=alert(20)>",
    "${alert(21)}`${alert(21)}`",
    "<style>@import 'javascript:alert(22)';</style>",
    "\\u003cscript\\u003ealert(23)\\u003c/script\\u003e",
    "&lt;script&gt;alert(24)&lt;/script&gt;",
    "<object data=data:text/html,<script>alert(25)</script>>",
)
WALK_EVERY = 4
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
"""Words of endpoints after which there is less to try: they come last."""
FIELDS = """() => [...document.forms].map((form, at) => ({at, post: form.method === 'post', action: form.action,
  fields: [...form.elements].filter((each) => !each.readOnly && !each.disabled && (each.tagName === 'TEXTAREA' ||
    (each.tagName === 'INPUT' && ['text', 'search', 'email', 'tel', 'url', 'password'].includes(each.type))))
    .map((each) => ({name: each.name, most: each.maxLength > 0 ? each.maxLength : 200}))}))"""
SEND = """([at, values]) => { const form = document.forms[at];
  for (const [name, value] of Object.entries(values)) for (const each of form.elements)
    if (each.name === name) each.value = value;
  for (const each of form.elements) if (each.type === 'radio' && !form.querySelector(`[name="${each.name}"]:checked`))
    each.checked = true;
  HTMLFormElement.prototype.submit.call(form); }"""
LISTEN = "addEventListener('securitypolicyviolation', (event) => window.brokenPolicy(JSON.stringify({"
LISTEN += "page: location.pathname, what: event.effectiveDirective, from: event.blockedURI, sample: event.sample})))"


@dataclass
class Tried:
    """What came of it: which payloads each field has had, and whatever should never be."""

    had: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """By path, form and field, how many of the payloads it had."""
    dialogs: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    fell: list[str] = field(default_factory=list)
    """Pages that answered with an error of ours."""
    sent: Counter[Role] = field(default_factory=Counter)
    seen: int = 0

    @property
    def is_done(self) -> bool:
        return all(count >= len(PAYLOADS) for count in self.had.values())


@dataclass
class Hands:
    """One role's browser, and what it may open."""

    role: Role
    page: Page
    paths: list[str]


def paths_of(house: House, world: World, role: Role) -> list[str]:
    """Every page this role may open, those that end something last."""
    found = []
    for rule, method in rules(house.app):
        action = ROUTES[rule.endpoint]
        if method != "GET" or rule.endpoint in SIGNS_OUT or (action != PUBLIC and role not in ROLES[action]):
            continue
        ends = any(word in rule.endpoint for word in LAST)
        try:
            found.append((ends, address(house.app, rule, world)))
        except KeyError:
            continue
    return [path for _, path in sorted(found)]


@contextmanager
def hands(house: House, browser: Browser, world: World, role: Role, tried: Tried) -> Iterator[Hands]:
    context: BrowserContext = browser.new_context()
    serializer = house.app.session_interface.get_signing_serializer(house.app)  # type: ignore[attr-defined]
    cookie = serializer.dumps({"signed_in": world.tokens[role]})
    context.add_cookies([{"name": house.app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": house.url}])
    context.expose_function("brokenPolicy", lambda what: tried.broken.append(f"{role}: {what}"))
    context.add_init_script(LISTEN)
    page = context.new_page()

    def show(dialog: Any) -> None:
        if dialog.type != "beforeunload":
            tried.dialogs.append(f"{role} at {page.url}: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", show)
    try:
        yield Hands(role, page, paths_of(house, world, role))
    finally:
        context.close()


def look(house: House, one: Hands, path: str, tried: Tried) -> bool:
    """Open a page. False for what is none: a file, a picture, an address that leads elsewhere."""
    try:
        answer = one.page.goto(house.url + path, wait_until="load", timeout=30_000)
    except Error:  # a download
        return False
    tried.seen += 1
    if answer is not None and answer.status >= 500:
        tried.fell.append(f"{one.role} GET {path}: {answer.status}")
    return answer is not None and answer.ok and "text/html" in answer.headers.get("content-type", "")


def pack(most: int, had: int) -> tuple[str, int]:
    """The next payloads that a field of so many characters takes together, and how many they are. One that is too long
    for a field goes into it alone, and is refused in words."""
    words, count = "", 0
    for payload in PAYLOADS[had:]:
        if words and len(words) + len(payload) > most:
            break
        words, count = words + payload, count + 1
    return words or PAYLOADS[0], max(count, 1)


def send_all(house: House, one: Hands, path: str, tried: Tried) -> None:
    """Every form of a page that has a field which has not had all of them."""
    if not look(house, one, path, tried):
        return
    for form in one.page.evaluate(FIELDS):
        values, counted = {}, {}
        for each in form["fields"]:
            key = (f"{one.role} {path}", str(form["at"]), each["name"])
            had = tried.had.setdefault(key, 0)
            values[each["name"]], count = pack(each["most"], had % len(PAYLOADS))
            counted[key] = had + count
        if not values or all(tried.had[key] >= len(PAYLOADS) for key in counted):
            continue
        if not look(house, one, path, tried):
            return
        try:
            with one.page.expect_navigation(wait_until="load", timeout=30_000) as moved:
                one.page.evaluate(SEND, [form["at"], values])
            answer = moved.value
            if answer is not None and answer.status >= 500:
                tried.fell.append(f"{one.role} sends {path}: {answer.status} {json.dumps(values)[:200]}")
        except Error:  # what was sent is kept as a file
            pass
        tried.had |= counted
        tried.sent[one.role] += 1


def walk(house: House, everybody: list[Hands], tried: Tried) -> None:
    for one in everybody:
        for path in one.paths:
            look(house, one, path, tried)


@pytest.mark.browser
def test_no_payload_in_any_field_runs_in_anybodys_browser(tmp_path: Path) -> None:
    tried = Tried()
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        with house.database() as db:
            world = build(db, "A", clock.now())
        roles = [role for role in Role if role in world.tokens]
        rounds = 0
        while rounds < 1:
            rounds += 1
            for role in roles:
                with hands(house, browser, world, role, tried) as one:
                    for path in one.paths:
                        send_all(house, one, path, tried)
                    if rounds % WALK_EVERY == 1 or tried.is_done:
                        walk(house, [one], tried)
    print(  # noqa: T201
        f"{len(tried.had)} fields, {sum(tried.sent.values())} forms sent in {rounds} rounds, {tried.seen} pages seen, "
        f"{len(tried.dialogs)} dialogs, {len(tried.broken)} broken policies"
    )
    assert (tried.dialogs, tried.broken, tried.fell) == ([], [], [])
    assert len(tried.had) > 200
    assert set(tried.sent) == {role for role in roles if role in tried.sent}
