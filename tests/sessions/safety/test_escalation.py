"""A call for help that nobody takes goes to the duty contact, whatever was restarted in between."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import roles_of
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.realtime import heartbeat
from backtolife.sessions.room.models import HelpAlert
from backtolife.sessions.safety import alerts, escalation
from backtolife.sessions.state import safety, script
from tests.support.sessions.gathering import Gathering, gather
from tests.support.sessions.hall import Hall, ask, open_hall

SITE = "https://back.example.org"
SECOND = timedelta(seconds=1)


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def call(db: Session, now: datetime) -> tuple[Gathering, HelpAlert]:
    """Linda is in the room and has asked for help."""
    group = gather(db, now)
    seat = group.sit(group.patients[0], now=now)
    alert = alerts.raise_alert(db, seat=seat, actor=group.make.actor(group.patients[0]), now=now)
    group.apply(safety.help, now, alert=alert.id, seat=seat.id, now_ms=0)
    db.flush()
    return group, alert


def duty(group: Gathering, name: str = "Grace") -> Person:
    return group.make.person(group.db.get_one(Service, group.cohort.service_id), Role.DUTY_CLINICIAN, name)


def escalate(db: Session, alert: HelpAlert, now: datetime) -> None:
    escalation.escalate(db, group_session_id=alert.group_session_id, alert_id=alert.id, site=SITE, now=now)
    db.flush()


def letters(db: Session) -> list[OutgoingMessage]:
    return list(db.exec(select(OutgoingMessage).where(OutgoingMessage.subject == escalation.SUBJECT)))


def test_nothing_goes_up_before_twenty_seconds(db: Session, now: datetime) -> None:
    _, alert = call(db, now)
    assert list(escalation.overdue(db, now + 19 * SECOND)) == []
    assert list(escalation.overdue(db, now + 20 * SECOND)) == [(alert.group_session_id, alert.id)]


def test_every_duty_clinician_is_written_to_once_and_the_letter_says_nothing_of_health(
    db: Session, now: datetime
) -> None:
    group, alert = call(db, now)
    told = {duty(group).email, duty(group, "Ben").email}
    for _ in range(2):
        escalate(db, alert, now + 20 * SECOND)
    sent = letters(db)
    assert {each.address for each in sent} == told
    assert len(sent) == 2
    assert all("Linda" not in each.body and alert.id in each.body for each in sent)
    entries = db.exec(select(AuditEntry).where(AuditEntry.action == "help_escalated")).all()
    assert [each.subject_id for each in entries] == [alert.seat_id]


def test_where_there_is_no_duty_clinician_somebody_else_is_told(db: Session, now: datetime) -> None:
    group, alert = call(db, now)
    escalate(db, alert, now + 20 * SECOND)
    people = [db.get_one(Person, each.person_id) for each in letters(db)]
    assert people
    assert {role for person in people for role in roles_of(db, person)} == {Role.SERVICE_LEAD}
    assert {person.service_id for person in people} == {group.cohort.service_id}


@pytest.mark.parametrize("how", ["taken", "closed"])
def test_a_call_that_somebody_took_or_closed_does_not_go_up(db: Session, now: datetime, how: str) -> None:
    group, alert = call(db, now)
    actor = group.make.actor(group.lead)
    (alerts.take if how == "taken" else alerts.close)(db, alert=alert, actor=actor, now=now + SECOND)
    db.flush()
    assert list(escalation.overdue(db, now + 60 * SECOND)) == []
    escalate(db, alert, now + 60 * SECOND)
    assert letters(db) == []


def test_a_call_still_open_when_its_session_ended_goes_up_all_the_same(db: Session, now: datetime) -> None:
    group, alert = call(db, now)
    duty(group)
    group.apply(script.end, now + SECOND, now_ms=1000)
    escalate(db, alert, now + 20 * SECOND)
    assert len(letters(db)) == 1


def test_the_rooms_pulse_tells_the_staff_pages_that_it_went_up(hall: Hall) -> None:
    hall.sit(hall.group.patients[0])
    page, lead = hall.connect(hall.group.patients[0]), hall.connect(hall.group.lead)
    alert = ask(page, "help")["alert"]
    engine = hall.app.extensions["backtolife.engine"]
    with hall.app.app_context():
        heartbeat.beat(live(hall.app), engine, SITE, clock.now() + 21 * SECOND)
    assert hall.state["alerts"][alert]["escalated_ms"]
    patches = [each["args"][0] for each in lead.get_received() if each["name"] == "patch"]
    assert any("escalated_ms" in str(patch) for patch in patches)


def test_the_scheduler_escalates_when_no_web_process_was_there(hall: Hall) -> None:
    seat = hall.sit(hall.group.patients[0])
    engine = hall.app.extensions["backtolife.engine"]
    with session_scope(engine) as db:
        hall.group.make.db = db
        actor = hall.group.make.actor(hall.group.patients[0])
        alert = alerts.raise_alert(db, seat=seat, actor=actor, now=clock.now())
    assert escalation.escalate_without_pages(engine, SITE, clock.now() + 22 * SECOND) == 0
    assert escalation.escalate_without_pages(engine, SITE, clock.now() + 26 * SECOND) == 1
    with hall.database() as db:
        assert db.get_one(HelpAlert, alert.id).escalated_at is not None
        assert letters(db)
