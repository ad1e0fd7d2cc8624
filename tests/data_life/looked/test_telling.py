"""A look at the record of a patient who works here too is told to the clinical leads, once in a week."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from backtolife.audit import AuditEntry
from backtolife.data_life.looked import telling
from backtolife.data_life.looked.telling import AGAIN_AFTER, TOLD, tell
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from tests.data_life.looked.test_listing import Ward
from tests.support.factories import Factory

SITE = "https://back.example.org"


@pytest.fixture
def ward(db: Session, make: Factory) -> Ward:
    """Ann, a patient, has the telephone of Fay, who leads her group."""
    ward = Ward(db, make)
    ward.patient.phone = ward.facilitator.phone = "+441632960001"
    db.flush()
    return ward


def mails(ward: Ward) -> list[OutgoingMessage]:
    wanted = select(OutgoingMessage).where(col(OutgoingMessage.key).startswith(TOLD))
    return list(ward.db.exec(wanted.order_by(col(OutgoingMessage.queued_at))))


def administrator_alone(ward: Ward, *, works: bool = True) -> Person:
    """Sam is the only one: those who made the group are gone."""
    for each in ward.db.exec(select(Person).where(holding(Role.ADMINISTRATOR))):
        each.active = False
    sam = ward.make.person(ward.db.get_one(Service, ward.group.service_id), Role.ADMINISTRATOR, "Sam")
    sam.active = works
    ward.db.flush()
    return sam


def told(ward: Ward) -> list[str | None]:
    return [each.person_id for each in mails(ward)]


def test_the_lead_is_written_to_without_a_name_and_a_row_is_kept(ward: Ward) -> None:
    ward.look(ward.facilitator, "enrolment", ward.place.id)
    assert tell(ward.db, ward.group.service_id, site=SITE, now=ward.now + timedelta(minutes=1)) == 1
    (mail,) = mails(ward)
    assert mail.person_id == ward.lead.id
    for name in (ward.patient.full_name, ward.facilitator.full_name, "Ann", "Fay"):
        assert name not in mail.subject + mail.body
    assert f"{SITE}/staff/people/{ward.facilitator.id}/looks" in mail.body
    row = ward.db.exec(select(AuditEntry).where(AuditEntry.action == TOLD)).one()
    assert (row.subject_id, row.detail) == (
        ward.patient.id,
        {"looked": ward.facilitator.id, "told": [ward.lead.id]},
    )


def test_it_is_told_once_a_week_however_often_they_look(ward: Ward) -> None:
    for hours in range(4):
        at = ward.now + timedelta(hours=hours)
        ward.look(ward.facilitator, "enrolment", ward.place.id, at=at)
        tell(ward.db, ward.group.service_id, site=SITE, now=at)
    assert len(mails(ward)) == 1
    later = ward.now + AGAIN_AFTER + timedelta(hours=1)
    tell(ward.db, ward.group.service_id, site=SITE, now=later)
    assert len(mails(ward)) == 2, "they looked again after the message"
    tell(ward.db, ward.group.service_id, site=SITE, now=later + 2 * AGAIN_AFTER)
    assert len(mails(ward)) == 2


def test_a_look_at_somebody_else_is_nobodys_news(ward: Ward) -> None:
    ward.look(ward.facilitator, "enrolment", ward.other_place.id)
    assert tell(ward.db, ward.group.service_id, site=SITE, now=ward.now) == 0
    assert mails(ward) == []


def test_another_lead_is_told_of_a_lead_who_looked(ward: Ward) -> None:
    second = ward.make.person(ward.db.get_one(Service, ward.group.service_id), Role.CLINICAL_LEAD, "Bea")
    ward.look(ward.lead, "person", ward.patient.id)
    assert tell(ward.db, ward.group.service_id, site=SITE, now=ward.now) == 1
    assert told(ward) == [second.id]


def test_of_the_only_lead_who_looked_the_administrators_are_told(ward: Ward) -> None:
    sam = administrator_alone(ward)
    ward.look(ward.lead, "person", ward.patient.id)
    assert tell(ward.db, ward.group.service_id, site=SITE, now=ward.now) == 1
    assert told(ward) == [sam.id]
    assert ward.db.exec(select(AuditEntry).where(AuditEntry.action == TOLD)).one().detail["told"] == [sam.id]


def test_where_nobody_can_be_told_it_stays_to_be_told(ward: Ward) -> None:
    sam = administrator_alone(ward, works=False)
    ward.look(ward.lead, "person", ward.patient.id)
    assert tell(ward.db, ward.group.service_id, site=SITE, now=ward.now) == 0
    assert ward.db.exec(select(AuditEntry).where(AuditEntry.action == TOLD)).all() == []
    sam.active = True
    ward.db.flush()
    assert tell(ward.db, ward.group.service_id, site=SITE, now=ward.now + timedelta(hours=1)) == 1
    assert told(ward) == [sam.id]


def test_a_second_scheduler_waits_and_then_finds_it_told(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen the look; the second one gets its turn when the first is done."""
    ward.look(ward.facilitator, "enrolment", ward.place.id)
    wait, turns = telling.one_at_a_time, []

    def after_the_first(db: Session, what: str) -> None:
        turns.append(what)
        if len(turns) == 1:
            assert tell(db, ward.group.service_id, site=SITE, now=ward.now + timedelta(seconds=1)) == 1
        wait(db, what)

    monkeypatch.setattr(telling, "one_at_a_time", after_the_first)
    assert tell(ward.db, ward.group.service_id, site=SITE, now=ward.now) == 0
    assert turns == [f"looks:{ward.group.service_id}"] * 2
    assert told(ward) == [ward.lead.id]
