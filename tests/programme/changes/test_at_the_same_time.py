"""Two of staff who move the same session at the same moment: one is kept, the other sees what the first did."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from threading import Barrier

from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.programme.changes import moving
from backtolife.programme.changes.models import ChangeKind, DatesChange
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.models import Cohort, SessionDate
from tests.programme.changes.desk import Desk, desk_of
from tests.support.factories import Factory

WISHES = [Wish(ChangeKind.MOVED, 2, date(2026, 3, day), time(10)) for day in (18, 19, 20, 21)]


def test_of_changes_at_the_same_moment_one_is_kept_and_the_others_are_asked_again(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    with session_scope(engine) as db:
        desk = desk_of(Factory(db, now), db, settings, now)
    seen = []
    for wish in WISHES:
        with Session(engine) as db:
            found = Desk(db, db.get_one(Cohort, desk.cohort.id), desk.lead, desk.around, now)
            seen.append((wish, found.ask(wish).agreed))
    start = Barrier(len(seen))

    def save(given: tuple[Wish, str]) -> bool:
        wish, agreed = given
        start.wait()
        with session_scope(engine) as db:
            kept = moving.change_dates(
                db,
                cohort=db.get_one(Cohort, desk.cohort.id),
                wish=wish,
                agreed=agreed,
                actor=desk.lead,
                around=desk.around,
                now=now,
            )
            return kept is not None

    with ThreadPoolExecutor(len(seen)) as pool:
        kept = list(pool.map(save, seen))
    assert sorted(kept) == [False, False, False, True]
    with Session(engine) as db:
        [change] = db.exec(select(DatesChange)).all()
        [moved] = db.exec(select(SessionDate).where(SessionDate.sequence == 1)).all()
        assert change.after == {"2": [moved.starts_at.isoformat(), moved.ends_at.isoformat(), ""]}
        assert moved.starts_at.date() == WISHES[kept.index(True)].to
