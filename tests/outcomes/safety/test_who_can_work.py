"""Only who can sign in counts as cover: an invitation that nobody opened answers no alert."""

import pytest
from sqlmodel import Session, select

from backtolife.errors import Invalid
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.answering.sheet import readers_of
from backtolife.outcomes.answering.support import support_of
from backtolife.outcomes.asking.signing_needed import able_in
from backtolife.outcomes.models import SafetyTask
from backtolife.outcomes.safety import rota
from backtolife.outcomes.safety.escalating import everyone_above
from backtolife.outcomes.safety.on_call import clinicians_for, is_covered
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts import services as cohorts
from backtolife.programme.cohorts.models import Cohort, StaffPlace
from backtolife.sessions.safety.escalation import contacts_of
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient


@pytest.fixture
def invited(make: Factory, db: Session, cohort: Cohort) -> dict[Role, Person]:
    """Two clinicians who never opened their invitations, older than everybody else."""
    service = db.get_one(Service, cohort.service_id)
    roles = (Role.DUTY_CLINICIAN, Role.CLINICAL_LEAD, Role.FACILITATOR)
    people = {role: make.invited(service, role, f"Invited {role}") for role in roles}
    for person in people.values():
        person.created_at = service.created_at.replace(year=2000)
    db.flush()
    return people


@pytest.mark.parametrize("value", [1, 3])
def test_a_task_never_goes_to_somebody_who_was_only_invited(
    db: Session, invited: dict[Role, Person], patient: Patient, value: int
) -> None:
    response = patient.open("phq-9")
    patient.say(response, "9", value)
    task, support = db.exec(select(SafetyTask)).one(), support_of(db, response)
    names = {each.id for each in invited.values()}
    assert support.owner is not None
    assert support.owner.shown_name == "Dora"
    assert not names & {task.owner_id, task.backup_id, *everyone_above(db, task)}
    assert not names & {each.person_id for each in db.exec(select(OutgoingMessage))}


def test_invited_clinicians_do_not_make_a_service_covered(make: Factory, db: Session) -> None:
    service = make.service()
    cohort = make.cohort(service)
    person = make.invited(service, Role.DUTY_CLINICIAN)
    assert (is_covered(db, cohort), rota.clinicians(db, service.id)) == (False, [])
    person.password_hash = "chosen"
    db.flush()
    assert clinicians_for(db, cohort) == rota.clinicians(db, service.id) == [person]


def test_nobody_who_was_only_invited_can_be_put_on_duty_or_lead_a_group(
    make: Factory, db: Session, cohort: Cohort, invited: dict[Role, Person]
) -> None:
    service = db.get_one(Service, cohort.service_id)
    manager, person = make.actor(make.person(service, Role.SERVICE_LEAD)), invited[Role.FACILITATOR]
    assert person not in cohorts.facilitators(db, actor=manager)
    with pytest.raises(Invalid, match="cannot sign in yet"):
        cohorts.staff_cohort(db, actor=manager, cohort=cohort, person=person, place=StaffPlace.SPOTTER, now=make.now)
    with pytest.raises(Invalid, match="Choose somebody from the list"):
        rota.find_clinician(db, service.id, person.id)


def test_nobody_who_was_only_invited_is_named_as_a_reader_or_told_about_help_and_words(
    db: Session, cohort: Cohort, invited: dict[Role, Person]
) -> None:
    assert "Invited" not in readers_of(db, cohort)
    assert [each.shown_name for each in contacts_of(db, cohort.service_id)] == ["Dora"]
    assert [each.shown_name for each in able_in(db, cohort.service_id, Role.CLINICAL_LEAD)] == ["Grace"]
    assert len(invited) == 3
