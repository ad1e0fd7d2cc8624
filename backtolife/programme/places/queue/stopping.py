"""Somebody is taken off the waiting list without a place."""

from datetime import datetime

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor, authorise
from backtolife.programme.places.queue.listed import hold_list
from backtolife.programme.places.queue.waiting import Waits, refuse_left

STOPPED: dict[str, str] = {
    "no_longer_wants": "They no longer want a place",
    "elsewhere": "They are treated elsewhere",
    "no_contact": "We could not reach them",
    "mistake": "They were put here by mistake",
}


def stop_waiting(db: Db, *, waits: Waits, because: str, actor: Actor, now: datetime) -> None:
    """Take somebody off the list. Raises Invalid without a reason of `STOPPED`, Conflict where they are off it."""
    authorise(actor, "waiting.change", waits.row)
    if because not in STOPPED:
        raise Invalid("Choose why they wait no more.", "because")
    hold_list(db, actor.service_id)
    refuse_left(db, waits)
    waits.row.left_at, waits.row.left_because = now, because
    audit.record(
        db,
        actor=actor,
        action="waiting_stopped",
        subject_type="waiting",
        subject_id=waits.row.id,
        now=now,
        because=because,
    )
