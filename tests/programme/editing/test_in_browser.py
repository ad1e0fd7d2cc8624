"""In a browser: session 3's exercise, prompt and a message change, and each of two groups keeps its own version."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from backtolife import clock
from backtolife.people.models import Person, Role
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.plan.template import Programme
from tests.journeys.margins import assert_margins
from tests.journeys.other_pages import fits_a_small_phone
from tests.support.browser import assert_accessible, chromium, desktop
from tests.support.factories import Factory
from tests.support.running import House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OURS = "Words of our own for session 3."


def look(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)
    fits_a_small_phone(page)
    assert_margins(page)


def save(page: Page) -> None:
    look(page)
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_text("Saved in the draft.")).to_be_visible()


def make_group(page: Page, lead: str) -> None:
    """The newest version is chosen already."""
    page.get_by_label("name").first.fill("Next")
    day = clock.now().date() + timedelta(days=14)
    page.locator("[name=first_day]").fill(day.isoformat())
    page.locator(f"[name=weekdays][value='{day.weekday()}']").check()
    page.locator("[name=wall_time]").fill("15:00")
    page.locator("[name=lead]").select_option(lead)
    page.get_by_role("button", name="Make the group").click()
    anyway = page.get_by_role("button", name="Make the group as it is")
    if anyway.count():
        anyway.click()
    expect(page.get_by_text("Next is ready.")).to_be_visible()


def plan_of(house: House, name: str) -> Programme:
    with house.database() as db:
        return programme_of(db, db.exec(select(Cohort).where(Cohort.name == name)).one())


def told(plan: Programme) -> tuple[str, str, str, str]:
    """Of session 3: its first exercise, its first prompt and its words; and the subject of the invitation."""
    sections = plan.session(3).sections
    circuit = next(each for each in sections if each.stations)
    talk = next(each for each in sections if each.prompts)
    return circuit.stations[0].exercise_id, talk.prompts[0], circuit.patient_text, plan.messages["invitation"].subject


def change_session_3(page: Page, house: House) -> None:
    """As clinical lead, on every kind of page of the editor: draft, change, preview, publish."""
    for path in ("versions", "versions/import", "library"):
        page.goto(f"{house.url}/programme/{path}")
        look(page)
    page.goto(f"{house.url}/programme/versions")
    page.get_by_role("button", name="Start a draft").first.click()
    look(page)
    draft = page.url
    page.goto(f"{draft}/sessions/3/sections/s3-exercise")
    page.locator("[name=exercise_0]").select_option("ex-row")
    page.locator("[name=patient_text]").fill(OURS)
    save(page)
    page.goto(f"{draft}/sessions/3/sections/s3-reflection")
    page.locator("[name=prompts]").fill("What helps you?\nWhat else?")
    save(page)
    page.goto(f"{draft}/messages/invitation")
    page.locator("[name=subject]").fill("Come to {service_short_name}")
    save(page)
    others = ("order", "practice", "new-section", "new-section?kind=exercise")
    for path in (*(f"sessions/3/{each}" for each in others), "texts/agreement.md"):
        page.goto(f"{draft}/{path}")
        look(page)
    page.goto(draft)
    page.get_by_role("link", name="See session 3 as a patient").click()
    look(page)
    expect(page.get_by_text(OURS)).to_be_visible()
    expect(page.get_by_text("What helps you?")).to_be_visible()
    page.goto(draft)
    page.get_by_role("link", name="Publish it").click()
    look(page)
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="1.1.0").click()
    look(page)


def page_of(browser: Browser, house: House, person: Person) -> Page:
    context = desktop(browser)
    context.add_cookies(house.browser_cookies(person))  # type: ignore[arg-type]
    return context.new_page()


def test_a_service_changes_session_3_and_each_group_shows_its_own(tmp_path: Path) -> None:
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        with house.database() as db:
            make = Factory(db, clock.now())
            service = make.service()
            running = make.cohort(service, "Running", first_day=clock.now().date())
            facilitator = make.facilitator(running)
            lead = make.person(service, Role.CLINICAL_LEAD)
            maker = make.person(service, Role.SERVICE_LEAD)
            old_patient = db.get_one(Person, make.enrolment(running).person_id)
        before = told(plan_of(house, "Running"))
        change_session_3(page_of(browser, house, lead), house)
        making = page_of(browser, house, maker)
        making.goto(f"{house.url}/groups/new")
        make_group(making, facilitator.id)
        with house.database() as db:
            new = db.exec(select(Cohort).where(Cohort.name == "Next")).one()
            again = Factory(db, clock.now())
            again.numbers = make.numbers
            new_patient = db.get_one(Person, again.enrolment(new).person_id)
        assert told(plan_of(house, "Running")) == before
        assert told(plan_of(house, "Next")) == ("ex-row", "What helps you?", OURS, "Come to {service_short_name}")
        for patient, shown in ((old_patient, before[2]), (new_patient, OURS)):
            reading = page_of(browser, house, patient)
            reading.goto(f"{house.url}/programme/sessions/3")
            expect(reading.get_by_text(" ".join(shown.split()))).to_be_visible()
