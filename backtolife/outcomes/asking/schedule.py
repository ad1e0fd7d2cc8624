"""What is asked of a group and when: milestones on its dates, as moments."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.outcomes.asking.milestones import Window, after_each_session, battery, windows_of
from backtolife.outcomes.forms.battery import choices_of, in_force
from backtolife.outcomes.forms.models import ChosenBattery
from backtolife.outcomes.forms.service_wording import words_of_each
from backtolife.outcomes.safety.on_call import covered_of_each, is_covered
from backtolife.people.models import Service
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.plan.template import Programme

State = Literal["upcoming", "due", "overdue", "closed"]
AFTER_SESSION_WORDS = "If you came to this session: three quick questions about it."


@dataclass(frozen=True)
class Ask:
    """One milestone on one group's calendar. `closes_at` is the first moment at which no more answers are taken."""

    id: str
    label: str
    patient_text: str
    session: int
    after_session: bool
    """True for the small one after each session, False for a milestone."""
    opens_at: datetime
    due_at: datetime
    """The last moment of the day it is due."""
    closes_at: datetime
    instruments: tuple[str, ...]
    later: bool = False
    """Some months after the end: asked also of those who left and agreed to it."""

    @property
    def last_moment(self) -> datetime:
        """The last second of the last day, for showing which day that is."""
        return self.closes_at - timedelta(seconds=1)

    @property
    def before_start(self) -> bool:
        """Whether it asks how somebody was before they came for the first time."""
        return self.session == 1 and not self.after_session and not self.later

    def state(self, now: datetime) -> State:
        """Upcoming before it opens, due to the end of the due day, then overdue until it closes."""
        if now < self.opens_at:
            return "upcoming"
        if now <= self.due_at:
            return "due"
        return "overdue" if now < self.closes_at else "closed"


def asks_of(
    db: Db,
    cohort: Cohort,
    *,
    now: datetime | None = None,
    windows_only: bool = False,
    dates: Sequence[SessionDate] | None = None,
) -> tuple[Ask, ...]:
    """Everything asked of the cohort, first due first; it moves when a session moves.

    The service's own choice of questions counts where it was made before the window opened; questions whose licence
    is over at `now` (at the opening, without one) are left out. PHQ-9 falls back to PHQ-8 where nobody covers its
    last question. With `windows_only` the questions are the programme's, whoever covers: for asking when, not what.
    `dates` are the group's, where at hand.
    """
    covered = windows_only or (covers_item_9(db, cohort) and is_covered(db, cohort, now))
    asks = asks_on(db, cohort, dates_of(db, cohort.id) if dates is None else dates, covered=covered)
    choices = {} if windows_only else choices_of(db, cohort.service_id)
    return chosen(db, cohort, asks, choices, covered=covered, now=now)


def chosen(
    db: Db,
    cohort: Cohort,
    asks: Iterable[Ask],
    choices: Mapping[str, list[ChosenBattery]],
    *,
    covered: bool,
    now: datetime | None,
) -> tuple[Ask, ...]:
    """What the programme asks of the group, with what its service chose instead: its `choices` by milestone."""
    fallback = {} if covered else programme_of(db, cohort).instrument_fallback
    return tuple(as_chosen(db, ask, choices.get(ask.id, []), fallback=fallback, now=now) for ask in asks)


def would_close(
    db: Db, cohort: Cohort, before: Mapping[int, datetime], after: Mapping[int, datetime], now: datetime
) -> list[str]:
    """The labels of the questions that are open now and would be closed if the group's sessions began at `after`."""
    zone = ZoneInfo(cohort.zone)
    whole = [each for each in programme_of(db, cohort).milestones if each.anchor_session in before]
    today = now.astimezone(zone).date()
    then = {each.milestone.id: each.state(today) for each in windows_of(whole, after, zone)}
    return [
        each.milestone.label
        for each in windows_of(whole, before, zone)
        if each.state(today) in ("due", "overdue") and then[each.milestone.id] == "closed"
    ]


