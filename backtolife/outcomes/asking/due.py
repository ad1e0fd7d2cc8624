"""What is due from a patient: each milestone with what they have sent of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.extending import extended, longer_for_late, opened_and_new
from backtolife.outcomes.asking.schedule import Ask, State, asks_of, asks_on, chosen, covered_among
from backtolife.outcomes.forms.battery import choices_of
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
) -> dict[str, list[Due]]:
    """The same of many patients of one group, read at once, by enrolment. `dates` are the group's, where at hand."""
    asked = [each for each in enrolments if may_be_asked(each, later=True)]
    given = responses_of(db, asked)
    dates = dates_of(db, cohort.id) if dates is None else dates
    asks, fallback = asks_of(db, cohort, now=now, dates=dates), programme_of(db, cohort).instrument_fallback
    opened, new = opened_and_new(db, asked)
    until = longer_for_late(opened, new, asks, dates)
    found: dict[str, list[Due]] = {each.id: [] for each in enrolments}
    for each in asked:
        own = asks_for(each, asks, until.get(each.id, {}), given[each.id], is_new=each.id in new)
        found[each.id] = list_due(own, given[each.id], fallback, now, cohort.id)
    return found


@dataclass(frozen=True)
class Group:
    """One of many groups to ask in: who in it, and its dates."""

    cohort: Cohort
    dates: Sequence[SessionDate]
    places: Sequence[Enrolment]


def due_in_each(
    db: Db, groups: Sequence[Group], *, now: datetime, by: datetime, if_agreed: Collection[str] = ()
) -> dict[str, list[Due]]:
    """What opens until `by`, as `due_of_each` has it, of many groups at once, by place. As many statements for many
    groups as for one.

    `if_agreed`: the places, by id, for which it is as if those who left agreed to the later ones.
    """
    places = [each for group in groups for each in group.places]
    given, (opened, new) = responses_of(db, places), opened_and_new(db, places)
    covered = covered_among(db, [group.cohort for group in groups], now)
    choices = {each: choices_of(db, each) for each in {group.cohort.service_id for group in groups}}
    found: dict[str, list[Due]] = {each.id: [] for each in places}
    for group in groups:
        cohort = group.cohort
        fallback = programme_of(db, cohort).instrument_fallback
        here = asks_on(db, cohort, group.dates, covered=cohort.id in covered)
        asks = chosen(
            db,
            cohort,
            [ask for ask in here if ask.opens_at <= by],
            choices[cohort.service_id],
            covered=cohort.id in covered,
            now=now,
        )
        came = {each.id: new[each.id] for each in group.places if each.id in new}
        until = longer_for_late(opened, came, asks, group.dates)
        for each in group.places:
            agreed = each.agreed_later or each.id in if_agreed
            own = asks_for(each, asks, until.get(each.id, {}), given[each.id], is_new=each.id in new, agreed=agreed)
            found[each.id] = list_due(own, given[each.id], fallback, now, cohort.id)
    return found


def responses_of(db: Db, places: Collection[Enrolment]) -> dict[str, list[InstrumentResponse]]:
    """What was answered, by place; an empty list where nothing was. One statement."""
    given: dict[str, list[InstrumentResponse]] = {each.id: [] for each in places}
    for row in db.exec(select(InstrumentResponse).where(col(InstrumentResponse.enrolment_id).in_(given.keys()))):
        given[row.enrolment_id].append(row)
    return given


def asks_for(
    place: Enrolment,
    asks: Sequence[Ask],
    reopened: Mapping[str, datetime],
    given: Iterable[InstrumentResponse],
    *,
    is_new: bool,
    agreed: bool | None = None,
) -> list[Ask]:
    """Those of a group's milestones that this place is asked, with its own windows. `agreed`: whether they agreed to
    the later ones, where that is not to be as it stands.
    """
    may = place.agreed_later if agreed is None else agreed
    own = [ask for ask in asks if is_asked(place.state, agreed_later=may, later=ask.later)]
    if not is_new:  # started elsewhere: how they were before is what they said there, or what staff open
        begun = {row.milestone_id for row in given} | reopened.keys()
        own = [ask for ask in own if not ask.before_start or ask.id in begun]
    return [extended(ask, reopened.get(ask.id)) for ask in own]


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
