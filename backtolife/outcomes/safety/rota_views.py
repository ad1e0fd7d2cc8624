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
from backtolife.people.request import actor, db, now, service

pages = Blueprint("rota", __name__, url_prefix="/tasks")
FORMS: dict[str, type[FlaskForm]] = {"duty": ShiftForm, "leave": LeaveForm, "holiday": HolidayForm}


@pages.get("/rota")
@permission("rota.read")
def show() -> str:
    return page({})


def page(given: dict[str, FlaskForm]) -> str:
    """The rota; `given` holds a form that was refused, by its kind."""
    forms = {kind: given.get(kind) or form(formdata=None) for kind, form in FORMS.items()}
    people = [(person.id, person.full_name) for person in rota.clinicians(db(), actor().service_id)]
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
        form["person"].choices = [(person.id, person.full_name) for person in rota.clinicians(db(), actor().service_id)]
    if not form.validate_on_submit():
        return page({line: form}), 400
    try:
        keep(line, form)
    except Invalid as error:
        name = error.field if error.field in form else next(iter(form)).name
        form[name].errors = [error.message]
        return page({line: form}), 400
    flash("Saved.")
    return redirect(url_for("rota.show"))


def keep(line: str, form: FlaskForm) -> None:
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
    elif line == "leave":
        first, last = form["first_day"].data, form["last_day"].data
        rota.add_leave(db(), actor=actor(), person_id=form["person"].data, first_day=first, last_day=last, now=now())
    else:
        days = {form["day"].data: form["name"].data or ""}
        rota.add_holidays(db(), actor=actor(), days=days, now=now())


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
