"""What several roles in one hand come to: the union of what each may, and the audit log says which one was used."""

from datetime import datetime

import pytest
from sqlmodel import Session, col, select

from backtolife import audit
from backtolife.audit import AuditEntry
from backtolife.audit.chain import verify
from backtolife.errors import Invalid, NotFound, NotPermitted
from backtolife.people.access import Actor, authorise, may, may_everywhere
from backtolife.people.models import Kind, Person, Role
from backtolife.people.permissions import PERMISSIONS, Scope
from backtolife.people.roles import holding, kind_of, roles_by_person, roles_of
from backtolife.web.pages import NAVIGATION, navigation_of
from tests.support.factories import Factory

STAFF_ROLES = [role for role in Role if role not in (Role.PATIENT, Role.COMPANION, Role.OBSERVER)]


def last_role(db: Session, service_id: str) -> str:
    own = select(AuditEntry).where(AuditEntry.service_id == service_id)
    return db.exec(own.order_by(col(AuditEntry.number).desc())).all()[0].actor_role


def test_whoever_holds_two_roles_may_do_what_either_may_and_nothing_more() -> None:
    for first in STAFF_ROLES:
        for second in STAFF_ROLES:
            actor = Actor("a", "s", frozenset({first, second}))
            for action, table in PERMISSIONS.items():
                assert may(actor, action, actor) is (first in table or second in table), (first, second, action)


def test_of_two_roles_the_one_that_reaches_further_decides_how_far() -> None:
    both = Actor("a", "s", frozenset({Role.FACILITATOR, Role.CLINICAL_LEAD}))
    assert may_everywhere(both, "patient.read")
    assert not may_everywhere(Actor("a", "s", frozenset({Role.FACILITATOR})), "patient.read")
    lead = Actor("a", "s", frozenset({Role.FACILITATOR, Role.SERVICE_LEAD}))
    assert not may_everywhere(lead, "patient.read"), "a service lead never reads about patients"
    assert PERMISSIONS["cohort.read"][Role.SERVICE_LEAD] is Scope.SERVICE


def test_a_service_lead_who_also_facilitates_reads_about_patients_in_their_own_groups_only(
    make: Factory, db: Session
) -> None:
    service = make.service()
    own, other = make.cohort(service), make.cohort(service)
    person = make.person(service, Role.SERVICE_LEAD, also=[Role.FACILITATOR])
    actor = Actor(person.id, service.id, roles_of(db, person), frozenset({own.id}))
    authorise(actor, "patient.read", own)
    authorise(actor, "cohort.read", other)
    with pytest.raises(NotFound):
        authorise(actor, "patient.read", other)
    with pytest.raises(NotPermitted):
        authorise(actor, "wording.sign", actor)


def test_the_audit_log_names_the_role_that_was_used(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    own, other = make.cohort(service), make.cohort(service)
    person = make.person(service, Role.CLINICAL_LEAD, also=[Role.FACILITATOR, Role.ADMINISTRATOR])
    actor = Actor(person.id, service.id, roles_of(db, person), frozenset({own.id}))
    for action, subject, role in (
        ("staff.invite", actor, Role.ADMINISTRATOR),
        ("patient.read", own, Role.FACILITATOR),
        ("patient.read", other, Role.CLINICAL_LEAD),
    ):
        authorise(actor, action, subject)
        audit.record(db, actor=actor, action="looked", subject_type="cohort", subject_id=own.id, now=now)
        assert last_role(db, service.id) == role, action
    assert verify(db, service.id).broken_at is None


def test_a_role_changed_in_the_log_afterwards_is_found(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    person = make.person(service, Role.ADMINISTRATOR)
    actor = make.actor(person)
    entry = audit.record(db, actor=actor, action="looked", subject_type="person", subject_id=person.id, now=now)
    assert entry.actor_role == Role.ADMINISTRATOR
    assert verify(db, service.id).broken_at is None
    entry.actor_role = Role.FACILITATOR
    db.flush()
    assert verify(db, service.id).broken_at == entry.number


def test_a_row_from_before_roles_were_named_still_fits_the_chain(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    nameless = Actor(make.person(service, Role.ADMINISTRATOR).id, service.id, frozenset())
    entry = audit.record(db, actor=nameless, action="looked", subject_type="person", subject_id="x", now=now)
    assert entry.actor_role == ""
    assert verify(db, service.id).broken_at is None


def test_patients_and_guests_are_one_thing_only() -> None:
    assert kind_of({Role.PATIENT}) is Kind.PATIENT
    assert kind_of({Role.FACILITATOR, Role.DUTY_CLINICIAN}) is Kind.STAFF
    for mixed in ({Role.PATIENT, Role.FACILITATOR}, {Role.COMPANION, Role.OBSERVER}, set[Role]()):
        with pytest.raises(Invalid):
            kind_of(mixed)


def test_somebody_is_found_by_each_of_their_roles_once(make: Factory, db: Session) -> None:
    service = make.service()
    make.person(service, Role.SERVICE_LEAD)
    person = make.person(service, Role.FACILITATOR, also=[Role.DUTY_CLINICIAN])
    make.noise()
    for roles in ((Role.FACILITATOR,), (Role.DUTY_CLINICIAN,), (Role.FACILITATOR, Role.DUTY_CLINICIAN)):
        assert db.exec(select(Person).where(Person.service_id == service.id, holding(*roles))).all() == [person]
    assert roles_by_person(db, service.id)[person.id] == {Role.FACILITATOR, Role.DUTY_CLINICIAN}


def test_each_page_stands_once_in_the_menu_of_somebody_with_every_role() -> None:
    menu = navigation_of(STAFF_ROLES)
    assert len({endpoint for _, endpoint in menu}) == len(menu)
    assert {endpoint for _, endpoint in menu} == {page for role in STAFF_ROLES for _, page in NAVIGATION[role]}
    assert navigation_of({Role.DUTY_CLINICIAN}) == list(NAVIGATION[Role.DUTY_CLINICIAN])
