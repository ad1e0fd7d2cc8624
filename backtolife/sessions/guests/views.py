"""Guests' pages: staff invite them to one session; a guest comes in with their own link."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid, NotPermitted
from backtolife.people.access import permission
from backtolife.people.models import Kind, Person, Role
from backtolife.people.names import isolated, told_apart
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.acting import actor_for
from backtolife.programme.cohorts.enrolment import enrolled_in
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.services import to_come
from backtolife.programme.companions.booked import place_of
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.guests import courses
from backtolife.sessions.guests import letters as guest_letters
from backtolife.sessions.guests import services as guests
from backtolife.sessions.guests.forms import GuestReadyForm, InviteForm
from backtolife.sessions.guests.fresh_links import cancel_booking, send_course_link, send_fresh_link
from backtolife.sessions.joining.link_views import closed_page
from backtolife.sessions.room import seats, services
from backtolife.sessions.room import store as room
from backtolife.sessions.room.belonging import refuse_shut
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.state.rules import REMOVED_WORDS, Camera

pages = Blueprint("guests", __name__)
Page = str | Response | tuple[str, int]


def find(group_session_id: str) -> GroupSession:
    return services.find(db(), actor=actor(), group_session_id=group_session_id, action="session.lead")


@pages.get("/sessions/<group_session_id>/guests")
@permission("session.lead")
def overview(group_session_id: str) -> Page:
    return guests_page(find(group_session_id), InviteForm(formdata=None))


def guests_page(group_session: GroupSession, form: InviteForm, link: str = "", whose: str = "", to: str = "") -> str:
    patients = sorted(
        (person for _, person in enrolled_in(db(), group_session.cohort_id)), key=lambda one: one.full_name
    )
    form.beside.choices = [("", "Choose a patient"), *told_apart(patients).items()]
    return render_template(
        "sessions/managing/guests.jinja",
        form=form,
        group_session=group_session,
        cohort=db().get_one(Cohort, group_session.cohort_id),
        date=room.date_of(db(), group_session),
        now=now(),
        guests=guests.guests_of(db(), group_session),
        names={one.id: one.shown_name for one in patients},
        link=link,
        whose=whose,
        to=to,
    )


@pages.post("/sessions/<group_session_id>/guests")
@permission("session.lead")
def invite(group_session_id: str) -> Page:
    group_session, form = find(group_session_id), InviteForm()
    if not form.validate_on_submit():
        return guests_page(group_session, form), 400
    try:
        invited = guests.invite(
            db(),
            group_session=group_session,
            role=Role(form.role.data),
            name=form.name.data,
            beside=form.beside.data or "",
            actor=actor(),
            now=now(),
        )
    except Invalid as error:
        form[error.field or "name"].errors = [error.message]
        return guests_page(group_session, form), 400
    return link_page(group_session, invited.person, invited.token, (form.email.data or "").strip())


def link_page(group_session: GroupSession, person: Person, token: str, to: str) -> str:
    """The page that shows a fresh link once; it is sent as well where there is an address `to`."""
    page, to = send_fresh_link(person, token, to=to, group_session=group_session)
    return guests_page(group_session, InviteForm(formdata=None), page, person.shown_name, to)


@pages.post("/sessions/<group_session_id>/guests/<guest_id>/link")
@permission("session.lead")
def again(group_session_id: str, guest_id: str) -> Page:
    """A new link for somebody who lost theirs; it goes where the first went."""
    group_session = find(group_session_id)
    person = guests.find_guest(db(), group_session=group_session, guest_id=guest_id)
    place = place_of(db(), person)
    if place is not None:
        token = courses.course_link(db(), person=person, actor=actor(), now=now())
        page, to = send_course_link(person, token, place=place)
        return guests_page(group_session, InviteForm(formdata=None), page, person.shown_name, to)
    to = guest_letters.address_of(db(), person)
    token = guests.new_link(db(), person=person, group_session=group_session, actor=actor(), now=now())
    return link_page(group_session, person, token, to)


@pages.post("/sessions/<group_session_id>/guests/<guest_id>/take-back")
@permission("session.lead")
def take_back(group_session_id: str, guest_id: str) -> Page:
    group_session = find(group_session_id)
    person = guests.find_guest(db(), group_session=group_session, guest_id=guest_id)
    place = place_of(db(), person)
    if place is None:
        guests.take_back(db(), person=person, actor=actor(), now=now())
        flash(f"{isolated(person.shown_name)} cannot come in any more.")
    else:
        cancel_booking(place, person)
    return redirect(url_for("guests.overview", group_session_id=group_session.id))


@pages.get("/guest/<token>")
@permission(PUBLIC)
def open_link(token: str) -> Page:
    person, group_session = behind(token)
    closed = closed_page(group_session, for_guest=True, course=course_dates(person, group_session))
    return closed or ready_page(token, person, group_session, GuestReadyForm(formdata=None))


@pages.post("/guest/<token>")
@permission(PUBLIC)
def enter(token: str) -> Page:
    """The press that signs this browser in to this one session and sits the guest down in the waiting room."""
    person, group_session = behind(token)
    closed = closed_page(group_session, for_guest=True, course=course_dates(person, group_session))
    if closed:
        return closed
    form = GuestReadyForm()
    if not form.validate_on_submit():
        return ready_page(token, person, group_session, form), 400
    camera = Camera(form.camera.data or "off") if person.kind is Kind.COMPANION else Camera.OFF
    held = room.load(db(), group_session.id)
    person.invited_to = group_session.id
    who = actor_for(db(), person=person, joins_only=True)
    try:
        change = seats.take_seat(
            db(), group_session=held, person=person, ready=seats.Ready(camera), actor=who, now=now()
        )
    except NotPermitted:
        raise NotPermitted(REMOVED_WORDS) from None
    session.clear()
    session["signed_in"] = guests.enter(db(), person=person, now=now())
    response = redirect(url_for("sessions.enter_room", group_session_id=group_session.id))
    live().tell_after(response, change, now())
    return response


def behind(token: str) -> tuple[Person, GroupSession]:
    person = guests.by_token(db(), token=token, now=now())
    if person.whole_course:
        found = courses.session_of(db(), person, now())
    else:
        found = db().get_one(GroupSession, person.invited_to or "")
    refuse_shut(db(), person=person, group_session=found)
    return person, found


def course_dates(person: Person, group_session: GroupSession) -> Sequence[SessionDate]:
    """The dates to come, for who is booked for all of them."""
    return to_come(db(), group_session.cohort_id, now()) if person.whole_course else ()


def ready_page(token: str, person: Person, group_session: GroupSession, form: GuestReadyForm) -> str:
    patient = db().get(Person, person.beside_id) if person.beside_id else None
    return render_template(
        "sessions/joining/guest.jinja",
        form=form,
        token=token,
        person=person,
        beside=patient.shown_name if patient else "",
        group_session=group_session,
        date=room.date_of(db(), group_session),
        cohort=db().get_one(Cohort, group_session.cohort_id),
        names=services.staff_names(db(), group_session),
        dates=course_dates(person, group_session),
        now=now(),
    )
