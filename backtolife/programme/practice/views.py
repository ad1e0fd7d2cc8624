"""A patient's practice diary, and the week that it is about: pages that also work without a link, once kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from pydantic import Field
from werkzeug.wrappers import Response

from backtolife.clock import in_zone
from backtolife.database.session import new_id
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.enrolment import enrolment_of
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.practice import rules, services
from backtolife.programme.practice.forms import KEY, EntryForm, form_for
from backtolife.programme.practice.models import PracticeEntry
from backtolife.programme.practice.rules import Felt, Written
from backtolife.programme.practice.week import week_of
from backtolife.text.catalogues.worded import worded
from backtolife.text.from_json import Number, Whole, read
from backtolife.text.said import translated

pages = Blueprint("practice", __name__)
Page = str | Response | tuple[str, int]
MOST_AT_ONCE = 50
NOT_READ = "This entry did not reach us whole. Please write it again."


@dataclass(frozen=True)
class SentEntry:
    """One entry as a page sends it. Days are ISO dates; `ago` is how long ago it was written, in seconds."""

    key: Annotated[str, Field(pattern=KEY)]
    edit: Annotated[Whole, Field(ge=0, le=100_000)]
    day: Annotated[str, Field(max_length=10)]
    item: Annotated[str, Field(max_length=80)]
    what: Annotated[str, Field(max_length=4 * rules.LONGEST_WHAT)]
    minutes: Whole | None
    felt: Annotated[str, Field(max_length=20)]
    note: Annotated[str, Field(max_length=4 * rules.LONGEST_NOTE)]
    device_day: Annotated[str, Field(max_length=10)]
    ago: Annotated[Number, Field(ge=0, le=services.LONGEST_AGO.total_seconds())]


@dataclass(frozen=True)
class SentBatch:
    entries: Annotated[list[dict[str, Any]], Field(max_length=MOST_AT_ONCE)]


@pages.get("/practice")
@permission("practice.write")
def show() -> str:
    """The diary: what was written, and a form for more. Raises NotFound without a place."""
    enrolment = enrolment_of(db(), actor=actor())
    return diary_page(enrolment, form_for(week_of(db(), enrolment, now()), today=today_of(enrolment)))


def today_of(enrolment: Enrolment) -> date:
    return in_zone(now(), db().get_one(Cohort, enrolment.cohort_id).zone).date()


def diary_page(enrolment: Enrolment, form: EntryForm) -> str:
    cohort = db().get_one(Cohort, enrolment.cohort_id)
    form.key.data = form.key.data or new_id()
    return render_template(
        "programme/practice/diary.jinja",
        diary=services.diary_in(db(), enrolment),
        form=form,
        cohort=cohort,
        today=in_zone(now(), cohort.zone).date(),
        felt=rules.FELT,
        our_day=lambda entry: in_zone(entry.written_at, cohort.zone).date(),
        clock_is_off=lambda entry: unsure(entry, cohort.zone),
        now=now(),
    )


def unsure(entry: PracticeEntry, zone: str) -> bool:
    """Whether to ask for the day of an entry: the device kept another time, and nobody has looked at it since."""
    return entry.changed_at is None and rules.clock_is_off(entry.device_day, in_zone(entry.written_at, zone).date())


@pages.post("/practice")
@permission("practice.write")
def write() -> Page:
    """Without a script: one entry."""
    enrolment = enrolment_of(db(), actor=actor())
    form = form_for(week_of(db(), enrolment, now()), today=today_of(enrolment))
    if form.validate_on_submit():
        try:
            services.keep_entry(
                db(), enrolment=enrolment, key=form.key.data or new_id(), written=form.written, actor=actor(), now=now()
            )
        except (Invalid, Conflict) as error:
            say_wrong(form, error)
        else:
            flash(worded("Saved. Thank you for writing it down."))
            return redirect(url_for("practice.show"))
    return diary_page(enrolment, form), 400


def say_wrong(form: EntryForm, error: Invalid | Conflict) -> None:
    field = error.field if isinstance(error, Invalid) and error.field else "what"
    form[field].errors = [error.message]


@pages.post("/practice/entries")
@permission("practice.write")
def take() -> dict[str, Any]:
    """With a script: entries as they were written, each with a key of its own. Says which are kept, and why not."""
    batch = read(SentBatch, request.get_json(silent=True), instead=NOT_READ)
    enrolment = enrolment_of(db(), actor=actor())
    saved, refused = list[str](), dict[str, dict[str, str]]()
    for each in batch.entries:
        key = str(each.get("key", ""))[:64]
        try:
            keep_sent(enrolment, read(SentEntry, each, instead=NOT_READ), now())
            saved.append(key)
        except (Invalid, Conflict) as error:
            field = error.field if isinstance(error, Invalid) else None
            refused[key] = {"error": translated(error.message), "field": field or ""}
    return {"saved": saved, "refused": refused}


def keep_sent(enrolment: Enrolment, sent: SentEntry, at: datetime) -> None:
    felt = Felt(sent.felt) if sent.felt in set(Felt) else None
    services.keep_entry(
        db(),
        enrolment=enrolment,
        key=sent.key,
        written=Written(day_of(sent.day), sent.item, sent.what, sent.minutes, felt, sent.note),
        actor=actor(),
        now=at,
        edit=sent.edit,
        ago=timedelta(seconds=sent.ago),
        device_day=day_of(sent.device_day),
    )


def day_of(text: str) -> date:
    """Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(worded("Please choose the day on which you did it"), "day") from None


