"""Without a script in the browser, what was typed and not saved stands in its form again."""

import re
from html import unescape

import pytest

from backtolife.people.drafts import late_forms
from backtolife.people.limits import throttles
from tests.support.people.desk import HERE, WORDS, Desk

BACK = "It is back in the form."
NAME = re.compile(r'<input(?=[^>]*name="shown_name")[^>]*value="([^"]*)"')


def shown(desk: Desk) -> tuple[bool, str]:
    """Whether the page says that words are back, and what stands in its form."""
    page = desk.browser.get("/your-details", headers=HERE).text
    found = NAME.search(page)
    return BACK in page, unescape(found[1]) if found else ""


def test_a_form_sent_too_late_is_filled_in_after_the_sign_in_until_it_is_saved(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    desk.send(shown_name='Brian "B" <Oak>')
    desk.sign_in(desk.ann)
    assert shown(desk) == (True, 'Brian "B" <Oak>')
    assert shown(desk) == (True, 'Brian "B" <Oak>'), "also when the page is loaded again"
    assert desk.send(shown_name="Cara")[0] == 302
    assert shown(desk) == (False, "Cara")


def test_whoever_came_next_sees_nothing_of_it(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    desk.send()
    desk.sign_in(desk.bob)
    assert shown(desk) == (False, "Bob")
    desk.browser.post("/sign-out")
    desk.sign_in(desk.ann)
    assert shown(desk) == (True, WORDS["shown_name"])


def test_what_was_refused_for_now_is_in_the_form_when_its_writer_comes_back_to_it(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.break_saving()
    assert desk.send()[0] == 500
    assert shown(desk) == (True, WORDS["shown_name"])


def test_one_press_throws_the_words_away_and_shows_the_page_without_them(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    desk.send()
    desk.sign_in(desk.ann)
    told = {"Referer": "http://localhost/your-details", **HERE}
    answer = desk.browser.post("/drafts/drop", data={"address": "/your-details"}, headers=told)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/your-details")
    assert shown(desk) == (False, "Ann")


@pytest.mark.parametrize("page", ["//evil.example/x", "/\\evil.example/x", "///evil.example"])
def test_a_page_that_only_looks_like_one_of_ours_is_not_led_to(desk: Desk, page: str) -> None:
    desk.sign_in(desk.ann)
    told = {**HERE, "Referer": f"http://localhost{page}"}
    answer = desk.browser.post("/drafts/drop", data={"address": "/your-details"}, headers=told)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_a_form_that_cannot_be_read_is_refused_for_that_also_when_it_comes_too_often(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sign_in(desk.ann)
    monkeypatch.setattr(throttles.by_door, "most", 0)
    form = {f"f{number}": "x" for number in range(1001)}
    told = {**HERE, "Referer": "http://localhost/your-details"}
    answer = desk.browser.post("/your-details", data=form, content_type="multipart/form-data", headers=told)
    assert answer.status_code == 413


def test_what_comes_much_too_fast_is_not_kept_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sign_in(desk.ann)
    monkeypatch.setattr(throttles.by_door, "most", 0)
    kept: list[str] = []
    monkeypatch.setattr(late_forms.drafts, "keep", lambda *_, **given: kept.append(given["address"]))
    told = {**HERE, "Referer": "http://localhost/your-details"}
    for _ in range(throttles.kept_refused.most + 5):
        assert desk.browser.post("/your-details", data={"phone": "1"}, headers=told).status_code == 429
    assert len(kept) == throttles.kept_refused.most


def test_words_that_a_script_kept_are_left_to_the_script(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    told = {"address": "/your-details", "fields": [["shown_name", "Brian"]], "base": [["shown_name", "Ann"]]}
    desk.browser.post("/drafts", json=told)
    desk.browser.post("/sign-out")
    desk.sign_in(desk.ann)
    assert shown(desk) == (False, "Ann")
