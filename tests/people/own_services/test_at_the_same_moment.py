"""Two browsers that join accounts at the same moment, each in a transaction of its own."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

from backtolife.people.models import Person, SignedIn
from backtolife.people.own_services.linking import link_shown
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked import linking
from backtolife.people.signing_in.linked.accounts import rows_with
from tests.people.own_services.conftest import cast_of
from tests.support.factories import Factory
from tests.support.people.at_once import at_once
from tests.support.people.two_services import TwoServices

ROUNDS = 5


@pytest.fixture
def engine(site: Flask) -> Engine:
    found = site.extensions["backtolife.engine"]
    assert isinstance(found, Engine)
    return found


def come_again(two: TwoServices) -> None:
    """The next round has people of its own."""
    with two.db() as db:
        two.people = cast_of(Factory(db, two.now))


def joining(two: TwoServices, one: str, other: str) -> Callable[[Session], None]:
    with two.db() as db:
        token = signin.begin(db, person=db.get_one(Person, two.people[one].id), now=two.now)
        db.flush()
        found = signin.find_signed_in(db, token=token, now=two.now)
        assert found is not None
        place = found[0].id

    def join(db: Session) -> None:
        me, them = (db.get_one(Person, two.people[name].id) for name in (one, other))
        link_shown(
            db,
            actor=Factory(db, two.now).actor(me),
            signed_in=db.get_one(SignedIn, place),
            person=me,
            other=them,
            proven=them.password_hash,
            second="",
            required=False,
            now=two.now,
        )

    return join


@pytest.mark.parametrize("second", [("north", "south"), ("south", "north")])
def test_two_browsers_that_join_the_same_accounts_join_them_once(
    two: TwoServices, engine: Engine, second: tuple[str, str]
) -> None:
    for _ in range(ROUNDS):
        come_again(two)
        said = at_once(engine, joining(two, "north", "south"), joining(two, *second))
        assert sorted(said) == ["", linking.CHANGED], "the first signs the other browser out"
        with two.db() as db:
            assert len(rows_with(db, two.people["north"].id)) == 2
        for name in ("north", "south"):
            assert len(two.audit(name, "accounts_linked")) == 1


def test_of_two_that_join_one_account_with_two_others_of_one_service_one_does(two: TwoServices, engine: Engine) -> None:
    for _ in range(ROUNDS):
        come_again(two)
        said = at_once(engine, joining(two, "south", "north"), joining(two, "mallory", "north"))
        assert sorted(said) == ["", linking.JOIN_FROM_THERE]
        with two.db() as db:
            assert len(rows_with(db, two.people["north"].id)) == 2
