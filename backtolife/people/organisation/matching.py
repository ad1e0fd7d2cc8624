"""Whose account here is the one at the organisation: by its subject once they are linked, by the e-mail before.

Nobody is made here by signing in there: whom no colleague has invited stays outside.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.people.models import Person
from backtolife.people.organisation.faults import NotLetIn
from backtolife.people.organisation.models import OrganisationAccount
from backtolife.people.organisation.provider import Told
from backtolife.people.second_person.proposing import in_turn
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked.accounts import are_linked, others_of, works_for
from backtolife.people.signing_in.linked.unlinking import Why, unlink

NO_PASSWORD = "!"  # noqa: S105 - no password has this hash
"""Of whoever has accepted their invitation by signing in elsewhere: they can work, and no password opens anything."""
NOT_INVITED = (
    "Your organisation knows you, but nobody has invited you here yet. Ask an administrator of your service to invite "
    "you, with the e-mail address that your organisation has for you."
)
NOT_VERIFIED = (
    "Your organisation does not confirm your e-mail address, so we cannot see who you are here. Ask your "
    "organisation's IT help desk."
)
CLOSED = "Your account here is switched off. Ask an administrator of your service."
SEVERAL = "Your address is known in more than one service here. Ask an administrator of your service."
ANOTHER = (
    "Your account here belongs to somebody else at your organisation. Ask an administrator of your service to look."
)


def person_of(db: Db, told: Told, now: datetime) -> tuple[Person, OrganisationAccount]:
    """Whom to sign in. Raises NotLetIn, with why."""
    one_at_a_time(db, f"organisation:{signin.digest(told.issuer + told.subject)}")
    wanted = select(OrganisationAccount).where(
        OrganisationAccount.issuer == told.issuer, OrganisationAccount.subject == told.subject
    )
    known = db.exec(wanted).first()
    if known is None:
        return first_time(db, told, now)
    person = db.get(Person, known.person_id)
    if person is None or not person.active or not person.is_staff:
        raise NotLetIn("switched_off", CLOSED)
    accept(db, person, now)
    return person, known


def is_linked(db: Db, person_id: str, told: Told | None = None) -> bool:
    """Whether this person signs in at the organisation; with `told`, as the one of whom it speaks."""
    wanted = select(OrganisationAccount.id).where(OrganisationAccount.person_id == person_id)
    if told is not None:
        wanted = wanted.where(OrganisationAccount.issuer == told.issuer, OrganisationAccount.subject == told.subject)
    return db.exec(wanted).first() is not None


def accept(db: Db, person: Person, now: datetime) -> None:
    """They can work from now on: the invitation is answered, the first one or that of an account opened again."""
    if not person.password_hash:
        person.password_hash = NO_PASSWORD
        signin.spend_links(db, person=person, now=now)


def first_time(db: Db, told: Told, now: datetime) -> tuple[Person, OrganisationAccount]:
    """Link a colleague who was invited under the address that the provider vouches for."""
    if not told.verified_email:
        raise NotLetIn("email_not_verified", NOT_VERIFIED)
    invited = [each for each in signin.find_by_email(db, told.verified_email) if each.is_staff]
    if not invited:
        raise NotLetIn("not_invited", NOT_INVITED, told.verified_email)
    person = meant(db, invited, told)
    in_turn(db, person.service_id)  # before the links, as whoever switches an account off takes the two
    db.refresh(person)
    if not person.active or not person.is_staff:
        raise NotLetIn("switched_off", CLOSED)
    linked = select(OrganisationAccount).where(
        OrganisationAccount.person_id == person.id, OrganisationAccount.issuer == told.issuer
    )
    if db.exec(linked).first() is not None:
        raise NotLetIn("linked_to_another", ANOTHER, told.verified_email)
    account = OrganisationAccount(
        service_id=person.service_id,
        person_id=person.id,
        issuer=told.issuer,
        subject=told.subject,
        linked_at=now,
    )
    db.add(account)
    accept(db, person, now)
    by = signin.system(person.service_id)
    if any(each.email != person.email for each in others_of(db, person.id)):
        # The provider vouches for this address alone: that opens nothing where the person has another one.
        unlink(db, person=person, actor=by, why=Why.ORGANISATION, now=now)
    audit.record(db, actor=by, action="organisation_linked", subject_type="person", subject_id=person.id, now=now)
    db.flush()
    return person, account


def meant(db: Db, invited: Sequence[Person], told: Told) -> Person:
    """The account to link: the only one, or of several that one sign-in opens the one used last. Raises NotLetIn."""
    first = invited[0]
    if len(invited) > 1 and not all(are_linked(db, first.id, each.id) for each in invited[1:]):
        raise NotLetIn("several_services", SEVERAL, told.verified_email)
    ids = {each.id for each in invited}
    return next((each.person for each in works_for(db, first) if each.person.id in ids), first)
