"""What patients shall agree to begins with the words that the service wrote into its own programme."""

import re

from tests.programme.editing.conftest import desk
from tests.programme.editing.desk import Desk, change, fields

__all__ = ["desk"]
PAGE = "/agreements/group_agreement"
OURS = "# How we are together\n\nWe listen to each other."


def with_own_agreement(desk: Desk) -> str:
    draft = desk.begin()
    assert change(desk.lead, f"{draft}/texts/agreement.md", title="How we are together", words=OURS)[0] == 302
    desk.lead.post(f"{draft}/publish", data={"version": "1.1.0"})
    found = re.search(r'/programme/versions/([0-9a-f]{32})">1\.1\.0<', desk.lead.get("/programme/versions").text)
    assert found
    return found[1]


def begun(desk: Desk, address: str = PAGE) -> tuple[str, str]:
    found = fields(desk.lead.get(address).text)
    return found["title"], found["body"].strip()


def test_the_page_begins_with_the_words_of_the_version_that_new_groups_begin_with(desk: Desk) -> None:
    before = begun(desk)
    version = with_own_agreement(desk)
    assert begun(desk) == ("How we are together", "We listen to each other.")
    desk.lead.post(f"/programme/versions/{version}/retire", data={"retired": "yes"})
    assert begun(desk) == before


def test_words_in_force_stay_and_those_of_a_newer_programme_are_one_press_away(desk: Desk) -> None:
    first = fields(desk.lead.get(PAGE).text)
    assert desk.lead.post(PAGE, data=first).status_code == 302
    assert f"{PAGE}?programme=yes" not in desk.lead.get(PAGE).text
    with_own_agreement(desk)
    page = desk.lead.get(PAGE).text
    assert fields(page)["title"] == first["title"]
    assert f'href="{PAGE}?programme=yes"' in page
    assert begun(desk, f"{PAGE}?programme=yes") == ("How we are together", "We listen to each other.")


def test_who_reads_the_welcome_pack_reads_that_agreement_as_long_as_none_is_in_force(desk: Desk) -> None:
    assert "We listen to each other." not in desk.lead.get("/programme/welcome").text
    with_own_agreement(desk)
    assert "We listen to each other." in desk.lead.get("/programme/welcome").text
