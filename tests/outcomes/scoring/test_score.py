"""What scoring does beyond the golden cases: gaps, tables not at hand, several scales, refused answers."""

import pytest

from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.scoring.alerts import safety_level
from backtolife.outcomes.scoring.responses_in import InvalidAnswer
from backtolife.outcomes.scoring.score import score


def scored(name: str, responses: dict[str, object]) -> dict[str, object]:
    return score(load_instrument(name), responses).as_dict()


def test_a_form_not_submitted_has_no_score_but_its_item_9_still_alerts() -> None:
    found = score(load_instrument("phq-9"), {"items": [1] * 9, "submitted": False})
    assert (found.value, found.band, found.status) == (None, None, "incomplete")
    assert found.alerts["item9"].level == "same_day"


def test_a_missing_item_9_is_no_zero() -> None:
    found = scored("phq-9", {"items": [1] * 8 + [None]})
    assert (found["item9_value"], found["item9_alert"], found["item9_unanswered"]) == (None, False, True)


@pytest.mark.parametrize(
    ("value", "total", "level"),
    [(None, 27, None), (0, 27, None), (1, 4, "same_day"), (1, 20, "urgent"), (2, None, "urgent"), (3, None, "urgent")],
)
def test_item_9_decides_how_soon_a_clinician_acts(value: int | None, total: int | None, level: str | None) -> None:
    assert safety_level(load_instrument("phq-9"), "9", value, total) == level


def test_no_other_question_opens_a_safety_task() -> None:
    assert safety_level(load_instrument("phq-9"), "1", 3) is None
    assert safety_level(load_instrument("gad-7"), "7", 3) is None


def test_answers_may_come_by_question_in_any_order() -> None:
    by_name = scored("peg-3", {"answers": {"3": 4, "1": 5, "2": 4}})
    assert by_name["mean"] == 4.33


def test_an_all_blank_tick_list_is_no_zero_until_none_of_these_is_confirmed() -> None:
    blank: dict[str, object] = {"answers": {}, "submitted": True}
    assert scored("rmdq-24", blank)["status"] == "incomplete"
    assert scored("rmdq-24", blank | {"none_apply_confirmed": True})["total"] == 0


def test_a_yes_or_no_form_with_a_gap_has_no_score() -> None:
    assert scored("rmdq-24", {"items": [1, None] * 12, "mode": "yes_no"})["total"] is None


def test_oswestry_counts_only_the_sections_answered_and_allows_one_gap() -> None:
    assert scored("odi-2.1a", {"items": [3] * 10})["total"] == 60
    assert scored("odi-2.1a", {"items": [2, 2, 2, 2, 2, 2, 2, 2, 1, None]})["total"] == 38
    assert scored("odi-2.1a", {"items": [2] * 8 + [None] * 2})["total"] is None


def test_items_the_other_way_round_are_turned() -> None:
    assert scored("csq-8", {"items": [4, 1, 4, 1, 1, 4, 4, 1]})["total"] == 32


def test_three_scales_without_a_total_each_have_a_band() -> None:
    found = scored("dass-21", {"items": [1] * 21})
    assert (found["depression"], found["anxiety"], found["stress"]) == (14, 14, 14)
    assert (found["depression_band"], found["anxiety_band"], found["stress_band"]) == ("moderate", "moderate", "normal")
    assert found["status"] == "scored"


def test_a_scale_with_too_many_gaps_leaves_the_others_standing() -> None:
    found = scored("dass-21", {"items": [1, None, 1, None] + [1] * 17})
    assert (found["anxiety"], found["depression"], found["status"]) == (None, 14, "partly_scored")


def test_work_impairment_joins_time_missed_and_impairment_at_work() -> None:
    found = scored("wpai", {"items": ["yes", 10, 0, 30, 4, 5]})
    assert (found["absenteeism"], found["presenteeism"], found["overall"], found["activity"]) == (25.0, 40, 55.0, 50)


def test_someone_not_in_work_gets_activity_impairment_only() -> None:
    found = scored("wpai", {"items": ["no", None, None, None, None, 3]})
    assert (found["absenteeism"], found["overall"], found["activity"]) == (None, None, 30)


def test_no_hours_at_all_is_no_absenteeism_rather_than_a_division_by_zero() -> None:
    assert scored("wpai", {"items": ["yes", 0, 0, 0, 0, 0]})["absenteeism"] is None


def test_a_week_has_168_hours_and_no_more() -> None:
    assert scored("wpai", {"items": ["yes", 168, 0, 168.0, 0, 0]})["absenteeism"] == 50.0


def test_hours_worked_left_blank_give_no_absenteeism() -> None:
    assert scored("wpai", {"items": ["yes", 10, 0, None, 4, 5]})["absenteeism"] is None


def test_hours_in_tenths_are_exact() -> None:
    assert scored("wpai", {"items": ["yes", 0.1, 0, 0.2, 0, 0]})["absenteeism"] == 33.3


def test_a_value_set_not_at_hand_gives_no_index_and_says_so() -> None:
    found = scored("eq-5d-5l", {"items": [1, 1, 2, 3, 1, 70]})
    assert (found["status"], found["vas"]) == ("needs_table", 70)
    assert score(load_instrument("eq-5d-5l"), {"items": [1, 1, 2, 3, 1, 70]}).value is None


