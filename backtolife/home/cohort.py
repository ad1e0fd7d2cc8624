"""A cohort's page for staff: who came, who watched, who answered, and who may need a call."""

from dataclasses import dataclass
from datetime import datetime

from backtolife import audit
from backtolife.content.watching.watched import caught_up_at, watched_by_each
from backtolife.database.asked_together import ask_together
from backtolife.database.session import Db
from backtolife.home.unreached import unreached
from backtolife.outcomes.asking.due import Due, due_of_each
from backtolife.outcomes.forms.battery import choices_of
from backtolife.people.access import Actor, may
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.needs.kinds import COMPANY
from backtolife.people.needs.telling import needs_in_words
from backtolife.programme.cohorts import rules
from backtolife.programme.cohorts.models import Cohort, Enrolment, PlaceMove, SessionDate
from backtolife.programme.cohorts.rules import Door
from backtolife.programme.cohorts.services import dates_of, find_cohort, named_staff
from backtolife.programme.companions.booked import companions_of_each
from backtolife.programme.consent.answering import standing_answers
from backtolife.programme.consent.asking import not_agreed
from backtolife.programme.consent.rules import Stand
from backtolife.programme.consent.texts import texts_of
from backtolife.programme.patients.calling.calls import Called, newest_calls
from backtolife.programme.places.listing import Listed, places_in
from backtolife.programme.places.queue.freed import NextInTurn, next_in_turn
from backtolife.programme.places.queue.waiting import free_group, waiting_list
from backtolife.programme.places.transfer import brought_along, moved_away
from backtolife.sessions.joining.running_late import said_no_at
from backtolife.sessions.records.attendance import attendance_of, held_in_few_rows
from backtolife.sessions.records.marks import Mark, away, mark, why_call
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.services import next_for, sessions_of, started_in
from backtolife.sessions.trial.services import Tried, tried_by

BASELINE = "baseline"


@dataclass(frozen=True)
class Row:
    """One patient of the cohort."""

    enrolment: Enrolment
    person: Person
    marks: list[Mark]
    minutes: list[int]
    caught_up: list[datetime | None]
    """When they watched or read the video of each session that they had missed."""
    videos: int
    questions: str
    call_because: str
    unreached: bool
    """Our newest e-mail to them did not get out."""
    call: Called | None = None
    """The newest call with them."""
    beside: tuple[str, ...] = ()
    """Who is booked beside them for the whole course."""

    @property
    def needs(self) -> list[str]:
        """What helps them take part, a few words for each."""
        return needs_in_words(self.person)

    @property
    def needs_company(self) -> bool:
        """Whether somebody else in the session would meet what they need."""
        return bool(COMPANY & set(self.person.needs or ()))


@dataclass(frozen=True)
class CohortPage:
    """Everything the page shows. `rows` is empty for someone who may not see who is who."""

    cohort: Cohort
    dates: list[SessionDate]
    staff: list[str]
    rows: list[Row]
    people: int
    upcoming: GroupSession | None
    door: Door | None
    """Of the coming session; None after the last."""
    shows_people: bool
    places: list[Listed]
    """Everybody who has or had a place; empty for somebody who may not see who that is."""
    moved: list[tuple[Person, Cohort, PlaceMove]]
    """Who moved to another group."""
    not_agreed: list[tuple[Enrolment, Person, Stand]]
    """Who of them has not agreed to what the live room needs."""
    tried: dict[str, Tried]
    """How the trial runs of its people went, by person."""
    looked_back: dict[int, str]
    """Sessions that have started, by number: the id of each, for the page that looks back on it."""

    next_in_turn: list[NextInTurn]
    """Who is next on the waiting list, where a place is free; empty for somebody who offers none."""

    @property
    def not_tried(self) -> list[Row]:
        """Of whose camera, sound and network nothing is known yet. Once the first session has begun that is asked only
        of who came to the group since.
        """
        begun_at = self.dates[min(self.looked_back) - 1].starts_at if self.looked_back else None
        new = [row for row in self.rows if begun_at is None or row.enrolment.enrolled_at > begun_at]
        return [row for row in new if row not in self.have_tried]

    @property
    def have_tried(self) -> list[Row]:
        """Of whom it is known how their trial run went."""
        return [row for row in self.rows if row.person.id in self.tried and self.tried[row.person.id].words]


