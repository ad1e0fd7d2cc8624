"""What a room refuses leaves a row: who was not let in, and who sent what they may not."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.traces.looks import refusals
from tests.support.sessions.gathering import gather
from tests.support.sessions.hall import Hall, ask, open_hall


@pytest.fixture
def hall(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    monkeypatch.setattr(refusals, "_tries", {})
    with open_hall(app) as opened:
        yield opened


def refused(hall: Hall) -> list[tuple[str, str, object]]:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        rows = db.exec(select(AuditEntry).where(AuditEntry.action == "refused"))
        return [(each.actor_id, each.subject_id, each.detail["wanted"]) for each in rows]


def test_a_page_that_another_groups_room_does_not_let_in_leaves_a_row(hall: Hall) -> None:
    patient = hall.group.patients[0]
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        other = gather(db, clock.now()).group_session.id
    assert not hall.connect(patient, room=other).is_connected()
    assert refused(hall) == [(patient.id, other, "session.room")]


def test_an_event_that_is_not_theirs_to_send_leaves_a_row(hall: Hall) -> None:
    patient = hall.group.patients[0]
    hall.sit(patient, admitted=True)
    assert ask(hall.connect(patient), "mute_all")["status"] == 403
    assert refused(hall) == [(patient.id, hall.group.group_session.id, "mute_all")]


def test_a_page_that_is_let_in_leaves_none(hall: Hall) -> None:
    hall.sit(hall.group.patients[0])
    assert hall.connect(hall.group.patients[0]).is_connected()
    assert refused(hall) == []
