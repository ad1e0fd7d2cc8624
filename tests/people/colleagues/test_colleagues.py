"""A colleague is invited, changes roles, hands over, is switched off and comes back, on an administrator's pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.models import SafetyTask
from backtolife.outcomes.safety.rota_models import DutyShift
from backtolife.people.models import LinkPurpose, Person, Role, Service, SignedIn
from backtolife.people.roles import roles_of
from backtolife.people.second_person.models import RoleProposed
from backtolife.people.signing_in import devices, signin
from backtolife.programme.cohorts.models import CohortStaff, StaffPlace
from tests.support.factories import Factory


@dataclass
class Office:
    """An administrator's browser, and the people of one service by name."""

    app: Flask
    client: FlaskClient
    service_id: str
    ids: dict[str, str]

    @contextmanager
    def db(self) -> Iterator[Session]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            yield db

    def address(self, name: str, action: str = "") -> str:
        return f"/staff/people/{self.ids[name]}" + (f"/{action}" if action else "")

    def press(self, name: str, action: str, **form: object) -> tuple[int, str]:
        answer = self.client.post(self.address(name, action), data=form, follow_redirects=True)
        return answer.status_code, answer.get_data(as_text=True)

    def browser(self, name: str) -> FlaskClient:
        with self.db() as db:
            token = signin.begin(db, person=db.get_one(Person, self.ids[name]), now=clock.now())
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["signed_in"] = token
        return client

    def say_yes(self, name: str, by: str = "grace") -> None:
        """A second person confirms everything that waits for this colleague."""
        with self.db() as db:
            waits = db.exec(select(RoleProposed.id).where(RoleProposed.person_id == self.ids[name])).all()
        for each in waits:
            assert self.browser(by).post(f"/staff/roles/{each}/confirm").status_code == 302

    def roles(self, name: str) -> frozenset[Role]:
        with self.db() as db:
            return roles_of(db, db.get_one(Person, self.ids[name]))


@pytest.fixture
def office(app: Flask, client: FlaskClient) -> Office:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        people = {
            "sam": make.person(service, Role.ADMINISTRATOR, "Sam"),
            "priya": make.person(service, Role.FACILITATOR, "Priya"),
            "tom": make.person(service, Role.FACILITATOR, "Tom"),
            "grace": make.person(service, Role.CLINICAL_LEAD, "Grace"),
            "new": make.invited(service, Role.FACILITATOR, "Newly"),
        }
        token = signin.begin(db, person=people["sam"], now=clock.now())
        found = Office(app, client, service.id, {name: person.id for name, person in people.items()})
    with client.session_transaction() as session:
        session["signed_in"] = token
    return found


def give_work(office: Office, to: str) -> tuple[str, str, str]:
    """A group that they lead, an open task and a time on duty. Returns the ids."""
    now = clock.now()
    with office.db() as db:
        make, service = Factory(db, now), db.get_one(Service, office.service_id)
        cohort = make.cohort(service, first_day=(now + timedelta(days=3)).date())
        held = CohortStaff(service_id=service.id, cohort_id=cohort.id, person_id=office.ids[to], place=StaffPlace.LEAD)
        shift = DutyShift(
            service_id=service.id, person_id=office.ids[to], starts_at=now, ends_at=now + timedelta(hours=4)
        )
        enrolment = make.enrolment(cohort)
        from backtolife.sessions.room.services import schedule

        task = SafetyTask(
            service_id=service.id,
            enrolment_id=enrolment.id,
            group_session_id=schedule(db, cohort=cohort)[0].id,
            item="",
            level="urgent",
            owner_id=office.ids[to],
            backup_id=office.ids["grace"],
            raised_at=now,
            due_at=now,
            promised_at=now,
            escalates_at=now,
        )
        db.add_all([held, shift, task])
        db.flush()
        return cohort.id, task.id, shift.id


def test_the_page_of_staff_says_of_each_who_they_are_and_whether_they_can_sign_in(office: Office) -> None:
    office.browser("priya")
    assert office.press("tom", "off")[0] == 200
    page = office.client.get("/staff").get_data(as_text=True)
    found = [row for row in page.split("<tr>") if "/staff/people/" in row]
    rows = {row.split("<bdi>")[1].split("</bdi>")[0]: row for row in found}
    assert set(rows) == {f"{name} Example" for name in ("Sam", "Priya", "Tom", "Grace", "Newly")}
    assert "Ready" in rows["Priya Example"]
    assert "today at" in rows["Priya Example"]
    assert "Invited" in rows["Newly Example"]
    assert "Never" in rows["Newly Example"]
    assert "Off" in rows["Tom Example"]
    assert "Clinical lead" in rows["Grace Example"]


