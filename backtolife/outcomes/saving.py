"""Saving answers as they are given: once each, the newest standing, with an alert the moment one calls for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import select

from backtolife.db import Db, one_at_a_time
from backtolife.errors import Invalid, NotFound
from backtolife.outcomes.alerts import safety_level
from backtolife.outcomes.answering import check_answer
from backtolife.outcomes.catalogue import load_instrument
from backtolife.outcomes.models import Answer, GivenAnswer, InstrumentResponse, Level
from backtolife.outcomes.responses import NONE_APPLY, find_response, form_for, why_closed
from backtolife.outcomes.safety import raise_task
from backtolife.outcomes.wording import Form
from backtolife.people.access import Actor
from backtolife.programme.models import Enrolment

LONGEST_KEY = 64


@dataclass(frozen=True)
class Given:
    """One answer as a page sends it. `value` None takes the answer back; `ago` is how long ago it was given."""

    question: str
    value: object
    key: str
    ago: timedelta = timedelta(0)


@dataclass
class Saved:
    """What became of a batch. Every key comes back once: saved (or known before), or refused with the reason."""

    keys: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    closed: str = ""
    """Why the form takes no answers; they were kept, but do not count."""
    alert: bool = False
    """Show the support page at once."""


@dataclass(frozen=True)
class Sheet:
    """One form as it is being answered, by whom and when."""

    response: InstrumentResponse
    enrolment: Enrolment
    form: Form
    actor: Actor
    site: str
    now: datetime


def save(
    db: Db,
    *,
    response_id: str,
    given: Sequence[Given],
    actor: Actor,
    site: str,
    now: datetime,
    action: str = "form.answer",
) -> Saved:
    """Save a batch of answers, oldest first. Sending a batch again, or from two places at once, changes nothing.

    `site` is the address of our pages. An alert is raised whatever else becomes of the answer that calls for it.
    """
    response, enrolment = find_response(db, actor=actor, response_id=response_id, action=action)
    one_at_a_time(db, f"response:{response.id}")
    db.refresh(response)
    sheet, saved = Sheet(response, enrolment, form_for(db, response), actor, site, now), Saved()
    known = set(db.exec(select(GivenAnswer.client_key).where(GivenAnswer.response_id == response.id)))
    standing = {row.item: row for row in db.exec(select(Answer).where(Answer.response_id == response.id))}
    closed: dict[datetime, str] = {}
    for each in sorted(given, key=lambda one: one.ago, reverse=True):
        try:
            check_key(each.key)
            value = checked(sheet.form, each)
        except Invalid as error:
            saved.refused[each.key] = error.message
            continue
        level = safety_level(load_instrument(response.instrument), each.question, number(value))
        saved.alert = saved.alert or level is not None
        if each.key not in known:
            known.add(each.key)
            at = min(max(now - each.ago, response.opened_at), now)
            if at not in closed:
                closed[at] = why_closed(db, response, enrolment, at)
            keep(db, sheet, each, value, at=at, used=not closed[at], standing=standing)
            saved.closed = closed[at] or saved.closed
            if level is not None:
                alert(db, sheet, each.question, Level(level), number(value))
        saved.keys.append(each.key)
    db.flush()
    return saved


def check_key(key: str) -> None:
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid("This answer came without its mark. Load the page again and give it once more.")


def checked(form: Form, given: Given) -> int | str | None:
    """The answer to store; None takes it back. Raises Invalid in the patient's words."""
    if given.question == NONE_APPLY and form.none_label:
        if given.value not in (None, 1, "1"):
            raise Invalid("Choose one of the answers shown.")
        return None if given.value is None else 1
    try:
        question = form.question(given.question)
    except NotFound as error:
        raise Invalid(error.message) from None
    if given.value is None or (question.kind == "text" and given.value == ""):
        return None
    return check_answer(question, given.value)


def number(value: int | str | None) -> int | None:
    return value if isinstance(value, int) else None


def keep(
    db: Db,
    sheet: Sheet,
    given: Given,
    value: int | str | None,
    *,
    at: datetime,
    used: bool,
    standing: dict[str, Answer],
) -> None:
    """Add the answer to what was given. It stands when it is the newest and the form was open then (`used`)."""
    response, now_there = sheet.response, standing.get(given.question)
    used = used and (now_there is None or now_there.answered_at <= at)
    plain, words = number(value), value if isinstance(value, str) else ""
    db.add(
        GivenAnswer(
            service_id=response.service_id,
            response_id=response.id,
            item=given.question,
            value=plain,
            words=words,
            client_key=given.key,
            answered_at=at,
            arrived_at=sheet.now,
            used=used,
        )
    )
    if used and now_there is None:
        now_there = standing[given.question] = Answer(
            service_id=response.service_id,
            response_id=response.id,
            item=given.question,
            answered_at=at,
            client_key=given.key,
        )
        db.add(now_there)
    if used and now_there is not None:
        now_there.value, now_there.words = plain, words
        now_there.answered_at, now_there.client_key = at, given.key
        response.started_at = response.started_at or at


def alert(db: Db, sheet: Sheet, item: str, level: Level, value: int | None) -> None:
    raise_task(
        db,
        enrolment=sheet.enrolment,
        response=sheet.response,
        item=item,
        level=level,
        value=value,
        actor=sheet.actor,
        site=sheet.site,
        now=sheet.now,
    )
