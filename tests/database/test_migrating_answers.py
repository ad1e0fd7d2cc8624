"""What a place says of later questions is brought to what the person's answer says."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, Table, select

from backtolife.database.session import open_engine
from tests.database.test_migrating import LONG_AGO, add, bring_to, pointing_nowhere
from tests.support.postgresql import own_database

KIND = "later_questions"
STOOD = {"stale": True, "newest": True, "not_written": False, "unanswered": True, "refused": True}
TAKEN_OVER = LONG_AGO + timedelta(days=90)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def who_left(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """People who left and what they said: words were published three times, and the second time all were asked."""
    with ExitStack() as held:
        url = f"sqlite:///{tmp_path / 'left.db'}"
        if request.param == "postgresql":
            url = held.enter_context(own_database(request.getfixturevalue("postgresql_url")))
        engine = open_engine(url)
        held.callback(engine.dispose)
        bring_to(engine, "0058")
        with pointing_nowhere(engine) as connection:
            for version in (1, 2, 3):
                known = {"service_id": "s", "kind": KIND, "version": version, "asks_again": version < 3}
                add(connection, "consent_text", id=str(version), **known)
            for name, agreed in STOOD.items():
                place = {"service_id": "s", "person_id": name, "state": "withdrawn", "code": name}
                add(connection, "enrolment", id=name, cohort_id=name, agreed_later=agreed, **place)
                add(connection, "enrolment_change", id=name, service_id="s", enrolment_id=name, state="withdrawn")
            said = {"service_id": "s", "kind": KIND, "by_telephone": True, "at": TAKEN_OVER}
            for name, version in (("stale", 0), ("newest", 2), ("not_written", 3)):
                by = name if version else "migration"
                add(connection, "consent_answer", id=name, person_id=name, version=version, agreed=True, by=by, **said)
            add(
                connection,
                "consent_answer",
                id="no",
                person_id="refused",
                version=3,
                agreed=False,
                by="refused",
                **said,
            )
        yield engine


def test_a_yes_to_words_that_were_asked_again_is_none_any_more(who_left: Engine) -> None:
    bring_to(who_left, "0059")
    with who_left.connect() as connection:
        found = {row[0]: bool(row[1]) for row in connection.exec_driver_sql("SELECT id, agreed_later FROM enrolment")}
    assert found == {"stale": False, "newest": True, "not_written": True, "unanswered": False, "refused": False}


def test_what_was_taken_over_from_a_leaving_was_said_at_that_leaving(who_left: Engine) -> None:
    bring_to(who_left, "0059")
    with who_left.connect() as connection:
        answers = Table("consent_answer", MetaData(), autoload_with=connection)
        found = {row.id: row.at.replace(tzinfo=None) for row in connection.execute(select(answers.c.id, answers.c.at))}
    assert found == {"stale": LONG_AGO, "newest": TAKEN_OVER, "not_written": TAKEN_OVER, "no": TAKEN_OVER}
