"""One answer as it comes from a page, and the words that help to put it right."""

import pytest

from backtolife.errors import Invalid, NotFound
from backtolife.outcomes.answering.validation import check_answer, check_ticks
from backtolife.outcomes.catalogue.wording import Question, wording


def question(form: str, name: str) -> Question:
    return wording(form).question(name)


@pytest.mark.parametrize(
    ("form", "name", "sent", "kept"),
    [
        ("phq-9", "1", "3", 3),
        ("phq-9", "1", 0, 0),
        ("rmdq-24", "1", "1", 1),
        ("fft", "experience", "dont_know", "dont_know"),
        ("peg-3", "1", " 10 ", 10),
        ("work-status", "days_missed", "028", 28),
        ("work-status", "days_missed", "٣", 3),
        ("work-status", "days_missed", "１２", 12),
        ("fft", "why", "  Kind people. ", "Kind people."),
        ("fft", "why", None, ""),
        ("fft", "why", "=1+1", "=1+1"),
    ],
)
def test_a_good_answer_is_kept_as_its_value(form: str, name: str, sent: object, kept: object) -> None:
    assert check_answer(question(form, name), sent) == kept


@pytest.mark.parametrize(
    ("form", "name", "sent", "message"),
    [
        ("phq-9", "1", None, "Choose an answer."),
        ("phq-9", "1", "  ", "Choose an answer."),
        ("phq-9", "1", "4", "Choose one of the answers shown."),
        ("phq-9", "1", True, "Choose one of the answers shown."),
        ("fft", "experience", "great", "Choose one of the answers shown."),
        ("peg-3", "1", None, "Choose a number from 0 to 10."),
        ("peg-3", "1", "11", "Your number is too high. The highest you can enter is 10."),
        ("semcd-6", "1", "0", "Your number is too low. The lowest you can enter is 1."),
        ("work-status", "days_missed", "", "Enter a number from 0 to 28."),
        ("work-status", "days_missed", "about ten", "Enter a whole number from 0 to 28, like 14."),
        ("work-status", "days_missed", "1.5", "Enter a whole number from 0 to 28, like 14."),
        ("work-status", "days_missed", "٢٩", "Your number is too high. The highest you can enter is 28."),
        ("work-status", "days_missed", "9" * 5000, "Enter a whole number from 0 to 28, like 14."),
        ("work-status", "days_missed", [3], "Enter a whole number from 0 to 28, like 14."),
        ("work-status", "days_missed", "-3", "Your number is too low. The lowest you can enter is 0."),
        ("fft", "why", "x" * 2003, "Your answer is too long by 3 characters. Please make it shorter."),
        ("fft", "why", "a\x00b", "Your answer contains something we cannot save. Please type it again."),
        ("fft", "why", 7, "Write your answer in words."),
    ],
)
def test_a_bad_answer_is_refused_with_what_to_do(form: str, name: str, sent: object, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_answer(question(form, name), sent)
    assert (refused.value.message, refused.value.field) == (message, name)


def test_ticked_lines_become_ones_and_the_rest_stay_unanswered() -> None:
    assert check_ticks(wording("rmdq-24"), ["3", "18"], none_of_these=False) == {"3": 1, "18": 1}


def test_none_of_these_alone_is_an_answer() -> None:
    assert check_ticks(wording("rmdq-24"), [], none_of_these=True) == {}


def test_an_empty_tick_list_is_asked_again() -> None:
    with pytest.raises(Invalid, match="If none is true, tick “None of these today”"):
        check_ticks(wording("rmdq-24"), [], none_of_these=False)


def test_none_of_these_beside_a_tick_is_asked_again() -> None:
    with pytest.raises(Invalid, match="Untick one or the other"):
        check_ticks(wording("rmdq-24"), ["3"], none_of_these=True)


def test_a_tick_on_a_line_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound, match="no such question"):
        check_ticks(wording("rmdq-24"), ["25"], none_of_these=False)
