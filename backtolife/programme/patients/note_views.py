"""Pages on which staff write notes about a patient and what came of calls."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import may, permission
from backtolife.people.request import actor, db, now, service
from backtolife.programme.patients import notes
from backtolife.programme.patients.calling import calls, telling
from backtolife.programme.patients.calling import history as call_history
from backtolife.programme.patients.calling.shown import phone_shown, reached, speaks
from backtolife.programme.patients.models import CallOutcome
from backtolife.programme.patients.note_forms import CallForm, NoteForm
from backtolife.programme.patients.whose.around import around, asked_for
from backtolife.programme.patients.whose.finding import Whose, address_of

pages = Blueprint("patient_notes", __name__, url_prefix="/patients")
pages.add_app_template_global(phone_shown)
pages.add_app_template_global(speaks)
pages.add_app_template_global(reached)
Page = str | Response | tuple[str, int]


def find(at: dict[str, str]) -> Whose:
    return asked_for("note.write", at)


def back(whose: Whose) -> Response:
    return redirect(url_for("patients.show", **address_of(whose)))


@pages.get("/<enrolment_id>/notes")
@pages.get("/person/<person_id>/notes")
@permission("note.write")
def new(**at: str) -> Page:
    return page(find(at), NoteForm(formdata=None))


@pages.post("/<enrolment_id>/notes")
@pages.post("/person/<person_id>/notes")
@permission("note.write")
def write(**at: str) -> Page:
    whose, form = find(at), NoteForm()
    if not form.validate_on_submit():
        return page(whose, form), 400
    try:
        notes.write(db(), whose=whose, text=form.text.data, actor=actor(), now=now())
    except Invalid as error:
        form.text.errors = [error.message]
        return page(whose, form), 400
    flash("The note is saved.")
    return back(whose)


@pages.get("/<enrolment_id>/notes/<note_id>")
@pages.get("/person/<person_id>/notes/<note_id>")
@permission("note.write")
def show(note_id: str, **at: str) -> Page:
    whose = find(at)
    note = notes.find_note(db(), whose=whose, thread=note_id)
    newest = note.newest.row
    return page(whose, NoteForm(formdata=None, text=newest.text, seen=str(newest.version)), note)


@pages.post("/<enrolment_id>/notes/<note_id>")
@pages.post("/person/<person_id>/notes/<note_id>")
@permission("note.write")
def correct(note_id: str, **at: str) -> Page:
    whose, form = find(at), NoteForm()
    if form.validate_on_submit():
        try:
            text, seen = form.text.data, form.version
            notes.correct(db(), whose=whose, thread=note_id, seen=seen, text=text, actor=actor(), now=now())
        except (Conflict, Invalid) as error:
            form.text.errors = [error.message]
            note = notes.find_note(db(), whose=whose, thread=note_id)
            form.seen.data = str(note.newest.row.version)
            return page(whose, form, note), 409 if isinstance(error, Conflict) else 400
        flash("The note is corrected. What stood there before can still be read.")
        return back(whose)
    return page(whose, form, notes.find_note(db(), whose=whose, thread=note_id)), 400


def page(whose: Whose, form: NoteForm, note: notes.Note | None = None) -> str:
    return render_template("programme/patients/note.jinja", form=form, note=note, now=now(), **around(whose))


@pages.get("/<enrolment_id>/calls")
@pages.get("/person/<person_id>/calls")
@permission("note.write")
def ask_call(**at: str) -> Page:
    return call_page(find(at), CallForm(formdata=None))


@pages.post("/<enrolment_id>/calls")
@pages.post("/person/<person_id>/calls")
@permission("note.write")
def keep_call(**at: str) -> Page:
    whose, form = find(at), CallForm()
    if not form.validate_on_submit():
        return call_page(whose, form), 400
    try:
        outcome, words = form.outcome.data, form.words.data or ""
        call_history.refuse_unseen(db(), person_id=whose.person_id, seen=form.seen.data)
        told = form.told.data or []
        calls.record_call(db(), whose=whose, outcome=outcome, words=words, actor=actor(), now=now(), told=told)
    except (Invalid, Conflict) as error:
        return refused(whose, form, error)
    return kept(whose, "The call is written down.", outcome)


def refused(whose: Whose, form: CallForm, error: Invalid | Conflict, call: call_history.History | None = None) -> Page:
    form[getattr(error, "field", None) or "outcome"].errors = [error.message]
    return call_page(whose, form, call), error.status


def kept(whose: Whose, said: str, outcome: str) -> Response:
    """Back to the patient; from a wrong number on to where it is put right."""
    flash(said)
    if outcome == CallOutcome.WRONG_NUMBER and may(actor(), "patient.correct", whose):
        flash("Correct the number here. Until then nobody is offered to ring it.", "alert")
        return redirect(url_for("patient_details.show", **address_of(whose)))
    return back(whose)


@pages.get("/<enrolment_id>/calls/<call_id>")
@pages.get("/person/<person_id>/calls/<call_id>")
@permission("note.write")
def show_call(call_id: str, **at: str) -> Page:
    whose = find(at)
    call = call_history.history_of(db(), whose=whose, call_id=call_id)
    newest = call.newest.row
    told = call_history.told_before(db(), newest)
    return call_page(whose, CallForm(formdata=None, outcome=newest.outcome.value, words=newest.words, told=told), call)


@pages.post("/<enrolment_id>/calls/<call_id>")
@pages.post("/person/<person_id>/calls/<call_id>")
@permission("note.write")
def correct_call(call_id: str, **at: str) -> Page:
    whose, form = find(at), CallForm()
    if not form.validate_on_submit():
        return call_page(whose, form, call_history.history_of(db(), whose=whose, call_id=call_id)), 400
    outcome, words, told = form.outcome.data, form.words.data or "", form.told.data or []
    try:
        call_history.correct(
            db(), whose=whose, call_id=call_id, outcome=outcome, words=words, actor=actor(), now=now(), told=told
        )
    except (Invalid, Conflict) as error:
        return refused(whose, form, error, call_history.history_of(db(), whose=whose, call_id=call_id))
    return kept(whose, "The call is corrected. What stood there before can still be read.", outcome)


@pages.post("/<enrolment_id>/calls/<call_id>/take-back")
@pages.post("/person/<person_id>/calls/<call_id>/take-back")
@permission("note.write")
def take_back_call(call_id: str, **at: str) -> Page:
    whose = find(at)
    try:
        call_history.take_back(db(), whose=whose, call_id=call_id, actor=actor(), now=now())
    except (Conflict, NotFound) as error:  # pressed twice, or a colleague was quicker
        flash(error.message, "alert")
    else:
        flash("The call is taken back: it was not made.")
    return back(whose)


def call_page(whose: Whose, form: CallForm, call: call_history.History | None = None) -> str:
    before = calls.calls_of(db(), whose.person_id)
    form.seen.data = before[0].row.id if before else call_history.NO_CALL
    to_tell = telling.to_tell(db(), whose.person_id, thread=call.newest.row.thread if call else "")
    form.told.choices = [SelectChoice(each.id, telling.named(each, service().zone)) for each in to_tell]
    return render_template(
        "programme/patients/call.jinja",
        form=form,
        call=call,
        now=now(),
        calls=before,
        to_tell=[(each, telling.named(each, service().zone)) for each in to_tell],
        **around(whose),
    )
