"""Groups from before programmes were kept whole go on with what is shipped, which is what they read until then."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.database.migrating import migrate
from backtolife.database.session import open_engine
from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.plan.keeping import from_files, shipped_digest
from tests.database.test_migrating import add, bring_to, pointing_nowhere, take_back_to
from tests.support.postgresql import own_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A group that was made under the older version."""
    with ExitStack() as held:
        url = f"sqlite:///{tmp_path / 'programmes.db'}"
        if request.param == "postgresql":
            url = held.enter_context(own_database(request.getfixturevalue("postgresql_url")))
        engine = open_engine(url)
        held.callback(engine.dispose)
        bring_to(engine, "0073")
        with pointing_nowhere(engine) as connection:
            add(connection, "service", id="s")
            add(connection, "adopted_programme", id="p", service_id="s", key="backtolife-core", version="0.9.0")
            add(connection, "cohort", id="c", service_id="s", programme_id="p", capacity=12)
        yield engine


def test_a_group_from_before_follows_what_is_shipped_and_holds_it_whole(old: Engine) -> None:
    migrate(old)
    with Session(old) as db:
        row = db.exec(select(AdoptedProgramme)).one()
        assert row.digest == shipped_digest()
        assert from_files(row.files).session(1) == programme_of(db, db.get_one(Cohort, "c")).session(1)


def test_on_the_way_back_each_group_has_the_one_row_of_its_version(old: Engine) -> None:
    migrate(old)
    with Session(old) as db:
        first = db.exec(select(AdoptedProgramme)).one()
        other = {**first.model_dump(), "id": "q", "digest": "another"}
        db.add(AdoptedProgramme(**other))
        db.flush()
        db.add(Cohort(**{**db.get_one(Cohort, "c").model_dump(), "id": "d", "name": "Later", "programme_id": "q"}))
        db.commit()
    take_back_to(old, "0073")
    with old.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM adopted_programme").all() == [("p",)]
        assert set(connection.exec_driver_sql("SELECT id, programme_id FROM cohort").all()) == {("c", "p"), ("d", "p")}
