"""A cohort of twelve goes in fast time from offer to discharge; whatever can happen happens once to somebody."""

import pytest

from tests.journeys.service import beside, ending, meeting, offering
from tests.journeys.service.town import Town


def live(town: Town) -> None:
    offering.make_groups(town)
    offering.offer(town)
    offering.choose_texts(town)
    offering.answer(town)
    offering.agree(town)
    beside.book(town)
    meeting.begin(town)
    meeting.move_on(town)
    meeting.start_late(town)
    meeting.change_dates(town)
    ending.leave(town)
    meeting.fall_ill(town)
    ending.die(town)
    ending.leave_staff(town)
    meeting.go_on(town)
    ending.finish(town)
    ending.follow_up(town)


def test_twelve_people_go_from_offer_to_follow_up(town: Town) -> None:
    live(town)


@pytest.mark.browser
def test_the_same_twelve_in_a_browser(town_in_chromium: Town) -> None:
    live(town_in_chromium)
