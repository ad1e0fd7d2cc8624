"""A look at the record of a patient who works here too is told to the clinical leads, once in a week."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from backtolife.audit import AuditEntry
from backtolife.data_life.looked.telling import AGAIN_AFTER, TOLD, tell
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person
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


def test_the_lead_who_looked_is_not_the_one_who_is_told(ward: Ward) -> None:
    ward.look(ward.lead, "person", ward.patient.id)
    assert tell(ward.db, ward.group.service_id, site=SITE, now=ward.now) == 1
    assert mails(ward) == []
    other = ward.db.get_one(Person, ward.facilitator.id)
    assert ward.db.exec(select(AuditEntry).where(AuditEntry.action == TOLD)).one().detail["told"] != [other.id]
