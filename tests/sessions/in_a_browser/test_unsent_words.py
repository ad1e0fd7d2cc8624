"""Words written in the room are kept, sent once, or said to be unsent and given back to whoever wrote them."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from backtolife.programme.plan.loading import shipped
from backtolife.sessions.records.poll_models import PollAnswer
from backtolife.sessions.room.models import ChatMessage, GroupSession, Seat
from tests.support.sessions.pages import Hall, look, write

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
OUTBOX = """async ({ answers, again }) => {
  sessionStorage.clear();
  const { ChatOutbox } = await import("/static/js/room/chat/outbox.js");
  const link = Object.assign(new EventTarget(), {
    session: "s", state: { me: { seat: "linda" } }, socket: { connected: true }, chat: [], sent: [], taken: [],
    takeChat(message) { this.taken.push(message.text); },
    async send(name, data) {
      this.sent.push(data.client_id);
      const status = answers.shift() ?? 200;
      if (status === 200) return { ok: true, message: { text: data.text, client_id: data.client_id } };
      const away = status === 0 || status === 503;
      return { ok: false, status: status || undefined, away, error: `refused ${status}` };
    },
  });
  const outbox = new ChatOutbox(link);
  link.dispatchEvent(new Event("up"));
  outbox.write("My words", "group", { small: "" });
  const settled = () => outbox.returned.length || !outbox.waiting.length;
  while (!settled()) await new Promise((done) => setTimeout(done, 50));
  const given_back = outbox.returned.map((entry) => [entry.text, entry.error]);
  if (again) {
    const [entry] = outbox.returned;
    outbox.edit(entry, again);
    await outbox.again(outbox.returned[0], again, { small: "" });
  }
  const keys = new Set(link.sent).size;
  return { taken: link.taken, given_back, sent: link.sent.length, keys, left: outbox.entries.length };
}"""
"""The page's real outbox before a room that answers as it is told: a status for each try, 0 for no answer at all."""


def tried(page: Page, answers: list[int], again: str = "") -> dict[str, Any]:
    return dict(page.evaluate(OUTBOX, {"answers": answers, "again": again}))


def in_the_room(hall: Hall, *cameras: str) -> tuple[Page, list[Page]]:
    """Priya, and each patient on a phone, let in."""
    lead = hall.lead()
    pages = [
        hall.join(person, camera, small=True) for person, camera in zip(hall.group.patients, cameras, strict=False)
    ]
    for person in hall.group.patients[: len(pages)]:
        lead.get_by_role("button", name=f"Let {person.shown_name} in", exact=True).click()
    for page in pages:
        expect(page.locator("#stage")).to_be_visible()
    return lead, pages


def away(page: Page) -> None:
    page.context.set_offline(True)
    page.wait_for_function("() => document.getElementById('banner').textContent.includes('Reconnecting')")


def back(page: Page) -> None:
    page.context.set_offline(False)
    expect(page.locator("#banner")).not_to_contain_text("Reconnecting")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_words_that_the_room_refuses_are_given_back_with_the_reason(plain: Page, status: int) -> None:
    found = tried(plain, [status])
    assert found["given_back"] == [["My words", f"refused {status}"]]
    assert (found["taken"], found["sent"], found["left"]) == ([], 1, 1)


@pytest.mark.parametrize("answers", [[429], [429, 429, 429], [503], [0], [500], [500, 500], [0, 429, 500]])
def test_words_that_may_go_a_little_later_are_sent_again_by_themselves_under_one_key(
    plain: Page, answers: list[int]
) -> None:
    found = tried(plain, answers)
    assert (found["taken"], found["given_back"], found["left"]) == (["My words"], [], 0)
    assert (found["sent"], found["keys"]) == (len(answers) + 1, 1)


def test_words_that_the_room_fails_to_take_three_times_are_given_back(plain: Page) -> None:
    found = tried(plain, [500, 500, 500])
    assert found["given_back"] == [["My words", "refused 500"]]


@pytest.mark.parametrize(("again", "keys"), [("My words", 1), ("Other words", 2)])
def test_words_sent_again_unchanged_cannot_come_twice_and_changed_ones_are_new(
    plain: Page, again: str, keys: int
) -> None:
    found = tried(plain, [403], again)
    assert (found["taken"], found["keys"], found["left"]) == ([again], keys, 0)


