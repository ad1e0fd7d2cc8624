"""How soon somebody is out, in pages, sockets, media and programs, once a colleague or they themselves say so.

`python -m benchmarks.security.cut_off`. Each is really there before: a page open, a socket in the room, a signal
connection to the media engine. What ends it is written by another process, as a second web process would. Reach: 5 s.
"""

import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import requests
import websocket
from livekit.protocol import rtc
from sqlmodel import Session

from backtolife import clock
from backtolife.people.colleagues import services as colleagues
from backtolife.people.models import Person, Role, Service
from backtolife.people.permissions import CLIENT_SCOPES
from backtolife.people.signing_in import places
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.places.leaving import withdraw
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from backtolife.reporting.api import clients
from backtolife.sessions.state import seats as seat_changes
from tests.support.factories import Factory
from tests.support.media.signals import join_request
from tests.support.postgresql import running_postgresql
from tests.support.running import House, running_house
from tests.support.sessions.gathering import Gathering, gather
from tests.support.sessions.socket_page import SocketPage

REACH_SECONDS, PATIENCE_SECONDS, LOOK_SECONDS = 5.0, 30.0, 0.02


@dataclass
class Inside:
    """Somebody who is in the room in every way, until they are not. `out` holds the seconds by way."""

    house: House
    person: Person
    page: SocketPage
    media: websocket.WebSocket
    gone: dict[str, float] = field(default_factory=dict)

    @classmethod
    def enter(cls, house: House, group: Gathering, person: Person) -> "Inside":
        page = SocketPage(house, person, group.group_session.id).connect()
        for cookie in [each for each in page.http.cookies if not each.domain]:
            page.http.cookies.clear(cookie.domain, cookie.path, cookie.name)  # the page has set it anew
        address = f"{house.url}/sessions/{group.group_session.id}/media-token"
        told = page.http.post(address, headers={"X-CSRFToken": page.csrf, "Referer": house.url}, timeout=30)
        if told.status_code != 200:
            raise RuntimeError(f"{person.shown_name} gets no media token: {told.status_code} {told.text[:300]}")
        token = told.json()["token"]
        engine = house.settings.media_api_url.replace("http", "ws", 1)
        address = f"{engine}/rtc/v1?access_token={token}&join_request={join_request()}"
        media = websocket.create_connection(address, timeout=PATIENCE_SECONDS)
        media.recv()
        return cls(house, person, page, media)

    def watch(self, begun: float) -> list[threading.Thread]:
        """Note when each way ends, from now on."""
        ways = {"page": self.page_is_shut, "socket": self.socket_is_shut, "media": self.media_is_shut}
        watching = [threading.Thread(target=self.until, args=(way, shut, begun)) for way, shut in ways.items()]
        for each in watching:
            each.start()
        return watching

    def until(self, way: str, is_shut: Callable[[], bool], begun: float) -> None:
        while time.monotonic() - begun < PATIENCE_SECONDS:
            if is_shut():
                self.gone[way] = time.monotonic() - begun
                return
            time.sleep(LOOK_SECONDS)
        self.gone[way] = float("inf")

    def page_is_shut(self) -> bool:
        """The room's page: led to a page for signing in or to one that says why, or refused."""
        address = f"{self.house.url}/sessions/{self.page.group_session_id}/room"
        answer = self.page.http.get(address, allow_redirects=False, timeout=30)
        return answer.status_code != 200 or 'name="csrf-token"' not in answer.text

    def socket_is_shut(self) -> bool:
        return not self.page.client.connected

    def media_is_shut(self) -> bool:
        with suppress(websocket.WebSocketTimeoutException):
            self.media.settimeout(0.2)
            try:
                kind, said = self.media.recv_data()
            except (websocket.WebSocketConnectionClosedException, OSError):
                return True
            if kind == websocket.ABNF.OPCODE_CLOSE:
                return True
            return bool(rtc.SignalResponse.FromString(said).WhichOneof("message") == "leave")
        return False

    def close(self) -> None:
        with suppress(OSError, websocket.WebSocketException):
            self.media.close()
        self.page.close()


@dataclass(frozen=True)
class Ending:
    """What somebody does, and to whom."""

    name: str
    does: Callable[[Session, Gathering, datetime], None]
    whom: Callable[[Gathering], Person]


