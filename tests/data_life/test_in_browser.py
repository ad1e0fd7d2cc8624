"""The pages on looks, copies and erasing, looked at by axe, at the widths of real screens and of a small phone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from backtolife import clock
from backtolife.audit import record
from backtolife.people.models import Role, Service
from tests.journeys.margins import assert_margins
from tests.journeys.other_pages import fits_a_small_phone
from tests.support.browser import assert_accessible, chromium, desktop
from tests.support.factories import Factory
from tests.support.running import running_house

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_the_pages_are_open_to_everybody(tmp_path: Path) -> None:
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        with house.database() as db:
            make = Factory(db, clock.now())
            place = make.enrolment(make.cohort(make.service()), "Ann")
            lead = make.person(db.get_one(Service, place.service_id), Role.CLINICAL_LEAD, "Lee")
            for _ in range(60):
                record(
                    db,
                    actor=make.actor(lead),
                    action="patient_seen",
                    subject_type="enrolment",
                    subject_id=place.id,
                    now=clock.now(),
                )
        context = desktop(browser)
        context.add_cookies(house.browser_cookies(lead))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{house.url}/patients/{place.id}/looks")
        for link, shown in (("Older looks", "page 2 of 2"), ("Lee Example", "What Lee Example looked at")):
            assert_accessible(page)
            fits_a_small_phone(page)
            assert_margins(page)
            page.get_by_role("link", name=link).first.click()
            expect(page.get_by_role("main")).to_contain_text(shown)
        assert_accessible(page)
        page.goto(f"{page.url}?first=2020-02-02&last=2020-01-01")
        expect(page.get_by_text("The last day is before the first one")).to_be_visible()
        assert_accessible(page)
        fits_a_small_phone(page)
        page.goto(f"{house.url}/patients/{place.id}/copy")
        expect(page.get_by_role("button", name="Make the copy")).to_be_visible()
        assert_accessible(page)
        fits_a_small_phone(page)
        page.goto(f"{house.url}/patients/{place.id}/erasure")
        expect(page.get_by_role("button", name="Ask that they be erased")).to_be_visible()
        assert_accessible(page)
        fits_a_small_phone(page)
        page.goto(f"{house.url}/erasures")
        assert_accessible(page)
        fits_a_small_phone(page)
