"""A questionnaire to print and fill in with a pen: the words asked today, and those that are being typed."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.forms.importing import by_hash
from backtolife.outcomes.forms.service_wording import words_for_service
from backtolife.outcomes.typed import services as typed
from backtolife.outcomes.typed.views import faults_of
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now

pages = Blueprint("paper", __name__, url_prefix="/questionnaires")
LARGE = "large"


@pages.get("/paper/<instrument>")
@permission("form.enter")
def asked(instrument: str) -> str:
    """What patients of this service are asked today, on paper."""
    measure = load_instrument(instrument)
    form = words_for_service(db(), service_id=actor().service_id, instrument=instrument, now=now())
    return page(measure, form, holder_lines(measure, form))


@pages.get("/typed/<typed_id>/paper")
@permission("wording.import")
def being_typed(typed_id: str) -> str | Response:
    """The same of words that are typed on a page, loaded or not."""
    row = typed.find(db(), actor=actor(), typed_id=typed_id)
    if row.loaded_id is None and any(faults_of(row)):
        return redirect(url_for("typed.show", typed_id=row.id, check=1))
    measure, terms = typed.measure_of(row), typed.terms_of(row)
    holder = [row.words.get("copyright", ""), licence_line(terms.holder, terms.reference)]
    return page(measure, typed.looked_at(row), holder)


def holder_lines(measure: Instrument, form: Form) -> list[str]:
    """Whose words they are and under which licence they are used."""
    if form.in_house:
        return [f"Plain words of our own for what {measure.name} asks about. They are not the official questionnaire."]
    loaded = by_hash(db(), service_id=actor().service_id, form_hash=form.hash)
    if loaded is None:
        return []
    return [loaded.copyright, licence_line(loaded.licence_holder, loaded.licence_reference)]


def licence_line(holder: str, reference: str) -> str:
    return f"Used under licence: {', '.join(filter(None, (holder, reference)))}." if holder else ""


def page(measure: Instrument, form: Form, holder: list[str]) -> str:
    return render_template(
        "outcomes/staff/paper.jinja",
        measure=measure,
        form=form,
        holder=[each for each in holder if each],
        large=request.args.get("size") == LARGE,
    )
