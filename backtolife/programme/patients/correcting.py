"""Staff correct who a patient is and how they are reached. What went to a wrong address stops working there."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.sealing import Sealing
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage, free_key, put_in_line, set_aside
from backtolife.mail.mail_address import address_kept
from backtolife.people.access import Actor, authorise
from backtolife.people.contact.routes import reroute
from backtolife.people.identity.identifiers import keep_numbers, numbers_of
from backtolife.people.identity.merged import hold_records, record_of
from backtolife.people.identity.person import Identity
from backtolife.people.models import Person, Service
from backtolife.people.names import clean_name
from backtolife.people.numbers import phone_kept, text_number
from backtolife.people.signing_in import devices, signin
from backtolife.people.signing_in.messages import LINK_KEY
from backtolife.programme.patients.whose.finding import Whose

CHANGED_MEANWHILE = "Somebody changed these details while you had them open. They are shown as they are now."


@dataclass(frozen=True, kw_only=True)
class Details(Identity):
    """Who a patient is and how they are reached, as staff type it."""

    full_name: str
    shown_name: str
    email: str
    phone: str
    emergency_name: str
    emergency_phone: str

    def kept(self, today: date) -> "Details":
        """The same as we keep it. Raises Invalid, naming the field, for what cannot be kept."""
        who = self.identity_kept(today)
        contact = self.emergency_name.strip()
        if self.emergency_phone.strip() and not contact:
            raise Invalid("Enter whose number this is.", "emergency_name")
        return Details(
            full_name=clean_name(self.full_name, field="full_name", empty="Enter their full name"),
            shown_name=clean_name(self.shown_name, field="shown_name", empty="Enter a first name"),
            email=address_kept(self.email),
            phone=phone_kept(self.phone),
            emergency_name=clean_name(contact, field="emergency_name") if contact else "",
            emergency_phone=phone_kept(self.emergency_phone),
            **{each.name: getattr(who, each.name) for each in fields(Identity)},
        )

    @property
    def mark(self) -> str:
        """Tells whether two are the same, without saying what they are."""
        return mark_of([str(getattr(self, each.name)) for each in fields(self)])


def mark_of(words: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:16]


def details_of(person: Person) -> Details:
    """The details as they are now."""
    return Details(**{each.name: getattr(person, each.name) for each in fields(Details)})


def seen_mark(details: Details, numbers: Mapping[str, str]) -> str:
    """Tells whether details and numbers are still those that a page showed."""
    return mark_of([details.mark, *(f"{key}={numbers[key]}" for key in sorted(numbers))]) if numbers else details.mark


@dataclass(frozen=True)
class Numbers:
    """Numbers that staff typed, by system, and with what they are kept closed."""

    typed: Mapping[str, str]
    sealing: Sealing


def correct(
    db: Db,
    *,
    actor: Actor,
    whose: Whose,
    details: Details,
    seen: str,
    send_again: bool,
    now: datetime,
    numbers: Numbers | None = None,
    may_share: bool = False,
) -> list[str]:
    """Keep what staff corrected about this patient. Returns the names of the fields that changed.

    `seen` is the mark of the details and numbers that the page showed; without `numbers` they stay as they are. With a
    new address, or a new number of who takes texts, every link of the old one ends, and what still waits goes to the
    new one; with `send_again`, because the old one was wrong, also what had gone out, as far as it is still due. Where
    they are signed in ends with an address and with a wrong number: who has a new telephone stays in a session.

    Raises Invalid for what cannot be kept, Shared where other patients have the address and nobody said that they may
    share it, and Conflict where somebody of another kind has it or changed the details.
    """
    authorise(actor, "patient.correct", whose)
    return correct_record(
        db,
        actor=actor,
        person_id=whose.person_id,
        details=details,
        seen=seen,
        send_again=send_again,
        now=now,
        numbers=numbers,
        may_share=may_share,
    )


def correct_record(
    db: Db,
    *,
    actor: Actor,
    person_id: str,
    details: Details,
    seen: str,
    now: datetime,
    send_again: bool = False,
    numbers: Numbers | None = None,
    may_share: bool = False,
) -> list[str]:
    """The same of somebody who may have no place. The caller has asked who may."""
    wanted = details.kept(now.date())
    one_at_a_time(
        db, f"address:{actor.service_id}:{wanted.email}"
    )  # before the records: who adds somebody has it already
    hold_records(db, actor.service_id)
    person = db.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    known = numbers_of(db, person=person, sealing=numbers.sealing) if numbers is not None else {}
    if seen_mark(details_of(person), known) != seen:
        raise Conflict(CHANGED_MEANWHILE)
    changed = [each.name for each in fields(Details) if getattr(person, each.name) != getattr(wanted, each.name)]
    if numbers is not None:
        changed += keep_numbers(db, person=person, numbers=numbers.typed, sealing=numbers.sealing, now=now)
    if not changed:
        return []
    before = reached_at(person)
    if "email" in changed:
        take_address(db, person, wanted.email, may_share=may_share)
    for each in fields(Details):
        setattr(person, each.name, getattr(wanted, each.name))
    gone = before - reached_at(person)
    if gone and ("email" in changed or send_again):
        end_access(db, person=person, now=now)
    elif gone:
        end_links(db, person=person, now=now)
    if gone and send_again:
        redirect(db, person=person, gone=gone, now=now)
    if {"email", "phone"} & set(changed):
        reroute(db, person=person, zone=db.get_one(Service, person.service_id).zone, now=now)
    audit.record(
        db,
        actor=actor,
        action="patient_corrected",
        subject_type="person",
        subject_id=person.id,
        now=now,
        fields=" ".join(changed),
    )
    return changed


class Shared(Conflict):
    """Other patients have this address: whether they share it is asked."""


def take_address(db: Db, person: Person, email: str, *, may_share: bool) -> None:
    """Let this person have the address, alone or with other patients who share it.

    A record that was merged into theirs has it for nobody: it takes theirs in return, so that no address is lost.
    """
    same = select(Person).where(Person.service_id == person.service_id, Person.email == email, Person.id != person.id)
    holders = list(db.exec(same.order_by(col(Person.id)).with_for_update()))
    own = next((each for each in holders if record_of(db, each).id == person.id), None)
    others = [each for each in holders if record_of(db, each).id != person.id]
    if any(not each.is_patient for each in others):
        told = "Someone else in your service has this e-mail address. Ask the person for another one."
        raise Conflict(told, "email")
    if others and not may_share:
        told = "Another patient has this e-mail address. If they share it, tick the box below it and save again."
        raise Shared(told, "email")
    if own is not None:
        exchange_addresses(db, person, own)
    else:
        person.email, person.shares_address = email, bool(others)


def exchange_addresses(db: Db, one: Person, other: Person) -> None:
    """By way of an address that nobody has: an address is one record's at every moment, or is shared by it still."""
    first, second = (one.email, one.shares_address), (other.email, other.shares_address)
    other.email, other.shares_address = f"{other.id}@merged.invalid", False
    db.flush()
    one.email, one.shares_address = second
    db.flush()
    other.email, other.shares_address = first
    db.flush()


