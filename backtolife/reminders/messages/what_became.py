"""What a message is and what became of it, in words for staff."""

from dataclasses import dataclass
from datetime import datetime

from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.programme.companions.letters import BOOKED
from backtolife.programme.plan.titles import template_of, titled
from backtolife.sessions.guests.letters import KEY as GUEST
from backtolife.text.dates_in_words import near_day

NEW_LINK = "Make them a new link on the page of their session’s guests, and check the address."
NEW_COURSE_LINK = "Change where we reach them on the page of who is booked beside their patient: a new link goes out."
COULD_NOT = "It could not be sent."
HOLD = "Others may read this person’s messages. Somebody looks at it first."
CALL = "Nothing is sent. Somebody rings."


@dataclass(frozen=True)
class Became:
    """A word for the tag, how it looks, and what there is to say."""

    tag: str
    look: str
    words: str


def title_of(message: OutgoingMessage) -> str:
    """What it is about: the title of its template, or its subject."""
    return titled(message.key, message.subject)


def may_be_read(message: OutgoingMessage) -> bool:
    """Whether its words may be shown to staff: none that carry a key to somebody's record."""
    return bool(template_of(message.key)) and not message.urgent


def what_became(message: OutgoingMessage, *, zone: str, now: datetime) -> Became:
    if message.state is MessageState.WAITING:
        return on_its_way(message, zone, now)
    if message.state is MessageState.SENT:
        return out(message)
    return {
        MessageState.HELD: Became("Held", "wait", HOLD),
        MessageState.FAILED: Became("Did not arrive", "alert", why_not(message)),
        MessageState.DROPPED: Became("Not needed", "", "Somebody decided that it is not sent, or it was too late."),
    }[message.state]


def why_not(message: OutgoingMessage) -> str:
    """Why it failed, and of an invitation what to do: it holds a key, so that its words are gone."""
    kind = message.key.partition(":")[0]
    then = {GUEST: NEW_LINK, BOOKED: NEW_COURSE_LINK}.get(kind, "")
    return f"{message.trouble or COULD_NOT} {then}".strip()


def out(message: OutgoingMessage) -> Became:
    if message.channel is Channel.TELEPHONE:
        return Became("Told", "ok", "Told in a call.")
    if message.channel is Channel.SMS and message.delivered_at is None:
        return Became("Sent", "ok", "No receipt yet.")
    return Became("Arrived" if message.delivered_at else "Sent", "ok", "")


def on_its_way(message: OutgoingMessage, zone: str, now: datetime) -> Became:
    if message.channel is Channel.TELEPHONE:
        return Became("To ring", "wait", CALL)
    if message.not_before is not None and message.not_before > now:
        return Became("Waits", "", f"It goes {near_day(message.not_before, zone, now)}, after their quiet hours.")
    if message.tries > 1:
        return Became("Waits", "wait", f"Tried {message.tries} times. It is tried again, for a day in all.")
    return Became("Waits", "", "It goes in a moment.")
