"""How a patient's number stands on the pages of staff: to ring, or as a wrong one with the way to put it right."""

from dataclasses import dataclass

from flask import g, url_for
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.access import Actor, may
from backtolife.people.contact.own_number import own_number
from backtolife.people.contact.telling import way_in_words
from backtolife.people.models import Person
from backtolife.people.request import actor, db
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.patients.calling.calls import STANDS
from backtolife.programme.patients.models import CallOutcome, PhoneCall
from backtolife.programme.patients.whose.finding import Unplaced, address_of
from backtolife.text.languages import is_other, name_of

WrongNumbers = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class PhoneShown:
    """A number as it is shown. `correct_at`: where it is put right; empty for who may not."""

    number: str
    is_wrong: bool
    correct_at: str

    @property
    def href(self) -> str:
        return f"tel:{bare(self.number)}"


def bare(number: str) -> str:
    return "".join(number.split())


def wrong_numbers(db: Db, service_id: str) -> WrongNumbers:
    """Which numbers calls found to be wrong, and whose they were taken for. One statement."""
    wanted = select(PhoneCall.person_id, PhoneCall.number).where(
        PhoneCall.service_id == service_id, PhoneCall.outcome == CallOutcome.WRONG_NUMBER, STANDS
    )
    return frozenset((str(person_id), bare(number)) for person_id, number in db.exec(wanted))


def phone_shown(person: Person, number: str = "") -> PhoneShown:
    """The number that we have of this person, or this `number` that was given as theirs. Asks once a page."""
    told = number or own_number(db(), person)
    if not told:
        return PhoneShown("", is_wrong=False, correct_at="")
    if "wrong_numbers" not in g:
        g.wrong_numbers = wrong_numbers(db(), actor().service_id)
    is_wrong = (person.id, bare(told)) in g.wrong_numbers
    return PhoneShown(told, is_wrong, correct_at(person) if is_wrong else "")


def speaks(person: Person) -> str:
    """What whoever rings must know of their language; empty for English, and where nobody said."""
    if not is_other(person.needs_language):
        return ""
    through = ", through an interpreter" if "interpreter" in (person.needs or ()) else ""
    return f"Speaks {name_of(person.needs_language)}{through}"


def language_words(person: Person) -> str:
    """In which language they would like to be written to and which they speak; empty where both are English."""
    written = f"Would like messages in {name_of(person.message_language)}." if is_other(person.message_language) else ""
    return " ".join(filter(None, (written, f"{speaks(person)}." if speaks(person) else "")))


def reached(person: Person) -> str:
    """How they want to be reached, for whoever is about to ring or write, with the languages they write and speak."""
    return " ".join(filter(None, (way_in_words(person), language_words(person))))


def correct_at(person: Person) -> str:
    if person.beside_place_id:
        beside = db().get_one(Enrolment, person.beside_place_id)
        at = url_for("companions.show_reach", enrolment_id=beside.id, guest_id=person.id)
        return at if may(actor(), "companion.book", beside) else ""
    place = nearest_place(db(), person.id, actor())
    whose = place or Unplaced(person.id, person.service_id)
    return url_for("patient_details.show", **address_of(whose)) if may(actor(), "patient.correct", whose) else ""


def nearest_place(db: Db, person_id: str | None, actor: Actor) -> Enrolment | None:
    """The place of the person that lies nearest to the actor: in one of their groups, else the newest."""
    theirs = select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.service_id == actor.service_id)
    places = db.exec(theirs.order_by(col(Enrolment.enrolled_at).desc())).all()
    return next((each for each in places if each.cohort_id in actor.cohort_ids), places[0] if places else None)
