"""Somebody says yes or no to words, or staff write it down for them. One answer of a kind stands; all are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, update
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment, PlaceMove, SessionDate
from backtolife.programme.consent.models import ConsentAnswer, ConsentText
from backtolife.programme.consent.rules import NEEDED, ConsentKind, Stand, counts, stand
from backtolife.programme.consent.texts import Asked, in_force, texts_of


@dataclass(frozen=True)
class Standing:
    """How somebody stands to one kind of words. `asked` is None where the service has published none."""

    kind: ConsentKind
    asked: Asked | None
    answer: ConsentAnswer | None

    @property
    def how(self) -> Stand:
        if self.answer is None:
            return Stand.OPEN
        asks_from = self.asked.asking.version if self.asked is not None else 0
        return stand(self.answer.agreed, self.answer.version, asks_from=asks_from)

    @property
    def needed(self) -> bool:
        return self.kind in NEEDED


def answer(
    db: Db,
    *,
    person: Person,
    kind: ConsentKind,
    text: ConsentText | None,
    agreed: bool,
    actor: Actor,
    now: datetime,
) -> ConsentAnswer:
    """Keep what somebody said to `text` (None where the service has published none). The caller has asked who may.

    The same answer again changes nothing. A yes to older words than those that were answered last is kept and does not
    count: on another device the newer ones were read already.
    """
    hold_answers(db, person.id)
    version = text.version if text is not None else 0
    before = standing_answers(db, [person.id]).get((person.id, kind))
    if before is not None and (before.agreed, before.version) == (agreed, version):
        return before
    valid = before is None or counts(agreed=agreed, version=version, newest=before.version)
    if before is not None and valid:
        before.replaced_at = now
        db.add(before)
        db.flush()
    said = ConsentAnswer(
        service_id=person.service_id,
        person_id=person.id,
        kind=kind,
        text_id=text.id if text is not None else None,
        version=version,
        agreed=agreed,
        by_telephone=actor.id != person.id,
        at=now,
        by=actor.id,
        replaced_at=None if valid else now,
    )
    db.add(said)
    db.flush()
    if kind is ConsentKind.LATER and valid:
        follow_later(db, person_id=person.id, agreed=agreed_later(db, person.id))
    audit.record(
        db,
        actor=actor,
        action="consent_given" if agreed else "consent_refused",
        subject_type="person",
        subject_id=person.id,
        now=now,
        kind=kind.value,
        version=version,
        by_telephone=said.by_telephone,
        counts=valid,
    )
    return said


def hold_answers(db: Db, person_id: str) -> None:
    """Nobody else answers for this person until the transaction ends. Taken before any place of theirs is changed."""
    one_at_a_time(db, f"consent:{person_id}")


def follow_later(db: Db, *, person_id: str, agreed: bool) -> None:
    """`agreed_later` of every place says what the person's answer says: the answer is the rule, this its shadow for
    the many statements that ask only places.
    """
    db.execute(update(Enrolment).where(col(Enrolment.person_id) == person_id).values(agreed_later=agreed))


def agreed_later(db: Db, person_id: str) -> bool:
    """Whether somebody may be asked questions after they left. A yes to words that are asked again does not count."""
    said = standing_answers(db, [person_id]).get((person_id, ConsentKind.LATER))
    if said is None:
        return False
    return how_they_stand(db, person_id=person_id, service_id=said.service_id, kind=ConsentKind.LATER) is Stand.AGREED


def how_they_stand(db: Db, *, person_id: str, service_id: str, kind: ConsentKind) -> Stand:
    """How somebody stands to words of one kind, as their own page says it."""
    answers = standing_answers(db, [person_id])
    return Standing(kind, texts_of(db, service_id).get(kind), answers.get((person_id, kind))).how


def standing_answers(db: Db, person_ids: Collection[str]) -> dict[tuple[str, ConsentKind], ConsentAnswer]:
    """The answers that stand, by person and kind. One statement."""
    wanted = select(ConsentAnswer).where(
        col(ConsentAnswer.person_id).in_(person_ids), col(ConsentAnswer.replaced_at).is_(None)
    )
    return {(each.person_id, each.kind): each for each in db.exec(wanted)}


def waits_for_who_left(standings: Collection[Standing]) -> list[Standing]:
    """What somebody without a place in a group is still asked: whether we may ask them later, where they said yes to
    older words.
    """
    return [
        each
        for each in standings
        if each.kind is ConsentKind.LATER and each.how is Stand.OPEN and each.answer is not None
    ]


def standings_of(db: Db, *, person_id: str, service_id: str) -> list[Standing]:
    """How somebody stands to everything that was published or answered, in the order of the kinds."""
    texts = texts_of(db, service_id)
    answers = standing_answers(db, [person_id])
    found = [Standing(kind, texts.get(kind), answers.get((person_id, kind))) for kind in ConsentKind]
    return [each for each in found if each.asked is not None or each.answer is not None]


@dataclass(frozen=True)
class AskedIn:
    """How somebody stands to words, and when the group began in which they were when these asked them; None where that
    is the group in which they are now.
    """

    standing: Standing
    began_before: datetime | None


def asked_of(db: Db, place: Enrolment) -> list[AskedIn]:
    """How who has this place stands to everything that is published, in the order of the kinds. One statement."""
    theirs = and_(
        col(ConsentAnswer.kind) == col(ConsentText.kind),
        col(ConsentAnswer.person_id) == place.person_id,
        col(ConsentAnswer.replaced_at).is_(None),
    )
    first = and_(col(SessionDate.cohort_id) == col(PlaceMove.from_cohort_id), col(SessionDate.number) == 1)
    group_left = (
        select(SessionDate.starts_at)
        .join(PlaceMove, first)
        .where(PlaceMove.enrolment_id == place.id, col(PlaceMove.at) > col(ConsentText.published_at))
        .order_by(col(PlaceMove.at))
        .limit(1)
        .correlate(ConsentText)
        .scalar_subquery()
    )
    wanted = select(ConsentText, ConsentAnswer, group_left).join(ConsentAnswer, theirs, isouter=True)
    wanted = wanted.where(ConsentText.service_id == place.service_id).order_by(col(ConsentText.version))
    rows = db.exec(wanted).all()
    answers = {said.kind: said for _, said, _ in rows if said is not None}
    began = {text.id: at for text, _, at in rows}
    return [
        AskedIn(Standing(kind, asked, answers.get(kind)), began[asked.asking.id])
        for kind, asked in in_force(text for text, *_ in rows).items()
    ]


def history_of(db: Db, person_id: str) -> list[tuple[ConsentAnswer, Person | None]]:
    """Everything somebody ever answered, the newest first, with who wrote it down where staff did."""
    said = select(ConsentAnswer, Person).join(Person, col(Person.id) == col(ConsentAnswer.by), isouter=True)
    rows = db.exec(said.where(ConsentAnswer.person_id == person_id).order_by(col(ConsentAnswer.at).desc())).all()
    return [(each, person if each.by_telephone else None) for each, person in rows]
