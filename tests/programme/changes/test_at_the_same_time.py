"""Two of staff who move the same session at the same moment: one is kept, the other sees what the first did."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.database.session import metadata, open_engine, session_scope
from backtolife.programme.changes import moving
from backtolife.programme.changes.models import ChangeKind, DatesChange
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.models import Cohort, SessionDate
from tests.programme.changes.desk import Desk, desk_of
from tests.support.factories import Factory
from tests.support.postgresql import own_database

WISHES = [Wish(ChangeKind.MOVED, 2, date(2026, 3, day), time(10)) for day in (18, 19, 20, 21)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of its own, in which transactions really meet."""
    if request.param == "sqlite":
        opened = open_engine(f"sqlite:///{tmp_path / 'own.db'}")
        metadata.create_all(opened)
        yield opened
        opened.dispose()
        return
    with own_database(request.getfixturevalue("postgresql_url")) as url:
        opened = open_engine(url)
        metadata.create_all(opened)
        yield opened
        opened.dispose()


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