def cohort_page(db: Db, *, actor: Actor, cohort_id: str, now: datetime) -> CohortPage:
    """The page of one cohort; looking at patients leaves a trace. Raises NotFound for a cohort out of reach."""
    cohort = find_cohort(db, actor=actor, cohort_id=cohort_id)
    shows_people, shows_places = may(actor, "patient.read", cohort), may(actor, "place.read", cohort)
    ask_together(
        db,
        lambda: dates_of(db, cohort.id),
        lambda: sessions_of(db, cohort.id),
        lambda: named_staff(db, cohort.id),
        *((lambda: moved_away(db, cohort.id),) if shows_places else ()),
        *((lambda: of_the_group(db, cohort),) if shows_people else ()),
        *((lambda: waiting_list(db, actor=actor),) if may_offer_here(actor, cohort) else ()),
    )
    dates = dates_of(db, cohort.id)
    places = places_in(db, cohort.id)
    members = members_among(places)
    rows = rows_of(db, cohort, dates, members, now) if shows_people else []
    upcoming = next_for(db, cohort_id=cohort.id, now=now)
    date = dates[upcoming.number - 1] if upcoming else None
    page = CohortPage(
        cohort=cohort,
        dates=dates,
        staff=[isolated(person.full_name) for person in named_staff(db, cohort.id)],
        rows=rows,
        people=taken_among(places),
        upcoming=upcoming,
        door=rules.door(now, date) if date else None,
        shows_people=shows_people,
        places=places if shows_places else [],
        moved=moved_away(db, cohort.id) if shows_places else [],
        not_agreed=not_agreed(db, members=members, service_id=cohort.service_id) if shows_people else [],
        tried=tried_by(db, [person.id for _, person in members]) if shows_people else {},
        looked_back=started_in(db, cohort.id),
        next_in_turn=next_here(db, actor=actor, cohort=cohort, dates=dates, places=places, now=now),
    )
    if page.places:
        audit.record(db, actor=actor, action="cohort_seen", subject_type="cohort", subject_id=cohort.id, now=now)
    return page


def next_here(
    db: Db, *, actor: Actor, cohort: Cohort, dates: list[SessionDate], places: list[Listed], now: datetime
) -> list[NextInTurn]:
    """Who is next on the waiting list for a place that is free here, for whoever may offer it."""
    group = free_group(db, cohort=cohort, dates=dates, taken=taken_among(places), now=now)
    if group is None or not may_offer_here(actor, cohort):
        return []
    return next_in_turn([group], waiting_list(db, actor=actor))


def may_offer_here(actor: Actor, cohort: Cohort) -> bool:
    return may(actor, "waiting.change", actor) and may(actor, "cohort.enrol", cohort)


def taken_among(places: list[Listed]) -> int:
    return sum(each.enrolment.state in rules.HOLDS_A_PLACE for each in places)


def members_among(places: list[Listed]) -> list[tuple[Enrolment, Person]]:
    """Everyone who is in the group, by the name the group sees."""
    members = [(each.enrolment, each.person) for each in places if each.enrolment.state in rules.IN_THE_GROUP]
    return sorted(members, key=lambda each: (each[1].shown_name, each[1].id))


def of_the_group(db: Db, cohort: Cohort) -> None:
    """Ask for what the rows are made of, of the group as a whole."""
    brought_along(db, [cohort.id])
    choices_of(db, cohort.service_id)
    texts_of(db, cohort.service_id)


def of_its_people(db: Db, cohort: Cohort, members: list[tuple[Enrolment, Person]]) -> None:
    """Ask for what the rows are made of, of its people and its sessions."""
    people, places = [person.id for _, person in members], [place.id for place, _ in members]
    companions_of_each(db, places)
    standing_answers(db, people)
    tried_by(db, people)
    held_in_few_rows(db, cohort.id)


def rows_of(
    db: Db, cohort: Cohort, dates: list[SessionDate], members: list[tuple[Enrolment, Person]], now: datetime
) -> list[Row]:
    ask_together(db, lambda: of_its_people(db, cohort, members))
    minutes = {(each.person_id, each.session_number): each.minutes for each in attendance_of(db, cohort, now=now)}
    said_no = said_no_at(sessions_of(db, cohort.id))
    dues = due_of_each(db, cohort=cohort, enrolments=[enrolment for enrolment, _ in members], now=now)
    not_reached = unreached(db, person_ids=[person.id for _, person in members])
    calls = newest_calls(db, [person.id for _, person in members])
    beside = companions_of_each(db, [enrolment.id for enrolment, _ in members])
    watched = watched_by_each(db, [enrolment.id for enrolment, _ in members])
    rows = []
    for enrolment, person in members:
        own = [minutes.get((person.id, date.number), 0) for date in dates]
        marks = [
            Mark.LEFT_OUT
            if date.left_out_at
            else mark(own[place], ends_at=date.ends_at, now=now, said_no=(person.id, date.number) in said_no)
            for place, date in enumerate(dates)
        ]
        seen = watched[enrolment.id]
        videos = sum(1 for each in seen.values() if each.finished_at)
        since = [
            caught_up_at(seen.get(date.number), date.ends_at) if away(cell) else None
            for date, cell in zip(dates, marks, strict=True)
        ]
        due = next((each for each in dues[enrolment.id] if each.ask.id == BASELINE), None)
        rows.append(
            Row(
                enrolment,
                person,
                marks,
                own,
                since,
                videos,
                how_far(due),
                why_call(marks),
                person.id in not_reached,
                calls.get(person.id),
                beside.get(enrolment.id, ()),
            )
        )
    return rows


def how_far(due: Due | None) -> str:
    """How far somebody is with the first questions; who had started in another group is not asked them here."""
    if due is None:
        return "Not asked"
    return "Done" if due.finished else "Part done" if due.begun else "Not started"
