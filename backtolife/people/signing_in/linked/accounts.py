"""Which accounts one sign-in opens: those that were linked, never those that have an address in common."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import SQLColumnExpression, func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife.database.session import Db, one_at_a_time
from backtolife.people.models import Kind, Person, Service, SignedIn
from backtolife.people.signing_in.linked.models import LinkedAccount


@dataclass(frozen=True)
class WorksFor:
    """An account that the sign-in opens, and its service."""

    person: Person
    service: Service
    last_used: datetime | None


def hold(db: Db) -> None:
    """Link, unlink and change over one after another: nobody comes through a link that is just being ended. It comes
    before anything is put on record, because it leads to the logs of several services.
    """
    one_at_a_time(db, "linked accounts")


def link_of(person_id: SQLColumnExpression[str] | str) -> SelectOfScalar[str]:
    """The link that this account is in."""
    return select(LinkedAccount.link_id).where(LinkedAccount.person_id == person_id)


def rows_with(db: Db, person_id: str) -> list[LinkedAccount]:
    """Every row of the link that this account is in, its own too; none where it is in none."""
    return list(db.exec(select(LinkedAccount).where(col(LinkedAccount.link_id).in_(link_of(person_id)))))


def others_of(db: Db, person_id: str) -> list[Person]:
    """The other accounts of the same person that are open, by the name of their service."""
    same = select(LinkedAccount.person_id).where(
        col(LinkedAccount.link_id).in_(link_of(person_id)), LinkedAccount.person_id != person_id
    )
    wanted = select(Person).join(Service, col(Service.id) == col(Person.service_id))
    open_ones = (col(Person.id).in_(same), col(Person.active).is_(True), Person.kind == Kind.STAFF)
    return list(db.exec(wanted.where(*open_ones).order_by(col(Service.name), col(Person.id))))


def all_of(db: Db, person: Person) -> list[Person]:
    """This account and the others of the same person: what shows who they are for one shows it for each."""
    return [person, *(others_of(db, person.id) if person.is_staff else ())]


def are_linked(db: Db, one_id: str, other_id: str) -> bool:
    """Whether these two accounts are one person's."""
    return one_id != other_id and any(each.id == other_id for each in others_of(db, one_id))


def works_for(db: Db, person: Person, *, but_signed_in_id: str = "") -> list[WorksFor]:
    """Every service that this sign-in opens, the one used last first; the sign-in in hand does not count as use."""
    people = {each.id: each for each in all_of(db, person)}
    services = select(Service).where(col(Service.id).in_({each.service_id for each in people.values()}))
    by_id = {each.id: each for each in db.exec(services)}
    seen = select(SignedIn.person_id, func.max(SignedIn.seen_at)).where(
        col(SignedIn.person_id).in_(people), SignedIn.id != but_signed_in_id
    )
    used = dict(db.exec(seen.group_by(col(SignedIn.person_id))).all())
    found = [WorksFor(each, by_id[each.service_id], used.get(each.id)) for each in people.values()]
    found.sort(key=lambda each: each.service.name)
    return sorted(found, key=lambda each: each.last_used.timestamp() if each.last_used else 0.0, reverse=True)
