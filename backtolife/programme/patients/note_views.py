"""Pages on which staff write notes about a patient and what came of calls."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.patients import calls, notes
from backtolife.programme.patients.note_forms import CallForm, NoteForm

pages = Blueprint("patient_notes", __name__, url_prefix="/patients")
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
        calls.record_call(db(), enrolment=place, outcome=outcome, words=words, actor=actor(), now=now())
    except Invalid as error:
        form[error.field or "outcome"].errors = [error.message]
        return call_page(place, form), 400
    except Conflict:
        return call_page(place, form), 409
    flash("The call is written down.")
    return back(place)


def call_page(place: Enrolment, form: CallForm) -> str:
    return render_template(
        "programme/patients/call.jinja",
        form=form,
        enrolment=place,
        person=db().get_one(Person, place.person_id),
        cohort=db().get_one(Cohort, place.cohort_id),
        now=now(),
        calls=calls.calls_of(db(), place.person_id),
    )
