"""sqlmap finds no way into the database by a search, list, door or address; in a page made to be open it finds one."""

import re
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from werkzeug.routing import Rule

from backtolife import clock
from backtolife.people.models import GUESTS, Role
from tests.access.decided.roles import ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import SIGNS_OUT, address, rules
from tests.access.world import House as World
from tests.access.world import build
from tests.support.figures import figure
from tests.support.running import House, running_house

CLOSED, OPEN = "do not appear to be injectable", "identified the following injection point"
FORM = re.compile(r'<form[^>]*method="get"[^>]*>(.*?)</form>', re.DOTALL)
SEARCH = re.compile(r'<form[^>]*method="post"[^>]*role="search"[^>]*>(.*?)</form>', re.DOTALL)
ACTION = re.compile(r'action="([^"?]*)')
NAME = re.compile(r'<(?:input|select|textarea)[^>]*\sname="([^"]+)"')
ASKED = re.compile(r'href="(/[^"?#]*)\?([^"#]+)"')
TOKEN = "csrf_token"
DOORS = {"/sign-in": "email=a@example.org", "/staff/sign-in": "email=a@example.org&password=lantern+orchard"}


def sqlmap(folder: Path, url: str, *more: str) -> str:
    """What sqlmap says of an address. Never in words of its own choice: it asks nothing and keeps nothing."""
    asked = ["sqlmap", "--batch", "--disable-coloring", "--flush-session", f"--output-dir={folder}", "-u", url]
    asked += ["--technique=BEUQ", "--level=1", "--risk=1", "--timeout=60", "--answers=redirect=N", *more]
    return subprocess.run(asked, capture_output=True, text=True, check=False, timeout=1800).stdout


