"""Pages where staff write in answers from paper or telephone, and open forms again."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.answering.no_script import SentPage, from_page
from backtolife.outcomes.answering.reopening import open_again as reopen
from backtolife.outcomes.answering.saving import Given
from backtolife.outcomes.answering.sheet import sheet_of
from backtolife.outcomes.models import InstrumentResponse, Mode
from backtolife.outcomes.staff_entry.forms import AgainForm, EntryForm
from backtolife.outcomes.staff_entry.services import Entry, enter, latest_of, open_for_entry
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment

pages = Blueprint("entries", __name__, url_prefix="/patients/<enrolment_id>/questions/<milestone_id>")


@pages.get("/<instrument>")
@permission("form.enter")
def ask(enrolment_id: str, milestone_id: str, instrument: str) -> str:
    """The whole form on one page, with how and when they answered."""
    enrolment = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="form.enter")
    latest = latest_of(db(), enrolment, milestone_id, now())
    zone = ZoneInfo(db().get_one(Cohort, enrolment.cohort_id).zone)
    form = EntryForm(formdata=None, given_at=latest.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0))
    return page(opened(enrolment_id, milestone_id, instrument, Entry(Mode.PAPER, latest)), form, {})


def opened(enrolment_id: str, milestone_id: str, instrument: str, entry: Entry) -> tuple[InstrumentResponse, Enrolment]:
    return open_for_entry(
        db(),
        actor=actor(),
        enrolment_id=enrolment_id,
        milestone_id=milestone_id,
        instrument=instrument,
        entry=entry,
        production=settings().production,
        now=now(),
    )


def page(found: tuple[InstrumentResponse, Enrolment], form: EntryForm, errors: dict[str, str]) -> str:
    response, enrolment = found
    return render_template(
        "outcomes/staff/entry.jinja",
        sheet=sheet_of(db(), response, enrolment, now()),
        patient=db().get_one(Person, enrolment.person_id),
        enrolment=enrolment,
        entry=form,
        errors=errors,
        key=uuid4().hex,
    )


@pages.post("/<instrument>")
@permission("form.enter")
def keep(enrolment_id: str, milestone_id: str, instrument: str) -> str | Response | tuple[str, int]:
    form = EntryForm()
    enrolment = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="form.enter")
    sound = form.validate_on_submit()
    at = moment(enrolment, form.given_at.data) if form.given_at.data else now()
    entry = Entry(Mode(form.mode.data) if sound else Mode.PAPER, at, form.proxy.data or "")
    try:
        response, enrolment = opened(enrolment_id, milestone_id, instrument, entry)
    except Invalid as error:
        form[error.field or "given_at"].errors = [error.message]
        latest = latest_of(db(), enrolment, milestone_id, now())
        return page(opened(enrolment_id, milestone_id, instrument, Entry(Mode.PAPER, latest)), form, {}), 400
    sheet = sheet_of(db(), response, enrolment, now())
    given, errors = from_page(SentPage(sheet.form, 0, request.form), sheet.answers)
    if errors or not sound:
        return page((response, enrolment), form, errors), 400
    return finish(response, enrolment, given, entry, form)


def finish(
    response: InstrumentResponse, enrolment: Enrolment, given: list[Given], entry: Entry, form: EntryForm
) -> Response | tuple[str, int]:
    """Save and send. What was refused is shown again beside its question; an alert stands whatever follows."""
    g.keep = True
    site = settings().public_url
    try:
        saved = enter(db(), actor=actor(), response=response, given=given, entry=entry, site=site, now=now())
    except Invalid as error:
        first = sheet_of(db(), response, enrolment, now()).form.questions[0].id
        return page((response, enrolment), form, {first: error.message}), 400
    if saved.refused:
        wrong = {each.question: saved.refused[each.key] for each in given if each.key in saved.refused}
        return page((response, enrolment), form, wrong), 400
    if saved.alert:
        flash(
            "A member of staff must look at an answer here now. A safety task is open: look at it before you go on.",
            "alert",
        )
        return redirect(url_for("tasks.overview"))
    flash("The answers are saved and sent.")
    return redirect(url_for("patients.show", enrolment_id=enrolment.id))


def moment(enrolment: Enrolment, typed: datetime) -> datetime:
    """What somebody typed, on the group's clock."""
    return typed.replace(tzinfo=ZoneInfo(db().get_one(Cohort, enrolment.cohort_id).zone)).astimezone(UTC)


@pages.post("/open-again")
@permission("form.reopen")
def open_again(enrolment_id: str, milestone_id: str) -> Response:
    """Let them answer again, for seven days, with the reason on record."""
    find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="form.reopen")
    form = AgainForm()
    try:
        if not form.validate_on_submit():
            raise Invalid("Say why you are opening it again.")
        reopen(
            db(),
            actor=actor(),
            enrolment_id=enrolment_id,
            milestone_id=milestone_id,
            instrument=request.form.get("instrument", ""),
            reason=form.reason.data or "",
            now=now(),
        )
        flash("It is open again for seven days. They see it under Questions.")
    except (Invalid, Conflict) as error:
        flash(error.message, "alert")
    return redirect(url_for("patients.show", enrolment_id=enrolment_id))
