"""Finding a patient of one's own groups, or of the service, by name, number, birth or how they are reached."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, func, or_
from sqlalchemy import select as sql
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife.database.sealing import Sealing
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor, authorise, may_everywhere
from backtolife.people.asked import Asked, has_number, has_words
from backtolife.people.identity.identifiers import people_with
from backtolife.people.identity.systems import SYSTEMS
from backtolife.people.models import Kind, Person
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.state_words import whys_declined, words_of
from backtolife.programme.patients.alike import born_on
from backtolife.programme.patients.whose.finding import Unplaced, Whose

A_PAGE = 50
SORTS = {
    "name": "By name",
    "group": "By group",
    "newest": "Added last first",
    "born": "By date of birth",
}


@dataclass(frozen=True)
class Listed:
    """A patient with their newest place that the actor may see; None for somebody without one."""

    person: Person
    enrolment: Enrolment | None
    cohort: Cohort | None
    why: str = ""
    """Why their place went to nobody, of one that they did not take."""

    @property
    def whose(self) -> Whose:
        """By which their pages are found."""
        return self.enrolment or Unplaced(self.person.id, self.person.service_id)

    @property
    def words(self) -> str:
        """Where they stand."""
        return words_of(self.enrolment.state, self.why) if self.enrolment is not None else "Has no place yet"


@dataclass(frozen=True)
class Found:
    """One page of a list: its rows, how many there are in all, and on how many pages."""

    rows: list[Listed]
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // A_PAGE))


def find_patients(db: Db, *, actor: Actor, asked: Asked, sealing: Sealing) -> Found:
    """The patients whom the actor may see and who fit what was asked. At most five statements."""
    authorise(actor, "patient.list", actor)
    everywhere = may_everywhere(actor, "patient.list")
    # For each person by the index of their places: a list of all the newest ones, joined, made SQLite and a PostgreSQL
    # without statistics (as after a restore) look through all of it for each person.
    place = aliased(Enrolment)
    newest = sql(col(place.id)).where(col(place.person_id) == col(Person.id))  # people are of one service alone
    if not everywhere:
        newest = newest.where(col(place.cohort_id).in_(actor.cohort_ids))
    newest = newest.order_by(col(place.enrolled_at).desc(), col(place.id)).limit(1).correlate(Person)
    wanted = (
        select(Person, Enrolment, Cohort)
        .select_from(Person)
        .join(Enrolment, col(Enrolment.id) == newest.scalar_subquery(), isouter=everywhere)
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id), isouter=everywhere)
        .where(
            Person.service_id == actor.service_id,
            Person.kind == Kind.PATIENT,
            col(Person.merged_into_id).is_(None),
            fits(db, actor, asked, sealing),
        )
    )
    total = db.exec(select(func.count()).select_from(wanted.with_only_columns(col(Person.id)).subquery())).one()
    name = (func.lower(Person.full_name), col(Person.id))
    order = {
        "name": name,
        "group": (col(Cohort.name).is_(None), col(Cohort.name), *name),
        "newest": (col(Person.created_at).desc(), *name),
    }.get(asked.sort, name)
    first = (asked.page - 1) * A_PAGE
    if asked.sort == "born":
        ids = by_birth(db, wanted)[first : first + A_PAGE]
        rows = {row[0].id: row for row in db.exec(wanted.where(col(Person.id).in_(ids)))}
        return Found(listed(db, [rows[each] for each in ids if each in rows]), total)
    page = wanted.order_by(*order).limit(A_PAGE).offset(first)
    return Found(listed(db, db.exec(page).all()), total)


def listed(db: Db, rows: Iterable[tuple[Person, Enrolment | None, Cohort | None]]) -> list[Listed]:
    """These rows with why a place was not taken. One statement, none where all were."""
    found = list(rows)
    declined = [place.id for _, place, _ in found if place and place.state is EnrolmentState.DECLINED]
    whys = whys_declined(db, declined)
    return [Listed(who, place, cohort, whys.get(place.id, "") if place else "") for who, place, cohort in found]


def by_birth(db: Db, wanted: Select[Person, Enrolment, Cohort]) -> list[str]:
    """The ids of these people, the oldest first, who has no date of birth last. The days are encrypted, so they are
    put in order here.
    """
    days = wanted.with_only_columns(col(Person.id), col(Person.date_of_birth), func.lower(col(Person.full_name)))
    rows = db.connection().execute(days).all()
    return [row[0] for row in sorted(rows, key=lambda row: (row[1] is None, row[1] or date.max, row[2], row[0]))]


def fits(db: Db, actor: Actor, asked: Asked, sealing: Sealing) -> ColumnElement[bool]:
    """The condition on rows of people: all words in name, address or phone; or the number, or the date of birth."""
    if not asked.typed:
        return col(Person.id).is_not(None)
    born, numbers = day_in(asked.typed), numbers_in(asked.typed)
    by_number = people_with(db, service_id=actor.service_id, numbers=numbers, sealing=sealing) if numbers else []
    return or_(
        has_words(asked.words, col(Person.full_name), col(Person.shown_name), col(Person.email)),
        has_number(asked.typed, col(Person.phone)),
        col(Person.id).in_([each.id for each in by_number]),
        born_on(born, actor.service_id) if born is not None else false(),
    )


def numbers_in(typed: str) -> dict[str, str]:
    """The systems in which what was typed can be a number, with the number."""
    found = {}
    for key, system in SYSTEMS.items():
        try:
            found[key] = system.checked(typed)
        except Invalid:
            continue
    return found


def day_in(typed: str) -> date | None:
    """A date of birth as people write it: 1961-03-31, 31/3/1961 or 31.3.1961; None for something else."""
    parts = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", typed) or re.fullmatch(
        r"(\d{1,2})[/. ](\d{1,2})[/. ](\d{4})", typed
    )
    if parts is None:
        return None
    first, second, third = (int(each) for each in parts.groups())
    try:
        return date(first, second, third) if first > 31 else date(third, second, first)
    except ValueError:
        return None
