"""Which looks a clinical lead should ask about."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import literal, or_, union
from sqlmodel import col, select

from backtolife.data_life.records import About
from backtolife.database.session import Db
from backtolife.people.models import Kind, Person
from backtolife.programme.cohorts.models import CohortStaff, Enrolment, SessionCover


class Flag(StrEnum):
    WORKS_HERE = "works_here"
    """The patient may be a colleague too: somebody of staff has the same name, e-mail address or phone."""
    NOT_THEIR_GROUP = "not_their_group"
    """Whoever looked leads, spots or stands in in none of the patient's groups."""


@dataclass(frozen=True)
class Known:
    """What the flags of one page of looks are worked out from: two statements, however many looks there are."""

    colleagues: frozenset[str]
    """Patients who also work here, by id."""
    led: frozenset[tuple[str, str]]
    """Who of staff has a part in which group."""
    groups: dict[str, frozenset[str]]
    """Which groups each patient was ever in."""

    def flags(self, actor_id: str, whom: About) -> tuple[Flag, ...]:
        groups = {whom.cohort_id} if whom.cohort_id else self.groups.get(whom.person_id or "", frozenset())
        strange = bool(groups) and not any((actor_id, each) in self.led for each in groups)
        works_here = whom.person_id in self.colleagues
        return (*([Flag.WORKS_HERE] if works_here else []), *([Flag.NOT_THEIR_GROUP] if strange else []))


def known(db: Db, *, service_id: str, actor_ids: Collection[str], patients: Collection[Person]) -> Known:
    likeness = [col(Person.full_name), col(Person.email), col(Person.phone)]
    told = {each.id: (each.full_name, each.email, each.phone) for each in patients if each.is_patient}
    some = [column.in_([each[place] for each in told.values() if each[place]]) for place, column in enumerate(likeness)]
    staff = select(*likeness).where(Person.service_id == service_id, Person.kind == Kind.STAFF, or_(*some))
    alike = {word for row in db.exec(staff) for word in row if word} if told else set()
    parts = union(
        select(literal(True), CohortStaff.person_id, CohortStaff.cohort_id).where(
            col(CohortStaff.person_id).in_(actor_ids)
        ),
        select(literal(True), SessionCover.person_id, SessionCover.cohort_id).where(
            col(SessionCover.person_id).in_(actor_ids)
        ),
        select(literal(False), Enrolment.person_id, Enrolment.cohort_id).where(col(Enrolment.person_id).in_(told)),
    )
    led, groups = set(), dict[str, frozenset[str]]()
    for leads, person_id, cohort_id in db.connection().execute(parts):
        if leads:
            led.add((person_id, cohort_id))
        else:
            groups[person_id] = groups.get(person_id, frozenset()) | {cohort_id}
    return Known(
        colleagues=frozenset(each for each, words in told.items() if not alike.isdisjoint(words)),
        led=frozenset(led),
        groups=groups,
    )
