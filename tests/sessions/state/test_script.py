"""The script: moving through it, time, circuits."""

import pytest

from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.state import script

SECTIONS = shipped().session(1).sections
EXERCISE = next(section for section in SECTIONS if section.kind == "exercise")


def test_next_goes_one_section_on() -> None:
    assert script.following(2, 9) == 3


def test_there_is_nothing_after_the_last_section() -> None:
    with pytest.raises(Conflict, match="last part"):
        script.following(8, 9)


def test_there_is_nothing_before_the_first_section() -> None:
    with pytest.raises(Conflict, match="first part"):
        script.preceding(0)


def test_a_section_that_the_script_does_not_have_is_not_found() -> None:
    with pytest.raises(NotFound):
        script.chosen(9, 9)


def test_a_press_from_a_page_that_shows_another_section_moves_nobody() -> None:
    with pytest.raises(Conflict, match="already moved"):
        script.refuse_stale(seen=2, current=3)


def test_a_section_ends_after_its_minutes() -> None:
    assert script.deadline(SECTIONS[0], 1_000) == 1_000 + SECTIONS[0].minutes * 60_000


def test_stretching_a_section_that_is_over_time_counts_from_now() -> None:
    assert script.stretched(deadline_ms=1_000, minutes=5, now_ms=10_000) == 10_000 + 300_000


def test_stretching_before_the_end_moves_the_end() -> None:
    assert script.stretched(deadline_ms=20_000, minutes=1, now_ms=10_000) == 80_000


@pytest.mark.parametrize("minutes", [0, -1, 31])
def test_nobody_stretches_by_nothing_or_for_ever(minutes: int) -> None:
    with pytest.raises(Invalid):
        script.stretched(0, minutes, 0)


def test_a_circuit_takes_as_long_as_its_parts() -> None:
    assert sum(phase.seconds for phase in script.circuit(EXERCISE)) == EXERCISE.circuit_seconds


def test_a_circuit_fits_its_section() -> None:
    for number in range(1, 10):
        for section in shipped().session(number).sections:
            assert sum(phase.seconds for phase in script.circuit(section)) <= section.minutes * 60


def test_a_section_without_stations_has_no_circuit() -> None:
    assert script.circuit(SECTIONS[0]) == ()