def test_several_roles_are_given_and_taken_on_one_page_and_count_at_once(office: Office) -> None:
    priya = office.browser("priya")
    assert priya.get("/results").status_code == 403
    status, _ = office.press("priya", "roles", roles=["facilitator", "service_lead", "duty_clinician"])
    assert status == 200
    assert office.roles("priya") == {Role.FACILITATOR, Role.SERVICE_LEAD}
    office.say_yes("priya")
    assert office.roles("priya") == {Role.FACILITATOR, Role.SERVICE_LEAD, Role.DUTY_CLINICIAN}
    assert priya.get("/results").status_code == 200
    office.press("priya", "roles", roles=["facilitator"])
    assert priya.get("/results").status_code == 403
    with office.db() as db:
        entry = db.exec(
            select(AuditEntry).where(AuditEntry.action == "roles_changed").order_by(col(AuditEntry.number))
        ).all()[-1]
    assert entry.actor_role == Role.ADMINISTRATOR
    assert entry.detail == {"before": ["duty_clinician", "facilitator", "service_lead"], "after": ["facilitator"]}


def test_nobody_is_left_without_a_role(office: Office) -> None:
    status, page = office.press("priya", "roles")
    assert status == 400
    assert "Choose at least one role" in page
    assert office.roles("priya") == {Role.FACILITATOR}


def test_the_last_administrator_stays_one_and_stays_on(office: Office) -> None:
    for action, form in (("roles", {"roles": ["facilitator"]}), ("off", {})):
        status, page = office.press("sam", action, **form)
        assert status == 409
        assert "needs an administrator who can sign in" in page
    office.press("new", "roles", roles=["administrator"])
    assert office.press("sam", "off")[0] == 409, "somebody who was only invited can look after nothing"
    office.press("grace", "roles", roles=["clinical_lead", "administrator"])
    assert office.press("sam", "off")[0] == 409, "a role that waits is no role"
    with office.db() as db:
        service = db.get_one(Service, office.service_id)
        office.ids["ada"] = Factory(db, clock.now(), count(90)).person(service, Role.CLINICAL_LEAD, "Ada").id
    office.say_yes("grace", by="ada")
    assert office.press("sam", "roles", roles=["service_lead"])[0] in (200, 403)
    assert office.roles("sam") == {Role.SERVICE_LEAD}


def test_whoever_holds_work_is_switched_off_only_with_somebody_who_takes_it_over(office: Office) -> None:
    cohort_id, task_id, shift_id = give_work(office, "priya")
    page = office.client.get(office.address("priya")).get_data(as_text=True)
    for held in ("leads ", "1 open safety task", "1 time on duty"):
        assert held in page
    status, page = office.press("priya", "off")
    assert status == 400
    assert "Choose who takes over their work." in page
    status, page = office.press("priya", "off", to=office.ids["grace"])
    assert status == 400
    assert "is not a facilitator, so cannot take over groups" in page
    with office.db() as db:
        assert db.get_one(Person, office.ids["priya"]).active, "nothing is done by halves"
        assert db.get_one(DutyShift, shift_id).person_id == office.ids["priya"]
    assert office.press("priya", "off", to=office.ids["tom"])[0] == 200
    with office.db() as db:
        assert not db.get_one(Person, office.ids["priya"]).active
        places = db.exec(select(CohortStaff).where(CohortStaff.cohort_id == cohort_id)).all()
        assert [(each.person_id, each.place) for each in places] == [(office.ids["tom"], StaffPlace.LEAD)]
        task = db.get_one(SafetyTask, task_id)
        assert (task.owner_id, task.backup_id) == (office.ids["tom"], office.ids["grace"])
        assert db.get_one(DutyShift, shift_id).person_id == office.ids["tom"]
        told = db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == office.ids["tom"])).all()
        assert [each.subject for each in told] == ["Work was handed to you"]


def plain(words: str) -> str:
    return words.replace("\u2068", "").replace("\u2069", "").strip()


