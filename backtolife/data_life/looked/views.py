"""Who looked at whom: for the clinical lead, about one patient and about one colleague."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for

from backtolife import audit
from backtolife.data_life.looked import listing
from backtolife.data_life.looked.file import FLAG_WORDS, looks_file
from backtolife.data_life.looked.listing import Days, days_of
from backtolife.data_life.password import PasswordForm, confirmed
from backtolife.errors import Invalid, NotFound
from backtolife.people.access import authorise, permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, service
from backtolife.people.signing_in import password_request
from backtolife.people.traces import looks
from backtolife.programme.cohorts.enrolment import find_enrolment

pages = Blueprint("looks", __name__)
Page = str | tuple[str, int]


@dataclass(frozen=True)
class Asked:
    """Whose looks are wanted, on which days; `enrolment_id` is the patient's place by which they were found."""

    person: Person
    days: Days
    enrolment_id: str = ""

    @property
    def take_at(self) -> str:
        """Where the file is asked for."""
        if self.person.is_staff:
            return url_for(".take_of_colleague", colleague_id=self.person.id)
        return url_for(".take_of_patient", enrolment_id=self.enrolment_id)


@pages.get("/patients/<enrolment_id>/looks")
@permission("looks.read")
def of_patient(enrolment_id: str) -> Page:
    return show(patient(enrolment_id), enrolment_id)


@pages.post("/patients/<enrolment_id>/looks")
@permission("looks.read")
def take_of_patient(enrolment_id: str) -> Response | Page:
    return take(patient(enrolment_id), enrolment_id)


@pages.get("/staff/people/<colleague_id>/looks")
@permission("looks.read")
def of_colleague(colleague_id: str) -> Page:
    return show(colleague(colleague_id))


@pages.post("/staff/people/<colleague_id>/looks")
@permission("looks.read")
def take_of_colleague(colleague_id: str) -> Response | Page:
    return take(colleague(colleague_id))


def patient(enrolment_id: str) -> Person:
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="looks.read")
    return db().get_one(Person, place.person_id)


def colleague(colleague_id: str) -> Person:
    found = db().get(Person, colleague_id)
    if found is None or not found.is_staff:
        raise NotFound("We could not find that colleague.")
    authorise(actor(), "looks.read", found)
    return found


def show(person: Person, enrolment_id: str = "") -> Page:
    """Which days is in the address: it says nothing about anybody."""
    wrong = None
    try:
        days = days_of(request.args.get("first", ""), request.args.get("last", ""))
    except Invalid as error:
        days, wrong = Days(), error
    looks.shows_people()
    number = request.args.get("page", 1, type=int)
    shown = page(Asked(person, days, enrolment_id), PasswordForm(formdata=None), number=number, wrong=wrong)
    return (shown, 400) if wrong is not None else shown


def page(asked: Asked, form: PasswordForm, *, number: int = 1, wrong: Invalid | None = None) -> str:
    return render_template(
        "data_life/looks.jinja",
        about=asked.person,
        days=asked.days,
        take_at=asked.take_at,
        enrolment_id=asked.enrolment_id,
        found=listing.looks(db(), person=asked.person, days=asked.days, zone=service().zone, page=number),
        wrong=wrong,
        form=form,
        fresh=password_request.is_fresh(),
        flag_words=FLAG_WORDS,
        now=now(),
    )


def take(person: Person, enrolment_id: str = "") -> Response | Page:
    """What the page shows, as a file; the password is asked once more."""
    form = PasswordForm()
    asked = Asked(person, days_of(request.form.get("first", ""), request.form.get("last", "")), enrolment_id)
    try:
        confirmed(form)
    except Invalid as error:
        form.password.errors = [error.message]
        return page(asked, form), 400
    audit.record(db(), actor=actor(), action="looks_taken", subject_type="person", subject_id=person.id, now=now())
    content = looks_file(db(), person=person, days=asked.days, zone=service().zone, ask_about=True)
    named = {"Content-Disposition": f'attachment; filename="who-looked-{now():%Y-%m-%d}.csv"'}
    return Response(content, mimetype="text/csv", headers=named)
