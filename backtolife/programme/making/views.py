"""Pages for cohorts: the list, making one, adding patients."""

from typing import Protocol, cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import may, permission
from backtolife.people.asked import asked_here
from backtolife.people.models import Person
from backtolife.people.names import isolated, told_apart
from backtolife.people.request import actor, db, now, service
from backtolife.programme.adopted.services import kept, offered, to_begin_with
from backtolife.programme.cohorts import enrolment, listing, services
from backtolife.programme.cohorts.models import Cohort, StaffPlace
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.course.services import refuse_unsigned, unsigned
from backtolife.programme.making import clashing, planning
from backtolife.programme.making.forms import CohortForm
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import Programme
from backtolife.text.dates_in_words import day


class Preparation(Protocol):
    """What another room does for a cohort that was just made; `rooms` lists them."""

    def __call__(self, db: Db, *, cohort: Cohort) -> object: ...


def preparations() -> tuple[Preparation, ...]:
    return cast("tuple[Preparation, ...]", current_app.extensions["backtolife.new_cohort"])


pages = Blueprint("cohorts", __name__, url_prefix="/groups")


@pages.route("", methods=["GET", "POST"])
@permission("cohort.read")
def overview() -> str:
    """By POST with what is looked for."""
    away, asked = request.args.get("put-away") == "yes", asked_here(listing.SORTS)
    cohorts = listing.group_list(db(), actor=actor(), asked=asked, archived=away, now=now())
    ids = [cohort.id for cohort in cohorts]
    dates, people_in = services.dates_of_each(db(), ids, open_at=now()), enrolment.places_taken(db(), ids)
    rows = [(each, services.next_date(dates[each.id], now()), people_in.get(each.id, 0)) for each in cohorts]
    may_create = may(actor(), "cohort.create", actor())
    shown = {"rows": rows, "may_create": may_create, "away": away, "asked": asked, "sorts": listing.SORTS}
    return render_template("programme/cohorts.jinja", now=now(), **shown)


def filled_choices(form: CohortForm) -> CohortForm:
    own = offered(db(), actor().service_id)
    versions = [SelectChoice(each.id, f"{each.version}, published {day(each.adopted_at.date())}") for each in own]
    form.programme.choices = [*versions, SelectChoice("", f"{shipped().version}, as it comes with Back to Life")]
    plans = [kept(db(), each.id) for each in own] + [shipped()]
    titles = {schedule.id: schedule.title for plan in reversed(plans) for schedule in plan.schedules}
    form.schedule.choices = [SelectChoice(*each) for each in titles.items()]
    people = services.facilitators(db(), actor=actor())
    no_course = unsigned(db(), people)
    staff = [
        SelectChoice(each, f"{name} ({no_course[each]})" if each in no_course else name)
        for each, name in told_apart(people).items()
    ]
    form.lead.choices = form.spotter.choices = [SelectChoice("", "Choose somebody"), *staff]
    return form


@pages.get("/new")
@permission("cohort.create")
def new() -> str:
    own = offered(db(), actor().service_id)
    newest = own[0].id if own else ""
    form = filled_choices(CohortForm(formdata=None, zone=service().zone, capacity=12, programme=newest))
    return render_template("programme/new_cohort.jinja", form=form)


@pages.post("/new")
@permission("cohort.create")
def create() -> str | Response | tuple[str, int]:
    form = filled_choices(CohortForm())
    if form.validate_on_submit():
        plan = plan_of(form)
        try:
            services.free_name(db(), plan.name, service_id=actor().service_id)
            refuse_clashes(form, plan)
            doubts = [*doubts_about(plan), *planning.doubts_about_staff(form.lead.data, form.spotter.data)]
            if doubts and request.form.get("anyway") != " ".join(doubts):
                return render_template(
                    "programme/new_cohort.jinja",
                    form=form,
                    doubts=doubts,
                    times=services.times_of(plan, programme_of(plan)),
                )
            cohort = services.create_cohort(db(), actor=actor(), plan=plan, now=now())
            for place, field in ((StaffPlace.LEAD, form.lead), (StaffPlace.SPOTTER, form.spotter)):
                if not field.data or (place is StaffPlace.SPOTTER and field.data == form.lead.data):
                    continue
                person = db().get_one(Person, field.data)
                services.staff_cohort(db(), actor=actor(), cohort=cohort, person=person, place=place, now=now())
            for prepare in preparations():
                prepare(db(), cohort=cohort)
        except (Invalid, Conflict) as error:
            db().rollback()
            names = {"at": "wall_time", "first_date": "first_day"}
            field_name = getattr(error, "field", None) or "name"
            form[names.get(field_name, field_name)].errors = list(error.reasons)
        else:
            flash(f"{isolated(cohort.name)} is ready. {what_next(cohort)}")
            return redirect(url_for("cohort.show", cohort_id=cohort.id))
    return render_template("programme/new_cohort.jinja", form=form), 400


def plan_of(form: CohortForm) -> services.CohortPlan:
    return services.CohortPlan(
        name=form.name.data,
        schedule=form.schedule.data,
        first_day=form.first_day.data,
        weekdays=tuple(form.weekdays.data or ()),
        wall_time=form.wall_time.data,
        zone=form.zone.data,
        capacity=form.capacity.data,
        programme_id=form.programme.data or "",
    )


def programme_of(plan: services.CohortPlan) -> Programme:
    return to_begin_with(db(), plan.programme_id, service_id=actor().service_id)


def refuse_clashes(form: CohortForm, plan: services.CohortPlan) -> None:
    """Raise Conflict for who has not signed the course where that is asked, Clashes where who leads or spots is in
    another group at that time.
    """
    times = services.times_of(plan, programme_of(plan))
    for field in (form.lead, form.spotter):
        person = db().get(Person, field.data) if field.data else None
        if person is not None:
            refuse_unsigned(db(), person, field.name)
            clashing.refuse_clash(db(), person=person, field=field.name, times=times, zone=plan.zone)


def doubts_about(plan: services.CohortPlan) -> list[str]:
    """What to ask about before the group is made. Raises Invalid for dates that cannot be kept."""
    times = services.times_of(plan, programme_of(plan))
    around: Surroundings = current_app.extensions["backtolife.around_groups"]
    off = around.days_off(db(), service(), [each.local_date for each in times])
    return planning.doubts(times, at=plan.wall_time, zone=plan.zone, off=off, now=now())


def what_next(cohort: Cohort) -> str:
    """Who adds patients: not everybody who makes groups may."""
    if may(actor(), "cohort.enrol", cohort):
        return "Now add patients."
    return (
        "Its facilitators, a clinical lead or an administrator add the patients. There is nothing left for you to do."
    )
