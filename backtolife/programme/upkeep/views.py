"""The page on which a group is renamed, closed and put away."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, NumberRange

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.forms import VISIBLE
from backtolife.people.request import actor, db, now
from backtolife.people.typed_fields import NoLonger, WholeNumber
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import find_cohort
from backtolife.programme.upkeep import services

pages = Blueprint("group_upkeep", __name__, url_prefix="/groups/<cohort_id>/edit")
Page = str | Response | tuple[str, int]


class EditForm(FlaskForm):
    """A group gets another name or another number of places."""

    name = StringField("Name of the group", [InputRequired("Give the group a name"), VISIBLE, NoLonger(60)])
    capacity = WholeNumber(
        "How many places?",
        [InputRequired("Enter how many places there are"), NumberRange(1, 14, "A group has 1 to 14 places")],
        render_kw={"inputmode": "numeric", "width": "3"},
    )


def find(cohort_id: str) -> Cohort:
    return find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="cohort.change")


@pages.get("")
@permission("cohort.change")
def show(cohort_id: str) -> str:
    cohort = find(cohort_id)
    return page(cohort, EditForm(formdata=None, name=cohort.name, capacity=cohort.capacity))


def page(cohort: Cohort, form: EditForm) -> str:
    return render_template("programme/edit_cohort.jinja", cohort=cohort, form=form)


@pages.post("")
@permission("cohort.change")
def save(cohort_id: str) -> Page:
    cohort, form = find(cohort_id), EditForm()
    if form.validate_on_submit():
        try:
            services.edit(
                db(), cohort=cohort, name=form.name.data, capacity=form.capacity.data, actor=actor(), now=now()
            )
        except (Invalid, Conflict) as error:
            db().rollback()
            cohort = find(cohort_id)
            form["capacity" if getattr(error, "field", None) == "capacity" else "name"].errors = [error.message]
        else:
            flash("Saved.")
            return redirect(url_for("cohort.show", cohort_id=cohort_id))
    return page(cohort, form), 400


@pages.post("/close")
@permission("cohort.change")
def close(cohort_id: str) -> Response:
    closed = request.form.get("closed") == "yes"
    services.close(db(), cohort=find(cohort_id), closed=closed, actor=actor(), now=now())
    flash("Closed. Nobody new can be added." if closed else "Open. Patients can be added again.")
    return redirect(url_for("group_upkeep.show", cohort_id=cohort_id))


@pages.post("/archive")
@permission("cohort.change")
def archive(cohort_id: str) -> Response:
    archived = request.form.get("archived") == "yes"
    try:
        services.archive(db(), cohort=find(cohort_id), archived=archived, actor=actor(), now=now())
    except Conflict as error:
        db().rollback()
        flash(error.message, "alert")
        return redirect(url_for("group_upkeep.show", cohort_id=cohort_id))
    flash("Put away. You find it under “Groups put away”." if archived else "It is in the list of groups again.")
    return redirect(url_for("cohorts.overview"))
