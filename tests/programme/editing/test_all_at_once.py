"""Whoever saves a page reads all that is wrong with it at once: each at its field, with its name, and on top."""

import html
import re

import pytest

from backtolife.programme.editing.documents import document_of
from backtolife.programme.editing.pages import section_page
from backtolife.programme.editing.parts import at_place, shown
from backtolife.programme.editing.refusing import refusals
from backtolife.programme.plan.keeping import shipped_files
from backtolife.programme.plan.loading import shipped
from tests.programme.editing.desk import Desk, change, fields

SECTION = "sessions/3/sections/s3-exercise"


def summary(page: str) -> list[tuple[str, str]]:
    """What the top of the page says, with the field that each line leads to."""
    inside = page[page.index('class="nhsuk-error-summary"') : page.index("<form")]
    told = re.findall(r'<a href="#([^"]+)"\s*>\s*([^<]*?)\s*</a>', inside)
    return [(field, html.unescape(words)) for field, words in told]


def at_fields(page: str) -> dict[str, str]:
    """What stands at each field, by its name."""
    found = re.findall(
        r'id="([a-z_0-9]+)-error"\s*>\s*<span class="nhsuk-u-visually-hidden">Error: </span>\s*([^<]*?)\s*<', page
    )
    return {name: html.unescape(words) for name, words in found}


@pytest.mark.parametrize(
    ("address", "typed", "told"),
    [
        (
            SECTION,
            {"work_3": "many", "rest_1": "", "title": "", "exercise_9": "ex-row", "rounds": "99"},
            [
                ("title", "Title: this cannot be empty"),
                ("rounds", "Rounds: enter 1 to 20"),
                ("rest_1", "Station 2: seconds of rest: enter 0 to 1200"),
                ("work_3", "Station 4: seconds of work: enter a whole number, like 8"),
                ("work_9", "Station 10: seconds of work: enter 5 to 1200"),
                ("rest_9", "Station 10: seconds of rest: enter 0 to 1200"),
            ],
        ),
        (
            "messages/invitation",
            {"subject": "Your pain group", "email": "{link} by {close_date}", "sms": "{link} {frst_name} {code}"},
            [
                ("subject", "Subject of the e-mail: no health details in a subject or an SMS: take out 'pain'."),
                (
                    "email",
                    "E-mail: {time} is missing. The message does not work without it: put it back.",
                ),
                ("sms", "Text message: {frst_name} is not among the placeholders of this file."),
            ],
        ),
        (
            "sessions/3/practice",
            {"kind_0": "video", "ref_0": "", "times_1": "x", "practice_1": ""},
            [
                ("ref_0", "Practice 1: which one: choose the video"),
                ("practice_1", "Practice 2: this cannot be empty"),
                ("times_1", "Practice 2: times a week: enter a whole number, like 8"),
            ],
        ),
        (
            "sessions/3/order",
            {"minutes_0": "", "minutes_1": "900", "live_minutes": "70"},
            [
                ("minutes_0", "Welcome back: minutes: enter 1 to 240"),
                ("minutes_1", "How are you today?: minutes: enter 1 to 240"),
            ],
        ),
        (
            "sessions/4",
            {"title": "A bell \x07", "learning_aims": " \n ", "summary": ""},
            [
                ("title", "Title: there is a character that cannot be shown. Type it again without it"),
                ("summary", "Summary: this cannot be empty"),
                ("learning_aims", "Learning aims: enter at least 1, one on each line"),
            ],
        ),
        (
            "sessions/3/new-section?kind=relaxation",
            {"title": "", "minutes": "x", "script": "gone"},
            [
                ("minutes", "Minutes: enter a whole number, like 8"),
                ("title", "Title: this cannot be empty"),
                ("patient_text", "Words for patients: this cannot be empty"),
                ("script", "What is read aloud: this is no choice any more. Choose again"),
            ],
        ),
    ],
)
def test_all_that_is_wrong_is_said_at_once_and_every_word_stays(
    desk: Desk, address: str, typed: dict[str, str], told: list[tuple[str, str]]
) -> None:
    status, page = change(desk.lead, f"{desk.begin()}/{address}", **typed)
    assert (status, summary(page)) == (400, told)
    assert at_fields(page) == dict(told)
    kept = {name: value for name, value in fields(page).items() if name in typed and name != "script"}
    assert kept == {name: value for name, value in typed.items() if name != "script"}
    assert desk.draft().revision == 0


@pytest.mark.parametrize("address", [SECTION, "messages/invitation", "sessions/3/order", "texts/agreement.md"])
def test_a_page_sent_without_its_fields_is_told_all_of_them(desk: Desk, address: str) -> None:
    answer = desk.lead.post(f"{desk.begin()}/{address}", data={"seen": "0"})
    assert (answer.status_code, len(summary(answer.text)) > 1) == (400, True)


def test_a_rule_of_several_fields_is_said_beside_the_others_and_once() -> None:
    files, plan = shipped_files(), shipped()
    session = plan.session(3)
    at = next(at for at, each in enumerate(session.sections) if each.stations)
    page = section_page(plan, session, at)
    data = at_place(document_of(page.file, files[page.file]), page.base)
    typed = {part.name: shown(part, data) for part in page.parts}
    told = refusals(files, page, typed | {"exercise_0": "", "work_3": 1200, "work_4": 1200, "patient_text": ""})
    assert list(told) == ["patient_text", "work_0"]
    assert told["work_0"].startswith("The circuit takes")
