"""Two records of one patient become one, or are said to be two people; both can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.contact.routes import reroute
from backtolife.people.identity.merged import hold_records
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.people.services import with_address
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import HOLDS_A_PLACE, UNDER_WAY
from backtolife.programme.consent.answering import agreed_later, answer, follow_later, hold_answers, standing_answers
from backtolife.programme.consent.models import ConsentAnswer, ConsentText
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.merging.filling import empty, fill
from backtolife.programme.merging.history import move, move_back
from backtolife.programme.merging.models import Decision, RecordPair
from backtolife.programme.merging.pairs import apart
from backtolife.programme.patients.correcting import end_access, exchange_addresses
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.queue.listed import hold_list, leave_list, list_again
from backtolife.programme.places.queue.waiting import wait_of

NO_PAIR = "We could not find these two records."
MERGED_SINCE = "One of these records has been merged into another one. Look at the list again."


@dataclass(frozen=True)
class Record:
    """One of two records, with the places that it holds or held."""

    person: Person
    places: list[tuple[Enrolment, Cohort]]

    @property
    def running(self) -> list[Cohort]:
        return [cohort for place, cohort in self.places if place.state in UNDER_WAY]


def find_two(db: Db, *, actor: Actor, first_id: str, second_id: str) -> tuple[Record, Record]:
    """Two records that can be compared.

    Raises NotFound for one out of reach or twice the same, Conflict for a merged one.
    """
    found = []
    for each in (first_id, second_id):
        person = db.get(Person, each)
        if person is None:
            raise NotFound(NO_PAIR)
        authorise(actor, "patient.merge", person)
        if not person.is_patient or first_id == second_id:
            raise NotFound(NO_PAIR)
        if person.merged_into_id is not None:
            raise Conflict(MERGED_SINCE)
        found.append(Record(person, places_of(db, person.id)))
    return found[0], found[1]


def places_of(db: Db, person_id: str) -> list[tuple[Enrolment, Cohort]]:
    wanted = select(Enrolment, Cohort).join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
    rows = db.exec(wanted.where(Enrolment.person_id == person_id).order_by(col(Enrolment.enrolled_at).desc()))
    return [(place, cohort) for place, cohort in rows]


def why_not(kept: Record, other: Record) -> str:
    """Why these two cannot become one in this order, in words; empty where they can."""
    if kept.running and other.running:
        groups = named([*kept.running, *other.running])
        return f"Both have a place that still runs, in {groups}. End one of the two places first."
    if other.running:
        return (
            f"The record of {isolated(other.person.full_name)} has a place in {named(other.running)}, which runs. "
            "Keep that record."
        )
    held = {cohort.id for place, cohort in kept.places if place.state in HOLDS_A_PLACE}
    twice = [cohort for place, cohort in other.places if place.state in HOLDS_A_PLACE and cohort.id in held]
    if twice:
        return f"Both have a place in {named(twice)}. End one of the two places first."
    if (kept.person.died_at is None) != (other.person.died_at is None):
        return "One of the two is recorded as having died, and the other is not. Correct that first."
    return ""


def named(cohorts: Sequence[Cohort]) -> str:
    return " and ".join(dict.fromkeys(isolated(each.name) for each in cohorts))


def merge(db: Db, *, kept_id: str, other_id: str, actor: Actor, now: datetime) -> RecordPair:
    """Let the kept record go on with the history of both. The other signs nobody in any more.

    Raises Conflict, in words, where it cannot be done, and NotFound as `find_two` does.
    """
    hold_list(db, actor.service_id)
    hold_records(db, actor.service_id)
    kept, other = find_two(db, actor=actor, first_id=kept_id, second_id=other_id)
    if why := why_not(kept, other):
        raise Conflict(why)
    if wait_of(db, person_id=kept_id) and wait_of(db, person_id=other_id):
        raise Conflict("Both are on the waiting list. Take one of the two off it first.")
    filled = fill(kept.person, other.person)
    end_access(db, person=other.person, now=now)
    other.person.active, other.person.merged_into_id = False, kept_id
    pair = decide(db, kept_id, other_id, decision=Decision.MERGED, actor=actor, now=now)
    pair.refused = refuse_too(db, kept.person, other.person, actor=actor, now=now)
    pair.other_email, pair.other_shares = other.person.email, other.person.shares_address
    pair.filled, pair.moved = filled, move(db, from_id=other_id, to_id=kept_id)
    db.flush()
    for place in running_places(db, kept.person):
        leave_list(db, place=place, actor=actor, now=now)
    go_on(db, kept.person, now)
    return pair


def running_places(db: Db, person: Person) -> list[Enrolment]:
    """Offers and places of this person that go on: with one of them nobody waits for another."""
    return [place for place, _ in places_of(db, person.id) if place.state in UNDER_WAY]


def wait_again(db: Db, pair: RecordPair, *, actor: Actor, now: datetime) -> None:
    """Whoever this merge took off the waiting list is on it again."""
    left = select(Waiting).where(Waiting.person_id == pair.kept_id, col(Waiting.left_at) == pair.at)
    for row in db.exec(left):
        if row.enrolment_id is not None:
            list_again(db, place=db.get_one(Enrolment, row.enrolment_id), actor=actor, now=now)


def refuse_too(db: Db, kept: Person, other: Person, *, actor: Actor, now: datetime) -> dict[str, str]:
    """A no that stands on the other record counts for the person, also where the kept one says yes. Returns the no that
    replaced each yes: an undo brings the yes back.
    """
    answers, refused = standing_answers(db, [kept.id, other.id]), {}
    for kind in ConsentKind:
        said, theirs = answers.get((kept.id, kind)), answers.get((other.id, kind))
        if said is None or theirs is None or theirs.agreed or not said.agreed:
            continue
        text = db.get(ConsentText, said.text_id) if said.text_id is not None else None
        refused[said.id] = answer(db, person=kept, kind=kind, text=text, agreed=False, actor=actor, now=now).id
    return refused


def agree_again(db: Db, kept: Person, refused: Mapping[str, str], *, now: datetime) -> None:
    """The no was another person's: each yes stands again, where the kept one has not answered anew since."""
    for yes_id, no_id in refused.items():
        yes, no = db.get_one(ConsentAnswer, yes_id), db.get_one(ConsentAnswer, no_id)
        if no.replaced_at is None and no.person_id == kept.id:
            no.replaced_at = now
            db.flush()  # one answer of a kind stands at every moment
            yes.replaced_at = None
            db.flush()