def test_no_sum_is_made_while_the_licensed_form_is_not_at_hand() -> None:
    found = scored("hads", {"items": [1] * 14})
    assert (found["status"], found["anxiety"], found["depression"]) == ("needs_form", None, None)


def test_an_instrument_whose_questions_must_be_imported_cannot_be_answered() -> None:
    """A first version of a file may have come without its questions; what was pinned to it stays as it was."""
    with pytest.raises(InvalidAnswer, match="cannot be answered here yet: it needs the T-score tables") as refused:
        score(load_instrument("promis-29", "1"), {"items": [1] * 29})
    assert refused.value.code == "not_answerable"


def test_work_status_is_reported_as_it_is_and_gets_no_number() -> None:
    found = scored("work-status", {"answers": {"situation": "retired", "days_missed": 3}})
    assert (found["status"], found["situation"], found["days_missed"], found["ability"]) == (
        "recorded",
        "retired",
        3,
        None,
    )


def test_the_group_score_tolerates_one_gap_not_two() -> None:
    assert scored("group-experience", {"items": [8, None, 9]})["mean"] == 8.5
    assert scored("group-experience", {"items": [8, None, None]})["mean"] is None


def test_one_low_answer_is_enough_to_talk_about_the_group() -> None:
    assert scored("gsrs", {"items": [10, 10, 10, 8]})["discuss"] is True
    assert scored("gsrs", {"items": [9, 9, 9, 9]})["discuss"] is False


def test_short_screen_flags_worry_and_low_mood_apart() -> None:
    found = scored("phq-4", {"items": [3, 1, 0, 1]})
    assert (found["total"], found["gad2"], found["phq2"]) == (5, 4, 1)
    assert (found["gad2_ge3"], found["phq2_ge3"]) == (True, False)


def test_a_blank_risk_screen_is_not_stratified() -> None:
    found = scored("start-back-9", {"items": [None] * 9})
    assert (found["risk"], found["status"]) == (None, "incomplete")


def test_friends_and_family_percentages_are_hidden_below_five_answers() -> None:
    found = scored("fft", {"counts": {"very_good": 4}})
    assert (found["n"], found["suppressed"], found["pct_positive"]) == (4, True, None)
    assert scored("fft", {"counts": {"very_good": 5}})["pct_positive"] == 100.0


def test_a_score_says_which_version_it_was_computed_by() -> None:
    instrument = load_instrument("gad-7")
    found = scored("gad-7", {"items": [0] * 7})
    assert (found["instrument"], found["version"], found["hash"]) == ("gad-7", "1", instrument.hash)


@pytest.mark.parametrize(
    ("name", "responses", "code"),
    [
        ("gad-7", {"items": [0] * 6}, "wrong_count"),
        ("gad-7", {"items": [0] * 6 + [4]}, "out_of_range"),
        ("gad-7", {"items": [0] * 6 + [-9]}, "out_of_range"),
        ("gad-7", {"items": [0] * 6 + [1.5]}, "wrong_type"),
        ("gad-7", {"items": [0] * 6 + [True]}, "wrong_type"),
        ("gad-7", {"items": [0] * 6 + ["1"]}, "wrong_type"),
        ("gad-7", {"items": [0] * 6 + [[1]]}, "wrong_type"),
        ("gad-7", {"items": "0000000"}, "wrong_type"),
        ("gad-7", {}, "no_answers"),
        ("gad-7", {"items": [0] * 7, "answers": {}}, "no_answers"),
        ("gad-7", {"answers": {"8": 1}}, "unknown_item"),
        ("gad-7", {"answers": [1]}, "wrong_type"),
        ("gad-7", {"items": [0] * 7, "mode": "tick"}, "unknown_key"),
        ("gad-7", {"items": [0] * 7, "submitted": "yes"}, "wrong_type"),
        ("gad-7", {"counts": {}}, "unknown_key"),
        ("rmdq-24", {"items": [1] * 24, "mode": "guess"}, "out_of_range"),
        ("rmdq-24", {"items": [1] * 24, "none_apply_confirmed": True}, "contradiction"),
        ("wsas", {"items": [1] * 5, "work_not_applicable": True}, "contradiction"),
        ("wpai", {"items": ["yes", float("nan"), 0, 1, 0, 0]}, "wrong_type"),
        ("wpai", {"items": ["yes", 169, 0, 1, 0, 0]}, "out_of_range"),
        ("wpai", {"items": ["maybe", 1, 0, 1, 0, 0]}, "out_of_range"),
        ("wpai", {"items": [1, 1, 0, 1, 0, 0]}, "wrong_type"),
        ("fft", {"counts": {"great": 1}}, "unknown_item"),
        ("fft", {"counts": {"good": -1}}, "out_of_range"),
        ("fft", {"counts": {"good": 1.5}}, "wrong_type"),
        ("fft", {"counts": [1]}, "wrong_type"),
        ("fft", {"counts": {}, "submitted": True}, "unknown_key"),
    ],
)
def test_what_the_instrument_does_not_allow_is_refused(name: str, responses: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        scored(name, responses)
    assert refused.value.code == code


def test_a_refused_answer_names_its_question_and_what_it_allows() -> None:
    with pytest.raises(InvalidAnswer, match="Question 7 needs a whole number from 0 to 3, not 4") as refused:
        scored("gad-7", {"items": [0] * 6 + [4]})
    assert refused.value.field == "7"
