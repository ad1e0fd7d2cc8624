"""Somebody is added to a group: they are offered a place, or have said yes to staff already."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.clock import in_zone
from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.people import services as people
from backtolife.people.access import permission
from backtolife.people.models import Person, Role
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, settings
from backtolife.people.traces import looks
from backtolife.programme.cohorts import known, services
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.places import offers
from backtolife.programme.places.forms import SAID_YES, AddForm
from backtolife.programme.places.rules import usual_answer_by

pages = Blueprint("adding", __name__, url_prefix="/groups")


@pages.get("/<cohort_id>/add", endpoint="show")
@permission("cohort.enrol")
def add(cohort_id: str) -> str:
    cohort = services.find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="cohort.enrol")
    form = AddForm(formdata=None, answer_by=usual(cohort))
    return render_template("programme/enrol.jinja", form=form, cohort=cohort)


@pages.post("/<cohort_id>/add", endpoint="add")
@permission("cohort.enrol")
def enrol(cohort_id: str) -> str | Response | tuple[str, int]:
    cohort = services.find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="cohort.enrol")
    form = AddForm()
    if "change" in request.form:
        return render_template("programme/enrol.jinja", form=form, cohort=cohort)
    if form.validate_on_submit():
        try:
            patient = known.known_person(db(), email=form.email.data, actor=actor())
            if patient is not None and request.form.get("known") != patient.id:
                groups = known.groups_of(db(), person=patient, actor=actor())
                if known.to_confirm(patient, cohort, groups):
                    shown = {"form": form, "cohort": cohort, "person": patient, "groups": groups}
                    return render_template("programme/known_patient.jinja", **shown)
            patient = patient or add_patient(form)
            give_place(form, patient, cohort)
        except (Invalid, Conflict, NotPermitted) as error:
            db().rollback()
            form[getattr(error, "field", None) or "email"].errors = [error.message]
            if isinstance(error, NotPermitted):
                looks.keep_refusal(error.status)
                cohort = services.find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="cohort.enrol")
        else:
            name = isolated(patient.full_name)
            flash(f"{name} has a place." if form.how.data == SAID_YES else f"{name} has been offered a place.")
            return redirect(url_for("cohort.show", cohort_id=cohort_id))
    return render_template("programme/enrol.jinja", form=form, cohort=cohort), 400


def usual(cohort: Cohort) -> object:
    return usual_answer_by(in_zone(now(), cohort.zone).date(), cohort.first_day)


def give_place(form: AddForm, patient: Person, cohort: Cohort) -> None:
    if form.how.data == SAID_YES:
        offers.place_after_yes(db(), patient=patient, cohort=cohort, actor=actor(), now=now())
        return
    until = form.answer_by.data or usual_answer_by(in_zone(now(), cohort.zone).date(), cohort.first_day)
    offers.offer(
        db(), patient=patient, cohort=cohort, answer_by=until, site=settings().public_url, actor=actor(), now=now()
    )


def add_patient(form: AddForm) -> Person:
    return people.add_person(
        db(),
        actor=actor(),
        roles={Role.PATIENT},
        email=form.email.data,
        full_name=form.full_name.data,
        shown_name=form.shown_name.data,
        phone=form.phone.data or "",
        now=now(),
    )