def offered(office: Office, name: str) -> list[str]:
    """Who can be chosen to take over the work of this colleague, as the page says it."""
    page = office.client.get(office.address(name)).get_data(as_text=True)
    options = page.split('name="to"')[1].split("</select>")[0].split("<option")[2:]
    return [plain(unescape(each.split(">")[1].split("<")[0])) for each in options]


def test_only_who_may_do_the_work_is_offered_for_it(office: Office) -> None:
    _, task_id, shift_id = give_work(office, "priya")
    assert offered(office, "priya") == ["Grace Example (cannot take the groups)", "Tom Example"]
    with office.db() as db:
        db.delete(db.get_one(SafetyTask, task_id))
        db.delete(db.get_one(DutyShift, shift_id))
    assert offered(office, "priya") == ["Tom Example"]


def test_work_is_handed_over_while_the_account_stays_and_roles_wait_for_it(office: Office) -> None:
    give_work(office, "priya")
    status, page = office.press("priya", "roles", roles=["duty_clinician"])
    assert status == 409
    assert "Hand over their work first" in page
    assert office.press("priya", "hand-over", to=office.ids["tom"])[0] == 200
    assert office.press("priya", "roles", roles=["duty_clinician"])[0] == 200
    assert office.press("priya", "hand-over", to=office.ids["tom"])[0] == 409, "there is nothing left to hand over"


def test_switched_off_means_out_of_every_browser_link_and_session(office: Office) -> None:
    priya = office.browser("priya")
    now = clock.now()
    with office.db() as db:
        person = db.get_one(Person, office.ids["priya"])
        reset = signin.issue_link(db, person=person, purpose=LinkPurpose.PASSWORD_RESET, now=now).token
        device = devices.remember_device(db, person=person, now=now)
    assert priya.get("/").status_code == 200
    assert office.press("priya", "off")[0] == 200
    assert priya.get("/").status_code == 403
    assert office.app.test_client().get(f"/staff/reset/{reset}").status_code == 404
    with office.db() as db:
        assert devices.person_of_device(db, token=device, now=clock.now()) is None
        own = select(SignedIn).where(SignedIn.person_id == office.ids["priya"])
        assert all(each.ended_at for each in db.exec(own))
    assert office.press("priya", "on")[0] == 200
    with office.db() as db:
        person = db.get_one(Person, office.ids["priya"])
        assert (person.active, person.password_hash) == (True, ""), "they choose a new password"
        sent = db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == person.id)).all()
        assert any("invitation" in each.subject for each in sent)


def test_an_open_invitation_is_sent_again_or_withdrawn(office: Office) -> None:
    with office.db() as db:
        first = signin.issue_link(
            db, person=db.get_one(Person, office.ids["new"]), purpose=LinkPurpose.INVITATION, now=clock.now()
        ).token
    assert office.app.test_client().get(f"/staff/invitation/{first}").status_code == 200
    assert office.press("new", "invite-again")[0] == 200
    assert office.app.test_client().get(f"/staff/invitation/{first}").status_code == 404
    assert office.press("priya", "invite-again")[0] == 409
    status, page = office.press("new", "off")
    assert status == 200
    assert office.app.test_client().get(f"/staff/invitation/{first}").status_code == 404
    assert "The invitation of" in page
    assert "is withdrawn" in page
    for never_had in ("signed out everywhere", "Passkeys"):
        assert never_had not in page, "who was only invited has never been in"
    office.browser("priya")
    page = office.press("priya", "off")[1]
    assert "signed out everywhere" in page
    assert "Passkeys" in page


def test_access_is_looked_at_once_a_year(office: Office) -> None:
    with office.db() as db:
        db.get_one(Person, office.ids["tom"]).created_at = clock.now() - timedelta(days=366)
    assert "1 is due" in office.client.get("/staff").get_data(as_text=True)
    assert office.press("tom", "confirm")[0] == 200
    assert "is due" not in office.client.get("/staff").get_data(as_text=True)


def test_a_patient_and_a_colleague_of_another_service_are_no_colleagues(office: Office) -> None:
    with office.db() as db:
        make = Factory(db, clock.now())
        patient = make.person(db.get_one(Service, office.service_id), Role.PATIENT)
        stranger = make.person(make.service(), Role.FACILITATOR)
        ids = (patient.id, stranger.id)
    for each in ids:
        assert office.client.get(f"/staff/people/{each}").status_code == 404
        assert office.client.post(f"/staff/people/{each}/off").status_code == 404
    assert office.press("priya", "hand-over", to=ids[0])[0] in (400, 409)
