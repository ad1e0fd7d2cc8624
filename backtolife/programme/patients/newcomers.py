"""Somebody new is typed in: whether the service knows them already, and adding whom it does not."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from backtolife.database.sealing import Sealing
from backtolife.database.session import Db, one_at_a_time
from backtolife.people import services as people
from backtolife.people.access import Actor, authorise, may, may_everywhere
from backtolife.people.identity.identifiers import checked, keep_numbers, numbers_of, people_with
from backtolife.people.identity.merged import record_of
from backtolife.people.identity.person import Identity
from backtolife.people.identity.systems import SYSTEMS
from backtolife.people.models import Person, Role
from backtolife.people.numbers import phone_kept
from backtolife.programme.cohorts import rules
from backtolife.programme.cohorts.enrolment import refuse_stranger
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.patients.alike import folded, same_name
from backtolife.programme.patients.correcting import Numbers, correct_record, details_of, seen_mark

BY_ADDRESS, BY_NUMBER, BY_BIRTH = "the same e-mail address", "the same number", "the same name and date of birth"


@dataclass(frozen=True)
class Newcomer:
    """Who was typed into a form that adds a patient."""

    full_name: str
    shown_name: str
    email: str
    phone: str
    identity: Identity
    numbers: Mapping[str, str]


@dataclass(frozen=True)
class Known:
    """Somebody whom the service knows, and what they have in common with who was typed in."""

    person: Person
    because: str
    surely: bool
    """Whether it cannot be somebody else: a number is one person's, an address may be a couple's."""

    @property
    def shares_address(self) -> bool:
        """Whether it may be somebody else who reads the same mail."""
        return self.because == BY_ADDRESS and not self.surely


def known_people(db: Db, *, newcomer: Newcomer, sealing: Sealing, actor: Actor) -> list[Known]:
    """Whom of the actor's service this may be, the surest first.

    Raises NotPermitted for an address or number of somebody whom the actor may not take in. Somebody out of their reach
    with the same name and date of birth is not named to them.
    """
    authorise(actor, "cohort.enrol", actor)
    # Sent to two processes at once, the second one asks about whom the first has added.
    one_at_a_time(db, f"address:{actor.service_id}:{newcomer.email}")
    service_id, found = actor.service_id, dict[str, Known]()
    by_address = people.with_address(db, service_id=service_id, email=newcomer.email)
    by_number = people_with(db, service_id=service_id, numbers=newcomer.numbers, sealing=sealing)
    sure = {record_of(db, each).id for each in by_number}
    for person, because in (*((each, BY_ADDRESS) for each in by_address), *((each, BY_NUMBER) for each in by_number)):
        meant = record_of(db, person)
        refuse_stranger(db, patient=meant, actor=actor)
        namesake = folded(meant.full_name) == folded(newcomer.full_name) and not born_on_another_day(meant, newcomer)
        surely = because == BY_NUMBER or not meant.is_patient or namesake or meant.id in sure
        found.setdefault(meant.id, Known(meant, because, surely))
    if may_everywhere(actor, "cohort.enrol") and newcomer.identity.date_of_birth is not None:
        for person in same_name(
            db, service_id=service_id, full_name=newcomer.full_name, born=newcomer.identity.date_of_birth
        ):
            found.setdefault(person.id, Known(person, BY_BIRTH, surely=False))
    return sorted(found.values(), key=lambda each: not each.surely)


def born_on_another_day(person: Person, newcomer: Newcomer) -> bool:
    """Father and son may share a name and an address; they do not share a date of birth."""
    born = newcomer.identity.date_of_birth
    return born is not None and person.date_of_birth is not None and person.date_of_birth != born


NOBODY = "nobody"
"""Said instead of an id: it is none of these, but somebody new."""


def who_is_meant(known: list[Known], chosen: str) -> tuple[Person | None, bool]:
    """Who was meant of those who are `known`, by the id that was chosen; None for somebody new. And whether that is
    still to be asked.
    """
    by_id = {each.person.id: each.person for each in known}
    if chosen in by_id:
        return by_id[chosen], False
    if not known or (chosen == NOBODY and not any(each.surely for each in known)):
        return None, False
    return known[0].person, True


def tells_nothing_new(db: Db, *, person: Person, newcomer: Newcomer, sealing: Sealing, today: date) -> bool:
    """Whether there is nothing to ask: the same name at the same address, and what else was typed is known already.

    Raises Invalid, naming the field, for what cannot be kept.
    """
    if person.email != newcomer.email or folded(person.full_name) != folded(newcomer.full_name):
        return False
    told = differences(db, person=person, newcomer=newcomer, sealing=sealing, today=today)
    return not {each.name for each in told} - {"full_name"}


@dataclass(frozen=True)
class Difference:
    """Something that was typed in and is not what we have: of a detail, or of the number of a system."""

    name: str
    label: str
    ours: str
    typed: str


LABELS = {
    "full_name": "Full name",
    "shown_name": "First name that the group sees",
    "email": "E-mail address",
    "phone": "Phone number",
    "date_of_birth": "Date of birth",
    "address": "Home address",
    "clinician": "GP or other usual clinician",
    "clinician_phone": "Phone number of the GP or other clinician",
}


def typed_details(newcomer: Newcomer, today: date) -> dict[str, Any]:
    """What was typed, as we keep it, by the name of the detail. Raises Invalid for what cannot be kept."""
    return {
        "full_name": " ".join(newcomer.full_name.split()),
        "shown_name": newcomer.shown_name.strip(),
        "email": newcomer.email,
        "phone": phone_kept(newcomer.phone),
        **asdict(newcomer.identity.identity_kept(today)),
    }


def differences(db: Db, *, person: Person, newcomer: Newcomer, sealing: Sealing, today: date) -> list[Difference]:
    """What was typed beside a known person and is not what we have of them; what was left empty tells nothing.

    Raises Invalid, naming the field, for what cannot be kept.
    """
    typed, found = typed_details(newcomer, today), []
    for name, label in LABELS.items():
        ours = getattr(person, name)
        if typed[name] and typed[name] != ours:
            found.append(Difference(name, label, in_words(ours), in_words(typed[name])))
    numbers = numbers_of(db, person=person, sealing=sealing)
    for system, number in checked(newcomer.numbers).items():
        if number and number != numbers.get(system):
            found.append(Difference(system, SYSTEMS[system].label, numbers.get(system, ""), number))
    return found


def in_words(value: object) -> str:
    return f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value or "")


def seen_of(db: Db, *, person: Person, sealing: Sealing) -> str:
    """Tells whether somebody's details are still those that a page showed."""
    return seen_mark(details_of(person), numbers_of(db, person=person, sealing=sealing))