class Careless(BaseHTTPRequestHandler):
    """A page that joins what it is asked for into its statement."""

    def do_GET(self) -> None:
        name = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
        db = sqlite3.connect(":memory:")
        db.executescript("CREATE TABLE person (name TEXT); INSERT INTO person VALUES ('Ada'), ('Ben')")
        try:
            words = str(db.execute(f"SELECT name FROM person WHERE name = '{name}'").fetchall())  # noqa: S608 - on purpose
        except sqlite3.Error as error:
            words = f"sqlite3.OperationalError: {error}"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nobody reads it."""


def test_in_a_page_that_is_open_it_finds_a_way(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    threading.Thread(target=server.serve_forever).start()
    try:
        said = sqlmap(tmp_path, f"http://127.0.0.1:{server.server_port}/?q=Ada")
    finally:
        server.shutdown()
        server.server_close()
    figure("a page that joins words into its statement: a way in was found")
    assert OPEN in said, said[-2000:]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, World]]:
    other = {"PROXIES": "1"}  # each try comes from an address of its own, so that no count turns it away
    with running_house(tmp_path_factory.mktemp("house"), media=False, other=other) as running:
        with running.database() as db:
            world = build(db, "A", clock.now())
        yield running, world


def cookie_of(house: House, world: World, role: Role) -> str:
    serializer = house.app.session_interface.get_signing_serializer(house.app)  # type: ignore[attr-defined]
    name = house.app.config["SESSION_COOKIE_NAME"]
    return f"{name}={serializer.dumps({'signed_in': world.tokens[role]})}"


def paths_of(house: House, world: World, role: Role) -> Iterator[tuple[Rule, str]]:
    for rule, method in rules(house.app):
        if method != "GET" or rule.endpoint in SIGNS_OUT or role not in ROLES.get(ROUTES[rule.endpoint], frozenset()):
            continue
        try:
            yield rule, address(house.app, rule, world)
        except KeyError:
            continue


def asked_addresses(house: House, world: World, role: Role) -> dict[str, set[str]]:
    """By path, the names that pages ask it with: of search forms, and of links that sort or leaf through."""
    found: dict[str, set[str]] = {}
    for _, path in paths_of(house, world, role):
        page = requests.get(house.url + path, headers={"Cookie": cookie_of(house, world, role)}, timeout=60)
        for form in FORM.finditer(page.text):
            action = ACTION.search(form[0].partition(">")[0])
            found.setdefault(action[1] if action else path, set()).update(NAME.findall(form[1]))
        for where, asked in ASKED.findall(page.text):
            found.setdefault(where, set()).update(parse_qs(asked.replace("&amp;", "&"), keep_blank_values=True))
    return {path: names for path, names in found.items() if names}


def searches(house: House, world: World, role: Role) -> dict[str, set[str]]:
    """By path, the names that the searches of pages send: what is looked for stands in no address."""
    found: dict[str, set[str]] = {}
    for _, path in paths_of(house, world, role):
        page = requests.get(house.url + path, headers={"Cookie": cookie_of(house, world, role)}, timeout=60)
        for form in SEARCH.finditer(page.text):
            action = ACTION.search(form[0].partition(">")[0])
            found.setdefault(action[1] if action else path, set()).update(set(NAME.findall(form[1])) - {TOKEN})
    return found


def is_still_signed_in(house: House, cookie: str) -> bool:
    """Whether what was tried was tried inside, and not at the door that somebody signed out is led to."""
    return requests.get(house.url, headers={"Cookie": cookie}, allow_redirects=False, timeout=60).status_code == 200


def test_no_address_of_a_list_lets_it_in(house: tuple[House, World], tmp_path: Path) -> None:
    running, world = house
    tried: dict[str, set[str]] = {}
    for role in Role:
        cookie = cookie_of(running, world, role)
        for path, names in asked_addresses(running, world, role).items():
            if names <= tried.get(path, set()):
                continue
            query = "&".join(f"{name}=1" for name in sorted(names))
            said = sqlmap(tmp_path, f"{running.url}{path}?{query}", f"--cookie={cookie}", "--tamper=xforwardedfor")
            assert CLOSED in said, f"{role}: {path}?{query}: {said[-2000:]}"
            tried.setdefault(path, set()).update(names)
        assert role in GUESTS or is_still_signed_in(running, cookie), role
    figure(f"{len(tried)} addresses of lists, {sum(map(len, tried.values()))} names asked with: none is open")
    assert len(tried) >= 5, tried  # which links a page has hangs on the hour: a door is open, or a session is over


def test_no_search_lets_it_in(house: tuple[House, World], tmp_path: Path) -> None:
    running, world = house
    tried: dict[str, set[str]] = {}
    for role in Role:
        cookie = cookie_of(running, world, role)
        for path, names in searches(running, world, role).items():
            if names <= tried.get(path, set()):
                continue
            data = "&".join([*(f"{name}=1" for name in sorted(names)), f"{TOKEN}=1"])
            more = (f"--data={data}", f"--csrf-token={TOKEN}", "-p", ",".join(sorted(names)))
            said = sqlmap(tmp_path, running.url + path, f"--cookie={cookie}", "--tamper=xforwardedfor", *more)
            assert CLOSED in said, f"{role}: {path} {data}: {said[-2000:]}"
            tried.setdefault(path, set()).update(names)
        assert role in GUESTS or is_still_signed_in(running, cookie), role
    figure(
        f"{len(tried)} searches, {sum(map(len, tried.values()))} fields sent: none is open ({', '.join(sorted(tried))})"
    )
    assert len(tried) >= 5, tried


@pytest.mark.parametrize("door", DOORS)
def test_no_door_for_everybody_lets_it_in(house: tuple[House, World], tmp_path: Path, door: str) -> None:
    running, _ = house
    more = (f"--data={DOORS[door]}&{TOKEN}=1", f"--csrf-token={TOKEN}", "--tamper=xforwardedfor", "-p", "email")
    said = sqlmap(tmp_path, running.url + door, *more)
    assert CLOSED in said, said[-2000:]
    figure(f"{door}: is not open")


def test_no_address_of_a_record_lets_it_in(house: tuple[House, World], tmp_path: Path) -> None:
    running, world = house
    tried = set[tuple[str, str]]()
    names = set[str]()
    for role in Role:
        cookie = cookie_of(running, world, role)
        for rule, path in paths_of(running, world, role):
            for name in sorted(rule.arguments & set(world.ids)):
                if (rule.rule, name) in tried or world.ids[name] not in path:
                    continue
                marked = path.replace(world.ids[name], f"{world.ids[name]}*", 1)
                said = sqlmap(tmp_path, running.url + marked, f"--cookie={cookie}", "--ignore-code=400,403,404")
                assert CLOSED in said, f"{role}: {marked}: {said[-2000:]}"
                tried.add((rule.rule, name))
                names.add(name)
    figure(f"{len(tried)} places in addresses of records, of {len(names)} kinds: none is open")
    assert len(names) >= 10, names
