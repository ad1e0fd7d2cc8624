"""A call that was written down wrongly is put right or taken back, and nobody writes one past a colleague's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.patients.calling.calls import OUTCOMES, STANDS, Called, checked, trace
from backtolife.programme.patients.calling.telling import settle, to_tell
from backtolife.programme.patients.models import PhoneCall
from backtolife.programme.patients.whose.finding import Whose

CHANGED_MEANWHILE = "Somebody changed this call while you had it open. It is shown as it is now; your words are here."
NOT_FOUND = "We could not find this call. It may have been taken back."
NO_CALL = "none"


@dataclass(frozen=True)
class History:
    """A call as it stands, and what stood there before, the newest first."""

    newest: Called
    earlier: tuple[Called, ...]


def newest_mark(db: Db, person_id: str | None) -> str:
    """Which call with this person was written down last."""
    wanted = select(PhoneCall.id).where(PhoneCall.person_id == person_id, STANDS)
    return db.exec(wanted.order_by(col(PhoneCall.at).desc(), col(PhoneCall.id))).first() or NO_CALL


def refuse_unseen(db: Db, *, person_id: str | None, seen: str | None) -> None:
    """Raise Conflict, naming the colleague, where a call was written down that the page did not show.

    `seen`: the `newest_mark` of the page; None where it showed none.
    """
    if seen is None or person_id is None:
        return
    one_at_a_time(db, f"calls:{person_id}")
    newest = newest_mark(db, person_id)
    if newest in (seen, NO_CALL):
        return
    row = db.get_one(PhoneCall, newest)
    name = isolated(db.get_one(Person, row.by).full_name)
    raise Conflict(
        f"{name} wrote down a call while you had this open: {OUTCOMES[row.outcome].lower()}. It is below. "
        "Yours is not saved yet: if it was another call, press the button again."
    )


def history_of(db: Db, *, whose: Whose, call_id: str) -> History:
    """One call with this patient that stands. Raises NotFound."""
    row = db.get(PhoneCall, call_id)
    if row is None or row.person_id != whose.person_id:
        raise NotFound(NOT_FOUND)
    changer = aliased(Person)
    wanted = (
        select(PhoneCall, Person.full_name, changer.full_name)
        .join(Person, col(Person.id) == col(PhoneCall.by))
        .join(changer, col(changer.id) == col(PhoneCall.replaced_by), isouter=True)
        .where(PhoneCall.thread == row.thread)
    )
    found = [Called(each, isolated(by), corrected_by=isolated(who or "")) for each, by, who in db.exec(wanted)]
    standing = [each for each in found if each.row.replaced_at is None]
    if not standing:
        raise NotFound(NOT_FOUND)
    earlier = [(each.row.replaced_at, each) for each in found if each.row.replaced_at is not None]
    return History(standing[0], tuple(each for _, each in sorted(earlier, key=lambda one: one[0], reverse=True)))


def hold(db: Db, *, whose: Whose, call_id: str, actor: Actor) -> PhoneCall:
    """The call that the page showed, while nobody else writes. Raises NotFound, Conflict where it stands no more."""
    authorise(actor, "note.write", whose)
    one_at_a_time(db, f"calls:{whose.person_id}")
    row = history_of(db, whose=whose, call_id=call_id).newest.row
    db.refresh(row)
    if row.id != call_id or row.replaced_at is not None:
        raise Conflict(CHANGED_MEANWHILE)
    return row


def correct(
    db: Db,
    *,
    whose: Whose,
    call_id: str,
    outcome: str,
    words: str,
    actor: Actor,
    now: datetime,
    told: Collection[str] | None = None,
) -> PhoneCall:
    """Put a call right; when it was, who rang and what was written before stay. What the first outcome brought is
    undone, and what the right one brings is done.

    `told`: the messages that they know by this call; None where that is as it was. Raises Invalid, and as `hold` does.
    """
    row = hold(db, whose=whose, call_id=call_id, actor=actor)
    came, words = checked(outcome, words)
    known = told_before(db, row) if told is None else told
    if (came, words) == (row.outcome, row.words):
        settle(db, call=row, told=known, actor=actor, now=now)
        return row
    row.replaced_at, row.replaced_by = now, actor.id
    right = PhoneCall(
        service_id=row.service_id,
        person_id=row.person_id,
        message_id=row.message_id,
        outcome=came,
        words=words,
        by=row.by,
        at=row.at,
        thread=row.thread,
        number=row.number,
    )
    db.add(right)
    db.flush()
    trace(db, "call_corrected", right, actor, now)
    settle(db, call=right, told=known, actor=actor, now=now)
    return right


def told_before(db: Db, row: PhoneCall) -> list[str]:
    """Which messages this call was about: what it told, and the one for whose sake it was made."""
    found = to_tell(db, row.person_id, thread=row.thread) if row.person_id else []
    return [each.id for each in found if each.told_in == row.thread or each.id == row.message_id]


def take_back(db: Db, *, whose: Whose, call_id: str, actor: Actor, now: datetime) -> None:
    """There was no such call: it stands in no list any more, and is kept; what it told is to be told again. Raises as
    `hold` does.
    """
    row = hold(db, whose=whose, call_id=call_id, actor=actor)
    row.replaced_at, row.replaced_by = now, actor.id
    trace(db, "call_taken_back", row, actor, now)
    settle(db, call=row, told=(), actor=actor, now=now)
