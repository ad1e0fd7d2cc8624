"""Pages on which staff write notes about a patient and what came of calls."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import may, permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, service
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.patients import notes
from backtolife.programme.patients.calling import calls, telling
from backtolife.programme.patients.calling import history as call_history
from backtolife.programme.patients.calling.shown import phone_shown
from backtolife.programme.patients.models import CallOutcome
from backtolife.programme.patients.note_forms import CallForm, NoteForm

pages = Blueprint("patient_notes", __name__, url_prefix="/patients")
pages.add_app_template_global(phone_shown)
Page = str | Response | tuple[str, int]


def find(enrolment_id: str) -> Enrolment:
    return find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="note.write")


def back(place: Enrolment) -> Response:
    return redirect(url_for("patients.show", enrolment_id=place.id))


@pages.get("/<enrolment_id>/notes")
@permission("note.write")
def new(enrolment_id: str) -> Page:
    return page(find(enrolment_id), NoteForm(formdata=None))


@pages.post("/<enrolment_id>/notes")
@permission("note.write")
def write(enrolment_id: str) -> Page:
    place, form = find(enrolment_id), NoteForm()
    if not form.validate_on_submit():
        return page(place, form), 400
    try:
        notes.write(db(), enrolment=place, text=form.text.data, actor=actor(), now=now())
    except Invalid as error:
        form.text.errors = [error.message]
        return page(place, form), 400
    flash("The note is saved.")
    return back(place)


@pages.get("/<enrolment_id>/notes/<note_id>")
@permission("note.write")
def show(enrolment_id: str, note_id: str) -> Page:
    place = find(enrolment_id)
    note = notes.find_note(db(), enrolment=place, thread=note_id)
    newest = note.newest.row
    return page(place, NoteForm(formdata=None, text=newest.text, seen=str(newest.version)), note)


@pages.post("/<enrolment_id>/notes/<note_id>")
@permission("note.write")
def correct(enrolment_id: str, note_id: str) -> Page:
    place, form = find(enrolment_id), NoteForm()
    if form.validate_on_submit():
        try:
            text, seen = form.text.data, form.version
            notes.correct(db(), enrolment=place, thread=note_id, seen=seen, text=text, actor=actor(), now=now())
        except (Conflict, Invalid) as error:
            form.text.errors = [error.message]
            note = notes.find_note(db(), enrolment=place, thread=note_id)
            form.seen.data = str(note.newest.row.version)
            return page(place, form, note), 409 if isinstance(error, Conflict) else 400
        flash("The note is corrected. What stood there before can still be read.")
        return back(place)
    return page(place, form, notes.find_note(db(), enrolment=place, thread=note_id)), 400


def page(place: Enrolment, form: NoteForm, note: notes.Note | None = None) -> str:
    return render_template(
        "programme/patients/note.jinja",
        form=form,
        note=note,
        enrolment=place,
        person=db().get_one(Person, place.person_id),
        cohort=db().get_one(Cohort, place.cohort_id),
        now=now(),
    )


@pages.get("/<enrolment_id>/calls")
@permission("note.write")
def ask_call(enrolment_id: str) -> Page:
    return call_page(find(enrolment_id), CallForm(formdata=None))


@pages.post("/<enrolment_id>/calls")
@permission("note.write")
def keep_call(enrolment_id: str) -> Page:
    place, form = find(enrolment_id), CallForm()
    if not form.validate_on_submit():
        return call_page(place, form), 400
    try:
        outcome, words = form.outcome.data, form.words.data or ""
        call_history.refuse_unseen(db(), person_id=place.person_id, seen=form.seen.data)
        told = form.told.data or []
        calls.record_call(db(), enrolment=place, outcome=outcome, words=words, actor=actor(), now=now(), told=told)
    except (Invalid, Conflict) as error:
        return refused(place, form, error)
    return kept(place, "The call is written down.", outcome)


def refused(
    place: Enrolment, form: CallForm, error: Invalid | Conflict, call: call_history.History | None = None
) -> Page:
    form[getattr(error, "field", None) or "outcome"].errors = [error.message]
    return call_page(place, form, call), error.status


def kept(place: Enrolment, said: str, outcome: str) -> Response:
    """Back to the patient; from a wrong number on to where it is put right."""
    flash(said)
    if outcome == CallOutcome.WRONG_NUMBER and may(actor(), "patient.correct", place):
        flash("Correct the number here. Until then nobody is offered to ring it.", "alert")
        return redirect(url_for("patient_details.show", enrolment_id=place.id))
    return back(place)


@pages.get("/<enrolment_id>/calls/<call_id>")
@permission("note.write")
def show_call(enrolment_id: str, call_id: str) -> Page:
    place = find(enrolment_id)
    call = call_history.history_of(db(), enrolment=place, call_id=call_id)
    newest = call.newest.row
    told = call_history.told_before(db(), newest)
    return call_page(place, CallForm(formdata=None, outcome=newest.outcome.value, words=newest.words, told=told), call)


@pages.post("/<enrolment_id>/calls/<call_id>")
@permission("note.write")
def correct_call(enrolment_id: str, call_id: str) -> Page:
    place, form = find(enrolment_id), CallForm()
    if not form.validate_on_submit():
        return call_page(place, form, call_history.history_of(db(), enrolment=place, call_id=call_id)), 400
    outcome, words, told = form.outcome.data, form.words.data or "", form.told.data or []
    try:
        call_history.correct(
            db(), enrolment=place, call_id=call_id, outcome=outcome, words=words, actor=actor(), now=now(), told=told
        )
    except (Invalid, Conflict) as error:
        return refused(place, form, error, call_history.history_of(db(), enrolment=place, call_id=call_id))
    return kept(place, "The call is corrected. What stood there before can still be read.", outcome)


@pages.post("/<enrolment_id>/calls/<call_id>/take-back")
@permission("note.write")
def take_back_call(enrolment_id: str, call_id: str) -> Page:
    place = find(enrolment_id)
    try:
        call_history.take_back(db(), enrolment=place, call_id=call_id, actor=actor(), now=now())
    except Conflict as error:
        flash(error.message, "alert")
    else:
        flash("The call is taken back: it was not made.")
    return back(place)


def call_page(place: Enrolment, form: CallForm, call: call_history.History | None = None) -> str:
    person = db().get_one(Person, place.person_id)
    before = calls.calls_of(db(), place.person_id)
    form.seen.data = before[0].row.id if before else call_history.NO_CALL
    to_tell = telling.to_tell(db(), place.person_id, thread=call.newest.row.thread if call else "")
    form.told.choices = [SelectChoice(each.id, telling.named(each, service().zone)) for each in to_tell]
    return render_template(
        "programme/patients/call.jinja",
        form=form,
        call=call,
        enrolment=place,
        person=person,
        cohort=db().get_one(Cohort, place.cohort_id),
        now=now(),
        calls=before,
        to_tell=[(each, telling.named(each, service().zone)) for each in to_tell],
    )
