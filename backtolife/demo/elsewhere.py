"""What there is besides the demo's first service: a second one, small and new, and what other help is listed."""

from datetime import datetime

from backtolife.database.session import Db
from backtolife.demo.cast import ELSEWHERE, phone_of
from backtolife.pathway.map import services as service_map
from backtolife.pathway.map.rules import Says
from backtolife.people import services as people
from backtolife.people.access import System
from backtolife.people.models import Person
from backtolife.people.roles import acting_as
from backtolife.people.signing_in.linked.linking import link

NAME = "Harbour Pain Service"
HELP = (
    Says(
        what="Back to Life: nine sessions in a live group",
        needs=("move", "group", "mood"),
        place="Online, by video",
        by_whom="Midtown Back Pain Service",
        for_whom="Adults whose back has hurt for three months or more",
        languages=("English",),
        wait_weeks=5,
        contact="Ask your GP or physiotherapist, or call 01632 960000",
    ),
    Says(
        what="Walks with a guide",
        needs=("active", "group"),
        place="Midtown, Lake Park",
        by_whom="Midtown Walking Club",
        for_whom="Everybody who can walk for ten minutes",
        languages=("English", "Polish", "Urdu"),
        wait_weeks=0,
        contact="Come to the café by the lake, Tuesdays at 10",
    ),
    Says(
        what="Talking about work, with an adviser",
        needs=("work", "alone"),
        place="Midtown Job Centre",
        by_whom="Midtown Council",
        for_whom="People who are off work, or fear that they soon will be",
        languages=("English", "Welsh"),
        wait_weeks=None,
        contact="01632 960321",
    ),
)
"""What the first service lists."""


def list_help(db: Db, *, lead: Person, now: datetime) -> None:
    """The map of the first service, as its lead filled it."""
    for each in HELP:
        service_map.add(db, wanted=each, actor=acting_as(db, lead), now=now)


def open_another(db: Db, *, both: Person, password_hash: str, zone: str, now: datetime) -> None:
    """Open it, with its staff; `both` of the first service has an account here too, and one sign-in opens both."""
    service = people.open_service(db, name=NAME, short_name="Harbour", phone="01632 960001", zone=zone, now=now)
    for number, member in enumerate(ELSEWHERE, start=301):
        person = people.add_person(
            db,
            actor=System("demo", service.id),
            roles=member.roles,
            email=member.email,
            full_name=member.full_name,
            shown_name=member.shown_name,
            phone=phone_of(number),
            job=member.job,
            now=now,
        )
        person.password_hash = password_hash
        if person.full_name == both.full_name:
            link(
                db, actor=acting_as(db, both), person=both, other=person, proven=password_hash, way="password", now=now
            )
