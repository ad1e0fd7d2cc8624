"""Saving answers as they are given: once each, the newest standing, with an alert the moment one calls for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import insert, select

from backtolife.database.session import Db, new_id
from backtolife.errors import Invalid, NotFound
from backtolife.outcomes.answering.responses import NONE_APPLY
from backtolife.outcomes.answering.session import Sitting, closed, sit_down
from backtolife.outcomes.answering.validation import check_answer
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.models import Answer, GivenAnswer, Level
from backtolife.outcomes.safety.raising import raise_task
from backtolife.outcomes.scoring.alerts import safety_level
from backtolife.people.access import Actor

LONGEST_KEY = 64


@dataclass(frozen=True)
class Given:
    """One answer as a page sends it. `value` None takes the answer back; `ago` is how long ago it was given.

    `after` is the key of the answer that stood on the page before it: where that one stands here too this one is newer,
    whatever the device's clock says.
    """

    question: str
    value: object
    key: str
    ago: timedelta = timedelta(0)
    after: str = ""


@dataclass
class Saved:
    """What became of a batch. Every key comes back once: saved (or known before), or refused with the reason."""

    keys: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    closed: str = ""
    """Why the form takes no answers; they were kept, but do not count."""
    alert: bool = False
    """Show the support page at once."""


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
    sitting = sit_down(db, response_id=response_id, actor=actor, site=site, now=now, action=action)
    return save_in(db, sitting, given)


def save_in(db: Db, sitting: Sitting, given: Sequence[Given]) -> Saved:
    """The same for a form that is at hand."""
    saved, batch = Saved(), Batch(sitting)
    response, now = sitting.response, sitting.now
    known = set(db.exec(select(GivenAnswer.client_key).where(GivenAnswer.response_id == response.id)))
    instrument = load_instrument(sitting.adopted.instrument, sitting.adopted.version)
    why: dict[datetime, str] = {}
    for each in sorted(given, key=lambda one: one.ago, reverse=True):
        try:
            check_key(each.key)
            value = checked(sitting.form, each)
        except Invalid as error:
            saved.refused[each.key] = error.message
            continue
        level = safety_level(instrument, each.question, number(value))
        saved.alert = saved.alert or level is not None
        if each.key not in known:
            known.add(each.key)
            at = min(max(now - each.ago, response.opened_at), now)
            if at not in why:
                why[at] = closed(db, sitting, at)
            batch.add(each, value, at=at, used=not why[at])
            saved.closed = why[at] or saved.closed
            if level is not None:
                alert(db, sitting, each.question, Level(level), number(value))
        saved.keys.append(each.key)
    batch.write(db)
    return saved


def check_key(key: str) -> None:
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid("We could not check this answer. Load the page again and answer once more.")


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


@dataclass
class Batch:
    """What a batch adds, for one statement a table: a form of twenty-four answers is forty-eight rows."""

    sitting: Sitting
    arrived: list[dict[str, Any]] = field(default_factory=list)
    new: list[Answer] = field(default_factory=list)

    def add(self, given: Given, value: int | str | None, *, at: datetime, used: bool) -> None:
        """Add the answer to what was given. It stands when it is the newest and the form was open then (`used`)."""
        response, standing = self.sitting.response, self.sitting.standing
        now_there = standing.get(given.question)
        if now_there is not None and given.after and now_there.client_key == given.after:
            at = max(at, now_there.answered_at)
        used = used and (now_there is None or now_there.answered_at <= at)
        common: dict[str, Any] = {"service_id": response.service_id, "response_id": response.id, "item": given.question}
        what: dict[str, Any] = {
            "value": number(value),
            "words": value if isinstance(value, str) else "",
            "client_key": given.key,
            "answered_at": at,
        }
        self.arrived.append(common | what | {"id": new_id(), "arrived_at": self.sitting.now, "used": used})
        if used and now_there is None:
            standing[given.question] = answer = Answer(**common, **what)
            self.new.append(answer)
        elif used and now_there is not None:
            for name, part in what.items():
                setattr(now_there, name, part)
        if used:
            response.started_at = response.started_at or at

    def write(self, db: Db) -> None:
        """Put the rows into the database, and what stood before up to date."""
        if self.arrived:
            db.execute(insert(GivenAnswer), self.arrived)
        if self.new:
            db.execute(insert(Answer), [answer.model_dump() for answer in self.new])
        db.flush()


def alert(db: Db, sitting: Sitting, item: str, level: Level, value: int | None) -> None:
    raise_task(
        db,
        enrolment=sitting.enrolment,
        response=sitting.response,
        item=item,
        level=level,
        value=value,
        actor=sitting.actor,
        site=sitting.site,
        now=sitting.now,
    )
