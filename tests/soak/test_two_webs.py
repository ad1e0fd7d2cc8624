"""Two webs behind the example proxy, on one PostgreSQL and one Redis; one is killed in the middle of a session."""

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import requests
from sqlmodel import select

from backtolife import clock
from backtolife.outcomes.models import Answer
from backtolife.sessions.realtime.reconciler import EVERY_SECONDS, SILENT_SECONDS
from backtolife.sessions.room.models import ChatMessage
from backtolife.sessions.state import seats
from tests.soak.test_answers_kills import AT_ONCE, FORMS, PEOPLE, phones
from tests.support.network.proxy import running_proxy
from tests.support.network.redis_server import running_redis
from tests.support.postgresql import running_postgresql
from tests.support.running import House, Process, free_port, running_house, web_process
from tests.support.sessions.gathering import Gathering, gather
from tests.support.sessions.socket_page import SocketPage, until

LOOKS = 3
pytestmark = pytest.mark.timeout(1500)
TOKEN = "a token for figures, 0123456789abcdef"
KILLS = 4
TOO_OFTEN = 429
MORE_THAN_ANY_LIMIT = 60
HELLO = {"text": "Hello all", "audience": "group", "client_id": "c1"}


class RoomPage(SocketPage):
    """A room page that names its room in the socket's address, as ours in a browser do."""

    def connect(self, **headers: str) -> "RoomPage":
        auth = {"session": self.group_session_id, "csrf": self.csrf, "tab": self.tab}
        address = f"socket.io/{self.group_session_id}"
        self.client.connect(
            self.house.url, auth=auth, headers=headers, transports=["websocket"], socketio_path=address, wait_timeout=90
        )
        return self


@dataclass(frozen=True)
class Pair:
    """One house with two webs; the proxy has its address."""

    house: House
    webs: tuple[Process, Process]

    def pages_of(self, web: Process) -> int:
        """How many room pages are connected to this web."""
        asked = {"Authorization": f"Bearer {TOKEN}"}
        said = requests.get(web.health.replace("/healthz", "/metrics"), headers=asked, timeout=60).text
        found = re.search(r"^web_room_pages (\d+)", said, re.MULTILINE)
        assert found is not None, said
        return int(found[1])


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    around, one, two = (tmp_path_factory.mktemp(name) for name in ("around", "one", "two"))
    ports = free_port(), free_port()
    with ExitStack() as left:
        database = left.enter_context(running_postgresql(around))
        redis = left.enter_context(running_redis())
        both = " ".join(f"127.0.0.1:{port}" for port in ports)
        proxy = left.enter_context(running_proxy(around, web=both, media="127.0.0.1:1"))
        trusting = left.enter_context(pytest.MonkeyPatch.context())
        for name, value in proxy.trusting.items():
            trusting.setenv(name, value)
        other = {"PUBLIC_URL": proxy.url, "DATABASE_URL": database, "REDIS_URL": redis, "PROXIES": "1"}
        other["METRICS_TOKEN"] = TOKEN
        house = left.enter_context(running_house(one, port=ports[0], media=False, other=other))
        second = web_process(house.web.environ, ports[1], two)
        second.start()
        left.callback(second.stop)
        yield Pair(house, (house.web, second))


@pytest.fixture
def group(pair: Pair) -> Gathering:
    with pair.house.database() as db:
        made = gather(db, clock.now())
        for seat in [made.sit(person, now=clock.now()) for person in made.patients]:
            made.apply(seats.admit, clock.now(), seat=seat.id, now_ms=0)
        return made


@pytest.fixture
def pages(pair: Pair, group: Gathering) -> Iterator[list[RoomPage]]:
    """The lead's page, Linda's and Joseph's."""
    people = (group.lead, *group.patients)
    connected = [RoomPage(pair.house, person, group.group_session.id).connect() for person in people]
    yield connected
    for page in connected:
        page.close()


def test_a_session_goes_on_at_the_other_web_when_its_own_is_killed(
    pair: Pair, group: Gathering, pages: list[RoomPage]
) -> None:
    lead, linda, _ = pages
    assert lead.ask("start")["ok"]
    assert linda.ask("chat", HELLO)["ok"]
    held = [pair.pages_of(web) for web in pair.webs]
    assert sorted(held) == [0, 3], "everybody of a session is at one web"
    own, other = pair.webs if held[0] else pair.webs[::-1]
    own.kill()
    until(lambda: all(page.client.connected for page in pages), "reconnecting")
    until(lambda: pair.pages_of(other) == 3, "coming to the other web")
    state = linda.ask("state")
    assert [one["text"] for one in state["chat"]] == ["Hello all"]
    assert linda.ask("chat", HELLO)["ok"]
    assert lead.ask("next", {"seen": 0})["ok"]
    with pair.house.database() as db:
        assert len(db.exec(select(ChatMessage).where(ChatMessage.text == "Hello all")).all()) == 1
    own.start()
    late = RoomPage(pair.house, group.spotter, group.group_session.id).connect()
    pages.append(late)
    until(lambda: pair.pages_of(own) > 0, "whoever comes now being at the first web again")
    time.sleep(SILENT_SECONDS + LOOKS * EVERY_SECONDS)
    state = late.ask("state")["state"]
    assert [seat for seat, entry in state["seats"].items() if not entry["online"]] == [], "nobody is called gone"
    assert late.ask("chat", {**HELLO, "text": "I am here too", "client_id": "c2"})["ok"]
    until(lambda: "I am here too" in str(linda.heard), "hearing what is said at the other web")


def test_tries_are_counted_at_both_webs_together(pair: Pair) -> None:
    one, other = (web.health.removesuffix("/healthz") for web in pair.webs)
    codes = [ask_for_a_link(one) for _ in range(MORE_THAN_ANY_LIMIT)]
    assert codes[0] != TOO_OFTEN
    assert codes[-1] == TOO_OFTEN
    assert ask_for_a_link(other) == TOO_OFTEN


def test_500_answers_are_there_once_though_each_web_was_killed_in_turn(pair: Pair) -> None:
    everyone = phones(pair.house)
    whole, kills = PEOPLE * sum(FORMS.values()), 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sending = [pool.submit(phone.answer_all) for phone in everyone]
        while kills < KILLS and not all(each.done() for each in sending):
            if sum(len(phone.acknowledged) for phone in everyone) >= (kills + 1) * whole / (KILLS + 2):
                web = pair.webs[kills % 2]
                web.kill()
                time.sleep(2)
                web.start()
                kills += 1
            time.sleep(0.05)
        for each in sending:
            each.result()
    assert kills == KILLS
    with pair.house.database() as db:
        kept = [(answer.response_id, answer.item) for answer in db.exec(select(Answer))]
    assert len(kept) == len(set(kept)) == whole == sum(len(phone.acknowledged) for phone in everyone)


def ask_for_a_link(url: str) -> int:
    """As a stranger asks for a link by mail; the code of the answer."""
    with urllib.request.urlopen(f"{url}/sign-in", timeout=60) as page:
        cookies = "; ".join(each.split(";")[0] for each in page.headers.get_all("Set-Cookie"))
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert token is not None
    form = urllib.parse.urlencode({"csrf_token": token[1], "email": "linda@example.org"}).encode()
    request = urllib.request.Request(f"{url}/sign-in", data=form, headers={"Cookie": cookies})
    try:
        with urllib.request.build_opener(Stays).open(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


class Stays(urllib.request.HTTPRedirectHandler):
    """Goes nowhere: where the answer leads to is on the public name."""

    def redirect_request(self, *_: object) -> None:
        return None
