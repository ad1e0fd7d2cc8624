"""A lead, a spotter and four patients go through a whole session, every part of its script, and look back on it.

The lead presses *next* as soon as a part was seen, so 90 minutes pass in two. axe looks at pages in every state.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import SECTION_KINDS
from tests.journeys.meeting import Meeting
from tests.support.browser import assert_accessible, chromium
from tests.support.running import House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
NAMES = ("Linda", "Joseph", "Maureen", "Asha")
FEW_PICTURES = "--use-fake-device-for-media-stream=fps=5"
"""Whether pictures flow is for other tests; six of them here would only slow the pages."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(FEW_PICTURES) as running:
        yield running


def tell_pain(page: Page, pain: int) -> None:
    page.get_by_role("button", name="Tell us your pain and effort").click()
    page.locator(f"input[name=pain][value='{pain}']").check(force=True)
    expect(page.locator("#check-note")).to_have_text("Your team has it.")


def check_in(meeting: Meeting) -> None:
    for page, pain in zip(meeting.patients.values(), (3, 4, 5, 6), strict=True):
        tell_pain(page, pain)
    meeting.look(meeting.patients["Linda"])
    for page in meeting.patients.values():
        page.locator("#check-done").click()
    expect(meeting.lead.locator("#checks-count")).to_contain_text("4 of 4 told us")


def write_of_goals(meeting: Meeting) -> None:
    maureen, asha = meeting.patients["Maureen"], meeting.patients["Asha"]
    for page in (maureen, asha):
        page.locator("#chat-toggle").click()
    maureen.get_by_label("Write to everyone").fill("I want to garden again.")
    maureen.get_by_role("button", name="Send", exact=True).click()
    expect(asha.locator("#messages")).to_contain_text("I want to garden again.")
    asha.locator("#hand").click()
    expect(meeting.spotter.locator("#wall")).to_contain_text("Hand up")


def talk_in_small_groups(meeting: Meeting) -> None:
    lead, linda, joseph = meeting.lead, meeting.patients["Linda"], meeting.patients["Joseph"]
    lead.get_by_label("How many").select_option("2")
    lead.get_by_role("button", name="Make small groups").click()
    lead.get_by_role("button", name="Open the groups").click()
    expect(linda.locator("#small-words")).to_contain_text("Small group 1")
    expect(joseph.locator("#small-words")).to_contain_text("Small group 2")
    ask_for_help_in_a_small_group(meeting)
    lead.get_by_role("button", name="Call everyone back in 30 seconds").click()
    expect(linda.locator("#small-words")).to_contain_text("Back to everyone in")
    lead.get_by_role("button", name="Bring everyone back now").click()
    for page in meeting.patients.values():
        expect(page.locator("#small-words")).to_be_hidden()


def ask_for_help_in_a_small_group(meeting: Meeting) -> None:
    """Tom drops in on group 1 while somebody in group 2 needs help."""
    spotter, linda, joseph = meeting.spotter, meeting.patients["Linda"], meeting.patients["Joseph"]
    spotter.get_by_role("button", name="Go into group 1").click()
    expect(linda.get_by_label("People in your group").get_by_text("Tom")).to_be_visible()
    joseph.locator("#help").click()
    expect(spotter.locator("#alerts")).to_contain_text("Joseph needs help")
    expect(spotter.locator("#alerts")).to_contain_text("In small group 2")
    meeting.look(*meeting.staff, joseph)
    spotter.get_by_role("button", name="I’ve got this").click()
    expect(joseph.locator("#help-words")).to_have_text("Tom has seen this")
    joseph.get_by_role("button", name="I’m OK now").click()
    meeting.look(linda)


def move_in_own_way(meeting: Meeting) -> None:
    linda = meeting.patients["Linda"]
    expect(linda.locator("#exercise")).to_be_visible()
    expect(meeting.spotter.locator("#watch-now")).to_contain_text("Everyone has a turn of 20 seconds")
    expect(meeting.lead.locator("#watch-now")).to_be_hidden()
    linda.locator("input[name=way][value=lying]").check(force=True)
    linda.locator("input[name=feels][value=easy]").check(force=True)
    expect(meeting.lead.locator("#wall")).to_contain_text("Lying. Easy")


def test_the_two_sessions_here_hold_every_kind_of_part() -> None:
    held = {part.kind for number in (1, 3) for part in shipped().session(number).sections}
    assert held == set(SECTION_KINDS)


def test_a_whole_session_with_every_part_of_its_script(house: House, browser: Browser) -> None:
    meeting = Meeting(house, browser, NAMES)
    meeting.come_in(seen=("Linda",))
    does = {
        "check_in": check_in,
        "goal_review": write_of_goals,
        "reflection": talk_in_small_groups,
        "exercise": move_in_own_way,
        "check_out": lambda here: tell_pain(here.patients["Linda"], 2),
    }
    for part in meeting.parts:
        meeting.go_to(part.kind)
        if part.kind in does:
            does[part.kind](meeting)
        if part.kind in ("relaxation", "mindfulness"):
            expect(meeting.patients["Linda"].locator("#rest")).to_be_visible()
        meeting.look(*meeting.staff, meeting.patients["Linda"])
    meeting.end()
    look_back(meeting)
    assert meeting.faults == []


def look_back(meeting: Meeting) -> None:
    """What everyone has on the screen when it is over, and the summary that the lead finds ready."""
    lead = meeting.lead
    for page in (lead, meeting.patients["Linda"]):
        assert_accessible(page)
    lead.get_by_role("link", name="See how session 1 went").click()
    for name in NAMES:
        expect(lead.locator("main")).to_contain_text(name)
    assert_accessible(lead)


def test_mindfulness_in_a_later_session(house: House, browser: Browser) -> None:
    """The one kind of part that session 1 does not have."""
    meeting = Meeting(house, browser, ("Linda", "Joseph"), number=3)
    meeting.come_in()
    meeting.skip_to("mindfulness")
    expect(meeting.patients["Linda"].locator("#rest")).to_be_visible()
    meeting.look(*meeting.staff, meeting.patients["Linda"])
    meeting.end()
    assert meeting.faults == []
