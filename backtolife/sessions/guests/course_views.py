"""The page on which staff book somebody beside a patient for the whole course."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.needs.telling import needs_in_words
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.sessions.guests import courses
from backtolife.sessions.guests import letters as guest_letters
from backtolife.sessions.guests import services as guests
from backtolife.sessions.guests.forms import BookForm
from backtolife.sessions.guests.fresh_links import send_fresh_link

pages = Blueprint("companions", __name__, url_prefix="/patients")
Page = str | Response | tuple[str, int]


def find(enrolment_id: str) -> Enrolment:
    return find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="companion.book")


@pages.get("/<enrolment_id>/companions")
@permission("companion.book")
def show(enrolment_id: str) -> Page:
    return page(find(enrolment_id), BookForm(formdata=None))


def page(place: Enrolment, form: BookForm, link: str = "", whose: str = "", to: str = "") -> str:
    patient = db().get_one(Person, place.person_id)
    return render_template(
        "sessions/managing/companions.jinja",
        form=form,
        enrolment=place,
        patient=patient,
        needs=needs_in_words(patient),
        cohort=db().get_one(Cohort, place.cohort_id),
        companions=courses.companions_of(db(), place.id),
        link=link,
        whose=whose,
        to=to,
    )


@pages.post("/<enrolment_id>/companions")
@permission("companion.book")
def book(enrolment_id: str) -> Page:
    place, form = find(enrolment_id), BookForm()
    if not form.validate_on_submit():
        return page(place, form), 400
    try:
        invited = courses.book(db(), enrolment=place, name=form.name.data, actor=actor(), now=now())
    except (Invalid, Conflict) as error:
        form.name.errors = [error.message]
        return page(place, form), 400
    return link_page(place, invited.person, invited.token, (form.email.data or "").strip())


def link_page(place: Enrolment, person: Person, token: str, to: str) -> str:
    """The page that shows a fresh link once; it is sent as well where there is an address `to`."""
    address, to = send_fresh_link(person, token, to=to, opens=lambda: courses.session_of(db(), person, now()))
    return page(place, BookForm(formdata=None), address, person.shown_name, to)


@pages.post("/<enrolment_id>/companions/<guest_id>/link")
@permission("companion.book")
def again(enrolment_id: str, guest_id: str) -> Page:
    """A new link for somebody who lost theirs; it goes where the first went."""
    place = find(enrolment_id)
    person = courses.find_companion(db(), enrolment=place, guest_id=guest_id)
    to = guest_letters.address_of(db(), person)
    return link_page(place, person, courses.course_link(db(), person=person, actor=actor(), now=now()), to)


@pages.post("/<enrolment_id>/companions/<guest_id>/take-back")
@permission("companion.book")
def take_back(enrolment_id: str, guest_id: str) -> Page:
    place = find(enrolment_id)
    person = courses.find_companion(db(), enrolment=place, guest_id=guest_id)
    guests.take_back(db(), person=person, actor=actor(), now=now())
    flash(f"{isolated(person.shown_name)} cannot come in any more.")
    return redirect(url_for("companions.show", enrolment_id=place.id))
