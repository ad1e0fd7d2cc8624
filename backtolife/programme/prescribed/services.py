"""Exercises picked for somebody by staff: changed and stopped later, every version kept with who wrote it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.plan.material import Exercise
from backtolife.programme.plan.template import Programme
from backtolife.programme.prescribed import rules
from backtolife.programme.prescribed.models import PrescribedExercise

MEANWHILE = "Somebody changed this exercise while you wrote. It is shown as it is now. Change it again if you like."
NOT_GIVEN = "This exercise is not picked for them. Open the page again."


@dataclass(frozen=True)
class Prescribed:
    """One exercise of somebody, with every version and who wrote it, the newest first."""

    exercise: Exercise
    versions: list[tuple[PrescribedExercise, Person]]

    @property
    def newest(self) -> PrescribedExercise:
        return self.versions[0][0]

    @property
    def way(self) -> str:
        return rules.WAYS[self.newest.way].lower()

    @property
    def lines(self) -> tuple[str, ...]:
        """How it is done, step by step, in the way that was picked."""
        return self.exercise.variants[self.newest.way]


def prescribed_to(db: Db, enrolment: Enrolment) -> list[Prescribed]:
    """What is picked for this place and was not stopped, the first picked first."""
    programme = programme_of(db, db.get_one(Cohort, enrolment.cohort_id))
    return [each for each in every_one(db, programme, [enrolment.id]) if not each.newest.stopped]


def every_one(db: Db, programme: Programme, enrolment_ids: Collection[str]) -> list[Prescribed]:
    """Everything that was ever picked for these places, of what the programme still has."""
    wanted = (
        select(PrescribedExercise, Person)
        .join(Person, col(Person.id) == col(PrescribedExercise.by))
        .where(col(PrescribedExercise.enrolment_id).in_(enrolment_ids))
        .order_by(col(PrescribedExercise.version).desc())
    )
    found: dict[tuple[str, str], Prescribed] = {}
    for row, writer in db.exec(wanted):
        exercise = programme.exercises.get(row.exercise_id)
        if exercise is not None and row.way in exercise.variants:
            own = found.setdefault((row.enrolment_id, row.exercise_id), Prescribed(exercise, []))
            own.versions.append((row, writer))
    return sorted(found.values(), key=lambda each: (each.versions[-1][0].at, each.exercise.id))


def prescribe(
    db: Db,
    *,
    enrolment: Enrolment,
    exercise_id: str,
    way: str,
    amount: str,
    actor: Actor,
    now: datetime,
    seen: int = 0,
) -> None:
    """Pick an exercise for somebody, or change how they do it. `seen` is the version that the page showed, 0 for none.
    The same again adds nothing. One that was stopped may be picked anew.

    Raises Invalid for an unknown exercise or way, no amount, or too many exercises; Conflict when somebody else changed
    it since.
    """
    authorise(actor, "exercise.prescribe", enrolment)
    programme = programme_of(db, db.get_one(Cohort, enrolment.cohort_id))
    rules.refuse_unknown(programme.exercises, exercise_id, way)
    kept = rules.amount_kept(amount)
    before = held(db, enrolment, exercise_id)
    if before is not None and (before.way, before.amount, before.stopped) == (way, kept, False):
        return
    if before is not None and not before.stopped and before.version != seen:
        raise Conflict(MEANWHILE)
    if before is None or before.stopped:
        given = every_one(db, programme, [enrolment.id])
        rules.refuse_more(sum(not each.newest.stopped for each in given))
    row = PrescribedExercise(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        exercise_id=exercise_id,
        version=before.version + 1 if before else 1,
        way=way,
        amount=kept,
        by=actor.id,
        at=now,
    )
    add(db, row, action="exercise_prescribed", actor=actor)


def stop(db: Db, *, enrolment: Enrolment, exercise_id: str, actor: Actor, now: datetime) -> None:
    """It is not for them any more. The same again adds nothing. Raises NotFound where it was never picked."""
    authorise(actor, "exercise.prescribe", enrolment)
    before = held(db, enrolment, exercise_id)
    if before is None:
        raise NotFound(NOT_GIVEN)
    if before.stopped:
        return
    same = before.model_dump(exclude={"id", "version", "stopped", "by", "at"})
    row = PrescribedExercise(**same, version=before.version + 1, stopped=True, by=actor.id, at=now)
    add(db, row, action="exercise_stopped", actor=actor)


def held(db: Db, enrolment: Enrolment, exercise_id: str) -> PrescribedExercise | None:
    """The newest version, nobody else's turn until the transaction ends."""
    one_at_a_time(db, f"prescribed:{enrolment.id}")
    every = select(PrescribedExercise).where(
        PrescribedExercise.enrolment_id == enrolment.id, PrescribedExercise.exercise_id == exercise_id
    )
    return db.exec(every.order_by(col(PrescribedExercise.version).desc()).limit(1)).first()


def add(db: Db, row: PrescribedExercise, *, action: str, actor: Actor) -> None:
    db.add(row)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action=action,
        subject_type="enrolment",
        subject_id=row.enrolment_id,
        now=row.at,
        exercise=row.exercise_id,
    )
