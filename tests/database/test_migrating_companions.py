"""Who was booked for a course before addresses were kept is reached where their link went last."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from backtolife.database.migrating import migrate
from backtolife.database.session import metadata, open_engine
from tests.database.test_migrating import LONG_AGO, add, bring_to, pointing_nowhere, take_back_to
from tests.support.postgresql import own_database

SENT = {"marek": ("old@example.org", "new@example.org"), "pat": (), "linda": ("linda@example.org",)}
"""Where messages went, in order: Marek and Pat are booked for a course, Linda is a patient."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with ExitStack() as held:
        url = f"sqlite:///{tmp_path / 'companions.db'}"
        if request.param == "postgresql":
            url = held.enter_context(own_database(request.getfixturevalue("postgresql_url")))
        engine = open_engine(url)
        held.callback(engine.dispose)
        bring_to(engine, "0081")
        with pointing_nowhere(engine) as connection:
            add(connection, "service", id="s")
            for name, addresses in SENT.items():
                companion = name != "linda"
                kind = {"kind": "companion" if companion else "patient", "whole_course": companion}
                flags = {"active": True, "others_read": False, "shares_address": False}
                add(connection, "person", id=name, service_id="s", email=name, channel="email", **kind, **flags)
                for number, address in enumerate(addresses):
                    key, at = f"{name} {number}", LONG_AGO + timedelta(days=number)
                    message = {"person_id": name, "state": "sent", "channel": "email", "address": address}
                    more = {"service_id": "s", "queued_at": at, "urgent": True, "at_once": False}
                    add(connection, "outgoing_message", id=key, key=key, **message, **more)
        yield engine


def test_the_newest_address_is_kept_and_it_is_kept_closed(before: Engine) -> None:
    migrate(before)
    with before.connect() as connection:
        person = metadata.tables["person"].c
        assert dict(connection.execute(select(person.id, person.guest_email)).all()) == {
            "marek": "new@example.org",
            "pat": "",
            "linda": "",
        }
        raw = connection.exec_driver_sql("SELECT guest_email FROM person WHERE id = 'marek'").scalar()
    assert raw
    assert "example" not in raw
    take_back_to(before, "0081")