def test_fourteen_messages_written_without_a_network_all_arrive_once(hall: Hall) -> None:
    lead, (linda,) = in_the_room(hall, "off")
    away(linda)
    words = [f"Message {number}" for number in range(14)]
    for each in words:
        write(linda, each)
    expect(linda.locator("#unsent li")).to_have_count(14)
    look(linda)
    back(linda)
    expect(linda.locator("#messages p")).to_have_text(words)
    expect(linda.locator("#unsent")).to_be_hidden()
    lead.get_by_role("button", name="Chat").click()
    expect(lead.locator("#messages p")).to_have_text(words)
    with hall.house.database() as db:
        seat = hall.seat(hall.group.patients[0])
        assert len(db.exec(select(ChatMessage).where(ChatMessage.seat_id == seat)).all()) == 14


def test_words_for_a_small_group_that_ended_meanwhile_are_given_back_and_can_be_sent_to_everyone(hall: Hall) -> None:
    lead, (linda, _) = in_the_room(hall, "off", "off")
    lead.get_by_role("button", name="Start session 1").click()
    place = next(at for at, part in enumerate(shipped().session(1).sections) if part.kind == "reflection")
    lead.locator(f'[data-go-to="{place}"]').click()
    lead.get_by_role("button", name="Make small groups").click()
    lead.locator("#small-open").click()
    linda.locator("#chat-toggle").click()
    expect(linda.get_by_label("Write to small group 1 and your team")).to_be_visible()
    away(linda)
    write(linda, "Only for the two of us")
    expect(linda.locator("#unsent")).to_contain_text("You, not sent yet")
    linda.locator("#chat-close").click()
    lead.get_by_role("button", name="Bring everyone back now").click()
    back(linda)
    linda.get_by_role("button", name="A message was not sent. Tap to see it").click()
    row = linda.locator("#unsent .is-unsent")
    expect(row).to_contain_text("Your small group is over, so this was not sent.")
    expect(row.get_by_label("Your words. You can change them")).to_have_value("Only for the two of us")
    look(linda)
    row.get_by_label("Your words. You can change them").fill("For everyone, then")
    linda.reload()
    linda.locator("#chat-toggle").click()
    row.get_by_role("button", name="Send again to everyone").click()
    expect(row).to_have_count(0)
    lead.get_by_role("button", name="Chat").click()
    expect(lead.locator("#messages p")).to_have_text(["For everyone, then"])


def test_the_messages_on_the_page_stay_on_it_after_a_reconnect(hall: Hall) -> None:
    lead, (linda,) = in_the_room(hall, "off")
    lead.get_by_role("button", name="Chat").click()
    words = [
        f"{number} " + "getting down is fine, and it is getting up again that is hard. " * 15 for number in range(32)
    ]
    for each in words:
        write(lead, each)
        expect(lead.locator("#message")).to_have_value("")
    expect(lead.locator("#messages li")).to_have_count(32)
    linda.locator("#chat-toggle").click()
    expect(linda.locator("#messages li")).to_have_count(32)
    first = linda.locator("#messages li").first.get_attribute("data-message")
    away(linda)
    write(lead, "Written while Linda was away")
    back(linda)
    expect(linda.locator("#messages li")).to_have_count(33)
    expect(linda.locator("#messages li").last).to_contain_text("Written while Linda was away")
    assert linda.locator("#messages li").first.get_attribute("data-message") == first


def test_words_that_were_begun_are_still_there_when_the_page_loads_again(hall: Hall) -> None:
    _, (linda,) = in_the_room(hall, "off")
    linda.locator("#chat-toggle").click()
    linda.locator("#message").fill("I wanted to say")
    linda.reload()
    linda.locator("#chat-toggle").click()
    expect(linda.locator("#message")).to_have_value("I wanted to say")


def test_words_still_unsent_when_the_session_ends_are_said_to_be_unsent(hall: Hall) -> None:
    lead, (linda,) = in_the_room(hall, "off")
    lead.get_by_role("button", name="Start session 1").click()
    expect(linda.locator("#subtitle")).to_contain_text("left")
    away(linda)
    write(linda, "Thank you all, that helped me")
    lead.get_by_role("button", name="End session for everyone").first.click()
    lead.locator("#sure-yes").click()
    expect(lead.get_by_role("heading", name="Session 1 is over")).to_be_visible()
    linda.context.set_offline(False)
    expect(linda.get_by_role("heading", name="Session 1 is over")).to_be_visible()
    expect(linda.locator("#unsent")).to_contain_text("This was not sent")
    expect(linda.locator("#unsent li")).to_have_text("Thank you all, that helped me")
    look(linda)
    linda.get_by_role("button", name="Delete it from this device").click()
    expect(linda.locator("#unsent")).to_be_hidden()
    linda.reload()
    expect(linda.locator("#unsent")).to_be_hidden()


