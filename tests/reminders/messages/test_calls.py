"""Staff ring in place of a message, and the call stands among all calls with its patient."""

from flask import Flask

from backtolife.database.session import session_scope
from backtolife.mail.delivery import MessageState
from backtolife.programme.patients.calling.calls import calls_of, newest_calls
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
