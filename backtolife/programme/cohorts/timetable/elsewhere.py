"""Where the people of a group are at other hours: sessions of other groups that they lead, spot or come to."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db, one_at_a_time
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Cohort, CohortStaff, Enrolment, SessionCover, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.cohorts.timetable.overlaps import Elsewhere


def one_timetable_at_a_time(db: Db, service_id: str) -> None:
    """Hold when the groups of this service meet and who is there, until the transaction ends.

    Two groups of one lead would else be moved to the same hour at once, and neither would see the other. Always taken
    before the lock of a group, so that nobody who holds a group waits for it.
    """
    one_at_a_time(db, f"timetable:{service_id}")


def elsewhere(
    db: Db, *, people: Mapping[str, str], but: str, first: datetime, last: datetime, and_not: str = ""
) -> list[Elsewhere]:
    """The sessions of other groups than `but` between two moments in which these people have a part. `and_not` is a
    group that they leave.
    """
    taking_part = [
        *parts(db, CohortStaff, people=people, but={but, and_not}, first=first, last=last),
        *parts(db, Enrolment, people=people, but={but, and_not}, first=first, last=last),
        *parts(db, SessionCover, people=people, but={but, and_not}, first=first, last=last),
    ]
    found = [Elsewhere(people[who], isolated(group), starts, ends) for who, group, starts, ends in taking_part]
    return sorted(set(found), key=lambda each: (each.starts_at, each.who))


def parts(
    db: Db,
    kind: type[CohortStaff] | type[Enrolment] | type[SessionCover],
    *,
    people: Collection[str],
    but: Collection[str],
    first: datetime,
    last: datetime,
) -> list[tuple[str, str, datetime, datetime]]:
    wanted = (
        select(kind.person_id, Cohort.name, SessionDate.starts_at, SessionDate.ends_at)
        .join(Cohort, col(Cohort.id) == col(kind.cohort_id))
        .join(SessionDate, col(SessionDate.cohort_id) == col(Cohort.id))
        .where(
            col(kind.person_id).in_(people),
            col(Cohort.id).not_in(but),
            SessionDate.starts_at < last,
            SessionDate.ends_at > first,
            col(SessionDate.left_out_at).is_(None),
        )
    )
    if kind is SessionCover:
        wanted = wanted.where(SessionCover.session_date_id == SessionDate.id)
    if kind is Enrolment:
        wanted = wanted.where(col(Enrolment.state).in_(MAY_JOIN))
    return list(db.exec(wanted).all())
