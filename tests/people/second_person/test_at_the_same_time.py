"""Sixteen people decide about one role in the same moment."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, RoleHeld
from backtolife.people.second_person import deciding, proposing
from backtolife.people.second_person.models import RoleProposed
from tests.support.factories import Factory
from tests.support.people.at_once import at_once

MANY = 16
SITE = "http://localhost"


def test_of_sixteen_who_propose_and_sixteen_who_decide_one_counts(engine: Engine, now: datetime) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        make.person(service, Role.PATIENT)
        actors = [make.actor(make.person(service, Role.ADMINISTRATOR)) for _ in range(MANY)]
        colleague = make.person(service, Role.SERVICE_LEAD).id

    def asks(number: int) -> Callable[[Session], object]:
        return lambda db: proposing.propose(
            db, actor=actors[number], person=db.get_one(Person, colleague), role=Role.FACILITATOR, site=SITE, now=now
        )

    said = at_once(engine, *(asks(number) for number in range(MANY)))
    assert sorted(said) == ["", *[proposing.HELD_ALREADY] * (MANY - 1)]
    with Session(engine) as db:
        proposal = db.exec(select(RoleProposed).where(RoleProposed.service_id == service.id)).one()

    def decides(number: int) -> Callable[[Session], object]:
        if number % 2:
            return lambda db: deciding.decline(db, actor=actors[number], proposal_id=proposal.id, now=now)
        return lambda db: deciding.confirm(db, actor=actors[number], proposal_id=proposal.id, site=SITE, now=now)

    others = [number for number in range(MANY) if actors[number].id != proposal.proposed_by]
    said = at_once(engine, *map(decides, others))
    assert sorted(said) == ["", *[deciding.GONE] * (MANY - 2)]
    with Session(engine) as db:
        kept = db.get_one(RoleProposed, proposal.id)
        held = db.exec(select(RoleHeld.role).where(RoleHeld.person_id == colleague)).all()
        wanted = select(AuditEntry.action).where(AuditEntry.subject_id == colleague)
        rows = [each for each in db.exec(wanted) if each in ("role_confirmed", "role_not_given")]
    assert len(rows) == 1
    assert (Role.FACILITATOR in held) is kept.given is (rows == ["role_confirmed"])
