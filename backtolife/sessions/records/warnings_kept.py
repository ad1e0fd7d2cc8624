"""The warning signs that patients tick before a session: kept at that moment, for staff to read also afterwards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.sessions.records.models import WarningSign
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, GroupStatus
from backtolife.sessions.room.warning_signs import URGENT, group_of, warning_groups
from backtolife.sessions.state import seats
from backtolife.sessions.state.room_state import NewsLevel


@dataclass(frozen=True)
class Kept:
    """One tick, with the number of the session it stands before."""

    sign: WarningSign
    session: int


def tick(
    db: Db, *, group_session: GroupSession, person: Person, sign: str, ticked: bool, now: datetime, news: str = ""
) -> WarningSign | None:
    """Keep that the person ticked this group of signs, or took the tick off again. Saying it twice changes nothing.

    `group_session` is held by this transaction (`room.load`), so that two presses at once make one row. None when a
    sign is taken off that was never ticked. Raises Invalid for a sign that is not on the page.
    """
    group = group_of(sign)
    row = next((each for each in signs_of(db, group_session, person) if each.sign == sign), None)
    if row is None and not ticked:
        return None
    changed = row is None or (row.unticked_at is None) != ticked
    if row is None:
        row = WarningSign(
            service_id=group_session.service_id,
            group_session_id=group_session.id,
            cohort_id=group_session.cohort_id,
            person_id=person.id,
            sign=sign,
            label=group.words,
            advised=group.advice,
            at=now,
        )
        db.add(row)
    row.news = news or row.news
    if not changed:
        return row
    row.unticked_at = None if ticked else now
    db.flush()
    action = "warning_sign_ticked" if ticked else "warning_sign_unticked"
    audit.record(db, actor=person, action=action, subject_type="warning_sign", subject_id=row.id, now=now)
    return row


def keep_all(
    db: Db,
    *,
    group_session: GroupSession,
    person: Person,
    signs: Collection[str],
    news: str,
    now: datetime,
    shown: bool = True,
) -> room.Change | None:
    """The form was sent with these ticks. None where the room need not be told: nothing was or is ticked.

    Only where the page showed what was ticked before (`shown`), a box that is empty now says that it was taken off.
    """
    for sign in signs:
        tick(db, group_session=group_session, person=person, sign=sign, ticked=True, now=now, news=news.strip())
    for row in signs_of(db, group_session, person) if shown else ():
        if row.sign not in signs:
            tick(db, group_session=group_session, person=person, sign=row.sign, ticked=False, now=now)
    if not signs and not signs_of(db, group_session, person):
        return None
    return tell_room(db, group_session=group_session, person=person, now=now)


def tell_room(db: Db, *, group_session: GroupSession, person: Person, now: datetime) -> room.Change | None:
    """The facilitators in the room learn how urgent it is, also when the person never comes in. None after its end."""
    if group_session.status is GroupStatus.ENDED:
        return None
    ticked = set(ticked_by(db, group_session, person))
    level: NewsLevel = "urgent" if ticked & URGENT else "new" if ticked else ""
    return room.apply(db, group_session, seats.warn, now, person=person.id, level=level)


def signs_of(db: Db, group_session: GroupSession, person: Person) -> Sequence[WarningSign]:
    wanted = select(WarningSign).where(
        WarningSign.group_session_id == group_session.id, WarningSign.person_id == person.id
    )
    return db.exec(wanted).all()


def ticked_by(db: Db, group_session: GroupSession, person: Person) -> list[str]:
    """The signs that the person ticked before this session and did not take off again."""
    return sorted(each.sign for each in signs_of(db, group_session, person) if each.unticked_at is None)


def advised_to(db: Db, group_session: GroupSession, person: Person) -> list[str]:
    """What the page told the person to do at once, for the signs that stand ticked, the gravest first."""
    ticked = ticked_by(db, group_session, person)
    return [group.advice for group in warning_groups() if group.id in ticked and group.advice]


def signs_in(db: Db, group_session: GroupSession) -> Mapping[str, list[WarningSign]]:
    """Every tick before one session, by person, the first one first."""
    found: dict[str, list[WarningSign]] = {}
    wanted = select(WarningSign).where(WarningSign.group_session_id == group_session.id)
    for each in db.exec(wanted.order_by(col(WarningSign.at), col(WarningSign.id))):
        found.setdefault(each.person_id, []).append(each)
    return found


def signs_ticked(db: Db, *, at: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, list[WarningSign]]]:
    """What each patient ticked before each session, the first one first, with the session's number; `at` holds ids."""
    sessions, people = {session for session, _ in at}, {person for _, person in at}
    numbers = dict(
        db.exec(select(GroupSession.id, GroupSession.number).where(col(GroupSession.id).in_(sessions))).all()
    )
    found: dict[tuple[str, str], tuple[int, list[WarningSign]]] = {each: (numbers[each[0]], []) for each in at}
    wanted = select(WarningSign).where(
        col(WarningSign.group_session_id).in_(sessions), col(WarningSign.person_id).in_(people)
    )
    for row in db.exec(wanted.order_by(col(WarningSign.at), col(WarningSign.id))):
        key = (row.group_session_id, row.person_id)
        if key in found:
            found[key][1].append(row)
    return found


def signs_of_patient(db: Db, *, person_id: str, cohort_id: str) -> list[Kept]:
    """Every tick of one patient before the sessions of one group, the newest first."""
    wanted = select(WarningSign, GroupSession.number).join(
        GroupSession, col(GroupSession.id) == col(WarningSign.group_session_id)
    )
    wanted = wanted.where(WarningSign.person_id == person_id, WarningSign.cohort_id == cohort_id)
    return [Kept(sign, number) for sign, number in db.exec(wanted.order_by(col(WarningSign.at).desc()))]
