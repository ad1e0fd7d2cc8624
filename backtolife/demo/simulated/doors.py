"""How somebody signs in as one of the staff of a made-up service."""

from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.models import Kind, LinkPurpose, Person, Service
from backtolife.people.role_words import in_words
from backtolife.people.roles import roles_of
from backtolife.people.signing_in import signin


def ways_in(db: Db, service: Service, *, site: str, now: datetime) -> str:
    """An invitation for each of the staff, whose link lets them choose a password once within a week; patients sign in
    by a link that the site sends them, which nobody gets at these made-up addresses.
    """
    wanted = select(Person).where(Person.service_id == service.id, Person.kind == Kind.STAFF)
    lines = ["Open one of these once within seven days, and choose a password:"]
    for person in db.exec(wanted.order_by(col(Person.full_name))):
        issued = signin.issue_link(db, person=person, purpose=LinkPurpose.INVITATION, now=now)
        lines += [
            f"{in_words(roles_of(db, person))}: {person.full_name}",
            f"  {site}/staff/invitation/{issued.token}",
            f"  from then on {site}/staff/sign-in as {person.email}",
        ]
    return "\n".join(lines)
