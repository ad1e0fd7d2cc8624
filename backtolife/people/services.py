"""What the clinic does with people: open a service, invite staff, add patients, change details."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.clock import known_zone
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.mail.mail_address import address_kept
from backtolife.people.access import Actor, System, authorise
from backtolife.people.contact.routes import reroute
from backtolife.people.models import Kind, Person, RememberedDevice, Role, Service
from backtolife.people.names import clean_name
from backtolife.people.numbers import phone_kept
from backtolife.people.roles import give, kind_of
from backtolife.text.characters import in_one_form


def open_service(
    db: Db, *, name: str, short_name: str, phone: str, zone: str, now: datetime, covers_item_9: bool = True
) -> Service:
    """Open a clinical service: the tenant everything else belongs to."""
    needed = "A service needs a name and a short name for text messages."
    name, short_name = clean_name(name, empty=needed), clean_name(short_name, empty=needed)
    service = Service(
        name=name,
        short_name=short_name,
        phone=phone_kept(phone),
        zone=known_zone(zone).key,
        covers_item_9=covers_item_9,
        created_at=now,
    )
    db.add(service)
    db.flush()
    opened = System("command", service.id)
    audit.record(db, actor=opened, action="service_opened", subject_type="service", subject_id=service.id, now=now)
    return service


def refuse_same_name(db: Db, name: str) -> None:
    """Raise Conflict: who asks twice would have two services that nobody can tell apart."""
    for other in db.exec(select(Service).where(col(Service.rehearsal).is_(False))):
        if other.name.casefold() == name.strip().casefold():
            raise Conflict(f"There is a service with this name already: {other.id}. Give another one its own name.")


TAKEN = "Someone in your service already has this e-mail address."
INVITED = (
    "Someone who works here already has this e-mail address. For a new link they press “Forgotten password?” on the "
    "sign-in page for staff."
)


def find_service(db: Db, service_id: str) -> Service:
    """The service with this id. Raises NotFound."""
    service = db.get(Service, service_id)
    if service is None:
        raise NotFound(f"There is no service with the id {service_id!r}.")
    return service


def only_service(db: Db) -> Service:
    """The service where there is one. Raises Invalid where there are several, NotFound where there is none."""
    services = list(db.exec(select(Service).where(col(Service.rehearsal).is_(False)).limit(2)))
    if not services:
        raise NotFound("There is no service yet. Make one with “backtolife service create”.")
    if len(services) > 1:
        raise Invalid("There is more than one service. Name one with --service.")
    return services[0]


def add_person(
    db: Db,
    *,
    actor: Acting,
    roles: Collection[Role],
    email: str,
    full_name: str,
    shown_name: str,
    now: datetime,
    phone: str = "",
    job: str = "",
    may_share: bool = False,
    wait: Collection[Role] = (),
) -> Person:
    """Add someone to the actor's service: a patient, a guest, or one of staff with one role or several.

    The roles in `wait` are not given yet.
    With `may_share` a patient may have the address of another patient: staff were asked, and said that they are two.
    Raises Conflict when the address is taken there, Invalid without a role.
    """
    kind = kind_of(roles)
    address = address_kept(email)
    found = with_address(db, service_id=actor.service_id, email=address)
    shares = may_share and kind is Kind.PATIENT and all(each.is_patient for each in found)
    if found and not shares:
        raise Conflict(INVITED if found[0].is_staff and kind is Kind.STAFF else TAKEN, "email")
    person = Person(
        service_id=actor.service_id,
        kind=kind,
        email=address,
        shares_address=bool(found),
        full_name=clean_name(full_name, field="full_name"),
        shown_name=clean_name(shown_name, field="shown_name"),
        phone=phone_kept(phone),
        job=job.strip(),
        created_at=now,
    )
    db.add(person)
    db.flush()
    given = frozenset(roles) - frozenset(wait)
    give(db, person=person, roles=given, now=now)
    audit.record(
        db,
        actor=actor,
        action="person_added",
        subject_type="person",
        subject_id=person.id,
        now=now,
        roles=sorted(given),
    )
    return person


def with_address(db: Db, *, service_id: str, email: str) -> list[Person]:
    """Everybody of a service who has this address, also who is not active; who had it first comes first."""
    wanted = select(Person).where(Person.service_id == service_id, Person.email == email)
    return list(db.exec(wanted.order_by(col(Person.shares_address), col(Person.created_at))))


def colleague_at(db: Db, *, service_id: str, address: str) -> Person:
    """Who works in this service and has this address. Raises NotFound."""
    address = address.strip().lower()
    for person in with_address(db, service_id=service_id, email=address):
        if person.is_staff:
            return person
    raise NotFound(f"Nobody who works in this service has the address {address}.")


def change_details(
    db: Db,
    *,
    actor: Actor,
    person: Person,
    shown_name: str,
    phone: str,
    emergency: tuple[str, str] | None,
    now: datetime,
    address: str | None = None,
) -> None:
    """Keep what a person changed about themselves. `emergency` is whom to call and their number; None leaves both, and
    so it is with their address.
    """
    authorise(actor, "account.details", person)
    shown_name = clean_name(shown_name, field="shown_name", empty="Enter the name that others should see")
    before = person.phone
    person.shown_name, person.phone = shown_name, phone_kept(phone)
    if address is not None:
        person.address = " ".join(in_one_form("NFC", address, field="address").split())
    if person.phone != before and person.is_patient:
        reroute(db, person=person, zone=db.get_one(Service, person.service_id).zone, now=now)
    if emergency is not None:
        name, number = emergency
        person.emergency_name = clean_name(name, field="emergency_name") if name.strip() else ""
        person.emergency_phone = phone_kept(number)
    audit.record(db, actor=actor, action="details_changed", subject_type="person", subject_id=person.id, now=now)


def remembered_devices(db: Db, *, actor: Actor, now: datetime) -> int:
    """How many devices may still open the person's next group session."""
    devices = select(RememberedDevice).where(
        RememberedDevice.person_id == actor.id,
        col(RememberedDevice.revoked_at).is_(None),
        col(RememberedDevice.expires_at) > now,
    )
    return len(db.exec(devices).all())
