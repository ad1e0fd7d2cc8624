"""Pages where patients answer: what is due, one question a page, all on one page, sending, thanks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import uuid4

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from pydantic import Field
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.answering.no_script import SentPage, from_page
from backtolife.outcomes.answering.opening import open_next
from backtolife.outcomes.answering.responses import (
    answers_of,
    empty_numbers,
    find_response,
    form_for,
    page_count,
    resume_at,
    why_closed,
)
from backtolife.outcomes.answering.saving import Given, Saved, save_in
from backtolife.outcomes.answering.session import Sitting, sit_down
from backtolife.outcomes.answering.sheet import Sheet, before_words, sheet_of
from backtolife.outcomes.answering.submitting import submit_in
from backtolife.outcomes.answering.support import support_of
from backtolife.outcomes.asking.due import Due, due_for, due_for_actor
from backtolife.outcomes.asking.readiness import can_go_on, unsigned_of
from backtolife.outcomes.forms.adoption import NOT_SIGNED
from backtolife.outcomes.forms.service_wording import topic_of
from backtolife.outcomes.models import InstrumentResponse
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.cohorts.enrolment import asked_place_of
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.places.queue.standing import standing_of
from backtolife.text.dates_in_words import clock_time
from backtolife.text.from_json import Number, read

pages = Blueprint("forms", __name__, url_prefix="/questions")
MOST_AT_ONCE = 200
LONGEST_AGO_SECONDS = 400 * 24 * 3600


@dataclass(frozen=True)
class SentAnswer:
    """One answer as a page sends it. `ago` is how long ago it was given, `after` the key of the one before it."""

    question: str
    key: str
    value: Any = None
    ago: Annotated[Number, Field(ge=0, lt=LONGEST_AGO_SECONDS)] = 0
    after: str = ""


@dataclass(frozen=True)
class SentBatch:
    """What a page had to send since it last could."""

    answers: Annotated[list[SentAnswer], Field(max_length=MOST_AT_ONCE)]


@pages.get("")
@permission("form.answer")
def overview() -> str:
    places = due_for_actor(db(), actor=actor(), now=now())
    groups = {place.cohort_id: db().get_one(Cohort, place.cohort_id) for place, _ in places}
    dues = [due for _, theirs in places for due in theirs]
    if len(groups) > 1:
        dues.sort(key=lambda due: due.ask.due_at)
    zone = groups[places[0][0].cohort_id].zone if places else "Europe/London"
    open_now = [due for due in dues if due.state in ("due", "overdue") and not due.finished]
    not_ready = not_ready_in(open_now)
    return render_template(
        "outcomes/answering/overview.jinja",
        open=open_now,
        can_go_on=lambda due: can_go_on(due, not_ready),
        later=[due for due in dues if due.state == "upcoming"],
        done=[due for due in dues if due.finished],
        closed=[due for due in dues if due.state == "closed" and not due.finished and not due.ask.after_session],
        enrolled=bool(places),
        standing=None if places else standing_of(db(), person_id=actor().id),
        group_of=lambda due: groups[due.cohort_id].name if len(groups) > 1 else "",
        topic=lambda name: topic_of(db(), service_id=actor().service_id, instrument=name, now=now()),
        zone=zone,
        now=now(),
    )


def not_ready_in(dues: list[Due]) -> frozenset[str]:
    """Questions whose words nobody has signed for yet."""
    return unsigned_of(db(), service_id=actor().service_id, dues=dues, production=settings().production, now=now())


@pages.post("/begin/<milestone_id>")
@permission("form.answer")
def begin(milestone_id: str) -> Response:
    """Open the first form of a milestone that is not sent yet, at the first question without an answer."""
    enrolment = asked_place_of(db(), actor=actor(), cohort_id=request.form.get("group", ""))
    return go_on(enrolment, milestone_id)


def go_on(enrolment: Enrolment, milestone_id: str, sent: str = "", *, empty: bool = False) -> Response:
    """To the next form of the milestone, or to the thanks after the last. `sent` is the topic of the one just sent,
    `empty` that it was left out.

    Where the next one is not ready to be asked the overview says so.
    """
    done = f"You left out “{sent}”." if empty else f"“{sent}” is sent."
    if settings().production and next_part_waits(enrolment, milestone_id):
        flash(f"{done} {NOT_SIGNED}" if sent else NOT_SIGNED)
        return redirect(url_for("forms.overview"))
    response = open_next(
        db(),
        enrolment=enrolment,
        milestone_id=milestone_id,
        actor=actor(),
        production=settings().production,
        now=now(),
    )
    if response is None:
        return redirect(url_for("forms.thanks", milestone_id=milestone_id, group=enrolment.cohort_id))
    if sent:
        flash(f"{done} Here is the next part.")
    number = resume_at(form_for(db(), response), answers_of(db(), response))
    return redirect(url_for("forms.question", response_id=response.id, number=number))


def next_part_waits(enrolment: Enrolment, milestone_id: str) -> bool:
    dues = [each for each in due_for(db(), enrolment=enrolment, now=now()) if each.ask.id == milestone_id]
    not_ready = not_ready_in(dues)
    return any(due.left and not can_go_on(due, not_ready) for due in dues)


def opened(response_id: str) -> tuple[InstrumentResponse, Enrolment]:
    """The form, while it still takes answers. Raises Conflict, with words for the patient, when it does not."""
    response, enrolment = find_response(db(), actor=actor(), response_id=response_id)
    if closed := why_closed(db(), response, enrolment, now()):
        raise Conflict(closed)
    return response, enrolment


@pages.get("/<response_id>/<int:number>")
@permission("form.answer")
def question(response_id: str, number: int) -> str | Response:
    response, enrolment = opened(response_id)
    return show(sheet_of(db(), response, enrolment, now()), number)


@pages.get("/<response_id>/all")
@permission("form.answer")
def whole(response_id: str) -> str | Response:
    response, enrolment = opened(response_id)
    return show(sheet_of(db(), response, enrolment, now()), 0)


def show(sheet: Sheet, number: int, errors: dict[str, str] | None = None) -> str | Response:
    """One question (from 1), or all of them on one page (0)."""
    if number > sheet.pages:
        return redirect(url_for("forms.check", response_id=sheet.response.id))
    return render_template(
        "outcomes/answering/form.jinja",
        sheet=sheet,
        form=sheet.form,
        number=number,
        key=uuid4().hex,
        errors=errors or {},
    )


@pages.post("/<response_id>/<int:number>")
@permission("form.answer")
def answer(response_id: str, number: int) -> str | Response | tuple[str | Response, int]:
    """Without a script: save this page's answer and go on to the next."""
    return take_page(response_id, number)


