"""The programme that comes with the product loads, and says what its authors wrote."""

import pytest

from backtolife.errors import NotFound
from backtolife.programme.plan.loading import shipped


def test_nine_sessions_of_ninety_minutes_each() -> None:
    sessions = shipped().sessions
    assert [session.number for session in sessions] == list(range(1, 10))
    assert {sum(section.minutes for section in session.sections) for session in sessions} == {90}


def test_every_milestone_asks_about_disability_confidence_mood_and_satisfaction() -> None:
    for milestone in shipped().milestones:
        asked = set(milestone.instrument_ids)
        assert asked & {"rmdq-24", "peg-3"}, milestone.id
        assert "semcd-6" in asked, milestone.id
        assert asked & {"phq-9", "phq-8", "phq-4"}, milestone.id
        assert "fft" in asked, milestone.id


def test_the_first_circuit_has_eight_stations_and_fits_its_section() -> None:
    circuit = next(section for section in shipped().session(1).sections if section.kind == "exercise")
    assert len(circuit.stations) == 8
    assert circuit.circuit_seconds == 180 + 8 * 85 + 90 <= circuit.minutes * 60


def test_each_chapter_of_a_video_begins_with_a_paragraph_that_is_there() -> None:
    for video in shipped().videos.values():
        assert [chapter.paragraph for chapter in video.chapters] == list(range(1, len(video.paragraphs) + 1))


def test_a_relaxation_script_is_words_with_silences_between() -> None:
    breathing = shipped().relaxation["relax-breathing"]
    assert breathing.spoken[0].text.startswith("Find a way to sit")
    assert breathing.spoken[0].pause_seconds == 6
    assert not any("pause" in part.text for part in breathing.spoken)


def test_an_exercise_can_be_done_sitting_standing_and_lying() -> None:
    assert len(shipped().exercises) == 24
    for exercise in shipped().exercises.values():
        assert all(exercise.variants[position] for position in ("sitting", "standing", "lying")), exercise.id


def test_what_is_not_in_the_programme_is_not_found() -> None:
    with pytest.raises(NotFound, match="no session 10"):
        shipped().session(10)
    with pytest.raises(NotFound, match="no schedule 'daily'"):
        shipped().schedule("daily")
    with pytest.raises(NotFound, match="no milestone 'never'"):
        shipped().milestone("never")
    with pytest.raises(NotFound, match="no guide 'guide-none'"):
        shipped().guide("guide-none")


def test_the_instruments_the_programme_needs_include_its_fallback_and_the_session_questions() -> None:
    assert {"phq-8", "phq-9", "group-experience", "work-status"} <= shipped().instrument_ids
