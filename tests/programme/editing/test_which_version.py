"""A newcomer reads which version new groups begin with, which is the original, and what can be put away."""

import re

from tests.programme.editing.desk import Desk
from tests.programme.editing.test_versions import published


def rows(page: str) -> list[str]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in body.split("<tr>")[1:]]


def test_the_original_is_one_row_and_says_that_new_groups_begin_with_it(desk: Desk) -> None:
    before = rows(desk.lead.get("/programme/versions").text)
    assert [("the original" in each, "Begin with this one" in each) for each in before] == [(True, True)]
    desk.begin()
    page = desk.lead.get("/programme/versions").text
    assert len(rows(page)) == 1
    assert "Running" in rows(page)[0]
    assert "you have no version of your own yet" in page


def test_the_version_new_groups_begin_with_is_said_and_comes_first(desk: Desk) -> None:
    version = published(desk)
    page = desk.lead.get("/programme/versions").text
    own, original = rows(page)
    assert (own.startswith("1.1.0 Yours"), "Begin with this one" in own) == (True, True)
    assert ("1.0.0, the original" in original, "Can begin with it" in original) == (True, True)
    assert "New groups begin with your version 1.1.0" in page
    desk.lead.post(f"/programme/versions/{version}/retire", data={"retired": "yes"})
    page = desk.lead.get("/programme/versions").text
    assert ["Begin with this one" in each for each in rows(page)] == [False, True]
    assert "you offer no version of your own" in page


def test_put_it_away_is_offered_only_where_no_group_uses_the_version(desk: Desk) -> None:
    version = published(desk)
    assert 'name="away" value="yes"' in desk.lead.get(f"/programme/versions/{version}").text
    assert desk.new_group("Next", version) == 302
    page = desk.lead.get(f"/programme/versions/{version}").text
    assert ('name="away"' in page, "A group uses it: it stays in the list" in page) == (False, True)
