"""No typed word is lost: a form that arrives after its sign-in ended, one with an old token, one that was refused."""

import pytest

from backtolife import app as application
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.people.drafts import late_forms
from backtolife.people.drafts import services as drafts
from tests.support.people.desk import HERE, WORDS, Desk


def test_a_form_sent_after_half_an_hour_comes_back_to_its_writer_after_the_sign_in(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    status, there = desk.send()
    assert (status, there.partition("?")[0]) == (303, "/staff/sign-in")
    assert "What you wrote is kept" in desk.browser.get(there).text
    assert desk.sign_in(desk.ann) == "/your-details"
    assert desk.kept()["shown_name"] == WORDS["shown_name"]


def test_another_page_opened_meanwhile_does_not_lose_it_either(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    assert desk.browser.get("/", headers=HERE).status_code == 302, "the other tab was signed out first"
    assert desk.send()[0] == 303
    desk.sign_in(desk.ann)
    assert desk.kept()["shown_name"] == WORDS["shown_name"]


def test_the_next_person_at_the_computer_gets_neither_the_words_nor_the_page(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    desk.browser.get(desk.send()[1])
    assert desk.sign_in(desk.bob) == "/"
    assert desk.kept() == {}
    desk.browser.post("/sign-out")
    desk.sign_in(desk.ann)
    assert desk.kept()["shown_name"] == WORDS["shown_name"]


def test_a_password_is_never_kept(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    desk.send(password="my secret words", new_password="other secret words")
    desk.sign_in(desk.ann)
    assert not {"password", "new_password"} & set(desk.kept())


def test_another_site_cannot_put_words_into_a_form(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    status, _ = desk.send(headers={"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/"})
    assert status == 403
    desk.sign_in(desk.ann)
    assert desk.kept() == {}


def test_a_pages_script_is_told_that_its_sign_in_has_ended_and_not_led_elsewhere(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    assert desk.send(headers={"Accept": "application/json"}) == (403, "")


def test_what_was_refused_for_now_is_kept_for_the_next_try(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.break_saving()
    assert desk.send()[0] == 500
    assert desk.kept()["shown_name"] == WORDS["shown_name"]


def test_a_page_that_fails_because_somebody_else_saves_for_long_is_still_a_whole_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sign_in(desk.ann)
    monkeypatch.setattr(late_forms, "PATIENCE_SECONDS", 0.05)
    desk.break_saving()
    with session_scope(desk.app.extensions["backtolife.engine"]) as other:
        other.connection()
        answer = desk.browser.post("/your-details", data=WORDS, headers=HERE)
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_a_form_with_the_token_of_an_earlier_sign_in_is_kept_for_its_writer_only(
    settings: Settings, desk: Desk
) -> None:
    guarded = application.create_app(settings)  # here forms need their token
    whose = desk.mark(desk.ann)
    desk.sign_in(desk.bob)
    desk.app, mine = guarded, desk.browser
    desk.browser = guarded.test_client()
    with mine.session_transaction() as cookie, desk.browser.session_transaction() as other:
        other["signed_in"] = cookie["signed_in"]
    status, there = desk.send(whose=whose)
    assert (status, there) == (409, "")
    assert desk.kept() == {}, "Bob, who is signed in, does not get Ann's words"
    desk.browser = mine
    desk.browser.post("/sign-out")
    desk.sign_in(desk.ann)
    assert desk.kept()["shown_name"] == WORDS["shown_name"]
    guarded.extensions["backtolife.engine"].dispose()


def test_signing_in_again_keeps_the_other_tabs_of_the_same_person_working(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    with desk.browser.session_transaction() as cookie:
        cookie["csrf_token"] = "a" * 40
    desk.later(minutes=45)
    desk.sign_in(desk.ann)
    with desk.browser.session_transaction() as cookie:
        assert cookie["csrf_token"] == "a" * 40
    desk.later(minutes=45)
    desk.sign_in(desk.bob)
    with desk.browser.session_transaction() as cookie:
        assert cookie.get("csrf_token") != "a" * 40


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
def test_a_page_says_for_a_month_whose_words_are_typed_on_it(desk: Desk, days: int, kept: bool) -> None:
    whose = desk.mark(desk.ann)
    desk.later(days=days)
    assert desk.send(whose=whose)[0] == (303 if kept else 403)
    desk.sign_in(desk.ann)
    assert bool(desk.kept()) == kept


def test_an_older_page_still_gives_its_words_to_whoever_it_names_when_the_cookie_says_the_same(desk: Desk) -> None:
    whose = desk.mark(desk.ann)
    desk.later(days=31)
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    assert desk.send(whose=whose)[0] == 303
    desk.sign_in(desk.ann)
    assert desk.kept()["shown_name"] == WORDS["shown_name"]


@pytest.mark.parametrize("mark", ["too old", "not ours"])
def test_a_page_whose_mark_does_not_count_never_gives_its_words_to_whoever_came_next(desk: Desk, mark: str) -> None:
    whose = desk.mark(desk.ann)
    desk.later(days=31)
    desk.sign_in(desk.bob)
    desk.later(minutes=45)
    assert desk.send(whose=whose if mark == "too old" else "something")[0] == 403
    desk.sign_in(desk.bob)
    assert desk.kept() == {}


def test_words_too_many_to_be_kept_are_not_thrown_away_without_a_word(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    answer = desk.browser.post("/your-details", data=WORDS | {"shown_name": "x" * drafts.LONGEST}, headers=HERE)
    assert answer.status_code == 403
    assert "load this page again" in answer.text
