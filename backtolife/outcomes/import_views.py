"""Pages where official wording is loaded, an empty form fetched, and the questions of each milestone chosen."""

import json

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.outcomes import battery, importing
from backtolife.outcomes.catalogue import load_instrument, shipped_instruments
from backtolife.outcomes.fhir_writing import template
from backtolife.outcomes.import_forms import BatteryForm, ImportForm
from backtolife.outcomes.importing import needs_licence
from backtolife.outcomes.instrument import Instrument
from backtolife.outcomes.scoring import scored_by
from backtolife.outcomes.tables import LARGEST_TABLE, empty_table, tabled
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now, service

pages = Blueprint("imports", __name__, url_prefix="/questionnaires")
battery_pages = Blueprint("batteries", __name__, url_prefix="/questionnaires/milestones")


def loadable() -> list[Instrument]:
    """The newest version of every instrument whose items are here, by name."""
    newest = {each.id: each for each in shipped_instruments() if each.items}
    return sorted(newest.values(), key=lambda each: each.name)


def as_file(resource: object, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return Response(
        json.dumps(resource, ensure_ascii=False, indent=2), mimetype="application/fhir+json", headers=headers
    )


@pages.get("")
@permission("wording.import")
def overview() -> str:
    return page(ImportForm(formdata=None))


def page(form: ImportForm) -> str:
    instruments = loadable()
    form.instrument.choices = [(each.id, each.name) for each in instruments]
    return render_template(
        "outcomes/imports.jinja",
        form=form,
        loaded=[
            (row, scored_by(load_instrument(row.instrument, row.instrument_version), importing.form_in(row).official))
            for row in importing.imported_forms(db(), service_id=actor().service_id)
        ],
        instruments=instruments,
        names={each.id: each for each in instruments},
        needs_licence=needs_licence,
        tabled=tabled,
        today=now().date(),
    )


@pages.post("")
@permission("wording.import")
def load() -> str | AnyResponse | tuple[str, int]:
    """Load one form. What does not fit is said beside the field or the file."""
    form = ImportForm()
    form.instrument.choices = [(each.id, each.name) for each in loadable()]
    if not form.validate_on_submit():
        return page(form), 400
    upload = form.file.data
    try:
        row = importing.load(
            db(),
            service=service(),
            actor=actor(),
            file=importing.read_json(upload.read(importing.LARGEST_FILE + 1), "the file"),
            now=now(),
            instrument=form.instrument.data,
            terms=form.terms(),
            not_scored=form.left_out(),
            table=form.table_data(LARGEST_TABLE + 1),
        )
    except (Invalid, Conflict, NotFound) as error:
        name = getattr(error, "field", None)
        form[name if name and name in form else "file"].errors = [error.message]
        return page(form), 400
    flash(f"“{row.title}” is loaded. Choose the milestones that ask it.")
    return redirect(url_for("batteries.milestones"))


@pages.get("/template/<instrument>")
@permission("wording.import")
def empty_form(instrument: str) -> Response:
    return as_file(template(load_instrument(instrument)), f"{instrument}-empty")


@pages.get("/table/<instrument>.csv")
@permission("wording.import")
def blank_table(instrument: str) -> Response:
    """The table of an instrument with every key and no value."""
    headers = {"Content-Disposition": f'attachment; filename="{instrument}-table.csv"'}
    return Response(empty_table(load_instrument(instrument)), mimetype="text/csv", headers=headers)


@pages.get("/<import_id>.json")
@permission("wording.import")
def download(import_id: str) -> Response:
    """The file as it was loaded."""
    row = importing.find_import(db(), service_id=actor().service_id, import_id=import_id)
    return as_file(json.loads(row.source), f"{row.instrument}-{row.form_hash[:8]}")


@battery_pages.get("")
@permission("battery.choose")
def milestones() -> str:
    return battery_page()


def battery_page(wrong: str = "", message: str = "") -> str:
    """The milestones with what each asks; `wrong` is the id of the one that was refused, with the reason."""
    return render_template(
        "outcomes/batteries.jinja",
        choices=battery.batteries(db(), actor=actor()),
        askable=battery.askable(db(), service_id=actor().service_id, now=now()),
        form=BatteryForm(formdata=None),
        wrong=wrong,
        message=message,
        load=load_instrument,
    )


@battery_pages.post("/<milestone_id>")
@permission("battery.choose")
def choose(milestone_id: str) -> AnyResponse | tuple[str, int]:
    form = BatteryForm()
    try:
        battery.choose(
            db(), actor=actor(), milestone_id=milestone_id, instruments=form.instruments.data or [], now=now()
        )
    except Invalid as error:
        return battery_page(milestone_id, error.message), 400
    flash("Saved. Windows that open from now on ask these questions; one that is open keeps what it has.")
    return redirect(url_for("batteries.milestones"))
