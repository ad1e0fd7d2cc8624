"""A newer original comes: a lead reads what is new beside the draft, takes some of it over, and undoes it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backtolife.programme.adopted.services import offered
from tests.programme.adopted.shipping import begin_anew, upgraded
from tests.programme.editing.desk import Desk, change, fields
from tests.programme.editing.test_versions import published

NEW = "/changes/original"


@pytest.fixture
def newer(desk: Desk, tmp_path: Path) -> Iterator[str]:
    """The address of a draft that was begun before version 2.0.0 came."""
    begin_anew()
    draft = desk.begin()
    with upgraded(tmp_path):
        yield draft


def keys(page: str) -> list[str]:
    return re.findall(r'name="take" value="([^"]+)"', page)


def take(desk: Desk, draft: str, *ticked: str, seen: str = "") -> tuple[int, str]:
    page = desk.lead.get(f"{draft}{NEW}").text
    answer = desk.lead.post(f"{draft}{NEW}", data={"seen": seen or fields(page)["seen"], "take": list(ticked)})
    return answer.status_code, answer.text


def test_the_draft_says_that_there_is_a_newer_original_and_what_is_new_in_it(desk: Desk, newer: str) -> None:
    assert f'href="{newer}{NEW}"' in desk.lead.get(newer).text
    assert f'href="{newer}{NEW}"' in desk.lead.get("/programme/versions").text
    page = desk.lead.get(f"{newer}{NEW}").text
    assert "In the middle" in page
    assert "Half way" in page
    assert "We look forward to seeing you on {date}" in page
    assert len(keys(page)) == 13


def test_what_is_ticked_is_taken_over_the_rest_stays_and_it_can_be_undone(desk: Desk, newer: str) -> None:
    before = desk.draft().files
    label = next(each for each in keys(desk.lead.get(f"{newer}{NEW}").text) if each.endswith("|label"))
    assert take(desk, newer, label)[0] == 302
    after = desk.draft().files
    assert after == {**before, "programme.yaml": before["programme.yaml"].replace("Half way", "In the middle", 1)}
    assert label not in keys(desk.lead.get(f"{newer}{NEW}").text)
    assert len(keys(desk.lead.get(f"{newer}{NEW}").text)) == 12
    desk.lead.post(f"{newer}/undo", data={"seen": "1"})
    assert desk.draft().files == before
    assert label in keys(desk.lead.get(f"{newer}{NEW}").text)


def test_all_of_it_taken_over_leaves_nothing_and_one_s_own_words_stay(desk: Desk, newer: str) -> None:
    change(desk.lead, f"{newer}/messages/invitation", subject="Come to {service_short_name}")
    assert take(desk, newer, *keys(desk.lead.get(f"{newer}{NEW}").text))[0] == 302
    assert "Nothing: your draft says all of it already" in desk.lead.get(f"{newer}{NEW}").text
    assert "Come to {service_short_name}" in desk.draft().files["messages.yaml"]
    assert "The new words say {date}" in desk.draft().files["messages.yaml"]


def test_nothing_ticked_and_an_old_page_are_told_and_keep_the_ticks(desk: Desk, newer: str) -> None:
    first = keys(desk.lead.get(f"{newer}{NEW}").text)[0]
    status, page = take(desk, newer)
    assert (status, "Tick what you want to take over" in page) == (400, True)
    change(desk.other, f"{newer}/sessions/4", title="Lee was here")
    status, page = take(desk, newer, first, seen="0")
    assert (status, "Somebody saved this draft" in page) == (409, True)
    assert re.search(rf'value="{re.escape(first)}"[^>]* checked', page)
    assert "Lee was here" in desk.draft().files["programme.yaml"]


def test_a_version_that_somebody_published_beside_the_draft_is_compared_too(desk: Desk) -> None:
    mine = desk.begin()
    theirs = desk.begin()
    change(desk.lead, f"{theirs}/sessions/4", title="Theirs is new")
    desk.lead.post(f"{theirs}/publish", data={"version": "1.1.0"})
    address = re.search(rf'href="({mine}/changes/[0-9a-f]{{32}})"', desk.lead.get(mine).text)
    assert address
    page = desk.lead.get(address[1]).text
    assert (len(keys(page)), "Theirs is new" in page) == (1, True)
    desk.lead.post(address[1], data={"seen": "0", "take": keys(page)})
    assert "Theirs is new" in desk.lead.get(mine).text


def test_a_draft_of_the_newest_version_has_nothing_newer(desk: Desk) -> None:
    published(desk)
    with desk.db() as db:
        version = offered(db, desk.service.id)[0].id
    draft = desk.lead.post("/programme/versions/drafts", data={"version": version}).location
    assert "/changes/" not in desk.lead.get(draft).text
    assert desk.lead.get(f"{draft}{NEW}").status_code == 404
