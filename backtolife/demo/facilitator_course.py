"""How far the demo's facilitators are in their course: one has signed, one has begun."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from backtolife.database.session import Db, new_id
from backtolife.people.models import Person
from backtolife.people.roles import acting_as
from backtolife.programme.adopted.services import newest
from backtolife.programme.course.rules import Step
from backtolife.programme.course.services import Around, course_of, sign, tick
from backtolife.sessions.rehearsals.models import Rehearsal
from backtolife.sessions.rehearsals.services import rehearsed

DONE, BEGUN = "priya", "tom"
HAS_READ = 4
AGO = timedelta(days=40)
REHEARSED, FOR = 3, timedelta(minutes=35)
"""Which session was rehearsed, and for how long."""


def do_the_course(db: Db, people: Mapping[str, Person], now: datetime) -> None:
    """The videos are made once the demo runs; whoever is done watched them all."""
    around = Around(rehearsed, every_film)
    done, begun = people[DONE], people[BEGUN]
    parts = course_of(db, person=done, around=around).parts
    at = now - AGO
    for step in Step:
        keys = [each.digest for each in parts if each.step is step]
        tick(db, person=done, step=step, keys=keys, around=around, actor=acting_as(db, done), now=at)
    db.add(
        Rehearsal(
            service_id=done.service_id,
            person_id=done.id,
            stage_id=new_id(),
            group_session_id=new_id(),
            number=REHEARSED,
            started_at=at,
            ends_at=at + FOR,
            ended_at=at + FOR,
        )
    )
    db.flush()
    words = course_of(db, person=done, around=around).digest
    sign(db, person=done, name=done.full_name, digest=words, around=around, actor=acting_as(db, done), now=at + FOR)
    first = [each.digest for each in parts if each.step is Step.READ][:HAS_READ]
    tick(db, person=begun, step=Step.READ, keys=first, around=around, actor=acting_as(db, begun), now=now - FOR)


def every_film(db: Db, service_id: str) -> dict[int, str]:
    """One for each session, as there will be."""
    return {each.session: each.id for each in newest(db, service_id).videos.values()}
