"""A whole session in real browsers with the real media engine: two patients and a facilitator."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from backtolife import clock
from backtolife.people.models import Person
from backtolife.sessions.models import AttendanceSpan, MediaEvent, Seat
from tests.browser import assert_accessible, chromium, desktop, phone
from tests.running import House, running_house
from tests.sessions.gathering import Gathering, gather

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(300)]
FRAMES = """(seat) => {
  const video = document.querySelector(`[data-seat="${seat}"] video`);
  return video && !video.hidden ? video.getVideoPlaybackQuality().totalVideoFrames : -1;
}"""
NAUGHTY = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=25_000)  # two cores may be busy with much else
    with chromium() as running:
        yield running
    expect.set_options(timeout=5_000)


@dataclass
class Hall:
    """One session; pages of people in it, each with the faults that its browser reported."""

    house: House
    group: Gathering
    browser: Browser
    faults: list[str]

    def page(self, person: Person, *, small: bool = False) -> Page:
        context = phone(self.browser) if small else desktop(self.browser)
        context.add_cookies(self.house.browser_cookies(person))  # type: ignore[arg-type]
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        return page

    def join(self, person: Person, camera: str, *, small: bool = False) -> Page:
        page = self.page(person, small=small)
        page.goto(f"{self.house.url}/j/{self.group.group_session.join_code}")
        page.locator(f"input[name=camera][value={camera}]").check(force=True)
        page.get_by_role("button", name="Join the group").click()
        expect(page.get_by_text("You are in the waiting room")).to_be_visible()
        return page

    def lead(self) -> Page:
        page = self.page(self.group.lead)
        page.goto(f"{self.house.url}/sessions/{self.group.group_session.id}/room")
        expect(page.get_by_role("button", name="Start session 1")).to_be_visible()
        return page

    def seat(self, person: Person) -> str:
        with self.house.database() as db:
            wanted = select(Seat.id).where(
                Seat.person_id == person.id, Seat.group_session_id == self.group.group_session.id
            )
            return db.exec(wanted).one()


@pytest.fixture
def hall(house: House, browser: Browser) -> Iterator[Hall]:
    with house.database() as db:
        group = gather(db, clock.now())
    faults: list[str] = []
    yield Hall(house, group, browser, faults)
    for context in browser.contexts:
        context.close()
    assert faults == []


def look(page: Page) -> None:
    """Let the page settle, then let axe look at it."""
    page.wait_for_load_state("load")
    assert_accessible(page)


def shows(page: Page, seat: str) -> None:
    """The picture of this seat moves on the page."""
    page.wait_for_function(f"(seat) => ({FRAMES})(seat) > 5", arg=seat, timeout=20_000)


def test_a_group_meets_from_the_waiting_room_to_the_end(hall: Hall) -> None:
    linda_is, joseph_is = hall.group.patients
    lead = hall.lead()
    linda, joseph = hall.join(linda_is, "facilitators", small=True), hall.join(joseph_is, "everyone")
    look(linda)
    look(lead)
    lead.get_by_role("button", name="Let all in").click()
    shows(lead, hall.seat(linda_is))
    shows(linda, hall.seat(joseph_is))
    expect(joseph.locator(f'[data-seat="{hall.seat(linda_is)}"]')).to_contain_text("Camera off")
    look(linda)
    look(joseph)

    lead.get_by_role("button", name="Start session 1").click()
    expect(linda.get_by_role("heading", name="Hello and how we work", exact=True)).to_be_visible()
    expect(joseph.locator("#sound")).to_have_attribute("aria-disabled", "true")
    lead.get_by_role("button", name="Start next: Say hello").click()
    expect(linda.get_by_role("heading", name="Say hello", exact=True)).to_be_visible()
    lead.locator("#sound").click()
    joseph.get_by_role("button", name="Turn sound on").click()
    expect(linda.locator(f'[data-seat="{hall.seat(joseph_is)}"]')).to_contain_text("Talking", timeout=20_000)
    lead.get_by_role("button", name="Options for Joseph").click()
    look(lead)
    lead.get_by_role("button", name="Mute", exact=True).click()
    expect(joseph.get_by_role("button", name="Turn sound on")).to_be_visible()

    for title in ("What matters to you", "Talking about the video", "Break", "First circuit: start easy"):
        lead.locator("#go").click()
        expect(lead.locator("#script .is-now")).to_contain_text(title)
    expect(linda.get_by_role("group", name="Pick your way")).to_be_visible()
    look(linda)
    lead.locator("#go").click()
    expect(joseph.get_by_role("heading", name="Just listen to Priya")).to_be_visible()
    look(joseph)

    lead.get_by_role("button", name="Options for Joseph").click()
    lead.get_by_role("button", name="Remove from session…").click()
    look(lead)
    lead.get_by_role("button", name="Remove Joseph").click()
    expect(joseph.get_by_role("heading", name="You are not in session 1 any more")).to_be_visible()
    look(joseph)
    lead.get_by_role("button", name="End session for everyone").first.click()
    lead.locator("#sure-yes").click()
    expect(linda.get_by_role("heading", name="Session 1 is over")).to_be_visible()
    look(linda)
    came = {hall.seat(linda_is), hall.seat(joseph_is)}
    with hall.house.database() as db:
        spans = db.exec(
            select(AttendanceSpan).where(AttendanceSpan.group_session_id == hall.group.group_session.id)
        ).all()
        assert {span.seat_id for span in spans} >= came
        assert all(span.left_at is not None for span in spans)
        assert db.exec(select(MediaEvent)).first() is not None


def test_the_page_before_the_session_shows_that_the_devices_work(hall: Hall) -> None:
    page = hall.page(hall.group.patients[0], small=True)
    page.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    expect(page.locator('[data-check="camera"]')).to_contain_text("Works")
    expect(page.locator('[data-check="microphone"]')).to_contain_text("Works", timeout=15_000)
    look(page)


def test_a_camera_that_is_blocked_is_named_with_what_to_do(hall: Hall) -> None:
    page = hall.page(hall.group.patients[0])
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); }"
    )
    page.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    expect(page.locator("#fault")).to_contain_text("is blocked")
    expect(page.locator("#fault")).to_contain_text("then press Try again")
    look(page)


def test_what_people_write_is_shown_as_words_and_never_runs(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.join(linda_is, "off", small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    linda.get_by_role("button", name="Chat").click()
    linda.get_by_label("Write to everyone").fill(NAUGHTY)
    linda.get_by_role("button", name="Send").click()
    expect(linda.locator("#messages p")).to_have_text(NAUGHTY)
    lead.get_by_role("button", name="Chat").click()
    expect(lead.locator("#messages p")).to_have_text(NAUGHTY)
    look(lead)
    look(linda)


def test_a_call_for_help_shows_on_the_board_and_its_answer_on_the_phone(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.join(linda_is, "off", small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    expect(linda.locator("#stage")).to_be_visible()
    linda.get_by_role("button", name="I need help").click()
    expect(lead.locator("#alerts")).to_contain_text("Linda needs help")
    expect(lead.locator("#alerts")).to_contain_text(linda_is.phone)
    look(lead)
    look(linda)
    linda.get_by_role("button", name="Too much pain").click()
    expect(lead.locator("#alerts")).to_contain_text("Too much pain")
    lead.get_by_role("button", name="I’ve got this").click()
    expect(linda.locator("#help-words")).to_have_text("Priya has seen this")
    linda.get_by_role("button", name="I’m OK now").click()
    expect(lead.locator("#alerts section")).to_have_count(0)


def test_a_second_tab_takes_over_and_the_first_offers_to_be_used(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead, first = hall.lead(), hall.join(linda_is, "off", small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    expect(first.locator("#stage")).to_be_visible()
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.locator("#stage")).to_be_visible()
    expect(first.get_by_role("heading", name="Open in another tab")).to_be_visible()
    first.get_by_role("button", name="Use here").click()
    expect(first.locator("#stage")).to_be_visible()
    expect(second.get_by_role("heading", name="Open in another tab")).to_be_visible()


def test_sound_and_picture_go_on_while_the_web_process_is_away(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.join(linda_is, "everyone", small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    lead.get_by_role("button", name="Start session 1").click()
    seat = hall.seat(linda_is)
    shows(lead, seat)
    hall.house.web.kill()
    expect(linda.locator("#banner")).to_contain_text("Reconnecting")
    before = lead.evaluate(FRAMES, seat)
    lead.wait_for_function(f"([seat, before]) => ({FRAMES})(seat) > before + 20", arg=[seat, before], timeout=20_000)
    linda.get_by_role("button", name="Chat").click()
    linda.get_by_label("Write to everyone").fill("Written while away")
    linda.get_by_role("button", name="Send").click()
    hall.house.web.start()
    expect(linda.locator("#banner")).to_be_hidden(timeout=20_000)
    expect(linda.locator("#messages p")).to_have_text("Written while away")
    expect(lead.locator("#banner")).to_be_hidden(timeout=20_000)
    lead.get_by_role("button", name="Start next: Say hello").click()
    expect(linda.locator("#subtitle")).to_contain_text("Say hello")


def test_the_room_goes_on_while_the_media_engine_is_away_and_pictures_come_back(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.join(linda_is, "everyone", small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    shows(lead, hall.seat(linda_is))
    hall.house.media.kill()
    expect(linda.locator("#banner")).to_contain_text("Reconnecting sound and picture", timeout=20_000)
    lead.get_by_role("button", name="Start session 1").click()
    expect(linda.get_by_role("heading", name="Hello and how we work", exact=True)).to_be_visible()
    expect(lead.locator("#said")).to_contain_text("We cannot reach sound and picture")
    look(linda)
    hall.house.media.start()
    expect(linda.locator("#banner")).to_be_hidden(timeout=30_000)
    shows(lead, hall.seat(linda_is))
    expect(linda.locator("#sound")).to_have_attribute("aria-disabled", "true")


def test_a_device_whose_clock_is_wrong_shows_the_same_countdown(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead = hall.lead()
    linda = hall.page(linda_is, small=True)
    linda.add_init_script("const real = Date.now; Date.now = () => real() + 600000;")
    linda.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    linda.locator("input[name=camera][value=off]").check(force=True)
    linda.get_by_role("button", name="Join the group").click()
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    lead.get_by_role("button", name="Start session 1").click()
    expect(linda.locator("#subtitle")).to_contain_text("about 10 minutes left")
