"""One failure in a tick stops nothing else: not another service, not another group, not a task that is late."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders import services
from tests.support.factories import Factory


def broken(*_: Any, **__: Any) -> None:
    raise KeyError("a fault of ours")


@pytest.mark.parametrize("step", ["escalate_late", "ask_for_signing", "close_left_open", "forget_ended"])
def test_what_fails_for_a_service_stops_nothing_else(
    engine: Engine, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    done: list[str] = []
    for name in ("escalate_late", "ask_for_signing", "close_left_open", "forget_ended"):
        monkeypatch.setattr(services, name, lambda *_, name=name, **__: done.append(name))
    monkeypatch.setattr(services, step, broken)
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service())
        make.enrolment(cohort)
        near = dates_of(db, cohort.id)[0].starts_at - timedelta(hours=20)
    assert services.remind(engine, settings, near) > 0
    assert set(done) == {"escalate_late", "ask_for_signing", "close_left_open", "forget_ended"} - {step}


def test_a_group_that_fails_stops_no_other_group(
    engine: Engine, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        one, other = (make.cohort(make.service()) for _ in range(2))
        make.enrolment(one)
        make.enrolment(other)
        near = dates_of(db, one.id)[0].starts_at - timedelta(hours=20)
    real, first = services.remind_cohort, []

    def fails_once(*given: Any, cohort_id: str, **more: Any) -> int:
        if not first:
            first.append(cohort_id)
            broken()
        return real(*given, cohort_id=cohort_id, **more)

    monkeypatch.setattr(services, "remind_cohort", fails_once)
    assert services.remind(engine, settings, near) > 0
    with session_scope(engine) as db:
        assert db.exec(select(OutgoingMessage)).all()
