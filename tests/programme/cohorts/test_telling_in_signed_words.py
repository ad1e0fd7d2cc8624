"""Messages in a patient's language: from the signature of their service's lead on, and in English until then."""

import pytest
from sqlmodel import Session, select

from backtolife.mail.channels import Channel
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.message_text import GAP
from backtolife.programme.signed.models import GuideSignature
from backtolife.text.catalogues import reading
from backtolife.text.gsm import OTHER_ALPHABETS
from tests.support.factories import Factory

VALUES = {"date": "Tue 14 Apr", "time": "6:30pm", "link": "https://go.example.org/j/a1b2c3"}


@pytest.fixture
def sam(make: Factory) -> Person:
    service = make.service()
    make.cohort(service)
    person = make.person(service, name="Sam")
    person.phone, person.message_language = "07700 900123", "ur"
    return person


def signed(db: Session, make: Factory, person: Person) -> None:
    row = GuideSignature(
        service_id=person.service_id,
        guide="words-on-pages",
        language="ur",
        digest=reading.digest("ur"),
        signed_by=person.id,
        signed_at=make.now,
    )
    db.add(row)
    db.flush()


def told(db: Session, make: Factory, person: Person) -> OutgoingMessage:
    cohort = db.exec(select(Cohort).where(Cohort.service_id == person.service_id)).one()
    tell(db, person=person, cohort=cohort, template="reminder-24h", key="one", values=VALUES, now=make.now)
    return db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == person.id)).one()


def test_a_mail_is_in_urdu_once_its_words_are_signed(db: Session, make: Factory, sam: Person) -> None:
    signed(db, make, sam)
    message = told(db, make, sam)
    assert message.subject == "ملاقات Tue 14 Apr کو 6:30pm پر"
    assert message.body.startswith("السلام علیکم")
    assert "https://go.example.org/j/a1b2c3" in message.body


def test_words_that_nobody_has_signed_are_sent_to_nobody(db: Session, make: Factory, sam: Person) -> None:
    assert told(db, make, sam).subject == "See you on Tue 14 Apr at 6:30pm"


def test_a_text_is_in_urdu_and_fits_two_parts(db: Session, make: Factory, sam: Person) -> None:
    signed(db, make, sam)
    sam.channel = Channel.SMS
    message = told(db, make, sam)
    assert message.channel is Channel.SMS
    assert "آن لائن Tue 14 Apr، 6:30pm۔" in message.text
    assert len(message.text) <= OTHER_ALPHABETS


@pytest.mark.parametrize("tag", reading.tags())
def test_each_text_fits_with_the_longest_that_fills_it(tag: str) -> None:
    plan, said = shipped(), reading.translations(tag).gettext
    texts = [each.bodies["sms"] for each in plan.messages.values() if "sms" in each.bodies]
    translated = [said(words) for words in texts if said(words) != words]
    assert translated
    for words in translated:
        filled = GAP.sub(lambda gap: "x" * plan.placeholders[gap[1]].max_length, words)
        assert len(filled) <= OTHER_ALPHABETS, filled