@pages.get("/practice/<entry_id>")
@permission("practice.write")
def change(entry_id: str) -> str:
    entry = services.find_entry(db(), actor=actor(), entry_id=entry_id)
    return change_page(entry, form_of(entry))


def form_of(entry: PracticeEntry) -> EntryForm:
    enrolment = db().get_one(Enrolment, entry.enrolment_id)
    return form_for(week_of(db(), enrolment, now()), entry=entry)


def change_page(entry: PracticeEntry, form: EntryForm) -> str:
    return render_template("programme/practice/change.jinja", entry=entry, form=form)


@pages.post("/practice/<entry_id>")
@permission("practice.write")
def correct(entry_id: str) -> Page:
    entry = services.find_entry(db(), actor=actor(), entry_id=entry_id)
    form = form_of(entry)
    if form.validate_on_submit():
        try:
            services.correct(
                db(), entry=entry, written=form.written, seen=form.edit.data or 0, actor=actor(), now=now()
            )
        except (Invalid, Conflict) as error:
            say_wrong(form, error)
        else:
            flash(worded("Saved."))
            return redirect(url_for("practice.show"))
    return change_page(entry, form), 400


@pages.post("/practice/<entry_id>/take-out")
@permission("practice.write")
def take_out(entry_id: str) -> Response:
    entry = services.find_entry(db(), actor=actor(), entry_id=entry_id)
    services.take_out(db(), entry=entry, actor=actor(), now=now())
    flash(worded("Taken out of your diary. You can put it back: it is at the end of this page."))
    return redirect(url_for("practice.show"))


@pages.post("/practice/<entry_id>/put-back")
@permission("practice.write")
def put_back(entry_id: str) -> Response:
    services.put_back(db(), entry=services.find_entry(db(), actor=actor(), entry_id=entry_id), actor=actor())
    flash(worded("It is back in your diary."))
    return redirect(url_for("practice.show"))


@pages.post("/practice/<entry_id>/delete")
@permission("practice.write")
def delete(entry_id: str) -> Response:
    entry = services.find_entry(db(), actor=actor(), entry_id=entry_id)
    services.delete_for_good(db(), entry=entry, actor=actor(), now=now())
    flash(worded("Deleted. Nobody can read it any more."))
    return redirect(url_for("practice.show"))
