"""Which messages about the waiting list should still go."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlmodel import col, select

from backtolife.mail.channels import Channel
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import HOLDS_A_PLACE
from backtolife.programme.places.letters.waiting import NO_CONTACT, OFF
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.queue.stopping import STOPPED
from backtolife.reminders.checks.looking import Asked, Look

Held = Sequence[tuple[str, datetime]]
"""Who holds a place, and since when."""


def held_since(look: Look, people: Collection[str]) -> Held:
    """The places, also offered ones, that these people hold."""
    holding = select(Enrolment.person_id, Enrolment.enrolled_at).where(
        col(Enrolment.person_id).in_(people), col(Enrolment.state).in_(HOLDS_A_PLACE)
    )
    return look.db.exec(holding).all()


def has_since(held: Held, person_id: str, each: Asked) -> bool:
    """Whether this person has come to a place, or been offered one, since the message was true."""
    return any(whose == person_id and since >= each.message.true_at for whose, since in held)


def still_waiting(look: Look, people: Collection[str]) -> frozenset[str]:
    """Those of these people who are on the waiting list."""
    still = select(Waiting.person_id).where(col(Waiting.person_id).in_(people), col(Waiting.left_at).is_(None))
    return frozenset(look.db.exec(still))


def put_on_list(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once they wait no more."""
    rows = look.rows(Waiting, [each.ids[0] for each in asked])
    for each in asked:
        row = rows.get(each.ids[0])
        if row is not None and row.left_at is None and row.person_id == each.message.person_id:
            yield each


def taken_off_list(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not to who waits again, or has been offered a place or given one since; and nobody is rung to hear that they
    could not be reached.
    """
    rows = look.rows(Waiting, [each.ids[0] for each in asked])
    people = {each.person_id for each in rows.values()}
    held, waiting = held_since(look, people), still_waiting(look, people)
    for each in asked:
        row = rows.get(each.ids[0])
        if row is None or row.person_id != each.message.person_id or row.left_because not in STOPPED:
            continue
        is_call = each.message.channel is Channel.TELEPHONE and each.message.key.startswith(f"{OFF}:")
        in_vain = is_call and row.left_because == NO_CONTACT
        if not in_vain and row.person_id not in waiting and not has_since(held, row.person_id, each):
            yield each