def reached_at(person: Person) -> frozenset[str]:
    """The address, and the number of who takes texts: where codes and links go."""
    number = text_number(person.phone) if person.channel is Channel.SMS else ""
    return frozenset({person.email, number} - {""})


def end_access(db: Db, *, person: Person, now: datetime) -> None:
    """Whoever reads the old mailbox or phone gets in no more, and is in no more: sign-ins and remembered devices end
    with the links.
    """
    end_links(db, person=person, now=now)
    signin.end_all(db, person=person, now=now)
    devices.forget_devices(db, person=person, now=now)


def end_links(db: Db, *, person: Person, now: datetime) -> None:
    """Links and codes that went out work no more, and a letter with such a link does not go out."""
    signin.spend_links(db, person=person, now=now)
    letters = select(OutgoingMessage).where(
        OutgoingMessage.person_id == person.id,
        OutgoingMessage.state == MessageState.WAITING,
        col(OutgoingMessage.key).startswith(LINK_KEY),
    )
    for letter in db.exec(letters.with_for_update()):
        db.delete(letter)


def redirect(db: Db, *, person: Person, gone: frozenset[str], now: datetime) -> None:
    """What went to an address or number that is `gone` loses its key, so that it counts as never sent and goes again if
    it is still due; what failed there is put in line itself as long as we know its words. Not so links, which have just
    ended, and what staff decided to drop; where the rest goes says `reroute`.
    """
    theirs = select(OutgoingMessage).where(
        OutgoingMessage.person_id == person.id,
        col(OutgoingMessage.address).in_(gone),
        col(OutgoingMessage.channel) != Channel.TELEPHONE,
        ~col(OutgoingMessage.key).startswith(LINK_KEY),
    )
    for message in db.exec(theirs.order_by(col(OutgoingMessage.queued_at)).with_for_update()):
        if message.state is MessageState.SENT:
            free_key(message)
        elif message.state is MessageState.FAILED and message.body:
            put_in_line(message, now)
        elif message.state is MessageState.FAILED:
            set_aside(message)
