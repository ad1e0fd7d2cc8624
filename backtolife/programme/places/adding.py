"""Somebody is added to a group: they are offered a place, or have said yes to staff already."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.clock import in_zone
from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.people.access import may, permission
from backtolife.people.identity.fields import with_numbers
from backtolife.people.identity.identifiers import systems_of
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, sealing, service, settings
from backtolife.people.traces import looks
from backtolife.programme.cohorts import services
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.timetable.elsewhere import one_timetable_at_a_time
from backtolife.programme.patients import newcomers
from backtolife.programme.patients.meant import ask_page, is_about_whom, who_was_chosen
from backtolife.programme.places import offers
from backtolife.programme.places.forms import SAID_YES, AddForm
from backtolife.programme.places.queue.listed import hold_list, turn_of
from backtolife.programme.places.rules import usual_answer_by

pages = Blueprint("adding", __name__, url_prefix="/groups")


@pages.get("/<cohort_id>/add", endpoint="show")
@permission("cohort.enrol")
def add(cohort_id: str) -> str:
    cohort = services.find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="cohort.enrol")
    return page(form_here()(formdata=None, answer_by=usual(cohort)), cohort)


def form_here() -> type[AddForm]:
    """The form with the numbers that this service keeps."""
    return with_numbers(AddForm, systems_of(service()))


def page(form: AddForm, cohort: Cohort) -> str:
    return render_template(
        "programme/enrol.jinja",
        form=form,
        cohort=cohort,
        systems=systems_of(service()),
        refused=offers.why_nobody(db(), cohort, now()),
    )


@pages.post("/<cohort_id>/add", endpoint="add")
@permission("cohort.enrol")
def enrol(cohort_id: str) -> str | Response | tuple[str, int]:
    cohort = services.find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="cohort.enrol")
    form = form_here()()
    if "change" in request.form:
        return page(form, cohort)
    if form.validate_on_submit():
        chosen = request.form.get("known", "")
        try:
            newcomer = form.newcomer(systems_of(service()))
            one_timetable_at_a_time(db(), cohort.service_id)  # no other group is given to them meanwhile
            hold_list(db(), cohort.service_id)  # nobody is taken off it, or put back, meanwhile
            known = newcomers.known_people(db(), newcomer=newcomer, sealing=sealing(), actor=actor())
            patient, ask = newcomers.who_is_meant(known, chosen)
            if ask and (asked := known_page(form, cohort, newcomer, known)):
                return asked
            may_correct = may(actor(), "patient.correct", cohort)
            patient = who_was_chosen(newcomer, patient, chosen=chosen, may_correct=may_correct)
            turn = turn_of(db(), patient)
            give_place(form, patient, cohort)
        except (Invalid, Conflict, NotPermitted) as error:
            db().rollback()
            form.say_wrong(error)
            if isinstance(error, NotPermitted):
                looks.keep_refusal(error.status)
                cohort = services.find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="cohort.enrol")
            elif is_about_whom(error, chosen) and (asked := known_page(form, cohort, newcomer, known)):
                return asked, 400
        else:
            name = isolated(patient.full_name)
            given = f"{name} has a place." if form.how.data == SAID_YES else f"{name} has been offered a place."
            listed = f" They were number {turn} on the waiting list, and are off it now." if turn else ""
            flash(given + listed)
            return redirect(url_for("cohort.show", cohort_id=cohort_id))
    return page(form, cohort), 400


def known_page(form: AddForm, cohort: Cohort, newcomer: newcomers.Newcomer, known: list[newcomers.Known]) -> str:
    """The page that asks who is meant; empty where somebody surely known cannot be added, and is told why instead."""
    people, first = [each.person for each in known], known[0]
    here = newcomers.places_here(db(), people=people, cohort=cohort)
    if first.surely and (first.person.id in here or not first.person.is_patient):
        return ""
    return ask_page(
        form,
        newcomer,
        known,
        where=f"to {isolated(cohort.name)}",
        may_correct=may(actor(), "patient.correct", cohort),
        turns={each.id: turn for each in people if (turn := turn_of(db(), each))},
        places=here,
    )


def usual(cohort: Cohort) -> date:
    """The last day to answer that is suggested; in a group that has begun, by the next session that is to come."""
    first = offers.first_session(services.dates_of(db(), cohort.id), now())
    first_day = in_zone(first, cohort.zone).date() if first is not None else cohort.first_day
    return usual_answer_by(in_zone(now(), cohort.zone).date(), first_day)


def give_place(form: AddForm, patient: Person, cohort: Cohort) -> None:
    if form.how.data == SAID_YES:
        offers.place_after_yes(db(), patient=patient, cohort=cohort, actor=actor(), now=now())
        return
    until = form.answer_by.data or usual(cohort)
    offers.offer(
        db(), patient=patient, cohort=cohort, answer_by=until, site=settings().public_url, actor=actor(), now=now()
    )
