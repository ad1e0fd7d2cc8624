"""The page after a session: who came, how they were, who needs a call; notes and corrections."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol, cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import may, permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.places.transfer import who_was_in
from backtolife.sessions.records import closing, corrections, notes
from backtolife.sessions.records.came import put_right
from backtolife.sessions.room import services
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, GroupStatus
from backtolife.sessions.summary.forms import CorrectionForm, NoteForm
from backtolife.sessions.summary.services import summary_of

pages = Blueprint("summaries", __name__, url_prefix="/sessions")


class Became(Protocol):
    """What became of a warning sign: who took the task about it and who closed it, and when."""

    taken_by: str
    taken_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    opened_again: int


class BecameOfSigns(Protocol):
    """Where that is known, by live session and place; `rooms` names it."""

    def __call__(self, db: Db, *, enrolment_ids: Collection[str]) -> Mapping[tuple[str, str], Became]: ...


Page = str | Response | tuple[str, int]


@pages.get("/<group_session_id>/summary")
@permission("attendance.read")
def show(group_session_id: str) -> str:
    return page(find(group_session_id, "attendance.read"))


@pages.post("/<group_session_id>/summary/notes")
@permission("attendance.correct")
def write(group_session_id: str) -> Page:
    group_session, form = find(group_session_id, "attendance.correct"), NoteForm()
    if not form.validate_on_submit():
        return page(group_session, note=form), 400
    try:
        notes.write(
            db(),
            group_session=group_session,
            text=form.text.data or "",
            seen=form.seen.data or 0,
            actor=actor(),
            now=now(),
        )
    except (Invalid, Conflict) as error:
        form.text.errors = [error.message]
        return page(group_session, note=form), 400
    flash("The notes are saved.")
    return redirect(url_for("summaries.show", group_session_id=group_session.id))


@pages.post("/<group_session_id>/summary/attendance")
@permission("attendance.correct")
def correct(group_session_id: str) -> Page:
    group_session = find(group_session_id, "attendance.correct")
    form = CorrectionForm().offer(people_in(group_session))
    if not form.validate_on_submit():
        return page(group_session, correction=form), 400
    try:
        put_right(
            db(),
            group_session=group_session,
            person_id=form.person.data,
            minutes=form.minutes.data or 0,
            reason=form.reason.data or "",
            actor=actor(),
            now=now(),
        )
    except (Invalid, Conflict) as error:
        form[getattr(error, "field", "") or "person"].errors = [error.message]
        return page(group_session, correction=form), 400
    flash("Attendance is corrected.")
    return redirect(url_for("summaries.show", group_session_id=group_session.id))


@pages.post("/<group_session_id>/open-again")
@permission("session.lead")
def open_again(group_session_id: str) -> Response:
    """The session was ended by mistake. Where the other facilitator was quicker, it is open already."""
    find(group_session_id, "session.lead")
    held = room.load(db(), group_session_id)
    if held.status is not GroupStatus.RUNNING:
        closing.open_again(db(), group_session=held, actor=actor(), now=now())
    return redirect(url_for("sessions.enter_room", group_session_id=group_session_id))


def find(group_session_id: str, action: str) -> GroupSession:
    return services.find(db(), actor=actor(), group_session_id=group_session_id, action=action)


def people_in(group_session: GroupSession) -> list[tuple[str, str]]:
    was_in = who_was_in(db(), group_session.cohort_id, group_session.started_at or now())
    names = {person.id: person.full_name for _, person in was_in}
    return sorted(names.items(), key=lambda each: each[1])


def page(group_session: GroupSession, *, note: NoteForm | None = None, correction: CorrectionForm | None = None) -> str:
    versions = notes.versions_of(db(), group_session)
    newest = versions[0] if versions else None
    put_right = corrections.newest_by_person(db(), group_session)
    shown = note or NoteForm(formdata=None, text=newest.text if newest else "")
    shown.seen.data = newest.version if newest else 0
    summary = summary_of(db(), group_session=group_session, actor=actor(), now=now())
    places = [line.place for line in summary.people if line.place is not None]
    became = cast(BecameOfSigns, current_app.extensions["backtolife.became_of_signs"])
    return render_template(
        "sessions/managing/summary.jinja",
        summary=summary,
        became=became(db(), enrolment_ids=[each.id for each in places]),
        may_note={each.id for each in places if may(actor(), "note.write", each)},
        cohort=db().get_one(Cohort, group_session.cohort_id),
        note=shown,
        written=[(each, db().get_one(Person, each.by).full_name) for each in versions],
        conflict=note is not None and newest is not None and newest.text != (note.text.data or "").strip(),
        correction=correction or CorrectionForm(formdata=None).offer(people_in(group_session)),
        corrected_by={each.by: db().get_one(Person, each.by).full_name for each in put_right.values()},
        may_open_again=closing.may_open_again(db(), group_session, now())
        and may(actor(), "session.lead", group_session),
        may_write=may(actor(), "attendance.correct", group_session),
        now=now(),
    )