def leaves(db: Session, group: Gathering, now: datetime) -> None:
    place = group.make.enrolment_of(group.patients[0], group.cohort)
    leaving = Leaving(DecidedBy.TEAM, Reason.ILL)
    withdraw(db, enrolment=place, leaving=leaving, actor=group.make.actor(group.lead), now=now)


def takes_yes_back(db: Session, group: Gathering, now: datetime) -> None:
    del db, now
    group.make.agrees(group.patients[0], agreed=False, kinds=[ConsentKind.GROUP])


def is_switched_off(db: Session, group: Gathering, now: datetime) -> None:
    administrator = group.make.person(db.get_one(Service, group.cohort.service_id), Role.ADMINISTRATOR)
    db.flush()
    colleagues.switch_off(
        db,
        [],
        actor=group.make.actor(administrator),
        person=db.get_one(Person, group.spotter.id),
        to_id="",
        site="http://localhost",
        now=now,
        later=True,
    )


def signs_out_everywhere(db: Session, group: Gathering, now: datetime) -> None:
    patient = db.get_one(Person, group.patients[0].id)
    places.end_everywhere(db, actor=group.make.actor(patient), person=patient, now=now)


ENDINGS = (
    Ending("a patient leaves the group", leaves, lambda group: group.patients[0]),
    Ending("a patient takes their yes back", takes_yes_back, lambda group: group.patients[0]),
    Ending("a patient signs out everywhere", signs_out_everywhere, lambda group: group.patients[0]),
    Ending("a colleague is switched off", is_switched_off, lambda group: group.spotter),
)


def ready(house: House) -> Gathering:
    """A group that has agreed to what its service asks, and its people in the room."""
    with house.database() as db:
        now = clock.now()
        group = gather(db, now)
        group.make.asks(db.get_one(Service, group.cohort.service_id))
        for patient in group.patients:
            group.make.agrees(patient)
            seat = group.sit(patient, now=now)
            group.apply(seat_changes.admit, now, seat=seat.id, now_ms=0)
        for colleague in (group.lead, group.spotter):
            group.sit(colleague, now=now)
        return group


def measure(house: House, ending: Ending) -> None:
    group = ready(house)
    somebody = Inside.enter(house, group, ending.whom(group))
    with house.database() as db:
        group.db = group.make.db = db
        ending.does(db, group, clock.now())
    begun = time.monotonic()
    for each in somebody.watch(begun):
        each.join()
    somebody.close()
    tell(ending.name, somebody.gone)


def program_is_shut_out(house: House) -> None:
    with house.database() as db:
        make = Factory(db, clock.now())
        lead = make.actor(make.person(make.service(), Role.SERVICE_LEAD))
        scopes = sorted(CLIENT_SCOPES)
        known, token = clients.create(
            db, actor=lead, name="Dashboard", scopes=scopes, days=clients.LIVES[0], confirmed=True, now=clock.now()
        )
        client_id = known.id
    address, bearing = f"{house.url}/api/v1/forms", {"Authorization": f"Bearer {token}"}
    requests.get(address, headers=bearing, timeout=30).raise_for_status()
    with house.database() as db:
        clients.revoke(db, actor=lead, client_id=client_id, now=clock.now())
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE_SECONDS:
        if requests.get(address, headers=bearing, timeout=30).status_code in (401, 403):
            tell("a program's access is taken away", {"API": time.monotonic() - begun})
            return
        time.sleep(LOOK_SECONDS)
    tell("a program's access is taken away", {"API": float("inf")})


def tell(what: str, seconds: dict[str, float]) -> None:
    ways = "  ".join(f"{way} {took:5.2f} s" for way, took in sorted(seconds.items()))
    verdict = "reached" if max(seconds.values()) <= REACH_SECONDS else "MISSED"
    print(f"{what:34} {ways}  {verdict} (at most {REACH_SECONDS:.0f} s)", flush=True)


def everything(kind: str, folder: Path, other: dict[str, str]) -> None:
    print(kind)
    with running_house(folder, other=other) as house:
        for ending in ENDINGS:
            measure(house, ending)
        program_is_shut_out(house)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        everything("SQLite", Path(folder) / "house", {})
    with tempfile.TemporaryDirectory() as folder, running_postgresql(Path(folder)) as url:
        everything("PostgreSQL", Path(folder) / "house", {"DATABASE_URL": url})


if __name__ == "__main__":
    main()
