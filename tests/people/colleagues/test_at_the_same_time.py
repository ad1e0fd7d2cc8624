"""Two administrators who change accounts at the same moment."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from backtolife.database.session import session_scope
from backtolife.people.access import Actor
from backtolife.people.colleagues import services
from backtolife.people.models import Person, Role
from backtolife.people.roles import roles_of
from backtolife.people.second_person.proposing import open_roles
from tests.support.factories import Factory
from tests.support.people.at_once import at_once

SITE = "http://localhost"
ROUNDS = 5


def two_administrators(engine: Engine, now: datetime) -> tuple[list[Actor], Actor]:
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        both = [make.actor(make.person(service, Role.ADMINISTRATOR)) for _ in range(2)]
        return both, make.actor(make.person(service, Role.FACILITATOR))


def into(actor: Actor, whom: Actor, roles: set[Role], now: datetime) -> Callable[[Session], None]:
    def change(db: Session) -> None:
        person = db.get_one(Person, whom.id)
        services.change_roles(db, (), actor=actor, person=person, roles=roles, site=SITE, now=now)

    return change


def off(actor: Actor, whom: Actor, now: datetime) -> Callable[[Session], None]:
    def change(db: Session) -> None:
        person = db.get_one(Person, whom.id)
        services.switch_off(db, (), actor=actor, person=person, to_id="", site=SITE, now=now)

    return change


@pytest.mark.parametrize("both", ["take the role", "switch off", "one each"])
def test_two_who_take_each_other_away_leave_one_administrator(engine: Engine, now: datetime, both: str) -> None:
    for _ in range(ROUNDS):
        (one, two), _ = two_administrators(engine, now)
        first = off(one, two, now) if both == "switch off" else into(one, two, {Role.FACILITATOR}, now)
        second = into(two, one, {Role.FACILITATOR}, now) if both == "take the role" else off(two, one, now)
        said = at_once(engine, first, second)
        assert sorted(map(bool, said)) == [False, True], said
        assert any(each == services.LAST_ADMINISTRATOR for each in said)


def test_of_two_who_give_one_colleague_roles_the_later_is_kept_whole(engine: Engine, now: datetime) -> None:
    for _ in range(ROUNDS):
        (one, two), them = two_administrators(engine, now)
        clinical, duty = {Role.CLINICAL_LEAD, Role.FACILITATOR}, {Role.DUTY_CLINICIAN}
        assert at_once(engine, into(one, them, clinical, now), into(two, them, duty, now)) == ["", ""]
        with Session(engine) as db:
            kept = roles_of(db, db.get_one(Person, them.id)) | open_roles(db, them.id)
            assert kept in (frozenset(clinical), frozenset(duty))
