"""A lead changes session 3 and a message in a draft, publishes it, and the next group begins with it."""

import html
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.editing.models import ProgrammeDraft
from backtolife.programme.plan.keeping import shipped_files
from backtolife.programme.plan.template import Programme
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of

SECTION = "sessions/3/sections/s3-exercise"
PROMPTS = "sessions/3/sections/s3-reflection"


@dataclass
class Desk:
    """A service with a group that runs, a clinical lead who writes and a service lead who writes too."""

    app: Flask
    service: Service
    running: Cohort
    facilitator: Person
    lead: FlaskClient
    other: FlaskClient

    def db(self) -> Session:
        return Session(self.app.extensions["backtolife.engine"])

    def begin(self) -> str:
        return str(self.lead.post("/programme/versions/drafts", data={"version": ""}).location)

    def draft(self) -> ProgrammeDraft:
        with self.db() as db:
            return db.exec(select(ProgrammeDraft).order_by(col(ProgrammeDraft.begun_at).desc())).first()  # type: ignore[return-value]

    def plan_of(self, name: str) -> Programme:
        with self.db() as db:
            return programme_of(db, db.exec(select(Cohort).where(Cohort.name == name)).one())

    def new_group(self, name: str, programme: str) -> int:
        day = clock.now().date() + timedelta(days=7)
        given = {"name": name, "programme": programme, "schedule": "weekly", "first_day": day.isoformat()}
        given |= {"weekdays": str(day.weekday()), "wall_time": "15:00", "zone": "Europe/London", "capacity": "12"}
        given |= {"lead": self.facilitator.id, "spotter": ""}
        asked = self.other.post("/groups/new", data=given)
        anyway = re.search(r'name="anyway" value="([^"]*)"', asked.text)
        again = self.other.post("/groups/new", data=given | {"anyway": html.unescape(anyway[1]) if anyway else ""})
        return again.status_code


@pytest.fixture
def desk(app: Flask) -> Desk:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        running = make.cohort(service, "Running", first_day=clock.now().date())
        facilitator = make.facilitator(running)
        lead, other = make.person(service, Role.CLINICAL_LEAD, "Grace"), make.person(service, Role.SERVICE_LEAD, "Lee")
    return Desk(app, service, running, facilitator, browser_of(app, lead), browser_of(app, other))


def fields(page: str) -> dict[str, str]:
    """What a browser would send for the form as it stands."""
    found = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"\s+selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: value.replace("&#39;", "'").replace("&#34;", '"') for name, value in found.items()}


def change(browser: FlaskClient, address: str, **typed: str) -> tuple[int, str]:
    answer = browser.post(address, data=fields(browser.get(address).text) | typed)
    return answer.status_code, answer.text


def test_a_group_begins_with_what_was_changed_while_another_goes_on_as_it_was(desk: Desk) -> None:
    draft = desk.begin()
    assert change(desk.lead, f"{draft}/{SECTION}", exercise_0="ex-row", work_0="50")[0] == 302
    assert change(desk.lead, f"{draft}/{PROMPTS}", prompts="What helps you?\nAnd what: not?")[0] == 302
    assert change(desk.lead, f"{draft}/messages/invitation", subject="Come to {service_short_name}")[0] == 302
    seen = desk.lead.get(f"{draft}/preview/3/patient").text
    assert "And what: not?" in seen
    assert "50 seconds" in desk.lead.get(f"{draft}/preview/3/facilitator").text
    assert desk.lead.post(f"{draft}/publish", data={"version": "1.1.0"}).status_code == 302
    page = desk.other.get("/groups/new").text
    chosen = re.search(r'<option value="([0-9a-f]{32})" selected\s*>1\.1\.0', page)
    assert chosen, page[page.index("Which version") :][:900]
    assert desk.new_group("Next", chosen[1]) == 302
    new, old = desk.plan_of("Next"), desk.plan_of("Running")
    assert (new.version, old.version) == ("1.1.0", "1.0.0")
    stations = [next(s for s in plan.session(3).sections if s.stations).stations[0] for plan in (new, old)]
    assert [(each.exercise_id, each.work_seconds) for each in stations] == [("ex-row", 50), ("ex-march", 45)]
    assert new.messages["invitation"].subject == "Come to {service_short_name}"
    assert "Next" in desk.lead.get("/programme/versions").text


