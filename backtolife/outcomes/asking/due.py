"""What is due from a patient: each milestone with what they have sent of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.extending import extended, windows_and_newcomers
from backtolife.outcomes.asking.schedule import Ask, State, asks_of
from backtolife.outcomes.models import InstrumentResponse
from backtolife.people.access import Actor, authorise
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.own_groups import own_groups
from backtolife.programme.cohorts.rules import is_asked
from backtolife.programme.cohorts.services import dates_of

Responses = dict[str, InstrumentResponse]


@dataclass(frozen=True)
class Due:
    """One milestone of one patient: what is asked, and their responses by instrument."""

    ask: Ask
    state: State
    responses: Responses
    cohort_id: str = ""
    """The group it is asked for: somebody in two groups is asked for each."""

    @property
    def finished(self) -> bool:
        return all(self.sent(name) for name in self.ask.instruments)

    @property
    def begun(self) -> bool:
        return self.begun_at is not None

    @property
    def begun_at(self) -> datetime | None:
        """When the first answer of any form was given; None before it."""
        return min((each.started_at for each in self.responses.values() if each.started_at), default=None)

    @property
    def sent_at(self) -> datetime | None:
        """When the last form was sent; None while one is missing."""
        times = [response.completed_at for response in self.responses.values() if response.completed_at]
        return max(times) if self.finished and times else None

    @property
    def left(self) -> tuple[str, ...]:
        """The instruments not sent yet, in their order."""
        return tuple(name for name in self.ask.instruments if not self.sent(name))

    def days_early(self, instrument: str) -> int:
        """Whole days between the sending and the opening by the group's present dates, where it was sent before: the
        group was moved since. 0 otherwise.
        """
        response = self.responses.get(instrument)
        if response is None or response.completed_at is None:
            return 0
        return max((self.ask.opens_at - response.completed_at).days, 0)

    def sent(self, instrument: str) -> bool:
        response = self.responses.get(instrument)
        return response is not None and response.completed_at is not None


def due_for(db: Db, *, enrolment: Enrolment, now: datetime) -> list[Due]:
    """All milestones of one patient with what they sent, first due first. Of someone who has left the later ones, where
    they agreed to those, and else nothing.

    For pages and reminders: pick by `state`, `finished` and `begun`.
    """
    if not may_be_asked(enrolment, later=True):
        return []
    return due_of_each(db, cohort=db.get_one(Cohort, enrolment.cohort_id), enrolments=[enrolment], now=now)[
        enrolment.id
    ]


def due_of_each(
    db: Db,
    *,
    cohort: Cohort,
    enrolments: Sequence[Enrolment],
    now: datetime,
    dates: Sequence[SessionDate] | None = None,
    if_agreed: bool = False,
) -> dict[str, list[Due]]:
    """The same of many patients of one group, read at once, by enrolment. `dates` are the group's, where at hand.

    `if_agreed`: as it would be if those who left agreed to the later ones.
    """

    def may_be(each: Enrolment, *, later: bool) -> bool:
        return is_asked(each.state, agreed_later=if_agreed or each.agreed_later, later=later)

    asked = [each for each in enrolments if may_be(each, later=True)]
    ids = [each.id for each in asked]
    given: dict[str, list[InstrumentResponse]] = {each: [] for each in ids}
    for row in db.exec(select(InstrumentResponse).where(col(InstrumentResponse.enrolment_id).in_(ids))):
        given[row.enrolment_id].append(row)
    dates = dates_of(db, cohort.id) if dates is None else dates
    asks, fallback = asks_of(db, cohort, now=now, dates=dates), programme_of(db, cohort).instrument_fallback
    until, new = windows_and_newcomers(db, asked, asks, dates=dates)
    found: dict[str, list[Due]] = {each.id: [] for each in enrolments}
    for each in asked:
        own, reopened = [ask for ask in asks if may_be(each, later=ask.later)], until.get(each.id, {})
        if each.id not in new:  # started elsewhere: how they were before is what they said there, or what staff open
            begun = {row.milestone_id for row in given[each.id]} | reopened.keys()
            own = [ask for ask in own if not ask.before_start or ask.id in begun]
        theirs = [extended(ask, reopened.get(ask.id)) for ask in own]
        found[each.id] = list_due(theirs, given[each.id], fallback, now, cohort.id)
    return found


def may_be_asked(enrolment: Enrolment, *, later: bool) -> bool:
    """Whether this person is asked anything; `later` for the questions some months after the end."""
    return is_asked(enrolment.state, agreed_later=enrolment.agreed_later, later=later)


def due_for_actor(db: Db, *, actor: Actor, now: datetime) -> list[tuple[Enrolment, list[Due]]]:
    """Each place of the acting patient and what is due from them there; nothing for someone without a group."""
    authorise(actor, "form.answer", actor)
    return [
        (own.place, due_of_each(db, cohort=own.cohort, enrolments=[own.place], now=now, dates=own.dates)[own.place.id])
        for own in own_groups(db, actor=actor)
    ]


def list_due(
    asks: Sequence[Ask],
    rows: Iterable[InstrumentResponse],
    fallback: Mapping[str, str],
    now: datetime,
    cohort_id: str = "",
) -> list[Due]:
    """`asks` with one patient's responses. One begun before cover changed keeps its place: nobody is asked twice."""
    given: dict[str, Responses] = {}
    for row in rows:
        given.setdefault(row.milestone_id, {})[row.instrument] = row
    twins = {**fallback, **{low: high for high, low in fallback.items()}}
    found = []
    for ask in asks:
        responses = given.get(ask.id, {})
        names = tuple(keep_begun(name, twins.get(name, ""), ask, responses) for name in ask.instruments)
        found.append(Due(replace(ask, instruments=names), ask.state(now), responses, cohort_id))
    return found


def keep_begun(name: str, twin: str, ask: Ask, responses: Responses) -> str:
    return twin if twin in responses and name not in responses and twin not in ask.instruments else name
