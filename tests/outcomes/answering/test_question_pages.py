"""The pages of questionnaires: what bad input gets, in plain words, with nothing lost."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.models import AdoptedInstrument, Answer, GivenAnswer, InstrumentResponse, SafetyTask
from backtolife.people.models import Person, Service
from backtolife.programme.consent.rules import ConsentKind
from tests.support.factories import Factory
from tests.support.outcomes.group_who_answer import AnsweringGroup

Act = Callable[[str], FlaskClient]


def test_the_list_shows_what_is_due_and_what_comes_with_its_dates(group: AnsweringGroup) -> None:
    page = group.as_("maureen").get("/questions").text
    for words in ("Before you start", "Your mood", "Half way", "3 months on", "12 months on", "Opens", "by"):
        assert words in page


def test_someone_without_a_group_reads_what_to_do(group: AnsweringGroup) -> None:
    answer = group.as_("new").get("/questions")
    assert (answer.status_code, "please call us" in answer.text) == (200, True)


@pytest.mark.parametrize("who", ["alan", "stranger"])
@pytest.mark.parametrize("way", ["/1", "/all", "/check", "/support"])
def test_someone_elses_form_is_not_found(group: AnsweringGroup, who: str, way: str) -> None:
    assert group.as_(who).get(group.open("gad-7") + way).status_code == 404


@pytest.mark.parametrize("who", ["alan", "stranger"])
def test_nobody_answers_or_sends_someone_elses_form(group: AnsweringGroup, who: str) -> None:
    form, client = group.open("gad-7"), group.as_(who)
    assert client.post(f"{form}/1", data={"q-1": "2", "key": "k"}).status_code == 404
    assert client.post(f"{form}/send").status_code == 404
    batch = {"answers": [{"question": "1", "value": 2, "key": "k"}]}
    assert client.post(f"{form}/answers", json=batch).status_code == 404
    assert group.rows(GivenAnswer) == []


def test_staff_do_not_answer_for_a_patient(group: AnsweringGroup) -> None:
    assert group.as_("priya").get(group.open("gad-7") + "/1").status_code == 403


def test_an_answer_out_of_range_says_so_and_keeps_the_page(group: AnsweringGroup) -> None:
    answer = group.as_("maureen").post(group.open("gad-7") + "/1", data={"q-1": "9", "key": "k"})
    assert (answer.status_code, "Choose one of the answers shown" in answer.text) == (400, True)
    assert group.rows(Answer) == []


def test_no_answer_asks_for_one_and_offers_to_skip(group: AnsweringGroup) -> None:
    form, client = group.open("gad-7"), group.as_("maureen")
    assert "You can also skip this question" in client.post(f"{form}/1", data={"key": "k"}).text
    assert client.post(f"{form}/1", data={"key": "k", "skip": "1"}).location.endswith("/2")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"answers": "x"},
        {"answers": [1]},
        {"answers": [{"question": "1", "value": 1}]},
        {"answers": [{"question": "1", "value": 1, "key": "k", "ago": -5}]},
        {"answers": [{"question": "1", "value": 1, "key": "k", "ago": "soon"}]},
        {"answers": [{"question": "1", "value": 1, "key": "k"}] * 201},
    ],
)
def test_a_batch_that_is_not_one_is_refused_whole(group: AnsweringGroup, body: object) -> None:
    answer = group.as_("maureen").post(
        group.open("gad-7") + "/answers", json=body, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, "Load the page again" in answer.json["error"]) == (400, True)
    assert group.rows(GivenAnswer) == []


@pytest.mark.parametrize("value", [True, 1.5, [1], {"a": 1}, "1; drop", 10**30])
def test_a_value_of_another_kind_is_refused_and_the_others_are_kept(group: AnsweringGroup, value: object) -> None:
    batch = {"answers": [{"question": "1", "value": value, "key": "a"}, {"question": "2", "value": 1, "key": "b"}]}
    answer = group.as_("maureen").post(group.open("gad-7") + "/answers", json=batch)
    assert (answer.json["saved"], list(answer.json["refused"])) == (["b"], ["a"])


def test_a_script_is_told_to_show_support(group: AnsweringGroup) -> None:
    form = group.open("phq-9")
    batch = {"answers": [{"question": "9", "value": 1, "key": "a"}]}
    answer = group.as_("maureen").post(f"{form}/answers", json=batch)
    assert answer.json["support"] == f"{form}/support"
    assert len(group.rows(SafetyTask)) == 1


def test_without_a_script_support_shows_at_once(group: AnsweringGroup) -> None:
    form, client = group.open("phq-9"), group.as_("maureen")
    answer = client.post(f"{form}/9", data={"q-9": "2", "key": "k"})
    assert answer.location == f"{form}/support"
    page = client.get(answer.location).text
    for words in ("999", "Samaritans", "85258", "will call you", "We do not watch answers all the time"):
        assert words in page


def test_on_the_page_with_all_questions_support_shows_too(group: AnsweringGroup) -> None:
    form = group.open("phq-9")
    answer = group.as_("maureen").post(f"{form}/all", data={"q-1": "0", "q-9": "1", "key": "k"})
    assert answer.location == f"{form}/support"
    assert {row.item for row in group.rows(Answer)} == {"1", "9"}


def test_an_alert_on_a_closed_form_is_kept_and_shows_support(group: AnsweringGroup) -> None:
    form = group.open("phq-9")
    group.move_start(-40)
    answer = group.as_("maureen").post(f"{form}/9", data={"q-9": "1", "key": "k"})
    assert answer.location == f"{form}/support"
    assert [row.used for row in group.rows(GivenAnswer)] == [False]
    assert len(group.rows(SafetyTask)) == 1


def test_a_closed_form_says_so_and_keeps_what_is_sent(group: AnsweringGroup) -> None:
    form, client = group.open("gad-7"), group.as_("maureen")
    group.move_start(-40)
    for answer in (client.get(f"{form}/1"), client.post(f"{form}/1", data={"q-1": "1", "key": "k"})):
        assert (answer.status_code, "These questions have closed" in answer.text) == (409, True)
    assert [row.used for row in group.rows(GivenAnswer)] == [False]
    assert client.post(f"{form}/send").status_code == 409


def test_questions_that_are_not_open_yet_say_when(group: AnsweringGroup) -> None:
    group.move_start(60)
    answer = group.as_("maureen").post("/questions/begin/baseline")
    assert (answer.status_code, "These questions open on" in answer.text) == (409, True)


def test_an_unknown_milestone_is_not_found(group: AnsweringGroup) -> None:
    assert group.as_("maureen").post("/questions/begin/nonsense").status_code == 404


def test_a_form_that_was_sent_says_so(group: AnsweringGroup) -> None:
    form, client = group.open("gad-7"), group.as_("maureen")
    client.post(f"{form}/1", data={"q-1": "1", "key": "k"})
    assert client.post(f"{form}/send").status_code == 302
    answer = client.get(f"{form}/1")
    assert (answer.status_code, "You have sent these answers" in answer.text) == (409, True)


def test_an_empty_form_is_not_sent(group: AnsweringGroup) -> None:
    form = group.open("gad-7")
    answer = group.as_("maureen").post(f"{form}/send")
    assert (answer.status_code, "not answered any" in answer.text) == (400, True)


def test_a_tick_list_without_a_script_is_saved_and_changed(group: AnsweringGroup) -> None:
    form, client = group.open("rmdq-24"), group.as_("maureen")
    both = client.post(f"{form}/1", data={"q-2": "1", "none": "1", "key": "a"})
    assert (both.status_code, "one or the other" in both.text) == (400, True)
    empty = client.post(f"{form}/1", data={"key": "b"})
    assert (empty.status_code, "Tick each line" in empty.text) == (400, True)
    assert client.post(f"{form}/1", data={"q-3": "1", "q-5": "1", "key": "c"}).status_code == 302
    assert {row.item for row in group.rows(Answer) if row.value is not None} == {"3", "5"}
    assert all(form.completed_at for form in group.rows(InstrumentResponse) if form.instrument == "rmdq-24")


def test_a_page_past_the_last_question_is_the_last_look(group: AnsweringGroup) -> None:
    form = group.open("gad-7")
    assert group.as_("maureen").get(f"{form}/99").location == f"{form}/check"


def test_thanks_are_for_what_is_done(group: AnsweringGroup) -> None:
    assert group.as_("maureen").get("/questions/thanks/baseline").location == "/questions"


def test_no_address_or_subject_names_a_condition(group: AnsweringGroup) -> None:
    form, client = group.open("phq-9"), group.as_("maureen")
    client.post(f"{form}/9", data={"q-9": "2", "key": "k"})
    told = " ".join([form, *(row.subject for row in group.rows(OutgoingMessage))]).lower()
    assert not [word for word in ("phq", "mood", "harm", "maureen") if word in told]


def test_a_task_of_another_group_is_not_found(group: AnsweringGroup) -> None:
    group.as_("maureen").post(group.open("phq-9") + "/9", data={"q-9": "2", "key": "k"})
    (task,) = group.rows(SafetyTask)
    other = group.as_("other")
    assert other.get(f"/tasks/{task.id}").status_code == 404
    assert other.post(f"/tasks/{task.id}/take").status_code == 404
    assert other.post(f"/tasks/{task.id}", data={"contact": "x"}).status_code == 404
    assert "No task is open" in other.get("/tasks").text


def test_patients_and_managers_see_no_tasks(group: AnsweringGroup) -> None:
    assert group.as_("maureen").get("/tasks").status_code == 403
    assert group.as_("manager").get("/tasks").status_code == 403


def test_notes_are_kept_and_shown_again(group: AnsweringGroup) -> None:
    group.as_("maureen").post(group.open("phq-9") + "/9", data={"q-9": "2", "key": "k"})
    (task,) = group.rows(SafetyTask)
    staff = group.as_("priya")
    refused = staff.post(f"/tasks/{task.id}", data={"contact": "Rang", "do": "note"})
    assert (refused.status_code, "Take this task first" in refused.text) == (409, True)
    staff.post(f"/tasks/{task.id}/take")
    staff.post(f"/tasks/{task.id}", data={"contact": "Rang <b>twice</b>", "do": "note"})
    page = staff.get(f"/tasks/{task.id}").text
    assert "Rang &lt;b&gt;twice&lt;/b&gt;" in page


def test_a_yes_to_calling_the_gp_does_not_count_where_new_words_ask_again(group: AnsweringGroup) -> None:
    with session_scope(group.app.extensions["backtolife.engine"]) as db:
        make, maureen = Factory(db, clock.now(), count(500)), db.get_one(Person, group.people["maureen"])
        service = db.get_one(Service, maureen.service_id)
        make.asks(service, ConsentKind.GP)
        make.agrees(maureen, kinds=[ConsentKind.GP])
    group.as_("maureen").post(group.open("phq-9") + "/9", data={"q-9": "2", "key": "k"})
    (task,) = group.rows(SafetyTask)
    staff, says = group.as_("priya"), "Calling their GP when we worry: <strong>"
    assert f"{says}said yes" in staff.get(f"/tasks/{task.id}").text
    with session_scope(group.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now(), count(600))
        make.asks(db.get_one(Service, service.id), ConsentKind.GP)
    assert f"{says}has not answered" in staff.get(f"/tasks/{task.id}").text


def test_the_clinical_lead_reads_and_signs_for_the_words(group: AnsweringGroup) -> None:
    lead = group.as_("lead")
    before = lead.get("/words").text
    assert "not approved yet" in before
    assert "scored as PHQ-9" in before
    assert "You have approved" in lead.post("/words", follow_redirects=True).text
    assert {row.signed_by for row in group.rows(AdoptedInstrument)} == {group.people["lead"]}
    assert "All the words are already approved" in lead.post("/words", follow_redirects=True).text


def test_only_the_clinical_lead_signs(group: AnsweringGroup) -> None:
    for who in ("priya", "manager", "maureen"):
        assert group.as_(who).post("/words").status_code == 403


def test_a_service_of_its_own_has_its_own_words(group: AnsweringGroup) -> None:
    group.as_("lead").post("/words")
    services = {row.service_id for row in group.rows(AdoptedInstrument)}
    assert len(group.rows(Service)) > len(services) == 1


def test_half_an_emoji_is_saved_and_so_is_the_answer_sent_along(group: AnsweringGroup) -> None:
    sent = (Path(__file__).parents[1] / "cases" / "lone-surrogate.json").read_bytes()
    form = group.open("fft")
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    answer = group.as_("maureen").post(f"{form}/answers", data=sent, headers=headers)
    assert (answer.status_code, answer.json["saved"], answer.json["refused"]) == (200, ["a1", "a2"], {})
    assert [row.words for row in group.rows(Answer)] == ["good", "cut emoji \ufffd"]