def set_apart(db: Db, *, first_id: str, second_id: str, actor: Actor, now: datetime) -> RecordPair:
    """They are two people: from now on nobody is asked about them; said once more, it stays as it was said first.

    Raises as `find_two` does.
    """
    hold_records(db, actor.service_id)
    find_two(db, actor=actor, first_id=first_id, second_id=second_id)
    before = apart(db, actor.service_id).get(frozenset((first_id, second_id)))
    return before or decide(db, first_id, second_id, decision=Decision.APART, actor=actor, now=now)


def decide(db: Db, kept_id: str, other_id: str, *, decision: Decision, actor: Actor, now: datetime) -> RecordPair:
    pair = RecordPair(
        service_id=actor.service_id, kept_id=kept_id, other_id=other_id, decision=decision, by=actor.id, at=now
    )
    db.add(pair)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action=f"records_{decision.value}",
        subject_type="person",
        subject_id=kept_id,
        now=now,
        other=other_id,
    )
    return pair


def undo(db: Db, *, pair_id: str, actor: Actor, now: datetime) -> RecordPair:
    """Take a decision back: each record has again what it had; what was added since stays with the kept one.

    Raises NotFound for a decision out of reach or taken back already, Conflict where the kept record was merged on
    or its person recorded as having died.
    """
    hold_list(db, actor.service_id)
    hold_records(db, actor.service_id)
    pair = db.get(RecordPair, pair_id)
    if pair is None:
        raise NotFound("We could not find this decision.")
    authorise(actor, "patient.merge", pair)
    if pair.undone_at is not None:
        raise NotFound("Somebody has taken this back already.")
    if pair.decision is Decision.MERGED:
        end_merge(db, pair, actor=actor, now=now)
    pair.undone_at, pair.undone_by = now, actor.id
    audit.record(
        db,
        actor=actor,
        action="records_undone",
        subject_type="person",
        subject_id=pair.kept_id,
        now=now,
        other=pair.other_id,
    )
    return pair


def end_merge(db: Db, pair: RecordPair, *, actor: Actor, now: datetime) -> None:
    """There are two records again, each with what it had, and what waits for either goes their own way."""
    kept, other = db.get_one(Person, pair.kept_id), db.get_one(Person, pair.other_id)
    if kept.merged_into_id is not None:
        raise Conflict("The record that was kept has been merged into another one since. Take that back first.")
    if kept.died_at is not None and other.died_at is None:
        name = isolated(kept.full_name)
        raise Conflict(
            f"{name} has been recorded as having died since, and we cannot tell of which of the two that is true. "
            "A clinical lead takes that back first, and records it again once there are two records."
        )
    give_address_back(db, kept, other, pair, now=now)
    hold_answers(db, kept.id)
    agree_again(db, kept, pair.refused, now=now)
    empty(kept, other, pair.filled)
    wait_again(db, pair, actor=actor, now=now)
    other.active, other.merged_into_id = other.died_at is None, None
    move_back(db, pair.moved, from_id=kept.id, to_id=other.id)
    for each in (kept, other):
        go_on(db, each, now)


def give_address_back(db: Db, kept: Person, other: Person, pair: RecordPair, *, now: datetime) -> None:
    """The other record signs in again where it did before, also when the kept one took its address over meanwhile:
    whoever has that mailbox opens the kept one no more. An address that it shared it shares again.

    Raises Conflict where somebody new has the address.
    """
    email = pair.other_email
    if email in ("", other.email):
        return
    holders = with_address(db, service_id=other.service_id, email=email)
    if kept.id in {each.id for each in holders}:
        exchange_addresses(db, kept, other)
        end_access(db, person=kept, now=now)
    elif pair.other_shares or all(each.shares_address for each in holders):
        other.email, other.shares_address = email, pair.other_shares and bool(holders)
        db.flush()
    else:
        raise Conflict("The address that one of the two had is somebody else's now. Give them another one first.")


def go_on(db: Db, person: Person, now: datetime) -> None:
    """What follows from the rows that a record has now: its places know its answers, its messages the way it chose."""
    follow_later(db, person_id=person.id, agreed=agreed_later(db, person.id))
    reroute(db, person=person, zone=db.get_one(Service, person.service_id).zone, now=now)
