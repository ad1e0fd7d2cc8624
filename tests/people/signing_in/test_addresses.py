"""An address is reached, or refused in words when it is typed; what is not reached is seen by staff."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Invalid
from backtolife.home.cohort import cohort_page
from backtolife.mail import delivery
from backtolife.mail.delivery import MessageState
from backtolife.mail.mail_address import address_kept
from backtolife.people.models import Person
from backtolife.people.signing_in import signin
from tests.support.factories import Factory

MAILS = json.loads((Path(__file__).parents[1] / "cases" / "mails.json").read_text())["accepted_at_enrolment_never_sent"]


def test_every_address_is_one_that_plain_mail_reaches_or_is_refused() -> None:
    for typed in MAILS:
        try:
            kept = address_kept(typed)
        except Invalid as error:
            assert "before the @" in error.message
            assert not typed.partition("@")[0].isascii()
        else:
            assert kept.isascii()
    assert address_kept("Ann@Bücher.example") == "ann@xn--bcher-kva.example"
    assert address_kept(" ann@example.org\u200b") == "ann@example.org"
    assert address_kept("") == ""


def test_a_patient_with_an_address_of_any_domain_is_added_and_found_again(app: Flask) -> None:
    engine = app.extensions["backtolife.engine"]
    with session_scope(engine) as db:
        make = Factory(db, clock.now())
        cohort = make.cohort(make.service())
        token = signin.begin(db, person=make.facilitator(cohort), now=clock.now())
        path = f"/groups/{cohort.id}/add"
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    new = {"full_name": "Ann B", "shown_name": "Ann"}
    assert client.post(path, data={**new, "email": MAILS[0]}).status_code == 302
    refused = client.post(path, data={**new, "email": MAILS[1]})
    assert (refused.status_code, "We cannot send e-mail to an address" in refused.text) == (400, True)
    with session_scope(engine) as db:
        assert [each.full_name for each in signin.find_by_email(db, address_kept(MAILS[0]))] == ["Ann B"]


@pytest.mark.parametrize(
    ("state", "tries", "seen"),
    [
        (MessageState.FAILED, 1, True),
        (MessageState.WAITING, 4, True),
        (MessageState.WAITING, 1, False),
        (MessageState.SENT, 1, False),
    ],
)
def test_staff_see_whom_our_mail_does_not_reach(  # noqa: PLR0917
    db: Session, make: Factory, now: datetime, state: MessageState, tries: int, seen: bool
) -> None:
    make.noise()
    cohort = make.cohort(make.service())
    place, fine = make.enrolment(cohort), make.enrolment(cohort)
    facilitator = make.facilitator(cohort)
    for number, enrolment in enumerate((place, fine)):
        person = db.get_one(Person, enrolment.person_id)
        for at, (was, tried) in enumerate([(MessageState.SENT, 1), (state, tries) if not number else (state.SENT, 1)]):
            message = delivery.queue(
                db, service_id=cohort.service_id, key=f"{number}:{at}", address=person.email, subject="s", body="b",
                now=now + timedelta(minutes=at), person_id=person.id,
            )  # fmt: skip
            assert message
            message.state, message.tries = was, tried
    db.flush()
    page = cohort_page(db, actor=make.actor(facilitator), cohort_id=cohort.id, now=now)
    assert {row.enrolment.id for row in page.rows if row.unreached} == ({place.id} if seen else set())
