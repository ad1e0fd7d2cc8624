"""Two facilitators who undo an end, or end a session, at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.errors import Conflict
from backtolife.people.access import Actor
from backtolife.sessions.records import closing
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, GroupStatus, Seat
from backtolife.sessions.state import script, seats
from backtolife.sessions.state.rules import SeatStatus
from tests.support.sessions.gathering import gather


def started(engine: Engine, now: datetime) -> tuple[str, list[Actor]]:
    """A session that runs with Linda in it; its id and its two facilitators."""
    with session_scope(engine) as db:
        group = gather(db, now)
        linda = group.sit(group.patients[0], now=now)
        group.sit(group.lead, now=now)
        group.apply(seats.admit, now, seat=linda.id, now_ms=0)
        group.apply(script.start, now, sections=room.plan_of(group.db, group.group_session).sections, now_ms=0)
        return group.group_session.id, [group.make.actor(group.lead), group.make.actor(group.spotter)]


def at_once(engine: Engine, key: str, actors: list[Actor], now: datetime, act: Callable[..., object]) -> list[bool]:
    """Which of the facilitators' presses were taken."""
    start = Barrier(len(actors))

    def press(actor: Actor) -> bool:
        start.wait()
        try:
            with session_scope(engine) as db:
                act(db, group_session=room.load(db, key), actor=actor, now=now)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(len(actors)) as pool:
        return sorted(pool.map(press, actors))


def test_of_two_presses_one_ends_the_session_and_one_opens_it_again(engine: Engine, now: datetime) -> None:
    key, both = started(engine, now)
    assert at_once(engine, key, both, now, closing.close) == [False, True]
    assert at_once(engine, key, both, now + timedelta(minutes=1), closing.open_again) == [False, True]
    with Session(engine) as db:
        assert db.get_one(GroupSession, key).status is GroupStatus.RUNNING
        said = db.exec(select(AuditEntry.action).where(AuditEntry.subject_id == key)).all()
        assert (said.count("session_ended"), said.count("session_opened_again")) == (1, 1)
        assert SeatStatus.ADMITTED in db.exec(select(Seat.status)).all()


def test_what_people_told_us_is_forgotten_once_on_either_database(engine: Engine, now: datetime) -> None:
    key, both = started(engine, now)
    later = now + timedelta(minutes=96)
    with session_scope(engine) as db:
        closing.close(db, group_session=room.load(db, key), actor=both[0], now=now)
        assert closing.forget_ended(db, actor=both[0], now=later) == [key]
    with Session(engine) as db:
        assert set(db.exec(select(Seat.phone)).all()) == {""}