def test_everything_else_in_the_files_stays_byte_for_byte(desk: Desk) -> None:
    draft = desk.begin()
    change(desk.lead, f"{draft}/{SECTION}", exercise_0="ex-row")
    change(desk.lead, f"{draft}/sessions/4")
    packed = desk.lead.get(f"{draft}/file").data
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    before = shipped_files()
    assert {name for name in before if before[name] != files[name]} == {"programme.yaml"}
    pairs = zip(before["programme.yaml"].split("\n"), files["programme.yaml"].split("\n"), strict=True)
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    assert changed == [("          - exercise: ex-march", "          - exercise: ex-row")]
    assert desk.lead.get(f"{draft}/file").data == packed


def test_the_second_of_two_editors_reads_what_changed_and_keeps_their_words(desk: Desk) -> None:
    address = f"{desk.begin()}/{PROMPTS}"
    early = fields(desk.other.get(address).text)
    change(desk.lead, address, title="Grace was here")
    answer = desk.other.post(address, data=early | {"patient_text": "Typed by Lee"})
    assert (answer.status_code, "Typed by Lee" in answer.text, "Grace was here" in answer.text) == (409, True, True)
    assert "Grace Example" in answer.text
    assert "Grace was here" in desk.draft().files["programme.yaml"]
    assert "Typed by Lee" not in desk.draft().files["programme.yaml"]
    again = desk.other.post(address, data=fields(answer.text) | {"title": "Grace was here"})
    assert again.status_code == 302
    assert "Typed by Lee" in desk.draft().files["programme.yaml"]


@pytest.mark.parametrize(
    ("address", "typed", "told", "field"),
    [
        ("messages/invitation", {"sms": "Hello {first_nme} {link}"}, "first_nme} is not among", "sms"),
        ("messages/invitation", {"email": "Hello {first_name}"}, "is missing. The message", "email"),
        ("messages/invitation", {"subject": "Your pain group"}, "no health details", "subject"),
        (SECTION, {"work_3": "900"}, "the circuit takes", "work_0"),
        (SECTION, {"exercise_9": "ex-row"}, "work_seconds is missing", "exercise_9"),
        ("sessions/3", {"minutes_0": "9"}, "must sum to 90", "minutes_0"),
        ("sessions/3", {"title": ""}, "cannot be empty", "title"),
    ],
)
def test_a_broken_rule_is_told_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, address: str, typed: dict[str, str], told: str, field: str
) -> None:
    status, page = change(desk.lead, f"{desk.begin()}/{address}", **typed)
    assert (status, told.lower() in page.lower()) == (400, True), re.findall(r"error[^<]*<[^<]*<[^<]*", page)
    assert f'href="#{field}"' in page
    assert all(value in fields(page)[name] for name, value in typed.items())
    assert desk.draft().revision == 0


def test_a_number_that_is_taken_is_refused_and_a_version_no_more_offered_is_no_choice(desk: Desk) -> None:
    draft = desk.begin()
    assert "There is a version 1.0.0 already" in desk.lead.post(f"{draft}/publish", data={"version": "1.0.0"}).text
    assert 'value="1.1.0"' in desk.lead.get(f"{draft}/publish").text
    desk.lead.post(f"{draft}/publish", data={"version": "1.1.0"})
    page = desk.other.get("/groups/new").text
    found = re.search(r'<option value="([0-9a-f]{32})" selected\s*>1\.1\.0', page)
    assert found
    desk.lead.post(f"/programme/versions/{found[1]}/retire", data={"retired": "yes"})
    assert found[1] not in desk.other.get("/groups/new").text
    assert desk.new_group("Late", found[1]) == 400
    desk.lead.post(f"/programme/versions/{found[1]}/retire", data={"retired": "no"})
    assert found[1] in desk.other.get("/groups/new").text


def test_a_draft_is_put_aside_and_comes_back(desk: Desk) -> None:
    draft = desk.begin()
    desk.lead.post(f"{draft}/discard", data={"discarded": "yes"})
    assert "Put aside" in desk.lead.get("/programme/versions").text
    desk.lead.post(f"{draft}/discard", data={"discarded": "no"})
    assert "Put aside" not in desk.lead.get("/programme/versions").text


def test_each_save_is_on_the_record_and_one_without_a_change_is_none(desk: Desk) -> None:
    draft = desk.begin()
    change(desk.lead, f"{draft}/{PROMPTS}")
    change(desk.lead, f"{draft}/{PROMPTS}", title="Talk")
    with desk.db() as db:
        kept = db.exec(select(AuditEntry).where(AuditEntry.action == "programme_draft_saved")).all()
        assert [each.detail for each in kept] == [{"file": "programme.yaml", "revision": 1}]
