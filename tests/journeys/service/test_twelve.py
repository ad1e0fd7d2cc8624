"""A cohort of twelve goes in fast time from offer to discharge; whatever can happen happens once to somebody."""

import pytest

from tests.journeys.service import story
from tests.journeys.service.town import Town


def live(town: Town) -> None:
    story.make_groups(town)
    story.offer(town)
    story.answer(town)
    story.choose_texts(town)
    story.agree(town)
    story.begin(town)
    story.start_late(town)
    story.change_dates(town)
    story.lose_people(town)
    story.go_on(town)
    story.finish(town)


def test_twelve_people_go_from_offer_to_discharge(town: Town) -> None:
    live(town)


@pytest.mark.browser
def test_the_same_twelve_in_a_browser(town_in_chromium: Town) -> None:
    live(town_in_chromium)
