"""By when a clinician acts, and what a patient may be promised."""

from datetime import UTC, datetime

import pytest

from backtolife.outcomes.safety import response_times

LONDON = "Europe/London"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "promised"),
    [
        ("2026-03-03 09:00", "2026-03-03 17:00"),  # Tuesday morning: by 5pm
        ("2026-03-03 16:50", "2026-03-03 18:00"),  # an hour's notice at least
        ("2026-03-03 17:00", "2026-03-04 12:00"),  # closed: noon tomorrow
        ("2026-03-03 02:00", "2026-03-03 12:00"),  # at night: noon today
        ("2026-03-06 20:00", "2026-03-09 12:00"),  # Friday night: Monday noon
        ("2026-03-07 10:00", "2026-03-09 12:00"),  # Saturday: Monday noon
        ("2026-03-27 20:00", "2026-03-30 11:00"),  # the clocks change in between: noon on the wall
    ],
)
def test_a_same_day_answer_is_promised_a_call_that_somebody_will_make(given: str, promised: str) -> None:
    assert response_times.same_day(at(given), LONDON).promised_at == at(promised)


@pytest.mark.parametrize(
    ("given", "promised"),
    [("2026-03-03 10:07", "2026-03-03 12:15"), ("2026-03-07 10:00", "2026-03-09 12:00")],
)
def test_an_urgent_answer_is_due_at_once_and_promises_only_what_will_be_kept(given: str, promised: str) -> None:
    times = response_times.urgent(at(given), LONDON)
    assert (times.due_at, times.promised_at) == (at(given), at(promised))


def test_a_task_goes_to_the_backup_before_it_is_late() -> None:
    for given in ("2026-03-03 09:00", "2026-03-03 16:50", "2026-03-07 10:00"):
        times = response_times.same_day(at(given), LONDON)
        assert at(given) < times.escalates_at < times.due_at


def test_an_empty_question_is_asked_about_by_noon_on_the_next_working_day() -> None:
    assert response_times.next_day(at("2026-03-06 10:00"), LONDON).due_at == at("2026-03-09 12:00")
