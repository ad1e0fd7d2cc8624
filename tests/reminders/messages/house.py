"""A service with messages to its patients, and the browsers of those who see to them."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from tests.support.factories import Factory

WHY = "The mail server does not take mail for this address (code 550). Ask for another address."


class House:
    """A group with Linda in it, her facilitator and a clinical lead; Joseph is in another group of the service."""

    def __init__(self, app: Flask) -> None:
        self.app, self.engine, now = app, app.extensions["backtolife.engine"], clock.now()
        with session_scope(self.engine) as db:
            make = Factory(db, now)
            service = make.service()
            cohort, other = make.cohort(service), make.cohort(service)
            place = make.enrolment(cohort, "Linda")
            self.place, self.linda = place.id, place.person_id
            self.joseph = make.enrolment(other, "Joseph").person_id
            self.stranger = make.enrolment(make.noise(), "Stranger").person_id
            db.get_one(Person, self.linda).phone = "07700 900123"
            self.service = service.id
            self.tokens = {
                "facilitator": signin.begin(db, person=make.facilitator(cohort), now=now),
                "lead": signin.begin(db, person=make.person(service, Role.CLINICAL_LEAD), now=now),
                "duty": signin.begin(db, person=make.person(service, Role.DUTY_CLINICIAN), now=now),
            }

    def queue(
        self,
        person_id: str,
        *,
        state: MessageState = MessageState.FAILED,
        channel: Channel = Channel.EMAIL,
        key: str = "reminder-24h:1:2:3",
        ago: timedelta = timedelta(0),
        trouble: str = WHY,
        urgent: bool = False,
    ) -> str:
        with session_scope(self.engine) as db:
            person = db.get_one(Person, person_id)
            message = delivery.queue(
                db,
                service_id=person.service_id,
                key=key,
                address=person.email,
                subject="See you on Tuesday",
                body="Hello, we look forward to seeing you.",
                text="See you on Tuesday",
                now=clock.now() - ago,
                person_id=person.id,
                urgent=urgent,
                channel=channel,
                state=state,
            )
            assert message is not None
            message.trouble = trouble if state is MessageState.FAILED else ""
            return message.id

    def browser(self, who: str = "facilitator") -> FlaskClient:
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["signed_in"] = self.tokens[who]
        return client

    def row(self, message_id: str) -> OutgoingMessage:
        with session_scope(self.engine) as db:
            return db.get_one(OutgoingMessage, message_id)

    def traces(self) -> list[str]:
        with session_scope(self.engine) as db:
            return list(db.exec(select(AuditEntry.action).where(AuditEntry.subject_type == "message")))
