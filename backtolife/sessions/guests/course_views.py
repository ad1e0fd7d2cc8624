"""The pages on which staff book somebody beside a patient for the whole course, and say where they are reached."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.needs.telling import needs_in_words
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.companions.booked import companions_of
from backtolife.programme.companions.told import told_of_each
from backtolife.sessions.guests import courses, reach
from backtolife.sessions.guests import services as guests
from backtolife.sessions.guests.forms import BookForm, ReachForm
from backtolife.sessions.guests.fresh_links import cancel_booking, send_course_link, sender

pages = Blueprint("companions", __name__, url_prefix="/patients")
Page = str | Response | tuple[str, int]


def find(enrolment_id: str) -> Enrolment:
    return find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="companion.book")


@pages.get("/<enrolment_id>/companions")
@permission("companion.book")
def show(enrolment_id: str) -> Page:
    return page(find(enrolment_id), BookForm(formdata=None))


def page(place: Enrolment, form: BookForm, link: str = "", whose: str = "", to: str = "") -> str:
    patient, cohort = db().get_one(Person, place.person_id), db().get_one(Cohort, place.cohort_id)
    form.prepare(texts=texts())
    companions = companions_of(db(), place.id)
    return render_template(
        "sessions/managing/companions.jinja",
        form=form,
        enrolment=place,
        patient=patient,
        needs=needs_in_words(patient),
        cohort=cohort,
        companions=companions,
        told=told_of_each(db(), companions, zone=cohort.zone, now=now()),
        link=link,
        whose=whose,
        to=to,
    )


def texts() -> bool:
    return bool(settings().texts_by)


@pages.post("/<enrolment_id>/companions")
@permission("companion.book")
def book(enrolment_id: str) -> Page:
    place, form = find(enrolment_id), BookForm()
    if not form.validate_on_submit():
        return page(place, form), 400
    wanted = form.reach(texts=texts())
    try:
        invited = courses.book(db(), enrolment=place, name=form.name.data, reach=wanted, actor=actor(), now=now())
    except (Invalid, Conflict) as error:
        form.name.errors = [error.message]
        return page(place, form), 400
    return link_page(place, invited.person, invited.token)


def link_page(place: Enrolment, person: Person, token: str) -> str:
    """The page that shows a fresh link once; it is sent as well where there is an address."""
    address, to = send_course_link(person, token, place=place)
    return page(place, BookForm(formdata=None), address, person.shown_name, to)


@pages.post("/<enrolment_id>/companions/<guest_id>/link")
@permission("companion.book")
def again(enrolment_id: str, guest_id: str) -> Page:
    """A new link for somebody who lost theirs."""
    place = find(enrolment_id)
    person = courses.find_companion(db(), enrolment=place, guest_id=guest_id)
    return link_page(place, person, courses.course_link(db(), person=person, actor=actor(), now=now()))


@pages.get("/<enrolment_id>/companions/<guest_id>/reach")
@permission("companion.book")
def show_reach(enrolment_id: str, guest_id: str) -> Page:
    place = find(enrolment_id)
    person = courses.find_companion(db(), enrolment=place, guest_id=guest_id)
    form = ReachForm(formdata=None, data={"email": person.guest_email, "phone": person.phone})
    return reach_page(place, person, form)


def reach_page(place: Enrolment, person: Person, form: ReachForm) -> str:
    form.prepare(texts=texts())
    return render_template("sessions/managing/reach.jinja", form=form, enrolment=place, person=person)


@pages.post("/<enrolment_id>/companions/<guest_id>/reach")
@permission("companion.book")
def keep_reach(enrolment_id: str, guest_id: str) -> Page:
    """Another address: the link that went to the old one ends, and a new one goes out with the dates as they are."""
    place = find(enrolment_id)
    person = courses.find_companion(db(), enrolment=place, guest_id=guest_id)
    form = ReachForm()
    if not form.validate_on_submit():
        return reach_page(place, person, form), 400
    old = reach.way_to(person)
    wanted = form.reach(texts=texts())
    if reach.correct(db(), place=place, person=person, reach=wanted, actor=actor(), now=now()):
        guests.end_all(db(), person, now())
        try:
            token = courses.course_link(db(), person=person, actor=actor(), now=now())
        except Conflict:  # it is over for them
            reach.send_end_again(db(), place=place, person=person, old=old, sender=sender(), now=now())
        else:
            flash("Saved. The link that they had does not work any more.")
            return link_page(place, person, token)
    flash("Saved.")
    return redirect(url_for("companions.show", enrolment_id=place.id))


@pages.post("/<enrolment_id>/companions/<guest_id>/take-back")
@permission("companion.book")
def take_back(enrolment_id: str, guest_id: str) -> Page:
    place = find(enrolment_id)
    cancel_booking(place, courses.find_companion(db(), enrolment=place, guest_id=guest_id))
    return redirect(url_for("companions.show", enrolment_id=place.id))
