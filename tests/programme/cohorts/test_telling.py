"""The same words reach a person by the channel they chose, in a text that fits one."""

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts import telling
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.plan.loading import SHIPPED, load, shipped
from backtolife.programme.plan.message_text import sms_length
from tests.support.factories import Factory

VALUES = {"date": "Tue 14 Apr", "time": "6:30pm", "link": "https://go.example.org/j/a1b2c3"}


@pytest.fixture
def sam(make: Factory) -> Person:
    service = make.service()
    make.cohort(service)
    person = make.person(service, name="Zoë")
    person.phone = "07700 900123"
    return person


def queued(db: Session, person: Person, now: datetime, template: str, values: Mapping[str, str]) -> bool:
    cohort = db.exec(select(Cohort).where(Cohort.service_id == person.service_id)).one()
    return tell(db, person=person, cohort=cohort, template=template, key=f"{template}:1", values=values, now=now)


def told(db: Session, person: Person, now: datetime, template: str, values: Mapping[str, str]) -> OutgoingMessage:
    assert queued(db, person, now, template, values)
    return db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == person.id)).one()


def test_a_text_says_it_in_one_message_that_any_phone_shows(db: Session, sam: Person, now: datetime) -> None:
    sam.channel = Channel.SMS
    db.get_one(Service, sam.service_id).short_name = "Früh–Dienst ë"
    message = told(db, sam, now, "reminder-24h", VALUES)
    assert (message.channel, message.address) == (Channel.SMS, "+447700900123")
    assert message.text == (
        "Früh-Dienst e: see you online Tue 14 Apr, 6:30pm. Your link and video: https://go.example.org/j/a1b2c3 "
        "Can't come? Call 01632 960000"
    )
    assert sms_length(message.text) <= 160
    assert "Zoë" in message.body


def test_a_long_address_becomes_the_front_of_the_site(db: Session, sam: Person, now: datetime) -> None:
    sam.channel = Channel.SMS
    long = {**VALUES, "link": "https://go.example.org/j/" + "a" * 60}
    assert "https://go.example.org Can't come?" in told(db, sam, now, "reminder-24h", long).text


def test_what_does_not_fit_a_text_goes_by_mail(db: Session, sam: Person, now: datetime) -> None:
    sam.channel = Channel.SMS
    message = told(db, sam, now, "reminder-24h", {**VALUES, "date": "a very long day " * 10})
    assert (message.channel, message.address, message.text) == (Channel.EMAIL, sam.email, "")


def test_by_telephone_only_somebody_is_asked_to_ring_once_and_not_an_hour_before(
    db: Session, sam: Person, now: datetime
) -> None:
    sam.channel = Channel.TELEPHONE
    assert not queued(db, sam, now, "reminder-1h", VALUES)
    message = told(db, sam, now, "reminder-24h", VALUES)
    assert (message.channel, message.state, message.address) == (
        Channel.TELEPHONE,
        MessageState.WAITING,
        "07700 900123",
    )
    assert "We look forward to seeing you" in message.body
    assert not queued(db, sam, now, "reminder-24h", VALUES)


def test_where_others_may_read_it_nothing_goes_out_by_itself(db: Session, sam: Person, now: datetime) -> None:
    sam.others_read = True
    assert told(db, sam, now, "reminder-24h", VALUES).state is MessageState.HELD


def test_every_template_can_go_as_a_text() -> None:
    assert [each.id for each in shipped().messages.values() if "sms" not in each.bodies] == []


WELSH = """
id: backtolife-messages-cy
version: 1.0.0
language: cy
licence: CC BY 4.0
status: published
templates:
  - id: reminder-24h
    title: Nodyn atgoffa
    trigger: session_in_24_hours
    email:
      subject: "Eich sesiwn ar {date}"
      body: |
        Helo {first_name}, {date}, {time}: {link} {service_phone}
    sms: "{service_short_name}: {date}, {time}. {link} {service_phone}"
"""


@pytest.fixture
def in_welsh_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A programme whose reminder is published in Welsh too."""
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "programme"))
    (folder / "messages.cy.yaml").write_text(WELSH, encoding="utf-8")
    programme = load(folder)
    monkeypatch.setattr(telling, "programme_of", lambda db, cohort: programme)


@pytest.mark.usefixtures("in_welsh_too")
@pytest.mark.parametrize(
    ("language", "subject"), [("cy", "Eich sesiwn ar Tue 14 Apr"), ("pl", "See you on Tue 14 Apr at 6:30pm")]
)
def test_it_is_written_in_their_language_where_there_are_words_and_in_english_where_there_are_none(
    db: Session, sam: Person, now: datetime, language: str, subject: str
) -> None:
    sam.message_language = language
    assert told(db, sam, now, "reminder-24h", VALUES).subject == subject


@pytest.mark.usefixtures("in_welsh_too")
def test_a_text_is_in_their_language_too(db: Session, sam: Person, now: datetime) -> None:
    sam.channel, sam.message_language = Channel.SMS, "cy"
    message = told(db, sam, now, "reminder-24h", VALUES)
    assert message.text.endswith(": Tue 14 Apr, 6:30pm. https://go.example.org/j/a1b2c3 01632 960000")


@pytest.mark.usefixtures("in_welsh_too")
def test_who_rings_reads_it_in_english(db: Session, sam: Person, now: datetime) -> None:
    sam.channel, sam.message_language = Channel.TELEPHONE, "cy"
    assert "We look forward to seeing you" in told(db, sam, now, "reminder-24h", VALUES).body
