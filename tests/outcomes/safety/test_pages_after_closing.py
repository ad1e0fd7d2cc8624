"""The page of a closed task: a note is added, it is opened again, and whoever was quicker costs nobody a word."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife.outcomes.models import SafetyTask, TaskState
from backtolife.outcomes.safety.history_models import TaskNote, TaskReopening
from tests.support.outcomes.group_who_answer import AnsweringGroup, group_who_answer

CLOSING = {
    "contact": "Rang at 2pm.",
    "assessment": "Low,\nno plan.",
    "plan": "Call on Friday.",
    "gp_informed": "yes",
    "do": "close",
}


class Pages:
    """A task about Maureen that Grace, the clinical lead, has closed; Priya leads the group."""

    def __init__(self, app: Flask) -> None:
        self.group: AnsweringGroup = group_who_answer(app)
        self.group.as_("maureen").post(self.group.open("phq-9") + "/9", data={"q-9": "2", "key": "k"})
        self.grace, self.priya = self.group.as_("lead"), self.group.as_("priya")
        self.grace.post(f"{self.at}/take")
        self.grace.post(self.at, data=CLOSING)
        assert self.task.state is TaskState.DONE

    @property
    def task(self) -> SafetyTask:
        (task,) = self.group.rows(SafetyTask)
        assert isinstance(task, SafetyTask)
        return task

    @property
    def at(self) -> str:
        return f"/tasks/{self.task.id}"

    @property
    def patient(self) -> str:
        return f"/patients/{self.group.enrolments['maureen']}"

    def open(self, who: FlaskClient, reason: str = "They rang back.", seen: str = "0") -> tuple[int, str]:
        answer = who.post(f"{self.at}/open-again", data={"reason": reason, "seen": seen})
        return answer.status_code, answer.text


@pytest.fixture
def closed(app: Flask) -> Pages:
    return Pages(app)


def test_an_added_note_stands_on_the_page_of_the_task_and_of_the_patient(closed: Pages) -> None:
    words = "Her <b>daughter</b> rang."
    shown = closed.priya.post(f"{closed.at}/notes", data={"text": words}, follow_redirects=True).text
    for page in (shown, closed.grace.get(closed.patient).text):
        assert "Her &lt;b&gt;daughter&lt;/b&gt; rang." in page
        assert "Priya" in page.split("Her &lt;b&gt;")[0].rsplit("Added ", 1)[1]
    assert "Low,\nno plan." in shown


def test_an_empty_note_is_asked_for(closed: Pages) -> None:
    answer = closed.priya.post(f"{closed.at}/notes", data={"text": " "})
    assert (answer.status_code, "Write the note." in answer.text) == (400, True)
    long = closed.priya.post(f"{closed.at}/notes", data={"text": "word " * 1000})
    assert (long.status_code, "word word" in long.text) == (400, True)


def test_a_task_opened_again_is_open_with_why_and_how_it_was_closed(closed: Pages) -> None:
    assert closed.open(closed.priya)[0] == 302
    page = closed.grace.get(closed.at).text
    for words in ("They rang back.", "Closed before, and opened again", "Rang at 2pm.", "Opened again", "See to it by"):
        assert words in page
    assert "Safety tasks: 1 open" in closed.grace.get("/tasks").text
    assert "A safety task is open,\n          opened again" in closed.grace.get(closed.patient).text
    closed.priya.post(closed.at, data={**CLOSING, "contact": "Rang at 5pm.", "seen": "1"})
    page = closed.grace.get(closed.at).text
    assert page.index("Rang at 5pm.") < page.index("Rang at 2pm.")
    assert "1 opened" in closed.grace.get("/tasks/assurance").text
    assert "opened again\n                    once" in closed.grace.get("/tasks/assurance").text


def test_a_task_is_not_opened_again_without_a_reason(closed: Pages) -> None:
    status, page = closed.open(closed.grace, reason=" ")
    assert (status, "Write why it is opened again." in page, closed.task.opened_again) == (400, True, 0)
    assert '<details class="btl-details btl-under" open>' in page


def test_the_second_who_opens_it_reads_so_and_keeps_the_words(closed: Pages) -> None:
    closed.open(closed.priya)
    status, page = closed.open(closed.grace, reason="The GP did not get the letter.")
    assert status == 409
    assert "has opened this task again already" in page
    assert "The GP did not get the letter.</textarea>" in page
    kept = closed.grace.post(f"{closed.at}/notes", data={"text": "The GP did not get the letter."})
    assert kept.status_code == 302
    assert [each.text for each in closed.group.rows(TaskNote)] == ["The GP did not get the letter."]


def test_notes_that_come_after_the_closing_are_kept_to_be_added(closed: Pages) -> None:
    answer = closed.priya.post(closed.at, data={"contact": "I rang too.", "plan": "None.", "do": "note", "seen": "0"})
    assert answer.status_code == 409
    assert "Contact: I rang too.\n\nPlan: None.</textarea>" in answer.text
    assert closed.task.contact == "Rang at 2pm."


def test_notes_from_before_it_was_opened_again_stand_in_the_form_once_more(closed: Pages) -> None:
    closed.open(closed.priya)
    answer = closed.grace.post(closed.at, data={**CLOSING, "contact": "From before.", "seen": "0"})
    assert answer.status_code == 409
    assert "closed and opened again while you were on the page" in answer.text
    assert "From before.</textarea>" in answer.text
    assert closed.grace.post(closed.at, data={**CLOSING, "contact": "From before.", "seen": "1"}).status_code == 302


def test_a_note_on_a_task_that_somebody_has_opened_meanwhile_is_saved_and_says_so(closed: Pages) -> None:
    closed.open(closed.priya)
    page = closed.grace.post(f"{closed.at}/notes", data={"text": "I reached her."}, follow_redirects=True).text
    assert "Somebody has opened the task again" in page
    assert "I reached her." in page


def test_of_several_who_open_it_at_the_same_moment_one_does_and_no_note_is_lost(closed: Pages) -> None:
    start, at = Barrier(6), closed.at
    clients = [closed.group.as_(name) for name in ("lead", "priya") * 3]

    def act(number: int) -> int:
        start.wait()
        if number % 3 == 0:
            return clients[number].post(f"{at}/notes", data={"text": f"Note {number}"}).status_code
        sent = {"reason": f"Reason {number}", "seen": "0"}
        return clients[number].post(f"{at}/open-again", data=sent).status_code

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(act, range(6)))
    assert sorted(found) == [302, 302, 302, 409, 409, 409]
    assert len(closed.group.rows(TaskReopening)) == closed.task.opened_again == 1
    assert {each.text for each in closed.group.rows(TaskNote)} == {"Note 0", "Note 3"}


def test_another_group_and_those_without_the_role_put_nothing_right(closed: Pages) -> None:
    for name, status in (("other", 404), ("manager", 403), ("maureen", 403)):
        who = closed.group.as_(name)
        assert who.post(f"{closed.at}/notes", data={"text": "x"}).status_code == status
        assert closed.open(who)[0] == status
    assert closed.group.rows(TaskNote) == closed.group.rows(TaskReopening) == []
