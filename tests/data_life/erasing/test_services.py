"""Two people, a week apart, and nothing in the way: only then is somebody erased."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.data_life.erasing import ledger, services
from backtolife.data_life.erasing.emptying import is_erased
from backtolife.data_life.erasing.models import Erasure
from backtolife.database.session import session_scope
from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.mail import delivery
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.rules import EnrolmentState
from tests.conftest import NOW
from tests.support.factories import Factory

WEEK = services.WAIT


class Desk:
    """A patient who left their group, and two people who may erase."""

    def __init__(self, db: Session, make: Factory) -> None:
        self.db, self.now = db, make.now
        service = make.service()
        self.place = make.enrolment(make.cohort(service), "Ann")
        self.place.state = EnrolmentState.WITHDRAWN
        self.ann = db.get_one(Person, self.place.person_id)
        self.lead: Actor = make.actor(make.person(service, Role.CLINICAL_LEAD))
        self.admin: Actor = make.actor(make.person(service, Role.ADMINISTRATOR))
        self.facilitator: Actor = make.actor(make.person(service, Role.FACILITATOR))
        db.flush()

    def ask(self) -> None:
        services.ask(self.db, person=self.ann, reason="She asked by letter", actor=self.lead, now=self.now)

    def confirm(self, actor: Actor | None = None, *, after: timedelta = WEEK) -> None:
        services.confirm(self.db, person=self.ann, actor=actor or self.admin, now=self.now + after)


@pytest.fixture
def desk(db: Session, make: Factory) -> Desk:
    return Desk(db, make)


def test_a_week_later_a_second_person_confirms_and_they_are_gone(desk: Desk) -> None:
    token = signin.begin(desk.db, person=desk.ann, now=desk.now)
    desk.ask()
    desk.confirm()
    assert is_erased(desk.ann)
    assert signin.find_signed_in(desk.db, token=token, now=desk.now + WEEK) is None
    row = desk.db.exec(select(Erasure)).one()
    assert (row.confirmed_by, row.reason) == (desk.admin.id, "Erased")


def test_what_waits_to_be_sent_to_them_goes_nowhere(desk: Desk) -> None:
    delivery.queue(
        desk.db,
        service_id=desk.ann.service_id,
        key="welcome:x",
        address=desk.ann.email,
        subject="Hello",
        body="Ann",
        now=desk.now,
        person_id=desk.ann.id,
    )
    desk.ask()
    desk.confirm()
    assert desk.db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == desk.ann.id)).all() == []


@pytest.mark.parametrize(
    "do",
    [
        lambda desk: desk.confirm(after=WEEK - timedelta(seconds=1)),
        lambda desk: desk.confirm(desk.lead),
        lambda desk: desk.ask(),
    ],
    ids=["too early", "alone", "twice"],
)
def test_neither_early_nor_alone_nor_twice(desk: Desk, do: Callable[[Desk], None]) -> None:
    desk.ask()
    with pytest.raises(Conflict):
        do(desk)
    assert not is_erased(desk.ann)


def test_called_off_it_can_be_confirmed_no_more(desk: Desk) -> None:
    desk.ask()
    services.call_off(desk.db, person=desk.ann, actor=desk.admin, now=desk.now)
    with pytest.raises(Conflict):
        desk.confirm()
    desk.ask()


def test_a_legal_hold_stops_it_also_when_it_comes_later(desk: Desk) -> None:
    desk.ask()
    services.put_hold(desk.db, person=desk.ann, reason="A claim", actor=desk.lead, now=desk.now)
    with pytest.raises(Conflict, match="legal hold"):
        desk.confirm()
    services.lift_hold(desk.db, person=desk.ann, actor=desk.lead, now=desk.now)
    desk.confirm()
    assert is_erased(desk.ann)


def test_a_hold_on_a_record_that_was_merged_stops_it_too(desk: Desk, make: Factory) -> None:
    twin = make.person(make.service(), Role.PATIENT, "Ann Twin")
    twin.service_id = desk.ann.service_id
    services.put_hold(desk.db, person=twin, reason="A claim", actor=desk.lead, now=desk.now)
    twin.merged_into_id = desk.ann.id
    desk.db.flush()
    with pytest.raises(Conflict, match="legal hold"):
        desk.ask()


def test_who_takes_part_is_not_erased(desk: Desk) -> None:
    desk.place.state = EnrolmentState.STARTED
    desk.db.flush()
    with pytest.raises(Conflict, match="leave it"):
        desk.ask()


def test_not_without_a_reason_and_not_by_just_anybody(desk: Desk) -> None:
    with pytest.raises(Invalid):
        services.ask(desk.db, person=desk.ann, reason=" ", actor=desk.lead, now=desk.now)
    with pytest.raises(NotPermitted):
        services.ask(desk.db, person=desk.ann, reason="Because", actor=desk.facilitator, now=desk.now)


def test_who_was_erased_is_erased_again_after_a_restore(
    engine: Engine, settings: Settings, make_in: Callable[[Session], Desk], tmp_path: Path
) -> None:
    with session_scope(engine) as db:
        desk = make_in(db)
        before = {column: getattr(desk.ann, column) for column in ("email", "full_name", "active")}
        desk.ask()
        desk.confirm()
        ann_id, later = desk.ann.id, desk.now + WEEK
    assert ledger.keep(engine, settings) == 1
    assert ledger.keep(engine, settings) == 0, "each once"
    with session_scope(engine) as db:  # the backup is from before
        for column, value in before.items():
            setattr(db.get_one(Person, ann_id), column, value)
        db.delete(db.exec(select(Erasure)).one())
    file = settings.data_dir / ledger.NAME
    assert ann_id in file.read_text()
    assert "Ann" not in file.read_text()
    assert ledger.replay(engine, file, now=later) == (1, 1)
    assert ledger.replay(engine, file, now=later) == (0, 1)
    with session_scope(engine) as db:
        assert is_erased(db.get_one(Person, ann_id))
    (tmp_path / "other.txt").write_text("not ours")
    with pytest.raises(Invalid):
        ledger.replay(engine, tmp_path / "other.txt", now=later)


@pytest.fixture
def make_in() -> Callable[[Session], Desk]:
    return lambda db: Desk(db, Factory(db, NOW))
