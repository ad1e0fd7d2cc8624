"""Pages where the official words of a questionnaire are typed, seen as patients see them, loaded and corrected."""

import json
from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.catalogue.tables import LARGEST_TABLE, tabled
from backtolife.outcomes.fhir.faults import messages_of
from backtolife.outcomes.forms.importing import needs_licence
from backtolife.outcomes.typed import services
from backtolife.outcomes.typed.boxes import Boxes
from backtolife.outcomes.typed.fields import empty_ones, questions, same_answers
from backtolife.outcomes.typed.models import TypedForm
from backtolife.people.access import permission
from backtolife.people.limits.bodies import LARGEST_TABLE_FILE, takes_files
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now

pages = Blueprint("typed", __name__, url_prefix="/questionnaires/typed")


class LoadForm(FlaskForm):
    """The press that loads the words, with the table that some scores are looked up in."""

    table = FileField(
        "Its table",
        description="The empty table from the list of questionnaires, with its values filled in, as a CSV file",
        render_kw={"accept": ".csv,text/csv"},
    )


@pages.get("")
@permission("wording.import")
def overview() -> str:
    """Everything that is being typed, what became of it, and what was removed."""
    rows = services.typed_forms(db(), service_id=actor().service_id)
    return render_template(
        "outcomes/typed/overview.jinja",
        rows=[(row, services.measure_of(row), db().get_one(Person, row.changed_by)) for row in rows],
    )


@pages.post("/start/<instrument>")
@permission("wording.import")
def start(instrument: str) -> Response:
    row = services.start(db(), actor=actor(), instrument=instrument, now=now())
    return redirect(url_for("typed.show", typed_id=row.id))


@pages.get("/<typed_id>")
@permission("wording.import")
def show(typed_id: str) -> str | Response:
    """The fields as they are. With `check` it says all that is still missing or wrong."""
    row = services.find(db(), actor=actor(), typed_id=typed_id)
    if row.loaded_id is not None:
        return redirect(url_for("typed.preview", typed_id=row.id))
    errors, problems = faults_of(row) if "check" in request.args else ({}, [])
    return page(row, row.words, errors=errors, problems=problems)


def faults_of(row: TypedForm) -> tuple[dict[str, str], list[str]]:
    """What is wrong, by field where it is one, and what concerns the whole form."""
    errors = empty_ones(services.measure_of(row), row.words)
    try:
        services.check_licence(db(), row, now())
    except Invalid as error:
        errors |= {error.field or "licence_holder": error.message}
    if errors:
        return errors, []
    try:
        services.looked_at(row)
    except Invalid as error:
        return {}, messages_of(error)
    return {}, []


