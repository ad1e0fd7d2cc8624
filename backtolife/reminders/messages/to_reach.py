"""Whom no message reaches, and who has to be rung, for the lists of what waits for staff."""

from datetime import datetime

from flask import url_for

from backtolife.database.session import Db
from backtolife.outcomes.tasks.to_reach import PeopleToReach, ToReach
from backtolife.people.access import Actor, may
from backtolife.people.names import isolated
from backtolife.reminders.messages.listing import open_ones
from backtolife.reminders.messages.what_became import title_of, what_became


def people_to_reach(db: Db, *, actor: Actor, zone: str, now: datetime) -> PeopleToReach:
    """Each message that goes no further by itself, the oldest first; none for who may not see messages."""
    if not may(actor, "message.read", actor):
        return PeopleToReach((), 0, "")
    found, stuck = [], open_ones(db, actor=actor)
    for message, person in stuck.rows:
        became = what_became(message, zone=zone, now=now)
        found.append(
            ToReach(
                who=isolated(person.full_name) if person is not None else message.address,
                about=title_of(message),
                state=became.tag,
                look=became.look,
                words=became.words,
                since=message.queued_at,
                person=person,
                href=url_for("messages.show", message_id=message.id),
            )
        )
    return PeopleToReach(found, stuck.count, url_for("messages.overview"))
