"""Pages for cohorts: the list, making one, adding patients."""

from typing import Protocol, cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from backtolife.db import Db
from backtolife.errors import Conflict, Invalid
from backtolife.people import services as people
from backtolife.people.access import authorise, may, permission
from backtolife.people.models import Person, Role
from backtolife.people.request import actor, db, now, service
from backtolife.programme import enrolment, services
from backtolife.programme.forms import CohortForm, EnrolForm
from backtolife.programme.loading import shipped
from backtolife.programme.models import Cohort, StaffPlace


class Preparation(Protocol):
    """What another room does for a cohort that was just made; `rooms` lists them."""

    def __call__(self, db: Db, *, cohort: Cohort) -> object: ...


def preparations() -> tuple[Preparation, ...]:
    return cast("tuple[Preparation, ...]", current_app.extensions["backtolife.new_cohort"])


pages = Blueprint("cohorts", __name__, url_prefix="/groups")


@pages.get("")
@permission("cohort.read")
def overview() -> str:
    cohorts = services.cohorts_for(db(), actor=actor())
    rows = []
    for cohort in cohorts:
        dates = services.dates_of(db(), cohort.id)
        upcoming = services.next_date(dates, now())
        rows.append((cohort, upcoming, len(enrolment.enrolled_in(db(), cohort.id))))
    return render_template("programme/cohorts.jinja", rows=rows, may_create=may(actor(), "cohort.create", actor()))


def filled_choices(form: CohortForm) -> CohortForm:
    form.schedule.choices = [SelectChoice(each.id, each.title) for each in shipped().schedules]
    wanted = select(Person).where(Person.service_id == actor().service_id, Person.role == Role.FACILITATOR)
    staff = [SelectChoice(each.id, each.full_name) for each in db().exec(wanted.order_by(col(Person.full_name)))]
    form.lead.choices = form.spotter.choices = staff
    return form


@pages.get("/new")
@permission("cohort.create")
def new() -> str:
    form = filled_choices(CohortForm(formdata=None, zone=service().zone, capacity=12))
    return render_template("programme/new_cohort.jinja", form=form)


@pages.post("/new")
@permission("cohort.create")
def create() -> str | Response | tuple[str, int]:
    form = filled_choices(CohortForm())
    if form.validate_on_submit():
        plan = services.CohortPlan(
            name=form.name.data,
            schedule=form.schedule.data,
            first_day=form.first_day.data,
            weekdays=tuple(form.weekdays.data or ()),
            wall_time=form.wall_time.data,
            zone=form.zone.data,
            capacity=form.capacity.data,
        )
        try:
            cohort = services.create_cohort(db(), actor=actor(), plan=plan, now=now())
            for place, field in ((StaffPlace.LEAD, form.lead), (StaffPlace.SPOTTER, form.spotter)):
                person = db().get_one(Person, field.data)
                services.staff_cohort(db(), actor=actor(), cohort=cohort, person=person, place=place, now=now())
            for prepare in preparations():
                prepare(db(), cohort=cohort)
        except (Invalid, Conflict) as error:
            db().rollback()
            names = {"at": "wall_time", "first_date": "first_day"}
            field_name = getattr(error, "field", None) or "name"
            form[names.get(field_name, field_name)].errors = [error.message]
        else:
            flash(f"{cohort.name} is ready. Now add patients.")
            return redirect(url_for("cohort.show", cohort_id=cohort.id))
    return render_template("programme/new_cohort.jinja", form=form), 400


@pages.get("/<cohort_id>/add")
@permission("cohort.enrol")
def add(cohort_id: str) -> str:
    cohort = services.find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="cohort.enrol")
    return render_template("programme/enrol.jinja", form=EnrolForm(), cohort=cohort)


@pages.post("/<cohort_id>/add")
@permission("cohort.enrol")
def enrol(cohort_id: str) -> str | Response | tuple[str, int]:
    cohort = services.find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="cohort.enrol")
    form = EnrolForm()
    if form.validate_on_submit():
        try:
            patient = find_or_add_patient(form)
            enrolment.enrol(db(), patient=patient, cohort=cohort, actor=actor(), now=now())
        except (Invalid, Conflict) as error:
            db().rollback()
            form.email.errors = [error.message]
        else:
            flash(f"{patient.full_name} has a place.")
            return redirect(url_for("cohort.show", cohort_id=cohort_id))
    return render_template("programme/enrol.jinja", form=form, cohort=cohort), 400


def find_or_add_patient(form: EnrolForm) -> Person:
    """A patient whom the service knows already keeps their record."""
    known = select(Person).where(
        Person.service_id == actor().service_id, Person.email == form.email.data.strip().lower()
    )
    found = db().exec(known).first()
    if found is not None:
        authorise(actor(), "cohort.enrol", actor())
        return found
    return people.add_person(
        db(),
        actor=actor(),
        role=Role.PATIENT,
        email=form.email.data,
        full_name=form.full_name.data,
        shown_name=form.shown_name.data,
        phone=form.phone.data or "",
        now=now(),
    )
