"""What suits somebody who waits is put right."""

from datetime import datetime

from backtolife import audit
from backtolife.database.session import Db
from backtolife.people.access import Actor, authorise
from backtolife.programme.places import rules
from backtolife.programme.places.queue.listed import hold_list
from backtolife.programme.places.queue.waiting import Waits, refuse_left
from backtolife.programme.places.rules import Wishes


def change_wishes(db: Db, *, waits: Waits, wishes: Wishes, actor: Actor, now: datetime) -> list[str]:
    """Keep other wishes; since when they wait stays. Returns the names of what changed.

    Raises Conflict where they wait no more, Invalid for too many words.
    """
    authorise(actor, "waiting.change", waits.row)
    rules.check_words(wishes.words)
    hold_list(db, actor.service_id)
    refuse_left(db, waits)
    row = waits.row
    wanted = {
        "times": list(wishes.times),
        "way": wishes.way,
        "earliest": wishes.earliest,
        "words": wishes.words.strip(),
    }
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        audit.record(
            db,
            actor=actor,
            action="waiting_wishes_changed",
            subject_type="waiting",
            subject_id=row.id,
            now=now,
            fields=" ".join(changed),
        )
    return changed
