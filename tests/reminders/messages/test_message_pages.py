"""Staff see what went, what did not and why; they try again, ring, let go or drop, and two at once do it once."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person
from backtolife.reminders.messages.listing import A_PAGE
from backtolife.reminders.messages.stale import RECEIPT_WITHIN, forget_old_words
from tests.reminders.messages.house import WHY, House
from tests.support.statements import statements_of


@pytest.fixture
def house(site: Flask) -> House:
    return House(site)


def test_a_facilitator_sees_their_group_and_a_lead_the_service_and_nobody_another_one(house: House) -> None:
    for person_id in (house.linda, house.joseph, house.stranger):
        house.queue(person_id, key=f"reminder-24h:{person_id}:2:3")
    seen = {who: house.browser(who).get("/messages").text for who in ("facilitator", "lead")}
    names = {who: [name for name in ("Linda", "Joseph", "Stranger") if f"{name} Example" in seen[who]] for who in seen}
    assert names == {"facilitator": ["Linda"], "lead": ["Linda", "Joseph"]}


def test_what_failed_says_why_in_words_and_what_is_held_or_to_ring_stands_beside_it(house: House) -> None:
    house.queue(house.linda)
    house.queue(house.linda, key="welcome:1", state=MessageState.HELD)
    house.queue(house.linda, key="missed-session:1", state=MessageState.WAITING, channel=Channel.TELEPHONE)
    house.queue(house.linda, key="questionnaire-due:1:2", state=MessageState.SENT)
    page = house.browser().get("/messages").text
    assert "Need somebody: 3" in page
    assert WHY in page
    assert "Reminder, 24 hours before" in page
    assert "Questions to answer" not in page
    assert "Messages: 4" in house.browser().get("/messages?show=all").text.replace("All messages", "Messages")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "lind"}, 1),
        ({"q": "LINDA Example"}, 1),
        ({"q": "100%"}, 0),
        ({"q": "_"}, 0),
        ({"by": "sms"}, 0),
        ({"by": "email", "q": "person"}, 2),
        ({"show": "nonsense", "by": "nonsense", "page": "-1"}, 2),
        ({"page": "99999999999999"}, 2),
        ({"page": "two"}, 2),
    ],
)
def test_the_database_searches_and_filters(house: House, asked: dict[str, str], found: int) -> None:
    house.queue(house.linda)
    house.queue(house.joseph, key="welcome:2")
    answer = house.browser("lead").post("/messages", data={"show": "open", **asked})
    assert answer.status_code == 200
    assert f"Need somebody: {found}" in " ".join(answer.text.split())


def test_a_name_in_the_address_looks_for_nobody(house: House) -> None:
    house.queue(house.linda)
    assert "Need somebody: 1" in house.browser().get("/messages?q=nobody").text


def test_many_messages_come_in_pages_the_newest_first_in_few_statements(house: House) -> None:
    for number in range(A_PAGE + 1):
        house.queue(house.linda, key=f"reminder-24h:{number}:2:3", ago=timedelta(minutes=number))
    browser = house.browser()
    with statements_of(house.engine) as first:
        page = browser.get("/messages").text
    assert f"Need somebody: {A_PAGE + 1}" in page
    assert "Older messages" in page
    assert "Newer messages" not in page
    last = browser.get("/messages?page=2").text
    assert last.count("Linda Example") == 1
    assert len(first) <= 15


def test_trying_again_goes_to_the_address_as_it_is_now(house: House) -> None:
    message = house.queue(house.linda)
    with session_scope(house.engine) as db:
        db.get_one(Person, house.linda).email = "linda@example.org"
    page = house.browser().get(f"/messages/{message}").text
    assert "Their address is linda@example.org now" in page, "said before anybody presses"
    assert house.browser().post(f"/messages/{message}/again", data={"by": "email"}).status_code == 302
    row = house.row(message)
    assert (row.state, row.address, row.tries, row.trouble) == (MessageState.WAITING, "linda@example.org", 0, "")
    assert house.traces() == ["message_seen", "message_again"]
    assert "Their address is" not in house.browser().get(f"/messages/{message}").text


def test_what_failed_by_mail_can_go_by_text(house: House) -> None:
    message = house.queue(house.linda)
    assert "Try again by text" in house.browser().get(f"/messages/{message}").text
    house.browser().post(f"/messages/{message}/again", data={"by": "sms"})
    row = house.row(message)
    assert (row.channel, row.address, row.state) == (Channel.SMS, "+447700900123", MessageState.WAITING)


def test_what_is_held_while_it_is_on_its_way_keeps_its_claim_when_it_is_let_go(house: House) -> None:
    message, until = house.queue(house.linda, state=MessageState.HELD), clock.now() + timedelta(minutes=2)
    with session_scope(house.engine) as db:
        row = db.get_one(OutgoingMessage, message)
        row.tries, row.try_at = 1, until
    house.browser().post(f"/messages/{message}/again")
    assert (house.row(message).tries, house.row(message).try_at) == (1, until)


def test_what_is_held_is_let_go_only_by_a_press(house: House) -> None:
    message = house.queue(house.linda, state=MessageState.HELD)
    page = house.browser().get(f"/messages/{message}").text
    assert "Let it go by e-mail" in page
    assert "we look forward to seeing you" in page
    house.browser().post(f"/messages/{message}/again")
    assert house.row(message).state is MessageState.WAITING
    assert house.traces() == ["message_seen", "message_released"]


def test_a_message_becomes_a_call_whose_outcome_is_kept(house: House) -> None:
    message, browser = house.queue(house.linda), house.browser()
    browser.post(f"/messages/{message}/call")
    assert "What to tell them" in browser.get(f"/messages/{message}").text
    assert browser.post(f"/messages/{message}/called", data={"words": "x"}).status_code == 400
    assert browser.post(f"/messages/{message}/called", data={"outcome": "no_answer"}).status_code == 302
    assert house.row(message).state is MessageState.WAITING
    browser.post(f"/messages/{message}/called", data={"outcome": "left_word", "words": "with her son"})
    row = house.row(message)
    assert row.state is MessageState.SENT
    assert row.body, "kept for days, should the call be put right"
    with session_scope(house.engine) as db:
        forget_old_words(db, now=clock.now() + RECEIPT_WITHIN + timedelta(minutes=1))
    row = house.row(message)
    assert (row.body, row.text) == ("", "")
    page = browser.get(f"/messages/{message}").text
    assert "with her son" in page
    assert "Rang, no answer" in page


def test_what_is_not_needed_is_dropped_and_its_words_go(house: House) -> None:
    message = house.queue(house.linda, state=MessageState.HELD)
    house.browser().post(f"/messages/{message}/drop")
    row = house.row(message)
    assert (row.state, row.body) == (MessageState.DROPPED, "")
    assert house.browser().post(f"/messages/{message}/again").status_code == 409


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.WAITING, MessageState.DROPPED])
@pytest.mark.parametrize("press", ["again", "call", "drop"])
def test_what_goes_or_went_by_itself_is_left_alone(house: House, state: MessageState, press: str) -> None:
    message = house.queue(house.linda, state=state)
    answer = house.browser().post(f"/messages/{message}/{press}")
    assert (answer.status_code, house.row(message).state) == (409, state)
    assert "It is shown as it is now" in answer.text
    assert "What became of it" in answer.text, "and there it is"


def test_words_that_carry_a_key_to_somebodys_record_are_shown_to_nobody(house: House) -> None:
    link = house.queue(house.linda, key="link:1", urgent=True)
    guest = house.queue(house.linda, key="guest-invitation:1:2")
    for message in (link, guest):
        assert "we look forward to seeing you" not in house.browser("lead").get(f"/messages/{message}").text


def test_two_who_press_at_once_do_it_once(house: House) -> None:
    message = house.queue(house.linda)
    together, answers = threading.Barrier(2), []

    def press(browser: FlaskClient) -> None:
        together.wait()
        answers.append(browser.post(f"/messages/{message}/again").status_code)

    threads = [threading.Thread(target=press, args=(house.browser(who),)) for who in ("facilitator", "lead")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [302, 409]
    assert house.traces() == ["message_again"]


def test_nobody_does_anything_for_somebody_who_has_died(house: House) -> None:
    message = house.queue(house.linda)
    with session_scope(house.engine) as db:
        db.get_one(Person, house.linda).died_at = clock.now()
    assert "Need somebody: 0" in house.browser().get("/messages").text
    assert house.browser().post(f"/messages/{message}/again").status_code == 409


def test_a_failure_stands_beside_the_safety_tasks_of_who_may_see_to_it(house: House) -> None:
    message = house.queue(house.linda)
    page = house.browser().get("/tasks").text
    assert "People to reach: 1" in page
    assert f"/messages/{message}" in page
    assert "People to reach" not in house.browser("duty").get("/tasks").text


def test_who_missed_a_session_and_was_promised_a_call_stands_on_the_tasks_page_until_the_call_is_written_down(
    house: House,
) -> None:
    message = house.queue(house.linda, state=MessageState.SENT, key=f"missed-session:date:{house.place}")
    with session_scope(house.engine) as db:
        db.get_one(OutgoingMessage, message).sent_at = clock.now()
    tasks = house.browser().get("/tasks").text
    assert "People to reach: 1" in tasks
    assert "We wrote that we would call by" in tasks
    assert f"/patients/{house.place}/calls" in tasks
    house.browser().post(f"/patients/{house.place}/calls", data={"outcome": "spoke", "words": "All is well."})
    assert "People to reach" not in house.browser().get("/tasks").text


@pytest.mark.parametrize(
    ("sort", "order"),
    [("newest", ["Linda", "Joseph"]), ("oldest", ["Joseph", "Linda"]), ("name", ["Joseph", "Linda"])],
)
def test_messages_are_put_in_the_order_that_is_asked_for(house: House, sort: str, order: list[str]) -> None:
    house.queue(house.linda)
    house.queue(house.joseph, key="welcome:1:2", ago=timedelta(hours=1))
    page = house.browser("lead").post("/messages", data={"sort": sort}).text
    at = {name: page.index(f"{name} Example") for name in order}
    assert sorted(at, key=lambda name: at[name]) == order


def test_the_newest_failure_is_a_press_away_where_many_wait_longer(house: House) -> None:
    for number in range(A_PAGE + 2):
        house.queue(house.linda, key=f"reminder-24h:{number}:2:3", ago=timedelta(minutes=number))
    page = house.browser().get("/tasks").text
    assert f"People to reach: {A_PAGE + 2}" in page
    assert f'href="/messages">See all {A_PAGE + 2}</a>' in page


def test_a_patients_page_lists_what_was_meant_for_them_and_nobody_else(house: House) -> None:
    house.queue(house.linda)
    house.queue(house.joseph, key="welcome:2")
    page = house.browser().get(f"/patients/{house.place}/messages").text
    assert page.count("Reminder, 24 hours before") == 1
    assert "Welcome, you have a place" not in page
