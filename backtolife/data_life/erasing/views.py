"""The page on which somebody is erased, and the list of whom a second person has to confirm."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response

from backtolife.data_life.erasing import services
from backtolife.data_life.erasing.emptying import is_erased
from backtolife.data_life.erasing.forms import ReasonForm
from backtolife.data_life.erasing.models import Erasure
from backtolife.data_life.password import confirmed
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise, may, permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now
from backtolife.people.signing_in import password_request
from backtolife.people.traces import looks
from backtolife.programme.cohorts.enrolment import find_enrolment

pages = Blueprint("erasures", __name__)
Page = str | Response | tuple[str, int]
SAID = {
    "ask": "It is asked for. A second person can confirm it in a week.",
    "call_off": "It is called off. Nothing was erased.",
    "confirm": "They are erased.",
    "hold": "A legal hold stands. Nothing of them can be erased.",
    "lift": "The legal hold is lifted.",
}


@pages.get("/erasures")
@permission("erasure.read")
def overview() -> str:
    """What waits for a second person in the actor's service."""
    wanted = (
        select(Erasure, Person)
        .join(Person, col(Person.id) == col(Erasure.person_id))
        .where(
            Erasure.service_id == actor().service_id,
            col(Erasure.done_at).is_(None),
            col(Erasure.called_off_at).is_(None),
        )
    )
    rows = list(db().exec(wanted.order_by(col(Erasure.asked_at))))
    looks.shows_people()
    return render_template("data_life/erasures.jinja", rows=rows, wait=services.WAIT, now=now())


@pages.get("/erasures/<person_id>")
@permission("erasure.read")
def show(person_id: str) -> str:
    return page(found(person_id), ReasonForm(formdata=None))


@pages.get("/patients/<enrolment_id>/erasure")
@permission("erasure.read")
def of_place(enrolment_id: str) -> Response:
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="erasure.read")
    return redirect(url_for(".show", person_id=place.person_id))


def found(person_id: str) -> Person:
    person = db().get(Person, person_id)
    if person is None or not person.is_patient:
        raise NotFound("We could not find that person.")
    authorise(actor(), "erasure.read", person)
    looks.shows_people()
    return person


def page(person: Person, form: ReasonForm, refusal: str = "") -> str:
    asked, held = services.open_one(db(), person), services.hold_on(db(), person)
    return render_template(
        "data_life/erasure.jinja",
        about=person,
        form=form,
        refusal=refusal,
        asked=asked,
        asker=db().get(Person, asked.asked_by) if asked is not None else None,
        ready=asked is not None and now() >= asked.asked_at + services.WAIT,
        wait=services.WAIT,
        held=held,
        is_erased=is_erased(person),
        may_ask=may(actor(), "erasure.ask", person),
        fresh=password_request.is_fresh(),
    )


@pages.post("/erasures/<person_id>/ask")
@permission("erasure.ask")
def ask(person_id: str) -> Page:
    return after(
        "ask",
        person_id,
        lambda person, form, who: services.ask(
            db(), person=person, reason=form.reason.data or "", actor=who, now=now()
        ),
    )


@pages.post("/erasures/<person_id>/call-off")
@permission("erasure.read")
def call_off(person_id: str) -> Page:
    return after(
        "call_off",
        person_id,
        lambda person, _, who: services.call_off(db(), person=person, actor=who, now=now()),
        password=False,
    )


@pages.post("/erasures/<person_id>/confirm")
@permission("erasure.read")
def confirm(person_id: str) -> Page:
    return after(
        "confirm", person_id, lambda person, _, who: services.confirm(db(), person=person, actor=who, now=now())
    )


@pages.post("/erasures/<person_id>/hold")
@permission("erasure.ask")
def hold(person_id: str) -> Page:
    return after(
        "hold",
        person_id,
        lambda person, form, who: services.put_hold(
            db(), person=person, reason=form.reason.data or "", actor=who, now=now()
        ),
        password=False,
    )


@pages.post("/erasures/<person_id>/lift")
@permission("erasure.ask")
def lift(person_id: str) -> Page:
    return after(
        "lift", person_id, lambda person, _, who: services.lift_hold(db(), person=person, actor=who, now=now())
    )


def after(
    said: str, person_id: str, do: Callable[[Person, ReasonForm, Actor], object], *, password: bool = True
) -> Page:
    """Do it, after the password where it is grave; what stands in the way is said on the page."""
    form = ReasonForm()
    found(person_id)
    try:
        if password:
            confirmed(form)
        do(found(person_id), form, actor())
    except (Invalid, Conflict) as error:
        db().rollback()
        field = getattr(error, "field", "") or ""
        if field in ("password", "reason"):
            form[field].errors = [error.message]
            return page(found(person_id), form), 400
        return page(found(person_id), form, error.message), error.status
    flash(SAID[said])
    return redirect(url_for(".show", person_id=person_id))