def take_over(
    db: Db,
    *,
    person: Person,
    newcomer: Newcomer,
    names: Collection[str],
    seen: str,
    sealing: Sealing,
    actor: Actor,
    now: datetime,
) -> list[str]:
    """Keep these of what was typed beside a known person, as a correction. The caller has asked who may.

    Raises what `correct` raises.
    """
    typed = typed_details(newcomer, now.date())
    details = replace(details_of(person), **{name: typed[name] for name in names if name in LABELS})
    ours = numbers_of(db, person=person, sealing=sealing)
    numbers = ours | {system: number for system, number in newcomer.numbers.items() if system in names}
    return correct_record(
        db,
        actor=actor,
        person_id=person.id,
        details=details,
        seen=seen,
        now=now,
        numbers=Numbers(numbers, sealing),
    )


def groups_of(db: Db, *, people: Collection[Person], actor: Actor) -> dict[str, list[Cohort]]:
    """The groups in which these people have a place, as far as the actor may look at them, by the person's id."""
    found: dict[str, list[Cohort]] = {each.id: [] for each in people}
    wanted = select(Enrolment.person_id, Cohort).join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
    holding = wanted.where(col(Enrolment.person_id).in_(found), col(Enrolment.state).in_(rules.HOLDS_A_PLACE))
    for person_id, cohort in db.exec(holding.order_by(col(Cohort.first_day))):
        if may(actor, "cohort.read", cohort):
            found[person_id].append(cohort)
    return found


def places_here(db: Db, *, people: Collection[Person], cohort: Cohort) -> dict[str, str]:
    """The place in this group of those of these people who hold one, by the person's id."""
    wanted = select(Enrolment.person_id, Enrolment.id).where(
        col(Enrolment.person_id).in_([each.id for each in people]),
        Enrolment.cohort_id == cohort.id,
        col(Enrolment.state).in_(rules.HOLDS_A_PLACE),
    )
    return dict(db.exec(wanted).all())


def add_newcomer(
    db: Db, *, newcomer: Newcomer, sealing: Sealing, actor: Actor, now: datetime, is_another: bool = False
) -> Person:
    """Add them to the service. `is_another`: staff were asked whether it is somebody known, and said that it is not.

    Raises Invalid, naming the field, for what cannot be kept, and Conflict for an address that somebody has, but for
    another patient who reads the same mail.
    """
    identity = newcomer.identity.identity_kept(now.date())
    person = people.add_person(
        db,
        actor=actor,
        roles={Role.PATIENT},
        email=newcomer.email,
        full_name=newcomer.full_name,
        shown_name=newcomer.shown_name,
        phone=newcomer.phone,
        may_share=is_another,
        now=now,
    )
    identity.give_to(person)
    keep_numbers(db, person=person, numbers=newcomer.numbers, sealing=sealing, now=now)
    return person
