"""Whom no message reaches, and who has to be rung, for the lists of what waits for staff."""

from datetime import datetime

from flask import url_for

from backtolife.database.session import Db
from backtolife.outcomes.tasks.to_reach import PeopleToReach, ToReach
from backtolife.people.access import Actor, may
from backtolife.people.names import isolated
from backtolife.reminders.messages.calls_promised import PromisedCall, calls_promised
from backtolife.reminders.messages.listing import open_ones
from backtolife.reminders.messages.what_became import title_of, what_became
from backtolife.text.dates_in_words import near_day


def people_to_reach(db: Db, *, actor: Actor, zone: str, now: datetime) -> PeopleToReach:
    """Each message that goes no further by itself and each call that was promised, the oldest first; none for who may
    not see messages.
    """
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
    promised = [to_ring(each, zone, now) for each in calls_promised(db, actor=actor, zone=zone, now=now)]
    first = sorted([*promised, *found], key=lambda each: each.since)
    return PeopleToReach(first, stuck.count + len(promised), url_for("messages.overview"))


def to_ring(call: PromisedCall, zone: str, now: datetime) -> ToReach:
    """Done by writing down a call in which they were spoken with, or word was left."""
    late = call.by <= now
    return ToReach(
        who=isolated(call.person.full_name),
        about="Missed a session",
        state="Call is late" if late else "Call promised",
        look="alert" if late else "wait",
        words=f"We wrote that we would call by {near_day(call.by, zone, now)}.",
        since=call.since,
        person=call.person,
        href=url_for("patient_notes.ask_call", enrolment_id=call.place.id),
    )
