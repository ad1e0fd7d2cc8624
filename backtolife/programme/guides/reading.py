"""Which programme's guides somebody reads, and in which words: those of their group, else what the service has now."""

from dataclasses import dataclass

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.people.models import Person, Service
from backtolife.programme.adopted.services import newest, programme_of
from backtolife.programme.cohorts.own_groups import own_groups
from backtolife.programme.guides.rules import Listed, listed
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import Programme
from backtolife.programme.signed.standing import signatures


@dataclass(frozen=True)
class Shelf:
    """What somebody may read: a programme, the digests of the translations that are signed, and their own language."""

    plan: Programme
    signed: frozenset[str]
    language: str = ""


def public_service(db: Db, service_id: str) -> Service | None:
    """Whose words somebody reads who is not signed in: the service in the address, else the only one there is."""
    wanted = select(Service).where(col(Service.rehearsal).is_(False))
    if service_id:
        return db.exec(wanted.where(Service.id == service_id)).first()
    found = db.exec(wanted.limit(2)).all()
    return found[0] if len(found) == 1 else None


def public_shelf(db: Db, service: Service | None) -> Shelf:
    """What the public may read of a service; of none in particular, only what needs no signature."""
    if service is None:
        return Shelf(shipped(), frozenset())
    return Shelf(newest(db, service.id), frozenset(signatures(db, service.id)))


def in_other_languages(db: Db) -> list[tuple[Service, list[Listed]]]:
    """Each service, by name, that has signed words of guides in another language, and those guides: what somebody who
    names no service may go on to where there are several. Whose words they read, they see first.
    """
    services = db.exec(select(Service).where(col(Service.rehearsal).is_(False)).order_by(col(Service.name))).all()
    found = [(each, public_shelf(db, each)) for each in services]
    offered = [(each, [one for one in listed(own.plan, own.signed) if one.others]) for each, own in found]
    return [(each, guides) for each, guides in offered if guides]


def own_shelf(db: Db, actor: Actor) -> Shelf:
    """What somebody who is signed in reads: a patient the programme of their group, others that of the service."""
    signed = frozenset(signatures(db, actor.service_id))
    groups = own_groups(db, actor=actor) if actor.is_patient and actor.cohort_ids else []
    plan = programme_of(db, groups[0].cohort) if groups else newest(db, actor.service_id)
    language = db.get_one(Person, actor.id).message_language if actor.is_patient else ""
    return Shelf(plan, signed, language)
