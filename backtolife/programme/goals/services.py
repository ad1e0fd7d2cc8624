"""Goals: written down by staff, put into better words by the patient or by staff, every version kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.clock import in_zone
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.goals import rules
from backtolife.programme.goals.models import Goal, GoalWords

NO_GOAL = "We could not find that goal. Open the page again."
MEANWHILE = (
    "Somebody changed these words while you wrote. They are shown as they are now. Change them again if you like."
)


@dataclass(frozen=True)
class OwnGoal:
    """One goal with every version of its words and who wrote it, the newest first."""

    goal: Goal
    versions: list[tuple[GoalWords, Person]]

    @property
    def newest(self) -> GoalWords:
        return self.versions[0][0]

    @property
    def words(self) -> str:
        return self.newest.text


def goals_of(db: Db, enrolment_ids: Collection[str]) -> dict[str, list[OwnGoal]]:
    """The goals of each of these places, the first one first; a place without any is not named. One statement."""
    wanted = (
        select(Goal, GoalWords, Person)
        .join(GoalWords, col(GoalWords.goal_id) == col(Goal.id))
        .join(Person, col(Person.id) == col(GoalWords.by))
        .where(col(Goal.enrolment_id).in_(enrolment_ids))
        .order_by(col(Goal.at), col(Goal.id), col(GoalWords.version).desc())
    )
    found: dict[str, dict[str, OwnGoal]] = {}
    for goal, words, writer in db.exec(wanted):
        own = found.setdefault(goal.enrolment_id, {}).setdefault(goal.id, OwnGoal(goal, []))
        own.versions.append((words, writer))
    return {place: list(goals.values()) for place, goals in found.items()}


def set_goal(
    db: Db, *, enrolment: Enrolment, words: str, actor: Actor, now: datetime, look_back_on: date | None = None
) -> Goal:
    """Write down what a patient wants to do more of. The same words again add nothing.

    Raises Invalid for no words, too many words or goals, and a day to look back that is over.
    """
    authorise(actor, "goal.set", enrolment)
    kept = rules.words_kept(words)
    cohort = db.get_one(Cohort, enrolment.cohort_id)
    rules.refuse_past(look_back_on, in_zone(now, cohort.zone).date())
    one_at_a_time(db, f"goals:{enrolment.id}")
    known = goals_of(db, [enrolment.id]).get(enrolment.id, [])
    same = next((own.goal for own in known if own.words == kept and own.goal.look_back_on == look_back_on), None)
    if same is not None:
        return same
    rules.refuse_more(len(known))
    goal = Goal(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        session_number=rules.session_at([each.starts_at for each in dates_of(db, cohort.id)], now),
        look_back_on=look_back_on,
        at=now,
        by=actor.id,
    )
    db.add(goal)
    db.flush()
    add_words(db, goal, version=1, text=kept, actor=actor, now=now)
    audit.record(db, actor=actor, action="goal_set", subject_type="goal", subject_id=goal.id, now=now)
    return goal


def reword(db: Db, *, goal: Goal, words: str, seen: int, actor: Actor, now: datetime) -> None:
    """Put a goal into other words. `seen` is the version that the page showed. The same words again add nothing.

    Raises Conflict when somebody else has changed them since, Invalid for no words or too many.
    """
    authorise(actor, "goal.reword", db.get_one(Enrolment, goal.enrolment_id))
    kept = rules.words_kept(words)
    one_at_a_time(db, f"goals:{goal.enrolment_id}")
    every = select(GoalWords).where(GoalWords.goal_id == goal.id).order_by(col(GoalWords.version).desc())
    newest = db.exec(every.limit(1)).one()
    if newest.text == kept:
        return
    if newest.version != seen:
        raise Conflict(MEANWHILE)
    add_words(db, goal, version=seen + 1, text=kept, actor=actor, now=now)
    audit.record(
        db,
        actor=actor,
        action="goal_reworded",
        subject_type="goal",
        subject_id=goal.id,
        now=now,
        version=seen + 1,
    )


def add_words(db: Db, goal: Goal, *, version: int, text: str, actor: Actor, now: datetime) -> None:
    db.add(GoalWords(service_id=goal.service_id, goal_id=goal.id, version=version, text=text, by=actor.id, at=now))
    db.flush()


def find_goal(db: Db, *, actor: Actor, goal_id: str, action: str) -> tuple[Goal, Enrolment]:
    """A goal with its place, when the actor may do `action` with it. Raises NotFound otherwise."""
    found = db.get(Goal, goal_id)
    if found is None:
        raise NotFound(NO_GOAL)
    enrolment = db.get_one(Enrolment, found.enrolment_id)
    authorise(actor, action, enrolment)
    return found, enrolment
