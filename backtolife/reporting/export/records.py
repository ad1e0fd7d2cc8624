"""One person at a time, ready to be written into a file: never a name, and never more than one group in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.extending import extended, windows_of_each
from backtolife.outcomes.asking.schedule import Ask, asks_of
from backtolife.outcomes.models import AdoptedInstrument
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.reporting.dataset.at_home import AtHome, at_home_in
from backtolife.reporting.dataset.invited import Stay, invited_at, stays_of
from backtolife.reporting.dataset.rows import Figure, Given, Opened, answers_in, forms_in, scores_in
from backtolife.reporting.export.csv_cells import moment_text
from backtolife.reporting.export.sql_lines import Lines, lines_in
from backtolife.sessions.records.attendance import attendance_of
from backtolife.sessions.room.models import GroupSession


class FormRecord(NamedTuple):
    """One form: what was asked, and what came of it. Without `opened` it was asked and never opened.

    A named tuple and not a dataclass, because a large service has a hundred thousand of them in one file.
    """

    milestone: str
    instrument: str
    invited_at: str | None
    opened: Opened | None = None
    adopted: AdoptedInstrument | None = None
    answers: Sequence[Given] = ()
    lines: Lines = ""
    """The answers as lines of the long file, where it was asked for them in place of `answers`."""
    scores: Sequence[Figure] = ()
    opens_at: str | None = None
    """When its questions open by the group's present dates, as text in UTC."""


@dataclass(frozen=True)
class PersonRecord:
    """One person under their code, with every form they were asked, in the order it was due."""

    code: str
    group: str
    state: str
    stay: Stay
    minutes: dict[int, int]
    """Minutes in each session they came to, by its number."""
    started: frozenset[int]
    """The numbers of the sessions that have taken place."""
    at_home: AtHome | None
    """What they wrote in their practice diary; None where they wrote nothing."""
    forms: tuple[FormRecord, ...] = field(default=())


def records(
    db: Db, *, service_id: str, now: datetime, came: bool = True, lines: bool = False
) -> Iterator[PersonRecord]:
    """Everyone who ever had a place, group by group. Without `came` nobody looks up who came to which session; with
    `lines` their answers are lines of the long file, and not rows.
    """
    cohorts = select(Cohort).where(Cohort.service_id == service_id).order_by(col(Cohort.first_day), col(Cohort.id))
    pinned = select(AdoptedInstrument).where(AdoptedInstrument.service_id == service_id)
    adopted = {row.id: row for row in db.exec(pinned)}
    db.expunge_all()
    for cohort in list(db.exec(cohorts)):
        yield from in_cohort(db, cohort, adopted, now, came=came, lines=lines)
        db.expunge_all()


def in_cohort(
    db: Db, cohort: Cohort, adopted: dict[str, AdoptedInstrument], now: datetime, *, came: bool, lines: bool
) -> Iterator[PersonRecord]:
    every = asks_of(db, cohort)
    opens = {ask.id: moment_text(ask.opens_at) for ask in every}
    forms, scores = forms_in(db, cohort.id), scores_in(db, cohort.id)
    begun = {milestone for given in forms.values() for milestone, _ in given}
    # A group that was moved may have answers to questions that are still to open by its present dates.
    asks = [ask for ask in every if ask.state(now) != "upcoming" or ask.id in begun]
    minutes, started = attended(db, cohort, now) if came else ({}, frozenset())
    at_home = at_home_in(db, cohort.id) if came else {}
    enrolments = db.exec(select(Enrolment).where(Enrolment.cohort_id == cohort.id).order_by(col(Enrolment.code))).all()
    stays, until = stays_of(db, enrolments), windows_of_each(db, enrolments, asks)
    answers = {} if lines else answers_in(db, cohort.id)
    written = lines_in(db, cohort.id) if lines else {}
    for enrolment in enrolments:
        stay, longer = stays[enrolment.id], until.get(enrolment.id, {})
        theirs, given = [extended(ask, longer.get(ask.id)) for ask in asks], forms.get(enrolment.id, {})
        yield PersonRecord(
            code=enrolment.code,
            group=cohort.name,
            state=enrolment.state.value,
            stay=stay,
            minutes=minutes.get(enrolment.person_id, {}),
            started=started,
            at_home=at_home.get(enrolment.id),
            forms=tuple(
                FormRecord(
                    milestone,
                    instrument,
                    invited,
                    one,
                    adopted[one.adopted_id] if one else None,
                    answers.get(one.id, ()) if one else (),
                    written.get(one.id, "") if one else "",
                    scores.get(one.id, ()) if one else (),
                    opens.get(milestone),
                )
                for milestone, instrument, invited, one in asked_or_begun(stay, theirs, given, now)
            ),
        )


def attended(db: Db, cohort: Cohort, now: datetime) -> tuple[dict[str, dict[int, int]], frozenset[int]]:
    """Minutes by person and session, and the numbers of the sessions that have taken place."""
    came: dict[str, dict[int, int]] = {}
    for each in attendance_of(db, cohort, now=now):
        came.setdefault(each.person_id, {})[each.session_number] = each.minutes
    held = select(GroupSession.number).where(
        GroupSession.cohort_id == cohort.id, col(GroupSession.started_at).is_not(None)
    )
    return came, frozenset(db.exec(held))


def asked_or_begun(
    stay: Stay, asks: Sequence[Ask], given: dict[tuple[str, str], Opened], now: datetime
) -> Iterator[tuple[str, str, str | None, Opened | None]]:
    """Each form asked, and each one begun although it is not asked any more: milestone, instrument, invited, form."""
    begun: dict[str, list[str]] = {}
    for milestone, name in given:
        begun.setdefault(milestone, []).append(name)
    for ask in asks:
        invited = moment_text(invited_at(stay, ask, now)) or None
        here: Any = begun.get(ask.id, ())
        names = [name for name in ask.instruments if invited or name in here]
        for name in [*names, *(name for name in here if name not in names)]:
            yield ask.id, name, invited, given.get((ask.id, name))
