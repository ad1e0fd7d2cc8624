"""Somebody called Olga is booked beside the first patient of the hall, from the pages of staff."""

from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from tests.support.factories import Factory
from tests.support.sessions.hall import Hall

LEAVING = {"decided_by": "patient", "reason": "work", "words": "New shifts", "later": "no"}


def maker(hall: Hall, db: Session) -> Factory:
    """What makes the hall's people, with this handle."""
    hall.group.make.db = db
    return hall.group.make


def place_in(hall: Hall, db: Session) -> Enrolment:
    wanted = select(Enrolment).where(Enrolment.person_id == hall.group.patients[0].id)
    return db.exec(wanted.where(Enrolment.cohort_id == hall.group.cohort.id)).one()


def book(lead: FlaskClient, place: Enrolment, **more: str) -> str:
    """The secret of the link that the page shows."""
    page = lead.post(f"/patients/{place.id}/companions", data={"name": "Olga", "email": "olga@example.org", **more})
    return page.text.split("/guest/")[1][:43]


def sent(hall: Hall, *, out: bool = True) -> list[tuple[str, str]]:
    """What was queued to Olga, as kind and address, in order; all of it goes `out` now."""
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        theirs = select(OutgoingMessage).join(Person, col(Person.id) == col(OutgoingMessage.person_id))
        rows = db.exec(theirs.where(Person.full_name == "Olga").order_by(col(OutgoingMessage.queued_at))).all()
        for each in rows if out else ():
            if each.state is MessageState.WAITING:
                each.state, each.sent_at = MessageState.SENT, clock.now()
        return [(each.key.split(":")[0], each.address) for each in rows]


def kinds(hall: Hall) -> list[str]:
    return [kind for kind, _ in sent(hall)]


def olga(hall: Hall) -> Person:
    with hall.database() as db:
        return db.exec(select(Person).where(Person.full_name == "Olga")).one()
