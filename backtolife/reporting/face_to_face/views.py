"""Remote beside face to face: margins fixed in advance, and the face-to-face results a service brings."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import may, permission
from backtolife.people.limits.bodies import LARGEST_TABLE_FILE, takes_files
from backtolife.people.request import actor, db, now
from backtolife.reporting.face_to_face import importing, margins
from backtolife.reporting.face_to_face.forms import BringForm, MarginForm, margin_form

pages = Blueprint("comparing", __name__, url_prefix="/results/face-to-face")


@pages.get("")
@permission("report.read")
def overview() -> str:
    return page(margin_form(empty=True), BringForm(formdata=None))


@pages.post("/margin")
@permission("margin.fix")
def fix() -> Response | tuple[str, int]:
    """A new version, from now on."""
    form = margin_form()
    if form.validate_on_submit():
        plan = {name: float(form[name].data) for name in ("points", "sd", "icc", "group_size")}
        try:
            margins.fix(
                db(),
                actor=actor(),
                instrument=form.instrument.data,
                milestone=form.milestone.data,
                beside=form.beside.data,
                plan=plan,
                source=form.source.data or "",
                now=now(),
            )
        except Invalid as error:
            form[error.field or "points"].errors = [error.message]
        else:
            flash("The margin is set. It counts for questions that open after today.")
            return redirect(url_for("comparing.overview"))
    return page(form, BringForm(formdata=None)), 400


@pages.post("/results")
@permission("comparator.bring")
@takes_files(LARGEST_TABLE_FILE)
def bring() -> Response | tuple[str, int]:
    """A file of face-to-face results, whole or not at all."""
    form, problems = BringForm(), []
    if form.validate_on_submit():
        content = form.file.data.read(importing.LARGEST + 1)
        try:
            kept = importing.bring(
                db(), actor=actor(), name=form.name.data, source=form.source.data, content=content, now=now()
            )
        except Invalid as error:
            if error.field == "file":
                problems = error.message.split("\n")
                form.file.errors = ["Nothing was saved. Correct the lines below and try again"]
            else:
                form[error.field or "name"].errors = [error.message]
        else:
            flash("1 row is saved." if kept.rows == 1 else f"{kept.rows} rows are saved.")
            return redirect(url_for("comparing.overview"))
    return page(margin_form(empty=True), form, problems), 400


def page(fixing: MarginForm, bringing_form: BringForm, problems: list[str] | None = None) -> str:
    return render_template(
        "reporting/comparing.jinja",
        fixing=fixing,
        form=bringing_form,
        problems=problems or [],
        history=margins.history(db(), actor=actor()),
        files=importing.brought(db(), actor=actor()),
        columns=importing.COLUMNS,
        measures=margins.measures(),
        milestones=margins.milestones(),
        against=margins.against(),
        may_fix=may(actor(), "margin.fix", actor()),
        may_bring=may(actor(), "comparator.bring", actor()),
    )
