"""The web process is killed twenty times while 500 answers are sent, on both databases: none is lost, none doubled."""

import http.cookiejar
import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from backtolife import clock
from backtolife.audit.chain import verify
from backtolife.outcomes.catalogue.wording import wording
from backtolife.outcomes.models import Answer, GivenAnswer
from backtolife.people.models import Person, Role
from tests.support.factories import Factory
from tests.support.figures import figure
from tests.support.outcomes.sheets import Patient
from tests.support.postgresql import running_postgresql
from tests.support.running import House, running_house

PEOPLE, AT_ONCE, KILLS = 20, 4, 20
FORMS = {"phq-9": 9, "gad-7": 7, "semcd-6": 6, "peg-3": 3}
"""Twenty people times 25 answers are 500."""
PATIENCE_SECONDS = 120


@dataclass
class Phone:
    """One patient's device: it sends each answer until it hears that we have it."""

    url: str
    cookies: dict[str, str]
    forms: dict[str, str]
    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    tries: int = 0

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.token = ""

    def ask(self, path: str, body: object = None) -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/json", "X-CSRFToken": self.token, "Referer": self.url}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
            return bytes(answer.read())

    def patiently(self, path: str, body: object = None) -> bytes:
        """Again and again, with the same keys, until an answer comes back."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self.tries += 1
            try:
                return self.ask(path, body)
            except (urllib.error.URLError, OSError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def answer_all(self) -> None:
        for instrument, response in self.forms.items():
            page = self.patiently(f"/questions/{response}/1").decode()
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert found
            self.token = found[1]
            for question in wording(instrument).questions:
                value = question.options[0].value if question.options else question.minimum
                key = f"{instrument}-{question.id}"
                body = {"answers": [{"question": question.id, "value": value, "key": key, "ago": 0}]}
                saved = json.loads(self.patiently(f"/questions/{response}/answers", body))
                assert saved["saved"] == [key], saved
                self.acknowledged.add((response, key))


def phones(house: House) -> list[Phone]:
    found = []
    with house.database() as db:
        now = clock.now()
        make = Factory(db, now)
        service = make.service()
        first_day = (now + timedelta(days=7)).date()
        cohorts = [make.cohort(service, first_day=first_day) for _ in range(2)]
        make.person(service, Role.CLINICAL_LEAD, "Grace")
        people = []
        for number in range(PEOPLE):
            enrolment = make.enrolment(cohorts[number % 2])
            person = db.get_one(Person, enrolment.person_id)
            patient = Patient(db, enrolment, make.actor(person), now)
            people.append((person, {name: patient.open(name).id for name in FORMS}))
    for person, forms in people:
        found.append(Phone(house.url, house.sign_in(person), forms))
    return found


def kill_again_and_again(house: House, everyone: list[Phone], done: threading.Event) -> int:
    """Kill the web process as answers come in, evenly, and start it again each time. Returns how often."""
    kills, whole = 0, PEOPLE * sum(FORMS.values())
    while kills < KILLS and not done.is_set():
        if sum(len(phone.acknowledged) for phone in everyone) >= kills * whole / (KILLS + 1):
            house.web.kill()
            kills += 1
            house.web.start()
        time.sleep(0.01)
    return kills


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        other = {}
        if request.param == "PostgreSQL":
            other = {"DATABASE_URL": stack.enter_context(running_postgresql(tmp_path))}
        yield stack.enter_context(running_house(tmp_path / "house", media=False, other=other))


def test_500_answers_are_there_once_though_the_server_was_killed_twenty_times(
    house: House, request: pytest.FixtureRequest
) -> None:
    everyone, done = phones(house), threading.Event()
    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        killing = pool.submit(kill_again_and_again, house, everyone, done)
        answering = [pool.submit(phone.answer_all) for phone in everyone]
        for each in answering:
            each.result()
        done.set()
        assert killing.result() == KILLS
    acknowledged = set().union(*(phone.acknowledged for phone in everyone))
    with house.database() as db:
        given = [(row.response_id, row.client_key) for row in db.exec(select(GivenAnswer))]
        standing = [(row.response_id, row.client_key) for row in db.exec(select(Answer))]
        services = {row.service_id for row in db.exec(select(GivenAnswer))}
        assert [verify(db, service).broken_at for service in services] == [None]
    lost, doubled = len(acknowledged - set(given)), len(given) - len(set(given))
    name, tries = request.node.callspec.params["house"], sum(phone.tries for phone in everyone)
    figure(f"{name}: {len(acknowledged)} answers, {KILLS} kills, {tries} requests: {lost} lost, {doubled} doubled")
    assert len(acknowledged) == PEOPLE * sum(FORMS.values()) == 500
    assert sorted(given) == sorted(acknowledged), "lost or doubled"
    assert sorted(standing) == sorted(acknowledged), "lost or doubled"