@pages.post("/<response_id>/all")
@permission("form.answer")
def answer_all(response_id: str) -> str | Response | tuple[str | Response, int]:
    return take_page(response_id, 0)


def take_page(response_id: str, number: int) -> str | Response | tuple[str | Response, int]:
    sitting = sit(response_id)
    given, errors = from_page(SentPage(sitting.form, number, request.form), sitting.values)
    saved = keep(sitting, given)
    if saved.alert:
        return redirect(url_for("forms.support", response_id=response_id))
    if saved.closed:
        raise Conflict(saved.closed)
    errors |= {each.question: saved.refused[each.key] for each in given if each.key in saved.refused}
    if errors:
        return show(sheet_of(db(), sitting.response, sitting.enrolment, now()), number, errors), 400
    if 0 < number < page_count(sitting.form):
        return redirect(url_for("forms.question", response_id=response_id, number=number + 1))
    if empty_numbers(sitting.form, sitting.answers):
        return redirect(url_for("forms.check", response_id=response_id))
    return finish(sitting)


def sit(response_id: str) -> Sitting:
    return sit_down(db(), response_id=response_id, actor=actor(), site=settings().public_url, now=now())


def keep(sitting: Sitting, given: list[Given]) -> Saved:
    """Save, and keep what was saved whatever page follows."""
    saved = save_in(db(), sitting, given)
    g.keep = True
    return saved


@pages.post("/<response_id>/answers")
@permission("form.answer")
def save(response_id: str) -> dict[str, Any]:
    """With a script: answers as they are given, each with a key of its own. Says what was kept and where to go."""
    given = read_answers(request.get_json(silent=True))
    sitting = sit(response_id)
    saved = keep(sitting, given)
    return {
        "saved": saved.keys,
        "refused": saved.refused,
        "closed": saved.closed,
        "saved_at": clock_time(now(), sitting.cohort.zone),
        "support": url_for("forms.support", response_id=response_id) if saved.alert else None,
    }


def read_answers(body: object) -> list[Given]:
    """The batch in a JSON body. Raises Invalid when it is not one."""
    batch = read(SentBatch, body, instead="Some of these answers did not reach us. Load the page again.")
    return [
        Given(each.question, each.value, each.key, timedelta(seconds=each.ago), each.after) for each in batch.answers
    ]


@pages.get("/<response_id>/check")
@permission("form.answer")
def check(response_id: str) -> str:
    response, enrolment = opened(response_id)
    return render_template("outcomes/answering/check.jinja", sheet=sheet_of(db(), response, enrolment, now()))


@pages.post("/<response_id>/send")
@permission("form.answer")
def send(response_id: str) -> Response | tuple[str | Response, int]:
    return finish(sit(response_id))


def finish(sitting: Sitting) -> Response | tuple[str | Response, int]:
    """Send the form; go on with the next one of the milestone, or say thank you. Whoever likes leaves a part out."""
    left_out = "leave_out" in request.form
    try:
        submit_in(db(), sitting, left_out=left_out)
    except Invalid as error:
        sheet = sheet_of(db(), sitting.response, sitting.enrolment, now())
        return show(sheet, 1, {sheet.form.questions[0].id: error.message}), 400
    g.keep = True
    return go_on(sitting.enrolment, sitting.response.milestone_id, sent=sitting.form.topic, empty=not sitting.answers)


@pages.get("/<response_id>/support")
@permission("form.answer")
def support(response_id: str) -> str:
    response, enrolment = find_response(db(), actor=actor(), response_id=response_id)
    found = support_of(db(), response)
    cohort = db().get_one(Cohort, enrolment.cohort_id)
    sheet = sheet_of(db(), response, enrolment, now())
    return render_template(
        "outcomes/answering/support.jinja",
        sheet=sheet,
        raised=found.raised,
        owner=found.owner,
        call_before=before_words(found.promised_at, cohort.zone, now()) if found.promised_at else "",
        may_change=not why_closed(db(), response, enrolment, now()),
        number=found.number,
        me=db().get_one(Person, actor().id),
    )


@pages.get("/thanks/<milestone_id>")
@permission("form.answer")
def thanks(milestone_id: str) -> str | Response:
    group = request.args.get("group", "")
    places = due_for_actor(db(), actor=actor(), now=now())
    dues = [due for place, theirs in places if group in ("", place.cohort_id) for due in theirs]
    due = next((each for each in dues if each.ask.id == milestone_id), None)
    if due is None or not due.finished:
        return redirect(url_for("forms.overview"))
    coming = next((each for each in dues if each.state == "upcoming" and not each.ask.after_session), None)
    return render_template("outcomes/answering/thanks.jinja", due=due, coming=coming)
