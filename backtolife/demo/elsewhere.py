"""The demo's second service, small and new, for which one of the first one's staff works as well."""

from datetime import datetime

from backtolife.database.session import Db
from backtolife.demo.cast import ELSEWHERE, phone_of
from backtolife.people import services as people
from backtolife.people.access import System
from backtolife.people.models import Person
from backtolife.people.roles import acting_as
from backtolife.people.signing_in.linked.linking import link

NAME = "Harbour Pain Service"


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
