"""Pages where official wording is loaded, an empty form fetched, and the questions of each milestone chosen."""

import json
from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backtolife.clock import in_zone
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments
from backtolife.outcomes.catalogue.tables import LARGEST_TABLE, empty_table, tabled, tables_in
from backtolife.outcomes.fhir.faults import messages_of
from backtolife.outcomes.fhir.matching import alerting, called
from backtolife.outcomes.fhir.writing import template
from backtolife.outcomes.forms import battery, importing
from backtolife.outcomes.forms.import_forms import BatteryForm, ConfirmForm, ImportForm, held, let_go
from backtolife.outcomes.forms.import_preview import LARGEST_FILE, Preview, preview, read_json
from backtolife.outcomes.forms.importing import Terms, needs_licence
from backtolife.outcomes.scoring.score import scored_by
from backtolife.people.access import may, permission
from backtolife.people.limits.bodies import LARGEST_TABLE_FILE, takes_files
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
        "outcomes/staff/imports.jinja",
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
@takes_files(LARGEST_TABLE_FILE)
def load() -> str | tuple[str, int]:
    """Read one form and show what loading it would do. What does not fit is said beside the field or the file."""
    form = ImportForm()
    form.instrument.choices = [(each.id, each.name) for each in loadable()]
    if not form.validate_on_submit():
        return page(form), 400
    data, table = form.file.data.read(LARGEST_FILE + 1), form.table_data(LARGEST_TABLE + 1)
    try:
        seen = seen_file(data, table, form.instrument.data, form.terms())
        return confirm_page(ConfirmForm(formdata=None, data=carried(form, data, table)), seen, {})
    except (Invalid, Conflict, NotFound) as error:
        name = getattr(error, "field", None)
        form[name if name and name in form else "file"].errors = messages_of(error)
        return page(form), 400


def seen_file(data: bytes, table: bytes | None, instrument: str, terms: Terms) -> Preview:
    """The file, read and checked as far as no choice is needed. Raises Invalid."""
    measure = load_instrument(instrument)
    seen = preview(read_json(data, "the file"), instrument=instrument)
    importing.checked_terms(measure, terms, in_zone(now(), service().zone).date())
    if table is not None:
        tables_in(table, measure)
    return seen


def carried(form: ImportForm, data: bytes, table: bytes | None) -> dict[str, str]:
    """What the next page has to bring back."""
    last = form.licence_expires_on.data
    return {
        "instrument": form.instrument.data,
        "held_file": held(data),
        "held_table": held(table) if table is not None else "",
        "licence_holder": form.licence_holder.data or "",
        "licence_reference": form.licence_reference.data or "",
        "licence_expires_on": last.isoformat() if last else "",
    }


def confirm_page(form: ConfirmForm, seen: Preview, chosen: Mapping[str, str], problems: Sequence[str] = ()) -> str:
    """Our topic beside the file's words, and all that is not taken over, before anything is kept."""
    return render_template(
        "outcomes/staff/import_confirm.jinja",
        form=form,
        seen=seen,
        chosen=chosen,
        problems=problems,
        alerting=alerting(seen.instrument),
        unsure=not all(each.sure for each in seen.matches),
        called=called,
        parts=[(item.id, called(item).strip("“”")) for item in seen.instrument.items],
    )


@pages.post("/confirm")
@permission("wording.import")
@takes_files(LARGEST_TABLE_FILE)
def confirm() -> str | AnyResponse | tuple[str, int]:
    """Load the form that was shown, with what was chosen and written on the page."""
    form = ConfirmForm()
    data = let_go(form.held_file.data or "", LARGEST_FILE)
    table = let_go(form.held_table.data, LARGEST_TABLE) if form.held_table.data else None
    file = read_json(data, "the file")
    links = [each.link_id for each in preview(file, instrument=form.instrument.data).found.questions]
    chosen = {link: request.form[name] for n, link in enumerate(links) if (name := f"part-{n}") in request.form}
    try:
        row = importing.load(
            db(),
            service=service(),
            actor=actor(),
            file=file,
            now=now(),
            instrument=form.instrument.data,
            terms=form.terms(),
            head=form.head(),
            chosen=chosen,
            table=table,
        )
    except (Invalid, Conflict) as error:
        seen = preview(file, instrument=form.instrument.data)
        return confirm_page(form, seen, chosen, messages_of(error)), error.status
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
        "outcomes/staff/batteries.jinja",
        choices=battery.batteries(db(), actor=actor()),
        askable=battery.askable(db(), service_id=actor().service_id, now=now()),
        form=BatteryForm(formdata=None),
        wrong=wrong,
        message=message,
        load=load_instrument,
        may_edit=may(actor(), "programme.edit", actor()),
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
    flash("Saved. Questions that open from now on use this choice. Questions that are already open do not change.")
    return redirect(url_for("batteries.milestones"))
