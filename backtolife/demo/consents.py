"""What the demo's service asks its patients to agree to, and who has."""

from collections.abc import Collection
from datetime import datetime

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.people.roles import acting_as
from backtolife.programme.consent.answering import answer
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.consent.texts import publish, shipped_words, texts_of


def publish_all(db: Db, *, actor: Actor, now: datetime) -> None:
    """Put the words that come with the programme in force."""
    for kind in ConsentKind:
        publish(db, kind=kind, words=shipped_words(kind), asks_again=True, seen=0, actor=actor, now=now)


def agree(db: Db, *, people: Collection[Person], now: datetime, says_no: Collection[ConsentKind] = ()) -> None:
    """These patients answer everything that is in force: yes, but to what they say no to."""
    for person in people:
        for kind, asked in texts_of(db, person.service_id).items():
            answer(
                db,
                person=person,
                kind=kind,
                text=asked.newest,
                agreed=kind not in says_no,
                actor=acting_as(db, person),
                now=now,
            )