def page(
    row: TypedForm,
    words: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    problems: list[str] | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    """The fields with these words. What is kept now goes with the page, so that two editors lose nothing."""
    measure = services.measure_of(row)
    asked = questions(measure)
    return render_template(
        "outcomes/typed/edit.jinja",
        row=row,
        measure=measure,
        asked=asked,
        shared=same_answers(asked),
        boxes=Boxes(words, errors or {}, theirs or {}),
        shown=json.dumps(row.words, ensure_ascii=False),
        problems=problems or [],
        changed_by=db().get_one(Person, row.changed_by),
        needs_licence=needs_licence(measure),
        left=len(empty_ones(measure, row.words)),
    )


@pages.post("/<typed_id>")
@permission("wording.import")
def save(typed_id: str) -> str | Response | tuple[str, int]:
    """Keep what is typed, whole or not. Where somebody else changed the same field, both are shown."""
    sent = {name: words for name, words in request.form.items() if name not in ("shown", "then", "csrf_token")}
    try:
        saved = services.save(
            db(), actor=actor(), typed_id=typed_id, sent=sent, shown=shown_before(request.form), now=now()
        )
    except Invalid as error:
        row = services.find(db(), actor=actor(), typed_id=typed_id)
        return page(row, sent, errors={error.field or "title": error.message}), 400
    if saved.theirs:
        g.keep = True
        words = saved.row.words | {name: sent.get(name, "") for name in saved.theirs}
        return page(saved.row, words, theirs=saved.theirs), 409
    if request.form.get("then") == "preview":
        return redirect(url_for("typed.preview", typed_id=typed_id))
    flash("Saved. You can leave and come back.")
    return redirect(url_for("typed.show", typed_id=typed_id))


def shown_before(form: Mapping[str, str]) -> dict[str, str]:
    """What stood in the fields when the page was made. Raises Invalid where that did not come with the page."""
    try:
        found = json.loads(form.get("shown", ""))
        return {str(name): str(words) for name, words in found.items()}
    except (ValueError, AttributeError, RecursionError):
        raise Invalid("Part of this page did not arrive. Load it again, and compare.", "title") from None


@pages.get("/<typed_id>/preview")
@permission("wording.import")
def preview(typed_id: str) -> str | Response:
    """The questions as patients will see them, with the press that loads them."""
    row = services.find(db(), actor=actor(), typed_id=typed_id)
    if row.loaded_id is None and any(faults_of(row)):
        return redirect(url_for("typed.show", typed_id=typed_id, check=1))
    return preview_page(row, LoadForm(formdata=None), [])


def preview_page(row: TypedForm, form: LoadForm, problems: list[str]) -> str:
    measure = services.measure_of(row)
    wording = services.looked_at(row)
    return render_template(
        "outcomes/typed/preview.jinja",
        row=row,
        measure=measure,
        sheet={"form": wording, "answers": {}, "alerts": {}, "none_apply": False},
        load_form=form,
        tabled=tabled(measure),
        problems=problems,
    )


@pages.post("/<typed_id>/load")
@permission("wording.import")
@takes_files(LARGEST_TABLE_FILE)
def load(typed_id: str) -> str | Response | tuple[str, int]:
    form = LoadForm()
    row = services.find(db(), actor=actor(), typed_id=typed_id)
    if row.loaded_id is None and any(faults_of(row)):
        return redirect(url_for("typed.show", typed_id=typed_id, check=1))
    table = form.table.data.read(LARGEST_TABLE + 1) if form.table.data else None
    try:
        loaded = services.load(db(), actor=actor(), typed_id=typed_id, table=table, now=now())
    except (Invalid, Conflict) as error:
        return preview_page(row, form, messages_of(error)), error.status
    flash(f"“{loaded.title}” is loaded. Choose the milestones that ask it.")
    return redirect(url_for("batteries.milestones"))


@pages.post("/<typed_id>/remove")
@permission("wording.import")
def remove(typed_id: str) -> Response:
    services.remove(db(), actor=actor(), typed_id=typed_id, now=now())
    flash("Removed. You can bring it back from this page.")
    return redirect(url_for("typed.overview"))


@pages.post("/<typed_id>/bring-back")
@permission("wording.import")
def bring_back(typed_id: str) -> Response:
    services.bring_back(db(), actor=actor(), typed_id=typed_id, now=now())
    flash("It is back, with every word.")
    return redirect(url_for("typed.overview"))


@pages.post("/<typed_id>/correct")
@permission("wording.import")
def correct(typed_id: str) -> Response:
    row = services.correct(db(), actor=actor(), typed_id=typed_id, now=now())
    flash("Here are the same words. Change them, and give them a new version.")
    return redirect(url_for("typed.show", typed_id=row.id))


@pages.post("/<typed_id>/take-back")
@permission("wording.import")
def take_back(typed_id: str) -> Response:
    try:
        services.take_back(db(), actor=actor(), typed_id=typed_id, now=now())
    except Conflict as error:
        flash(error.message, "alert")
        return redirect(url_for("typed.overview"))
    flash("These words are no longer loaded. They are here to change or to load again.")
    return redirect(url_for("typed.show", typed_id=typed_id))
