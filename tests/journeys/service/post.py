"""What really arrived: mail through a server of its own, texts through a made-up Notify, each set beside its row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from functools import partial

from flask import Flask
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.sending import ORDINARY, URGENT, Sender
from backtolife.mail.text_sending import TextSender
from backtolife.mail.texts import message_of
from backtolife.people.models import Person
from backtolife.people.numbers import text_number
from backtolife.programme.plan.message_text import HEALTH_WORDS
from backtolife.reminders.wanted import unwanted
from backtolife.text.gsm import TWO_PARTS
from tests.support.mail import Inbox
from tests.support.network.notify import MadeUpNotify

ONE_TEXT = 160
WITH_A_CALENDAR = "/calendar/"
"""A text about dates ends with the address of the person's own calendar, and may go in two parts."""
ISOLATES = "\u2068\u2069"
"""Around names and the like; nobody sees them."""


@dataclass(frozen=True)
class Letter:
    """One that arrived: to whom, about what, and every word of it."""

    name: str
    template: str
    by: Channel
    subject: str
    words: str
    calendar: str = ""


@dataclass
class Told:
    """All that arrived between two looks."""

    letters: Sequence[Letter]

    @property
    def names(self) -> dict[str, list[str]]:
        """Who was told what."""
        found: dict[str, list[str]] = {}
        for each in self.letters:
            found.setdefault(each.template, []).append(each.name)
        return {template: sorted(names) for template, names in found.items()}

    def says(self, template: str, *words: str, to: str = "") -> None:
        """Every letter and text of this kind (`to` one person) holds these words."""
        found = [each for each in self.letters if each.template == template and to in ("", each.name)]
        assert found, f"no {template} arrived"
        for each in found:
            for word in words:
                assert word in each.words, f"{each.name}'s {template} by {each.by}: {each.words}"

    def letter(self, name: str, template: str) -> Letter:
        [found] = [each for each in self.letters if (each.name, each.template) == (name, template)]
        return found


@dataclass
class Post:
    """The way out of one service, as its scheduler has it."""

    app: Flask
    settings: Settings
    inbox: Inbox
    notify: MadeUpNotify
    told: set[str] = field(default_factory=set)
    mails_read: int = 0
    texts_read: int = 0

    def deliver(self, now: datetime) -> None:
        """Send all that is due, with both lanes of both ways."""
        engine, gone = self.app.extensions["backtolife.engine"], partial(unwanted, production=False)
        for lane in (URGENT, ORDINARY):
            for sender in (Sender(engine, self.settings, lane, gone), TextSender(engine, self.settings, lane, gone)):
                while sender.turn(now):
                    pass

    def arrived(self, db: Session, service_id: str) -> Told:
        """What arrived since the last look. Each row that says it went did so once, and nothing else arrived."""
        mails, texts = self.inbox.mails[self.mails_read :], self.notify.texts[self.texts_read :]
        self.mails_read, self.texts_read = len(self.inbox.mails), len(self.notify.texts)
        people = {each.id: each for each in db.exec(select(Person))}
        rows = db.exec(select(OutgoingMessage).where(OutgoingMessage.state == MessageState.SENT)).all()
        letters = []
        for row in [each for each in rows if each.id not in self.told]:
            self.told.add(row.id)
            person = people[row.person_id or ""]
            read = letter_of_text if row.channel is Channel.SMS else letter_of_mail
            letter = read(row, person, mails if row.channel is Channel.EMAIL else texts)  # type: ignore[arg-type]
            if row.service_id == service_id:
                letters.append(letter)
        assert not mails, [each["To"] for each in mails]
        assert not texts, texts
        assert self.notify.refused_calls == []
        return Told(letters)


def kind_of(row: OutgoingMessage) -> str:
    return row.key.split(":")[0]


def letter_of_mail(row: OutgoingMessage, person: Person, mails: list[EmailMessage]) -> Letter:
    mail = next(each for each in mails if row.id in each["Message-ID"])
    mails.remove(mail)
    assert mail["To"] == person.mail_to
    assert not HEALTH_WORDS.search(mail["Subject"]), mail["Subject"]
    files = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/calendar"]
    file = files[0] if files else ""
    return Letter(person.shown_name, kind_of(row), Channel.EMAIL, mail["Subject"], words_of(mail), file)


def words_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return "".join(each for each in " ".join(str(body.get_content()).split()) if each not in ISOLATES)


def letter_of_text(row: OutgoingMessage, person: Person, texts: list[dict[str, str]]) -> Letter:
    text = next(each for each in texts if message_of(each["reference"]) == row.id)
    texts.remove(text)
    assert text["phone_number"] == text_number(person.phone)
    most = TWO_PARTS if WITH_A_CALENDAR in text["body"] else ONE_TEXT
    assert len(text["body"]) <= most, text["body"]
    assert not HEALTH_WORDS.search(text["body"]), text["body"]
    return Letter(person.shown_name, kind_of(row), Channel.SMS, "", text["body"])
