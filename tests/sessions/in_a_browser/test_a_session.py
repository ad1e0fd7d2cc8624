"""A whole session in real browsers with the real media engine: two patients and a facilitator."""

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from backtolife.sessions.room.models import AttendanceSpan, MediaEvent
from tests.support.sessions.pages import Hall, look, shows

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
SILENCE = """(() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.silent = true;
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (!window.silent || !wanted.audio) return real(wanted);
    return new AudioContext().createMediaStreamDestination().stream;
  };
})()"""
"""The microphone is on and sends nothing, as an iPhone's does after a call."""
NAUGHTY = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


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
    expect(linda.locator(f'[data-seat="{hall.seat(joseph_is)}"]')).to_contain_text("Talking")
    lead.get_by_role("button", name="Options for Joseph").click()
    look(lead)
    lead.get_by_role("button", name="Mute", exact=True).click()
    expect(joseph.get_by_role("button", name="Turn sound on")).to_be_visible()

    for title in ("What matters to you", "Talking about the video", "Break", "First circuit: start easy"):
        lead.locator("#go").click()
        expect(lead.locator("#script .is-now")).to_contain_text(title)
    expect(linda.get_by_role("group", name="Choose a position")).to_be_visible()
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
    expect(lead.locator("#alerts")).to_contain_text("Linda says they are OK")


def test_a_device_whose_clock_is_wrong_shows_the_same_countdown(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead = hall.lead()
    linda = hall.page(linda_is, small=True)
    linda.add_init_script("const real = Date.now; Date.now = () => real() + 600000;")
    linda.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    linda.locator("input[name=camera][value=off]").check(force=True)
    linda.get_by_text("At home", exact=True).click()
    linda.get_by_role("button", name="Join the group").click()
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    lead.get_by_role("button", name="Start session 1").click()
    expect(linda.locator("#subtitle")).to_contain_text("about 10 minutes left")


def test_sound_lost_on_ios_after_a_call_or_siri(hall: Hall) -> None:
    """The page notices that its own track is silent, and one tap mends it."""
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.page(linda_is, small=True)
    linda.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    linda.locator("input[name=camera][value=off]").check(force=True)
    linda.context.add_init_script(SILENCE)
    linda.get_by_text("At home", exact=True).click()
    linda.get_by_role("button", name="Join the group").click()
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    linda.get_by_role("button", name="Turn sound on").click()
    expect(linda.locator("#banner")).to_have_text("We can’t hear you. Tap to fix your sound")
    look(linda)
    linda.evaluate("window.silent = false")
    linda.get_by_role("button", name="We can’t hear you. Tap to fix your sound").click()
    expect(linda.locator("#banner")).to_be_hidden()
    expect(lead.locator(f'#wall [data-seat="{hall.seat(linda_is)}"]')).to_contain_text("Talking")


def test_a_private_word_is_seen_and_heard_by_the_two_in_it_and_by_nobody_else(hall: Hall) -> None:
    linda_is, joseph_is = hall.group.patients
    lead, linda, joseph = hall.lead(), hall.join(linda_is, "everyone", small=True), hall.join(joseph_is, "off")
    lead.get_by_role("button", name="Let Joseph in", exact=True).click()
    lead.get_by_role("button", name="Private word (Linda)").click()
    expect(lead.locator("#word-bar")).to_contain_text("Private word with Linda")
    expect(linda.locator("#banner")).to_contain_text("Private word with Priya. The group cannot see or hear you.")
    expect(linda.locator("#banner")).to_contain_text("Your sound is off.")
    expect(lead.locator("#word-bar")).to_contain_text("Your sound is off: Linda cannot hear you.")
    linda.locator("#banner").get_by_role("button", name="Turn sound on").click()
    lead.locator("#word-bar").get_by_role("button", name="Turn my sound on").click()
    expect(linda.locator("#banner")).not_to_contain_text("Your sound is off.")
    expect(lead.locator("#word-bar")).not_to_contain_text("sound is off")
    expect(linda.locator("#chat-toggle")).to_be_hidden()
    shows(lead, hall.seat(linda_is))
    expect(joseph.locator(f'[data-seat="{hall.seat(linda_is)}"]')).to_have_count(0)
    look(lead)
    look(linda)
    lead.get_by_role("button", name="End the private word").click()
    expect(linda.get_by_text("You are in the waiting room")).to_be_visible()
    expect(linda.locator("#lobby-words")).to_contain_text("Your private word is over.")
    expect(lead.locator("#lobby")).to_contain_text("The private word is over")
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    shows(lead, hall.seat(linda_is))
    expect(joseph.locator(f'[data-seat="{hall.seat(linda_is)}"]')).to_be_visible()
