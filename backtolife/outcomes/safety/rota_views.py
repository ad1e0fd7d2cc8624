"""Pages about cover: the rota, and that no alert was ever missed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.outcomes.safety import rota
from backtolife.outcomes.safety.assurance import assurance
from backtolife.outcomes.safety.rota_forms import HolidayForm, LeaveForm, ShiftForm
from backtolife.people.access import may, permission
from backtolife.people.models import Person
from backtolife.people.names import isolated, told_apart
from backtolife.people.request import actor, db, now, service
from backtolife.text.dates_in_words import day_and_year

pages = Blueprint("rota", __name__, url_prefix="/tasks")
FORMS: dict[str, type[FlaskForm]] = {"duty": ShiftForm, "leave": LeaveForm, "holiday": HolidayForm}


@pages.get("/rota")
@permission("rota.read")
def show() -> str:
    return page({})


def page(given: dict[str, FlaskForm]) -> str:
    """The rota; `given` holds a form that was refused, by its kind."""
    forms = {kind: given.get(kind) or form(formdata=None) for kind, form in FORMS.items()}
    people = [*told_apart(rota.clinicians(db(), actor().service_id)).items()]
    for kind in ("duty", "leave"):
        forms[kind]["person"].choices = people
    found = rota.rota_of(db(), actor=actor(), now=now())
    return render_template(
        "outcomes/staff/rota.jinja",
        may_see_tasks=may(actor(), "task.read", actor()),
        rota=found,
        uncovered=rota.uncovered(found.days),
        forms=forms,
        may_manage=may(actor(), "rota.manage", actor()),
        now=now(),
    )


@pages.post("/rota/<line>")
@permission("rota.manage")
def add(line: str) -> Response | tuple[str, int]:
    """Add one line: duty, leave or a day on which nobody works."""
    form = FORMS.get(line, HolidayForm)()
    if "person" in form:
        form["person"].choices = [*told_apart(rota.clinicians(db(), actor().service_id)).items()]
    if not form.validate_on_submit():
        return page({line: form}), 400
    try:
        kept = keep(line, form)
    except Invalid as error:
        name = error.field if error.field in form else next(iter(form)).name
        form[name].errors = [error.message]
        return page({line: form}), 400
    flash(kept)
    return redirect(url_for("rota.show"))


def keep(line: str, form: FlaskForm) -> str:
    """Keep it. Returns what is said of it."""
    if line == "duty":
        rota.add_shift(
            db(),
            actor=actor(),
            person_id=form["person"].data,
            starts_at=local(form["starts_at"].data),
            ends_at=local(form["ends_at"].data),
            backup=bool(form["backup"].data),
            now=now(),
        )
        return "Saved. They are on duty in that time."
    if line == "leave":
        first, last = form["first_day"].data, form["last_day"].data
        row = rota.add_leave(
            db(), actor=actor(), person_id=form["person"].data, first_day=first, last_day=last, now=now()
        )
        away = isolated(db().get_one(Person, row.person_id).full_name)
        until = f" to {day_and_year(last)}" if last > first else ""
        return (
            f"Saved. {away} is away on {day_and_year(first)}{until}. "
            "If they lead or spot a group then, choose who stands in on the group’s page of staff."
        )
    days = {form["day"].data: form["name"].data or ""}
    rota.add_holidays(db(), actor=actor(), days=days, now=now())
    return "Saved. Nobody works on that day."


def local(moment: datetime) -> datetime:
    """What somebody typed, on the service's clock."""
    return moment.replace(tzinfo=ZoneInfo(service().zone))


@pages.post("/rota/<line>/remove")
@permission("rota.manage")
def remove(line: str) -> Response:
    rota.take_away(db(), actor=actor(), line=line, line_id=request.form.get("id", ""), now=now())
    flash("Removed.")
    return redirect(url_for("rota.show"))


@pages.get("/assurance")
@permission("safety.assure")
def assure() -> str:
    found = assurance(db(), actor=actor(), now=now())
    return render_template("outcomes/staff/assurance.jinja", found=found, now=now())
