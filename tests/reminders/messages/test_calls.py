"""Staff ring in place of a message, and the call stands among all calls with its patient."""

import re

import pytest
from flask import Flask
from sqlmodel import select

from backtolife.database.session import session_scope
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState
from backtolife.people.models import Person
from backtolife.programme.patients.calling.calls import STANDS, calls_of, newest_calls
from backtolife.programme.patients.models import PhoneCall
from tests.reminders.messages.house import House


def test_a_call_for_a_message_is_one_of_the_calls_with_its_patient(site: Flask) -> None:
    house = House(site)
    message, browser = house.queue(house.linda), house.browser()
    browser.post(f"/messages/{message}/call")
    browser.post(f"/messages/{message}/called", data={"outcome": "wrong_number"})
    assert house.row(message).state is MessageState.WAITING, "they still do not know"
    browser.post(f"/patients/{house.place}/calls", data={"outcome": "no_answer", "words": "At noon"})
    browser.post(f"/messages/{message}/called", data={"outcome": "they_rang", "words": "From her new number"})
    assert house.row(message).state is MessageState.SENT
    with session_scope(house.engine) as db:
        found = calls_of(db, house.linda)
        newest = newest_calls(db, [house.linda])[house.linda]
    title = "Reminder, 24 hours before"
    assert [(each.words, each.about) for each in found] == [
        ("They rang us", title),
        ("Rang, no answer", ""),
        ("The number is wrong", title),
    ]
    assert newest.words == "They rang us"
    page = browser.get(f"/patients/{house.place}/calls").text
    assert all(words in page for words in (f"To tell them: {title}", "From her new number", "At noon"))


def test_a_wrong_number_is_said_to_be_wrong_among_the_people_to_reach(site: Flask) -> None:
    house = House(site)
    with session_scope(house.engine) as db:
        db.get_one(Person, house.linda).phone = "01632 960111"
    message, browser = to_ring(house), house.browser()
    assert 'href="tel:01632960111"' in browser.get("/tasks").text
    browser.post(f"/messages/{message}/called", data={"outcome": "wrong_number"})
    page = browser.get("/tasks").text
    assert "The number 01632 960111 is wrong" in page
    assert f'href="/patients/{house.place}/details"' in page
    assert "tel:01632960111" not in page


def to_ring(house: House, key: str = "reminder-24h:1:2:3") -> str:
    """A message that Linda is to be told in a call."""
    return house.queue(house.linda, state=MessageState.WAITING, channel=Channel.TELEPHONE, key=key)


def the_call(house: House) -> str:
    with session_scope(house.engine) as db:
        return f"/patients/{house.place}/calls/{db.exec(select(PhoneCall.id).where(STANDS)).one()}"


@pytest.mark.parametrize("reached", ["spoke", "left_word", "they_rang"])
@pytest.mark.parametrize("not_reached", ["no_answer", "wrong_number"])
def test_each_outcome_is_undone_when_another_one_is_right(site: Flask, reached: str, not_reached: str) -> None:
    house = House(site)
    message, browser = to_ring(house), house.browser()
    browser.post(f"/messages/{message}/called", data={"outcome": reached})
    assert house.row(message).state is MessageState.SENT
    page = browser.get(the_call(house)).text
    assert re.search(rf'type="checkbox" value="{message}"\s+checked', page), "the page shows what it told"
    browser.post(the_call(house), data={"outcome": not_reached, "told": message})
    row = house.row(message)
    assert (row.state, row.sent_at, row.told_in) == (MessageState.WAITING, None, None)
    assert "we look forward" in browser.get(f"/messages/{message}").text, "there are words to tell again"
    assert "To ring" in browser.get("/messages").text
    browser.post(the_call(house), data={"outcome": reached, "told": message})
    assert house.row(message).state is MessageState.SENT


def test_what_a_call_told_is_to_be_told_again_when_there_was_no_such_call(site: Flask) -> None:
    house = House(site)
    message, browser = to_ring(house), house.browser()
    browser.post(f"/messages/{message}/called", data={"outcome": "spoke"})
    browser.post(f"{the_call(house)}/take-back")
    assert house.row(message).state is MessageState.WAITING
    assert house.traces().count("message_to_call") == 1


def test_a_later_call_keeps_what_it_told_when_an_earlier_one_is_put_right(site: Flask) -> None:
    house = House(site)
    message, browser = to_ring(house), house.browser()
    browser.post(f"/messages/{message}/called", data={"outcome": "no_answer"})
    first = the_call(house)
    browser.post(f"/messages/{message}/called", data={"outcome": "spoke"})
    browser.post(first, data={"outcome": "wrong_number"})
    assert house.row(message).state is MessageState.SENT


def test_the_call_of_a_patient_lists_what_they_are_to_be_told_and_settles_what_is_ticked(site: Flask) -> None:
    house = House(site)
    one, other, browser = to_ring(house), to_ring(house, "missed-session:4:5:6"), house.browser()
    page = browser.get(f"/patients/{house.place}/calls").text
    for message in (one, other):
        assert f'href="/messages/{message}"' in page
        assert f'type="checkbox" value="{message}"' in page
    browser.post(f"/patients/{house.place}/calls", data={"outcome": "spoke", "told": [one]})
    assert (house.row(one).state, house.row(other).state) == (MessageState.SENT, MessageState.WAITING)
    assert "To tell them: Reminder, 24 hours before" in browser.get(f"/patients/{house.place}/calls").text
    browser.post(the_call(house), data={"outcome": "left_word", "told": [other]})
    assert (house.row(one).state, house.row(other).state) == (MessageState.WAITING, MessageState.SENT)


def test_a_tick_reaches_no_message_of_somebody_else_and_none_that_goes_by_mail(site: Flask) -> None:
    house = House(site)
    foreign = house.queue(house.joseph, state=MessageState.WAITING, channel=Channel.TELEPHONE, key="a:1")
    mailed = house.queue(house.linda, state=MessageState.WAITING, key="a:2")
    house.browser("lead").post(f"/patients/{house.place}/calls", data={"outcome": "spoke", "told": [foreign, mailed]})
    assert {house.row(each).state for each in (foreign, mailed)} == {MessageState.WAITING}