def test_an_answer_to_a_question_given_without_a_network_is_counted_when_it_is_back(hall: Hall) -> None:
    lead, (linda,) = in_the_room(hall, "off")
    lead.get_by_role("button", name="Start session 1").click()
    lead.locator("#ask-open").click()
    lead.get_by_label("Your question").fill("How was it?")
    lead.get_by_label("Answer 1").fill("Good")
    lead.get_by_label("Answer 2").fill("Tiring")
    lead.get_by_role("button", name="Ask now").click()
    expect(linda.get_by_label("Tiring")).to_be_visible()
    away(linda)
    linda.get_by_label("Tiring").check()
    expect(linda.locator("#poll-note")).to_have_text("Saved on this device. We send it by itself.")
    look(linda)
    back(linda)
    expect(linda.locator("#poll-note")).to_contain_text("We have your answer.")
    expect(lead.locator("#poll-answered")).to_contain_text("1 person has answered")
    with hall.house.database() as db:
        seat = hall.seat(hall.group.patients[0])
        assert [each.choice for each in db.exec(select(PollAnswer).where(PollAnswer.seat_id == seat))] == [1]


def test_that_help_is_no_longer_needed_and_a_camera_turned_off_reach_the_room_after_an_outage(hall: Hall) -> None:
    lead, (linda,) = in_the_room(hall, "everyone")
    linda.get_by_role("button", name="I need help").click()
    expect(lead.locator("#alerts")).to_contain_text("Linda needs help")
    away(linda)
    linda.get_by_role("button", name="I’m OK now").click()
    linda.get_by_role("button", name="Who sees me").click()
    linda.get_by_label("Nobody").check(force=True)
    expect(linda.locator("#camera-note")).to_have_text("You are not connected just now. Your camera is off until then.")
    back(linda)
    expect(lead.locator("#alerts section")).to_have_count(0)
    expect(lead.locator("#alerts")).to_contain_text("Linda says they are OK")
    expect(linda.locator("#camera-note")).to_have_text("Done.")
    expect(lead.locator(f'#wall [data-seat="{hall.seat(hall.group.patients[0])}"]')).to_contain_text("Camera off")


def test_running_late_said_without_a_network_reaches_the_team_when_it_is_back(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    linda = hall.page(linda_is, small=True)
    linda.goto(hall.house.url)
    linda.get_by_text("Running late? Tell us").click()
    linda.context.set_offline(True)
    linda.get_by_role("button", name="10 minutes", exact=True).click()
    expect(linda.get_by_text("Saved on this device. We send it by itself")).to_be_visible()
    look(linda)
    linda.context.set_offline(False)
    expect(linda.get_by_text("We have told your team that you will be about 10 minutes late.")).to_be_visible()
    with hall.house.database() as db:
        late = db.get_one(GroupSession, hall.group.group_session.id).state["late"]
    assert {person: said["minutes"] for person, said in late.items()} == {linda_is.id: 10}


def test_what_was_filled_in_to_get_ready_outlives_a_sign_in_that_ended_meanwhile(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    linda = hall.page(linda_is, small=True)
    linda.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    linda.locator("input[name=camera][value=off]").check(force=True)
    linda.get_by_label("Anything else that is new?").fill("I fell on Monday.")
    linda.context.clear_cookies()
    linda.get_by_text("At home", exact=True).click()
    linda.get_by_role("button", name="Join the group").click()
    expect(linda.locator("#join-note")).to_contain_text("What you filled in is still here.")
    look(linda)
    linda.context.add_cookies(hall.house.browser_cookies(linda_is))  # type: ignore[arg-type]
    linda.get_by_text("At home", exact=True).click()
    linda.get_by_role("button", name="Join the group").click()
    expect(linda.get_by_text("You are in the waiting room")).to_be_visible()
    with hall.house.database() as db:
        assert db.get_one(Seat, hall.seat(linda_is)).news == "I fell on Monday."
