"""A week between two sessions without a link: read and written on a phone, and all of it arrives once."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import select

from backtolife import clock
from backtolife.content.relaxation.track import make_track, track_path
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.material import Spoken
from backtolife.programme.practice.models import PracticeEntry
from backtolife.programme.prescribed.services import prescribe
from tests.support.browser import assert_accessible, assert_fits, chromium, phone
from tests.support.factories import Factory
from tests.support.running import House, running_house

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house"), media=False) as running:
        yield running


def a_patient(house: House) -> Person:
    """Somebody two days after their first session, with an exercise picked for them."""
    with house.database() as db:
        make = Factory(db, clock.now())
        cohort = make.cohort(make.service())
        place = make.enrolment(cohort, "Linda")
        for at, date in enumerate(dates_of(db, cohort.id)):
            date.starts_at = clock.now() + timedelta(weeks=at) - timedelta(days=2)
            date.ends_at = date.starts_at + timedelta(minutes=90)
        lead = make.actor(make.facilitator(cohort))
        prescribe(
            db,
            enrolment=place,
            exercise_id="ex-march",
            way="sitting",
            amount="5 times, twice a day",
            actor=lead,
            now=clock.now(),
        )
        return db.get_one(Person, place.person_id)


def write(page: Page, what: str, day: str) -> None:
    page.get_by_label("Something else", exact=True).check()
    page.get_by_label("If it was something else, what was it?").fill(what)
    page.get_by_label("About how many minutes?").fill("10")
    page.get_by_label("Which day?").fill(day)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#diary-told")).to_contain_text("Kept on this device")


def diary(context: BrowserContext, house: House) -> Page:
    page = context.new_page()
    page.goto(f"{house.url}/practice")
    return page


def test_a_week_is_written_without_a_link_in_two_tabs_and_arrives_once(house: House) -> None:
    patient = a_patient(house)
    days = [(clock.now() - timedelta(days=back)).date().isoformat() for back in range(7)]
    with chromium() as browser:
        context = phone(browser)
        context.add_cookies(house.browser_cookies(patient))  # type: ignore[arg-type]
        page = diary(context, house)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.get_by_role("button", name="Keep them on this device").click()
        expect(page.get_by_role("button", name="Do not keep them here")).to_be_visible()
        assert_accessible(page)
        assert_fits(page)
        context.set_offline(True)
        page.goto(f"{house.url}/week")
        expect(page.get_by_text("5 times, twice a day")).to_be_visible()
        assert page.locator("img.btl-figure").first.evaluate("each => each.complete && each.naturalWidth > 0")
        page.goto(f"{house.url}/practice")
        for at, day in enumerate(days):
            write(page, f"Walk number {at}", day)
        other = diary(context, house)
        expect(other.get_by_role("heading", name="Not sent yet")).to_be_visible()
        assert_accessible(other)
        context.set_offline(False)
        for tab in (page, other):
            expect(tab.locator("#diary-waiting")).to_be_hidden()
        page.reload()
        expect(page.locator("#diary-list").get_by_text("Walk number 6", exact=True)).to_be_visible()
    with house.database() as db:
        kept = db.exec(select(PracticeEntry.what, PracticeEntry.day)).all()
    assert sorted(kept) == sorted((f"Walk number {at}", clock.now().date() - timedelta(days=at)) for at in range(7))


def test_words_that_have_not_gone_are_asked_about_before_logging_out_and_then_nothing_stays(house: House) -> None:
    patient = a_patient(house)
    with chromium() as browser:
        context = phone(browser)
        context.add_cookies(house.browser_cookies(patient))  # type: ignore[arg-type]
        page = diary(context, house)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.get_by_role("button", name="Keep them on this device").click()
        expect(page.get_by_role("button", name="Do not keep them here")).to_be_visible()
        page.route("**/practice/entries", lambda route: route.abort())
        write(page, "A swim", clock.now().date().isoformat())
        page.get_by_role("button", name="Log out").click()
        page.get_by_role("button", name="Delete them and log out").click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Your practice diary")
        assert page.evaluate("() => Object.keys(localStorage).filter((name) => /^(practice|own)/.test(name))") == []
        assert page.evaluate("() => caches.has('own-1')") is False


def test_a_day_that_cannot_be_comes_back_with_its_words(house: House) -> None:
    patient = a_patient(house)
    with chromium() as browser:
        context = phone(browser)
        context.add_cookies(house.browser_cookies(patient))  # type: ignore[arg-type]
        page = diary(context, house)
        page.get_by_label("Something else", exact=True).check()
        page.get_by_label("If it was something else, what was it?").fill("The stairs")
        page.get_by_label("Which day?").fill("2099-01-01")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#diary-waiting")).to_contain_text("That day is still to come")
        page.locator("#diary-waiting").get_by_role("button", name="Change").click()
        expect(page.get_by_label("If it was something else, what was it?")).to_have_value("The stairs")
        page.get_by_label("Which day?").fill(clock.now().date().isoformat())
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#diary-list").get_by_text("The stairs", exact=True)).to_be_visible()


def test_a_whole_week_on_a_train_is_read_played_and_written_down_and_arrives_once(house: House) -> None:
    patient = a_patient(house)
    script = next(iter(shipped().relaxation.values()))
    words = replace(script, spoken=(Spoken("Let your shoulders drop.", 2),))
    make_track(words, track_path(house.settings.videos_dir, script))
    days = [(clock.now() - timedelta(days=back)).date().isoformat() for back in range(7)]
    with chromium() as browser:
        context = phone(browser)
        context.add_cookies(house.browser_cookies(patient))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{house.url}/relax")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.get_by_role("button", name="Keep on this device").first.click()
        expect(page.get_by_role("button", name="Kept on this device")).to_be_visible()
        assert_accessible(page)
        assert_fits(page)
        context.set_offline(True)
        page.goto(f"{house.url}/week")
        expect(page.get_by_text("5 times, twice a day")).to_be_visible()
        page.goto(f"{house.url}/relax")
        heard = page.locator("audio").first.evaluate(
            "each => new Promise((done) => { each.onerror = () => done(-1); each.onloadedmetadata = () => "
            "{ each.onseeked = () => done(each.duration); each.currentTime = 1; }; "
            "each.preload = 'auto'; each.load(); })"
        )
        assert heard > 2, "it plays without a link, from where one likes"
        page.goto(f"{house.url}/practice")
        for at, day in enumerate(days):
            write(page, f"Walk number {at}", day)
        page.locator("#diary-waiting").get_by_role("button", name=re.compile("Change.*Walk number 3")).click()
        write(page, "Walk number 3, and the stairs", days[3])
        context.set_offline(False)
        expect(page.locator("#diary-waiting")).to_be_hidden()
        page.reload()
        expect(page.locator("#diary-list").get_by_text("Walk number 3, and the stairs", exact=True)).to_be_visible()
    with house.database() as db:
        place = db.exec(select(Enrolment.id).where(Enrolment.person_id == patient.id)).one()
        kept = db.exec(select(PracticeEntry.what).where(PracticeEntry.enrolment_id == place)).all()
    wanted = {f"Walk number {at}" for at in range(7)} - {"Walk number 3"} | {"Walk number 3, and the stairs"}
    assert sorted(kept) == sorted(wanted)