def asks_on(db: Db, cohort: Cohort, dates: Iterable[SessionDate], *, covered: bool) -> tuple[Ask, ...]:
    """Everything that the programme asks of the cohort on these dates, first due first."""
    programme, on = programme_of(db, cohort), {each.number: each for each in dates}
    taking_place = sorted(number for number, each in on.items() if each.left_out_at is None)
    small = after_each_session(taking_place, programme.after_each_session, AFTER_SESSION_WORDS)
    whole = [milestone for milestone in programme.milestones if milestone.anchor_session in on]
    starts = {number: each.starts_at for number, each in on.items()}
    windows = windows_of([*whole, *small], starts, ZoneInfo(cohort.zone))
    small_ids = {milestone.id for milestone in small}
    return tuple(
        as_ask(window, programme=programme, zone=cohort.zone, covered=covered, dates=on, small_ids=small_ids)
        for window in windows
    )


class Begins(Protocol):
    """A session of a group, as far as questions hang on it."""

    @property
    def number(self) -> int: ...
    @property
    def starts_at(self) -> datetime: ...


def milestone_is_open(db: Db, cohort: Cohort, dates: Iterable[Begins], *, since: datetime, until: datetime) -> bool:
    """Whether the questions of a milestone are open at some time from `since` to `until`, on these dates."""
    zone, starts = ZoneInfo(cohort.zone), {each.number: each.starts_at for each in dates}
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    on = [each for each in programme_of(db, cohort).milestones if each.anchor_session in starts]
    return any(each.opens_on <= last and first <= each.closes_on for each in windows_of(on, starts, zone))


def covered_among(db: Db, cohorts: Collection[Cohort], at: datetime) -> set[str]:
    """In which of these groups, by id, PHQ-9 may be asked with its last question: the service says so, and somebody is
    there. One statement for each service and time zone.
    """
    say_so = [each for each in cohorts if covers_item_9(db, each)]
    return covered_of_each(db, say_so, at) if say_so else set()


def covers_item_9(db: Db, cohort: Cohort) -> bool:
    """Whether the service says that a clinician of it answers for the question about self-harm."""
    return db.get_one(Service, cohort.service_id).covers_item_9


def as_chosen(
    db: Db,
    ask: Ask,
    choices: list[ChosenBattery],
    *,
    fallback: Mapping[str, str],
    now: datetime | None,
) -> Ask:
    """The milestone with the questions that the service chose for it, where it did in time."""
    choice = in_force(choices, ask.opens_at)
    if choice is None:
        return ask
    names = list(dict.fromkeys(fallback.get(name, name) for name in choice.instruments))
    at = max(now or ask.opens_at, ask.opens_at)
    ready = words_of_each(db, service_id=choice.service_id, instruments=names, now=at)
    return replace(ask, instruments=tuple(name for name in names if name in ready))


def as_ask(
    window: Window,
    *,
    programme: Programme,
    zone: str,
    covered: bool,
    dates: dict[int, SessionDate],
    small_ids: Iterable[str],
) -> Ask:
    milestone, place = window.milestone, ZoneInfo(zone)
    opens = datetime.combine(window.opens_on, time(), place)
    after_session = milestone.id in small_ids
    if after_session:
        opens = dates[milestone.anchor_session].over_at
    return Ask(
        id=milestone.id,
        label=milestone.label,
        patient_text=milestone.patient_text,
        session=milestone.anchor_session,
        after_session=after_session,
        opens_at=opens,
        due_at=datetime.combine(window.due_on, time.max, place),
        closes_at=datetime.combine(window.closes_on + timedelta(days=1), time(), place),
        instruments=battery(milestone, item9_covered=covered, fallback=programme.instrument_fallback),
        later=milestone.later,
    )


def ask_of(
    db: Db, cohort: Cohort, milestone_id: str, *, now: datetime | None = None, windows_only: bool = False
) -> Ask:
    """One milestone of a cohort. Raises NotFound."""
    for ask in asks_of(db, cohort, now=now, windows_only=windows_only):
        if ask.id == milestone_id:
            return ask
    raise NotFound("We could not find these questions. Go to Questions to see what there is.")
