"""Nobody makes somebody a clinician alone: one proposes the role, another one says yes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.cli import main
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, Role, Service
from backtolife.people.permissions import WITHOUT_ROLE
from backtolife.people.roles import roles_of
from backtolife.people.second_person.models import RoleProposed
from backtolife.people.signing_in import signin
from tests.access.decided.routes import ROUTES
from tests.support.factories import Factory


@dataclass
class Clinic:
    """A service with patients, by the names of its staff."""

    app: Flask
    service_id: str
    ids: dict[str, str]

    @contextmanager
    def db(self) -> Iterator[Session]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            yield db

    def browser(self, name: str) -> FlaskClient:
        with self.db() as db:
            token = signin.begin(db, person=db.get_one(Person, self.ids[name]), now=clock.now())
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["signed_in"] = token
        return client

    def roles(self, name: str) -> frozenset[Role]:
        with self.db() as db:
            return roles_of(db, db.get_one(Person, self.ids[name]))

    def proposals(self) -> list[RoleProposed]:
        with self.db() as db:
            return list(db.exec(select(RoleProposed).order_by(col(RoleProposed.proposed_at))).all())

    def invite(self, by: str, *roles: str, email: str = "new@clinic.example") -> None:
        told = {"full_name": "Newly Come", "shown_name": "Newly", "email": email, "job": "", "roles": list(roles)}
        assert self.browser(by).post("/staff", data=told).status_code == 302
        with self.db() as db:
            self.ids["new"] = db.exec(select(Person.id).where(Person.email == email)).one()

    def decide(self, by: str, what: str = "confirm") -> tuple[int, str]:
        (proposal,) = [each for each in self.proposals() if each.decided_at is None] or self.proposals()[-1:]
        answer = self.browser(by).post(f"/staff/roles/{proposal.id}/{what}", follow_redirects=True)
        return answer.status_code, answer.get_data(as_text=True)

    def told(self, subject: str) -> list[str]:
        with self.db() as db:
            rows = db.exec(select(OutgoingMessage).where(OutgoingMessage.subject == subject)).all()
            return sorted(row.person_id or "" for row in rows)


@pytest.fixture
def clinic(app: Flask) -> Clinic:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        make.person(service, Role.PATIENT, "Linda")
        people = {
            "sam": make.person(service, Role.ADMINISTRATOR, "Sam", also=[Role.CLINICAL_LEAD]),
            "grace": make.person(service, Role.CLINICAL_LEAD, "Grace"),
            "priya": make.person(service, Role.FACILITATOR, "Priya"),
        }
        return Clinic(app, service.id, {name: person.id for name, person in people.items()})


def alone(clinic: Clinic) -> None:
    """Everybody leaves who could be the second person."""
    with clinic.db() as db:
        db.get_one(Person, clinic.ids["grace"]).active = False


def test_a_new_clinician_sees_no_record_until_a_second_person_says_yes(clinic: Clinic) -> None:
    clinic.invite("sam", "clinical_lead", "service_lead")
    new = clinic.browser("new")
    assert clinic.roles("new") == {Role.SERVICE_LEAD}
    assert new.get("/results").status_code == 200
    assert new.get("/patients").status_code == 403
    assert clinic.told("A role for a colleague waits for you") == [clinic.ids["grace"]]
    assert "1 role waits for your yes or no" in clinic.browser("grace").get("/").get_data(as_text=True)
    assert "your yes or no" not in clinic.browser("sam").get("/").get_data(as_text=True)
    assert clinic.decide("grace")[0] == 200
    assert new.get("/patients").status_code == 200
    assert clinic.told("Your role is confirmed") == [clinic.ids["new"]]
    with clinic.db() as db:
        rows = {
            row.action: row for row in db.exec(select(AuditEntry).where(AuditEntry.subject_id == clinic.ids["new"]))
        }
    assert rows["role_proposed"].actor_id == clinic.ids["sam"]
    assert rows["role_confirmed"].actor_id == clinic.ids["grace"]
    assert rows["role_confirmed"].detail == {"role": "clinical_lead", "proposed_by": clinic.ids["sam"]}


def test_whoever_waits_for_their_only_role_has_their_own_account_and_nothing_else(clinic: Clinic) -> None:
    clinic.invite("sam", "facilitator")
    new = clinic.browser("new")
    home = new.get("/").get_data(as_text=True)
    assert "Your role waits for a second person" in home
    assert new.get("/your-details").status_code == 200
    opened = set()
    for rule in clinic.app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()) or ROUTES.get(rule.endpoint, "public") == "public":
            continue
        if new.get(rule.rule).status_code != 403:
            opened.add(ROUTES[rule.endpoint])
    assert opened <= WITHOUT_ROLE | {"results:read", "answers:read"}, opened - WITHOUT_ROLE
    assert {"home.open", "account.details"} <= opened


def test_one_person_is_never_both_not_with_two_roles_and_not_for_themselves(clinic: Clinic) -> None:
    clinic.invite("sam", "facilitator")
    status, page = clinic.decide("sam")
    assert status == 409
    assert "You proposed this role" in page
    clinic.decide("grace", "decline")
    clinic.browser("grace").post("/staff/roles", data={"colleague": clinic.ids["sam"], "role": "duty_clinician"})
    status, page = clinic.decide("sam")
    assert status == 409
    assert "This role is for you" in page
    assert clinic.roles("sam") == {Role.ADMINISTRATOR, Role.CLINICAL_LEAD}


def test_an_administrator_cannot_make_themselves_a_second_one(clinic: Clinic) -> None:
    clinic.invite("sam", "administrator", email="also-sam@clinic.example")
    assert clinic.roles("new") == frozenset()
    assert clinic.browser("new").get("/staff/roles").status_code == 403
    assert clinic.decide("new")[0] == 403


def test_who_is_not_asked_cannot_say_yes(clinic: Clinic) -> None:
    clinic.invite("sam", "facilitator")
    assert clinic.decide("priya")[0] == 403
    assert clinic.roles("new") == frozenset()


def test_a_no_and_a_tick_taken_out_leave_nothing_that_waits(clinic: Clinic) -> None:
    clinic.invite("sam", "facilitator")
    assert clinic.decide("grace", "decline")[0] == 200
    assert clinic.decide("grace")[0] == 409, "what was decided is decided"
    sam = clinic.browser("sam")
    sam.post(f"/staff/people/{clinic.ids['new']}/roles", data={"roles": ["service_lead", "facilitator"]})
    sam.post(f"/staff/people/{clinic.ids['new']}/roles", data={"roles": ["service_lead"]})
    assert all(each.decided_at is not None for each in clinic.proposals())
    assert clinic.roles("new") == {Role.SERVICE_LEAD}


def test_saving_the_same_ticks_again_is_no_yes(clinic: Clinic) -> None:
    clinic.invite("sam", "facilitator")
    with clinic.db() as db:
        make = Factory(db, clock.now())
        other = make.person(db.get_one(Service, clinic.service_id), Role.ADMINISTRATOR, "Other")
        clinic.ids["other"] = other.id
    clinic.browser("other").post(f"/staff/people/{clinic.ids['new']}/roles", data={"roles": ["facilitator"]})
    assert clinic.roles("new") == frozenset()
    assert [each.proposed_by for each in clinic.proposals()] == [clinic.ids["sam"]]


def test_what_waits_for_somebody_ends_when_their_account_goes_off(clinic: Clinic) -> None:
    clinic.invite("sam", "facilitator")
    clinic.browser("sam").post(f"/staff/people/{clinic.ids['new']}/off")
    assert clinic.decide("grace")[0] == 409
    assert clinic.roles("new") == frozenset()


def test_who_is_alone_proposes_and_the_server_confirms(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    alone(clinic)
    clinic.invite("sam", "facilitator")
    assert clinic.roles("new") == frozenset(), "patients are there: one person alone gives nothing"
    assert "backtolife staff confirm-role" in clinic.browser("sam").get("/staff/roles").get_data(as_text=True)
    settings = clinic.app.extensions["backtolife.settings"]
    monkeypatch.setattr("backtolife.people.second_person.command.from_environment", lambda: settings)
    command = ["staff", "confirm-role", "new@clinic.example", "--service", clinic.service_id, "--reason"]
    assert main([*command, " "]) == 2
    assert main([*command, "I am alone here"]) == 0
    assert "Given: Facilitator." in capsys.readouterr().out
    assert clinic.roles("new") == {Role.FACILITATOR}
    assert main([*command, "again"]) == 2
    with clinic.db() as db:
        row = db.exec(select(AuditEntry).where(AuditEntry.action == "role_confirmed")).one()
    assert (row.actor_id, row.detail["reason"]) == ("command", "I am alone here")


def test_whoever_sets_a_service_up_alone_gives_roles_to_others_until_somebody_can_say_yes(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        clinic = Clinic(app, service.id, {"sam": make.person(service, Role.ADMINISTRATOR, "Sam").id})
    clinic.invite("sam", "clinical_lead")
    assert clinic.roles("new") == {Role.CLINICAL_LEAD}
    clinic.browser("sam").post(
        f"/staff/people/{clinic.ids['sam']}/roles", data={"roles": ["administrator", "facilitator"]}
    )
    assert clinic.roles("sam") == {Role.ADMINISTRATOR}, "nobody opens records for themselves"
    with clinic.db() as db:
        db.get_one(Person, clinic.ids["new"]).password_hash = "!"
    clinic.invite("sam", "facilitator", email="second@clinic.example")
    assert clinic.roles("new") == frozenset(), "now somebody can say yes"


def test_who_proposes_hears_at_once_that_nobody_else_can_say_yes(clinic: Clinic) -> None:
    told = {"colleague": clinic.ids["priya"], "role": "duty_clinician"}
    with_grace = clinic.browser("sam").post("/staff/roles", data=told, follow_redirects=True).get_data(as_text=True)
    assert "A second person has to confirm this: duty clinician." in with_grace
    assert "confirm-role" not in with_grace
    sam, for_grace = clinic.browser("sam"), {"colleague": clinic.ids["grace"], "role": "facilitator"}
    only_herself = sam.post("/staff/roles", data=for_grace, follow_redirects=True).get_data(as_text=True)
    assert only_herself.count("backtolife staff confirm-role") == 2, (
        "as it is proposed, and beside it as long as it waits"
    )
    alone(clinic)
    ticks = {"roles": ["facilitator", "duty_clinician", "clinical_lead"]}
    page = sam.post(f"/staff/people/{clinic.ids['priya']}/roles", data=ticks, follow_redirects=True)
    assert "But nobody else in your service can" in page.get_data(as_text=True)


def test_an_account_that_is_switched_on_again_gets_its_clinical_roles_back_by_two(clinic: Clinic) -> None:
    with clinic.db() as db:
        service = db.get_one(Service, clinic.service_id)
        both = Factory(db, clock.now()).person(service, Role.FACILITATOR, "Zoe", also=[Role.SERVICE_LEAD])
        clinic.ids["zoe"] = both.id
    sam = clinic.browser("sam")
    sam.post(f"/staff/people/{clinic.ids['zoe']}/off")
    page = sam.post(f"/staff/people/{clinic.ids['zoe']}/on", follow_redirects=True).get_data(as_text=True)
    assert "A second person has to confirm this: facilitator." in page
    assert clinic.roles("zoe") == {Role.SERVICE_LEAD}
    assert clinic.told("A role for a colleague waits for you") == [clinic.ids["grace"]]
    assert clinic.decide("sam")[0] == 409
    assert clinic.decide("grace")[0] == 200
    assert clinic.roles("zoe") == {Role.SERVICE_LEAD, Role.FACILITATOR}
